"""The corners of what several figures can be together, found by asking for extremes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from cssopt.solve.program import Floats

_SAME = 1e-7
"""Figures that differ by less are the same."""

_MOST_SIDES = 5
"""Dimensions in which all corners are sought; there may be too many in more."""

_MOST_QUESTIONS = 300

Ask = Callable[[Floats], Floats | None]


def find_corners(ask: Ask, figures: Any) -> tuple[list[Floats], bool]:
    """A plan at every corner, and True where these are all.

    Parameters
    ----------
    ask: the plan at which a weighted sum of the figures is largest; None where there is no answer.
    figures: their coefficients, one row per figure, sparse or not.
    """
    return _Corners(ask, figures).find()


class _Corners:
    def __init__(self, ask: Ask, figures: Any) -> None:
        self._ask, self._figures = ask, figures
        self._plans: list[Floats] = []
        self._left = _MOST_QUESTIONS

    def find(self) -> tuple[list[Floats], bool]:
        try:
            return self._find()
        except _NoAnswerError:
            return self._plans, False

    def _extreme(self, direction: Floats) -> Floats:
        """The figures of the plan farthest in a direction, which is kept."""
        self._left -= 1
        plan = self._ask(direction) if self._left >= 0 else None
        if plan is None:
            raise _NoAnswerError
        self._plans.append(plan)
        point: Floats = self._figures @ plan
        return point

    def _find(self) -> tuple[list[Floats], bool]:
        sides = self._find_sides()
        if len(sides) > _MOST_SIDES:
            return self._plans, False
        if len(sides) < 2:
            for side in sides:
                self._plans = []
                self._extreme(side)
                self._extreme(-side)
            return self._plans[-2:] if len(sides) else self._plans[-1:], True
        seen: set[tuple[float, ...]] = set()
        while True:
            points = np.array([self._figures @ plan for plan in self._plans]) @ sides.T
            hull = _find_hull(points)
            found = False
            for *normal, offset in hull.equations:
                name = tuple(np.round(normal, 6))
                if name not in seen:
                    seen.add(name)
                    point = sides @ self._extreme(np.array(normal) @ sides)
                    found = found or float(np.dot(normal, point)) + offset > _SAME
            if not found:
                return [self._plans[place] for place in hull.vertices], True

    def _find_sides(self) -> Floats:
        """Directions at right angles to each other in which the figures can differ."""
        chance, count = np.random.default_rng(0), self._figures.shape[0]
        sides = np.zeros((0, count))
        while len(sides) < min(count, _MOST_SIDES + 1):
            direction = chance.uniform(1.0, 2.0, count)
            direction -= sides.T @ (sides @ direction)
            direction /= np.linalg.norm(direction)
            across = self._extreme(direction) - self._extreme(-direction)
            if abs(direction @ across) <= _SAME:
                break
            across -= sides.T @ (sides @ across)
            sides = np.vstack([sides, across / np.linalg.norm(across)])
        return sides


class _NoAnswerError(Exception):
    """The solver gave no answer, or too many were asked for."""


def _find_hull(points: Floats) -> Any:
    """The convex hull of points, where rounding lets one be found."""
    from scipy.spatial import ConvexHull, QhullError  # slow to load

    try:
        return ConvexHull(points)
    except QhullError:
        raise _NoAnswerError from None
