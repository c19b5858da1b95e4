"""Native charts of near-optimal plans: floating bars from least to most, the base plan marked."""

from __future__ import annotations

from typing import Any

from cssopt.render.xlsx.charts import FONT, QUIET, with_title
from cssopt.render.xlsx.head import Report
from cssopt.render.xlsx.page import Placed
from cssopt.render.xlsx.styles import NAVY, RULE, SERIES


def chart_spans(report: Report, title: str, spans: Placed) -> Any:
    """Bars from least to most; their color changes where the base plan stands.

    `spans` has the columns ``contribution``, ``least``, ``up to base`` and ``beyond base``.
    """
    chart = report.book.add_chart({"type": "bar", "subtype": "stacked"})
    paints = {
        "least": {"none": True},
        "up to base": {"color": SERIES[1]},
        "beyond base": {"color": NAVY},
    }
    for column, fill in paints.items():
        place = spans.columns[column]
        chart.add_series(
            {
                "name": [spans.sheet, spans.first - 1, place],
                "categories": [spans.sheet, spans.first, 0, spans.last, 0],
                "values": [spans.sheet, spans.first, place, spans.last, place],
                "fill": fill,
                "border": {"none": True},
                "gap": 45,
            }
        )
    chart.set_y_axis(
        {"reverse": True, "num_font": FONT, "line": {"color": RULE}, "interval_unit": 1}
    )
    chart.set_x_axis({"num_format": "#,##0.##", "label_position": "high", **QUIET})
    with_title(chart, f"{title} (light: up to the base plan, dark: beyond)")
    chart.set_legend({"none": True})
    return chart
