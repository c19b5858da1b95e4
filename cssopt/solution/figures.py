"""The figures by which plans are compared: each kind is defined once, for every report.

A figure is read from a solution or, where it is a sum over a decision or a reported figure, from
the arrays of its program too (`Sum`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from cssopt.assembly.study import Study
from cssopt.modeling.measures import BURDEN, SHORTFALL, UNITS, Milestones, Need, Role
from cssopt.names import YEAR, key_parts
from cssopt.solution.missing import missing_share
from cssopt.solution.plan import Solution
from cssopt.solution.quantities import Quantities, sum_present_values
from cssopt.solve.program import Floats, Program
from cssopt.tables.data import Data
from cssopt.tables.row_order import TypedOrder

CHANGED = 1e-6
"""Figures closer than this are the same: the rest is rounding of the solver."""

Amounts = Mapping[tuple[Any, ...], float]


@dataclass(frozen=True)
class Sum:
    """Sums of a decision or a reported figure over all but some of its indices.

    Attributes
    ----------
    quantity: its name. over: the indices that are kept.
    mean: True where over the years the mean is taken, as of every `Measure`.
    """

    quantity: str
    over: tuple[str, ...] = ()
    mean: bool = False

    def read(self, quantities: Quantities) -> Amounts:
        """The sums of a plan, by key."""
        sums = quantities.sums(self.quantity, " ".join(self.over))
        years = self._years(quantities.quantities[self.quantity].index_names, quantities.data)
        return {key_parts(key): x / years for key, x in sums.items()}

    def _years(self, indices: tuple[str, ...], data: Data) -> int:
        """By how many years a sum is divided."""
        is_mean = self.mean and YEAR in indices and YEAR not in self.over
        return len(data.horizon.years) if is_mean else 1

    def find(self, program: Program) -> PlacedSum | None:
        """Where the sums stand in a program; None where the program has no such figure."""
        if self.quantity not in program.indices:
            return None
        indices = program.indices[self.quantity]
        kept = [indices.index(index) for index in self.over]
        places: dict[Any, list[int]] = {}

        def put(key: Any, place: int) -> None:
            parts = key_parts(key)
            places.setdefault(tuple(parts[i] for i in kept), []).append(place)

        for place, (_, name, key) in enumerate(program.columns):
            if name == self.quantity:
                put(key, place)
        decided = bool(places)
        if not decided:
            for figure, place in program.figures.items():
                if figure[:2] == ("figure", self.quantity):
                    put(figure[2], place)
        return PlacedSum(self, places, decided, partial(self._years, indices))


@dataclass(frozen=True)
class PlacedSum:
    """Where the sums of a `Sum` stand in programs of one shape.

    Attributes
    ----------
    places: by key, the columns of the program, or where not `decided` the rows of its figures.
    years: by how many years the sums are divided, for tables.
    """

    sum: Sum
    places: Mapping[tuple[Any, ...], list[int]]
    decided: bool
    years: Callable[[Data], int]

    def arrange(self, typed: TypedOrder) -> PlacedSum:
        """The same, its keys in the order of the input."""
        order = typed.sort(self.sum.over, self.places) if self.sum.over else list(self.places)
        return replace(self, places={key: self.places[key] for key in order})

    def read(self, values: Floats, figures: Floats, data: Data) -> dict[tuple[Any, ...], float]:
        """The sums of a plan and its figures, by key."""
        numbers, factor = values if self.decided else figures, 1 / self.years(data)
        return {key: float(numbers[where].sum()) * factor for key, where in self.places.items()}


@dataclass(frozen=True)
class Figure:
    """One kind of figure.

    Attributes
    ----------
    name: as in the facts of a comparison.
    over: names of the parts of its keys. value: name of the number itself.
    read: the numbers of a plan that there is, by key.
    absent: what a key amounts to that a plan does not have; None where that is no figure.
    says: what it is, for a planner, where a component says it.
    """

    name: str
    over: tuple[str, ...]
    value: str
    read: Callable[[Solution], Amounts]
    absent: float | None = 0.0
    says: str = ""

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


@dataclass(frozen=True)
class Figures:
    """The figures by which plans of a study are compared.

    Attributes
    ----------
    costs: present value by ledger entry, million; they add up to the pooled expenditure.
    costs_by_bearer: the same by bearer (a party or ``common``) and entry.
    burden: what each party pays in the end, present value, million.
    units: what is held, the mean of all years.
    covered_share: share of each need that is covered, the worst of all days and years.
    coverage: what is asked, what covers it and what is missing: sums over days and years.
    shortfalls: what is missing: sums over days and years.
    milestones: dates of what is brought about; none where it never is.
    """

    costs: Figure
    costs_by_bearer: Figure
    burden: Figure
    units: Figure
    covered_share: Figure
    coverage: Figure
    shortfalls: Figure
    milestones: tuple[Figure, ...]

    @classmethod
    def of(cls, study: Study) -> Figures:
        """The figures that the components of a study declare.

        Raises ModelError where no need is declared; a measure that is not has no numbers.
        """
        need = study.require_need()
        return cls(
            costs=Figure("costs", ("entry",), "present_value", _costs),
            costs_by_bearer=Figure(
                "costs_by_bearer", ("bearer", "entry"), "present_value", _costs_by_bearer
            ),
            burden=_summed("burden", BURDEN, sum_of(study, "burden")),
            units=_summed("units", UNITS, sum_of(study, "units")),
            covered_share=Figure(
                "covered_share", need.indices, "share", partial(_covered_shares, need), absent=None
            ),
            coverage=Figure("coverage", (*need.indices, "part"), "power", partial(_coverage, need)),
            shortfalls=_summed("shortfalls", SHORTFALL, sum_missing(need)),
            milestones=tuple(
                Figure(dates.table, (dates.of,), YEAR, partial(_dates, dates), None, dates.says)
                for dates in study.milestones
            ),
        )

    @property
    def all(self) -> tuple[Figure, ...]:
        """Every figure, in the order in which facts tell them."""
        return (
            self.costs,
            self.costs_by_bearer,
            self.burden,
            self.units,
            self.covered_share,
            self.coverage,
            self.shortfalls,
            *self.milestones,
        )


def sum_of(study: Study, role: Role) -> Sum | None:
    """The sums of the measure of a role; None where the study has none."""
    measure = study.measure(role)
    return None if measure is None else Sum(measure.figure, measure.indices, mean=True)


def sum_missing(need: Need) -> Sum:
    """The sums of what is missing, by the indices by which needs are told."""
    return Sum(need.missing, need.indices)


def _summed(name: str, value: str, found: Sum | None) -> Figure:
    """A figure that is a sum; in a study that has none, there are no numbers of it."""
    if found is None:
        return Figure(name, (), value, lambda _plan: {})

    def read(plan: Solution) -> Amounts:
        assert plan.quantities is not None
        return found.read(plan.quantities)

    return Figure(name, found.over, value, read)


def _costs(plan: Solution) -> Amounts:
    return {(entry,): value for entry, value in plan.costs.items()}


def _costs_by_bearer(plan: Solution) -> Amounts:
    assert plan.quantities is not None
    costs = plan.quantities.costs.items()
    amounts = (((bearer, entry), year, value) for (entry, bearer, year), value in costs)
    return sum_present_values(amounts, plan.data.horizon.discount)


def _covered_shares(need: Need, plan: Solution) -> Amounts:
    asked, *_, missing = need.parts
    worst: dict[tuple[Any, ...], float] = {}
    for row in plan.derived.get(need.coverage, []):
        key = tuple(row[index] for index in need.indices)
        covered = 1.0 - missing_share(row[missing], row[asked])
        worst[key] = min(worst.get(key, 1.0), covered)
    return worst


def _coverage(need: Need, plan: Solution) -> Amounts:
    sums: dict[tuple[Any, ...], float] = {}
    for row in plan.derived.get(need.coverage, []):
        for part in need.parts:
            key = *(row[index] for index in need.indices), part
            sums[key] = sums.get(key, 0.0) + row[part]
    return sums


def _dates(dates: Milestones, plan: Solution) -> Amounts:
    found = {(row[dates.of],): row[dates.date] for row in plan.derived.get(dates.table, [])}
    return {key: year for key, year in found.items() if year is not None and math.isfinite(year)}
