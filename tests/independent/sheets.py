"""Plain sheets: rows by name, blanks told apart from numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl

Sheets = Mapping[str, Sequence[Sequence[Any]]]
"""Rows by sheet, the header row first."""

Row = dict[str, Any]
"""A row by column; blank cells and missing columns are not in it."""


class Book:
    """The rows of every sheet, and the settings by name."""

    def __init__(self, sheets: Sheets):
        self._rows = {name: _read_rows(rows) for name, rows in sheets.items()}
        self.settings: Row = {
            row["name"]: row["value"] for row in self.rows("settings") if "value" in row
        }

    def rows(self, sheet: str) -> list[Row]:
        """The rows of a sheet in their order; none where it is missing."""
        return self._rows.get(sheet, [])

    def keyed(self, sheet: str, *key: str) -> dict[Any, Row]:
        """The rows of a sheet by one column, or by a tuple of several."""
        if len(key) == 1:
            return {row[key[0]]: row for row in self.rows(sheet)}
        return {tuple(row[column] for column in key): row for row in self.rows(sheet)}


def _read_rows(rows: Sequence[Sequence[Any]]) -> list[Row]:
    head = [] if not rows else list(rows[0])
    read = []
    for cells in rows[1:]:
        row = {
            column: cell
            for column, cell in zip(head, cells, strict=False)
            if column is not None and not _is_blank(cell)
        }
        if row:
            read.append(row)
    return read


def _is_blank(cell: Any) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def read_workbook(path: Path) -> dict[str, list[list[Any]]]:
    """The sheets of a workbook whose header stands in the first row of each."""
    book = openpyxl.load_workbook(path, data_only=True, read_only=True)
    sheets = {sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)]
              for sheet in book}  # fmt: skip
    book.close()
    return sheets
