"""The front of a compiled program: the method that suits it."""

from __future__ import annotations

from collections.abc import Sequence

from cssopt.questions.frontier.break_points import find_break_points
from cssopt.questions.frontier.front import Front, FrontSearch
from cssopt.questions.frontier.grid import find_every_point, find_grid, find_step
from cssopt.solution.run import ProgressCallback, tell_nothing
from cssopt.solve.answer import Options
from cssopt.solve.program import Floats, Program
from cssopt.solve.warm.next_question import LinearFigure, LpSession

POINTS = 11
"""Limits per figure where nothing is said and the front cannot be known as a whole."""


def find_front(
    program: Program,
    figures: Sequence[LinearFigure],
    options: Options,
    *,
    points: int | None = None,
    limits: Sequence[tuple[LinearFigure, float]] = (),
    start: Floats | None = None,
    tell: ProgressCallback = tell_nothing,
) -> Front:
    """The Pareto front of a program, each figure the less the better.

    Parameters
    ----------
    figures: two or more; the first is minimised under limits on the others.
    points: limits of each other figure, evenly spaced; None: the whole front where that can be (two
        figures, and an LP or a second figure that takes separate values only), else `POINTS`.
    limits: figures that every plan keeps at or below a value.
    start: a plan that a search for whole numbers may begin at.
    tell: hears how many solves were made.
    """
    session = LpSession(program, options)
    for figure, most in limits:
        session.add_limit(figure, most)
    search = FrontSearch(session, figures, tell=tell)
    if start is not None:
        search.plans.append((search.values(start), start))
    if points is None and len(figures) == 2:
        if not session.whole:
            return find_break_points(search)
        first, second = (find_step(program, figure) for figure in figures)
        if second is not None:
            return find_every_point(search, (first, second))
    return find_grid(search, points or POINTS)
