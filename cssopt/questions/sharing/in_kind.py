"""Paying a share in forces: what is credited in kind, and what is left to pay in cash.

Each year the credits of all are a sum that all owe, by any way of sharing; what a party provided is
paid already. So ``due = credit + cash``, and the cash of a year adds up to nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from cssopt.names import YEAR
from cssopt.solution.plan import Solution
from cssopt.solution.quantities import sum_present_values

Credits = Mapping[tuple[str, int], float]
"""Million, by party and year."""


class InKind(NamedTuple):
    """What a party owes of all credits, and what it pays it with, million.

    Attributes
    ----------
    due: its share of the credits of all.
    credit: what it provided in kind, at agreed prices.
    cash: what it pays beside; below 0: what it receives.
    """

    due: float
    credit: float
    cash: float


def read_credits(plan: Solution) -> Credits:
    """The credits for contributions in kind of a plan; empty where it has no agreed prices."""
    where = plan.study.credit
    if where is None:
        return {}
    party = plan.data.party_index
    rows = plan.derived.get(where.table, ())
    return {(row[party], row[YEAR]): row[where.amount] for row in rows}


def settle_in_kind(credited: Credits, shares: Mapping[str, float]) -> dict[tuple[str, int], InKind]:
    """What each party owes and pays of the credits of each year.

    Parameters
    ----------
    credited: by party and year.
    shares: of every party, by any way of sharing, such as money: they are rescaled to 1.

    Raises
    ------
    ValueError: the shares add up to nothing, so that they say nothing of who owes what.
    """
    whole = sum(shares.values())
    if whole <= 0:
        raise ValueError("shares that add up to nothing or less share no credits")
    of_year: dict[int, float] = {}
    for (_, year), credit in credited.items():
        of_year[year] = of_year.get(year, 0.0) + credit
    settled = {}
    for (party, year), credit in credited.items():
        due = shares[party] / whole * of_year[year]
        settled[party, year] = InKind(due, credit, due - credit)
    return settled


def sum_in_kind(
    settled: Mapping[tuple[str, int], InKind], discount: Mapping[int, float]
) -> dict[str, InKind]:
    """The present value of what each party owes and pays over all years."""
    dues, provided, cash = (
        sum_present_values(((m, t, one[part]) for (m, t), one in settled.items()), discount)
        for part in range(3)
    )
    return {party: InKind(dues[party], provided[party], cash[party]) for party in dues}
