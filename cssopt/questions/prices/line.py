"""The optimum as it would go on at its price, and where it leaves that line."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cssopt.solution.price import ERRS
from cssopt.solve.program import Floats, Program

ALIKE: Final = 1e-6
"""Relative difference below which two slopes are the same."""
_JUMP: Final = 0.05
"""A slope that has changed by more than this share of itself has jumped: a curve errs by `ERRS`
long before."""
CLOSEST: Final = 1e-9
"""Of the size of a cell: so near to each other two values of it are the same."""
_SURE: Final = 1e-3
"""Of what a price may err by: so near to that it counts as reached."""
_PLAIN: Final = 1e3
"""A turn is told from rounding where it moves the optimum by so many times what nobody sees."""
_TINY: Final = 1e-300
_UNSEEN: Final = 1e-9
"""Of an optimum, relative to its size: a change that is less is none, where a price tells that
there is none."""

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Sample:
    """The optimum at one value of a cell.

    Attributes
    ----------
    value: of the cell. reached: value of each stage. slopes: of each stage in the cell.
    noise: how far a slope may be off by rounding.
    low, high: the least and greatest value of the cell up to which its basis is known to be
        optimal, and the optimum there; None where that is not known, or the basis ends at once.
    solved: the program and its plan; None where a sample is only told by another one.
    """

    value: float
    reached: Floats
    slopes: Floats
    noise: Floats
    low: Sample | None = None
    high: Sample | None = None
    solved: tuple[Program, Floats] | None = None

    def at(self, value: float) -> Sample:
        """The optimum at another value where it goes on as it is here."""
        reached = self.reached + self.slopes * (value - self.value)
        return Sample(value, reached, self.slopes, self.noise)


class Telling(NamedTuple):
    """What is told of a change of a cell or a rule to one side.

    Attributes
    ----------
    stages: of which of them there is a price. short: years in which more of what is asked for would
        be missing. is_sure: False where that hangs on years which only a plan to that side tells.
    """

    stages: Flags
    short: tuple[int, ...] = ()
    is_sure: bool = True


Told = Callable[[Sample, Floats], Telling]
"""By an optimum to a side and the slopes of all stages there: what is told of it."""


def tell_all(_: Sample, slopes: Floats) -> Telling:
    """Of what lays down no need there is a price of every stage."""
    return Telling(np.ones(len(slopes), dtype=bool))


@dataclass(frozen=True)
class Line:
    """The optimum of each stage as it would go on from today's at its price."""

    today: Sample
    slopes: Floats
    told: Flags
    unseen: Floats

    @classmethod
    def of(cls, today: Sample, slopes: Floats, told: Flags) -> Line:
        """From today's optimum at these slopes, which are prices of the stages `told`."""
        unseen = _UNSEEN * np.maximum(1.0, np.abs(today.reached))
        return cls(today, slopes, told, unseen)

    @property
    def told_slopes(self) -> tuple[float, ...]:
        """The slope of each stage; nan where it is no price."""
        return tuple(np.where(self.told, self.slopes, math.nan).tolist())

    def _gaps(self, sample: Sample) -> Floats:
        """How far the optimum is from the line."""
        told = self.slopes * (sample.value - self.today.value)
        return np.abs(sample.reached - self.today.reached - told)

    def _most(self, value: float) -> Floats:
        """How far it may be."""
        return ERRS * np.abs(self.slopes * (value - self.today.value)) + self.unseen

    def tells(self, sample: Sample) -> bool:
        """True where the line tells the optimum of a sample."""
        return self.find_spending(sample) <= 1

    def find_spending(self, sample: Sample) -> float:
        """How far the line is from the optimum of a sample, as a share of how far it may be."""
        shares = self._gaps(sample) / self._most(sample.value)
        return float(shares[self.told].max(initial=0.0))

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
            if abs(turn) > ALIKE * size + float(inner.noise[stage]):
                found.append(outer.value - gap / turn)
        return _nearest(found, inner, outer)

    def turns_at(self, inner: Sample, outer: Sample) -> bool:
        """True where a stage turns at the inner of two samples: the tangent of the outer one, which
        has turned, meets it there."""
        turn = np.abs(outer.slopes - self.slopes)
        turned = turn > _JUMP * np.abs(self.slopes) + outer.noise
        width = abs(outer.value - inner.value)
        missed = np.abs(outer.at(inner.value).reached - inner.reached)
        met = missed <= ALIKE * turn * width + self.unseen
        return bool((self.told & turned & met & (turn * width > _PLAIN * self.unseen)).any())

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
    inside = [x for x in found if 0 < (x - inner.value) / width < 1 + CLOSEST]
    return min(inside, key=lambda x: abs(x - inner.value), default=math.nan)
