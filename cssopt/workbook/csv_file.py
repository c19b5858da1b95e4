"""One CSV file as a sheet of texts: its encoding, its separator, and how it writes numbers."""

from __future__ import annotations

import csv
import io
import re
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, islice, repeat
from pathlib import Path
from typing import Final

from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.tables.header import SEARCHED_ROWS, Header, find_header, fold_header
from cssopt.tables.numbers import MARKS, UNKNOWN, Mark, NumberStyle, find_mark
from cssopt.tables.raw import RawCell, RawSheet
from cssopt.tables.spec import Table
from cssopt.workbook.address import column_letters

MAX_FILE: Final = 20 * 2**20
MAX_COLUMNS: Final = 1_000
MAX_ROWS: Final = 50_000
MAX_AREA: Final = 500_000
"""Rows times columns: each becomes a cell with an address, also where it is empty."""
MAX_SEPARATORS: Final = 20_000
"""Separators in one line; the line would be split before anybody counts its cells."""
MAX_STRING: Final = 32_767
"""Characters of a cell, as in Excel."""

SEPARATORS: Final = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
_EXCEL_SEPARATOR = re.compile(
    r'"?sep=([^\w"\r\n])\1{0,999}"?[ ]{0,9}(\r\n|\r|\n|\Z)', re.IGNORECASE
)
"""The first line in which Excel tells the separator; it is no row of the sheet."""

_ERROR_VALUE = re.compile(r"#(?:[A-ZÄÖÜÉ]{2,12}[!?]|DIV/0!|N/A|NV)")
_DIGITS = re.compile(r"[+-]?\d+")
_SAVE = "In Excel choose Save As > 'CSV UTF-8 (Comma delimited)'; in LibreOffice the character set "
SAVE_AS: Final = f"{_SAVE}'Unicode (UTF-8)'."


@dataclass(frozen=True)
class CsvSheet:
    """A CSV file that was read.

    Attributes
    ----------
    sheet: its cells, every one a text or None, with the style of the file.
    separator: what stands between cells. style: how it writes numbers.
    shown: the cell that shows the decimal mark, such as ``members!D2 = 0,015``; empty for none.
    """

    sheet: RawSheet
    separator: str
    style: NumberStyle
    shown: str = ""


NumberCells = Callable[[Sequence[Sequence[str]]], Iterator[tuple[int, int]]]
"""Places (row, column) of the cells that may hold numbers."""


def read_csv_bytes(path: Path) -> bytes:
    """The bytes of an ordinary file of a size that can be read; DataError where it is none."""
    try:
        state = path.stat()
        if not stat.S_ISREG(state.st_mode):
            raise refuse(path, "E-001", "is not an ordinary file. Remove it, or rename it.")
        if state.st_size > MAX_FILE:
            size = f"has {state.st_size / 2**20:.0f} MB; at most {MAX_FILE // 2**20} MB are read."
            raise refuse(path, "E-003", size)
        return path.read_bytes()
    except OSError as error:
        text = f"cannot be read: {error.strerror}. Check your permission."
        raise refuse(path, "E-001", text) from error


def read_table(path: Path, content: bytes, tables: Mapping[str, Table]) -> CsvSheet:
    """The sheet of a file: its table is the one of its name.

    The separator is the one with which a row has most of the declared headers. The decimal mark is
    the one that some number of the file shows; where two numbers show different ones the sheet has
    a fault that names both. Raises DataError where the file cannot be read.
    """
    text = _decode(path, content)
    table = tables.get(fold_header(path.stem))
    text, separator = _take_separator(text)
    if separator is None:
        separator = _find_separator(path, text, table)
    rows = _split(path, text, separator)
    header = _find_columns(path, rows, table)
    if table is None or header is None:
        return _make(path, rows, separator, lambda _: iter(()))
    surplus = _find_surplus(path, rows, header) if separator == "," else None
    found = _make(path, rows, separator, lambda rows: _number_cells(rows, header, table))
    if surplus is None:
        return found
    return CsvSheet(_with_fault(found.sheet, surplus), separator, found.style, found.shown)


def read_values(path: Path) -> tuple[tuple[RawCell, ...], ...]:
    """The rows of a file whose first row says what stands below, each of them a number or text.

    Raises DataError where it cannot be read, or where its numbers have two decimal marks.
    """
    text, separator = _take_separator(_decode(path, read_csv_bytes(path)))
    if separator is None:
        # What a column varies may have commas and semicolons of its own, in brackets.
        first = re.sub(r'\[[^\]]*\]|"[^"]*"', "", text.partition("\n")[0])
        separator = max(SEPARATORS, key=first.count)
    rows = _split(path, text, separator)
    found = _make(path, rows, separator, _all_below)
    if found.sheet.fault is not None:
        raise DataError([found.sheet.fault], path.name)
    return found.sheet.rows


