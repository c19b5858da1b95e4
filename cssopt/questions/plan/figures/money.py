"""What a plan costs: cash by year and purpose, the residual value, and the net cost."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cssopt.modeling.accounts import Group
from cssopt.names import COMMON, in_words
from cssopt.questions.plan.view import PlanView

GROUPS: Final[tuple[Group, ...]] = ("running", "buying", "common", "aid")
"""What cash is for, in the order in which it is shown."""


@dataclass(frozen=True)
class EntryMoney:
    """One purpose of the money of a plan.

    Attributes
    ----------
    entry: its name in the ledger. says: for a reader. group: what it is part of.
    by_year: million, undiscounted. at_start: the same in the value of the first year, added up.
    """

    entry: str
    says: str
    group: Group
    by_year: Mapping[int, float]
    at_start: float

    @property
    def total(self) -> float:
        """All years, undiscounted."""
        return math.fsum(self.by_year.values())


@dataclass(frozen=True)
class Money:
    """All money of a plan, million of the price year.

    Attributes
    ----------
    years: of the plan. rate: at which later money counts for less.
    cash: what is paid, by purpose. residual: what bought units are still worth at the end, negative
        as the ledger has it; no payment.
    bought: paid for units ordered, all years.
    """

    years: tuple[int, ...]
    rate: float
    cash: tuple[EntryMoney, ...]
    residual: tuple[EntryMoney, ...]
    bought: float

    @property
    def cash_by_year(self) -> dict[int, float]:
        """Cash of each year: ``cash[t] = sum L[e,b,t]`` over all entries that are paid."""
        return {t: math.fsum(one.by_year[t] for one in self.cash) for t in self.years}

    @property
    def total_cash(self) -> float:
        """``CASH = sum_t cash[t]``."""
        return math.fsum(self.cash_by_year.values())

    @property
    def residual_value(self) -> float:
        """``RESID = -sum L`` of the entries that are no payment; undiscounted, 0 or more."""
        return -math.fsum(one.total for one in self.residual) + 0.0

    @property
    def net_cost(self) -> float:
        """``CASH - RESID``, undiscounted."""
        return self.total_cash - self.residual_value

    @property
    def cash_at_start(self) -> float:
        """Cash in the value of the first year."""
        return math.fsum(one.at_start for one in self.cash)

    @property
    def residual_at_start(self) -> float:
        """Residual value in the value of the first year, 0 or more."""
        return -math.fsum(one.at_start for one in self.residual) + 0.0

    @property
    def net_at_start(self) -> float:
        """Net cost in the value of the first year: what the plan makes least."""
        return self.cash_at_start - self.residual_at_start

    def group_by_year(self, group: Group) -> dict[int, float]:
        """Cash of each year for what is of a group."""
        own = [one for one in self.cash if one.group == group]
        return {t: math.fsum(one.by_year[t] for one in own) for t in self.years}


def find_money(view: PlanView, only: str | None = None) -> Money:
    """The money of a plan that there is; where a party is given only what it bears by itself, its
    part of what is common apart."""
    cash, residual = _gather(view, only)
    bought = math.fsum(
        paid
        for (party, *_), paid in view.plan.accounts["paid for orders"].items()
        if only in (None, party)
    )
    return Money(tuple(view.years), view.plan.data.horizon.rate, cash, residual, bought)


def _gather(
    view: PlanView, only: str | None
) -> tuple[tuple[EntryMoney, ...], tuple[EntryMoney, ...]]:
    """Entries of the ledger that are paid, in the order of `GROUPS`, and those that are not; of one
    bearer where it is given."""
    quantities, horizon = view.plan.quantities, view.plan.data.horizon
    assert quantities is not None
    declared = view.plan.study.entries
    years = tuple(view.years)
    by_entry: dict[str, dict[int, float]] = {}
    commons: dict[str, bool] = {}
    for (entry, bearer, year), amount in quantities.costs.items():
        if only is not None and bearer != only:
            continue
        own = by_entry.setdefault(entry, dict.fromkeys(years, 0.0))
        own[year] += amount
        commons[entry] = commons.get(entry, True) and bearer == COMMON
    cash: list[EntryMoney] = []
    residual: list[EntryMoney] = []
    for entry, by_year in by_entry.items():
        at_start = math.fsum(horizon.discount[t] * x for t, x in by_year.items())
        said = declared.get(entry)
        # An entry that no component explains still has its place: nothing of the cash is left out.
        group: Group = "common" if commons[entry] else "running"
        says = in_words(entry).capitalize()
        if said is not None:
            group, says = said.group, said.says
        is_paid = entry not in quantities.beyond_outlay
        if not is_paid:
            group = "residual"
        one = EntryMoney(entry, says, group, by_year, at_start)
        (cash if is_paid else residual).append(one)
    cash.sort(key=lambda one: GROUPS.index(one.group) if one.group in GROUPS else len(GROUPS))
    return tuple(cash), tuple(residual)
