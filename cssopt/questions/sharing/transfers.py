"""Payments between members that turn the costs of the plan into the shares that were chosen.

The plan says what each member pays in each year; a key says what it should bear in present value.
In every year what some pay in others receive, nobody spends more than its budget of the year, and
over all years every member bears its share::

    sum over m of net[m,t] = 0                                         for every year t
    sum over t of delta[t] * (outlay[m,t] + net[m,t]) + delta[T] * salvage[m] = share[m]
    outlay[m,t] + net[m,t] <= ceiling[m,t]                             where there is one

Of all such transfers those are taken that move the least money (in present value), then those in
the fewest years (of equally few, the earliest, in which the amounts at constant prices are
smallest), then those nearest to the same amount in every year. Who pays whom in a year is told by
`find_payments`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cssopt.errors import SolveError
from cssopt.questions.sharing.games.allocation import Guarantee
from cssopt.questions.sharing.payments import Payment, find_payments
from cssopt.solve.program import Floats

_SAME = 1e-6
"""Share of the plan's cost by which the sum of all shares may be off (what solvers leave)."""

_ROUNDING = 1e-9
"""Share of the plan's cost up to which an amount is none."""

_TIGHT = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}


class Spread(StrEnum):
    """In which years transfers are paid."""

    FEWEST = "fewest"
    """In as few as the budgets allow."""
    LEVEL = "level"
    """In all years, as evenly as the budgets allow."""


