"""A solution: status first, then everything the plan says."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from cssopt.assembly.instance import Instance
from cssopt.assembly.study import Study
from cssopt.names import INDEX_ORDER
from cssopt.solution.audit import Audit
from cssopt.solution.concessions import Concession
from cssopt.solution.quantities import Quantities, Quantity
from cssopt.solution.verdicts import Audits, Verdict, find_broken
from cssopt.solve.answer import Options, Solved
from cssopt.solve.outcome import Status
from cssopt.tables.data import Data

_NOTHING_PROVEN = (
    "A limit was reached first: the plan keeps every rule, but how much better another could be is "
    "not known."
)

MET = 1e-6
"""Shortfall below this share of a need is rounding: the need is met."""


@dataclass(frozen=True)
class Solution:
    """What a solve gave.

    Attributes
    ----------
    status: how it ended; look at it before any figure.
    study, coalition, data, options: what was solved.
    solved: the solver's answer, with bound, gap and stages.
    quantities: every decision, balance and derived figure; None where there is no plan.
    prices: by constraint, what one more unit of room would save.
    derived: the results of the components, as rows; keys that are years are columns by year.
    explanations: what each derived table shows, from the docstring of its component's hook.
    audit: None where there is no plan.
    concessions: what giving up a little of what is held first would save, where that was asked.
    seconds: times by step. shape: rows and columns of the program.
    """

    status: Status
    study: Study
    coalition: tuple[str, ...]
    data: Data
    options: Options
    solved: Solved
    shape: tuple[int, int]
    quantities: Quantities | None = None
    prices: Mapping[str, Quantity] = field(default_factory=dict)
    derived: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)
    explanations: Mapping[str, str] = field(default_factory=dict)
    audit: Audit | None = None
    concessions: tuple[Concession, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)

    @property
    def instance(self) -> Instance:
        """The question that it answers, for further ones about it."""
        options = self.study.options
        given = {name: value for name, value in self.data.given.items() if name not in options}
        return Instance(self.data.book, self.study, self.coalition, given)

    @property
    def has_plan(self) -> bool:
        """True where there is a plan to look at."""
        return self.quantities is not None

    @property
    def verdict(self) -> Verdict:
        """What its audit says; None where there is no plan."""
        return find_broken(self.audit)

    @property
    def verdicts(self) -> list[tuple[str, Verdict]]:
        """By name, the audits of the plan and of those that give up a little security."""
        own = [("the plan", self.verdict)] if self.has_plan else []
        further = [one for one in self.concessions if not one.chosen and not math.isnan(one.value)]
        return [*own, *((f"missing share at most {one.most:.6g}", one.verdict) for one in further)]

    @property
    def audits(self) -> Audits:
        """What these audits come to."""
        return Audits.of(self.verdicts)

    @property
    def objective(self) -> float:
        """Value of the last stage; nan where there is no plan."""
        return self.solved.stages[-1].value if self.has_plan and self.solved.stages else math.nan

    @property
    def bound(self) -> float:
        """Proven bound of the last stage."""
        return self.solved.bound

    @property
    def gap(self) -> float:
        """Relative distance of objective and bound."""
        return self.solved.gap

    @property
    def sentence(self) -> str:
        """What the status means of this plan."""
        nothing_proven = self.status is Status.FEASIBLE and math.isinf(self.gap)
        return _NOTHING_PROVEN if nothing_proven else self.status.sentence

    @property
    def pooled_expenditure(self) -> float:
        """Present value of all costs, million; nan where there is no plan."""
        return self.quantities.pooled_expenditure if self.quantities else math.nan

    @property
    def missing_share(self) -> float:
        """Weighted shares of the needs that are missing; nan where there is no plan."""
        return self.quantities.missing_share if self.quantities else math.nan

    @property
    def shortfall(self) -> float:
        """Plain sum of the power missing; nan where there is no plan."""
        return sum(self.quantities.shortfall.values()) if self.quantities else math.nan

    @property
    def threats_met(self) -> bool:
        """True where no need is short by more than rounding."""
        if self.quantities is None:
            return False
        need = self.quantities.need
        return all(
            short <= MET * max(need.get(key, 0.0), MET)
            for key, short in self.quantities.shortfall.items()
        )

    @property
    def costs(self) -> dict[str, float]:
        """Present value by ledger entry, million; they add up to the pooled expenditure."""
        if self.quantities is None:
            return {}
        discount = discount_factors(self.data)
        sums: dict[str, float] = {}
        for (entry, _, year), value in self.quantities.costs.items():
            sums[entry] = sums.get(entry, 0.0) + discount[year] * value
        return sums

    @cached_property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Every quantity, the ledger (``costs``), the derived tables and the prices as frames.

        Index columns stand in the fixed order; the value column bears the quantity's name.
        Prices are named ``price_of_<constraint>``.
        """
        if self.quantities is None:
            return {}
        frames = {name: _frame(quantity) for name, quantity in self.quantities.quantities.items()}
        frames |= {f"price_of_{name}": _frame(price) for name, price in self.prices.items()}
        discount = discount_factors(self.data)
        frames["costs"] = pd.DataFrame(
            [
                (entry, bearer, year, value, discount[year] * value)
                for (entry, bearer, year), value in self.quantities.costs.items()
            ],
            columns=["entry", "bearer", "year", "cost", "present_value"],
        )
        frames |= {name: pd.DataFrame(rows) for name, rows in self.derived.items()}
        return frames


def discount_factors(data: Data) -> dict[int, float]:
    """Present value of one million of each year of the plan."""
    first, last = data.settings.first_year, data.settings.last_year
    rate = data.settings.discount_rate
    return {year: (1 + rate) ** -(year - first) for year in range(first, last + 1)}


def _frame(quantity: Quantity) -> pd.DataFrame:
    if not quantity.index_names:
        return pd.DataFrame({quantity.name: list(quantity.values.values())})
    frame = pd.DataFrame(
        [(*key, value) for key, value in quantity.keyed()],
        columns=[*quantity.index_names, quantity.name],
    )
    order = [index for index in INDEX_ORDER if index in quantity.index_names]
    return frame[[*order, quantity.name]]
