"""A chart of a document with its numbers, and how it can honestly be drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from cssopt.document.document import Chart, ChartKind, Form, Table
from cssopt.render.number_text import find_number, find_places, write_cell, write_number

NOTHING_TO_DRAW = "Nothing is drawn: the table has no rows."
"""What stands in place of a chart of an empty table."""


@dataclass(frozen=True)
class Series:
    """One row of numbers: a number and its text for each name; None where there is none."""

    name: str
    numbers: tuple[float | None, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Drawing:
    """What is drawn.

    Attributes
    ----------
    kind: as asked, but ``bars`` in place of ``stacked`` where a number is below 0: a part below
        nothing cannot be stacked.
    names: of the bars, or the years of lines. lines: numbers at which thin lines stand, by label.
    least, most: ends of the axis, which always holds 0. form, places: how its numbers are written.
    """

    kind: ChartKind
    title: str
    names: tuple[str, ...]
    series: tuple[Series, ...]
    lines: tuple[tuple[str, float], ...]
    least: float
    most: float
    form: Form
    places: int

    @classmethod
    def of(cls, chart: Chart, table: Table) -> Drawing:
        """The drawing of a chart of a table; ValueError where the table lacks a column of it."""
        series = tuple(_series(table, name) for name in chart.series)
        columns = [table.columns[table.place(name)] for name in chart.series]
        values = [value for name in chart.series for value in table.column(name)]
        by = table.columns[table.place(chart.by)]
        by_places = find_places(by, table.column(chart.by))
        numbers = [number for one in series for number in one.numbers if number is not None]
        is_stacked = chart.kind == "stacked" and min(numbers, default=0.0) >= 0
        # A limit without end stands nowhere on an axis.
        lines = [(label, at) for label, at in chart.line_at.items() if math.isfinite(at)]
        ends = [0.0, *(at for _, at in lines), *(_stack(series) if is_stacked else numbers)]
        return cls(
            kind="bars" if chart.kind == "stacked" and not is_stacked else chart.kind,
            title=chart.title,
            names=tuple(write_cell(v, by.form, by_places) for v in table.column(chart.by)),
            series=series,
            lines=tuple(lines),
            least=min(ends),
            most=max(ends) if max(ends) > min(ends) else min(ends) + 1.0,
            form=columns[0].form,
            places=find_places(columns[0], values),
        )

    def write(self, number: float) -> str:
        """A number on the axis."""
        return write_number(number, self.form, self.places)


def _series(table: Table, name: str) -> Series:
    column, values = table.columns[table.place(name)], table.column(name)
    places = find_places(column, values)
    return Series(
        column.heading,
        tuple(find_number(value, column.form) for value in values),
        tuple(write_cell(value, column.form, places) for value in values),
    )


def _stack(series: Sequence[Series]) -> list[float]:
    """How long the stack of each name is."""
    rows = zip(*(one.numbers for one in series), strict=True)
    return [math.fsum(number or 0.0 for number in row) for row in rows]
