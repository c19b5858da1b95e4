"""Native charts of a document: their series are columns of its tables."""

from __future__ import annotations

import math
from typing import Any, Final

from cssopt.document.document import Chart, ChartKind, Table
from cssopt.render.drawing import Drawing, Series
from cssopt.render.number_text import find_number
from cssopt.render.xlsx.charts import FONT, QUIET, with_title
from cssopt.render.xlsx.page import Placed
from cssopt.render.xlsx.styles import RULE, SERIES

_TYPES: Final[dict[ChartKind, dict[str, str]]] = {
    "bars": {"type": "bar"},
    "stacked": {"type": "bar", "subtype": "stacked"},
    "columns": {"type": "column"},
    "curves": {"type": "line"},
    "dots": {"type": "line"},
}
_MARKERS: Final = ("circle", "diamond", "square", "triangle")
_MOST_LABELED = 60
"""Numbers up to which each bears its label."""
_ROWS: Final = (12, 28)
"""Rows of cells that a chart is high, at least and at most."""


def build_chart(book: Any, chart: Chart, table: Table, placed: Placed) -> Any:
    """A native chart of the columns of a table that stands in a sheet.

    Bars and columns begin at 0. A limit is told in the title: a native chart could only draw it
    from cells that say nothing else.
    """
    drawing = Drawing.of(chart, table)
    native = book.add_chart(dict(_TYPES[drawing.kind]))
    for position, name in enumerate(chart.series):
        if name not in find_undrawn(chart, table):
            native.add_series(_build_series(drawing, table, placed, chart.by, name, position))
    axis = {"num_format": _find_axis_form(drawing), **QUIET}
    if drawing.least == 0:
        axis["min"] = 0
    if drawing.kind in ("bars", "stacked"):
        native.set_x_axis({**axis, "label_position": "high"})
        native.set_y_axis(
            {"reverse": True, "num_font": FONT, "line": {"color": RULE}, "label_position": "low"}
        )
    else:
        native.set_y_axis(axis)
        native.set_x_axis({"num_font": FONT, "line": {"color": RULE}, "label_position": "low"})
    if drawing.kind == "dots":
        native.set_high_low_lines({"line": {"color": RULE}})
    with_title(native, _tell_title(drawing))
    if len(chart.series) == 1:
        native.set_legend({"none": True})
    return native


def find_undrawn(chart: Chart, table: Table) -> list[str]:
    """Series that a native chart would draw wrongly: to it a text among the numbers of a line is 0.

    A bar of it has no length and bears the text, as it should.
    """
    if chart.kind not in ("curves", "dots"):
        return []
    return [
        name
        for name in chart.series
        if any(
            value is not None and find_number(value, table.columns[table.place(name)].form) is None
            for value in table.column(name)
        )
    ]


def find_height(chart: Chart, table: Table) -> int:
    """Rows of cells that a chart needs: lying bars grow with what they show."""
    least, most = _ROWS
    if not table.rows:
        return 1
    if chart.kind not in ("bars", "stacked"):
        return 16
    each = len(chart.series) if chart.kind == "bars" else 1
    return min(most, max(least, 5 + len(table.rows) * (each + 1) // 2 + len(chart.series) // 4))


def _find_axis_form(drawing: Drawing) -> str:
    """A number format with the decimals that round numbers on the axis need."""
    in_percent = drawing.form in ("share", "fine_share")
    span = (100 if in_percent else 1) * (drawing.most - drawing.least)
    places = min(6, max(0, 1 - math.floor(math.log10(span))))
    digits = "#,##0" + ("." + "0" * places if places else "")
    return f"{digits}%" if in_percent else digits


def _tell_title(drawing: Drawing) -> str:
    told = [f"{label}: {drawing.write(number)}" for label, number in drawing.lines]
    return "; ".join([drawing.title, *told])


def _build_series(
    drawing: Drawing, table: Table, placed: Placed, by: str, name: str, position: int
) -> dict[str, Any]:
    """A column of numbers over the column that names them."""
    names, numbers = table.place(by), table.place(name)
    color = {"color": SERIES[position % len(SERIES)]}
    series: dict[str, Any] = {
        "name": [placed.sheet, placed.first - 1, numbers],
        "categories": [placed.sheet, placed.first, names, placed.last, names],
        "values": [placed.sheet, placed.first, numbers, placed.last, numbers],
    }
    if drawing.kind in ("curves", "dots"):
        kind = _MARKERS[position % len(_MARKERS)] if drawing.kind == "dots" else "circle"
        series["marker"] = {"type": kind, "size": 7 if drawing.kind == "dots" else 4,
                            "fill": color, "border": color}  # fmt: skip
        series["line"] = {"none": True} if drawing.kind == "dots" else {**color, "width": 1.75}
        return series
    series |= {"fill": color, "gap": 50}
    if drawing.kind != "stacked" and len(table.rows) * len(drawing.series) <= _MOST_LABELED:
        series["data_labels"] = {"value": True, "font": FONT}
        if None in drawing.series[position].numbers:
            series["data_labels"]["custom"] = _find_labels(drawing.series[position])
    return series


def _find_labels(series: Series) -> list[dict[str, Any] | None]:
    """Labels of bars: that of a number is its own, else the text that stands in place of one."""
    return [
        None if number is not None else {"value": label} if label else {"delete": True}
        for number, label in zip(series.numbers, series.labels, strict=True)
    ]
