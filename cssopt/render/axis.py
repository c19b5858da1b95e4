"""An axis of a drawing: where it begins and ends, and its round numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final

from cssopt.document.document import Form
from cssopt.language import write_percent
from cssopt.render.number_text import SHARES, write_number
from cssopt.solution.plain import NOISE

_LEAST_SPREAD, _WIDE_SPREAD = 0.02, 0.5
"""What numbers differ by, as a part of their size: where it is less than the first, they are as
good as the same; where it is more than the second, 0 costs little room. Both are drawn from 0."""

_TICKS = 5
_ROUNDING = 1e-9
"""Steps that a round number may be off by what arithmetic rounds."""
_PERCENT: Final = ("percent", "fine_percent", "missing", "points")
"""Forms of pages for deciders that are shares."""
_WHOLE: Final = ("year", "day", "count")
"""Forms of which there is nothing between whole numbers."""


@dataclass(frozen=True)
class Axis:
    """An axis from its least to its most number.

    Attributes
    ----------
    title: what it counts, with its measure. form: how its numbers are written.
    """

    least: float
    most: float
    form: Form
    title: str = ""

    @classmethod
    def from_zero(cls, numbers: Iterable[float], form: Form, title: str = "") -> Axis:
        """An axis that holds 0: lengths can be compared on it."""
        ends = [0.0, *numbers]
        least, most = min(ends), max(ends)
        # Numbers that are all as good as 0 need some axis too.
        is_drawn = most - least > (0.0 if form == "tiny" else NOISE)
        return cls(least, most if is_drawn else least + 1.0, form, title)

    @classmethod
    def around(cls, numbers: Iterable[float], form: Form, title: str = "") -> Axis:
        """An axis between round numbers around these: places can be compared on it.

        It holds 0 where that costs little room, and where the numbers are all but the same, lest
        nothing be stretched into much.
        """
        found = list(numbers)
        size = max(map(abs, found), default=0.0)
        spread = max(found, default=0.0) - min(found, default=0.0)
        least_spread = 0.0 if form == "year" else _LEAST_SPREAD * size
        if not least_spread < spread < _WIDE_SPREAD * size:
            return cls.from_zero(found, form, title)
        least, most = min(found), max(found)
        step = find_step(least, most, form)
        first, last = math.floor(least / step + _ROUNDING), math.ceil(most / step - _ROUNDING)
        # A round number may lie beside the number it stands for by a rounding: 19 x 0.1 > 1.9.
        return cls(min(least, step * first), max(most, step * last), form, title)

    @property
    def holds_zero(self) -> bool:
        """False where it begins or ends beside 0, which is then to be told."""
        return self.least <= 0 <= self.most

    @cached_property
    def ticks(self) -> tuple[float, ...]:
        """Round numbers from its least to its most, 0 among them where it holds 0."""
        step = find_step(self.least, self.most, self.form)
        first = math.ceil(self.least / step - _ROUNDING)
        last = math.floor(self.most / step + _ROUNDING)
        return tuple(step * i for i in range(first, last + 1))

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The round numbers with as many decimals as part them."""
        step = min((abs(b - a) for a, b in pairwise(self.ticks)), default=1.0)
        if self.form in _PERCENT:
            places = next((p for p in range(7) if _is_whole(100 * step * 10**p)), 6)
            return tuple(write_percent(tick, places) for tick in self.ticks)
        form: Form = "share" if self.form in SHARES else "number"
        if self.form in ("year", "day", "tiny"):
            form = self.form
        size = 100 * step if form == "share" else step
        places = next((p for p in range(7) if _is_whole(size * 10**p)), 6)
        zero = "0%" if form == "share" else "0"
        return tuple(write_number(tick, form, places) if tick else zero for tick in self.ticks)


def _is_whole(number: float) -> bool:
    return abs(number - round(number)) < 1e-6


def find_step(least: float, most: float, form: Form = "number") -> float:
    """What parts the round numbers between these: so that there are about as many as read well."""
    raw = (most - least) / _TICKS
    if form in _WHOLE:
        raw = max(raw, 1.0)
    power = 10.0 ** math.floor(math.log10(raw))
    sizes = (1, 2, 5, 10) if form in _WHOLE else (1, 2, 2.5, 5, 10)
    return next(power * size for size in sizes if power * size >= raw * (1 - 1e-9))
