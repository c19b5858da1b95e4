"""Plans near the least expenditure, each as different as can be from all before it.

The first step is hop, skip and jump (Brill, Chang and Hopkins 1982): as little as possible of what
earlier plans have. From there, or from a plan known already that is farther, the least distance to
all earlier plans is made larger step by step: distances are convex, so that each step maximizes
linear functions that are nowhere above them, and none loses (the concave-convex procedure of Yuille
and Rangarajan 2003). It ends where no such step is longer; that no plan at all is farther, is
proven only where the bound is reached.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack

from cssopt.questions.alternatives.ranges import Bounds, ask, is_proven, widen
from cssopt.questions.alternatives.result import NOTHING, ContributionRange
from cssopt.solve.answer import Options, is_left
from cssopt.solve.outcome import Status
from cssopt.solve.program import Floats, Program
from cssopt.solve.warm.next_question import LinearFigure, LpSession

_GAIN = 1e-2
"""A step that gains a smaller share of the distance is the last."""

_MOST_STEPS = 20

_LEAST_WIDTH = 0.1
"""What is known of a range that is not proven can be next to nothing, and what goes beyond it would
then count more than all else: it is measured as this share of the widest range at least, or as all
that is possible where that is less."""


@dataclass(frozen=True)
class Distinct:
    """A plan, its least distance from those before it, and what no plan can exceed."""

    plan: Floats
    apart: float
    bound: float

    @property
    def status(self) -> Status:
        """Optimal where no plan is farther apart, which is proven."""
        return Status.OPTIMAL if is_proven(-self.apart, -self.bound) else Status.FEASIBLE


class Space:
    """The contributions that tell plans apart and are not certain, each measured by its range.

    Attributes
    ----------
    size: how many they are. Each counts so much that all together are at most 1 apart, where the
        ranges are proven.
    """

    def __init__(
        self, figures: Sequence[LinearFigure], ranges: Sequence[ContributionRange]
    ) -> None:
        spans = np.array([one.most - one.least for one in ranges])
        least = np.array([NOTHING * max(1.0, abs(one.most)) for one in ranges])
        free = np.flatnonzero(spans > least).tolist()
        self.size = len(free)
        proven = np.array([one.status is Status.OPTIMAL for one in ranges])
        possible = np.array([one.surely_most - one.surely_least for one in ranges])
        least_width = np.minimum(possible, _LEAST_WIDTH * spans.max(initial=0.0))
        widths = np.where(proven, spans, np.maximum(spans, least_width))
        self._weights = 1 / (widths[free] * max(1, self.size))
        own = [w * figures[i].coefficients for i, w in zip(free, self._weights, strict=True)]
        self._rows = csr_array(np.reshape(own, (self.size, len(figures[0].coefficients))))
        self._constants = self._weights * [figures[i].constant for i in free]
        self._low = self._weights * [ranges[i].surely_least for i in free]
        self._high = self._weights * [ranges[i].surely_most for i in free]

    def place(self, plan: Floats) -> Floats:
        """Where a plan stands."""
        found: Floats = self._rows @ plan + self._constants
        return found

    def present(self, place: Floats) -> NDArray[np.bool_]:
        """What of them a plan has."""
        found: NDArray[np.bool_] = place > NOTHING * self._weights
        return found

    def farthest(self, place: Floats) -> float:
        """No plan is farther from this place, which is proven."""
        return float(np.maximum(self._high - place, place - self._low).sum())

    def direction(self, place: Floats, other: Floats) -> Floats:
        """Which way each leads from the other place to this one; where both are the same, to
        where there is more room."""
        apart = place - other
        room = np.where(self._high - other >= other - self._low, 1.0, -1.0)
        return np.where(np.abs(apart) <= NOTHING * self._weights, room, np.sign(apart))

    def amount(self, weights: Floats) -> LinearFigure:
        """A weighted sum of all of them."""
        return LinearFigure(weights @ self._rows, float(weights @ self._constants))


class Differ:
    """Finds plans that differ most, at one level of expenditure.

    Attributes
    ----------
    solves: questions asked so far.
    """

    def __init__(
        self, program: Program, options: Options, bounds: Bounds, within: float, space: Space
    ) -> None:
        self._bounds = bounds
        self._within = within
        self._space = space
        # One more decision: the least distance that a step reaches.
        self._session = LpSession(_with_distance(program), options)
        self._count = program.shape[1]
        self._session.limit(bounds.limit(self._session), bounds.ceiling(within))
        self.solves = 0

    @property
    def cancelled(self) -> bool:
        """True once Ctrl-C has ended a question."""
        return self._session.cancelled

    def find(self, plans: int) -> Iterator[Distinct]:
        """At most so many plans; fewer where none differs any more, or the run is interrupted."""
        space = self._space
        if not space.size:
            return
        taken = [self._bounds.plans[0][1]]
        for _ in range(plans):
            earlier = [space.place(plan) for plan in taken]
            plan = self._climb(self._begin(taken, earlier), earlier)
            place = space.place(plan)
            apart = _distance(place, earlier)
            if apart <= NOTHING:
                return
            yield Distinct(plan, apart, min(map(space.farthest, earlier)))
            if self.cancelled:
                return
            taken.append(plan)

    def _begin(self, taken: Sequence[Floats], earlier: Sequence[Floats]) -> Floats:
        """The farthest known plan; among them one with little of what earlier plans have, and
        without whole numbers also what lies midway between two of them."""
        space = self._space
        used = np.any([space.present(place) for place in earlier], axis=0)
        self._ask(space.amount(used.astype(float)), taken[0], 0.0)
        known = self._bounds.known(self._within)
        if not self._session.whole:
            known += [(one + other) / 2 for one, other in combinations(taken, 2)]
        return max(known, key=lambda plan: _distance(space.place(plan), earlier))

    def _climb(self, plan: Floats, earlier: Sequence[Floats]) -> Floats:
        """The plan to which steps from this one lead, each to where the distance is larger."""
        apart = _distance(self._space.place(plan), earlier)
        for _ in range(_MOST_STEPS):
            stepped = self._step(plan, apart, earlier)
            reached = -1.0 if stepped is None else _distance(self._space.place(stepped), earlier)
            if stepped is None or reached <= apart:
                return plan
            gained = reached - apart > _GAIN * reached
            plan, apart = stepped, reached
            if not gained:
                break
        return plan

    def _step(self, plan: Floats, apart: float, earlier: Sequence[Floats]) -> Floats | None:
        """The plan farthest along the directions in which this one stands from those before it."""
        place, limits = self._space.place(plan), []
        for other in earlier:
            way = self._space.direction(place, other)
            along = self._space.amount(-way)
            coefficients = np.append(along.coefficients, 1.0)
            figure = LinearFigure(coefficients, along.constant)
            limits.append(self._session.add_limit(figure, -float(way @ other)))
        distance = np.zeros(self._count + 1)
        distance[-1] = -1.0
        found = self._ask(LinearFigure(distance), plan, apart)
        for number in limits:
            self._session.limit(number, math.inf)
        return found

    def _ask(self, figure: LinearFigure, start: Floats, apart: float) -> Floats | None:
        if self.cancelled:
            return None
        wide = widen(figure, self._count + 1)
        answer = ask(self._session, wide, np.append(start, apart))
        self.solves += not is_left(answer.message)
        if answer.plan is None:
            return None
        self._bounds.add(answer.plan)
        own: Floats = answer.plan[: self._count]
        return own


def _distance(place: Floats, earlier: Sequence[Floats]) -> float:
    """From the nearest of these places."""
    return min(float(np.abs(place - other).sum()) for other in earlier)


def _with_distance(program: Program) -> Program:
    """The program with one more decision, not below 0, that no rule names yet."""
    matrix, reported = (
        hstack([rows, csr_array((rows.shape[0], 1))], format="csr")
        for rows in (program.matrix, program.reported)
    )
    return replace(
        program,
        matrix=matrix,
        reported=reported,
        lower=np.append(program.lower, 0.0),
        upper=np.append(program.upper, math.inf),
        whole=np.append(program.whole, False),
        columns=program.columns.followed_by([("", "distance", None)]),
    )
