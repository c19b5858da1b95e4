"""The size of a cell, and how far it is moved to see what that does."""

from __future__ import annotations

import statistics
from typing import Final

from cssopt.tables.data import Data
from cssopt.tables.spec import Column
from cssopt.trace.numbers import Cell

_FAR: Final = 9.0
"""How far a cell without a bound is moved, by its own size."""


def find_span(column: Column, value: float) -> tuple[float, float, float]:
    """How low and how high a cell is moved, and by what it is moved by its own size."""
    width = (column.high or 1.0) - (column.low or 0.0)
    scale = abs(value) or width
    low, high = value - _FAR * scale, value + _FAR * scale
    if column.low is not None:
        low = max(low, column.low)
    if column.above is not None:
        low = max(low, column.above + 1e-6 * (value - column.above))
    return low, high if column.high is None else min(high, column.high), scale


def find_size(data: Data, cell: Cell) -> float:
    """The size of a number; of a 0 the mean size of its column, or 1 where all are 0."""
    table, key, name = cell
    numbers = data.tables[table].columns[name]
    if value := abs(numbers[key]):
        return float(value)
    return statistics.fmean(abs(x) for x in numbers.values() if x is not None) or 1.0
