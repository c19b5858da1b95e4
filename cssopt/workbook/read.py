"""Reading a workbook: raw cells with their addresses, before any typing."""

from __future__ import annotations

from pathlib import Path

from cssopt.tables.raw import RawBook
from cssopt.workbook.book import read_book
from cssopt.workbook.gate.file import open_file


def read_workbook(path: str | Path) -> RawBook:
    """Read every sheet of an .xlsx workbook as raw cells.

    Error values, formulas without a stored value and merged cells are kept as trouble of their
    cell, never turned into blanks; what keeps one sheet from being read is the fault of that sheet.
    Raises DataError where the file cannot be read at all.
    """
    path = Path(path)
    return read_book(open_file(path), path.name)