def refuse(path: Path, code: str, text: str) -> DataError:
    """The error of a file."""
    return DataError([Issue(code, path.name, text)], path.name)


def _decode(path: Path, content: bytes) -> str:
    if content.startswith(b"PK\x03\x04"):
        text = (
            "is not a text file: it looks like a workbook. Give it the ending .xlsx, and name it "
        )
        raise refuse(path, "E-002", f"{text}in place of the folder.")
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


def _take_separator(text: str) -> tuple[str, str | None]:
    """The text without the line in which Excel tells the separator, and the separator."""
    match = _EXCEL_SEPARATOR.match(text)
    return (text[match.end() :], match[1]) if match else (text, None)


def _find_separator(path: Path, text: str, table: Table | None) -> str:
    """The separator with which a row has most of the headers; else the one that stands most."""
    found = {mark: _count_headers(path, text, mark, table) for mark in SEPARATORS if table}
    if any(found.values()):
        return max(found, key=lambda mark: found[mark])
    head = "".join(islice(io.StringIO(text, newline=""), SEARCHED_ROWS))
    return max(SEPARATORS, key=head.count)


def _count_headers(path: Path, text: str, separator: str, table: Table | None) -> int:
    rows: list[list[str]] = []
    # What is wrong with the file is told of the separator that is chosen.
    with suppress(csv.Error, _LimitError):
        for row in islice(_records(text, separator), SEARCHED_ROWS):
            rows.append(row)
    header = _find_columns(path, rows, table)
    return len(header.places) if header is not None else 0


class _LimitError(Exception):
    """A file that has more than is read: what, and how much."""


def _records(text: str, separator: str) -> Iterator[list[str]]:
    """The rows of the text; what a line may cost is known before it is split."""

    def lines() -> Iterator[str]:
        for line in io.StringIO(text, newline=""):
            if (count := line.count(separator)) > MAX_SEPARATORS:
                raise _LimitError(f"has {count + 1} columns; at most {MAX_COLUMNS} are read")
            yield line

    return csv.reader(lines(), delimiter=separator, skipinitialspace=True, strict=True)


def _split(path: Path, text: str, separator: str) -> list[list[str]]:
    """All rows without the empty ones at the end; a row ends with its last separator or value."""
    rows: list[list[str]] = []
    width = last = 0
    try:
        for row in _records(text, separator):
            rows.append(row)
            filled = next((i for i in range(len(row), 0, -1) if row[i - 1]), 0)
            width, last = max(width, filled), len(rows) if filled else last
            _check_size(path, rows, width, filled)
    except _LimitError as error:
        raise refuse(path, "E-003", f"{error}.") from error
    except csv.Error as error:
        raise _refuse_quotes(path, len(rows) + 1, error) from error
    del rows[last:]
    return rows


def _check_size(path: Path, rows: list[list[str]], width: int, filled: int) -> None:
    if width > MAX_COLUMNS:
        raise _LimitError(f"has {width} columns; at most {MAX_COLUMNS} are read")
    if len(rows) > MAX_ROWS:
        raise _LimitError(f"has more than {MAX_ROWS:,} rows. Remove what is not input")
    if len(rows) * width > MAX_AREA:
        raise _LimitError(f"has more than {MAX_AREA:,} cells. Remove what is not input")
    if filled and max(map(len, rows[-1])) > MAX_STRING:
        text = f"has a cell of more than {MAX_STRING:,} characters. Shorten it."
        raise DataError([Issue("E-024", f"{path.stem}!{len(rows)}:{len(rows)}", text)], path.name)


def _refuse_quotes(path: Path, row: int, error: csv.Error) -> DataError:
    if "field larger" in str(error) or "end of data" in str(error):
        why = "a quotation mark is opened there and not closed"
    else:
        why = "a quotation mark stands inside a cell; it must be doubled there"
    return refuse(path, "E-002", f"is not a CSV file: row {row} cannot be read, {why}. Mend it.")


def _find_columns(path: Path, rows: list[list[str]], table: Table | None) -> Header | None:
    if table is None:
        return None
    width = min(max(map(len, rows[:SEARCHED_ROWS]), default=0), MAX_COLUMNS)
    head = tuple(
        tuple(RawCell(text or None, path.stem) for text in _filled(row, width))
        for row in rows[:SEARCHED_ROWS]
    )
    return find_header(RawSheet(path.stem, head), table)[0]


