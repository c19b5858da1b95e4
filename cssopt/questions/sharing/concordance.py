"""Whether those that benefit more bear more: tests of two rankings, and where they flip.

Shares that differ by less than 1e-12 are the same: a burden shared by GDP and the shares of GDP
differ by the rounding of a computer, and that is no finding.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain, combinations, permutations
from math import factorial

import numpy as np
from numpy.typing import NDArray

from cssopt.questions.sharing.games.allocation import Guarantee
from cssopt.questions.sharing.statistic import Statistic
from cssopt.solve.program import Floats

SPEARMAN, KENDALL = "Spearman rank correlation", "Kendall tau-b"
WILCOXON = "Wilcoxon signed-rank"

MOST_PERMUTED = 9
"""Members of whom all orders are looked at, 362,880, for the exact probability of a ranking."""

_FEWEST = 3
"""Members below whom a ranking says nothing."""

_DIGITS = 12


@dataclass(frozen=True)
class RankFlip:
    """Two members of whom one stands before the other by one yardstick and behind it by another.

    Attributes
    ----------
    first, second: the yardsticks. ahead: the member that has more by the first.
    behind: the one that has more by the second.
    """

    first: str
    second: str
    ahead: str
    behind: str


def rank_members(values: Sequence[float] | Floats) -> Floats:
    """Ranks from 1, the least, on; those of the same value have the mean of their places.

    Values are the same where they differ by less than 1e-12 of the largest.
    """
    numbers = np.asarray(values, dtype=float)
    numbers = _settle(numbers / (np.abs(numbers).max() or 1.0))
    below = (numbers[None, :] < numbers[:, None]).sum(axis=1)
    alike = (numbers[None, :] == numbers[:, None]).sum(axis=1)
    ranks: Floats = below + (alike + 1) / 2
    return ranks


def find_spearman(burdens: Mapping[str, float], benefits: Mapping[str, float]) -> Statistic:
    """Spearman's rank correlation of burden and benefit shares, with its two-sided probability.

    The probability is exact, over all orders of the members, up to nine of them, ties included;
    beyond, that of Student's distribution, which is approximate.

    Parameters
    ----------
    burdens, benefits: shares by member; both name the same members.

    Source
    ------
    Spearman (1904); for burdens and benefits Sandler & Forbes (1980).
    """
    x, y = _read_pair(burdens, benefits)
    if why_not := _check_ranking(x, y):
        return Statistic(SPEARMAN, why_not=why_not)
    from scipy.stats import spearmanr  # slow to load

    value, chance = spearmanr(x, y)
    first, second = (np.rint(2 * rank_members(z)).astype(np.int16) for z in (x, y))

    def agree(others: NDArray[np.int16]) -> NDArray[np.int64]:
        products = others.astype(np.int64) @ first.astype(np.int64)
        return len(x) * products - int(first.sum()) * int(second.sum())

    return _judge(
        Statistic(SPEARMAN, float(value), float(chance), Guarantee.APPROXIMATE), agree, second
    )


def find_kendall(burdens: Mapping[str, float], benefits: Mapping[str, float]) -> Statistic:
    """Kendall's tau-b of burden and benefit shares, with its two-sided probability.

    Pairs of members in the same order less pairs in the reverse order, as a part of all pairs that
    have an order. The probability is exact, over all orders of the members, up to nine of them and
    wherever there are no ties; else the normal approximation.

    Parameters
    ----------
    burdens, benefits: shares by member; both name the same members.

    Source
    ------
    Kendall (1938, 1945).
    """
    x, y = _read_pair(burdens, benefits)
    if why_not := _check_ranking(x, y):
        return Statistic(KENDALL, why_not=why_not)
    from scipy.stats import kendalltau  # slow to load

    is_tied = len(np.unique(x)) < len(x) or len(np.unique(y)) < len(y)
    value, chance = kendalltau(x, y, method="asymptotic" if is_tied else "exact")
    second = np.rint(2 * rank_members(y)).astype(np.int16)

    def agree(others: NDArray[np.int16]) -> NDArray[np.int64]:
        balance = np.zeros(len(others), dtype=np.int64)
        for i, j in combinations(range(len(x)), 2):
            if x[i] != x[j]:
                balance += int(np.sign(x[j] - x[i])) * np.sign(others[:, j] - others[:, i])
        return balance

    word = Guarantee.APPROXIMATE if is_tied else Guarantee.EXACT
    return _judge(Statistic(KENDALL, float(value), float(chance), word), agree, second)


def find_wilcoxon(burdens: Mapping[str, float], benefits: Mapping[str, float]) -> Statistic:
    """Wilcoxon's signed-rank test of burden less benefit shares, with its two-sided probability.

    The value is the smaller of the two sums of ranks, of members that bear more than they benefit
    and of those that bear less. The probability is exact for any number of members, ties included:
    every rank may have either sign. Members whose shares are the same are left out, and told.
    Shares add up to 1, so that differences are not quite independent: it is the custom of the
    field, and no proof.

    Parameters
    ----------
    burdens, benefits: shares by member; both name the same members.

    Source
    ------
    Wilcoxon (1945); for burdens and benefits Sandler & Shimizu (2014).
    """
    # Rounded after subtracting: 2/3 less 1/3 is as far from 0 as 1/3 less 2/3.
    differences = _settle([burden - benefits[member] for member, burden in burdens.items()])
    left = differences[differences != 0]
    if len(burdens) < _FEWEST:
        return Statistic(WILCOXON, why_not=_TOO_FEW)
    if not len(left):
        return Statistic(WILCOXON, why_not="Every member bears exactly its share of the benefit.")
    doubled = np.rint(2 * rank_members(np.abs(left))).astype(int)
    counts = np.ones(1)  # ways to reach each sum of doubled ranks
    for rank in doubled:
        counts = np.pad(counts, (0, rank)) + np.pad(counts, (rank, 0))
    more = int(doubled[left > 0].sum())
    smaller = min(more, int(doubled.sum()) - more)
    chance = min(1.0, 2 * float(counts[: smaller + 1].sum() / counts.sum()))
    same = len(burdens) - len(left)
    note = f"{same} whose shares are the same left out." if same else ""
    return Statistic(WILCOXON, smaller / 2, chance, note=note)


def find_rank_flips(yardsticks: Mapping[str, Mapping[str, float]]) -> tuple[RankFlip, ...]:
    """Every pair of members whose order one yardstick reverses against another.

    Parameters
    ----------
    yardsticks: shares by member, by the name of the yardstick; all name the same members.
    """
    flips = []
    for (first, one), (second, other) in combinations(yardsticks.items(), 2):
        members = tuple(one)
        x, y = _read_pair(one, other)
        for i, j in combinations(range(len(members)), 2):
            if (x[i] - x[j]) * (y[i] - y[j]) < 0:
                ahead, behind = (i, j) if x[i] > x[j] else (j, i)
                flips.append(RankFlip(first, second, members[ahead], members[behind]))
    return tuple(flips)


_TOO_FEW = f"Fewer than {_FEWEST} members: their order says nothing."


def _settle(values: Sequence[float] | Floats) -> Floats:
    settled: Floats = np.round(np.asarray(values, dtype=float), _DIGITS)
    return settled


def _read_pair(
    burdens: Mapping[str, float], benefits: Mapping[str, float]
) -> tuple[Floats, Floats]:
    """Both shares in the order of the members of the first."""
    return _settle(list(burdens.values())), _settle([benefits[member] for member in burdens])


def _check_ranking(x: Floats, y: Floats) -> str:
    """Why members cannot be ranked by both; empty where they can."""
    if len(x) < _FEWEST:
        return _TOO_FEW
    if (x == x[0]).all():
        return "All bear the same, so that they have no order."
    if (y == y[0]).all():
        return "All benefit the same, so that they have no order."
    return ""


def _judge(
    found: Statistic,
    agree: Callable[[NDArray[np.int16]], NDArray[np.int64]],
    ranks: NDArray[np.int16],
) -> Statistic:
    """The statistic, with its exact probability where all orders can be looked at."""
    if found.guarantee is Guarantee.EXACT or len(ranks) > MOST_PERMUTED:
        return found
    reached = abs(agree(ranks[None, :])[0])
    at_least = np.abs(agree(ranks[_list_orders(len(ranks))])) >= reached
    return replace(found, p_value=float(at_least.mean()), guarantee=Guarantee.EXACT)


@cache
def _list_orders(count: int) -> NDArray[np.int8]:
    """All orders of so many members, one a row."""
    orders = chain.from_iterable(permutations(range(count)))
    return np.fromiter(orders, np.int8, count * factorial(count)).reshape(-1, count)
