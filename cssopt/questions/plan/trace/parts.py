"""How each figure of the decision page adds up, from ledger entries and accounts of the plans."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

from cssopt.document.index_columns import tell_key
from cssopt.language import phrase
from cssopt.modeling.accounts import ACCOUNTS
from cssopt.modeling.measures import Role
from cssopt.names import COMMON, YEAR, in_words, key_parts
from cssopt.questions.plan.figures.plan_figures import PlanFigures
from cssopt.questions.plan.trace.roots import Place
from cssopt.solution.plan import Solution

EQUAL: Final = "as safe as alone"
"""Which plan a part is of: the whole alliance, as safe as its members alone. Others are of a member
alone, by its code, or of the plan itself, which is empty."""


@dataclass(frozen=True)
class Part:
    """An amount that a figure is made of.

    Attributes
    ----------
    plan: which plan it is of; empty: the plan itself. place: where it stands there.
    says: what it is. of: whose and of what, by names. year: None where it is of none.
    amount: as it stands there. factor: by which it counts. scaled_by: where a factor stands that
        inputs give; None for none.
    """

    plan: str
    place: Place
    says: str
    of: str
    year: int | None
    amount: float
    factor: float = 1.0
    scaled_by: Place | None = None

    @property
    def counts(self) -> float:
        """What of the figure it is."""
        return self.factor * self.amount

    def times(self, factor: float) -> Part:
        """The same, counted so many times."""
        return replace(self, factor=self.factor * factor)


@dataclass(frozen=True)
class Makeup:
    """What a figure is made of: the sum of some amounts, or that as a part of the sum of others.

    Attributes
    ----------
    over: what is added up. under: what that is divided by; None where it is not divided.
    """

    over: tuple[Part, ...]
    under: tuple[Part, ...] | None = None

    @property
    def sum_over(self) -> float:
        """What is added up."""
        return math.fsum(part.counts for part in self.over)

    @property
    def sum_under(self) -> float:
        """What it is divided by; 1 where it is by nothing."""
        return 1.0 if self.under is None else math.fsum(part.counts for part in self.under)

    @property
    def value(self) -> float:
        """The figure that they make; nan where there is nothing to divide by."""
        return self.sum_over / self.sum_under if self.sum_under else math.nan


def add(*makeups: Makeup) -> Makeup:
    """The sum of sums."""
    return Makeup(tuple(part for one in makeups for part in one.over))


def take(one: Makeup, other: Makeup) -> Makeup:
    """One sum less another."""
    return add(one, Makeup(tuple(part.times(-1) for part in other.over)))


def divide(one: Makeup, other: Makeup) -> Makeup:
    """One sum as a part of another."""
    return Makeup(one.over, other.over)


class PlanParts:
    """The parts of one plan: this one, or one that it is compared with."""

    def __init__(self, figures: PlanFigures, plan: Solution, name: str) -> None:
        self._figures, self._plan, self._name = figures, plan, name
        self._names = figures.view.names
        assert plan.quantities is not None
        self._quantities = plan.quantities

    # --- money

    def money(
        self, *, paid: bool | None = None, year: int | None = None, at_start: bool = False
    ) -> Makeup:
        """Ledger entries of all bearers.

        `paid`: those that are payments, or those that are none (None: both); `year`: of one year;
        `at_start`: in the value of the first year.
        """
        found = self._entries(paid=paid, at_start=at_start)
        return Makeup(tuple(part for part in found if year in (None, part.year)))

    def money_of(self, party: str, *, paid: bool | None = None, at_start: bool = False) -> Makeup:
        """Ledger entries that a party bears: its own, and its part of what all share."""
        shares = self._shares
        found = []
        for part in self._entries(paid=paid, at_start=at_start):
            _, bearer, year = part.place.key
            if bearer == party:
                found.append(part)
            elif bearer == COMMON:
                share = part.times(shares.get((party, year), 0.0))
                found.append(replace(share, scaled_by=self._find_share(party, year)))
        return Makeup(tuple(found))

    def _entries(self, *, paid: bool | None, at_start: bool) -> Iterator[Part]:
        discount = self._plan.data.horizon.discount
        declared = self._plan.study.entries
        names = self._figures.view.party_names
        for key, amount in self._quantities.costs.items():
            entry, bearer, year = key
            is_paid = entry not in self._quantities.beyond_outlay
            if paid not in (None, is_paid):
                continue
            said = declared[entry].says if entry in declared else in_words(entry)
            of = phrase("all together") if bearer == COMMON else names.get(bearer, str(bearer))
            factor = discount[year] if at_start else 1.0
            yield Part(self._name, Place("ledger", entry, key), said, of, year, amount, factor)

    def _find_share(self, party: str, year: int) -> Place | None:
        role = self._plan.study.common_shares
        return None if role is None else Place("quantity", role.figure, (party, year))

    @cached_property
    def _shares(self) -> Mapping[Any, float]:
        role = self._plan.study.common_shares
        return {} if role is None else dict(self._quantities.find(role.figure).keyed())

    # --- what components tell

    def account(
        self, name: str, *wanted: Any, factor: Callable[[Any], float] | None = None
    ) -> Makeup:
        """Amounts of an account whose keys begin so; `factor` by key."""
        found = []
        for key, amount in self._plan.accounts[name].items():
            parts = key_parts(key)
            if parts[: len(wanted)] != wanted:
                continue
            said, of, year = ACCOUNTS[name], self._tell(parts), self._find_year(parts)
            counts = 1.0 if factor is None else factor(key)
            found.append(
                Part(self._name, Place("account", name, key), said, of, year, amount, counts)
            )
        return Makeup(tuple(found))

    def measure(self, role: Role, party: str | None = None) -> Makeup:
        """Amounts of a measure by party and year."""
        declared = self._plan.study.measure(role)
        if declared is None:
            return Makeup(())
        return self._quantity(declared.figure, declared.says, lambda key: party in (None, key[0]))

    def needs(self, *, missing: bool, wanted: Callable[[Any], bool], weigh: bool = True) -> Makeup:
        """What is missing of needs, or what they ask for, each by its weight."""
        need, weight = self._plan.study.require_need(), self._plan.accounts["weight of need"]
        name = need.missing if missing else need.asked
        said = phrase("power that is missing") if missing else phrase("power that is needed")
        found = self._quantity(name, said, wanted)
        if not weigh:
            return found
        return Makeup(tuple(p.times(weight.get(p.place.key, 0.0)) for p in found.over))

    def _quantity(self, name: str, says: str, wanted: Callable[[Any], bool]) -> Makeup:
        quantity = self._quantities.find(name)
        names = quantity.index_names
        place = names.index(YEAR) if YEAR in names else None
        found = []
        for key, amount in quantity.values.items():
            parts = key_parts(key)
            if wanted(parts):
                of = [(i, p) for i, p in zip(names, parts, strict=True) if i != YEAR]
                told = tell_key([i for i, _ in of], [p for _, p in of], self._names)
                year = None if place is None else parts[place]
                found.append(
                    Part(self._name, Place("quantity", name, key), says, told, year, amount)
                )
        return Makeup(tuple(found))

    def _tell(self, parts: Iterable[Any]) -> str:
        """The codes of a key by their names, whatever they are codes of; without its year."""
        known = {code: name for by_code in self._names.values() for code, name in by_code.items()}
        years = self._plan.data.horizon.years
        left = [part for part in parts if part not in years]
        return ", ".join(
            phrase("day {day}", day=f"{part:g}")
            if isinstance(part, float)
            else str(known.get(part, part))
            for part in left
        )

    def _find_year(self, parts: tuple[Any, ...]) -> int | None:
        years = self._plan.data.horizon.years
        return parts[-1] if isinstance(parts[-1], int) and parts[-1] in years else None
