"""Native charts of prices: what a small step of each cell moves."""

from __future__ import annotations

from typing import Any

from cssopt.render.xlsx.charts import FONT, QUIET, chart_text, with_title
from cssopt.render.xlsx.head import Report
from cssopt.render.xlsx.page import Placed
from cssopt.render.xlsx.styles import NAVY, RED, RULE
from cssopt.solution.price import MONEY


def chart_steps(report: Report, stage: str, table: Placed) -> Any:
    """One bar per cell, the dearest at the top: by how much a small step of it moves a stage."""
    chart = report.book.add_chart({"type": "bar"})
    name = stage.replace("_", " ")
    words, place = table.columns["what"], table.columns[f"{name} of it"]
    is_money = stage == MONEY
    chart.add_series(
        {
            "name": chart_text(name),
            "categories": [table.sheet, table.first, words, table.last, words],
            "values": [table.sheet, table.first, place, table.last, place],
            "fill": {"color": NAVY if is_money else RED},
            "gap": 50,
        }
    )
    chart.set_y_axis(
        {"reverse": True, "label_position": "low", "num_font": FONT, "line": {"color": RULE}}
    )
    number = "#,##0.##" if is_money else "0.0###"
    chart.set_x_axis({"num_format": number, "label_position": "high", **QUIET})
    measure = f", million {report.solution.data.horizon.currency}" if is_money else ""
    with_title(chart, f"What a small step moves: {name}{measure}")
    chart.set_legend({"none": True})
    return chart
