"""Native charts of a front: the trade-off, and what its points are made of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from cssopt.modeling.objective import Criterion
from cssopt.render.xlsx.charts import FONT, QUIET, with_title
from cssopt.render.xlsx.head import Report
from cssopt.render.xlsx.page import Placed
from cssopt.render.xlsx.styles import NAVY, RED, RULE, SERIES

_NUMBERS = {"money": "#,##0", "share": "0.00%", "number": "#,##0.##"}
_GAP = 10
"""Between columns, in percent of their width."""

_FEW = 40
"""Points up to which each has a marker."""


def chart_front(
    report: Report, criteria: Sequence[Criterion], frame: pd.DataFrame, points: Placed
) -> Any:
    """The second criterion over expenditure; with a third, each point by itself; knees in red."""
    first, second = criteria[:2]
    joined = len(criteria) == 2
    proper = frame[~frame[first.figure].isna() & ~frame["dominated"]]
    chart = report.book.add_chart({"type": "scatter", "subtype": "straight_with_markers"})
    paint = {"color": NAVY}
    marker = {"type": "circle", "size": 5, "fill": paint, "border": paint}
    last = points.first + (int(proper.index.max()) if len(proper) else 0)
    series = {
        "name": "front" if joined else "points of the front",
        "categories": _cells(points, first, points.first, last),
        "values": _cells(points, second, points.first, last),
        "line": {**paint, "width": 1.75} if joined else {"none": True},
        "marker": marker if len(proper) <= _FEW or not joined else {"type": "none"},
    }
    chart.add_series(series)
    _mark_knees(chart, proper, points, criteria)
    grid = {"visible": True, "line": {"color": RULE, "width": 0.5}}
    chart.set_x_axis(
        {
            "name": f"{first.figure.replace('_', ' ')}, {report.money}",
            "name_font": FONT,
            "num_font": FONT,
            "num_format": _NUMBERS[first.form],
            "line": {"color": RULE},
            "major_gridlines": grid,
            "label_position": "low",
        }
    )
    name = second.figure.replace("_", " ")
    chart.set_y_axis(
        {"name": name, "name_font": FONT, "num_format": _NUMBERS[second.form], **QUIET}
    )
    with_title(chart, f"{name} against {first.figure.replace('_', ' ')}")
    return chart


def _mark_knees(
    chart: Any, proper: pd.DataFrame, points: Placed, criteria: Sequence[Criterion]
) -> None:
    red = {"color": RED}
    for index, knee in proper[proper["knee"] > 0]["knee"].sort_values().items():
        row = points.first + int(str(index))
        label = {"value": f"knee {knee}", "font": FONT}
        chart.add_series(
            {
                "name": label["value"],
                "categories": _cells(points, criteria[0], row, row),
                "values": _cells(points, criteria[1], row, row),
                "line": {"none": True},
                "marker": {"type": "diamond", "size": 9, "fill": red, "border": red},
                "data_labels": {"value": True, "position": "right", "custom": [label]},
            }
        )


def _cells(points: Placed, criterion: Criterion, first: int, last: int) -> list[Any]:
    column = points.columns[criterion.figure]
    return [points.sheet, first, column, last, column]


def chart_costs(report: Report, costs: Placed) -> Any:
    """What the points cost, stacked by entry; what is deducted, such as salvage, below 0."""
    chart = report.book.add_chart({"type": "column", "subtype": "stacked"})
    place = costs.columns["point"]
    entries = [name for name in costs.columns if name != "point"]
    for position, entry in enumerate(entries):
        column = costs.columns[entry]
        chart.add_series(
            {
                "name": [costs.sheet, costs.first - 1, column],
                "categories": [costs.sheet, costs.first, place, costs.last, place],
                "values": [costs.sheet, costs.first, column, costs.last, column],
                "fill": {"color": SERIES[position % len(SERIES)]},
                "gap": _GAP,
            }
        )
    chart.set_x_axis(
        {
            "name": "point",
            "name_font": FONT,
            "num_font": FONT,
            "line": {"color": RULE},
            "label_position": "low",
        }
    )
    chart.set_y_axis({"num_format": "#,##0", **QUIET})
    currency = report.solution.data.horizon.currency
    return with_title(chart, f"What the points are made of, million {currency}, present value")
