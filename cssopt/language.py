"""Words and numbers in the language of an answer: gettext catalogues, and how numbers are written.

Names that a planner typed stay as typed. A text is looked up by its English, in which it stands in
the code: ``phrase("{name} pays {money}", name=name, money=money)``. What is filled in is never read
as a pattern.
"""

from __future__ import annotations

import gettext
import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any, Final

LANGUAGES: Final = {"en": "English", "ru": "русский"}
"""Languages of answers by their codes."""

MET_TO: Final = 5e-4
"""Share of a need up to which what is missing is told as met: it would be written as 0.0 %."""

LEAST_UNITS: Final = 0.05
"""Units from which on some are told: less would be written as 0.0."""

NARROW: Final = "\u00a0"
"""A space at which no line breaks."""
MINUS: Final = "\u2212"

_FOLDER: Final = Path(__file__).parent / "languages"
_DOMAIN: Final = "cssopt"
_MARKS: Final = {"en": (",", "."), "ru": (NARROW, ",")}
"""Between thousands, and before decimals."""
_WIDE: Final = Context(prec=400)
_WORDS: Final = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
)  # fmt: skip

_current: ContextVar[str] = ContextVar("language", default="en")


@contextmanager
def in_language(code: str) -> Iterator[None]:
    """All phrases and numbers within are in this language; KeyError for one that there is not."""
    if code not in LANGUAGES:
        raise KeyError(code)
    token = _current.set(code)
    try:
        yield
    finally:
        _current.reset(token)


@cache
def _catalogue(code: str) -> gettext.NullTranslations:
    if code == "en":
        return gettext.NullTranslations()
    return gettext.translation(_DOMAIN, _FOLDER, [code])


def phrase(message: str, /, **parts: Any) -> str:
    """A text of ours in the language of the answer, with its parts filled in.

    Where words have several senses, `message` may begin with its context and ``|``.
    """
    told = _catalogue(_current.get()).gettext(message) if message else ""
    return _fill(told, parts)


def mark(message: str) -> str:
    """A text of ours that is looked up later: it stands in the catalogues from here."""
    return message


def phrase_count(one: str, many: str, count: int, /, **parts: Any) -> str:
    """A text about a number of things: `one` for one of them, `many` for others; other languages
    have more forms. Parts may be any, ``{count}`` is the number."""
    told = _catalogue(_current.get()).ngettext(one, many, count)
    return _fill(told, {"count": count, **parts})


def _fill(template: str, parts: dict[str, Any]) -> str:
    return template.format(**parts) if parts else template


def localize(number: str) -> str:
    """A number that was written with ``1,234.5`` as the language has it."""
    thousands, decimal = _MARKS[_current.get()]
    if (thousands, decimal) == (",", "."):
        return number
    return number.replace(",", "\0").replace(".", decimal).replace("\0", thousands)


def write_decimal(number: float, places: int = 0, *, with_sign: bool = False) -> str:
    """A number with so many decimals, halves up as spreadsheets show them; 0 never has a sign."""
    size = _WIDE.multiply(Decimal(repr(abs(number))), Decimal(1))
    text = f"{size.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, _WIDE):,f}"
    if not any(sign in "123456789" for sign in text):
        return localize(text)
    sign = MINUS if number < 0 else "+" if with_sign else ""
    return sign + localize(text)


def write_units(number: float, *, with_sign: bool = False) -> str:
    """Units with one decimal, which is dropped where it is 0; what is less than 0.1 says so, and
    with its sign also what is less than 0 and more than -0.1."""
    if number != 0 and abs(number) < LEAST_UNITS:
        least = localize("0.1")
        return f">{MINUS}{least}" if with_sign and number < 0 else f"<{least}"
    return write_decimal(number, 1, with_sign=with_sign).removesuffix(localize(".0"))


def write_percent(share: float, places: int = 0) -> str:
    """A share in percent; what is above 0 and would be written as 0 says that it is less than the
    least that is written."""
    least = 10.0**-places
    if share != 0 and abs(100 * share) < least / 2:
        return f"<{write_decimal(least, places)}{NARROW}%"
    return f"{write_decimal(100 * share, places)}{NARROW}%"


def write_points(share: float) -> str:
    """A difference of two shares of the same: ``+0.9 points``."""
    told = write_decimal(100 * share, 1, with_sign=True)
    return phrase("{number} points", number=told).replace(" ", NARROW)


def write_money(millions: float, currency: str = "", *, with_sign: bool = False) -> str:
    """Money in prose: ``EUR 27.9 billion``, below a billion with two decimals, below a tenth of it
    in millions."""
    size, head = abs(millions), f"{currency}{NARROW}" if currency else ""
    if size >= 100:
        places = 1 if size >= 950 else 2
        told = write_decimal(size / 1000, places)
        told = phrase("{number} billion", number=told)
    else:
        told = phrase("{number} million", number=write_decimal(size, 0 if size >= 10 else 1))
    is_zero = not any(sign in "123456789" for sign in told)
    sign = "" if is_zero else MINUS if millions < 0 else "+" if with_sign else ""
    return f"{sign}{head}{told}".replace(" ", NARROW)


def write_count(count: int) -> str:
    """A number of things in prose: in words up to ten where the language lets one word do for all
    cases, else in digits."""
    if _current.get() == "en" and 0 <= count < len(_WORDS):
        return _WORDS[count]
    return write_decimal(count)


def write_years(years: Iterable[int]) -> str:
    """Years, those that follow one another as a range: ``2027, 2029\u201331``."""
    told = []
    for _, group in groupby(enumerate(sorted(set(years))), lambda pair: pair[1] - pair[0]):
        run = [year for _, year in group]
        first, last = run[0], run[-1]
        if first == last:
            told.append(str(first))
        else:
            short = str(last)[-2:] if first // 100 == last // 100 else str(last)
            told.append(f"{first}\u2013{short}")
    return ", ".join(told)


def join_phrases(parts: Sequence[str], most: int | None = None) -> str:
    """Names as they stand in a sentence: ``A, B and C``; of more than `most` the first ones, and
    how many others there are."""
    parts = list(parts)
    if most is not None and len(parts) > most:
        parts = [*parts[: most - 1], tell_others(len(parts) - most + 1)]
    if len(parts) <= 1:
        return "".join(parts)
    return phrase("{names} and {last}", names=", ".join(parts[:-1]), last=parts[-1])


def tell_others(count: int) -> str:
    """What so many are called that are not named."""
    return phrase_count("{count} other", "{count} others", count)


def capitalize(text: str) -> str:
    """A text that begins a sentence."""
    return text[:1].upper() + text[1:]


def is_told(number: float, doubt: float) -> bool:
    """True where a difference is proven, or larger than what is not proven of it."""
    return doubt == 0 or (math.isfinite(doubt) and abs(number) > doubt)
