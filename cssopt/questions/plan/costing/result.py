"""A planner's own plan: what it costs, what it breaks, and the least-cost plan near it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cssopt.questions.plan.result import Comparison
from cssopt.runs.solve_case import Solution
from cssopt.solution.verdicts import Audits
from cssopt.solve.outcome import Status

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, kw_only=True)
class BrokenRule:
    """A rule that the given plan breaks at one place.

    Attributes
    ----------
    name: component and rule. says: the rule in words, as its component has it.
    key: where, by index: ``{"member": "NOR", "year": 2030}``.
    amount: by how much. limit: what the rule allows; None where it depends on other decisions.
    measure: of both; empty where it is a sum of several.
    planned: cells of the given plan at that place. inputs: cells that make the limit.
    """

    name: str
    says: str
    key: Mapping[str, Any]
    amount: float
    limit: float | None
    measure: str
    planned: tuple[str, ...]
    inputs: tuple[str, ...]


@dataclass(frozen=True)
class PlannedRow:
    """A row of the given plan.

    Attributes
    ----------
    key: party, thing and year. where: address of the row.
    typed: number by column; None where the model chose. found: the same in the plan as costed.
    """

    key: tuple[Any, Any, int]
    where: str
    typed: Mapping[str, float | None]
    found: Mapping[str, float]


@dataclass(frozen=True)
class Move:
    """Units of a party and thing that the least-cost plan near the given one has more, or less.

    Attributes
    ----------
    by_year: the difference in each year.
    """

    party: str
    thing: str
    by_year: Mapping[int, float]

    @property
    def size(self) -> float:
        """Unit-years moved."""
        return sum(map(abs, self.by_year.values()))


@dataclass(frozen=True, kw_only=True)
class Costing:
    """A given plan, costed.

    Attributes
    ----------
    compared: the plan with what it says filled in by the model where it says nothing, beside its
        baseline; look at its status first.
    broken: rules that it breaks, those that it breaks most first.
    rows: what was given, and what is in the plan.
    near: the least-cost plan near it; None where it was not worked out, as after Ctrl-C.
    """

    compared: Comparison
    broken: tuple[BrokenRule, ...] = ()
    rows: tuple[PlannedRow, ...] = ()
    near: Solution | None = None

    @property
    def plan(self) -> Solution:
        """The plan as costed."""
        return self.compared.plan

    @property
    def status(self) -> Status:
        """How the costing ended."""
        return self.plan.status

    @property
    def audits(self) -> Audits:
        """Those of the plan, of what it is compared with, and of the plan near it."""
        own = self.compared.audits
        if self.near is None or not self.near.has_plan:
            return own
        return own.beside([("the least-cost plan near it", self.near.verdict)])

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Those of the plan."""
        return self.plan.tables

    @property
    def moves(self) -> tuple[Move, ...]:
        """What the least-cost plan near it holds more or less, the largest first."""
        if self.near is None or not (self.near.has_plan and self.plan.has_plan):
            return ()
        own, other = self.plan.units_by_year, self.near.units_by_year
        found: dict[tuple[str, str], dict[int, float]] = {}
        for key in sorted({*own, *other}, key=str):
            difference = other.get(key, 0.0) - own.get(key, 0.0)
            if abs(difference) > _MOVED:
                party, thing, year = key
                found.setdefault((party, thing), {})[year] = difference
        moves = [Move(*key, by_year) for key, by_year in found.items()]
        return tuple(sorted(moves, key=lambda move: -move.size))


_MOVED = 0.05
"""Units that are held more or less by less than this are told as no difference."""
