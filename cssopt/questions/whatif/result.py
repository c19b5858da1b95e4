"""A base plan and the plans of changed inputs: what was changed, and what it did."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from cssopt.issues import Issue
from cssopt.runs.outcome import find_worst
from cssopt.runs.pool import STOPPED
from cssopt.runs.solve_case import Solution
from cssopt.solution.figures import CHANGED, Figures
from cssopt.solution.leaving import tell_dropped, tell_leaving
from cssopt.solution.told import tell_doubt
from cssopt.solution.verdicts import DO_NOT_USE, Audits
from cssopt.solve.outcome import Status
from cssopt.tables.patch import CellChange, Step

_YARDSTICKS = ("currency", "price_year", "rate", "first", "last")
"""Settings of the horizon by which figures are measured."""


@dataclass(frozen=True)
class Variant:
    """One scenario: its steps, every cell that they changed, and its plan or why there is none.

    `notes` say what was read as another name.
    """

    name: str
    steps: tuple[Step, ...]
    changes: tuple[CellChange, ...]
    solution: Solution | None
    reason: str = ""
    notes: tuple[Issue, ...] = ()

    @property
    def status(self) -> Status:
        """How it ended; an error where it could not be made or solved."""
        return Status.ERROR if self.solution is None else self.solution.status

    @property
    def is_open(self) -> bool:
        """True where a limit or the user came before any plan: whether there is one is unknown."""
        return not self.has_plan and (self.status.is_open or self.was_interrupted)

    @property
    def has_plan(self) -> bool:
        """True where there is a plan to look at."""
        return self.solution is not None and self.solution.has_plan

    @property
    def was_interrupted(self) -> bool:
        """True where the user ended its solve, or it was not begun for that; a limit does not."""
        if self.solution is None:
            return self.reason == STOPPED
        return self.solution.solved.cancelled

    @property
    def changed_cells(self) -> int | None:
        """Number of cells that hold something else than in the base, once all steps are taken.

        None where the steps could not be taken.
        """
        if self.solution is None and not self.changes:
            return None
        first: dict[Any, Any] = {}
        last: dict[Any, Any] = {}
        for cell in self.changes:
            place = cell.table, cell.key, cell.column
            first.setdefault(place, cell.old)
            last[place] = cell.new
        changed = [place for place, old in first.items() if last[place] != old]
        return len(changed)

    @property
    def changed_nothing(self) -> bool:
        """True where the steps were taken and every cell already held its value."""
        return self.changed_cells == 0


@dataclass(frozen=True)
class Move:
    """Units of a kind that a party holds in a year in the base plan, and in a scenario's.

    Attributes
    ----------
    key: whose units of what, by the indices of the measure. year: the year.
    base, new: units in the two plans.
    """

    key: tuple[Any, ...]
    year: int
    base: float
    new: float

    @property
    def difference(self) -> float:
        """Units more than in the base plan."""
        return self.new - self.base


@dataclass(frozen=True)
class Comparison:
    """The base plan, and a variant per scenario.

    `unasked` are the standard questions for which the base plan gives no occasion.
    """

    base: Solution
    variants: tuple[Variant, ...]
    unasked: tuple[str, ...] = ()

    @property
    def status(self) -> Status:
        """That of the base plan; an error where a scenario was lost, and a limit where one was not
        answered in the time there was."""
        if any(variant.was_interrupted for variant in self.variants):
            return Status.INTERRUPTED
        return find_worst((str(v.status) for v in self.variants), self.base.status)

    @property
    def figures(self) -> Figures:
        """The figures by which the plans are compared: those of the study of the base plan."""
        return Figures.of(self.base.study)

    @property
    def audits(self) -> Audits:
        """The audits of all plans."""
        plans = {"the base plan": self.base}
        plans |= {f"scenario {v.name}": v.solution for v in self.variants if v.solution is not None}
        return Audits.of((name, plan.verdict) for name, plan in plans.items() if plan.has_plan)

    def moves(self, variant: Variant) -> list[Move]:
        """What moved against the base plan, in the years that both plans have."""
        plan = variant.solution
        if plan is None or not (self.base.has_plan and plan.has_plan):
            return []
        old, new = self.base.units_by_year, plan.units_by_year
        years = set(self.base.data.horizon.years) & set(plan.data.horizon.years)
        moves = [
            Move(key[:-1], key[-1], old.get(key, 0.0), new.get(key, 0.0))
            for key in sorted({*old, *new})
            if key[-1] in years
        ]
        return [move for move in moves if abs(move.difference) > CHANGED]

    @property
    def moving(self) -> tuple[str, ...]:
        """Names of the parts of what moves, before the year."""
        measure = self.base.study.measure("units")
        return () if measure is None else measure.indices

    def remarks(self, variant: Variant) -> Iterator[str]:
        """What must be known before a scenario is set beside the base, sentence by sentence."""
        if variant.reason:
            yield variant.reason
        for note in variant.notes:
            yield str(note)
        if variant.changed_nothing:
            yield "Nothing was changed: every cell held its value already."
        plan = variant.solution
        if plan is None:
            return
        yield from tell_leaving(self.base, plan)
        yield from tell_dropped(variant.steps, self.base.data.book)
        if doubt := tell_doubt(plan, self.base):
            yield doubt
        if plan.solved.message:
            yield plan.solved.message
        if plan.verdict:
            yield f"The audit failed: {plan.verdict[0].told}. {DO_NOT_USE}."
        old, new = self.base.data.horizon_settings, plan.data.horizon_settings
        for (name, before), (_, after) in ((old[part], new[part]) for part in _YARDSTICKS):
            if before != after:
                change = f"{name} is {after}, in the base {before}"
                yield f"Not measured like the base: {change}."
