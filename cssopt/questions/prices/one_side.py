"""One side of a price: what moving a cell that way does, and up to where it goes on like that.

Each new solve gives the optimum and its slope. A price holds as long as what it tells of a change
errs by no more than `price.ERRS` of itself, and ends before that where the slope jumps. Where the
optimum is piecewise linear, that is where the tangents of two points meet, which makes it exact; a
curve errs more and more, and by how much is interpolated.

Where a sample knows how far its basis stays optimal (the ratio test; Dantzig 1963), nothing is
solved up to there: the next solve is just beyond, from that basis, as in the parametric simplex
method (Gass and Saaty 1955). On a degenerate basis the price may go on: then it is followed from
one basis to the next, by ever longer steps.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from cssopt.questions.prices.line import ALIKE, CLOSEST, Flags, Line, Sample, Told, tell_all
from cssopt.solution.price import (
    AT_ONCE,
    BEYOND,
    FARTHER_ON,
    FARTHEST,
    NO_ANSWER,
    STEP,
    Refusal,
    Side,
)
from cssopt.solve.program import Floats

_FIRST: Final = 1e-4
"""First step, as a share of the scale of the cell."""
_SHRINK: Final = 8.0
_STRIDE: Final = 10.0
_TRIALS: Final = 4
_TRIFLE: Final = 1e-3
"""Of a step: where a line meets that of today within so little of it, it counts as today."""
_ROUNDING: Final = 1e-12
"""Of an optimum, relative to its size."""
_CLOSE: Final = 1e-4
"""Of its distance from today's value: so near the end of a price is told where it is no corner; of
a cell's size where there is no optimum beyond."""
_CORNER: Final = 0.1
"""A sample where tangents meet that misses them by less is near a corner, not on a curve."""
_BEYOND: Final = 1e-3
"""Of the way to a sample beyond a corner: there it has to have turned."""
_MOST: Final = 30
"""Solves by which the end of a price is looked for."""


class TooLongError(Exception):
    """There is no work left for a new solve."""


Evaluate = Callable[[float], Sample | Refusal]
"""The optimum at a value of the cell, or why there is none."""

Refuses = Callable[[float], Refusal | None]
"""Why there is no optimum at a value of the cell, as far as is known without solving."""


def explore_side(
    evaluate: Evaluate,
    base: Sample,
    limit: float,
    scale: float,
    *,
    refuses: Refuses = lambda _: None,
    limited_by: str = FARTHEST,
    told: Told = tell_all,
) -> Side:
    """What moving a cell from its value towards a limit does.

    Parameters
    ----------
    evaluate: the optimum; what it raises ends the search. base: at the value of today.
    limit: how far the cell is moved at most, on the side that is asked for. limited_by: what ends
        there. scale: what counts as a change of the cell by its own size.
    refuses: what is known to have no optimum without solving for it.
    told: of which stages there is a price at all; the range is that of these.
    """
    return _OneSide(evaluate, refuses, base, scale, told).explore(limit, limited_by)


