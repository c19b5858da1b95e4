"""What must be known where a scenario drops rows: who leaves, and the base for those who remain."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from cssopt.names import join_names
from cssopt.solution.figures import CHANGED, Figures
from cssopt.solution.plain import plain_row
from cssopt.solution.plan import Solution
from cssopt.tables.data import Data
from cssopt.tables.patch import Step


@dataclass(frozen=True)
class Remaining:
    """The members of both plans where others of the base plan leave, with their figures in both.

    Attributes
    ----------
    left, members: who leaves, who remains.
    base_burden, burden: what the remaining members bear, million, present value.
    base_shortfall, shortfall: power-years missing of the needs that are counted in both plans.
    not_counted: threats of the base plan of which no need is left.

    Figures are nan where one of the two has no plan, or the study has no such figure.
    """

    left: tuple[str, ...]
    members: tuple[str, ...]
    base_burden: float = math.nan
    burden: float = math.nan
    base_shortfall: float = math.nan
    shortfall: float = math.nan
    not_counted: tuple[str, ...] = ()

    def facts(self) -> dict[str, Any]:
        """Plain JSON values; null where there is no figure."""
        lists = {name: list(getattr(self, name)) for name in ("left", "members", "not_counted")}
        return {**plain_row(vars(self)), **lists}


def find_remaining(base: Solution, plan: Solution | None) -> Remaining | None:
    """The members that remain, None where nobody of the base plan leaves."""
    if plan is None or set(base.coalition) <= set(plan.coalition):
        return None
    left = tuple(m for m in base.coalition if m not in plan.coalition)
    members = tuple(m for m in base.coalition if m in plan.coalition)
    if base.quantities is None or plan.quantities is None:
        return Remaining(left, members)
    both = plan.asked.keys() & base.asked.keys()
    return Remaining(
        left,
        members,
        _sum_burdens(base, members),
        _sum_burdens(plan, members),
        sum(base.missing.get(key, 0.0) for key in both),
        sum(plan.missing.get(key, 0.0) for key in both),
        tuple(k for k in _find_asking(base) if k not in _find_asking(plan)),
    )


def _sum_burdens(plan: Solution, members: Iterable[str]) -> float:
    """What these members bear; nan in a study that shares no costs."""
    burdens = Figures.of(plan.study).burden.amounts(plan)
    return sum(burdens[member,] for member in members) if burdens else math.nan


def _find_asking(plan: Solution) -> dict[Any, None]:
    """What asks for the needs of a plan: its threats."""
    assert plan.quantities is not None
    need = plan.study.require_need()
    place = plan.quantities.find(need.asked).index_names.index(need.asks)
    return {key[place]: None for key in plan.asked}


def tell_leaving(base: Solution, plan: Solution) -> Iterator[str]:
    """Who leaves, what is no longer counted, and the base's figures for those who remain."""
    before, after = base.data.book.parties, plan.data.book.parties
    for member in before:
        if member not in after and member not in base.coalition:
            yield f"{member} takes no part in the base plan either."
    remaining = find_remaining(base, plan)
    if remaining is None:
        return
    left = join_names(remaining.left)
    verb = "leaves" if len(remaining.left) == 1 else "leave"
    yield f"{left} {verb} the coalition: needs of {left} are no longer counted."
    if remaining.not_counted:
        yield f"No need of {join_names(remaining.not_counted)} is left."
    if not math.isfinite(remaining.base_burden):
        return
    old, new = remaining.base_burden, remaining.burden
    yield (
        f"The remaining members ({', '.join(remaining.members)}) bear {old:,.1f} million in the "
        f"base plan and {new:,.1f} in this one."
    )
    old, new = remaining.base_shortfall, remaining.shortfall
    if max(old, new) > CHANGED:
        yield (
            f"Of the needs that are counted in both, {old:,.2f} power-years are short in the base "
            f"plan and {new:,.2f} in this one."
        )


def tell_dropped(steps: Iterable[Step], data: Data) -> Iterator[str]:
    """What the absence of the rows means that steps drop."""
    dropped = {step.table: None for step in steps if step.change == "drop"}
    for name in dropped:
        if name in data.tables and (meaning := data.tables[name].spec.no_row):
            yield f"Rows of {name} are dropped: {meaning}."
