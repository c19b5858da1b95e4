"""One CSV file as a sheet of texts: which columns it has, and how it writes numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice, repeat
from pathlib import Path
from typing import Final

from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.tables.header import SEARCHED_ROWS, Header, find_header, fold_header
from cssopt.tables.numbers import MARKS, UNKNOWN, Mark, NumberStyle, find_mark
from cssopt.tables.raw import ERROR_VALUE, RawCell, RawSheet
from cssopt.tables.spec import Table
from cssopt.workbook.address import column_letters
from cssopt.workbook.csv_rows import (
    MAX_COLUMNS,
    MAX_VALUES,
    SEPARATORS,
    decode,
    find_most,
    read_csv_bytes,
    read_head,
    split_rows,
    take_separator,
)

_ERROR_VALUE = re.compile(r"#[¡¿]?\w{2,12}(/0)? ?[!?]|#N/[AD]|#NV|Err:\d{3}")
"""What spreadsheets write for an error, in their languages: #DIV/0!, #REF!, #WERT!, #NOM?."""

MOST_HEAD: Final = 20_000
"""Characters of the first line that are searched for a separator."""

_STRANGE_ROWS: Final = SEARCHED_ROWS + 50
"""Rows that are kept of a file that is no table: they show whether it could be one."""

_WITHIN = re.compile(r'\[[^\[\]]*\]|"[^"]*"')
_DIGITS = re.compile(r"[+-]?\d+ ?%?")


@dataclass(frozen=True)
class CsvSheet:
    """A CSV file that was read.

    Attributes
    ----------
    sheet: its cells, every one a text or None, with the style of the file.
    separator: what stands between cells. style: how it writes numbers.
    shown: the cell that shows the decimal mark, such as ``members!D2 = 0,015``; empty for none.
    area: rows times columns of the file.
    """

    sheet: RawSheet
    separator: str
    style: NumberStyle
    shown: str = ""
    area: int = 0


NumberCells = Callable[[Sequence[Sequence[str]]], Iterator[tuple[int, int]]]
"""Places (row, column) of the cells that may hold numbers."""


def read_table(path: Path, content: bytes, title: str, table: Table | None) -> CsvSheet:
    """The sheet of a file, under its title.

    Of a file that is no table the first rows are enough. The separator is the one with which a row
    has most of the headers of the table. The decimal mark
    is the one that some number of the file shows; where two numbers show different ones the sheet
    has a fault that names both. Raises DataError where the file cannot be read.
    """
    text, separator = take_separator(decode(path, content))
    separator = separator or _find_separator(text, table)
    rows = split_rows(path, text, separator)
    header = _find_columns(rows, table)
    if header is not None and _has_nameless_numbers(rows, header.row):
        rows[header.row].insert(0, "")
        header = _find_columns(rows, table)
    if table is None:
        area = len(rows) * max(map(len, rows), default=0)
        head = _make(title, rows[:_STRANGE_ROWS], separator, lambda _: iter(()))
        return replace(head, area=area)
    if header is None:
        return _make(title, rows, separator, lambda _: iter(()))
    surplus = _find_surplus(title, rows, header) if separator == "," else None
    found = _make(title, rows, separator, lambda rows: _number_cells(rows, header, table))
    if surplus is None:
        return found
    return replace(found, sheet=replace(found.sheet, fault=surplus))


def read_values(
    path: Path, judge: Callable[[int], None] = lambda _rows: None
) -> tuple[tuple[RawCell, ...], ...]:
    """The rows of a file whose first row says what stands below, each of them a number or text.

    `judge` is told how many rows below have something in them before any is looked into, and may
    raise. Raises DataError where the file cannot be read, or where its numbers have two decimal
    marks.
    """
    text, separator = take_separator(decode(path, read_csv_bytes(path)))
    if separator is None:
        # What a column varies may have commas and semicolons of its own, in brackets.
        head, *below = re.split(r"[\r\n]", text[:MOST_HEAD], maxsplit=1)
        first = _WITHIN.sub("", head)
        separator = max(SEPARATORS, key=first.count)
        cut = "," in head and "," not in "".join(below)
        if cut and not first.count(separator):
            separator = ";"  # one column: a comma in brackets is that of a condition
    rows = split_rows(path, text, separator, MAX_VALUES)
    judge(sum(map(any, rows[1:])))
    found = _make(path.stem, rows, separator, _all_below)
    if found.sheet.fault is not None:
        raise DataError([found.sheet.fault], path.name)
    return found.sheet.rows


