"""What differs from run to run or from machine to machine, and says nothing about an answer.

Hidden are seconds, run ids, times of day, versions and absolute paths. A SHA-256 of a file that
was read or written is told by the name of the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

Lines = Iterable[tuple[str, str]]

_CELL = re.compile(r"([A-Z]+)(\d+)")
_SECONDS = re.compile(r"(?<![a-z])seconds(?![a-z])", re.IGNORECASE)
_LONG_STEP = re.compile(r"^.*, \d+:\d\d:\d\d(;.*|, .*)?\n", re.MULTILINE)
"""A line about a step that takes long: a fast machine tells none."""
_LONGEST_HEADER = 40

_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?(\.\d+)?(Z|\+00:00)?( UTC)?"), "<time>"),
    (re.compile(r"(?<![\w.])[0-9a-f]{16}(?!\w|\.\d)"), "<run id>"),
    (re.compile(r"\brun [0-9a-f]{8}(?!\w)"), "run <run id>"),
    (re.compile(r", about (\d+ days?, )?\d+:\d\d:\d\d left"), ""),
    (re.compile(r"(?<![\w.,-])\d[\d,]*(\.\d+)?( s\b| seconds?\b)"), r"<n>\2"),
    (re.compile(r"\bcssopt \d+\.\d+\.\d+\w*"), "cssopt <version>"),
    (re.compile(r"\b(Pyomo|HiGHS|Python) \d+\.\d+(\.\d+)*"), r"\1 <version>"),
)


class Masks:
    """The masks of one run: `hidden` are words of this run, such as its folder, and their names."""

    def __init__(self, hidden: dict[str, str]) -> None:
        self._hidden = hidden

    def text(self, text: str) -> str:
        """A text without what is hidden."""
        for word, name in self._hidden.items():
            text = text.replace(word, name)
        for pattern, name in _PATTERNS:
            text = pattern.sub(name, text)
        return text

    def messages(self, text: str) -> str:
        """What was told on the way."""
        return self.text(_LONG_STEP.sub("", text))

    def facts(self, value: Any) -> Any:
        """What was read of JSON: numbers of seconds and versions are hidden by their keys."""
        if isinstance(value, dict):
            told = {self.text(key): self._fact(key, one) for key, one in value.items()}
            is_time = "value" in value and _SECONDS.search(str(value.get("label")))
            return {**told, "value": "<seconds>"} if is_time else told
        if isinstance(value, list):
            return [self.facts(one) for one in value]
        return self.text(value) if isinstance(value, str) else value

    def _fact(self, key: str, value: Any) -> Any:
        if "seconds" in key:
            return _each(value, lambda one: one if one is None else "<seconds>")
        if key == "versions":
            return _each(value, lambda one: "<version>")
        if key in ("origin", "known_by"):  # digests of the whole path of what was read
            return f"<{key}>"
        return self.facts(value)

    def workbook(self, lines: Lines) -> list[tuple[str, str]]:
        """A dumped workbook: seconds and versions are hidden below and beside what heads them."""
        cells = [(key, self.text(value)) for key, value in lines]
        told = dict(cells)
        for key, mask in _find_headed(told):
            told[key] = f"{told[key].split(' ')[0]} {mask}"
        return [(key, told[key]) for key, _ in cells]


def _each(value: Any, mask: Callable[[Any], Any]) -> Any:
    """Every leaf masked."""
    if isinstance(value, dict):
        return {key: _each(one, mask) for key, one in value.items()}
    if isinstance(value, list):
        return [_each(one, mask) for one in value]
    return mask(value)


def _find_headed(cells: dict[str, str]) -> Iterable[tuple[str, str]]:
    """The cells that hold seconds or versions, and what hides them.

    Seconds stand below a header that speaks of them or beside such a name; those by step, and the
    versions of programs, beside the names that follow a heading.
    """
    for key, value in cells.items():
        sheet, _, address = key.rpartition("!")
        place = _CELL.fullmatch(address)
        text = value.partition(" ")[2]
        if not place or not text.startswith('"') or len(text) > _LONGEST_HEADER:
            continue
        column, row = place[1], int(place[2])
        below, beside = f"{sheet}!{column}", f"{sheet}!{_next(column)}"
        if text == '"Programs"':
            yield from ((one, "<version>") for one in _list_below(cells, below, beside, row))
        elif text == '"Seconds by step"':
            yield from ((one, "<seconds>") for one in _list_below(cells, below, beside, row))
        elif _SECONDS.search(text):
            for one in (f"{beside}{row}", *_list_below(cells, below, below, row)):
                if _is_number(cells, one):
                    yield one, "<seconds>"


def _list_below(cells: dict[str, str], names: str, column: str, row: int) -> Iterable[str]:
    """The cells of a column in the rows below, as far as there are names."""
    row += 1
    while f"{names}{row}" in cells:
        if f"{column}{row}" in cells:
            yield f"{column}{row}"
        row += 1


def _next(column: str) -> str:
    return column[:-1] + chr(ord(column[-1]) + 1)


def _is_number(cells: dict[str, str], key: str) -> bool:
    try:
        float(cells[key].partition(" ")[2])
    except (KeyError, ValueError):
        return False
    return True
