"""Separable costs: each bears what the whole would save without it; the rest is shared.

Sources: Ransmeier (1942), The Tennessee Valley Authority; Young, Okada and Hashimoto (1982), Cost
allocation in water resources development; Straffin and Heaney (1981), Game theory and the
Tennessee Valley Authority.
"""

from __future__ import annotations

import numpy as np

from cssopt.questions.sharing.games.allocation import Allocation
from cssopt.questions.sharing.games.allot import allot, find_missing, is_nothing, list_border
from cssopt.questions.sharing.games.game import Game
from cssopt.solve.program import Floats
from cssopt.tables.numbers import say


def find_separable(game: Game) -> Floats:
    """What the whole has more with each player than without it, by player."""
    return game.total - game.without_one


def separable_costs(game: Game) -> Allocation:
    """Separable costs, and the rest in proportion to remaining benefits.

    A remaining benefit is what a player saves by bearing its separable cost and not the cost of
    standing alone. The figures have what is separable and what is not.
    """
    if why_not := find_missing(game, list_border(game)):
        return Allocation("separable_costs", why_not=why_not)
    separable = find_separable(game)
    benefits = game.sign * (separable - game.singles)
    rest = game.total - separable.sum()
    shared = benefits.sum()
    if is_nothing(shared, game):
        if not is_nothing(rest, game):
            text = (
                "Remaining benefits add up to nothing, so that the rest cannot be shared by them."
            )
            return Allocation("separable_costs", why_not=text)
        part = np.zeros(game.count)
    else:
        part = benefits / shared
    worse = [p for p, b in zip(game.players, benefits, strict=True) if b < 0 < shared]
    note = f"Alone better than with what it adds: {', '.join(worse)}." if worse else ""
    figures = {"separable": float(separable.sum()), "not separable": float(rest)}
    shares = separable + rest * part
    return allot(game, "separable_costs", shares, list_border(game), note, figures)


def equal_nonseparable(game: Game) -> Allocation:
    """Separable costs, and the rest in equal parts."""
    masks = list_border(game)[game.count :]
    if why_not := find_missing(game, masks):
        return Allocation("equal_nonseparable", why_not=why_not)
    separable = find_separable(game)
    shares = separable + (game.total - separable.sum()) / game.count
    return allot(game, "equal_nonseparable", shares, masks)


def marginal(game: Game) -> Allocation:
    """What the whole has more with each player: as a rule this does not add up to the total."""
    masks = list_border(game)[game.count :]
    if why_not := find_missing(game, masks):
        return Allocation("marginal", why_not=why_not)
    separable = find_separable(game)
    note = f"These add up to {say(separable.sum())} of {say(game.total)}."
    return allot(game, "marginal", separable, masks, note)