def _find_separator(text: str, table: Table | None) -> str:
    """The separator with which a row has most of the headers; else the one that stands most."""
    found = {}
    for separator in SEPARATORS:
        header = _find_columns(read_head(text, separator, SEARCHED_ROWS), table)
        found[separator] = len(header.places) if header is not None else 0
    if not any(found.values()):
        return find_most(text, SEARCHED_ROWS)
    return max(found, key=lambda separator: found[separator])


def _find_columns(rows: list[list[str]], table: Table | None) -> Header | None:
    if table is None:
        return None
    width = min(max(map(len, rows[:SEARCHED_ROWS]), default=0), MAX_COLUMNS)
    head = tuple(
        tuple(RawCell(text or None, "") for text in _filled(row, width))
        for row in rows[:SEARCHED_ROWS]
    )
    return find_header(RawSheet(table.name, head), table)[0]


def _has_nameless_numbers(rows: Sequence[Sequence[str]], head: int) -> bool:
    """True where every row has its number before its first cell, and the header nothing there.

    R's write.table names no column for the numbers of rows, so that all names stand one too far to
    the left.
    """
    below = [row for row in rows[head + 1 :] if any(row)]
    shifted = all(len(row) == len(rows[head]) + 1 for row in below)
    return bool(below) and shifted and all(row[0] == str(i) for i, row in enumerate(below, start=1))


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


def _find_surplus(title: str, rows: list[list[str]], header: Header) -> Issue | None:
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
    text = (
        f"has {cells} cells under {most} headers{others}: a decimal comma makes two cells of "
        "one. Write a decimal point, or put such numbers in quotation marks; or remove the "
        "separators that are too many."
    )
    return Issue("E-113", f"{title}!{number}:{number}", text)


def _are_digits(*texts: str) -> bool:
    return all(_DIGITS.fullmatch(text.strip()) for text in texts)


def _make(title: str, rows: list[list[str]], separator: str, places: NumberCells) -> CsvSheet:
    width = max((i for row in rows for i in range(len(row), 0, -1) if row[i - 1]), default=0)
    letters = column_letters(width)
    first: dict[Mark, str] = {}
    seen: Counter[Mark] = Counter()
    commas = False
    for i, j in places(rows):
        text = rows[i][j]
        if "," in text or "." in text:
            commas = commas or "," in text
            mark = find_mark(text)
            if mark is not None:
                seen[mark] += 1
                if mark not in first:
                    first[mark] = f"{title}!{letters[j]}{i + 1} = {text.strip()}"
    fault = _tell_two_marks(first, seen) if len(seen) > 1 else None
    style = UNKNOWN
    if len(seen) == 1:
        style = NumberStyle(next(iter(seen)))
    elif not seen and separator == "," and not commas:
        # Between commas a decimal comma needs quotation marks; without any the point is the mark.
        style = NumberStyle(".")
    sheet = RawSheet(title, _cells(title, rows, letters, style), fault=fault)
    return CsvSheet(sheet, separator, style, next(iter(first.values()), ""), len(rows) * width)


def _tell_two_marks(first: Mapping[Mark, str], seen: Mapping[Mark, int]) -> Issue:
    comma, point = (first[mark] + _count_others(seen[mark]) for mark in MARKS)
    where, _, shown = comma.partition(" = ")
    text = (
        f"{shown} has a decimal comma, {point} a decimal point: a file writes all its numbers "
        "in one way. Correct those that are wrong."
    )
    return Issue("E-112", where, text)


def _count_others(cells: int) -> str:
    others = cells - 1
    return f" (and {others} other{'s' if others > 1 else ''})" if others else ""


def _cells(
    title: str, rows: list[list[str]], letters: Sequence[str], style: NumberStyle
) -> tuple[tuple[RawCell, ...], ...]:
    width = len(letters)
    return tuple(
        tuple(
            RawCell(text or None, f"{title}!{letter}{number}", _trouble(text), style=style)
            for letter, text in zip(letters, _filled(row, width), strict=True)
        )
        for number, row in enumerate(rows, start=1)
    )


def _filled(row: Sequence[str], width: int) -> Iterator[str]:
    """The first cells of a row, empty ones where it is shorter."""
    return islice(chain(row, repeat("")), width)


def _trouble(text: str) -> str:
    return ERROR_VALUE if text[:1] in ("#", "E") and _ERROR_VALUE.fullmatch(text) else ""
