"""Prices of the rows of a program that prove that it has no plan (Farkas 1902)."""

from __future__ import annotations

import numpy as np

from cssopt.solve.program import Floats, Program

TOLERANCE = 1e-7
"""By which a plan may miss each row and each bound, as HiGHS takes it."""
ROUNDING = 1e-9
"""Of sums that have to be 0 or less for a certificate; its prices are no larger than 1."""


def proves_infeasible(program: Program, prices: Floats) -> bool:
    """True where prices of the rows prove that no plan keeps them, whole numbers or not.

    Each row times its price, positive for its lower and negative for its upper bound, adds up to
    one more inequality that every plan would keep. It is broken wherever the columns are within
    their bounds, by more than rows and columns that are missed by the tolerance could explain.
    """
    # A price for a bound that a row does not have is rounding, and counts for nothing.
    prices = np.where(np.isinf(program.row_lower), np.minimum(prices, 0.0), prices)
    prices = np.where(np.isinf(program.row_upper), np.maximum(prices, 0.0), prices)
    sums = program.matrix.T @ prices
    open_up, open_down = np.isinf(program.upper), np.isinf(program.lower)
    if (sums[open_up] > ROUNDING).any() or (sums[open_down] < -ROUNDING).any():
        return False
    least = _times(program.row_lower, np.maximum(prices, 0.0))
    least += _times(program.row_upper, np.minimum(prices, 0.0))
    most = _times(program.upper, np.where(open_up, 0.0, np.maximum(sums, 0.0)))
    most += _times(program.lower, np.where(open_down, 0.0, np.minimum(sums, 0.0)))
    slack = TOLERANCE * float(np.abs(prices).sum() + np.abs(sums).sum())
    return float(least.sum() - most.sum()) > slack


def _times(bounds: Floats, weights: Floats) -> Floats:
    """Bounds times weights, 0 where the weight is: without it a missing bound would count."""
    return np.where(weights == 0.0, 0.0, bounds) * weights
