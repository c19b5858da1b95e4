"""Who pays whom, so that every member pays or gets what it should, in as few payments as can be.

With every group of members whose amounts cancel out, one payment is saved: n members in g such
groups need n - g payments. The most groups are found over all sets of members; it is a problem of
the kind for which no quick way is known (it holds the subset sum), so that beyond 12 members that
pay or get something the largest payer pays the largest receiver, until nothing is left: at most
n - 1 payments, and perhaps more than the fewest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from cssopt.questions.sharing.games.allocation import Guarantee
from cssopt.questions.sharing.games.game import sum_shares

MOST_GROUPED = 12
"""Members up to whom the fewest payments are found."""


@dataclass(frozen=True)
class Payment:
    """One member pays another."""

    payer: str
    receiver: str
    amount: float


@dataclass(frozen=True)
class Payments:
    """All payments; guarantee: EXACT where no fewer would do, else APPROXIMATE."""

    payments: tuple[Payment, ...]
    guarantee: Guarantee


def find_payments(net: Mapping[str, float], rounding: float = 0.0) -> Payments:
    """The fewest payments that settle what each member pays (above 0) or gets (below 0).

    Parameters
    ----------
    net: by member, in any money; adds up to 0. rounding: amounts up to this size are none, and
        amounts that differ by no more for each member are the same.

    Raises
    ------
    ValueError: the amounts do not add up to 0.
    """
    if abs(sum(net.values())) > rounding * len(net) + 1e-9 * sum(map(abs, net.values())):
        raise ValueError("what is paid and what is received must add up to 0")
    left = {member: amount for member, amount in net.items() if abs(amount) > rounding}
    if len(left) > MOST_GROUPED:
        return Payments(_settle(left, rounding), Guarantee.APPROXIMATE)
    groups = _find_groups(left, rounding)
    payments = (payment for group in groups for payment in _settle(group, rounding))
    return Payments(tuple(payments), Guarantee.EXACT)


def _settle(net: Mapping[str, float], rounding: float) -> tuple[Payment, ...]:
    """The largest payer pays the largest receiver, until nothing is left."""
    left = dict(net)
    payments = []
    while left and (payer := max(left, key=left.__getitem__)) != (
        receiver := min(left, key=left.__getitem__)
    ):
        amount = min(left[payer], -left[receiver])
        if amount <= rounding:
            break
        payments.append(Payment(payer, receiver, amount))
        left[payer] -= amount
        left[receiver] += amount
    return tuple(payments)


def _find_groups(net: Mapping[str, float], rounding: float) -> list[dict[str, float]]:
    """The most groups of members whose amounts add up to 0.

    ``most[set]`` is the largest number of sets that cancel out, one inside the next, as members
    join one by one until the set is full; between two of them lies a group.
    """
    names, amounts = tuple(net), np.array(list(net.values()))
    slack = rounding * len(names) + 1e-12 * np.abs(amounts).sum()
    cancels = (np.abs(sum_shares(amounts)) <= slack).tolist()
    bits = [1 << i for i in range(len(names))]
    most, last = [0] * len(cancels), [0] * len(cancels)
    for members in range(1, len(cancels)):
        last[members] = max(
            (bit for bit in bits if members & bit), key=lambda bit: most[members ^ bit]
        )
        most[members] = most[members ^ last[members]] + cancels[members]
    groups: list[dict[str, float]] = []
    members = len(cancels) - 1
    while members:
        if cancels[members]:
            groups.append({})
        name = names[last[members].bit_length() - 1]
        groups[-1][name] = net[name]
        members ^= last[members]
    return groups
