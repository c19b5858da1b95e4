"""The nearest valid choice to a name that is not one."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def find_nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like this one, whatever its case; None where none is near."""
    by_folded = {other.casefold(): other for other in known}
    near = get_close_matches(name.casefold(), by_folded, n=1, cutoff=0.6)
    return by_folded[near[0]] if near else None


def nearest_name(name: str, known: Iterable[str]) -> str:
    """A sentence that suggests the nearest name, with a space before it; empty where none is."""
    near = find_nearest(name, known)
    return f' Did you mean "{near}"?' if near is not None else ""
