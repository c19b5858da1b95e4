"""A chart of a document with its numbers, and how it can honestly be drawn."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from cssopt.document.document import Chart, ChartKind, Column, Form, Table
from cssopt.render.number_text import find_number, find_places, write_cell, write_number

NOTHING_TO_DRAW = "Nothing is drawn: the table has no rows."
"""What stands in place of a chart of an empty table."""


_GROUPED: Final[dict[ChartKind, ChartKind]] = {
    "stacked": "bars",
    "parts": "bars",
    "stacked_columns": "columns",
}
"""What is drawn in place of a stack with a part below nothing, which cannot be stacked."""

_SAME: Final = 1e-6
"""A figure that varies by less than this, relative to its size, is the same everywhere."""


@dataclass(frozen=True)
class Series:
    """One row of numbers: a number and its text for each name; None where there is none."""

    name: str
    numbers: tuple[float | None, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Axis:
    """An axis of numbers: its ends, what stands beside it, and how its numbers are written."""

    least: float
    most: float
    title: str
    form: Form
    places: int

    @classmethod
    def along(cls, columns: Sequence[Column], values: Sequence[object]) -> Axis:
        """The axis of points in these columns: from the least to the greatest of their values."""
        first = columns[0]
        title = first.heading if len(columns) == 1 else ""
        parts = [part for part in (title, first.measure) if part]
        numbers = [n for value in values if (n := find_number(value, first.form)) is not None]
        places = find_places(first, values)
        return cls(*find_ends(numbers), ", ".join(parts), first.form, places)


def find_ends(numbers: Iterable[float]) -> tuple[float, float]:
    """The least and the greatest of numbers, never at one place.

    Of a figure that is the same everywhere the ends are a tenth away from it: its rounding,
    stretched over the axis, would look as if it jumped.
    """
    every = tuple(numbers)
    least, most = min(every, default=0.0), max(every, default=0.0)
    size = max(abs(least), abs(most))
    if size <= _SAME:
        return 0.0, 1.0
    if most - least >= _SAME * size:
        return least, most
    middle = (least + most) / 2
    return middle - abs(middle) / 10, middle + abs(middle) / 10


def find_step(least: float, most: float, count: int = 5) -> float:
    """A round number by which an axis is parted, about so many times."""
    raw = (most - least) / count
    power = 10.0 ** math.floor(math.log10(raw))
    return next(power * size for size in (1, 2, 2.5, 5, 10) if power * size >= raw * (1 - 1e-9))


@dataclass(frozen=True)
class Drawing:
    """What is drawn.

    Attributes
    ----------
    kind: as asked, but ``bars`` in place of ``stacked`` and ``parts``, and ``columns`` of
        ``stacked_columns``, where a number is below 0.
    names: of the bars, or the years of lines. lines: numbers at which thin lines stand, by label.
    least, most: ends of the axis, which holds 0 but for ``points``; of ``parts`` 0 and 1.
    form, places: how its numbers are written.
    lower: the axis along which ``points`` stand; of others None. along: their places on it.
    upright: the standing axis of ``points``.
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
    along: tuple[float | None, ...] = ()
    lower: Axis | None = None
    upright: Axis | None = None

    @classmethod
    def of(cls, chart: Chart, table: Table) -> Drawing:
        """The drawing of a chart of a table; ValueError where the table lacks a column of it."""
        columns = [table.columns[table.place(name)] for name in chart.series]
        values = [value for name in chart.series for value in table.column(name)]
        by = table.columns[table.place(chart.by)]
        by_values = table.column(chart.by)
        by_places = find_places(by, by_values)
        names = tuple(write_cell(value, by.form, by_places) for value in by_values)
        series = tuple(_series(table, name) for name in chart.series)
        if chart.rows_are_series:
            names, series = _turn(names, series)
        numbers = [number for one in series for number in one.numbers if number is not None]
        kind = chart.kind
        if min(numbers, default=0.0) < 0:
            kind = _GROUPED.get(kind, kind)
        # A limit without end stands nowhere on an axis.
        lines = [(label, at) for label, at in chart.line_at.items() if math.isfinite(at)]
        limits = [at for _, at in lines]
        is_of_points = kind == "points"
        if is_of_points:
            ends = find_ends([*numbers, *limits])
        elif kind == "parts":
            ends = 0.0, 1.0
        else:
            ends = _hold_zero([*limits, *(_stack(series) if kind in _GROUPED else numbers)])
        return cls(
            kind=kind,
            title=chart.title,
            names=names,
            series=series,
            lines=tuple(lines),
            least=ends[0],
            most=ends[1],
            form=columns[0].form,
            places=find_places(columns[0], values),
            along=tuple(find_number(v, by.form) for v in by_values) if is_of_points else (),
            lower=Axis.along([by], by_values) if is_of_points else None,
            upright=Axis.along(columns, [*values, *limits]) if is_of_points else None,
        )

    def write(self, number: float) -> str:
        """A number on the axis."""
        return write_number(number, self.form, self.places)


def _hold_zero(numbers: Sequence[float]) -> tuple[float, float]:
    """The ends of an axis that holds 0."""
    least, most = min((0.0, *numbers)), max((0.0, *numbers))
    return least, most if most > least else least + 1.0


def _series(table: Table, name: str) -> Series:
    column, values = table.columns[table.place(name)], table.column(name)
    places = find_places(column, values)
    return Series(
        column.heading,
        tuple(find_number(value, column.form) for value in values),
        tuple(write_cell(value, column.form, places) for value in values),
    )


def _turn(
    names: tuple[str, ...], series: tuple[Series, ...]
) -> tuple[tuple[str, ...], tuple[Series, ...]]:
    """Rows as series, whose places are the columns."""
    rows = tuple(
        Series(
            name, tuple(one.numbers[i] for one in series), tuple(one.labels[i] for one in series)
        )
        for i, name in enumerate(names)
    )
    return tuple(one.name for one in series), rows


def _stack(series: Sequence[Series]) -> list[float]:
    """How long the stack of each name is."""
    rows = zip(*(one.numbers for one in series), strict=True)
    return [math.fsum(number or 0.0 for number in row) for row in rows]
