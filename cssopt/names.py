"""Names that the engine itself gives, and how keys and names are told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

YEAR: Final = "year"
"""The index of the years of the plan, which every cost is posted by."""

COMMON: Final = "common"
"""Bearer of a cost that the members share by the sharing key."""


def key_parts(key: Any) -> tuple[Any, ...]:
    """The parts of a key; of one that is not in a tuple, itself alone."""
    return key if isinstance(key, tuple) else (key,)


def in_words(name: str) -> str:
    """A name of the engine or of a component as it is read: ``missing share``."""
    return name.replace("_", " ")


def name_row(key: Any) -> str:
    """The key of a row as text: ``NOR, brigade``, ``BORDER, LAND, 30``; empty for a setting."""
    if key is None:
        return ""
    parts = key_parts(key)
    return ", ".join(f"{part:g}" if isinstance(part, float) else str(part) for part in parts)


def join_names(names: Sequence[str]) -> str:
    """Names as they stand in a sentence: ``A``, ``A and B``, ``A, B and C``."""
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
