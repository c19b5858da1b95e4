"""The Gately point: all are tempted alike to disrupt the agreement.

Sources: Gately (1974), Sharing the gains from regional cooperation; Littlechild and Vaidya (1976),
The propensity to disrupt and the disruption nucleolus; Gilles and Mallozzi (2022), Gately values
of cooperative games (for which games there is such a point).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from cssopt.questions.sharing.games.allocation import Allocation
from cssopt.questions.sharing.games.allot import allot, find_missing, is_nothing, list_border
from cssopt.questions.sharing.games.game import Game
from cssopt.questions.sharing.games.separable_costs import find_separable
from cssopt.solve.program import Floats


def gately(game: Game) -> Allocation:
    """The shares by which the largest propensity to disrupt of any player is least.

    A player's propensity is what the others would lose without it, for each unit that it would lose
    itself. The shares are those of separable costs and remaining benefits (Straffin and Heaney,
    1981), but only where nobody would gain by staying away.
    """
    masks = list_border(game)
    if why_not := find_missing(game, masks):
        return Allocation("gately", why_not=why_not)
    alone = game.sign * game.singles
    most = game.sign * find_separable(game)
    total = game.sign * game.total
    saved, room = total - alone.sum(), most - alone
    if is_nothing(saved, game):
        text = "Together they have what they have alone, so that each keeps it."
        return allot(game, "gately", game.singles.copy(), masks, text)
    if saved < 0:
        text = "Together they have less than alone: there is nothing to disrupt."
        return Allocation("gately", why_not=text)
    small = np.array([is_nothing(each, game) for each in room])
    if small.all() or (room[~small].min() < 0 < room[~small].max()):
        text = (
            "Nobody adds anything"
            if small.all()
            else "Some add more to the others than they have alone and some less"
        )
        return Allocation("gately", why_not=f"{text}: no shares tempt all alike.")
    shares = game.sign * (alone + room * (saved / room.sum()))
    propensity = float(most.sum() - total) / float(saved)
    return allot(game, "gately", shares, masks, figures={"propensity to disrupt": propensity})


def find_propensities(game: Game, shares: Mapping[str, float]) -> Floats:
    """Propensity to disrupt of every coalition, by mask (Littlechild and Vaidya, 1976).

    What the others would lose without the coalition, for each unit that it would lose itself;
    NaN for none and all, where the coalition would lose nothing, and where either cannot act.
    """
    have = game.sign * game.sums([shares[p] for p in game.players])
    gains = np.where(np.isfinite(game.values), game.gains, np.nan)
    loses = have - gains
    loses[[0, -1]] = np.nan
    propensities = np.full(len(loses), np.nan)
    np.divide(loses[::-1], loses, out=propensities, where=loses != 0)
    return propensities
