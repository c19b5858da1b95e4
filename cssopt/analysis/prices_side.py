"""One side of a price: what moving a cell that way does, and up to where it goes on like that.

Each new solve gives the optimum and its slope. A price holds as long as what it tells of a change
errs by no more than `ERRS` of itself, and ends before that where the slope jumps. Where the optimum
is piecewise linear, that is where the tangents of two points meet, which makes it exact; a curve
errs more and more, and by how much is interpolated.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cssopt.solution.price import (
    AT_ONCE,
    BEYOND,
    ERRS,
    FARTHER_ON,
    FARTHEST,
    STEP,
    Refusal,
    Side,
)
from cssopt.solve.program import Floats

_FIRST: Final = 1e-4
"""First step, as a share of the scale of the cell."""
_SHRINK: Final = 8.0
_STRIDE: Final = 30.0
_TRIALS: Final = 4
_TRIFLE: Final = 1e-3
"""Of a step: where a line meets that of today within so little of it, it counts as today."""
_ALIKE: Final = 1e-6
"""Relative difference below which two slopes are the same."""
_ROUNDING: Final = 1e-12
"""Of an optimum, relative to its size."""
_UNSEEN: Final = 1e-9
"""Likewise: a change that is less is none, where a price tells that there is none."""
_JUMP: Final = 0.05
"""A slope that has changed by more than this share of itself has jumped: a curve errs by `ERRS`
long before."""
_SURE: Final = 1e-4
"""Of what a price may err by: so near to that it counts as reached."""
_CLOSE: Final = 1e-4
_CLOSEST: Final = 1e-9
"""Of a cell's size: so near the end of a price is told where there is no optimum beyond, and
elsewhere."""
_CORNER: Final = 0.1
"""A sample where tangents meet that misses them by less is near a corner, not on a curve."""
_BEYOND: Final = 1e-3
"""Of the way to a sample beyond a corner: there it has to have turned."""
_TINY: Final = 1e-300
_MOST: Final = 30
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
    told: Callable[[Floats], Flags] = lambda slopes: np.ones(len(slopes), dtype=bool),
) -> Side:
    """What moving a cell from its value towards a limit does.

    Parameters
    ----------
    evaluate: the optimum. base: at the value of today.
    limit: how far the cell is moved at most, on the side that is asked for. limited_by: what ends
        there. scale: what counts as a change of the cell by its own size.
    refuses: what is known to have no optimum without solving for it.
    told: of which stages, by their slopes, there is a price at all; the range is that of these.
    """
    return _Explorer(evaluate, refuses, base, scale, told).explore(limit, limited_by)


class _Explorer:
    def __init__(
        self,
        evaluate: Evaluate,
        refuses: Callable[[float], Refusal | None],
        base: Sample,
        scale: float,
        told: Callable[[Floats], Flags],
    ) -> None:
        self._evaluate = evaluate
        self._refuses = refuses
        self._base = base
        self._scale = scale
        self._told = told
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
        return Side(reason=AT_ONCE)

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
        told = self._told(slopes)
        unseen = _UNSEEN * np.maximum(1.0, np.abs(self._base.reached))
        until, ends = self._search(_Line(self._base, slopes, told, unseen), near, limit, limited_by)
        return Side(tuple(np.where(told, slopes, math.nan).tolist()), until, ends)

    def _search(
        self, line: _Line, inner: Sample, limit: float, limited_by: str
    ) -> tuple[float, str]:
        """Where the line ends; `inner` is on it."""
        if (refusal := self._refuses(limit)) is not None:
            limit, limited_by = self._bisect(inner.value, limit), refusal.why
        inner, outer, ends = self._stride(line, inner, limit)
        if outer is None:
            return inner.value, limited_by
        by_tangents, widths = True, [math.inf, math.inf]
        for _ in range(_MOST):
            width = abs(outer.value - inner.value)
            # Tangents and errors may creep towards an end from one side: then the middle.
            value, halve = (inner.value + outer.value) / 2, width > widths[-2] / 2
            widths.append(width)
            meeting = math.nan
            if isinstance(outer, _Nothing):
                if width <= _CLOSE * self._scale:
                    return inner.value, ends
            else:
                meeting, close = line.meet(inner, outer), _CLOSEST * self._scale
                if abs(outer.value - meeting) <= close:  # a sample just where the line turns
                    return outer.value, BEYOND
                if width <= close:
                    return inner.value if math.isnan(meeting) else meeting, BEYOND
                trials = [meeting, line.find_spent(inner, outer)]
                likely = [x for x in (trials if by_tangents else trials[::-1]) if x == x]
                value = likely[0] if likely and not halve else value
            sample = self._evaluate(value)
            if isinstance(sample, Refusal):
                outer, ends = _Nothing(value), sample.why
                continue
            if line.is_spent(sample):
                return value, FARTHER_ON
            if isinstance(outer, Sample):
                miss = line.find_miss(inner, sample, outer)
                if miss <= _ALIKE and line.tells(sample):
                    beyond = self._evaluate(value + _BEYOND * (outer.value - value))
                    if isinstance(beyond, Refusal) or not line.has(beyond):
                        return value, BEYOND
                    sample = beyond  # the tangent of a curve that begins later met the line
                by_tangents = value != meeting or miss < _CORNER
            if line.has(sample):
                inner = sample
            else:
                outer = sample
        return inner.value, ends or BEYOND

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
            if not (line.tells(sample) if value == limit else line.has(sample)):
                return inner, sample, ""
            inner = sample
        return inner, None, ""

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
    """The optimum of each stage as it would go on from today's at its price."""

    today: Sample
    slopes: Floats
    told: Flags
    unseen: Floats

    def _gaps(self, sample: Sample) -> Floats:
        """How far the optimum is from the line."""
        told = self.slopes * (sample.value - self.today.value)
        return np.abs(sample.reached - self.today.reached - told)

    def _most(self, value: float) -> Floats:
        """How far it may be."""
        return ERRS * np.abs(self.slopes * (value - self.today.value)) + self.unseen

    def tells(self, sample: Sample) -> bool:
        """True where the line tells the optimum of a sample."""
        return bool((self._gaps(sample) <= self._most(sample.value))[self.told].all())

    def has(self, sample: Sample) -> bool:
        """True where it does, and the optimum has not turned before."""
        turns = np.abs(sample.slopes - self.slopes) > _JUMP * np.abs(self.slopes) + sample.noise
        return self.tells(sample) and not turns[self.told].any()

    def is_spent(self, sample: Sample) -> bool:
        """True where the line errs by just as much as it may, and on no stage by more."""
        gaps, most = self._gaps(sample), self._most(sample.value)
        near = self._counts(sample.value) & (np.abs(gaps - most) <= _SURE * most)
        within = gaps <= (1 + _SURE) * most
        return bool(near[self.told].any() and within[self.told].all())

    def find_spent(self, inner: Sample, outer: Sample) -> float:
        """Where the line should err by as much as it may; nan where it is not in between.

        The share by which a curve errs grows with the distance: in a parabola evenly.
        """
        near, far = (self._gaps(x) / self._most(x.value) for x in (inner, outer))
        where = self.told & self._counts(outer.value) & (near < 1) & (far > 1)
        parts = (1 - near[where]) / (far - near)[where]
        found = inner.value + parts * (outer.value - inner.value)
        return _nearest(found.tolist(), inner, outer)

    def _counts(self, value: float) -> Flags:
        """The stages of which more is told than nobody sees."""
        return self._most(value) > 2 * self.unseen

    def meet(self, inner: Sample, outer: Sample) -> float:
        """Where the tangents of two samples meet, of the stage where that is first; nan where it is
        not in between."""
        found = []
        for stage in np.flatnonzero(self.told).tolist():
            turn = float(outer.slopes[stage] - inner.slopes[stage])
            gap = float(outer.reached[stage] - inner.reached[stage])
            gap -= float(inner.slopes[stage]) * (outer.value - inner.value)
            size = max(abs(float(inner.slopes[stage])), abs(float(outer.slopes[stage])))
            if abs(turn) > _ALIKE * size + float(inner.noise[stage]):
                found.append(outer.value - gap / turn)
        return _nearest(found, inner, outer)

    def find_miss(self, inner: Sample, sample: Sample, outer: Sample) -> float:
        """By how much a sample misses the tangents of both its neighbors, as a share of how far
        apart these are there: 0 in a corner, a quarter midway on a parabola; inf without a turn."""
        turn = np.abs(outer.slopes - inner.slopes)
        missed = np.zeros(len(turn))
        for other in (inner, outer):
            distance = sample.value - other.value
            off = np.abs(sample.reached - other.reached - other.slopes * distance) - self.unseen
            missed = np.maximum(missed, off / np.maximum(turn * abs(distance), _TINY))
        turned = self.told & (turn > _JUMP * np.abs(self.slopes) + inner.noise)
        return float(missed[turned].min(initial=math.inf))


def _nearest(found: list[float], inner: Sample, outer: Sample) -> float:
    """Of some values the one nearest to the inner sample that is between both; nan for none."""
    width = outer.value - inner.value
    inside = [x for x in found if 0 < (x - inner.value) / width < 1 + _CLOSEST]
    return min(inside, key=lambda x: abs(x - inner.value), default=math.nan)
