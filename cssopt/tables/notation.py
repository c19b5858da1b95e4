"""How names, numbers and lists are written in a change: quotes, decimal points, commas.

One notation for ``--set``, ``--vary``, ``--members``, files of scenarios, and conditions of the
sheet ``scenarios``. A name with signs of its own stands in double quotes, a quote itself doubled. A
point is the decimal mark. A comma separates values, and where it could as well be a decimal comma
the text is refused.
"""

from __future__ import annotations

import re
from typing import Final

from cssopt.tables.convert import quote
from cssopt.tables.numbers import AmbiguousNumberError, read_number
from cssopt.tables.tidy import tidy_text

LONGEST: Final = 10_000
"""Characters of one change."""
MOST_VALUES: Final = 1_000
"""Values in one list of names or numbers."""

_SHOWN: Final = 100
"""Characters of a text that are told."""
_MINUS: Final = dict.fromkeys(map(ord, "\u2212\u2012\u2013"), "-")
_SOME_DIGIT = re.compile(r"^[^eE]*[1-9]")
_POINTED = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)


class NotationError(ValueError):
    """A text that cannot be read; the error says how it is written."""


class Quoted(str):
    """A text that was written in quotes: it means itself, without wildcards."""

    __slots__ = ()


class Bare(str):
    """A name that stood in a list without quotes: a comma beside it may have been meant as its."""

    __slots__ = ()


class Typed(str):
    """A text as it was typed into a cell of a workbook: numbers in it are read as in any cell."""

    __slots__ = ()


def write_quoted(text: str) -> str:
    """A text in quotes, whatever signs it has."""
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def find_sign(text: str, signs: str, openers: str, start: int = 0) -> int:
    """Position of the first of some signs outside quotes; the length of the text without one.

    Quotes begin a value: at the start, or after one of the `openers`. Raises NotationError for
    quotes that never end.
    """
    at, begins = start, True
    while at < len(text):
        sign = text[at]
        if begins and sign == '"':
            at, begins = _end_quotes(text, at), False
            continue
        if sign in signs:
            return at
        begins = sign in openers or (begins and sign.isspace())
        at += 1
    return len(text)


def _end_quotes(text: str, start: int) -> int:
    at = text.find('"', start + 1)
    while 0 <= at < len(text) - 1 and text[at + 1] == '"':
        at = text.find('"', at + 2)
    if at < 0:
        raise NotationError(f"the quotes before {text[start + 1 : start + 41]} do not end")
    return at + 1


def split_outside(text: str, separator: str, openers: str = "") -> list[str]:
    """The parts between separators outside quotes, without spaces around them."""
    parts, start = [], 0
    while True:
        end = find_sign(text, separator, openers + separator, start)
        parts.append(text[start:end].strip())
        if end == len(text):
            return parts
        start = end + 1


def unquote(text: str) -> str:
    """The text that stands in quotes, as Quoted; any other text as it is.

    Raises NotationError for quotes that do not end, or that a text follows.
    """
    if not text.startswith('"'):
        return text
    end = _end_quotes(text, 0)
    if end < len(text):
        raise NotationError(
            f'after the quotes comes "{text[end : end + 40].strip()}". Quotes stand around a whole '
            'name; a quote inside it is doubled: "a ""b"" c"'
        )
    return Quoted(text[1:-1].replace('""', '"'))


def read_list(text: str, separators: str = ",") -> list[str]:
    """The values of a list; those that stood in quotes as Quoted. None for an empty text.

    Values stand between the first of the `separators` that the text has outside quotes. Raises
    NotationError where a value is missing, quotes do not end, or there are too many values.
    """
    if len(text) > LONGEST:
        raise NotationError(f"it has over {LONGEST:,} characters. Shorten it")
    if not text.strip():
        return []
    separator = next(
        (sign for sign in separators if find_sign(text, sign, separators) < len(text)),
        separators[-1],
    )
    parts = split_outside(text, separator)
    if not all(parts):
        raise NotationError(f'a value is missing beside a "{separator}"')
    if len(parts) > MOST_VALUES:
        raise NotationError(f"it lists over {MOST_VALUES:,} values. Write fewer")
    return [unquote(part) for part in parts]


def read_amount(text: str) -> float | None:
    """The number that a text of a change means, with a point for decimals; None where it is none.

    ``1.075`` is a little more than one; ``0,9``, ``1 234.5`` and ``5 %`` are read as in a cell;
    what is beyond all numbers is infinite. Raises AmbiguousNumberError for ``1,075``, and so on: a
    thousand here and a bit more than one elsewhere.
    """
    shown = tidy_text(text).translate(_MINUS)
    body = shown.removesuffix("%").rstrip()
    if not _POINTED.fullmatch(body):
        return read_number(shown)
    number = float(body)
    if number == 0 and _SOME_DIGIT.search(body):
        return None  # 1e-400 is not nothing
    return number / 100 if body != shown else number


def is_percentage(text: object) -> bool:
    """True for a text that ends with a percent sign."""
    return isinstance(text, str) and text.rstrip().endswith("%")


def read_range(text: str) -> tuple[float, float] | None:
    """The two ends of ``a..b``; None for a text that has no ``..``.

    Raises NotationError where an end is no number, or the second is below the first.
    """
    first, dots, last = text.partition("..")
    if not dots:
        return None
    if last.startswith("."):
        raise NotationError(f"{_cut(text)} is no range: it has three points. Write LEAST..GREATEST")
    low, high = _read_end(first.strip(), text), _read_end(last.strip(), text)
    if low > high:
        raise NotationError(f"{_cut(text)} is no range. Write the lesser number first")
    return low, high


def _cut(text: str) -> str:
    """A text as it is told: of a long one the start."""
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def _read_end(end: str, text: str) -> float:
    try:
        number = read_amount(end)
    except AmbiguousNumberError as error:
        raise NotationError(
            f"{_cut(text)}: {end} can mean {error}. Write the one you mean"
        ) from None
    if number is None:
        raise NotationError(
            f"{_cut(text)} is no range: {quote(end)} is no number. Write LEAST..GREATEST"
        )
    return number


def find_second_reading(text: str, *, whole: bool = False) -> str:
    """The number that a list with a comma could mean as well, such as 0.9 for ``0,9``; else "".

    Where only whole numbers can stand (`whole`), a number with decimals is no reading.
    """
    if "," not in text or '"' in text:
        return ""
    try:
        number = read_number(text)
    except AmbiguousNumberError as error:
        return " or ".join(r for r in error.readings if not (whole and "." in r))
    if number is None or (whole and not number.is_integer()):
        return ""
    return f"{number:.12g}"
