"""What prices ask of the solver: duals of all stages, answers where it goes astray, no row lost."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from paths import DEMO
from scipy.sparse import csr_array

import cssopt
from cssopt import Status, Step
from cssopt.assembly.instance import Instance
from cssopt.assembly.study import load_study
from cssopt.errors import SolveError
from cssopt.solve.answer import Options
from cssopt.solve.compile import compile_problem
from cssopt.solve.names import Names
from cssopt.solve.program import Program, StageConstraint, StageRow
from cssopt.solve.stages import solve_program
from cssopt.solve.traced.gradient import chain_stages
from cssopt.solve.warm.same_shape import SameShapeSolver


@cache
def compile_demo():
    case = cssopt.load(DEMO)
    study = load_study("relaxed", case.folders)
    return compile_problem(Instance(case.data, study, case.data.members.keys).assemble())


def two_stages(need, coefficient=1.0):
    """x + y >= need, x <= 2; first the least y, then, with y held, the least 3 x + y."""
    return Program(
        matrix=csr_array(np.array([[1.0, 1.0], [1.0, 0.0]])),
        row_lower=np.array([need, -np.inf]),
        row_upper=np.array([np.inf, 2.0]),
        lower=np.zeros(2),
        upper=np.full(2, np.inf),
        whole=np.zeros(2, dtype=bool),
        reported=csr_array(np.array([[0.0, 1.0], [0.0, coefficient], [3.0, 1.0]])),
        offsets=np.zeros(3),
        stages=(
            StageRow("short", 0, (StageConstraint("short", 1, 0.5),)),
            StageRow("money", 2, ()),
        ),
        figures={},
        columns=Names.of([("c", "x", None), ("c", "y", None)]),
        rows=Names.of([("c", "need", None), ("c", "limit", None)]),
    )


def test_duals_of_all_stages_and_how_they_are_chained():
    """Need 5: y = 3 at least, and then 4.5 may be: x = 0.5 and y = 4.5 cost 6.

    First stage: y changes by 1 with the need and by -1 with the limit on x. Second: with y at its
    limit one more of the need is one more x, 3; one more on the limit of y one x less, 3 - 1 = 2
    saved. In all, the need costs 3 - 2 * 1.5 = 0, as y may follow: x = 5 - 1.5 (5 - 2) stays less.
    """
    program = two_stages(5.0)
    solved = SameShapeSolver(Options()).solve(program)
    first, second = solved.vertices
    assert first.plan.tolist() == pytest.approx([2, 3])
    assert first.rows.tolist() == pytest.approx([1, -1])
    assert second.plan.tolist() == pytest.approx([0.5, 4.5])
    assert second.rows.tolist() == pytest.approx([3, 0])
    assert (len(first.held), second.held.tolist()) == (0, pytest.approx([-2]))
    chain, _ = chain_stages(program, solved.vertices)
    assert chain.ravel().tolist() == pytest.approx([1, 0, -3, 1])
    total = chain @ np.array([first.rows, second.rows])
    more = SameShapeSolver(Options()).solve(two_stages(5.1))
    risen = [b.value - a.value for a, b in zip(solved.stages, more.stages, strict=True)]
    assert risen == pytest.approx((0.1 * total[:, 0]).tolist())


@pytest.mark.medium
def test_a_return_to_the_first_end_forgets_what_came_between():
    """The same program, from the same basis: the same vertex, however far the last one led."""
    solver = SameShapeSolver(Options())
    program = compile_demo()
    solver.solve(program)
    far = replace(program, row_upper=program.row_upper * 1.05, row_lower=program.row_lower * 1.3)
    answers = []
    for between in (program, far):
        solver.solve(between)
        solver.return_to_first()
        answers.append(solver.solve(program))
    one, other = answers
    assert one.iterations == other.iterations == 0
    for a, b in zip(one.vertices, other.vertices, strict=True):
        assert np.array_equal(a.rows, b.rows)
        assert a.plan == pytest.approx(b.plan, abs=1e-9)


@pytest.mark.medium
def test_a_start_that_leads_the_simplex_method_astray_is_given_up():
    """Without the budget of its largest member the demo's second stage began at a basis from which
    HiGHS 1.16 ended without an answer."""
    case = cssopt.load(DEMO)
    step = Step(table="members", where="member=ARL", column="budget_share", value=0)
    solution = cssopt.solve(cssopt.change(case, [step])[0], study="relaxed")
    assert solution.status is Status.OPTIMAL
    assert solution.audit.passed


def test_a_row_that_the_solver_refuses_is_never_left_out():
    """A stage held by a number that is none would not be held at all."""
    with pytest.raises(SolveError, match="the row that holds short: a number in it is not finite"):
        solve_program(two_stages(2.0, math.inf), Options())
    solver = SameShapeSolver(Options())
    assert solver.solve(two_stages(5.0)).stages[-1].value == pytest.approx(6)
    with pytest.raises(SolveError, match="HiGHS refuses"):
        solver.solve(two_stages(2.0, math.inf))
    assert solver.solve(two_stages(5.0)).stages[-1].value == pytest.approx(6)
