"""The structure of plans: what each has, in the words of the components, and over which of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from cssopt.runs.outcome import Outcome
from cssopt.solve.outcome import Status

PLAN: Final = "there is a plan"
"""The element of the structure that all others need."""

_ANSWERED: Final = (Status.OPTIMAL, Status.FEASIBLE)
_NO_PLAN: Final = (Status.INFEASIBLE, Status.UNBOUNDED)

Structures = Mapping[float, frozenset[str]]
"""The elements of plans, by the value or the number at which each was found, in their order."""


@dataclass(frozen=True)
class Stretch:
    """Values, as they were looked at, in each of which the plan has an element."""

    element: str
    values: tuple[float, ...]


def find_elements(outcome: Outcome) -> frozenset[str] | None:
    """What the plan has, `PLAN` among it; nothing where no plan can be; None where none is known.

    A plan of a run that was cut off before its end does not count: nothing is proven of it.
    """
    if outcome.status in _ANSWERED and outcome.has_plan:
        return frozenset((*outcome.structure, PLAN))
    return frozenset() if outcome.status in _NO_PLAN else None


def find_stretches(outcomes: Mapping[float, Outcome]) -> tuple[Stretch, ...]:
    """Every element with the values at which it is seen, one after another."""
    plans = {
        value: elements
        for value, outcome in outcomes.items()
        if (elements := find_elements(outcome)) and PLAN in elements
    }
    return tuple(
        Stretch(element, values)
        for element in name_elements(plans.values())
        for has_it, values in part_values(element, plans)
        if has_it
    )


def name_elements(structures: Iterable[frozenset[str]]) -> list[str]:
    """All elements of some plans, by their names; `PLAN` is none of them."""
    return sorted({element for elements in structures for element in elements} - {PLAN})


def part_values(element: str, known: Structures) -> Iterator[tuple[bool, tuple[float, ...]]]:
    """The values, parted where the element begins or ends, each part with whether it is there."""
    for has_it, values in groupby(known, key=lambda value: element in known[value]):
        yield has_it, tuple(values)
