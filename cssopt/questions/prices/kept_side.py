"""One side of a price as the bases of the plan tell it, without a new solve.

Up to where they are optimal the optimum is known, and the price of today holds as long as it errs
by no more than `price.ERRS` there. It may hold farther on: that only new solves tell.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Final

from cssopt.questions.prices.line import Line, Sample, Told
from cssopt.questions.prices.one_side import Refuses, find_last
from cssopt.solution.price import AT_LEAST, Side
from cssopt.solve.program import Floats

_TRIALS: Final = 8
_LEAST: Final = 1e-6
"""Of the scale of a cell or rule: a price that holds for less is not told."""
_INSIDE: Final = 1 - 1e-6
"""Of the way to where the bases end to the first order, so that rounding is no reason to shrink."""
_SPENT: Final = 0.9
"""Of the way to where a parabola would err by as much as it may."""


def keep_side(
    reach_at: Callable[[float], Floats | None],
    base: Sample,
    end: float,
    limit: float,
    scale: float,
    *,
    limited_by: str,
    refuses: Refuses,
    told: Told,
) -> Side | None:
    """What moving a cell from its value towards a limit does, as far as that is known.

    Parameters
    ----------
    reach_at: the value of each stage at a value of the cell, where the bases of the plan are
        optimal there. base: at the value of today. end: where they end to the first order.
    limit, limited_by, scale, refuses, told: as of `explore_side`.

    None where the bases end at once, or say nothing.
    """
    telling = told(base, base.slopes)
    line = Line.of(base, base.slopes, telling.stages)
    reach = limit - base.value
    width = math.copysign(min(abs(reach), _INSIDE * abs(end - base.value)), reach)
    for _ in range(_TRIALS):
        if abs(width) < _LEAST * scale:
            return None
        value = limit if width == reach else base.value + width
        reached = reach_at(value)
        if reached is None:
            width /= 2
            continue
        spent = line.find_spending(Sample(value, reached, base.slopes, base.noise))
        if spent > 1:
            width *= _SPENT / spent
        elif (refusal := refuses(value)) is not None:
            limit, limited_by = find_last(refuses, base.value, value, scale), refusal.why
            reach = width = limit - base.value
        else:
            ends = limited_by if value == limit else AT_LEAST
            return Side(line.told_slopes, value, ends, short=telling.short)
    return None


def keep_straight_side(base: Sample, end: Sample, scale: float, told: Told) -> Side | None:
    """A side along which the optimum is straight up to a sample where the bases of the plan end;
    None where they end at once, as what is told by their duals then need not be so.

    base, scale, told: as of `keep_side`.
    """
    if abs(end.value - base.value) < _LEAST * scale:
        return None
    telling = told(base, base.slopes)
    slopes = Line.of(base, base.slopes, telling.stages).told_slopes
    return Side(slopes, end.value, AT_LEAST, short=telling.short)
