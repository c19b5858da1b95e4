"""The smallest change of one number that makes a plan possible, in a figure fit to be typed."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

NEAR = 1e-3
"""A change is found to within this share of itself."""

ROUGHLY = 5e-2
"""At first one of several changes is found to within this share of itself."""

_FINEST = 1e-6
"""And no finer than this share of the number that is changed."""

_FARTHEST = 24
"""How often the distance is doubled while a number that will do is looked for."""


@dataclass(frozen=True)
class Dial:
    """A number of the inputs that may be turned to let a plan in.

    Attributes
    ----------
    value: what it is. low, high: what its column allows; None where it sets no bound.
    whole: True where only whole numbers may stand there.
    end: a value at which there is a plan; None where that has to be found.
    """

    value: float
    low: float | None = None
    high: float | None = None
    whole: bool = False
    end: float | None = None

    def keep_within(self, value: float) -> float:
        """The value, or the bound of the column that it passes."""
        inside = value if self.low is None else max(self.low, value)
        return inside if self.high is None else min(self.high, inside)


def find_least_change(
    dial: Dial, has_plan: Callable[[float], bool], near: float = NEAR, known: float | None = None
) -> float | None:
    """The value nearest to that of a dial at which there is a plan; None where there is none.

    `has_plan` is asked about values on one side only, where it stays true farther away. The figure
    itself was asked about: typed as it stands it lets a plan in. No nearer one was found to within
    `near`, a share of the change (bisection, on numbers with few digits). `known` is a value at
    which there is a plan, perhaps the nearest already.
    """
    far = known if known is not None else dial.end
    far = _find_far(dial, has_plan) if far is None else far
    if far is None:
        return None
    without, within = dial.value, far
    if known is not None and not dial.whole:
        back = (dial.value - known) * near
        trial = find_roundest(known + back / 2, known + back)
        if has_plan(trial):
            within = trial
        else:
            without = trial
    while abs(within - without) > _tolerance(dial, within, near):
        middle = _middle(dial, without, within)
        if middle in (without, within):
            break
        if has_plan(middle):
            within = middle
        else:
            without = middle
    return within


def _tolerance(dial: Dial, within: float, near: float) -> float:
    if dial.whole:
        return 1.0
    return max(near * abs(within - dial.value), _FINEST * abs(dial.value))


def _middle(dial: Dial, without: float, within: float) -> float:
    if dial.whole:
        return float(math.floor((without + within) / 2))
    third = (within - without) / 3
    return find_roundest(without + third, within - third)


def find_roundest(one: float, other: float) -> float:
    """The number with the fewest digits between two others, nearest to their middle."""
    low, high = min(one, other), max(one, other)
    if low <= 0 <= high:
        return 0.0
    power = math.ceil(math.log10(max(abs(low), abs(high))))
    middle = (low + high) / 2
    while True:
        count = round(middle / 10.0**power)
        number = float(f"{count}e{power}")
        if low <= number <= high:
            return number
        power -= 1


def _find_far(dial: Dial, has_plan: Callable[[float], bool]) -> float | None:
    """A value with a plan, up or down, by ever longer steps."""
    asked = {dial.value}
    for step in range(_FARTHEST):
        distance = (1.0 if dial.whole else abs(dial.value) or 1.0) * 2.0**step
        for value in (dial.value + distance, dial.value - distance):
            inside = dial.keep_within(value)
            if inside not in asked and has_plan(inside):
                return inside
            asked.add(inside)
    return None
