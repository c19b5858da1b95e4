"""Names that people write: the known name that is meant, and the nearest to one that is not."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from cssopt.tables.tidy import fold_name

_LONGEST = 200
"""Characters of a name; a longer text is no name, and comparing it would take long."""


def find_meant(name: str, known: Iterable[str]) -> str | None:
    """The known name that this one means: the same, or the only one that differs from it by no
    more than case, accents and spaces; None where there is none, or several."""
    alike = []
    folded = fold_name(name)
    for other in known:
        if other == name:
            return other
        if fold_name(other) == folded:
            alike.append(other)
    return alike[0] if len(alike) == 1 else None


def find_nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like this one, whatever its case; None where none is near."""
    if len(name) > _LONGEST:
        return None
    by_folded = {other.casefold(): other for other in known}
    near = get_close_matches(name.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[near[0]] if near else None


def nearest_name(name: str, known: Iterable[str]) -> str:
    """A sentence that suggests the nearest name, with a space before it; empty where none is."""
    near = find_nearest(name, known)
    return f' Did you mean "{near}"?' if near is not None else ""
