"""Semivalues: what each player adds to the coalitions of the others, weighed by their size.

Source: Dubey, Neyman and Weber (1981), Value theory without efficiency.
"""

from __future__ import annotations

import numpy as np

from cssopt.questions.sharing.games.game import sum_shares
from cssopt.solve.program import Floats


def find_semivalue(values: Floats, weights: Floats) -> Floats:
    """The sum over all coalitions without a player of weight times what it adds, by player.

    Parameters
    ----------
    values: by mask, 2**n of them, all finite.
    weights: by the size of the coalition that the player joins, 0 to n - 1.
    """
    count = len(weights)
    by_mask = weights[sum_shares(np.ones(count - 1)).astype(np.int64)]
    semivalue = np.zeros(count)
    for i in range(count):
        # Masks without the bit of i stand in the order that they have when the bit is struck out.
        halves = values.reshape(-1, 2, 1 << i)
        semivalue[i] = by_mask @ (halves[:, 1] - halves[:, 0]).ravel()
    return semivalue
