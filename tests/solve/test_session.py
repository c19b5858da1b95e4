"""A session changes what it holds where it can; where it begins anew, it says why."""

from __future__ import annotations

import math
from dataclasses import replace

import highspy
import numpy as np
import pytest
from plain_programs import make_program

from cssopt.solve.answer import AT_LOWER, AT_UPPER, BASIC, Options
from cssopt.solve.outcome import Status
from cssopt.solve.program import StageRow
from cssopt.solve.session import HighsSession, QuietHighs, Rebuild
from cssopt.solve.stages import solve_program
from cssopt.solve.warm.carried_basis import CarriedBasis, find_start
from cssopt.solve.warm.next_question import LinearFigure, LpSession
from cssopt.solve.warm.same_shape import SameShapeSolver


def test_codes_of_a_basis_are_those_of_highs():
    statuses = highspy.HighsBasisStatus
    named = (statuses.kLower, statuses.kBasic, statuses.kUpper)
    assert tuple(map(int, named)) == (AT_LOWER, BASIC, AT_UPPER)


MATRIX = [[2, 1], [1, 3]]
"""2x + y >= 4 and x + 3y >= 6: the least of x + y is 2.8 at (1.2, 1.6)."""


def pose(matrix=MATRIX, lower=(4, 6), **more):
    """The least of the sum of the columns."""
    program = make_program(matrix, list(lower), [None] * len(lower), **more)
    return replace(program, stages=(StageRow("cost", 0, ()),))


def value_of(session):
    session.minimise(session.program.stages[0])
    return session.optimise()[1]


OTHERS = {
    Rebuild.OTHER_COLUMNS: pose([[2, 1, 1], [1, 3, 1]]),
    Rebuild.OTHER_WHOLE: pose(whole=(0,)),
    Rebuild.OTHER_ROWS: pose([[2, 1]], [4]),
    Rebuild.OTHER_PLACES: pose([[2, 0], [1, 3]]),
}


@pytest.mark.parametrize("reason", OTHERS, ids=lambda reason: reason.name)
def test_what_cannot_be_changed_is_loaded_anew_and_says_why(reason):
    session = HighsSession(pose(), Options())
    assert value_of(session) == pytest.approx(2.8)
    assert session.find_rebuild(OTHERS[reason]) is reason
    assert session.update(OTHERS[reason]) is reason
    assert session.rebuilds == [reason]
    assert value_of(session) == value_of(HighsSession(OTHERS[reason], Options()))


@pytest.mark.parametrize(
    ("changed", "least"),
    [
        (pose(), 2.8),
        (pose(lower=(4, 8)), 3.2),
        (pose([[4, 1], [1, 3]]), 26 / 11),
        (pose(most=[1, 9]), 3.0),
    ],
    ids=["nothing", "a bound of a row", "a coefficient", "a bound of a column"],
)
def test_numbers_are_changed_in_place(changed, least):
    session = HighsSession(pose(), Options())
    value_of(session)
    assert session.find_rebuild(changed) is None
    assert session.update(changed) is None
    assert session.rebuilds == []
    assert value_of(session) == pytest.approx(least)


def test_further_rows_are_added_in_place():
    program = pose()
    session = HighsSession(program, Options())
    value_of(session)
    more = pose([*MATRIX, [1, 0]], (4, 6, 2))
    more = replace(more, rows=program.rows.followed_by([more.rows[-1]]))
    assert session.find_rebuild(more) is Rebuild.OTHER_ROWS  # it is not of the same shape
    assert session.update(more) is None
    assert session.shape == (3, 2)
    assert value_of(session) == pytest.approx(2 + 4 / 3)


def test_a_kept_program_says_why_it_was_solved_anew():
    solver = SameShapeSolver(Options())
    assert solver.solve(pose()).rebuilds == ()
    assert solver.solve(pose(lower=(4, 8))).rebuilds == ()
    assert solver.solve(OTHERS[Rebuild.OTHER_ROWS]).rebuilds == (Rebuild.OTHER_ROWS,)
    assert solver.solve(OTHERS[Rebuild.OTHER_WHOLE]).rebuilds[0] is Rebuild.SEARCH
    denied = solver.solve(pose(most=[1, 1]))
    assert (denied.status, denied.rebuilds) == (Status.INFEASIBLE, ())  # it is proven there


def test_a_carried_basis_says_why_it_was_of_no_use():
    program = pose()
    start = find_start(program, solve_program(program, Options()), Options())
    similar = CarriedBasis(program, start, Options())
    assert similar.solve_stage(pose(lower=(4, 8)), 0, ()).rebuilds == ()
    assert similar.solve_stage(OTHERS[Rebuild.OTHER_COLUMNS], 0, ()).rebuilds == ()
    whole = similar.solve_stage(OTHERS[Rebuild.OTHER_WHOLE], 0, ())
    assert whole.rebuilds[0] is Rebuild.SEARCH
    denied = similar.solve_stage(pose(most=[1, 1]), 0, ())
    assert (denied.status, denied.rebuilds) == (Status.INFEASIBLE, ())  # it is proven there
    none = CarriedBasis(program, replace(start, bases=(None,)), Options())
    assert none.solve_stage(program, 0, ()).rebuilds == (Rebuild.NO_BASIS,)


@pytest.mark.parametrize("prices", [[0.0, 0.0], [1.0, 0.0], [math.inf, 1.0], None])
def test_a_denial_near_an_optimum_is_believed_by_its_certificate_only(monkeypatch, prices):
    """x + 3y is at most 5.8 and has to be 6: only the price of that row proves it."""
    solver = SameShapeSolver(Options())
    solver.solve(pose())
    proven = solver.solve(pose(most=[1.3, 1.5]))
    assert (proven.status, proven.rebuilds) == (Status.INFEASIBLE, ())
    assert proven.values is None
    # What was kept is of use again.
    again = solver.solve(pose())
    assert (again.status, again.rebuilds) == (Status.OPTIMAL, ())
    assert again.stages[-1].value == pytest.approx(2.8)
    ray = (highspy.HighsStatus.kOk, prices is not None, prices or [])
    monkeypatch.setattr(QuietHighs, "getDualRay", lambda _: ray, raising=False)
    doubted = solver.solve(pose(most=[1.3, 1.5]))
    assert doubted.status is Status.INFEASIBLE
    assert Rebuild.NOT_OPTIMAL in doubted.rebuilds


def test_a_question_that_is_far_from_the_last_begins_anew():
    questions = LpSession(pose(), Options())
    figure = LinearFigure(np.ones(2))
    assert questions.minimise(figure).value == pytest.approx(2.8)
    assert questions.minimise(figure, near=False).value == pytest.approx(2.8)
    assert questions._session.rebuilds == [Rebuild.FAR]
