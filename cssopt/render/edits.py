"""What was changed by hand in a file of a report: every place where it is not as it was written."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from html.parser import HTMLParser
from pathlib import Path
from typing import Any, Final

from cssopt.language import phrase, write_count
from cssopt.solution.plain import is_number
from cssopt.tables.raw import RawCell
from cssopt.workbook.book import read_formulas
from cssopt.workbook.formulas import ShownFormula
from cssopt.workbook.gate.file import open_file
from cssopt.workbook.read import read_workbook

_SAME: Final = 1e-9
"""Relative difference up to which a number was not changed: programs that save a workbook again
write its formulas' values with fewer digits."""

_LARGEST: Final = 2**28
"""Bytes of a file; what is larger none of ours is."""

_MOST_PAIRS: Final = 10**9
"""Pairs of tokens of two pages up to which every place is looked for: half a minute."""


@dataclass(frozen=True)
class Edit:
    """A place in a file that is not as it was written.

    Attributes
    ----------
    file: its name. place: where in it, as a reader finds it. written, now: what stood there and
        what stands there; None for nothing.
    """

    file: str
    place: str
    written: Any
    now: Any


def find_edits(now: Path, written: Path) -> list[Edit]:
    """Places in which a file is not as another one of the same format; the bytes differ.

    A file that cannot be read any more, or of a format that is compared by its bytes alone, is one
    edit as a whole.
    """
    find, whole = COMPARED.get(now.suffix), phrase("the whole file")
    if find is None:
        return [Edit(now.name, whole, None, phrase("other bytes"))]
    if now.stat().st_size > _LARGEST:
        told = phrase("it is larger than {count} bytes", count=write_count(_LARGEST))
        return [Edit(now.name, whole, None, told)]
    try:
        return [Edit(now.name, *found) for found in find(now, written)]
    except Exception as error:  # whatever its content is wrong in
        told = str(error).partition("\n")[0] or type(error).__name__
        return [Edit(now.name, whole, None, phrase("cannot be read: {why}", why=told))]


_Places = Iterator[tuple[str, Any, Any]]
"""Place, what was written, what stands there now."""


def _compare_json(now: Path, written: Path) -> _Places:
    read = (json.loads(path.read_text(encoding="utf-8")) for path in (written, now))
    yield from compare_values(*read)


def compare_values(written: Any, now: Any, place: str = "") -> _Places:
    """Places in which two plain JSON values differ, each with its way: ``costs[3].value``."""
    if isinstance(written, Mapping) and isinstance(now, Mapping):
        for name in dict.fromkeys([*written, *now]):
            inner = f"{place}.{name}" if place else str(name)
            yield from compare_values(written.get(name), now.get(name), inner)
    elif isinstance(written, list) and isinstance(now, list):
        for number in range(max(len(written), len(now))):
            one, other = (x[number] if number < len(x) else None for x in (written, now))
            yield from compare_values(one, other, f"{place}[{number}]")
    elif type(written) is not type(now) or written != now:
        yield place, written, now


def _compare_books(now: Path, written: Path) -> _Places:
    """Cells by sheet: values, stored values of formulas, formulas, and what hides a number."""
    ones, others = (_read_cells(path) for path in (written, now))
    # A program that calculates nothing saves formulas without values: then these alone count.
    links = {f"{quote}{where.partition('!')[0]}{quote}!A1" for where in ones for quote in ("", "'")}
    was_calculated = any(cell.formula and not cell.trouble for cell in others.values())
    for where in dict.fromkeys([*ones, *others]):
        one, other = ones.get(where), others.get(where)
        values = tuple(None if cell is None else cell.value for cell in (one, other))
        if values[0] is None and values[1] in links:
            continue  # some programs type where an empty cell leads to into the cell
        is_formula = bool(one and other and one.formula and other.formula)
        if not _is_same(*values) and (was_calculated or not is_formula):
            yield where, values[0], values[1]
    ways = [read_formulas(open_file(path), path.name) for path in (written, now)]
    for where in dict.fromkeys([*ways[0], *ways[1]]):
        way, way_now = (each.get(where, ShownFormula("", "")) for each in ways)
        if way.formula and way_now.formula and way.formula != way_now.formula:
            place = phrase("{place}, its formula", place=where)
            yield place, f"={way.formula}", f"={way_now.formula}"
        if way.code != way_now.code and _TYPED_DIGITS.search(way_now.code):
            yield phrase("{place}, how it is shown", place=where), way.code, way_now.code


