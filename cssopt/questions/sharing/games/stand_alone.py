"""Shares that need no more than the total and what each would have by itself."""

from __future__ import annotations

import numpy as np

from cssopt.questions.sharing.games.allocation import Allocation
from cssopt.questions.sharing.games.allot import allot, find_missing, list_border
from cssopt.questions.sharing.games.game import Game


def equal(game: Game) -> Allocation:
    """The total in equal parts."""
    masks = np.array([game.all])
    if why_not := find_missing(game, masks):
        return Allocation("equal", why_not=why_not)
    return allot(game, "equal", np.full(game.count, game.total / game.count), masks)


def equal_saving(game: Game) -> Allocation:
    """Each saves the same against standing alone.

    Source: Driessen and Funaki (1991), the center of the imputation set.
    """
    masks = np.append(list_border(game)[: game.count], game.all)
    if why_not := find_missing(game, masks):
        return Allocation("equal_saving", why_not=why_not)
    saving = (game.total - game.singles.sum()) / game.count
    figures = {"saving of each": float(game.sign * saving)}
    return allot(game, "equal_saving", game.singles + saving, masks, figures=figures)


def proportional(game: Game) -> Allocation:
    """In proportion to what each would have by itself: each saves the same part of it."""
    masks = np.append(list_border(game)[: game.count], game.all)
    if why_not := find_missing(game, masks):
        return Allocation("proportional", why_not=why_not)
    alone = game.singles
    if not alone.any() or alone.min() < 0 < alone.max():
        text = "Some have more than nothing alone and others less: there are no proportions."
        nothing = "Nobody has anything alone, so that there are no proportions."
        return Allocation("proportional", why_not=text if alone.any() else nothing)
    return allot(game, "proportional", game.total * (alone / alone.sum()), masks)
