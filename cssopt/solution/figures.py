"""The figures by which plans are compared: numbers by key, each kind once for every report."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cssopt.solution.plan import MET, Solution, discount_factors

CHANGED = 1e-6
"""Figures closer than this are the same: the rest is rounding of the solver."""

_COVERAGE = "coverage"
_SET_UP = "set_up"
_PARTS = ("need", "own", "delegated", "shortfall")

Amounts = Mapping[tuple[Any, ...], float]


@dataclass(frozen=True)
class Figure:
    """One kind of figure.

    Attributes
    ----------
    name: as in the facts of a comparison.
    over: names of the parts of its keys. value: name of the number itself.
    read: the numbers of a plan that there is, by key.
    absent: what a key amounts to that a plan does not have; None where that is no figure.
    """

    name: str
    over: tuple[str, ...]
    value: str
    read: Callable[[Solution], Amounts]
    absent: float | None = 0.0

    def amounts(self, plan: Solution | None) -> Amounts:
        """The numbers of a plan by key; none where there is no plan."""
        return {} if plan is None or not plan.has_plan else self.read(plan)

    def differences(self, base: Solution, plan: Solution | None) -> dict[tuple[Any, ...], float]:
        """What a plan has more than the base, by key, where they differ; none without two plans."""
        if plan is None or not plan.has_plan or not base.has_plan:
            return {}
        old, new = self.read(base), self.read(plan)
        found = {}
        for key in dict.fromkeys((*old, *new)):
            before, after = old.get(key, self.absent), new.get(key, self.absent)
            if before is not None and after is not None and abs(after - before) > CHANGED:
                found[key] = after - before
        return found

    def facts(self, amounts: Amounts) -> Any:
        """The numbers as plain JSON values: by name, or records where a key has several parts."""
        if len(self.over) == 1:
            return {key[0]: value for key, value in amounts.items()}
        return [
            {**dict(zip(self.over, key, strict=True)), self.value: value}
            for key, value in amounts.items()
        ]


def _costs_by_bearer(plan: Solution) -> Amounts:
    assert plan.quantities is not None
    discount, sums = discount_factors(plan.data), dict[tuple[Any, ...], float]()
    for (entry, bearer, year), value in plan.quantities.costs.items():
        sums[bearer, entry] = sums.get((bearer, entry), 0.0) + discount[year] * value
    return sums


def _units(plan: Solution) -> Amounts:
    assert plan.quantities is not None
    years = len(discount_factors(plan.data))
    return {key: x / years for key, x in plan.quantities.sums("held", "member force").items()}


def _covered_shares(plan: Solution) -> Amounts:
    worst: dict[tuple[Any, ...], float] = {}
    for row in plan.derived.get(_COVERAGE, []):
        key = row["threat"], row["capability"]
        missing = row["missing_share"] if row["missing_share"] > MET else 0.0
        worst[key] = min(worst.get(key, 1.0), 1.0 - missing)
    return worst


def _coverage(plan: Solution) -> Amounts:
    sums: dict[tuple[Any, ...], float] = {}
    for row in plan.derived.get(_COVERAGE, []):
        for part in _PARTS:
            key = row["threat"], row["capability"], part
            sums[key] = sums.get(key, 0.0) + row[part]
    return sums


def _shortfalls(plan: Solution) -> Amounts:
    assert plan.quantities is not None
    return plan.quantities.sums("shortfall", "threat capability")


def _completions(plan: Solution) -> Amounts:
    dates = {(row["activity"],): row["complete"] for row in plan.derived.get(_SET_UP, [])}
    return {key: year for key, year in dates.items() if year is not None and math.isfinite(year)}


def _burdens(plan: Solution) -> Amounts:
    assert plan.quantities is not None
    return {(member,): x for member, x in plan.quantities.burden.items()}


COSTS = Figure(
    "costs", ("entry",), "present_value", lambda plan: {(e,): x for e, x in plan.costs.items()}
)
"""Present value by ledger entry, million; they add up to the pooled expenditure."""
COSTS_BY_BEARER = Figure("costs_by_bearer", ("bearer", "entry"), "present_value", _costs_by_bearer)
"""Present value by bearer (a member or ``common``) and entry, million."""
BURDEN = Figure("burden", ("member",), "burden", _burdens)
"""What each member pays in the end, present value, million."""
UNITS = Figure("units", ("member", "force"), "units", _units)
"""Units held, the mean of all years."""
COVERED_SHARE = Figure(
    "covered_share", ("threat", "capability"), "share", _covered_shares, absent=None
)
"""Share of the need that is covered, the worst of all days and years."""
COVERAGE = Figure("coverage", ("threat", "capability", "part"), "power", _coverage)
"""Power needed, own, delegated and short: sums over days and years."""
SHORTFALLS = Figure("shortfalls", ("threat", "capability"), "shortfall", _shortfalls)
"""Power missing: sums over days and years."""
COMPLETIONS = Figure("set_up", ("activity",), "year", _completions, absent=None)
"""First year in which an activity is complete; none where it is never begun."""

FIGURES = (
    COSTS,
    COSTS_BY_BEARER,
    BURDEN,
    UNITS,
    COVERED_SHARE,
    COVERAGE,
    SHORTFALLS,
    COMPLETIONS,
)
