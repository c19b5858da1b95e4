"""A small LP whose rows are found as they are needed."""

from __future__ import annotations

import numpy as np
import pytest

from cssopt.errors import SolveError
from cssopt.solve.growing_program import GrowingProgram


def square():
    """``-x - y`` at its least within 0 to 4 each, on the line x = y."""
    return GrowingProgram(
        costs=np.array([-1.0, -1.0]),
        lower=np.zeros(2),
        upper=np.full(2, 4.0),
        fixed=np.array([[1.0, -1.0]]),
        at=np.zeros(1),
    )


def test_rows_that_it_breaks_are_added_until_none_is():
    program = square()
    assert program.solve().value == pytest.approx(-8)
    # -x >= -3, then -x - y >= -5; the first is no longer tight with the second.
    waiting = [([-1.0, 0.0], -3.0), ([-1.0, -1.0], -5.0)]

    def find_broken(point):
        for row, least in waiting:
            if np.dot(row, point.x) < least - 1e-9:
                return np.array([row]), np.array([least])
        return np.zeros((0, 2)), np.zeros(0)

    point = program.solve_growing(find_broken)
    assert point.x == pytest.approx([2.5, 2.5])
    assert point.value == pytest.approx(-5)
    # One more on -x - y >= -5 costs one more; the row of 3 is free.
    assert point.prices == pytest.approx([0, 1])
    assert point.columns == pytest.approx([0, 0])


def test_a_bound_has_its_price():
    point = square().solve()
    # At the upper bounds, which are worth 2 together.
    assert point.columns.sum() == pytest.approx(-2)


def test_what_has_no_plan_is_told():
    program = square()
    program.add(np.array([[1.0, 0.0]]), np.array([9.0]))
    with pytest.raises(SolveError, match="infeasible"):
        program.solve()
