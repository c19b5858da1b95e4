"""Native charts of a sweep: what moves a figure most, and how it responds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from cssopt.modeling.measures import SHORTFALL
from cssopt.questions.sweep.effects import Effect
from cssopt.render.xlsx.charts import FONT, QUIET, chart_text, with_title
from cssopt.render.xlsx.head import Report
from cssopt.render.xlsx.page import Placed
from cssopt.render.xlsx.styles import NAVY, RULE, SERIES

_SIDES = {"below": SERIES[1], "above": NAVY}
_AXIS = {"num_font": FONT, "name_font": FONT, "line": {"color": RULE}}


def chart_tornado(report: Report, effects: Sequence[Effect], figure: str, ends: Placed) -> Any:
    """Least and greatest mean of each quantity, as differences from the mean of all runs.

    `ends` is the table of these effects, in their order, with the columns ``quantity``, ``below``
    and ``above``. At each end of a bar stands the value that the quantity has there.
    """
    chart = report.book.add_chart({"type": "bar"})
    for position, (side, color) in enumerate(_SIDES.items()):
        # "at" before each value: a text that begins with = would be read as a formula.
        names = [found[position].name for effect in effects if (found := effect.ends(figure))]
        chart.add_series(
            {
                "name": f"{side} the mean of all runs",
                "categories": f"='{ends.sheet}'!{ends.cells('quantity')}",
                "values": f"='{ends.sheet}'!{ends.cells(side)}",
                "fill": {"color": color},
                "gap": 60,
                "overlap": 100,
                "data_labels": {
                    "value": True,
                    "position": "outside_end",
                    "font": FONT,
                    "custom": [{"value": f"at {name}", "font": FONT} for name in names],
                },
            }
        )
    # Widest at the top; the names stand at the side, not where the bars begin.
    chart.set_y_axis({"reverse": True, "label_position": "low", **_AXIS})
    span = _find_axis_ends(effects, figure)
    chart.set_x_axis({"num_format": "#,##0.###", "label_position": "high", **span, **QUIET})
    return with_title(chart, f"{_name(report, figure)}: difference from the mean")


def _find_axis_ends(effects: Sequence[Effect], figure: str) -> dict[str, float]:
    """Ends of the axis of a tornado, in round numbers, with room for the labels at the bars."""
    spans = [effect.distances(figure) for effect in effects]
    low, high = min(span[0] for span in spans), max(span[1] for span in spans)
    if not high > low:
        return {}
    margin = (high - low) * 0.35
    power = 10.0 ** math.floor(math.log10(margin))
    unit = next(step * power for step in (1, 2, 5, 10) if step * power >= margin)
    return {
        "min": math.floor((low - margin) / unit) * unit,
        "max": math.ceil((high + margin) / unit) * unit,
        "major_unit": unit,
    }


def _name(report: Report, figure: str) -> str:
    if figure == SHORTFALL:
        return "Mean shortfall, power-years"
    return f"Mean pooled expenditure, million {report.solution.data.horizon.currency}"


def chart_response(
    report: Report, effect: Effect, figure: str, groups: Placed, rows: tuple[int, int]
) -> Any:
    """Mean of a figure over the values of one quantity: joined points for numbers, else points.

    `rows` are those of the quantity within the table `groups`, which has the columns ``value``,
    ``middle`` and the figure.
    """
    place = groups.columns["middle" if effect.is_number else "value"]
    column = groups.columns[figure.replace("_", " ")]
    kind = {"type": "scatter", "subtype": "straight_with_markers"}
    chart = report.book.add_chart(kind if effect.is_number else {"type": "line"})
    paint = {"color": NAVY}
    chart.add_series(
        {
            "name": figure.replace("_", " "),
            "categories": [groups.sheet, rows[0], place, rows[1], place],
            "values": [groups.sheet, rows[0], column, rows[1], column],
            "line": {**paint, "width": 1.75} if effect.is_number else {"none": True},
            "marker": {"type": "circle", "size": 7, "fill": paint, "border": paint},
        }
    )
    chart.set_x_axis(
        {"name": chart_text(effect.label), "major_gridlines": {"visible": False}, **_AXIS}
    )
    chart.set_y_axis({"num_format": "#,##0.###", **QUIET})
    with_title(chart, _name(report, figure))
    chart.set_legend({"none": True})
    return chart
