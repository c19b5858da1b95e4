"""Values of cells: what is stored, the date that is shown for it, or why it cannot be used."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cssopt.tables.raw import ERROR_VALUE, NO_NUMBER, NO_VALUE, STALE_VALUE
from cssopt.workbook.gate.zip import clean
from cssopt.workbook.number_formats import DateFormat, read_iso_date, show_date
from cssopt.workbook.strings import read_escapes

Read = tuple[Any, str, str]
"""The value of a cell, the trouble with it, and the date that a spreadsheet shows for it."""

_BLANK: Read = (None, "", "")
_FLAGS = {"1": True, "0": False, "true": True, "false": False}
_PLACE = re.compile("[0-9]{1,9}")
_LONGEST = 40
"""Digits of a number that is read at once; any such number is finite."""
_WHOLE = 15
"""Digits of whole numbers that come as such; spreadsheets keep no more of any number."""


class DamagedCellError(Exception):
    """What is stored of a cell cannot be what was meant; the message says what it has."""


@dataclass(frozen=True)
class Values:
    """What the values of all cells of a workbook are read by.

    Attributes
    ----------
    texts: the shared strings. dates: the formats of cells that show dates.
    from_1904: True where days are counted from 1904.
    stale: True where the workbook says that its formulas are still to be calculated.
    """

    texts: Sequence[str] = ()
    dates: Mapping[str, DateFormat] = field(default_factory=dict)
    from_1904: bool = False
    stale: bool = False

    def read(
        self, attrs: Mapping[str, str], text: str | None, runs: list[str] | None, formula: bool
    ) -> Read:
        """The value of a cell with these attributes.

        `text` is its stored value, `runs` are the texts that stand in the cell itself; None where
        it has none. Raises DamagedCellError where it points at a text that is not there.
        """
        kind = attrs.get("t", "n")
        if formula:
            # A text may be empty; of some programs it is not there, though its kind is told.
            stored = runs is not None if kind == "inlineStr" else text is not None
            if not (stored if kind in ("str", "inlineStr") else text):
                return None, NO_VALUE, ""
            # An empty text is no number that a program put in place of the result.
            if text and self.stale:
                return None, STALE_VALUE, ""
        if runs and kind != "inlineStr":
            raise DamagedCellError("it has a text where its number or result must be")
        if kind == "n" and text:
            return self._read_number(text, attrs.get("s", "0"))
        if kind == "inlineStr":
            if runs is None and text:
                raise DamagedCellError("it has a number where its text must be")
            return read_escapes("".join(runs or ())) or None, "", ""
        if not text:
            return _BLANK
        if kind == "s":
            place = text.strip()
            if _PLACE.fullmatch(place) and int(place) < len(self.texts):
                return self.texts[int(place)] or None, "", ""
            raise DamagedCellError("its text is missing in the file")
        if kind == "str":
            return read_escapes(text) or None, "", ""
        return self._read_rare(kind, text.strip())

    def read_plain(self, attrs: Mapping[str, str], text: str) -> float | None:
        """A number that is nothing else, as most cells hold; None where more is to be looked at."""
        if (
            len(text) > _LONGEST
            or "t" in attrs
            or not text.isascii()
            or attrs.get("s", "0") in self.dates
        ):
            return None
        if text.isdigit():
            return int(text) if len(text) <= _WHOLE else None
        return float(text) if text.removeprefix("-").replace(".", "", 1).isdigit() else None

    def _read_number(self, text: str, style: str) -> Read:
        """A number as it is stored: never through the date that it may be shown as."""
        try:
            if text.isdigit() and len(text) <= _WHOLE and text.isascii():
                value: float = int(text)
            elif "_" in text or not text.isascii():
                raise ValueError
            else:
                value = float(text)
            if not math.isfinite(value):
                raise ValueError
        except ValueError:
            shown = clean(text.strip(), 20)
            return (None, f"{NO_NUMBER} '{shown}', which is none", "") if shown else _BLANK
        shown_as = self.dates.get(style)
        if shown_as is None or not shown_as.shows_date(float(value)):
            return value, "", ""
        return value, "", show_date(value, self.from_1904)

    def _read_rare(self, kind: str, text: str) -> Read:
        if kind == "b" and text in _FLAGS:
            return _FLAGS[text], "", ""
        if kind == "e":
            return clean(text), ERROR_VALUE, ""
        if kind == "d" and (found := read_iso_date(text, self.from_1904)):
            return found[0], "", found[1]
        return None, f"a value stored as '{clean(text, 20)}' of the kind '{clean(kind, 20)}'", ""
