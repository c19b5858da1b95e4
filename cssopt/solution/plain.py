"""Figures as plain JSON values, for files and for reports."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import pandas as pd


NOISE: Final = 1e-9
"""Numbers closer to 0 than this are rounding of the arithmetic and are shown as 0."""


def plain_value(value: Any) -> Any:
    """A plain value: None for a number that is not finite, Python's own in place of numpy's."""
    value = value.item() if hasattr(value, "item") else value
    return None if isinstance(value, float) and not math.isfinite(value) else value


def is_number(value: Any) -> bool:
    """True for a number; a flag is none, though Python counts it as one."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def plain_row(row: Mapping[Any, Any]) -> dict[str, Any]:
    """A row or other record with plain values by name."""
    return {str(name): plain_value(value) for name, value in row.items()}


def plain_records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table as records."""
    return [plain_row(row) for row in table.to_dict("records")]


def plain_tables(tables: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    """Tables by name, each as its records."""
    return {name: plain_records(table) for name, table in tables.items()}


def ratio(part: float, whole: float) -> float:
    """Part of a whole; nan where there is no whole."""
    return part / whole if whole else math.nan
