"""Brackets: two values of a quantity between which an element of the structure begins or ends.

The quantity takes the values of a coarse grid. Wherever the plans at two neighboring values differ
in their structure, the value between them is looked at, until no two that differ are further apart
than asked for: bisection, of every element of the structure at once (Bolzano, 1817).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from cssopt.runs.outcome import Outcome
from cssopt.runs.structure import PLAN, find_elements, name_elements, part_values
from cssopt.solution.run import ProgressCallback, tell_nothing

Evaluate = Callable[[float], Outcome]
"""What comes of a value."""

_DIGITS: Final = 12


@dataclass(frozen=True)
class Bracket:
    """Two values between which an element of the structure begins or ends.

    Attributes
    ----------
    element: in words: ``NOR buys tank``.
    begins: True where the greater value has it, False where the lesser has.
    low, high: the values. below, above: what came of them.
    stretch: the values on the side that has it, as far as it is seen at each, nearest first.
    remark: why it is no narrower than it is; empty where it is as narrow as asked for.
    """

    element: str
    begins: bool
    low: float
    high: float
    below: Outcome
    above: Outcome
    stretch: tuple[float, ...]
    remark: str = ""


def find_changes(one: Outcome, other: Outcome) -> frozenset[str]:
    """Elements that one of two plans has; `PLAN` alone where one of them is no plan."""
    ends = [find_elements(one), find_elements(other)]
    found = [elements for elements in ends if elements is not None]
    if len(found) < len(ends):
        return frozenset()
    has_plan = [PLAN in elements for elements in found]
    return found[0] ^ found[1] if all(has_plan) else frozenset([PLAN] if any(has_plan) else [])


def make_grid(low: float, high: float, points: int, *, whole: bool) -> tuple[float, ...]:
    """So many values from the least to the greatest, evenly apart; whole ones where asked for."""
    if whole:
        number = min(points, round(high - low) + 1)
        return tuple(float(v) for v in np.unique(np.round(np.linspace(low, high, number))))
    return tuple(_tidy(v) for v in np.linspace(low, high, points).tolist())


def find_runs(
    evaluate: Evaluate,
    grid: Sequence[float],
    width: float,
    *,
    whole: bool,
    tell: ProgressCallback = tell_nothing,
) -> dict[float, Outcome]:
    """What came of every value looked at: those of the grid, and those between that bisect it.

    `width`: two values whose plans differ are brought no further together than this. `tell` hears
    the grid, and each part of it that is bisected.
    """
    tell(f"a grid of {len(grid):,} points")
    found = {value: evaluate(value) for value in grid}

    def split(low: float, high: float) -> None:
        if high - low <= width or not find_changes(found[low], found[high]):
            return
        middle = float((low + high) // 2) if whole else _tidy((low + high) / 2)
        if low < middle < high:
            found[middle] = evaluate(middle)
            split(low, middle)
            split(middle, high)

    for low, high in pairwise(grid):
        if changes := len(find_changes(found[low], found[high])):
            tell(f"{changes:,} changes between {low:.6g} and {high:.6g}")
            split(low, high)
    return dict(sorted(found.items()))


def find_brackets(outcomes: Mapping[float, Outcome], width: float) -> tuple[Bracket, ...]:
    """Where each element begins and ends, by its place; `outcomes` in the order of the values."""
    known = {
        value: elements
        for value, outcome in outcomes.items()
        if (elements := find_elements(outcome)) is not None
    }
    plans = {value: elements for value, elements in known.items() if PLAN in elements}
    brackets = list(_find_own(PLAN, known, outcomes, width))
    for element in name_elements(plans.values()):
        brackets += _find_own(element, plans, outcomes, width)
    return tuple(sorted(brackets, key=lambda bracket: (bracket.low, bracket.high)))


def _find_own(
    element: str,
    known: Mapping[float, frozenset[str]],
    outcomes: Mapping[float, Outcome],
    width: float,
) -> Iterator[Bracket]:
    """The brackets of one element."""
    for (had_it, before), (has_it, after) in pairwise(part_values(element, known)):
        low, high = before[-1], after[0]
        yield Bracket(
            element,
            has_it,
            low,
            high,
            outcomes[low],
            outcomes[high],
            tuple(reversed(before)) if had_it else after,
            _explain_width(low, high, outcomes, width),
        )


def _explain_width(low: float, high: float, outcomes: Mapping[float, Outcome], width: float) -> str:
    if high - low <= width * (1 + 1e-9):
        return ""
    between = {value: outcome for value, outcome in outcomes.items() if low < value < high}
    ends = ", ".join(dict.fromkeys(outcome.status for outcome in between.values()))
    return f"no narrower: the values looked at between them ended as {ends}"


def _tidy(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")
