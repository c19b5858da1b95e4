"""The Owen value: the Shapley value where blocs join as blocs.

Source: Owen (1977), Values of games with a priori unions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from cssopt.questions.sharing.games.allocation import Allocation
from cssopt.questions.sharing.games.allot import Masks, allot, find_missing
from cssopt.questions.sharing.games.game import Game
from cssopt.questions.sharing.games.shapley import shapley_weights


def owen_value(game: Game, unions: Sequence[Sequence[str]]) -> Allocation:
    """Each pays what it adds, on average over all orders in which blocs join one after another
    and the members of each bloc one after another.

    Parameters
    ----------
    unions: the blocs, each with the names of its players. Who stands in none is one by itself.
    """
    if why_not := find_fault(game.players, unions):
        return Allocation("owen", why_not=why_not)
    masks = [game.mask(union) for union in unions if union]
    masks += [1 << i for i in range(game.count) if not sum(masks) >> i & 1]
    joined = [_find_sums(masks[:i] + masks[i + 1 :]) for i in range(len(masks))]
    mates = [_find_sums([1 << i for i in range(game.count) if own >> i & 1]) for own in masks]
    asked = [
        (before[:, None] | within).ravel() for before, within in zip(joined, mates, strict=True)
    ]
    used = np.unique(np.concatenate(asked))
    if why_not := find_missing(game, used):
        return Allocation("owen", why_not=why_not)
    shares = np.zeros(game.count)
    for own, before in zip(masks, joined, strict=True):
        of_bloc = shapley_weights(len(masks))[_count(before)]
        for i in range(game.count):
            if own >> i & 1:
                others = _find_sums([1 << j for j in range(game.count) if (own ^ 1 << i) >> j & 1])
                weights = shapley_weights(own.bit_count())[_count(others)]
                with_others = before[:, None] | others
                added = game.values[with_others | 1 << i] - game.values[with_others]
                shares[i] = of_bloc @ added @ weights
    return allot(game, "owen", shares, used)


def find_fault(players: Sequence[str], unions: Sequence[Sequence[str]]) -> str:
    """Why blocs are none of these players, a sentence; empty where they are."""
    named = Counter(name for union in unions for name in union)
    if unknown := [name for name in named if name not in players]:
        return f"A bloc names {', '.join(unknown)}, who is no player. Correct the name."
    if doubled := [name for name, times in named.items() if times > 1]:
        return f"Blocs name {', '.join(doubled)} twice. Each player stands in one bloc."
    return ""


def _find_sums(masks: Sequence[int]) -> Masks:
    """The unions of every choice of some masks that do not overlap; place is the choice's mask."""
    sums = np.zeros(1, dtype=np.int64)
    for mask in masks:
        sums = np.concatenate([sums, sums | mask])
    return sums


def _count(choices: Masks) -> Masks:
    """How many were chosen, for each of the choices of `_find_sums`."""
    return np.bitwise_count(np.arange(len(choices))).astype(np.int64)
