"""Native charts of tipping points: a figure over the values of the quantity, and where it tips."""

from __future__ import annotations

from typing import Any

from cssopt.report.charts import FONT, QUIET, with_title
from cssopt.report.context import Report
from cssopt.report.page import Placed
from cssopt.report.styles import NAVY, RULE, SERIES

_MARK = SERIES[5]


def chart_over_values(
    report: Report,
    figure: str,
    title: str,
    axis: tuple[str, float, float],
    placed: tuple[Placed, Placed | None],
) -> Any:
    """A line through every value that was solved, with gaps where there is no plan; tips marked.

    `placed`: the tables of the values and of the places of tipping points (None: there is none);
    both have the columns ``value`` and the figure. `axis`: name of the quantity and the ends of its
    range.
    """
    values, marks = placed
    chart = report.book.add_chart({"type": "scatter", "subtype": "straight"})
    line = {"line": {"color": NAVY, "width": 1.75}, "marker": {"type": "none"}}
    chart.add_series(_series("every value solved", values, figure) | line)
    if marks is not None:
        paint = {"fill": {"color": _MARK}, "border": {"color": "#FFFFFF"}}
        points = {"line": {"none": True}, "marker": {"type": "circle", "size": 7, **paint}}
        chart.add_series(_series("tipping points", marks, figure) | points)
    name, low, high = axis
    chart.set_x_axis(
        {
            "name": name,
            "min": low,
            "max": high,
            "major_gridlines": {"visible": False},
            "num_font": FONT,
            "name_font": FONT,
            "line": {"color": RULE},
        }
    )
    chart.set_y_axis({"num_format": "#,##0.###", **QUIET})
    return with_title(chart, title)


def _series(name: str, table: Placed, figure: str) -> dict[str, Any]:
    x, y = table.columns["value"], table.columns[figure]
    return {
        "name": name,
        "categories": [table.sheet, table.first, x, table.last, x],
        "values": [table.sheet, table.first, y, table.last, y],
    }
