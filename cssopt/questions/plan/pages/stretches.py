"""Sentences in which some parts stand out or lead to other pages.

The whole sentence is one phrase, for languages have words in different orders; its parts are filled
in as slots, which become stretches of their own: ``fill(phrase("It takes {cash}", cash=slot(0)),
Span(...))``.
"""

from __future__ import annotations

import re
from typing import Final

from cssopt.document.document import Note, Span

_OPEN, _CLOSE = "\ue000", "\ue001"
_SLOT: Final = re.compile(f"{_OPEN}(\\d){_CLOSE}")


def slot(place: int) -> str:
    """What is filled in for the stretch at this place."""
    return f"{_OPEN}{place}{_CLOSE}"


def fill(text: str, *spans: Span, is_strong: bool = False) -> tuple[Span, ...]:
    """A sentence in stretches: its slots are the spans, all else is text."""
    found = []
    for place, part in enumerate(_SLOT.split(text)):
        if place % 2 == 0:
            if part:
                found.append(Span(part, is_strong=is_strong))
        elif int(part) < len(spans):
            found.append(spans[int(part)])
    return tuple(found)


def make_heading(text: str, remark: str = "") -> Note:
    """The heading of a section, with a remark in quiet words."""
    quiet = (Span(f"  {remark}", "quiet"),) if remark else ()
    return Note.of(Span(text), *quiet, is_heading=True)


def make_point(lead: str, *spans: Span, page: str = "") -> Note:
    """One of a list, whose first words say what it comes to, and lead to a page."""
    first = Span(lead, is_strong=True, page=page)
    return Note.of(first, Span(" "), *spans, is_point=True)
