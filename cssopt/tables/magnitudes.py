"""Unlikely magnitudes: a cost typed in thousands among costs in millions, a rate in percent."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Final

from cssopt.issues import Issue
from cssopt.tables.data import Data, TableData
from cssopt.tables.gather import Finding, gather
from cssopt.tables.spec import Column

GAP: Final = 100.0
"""Neighbors in a sorted column that are this many times apart are hardly in the same measure."""

FAST: Final = 0.2
"""Rates a year beyond this are hardly meant: no price, need or economy grows so for years."""

_FEWEST = 4


def check_magnitudes(data: Data) -> list[Issue]:
    """A warning for each number that stands far apart from the others of its column, and each rate.

    Only columns with a measure other than years, days and shares are compared, and only where at
    least four numbers that are not 0 allow it. Rates (shares per year) are judged each by itself.
    """
    issues = []
    for table in data.tables.values():
        for column in table.spec.columns:
            if column.measure == "share per year":
                issues += _check_rates(table, column)
            elif table.spec.vertical or column.kind != "number":
                continue
            elif column.measure.startswith(("million", "personnel")):
                issues += _check_column(table, column)
    return issues


def _check_rates(table: TableData, column: Column) -> list[Issue]:
    """Rates that are hardly meant, as one where they are many: most have one slip in common."""
    return gather(
        Finding(
            Issue("W-415", table.where(key, column.name), _say_rate(table, column, rate)),
            (table.spec.name, column.name),
        )
        for key, rate in table.columns[column.name].items()
        if rate is not None and abs(rate) > FAST
    )


def _say_rate(table: TableData, column: Column, rate: float) -> str:
    size = abs(rate)
    grows = rate > 0 and not table.spec.vertical
    pace = f", {(1 + rate) ** 10:,.0f} times as much in 10 years" if grows else ""
    if size >= 1:
        percent = f"{size:.6g} % is {rate / 100:.6g}"
    else:
        percent = f"{size:.6g} % is {rate / 100:.6g}, and {size * 100:.6g} % is {rate:.6g}"
    return (
        f"{column.name} = {rate:.6g} is {rate * 100:.6g} % a year{pace}. Is it meant? "
        f"0.03 stands for 3 %: {percent}."
    )


def _check_column(table: TableData, column: Column) -> Iterable[Issue]:
    values = sorted(
        ((abs(value), key) for key, value in table.columns[column.name].items() if value),
        key=lambda pair: pair[0],
    )
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
                text = (
                    f"{column.name} = {value:.12g} is {far} {side} the middle of its column "
                    f"({typical:g}). Is it in {column.measure}?"
                )
                yield Issue("W-420", table.where(key, column.name), text)
            return
