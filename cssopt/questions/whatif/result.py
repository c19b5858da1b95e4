"""A base plan and the plans of changed inputs: what was changed, and what it did."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from cssopt.names import key_parts
from cssopt.solution.figures import CHANGED, FIGURES
from cssopt.solution.leaving import find_remaining, tell_dropped, tell_leaving
from cssopt.solution.plain import plain_value
from cssopt.solution.plan import Solution
from cssopt.solution.told import is_told, tell_doubt
from cssopt.solution.verdicts import DO_NOT_USE, Audits
from cssopt.tables.changes import write_change
from cssopt.tables.patch import CellChange, Step

_YARDSTICKS = ("currency", "price_year", "discount_rate", "first_year", "last_year")
"""Settings by which figures are measured."""
_PENALTY = "persistence_penalty"


@dataclass(frozen=True)
class Variant:
    """One scenario: its steps, every cell that they changed, and its plan or why there is none."""

    name: str
    steps: tuple[Step, ...]
    touched: tuple[CellChange, ...]
    solution: Solution | None
    reason: str = ""

    @property
    def changed_cells(self) -> int | None:
        """Number of cells that hold something else than in the base, once all steps are taken.

        None where the steps could not be taken.
        """
        if self.solution is None and not self.touched:
            return None
        first: dict[Any, Any] = {}
        last: dict[Any, Any] = {}
        for cell in self.touched:
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
    """Units of a force that a member holds in a year in the base plan, and in a scenario's."""

    member: str
    force: str
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
    def audits(self) -> Audits:
        """The audits of all plans."""
        plans = {"the base plan": self.base}
        plans |= {f"scenario {v.name}": v.solution for v in self.variants if v.solution is not None}
        return Audits.of((name, plan.verdict) for name, plan in plans.items() if plan.has_plan)

    def moves(self, variant: Variant) -> list[Move]:
        """What moved against the base plan, in the years that both plans have."""
        old, new = _held(self.base), _held(variant.solution)
        if not (self.base.has_plan and variant.solution is not None and variant.solution.has_plan):
            return []
        years = set(_years(self.base)) & set(_years(variant.solution))
        return [
            Move(m, f, t, old.get((m, f, t), 0.0), new.get((m, f, t), 0.0))
            for m, f, t in sorted({*old, *new})
            if t in years and abs(new.get((m, f, t), 0.0) - old.get((m, f, t), 0.0)) > CHANGED
        ]

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
        old, new = self.base.data.settings, plan.data.settings
        for name in _YARDSTICKS:
            if getattr(old, name) != getattr(new, name):
                change = f"{name} is {getattr(new, name)}, in the base {getattr(old, name)}"
                yield f"Not measured like the base: {change}."

    def facts(self) -> dict[str, Any]:
        """Figures of base and variants as plain JSON values; null where there is none.

        ``difference`` is what a scenario has more than the base, only where they differ, and only
        where ``difference_told``: where it is larger than what is not proven of either; ``moved``
        the units by member, force and year that differ; ``remaining``, where members leave, the
        base's figures for those who remain.
        """
        return {
            **self.audits.facts(),
            "base": _facts(self.base),
            "scenarios": [self._variant_facts(variant) for variant in self.variants],
        }

    def _variant_facts(self, variant: Variant) -> dict[str, Any]:
        plan = variant.solution
        remaining = find_remaining(self.base, plan)
        return {
            "scenario": variant.name,
            "steps": [write_change(step) for step in variant.steps],
            "changed": [_touched(cell) for cell in variant.touched],
            "changed_nothing": variant.changed_nothing,
            "reason": variant.reason,
            "remarks": self.remarks(variant),
            "remaining": None if remaining is None else remaining.facts(),
            **(_facts(plan) if plan is not None else {"status": "error"}),
            "difference_told": plan is not None and is_told(plan, self.base),
            "difference": {}
            if plan is None or not (is_told(plan, self.base) or not plan.has_plan)
            else _difference(self.base, plan),
            "moved": [
                {**asdict(move), "difference": move.difference} for move in self.moves(variant)
            ],
        }


def persistence_penalty(plan: Solution | None) -> float | None:
    """What the plan's moves weigh, a penalty and no money; None where nothing weighs them."""
    if plan is None or plan.quantities is None or _PENALTY not in plan.quantities:
        return None
    return float(getattr(plan.quantities, _PENALTY))


def _held(plan: Solution | None) -> dict[Any, float]:
    if plan is None or plan.quantities is None:
        return {}
    return plan.quantities.sums("held", "member force year")


def _years(plan: Solution) -> range:
    return range(plan.data.settings.first_year, plan.data.settings.last_year + 1)


def _facts(plan: Solution) -> dict[str, Any]:
    penalty = persistence_penalty(plan)
    return {
        "status": str(plan.status),
        **plan.audits.facts(),
        "threats_met": plan.threats_met,
        "objective": plain_value(plan.objective),
        "bound": plain_value(plan.bound),
        "gap": plain_value(plan.gap),
        "pooled_expenditure": plain_value(plan.pooled_expenditure),
        "shortfall": plain_value(plan.shortfall),
        **({} if penalty is None else {_PENALTY: plain_value(penalty)}),
        **{figure.name: figure.facts(figure.amounts(plan)) for figure in FIGURES},
    }


def _difference(base: Solution, plan: Solution) -> dict[str, Any]:
    return {
        "pooled_expenditure": plain_value(plan.pooled_expenditure - base.pooled_expenditure),
        "shortfall": plain_value(plan.shortfall - base.shortfall),
        **{figure.name: figure.facts(figure.differences(base, plan)) for figure in FIGURES},
    }


def _touched(cell: CellChange) -> dict[str, Any]:
    key = key_parts(cell.key)
    return {
        "table": cell.table,
        "key": [part for part in key if part is not None],
        "column": cell.column,
        "old": cell.old,
        "new": cell.new,
    }
