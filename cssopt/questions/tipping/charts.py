"""Native charts of tipping points: a figure over the values of the quantity, and where it tips."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from cssopt.render.xlsx.charts import FONT, QUIET, with_title
from cssopt.render.xlsx.head import Report
from cssopt.render.xlsx.page import Placed
from cssopt.render.xlsx.styles import NAVY, RULE, SERIES
from cssopt.solution.missing import MET

_MARK = SERIES[5]

_NOISE: Final = 1e-6
"""A figure that varies by less than this (relative) is the same at all values."""

_NOTHING: Final = MET
"""A share, or millions: no more than this is 0."""


@dataclass(frozen=True)
class Drawn(Placed):
    """A table that charts draw, with the least and the greatest value of each of its figures."""

    spans: dict[str, tuple[float, float]]


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
    ends = find_ends(*values.spans[figure]) if isinstance(values, Drawn) else {}
    chart.set_y_axis({"num_format": "#,##0.###", **ends, **QUIET})
    return with_title(chart, title)


def find_ends(low: float, high: float) -> dict[str, float]:
    """The ends of the axis of a figure that is the same at all values; else none are set.

    Spreadsheets would stretch its rounding over the height of the chart, as if it jumped.
    """
    size = max(abs(low), abs(high))
    if size <= _NOTHING:
        return {"min": 0.0, "max": 1.0}
    if high - low >= _NOISE * size:
        return {}
    middle = (low + high) / 2
    return {"min": middle - abs(middle) / 10, "max": middle + abs(middle) / 10}


def _series(name: str, table: Placed, figure: str) -> dict[str, Any]:
    x, y = table.columns["value"], table.columns[figure]
    return {
        "name": name,
        "categories": [table.sheet, table.first, x, table.last, x],
        "values": [table.sheet, table.first, y, table.last, y],
    }
