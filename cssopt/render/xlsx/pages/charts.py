"""Native charts of pages for deciders: few colors, numbers at the marks, bars from 0.

What a spreadsheet has no chart for is drawn as bars where that is honest: a waterfall as bars upon
invisible ones, from cells beside the page; before and after as two bars. Nothing is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from xlsxwriter.utility import quote_sheetname, xl_range_abs, xl_rowcol_to_cell

from cssopt.document.document import Chart, Mark, Table
from cssopt.render.drawing import UNSTACKED, Series
from cssopt.render.number_text import find_number, find_places, write_cell
from cssopt.render.palette import (
    BLUE,
    GREEN,
    GREY,
    INK,
    LINE,
    ORANGE,
    PALE_BLUE,
    PAPER,
    STACK,
    VERMILION,
)
from cssopt.render.xlsx.document_charts import ChartCells, NativeChart, escape_name
from cssopt.render.xlsx.pages.styles import FONT, SMALL, find_number_format
from cssopt.render.xlsx.pages.writer import Helper, Room
from cssopt.render.xlsx.tables import Placed

_WORDS: Final = {"name": FONT, "size": SMALL, "color": INK, "bold": False}
_COLUMNS_HIGH, _STACKS_HIGH, _POINTS_HIGH, _PANEL_HIGH = 130.0, 210.0, 230.0, 115.0
"""Pixels of charts of columns, of stacks or curves, of points, and of one panel."""
_LABEL_ROOM: Final = 1.2
"""Of the longest bar, the room of its axis with its label."""
_LEAST_LABELED: Final = 0.07
"""Part of the longest stack of a part that bears its number."""
_ON_DARK: Final = (BLUE, GREY, VERMILION)
"""Colors on which numbers are white."""
_BAR_HIGH, _BARS_LEAST, _BARS_MOST = 17.0, 70.0, 620.0
"""Pixels of a lying bar, and of all of them at least and at most."""
_ACROSS: Final = 3
"""Panels side by side."""
_MARK_COLORS: Final[dict[Mark, str]] = {
    "bad": VERMILION,
    "given_up": VERMILION,
    "more": ORANGE,
    "less": GREEN,
    "lent": GREEN,
    "good": GREEN,
    "ordered": BLUE,
}
"""Of a bar whose number bears a mark."""
_MOST_LABELED: Final = 60
_FREE_FORMS: Final = ("units", "more_units", "missing", "exact")
"""Of numbers that are written each in its way."""


def without_total(table: Table) -> Table:
    """The rows that charts draw: not one about all others."""
    return (
        replace(table, rows=table.rows[:-1], last_is_total=False) if table.last_is_total else table
    )


def find_height(chart: Chart, table: Table) -> float:
    """Pixels that a chart is high; 0 where there is nothing to draw."""
    rows = len(without_total(table).rows)
    if not rows:
        return 0.0
    if chart.kind == "panels":
        return _PANEL_HIGH * -(-rows // _ACROSS)
    if chart.kind == "points":
        return _POINTS_HIGH
    if chart.kind in ("stacked_columns", "curves"):
        return _STACKS_HIGH
    if chart.kind == "columns":
        return _COLUMNS_HIGH
    each = len(chart.series) if chart.kind in ("bars", "dumbbell") else 1
    wanted = 40 + _BAR_HIGH * rows * (each + 0.4)
    return min(_BARS_MOST, max(_BARS_LEAST, wanted))


class PageChart(NativeChart):
    """A chart in the look of pages: its title stands above it, in a cell."""

    def _paint(self, position: int, series: Series) -> dict[str, Any]:
        color = self._find_color(position)
        kind = self.drawing.kind
        if kind in ("curves", "dots"):
            return super()._paint(position, series) | {
                "marker": _mark(position, kind, color),
                "line": {"none": True} if kind == "dots" else {"color": color, "width": 1.75},
            }
        found: dict[str, Any] = {"fill": {"color": color}, "gap": 40}
        if self.asked == "tornado":
            found["overlap"] = 100
        if kind in UNSTACKED:
            found["data_labels"] = self._label_parts(series, color)
        elif self._has_labels:
            found["data_labels"] = {
                "value": True,
                "font": _WORDS,
                **self._find_label_form(series),
            }
        return found

    def _label_parts(self, series: Series, color: str) -> dict[str, Any]:
        """Numbers of the parts of stacks where they find room."""
        font = {**_WORDS, "color": PAPER if color in _ON_DARK else INK}
        least = _LEAST_LABELED * self.drawing.most
        custom = [
            {"value": escape_name(label), "font": font} if (number or 0.0) > least else _label("")
            for number, label in zip(series.numbers, series.labels, strict=True)
        ]
        return {"value": True, "font": font, "position": "center", "custom": custom}

    def _find_label_form(self, series: Series) -> dict[str, Any]:
        """How numbers stand at bars: by one format, or each as it is written."""
        form = self.drawing.form
        if form in _FREE_FORMS or None in series.numbers:
            return {"custom": [_label(label) for label in series.labels]}
        return {"num_format": find_number_format(1.0, form, self.drawing.places)}

    def _find_color(self, position: int) -> str:
        chart = self.chart
        if not chart.rows_are_series and chart.series[position] in chart.bad:
            return VERMILION
        return STACK[position % len(STACK)]

    @property
    def _has_labels(self) -> bool:
        return len(self.drawing.names) * len(self.drawing.series) <= _MOST_LABELED

    def _set_axes(self, native: Any) -> None:
        super()._set_axes(native)
        for axis in (native.x_axis, native.y_axis):
            for words in ("num_font", "name_font"):
                if axis.get(words):
                    axis[words] = {**axis[words], "name": FONT, "size": SMALL * 100}
        if self.drawing.kind in ("columns", "bars") and self._has_labels:
            numbers = native.x_axis if self.drawing.kind == "bars" else native.y_axis
            numbers["visible"] = False
            numbers["major_gridlines"] = None

    def _set_words(self, native: Any, *, has_legend: bool, unnamed: Sequence[int]) -> None:
        native.set_title({"none": True})
        legend = {"position": "top", "font": _WORDS, "delete_series": list(unnamed)}
        native.set_legend(legend if has_legend else {"none": True})
        native.set_chartarea({"border": {"none": True}})


def draw(book: Any, room: Room, table: Table, placed: Placed) -> None:
    """A chart in its room, its cells standing."""
    kept = without_total(table)
    if kept is not table:
        rows = placed.rows[:-1]
        placed = replace(placed, last=placed.row(len(kept.rows) - 1), rows=rows)
    if not placed.columns.keys() >= {room.chart.by, *room.chart.series}:
        return
    if room.chart.kind == "panels":
        charts = list(_draw_panels(book, room.chart, kept, placed))
    elif room.chart.kind in ("waterfall", "ranges") and _is_above_zero(room.chart, kept):
        charts = [_draw_upon(book, room, kept, placed)]
    else:
        native = PageChart(room.chart, kept)
        charts = [native.build(book, placed)] if native.rows else []
    _insert(room, charts)


def _insert(room: Room, charts: Sequence[Any]) -> None:
    across = min(_ACROSS, max(1, len(charts)))
    down = -(-len(charts) // across) or 1
    wide, high = room.width / across, room.height / down
    for place, chart in enumerate(charts):
        chart.set_size({"width": wide - 4, "height": high})
        options = {"x_offset": place % across * wide, "y_offset": place // across * high}
        room.page.sheet.insert_chart(room.row, room.column, chart, options)


def _draw_panels(book: Any, chart: Chart, table: Table, placed: Placed) -> Iterator[Any]:
    """A small chart of each row, all on one scale."""
    cells = ChartCells(placed)
    columns = [table.columns[table.place(name)] for name in chart.series]
    numbers = [
        number
        for column in columns
        for value in table.column(column.name)
        if (number := find_number(value, column.form)) is not None
    ]
    is_share = columns[0].form in ("percent", "fine_percent", "share")
    most = _LABEL_ROOM * max([*numbers, 1.0 if is_share else 0.0])
    for row, name in enumerate(table.column(chart.by)):
        native = book.add_chart({"type": "column"})
        labels = [
            write_cell(table.rows[row][table.place(one.name)], one.form, find_places(one, []))
            for one in columns
        ]
        native.add_series(
            {
                "categories": cells.across(-1, chart.series),
                "values": cells.across(row, chart.series),
                "fill": {"color": BLUE},
                "gap": 40,
                "data_labels": {
                    "value": True, "font": _WORDS, "custom": [_label(one) for one in labels]
                },
            }
        )  # fmt: skip
        _set_plain_axes(native, most, is_lying=False)
        title = escape_name(str(name))
        native.set_title({"name": title, "name_font": {**_WORDS, "bold": True}, "overlay": False})
        native.set_legend({"none": True})
        native.set_chartarea({"border": {"none": True}})
        yield native


def _draw_upon(book: Any, room: Room, table: Table, placed: Placed) -> Any:
    """Bars upon invisible ones: of a waterfall from where the one above ended, of ranges from the
    first number to the second."""
    chart, page = room.chart, room.page
    find = _find_steps if chart.kind == "waterfall" else _find_ranges
    rows = find(chart, table, placed, *page.next_helper)
    names = [
        f"{name}  {label}"
        for name, label in zip(table.column(chart.by), _write_labels(chart, table), strict=True)
    ]
    top, left = page.write_helpers([[*row, name] for row, name in zip(rows, names, strict=True)])
    bottom, sheet = top + len(table.rows) - 1, quote_sheetname(page.sheet.get_name())
    native = book.add_chart({"type": "bar", "subtype": "stacked"})
    colors = _colors(chart, table)
    for place in (_BASE, _BAR):
        cells = {"categories": _NAMES, "values": place}
        native.add_series(
            {
                name: f"={sheet}!{xl_range_abs(top, left + at, bottom, left + at)}"
                for name, at in cells.items()
            }
            | {
                "gap": 40,
                "fill": {"none": True} if place == _BASE else {"color": colors[0]},
                "points": None if place == _BASE else [{"fill": {"color": c}} for c in colors],
            }
        )
    _set_plain_axes(native, None, is_lying=True)
    native.set_title({"none": True})
    native.set_legend({"none": True})
    native.set_chartarea({"border": {"none": True}})
    return native


_START, _END, _BASE, _BAR, _NAMES = range(5)
"""Columns of cells beside the page: where a bar begins and ends, the invisible one, the bar, and
its name with its number, which no bar may be long enough for."""


def _is_above_zero(chart: Chart, table: Table) -> bool:
    """Whether invisible bars can stand below all others."""
    if chart.kind == "waterfall":
        values = table.column(chart.series[0])
        end, least = 0.0, 0.0
        for row, number in enumerate(_numbers(values, table, chart.series[0])):
            end = number if row in chart.totals else end + number
            least = min(least, end)
        return least >= 0
    return all(
        low >= 0 and high >= low
        for low, high in zip(
            *(_numbers(table.column(one), table, one) for one in chart.series[:2]), strict=True
        )
    )


def _numbers(values: Sequence[Any], table: Table, column: str) -> list[float]:
    form = table.columns[table.place(column)].form
    return [find_number(value, form) or 0.0 for value in values]


def _find_steps(
    chart: Chart, table: Table, placed: Placed, top: int, left: int
) -> list[list[Helper]]:
    """Cells of a waterfall: where each bar begins and ends, the invisible one, and it."""
    name = chart.series[0]
    column = table.columns[table.place(name)]
    rows: list[list[Helper]] = []
    end = 0.0
    for row, value in enumerate(table.column(name)):
        number = find_number(value, column.form) or 0.0
        begins = row == 0 or row in chart.totals
        start = 0.0 if begins else end
        end = start + number
        at = top + row
        cell = xl_rowcol_to_cell(placed.row(row), placed.columns[name])
        above = "" if begins else xl_rowcol_to_cell(at - 1, left + _END)
        first, last = (xl_rowcol_to_cell(at, left + place) for place in (_START, _END))
        rows.append(
            [
                0.0 if begins else (f"={above}", start),
                (f"={first}+N({cell})", end),
                (f"=MIN({first},{last})", min(start, end)),
                (f"=ABS({last}-{first})", abs(end - start)),
            ]
        )
    return rows


def _find_ranges(
    chart: Chart, table: Table, placed: Placed, top: int, left: int
) -> list[list[Helper]]:
    """Cells of ranges: their ends, the invisible bar, and the bar."""
    rows: list[list[Helper]] = []
    lows, highs = (_numbers(table.column(one), table, one) for one in chart.series[:2])
    for row, (low, high) in enumerate(zip(lows, highs, strict=True)):
        cells = [
            xl_rowcol_to_cell(placed.row(row), placed.columns[one]) for one in chart.series[:2]
        ]
        first, last = (xl_rowcol_to_cell(top + row, left + place) for place in (_START, _END))
        rows.append(
            [
                (f"=N({cells[0]})", low),
                (f"=N({cells[1]})", high),
                (f"={first}", low),
                (f"={last}-{first}", high - low),
            ]
        )
    return rows


def _colors(chart: Chart, table: Table) -> list[str]:
    """Of each bar: by its mark, else by what it does."""
    if chart.kind == "ranges":
        return [PALE_BLUE] * len(table.rows)
    name = chart.series[0]
    form = table.columns[table.place(name)].form
    found = []
    for row, value in enumerate(table.column(name)):
        mark = table.marks.get((row, name))
        is_total = row == 0 or row in chart.totals
        number = find_number(value, form) or 0.0
        usual = BLUE if is_total else ORANGE if number > 0 else GREEN
        found.append(_MARK_COLORS.get(mark, usual) if mark else usual)
    return found


def _write_labels(chart: Chart, table: Table) -> list[str]:
    """What stands at each bar: its number, or the range and, where there is one, its mark."""
    columns = [table.columns[table.place(name)] for name in chart.series]
    texts = [
        [write_cell(value, c.form, find_places(c, table.column(c.name))) for value in
         table.column(c.name)]
        for c in columns
    ]  # fmt: skip
    if chart.kind == "waterfall":
        return texts[0]
    return [
        f"{low} \u2013 {high}" + (f" ({rest[0]})" if rest else "")
        for low, high, *rest in zip(*texts, strict=True)
    ]


def _set_plain_axes(native: Any, most: float | None, *, is_lying: bool) -> None:
    """An axis of numbers that is not shown, for they stand at the bars, from 0; and names."""
    numbers: dict[str, Any] = {"min": 0, "visible": False, "major_gridlines": {"visible": False}}
    if most is not None:
        numbers["max"] = most
    names = {"num_font": _WORDS, "line": {"color": LINE}, "label_position": "low"}
    if is_lying:
        native.set_x_axis(numbers)
        native.set_y_axis({**names, "reverse": True, "interval_unit": 1})
    else:
        native.set_y_axis(numbers)
        native.set_x_axis(names)


def _label(text: str) -> dict[str, Any]:
    return {"value": escape_name(text), "font": _WORDS} if text else {"delete": True}


def _mark(position: int, kind: str, color: str) -> dict[str, Any]:
    signs = ("circle", "diamond", "square", "triangle")
    sign = signs[position % len(signs)] if kind == "dots" else "circle"
    size = 7 if kind == "dots" else 4
    fill = {"color": color}
    return {"type": sign, "size": size, "fill": fill, "border": fill}
