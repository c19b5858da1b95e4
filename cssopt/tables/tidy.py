"""Texts as people and spreadsheets leave them: spaces, invisible signs, case and accents."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final, Literal

_INVISIBLE: Final = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))
"""Soft hyphens, zero-width signs and marks of direction: seen by nobody, copied from web pages."""

_LONGEST: Final = 1_000
"""Characters of a text whose accents are put together. What is longer is no name or number, and
marks without end over one letter would take hours."""


_SHORT: Final = 100
"""Characters of a text that is kept with what becomes of it: names and numbers stand in many
cells, and each of these is looked at several times."""


def tidy_text(text: str) -> str:
    """The text without stray, doubled, non-breaking and zero-width spaces."""
    return _tidy_short(text) if len(text) <= _SHORT else _tidy(text)


def _tidy(text: str) -> str:
    return " ".join(_normalize("NFC", text).translate(_INVISIBLE).split())


def show_line(text: str) -> str:
    """The text on one line and without control characters: a question mark stands for each."""
    return "".join(sign if sign.isprintable() else "?" for sign in text)


def fold_name(text: str) -> str:
    """A name as it is compared where case, accents and spaces are set aside."""
    return _fold_short(text) if len(text) <= _SHORT else _fold(text)


def _fold(text: str) -> str:
    split = _normalize("NFKD", tidy_text(text).casefold())
    return "".join(sign for sign in split if not unicodedata.combining(sign))


_tidy_short = lru_cache(20_000)(_tidy)
_fold_short = lru_cache(20_000)(_fold)


def _normalize(form: Literal["NFC", "NFKD"], text: str) -> str:
    return text if len(text) > _LONGEST else unicodedata.normalize(form, text)
