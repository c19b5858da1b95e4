"""Shares of one whole: kept within floors and ceilings, and borne by others where some withhold."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping

from cssopt.errors import CssoptError
from cssopt.tables.numbers import say

_NOTHING = 1e-9
"""Floors and ceilings that miss the whole by less than this miss it by rounding."""


class NoSharesError(CssoptError):
    """A key or a rule gives no shares here; its text is a sentence that says why."""


def share_within(
    weights: Mapping[str, float],
    floors: Mapping[str, float] | None = None,
    ceilings: Mapping[str, float] | None = None,
) -> dict[str, float]:
    """Shares in proportion to weights, none below its floor and none above its ceiling.

    Every share is ``min(ceiling, max(floor, level * weight))``, with the one level at which shares
    add up to 1: what a ceiling takes off, and what a floor adds, is borne or saved by the others in
    proportion (water filling; the method of Bitran and Hax, 1981). A member without weight has its
    floor.

    Parameters
    ----------
    weights: by member, 0 or more. floors, ceilings: shares by member; who is not named has none.

    Raises NoSharesError where no such shares add up to 1.
    """
    lowest = {m: (floors or {}).get(m, 0.0) for m in weights}
    highest = {m: (ceilings or {}).get(m, 1.0) for m in weights}
    _check_bounds(weights, lowest, highest)
    free = {m: weight for m, weight in weights.items() if weight > 0}
    shares = dict(lowest)
    while free:
        left = 1 - math.fsum(share for m, share in shares.items() if m not in free)
        # Divided by the largest, weights of any size have a finite sum above 0.
        largest = max(free.values())
        whole = math.fsum(weight / largest for weight in free.values())
        shares |= {m: left * (weight / largest) / whole for m, weight in free.items()}
        above = {m for m in free if shares[m] > highest[m]}
        below = {m for m in free if shares[m] < lowest[m]}
        excess = math.fsum(shares[m] - highest[m] for m in above)
        lack = math.fsum(lowest[m] - shares[m] for m in below)
        # Of both, the larger decides where the level ends: those it binds stay at their bound.
        bound = above | below if excess == lack else above if excess > lack else below
        if not bound:
            break
        shares |= {m: highest[m] if m in above else lowest[m] for m in bound}
        free = {m: weight for m, weight in free.items() if m not in bound}
    return shares


def _check_bounds(
    weights: Mapping[str, float], lowest: Mapping[str, float], highest: Mapping[str, float]
) -> None:
    """NoSharesError where weights, floors and ceilings leave no shares that add up to 1."""
    for m, weight in weights.items():
        if not (math.isfinite(weight) and weight >= 0):
            raise NoSharesError(f"the weight of {m} is {weight:g}; it must be 0 or more")
        if not 0 <= lowest[m] <= highest[m]:
            raise NoSharesError(
                f"the floor of {m}, {lowest[m]:.6g}, must be 0 or more and no more than its "
                f"ceiling, {highest[m]:.6g}"
            )
    if not any(weights.values()):
        raise NoSharesError(f"the weights of {', '.join(weights) or 'nobody'} are all 0")
    if (least := math.fsum(lowest.values())) > 1 + _NOTHING:
        raise NoSharesError(f"the floors add up to {say(least)}, more than the whole, 1")
    most = math.fsum(highest[m] if weight > 0 else lowest[m] for m, weight in weights.items())
    if most < 1 - _NOTHING:
        raise NoSharesError(
            f"the ceilings of those with a weight add up to {say(most)}, less than the whole, 1"
        )


def cut(shares: Mapping[str, float], withholding: Collection[str]) -> dict[str, float]:
    """What is paid of a whole of 1 where some withhold, and it is cut by what they do not pay.

    The others pay what they would have paid: together less than 1.
    """
    return {m: 0.0 if m in withholding else share for m, share in shares.items()}


def redistribute(shares: Mapping[str, float], withholding: Collection[str]) -> dict[str, float]:
    """What is paid of a whole of 1 where some withhold, and the others bear it by their shares.

    Raises NoSharesError where nobody is left with a share.
    """
    paid = cut(shares, withholding)
    whole = math.fsum(paid.values())
    if not whole > 0:
        raise NoSharesError(f"nobody beside {', '.join(withholding)} has a share to bear it by")
    return {m: share / whole for m, share in paid.items()}