def _read_cells(path: Path) -> dict[str, RawCell]:
    """Every cell of a workbook that holds anything, by its address."""
    return {
        cell.where: cell
        for sheet in read_workbook(path).sheets.values()
        for row in sheet.rows
        for cell in row
        if cell.value is not None or cell.formula
    }


def _is_same(written: Any, now: Any) -> bool:
    if is_number(written) and is_number(now):
        return math.isclose(written, now, rel_tol=_SAME, abs_tol=_SAME)
    return bool(written == now)


_TYPED_DIGITS: Final = re.compile(r'"[^"]*\d[^"]*"|\\\d')
"""What a number format shows in place of the digits of the number."""


@dataclass(frozen=True)
class _Token:
    """A stretch of a page: text, or a tag with its attributes; and where it stands."""

    content: str
    place: str


class _Reader(HTMLParser):
    """A page as tokens, each with the heading and the row that it stands in."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tokens: list[_Token] = []
        self._heading = self._row = ""
        self._open: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag; those of headings and rows tell where what follows stands."""
        if tag == "tr":
            self._row = ""
        self._open = tag
        told = " ".join(f'{name}="{value}"' for name, value in attrs)
        self._add(f"<{tag} {told}>" if told else f"<{tag}>")

    def handle_endtag(self, tag: str) -> None:
        """The end of a tag."""
        if tag in ("table", "section"):
            self._row = ""
        self._open = None
        self._add(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        """A text."""
        text = " ".join(data.split())
        if not text:
            return
        if self._open in ("h1", "h2"):
            self._heading = text
        elif self._open in ("th", "td") and not self._row:
            self._row = text
        self._add(text)

    def handle_comment(self, data: str) -> None:
        """What no reader sees."""
        self._add(f"<!--{data}-->")

    def _add(self, content: str) -> None:
        parts = [part for part in (self._heading, self._row) if part and part != content]
        self.tokens.append(_Token(content, " / ".join(parts)))


def _compare_pages(now: Path, written: Path) -> _Places:
    ones, others = (_read_page(path) for path in (written, now))
    texts = [[token.content for token in tokens] for tokens in (ones, others)]
    begin = _count_same(*texts)
    end = _count_same(*(list(reversed(part[begin:])) for part in texts))
    one, other = (tokens[begin : len(tokens) - end] for tokens in (ones, others))
    told = [[token.content for token in tokens] for tokens in (one, other)]
    if len(one) * len(other) > _MOST_PAIRS:
        yield one[0].place, phrase("much"), phrase("something else, up to the end")
        return
    matcher = SequenceMatcher(None, told[0], told[1], autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            continue
        near = one[a] if a < b else other[c]
        yield near.place, " ".join(told[0][a:b]) or None, " ".join(told[1][c:d]) or None


def _count_same(one: list[str], other: list[str]) -> int:
    """How many tokens are the same from the beginning on."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))


def _read_page(path: Path) -> list[_Token]:
    reader = _Reader()
    reader.feed(path.read_text(encoding="utf-8"))
    reader.close()
    return reader.tokens


COMPARED: Final[Mapping[str, Callable[[Path, Path], _Places]]] = {
    ".json": _compare_json,
    ".html": _compare_pages,
    ".xlsx": _compare_books,
}
"""What compares two files, by their ending; others are compared by their bytes."""
