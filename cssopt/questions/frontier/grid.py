"""Fronts by the augmented epsilon-constraint method: any number of figures, whole numbers or not.

The first figure is minimised with each other one kept at or below a limit (AUGMECON, Mavrotas
2009). A small reward for the others keeps dominated plans out; a limit that the last plan meets
already is skipped, since the same plan answers it (AUGMECON2, Mavrotas and Florios 2013).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np

from cssopt.questions.frontier.front import (
    Front,
    FrontPoint,
    FrontSearch,
    Values,
    find_end,
    find_scale,
    finish,
)
from cssopt.solve.outcome import Status
from cssopt.solve.program import Floats, Program
from cssopt.solve.warm.next_question import LinearFigure, QuestionAnswer

_REWARD = 1e-4
"""Share of the first figure's range that the whole range of another is worth."""

_NO_FINER = 1e-6
"""Steps of a figure whose values have no common step, as a share of its range."""

GRID = "evenly spaced limits, by the augmented epsilon-constraint method (Mavrotas 2009)"
EVERY = "every point of the front, by the augmented epsilon-constraint method (Mavrotas 2009)"


def find_step(program: Program, figure: LinearFigure) -> float | None:
    """The step in which a figure of whole numbers takes its values; None where it may take any.

    The greatest common divisor of its coefficients, where these are whole numbers themselves; 0
    where they are not, so that the values are separate but have no common step.
    """
    where = np.flatnonzero(figure.coefficients)
    if not program.whole[where].all():
        return None
    coefficients = figure.coefficients[where]
    if not np.array_equal(coefficients, np.round(coefficients)):
        return 0.0
    return float(np.gcd.reduce(np.abs(coefficients).astype(np.int64))) if len(where) else 0.0


def find_grid(search: FrontSearch, points: int) -> Front:
    """Points at evenly spaced limits of all figures but the first."""
    ends = tuple(find_end(search, i) for i in range(len(search.figures)))
    if any(end.plan is None for end in ends):
        kept = tuple(end for end in ends if end.plan is not None)
        return Front(kept, GRID, False, ends, search.questions)
    scale = find_scale(ends)
    worst = [max(end.values[i] for end in ends) for i in range(len(ends))]
    axes = [np.linspace(worst[i], ends[i].values[i], points).tolist() for i in range(1, len(ends))]
    rewarded = _reward(search, scale) if search.session.whole or len(ends) > 2 else None
    found = list(ends)
    for limits in _unanswered(axes, found):
        if search.session.cancelled:
            found.append(_not_asked(len(ends), limits))
            continue
        found.append(_ask_at(search, rewarded or search.figures[0], limits))
    return Front(finish(found, scale), GRID, False, ends, search.questions)


def _unanswered(axes: Sequence[Sequence[float]], found: list[FrontPoint]) -> Iterator[Values]:
    """Limits of the grid, loosest first, that no plan so far answers.

    A plan answers all limits between its own and those that it was found at. Where limits are too
    tight for any plan, tighter ones are too.
    """
    for limits in product(*axes):
        if not any(_answers(point, limits) for point in found):
            yield limits


def _answers(point: FrontPoint, limits: Values) -> bool:
    asked = zip(point.limits, limits, strict=True)
    if point.status is Status.INFEASIBLE:
        return all(tighter <= wide for wide, tighter in asked)
    if point.status is not Status.OPTIMAL:
        return False
    reached = zip(point.values[1:], limits, strict=True)
    return all(w >= t for w, t in asked) and all(v <= t + 1e-9 * abs(t) for v, t in reached)


def _ask_at(search: FrontSearch, figure: LinearFigure, limits: Values) -> FrontPoint:
    answer = search.ask(figure, (math.inf, *limits))
    return search.point(answer, limits)


def _not_asked(count: int, limits: Values) -> FrontPoint:
    text = "The run was interrupted before this point was asked for."
    return FrontPoint((math.nan,) * count, limits, Status.INTERRUPTED, math.nan, message=text)


def _reward(
    search: FrontSearch, scale: Sequence[float], worth: float | None = None
) -> LinearFigure:
    """The first figure and a small reward for less of the others."""
    first, *others = search.figures
    worth = _REWARD * scale[0] if worth is None else worth
    coefficients: Floats = first.coefficients.copy()
    constant = first.constant
    for figure, span in zip(others, scale[1:], strict=True):
        coefficients += worth / span * figure.coefficients
        constant += worth / span * figure.constant
    return LinearFigure(coefficients, constant)


def find_every_point(search: FrontSearch, steps: tuple[float | None, float]) -> Front:
    """Every point of a front whose second figure takes separate values only.

    `steps` are those of the two figures. With a common step of both, one solve finds each point:
    the reward is less than the first figure's step; else the second figure is made least in a solve
    of its own.
    """
    ends = (find_end(search, 0), find_end(search, 1))
    if any(end.plan is None for end in ends):
        kept = tuple(end for end in ends if end.plan is not None)
        return Front(kept, EVERY, False, ends, search.questions)
    scale = find_scale(ends)
    step = steps[1] or _NO_FINER * scale[1]
    rewarded = _reward(search, scale, 0.5 * steps[0]) if steps[0] else None
    points, whole = [*ends], all(end.status is Status.OPTIMAL for end in ends)
    last = ends[0].values[1]
    while last - step / 2 >= ends[1].values[1] and not search.session.cancelled:
        # Any limit between two values of the figure means the lower one.
        point = _ask_next(search, rewarded, last - step / 2)
        if point.status is Status.INFEASIBLE:
            break
        points.append(point)
        if point.plan is None:
            whole = False
            break
        whole = whole and point.status is Status.OPTIMAL
        last = min(point.values[1], last - step)
    whole = whole and not search.session.cancelled
    return Front(finish(points, scale), EVERY, whole, ends, search.questions)


def _ask_next(search: FrontSearch, rewarded: LinearFigure | None, limit: float) -> FrontPoint:
    if rewarded is not None:
        return _ask_at(search, rewarded, (limit,))
    first = _ask_at(search, search.figures[0], (limit,))
    if first.plan is None:
        return first
    answer: QuestionAnswer = search.ask(search.figures[1], (first.values[0], limit))
    if answer.plan is None:
        return first
    second = search.values(answer.plan)
    worse = Status.OPTIMAL if answer.status is first.status is Status.OPTIMAL else Status.FEASIBLE
    bound = min(first.bound, second[0])
    return FrontPoint(second, (limit,), worse, bound, answer.plan, first.seconds + answer.seconds)
