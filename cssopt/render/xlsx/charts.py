"""What native charts have in common: their words, axes and titles."""

from __future__ import annotations

from typing import Any, Final

from cssopt.render.xlsx.head import Report
from cssopt.render.xlsx.page import Placed
from cssopt.render.xlsx.styles import INK, RULE

FONT: Final = {"name": "Calibri", "size": 9, "color": INK, "bold": False}
"""Of the words in a chart."""

QUIET: Final = {
    "num_font": FONT,
    "line": {"none": True},
    "major_gridlines": {"visible": True, "line": {"color": RULE, "width": 0.5}},
}
"""Of an axis of numbers: no line, pale lines of the grid."""


def set_bar_axes(chart: Any, form: str = "#,##0.##") -> None:
    """The axes of bars from left to right, the first at the top; `form` of their numbers."""
    chart.set_y_axis({"reverse": True, "num_font": FONT, "line": {"color": RULE}})
    # A reversed axis of categories would carry the other one to the top.
    chart.set_x_axis({"num_format": form, "label_position": "high", **QUIET})


def chart_text(text: str) -> str:
    """A text with names of planners in it, so that XlsxWriter takes no ``x!A1`` for a cell."""
    return text.replace("!", "! ")


def with_title(chart: Any, title: str) -> Any:
    """The chart with its title, its legend at the bottom and no border."""
    chart.set_title({"name": chart_text(title), "name_font": {**FONT, "size": 11, "bold": True}})
    chart.set_legend({"position": "bottom", "font": FONT})
    chart.set_chartarea({"border": {"none": True}})
    return chart


def chart_bars(
    report: Report,
    table: Placed,
    column: str | int,
    title: str,
    color: str,
    *,
    names: int = 0,
    labels: bool = False,
) -> Any:
    """A bar for each row of a table, the first at the top: the numbers of one column.

    Parameters
    ----------
    column: its name, or its place. names: place of the column that names the bars.
    labels: True where each bar bears its number.
    """
    chart = report.book.add_chart({"type": "bar"})
    place = column if isinstance(column, int) else table.columns[column]
    series: dict[str, Any] = {
        "name": title,
        "categories": [table.sheet, table.first, names, table.last, names],
        "values": [table.sheet, table.first, place, table.last, place],
        "fill": {"color": color},
        "gap": 60,
    }
    if labels:
        series["data_labels"] = {"value": True, "font": FONT}
    chart.add_series(series)
    set_bar_axes(chart)
    with_title(chart, title)
    chart.set_legend({"none": True})
    return chart
