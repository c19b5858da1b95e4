"""Texts of cells: the shared strings of a workbook, and the escapes that texts are stored with."""

from __future__ import annotations

import re

from cssopt.workbook.gate.limits import Budget
from cssopt.workbook.gate.xml import WRAPPERS, PartReader

_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


def read_escapes(text: str) -> str:
    """The text with ``_x000D_`` and its like as the signs that they stand for.

    An underscore that must not begin one is stored as ``_x005F_``.
    """
    if "_x" not in text:
        return text
    signs = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)
    # Signs beyond the first 65,536 are stored as two escapes; half of one is no sign.
    return signs.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


class StringsReader(PartReader):
    """The shared strings: runs of rich text are joined, readings for phonetic guides left out.

    Attributes
    ----------
    texts: the strings in their order.
    """

    roots = ("sst",)

    def __init__(self, part: str, budget: Budget) -> None:
        super().__init__(part, budget)
        self.texts: list[str] = []
        self._runs: list[str] = []
        self._text: list[str] = []
        self._complete = False
        self._depth = 0
        self._string = self._run = self._t = ""

    def listen(self) -> None:
        """Hand elements to `start` and `end`, and all text to the string that is being read."""
        super().listen()
        self._parser.CharacterDataHandler = self._text.append

    def start(self, name: str, attrs: dict[str, str]) -> None:
        """Begin a string, a run of one, or a text: a string has one, or one in each of its runs."""
        self._depth = depth = self._depth + 1
        if name == self._t and depth in (3, 4):
            self._text.clear()
        elif name == self._string and depth == 2:
            self._runs.clear()
            self._complete = False
        elif name == self._run and depth == 3:
            self._complete = False
        elif depth == 1:
            space = self.space_of(name)
            self._string, self._run, self._t = f"{space}si", f"{space}r", f"{space}t"
        elif name in WRAPPERS:
            self._depth -= 1
        else:
            self._depth -= 1
            self.skip()

    def end(self, name: str) -> None:
        """Keep a text where it ends, and a string where all its runs have been read."""
        if name in WRAPPERS:
            return
        depth = self._depth
        if name == self._t:
            if self._complete:
                raise self.damaged(f"has two texts in place of one, at number {len(self.texts)}")
            self._complete = True
            self._runs.append("".join(self._text))
        elif depth == 2:
            self.texts.append(read_escapes("".join(self._runs)))
        self._depth = depth - 1
