"""Texts of cells: the shared strings of a workbook, and the escapes that texts are stored with."""

from __future__ import annotations

import re

from cssopt.workbook.limits import Budget
from cssopt.workbook.xml_part import TreeReader

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


class StringsReader(TreeReader):
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

    def look(self, path: tuple[str, ...], attrs: dict[str, str]) -> None:
        """Listen where a text begins; a string has one, or one in each of its runs."""
        if path in _WHOLES:
            self._complete = False
        elif path in _TEXTS:
            self._text.clear()
            self._parser.CharacterDataHandler = self._text.append

    def end(self, name: str) -> None:
        """Keep a run where it ends, and a string where all its runs have been read."""
        path = tuple(self._path[1:])
        if path in _TEXTS:
            self._parser.CharacterDataHandler = None
            if self._complete:
                raise self.damaged(f"has two texts in place of one, at number {len(self.texts)}")
            self._complete = True
            self._runs.append("".join(self._text))
        elif path == ("si",):
            self.texts.append(read_escapes("".join(self._runs)))
            self._runs.clear()
        super().end(name)


_WHOLES = frozenset({("si",), ("si", "r")})
_TEXTS = frozenset({(*whole, "t") for whole in _WHOLES})