@dataclass(frozen=True)
class Missing:
    """What a member would need beyond its budget of a year, million at constant prices."""

    member: str
    year: int
    amount: float


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
    payments: who pays whom, by year.
    balances: by member. moved: all payments, million, present value.
    guarantee: PROVEN where no other transfers move less, and no fewer payments in any year would
        do for them; APPROXIMATE where a year may do with fewer payments.
    missing: what the budgets lack; empty where they suffice.
    why_not: why there are no transfers, a sentence; empty where there are, or none are needed.
    """

    net: Mapping[tuple[str, int], float]
    payments: Mapping[int, tuple[Payment, ...]]
    balances: tuple[Balance, ...]
    moved: float
    guarantee: Guarantee = Guarantee.PROVEN
    missing: tuple[Missing, ...] = ()
    why_not: str = ""


@dataclass(frozen=True)
class _Ledger:
    """Needs and room as parts of the plan's cost, so that tolerances are shares of it.

    Attributes
    ----------
    need: by member, what it must pay in present value. room: by member and year, what its budget
        leaves; ``inf`` where there is none. discount: by year.
    """

    need: Floats
    room: Floats
    discount: Floats

    @property
    def balance(self) -> tuple[Any, Floats]:
        """Rows that sum to 0 over members in each year, and to the need over years."""
        from scipy.sparse import eye_array, kron, vstack

        members, years = self.room.shape
        each_year = kron(np.ones((1, members)), eye_array(years))
        each_member = kron(eye_array(members), self.discount[None, :])
        return vstack([each_year, each_member]), np.concatenate([np.zeros(years), self.need])

    @property
    def weights(self) -> Floats:
        """Of an amount by member and year in present value, flat."""
        return np.tile(self.discount, len(self.need))


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
    residual = _read_grid(
        {(m, years[-1]): amount for m, amount in (salvage or {}).items()}, members, years, 0.0
    )
    budget = _read_grid(ceilings or {}, members, years, np.inf)
    own = (paid + residual) @ delta
    wanted = np.array([shares[member] for member in members], dtype=float)
    size = float(np.abs(paid) @ delta @ np.ones(len(members))) or 1.0
    off = float(wanted.sum() - own.sum())
    if not abs(off) <= _SAME * size:
        text = (
            f"The shares add up to {wanted.sum():,.2f}, the costs of the plan to {own.sum():,.2f}."
        )
        return Transfers({}, {}, (), 0.0, why_not=text)
    need = wanted - own
    need -= off * np.abs(need) / (np.abs(need).sum() or 1.0)
    room = budget - paid
    room = np.where((room < 0) & (room > -_SAME * np.abs(budget)), 0.0, room)  # as solvers leave it
    ledger = _Ledger(need / size, room / size, delta)
    net = _solve(ledger, spread)
    if net is None:
        return _tell_missing(ledger, members, years, size)
    net = np.where(np.abs(net) <= _ROUNDING, 0.0, net) * size
    settled = {
        year: find_payments(dict(zip(members, net[:, t].tolist(), strict=True)), _ROUNDING * size)
        for t, year in enumerate(years)
        if net[:, t].any()
    }
    return Transfers(
        {(m, y): float(net[i, t]) for i, m in enumerate(members) for t, y in enumerate(years)},
        {year: found.payments for year, found in settled.items()},
        tuple(
            Balance(m, float(own[i]), float(net[i] @ delta), float(own[i] + net[i] @ delta))
            for i, m in enumerate(members)
        ),
        float((np.maximum(net, 0.0) @ delta).sum()),
        Guarantee.APPROXIMATE
        if any(found.guarantee is Guarantee.APPROXIMATE for found in settled.values())
        else Guarantee.PROVEN,
    )


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


def _solve(ledger: _Ledger, spread: Spread) -> Floats | None:
    """Net transfers by member and year; None where the budgets leave no way."""
    every = np.ones(len(ledger.discount), dtype=bool)
    least = _find_least(ledger)
    if least is None:
        return None
    if least <= _ROUNDING:
        return np.zeros_like(ledger.room)
    moved = _Ledger(ledger.need / least, ledger.room / least, ledger.discount)
    refused: list[NDArray[np.bool_]] = []
    while True:
        is_level = spread is Spread.LEVEL
        years = every if is_level else _find_fewest_years(moved, refused)
        found = _level(moved, years)
        if found is not None:
            return found * least
        if is_level:
            raise SolveError("HiGHS finds transfers, and none when they are to be even.")
        refused.append(years)  # they sufficed within the tolerance of whole numbers only


def _minimize(costs: Floats, ledger: _Ledger, bounds: Any, upper: Any = None) -> Any:
    """The least of an LP whose first columns are the net transfers; None where there is none.

    Raises SolveError where the solver can tell neither.
    """
    from scipy.optimize import linprog
    from scipy.sparse import csr_array, hstack

    balance, sums = ledger.balance
    wide = hstack([balance, csr_array((len(sums), len(costs) - balance.shape[1]))])
    rows, most = upper or (None, None)
    found = linprog(costs, rows, most, wide, sums, bounds, method="highs-ds", options=_TIGHT)
    if found.status == 2:  # infeasible
        return None
    if found.status != 0:
        raise SolveError(found.message)
    return found


def _paying(ledger: _Ledger) -> Any:
    """Rows that bound what is paid (the second columns) from below by the net transfers."""
    from scipy.sparse import eye_array, hstack

    size = ledger.room.size
    return hstack([eye_array(size), -eye_array(size)])


def _find_least(ledger: _Ledger) -> float | None:
    """The least that must be paid in all, present value; None where the budgets leave no way."""
    size = ledger.room.size
    costs = np.concatenate([np.zeros(size), ledger.weights])
    bounds = [*((None, room) for room in ledger.room.ravel()), *[(0.0, None)] * size]
    found = _minimize(costs, ledger, bounds, (_paying(ledger), np.zeros(size)))
    return None if found is None else float(found.fun)


def _find_fewest_years(ledger: _Ledger, refused: list[NDArray[np.bool_]]) -> NDArray[np.bool_]:
    """The years, as few as can be, in which all can be paid; of equally few the earliest.

    The least that must be paid in all is 1 here, so that nobody pays more in any year.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array, eye_array, hstack, kron

    members, years = ledger.room.shape
    size = members * years
    balance, sums = ledger.balance
    opens = kron(np.ones((members, 1)), eye_array(years))
    most = 1 / ledger.weights
    rules = [
        LinearConstraint(hstack([balance, csr_array((len(sums), size + years))]), sums, sums),
        LinearConstraint(hstack([_paying(ledger), csr_array((size, years))]), ub=0.0),
        LinearConstraint(
            hstack([csr_array((size, size)), eye_array(size), -opens.multiply(most[:, None])]),
            ub=0.0,
        ),
        LinearConstraint(
            np.concatenate([np.zeros(size), ledger.weights, np.zeros(years)])[None, :],
            ub=1 + _ROUNDING,
        ),
        *(
            LinearConstraint(np.concatenate([np.zeros(2 * size), ~shut])[None, :], lb=1.0)
            for shut in refused
        ),
    ]
    must_open = (ledger.room < 0).any(axis=0)
    found = milp(
        np.concatenate([np.zeros(2 * size), years**2 + np.arange(years)]),
        integrality=np.repeat([0, 1], [2 * size, years]),
        bounds=Bounds(
            np.concatenate([np.full(size, -np.inf), np.zeros(size), must_open]),
            np.concatenate([ledger.room.ravel(), np.full(size, np.inf), np.ones(years)]),
        ),
        constraints=rules,
        options={"mip_rel_gap": 0.0},
    )
    if found.x is None:
        raise SolveError(found.message)
    chosen: NDArray[np.bool_] = found.x[2 * size :] > 0.5
    return chosen


