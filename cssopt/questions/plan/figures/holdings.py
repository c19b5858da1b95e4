"""From today to the plan: what every member keeps, gives up, buys and lends of each force."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cssopt.language import LEAST_UNITS
from cssopt.questions.plan.figures.money import Money
from cssopt.questions.plan.view import PlanView

WORTH_A_LOOK: Final = 0.2
"""Units of one force from which giving up and buying the same is worth a second look."""


@dataclass(frozen=True)
class Holding:
    """What becomes of the units of one force that one member has.

    ``today - aged - given up + bought and in service in the last year = in service then``

    Attributes
    ----------
    party, force: codes. party_name, force_name: for a reader.
    today: units at the start of the first year.
    aged, given_up, ordered, bought_in_service, in_service, lent: units by year; `lent` are those at
        the common disposal, most at one time. paid: million by year, for what is ordered.
    """

    party: str
    force: str
    party_name: str
    force_name: str
    today: float
    aged: Mapping[int, float]
    given_up: Mapping[int, float]
    ordered: Mapping[int, float]
    bought_in_service: Mapping[int, float]
    in_service: Mapping[int, float]
    lent: Mapping[int, float]
    paid: Mapping[int, float]

    @property
    def last(self) -> float:
        """Units in service in the last year."""
        return self.in_service[max(self.in_service)]

    @property
    def lent_last(self) -> float:
        """Units lent in the last year."""
        return self.lent[max(self.lent)]

    @property
    def total_aged(self) -> float:
        """Of all years."""
        return math.fsum(self.aged.values())

    @property
    def total_given_up(self) -> float:
        """Of all years."""
        return math.fsum(self.given_up.values())

    @property
    def total_ordered(self) -> float:
        """Of all years."""
        return math.fsum(self.ordered.values())

    @property
    def total_paid(self) -> float:
        """Of all years, million."""
        return math.fsum(self.paid.values())

    @property
    def is_empty(self) -> bool:
        """True where there are no units today, later or on order."""
        return not any((self.today, self.total_ordered, *self.in_service.values()))


@dataclass(frozen=True)
class LookTwice:
    """What a decider would ask about at once.

    Attributes
    ----------
    swapped: given up and bought again. emptied: members that are left with none of a force.
    leans_on_residual: True where more than half of what is bought counts as still there at the end.
    """

    swapped: tuple[Holding, ...]
    emptied: tuple[Holding, ...]
    leans_on_residual: bool

    @property
    def is_empty(self) -> bool:
        """True where there is nothing to ask about."""
        return not (self.swapped or self.emptied or self.leans_on_residual)


def find_holdings(view: PlanView) -> tuple[Holding, ...]:
    """Every pair of member and force that has, orders or holds any, in the order of the inputs."""
    plan, accounts = view.plan, view.plan.accounts
    measure = plan.study.measure("units")
    if measure is None or len(measure.indices) != 2:
        return ()
    party_index, force_index = measure.indices
    parties, forces = plan.coalition, list(view.names.get(force_index, {}))
    named = {key[1] for key in accounts["in service"]} | {k[1] for k in accounts["units today"]}
    # A code without a name has its place behind those that have one.
    forces += sorted(named.difference(forces), key=str)

    def by_year(account: str, party: str, force: str) -> dict[int, float]:
        return {t: accounts[account].get((party, force, t), 0.0) for t in view.years}

    found = (
        Holding(
            party,
            force,
            view.names.get(party_index, {}).get(party, str(party)),
            view.names.get(force_index, {}).get(force, str(force)),
            accounts["units today"].get((party, force), 0.0),
            by_year("aged out", party, force),
            by_year("given up", party, force),
            by_year("ordered", party, force),
            by_year("bought and in service", party, force),
            by_year("in service", party, force),
            by_year("lent at once", party, force),
            by_year("paid for orders", party, force),
        )
        for party in parties
        for force in forces
    )
    return tuple(one for one in found if not one.is_empty)


def find_look_twice(holdings: tuple[Holding, ...], money: Money) -> LookTwice:
    """What is worth a second look in a plan."""
    return LookTwice(
        tuple(
            one
            for one in holdings
            if one.total_given_up > WORTH_A_LOOK and one.total_ordered > WORTH_A_LOOK
        ),
        tuple(one for one in holdings if one.today >= LEAST_UNITS > one.last),
        money.bought > 0 and money.residual_value > money.bought / 2,
    )
