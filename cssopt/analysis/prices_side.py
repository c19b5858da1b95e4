"""One side of a price: what moving a cell that way does, and up to where it goes on like that.

Each new solve gives the optimum and its slope. Where the optimum is piecewise linear, the value at
which a price ends is where the line of the price meets the tangent of a point beyond, which makes
it exact (for convex and concave optima by their nature; in general it is confirmed by a solve just
beyond). A curve has its price at the point only.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cssopt.solution.prices import BEYOND, CURVED, FARTHEST, STEP, Refusal, Side
from cssopt.solve.program import Floats

_FIRST: Final = 1e-4
"""First step, as a share of the scale of the cell."""
_SHRINK: Final = 8.0
_STRIDE: Final = 6.0
_TRIALS: Final = 4
_TRIFLE: Final = 1e-3
"""Of a step: where a line meets that of today within so little of it, it counts as today."""
_ALIKE: Final = 1e-6
"""Relative difference below which two slopes are the same."""
_ROUNDING: Final = 1e-12
"""Of an optimum, relative to its size."""
_BENT: Final = 0.01
"""A curve: where the slope changes by this share when the cell changes by its own size."""
_CLOSE: Final = 1e-4
_CLOSEST: Final = 1e-9
"""Of a cell's size: so near the end of a price is told where no tangent gives it, and where one
does."""
_MOST: Final = 20
"""Solves by which the end of a price is looked for."""


@dataclass(frozen=True)
class Sample:
    """The optimum at one value of a cell.

    Attributes
    ----------
    value: of the cell. reached: value of each stage. slopes: of each stage in the cell.
    noise: how far a slope may be off by rounding.
    """

    value: float
    reached: Floats
    slopes: Floats
    noise: Floats


Flags = NDArray[np.bool_]

Evaluate = Callable[[float], Sample | Refusal]
"""The optimum at a value of the cell, or why there is none."""


def explore_side(
    evaluate: Evaluate,
    base: Sample,
    limit: float,
    scale: float,
    *,
    refuses: Callable[[float], Refusal | None] = lambda _: None,
    limited_by: str = FARTHEST,
) -> Side:
    """What moving a cell from its value towards a limit does.

    Parameters
    ----------
    evaluate: the optimum. base: at the value of today.
    limit: how far the cell is moved at most, on the side that is asked for. limited_by: what ends
        there. scale: what counts as a change of the cell by its own size.
    refuses: what is known to have no optimum without solving for it.
    """
    return _Explorer(evaluate, refuses, base, scale).explore(limit, limited_by)


class _Explorer:
    def __init__(
        self,
        evaluate: Evaluate,
        refuses: Callable[[float], Refusal | None],
        base: Sample,
        scale: float,
    ) -> None:
        self._evaluate = evaluate
        self._refuses = refuses
        self._base = base
        self._scale = scale
        self._rounding = _ROUNDING * np.maximum(1.0, np.abs(base.reached))

    def explore(self, limit: float, limited_by: str) -> Side:
        room = limit - self._base.value
        if room == 0:
            return Side(reason=limited_by)
        step = math.copysign(min(abs(room), _FIRST * self._scale), room)
        before: tuple[Sample, Floats] | None = None
        refusal: Refusal | None = None
        for _ in range(_TRIALS):
            near = self._evaluate(self._base.value + step)
            step /= _SHRINK
            if isinstance(near, Refusal):
                refusal = near
                continue
            slopes, sure = self._estimate(near)
            if before is not None:
                slopes, sure = self._compare(before, near, slopes, sure)
            if sure.all():
                return self._range(near, slopes, limit, limited_by)
            if before is not None and self._is_step(before[0], near):
                return Side(reason=STEP)
            before = near, slopes
        if before is None:
            assert refusal is not None
            return Side(reason=refusal.text)
        return Side(tuple(before[1].tolist()), self._base.value, BEYOND)

    def _doubt(self, near: Sample) -> Floats:
        """How far the mean slope from the base to a sample may be off by rounding."""
        return self._rounding / abs(near.value - self._base.value)

    def _estimate(self, near: Sample) -> tuple[Floats, Flags]:
        """The slope of each stage to the side of a near sample, and whether it is sure."""
        base = self._base
        rise = (near.reached - base.reached) / (near.value - base.value)
        size = np.maximum(np.abs(near.slopes), np.abs(base.slopes))
        off = _ALIKE * np.maximum(size, np.abs(rise)) + self._doubt(near)
        same = np.abs(near.slopes - base.slopes) <= _ALIKE * size + near.noise
        smooth = np.abs(rise - (base.slopes + near.slopes) / 2) <= off
        straight = np.abs(rise - near.slopes) <= off
        # A curve rises by the mean of its slopes at both ends; a kink is told by the far slope.
        kinked = np.where(straight, near.slopes, 2 * rise - near.slopes)
        return np.where(smooth | (same & straight), base.slopes, kinked), smooth | straight

    def _compare(
        self, before: tuple[Sample, Floats], near: Sample, slopes: Floats, sure: Flags
    ) -> tuple[Floats, Flags]:
        """The slopes with what a farther sample says of them."""
        far, farther = before
        alike = np.abs(slopes - farther) <= 1e-4 * np.abs(slopes) + self._doubt(near)
        # A line or curve through both, but for a trifle at the value of today: what a stage lets
        # pass of the one before it (1e-9) is used up within such a trifle.
        step, width = near.value - self._base.value, far.value - near.value
        rise = (far.reached - near.reached) / width
        off = _ALIKE * (np.abs(far.slopes) + np.abs(near.slopes)) + self._doubt(near)
        through = np.abs(rise - (far.slopes + near.slopes) / 2) <= off
        extended = near.slopes - (far.slopes - near.slopes) * step / width
        start = near.reached - step * (extended + near.slopes) / 2
        turn = np.abs(extended - self._base.slopes)
        trifle = _TRIFLE * np.abs(far.value - self._base.value) * turn
        through &= np.abs(start - self._base.reached) <= trifle + self._rounding
        return np.where(through & ~sure, extended, slopes), sure | alike | through

    def _is_step(self, far: Sample, near: Sample) -> bool:
        """True where the optimum jumps at the value of today: it does not close in on it."""
        jumped = np.abs(near.reached - self._base.reached)
        before = np.abs(far.reached - self._base.reached)
        return bool((jumped > 0.5 * before + self._rounding).any())

    def _range(self, near: Sample, slopes: Floats, limit: float, limited_by: str) -> Side:
        found = tuple(slopes.tolist())
        bend = self._bend(near, slopes)
        if bend > _BENT:
            return Side(found, self._base.value, CURVED)
        line = _Line(near, float(slopes[-1]), self._scale, bend, float(self._rounding[-1]))
        until, ends = self._search(line, near, limit, limited_by)
        return Side(found, until, ends)

    def _bend(self, near: Sample, slopes: Floats) -> float:
        """How much the last slope changes, as a share, when the cell changes by its own size."""
        change = abs(float(near.slopes[-1] - slopes[-1]))
        if change <= float(near.noise[-1]):
            return 0.0
        distance = abs(near.value - self._base.value) / self._scale
        return change / max(abs(float(slopes[-1])), change) / distance

    def _search(
        self, line: _Line, inner: Sample, limit: float, limited_by: str
    ) -> tuple[float, str]:
        """Where the line ends; `inner` is on it."""
        if (refusal := self._refuses(limit)) is not None:
            limit, limited_by = self._bisect(inner.value, limit), refusal.why
        inner, outer, ends = self._stride(line, inner, limit)
        if outer is None:
            return inner.value, limited_by
        for _ in range(_MOST):
            gap = outer.value - inner.value
            meeting = line.meet(outer) if isinstance(outer, Sample) else math.nan
            inside = 0 < (meeting - inner.value) / gap < 1
            if abs(gap) <= (_CLOSEST if inside else _CLOSE) * self._scale:
                break
            middle = self._evaluate(meeting if inside else inner.value + gap / 2)
            if isinstance(middle, Refusal):
                outer, ends = _Nothing(inner.value + gap / 2), middle.why
            elif not line.has(middle):
                outer, ends = middle, BEYOND
            elif inside and self._turns(line, middle, outer.value):
                return middle.value, BEYOND
            else:
                inner = middle
        return inner.value, ends

    def _stride(
        self, line: _Line, inner: Sample, limit: float
    ) -> tuple[Sample, Sample | _Nothing | None, str]:
        """The last sample on the line and the first off it, by ever longer steps; None where the
        line goes on to the limit."""
        start = self._base.value
        while inner.value != limit:
            value = start + _STRIDE * (inner.value - start)
            if abs(value - start) >= abs(limit - start):
                value = limit
            sample = self._evaluate(value)
            if isinstance(sample, Refusal):
                return inner, _Nothing(value), sample.why
            if not line.has(sample):
                return inner, sample, BEYOND
            inner = sample
        return inner, None, ""

    def _turns(self, line: _Line, sample: Sample, outer: float) -> bool:
        """True where the line has ended just beyond a sample on it."""
        beyond = self._evaluate(sample.value + 1e-3 * (outer - sample.value))
        return isinstance(beyond, Refusal) or not line.has(beyond)

    def _bisect(self, good: float, bad: float) -> float:
        """The last value, on the way to a bad one, that is not refused."""
        while abs(bad - good) > _CLOSEST * self._scale:
            middle = (good + bad) / 2
            if self._refuses(middle) is None:
                good = middle
            else:
                bad = middle
        return good


@dataclass(frozen=True)
class _Nothing:
    """In place of a sample where there is no optimum."""

    value: float


@dataclass(frozen=True)
class _Line:
    """The optimum of the last stage as it would go on at one price, through a sample on it."""

    base: Sample
    slope: float
    scale: float
    bend: float
    rounding: float

    def has(self, sample: Sample) -> bool:
        """True where the optimum is still on the line."""
        distance = sample.value - self.base.value
        gap = float(sample.reached[-1] - self.base.reached[-1]) - self.slope * distance
        # Half the bend over the distance is what a curve that counts as straight may stray.
        share = 1e-7 + self.bend * abs(distance) / self.scale
        return abs(gap) <= self.rounding + share * abs(self.slope * distance)

    def meet(self, sample: Sample) -> float:
        """Where the line meets the tangent of a sample."""
        turn = float(sample.slopes[-1]) - self.slope
        gap = float(sample.reached[-1] - self.base.reached[-1])
        gap -= self.slope * (sample.value - self.base.value)
        return sample.value - gap / turn if turn else math.nan
