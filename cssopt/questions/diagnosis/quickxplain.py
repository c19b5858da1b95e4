"""Smallest subsets that still have a property, found with few questions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

Item = TypeVar("Item")


def narrow(items: Sequence[Item], holds: Callable[[list[Item]], bool]) -> list[Item]:
    """A subset for which `holds` is true, and which loses that with any one of its items.

    `holds` must be true for all items, and stay true where more of them are taken. Items that stand
    early are taken rather than those that stand late. It asks about ``2 k log2(n / k) + 2 k`` times
    for a subset of k out of n (QuickXplain: Junker, 2004).
    """
    return _narrow([], True, list(items), holds)


def drop_one_by_one(found: Sequence[Item], holds: Callable[[list[Item]], bool]) -> list[Item]:
    """What is left once every item is dropped, the last first, without which `holds` stays true.

    Each item that stays was tried: without it `holds` was not true (deletion filter: Chinneck and
    Dravnieks, 1991).
    """
    kept = list(found)
    for item in reversed(found):
        rest = [other for other in kept if other is not item]
        if holds(rest):
            kept = rest
    return kept


def _narrow(
    base: list[Item], grown: bool, items: list[Item], holds: Callable[[list[Item]], bool]
) -> list[Item]:
    """The items needed beside those of `base`; `grown` where it has more than when last asked."""
    if not items or (grown and holds(base)):
        return []
    if len(items) == 1:
        return items
    half = len(items) // 2
    early, late = items[:half], items[half:]
    of_late = _narrow(base + early, True, late, holds)
    of_early = _narrow(base + of_late, bool(of_late), early, holds)
    return of_early + of_late
