"""A base plan and the plans of changed inputs: what was changed, and what it did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from cssopt.modeling.measures import PENALTY, POOLED_EXPENDITURE, SHORTFALL
from cssopt.names import YEAR, key_parts
from cssopt.solution.figures import CHANGED, Figure, Figures
from cssopt.solution.leaving import find_remaining, tell_dropped, tell_leaving
from cssopt.solution.plain import plain_value
from cssopt.solution.plan import Solution
from cssopt.solution.told import is_told, tell_doubt
from cssopt.solution.verdicts import DO_NOT_USE, Audits
from cssopt.tables.changes import write_change
from cssopt.tables.patch import CellChange, Step

_YARDSTICKS = ("currency", "price_year", "rate", "first", "last")
"""Settings of the horizon by which figures are measured."""


@dataclass(frozen=True)
class Variant:
    """One scenario: its steps, every cell that they changed, and its plan or why there is none."""

    name: str
    steps: tuple[Step, ...]
    changes: tuple[CellChange, ...]
    solution: Solution | None
    reason: str = ""

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
    """The base plan, and a variant per scenario."""

    base: Solution
    variants: tuple[Variant, ...]

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

    def remarks(self, variant: Variant) -> list[str]:
        """What must be known before a scenario is set beside the base, sentence by sentence."""
        return list(self._remarks(variant))

    def _remarks(self, variant: Variant) -> Iterator[str]:
        if variant.reason:
            yield variant.reason
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

    def _move_facts(self, move: Move) -> dict[str, Any]:
        units = {"base": move.base, "new": move.new, "difference": move.difference}
        return {**dict(zip(self.moving, move.key, strict=True)), YEAR: move.year, **units}

    def facts(self) -> dict[str, Any]:
        """Figures of base and variants as plain JSON values; null where there is none.

        ``difference`` is what a scenario has more than the base, only where they differ, and only
        where ``difference_told``: where it is larger than what is not proven of either; ``moved``
        the units by member, force and year that differ; ``remaining``, where members leave, the
        base's figures for those who remain.
        """
        return {
            **self.audits.facts(),
            "base": _facts(self.base, self.figures.all),
            "scenarios": [self._variant_facts(variant) for variant in self.variants],
        }

    def _variant_facts(self, variant: Variant) -> dict[str, Any]:
        plan = variant.solution
        remaining = find_remaining(self.base, plan)
        return {
            "scenario": variant.name,
            "steps": [write_change(step) for step in variant.steps],
            "changed": [_state_change(cell) for cell in variant.changes],
            "changed_nothing": variant.changed_nothing,
            "reason": variant.reason,
            "remarks": self.remarks(variant),
            "remaining": None if remaining is None else remaining.facts(),
            **(_facts(plan, self.figures.all) if plan is not None else {"status": "error"}),
            "difference_told": plan is not None and is_told(plan, self.base),
            "difference": {}
            if plan is None or not (is_told(plan, self.base) or not plan.has_plan)
            else _difference(self.base, plan, self.figures.all),
            "moved": [self._move_facts(move) for move in self.moves(variant)],
        }


def _facts(plan: Solution, figures: Iterable[Figure]) -> dict[str, Any]:
    return {
        "status": str(plan.status),
        **plan.audits.facts(),
        "threats_met": plan.threats_met,
        "objective": plain_value(plan.objective),
        "bound": plain_value(plan.bound),
        "gap": plain_value(plan.gap),
        POOLED_EXPENDITURE: plain_value(plan.pooled_expenditure),
        SHORTFALL: plain_value(plan.shortfall),
        **({} if plan.penalty is None else {PENALTY: plain_value(plan.penalty)}),
        **{figure.name: figure.facts(figure.amounts(plan)) for figure in figures},
    }


def _difference(base: Solution, plan: Solution, figures: Iterable[Figure]) -> dict[str, Any]:
    return {
        POOLED_EXPENDITURE: plain_value(plan.pooled_expenditure - base.pooled_expenditure),
        SHORTFALL: plain_value(plan.shortfall - base.shortfall),
        **{figure.name: figure.facts(figure.differences(base, plan)) for figure in figures},
    }


def _state_change(cell: CellChange) -> dict[str, Any]:
    key = key_parts(cell.key)
    return {
        "table": cell.table,
        "key": [part for part in key if part is not None],
        "column": cell.column,
        "old": cell.old,
        "new": cell.new,
    }
