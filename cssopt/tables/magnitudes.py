"""Unlikely magnitudes: a cost typed in thousands among costs in millions."""

from __future__ import annotations

import math
from collections.abc import Iterable

from cssopt.issues import Issue
from cssopt.tables.data import Data, TableData
from cssopt.tables.spec import Column

GAP = 100.0
"""Neighbors in a sorted column that are this many times apart are hardly in the same measure."""

_FEWEST = 4


def check_magnitudes(data: Data) -> list[Issue]:
    """A warning for each number that stands far apart from the others of its column.

    Only columns with a measure other than years, days and shares are judged, and only where at
    least four numbers that are not 0 allow it.
    """
    return [
        issue
        for table in data.tables.values()
        if not table.spec.vertical
        for column in table.spec.columns
        if column.kind == "number" and column.measure.startswith(("million", "personnel"))
        for issue in _check_column(table, column)
    ]


def _check_column(table: TableData, column: Column) -> Iterable[Issue]:
    values = sorted((abs(value), key) for key, value in table.columns[column.name].items() if value)
    if len(values) < _FEWEST:
        return
    middle = len(values) // 2
    for position in range(1, len(values)):
        below, above = values[position - 1][0], values[position][0]
        if below > 0 and above / below >= GAP:
            apart = values[:position] if position <= middle else values[position:]
            typical = values[middle][0]
            for value, key in apart:
                times = max(value / typical, typical / value)
                far = f"{10 ** math.floor(math.log10(times)):,.0f} times or more"
                side = "above" if value > typical else "below"
                text = f"{column.name} = {value:.12g} is {far} {side} the middle of its column "
                text += f"({typical:g}). Is it in {column.measure}?"
                yield Issue("W-420", table.where(key, column.name), text)
            return
