"""The whole front of a linear program with two figures: its break points, exactly.

Dichotomic search (Aneja and Nair 1979): between two break points the weights that make both equally
good either find a plan that is better, a further break point, or prove that the front is the
straight line between them.
"""

from __future__ import annotations

import math

import numpy as np

from cssopt.questions.frontier.front import (
    Front,
    FrontPoint,
    FrontSearch,
    find_end,
    find_scale,
    finish,
)
from cssopt.solve.outcome import Status
from cssopt.solve.warm.next_question import LinearFigure

_BETTER = 1e-8
"""By how much a plan must be better, where both figures run from 0 to 1, to be a break point."""

METHOD = (
    "every break point of the front, by weights (Aneja and Nair 1979): between two of them the "
    "front is a straight line"
)


def find_break_points(search: FrontSearch) -> Front:
    """The break points of the front; between neighbors it is the straight line.

    Where a limit ends the search, the points so far stand, and the front is not whole.
    """
    ends = (find_end(search, 0), find_end(search, 1))
    if any(end.plan is None for end in ends):
        kept = tuple(end for end in ends if end.plan is not None)
        return Front(kept, METHOD, False, ends, search.questions)
    scale = find_scale(ends)
    points, whole = [*ends], all(end.status is Status.OPTIMAL for end in ends)
    spans = [ends]
    while spans and not search.session.cancelled:
        low, high = spans.pop()
        between, proven = _look_between(search, low, high, scale)
        whole = whole and proven
        if between is not None:
            points.append(between)
            if proven:
                # The left one next, so that each search starts near the last.
                spans += [(between, high), (low, between)]
    whole = whole and not search.session.cancelled
    return Front(finish(points, scale), METHOD, whole, ends, search.questions)


def _look_between(
    search: FrontSearch, low: FrontPoint, high: FrontPoint, scale: list[float]
) -> tuple[FrontPoint | None, bool]:
    """The point between two that is farthest from their chord, and whether the answer is proven."""
    first = (low.values[1] - high.values[1]) / scale[1]
    second = (high.values[0] - low.values[0]) / scale[0]
    if min(first, second) <= 1e-9:
        return None, True
    figure, better = _weigh(search, (first / scale[0], second / scale[1]), max(first, second))
    answer = search.ask(figure, (math.inf, math.inf))
    if answer.plan is None:
        free = (math.nan, math.nan)
        limits, nothing = (math.inf,), None
        return FrontPoint(
            free, limits, answer.status, math.nan, nothing, answer.seconds, answer.message
        ), False
    assert low.plan is not None
    if answer.value >= figure.of(low.plan) - better:
        return None, answer.status is Status.OPTIMAL
    values = search.values(answer.plan)
    proven = answer.status is Status.OPTIMAL
    bound = values[0] if proven else -math.inf
    point = FrontPoint(
        values, (math.inf,), answer.status, bound, answer.plan, answer.seconds, answer.message
    )
    return point, proven


def _weigh(
    search: FrontSearch, weights: tuple[float, float], larger: float
) -> tuple[LinearFigure, float]:
    """The weighted figure, and by how much a plan must be better in it.

    Its largest coefficient is 1: smaller ones would sink towards the solver's tolerance, and break
    points would be lost.
    """
    one, other = search.figures
    coefficients = weights[0] * one.coefficients + weights[1] * other.coefficients
    factor = 1 / float(np.abs(coefficients).max())
    constant = weights[0] * one.constant + weights[1] * other.constant
    return LinearFigure(factor * coefficients, factor * constant), _BETTER * larger * factor
