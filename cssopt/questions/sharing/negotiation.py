"""What members would agree on in a negotiation, each free to stand alone.

Money can be handed on, so that only the division of the saving is open: what they would pay alone,
one by one, less what they pay together. Bounds, such as budgets and caps, limit what each can pay.
Costs are shared; gains are shared as costs below 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum

import numpy as np

from cssopt.modeling.shares import share_within
from cssopt.names import join_names
from cssopt.questions.sharing.games.allocation import Allocation
from cssopt.solve.program import Floats

_ROUNDING = 1e-12
"""Of the sum of all costs: what a sum may be off by the rounding of a computer."""


@dataclass(frozen=True)
class _Bargain:
    """What is bargained over: the saving, and the least and most of it that each can have."""

    members: tuple[str, ...]
    alone: Floats
    total: float
    least_saving: Floats
    most_saving: Floats

    @property
    def saving(self) -> float:
        return fsum(self.alone) - self.total

    @property
    def rounding(self) -> float:
        return _ROUNDING * (float(np.abs(self.alone).sum()) + abs(self.total))

    def allocate(self, method: str, savings: Floats) -> Allocation:
        """Savings as shares, and who stands at a bound."""
        at_most = savings <= self.least_saving + self.rounding
        at_least = savings >= self.most_saving - self.rounding
        held = {
            "more than its ceiling or its cost alone": at_most,
            "less than its floor": at_least & ~at_most,
        }
        notes = [
            f"{join_names(names)} can pay no {bound}."
            for bound, where in held.items()
            if (names := [m for m, is_held in zip(self.members, where, strict=True) if is_held])
        ]
        return Allocation(
            method,
            dict(zip(self.members, (self.alone - savings).tolist(), strict=True)),
            note=" ".join(notes),
            figures={"saving": self.saving, "least saving": float(savings.min())},
        )


def find_nash_bargain(
    alone: Mapping[str, float],
    total: float,
    *,
    weights: Mapping[str, float] | None = None,
    least: Mapping[str, float] | None = None,
    most: Mapping[str, float] | None = None,
) -> Allocation:
    """The Nash bargaining solution: the product of all savings is as large as it can be.

    Every member saves the same against standing alone (with weights: in their proportion), but for
    those that a bound holds back; what they cannot have or must have, the others share alike.

    Parameters
    ----------
    alone: what each member pays standing alone, million, present value: where no bargain leaves it.
    total: what all pay together.
    weights: bargaining power by member, above 0; None: all the same.
    least, most: the least and the most that members can pay; a member that is not named is not
        bounded, but by what it pays alone.

    Raises
    ------
    ValueError: a weight is not above 0, or missing.

    Source
    ------
    Nash (1950); with weights Kalai (1977), Nonsymmetric Nash solutions.
    """
    method = "nash_bargaining"
    bargain = _read_bargain(alone, total, least or {}, most or {})
    if isinstance(bargain, str):
        return Allocation(method, why_not=bargain)
    power = {m: 1.0 if weights is None else weights.get(m, 0.0) for m in bargain.members}
    if not all(weight > 0 for weight in power.values()):
        raise ValueError("every member needs a weight above 0")
    saving = bargain.saving
    if saving <= bargain.rounding:
        return bargain.allocate(method, np.zeros(len(power)))
    parts = share_within(
        power,
        dict(zip(power, bargain.least_saving / saving, strict=True)),
        dict(zip(power, bargain.most_saving / saving, strict=True)),
    )
    return bargain.allocate(method, saving * np.array(list(parts.values())))


def find_kalai_smorodinsky(
    alone: Mapping[str, float],
    total: float,
    *,
    ideal: Mapping[str, float] | None = None,
    least: Mapping[str, float] | None = None,
    most: Mapping[str, float] | None = None,
) -> Allocation:
    """The Kalai-Smorodinsky solution: all get the same part of the most that each could save.

    Where a ceiling is below what a member pays alone, it saves the difference in any bargain, and
    the parts are counted from there. Without bounds each could save everything, so that all save
    the same, as with Nash.

    Parameters
    ----------
    alone, total, least, most: as for `find_nash_bargain`.
    ideal: the least that each could hope to pay, such as what it adds to the cost of the others
        (no core allocation charges less); None: the least that its own bounds and those of the
        others allow.

    Source
    ------
    Kalai & Smorodinsky (1975).
    """
    method = "kalai_smorodinsky"
    bargain = _read_bargain(alone, total, least or {}, most or {})
    if isinstance(bargain, str):
        return Allocation(method, why_not=bargain)
    start, saving = bargain.least_saving, bargain.saving
    if ideal is None:
        hope = np.minimum(bargain.most_saving, saving - (start.sum() - start))
    else:
        hope = bargain.alone - np.array([ideal[m] for m in bargain.members])
    if why_not := _check_hope(bargain, hope):
        return Allocation(method, why_not=why_not)
    room = float((hope - start).sum())
    part = 0.0 if room <= bargain.rounding else (saving - float(start.sum())) / room
    return bargain.allocate(method, start + part * (hope - start))


def _read_bargain(
    alone: Mapping[str, float],
    total: float,
    least: Mapping[str, float],
    most: Mapping[str, float],
) -> _Bargain | str:
    """What is bargained over, or a sentence that says why nothing is."""
    members = tuple(alone)
    costs = np.array([alone[m] for m in members], dtype=float)
    if not np.isfinite(costs).all():
        names = [m for m, cost in zip(members, costs, strict=True) if not np.isfinite(cost)]
        return (
            f"{join_names(names)} cannot stand alone: where no bargain leaves such a member is not "
            "known."
        )
    floors = np.array([least.get(m, -np.inf) for m in members], dtype=float)
    ceilings = np.minimum(costs, [most.get(m, np.inf) for m in members])
    bargain = _Bargain(
        members, costs, total, costs - ceilings, costs - np.minimum(floors, ceilings)
    )
    if bargain.saving < -bargain.rounding:
        return (
            f"Together the members pay {-bargain.saving:,.2f} more than alone: there is no saving "
            "to bargain over."
        )
    for m, floor, ceiling in zip(members, floors, ceilings, strict=True):
        if floor > ceiling + bargain.rounding:
            return (
                f"{m} must pay {floor:,.2f} at least, but can pay no more than {ceiling:,.2f} "
                "(its ceiling, or what it pays alone)."
            )
    if ceilings.sum() < total - bargain.rounding:
        return (
            f"{total:,.2f} is to be paid, but within their ceilings and what they pay alone the "
            f"members can pay {ceilings.sum():,.2f}: {total - ceilings.sum():,.2f} is missing."
        )
    if floors.sum() > total + bargain.rounding:
        return (
            f"{total:,.2f} is to be paid, but the floors add up to {floors.sum():,.2f}: "
            f"{floors.sum() - total:,.2f} too much."
        )
    return bargain


def _check_hope(bargain: _Bargain, hope: Floats) -> str:
    """Why no solution can be told from what the members hope for; empty where one can."""
    if not np.isfinite(hope).all():
        names = [m for m, one in zip(bargain.members, hope, strict=True) if not np.isfinite(one)]
        return f"The least that {join_names(names)} could hope to pay is not known."
    low = hope < bargain.least_saving - bargain.rounding
    high = hope > bargain.most_saving + bargain.rounding
    if (low | high).any():
        names = [m for m, is_off in zip(bargain.members, low | high, strict=True) if is_off]
        return (
            f"The least that {join_names(names)} could hope to pay is not between its floor and "
            "its ceiling (or what it pays alone)."
        )
    if hope.sum() < bargain.saving - bargain.rounding:
        return (
            f"The members hope to save {hope.sum():,.2f} in all, less than the "
            f"{bargain.saving:,.2f} that there is: their hopes are no bounds of it."
        )
    return ""
