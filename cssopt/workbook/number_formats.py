"""Number formats: whether a spreadsheet shows a number as a date, and as which."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final

from cssopt.workbook.gate.limits import MAX_FORMATS, Budget
from cssopt.workbook.gate.xml import TreeReader

_BUILT_IN: Final = frozenset(
    {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59), *range(71, 82)}
)
"""Formats that every spreadsheet knows by number and that show dates or times (ECMA-376, 18.8.30);
some of them in East Asian and Thai editions only."""
_LAST_DAY: Final = 2_958_466
"""The first day that no spreadsheet shows: 1 January 10000."""
_FIRST_1900: Final = date(1899, 12, 30).toordinal()
"""The day before the first, for all days since March 1900."""
_FIRST_1904: Final = date(1904, 1, 1).toordinal()
_KNOWN_DATES: Final = 10_000
"""Dates that are kept at hand: a column of them has few that differ."""
_MAX_CODE: Final = 255
"""Characters of a format code that are looked at; Excel has no more."""

_LITERAL = re.compile(r'"[^"]*"?|[\\_*].', re.DOTALL)
_NOON = re.compile(r"am/pm|a/p", re.IGNORECASE)
_TOKEN = re.compile(r"\[([^\]]*)\](?:\.0+)?|([^\W\d_]+)(\.0+)?|([0#?])")
_DATE_WORD = re.compile(
    r"(?:[ymdhse]|g+e|b{2,}(?!b)|a{3,4}(?!a)|a{6,}(?!a))+", re.IGNORECASE
)  # each run of a letter in one way only: in several ways the time doubles with every letter
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
_GENERAL = frozenset({"general", "standard"})
"""Words for 'as the number is'; German writers store theirs untranslated."""
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_HOLDS = {
    "<": float.__lt__, "<=": float.__le__, ">": float.__gt__, ">=": float.__ge__,
    "=": float.__eq__, "<>": float.__ne__,
}  # fmt: skip


class DateFormat:
    """A number format that shows some numbers as dates, others perhaps not."""

    def __init__(self, sections: list[tuple[bool, re.Match[str] | None]]) -> None:
        self._sections = sections

    def shows_date(self, value: float) -> bool:
        """Whether the section of the format that holds for the number shows a date."""
        sections = self._sections
        if any(condition for _, condition in sections):
            for is_date, condition in sections:
                if condition is None or _HOLDS[condition[1]](value, float(condition[2])):
                    return is_date
            return False
        if value < 0 and len(sections) > 1:
            return sections[1][0]
        if value == 0 and len(sections) > 2:
            return sections[2][0]
        return sections[0][0]


def find_date_format(code: str) -> DateFormat | None:
    """The format with this code; None where it shows no number as a date.

    A section of a format shows a date where it has codes of dates or times, outside of texts, and
    no place for a digit: ``yyyy-mm-dd`` and ``[h]:mm`` do, ``0 "days"`` and ``#,##0 SEK`` do not.
    """
    plain = _NOON.sub(" h ", _LITERAL.sub(" ", code))
    sections = [_read_section(section) for section in plain.split(";")]
    return DateFormat(sections) if any(is_date for is_date, _ in sections) else None


def _read_section(section: str) -> tuple[bool, re.Match[str] | None]:
    has_date = has_digit = False
    condition = None
    for bracket, word, fraction, digit in _TOKEN.findall(section):
        if digit or word.lower() in _GENERAL:
            has_digit = True
        elif word:
            is_date = bool(_DATE_WORD.fullmatch(word))
            has_date |= is_date
            # Behind seconds, zeros are tenths and hundredths of them.
            has_digit |= bool(fraction) and not (is_date and word[-1] in "sS")
        elif _ELAPSED.fullmatch(bracket):
            has_date = True
        else:
            condition = _CONDITION.fullmatch(bracket) or condition
    return has_date and not has_digit, condition


@lru_cache(_KNOWN_DATES)
def show_date(value: float, from_1904: bool) -> str:
    """The date, or for less than a day the time, that a spreadsheet shows for a number.

    Empty where it shows none: before its first day, or after the year 9999.
    """
    if not 0 <= value < _LAST_DAY - (1462 if from_1904 else 0):
        return ""
    days = int(value)
    if from_1904:
        return date.fromordinal(_FIRST_1904 + days).isoformat()
    if not days:
        return f"{datetime(1900, 1, 1) + timedelta(value):%H:%M:%S}"
    if days == 60:
        return "1900-02-29"  # Excel keeps the leap day that Lotus 1-2-3 had by mistake.
    return date.fromordinal(_FIRST_1900 + days + (days < 60)).isoformat()


@lru_cache(_KNOWN_DATES)
def read_iso_date(text: str, from_1904: bool) -> tuple[float, str] | None:
    """The number and the date of a cell that stores a date as text; None where it is none."""
    text = text.strip()
    try:
        if "T" not in text and ":" in text:
            clock = time.fromisoformat(text)
            seconds = timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second)
            return seconds / timedelta(days=1), f"{clock:%H:%M:%S}"
        moment = datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None
    first = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 30)
    return (moment - first) / timedelta(days=1), moment.date().isoformat()


class StylesReader(TreeReader):
    """The formats of cells, of which the number formats alone are read.

    Attributes
    ----------
    dates: the formats that show dates, by the number that cells name them with.
    """

    roots = ("styleSheet",)

    def __init__(self, part: str, budget: Budget) -> None:
        super().__init__(part, budget)
        self.dates: dict[str, DateFormat] = {}
        self._codes: dict[str, str] = {}
        self._cells: list[str] = []

    def look(self, path: tuple[str, ...], attrs: dict[str, str]) -> None:
        """Keep number formats and which of them cells have; nothing else of formats matters."""
        if path == ("numFmts", "numFmt"):
            self._codes[attrs.get("numFmtId", "")] = attrs.get("formatCode", "")[:_MAX_CODE]
        elif path == ("cellXfs", "xf"):
            self._cells.append(attrs.get("numFmtId", "0"))
        elif path not in _WAYS:
            self.skip()
            self._path.pop()

    def finish(self) -> None:
        """Find out which formats show dates, once all of them are known."""
        found: dict[str, DateFormat | None] = {}
        for style, number in enumerate(self._cells):
            if number not in found:
                if len(found) == MAX_FORMATS:
                    text = (
                        f"has more than {MAX_FORMATS:,} number formats in use. Copy the sheets "
                        "with the input into a new workbook."
                    )
                    self.refuse("E-003", text)
                code = self._codes.get(number)
                built_in = "d" if number.isdecimal() and int(number) in _BUILT_IN else ""
                found[number] = find_date_format(built_in if code is None else code)
            shown = found[number]
            if shown is not None:
                self.dates[str(style)] = shown


_WAYS = frozenset({(), ("numFmts",), ("cellXfs",)})
