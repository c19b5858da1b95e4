"""Text files with separators as rows of texts: encoding, quotation marks, and how much is read."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Final

from cssopt.errors import DataError
from cssopt.workbook.gate.disguise import find_other_format
from cssopt.workbook.gate.file import read_ordinary, refuse

MAX_FILE: Final = 20 * 2**20
MAX_COLUMNS: Final = 1_000
MAX_ROWS: Final = 110_000
"""More than a sweep has points; tables are held by their cells."""
MAX_AREA: Final = 500_000
"""Rows times columns of tables: each becomes a cell with an address, also where it is empty."""
MAX_VALUES: Final = 150_000
"""Rows times columns of a file of points, each of which becomes a change of a run."""
MAX_SEPARATORS: Final = 20_000
"""Separators in one line; the line would be split before anybody counts its cells."""
MAX_STRING: Final = 32_767
"""Characters of a cell, as in Excel."""

SEPARATORS: Final = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
_EXCEL_SEPARATOR = re.compile(
    r'"?sep=([^\w"\r\n])\1{0,999}"?[ ]{0,9}(\r\n|\r|\n|\Z)', re.IGNORECASE
)
"""The first line in which Excel tells the separator; it is no row of the sheet."""

_SAVE = "In Excel choose Save As > 'CSV UTF-8 (Comma delimited)'; in LibreOffice the character set "
SAVE_AS: Final = f"{_SAVE}'Unicode (UTF-8)'."


def read_csv_bytes(path: Path) -> bytes:
    """The bytes of an ordinary file of a size that can be read; DataError where it is none."""
    return read_ordinary(path, MAX_FILE, "Remove it, or rename it.", "Remove what is not input.")


def decode(path: Path, content: bytes) -> str:
    """The text of a file in UTF-8, or in UTF-16 with its mark; DataError for anything else."""
    if content.startswith(b"PK\x03\x04"):
        told = (
            "is not a text file: it looks like a workbook. Give it the ending .xlsx, and name it "
            "in place of the folder."
        )
        raise refuse(path, "E-002", told)
    if other := find_other_format(content):
        what, mend = other
        raise refuse(path, "E-002", f"{what}, not a CSV file. {mend if 'git' in mend else SAVE_AS}")
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        text = f"is not UTF-8 text: line {line} has a letter in another encoding. {SAVE_AS}"
        raise refuse(path, "E-002", text) from error
    if "\0" in text:
        text = f"is not a text file, or one in UTF-16 without a mark. {SAVE_AS}"
        raise refuse(path, "E-002", text)
    return text


def take_separator(text: str) -> tuple[str, str | None]:
    """The text without the line in which Excel tells the separator, and the separator."""
    match = _EXCEL_SEPARATOR.match(text)
    return (text[match.end() :], match[1]) if match else (text, None)


def read_head(text: str, separator: str, count: int) -> list[list[str]]:
    """The first rows of a text, as far as they can be read."""
    rows: list[list[str]] = []
    # What is wrong with the file is told of the separator that is chosen.
    with suppress(csv.Error, _LimitError):
        for _, row in islice(_records(text, separator), count):
            rows.append(row)
    return rows


def find_most(text: str, count: int) -> str:
    """The separator that stands most often in the first lines of a text."""
    head = "".join(islice(io.StringIO(text, newline=""), count))
    return max(SEPARATORS, key=head.count)


class _LimitError(Exception):
    """A file that has more than is read: what, and how much."""


def _records(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """The rows of the text, each with the line on which it begins.

    What a line may cost is known before it is split.
    """

    def lines() -> Iterator[str]:
        for line in io.StringIO(text, newline=""):
            if (count := line.count(separator)) > MAX_SEPARATORS:
                raise _LimitError(f"has {count + 1} columns; at most {MAX_COLUMNS} are read")
            yield line

    begins = 1
    reader = csv.reader(lines(), delimiter=separator, skipinitialspace=True, strict=True)
    for row in reader:
        yield begins, row
        begins = reader.line_num + 1


def read_lines(path: Path, text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line on which it begins, one at a time, so that no number of rows is much.

    Raises DataError for quotation marks that do not match, and for lines of too many columns.
    """
    line = 0
    try:
        for line, row in _records(text, separator):
            yield line, row
    except _LimitError as error:
        raise refuse(path, "E-003", f"{error}.") from error
    except csv.Error as error:
        raise _refuse_quotes(path, line + 1, error) from error


def split_rows(
    path: Path, text: str, separator: str, most_cells: int = MAX_AREA
) -> list[list[str]]:
    """All rows without the empty ones at the end; a row ends with its last separator or value.

    Raises DataError for quotation marks that do not match, and for more than is read.
    """
    rows: list[list[str]] = []
    width = last = 0
    try:
        for _, row in _records(text, separator):
            rows.append(row)
            filled = next((i for i in range(len(row), 0, -1) if row[i - 1]), 0)
            width, last = max(width, filled), len(rows) if filled else last
            _check_size(path, rows, width, filled, most_cells)
    except _LimitError as error:
        raise refuse(path, "E-003", f"{error}.") from error
    except csv.Error as error:
        raise _refuse_quotes(path, len(rows) + 1, error) from error
    del rows[last:]
    return rows


def _check_size(
    path: Path, rows: list[list[str]], width: int, filled: int, most_cells: int
) -> None:
    if width > MAX_COLUMNS:
        raise _LimitError(f"has {width} columns; at most {MAX_COLUMNS} are read")
    if len(rows) > MAX_ROWS:
        raise _LimitError(f"has more than {MAX_ROWS:,} rows. Remove what is not input")
    if len(rows) * width > most_cells:
        raise _LimitError(f"has more than {most_cells:,} cells. Remove what is not input")
    if filled and max(map(len, rows[-1])) > MAX_STRING:
        text = f"has a cell of more than {MAX_STRING:,} characters in row {len(rows)}. Shorten it."
        raise refuse(path, "E-003", text)


def _refuse_quotes(path: Path, row: int, error: csv.Error) -> DataError:
    if "field larger" in str(error):
        why = "a cell there has no end; perhaps a quotation mark is opened and not closed"
    elif "end of data" in str(error):
        why = "a quotation mark is opened there and not closed"
    else:
        why = (
            "behind a quotation mark that ends a cell stands more than a separator; remove it, "
            "or double the mark if it is part of the text"
        )
    return refuse(path, "E-002", f"is not a CSV file: row {row} cannot be read, {why}. Mend it.")
