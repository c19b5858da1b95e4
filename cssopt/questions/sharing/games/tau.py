"""The tau value: the compromise between what each can hope for at most and must have at least.

Source: Tijs (1981), Bounds for the core and the tau-value.
"""

from __future__ import annotations

import numpy as np

from cssopt.questions.sharing.games.allocation import Allocation
from cssopt.questions.sharing.games.allot import (
    allot,
    find_missing,
    is_nothing,
    list_border,
    list_masks,
)
from cssopt.questions.sharing.games.game import Game
from cssopt.questions.sharing.games.separable_costs import find_separable
from cssopt.solve.program import Floats


def find_bounds(game: Game) -> tuple[Floats, Floats]:
    """Minimal right and utopia payoff of each player, in gains.

    The utopia payoff is what the whole has more with the player. The minimal right is the most that
    is left to it of what some coalition has, when all others there have their utopia payoffs.
    A coalition that cannot act leaves nothing to anybody.
    """
    utopia = game.sign * find_separable(game)
    left = game.gains - game.sums(utopia)
    rights = np.array(
        [left.reshape(-1, 2, 1 << i)[:, 1].max() + utopia[i] for i in range(game.count)]
    )
    return rights, utopia


def tau(game: Game) -> Allocation:
    """The point between minimal rights and utopia payoffs that shares the total.

    Only quasi-balanced games have one: minimal rights are not above utopia payoffs, and the total
    lies between their sums.
    """
    if why_not := find_missing(game, list_border(game)[game.count :]):
        return Allocation("tau", why_not=why_not)
    rights, utopia = find_bounds(game)
    room = np.array([0.0 if is_nothing(r, game) else r for r in utopia - rights])
    spare, missing = game.sign * game.total - rights.sum(), utopia.sum() - game.sign * game.total
    why_not = ""
    if room.min() < 0:
        names = ", ".join(p for p, r in zip(game.players, room, strict=True) if r < 0)
        why_not = f"{names} would have to get more than the whole has with it than without it"
    elif spare < 0 and not is_nothing(spare, game):
        why_not = "The total is less than the minimal rights of all"
    elif missing < 0 and not is_nothing(missing, game):
        why_not = "The total is more than all can hope for"
    if why_not:
        return Allocation("tau", why_not=f"{why_not}: the game is not quasi-balanced (Tijs, 1981).")
    # Where hopes are no higher than rights, the total is both.
    part = spare / room.sum() if room.any() else 0.0
    return allot(game, "tau", game.sign * (rights + part * room), list_masks(game))
