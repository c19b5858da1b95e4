"""The core: shares with which no coalition would have more by itself.

Sources: Gillies (1959), Solutions to general non-zero-sum games; Shapley (1955), Markets as
cooperative games.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from cssopt.questions.sharing.games.game import Game
from cssopt.solve.program import Floats

ROUNDING = 1e-9
"""Of the largest value: a gain of less is none."""


@dataclass(frozen=True)
class CoreViolation:
    """A coalition that would gain by itself.

    Attributes
    ----------
    coalition: its players, in their order. mask: the same.
    gain: what they would pay less, or have more, in all. per_member: the same for each of them.
    is_proven: False where the doubt of the total is as large: a better plan for all may end it.
    """

    coalition: tuple[str, ...]
    mask: int
    gain: float
    per_member: float
    is_proven: bool


def find_core_violations(
    game: Game, shares: Mapping[str, float], most: int | None = 10
) -> tuple[CoreViolation, ...]:
    """The coalitions that would gain by themselves, those that would gain most in all first.

    A coalition that cannot act by itself never would. Of equal gains the smaller coalition comes
    first, which has more for each member. `most`: how many are listed; None: all.
    """
    gains, none = _find_gains(game, shares), _find_rounding(game, shares)
    masks = np.flatnonzero(gains > none)
    if most is not None and len(masks) > most:
        bound = -np.partition(-gains[masks], most - 1)[most - 1] if most else np.inf
        masks = masks[gains[masks] >= bound - none]
    sizes = np.bitwise_count(masks)
    # Equal gains differ by rounding; in units of it they are equal.
    order = np.lexsort((masks, sizes, -np.round(gains[masks] / none)))[:most]
    doubt = float(game.doubt[-1]) if game.doubt.size else 0.0
    return tuple(
        CoreViolation(
            game.names(int(masks[i])),
            int(masks[i]),
            float(gains[masks[i]]),
            float(gains[masks[i]] / sizes[i]),
            bool(gains[masks[i]] > doubt + none),
        )
        for i in order
    )


def is_stable(game: Game, shares: Mapping[str, float]) -> bool | None:
    """True where shares are in the core: they add up to the total, and no coalition would gain.

    None where values that are not proven leave it open.
    """
    none, gains = _find_rounding(game, shares), _find_gains(game, shares)
    doubt = game.doubt if game.doubt.size else np.zeros(len(gains))
    if abs(sum(shares.values()) - game.total) > none or (gains > none + doubt[-1]).any():
        return False
    with np.errstate(invalid="ignore"):  # without a value or a bound nothing is known: NaN
        return True if (gains + doubt <= none)[1:-1].all() else None


def _find_gains(game: Game, shares: Mapping[str, float]) -> Floats:
    """What each coalition would gain by itself, by mask; none and all gain nothing."""
    gains = game.sign * (game.values - game.sums([shares[p] for p in game.players]))
    gains[[0, -1]] = 0.0
    return gains


def _find_rounding(game: Game, shares: Mapping[str, float]) -> float:
    finite = game.values[np.isfinite(game.values)]
    largest = max(float(np.abs(finite).max()), *map(abs, shares.values()))
    return ROUNDING * max(largest, float(np.finfo(float).tiny))
