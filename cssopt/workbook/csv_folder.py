"""Reading a folder of CSV files, one file per sheet, as raw cells."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.tables.raw import RawBook, RawCell, RawSheet
from cssopt.workbook.address import column_letters

MAX_FILE = 20 * 2**20
MAX_FILES = 200
MAX_COLUMNS = 1_000
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,2})?")
_FLAGS = {"TRUE": True, "FALSE": False}


def read_csv_folder(folder: Path) -> RawBook:
    """Read every .csv file of a folder as a sheet of its name.

    Files are UTF-8, with commas, or with semicolons where the first line has these. A plain number
    is a number, TRUE and FALSE are flags, everything else is a text. Cells are addressed as in a
    spreadsheet (``inventory!B7``). Raises DataError with every file that cannot be read.
    """
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() == ".csv")
    if not files:
        text = "is a folder without .csv files. Name a workbook (.xlsx), or a folder of tables."
        raise DataError([Issue("E-001", folder.name, text)], folder.name)
    if len(files) > MAX_FILES:
        text = f"has {len(files)} .csv files; at most {MAX_FILES} are read."
        raise DataError([Issue("E-003", folder.name, text)], folder.name)
    digest = hashlib.sha256()
    sheets: dict[str, RawSheet] = {}
    issues: list[Issue] = []
    for path in files:
        try:
            content = _read_bytes(path)
            digest.update(path.name.encode() + b"\0" + hashlib.sha256(content).digest())
            sheets[path.stem] = RawSheet(path.stem, tuple(_read_rows(path, content)))
        except DataError as error:
            issues += error.issues
    if issues:
        raise DataError(issues, folder.name)
    return RawBook(folder.name, digest.hexdigest(), sheets)


def read_csv_file(path: Path) -> tuple[tuple[RawCell, ...], ...]:
    """The rows of one .csv file, by the same rules. Raises DataError where it cannot be read."""
    return tuple(_read_rows(path, _read_bytes(path)))


def _read_bytes(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > MAX_FILE:
            limit = f"{MAX_FILE // 2**20} MB"
            raise _refuse(path, "E-003", f"has {size / 2**20:.0f} MB; at most {limit} are read.")
        return path.read_bytes()
    except OSError as error:
        text = f"cannot be read: {error.strerror}. Check your permission."
        raise _refuse(path, "E-001", text) from error


def _read_rows(path: Path, content: bytes) -> Iterator[tuple[RawCell, ...]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refuse(path, "E-002", "is not UTF-8 text. Save it as CSV UTF-8.") from error
    if "\0" in text:
        raise _refuse(path, "E-002", "is not a text file. Save the table as CSV UTF-8.")
    first = text.partition("\n")[0]
    separator = ";" if first.count(";") > first.count(",") else ","
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise _refuse(path, "E-002", f"is not a CSV file ({error}). Save it anew.") from error
    width = max(map(len, rows), default=0)
    if width > MAX_COLUMNS:
        raise _refuse(path, "E-003", f"has {width} columns; at most {MAX_COLUMNS} are read.")
    letters = column_letters(width)
    for number, row in enumerate(rows, start=1):
        cells = row + [""] * (width - len(row))
        yield tuple(
            RawCell(read_plain(cell), f"{path.stem}!{letter}{number}")
            for letter, cell in zip(letters, cells, strict=True)
        )


def read_plain(text: str) -> Any:
    """A plain number as a number, TRUE and FALSE as flags, nothing as None, else the text."""
    if text in _FLAGS:
        return _FLAGS[text]
    if not _NUMBER.fullmatch(text):
        return text or None
    number = float(text)
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


def _refuse(path: Path, code: str, text: str) -> DataError:
    return DataError([Issue(code, path.name, text)], path.name)
