"""Numbers that stand in a cell as text, read only where they can mean one thing."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from cssopt.tables.tidy import tidy_text

MAX_LENGTH: Final = 60
"""Characters of a text that may be a number; a longer one is none, whatever it says."""

_SIGNS: Final = str.maketrans(
    {"\u2212": "-", "\u2012": "-", "\u2013": "-", "\uff0b": "+", "\u2019": "'"}
)
"""Signs of word processors, and those of a keyboard."""

_PARTS = re.compile(r"([+-]?) ?([\d., ']*\d)([eE][+-]?\d{1,3})?( ?%)?")

Mark = Literal[",", "."]
MARKS: Final[tuple[Mark, Mark]] = (",", ".")
_OTHER: Final[dict[Mark, Mark]] = {",": ".", ".": ","}


def _groups(thousands: str) -> str:
    """Digits in groups of three. No number of a thousand or more begins with 0."""
    return rf"[1-9]\d{{0,2}}(?:{re.escape(thousands)}\d{{3}})+"


_ONE_POINT = re.compile(r"-?[0-9]+\.([0-9]{1,2}|[0-9]{4,})")
"""What most numbers of files are: no groups of three stand behind the point, so it can be nothing
else. Of a large file nearly all the time would go into reading them in every other way."""

_INDIAN: Final = r"[1-9]\d?(?:,\d{2})+,\d{3}"
_WRITTEN: Final = {
    mark: re.compile(
        rf"(\d*|{'|'.join(map(_groups, (_OTHER[mark], ' ', chr(39))))}"
        rf"{'|' + _INDIAN if mark == '.' else ''})(?:{re.escape(mark)}(\d+))?"
    )
    for mark in MARKS
}
"""A number without sign, by its decimal mark; its thousands stand in one kind of groups."""


@dataclass(frozen=True)
class NumberStyle:
    """How the numbers of a text file are written.

    Attributes
    ----------
    decimal: the mark before the decimals; empty where no cell of the file shows which one it is.
    """

    decimal: Mark | Literal[""] = ""


UNKNOWN: Final = NumberStyle()
"""The style of a text that stands alone, such as one in a workbook."""


class AmbiguousNumberError(ValueError):
    """A text that is one number in some countries and another number elsewhere."""

    def __init__(self, readings: tuple[str, str]) -> None:
        self.readings = readings
        super().__init__(" or ".join(readings))


def read_number(text: str, style: NumberStyle = UNKNOWN) -> float | None:
    """The number that a text can only mean; None where it is no number.

    Reads ``5``, ``20%``, ``0,25``, ``1.234,5``, ``1 234``, ``12,34,567``, a Unicode minus. Raises
    AmbiguousNumberError for ``1,234`` and ``1.234``, a thousand here and one and a bit elsewhere,
    unless `style` tells the decimal mark.
    """
    readings = dict(_readings(text))
    if style.decimal:
        return readings.get(style.decimal)
    if len(set(readings.values())) > 1:
        whole, part = re.split("[,.]", tidy_text(text).translate(_SIGNS))
        raise AmbiguousNumberError((f"{whole}{part}", f"{whole}.{part}"))
    return next(iter(readings.values()), None)


def find_mark(text: str) -> Mark | None:
    """The decimal mark that a number shows: a comma for ``0,5`` and for ``1.234.567``; None where
    it shows none, or where the text is no number."""
    marks = [mark for mark, _ in _readings(text)]
    return marks[0] if len(marks) == 1 else None


def _readings(text: str) -> tuple[tuple[Mark, float], ...]:
    """The number by each decimal mark with which the text is one."""
    return _read_short(text) if len(text) <= MAX_LENGTH else ()


@lru_cache(20_000)  # of a file every cell is looked at several times, and many hold the same
def _read_short(text: str) -> tuple[tuple[Mark, float], ...]:
    return tuple(_read(text))


def _read(text: str) -> Iterator[tuple[Mark, float]]:
    if _ONE_POINT.fullmatch(text):
        yield ".", float(text)
        return
    parts = _PARTS.fullmatch(tidy_text(text).translate(_SIGNS))
    if parts is None or not parts[0].isascii():
        return
    sign, body, power, percent = parts.groups()
    exponent = int(power[1:]) if power else 0
    for mark, pattern in _WRITTEN.items():
        match = pattern.fullmatch(body)
        if match is None or (power and re.search(r"\d\D", match[1])):
            continue
        whole, rest = re.sub(r"\D", "", match[1]), match[2] or ""
        number = float(f"{sign}{whole}.{rest}0e{exponent - 2 if percent else exponent}")
        vanished = not number and re.search(r"[1-9]", body)
        if math.isfinite(number) and not vanished:
            yield mark, number


def read_plain(text: str) -> float | int | bool | str | None:
    """A value in the program's own notation, with a decimal point and no thousands mark.

    TRUE and FALSE are flags, nothing is None, and what is no number is a text.
    """
    if text in ("TRUE", "FALSE"):
        return text == "TRUE"
    if not _PLAIN.fullmatch(text):
        return text or None
    return as_whole(float(text))


_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,2})?")


def say(number: float) -> str:
    """A number as a sentence tells it: never 1.4e+06, which planners do not read."""
    return f"{number:,.0f}" if abs(number) >= 1_000 else f"{number:.6g}"


def as_whole(number: float) -> float | int:
    """A whole number as one, so that it is written without a point."""
    return int(number) if number.is_integer() and abs(number) < 2**53 else number


_LARGE: Final = (
    "k m mm mn mio mil mill mln mrd mld md bn b t tn tsd hundred thousand thousands tausend mille "
    "mila million millions millionen milliard milliarden milliards billion billions billionen "
    "trillion lakh lakhs crore crores cr тыс млн млрд трлн tys tis tus ezer"
)
"""Words that make another number of the one beside them."""

_PERCENT: Final = frozenset(["percent", "pct", "процент", "процента", "процентов", "prozent"])
"""Words that say of the number beside them what % says."""
_BESIDE = re.compile(r"([^\d.,+\-(]{0,20})([+-]?\d[\d., ']*(?<! ))(\D{0,20})")


@dataclass(frozen=True)
class Meant:
    """The number that a text looks like, and why it is not taken for that."""

    reason: str
    number: float


def find_meant(text: str, style: NumberStyle = UNKNOWN) -> Meant | None:
    """What was likely meant by a text that `read_number` does not read; None where nobody can tell.

    It is for messages: brackets and a minus sign at the end are those of accounts, a word beside a
    number is a currency or a unit, which may or may not be that of the column.
    """
    if len(text) > MAX_LENGTH:
        return None
    shown = tidy_text(text).translate(_SIGNS)
    plain = "".join(str(unicodedata.decimal(sign, sign)) for sign in shown)
    if plain != shown:
        reason, number = "it is written in other digits than 0 to 9", _one_reading(plain, style)
    elif shown.startswith("(") and shown.endswith(")"):
        reason = "it stands in brackets, as negative numbers do in accounts"
        number = _one_reading(f"-{shown[1:-1]}", style)
    elif shown.endswith("-"):
        reason = "its minus sign stands at the end"
        number = _one_reading(f"-{shown[:-1]}", style)
    else:
        reason, number = _find_word(shown, style)
    return Meant(reason, number) if number is not None else None


def _find_word(shown: str, style: NumberStyle) -> tuple[str, float | None]:
    """A number with a word before or behind it, unless the word makes another number of it."""
    match = _BESIDE.fullmatch(shown)
    words = " ".join(filter(None, map(str.strip, match.group(1, 3)))) if match else ""
    large = set(_LARGE.split()) & set(re.findall(r"[^\W\d_]+", words.casefold()))
    if match is None or large or "%" in words or not words.isprintable():
        return "", None
    number, plain = _one_reading(match[2], style), words.casefold().replace("per cent", "percent")
    if number is not None and plain.rstrip(".") in _PERCENT:
        number /= 100
    elif any(word in plain for word in _PERCENT):
        return "", None  # Of what, or in which time, is not known.
    return f'"{words}" stands beside the number', number


def _one_reading(text: str, style: NumberStyle) -> float | None:
    try:
        return read_number(text, style)
    except AmbiguousNumberError:
        return None
