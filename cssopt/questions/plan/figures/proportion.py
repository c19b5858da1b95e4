"""In proportion: danger faced, protection supplied, cost and means, and who covers which threat."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cssopt.questions.plan.figures.payers import Payers
from cssopt.questions.plan.figures.security import Security
from cssopt.questions.plan.view import PlanView
from cssopt.solution.plain import ratio


@dataclass(frozen=True)
class Proportion:
    """The shares of one member in all of the alliance.

    Attributes
    ----------
    party, name: who. danger: of the danger faced. supplied: of the protection supplied.
    cost: of the net cost. gdp: of the GDP, in the value of the first year.
    covers_itself: part of its own danger that its own forces cover for its own part.
    """

    party: str
    name: str
    danger: float
    supplied: float
    cost: float
    gdp: float
    covers_itself: float

    @property
    def cost_for_danger(self) -> float:
        """Above 1: it bears more of the cost than it faces of the danger."""
        return ratio(self.cost, self.danger)

    @property
    def cost_for_gdp(self) -> float:
        """Above 1: it bears more of the cost than it has of the GDP."""
        return ratio(self.cost, self.gdp)


@dataclass(frozen=True)
class Cover:
    """Who covers the needs of a threat in a year, as shares of them that add up to 1.

    Attributes
    ----------
    by_party: share covered by each. missing: the rest. Both are empty, and nan, where nothing is
        asked for.
    """

    threat: Any
    year: int
    by_party: Mapping[str, float]
    missing: float


@dataclass(frozen=True)
class Proportions:
    """Shares of every member, and who covers what.

    Attributes
    ----------
    each: in the order of the inputs. covers_themselves: the mean of `covers_itself`, by danger.
    cover: by threat and year.
    """

    each: tuple[Proportion, ...]
    covers_themselves: float
    cover: Mapping[tuple[Any, int], Cover]


def find_proportions(view: PlanView, security: Security, payers: Payers) -> Proportions:
    """What each faces, supplies, pays and has, of all."""
    accounts = view.plan.accounts
    needs = {need.key: need for need in security.needs}
    worth = {
        key: ratio(need.lent + need.lost, need.lent) if need.lent > 0 else 0.0
        for key, need in needs.items()
    }
    danger = _weigh(accounts["danger"], {key: need.weight for key, need in needs.items()})
    own = _weigh(accounts["covered by own"], {key: need.weight for key, need in needs.items()})
    lent = _weigh(
        accounts["covered by lent"], {key: needs[key].weight * worth[key] for key in needs}
    )
    supplied = {p: own.get(p, 0.0) + lent.get(p, 0.0) for p in view.plan.coalition}
    discount = view.plan.data.horizon.discount
    gdp = {
        one.party: math.fsum(discount[t] * x for t, x in one.gdp_by_year.items())
        for one in payers.each
    }
    totals = [math.fsum(one.values()) for one in (danger, supplied, gdp)]
    cost = math.fsum(one.net_at_start for one in payers.each)
    each = tuple(
        Proportion(
            one.party,
            one.name,
            ratio(danger.get(one.party, 0.0), totals[0]),
            ratio(supplied[one.party], totals[1]),
            ratio(one.net_at_start, cost),
            ratio(gdp[one.party], totals[2]),
            ratio(own.get(one.party, 0.0), danger.get(one.party, 0.0)),
        )
        for one in payers.each
    )
    mean = ratio(math.fsum(own.values()), totals[0])
    return Proportions(each, mean, _find_cover(view, security, worth))


def _weigh(amounts: Mapping[Any, float], weights: Mapping[Any, float]) -> dict[str, float]:
    """Amounts by party and need, weighted and added up by party."""
    found: dict[str, float] = {}
    for (party, *need), amount in amounts.items():
        found[party] = found.get(party, 0.0) + weights.get(tuple(need), 0.0) * amount
    return found


def _find_cover(
    view: PlanView, security: Security, worth: Mapping[Any, float]
) -> dict[tuple[Any, int], Cover]:
    accounts = view.plan.accounts
    given: dict[Any, dict[str, float]] = {}
    for account, factors in (("covered by own", None), ("covered by lent", worth)):
        for (party, *rest), amount in accounts[account].items():
            key = tuple(rest)
            own = given.setdefault(key, {})
            factor = 1.0 if factors is None else factors.get(key, 0.0)
            own[party] = own.get(party, 0.0) + factor * amount
    sums: dict[tuple[Any, int], dict[str, float]] = {}
    asked: dict[tuple[Any, int], list[float]] = {}
    for need in security.needs:
        if need.asked <= 0:
            continue
        place = need.threat, need.year
        supplied = given.get(need.key, {})
        # What is in place beyond a need covers no more of it.
        part = ratio(need.asked - need.short, math.fsum(supplied.values()))
        for party, power in supplied.items():
            if power > 0:
                own = sums.setdefault(place, {})
                own[party] = own.get(party, 0.0) + need.weight * power * part
        asked.setdefault(place, []).append(need.weight * need.asked)
    found = {}
    for threat in security.threats:
        for year in security.years:
            whole = math.fsum(asked.get((threat, year), ()))
            own = sums.get((threat, year), {})
            if whole > 0:
                shares = {p: own.get(p, 0.0) / whole for p in view.plan.coalition}
                missing = max(0.0, 1.0 - math.fsum(shares.values()))
                found[threat, year] = Cover(threat, year, shares, missing)
    return found
