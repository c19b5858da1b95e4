"""Native charts of the Summary: who pays when, and how far needs are covered."""

from __future__ import annotations

from typing import Any, Final

from cssopt.render.xlsx.head import Report
from cssopt.render.xlsx.page import Placed
from cssopt.render.xlsx.styles import INK, RED, RULE, SERIES

FONT: Final = {"name": "Calibri", "size": 9, "color": INK, "bold": False}
"""Of the words in a chart."""

QUIET: Final = {
    "num_font": FONT,
    "line": {"none": True},
    "major_gridlines": {"visible": True, "line": {"color": RULE, "width": 0.5}},
}
"""Of an axis of numbers: no line, pale lines of the grid."""


def chart_outlays(report: Report, outlays: Placed) -> Any:
    """What each member pays, by year, stacked."""
    chart = report.book.add_chart({"type": "column", "subtype": "stacked"})
    left, right = (outlays.columns[str(year)] for year in (report.years[0], report.years[-1]))
    for position, row in enumerate(range(outlays.first, outlays.last + 1)):
        chart.add_series(
            {
                "name": [outlays.sheet, row, 0],
                "categories": [outlays.sheet, outlays.first - 1, left, outlays.first - 1, right],
                "values": [outlays.sheet, row, left, row, right],
                "fill": {"color": SERIES[position % len(SERIES)]},
                "gap": 60,
            }
        )
    chart.set_x_axis({"num_font": FONT, "line": {"color": RULE}})
    chart.set_y_axis({"num_format": "#,##0", **QUIET})
    currency = report.solution.data.horizon.currency
    return with_title(chart, f"What each member pays, million {currency} a year, salvage apart")


def chart_coverage(report: Report, coverage: Placed) -> Any:
    """Shares of the need that each of the parts covers, and the last, which is missing."""
    chart = report.book.add_chart({"type": "bar", "subtype": "percent_stacked"})
    need = report.solution.study.require_need()
    parts = need.parts[1:]
    for number, column in enumerate(parts):
        color = RED if column == parts[-1] else SERIES[number % len(SERIES)]
        place = coverage.columns[column]
        chart.add_series(
            {
                "name": column,
                "categories": [coverage.sheet, coverage.first, 0, coverage.last, 0],
                "values": [coverage.sheet, coverage.first, place, coverage.last, place],
                "fill": {"color": color},
                "gap": 60,
            }
        )
    chart.set_y_axis({"reverse": True, "num_font": FONT, "line": {"color": RULE}})
    # A reversed axis of categories would carry the other one to the top.
    chart.set_x_axis({"num_format": "0%", "label_position": "high", **QUIET})
    return with_title(chart, f"How far the needs are covered, by {need.kind}")


def chart_text(text: str) -> str:
    """A text with names of planners in it, so that XlsxWriter takes no ``x!A1`` for a cell."""
    return text.replace("!", "! ")


def with_title(chart: Any, title: str) -> Any:
    """The chart with its title, its legend at the bottom and no border."""
    """The chart with its title, and its legend below."""
    chart.set_title({"name": chart_text(title), "name_font": {**FONT, "size": 11, "bold": True}})
    chart.set_legend({"position": "bottom", "font": FONT})
    chart.set_chartarea({"border": {"none": True}})
    return chart
