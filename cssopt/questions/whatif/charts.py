"""Native charts of a comparison: money and shortfall side by side, never in one."""

from __future__ import annotations

from typing import Any

from cssopt.questions.whatif.tables import PlacedFigure
from cssopt.render.xlsx.charts import FONT, QUIET, with_title
from cssopt.render.xlsx.head import Report
from cssopt.render.xlsx.page import Placed
from cssopt.render.xlsx.styles import RULE, SERIES


def chart_column(report: Report, table: Placed, column: str, title: str, color: str) -> Any:
    """One bar per plan: a column of the overview."""
    chart = report.book.add_chart({"type": "bar"})
    place = table.columns[column]
    chart.add_series(
        {
            "name": title,
            "categories": [table.sheet, table.first, 0, table.last, 0],
            "values": [table.sheet, table.first, place, table.last, place],
            "fill": {"color": color},
            "gap": 60,
        }
    )
    _set_axes(chart)
    with_title(chart, title)
    chart.set_legend({"none": True})
    return chart


def chart_burdens(report: Report, burdens: PlacedFigure) -> Any:
    """One bar per plan: the burdens of the members, stacked; they add up to the expenditure."""
    chart = report.book.add_chart({"type": "bar", "subtype": "stacked"})
    (first, last), (left, right) = burdens.rows, burdens.columns
    for position, row in enumerate(range(first, last + 1)):
        chart.add_series(
            {
                "name": [burdens.sheet, row, 0],
                "categories": [burdens.sheet, first - 1, left, first - 1, right],
                "values": [burdens.sheet, row, left, row, right],
                "fill": {"color": SERIES[position % len(SERIES)]},
                "gap": 60,
            }
        )
    _set_axes(chart)
    return with_title(chart, f"Burden by member, {report.money}, present value")


def _set_axes(chart: Any) -> None:
    chart.set_y_axis({"reverse": True, "num_font": FONT, "line": {"color": RULE}})
    # A reversed axis of categories would carry the other one to the top.
    chart.set_x_axis({"num_format": "#,##0.##", "label_position": "high", **QUIET})
