"""What each member bears beside what it benefits, by several yardsticks.

A burden can be read from what goes in (money) or from what comes out (ready power), and a benefit
from what is protected (GDP, population, exposure) or who acts (forces). None of them is the right
one: they stand side by side, with how unequal they are and whether they agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from math import fsum, isfinite

from cssopt.names import join_names
from cssopt.questions.sharing.concordance import (
    RankFlip,
    find_kendall,
    find_rank_flips,
    find_spearman,
    find_wilcoxon,
)
from cssopt.questions.sharing.inequality import (
    find_concentration_index,
    find_gini,
    find_herfindahl_index,
    find_kakwani_index,
)
from cssopt.questions.sharing.statistic import Statistic


class Side(StrEnum):
    """What a yardstick reads."""

    INPUT = "input"
    """A burden: money that a member puts in."""
    OUTPUT = "output"
    """A burden: ready power that a member holds for all."""
    BENEFIT = "benefit"
    """What a member has of the common defense, or has to lose."""


@dataclass(frozen=True)
class Yardstick:
    """Something that burdens or benefits are compared by.

    Attributes
    ----------
    name: as ``burden`` or ``gdp``. side: what it reads. values: by member.
    measure: what its numbers count, as ``million EUR of 2027``; empty where the name says it.
    """

    name: str
    side: Side
    values: Mapping[str, float]
    measure: str = ""


@dataclass(frozen=True)
class Comparison:
    """A burden against a benefit.

    Attributes
    ----------
    burden, benefit: names of the yardsticks.
    ratios: by member, its share of the burden over its share of the benefit: above 1 it bears more
        than it benefits; None for a member without benefit.
    statistics: rank correlations, the signed-rank test, concentration and progressivity.
    """

    burden: str
    benefit: str
    ratios: Mapping[str, float | None]
    statistics: tuple[Statistic, ...]

    @property
    def ordered(self) -> tuple[str, ...]:
        """Members that have a ratio, from the most burdened to the least."""
        known = {member: ratio for member, ratio in self.ratios.items() if ratio is not None}
        return tuple(sorted(known, key=lambda member: -known[member]))

    @property
    def gap(self) -> float | None:
        """The largest ratio less the smallest: 0 where all bear what they benefit."""
        known = [ratio for ratio in self.ratios.values() if ratio is not None]
        return max(known) - min(known) if known else None


@dataclass(frozen=True)
class Fairness:
    """All yardsticks side by side.

    Attributes
    ----------
    shares: by name of the yardstick and member; they add up to 1.
    untold: why a yardstick has no shares, by its name.
    comparisons: every burden against every benefit.
    spreads: by name of the yardstick, its Gini coefficient and Herfindahl index.
    flips: pairs of members whose order two burdens reverse, such as money and ready power.
    """

    shares: Mapping[str, Mapping[str, float]]
    untold: Mapping[str, str]
    comparisons: tuple[Comparison, ...]
    spreads: Mapping[str, tuple[Statistic, ...]]
    flips: tuple[RankFlip, ...]


@dataclass(frozen=True)
class RequirementCost:
    """What a member's part of the requirements costs it.

    Attributes
    ----------
    requirement: its own parts of all requirements, in units of power-years; share: of all.
    money: what it bears, million, present value; money_share: of all.
    price: money for one unit of requirement; None for a member that has none.
    """

    member: str
    requirement: float
    share: float | None
    money: float
    money_share: float | None
    price: float | None


def find_fairness(yardsticks: Iterable[Yardstick]) -> Fairness:
    """Shares by every yardstick, and every burden against every benefit.

    Parameters
    ----------
    yardsticks: each names the same members, all of them; their order is kept.

    Raises
    ------
    ValueError: two have the same name, or do not name the same members.
    """
    listed = tuple(yardsticks)
    if len({one.name for one in listed}) < len(listed):
        raise ValueError("a yardstick has its name alone")
    if any(one.values.keys() != listed[0].values.keys() for one in listed):
        raise ValueError("every yardstick needs a value for every member")
    untold = {one.name: why for one in listed if (why := _check_shares(one.values))}
    told = [one for one in listed if one.name not in untold]
    shares = {one.name: find_shares(one.values) for one in told}
    burdens = [one.name for one in told if one.side is not Side.BENEFIT]
    benefits = [one.name for one in told if one.side is Side.BENEFIT]
    return Fairness(
        shares,
        untold,
        tuple(_compare(shares, *pair) for pair in product(burdens, benefits)),
        {name: (find_gini(s), find_herfindahl_index(s)) for name, s in shares.items()},
        find_rank_flips({name: shares[name] for name in burdens}),
    )


def find_shares(values: Mapping[str, float]) -> dict[str, float]:
    """The part of each member in the sum of all; ValueError where the sum is not above 0."""
    if why_not := _check_shares(values):
        raise ValueError(why_not)
    total = fsum(values.values())
    return {member: value / total for member, value in values.items()}


def find_requirement_costs(
    requirements: Mapping[str, float], money: Mapping[str, float]
) -> tuple[RequirementCost, ...]:
    """What each member's part of the requirements costs it.

    Parameters
    ----------
    requirements: by member, its own parts of all requirements, summed over threats, capabilities,
        days and years, in units of power-years. money: by member, what it bears.
    """
    need, paid = fsum(requirements.values()), fsum(money[member] for member in requirements)
    return tuple(
        RequirementCost(
            member,
            own,
            own / need if need > 0 else None,
            money[member],
            money[member] / paid if paid > 0 else None,
            money[member] / own if own > 0 else None,
        )
        for member, own in requirements.items()
    )


def _check_shares(values: Mapping[str, float]) -> str:
    """Why values have no shares; empty where they have."""
    if unknown := [member for member, value in values.items() if not isfinite(value)]:
        return f"What {join_names(unknown)} has is not known: there are no shares."
    total = fsum(values.values())
    return (
        "" if total > 0 else f"All members together have {total:,.2f}: there are no shares of it."
    )


def _compare(shares: Mapping[str, Mapping[str, float]], burden: str, benefit: str) -> Comparison:
    borne, had = shares[burden], shares[benefit]
    return Comparison(
        burden,
        benefit,
        {
            member: share / had[member] if had[member] > 0 else None
            for member, share in borne.items()
        },
        tuple(
            find(borne, had)
            for find in (
                find_spearman,
                find_kendall,
                find_wilcoxon,
                find_concentration_index,
                find_kakwani_index,
            )
        ),
    )
