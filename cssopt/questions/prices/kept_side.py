"""One side of a price as the bases of the plan tell it, without a new solve.

Up to where they are optimal the optimum is known, and the price of today holds as long as it errs
by no more than `price.ERRS` there. It may hold farther on: that only new solves tell.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from cssopt.questions.prices.line import Flags, Line, Sample
from cssopt.solution.price import AT_LEAST, Side
from cssopt.solve.program import Floats

_TRIALS: Final = 8
_LEAST: Final = 1e-6
"""Of the scale of a cell: a price that holds for less is not told."""
_INSIDE: Final = 1 - 1e-6
"""Of the way to where the bases end to the first order, so that rounding is no reason to shrink."""
_SPENT: Final = 0.9
"""Of the way to where a parabola would err by as much as it may."""


def keep_side(
    hold: Callable[[float], Floats | None],
    base: Sample,
    end: float,
    limit: float,
    scale: float,
    *,
    limited_by: str,
    told: Callable[[Floats], Flags],
) -> Side | None:
    """What moving a cell from its value towards a limit does, as far as that is known.

    Parameters
    ----------
    hold: the value of each stage at a value of the cell, where the bases of the plan are optimal
        there. base: at the value of today. end: where they end to the first order.
    limit, limited_by, scale, told: as of `explore_side`.

    None where the bases end at once, or say nothing.
    """
    line = Line.of(base, base.slopes, told)
    reach = limit - base.value
    width = math.copysign(min(abs(reach), _INSIDE * abs(end - base.value)), reach)
    for _ in range(_TRIALS):
        if abs(width) < _LEAST * scale:
            return None
        value = limit if width == reach else base.value + width
        reached = hold(value)
        if reached is None:
            width /= 2
            continue
        spent = line.find_spending(Sample(value, reached, base.slopes, base.noise))
        if spent <= 1:
            ends = limited_by if value == limit else AT_LEAST
            return Side(line.told_slopes, value, ends)
        width *= _SPENT / spent
    return None
