"""A chart of a document with its numbers, and how it can honestly be drawn."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal

from cssopt.document.document import Chart, ChartKind, Column, Form, Mark, Table
from cssopt.render.axis import Axis
from cssopt.render.number_text import find_number, find_places, write_cell, write_number

NOTHING_TO_DRAW = "Nothing is drawn: the table has no rows."
"""What stands in place of a chart of an empty table."""

UNSTACKED: Final[dict[ChartKind, ChartKind]] = {
    "stacked": "bars",
    "parts": "bars",
    "stacked_columns": "columns",
}
"""What is drawn in place of parts one behind another where a number is below 0."""

_MOST_COLUMNS: Final = 60
"""Columns side by side, in place of stacked ones, that can be told apart; of more, curves can."""


BAD: Final = 7
"""The place of red among the colors of series."""

Look = Literal["plain", "page", "beside", "low"]
"""``page``: on a page for deciders, with all labels at the marks; ``beside``: there beside
something else; ``low``: on the decision page, where there is little room for its height."""


@dataclass(frozen=True)
class Series:
    """One row of numbers: a number and its text for each name; None where there is none.

    The number of a part of ``parts`` is its share of the whole; its text is that of the table.
    `color` is the place of its color among those of series; `marks` are those of its cells.
    """

    name: str
    numbers: tuple[float | None, ...]
    labels: tuple[str, ...]
    color: int = 0
    marks: tuple[Mark | None, ...] = ()


@dataclass(frozen=True)
class Drawing:
    """What is drawn.

    Attributes
    ----------
    kind: as asked, but ``bars`` in place of ``stacked`` where a number is below 0 (`UNSTACKED`): a
        part below nothing cannot be stacked. Curves where columns would be too many.
    names: of the bars, or the years of lines. by: what they are, where a column says so.
    lines: numbers at which thin lines stand, by label.
    axis: of the numbers; it always holds 0, but for ``points``. places: decimals of numbers on it.
    across: of ``points``: numbers along the lower axis, in the order of names. across_axis: that.
    is_joined, picked: of ``points``, as asked. totals: of ``waterfall``, as asked.
    groups: of ``dumbbell``: what stands before its names in the table, where they are no names
        without it. look: where it is drawn.
    """

    kind: ChartKind
    title: str
    names: tuple[str, ...]
    series: tuple[Series, ...]
    lines: tuple[tuple[str, float], ...]
    axis: Axis
    places: int
    across: tuple[float | None, ...] = ()
    across_axis: Axis | None = None
    by: str = ""
    is_joined: bool = False
    picked: Mapping[int, str] = field(default_factory=dict)
    totals: tuple[int, ...] = ()
    groups: tuple[str, ...] = ()
    look: Look = "plain"

    @classmethod
    def of(cls, chart: Chart, table: Table, look: Look = "plain") -> Drawing:
        """The drawing of a chart of a table; ValueError where the table lacks a column of it."""
        table = _without_total(chart, table)
        columns = [table.columns[table.place(name)] for name in chart.series]
        names, found = _read_rows(chart, table, columns)
        red = [] if chart.rows_are_series else [chart.series.index(name) for name in chart.bad]
        series = tuple(
            replace(one, color=BAD if place in red else place) for place, one in enumerate(found)
        )
        numbers = [number for one in series for number in one.numbers if number is not None]
        # A limit without end stands nowhere on an axis.
        lines = [(label, at) for label, at in chart.line_at.items() if math.isfinite(at)]
        stands = [at for _, at in lines]
        kind = chart.kind
        if kind in UNSTACKED and min(numbers, default=0.0) < 0:
            kind = UNSTACKED[kind]
            if kind == "columns" and len(names) * len(series) > _MOST_COLUMNS:
                kind = "curves"
        values = [value for name in chart.series for value in table.column(name)]
        drawing = cls(
            kind=kind,
            title=chart.title,
            names=names,
            series=series,
            lines=tuple(lines),
            axis=Axis.from_zero(
                [*stands, *_find_ends(kind, series, chart.totals)],
                columns[0].form,
                _name_axis(columns),
            ),
            places=find_places(columns[0], values),
            by="" if chart.rows_are_series else table.columns[table.place(chart.by)].heading,
            totals=chart.totals,
            groups=_find_groups(chart, table),
            look=look,
        )
        if kind == "parts":
            return drawing._in_parts()
        if kind == "points":
            return drawing._on_two_axes(chart, table)
        return drawing

    def _in_parts(self) -> Drawing:
        """Numbers as shares of the whole of their row; a row whose whole is 0 has none."""
        wholes = [whole or math.inf for whole in _stack(self.series)]
        parted = [
            replace(one, numbers=tuple(
                None if number is None else number / whole
                for number, whole in zip(one.numbers, wholes, strict=True)
            ))
            for one in self.series
        ]  # fmt: skip
        return replace(self, series=tuple(parted), lines=(), axis=Axis(0.0, 1.0, "share"))

    def _on_two_axes(self, chart: Chart, table: Table) -> Drawing:
        """With the numbers along the lower axis; what lacks one on either axis is not drawn."""
        by = table.columns[table.place(chart.by)]
        across = tuple(find_number(value, by.form) for value in table.column(chart.by))
        found = [
            number
            for one in self.series
            for x, number in zip(across, one.numbers, strict=True)
            if x is not None and number is not None
        ]
        return replace(
            self,
            axis=Axis.around([*found, *(at for _, at in self.lines)], self.form, self.axis.title),
            across=across,
            across_axis=Axis.around(
                [x for x in across if x is not None], by.form, _name_axis([by])
            ),
            is_joined=chart.is_joined,
            picked=chart.picked,
        )

    @property
    def least(self) -> float:
        """The lower end of the axis of its numbers."""
        return self.axis.least

    @property
    def most(self) -> float:
        """The upper end of the axis of its numbers."""
        return self.axis.most

    @property
    def form(self) -> Form:
        """How the numbers on its axis are written."""
        return self.axis.form

    @property
    def is_ordered(self) -> bool:
        """True where the names are numbers, such as years, of which some stand for all."""
        return all(name.replace(",", "").isdigit() for name in self.names)

    def write(self, number: float) -> str:
        """A number on the axis."""
        return write_number(number, self.form, self.places)


def _without_total(chart: Chart, table: Table) -> Table:
    """The table without its last row where that is about all others, but no end of a waterfall."""
    last = len(table.rows) - 1
    is_drawn = not table.last_is_total or last in chart.totals
    return table if is_drawn else replace(table, rows=table.rows[:last], last_is_total=False)


def _find_groups(chart: Chart, table: Table) -> tuple[str, ...]:
    """What the first column says of each row, where the names of the bars stand behind it."""
    if chart.kind != "dumbbell" or table.place(chart.by) == 0:
        return ()
    first = table.columns[0]
    return tuple(write_cell(value, first.form, 0) for value in table.column(first.name))


def find_steps(
    numbers: Sequence[float | None], totals: Sequence[int]
) -> tuple[tuple[float, float], ...]:
    """Where each bar of a waterfall begins and ends."""
    steps, level = [], 0.0
    for row, number in enumerate(numbers):
        begin = 0.0 if row in totals else level
        level = begin + (number or 0.0)
        steps.append((begin, level))
    return tuple(steps)


def _find_ends(kind: ChartKind, series: Sequence[Series], totals: Sequence[int]) -> list[float]:
    """Numbers that the axis of a drawing holds."""
    if kind in UNSTACKED:
        return _stack(series)
    if kind == "waterfall":
        return [end for step in find_steps(series[0].numbers, totals) for end in step]
    return [number for one in series for number in one.numbers if number is not None]


def _read_rows(
    chart: Chart, table: Table, columns: Sequence[Column]
) -> tuple[tuple[str, ...], tuple[Series, ...]]:
    """Names of the places, and the series over them: columns of the table, or its rows."""
    by = table.columns[table.place(chart.by)]
    by_places = find_places(by, table.column(chart.by))
    names = tuple(write_cell(v, by.form, by_places) for v in table.column(chart.by))
    series = tuple(_series(table, column) for column in columns)
    if not chart.rows_are_series:
        return names, series
    return tuple(one.name for one in series), tuple(
        Series(
            name,
            tuple(s.numbers[row] for s in series),
            tuple(s.labels[row] for s in series),
            marks=tuple(s.marks[row] for s in series),
        )
        for row, name in enumerate(names)
    )


def _name_axis(columns: Sequence[Column]) -> str:
    """What an axis counts: the name of one column, and the measure that all have."""
    names = [columns[0].heading] if len(columns) == 1 else []
    measures = {column.measure for column in columns}
    return ", ".join(part for part in (*names, *measures) if part and len(measures) == 1)


def _series(table: Table, column: Column) -> Series:
    values = table.column(column.name)
    places = find_places(column, values)
    return Series(
        column.heading,
        tuple(find_number(value, column.form) for value in values),
        tuple(write_cell(value, column.form, places) for value in values),
        marks=tuple(table.marks.get((row, column.name)) for row in range(len(values))),
    )


def _stack(series: Sequence[Series]) -> list[float]:
    """How long the stack of each name is."""
    rows = zip(*(one.numbers for one in series), strict=True)
    return [math.fsum(number or 0.0 for number in row) for row in rows]
