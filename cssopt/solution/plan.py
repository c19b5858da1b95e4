"""A solution: status first, then everything the plan says."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from cssopt.assembly.instance import Instance
from cssopt.assembly.study import Study
from cssopt.modeling.measures import Role
from cssopt.names import YEAR
from cssopt.solution.accounts import Accounts, read_accounts
from cssopt.solution.audit import Audit
from cssopt.solution.concessions import Concession
from cssopt.solution.missing import is_met, missing_share
from cssopt.solution.quantities import Quantities, Quantity, sum_present_values
from cssopt.solution.verdicts import Audits, Verdict, find_broken
from cssopt.solve.answer import Options, Solved
from cssopt.solve.giving_way import RowName
from cssopt.solve.outcome import Status
from cssopt.tables.data import Data

if TYPE_CHECKING:
    import pandas as pd

_NOTHING_PROVEN = (
    "A limit was reached first: the plan keeps every rule, but how much better another could be is "
    "not known."
)


Rows = tuple[tuple[Any, ...], list[tuple[Any, ...]]]
"""The names of the columns of a table, and its rows."""


@dataclass(frozen=True)
class Solution:
    """What a solve gave.

    Parameters
    ----------
    status : Status
        How it ended; look at it before any figure.
    study : Study
        What was solved.
    coalition : tuple[str, ...]
        For whom.
    data : Data
        Of what tables.
    options : Options
        With which settings.
    solved : Solved
        The solver's answer, with bound, gap and stages.
    shape : tuple[int, int]
        Rows and columns of the program.
    quantities : Quantities | None, default None
        Every decision, balance and derived figure; None where there is no plan.
    prices : Mapping[str, Quantity]
        By constraint, what one more unit of room would save.
    derived : Mapping[str, list[dict[str, Any]]]
        The results of the components, as rows; keys that are years are columns by year.
    explanations : Mapping[str, str]
        What each derived table shows, from the docstring of its component's hook.
    audit : Audit | None, default None
        None where there is no plan.
    concessions : tuple[Concession, ...], default ()
        What giving up a little of what is held first would save, where that was asked.
    seconds : Mapping[str, float]
        Times by step.
    given_way : Mapping[RowName, float]
        By how much it breaks each rule that gave way, where it is costed as it was given.
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
    given_way: Mapping[RowName, float] = field(default_factory=dict)

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

    def figure(self, role: Role) -> Any:
        """The numbers of the measure of this role, by key; a number where it has no indices.

        Parameters
        ----------
        role : Role
            Such as ``burden`` or ``units``.

        Returns
        -------
        Any
            The numbers of the plan.

        Raises
        ------
        ModelError
            Where no component of the study declares such a measure.
        """
        return getattr(self._planned, self.study.figure(role))

    @property
    def _planned(self) -> Quantities:
        """The numbers of the plan, which must be there."""
        assert self.quantities is not None
        return self.quantities

    @property
    def units_by_year(self) -> dict[Any, float]:
        """Units held by each party in every year; none where there is no plan.

        By the indices of the measure, and the year.
        """
        if not self.has_plan:
            return {}
        figure, measure = self.study.figure("units"), self.study.measure("units")
        assert measure is not None
        return self._planned.sums(figure, " ".join((*measure.indices, YEAR)))

    @property
    def penalty(self) -> float | None:
        """What is minimized beside money and is none; None where nothing is."""
        if self.quantities is None or self.study.measure("penalty") is None:
            return None
        return float(self.figure("penalty"))

    @property
    def pooled_expenditure(self) -> float:
        """Present value of all costs, million; nan where there is no plan."""
        return float(self.figure("expenditure")) if self.has_plan else math.nan

    @property
    def missing_share(self) -> float:
        """Weighted shares of the needs that are missing; nan where there is no plan."""
        if not self.has_plan:
            return math.nan
        return float(getattr(self._planned, self.study.require_need().share))

    @property
    def missing(self) -> Mapping[Any, float]:
        """What is missing of each need, by key; empty where there is no plan."""
        if not self.has_plan:
            return {}
        found: Mapping[Any, float] = getattr(self._planned, self.study.require_need().missing)
        return found

    @property
    def asked(self) -> Mapping[Any, float]:
        """What each need asks for, by key; empty where there is no plan."""
        if not self.has_plan:
            return {}
        found: Mapping[Any, float] = getattr(self._planned, self.study.require_need().asked)
        return found

    @property
    def shortfall(self) -> float:
        """Plain sum of the power missing; nan where there is no plan."""
        return sum(self.missing.values()) if self.has_plan else math.nan

    @property
    def threats_met(self) -> bool:
        """True where no need is short by more than rounding."""
        asked = self.asked
        return self.has_plan and all(
            is_met(short, asked.get(key, 0.0)) for key, short in self.missing.items()
        )

    @property
    def worst_missing_share(self) -> float:
        """Largest share of any need that is missing; 0 where all are met, nan without a plan."""
        if not self.has_plan:
            return math.nan
        asked = self.asked
        shares = (missing_share(x, asked.get(key, 0.0)) for key, x in self.missing.items())
        return max(shares, default=0.0)

    @property
    def costs(self) -> dict[str, float]:
        """Present value by ledger entry, million; they add up to the pooled expenditure."""
        if self.quantities is None:
            return {}
        costs = self.quantities.costs.items()
        amounts = ((entry, year, value) for (entry, _, year), value in costs)
        return sum_present_values(amounts, self.data.horizon.discount)

    @cached_property
    def accounts(self) -> Accounts:
        """What the components tell of it for its report; nothing where there is no plan."""
        if self.quantities is None:
            return Accounts({})
        return read_accounts(tuple(self.study.components), self.quantities)

    @cached_property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Every quantity, the ledger (``costs``), the derived tables and the prices as frames.

        Index columns stand in the fixed order; the value column bears the quantity's name.
        Prices are named ``price_of_<constraint>``.
        """
        import pandas as pd

        derived = {name: pd.DataFrame(rows) for name, rows in self.derived.items()}
        return {
            name: derived[name] if name in derived else pd.DataFrame(rows, columns=list(columns))
            for name, (columns, rows) in self.rows.items()
        }

    @property
    def rows(self) -> Mapping[str, Rows]:
        """The columns and rows of every one of `tables`."""
        if self.quantities is None:
            return {}
        quantities = self.quantities.quantities
        found = {name: _list_rows(quantity, self.study) for name, quantity in quantities.items()}
        found |= {f"price_of_{name}": _list_rows(p, self.study) for name, p in self.prices.items()}
        discount = self.data.horizon.discount
        found["costs"] = (
            ("entry", "bearer", "year", "cost", "present_value"),
            [
                (entry, bearer, year, value, discount[year] * value)
                for (entry, bearer, year), value in self.quantities.costs.items()
            ],
        )
        for name, records in self.derived.items():
            columns = tuple(dict.fromkeys(column for record in records for column in record))
            found[name] = columns, [tuple(map(record.get, columns)) for record in records]
        return found


def _list_rows(quantity: Quantity, study: Study) -> Rows:
    """The keys of a quantity, their parts in the order of the study, each with its number."""
    if not quantity.index_names:
        return (quantity.name,), [(value,) for value in quantity.values.values()]
    columns = study.in_order(quantity.index_names)
    places = [quantity.index_names.index(column) for column in columns]
    rows = [(*(key[place] for place in places), value) for key, value in quantity.keyed()]
    return (*columns, quantity.name), rows