class _OneSide:
    def __init__(
        self,
        evaluate: Evaluate,
        refuses: Refuses,
        base: Sample,
        scale: float,
        told: Told,
    ) -> None:
        self._evaluate = evaluate
        self._refuses = refuses
        self._base = base
        self._scale = scale
        self._told = told
        self._rounding = _ROUNDING * np.maximum(1.0, np.abs(base.reached))

    def explore(self, limit: float, limited_by: str) -> Side:
        reach = limit - self._base.value
        if reach == 0:
            return Side(reason=limited_by)
        step = math.copysign(min(abs(reach), _FIRST * self._scale), reach)
        is_sure = self._told(self._base, self._base.slopes).is_sure
        if is_sure and self._end(self._base, step) is not None:
            return self._range(self._base, self._base.slopes, limit, limited_by)
        before: tuple[Sample, Floats] | None = None
        refusal: Refusal | None = None
        for _ in range(_TRIALS):
            near = self._evaluate(self._base.value + step)
            step /= _SHRINK
            if isinstance(near, Refusal):
                refusal = near
                if near.why == NO_ANSWER:  # nearer, it would take as long
                    break
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
        off = ALIKE * np.maximum(size, np.abs(rise)) + self._doubt(near)
        same = np.abs(near.slopes - base.slopes) <= ALIKE * size + near.noise
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
        off = ALIKE * (np.abs(far.slopes) + np.abs(near.slopes)) + self._doubt(near)
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
        telling = self._told(near, slopes)
        line = Line.of(self._base, slopes, telling.stages)
        until, ends = self._search(line, near, limit, limited_by)
        return Side(line.told_slopes, until, ends, short=telling.short)

    def _search(
        self, line: Line, inner: Sample, limit: float, limited_by: str
    ) -> tuple[float, str]:
        """Where the line ends; `inner` is on it."""
        if (refusal := self._refuses(limit)) is not None:
            limit = find_last(self._refuses, inner.value, limit, self._scale)
            limited_by = refusal.why
        inner, outer, ends = self._stride(line, inner, limit)
        if outer is None:
            return inner.value, limited_by
        by_tangents, widths = True, [math.inf, math.inf]
        for _ in range(_MOST):
            inner, outer = self._draw_together(line, inner, outer)
            meeting = math.nan if isinstance(outer, _Nothing) else self._meet(line, inner, outer)
            if (end := self._find_end(inner, outer, meeting)) is not None:
                return end, ends if isinstance(outer, _Nothing) else BEYOND
            widths.append(abs(outer.value - inner.value))
            creeps = widths[-1] > widths[-3] / 2
            value = self._choose(line, inner, outer, [] if creeps else [meeting], by_tangents)
            sample = self._evaluate(value)
            if isinstance(sample, Refusal):
                outer, ends = _Nothing(value), sample.why
                continue
            if line.is_spent(sample):
                return value, FARTHER_ON
            if isinstance(outer, Sample):
                miss = line.find_miss(inner, sample, outer)
                if miss <= ALIKE and line.tells(sample):
                    beyond = self._evaluate(value + _BEYOND * (outer.value - value))
                    if isinstance(beyond, Refusal) or not line.has(beyond):
                        return value, BEYOND
                    sample = beyond  # the tangent of a curve that begins later met the line
                by_tangents = value != meeting or miss < _CORNER
            if line.has(sample):
                inner, _ = self._extend(line, sample, limit)
            else:
                outer = sample
        return inner.value, ends or BEYOND

    @staticmethod
    def _choose(
        line: Line,
        inner: Sample,
        outer: Sample | _Nothing,
        meeting: Sequence[float],
        by_tangents: bool,
    ) -> float:
        """Where the line may end: where tangents meet, or it errs by as much as it may.

        The middle where neither is known; and without a meeting, as tangents and errors may creep
        towards an end from one side.
        """
        trials = list(meeting)
        if isinstance(outer, Sample) and meeting:
            spent = line.find_spent(inner, outer)
            trials = [*meeting, spent] if by_tangents else [spent, *meeting]
        return next((x for x in trials if x == x), (inner.value + outer.value) / 2)

    def _end(self, sample: Sample, step: float) -> Sample | None:
        """Where the basis of a sample ends in the direction of a step, if it does not at once."""
        end = sample.high if step > 0 else sample.low
        return None if end is None or self._is_same(sample, end) else end

    def _is_same(self, one: Sample, other: Sample) -> bool:
        return abs(one.value - other.value) <= CLOSEST * self._scale

    def _extend(self, line: Line, inner: Sample, limit: float) -> tuple[Sample, bool]:
        """A sample on the line moved on to where its basis ends, or the limit; and whether that is
        known."""
        end = self._end(inner, limit - self._base.value)
        if end is None:
            return inner, False
        if abs(end.value - self._base.value) >= abs(limit - self._base.value):
            end = inner.at(limit)
        return (end, True) if line.tells(end) else (inner, False)

    def _draw_together(
        self, line: Line, inner: Sample, outer: Sample | _Nothing
    ) -> tuple[Sample, Sample | _Nothing]:
        """Samples on and off the line, with the outer one at the near end of its basis, or at the
        inner one where the line turns there. Where that is on the line, it is the inner one."""
        if isinstance(outer, _Nothing):
            return inner, outer
        near = self._end(outer, inner.value - outer.value)
        if near is None and not line.turns_at(inner, outer):
            return inner, outer
        if near is None or abs(near.value - outer.value) >= abs(inner.value - outer.value):
            near = outer.at(inner.value)
        if not line.has(near):
            return inner, near
        return near, outer

    def _find_end(self, inner: Sample, outer: Sample | _Nothing, meeting: float) -> float | None:
        """Where the line ends, once it is known closely enough; `meeting` is as of `_meet`."""
        width = abs(outer.value - inner.value)
        if isinstance(outer, _Nothing):
            return inner.value if width <= _CLOSE * self._scale else None
        if meeting == outer.value:
            return meeting
        if width <= _CLOSE * abs(outer.value - self._base.value):
            return inner.value if math.isnan(meeting) else meeting
        return None

    def _meet(self, line: Line, inner: Sample, outer: Sample) -> float:
        """Where the tangents of two samples meet; nan where it is not in between.

        It is that of the outer one where that stands just where the line turns; but where small
        turns before it add up to more than the line may err by, the line ends before.
        """
        if self._is_same(inner, outer):
            return outer.value
        meeting = line.meet(inner, outer)
        if abs(outer.value - meeting) > CLOSEST * self._scale:
            return meeting
        return outer.value if line.tells(outer) else math.nan

    def _stride(
        self, line: Line, inner: Sample, limit: float
    ) -> tuple[Sample, Sample | _Nothing | None, str]:
        """The last sample on the line and the first off it, by ever longer steps, from the end of
        a basis where it is known; None where the line goes on to the limit."""
        start, beyond = self._base.value, _BEYOND
        while True:
            inner, is_end = self._extend(line, inner, limit)
            if inner.value == limit:
                return inner, None, ""
            further = (inner.value - start) * (beyond if is_end else _STRIDE - 1)
            least = math.copysign(_FIRST * self._scale, limit - start)
            value = inner.value + (further if abs(further) > abs(least) else least)
            if abs(value - start) >= abs(limit - start):
                value = limit
            sample = self._evaluate(value)
            if isinstance(sample, Refusal):
                return inner, _Nothing(value), sample.why
            if not (line.tells(sample) if value == limit else line.has(sample)):
                return inner, sample, ""
            inner, beyond = sample, min(_STRIDE * beyond, _STRIDE - 1)


def find_last(refuses: Refuses, good: float, bad: float, scale: float) -> float:
    """The last value, on the way from a good one to a bad one, that is not refused."""
    while abs(bad - good) > CLOSEST * scale:
        middle = (good + bad) / 2
        if refuses(middle) is None:
            good = middle
        else:
            bad = middle
    return good


@dataclass(frozen=True)
class _Nothing:
    """In place of a sample where there is no optimum."""

    value: float
