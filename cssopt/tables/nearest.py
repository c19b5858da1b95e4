"""Names that people write: the known name that is meant, and the nearest to one that is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from difflib import get_close_matches
from itertools import islice
from typing import Final

from cssopt.tables.tidy import fold_name

_LONGEST: Final = 200
"""Characters of a name; a longer text is no name, and comparing it would take long."""

_COMPARED: Final = 40
"""Characters of a name that are compared: the time that this takes grows with their square."""

_KNOWN: Final = 200
"""Names among which the nearest is looked for."""

_MOST_TOLD: Final = 12
"""Known names that are told."""


def find_meant(name: str, known: Iterable[str]) -> str | None:
    """The known name that this one means: the same, or the only one that differs from it by no
    more than case, accents and spaces; None where there is none, or several."""
    known = known if isinstance(known, Collection) else list(known)
    if name in known:
        return name
    folded = fold_name(name)
    alike = [other for other in known if fold_name(other) == folded]
    return alike[0] if len(alike) == 1 else None


def find_doubled(names: Iterable[str]) -> list[str]:
    """The names that stand more than once in a list."""
    return [name for name, count in Counter(names).items() if count > 1]


def find_whole(parts: Sequence[str], known: Iterable[str]) -> str | None:
    """A known name with a comma or semicolon, some parts of which stand in a list one after
    another: it may be meant as one; None where there is none."""
    listed = [fold_name(part) for part in parts]
    for name in known:
        own = [fold_name(part) for part in name.replace(";", ",").split(",")]
        if len(own) > 1 and any(
            listed[i : i + len(own)] == own for i in range(len(listed) - len(own) + 1)
        ):
            return name
    return None


def find_nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like this one, whatever its case; None where none is near."""
    if len(name) > _LONGEST:
        return None
    by_folded = {other.casefold()[:_COMPARED]: other for other in islice(known, _KNOWN)}
    near = get_close_matches(name.casefold()[:_COMPARED], by_folded, n=1, cutoff=0.6)
    return by_folded[near[0]] if near else None


def nearest_name(name: str, known: Iterable[str]) -> str:
    """A sentence that suggests the nearest name, with a space before it; empty where none is."""
    near = find_nearest(name, known)
    return f' Did you mean "{near}"?' if near is not None else ""


def nearest_or_all(name: str, known: Iterable[str]) -> str:
    """A sentence that suggests the nearest name, or where none is near tells those that there are,
    with a space before it."""
    every = list(known)
    if near := nearest_name(name, every):
        return near
    if not every:
        return " There is none."
    told = ", ".join(f'"{other}"' for other in every[:_MOST_TOLD])
    more = len(every) - _MOST_TOLD
    others = f" and {more:,} other{'s' * (more > 1)}" if more > 0 else ""
    return f" There are {told}{others}."
