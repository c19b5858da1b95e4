"""Payments between members that turn the costs of the plan into the shares that were chosen.

The plan says what each member pays in each year; a key says what it should bear in present value.
In every year what some pay in others receive, nobody spends more than its budget of the year, and
over all years every member bears its share::

    sum over m of net[m,t] = 0                                         for every year t
    sum over t of delta[t] * (outlay[m,t] + net[m,t]) + delta[T] * salvage[m] = share[m]
    outlay[m,t] + net[m,t] <= ceiling[m,t]                             where there is one

No transfers move less than those in which a member either pays or receives: in present value they
move what the payers bear too little. As the plan keeps to its budgets, such transfers exist unless
a payer's budgets leave less than that. They are paid in the fewest years (of equally few, the
earliest), by each payer in as few of them as its budgets allow and the same in each, but where a
budget leaves less, and received in proportion to what is owed. Who pays whom in a year is told by
`find_payments`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from cssopt.errors import SolveError
from cssopt.modeling.shares import share_within
from cssopt.questions.sharing.games.allocation import Guarantee
from cssopt.questions.sharing.payments import Payment, find_payments
from cssopt.solve.program import Floats

_SAME = 1e-6
"""Share of a cost or budget by which sums may be off, as solvers leave them."""

_ROUNDING = 1e-9
"""Share of a cost up to which an amount is none."""


class Spread(StrEnum):
    """In which years transfers are paid."""

    FEWEST = "fewest"
    """In as few as the budgets allow."""
    LEVEL = "level"
    """In all years, by every payer."""


@dataclass(frozen=True)
class Balance:
    """What a member bears before and after, million, present value.

    Attributes
    ----------
    own: its outlay and salvage in the plan. transfers: what it pays less what it receives.
    share: what it bears in the end, own + transfers.
    """

    member: str
    own: float
    transfers: float
    share: float


@dataclass(frozen=True)
class Transfers:
    """Transfers by member and year.

    Attributes
    ----------
    net: by member and year, million at constant prices: what it pays in, or receives (below 0);
        empty where there are none.
    payments: who pays whom, by year; empty where nothing need be paid.
    balances: by member. moved: all payments, million, present value.
    guarantee: PROVEN, or APPROXIMATE where a year might do with fewer payments; no other transfers
        move less, and no fewer years would do where the fewest are asked, in any case.
    missing: by member, what its budgets lack, million, present value; empty where they suffice.
    why_not: why there are no transfers, a sentence; empty where there are, or none are needed.
    """

    net: Mapping[tuple[str, int], float] = field(default_factory=dict)
    payments: Mapping[int, tuple[Payment, ...]] = field(default_factory=dict)
    balances: tuple[Balance, ...] = ()
    moved: float = 0.0
    guarantee: Guarantee = Guarantee.PROVEN
    missing: Mapping[str, float] = field(default_factory=dict)
    why_not: str = ""


def find_transfers(
    shares: Mapping[str, float],
    outlay: Mapping[tuple[str, int], float],
    discount: Mapping[int, float],
    *,
    salvage: Mapping[str, float] | None = None,
    ceilings: Mapping[tuple[str, int], float] | None = None,
    spread: Spread = Spread.FEWEST,
) -> Transfers:
    """Transfers that turn the plan's own costs into shares.

    Parameters
    ----------
    shares: what each member should bear, million, present value.
    outlay: what it pays by the plan, by member and year, at constant prices; no entry: nothing.
    discount: present value of one unit of money, by year, in the order of the years.
    salvage: by member, the residual value of its orders in the last year, as the ledger has it,
        below 0; no budget sees it.
    ceilings: budgets by member and year, at constant prices; no entry: no ceiling.
    spread: in which years they are paid.

    Raises
    ------
    ValueError: an outlay, a salvage or a ceiling of a member or year that is not among the others.
    """
    members, years = tuple(shares), tuple(discount)
    delta = np.array([discount[year] for year in years], dtype=float)
    paid = _read_grid(outlay, members, years, 0.0)
    last = {(member, years[-1]): amount for member, amount in (salvage or {}).items()}
    own = (paid + _read_grid(last, members, years, 0.0)) @ delta
    need = np.array([shares[member] for member in members], dtype=float) - own
    size = float((np.abs(paid) @ delta).sum()) or 1.0
    if not abs(need.sum()) <= _SAME * size:
        text = (
            f"The shares add up to {own.sum() + need.sum():,.2f}, the costs of the plan to "
            f"{own.sum():,.2f}: transfers can only move what is paid."
        )
        return Transfers(why_not=text)
    budget = _read_grid(ceilings or {}, members, years, np.inf)
    room = budget - paid
    over = room < -(_SAME * np.abs(budget) + _ROUNDING * size)
    if over.any():
        excess = np.where(over, -room, 0.0) @ delta
        return _tell_missing(members, excess, "The plan itself spends more than the budgets")
    room = np.maximum(room, 0.0)  # below 0 it is what a solver leaves
    pays, gets = need > _ROUNDING * size, need < -_ROUNDING * size
    lacks = need - room @ delta
    lacks = np.where(pays & (lacks > _ROUNDING * size), lacks, 0.0)
    if lacks.any():
        return _tell_missing(members, lacks, "The shares cannot be paid within the budgets")
    net = np.zeros_like(room)
    if pays.any() and gets.any():
        parts = np.minimum(room[pays] * delta / need[pays, None], 1.0)
        few = spread is Spread.FEWEST
        chosen = _find_fewest_years(parts) if few else np.arange(len(years))
        for payer, row in zip(np.flatnonzero(pays), parts, strict=True):
            own_years = chosen[_find_fewest_years(row[None, chosen])] if few else chosen
            net[payer] = need[payer] * _level(row, delta, own_years)
        net[gets] = -np.outer(need[gets] / need[gets].sum(), net.sum(axis=0))
    return _tell(members, years, net, own, delta)


def _read_grid(
    given: Mapping[tuple[str, int], float],
    members: tuple[str, ...],
    years: tuple[int, ...],
    blank: float,
) -> Floats:
    """Numbers by member and year as a grid."""
    grid = np.full((len(members), len(years)), blank)
    for (member, year), number in given.items():
        grid[members.index(member), years.index(year)] = number
    return grid


def _find_fewest_years(parts: Floats) -> NDArray[np.int64]:
    """The places of years, as few as can be, in which these payers can pay all that they owe.

    Of equally few, those of which the places add up to the least.

    Parameters
    ----------
    parts: by payer and year, the part of all that it owes that it could pay in the year.
    """
    from scipy.optimize import LinearConstraint, milp  # slow to load

    count = parts.shape[1]
    costs = count**2 + np.arange(count)
    rules = [LinearConstraint(parts, lb=1.0 - _ROUNDING)]
    while True:
        found = milp(
            costs,
            integrality=np.ones(count),
            bounds=(0, 1),
            constraints=rules,
            options={"mip_rel_gap": 0.0},
        )
        if found.status != 0:
            raise SolveError(f"The years of transfers were not found: {found.message}")
        is_open = found.x > 0.5
        if is_open.all() or (parts[:, is_open].sum(axis=1) >= 1.0 - _ROUNDING).all():
            return np.flatnonzero(is_open)
        # These years suffice only within the tolerance of the solver: one more is needed.
        rules.append(LinearConstraint((~is_open).astype(float)[None, :], lb=1.0))


def _level(parts: Floats, delta: Floats, open_years: NDArray[np.int64]) -> Floats:
    """What a payer of 1 in present value pays by year: the same in each, or what it can."""
    weights = {str(t): float(delta[t]) for t in open_years}
    paid = share_within(weights, ceilings={str(t): float(parts[t]) for t in open_years})
    amounts = np.zeros_like(delta)
    amounts[open_years] = list(paid.values())
    level: Floats = amounts / delta
    return level


def _tell(
    members: tuple[str, ...], years: tuple[int, ...], net: Floats, own: Floats, delta: Floats
) -> Transfers:
    moved = float((np.maximum(net, 0.0) @ delta).sum())
    settled = {
        year: find_payments(dict(zip(members, net[:, t].tolist(), strict=True)), _ROUNDING * moved)
        for t, year in enumerate(years)
        if net[:, t].any()
    }
    changes = net @ delta
    return Transfers(
        {(m, y): float(net[i, t]) for i, m in enumerate(members) for t, y in enumerate(years)},
        {year: found.payments for year, found in settled.items()},
        tuple(
            Balance(member, float(before), float(change), float(before + change))
            for member, before, change in zip(members, own, changes, strict=True)
        ),
        moved,
        Guarantee.weakest(Guarantee.PROVEN, *(found.guarantee for found in settled.values())),
    )


def _tell_missing(members: tuple[str, ...], lacks: Floats, what: str) -> Transfers:
    missing = {m: lack for m, lack in zip(members, lacks.tolist(), strict=True) if lack > 0}
    told = ", ".join(f"{member} lacks {lack:,.2f}" for member, lack in missing.items())
    text = (
        f"{what}: {told} (present value). Raise the budgets, or choose a key that asks less of "
        "these members."
    )
    return Transfers(missing=missing, why_not=text)
