"""Native charts of a diagnosis: when power is missing, and what the plans let in would cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cssopt.render.xlsx.charts import FONT, QUIET, with_title
from cssopt.render.xlsx.head import Report
from cssopt.render.xlsx.page import Placed
from cssopt.render.xlsx.styles import NAVY, RULE, SERIES

_AXIS = {"num_font": FONT, "line": {"color": RULE}}


def chart_missing(report: Report, shares: Placed, needs: Sequence[str]) -> Any:
    """Missing share of each need, by year; `shares` has a column ``year`` and one for each need."""
    chart = report.book.add_chart({"type": "column"})
    year = shares.columns["year"]
    for position, need in enumerate(needs):
        column = shares.columns[need]
        chart.add_series(
            {
                "name": [shares.sheet, shares.first - 1, column],
                "categories": [shares.sheet, shares.first, year, shares.last, year],
                "values": [shares.sheet, shares.first, column, shares.last, column],
                "fill": {"color": SERIES[position % len(SERIES)]},
                "gap": 60,
            }
        )
    chart.set_x_axis(_AXIS)
    chart.set_y_axis({"num_format": "0%", "min": 0, "max": 1, **QUIET})
    return with_title(chart, "Missing share of each need, by year")


def chart_expenditure(report: Report, plans: Placed) -> Any:
    """What the cheapest plan of each relaxation costs; without a plan there is no bar."""
    chart = report.book.add_chart({"type": "bar"})
    name, value = plans.columns["relaxation"], plans.columns["pooled expenditure"]
    chart.add_series(
        {
            "name": "pooled expenditure",
            "categories": [plans.sheet, plans.first, name, plans.last, name],
            "values": [plans.sheet, plans.first, value, plans.last, value],
            "fill": {"color": NAVY},
            "gap": 60,
            "data_labels": {"value": True, "num_format": "#,##0", "font": FONT},
        }
    )
    chart.set_y_axis({"reverse": True, "name": "relaxation", "name_font": FONT, **_AXIS})
    chart.set_x_axis({"num_format": "#,##0", "min": 0, "label_position": "high", **QUIET})
    currency = report.solution.data.horizon.currency
    with_title(chart, f"Pooled expenditure with each relaxation, million {currency}")
    chart.set_legend({"none": True})
    return chart
