"""Voting power: how often a player's vote decides.

Sources: Banzhaf (1965), Weighted voting doesn't work; Shapley and Shubik (1954), A method for
evaluating the distribution of power in a committee system.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cssopt.questions.sharing.games.allocation import Allocation
from cssopt.questions.sharing.games.allot import allot, find_missing, is_nothing, list_masks
from cssopt.questions.sharing.games.game import Game
from cssopt.questions.sharing.games.semivalue import find_semivalue
from cssopt.questions.sharing.games.shapley import shapley_weights


def banzhaf(game: Game) -> Allocation:
    """What each adds, on average over all coalitions of the others, scaled to share the total.

    The figures have the sum before it was scaled. Of a simple game these are the normalized
    Banzhaf indices.
    """
    masks = list_masks(game)
    if why_not := find_missing(game, masks):
        return Allocation("banzhaf", why_not=why_not)
    raw = find_semivalue(game.values, np.full(game.count, 0.5 ** (game.count - 1)))
    together = raw.sum()
    if is_nothing(together, game) and not is_nothing(game.total, game):
        text = "What players add comes to nothing in all, so that it cannot be scaled to the total."
        return Allocation("banzhaf", why_not=text)
    if together * game.total < 0:
        text = "What players add comes to less than nothing in all: scaled, it would change signs."
        return Allocation("banzhaf", why_not=text)
    scale = game.total / together if not is_nothing(together, game) else 1.0
    figures = {"sum before scaling": float(together)}
    return allot(game, "banzhaf", raw * scale, masks, figures=figures)


def shapley_shubik(game: Game) -> Allocation:
    """How often each decides when all vote one after another, in all orders; of simple games."""
    if why_not := find_not_simple(game):
        return Allocation("shapley_shubik", why_not=why_not)
    shares = find_semivalue(game.values, shapley_weights(game.count))
    return allot(game, "shapley_shubik", shares, list_masks(game))


def find_not_simple(game: Game) -> str:
    """Why this is no simple game, a sentence; empty where it is one.

    A simple game has the values 0 and 1; 1 for all, and a coalition that wins still wins with
    more members.
    """
    values = game.values
    if not np.isin(values, (0.0, 1.0)).all():
        return "It needs a simple game: every coalition loses (0) or wins (1)."
    if values[-1] != 1.0:
        return "It needs a simple game: the coalition of all wins (1)."
    for i in range(game.count):
        halves = values.reshape(-1, 2, 1 << i)
        if (halves[:, 1] < halves[:, 0]).any():
            return "It needs a simple game: who joins a coalition that wins never makes it lose."
    return ""


@dataclass(frozen=True)
class Power:
    """What one player's vote decides.

    Attributes
    ----------
    swings: coalitions that win with the player and lose without it.
    banzhaf: its part of the swings of all. absolute_banzhaf: the part of all coalitions of the
        others that it swings. shapley_shubik: the part of all orders in which it decides.
    """

    player: str
    swings: int
    banzhaf: float
    absolute_banzhaf: float
    shapley_shubik: float


def find_power(game: Game) -> tuple[Power, ...]:
    """The power of each player of a simple game; ValueError where it is none."""
    if fault := find_not_simple(game):
        raise ValueError(fault)
    swings = find_semivalue(game.values, np.ones(game.count))
    orders = find_semivalue(game.values, shapley_weights(game.count))
    coalitions = 2 ** (game.count - 1)
    return tuple(
        Power(player, round(swing), swing / swings.sum(), swing / coalitions, order)
        for player, swing, order in zip(game.players, swings.tolist(), orders.tolist(), strict=True)
    )
