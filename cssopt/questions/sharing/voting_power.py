"""How much each member decides by its vote: the indices of Banzhaf and of Shapley and Shubik.

Up to 20 members every coalition is looked at, whatever the rule. Beyond, coalitions of the same
size and weight are counted together (generating functions), which needs weights of few decimals
and one quota at most that is not by heads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import comb

import numpy as np
from numpy.typing import NDArray

from cssopt.questions.sharing.games.game import Game, sum_shares
from cssopt.questions.sharing.games.power import find_power
from cssopt.questions.sharing.voting_rules import Quota, VotingRule

MOST_LISTED = 20
"""Members up to whom all coalitions are looked at."""

MOST_COUNTED = 40
"""Members up to whom coalitions are counted by size and weight."""

_MOST_STATES = 15_000_000
"""Pairs of size and weight that are counted at most."""

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class VotingPower:
    """The power of each member under a rule; exact.

    Attributes
    ----------
    rule: its name.
    swings: by member, coalitions of others that pass with it and fail without it.
    banzhaf: its part of all swings. penrose: its swings as a part of all coalitions of the others:
        the probability that its vote decides when everybody votes by the toss of a coin.
    shapley_shubik: its part of all orders of joining in which the proposal passes with it.
    chance: the part of all coalitions that pass: Coleman's power of the body to act.
    why_not: why there are no figures, a sentence; empty where there are.
    """

    rule: str
    swings: Mapping[str, int] = field(default_factory=dict)
    banzhaf: Mapping[str, float] = field(default_factory=dict)
    penrose: Mapping[str, float] = field(default_factory=dict)
    shapley_shubik: Mapping[str, float] = field(default_factory=dict)
    chance: float | None = None
    why_not: str = ""


def find_voting_power(rule: VotingRule) -> VotingPower:
    """The power of each member under a rule.

    Parameters
    ----------
    rule: with up to 20 members any; with up to 40 one with at most one quota that is not by
        heads, and its weights of few decimals.

    Source
    ------
    Penrose (1946); Banzhaf (1965); Shapley & Shubik (1954); Coleman (1971); the generating
    functions are Cantor's (Lucas 1983) and those of Brams & Affuso (1976).
    """
    is_listed = len(rule.members) <= MOST_LISTED
    if why_not := rule.why_not or ("" if is_listed else _check_countable(rule)):
        return VotingPower(rule.name, why_not=why_not)
    if not rule.passes(rule.members) or rule.passes(()):
        verb = "Everything" if rule.passes(()) else "Nothing"
        return VotingPower(rule.name, why_not=f"{verb} passes by this rule: no vote decides.")
    return _list_power(rule) if is_listed else _count_power(rule)


def _list_power(rule: VotingRule) -> VotingPower:
    """Power over all coalitions, one by one."""
    count = len(rule.members)
    sizes = sum_shares(np.ones(count))
    passes = np.ones(1 << count, dtype=bool)
    for quota in rule.quotas:
        sums = sum_shares(np.array([quota.weights[member] for member in rule.members]))
        passes &= (sums >= quota.least) | (count - sizes < quota.blockers)
    game = Game(rule.members, passes.astype(float), is_cost=False)
    powers = find_power(game)
    return VotingPower(
        rule.name,
        {one.player: one.swings for one in powers},
        {one.player: one.banzhaf for one in powers},
        {one.player: one.absolute_banzhaf for one in powers},
        {one.player: one.shapley_shubik for one in powers},
        float(passes.mean()),
    )


def _check_countable(rule: VotingRule) -> str:
    """Why coalitions cannot be counted by size and weight; empty where they can."""
    if len(rule.members) > MOST_COUNTED:
        return f"Power is found for {MOST_COUNTED} members at most."
    weighted = [quota for quota in rule.quotas if not _is_by_heads(quota)]
    if len(weighted) > 1:
        names = " and ".join(quota.name for quota in weighted)
        return f"With more than {MOST_LISTED} members, power is not found for both {names}."
    for quota in weighted:
        scale = _find_scale(quota)
        if not scale or (len(rule.members) + 1) * (quota.total * scale + 1) > _MOST_STATES:
            return (
                f"With more than {MOST_LISTED} members, {quota.name} of so many digits are not "
                "counted: round them."
            )
    return ""


def _find_scale(quota: Quota) -> int:
    """The power of ten that makes all weights whole numbers; 0 where none up to a million does."""
    weights = np.array(list(quota.weights.values()), dtype=float)
    scales = [int(10**digits) for digits in range(7)]
    for scale in scales:
        if np.allclose(weights * scale, np.rint(weights * scale), rtol=1e-12, atol=1e-9):
            return scale
    return 0


def _is_by_heads(quota: Quota) -> bool:
    return len(set(quota.weights.values())) == 1


def _count_power(rule: VotingRule) -> VotingPower:
    """Power over coalitions of the same size and weight together.

    ``counts[s, w]`` is the number of coalitions of s members with the weight w; without a member it
    follows from ``without[s, w] = counts[s, w] - without[s - 1, w - weight]``.
    """
    count = len(rule.members)
    weighted = next((quota for quota in rule.quotas if not _is_by_heads(quota)), None)
    scale = _find_scale(weighted) if weighted else 0
    weights = [round(scale * weighted.weights[m]) if weighted else 0 for m in rule.members]
    counts = np.zeros((count + 1, sum(weights) + 1), dtype=np.int64)
    counts[0, 0] = 1
    for weight in weights:
        counts[1:] += _shift(counts[:-1], weight)
    passes = np.ones(counts.shape, dtype=bool)
    in_favor = np.arange(count + 1)[:, None]
    weighed = np.arange(counts.shape[1])[None, :] / (scale or 1)
    for quota in rule.quotas:
        per_head = next(iter(quota.weights.values()))
        sums = weighed if quota is weighted else per_head * in_favor
        passes &= (sums >= quota.least) | (count - in_favor < quota.blockers)
    swings = {weight: _count_swings_of(weight, counts, passes) for weight in set(weights)}
    swings_of = {m: swings[weight] for m, weight in zip(rule.members, weights, strict=True)}
    totals = {member: sum(numbers) for member, numbers in swings_of.items()}
    return VotingPower(
        rule.name,
        totals,
        {member: number / sum(totals.values()) for member, number in totals.items()},
        {member: number / 2 ** (count - 1) for member, number in totals.items()},
        {member: _find_pivot(numbers) for member, numbers in swings_of.items()},
        int(counts[passes].sum()) / 2**count,
    )


def _find_pivot(swings: list[int]) -> float:
    """The part of all orders in which a member decides, from its swings by size before it."""
    count = len(swings)
    parts = (Fraction(number, comb(count - 1, size)) for size, number in enumerate(swings))
    return float(sum(parts) / count)


def _count_swings_of(weight: int, counts: Counts, passes: NDArray[np.bool_]) -> list[int]:
    """Swings of a member of this weight, by size of the coalition that it joins."""
    without = counts[:-1].copy()
    for size in range(1, len(without)):
        without[size] -= _shift(without[size - 1 : size], weight)[0]
    light = counts.shape[1] - weight  # coalitions without it that can have weight yet
    decides = passes[1:, weight:] & ~passes[:-1, :light]
    numbers: list[int] = np.where(decides, without[:, :light], 0).sum(axis=1).tolist()
    return numbers


def _shift(counts: Counts, weight: int) -> Counts:
    """The same counts, at weights that are higher by so much."""
    shifted = np.zeros_like(counts)
    shifted[:, weight:] = counts[:, : counts.shape[1] - weight]
    return shifted
