"""Native charts of a document: their series are columns, or rows, of its tables."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from typing import Any, Final

from xlsxwriter.utility import quote_sheetname, xl_range_abs

from cssopt.document.document import Chart, ChartKind, Table
from cssopt.render.axis import Axis, find_step
from cssopt.render.drawing import BAD, NOTHING_TO_DRAW, Drawing, Series
from cssopt.render.number_text import SHARES
from cssopt.render.screen import printable
from cssopt.render.xlsx.styles import INK, RED, RULE, SERIES
from cssopt.render.xlsx.tables import Placed

_FONT: Final = {"name": "Calibri", "size": 9, "color": INK, "bold": False}
"""Of the words in a chart."""
_LINE: Final = {"color": RULE}
_NUMBERS: Final = {
    "num_font": _FONT,
    "name_font": _FONT,
    "line": {"none": True},
    "major_gridlines": {"visible": True, "line": {"color": RULE, "width": 0.5}},
}
"""Of an axis of numbers: no line, pale lines of the grid."""
_NAMES: Final = {"num_font": _FONT, "name_font": _FONT, "line": _LINE, "label_position": "low"}
"""Of an axis of names, which stand at its end, not where bars below 0 begin."""

_TYPES: Final[dict[ChartKind, dict[str, str]]] = {
    "bars": {"type": "bar"},
    "stacked": {"type": "bar", "subtype": "stacked"},
    "parts": {"type": "bar", "subtype": "percent_stacked"},
    "columns": {"type": "column"},
    "stacked_columns": {"type": "column", "subtype": "stacked"},
    "curves": {"type": "line"},
    "dots": {"type": "line"},
    "points": {"type": "scatter", "subtype": "straight_with_markers"},
}
IN_PLACE: Final[dict[ChartKind, ChartKind]] = {
    **{"waterfall": "bars", "ranges": "bars", "dumbbell": "bars", "tornado": "bars"},
    "panels": "columns",
}
"""What is drawn in place of kinds that spreadsheets lack."""
_LYING: Final = ("bars", "stacked", "parts")
_MARKERS: Final = ("circle", "diamond", "square", "triangle")
_MOST_LABELED: Final = {"bars": 60, "columns": 12}
"""Numbers up to which each bears its label: beside a lying bar there is more room."""
_MOST_MARKED: Final = 40
"""Points up to which each of a line has its mark."""
_MOST_NAMED: Final = 40
"""Bars up to which each has its name."""
_HIGH, _HIGH_POINTS = 14, 18
"""Rows of cells that a chart is high, and one of points."""
_LEAST_BARS, _MOST_BARS = 10, 36
"""Those of lying bars, at least and at most."""
_NO_NUMBERS: Final = "some of its cells are no numbers"


class NativeChart:
    """A chart of the columns of a table that stands, or will stand, in a sheet.

    Bars and columns begin at 0. A limit is told in the title: a native chart could only draw it
    from cells that say nothing else.

    Attributes
    ----------
    asked: its kind in the document. told: what is said above it: what it leaves out, and why.
    rows: of cells that it is high; 0 where there is nothing to draw.
    """

    def __init__(self, chart: Chart, table: Table) -> None:
        self.asked = chart.kind
        chart = replace(chart, kind=IN_PLACE.get(chart.kind, chart.kind))
        self.chart, self.table = chart, table
        self.drawing = Drawing.of(chart, table)
        self._undrawn = frozenset(self._find_undrawn())
        series = self.drawing.series
        names = ", ".join(series[i].name for i in sorted(self._undrawn))
        self.told: list[str] = []
        if not table.rows:
            self.told.append(f"{chart.title}: {NOTHING_TO_DRAW}")
        elif self._undrawn:
            why = "no row of it has both numbers" if self.drawing.across else _NO_NUMBERS
            self.told.append(f"Not drawn, for {why}: {names}.")
        is_drawn = table.rows and len(self._undrawn) < len(series)
        self.rows = self._find_height() if is_drawn else 0

    def finds_room(self, placed: Placed) -> bool:
        """True where all of its columns stand in the sheet."""
        return placed.columns.keys() >= {self.chart.by, *self.chart.series}

    def build(self, book: Any, placed: Placed) -> Any:
        """The chart, in a book where its table stands."""
        kind = self.drawing.kind
        self._cells = ChartCells(placed)
        native = book.add_chart(dict(_TYPES[kind]))
        every = self._points() if kind == "points" else self._series()
        count, unnamed = 0, []
        for series, is_named in every:
            native.add_series(series)
            unnamed += [] if is_named else [count]
            count += 1
        self._set_axes(native)
        if kind == "dots":
            native.set_high_low_lines({"line": _LINE})
        self._set_words(native, has_legend=count - len(unnamed) > 1, unnamed=unnamed)
        return native

    def _find_undrawn(self) -> Iterator[int]:
        """Series without a point, and those that would be drawn wrongly: a native chart takes a
        text in a line for 0.

        A bar of it has no length and bears the text, as it should.
        """
        drawing = self.drawing
        for place, series in enumerate(drawing.series):
            cells = zip(series.numbers, series.labels, strict=True)
            if drawing.kind in ("curves", "dots"):
                is_drawn = not any(number is None and label for number, label in cells)
            else:
                is_drawn = drawing.kind != "points" or any(_find_runs(drawing.across, series))
            if not is_drawn:
                yield place

    def _find_height(self) -> int:
        """Lying bars grow with what they show."""
        drawing = self.drawing
        if drawing.kind not in _LYING:
            return _HIGH_POINTS if drawing.kind == "points" else _HIGH
        each = len(drawing.series) if drawing.kind == "bars" else 1
        legend = len(drawing.series) // 4
        wanted = 5 + len(drawing.names) * (each + 1) // 2 + legend
        return min(_MOST_BARS, max(_LEAST_BARS, wanted))

    def _series(self) -> Iterator[tuple[dict[str, Any], bool]]:
        """Each series over the names, and that the legend names it."""
        chart, cells = self.chart, self._cells
        for position, series in enumerate(self.drawing.series):
            if position in self._undrawn:
                continue
            if chart.rows_are_series:
                found = {
                    "name": cells.one(position, chart.by),
                    "categories": cells.across(-1, chart.series),
                    "values": cells.across(position, chart.series),
                }
            else:
                name = chart.series[position]
                found = {
                    "name": cells.one(-1, name),
                    "categories": cells.down(chart.by),
                    "values": cells.down(name),
                }
            yield found | self._paint(position, series), True

    def _paint(self, position: int, series: Series) -> dict[str, Any]:
        kind, is_bad = self.drawing.kind, series.color == BAD != position
        color = {"color": RED if is_bad else SERIES[position % len(SERIES)]}
        if kind in ("curves", "dots"):
            sign = _MARKERS[position % len(_MARKERS)] if kind == "dots" else "circle"
            size = 7 if kind == "dots" else 4
            return {
                "marker": {"type": sign, "size": size, "fill": color, "border": color},
                "line": {"none": True} if kind == "dots" else {**color, "width": 1.75},
            }
        found: dict[str, Any] = {"fill": color, "gap": 50}
        count = len(self.drawing.names) * len(self.drawing.series)
        if count <= _MOST_LABELED.get(kind, 0):
            found["data_labels"] = {"value": True, "font": _FONT}
            if None in series.numbers:
                found["data_labels"]["custom"] = _find_labels(series)
        return found

    def _points(self) -> Iterator[tuple[dict[str, Any], bool]]:
        """Points, and those that stand out; whether the legend names a series.

        A series ends where a row has no place on one of the axes: a native chart would count the
        rows in place of its numbers, or take a text for 0.
        """
        chart, cells, along = self.chart, self._cells, self.drawing.across
        for position, series in enumerate(self.drawing.series):
            if position in self._undrawn:
                continue
            name, color = chart.series[position], {"color": SERIES[position % len(SERIES)]}
            line: dict[str, Any] = {**color, "width": 1.75} if chart.is_joined else {"none": True}
            is_marked = not chart.is_joined or len(along) <= _MOST_MARKED
            marker = {"type": "circle", "size": 5, "fill": color, "border": color}
            for part, rows in enumerate(_find_runs(along, series)):
                yield (
                    {
                        "name": cells.one(-1, name),
                        "categories": cells.down(chart.by, *rows),
                        "values": cells.down(name, *rows),
                        "line": line,
                        "marker": marker if is_marked or rows[0] == rows[1] else {"type": "none"},
                    },
                    part == 0,
                )
            red = {"fill": {"color": RED}, "border": {"color": RED}}
            for row, label in chart.picked.items():
                if along[row] is not None and series.numbers[row] is not None:
                    found = {
                        "name": escape_name(label or chart.title),
                        "categories": cells.down(chart.by, row, row),
                        "values": cells.down(name, row, row),
                        "line": {"none": True},
                        "marker": {"type": "diamond", "size": 9, **red},
                    }
                    if label:
                        custom = [{"value": escape_name(label), "font": _FONT}]
                        found["data_labels"] = {
                            "value": True, "position": "right", "custom": custom
                        }  # fmt: skip
                    yield found, False

    def _set_axes(self, native: Any) -> None:
        drawing = self.drawing
        if drawing.across_axis is not None:
            native.set_x_axis({**_set_ends(drawing.across_axis), "label_position": "low"})
            native.set_y_axis({**_set_ends(drawing.axis), "label_position": "low"})
            return
        axis = {"num_format": _find_axis_form(drawing), **_NUMBERS}
        if drawing.least == 0:
            axis["min"] = 0
        elif drawing.most == 0:
            axis["max"] = 0
        if drawing.kind == "parts":
            axis["max"] = 1
        by = self.table.columns[self.table.place(self.chart.by)]
        is_counted = not self.chart.rows_are_series and by.form in ("count", "number")
        names = {**_NAMES, "name": escape_name(by.heading)} if is_counted else _NAMES
        if drawing.kind in _LYING:
            # A reversed axis of names carries the other one to the top, and its labels back down.
            native.set_x_axis({**axis, "label_position": "high"})
            every = {"interval_unit": 1} if len(drawing.names) <= _MOST_NAMED else {}
            native.set_y_axis({"reverse": True, **names, **every})
        else:
            native.set_y_axis(axis)
            native.set_x_axis(dict(names))

    def _set_words(self, native: Any, *, has_legend: bool, unnamed: Sequence[int]) -> None:
        drawing = self.drawing
        told = [f"{label}: {drawing.write(number)}" for label, number in drawing.lines]
        title = escape_name("; ".join([drawing.title, *told]))
        native.set_title({"name": title, "name_font": {**_FONT, "size": 11, "bold": True}})
        legend = {"position": "bottom", "font": _FONT, "delete_series": list(unnamed)}
        native.set_legend(legend if has_legend else {"none": True})
        native.set_chartarea({"border": {"none": True}})


class ChartCells:
    """Cells of a table as the series of a chart name them; the row -1 is that of the headings."""

    def __init__(self, placed: Placed) -> None:
        self._placed = placed

    def one(self, row: int, column: str) -> str:
        """A single cell."""
        return self._join([(row, row, column, column)])

    def down(self, column: str, first: int = 0, last: int | None = None) -> str:
        """Cells of a column, all or from one row to another."""
        end = self._placed.last - self._placed.first if last is None else last
        if self._placed.rows:
            ends = range(first, len(self._placed.rows) - 1 if last is None else last + 1)
            return self._join([(row, row, column, column) for row in ends])
        return self._join([(first, end, column, column)])

    def across(self, row: int, columns: Sequence[str]) -> str:
        """Cells of a row under these columns, in their order."""
        places = [self._placed.columns[name] for name in columns]
        if all(right == left + 1 for left, right in pairwise(places)):
            return self._join([(row, row, columns[0], columns[-1])])
        return self._join([(row, row, name, name) for name in columns])

    def _join(self, parts: Sequence[tuple[int, int, str, str]]) -> str:
        placed = self._placed
        sheet = quote_sheetname(placed.sheet)
        ranges = [
            f"{sheet}!" + xl_range_abs(
                placed.row(top), placed.columns[left], placed.row(bottom),
                placed.columns[right],
            )
            for top, bottom, left, right in parts
        ]  # fmt: skip
        return f"={ranges[0]}" if len(ranges) == 1 else f"=({','.join(ranges)})"


def _find_runs(along: Sequence[float | None], series: Series) -> Iterator[tuple[int, int]]:
    """First and last row of each stretch of rows that a native chart draws rightly."""
    cells = zip(along, series.numbers, series.labels, strict=True)
    fits = [x is not None and (y is not None or not label) for x, y, label in cells]
    for is_fit, rows in groupby(range(len(fits)), lambda row: fits[row]):
        run = list(rows)
        if is_fit and any(series.numbers[row] is not None for row in run):
            yield run[0], run[-1]


def _find_labels(series: Series) -> list[dict[str, Any] | None]:
    """Labels of bars: that of a number is its own, else the text that stands in place of one."""
    return [
        None if number is not None else {"value": escape_name(label)} if label else {"delete": True}
        for number, label in zip(series.numbers, series.labels, strict=True)
    ]


def _set_ends(axis: Axis) -> dict[str, Any]:
    """An axis from a round number to a round number."""
    step = find_step(axis.least, axis.most, axis.form)
    return {
        "name": escape_name(axis.title),
        "min": math.floor(axis.least / step + 1e-9) * step,
        "max": math.ceil(axis.most / step - 1e-9) * step,
        "major_unit": step,
        "num_format": "0" if axis.form in ("year", "day") else _format(axis.form, step),
        **_NUMBERS,
    }


def _find_axis_form(drawing: Drawing) -> str:
    """A number format with the decimals that round numbers on the axis need."""
    if drawing.kind == "parts":
        return "0%"
    return _format(drawing.form, find_step(drawing.least, drawing.most, drawing.form))


def _format(form: str, step: float) -> str:
    size = 100 * step if form in SHARES else step
    places = next((p for p in range(7) if abs(size * 10**p - round(size * 10**p)) < 1e-6), 6)
    digits = "#,##0" + ("." + "0" * places if places else "")
    return f"{digits}%" if form in SHARES else "0.0E+00" if form == "tiny" else digits


def escape_name(text: str) -> str:
    """A text of planners that XlsxWriter takes for no reference to cells."""
    text = printable(text).replace("!", "! ")
    return f" {text}" if text.startswith("=") else text
