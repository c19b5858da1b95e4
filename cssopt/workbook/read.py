"""Reading a workbook: raw cells with their addresses, before any typing."""

from __future__ import annotations

import hashlib
import io
import warnings
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.utils.datetime import to_excel

from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.tables.raw import MERGED, RawBook, RawCell, RawSheet
from cssopt.workbook.address import column_letters
from cssopt.workbook.gate import check_file

MAX_CELLS = 2_000_000
"""Cells of one sheet, empty ones within its used range included."""


def read_workbook(path: str | Path) -> RawBook:
    """Read every sheet of an .xlsx workbook as raw cells.

    Error values, formulas without a stored value and merged cells are kept as trouble of their
    cell, never turned into blanks. Raises DataError where the file cannot be read at all.
    """
    path = Path(path)
    content = check_file(path)
    try:
        with warnings.catch_warnings():
            # openpyxl warns of styles and extensions that it drops; inputs need none of them.
            warnings.simplefilter("ignore")
            stored = load_workbook(io.BytesIO(content), data_only=True, keep_links=False)
            written = load_workbook(io.BytesIO(content), data_only=False, keep_links=False)
    except MemoryError:
        raise
    except Exception as error:
        text = f"cannot be read ({type(error).__name__}). Open it in Excel and save it anew as "
        raise DataError([Issue("E-002", path.name, f"{text}.xlsx.")], path.name) from error
    sheets = {
        title: _read_sheet(title, stored[title], written[title])
        for title in (sheet.title for sheet in stored.worksheets)
    }
    return RawBook(path.name, hashlib.sha256(content).hexdigest(), sheets)


def _read_sheet(title: str, stored: Any, written: Any) -> RawSheet:
    if stored.max_row * stored.max_column > MAX_CELLS:
        text = f"spans {stored.max_row} rows and {stored.max_column} columns. Delete the unused "
        raise DataError([Issue("E-003", title, f"{text}rows and columns, and save it anew.")])
    hidden_rows = frozenset(
        number - 1
        for number, dimension in written.row_dimensions.items()
        if dimension.hidden and number <= stored.max_row
    )
    epoch = stored.parent.epoch
    letters = column_letters(stored.max_column)
    rows = []
    for number, (values, formulas) in enumerate(
        zip(stored.iter_rows(), written.iter_rows(), strict=True), start=1
    ):
        rows.append(
            tuple(
                _read_cell(f"{title}!{letter}{number}", cell, formula, epoch)
                for letter, cell, formula in zip(letters, values, formulas, strict=True)
            )
        )
    hidden = written.sheet_state != "visible"
    return RawSheet(title, tuple(rows), hidden, hidden_rows)


def _read_cell(where: str, cell: Any, formula: Any, epoch: datetime) -> RawCell:
    """One cell; a number that is shown as a date comes as the number, with the date beside it."""
    value, date = cell.value, ""
    if isinstance(value, datetime | time | timedelta):
        date = f"{value:%Y-%m-%d}" if isinstance(value, datetime) else str(value)
        value = float(to_excel(value, epoch))  # type: ignore[no-untyped-call]
    return RawCell(value, where, _trouble(cell, formula), date, formula.data_type == "f")


def _trouble(cell: Any, formula: Any) -> str:
    if isinstance(cell, MergedCell):
        return MERGED
    if cell.data_type == "e":
        return "an error value"
    if formula.data_type == "f" and cell.value is None:
        return "a formula without a stored value"
    return ""