def _level(ledger: _Ledger, years: NDArray[np.bool_]) -> Floats | None:
    """Net transfers in these years, as near as can be to the same amount in each of them.

    The least that must be paid in all is 1 here.
    """
    from scipy.sparse import block_array, csr_array, eye_array

    size = ledger.room.size
    even = np.where(years, ledger.need[:, None] / ledger.discount[years].sum(), 0.0)
    if (even <= ledger.room).all():
        return even
    one, none = eye_array(size), csr_array((size, size))
    weights = csr_array(ledger.weights[None, :])
    rows = block_array(
        [
            [one, -one, none],
            [one, none, -one],
            [-one, none, -one],
            [None, weights, None],
        ]
    )
    flat = even.ravel()
    most = np.concatenate([np.zeros(size), flat, -flat, [1 + _ROUNDING]])
    costs = np.concatenate([np.zeros(2 * size), ledger.weights])
    closed = np.broadcast_to(~years, ledger.room.shape).ravel()
    low, high = np.where(closed, 0.0, -np.inf), np.where(closed, 0.0, ledger.room.ravel())
    bounds = [*zip(low, high, strict=True), *[(0.0, None)] * (2 * size)]
    found = _minimize(costs, ledger, bounds, (rows, most))
    return None if found is None else found.x[:size].reshape(ledger.room.shape)


def _tell_missing(
    ledger: _Ledger, members: tuple[str, ...], years: tuple[int, ...], size: float
) -> Transfers:
    """Where budgets would have to be higher, by the least in all (present value)."""
    from scipy.sparse import eye_array, hstack

    cells = ledger.room.size
    bounded = np.isfinite(ledger.room.ravel())
    rows = hstack([eye_array(cells), -eye_array(cells)]).tocsr()[bounded]
    costs = np.concatenate([np.zeros(cells), ledger.weights])
    bounds = [*[(None, None)] * cells, *[(0.0, None)] * cells]
    found = _minimize(costs, ledger, bounds, (rows, ledger.room.ravel()[bounded]))
    over = found.x[cells:].reshape(ledger.room.shape) * size
    missing = tuple(
        Missing(member, year, float(over[i, t]))
        for i, member in enumerate(members)
        for t, year in enumerate(years)
        if over[i, t] > _ROUNDING * size
    )
    told = ", ".join(
        f"{member} lacks {lack:,.2f}"
        for member, lack in zip(members, over @ ledger.discount, strict=True)
        if lack > _ROUNDING * size
    )
    text = (
        f"The shares cannot be paid within the budgets: {told} (present value). Raise the budgets, "
        "or choose a key that asks less of them."
    )
    return Transfers({}, {}, (), 0.0, missing=missing, why_not=text)
