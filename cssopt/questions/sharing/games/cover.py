"""What coalitions cost where they may act in parts: the least over all ways to split them.

Source: the superadditive cover, Aumann and Drèze (1974), Cooperative games with coalition
structures.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cssopt.questions.sharing.games.game import Game
from cssopt.solve.program import Floats

MOST_SPLIT = 16
"""Players of whose coalitions every split is tried: 43 million of them."""


def find_cover(game: Game) -> Game:
    """The game in which each coalition acts together or in parts, whichever is better for it.

    The coalition of all stays as it is: what is shared is the cost of acting together. ValueError
    for more than `MOST_SPLIT` players.
    """
    if game.count > MOST_SPLIT:
        raise ValueError(f"splits are tried of up to {MOST_SPLIT} players, not of {game.count}")
    best = _split(game.gains)
    doubt = game.doubt
    if doubt.size:
        # What is proven of the parts: no split is better than the best of all bounds.
        doubt = _split(game.gains + doubt) - best
        doubt[np.isnan(doubt)] = 0.0
        doubt[-1] = game.doubt[-1]
    best[-1] = game.gains[-1]
    return replace(game, values=game.sign * best, doubt=doubt)


def _split(gains: Floats) -> Floats:
    """By mask, the most that a coalition gains together or in parts."""
    best = gains.copy()
    for mask in range(1, len(best)):
        low = mask & -mask
        rest = mask ^ low
        # Every split has one part with the first player: that part acts together.
        parts = _list_parts(rest)[:-1] | low
        if parts.size:
            best[mask] = max(best[mask], float((gains[parts] + best[mask ^ parts]).max()))
    return best


def _list_parts(mask: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Every part of a coalition, from none to all of it."""
    parts = np.zeros(1, dtype=np.int64)
    while mask:
        low = mask & -mask
        parts = np.concatenate([parts, parts | low])
        mask ^= low
    return parts
