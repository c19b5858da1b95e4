"""Pareto fronts of a compiled program: points, ends, knees; the methods stand in files beside."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from cssopt.solution.run import ProgressCallback, tell_nothing
from cssopt.solution.steps import NumberedStep
from cssopt.solve.answer import relative_gap
from cssopt.solve.outcome import Status
from cssopt.solve.program import Floats
from cssopt.solve.warm.next_question import LinearFigure, LpSession, QuestionAnswer

KNEE = 0.05
"""Distance from the chord, where both axes run from 0 to 1, from which a point is a knee."""

_SAME = 1e-9
"""Values closer than this, as a share of the range, are the same."""

_NO_RANGE = 1e-7
"""A range smaller than this share of the values is rounding."""

_SLACKS = (1e-13, 1e-12, 1e-11, 1e-10, 1e-9)
"""Shares of the terms of a figure by which it may be held looser, where rounding asks for it."""

Values = tuple[float, ...]


@dataclass(frozen=True)
class FrontPoint:
    """One point of a front.

    Attributes
    ----------
    values: of the figures, in their order; nan where no plan was found.
    limits: what was asked of the figures after the first; inf where nothing was.
    status: ``optimal`` where no plan is better in one figure and no worse in the others, which is
        proven; ``feasible`` where a limit of the search came first; else there is no plan.
    bound: what the first figure is at least in any plan that is no worse in the others.
    plan: values of the columns. seconds: taken. message: what else is to be said.
    knee: number of the knee, 1 for the sharpest; 0 for a point that is none.
    dominated: True where another point is better; only where a search ran into a limit.
    """

    values: Values
    limits: Values
    status: Status
    bound: float
    plan: Floats | None = None
    seconds: float = 0.0
    message: str = ""
    knee: int = 0
    dominated: bool = False

    @property
    def gap(self) -> float:
        """Relative distance of the first figure and its bound."""
        return relative_gap(self.values[0], self.bound)


@dataclass(frozen=True)
class Front:
    """A Pareto front, all figures the less the better.

    Attributes
    ----------
    points: by the first figure, rising; those without a plan last.
    method: how they were found, in words.
    whole: True where every point of the front is known: they are all of them, or the front is the
        line between neighbors.
    ends: for each figure the point at which it is least.
    questions: solves that it took.
    """

    points: tuple[FrontPoint, ...]
    method: str
    whole: bool
    ends: tuple[FrontPoint, ...] = ()
    questions: int = 0

    @property
    def status(self) -> Status:
        """The worst of its points; infeasible only where no end has a plan."""
        if not any(end.plan is not None for end in self.ends):
            return self.ends[0].status
        # Limits that no plan keeps are an answer too, and a proven one.
        asked = (p for p in (*self.points, *self.ends) if p.status is not Status.INFEASIBLE)
        proven = all(point.status is Status.OPTIMAL for point in asked)
        return Status.OPTIMAL if proven else Status.FEASIBLE


@dataclass
class FrontSearch:
    """Figures on one loaded program, the limits on them, and what was asked so far."""

    session: LpSession
    figures: Sequence[LinearFigure]
    numbers: list[int] = field(default_factory=list)
    questions: int = 0
    plans: list[tuple[Values, Floats]] = field(default_factory=list)
    tell: ProgressCallback = tell_nothing

    def __post_init__(self) -> None:
        self.numbers = [self.session.add_limit(figure) for figure in self.figures]

    def limit(self, most: Sequence[float]) -> None:
        """Keep each figure at or below its limit; inf frees it."""
        for number, value in zip(self.numbers, most, strict=True):
            self.session.limit(number, value)

    def ask(
        self, figure: LinearFigure, most: Sequence[float], *, near: bool = True
    ) -> QuestionAnswer:
        """The least value of a figure under limits on all figures."""
        self.limit(most)
        if self.session.whole and (known := self._find_known(figure, most)) is not None:
            self.session.start_from(known)
        answer = self.session.minimise(figure, near=near)
        if answer.plan is None and answer.status is Status.ERROR and near:
            answer = self.session.minimise(figure, near=False)
        self.questions += 1
        self.tell(NumberedStep("solve of the front", self.questions, done=self.questions))
        if answer.plan is not None and self.session.whole:
            self.plans.append((self.values(answer.plan), answer.plan))
        return answer

    def _find_known(self, figure: LinearFigure, most: Sequence[float]) -> Floats | None:
        """The best plan so far that keeps the limits: where a search for whole numbers begins."""
        fit = [
            plan
            for values, plan in self.plans
            if all(value <= limit for value, limit in zip(values, most, strict=True))
        ]
        return min(fit, key=figure.of, default=None)

    def values(self, plan: Floats) -> Values:
        """The figures of a plan."""
        return tuple(figure.of(plan) for figure in self.figures)

    def point(self, answer: QuestionAnswer, limits: Sequence[float]) -> FrontPoint:
        """The point of an answer.

        Whoever is no worse in the other figures is better in the first by no more than value and
        bound of the answer are apart: further terms of what was minimised only reward less of them.
        """
        values, bound = (math.nan,) * len(self.figures), math.nan
        if answer.plan is not None:
            values = self.values(answer.plan)
            bound = values[0] - max(0.0, answer.value - answer.bound)
        return FrontPoint(
            values,
            tuple(limits),
            answer.status,
            bound,
            answer.plan,
            answer.seconds,
            answer.message,
        )


def find_end(search: FrontSearch, first: int) -> FrontPoint:
    """The point at which a figure is least, and the others in their order after it.

    Lexicographic, as the payoff table of Mavrotas (2009), so that the end is no worse than it
    need be.
    """
    count = len(search.figures)
    order = [first, *(i for i in range(count) if i != first)]
    most = [math.inf] * count
    worst, seconds, message = Status.OPTIMAL, 0.0, ""
    last: QuestionAnswer | None = None
    bound, limits = -math.inf, tuple(most[1:])
    for place in order:
        answer = _ask_held(search, place, most, last)
        seconds += answer.seconds
        message = message or answer.message
        if answer.status is not Status.OPTIMAL:
            worst = answer.status
        if answer.plan is None:
            if last is None:
                return _take_known(search, first, search.point(answer, most[1:]))
            # The plan of the step before keeps what was held.
            worst = Status.FEASIBLE
            message = message or "another figure could not be made least at this end"
            break
        if place == 0:
            bound, limits = answer.bound, tuple(most[1:])
        last = answer
        most[place] = answer.value
    assert last is not None
    assert last.plan is not None
    return FrontPoint(search.values(last.plan), limits, worst, bound, last.plan, seconds, message)


def _take_known(search: FrontSearch, first: int, point: FrontPoint) -> FrontPoint:
    """The best plan known so far for an end that a limit cut off before there was one."""
    if not search.plans or not point.status.is_open:
        return point
    values, plan = min(search.plans, key=lambda known: known[0][first])
    return replace(point, values=values, status=Status.FEASIBLE, bound=-math.inf, plan=plan)


def _ask_held(
    search: FrontSearch, place: int, most: list[float], last: QuestionAnswer | None
) -> QuestionAnswer:
    """The least value of a figure, those before it held at the values in `most`.

    Where rounding lets no plan keep these, they are held a trifle looser, as little as will do.
    """
    answer = search.ask(search.figures[place], most, near=False)
    if last is None or last.plan is None:
        return answer
    values = tuple(most)
    for slack in _SLACKS:
        if answer.plan is not None or answer.status not in (Status.INFEASIBLE, Status.ERROR):
            break
        for other, figure in enumerate(search.figures):
            terms = float(np.abs(figure.coefficients) @ np.abs(last.plan)) + abs(figure.constant)
            most[other] = values[other] + slack * max(1.0, terms)
        answer = search.ask(search.figures[place], most, near=False)
    return answer


def find_scale(ends: Sequence[FrontPoint]) -> list[float]:
    """The range of each figure between the ends; its size where the range is only rounding."""
    table = np.array([end.values for end in ends])
    spans, sizes = np.ptp(table, axis=0), np.maximum(np.abs(table).max(axis=0), _SAME)
    scale: list[float] = np.where(spans > _NO_RANGE * sizes, spans, sizes).tolist()
    return scale


def finish(points: Sequence[FrontPoint], scale: Sequence[float]) -> tuple[FrontPoint, ...]:
    """Points in order, without doubles, dominated ones marked, knees numbered."""
    found: list[FrontPoint] = []
    for point in sorted((p for p in points if p.plan is not None), key=lambda p: p.values):
        same = next((i for i, p in enumerate(found) if _same(p, point, scale)), None)
        if same is None:
            found.append(point)
        elif point.status is Status.OPTIMAL and found[same].status is not Status.OPTIMAL:
            found[same] = point
    marked = [
        replace(point, dominated=any(_dominates(p, point, scale) for p in found)) for point in found
    ]
    knees = find_knees([p.values for p in marked if not p.dominated])
    marked = [replace(p, knee=0 if p.dominated else knees.get(p.values, 0)) for p in marked]
    return (*marked, *(point for point in points if point.plan is None))


def _same(one: FrontPoint, other: FrontPoint, scale: Sequence[float]) -> bool:
    return all(
        abs(a - b) <= _SAME * max(size, 1e-9)
        for a, b, size in zip(one.values, other.values, scale, strict=True)
    )


def _dominates(one: FrontPoint, other: FrontPoint, scale: Sequence[float]) -> bool:
    """True where one is better in a figure and no worse in the others, beyond rounding."""
    apart = [
        (b - a) / max(size, 1e-9)
        for a, b, size in zip(one.values, other.values, scale, strict=True)
    ]
    return min(apart) >= -1e-7 and max(apart) > 1e-6


def find_knees(values: Sequence[Values]) -> dict[Values, int]:
    """Numbers of the knees by their values, 1 for the sharpest.

    Two figures: the point farthest below the chord of the ends (Das 1999), then on each side of it
    the farthest below the chord there, as long as it is at least `KNEE` away (as in the line
    simplification of Douglas and Peucker 1973). More figures: the point nearest to the ideal.
    """
    if len(values) < 3:
        return {}
    table = np.array(sorted(values))
    span = np.ptp(table, axis=0)
    unit = (table - table.min(axis=0)) / np.where(span > 0, span, 1.0)
    if table.shape[1] > 2:
        nearest = int(np.argmin(np.linalg.norm(unit, axis=1)))
        return {tuple(table[nearest].tolist()): 1}
    found: list[tuple[float, int]] = []
    spans = [(0, len(unit) - 1)]
    while spans:
        low, high = spans.pop()
        if high - low < 2:
            continue
        chord = unit[high] - unit[low]
        inner = unit[low + 1 : high] - unit[low]
        length = float(np.linalg.norm(chord)) or 1.0
        below = (chord[1] * inner[:, 0] - chord[0] * inner[:, 1]) / length
        best = int(np.argmax(below))
        if below[best] >= KNEE:
            found.append((float(below[best]), low + 1 + best))
            spans += [(low, low + 1 + best), (low + 1 + best, high)]
    found.sort(reverse=True)
    return {tuple(table[i].tolist()): number for number, (_, i) in enumerate(found, start=1)}
