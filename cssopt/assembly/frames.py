"""Reading pandas frames as raw cells, so that they pass the same checks as a workbook."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.tables.raw import RawBook, RawCell, RawSheet
from cssopt.workbook.address import column_letters

SOURCE = "frames"


def read_frames(frames: Mapping[str, pd.DataFrame]) -> RawBook:
    """Read one frame per table. The index counts only where it has names.

    A missing value (nan, None, NaT) is a blank cell. Cells are addressed as if the frame stood in a
    sheet under its header in row 1: ``inventory!B7``. Raises DataError for what is no frame.
    """
    issues = [
        Issue("E-105", str(name), f"is a {type(frame).__name__}, not a pandas frame.")
        for name, frame in frames.items()
        if not isinstance(frame, pd.DataFrame)
    ]
    if issues:
        raise DataError(issues, SOURCE)
    digest, sheets = hashlib.sha256(), {}
    for name, frame in frames.items():
        named = [level for level in frame.index.names if level is not None]
        flat = frame.reset_index() if named else frame
        rows = _read_rows(str(name), flat)
        digest.update(repr((name, [[cell.value for cell in row] for row in rows])).encode())
        sheets[str(name)] = RawSheet(str(name), rows)
    return RawBook(SOURCE, digest.hexdigest(), sheets)


def _read_rows(name: str, frame: pd.DataFrame) -> tuple[tuple[RawCell, ...], ...]:
    letters = column_letters(len(frame.columns))
    values = [list(map(str, frame.columns)), *frame.astype(object).to_numpy().tolist()]
    return tuple(
        tuple(
            _read_cell(f"{name}!{letter}{number}", value)
            for letter, value in zip(letters, row, strict=True)
        )
        for number, row in enumerate(values, start=1)
    )


def _read_cell(where: str, value: Any) -> RawCell:
    if value is None or value is pd.NA or value is pd.NaT:
        return RawCell(None, where)
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and value != value:
        return RawCell(None, where)
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        return RawCell(math.inf, where)
    if isinstance(value, pd.Timestamp):
        return RawCell(_SERIAL_OF_TODAY, where, date=f"{value:%Y-%m-%d}")
    return RawCell(value, where)


_SERIAL_OF_TODAY = 46_000.0
"""Any serial number of a date of our time: a frame's dates are never numbers in disguise."""

_MOST_BITS = 1_023
"""Binary digits of what a float can hold; more are no number that a plan can be made of."""
