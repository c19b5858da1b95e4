"""A file of numbers with a name each, CSV or JSON: coalitions and values, claimants and claims."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Final

from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.tables.convert import quote
from cssopt.tables.header import fold_header
from cssopt.tables.nearest import find_doubled, nearest_name
from cssopt.tables.numbers import (
    UNKNOWN,
    AmbiguousNumberError,
    Mark,
    NumberStyle,
    find_mark,
    find_meant,
    read_number,
)
from cssopt.tables.tidy import show_line, tidy_text
from cssopt.workbook.csv_rows import (
    SEPARATORS,
    decode,
    find_most,
    read_head,
    read_lines,
    take_separator,
)
from cssopt.workbook.gate.file import read_ordinary, refuse

MAX_FILE: Final = 200 * 2**20
"""The coalitions of 22 players, as letters, have 90 MB."""
MOST_TOLD: Final = 100
LARGEST: Final = 1e99
"""Sums and products of values stay numbers."""

_PLAIN = re.compile(r"[+-]?[0-9]{1,400}(\.[0-9]{1,400})?([eE][+-]?[0-9]{1,4})?")
_REMARKS: Final = ("title", "name", "note", "source", "unit")
"""What JSON may have for people; it is not read."""
_POINT: Final = NumberStyle(".")
_SOME_DIGIT = re.compile(r"^[^eE]*[1-9]")
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*+"(\s*+:)?|[\[\]{}]')
"""A text of JSON, with the colon that makes it a name; or what begins or ends a list or object."""


@dataclass(frozen=True)
class Layout:
    """How a file is laid out.

    Attributes
    ----------
    file: what it is, as ``a game``. name, number: its columns in CSV.
    numbers: the object of JSON that holds them. further: what else JSON may hold.
    example: of JSON. may_list: True where its numbers may be a list without names.
    """

    file: str
    name: str
    number: str
    numbers: str
    further: tuple[str, ...]
    example: str
    may_list: bool = False


@dataclass
class NumberFile:
    """What a file says, and what is wrong with it.

    Attributes
    ----------
    file: its name, as messages have it. names: tidied. numbers: NaN where an issue is told of it.
    further: what else a JSON file holds, by its name.
    find_lines: the line of each name; asked only where something is wrong.
    """

    file: str
    names: list[str] = field(default_factory=list)
    numbers: list[float] = field(default_factory=list)
    further: dict[str, Any] = field(default_factory=dict)
    find_lines: Callable[[], list[int]] = list
    _told: list[tuple[int, Issue]] = field(default_factory=list)

    @cached_property
    def lines(self) -> list[int]:
        """The line of each name; empty where they stand in a list."""
        return self.find_lines()

    def where(self, place: int) -> str:
        """Where a name stands."""
        at = f"line {self.lines[place]}" if place < len(self.lines) else f"number {place + 1}"
        return f"{self.file} {at}"

    def tell(self, code: str, place: int | None, text: str) -> None:
        """Note what is wrong with a name or number, by its place, or with the file."""
        where = self.file if place is None else self.where(place)
        self._told.append((-1 if place is None else place, Issue(code, where, text)))

    def check(self) -> None:
        """DataError with all that is wrong, by line; of many issues the first, and their number."""
        told = [issue for _, issue in sorted(self._told, key=lambda each: each[0])]
        if (more := len(told) - MOST_TOLD) > 0:
            text = f"has {more:,} more issues. Mend these first."
            told = [*told[:MOST_TOLD], Issue(told[-1].code, self.file, text)]
        if told:
            raise DataError(told, self.file)

    def add(self, name: str, value: float | str) -> None:
        """Add a name, tidied, with its number or with what is wrong with that."""
        # Of millions of names nearly all are letters, with nothing to tidy.
        self.names.append(name if name.isascii() and name.isalnum() else tidy_text(name))
        self.numbers.append(value if isinstance(value, float) else math.nan)
        if isinstance(value, str):
            code, _, text = value.partition(" ")
            self.tell(code, len(self.names) - 1, text)


def read_number_file(path: Path, layout: Layout) -> NumberFile:
    """The names and numbers of a file; DataError where nothing of it can be read.

    It is JSON where it ends with ``.json`` or begins with a brace, else CSV. Single numbers that
    cannot be read are issues of the result.
    """
    if path.is_dir():
        raise refuse(path, "E-001", f"is a folder. Name a file of {layout.file}, CSV or JSON.")
    other = f"Name a file of {layout.file}, CSV or JSON."
    content = read_ordinary(path, MAX_FILE, other, "Remove what is no input.")
    if content.startswith(b"PK\x03\x04"):
        text = f"is a workbook or an archive, not {layout.file} in CSV or JSON. Save it as CSV."
        raise refuse(path, "E-002", text)
    text = decode(path, content)
    if not text.strip():
        raise refuse(path, "E-002", f"is empty. {other}")
    file = NumberFile(show_line(path.name))
    if path.suffix.lower() == ".json" or text.lstrip().startswith("{"):
        _JsonReader(path, layout, text, file).read()
    else:
        _read_csv(path, layout, text, file)
    return file


# --- CSV


def _read_csv(path: Path, layout: Layout, text: str, file: NumberFile) -> None:
    body, told = take_separator(text)
    separator = told or _find_separator(body, layout)
    rows = read_lines(path, body, separator)
    skipped = 1 if told else 0
    line, head = next(((line, row) for line, row in rows if any(row)), (1, []))
    places = _find_columns(head, layout, f"line {line + skipped}", file)
    names: list[str] = []
    texts: list[str] = []
    lines: list[int] = []
    long: dict[int, int] = {}
    width, of_name, of_number = len(head), *places
    for line, row in rows:
        if len(row) > width and any(map(str.strip, row[width:])):
            long[len(names)] = len(row)
        elif len(row) != width or not row[of_number]:
            if not any(map(str.strip, row)):
                continue
            row += [""] * (width - len(row))
        names.append(row[of_name])
        texts.append(row[of_number].strip())
        lines.append(line + skipped)
    file.find_lines = lambda: lines
    style = _find_style(texts, separator, file)
    for place, (name, text) in enumerate(zip(names, texts, strict=True)):
        if place in long:
            fault = (
                f"E-113 has {long[place]} cells under {len(head)} headers: a decimal comma makes "
                "two cells of one. Write a decimal point, or put the number in quotation marks."
            )
            file.add(name, fault)
        else:
            file.add(name, _read_number(text, layout.number, style))


def _find_separator(text: str, layout: Layout) -> str:
    """The separator with which the first row has most of the columns; else what stands most."""

    def count(separator: str) -> int:
        head = next(filter(any, read_head(text, separator, 20)), [])
        return len({layout.name, layout.number} & set(map(fold_header, head)))

    best = max(SEPARATORS, key=count)
    return best if count(best) else find_most(text, 20)


def _find_columns(head: Sequence[str], layout: Layout, at: str, file: NumberFile) -> list[int]:
    """Places of the names and of the numbers; DataError where they have no columns."""
    wanted = [layout.name, layout.number]
    titles = [fold_header(title) for title in head]
    if missing := [title for title in wanted if title not in titles]:
        text = (
            f"has no column {' and no column '.join(missing)}: {at} is {quote(','.join(head))}. "
            f"Write {','.join(wanted)} there, or in a line above."
        )
        file.tell("E-556", None, text)
        file.check()
    for title in filter(None, dict.fromkeys(titles)):
        if title not in wanted or titles.count(title) > 1:
            times = "" if title not in wanted else " twice"
            text = (
                f"has in {at} the column {quote(title)}{times}; {layout.file} has "
                f"{' and '.join(wanted)}. Remove it."
            )
            file.tell("E-556", None, text)
    return [titles.index(title) for title in wanted]


def _find_style(texts: Sequence[str], separator: str, file: NumberFile) -> NumberStyle:
    """How the file writes numbers; two ways are an issue that names a line of each."""
    if separator == "," and not any("," in text for text in texts):
        # Between commas a decimal comma needs quotation marks; without any the point is the mark.
        return _POINT
    first: dict[Mark, int] = {}
    for place, text in enumerate(texts):
        if ("," in text or "." in text) and (mark := find_mark(text)):
            first.setdefault(mark, place)
    if len(first) == 2:
        comma, point = first[","], first["."]
        text = (
            f"{quote(texts[comma])} has a decimal comma, {quote(texts[point])} in "
            f"{file.where(point)} a decimal point: a file writes all its numbers in one way. "
            "Correct those that are wrong."
        )
        file.tell("E-112", comma, text)
    return NumberStyle(next(iter(first))) if len(first) == 1 else UNKNOWN


def _read_number(text: str, column: str, style: NumberStyle) -> float | str:
    """The number that a text means, or a code and what is wrong with it."""
    number: float | None = None
    if is_plain := style.decimal == "." and _PLAIN.fullmatch(text) is not None:
        number = float(text)
        if 0 < abs(number) < LARGEST:
            return number
    if not text:
        return f"E-101 {column} is blank. Write the number; 0 is a value, a blank is not."
    said = f"{column} = {quote(text)}"
    if not is_plain and not text.endswith("%"):
        try:
            number = read_number(text, style)
        except AmbiguousNumberError as error:
            thousand, fraction = error.readings
            return f"E-107 {said} can mean {error}. Write {thousand}, or {fraction}0."
    if number is None and _PLAIN.fullmatch(text.replace(",", ".", 1)):
        number = float(text.replace(",", ".", 1))  # beyond what numbers can be, which is told next
    if number is None:
        meant = find_meant(text, style)
        why = f": {meant.reason}" if meant else ""
        return f"E-102 {said} is text, not a number{why}. Write the plain number."
    if number == 0 and _SOME_DIGIT.search(text):
        return f"E-102 {said} is too near to nothing to be told from it. Write 0, or correct it."
    if abs(number) >= LARGEST:
        return f"E-102 {said} is no number below 1e99. Correct it."
    return number + 0.0


# --- JSON


class _Pairs(list[tuple[str, Any]]):
    """An object of JSON with all its names, also those that stand twice."""


class _Digits(str):
    """A number of JSON as it is written."""

    __slots__ = ()


@dataclass
class _JsonReader:
    path: Path
    layout: Layout
    text: str
    file: NumberFile

    def read(self) -> None:
        whole = self._parse()
        layout = self.layout
        if not isinstance(whole, _Pairs):
            raise self._refuse(f"holds no object in braces. It is laid out as {layout.example}")
        known = (layout.numbers, *layout.further)
        for name in find_doubled(name for name, _ in whole):
            self.file.tell("E-555", None, f"has {quote(name)} twice. Remove one of them.")
        for name, value in whole:
            if name in known:
                self.file.further[name] = value
            elif name not in _REMARKS:
                mend = nearest_name(name, known) or " Remove it."
                text = f"has {quote(name)}, which is no part of {layout.file}.{mend}"
                self.file.tell("E-555", None, text)
        numbers = self.file.further.pop(layout.numbers, None)
        if isinstance(numbers, _Pairs):
            pairs: Iterator[tuple[str, Any]] = iter(numbers)
            self.file.find_lines = partial(_find_lines, self.text, layout.numbers)
        elif isinstance(numbers, list) and layout.may_list:
            pairs = ((str(i), value) for i, value in enumerate(numbers, start=1))
        else:
            text = f"has no object {quote(layout.numbers)}. It is laid out as {layout.example}"
            self.file.tell("E-555", None, text)
            return
        for name, value in pairs:
            self.file.add(name, read_json_number(value, layout.number))

    def _parse(self) -> Any:
        try:
            return json.loads(
                self.text,
                object_pairs_hook=_Pairs,
                parse_int=_Digits,
                parse_float=_Digits,
                parse_constant=_Digits,
            )
        except RecursionError as error:
            raise self._refuse("has lists too deep in one another. Write them flat.") from error
        except json.JSONDecodeError as error:
            raise self._refuse(f"is no JSON: line {error.lineno}, {error.msg}. Mend it.") from error

    def _refuse(self, text: str) -> DataError:
        return refuse(self.path, "E-555", text)


def read_json_number(value: object, name: str) -> float | str:
    """A number of JSON, or a code and what is wrong with it."""
    if isinstance(value, _Digits):
        return _read_number(value, name, _POINT)
    kinds = {str: f"the text {quote(value)}", bool: "true or false", type(None): "null"}
    what = kinds.get(type(value), "a list or an object")
    return f"E-102 {name} is {what}, not a number. Write the plain number, without quotation marks."


def _find_lines(text: str, name: str) -> list[int]:
    """The line of each name of an object that stands in the outermost one under this name."""
    lines: list[int] = []
    depth, line, counted, inside = 0, 1, 0, False
    for token in _TOKEN.finditer(text):
        sign = token[0]
        if sign in "{[":
            depth += 1
        elif sign in "}]":
            depth -= 1
        elif token[1] and depth == 1:
            inside = not lines and json.loads(sign[: -len(token[1])]) == name
        elif token[1] and depth == 2 and inside:
            line += text.count("\n", counted, token.start())
            counted = token.start()
            lines.append(line)
    return lines