def _number_cells(
    rows: Sequence[Sequence[str]], header: Header, table: Table
) -> Iterator[tuple[int, int]]:
    """The cells below the header whose columns (of settings: rows) hold numbers."""
    kinds = {column.name: column.kind for column in table.columns}
    numeric = {name for name, kind in kinds.items() if kind in ("number", "whole", "any")}
    places = [place for name, place in header.places.items() if name in numeric]
    label, value = header.places.get("name", 0), header.places.get("value", 0)
    for position in range(header.row + 1, len(rows)):
        row = rows[position]
        if not table.vertical:
            yield from ((position, place) for place in places if place < len(row))
        elif max(label, value) < len(row) and fold_header(row[label]) in numeric:
            yield position, value


def _all_below(rows: Sequence[Sequence[str]]) -> Iterator[tuple[int, int]]:
    return ((i, j) for i, row in enumerate(rows) if i for j in range(len(row)))


def _find_surplus(path: Path, rows: list[list[str]], header: Header) -> Issue | None:
    """A row with more cells than the header, where an unquoted decimal comma may have made two.

    Such rows lose the cells that are too many. Empty ones at the end are only separators where no
    two whole numbers stand side by side.
    """
    most = len(rows[header.row])
    wrong = []
    for position in range(header.row + 1, len(rows)):
        row = rows[position]
        if len(row) > most and any(map(_are_digits, row, row[1:])):
            wrong.append((position + 1, len(row)))
            del row[most:]
    if not wrong:
        return None
    number, cells = wrong[0]
    others = f" (and {len(wrong) - 1} more rows)" if len(wrong) > 1 else ""
    text = f"has {cells} cells under {most} headers{others}: a decimal comma makes two cells of "
    text += "one. Write a decimal point, or put such numbers in quotation marks; or remove the "
    return Issue("E-113", f"{path.stem}!{number}:{number}", f"{text}separators that are too many.")


def _are_digits(*texts: str) -> bool:
    return all(_DIGITS.fullmatch(text.strip()) for text in texts)


def _make(path: Path, rows: list[list[str]], separator: str, places: NumberCells) -> CsvSheet:
    width = max((i for row in rows for i in range(len(row), 0, -1) if row[i - 1]), default=0)
    letters = column_letters(width)
    seen: dict[Mark, list[str]] = {}
    commas = False
    for i, j in places(rows):
        text = rows[i][j]
        if "," in text or "." in text:
            commas = commas or "," in text
            mark = find_mark(text)
            if mark is not None:
                seen.setdefault(mark, []).append(
                    f"{path.stem}!{letters[j]}{i + 1} = {text.strip()}"
                )
    fault = _tell_two_marks(seen) if len(seen) > 1 else None
    style = UNKNOWN
    if len(seen) == 1:
        style = NumberStyle(next(iter(seen)))
    elif not seen and separator == "," and not commas:
        # Between commas a decimal comma needs quotation marks; without any the point is the mark.
        style = NumberStyle(".")
    sheet = RawSheet(path.stem, _cells(path.stem, rows, letters, style), fault=fault)
    return CsvSheet(sheet, separator, style, next(iter(seen.values()), [""])[0])


def _tell_two_marks(seen: Mapping[Mark, Sequence[str]]) -> Issue:
    comma, point = (cells[0] + _count_others(cells) for cells in map(seen.__getitem__, MARKS))
    where, _, shown = comma.partition(" = ")
    text = f"{shown} has a decimal comma, {point} a decimal point: a file writes all its numbers "
    return Issue("E-112", where, f"{text}in one way. Correct those that are wrong.")


def _count_others(cells: Sequence[str]) -> str:
    others = len(cells) - 1
    return f" (and {others} other{'s' if others > 1 else ''})" if others else ""


def _cells(
    stem: str, rows: list[list[str]], letters: Sequence[str], style: NumberStyle
) -> tuple[tuple[RawCell, ...], ...]:
    width = len(letters)
    return tuple(
        tuple(
            RawCell(text or None, f"{stem}!{letter}{number}", _trouble(text), style=style)
            for letter, text in zip(letters, _filled(row, width), strict=True)
        )
        for number, row in enumerate(rows, start=1)
    )


def _filled(row: Sequence[str], width: int) -> Iterator[str]:
    """The first cells of a row, empty ones where it is shorter."""
    return islice(chain(row, repeat("")), width)


def _trouble(text: str) -> str:
    return "an error value" if text[:1] == "#" and _ERROR_VALUE.fullmatch(text) else ""


def _with_fault(sheet: RawSheet, fault: Issue) -> RawSheet:
    return RawSheet(sheet.name, sheet.rows, fault=fault)
