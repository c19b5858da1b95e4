"""Native charts of the Summary: who pays when, and how far needs are covered."""

from __future__ import annotations

from typing import Any

from cssopt.report.context import Report
from cssopt.report.page import Page, Placed
from cssopt.report.styles import INK, NAVY, RED, RULE, SERIES

_ROWS = 16
"""Rows of the sheet that a chart covers."""

_FONT = {"name": "Calibri", "size": 9, "color": INK, "bold": False}
_QUIET = {
    "num_font": _FONT,
    "line": {"none": True},
    "major_gridlines": {"visible": True, "line": {"color": RULE, "width": 0.5}},
}


def chart_outlays(report: Report, page: Page, outlays: Placed | None) -> None:
    """What each member pays, by year, stacked."""
    if outlays is None:
        return
    chart = report.book.add_chart({"type": "column", "subtype": "stacked"})
    first, last = str(report.years[0]), str(report.years[-1])
    left, right = outlays.columns[first], outlays.columns[last]
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
    currency = report.solution.data.settings.currency
    chart.set_x_axis({"num_font": _FONT, "line": {"color": RULE}})
    chart.set_y_axis({"num_format": "#,##0", **_QUIET})
    _finish(page, chart, f"What each member pays, million {currency} a year")


def chart_coverage(report: Report, page: Page, coverage: Placed | None) -> None:
    """Shares of the need that own and delegated power cover, and that are missing."""
    if coverage is None:
        return
    chart = report.book.add_chart({"type": "bar", "subtype": "percent_stacked"})
    colors = {"own": NAVY, "delegated": SERIES[1], "shortfall": RED}
    for column, color in colors.items():
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
    chart.set_y_axis({"reverse": True, "num_font": _FONT, "line": {"color": RULE}})
    chart.set_x_axis({"num_format": "0%", **_QUIET})
    _finish(page, chart, "How far the needs are covered, by capability")


def _finish(page: Page, chart: Any, title: str) -> None:
    chart.set_title({"name": title, "name_font": {**_FONT, "size": 11, "bold": True}})
    chart.set_legend({"position": "bottom", "font": _FONT})
    page.chart(chart, _ROWS)
