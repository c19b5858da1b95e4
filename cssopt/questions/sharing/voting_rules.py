"""Rules by which members decide together: unanimity, majorities, qualified majorities.

A rule is a list of quotas that must all be reached: each weighs the members that are in favor, by
heads, votes or population. Every member is in favor or against; who abstains is against.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import ceil, fsum

from cssopt.names import join_names

ROUNDING = 1e-9
"""Share of all weights within which a quota counts as reached: 55 % of 20 members are 11."""


@dataclass(frozen=True)
class Quota:
    """What those in favor must reach.

    Attributes
    ----------
    name: what is weighed, as ``voting weights``. weights: by member, none below 0.
    needed: the sum of weights in favor from which on the quota is reached.
    blockers: the fewest members against that can keep it from being reached: with fewer against
        it counts as reached; 0: however few.
    """

    name: str
    weights: Mapping[str, float]
    needed: float
    blockers: int = 0

    @property
    def total(self) -> float:
        """All weights."""
        return fsum(self.weights.values())

    @property
    def least(self) -> float:
        """The sum in favor that is enough, with the rounding of a computer."""
        return self.needed - ROUNDING * self.total

    def is_reached(self, in_favor: Iterable[str]) -> bool:
        """True where the quota is reached with these in favor."""
        names = set(in_favor)
        against = len(self.weights) - len(names)
        return against < self.blockers or fsum(map(self.weights.__getitem__, names)) >= self.least


@dataclass(frozen=True)
class VotingRule:
    """A rule by which members decide.

    Attributes
    ----------
    name: as ``qualified majority``. members: who votes. quotas: all must be reached.

    Raises
    ------
    ValueError: nobody votes, or a quota does not weigh exactly the members, or one below 0.
    """

    name: str
    members: tuple[str, ...]
    quotas: tuple[Quota, ...]

    def __post_init__(self) -> None:
        if not self.members or not self.quotas:
            raise ValueError(f"{self.name}: a rule needs members and a quota")
        for quota in self.quotas:
            if quota.weights.keys() != set(self.members):
                raise ValueError(f"{self.name}: {quota.name} must weigh every member, and no other")
            if min(quota.weights.values()) < 0:
                raise ValueError(f"{self.name}: no member may have less than no {quota.name}")

    @property
    def why_not(self) -> str:
        """Why nothing can be decided by it, a sentence; empty where it can."""
        empty = [quota.name for quota in self.quotas if not quota.total > 0]
        return f"No member has any {join_names(empty)}: there is nothing to weigh." if empty else ""

    def passes(self, in_favor: Iterable[str]) -> bool:
        """True where a proposal passes with these members in favor."""
        names = set(in_favor)
        return all(quota.is_reached(names) for quota in self.quotas)


def build_unanimity(members: Iterable[str]) -> VotingRule:
    """Every member must be in favor."""
    names = tuple(members)
    return VotingRule("unanimity", names, (_count_heads(names, len(names)),))


def build_simple_majority(members: Iterable[str]) -> VotingRule:
    """More than half of the members must be in favor."""
    names = tuple(members)
    return VotingRule("simple majority", names, (_count_heads(names, len(names) // 2 + 1),))


def build_majority_by_votes(
    votes: Mapping[str, float], needed: float, name: str = "qualified majority by votes"
) -> VotingRule:
    """So many votes must be in favor, as in the Council of the European communities from 1958.

    Parameters
    ----------
    votes: by member. needed: votes, a number and no share.
    """
    return VotingRule(name, tuple(votes), (Quota("voting weights", votes, needed),))


def build_double_majority(
    population: Mapping[str, float],
    members_share: float = 0.55,
    population_share: float = 0.65,
    blockers: int = 4,
) -> VotingRule:
    """A part of the members with a part of the population; the defaults are the EU's.

    A minority that blocks by population must have `blockers` members at least. The treaty says that
    otherwise the majority is attained; with 27 members that never waives the part of the members,
    and in a small alliance it does not here: the part of the members is always needed.

    Parameters
    ----------
    population: by member, in any unit. members_share, population_share: 0 to 1.

    Source
    ------
    Treaty on European Union, article 16(4).
    """
    names = tuple(population)
    heads = ceil(members_share * len(names) - ROUNDING * len(names))
    people = fsum(population.values())
    return VotingRule(
        "qualified majority by members and population",
        names,
        (
            _count_heads(names, heads),
            Quota("inhabitants", population, population_share * people, blockers),
        ),
    )


def _count_heads(members: tuple[str, ...], needed: int) -> Quota:
    return Quota("members", dict.fromkeys(members, 1.0), needed)
