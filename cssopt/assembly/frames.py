"""Pandas frames as raw cells, so that they pass the same checks as a workbook; and back."""

from __future__ import annotations

import datetime
import decimal
import hashlib
import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.tables.data import Data, TableData
from cssopt.tables.raw import RawBook, RawCell, RawSheet
from cssopt.workbook.address import column_letters
from cssopt.workbook.gate.limits import MAX_CELLS, MAX_COLUMNS, MAX_ROWS

if TYPE_CHECKING:
    import pandas as pd

SOURCE = "frames"


@runtime_checkable
class DataFrame(Protocol):
    """A frame of pandas, told by what is read of it: pandas is loaded only where there is one."""

    index: Any
    columns: Any

    def reset_index(self, *args: Any, **how: Any) -> Any:
        """The same, with its index among its columns."""


def read_frames(frames: Mapping[str, Any]) -> RawBook:
    """Read one frame per table. The index counts only where it has names.

    A missing value (nan, None, NaT) is a blank cell. Cells are addressed as if the frame stood in a
    sheet under its header in row 1: ``inventory!B7`` is in the sixth row of frame `inventory`. A
    frame may be as large as a sheet. Raises DataError for what is no frame.
    """
    import pandas as pd

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
        flat = frame.reset_index(allow_duplicates=True) if named else frame
        if (fault := _find_fault(str(name), flat)) is not None:
            sheets[str(name)] = RawSheet(str(name), (), fault=fault)
            digest.update(repr((name, flat.shape)).encode())
            continue
        rows = _read_rows(str(name), flat)
        digest.update(repr((name, [[cell.value for cell in row] for row in rows])).encode())
        sheets[str(name)] = RawSheet(str(name), rows)
    return RawBook(SOURCE, digest.hexdigest(), sheets)


def _find_fault(name: str, frame: pd.DataFrame) -> Issue | None:
    """That a frame is too large to be looked into, as a sheet of its size would be."""
    rows, columns = frame.shape
    if rows <= MAX_ROWS and columns <= MAX_COLUMNS and rows * columns <= MAX_CELLS:
        return None
    text = (
        f"has {rows:,} rows and {columns:,} columns; at most {MAX_ROWS:,} rows, {MAX_COLUMNS:,} "
        f"columns and {MAX_CELLS:,} cells are read. Remove what is not input."
    )
    return Issue("E-024", name, text)


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
    import numpy as np
    import pandas as pd

    if value is None or value is pd.NA or value is pd.NaT:
        return RawCell(None, where)
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and value != value:
        return RawCell(None, where)
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        return RawCell(math.inf, where)
    if isinstance(value, decimal.Decimal):
        return RawCell(float(value) if value.is_finite() else None, where)
    if isinstance(value, datetime.date):  # and what is made of it: of datetime, of pandas
        return RawCell(_SERIAL_OF_TODAY, where, date=f"{value:%Y-%m-%d}")
    return RawCell(value, where)


_SERIAL_OF_TODAY = 46_000.0
"""Any serial number of a date of our time: a frame's dates are never numbers in disguise."""

_MOST_BITS = 1_023
"""Binary digits of what a float can hold; more are no number that a plan can be made of."""


def make_frames(data: Data) -> dict[str, pd.DataFrame]:
    """The tables as frames by the names of their sheets, in plain columns.

    A sheet with one value a row, such as settings, has the columns name and value. What the sheet
    left blank has what blank means, and nothing (None or nan) where that is no value of its own.
    """
    return {name: _make_frame(table) for name, table in data.tables.items()}


def _make_frame(table: TableData) -> pd.DataFrame:
    import pandas as pd

    if table.spec.vertical:
        values = [(name, column.get(None)) for name, column in table.columns.items()]
        return pd.DataFrame(values, columns=["name", "value"], dtype=object)
    names = [column.name for column in table.spec.columns]
    rows = [[row[name] for name in names] for row in table.records()]
    return pd.DataFrame(rows, columns=names)
