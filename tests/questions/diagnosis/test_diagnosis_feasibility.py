"""Whether a program has a plan: against scipy; certificates that hold; rows in conflict.

Whatever else ran HiGHS in the process before.
"""

from __future__ import annotations

from dataclasses import replace

import highspy
import numpy as np
import pytest
from books import write_csv
from contradictions import CONTRADICTIONS
from plain_programs import make_program
from scipy.optimize import LinearConstraint, linprog, milp

import cssopt
from cssopt.solve import conflict
from cssopt.solve.answer import Options
from cssopt.solve.certificate import proves_infeasible
from cssopt.solve.conflict import find_conflicting_rows
from cssopt.solve.endings import NOT_RUN
from cssopt.solve.feasibility import (
    LINEAR,
    NO_DECISIONS,
    WHOLE,
    find_certificate,
    find_feasibility,
)
from cssopt.solve.outcome import Status
from cssopt.solve.session import HighsSession


@pytest.mark.parametrize("seed", range(60))
def test_random_programs_are_decided_as_scipy_decides_them(seed):
    rng = np.random.default_rng(seed)
    rows, columns = int(rng.integers(2, 9)), int(rng.integers(2, 7))
    matrix = rng.integers(-3, 4, size=(rows, columns)).astype(float)
    matrix[np.abs(matrix).sum(axis=1) == 0, 0] = 1.0
    right = rng.integers(-4, 6, size=rows).astype(float)
    whole = [j for j in range(columns) if rng.random() < 0.5] if seed % 2 else []
    program = make_program(matrix, [None] * rows, right, most=[5] * columns, whole=whole)
    integrality = np.isin(np.arange(columns), whole).astype(int)
    expected = milp(
        np.zeros(columns),
        constraints=LinearConstraint(matrix, -np.inf, right),
        bounds=(0, 5),
        integrality=integrality,
    )
    answer = find_feasibility(program, Options())
    assert answer.status is (Status.FEASIBLE if expected.status == 0 else Status.INFEASIBLE)
    relaxed = linprog(np.zeros(columns), matrix, right, bounds=(0, 5))
    quick = find_feasibility(program, Options(), relaxed_only=True)
    assert quick.status is (Status.FEASIBLE if relaxed.status == 0 else Status.INFEASIBLE)
    assert quick.by == LINEAR


def test_whole_numbers_alone_may_have_no_plan():
    program = make_program([[2, 2]], [3], [3], most=[5, 5], whole=[0, 1])
    answer = find_feasibility(program, Options())
    assert (answer.status, answer.by) == (Status.INFEASIBLE, WHOLE)
    assert find_feasibility(program, Options(), relaxed_only=True).status is Status.FEASIBLE
    assert find_conflicting_rows(program) == ()


def test_a_rule_without_decisions_decides():
    program = replace(make_program([[1]], [0], [1]), trivially_infeasible="no such rule")
    answer = find_feasibility(program, Options())
    assert (answer.status, answer.by, answer.message) == (
        Status.INFEASIBLE, NO_DECISIONS, "no such rule",
    )  # fmt: skip


def test_prices_prove_only_what_they_prove():
    """x + y >= 2 and x + y <= 1: 1 times the first less the second says 0 >= 1."""
    program = make_program([[1, 1], [1, 1], [1, 0]], [2, None, None], [None, 1, 4])
    assert proves_infeasible(program, np.array([1.0, -1.0, 0.0]))
    assert not proves_infeasible(program, np.zeros(3))
    assert not proves_infeasible(program, np.array([1.0, 0.0, 0.0]))
    # x and y have no end: what is left over of them must not be positive.
    assert not proves_infeasible(program, np.array([1.0, -0.5, 0.0]))
    # A price for a bound that is not there counts for nothing.
    assert proves_infeasible(program, np.array([1.0, -1.0, 1e-12]))
    # Less than the tolerance of each row proves nothing.
    near = make_program([[1, 1], [1, 1]], [1 + 1e-8, None], [None, 1])
    assert not proves_infeasible(near, np.array([1.0, -1.0]))


def test_ends_of_columns_prove_too():
    """x <= 1 as the end of a column, and x >= 2."""
    program = make_program([[1]], [2], [None], most=[1])
    assert proves_infeasible(program, np.array([1.0]))
    assert find_feasibility(program, Options()).status is Status.INFEASIBLE


def test_the_rows_in_conflict_are_found_and_no_others():
    """Rows 1 and 3 cannot stand together; 0 and 2 can with anything."""
    matrix = [[1, 0], [1, 1], [0, 1], [1, 1]]
    program = make_program(matrix, [None, 3, None, None], [9, None, 8, 2])
    assert set(find_conflicting_rows(program)) == {1, 3}


def test_what_conflicts_is_found_by_work_and_not_by_time(monkeypatch):
    """Where its solves are used up the set may be too large, but conflicts still."""
    # x0 <= 1 and x0 >= 2 conflict, and so does the chain x1 >= x0 ... x4 <= 1, which is longer.
    matrix = [[1, 0, 0], [1, 0, 0], [-1, 1, 0], [0, -1, 1], [0, 0, 1]]
    program = make_program(matrix, [None, 2, 0, 0, None], [1, None, None, None, 1])
    fewest = find_conflicting_rows(program)
    assert fewest in ((0, 1), (1, 2, 3, 4))
    assert find_conflicting_rows(program) == fewest
    monkeypatch.setattr(conflict, "_MOST_SOLVES", 1)
    found = find_conflicting_rows(program)
    assert set(fewest) <= set(found)
    rest = [row for row in range(5) if row in found]
    kept = make_program(
        [matrix[row] for row in rest],
        [[None, 2, 0, 0, None][row] for row in rest],
        [[1, None, None, None, 1][row] for row in rest],
    )
    assert find_feasibility(kept, Options()).status is Status.INFEASIBLE
    monkeypatch.setattr(conflict, "_STEPS_PER_LINE", 0)
    assert find_conflicting_rows(program) == ()


@pytest.mark.parametrize("seed", range(30))
def test_no_row_of_a_conflict_can_be_spared(seed):
    """Against scipy: the rows conflict, and without any one of them there is a plan."""
    rng = np.random.default_rng(seed)
    matrix = rng.integers(-3, 4, size=(12, 5)).astype(float)
    matrix[np.abs(matrix).sum(axis=1) == 0, 0] = 1.0
    right = rng.integers(-4, 3, size=12).astype(float)

    def has_plan(rows):
        found = linprog(np.zeros(5), matrix[rows], right[rows], bounds=(0, 5))
        return found.status == 0

    rows = list(find_conflicting_rows(make_program(matrix, [None] * 12, right, most=[5] * 5)))
    if has_plan(list(range(12))):
        assert rows == []
        return
    assert rows
    assert not has_plan(rows)
    assert len(rows) == 1 or all(has_plan([r for r in rows if r != row]) for row in rows)


def run_plainly(threads):
    """How HiGHS ends on a program of one column, run by itself in this thread."""
    highs = highspy.Highs()
    highs.silent()
    highs.setOptionValue("threads", threads)
    highs.addVars(1, np.zeros(1), np.ones(1))
    highs.run()
    return highs.getModelStatus()


@pytest.fixture
def fresh_thread():
    """HiGHS as if it had never run in this thread."""
    highspy.Highs.resetGlobalScheduler(True)
    yield
    highspy.Highs.resetGlobalScheduler(True)


@pytest.fixture
def two_threads(fresh_thread):
    """HiGHS has begun in this thread with two threads, which cssopt does not ask for."""
    assert run_plainly(2) == highspy.HighsModelStatus.kOptimal


def decide_conflict():
    """Rows in conflict and whether there is a plan: x + y >= 3 and x + y <= 2, beside others."""
    matrix = [[1, 0], [1, 1], [0, 1], [1, 1]]
    program = make_program(matrix, [None, 3, None, None], [9, None, 8, 2])
    return set(find_conflicting_rows(program)), find_feasibility(program, Options()).status


DECIDED = {1, 3}, Status.INFEASIBLE


def test_another_number_of_threads_ends_a_plain_run_without_a_status(two_threads):
    """The trap of HiGHS that the tests below step into: without it they would show nothing."""
    assert run_plainly(1) == highspy.HighsModelStatus.kNotset


def test_rows_in_conflict_are_found_after_a_plain_run(two_threads):
    assert decide_conflict() == DECIDED


def test_rows_in_conflict_are_found_before_a_plain_run_and_spoil_none(fresh_thread):
    assert decide_conflict() == DECIDED
    assert run_plainly(2) == highspy.HighsModelStatus.kOptimal
    assert decide_conflict() == DECIDED


@pytest.mark.medium
def test_a_contradiction_is_named_by_its_cells_after_a_plain_run(two_threads, tmp_path):
    planted = CONTRADICTIONS["whole units against personnel"]
    case = cssopt.load(write_csv(planted.sheets, tmp_path / "book"))
    found = cssopt.diagnose(case, conflicts=1).tables["conflicts"]
    assert set(found["where"]) == planted.cells


def test_a_run_that_ended_without_a_status_is_run_again(monkeypatch):
    """As HiGHS ends where something in the process makes it give up at once."""
    ended = []
    run = HighsSession.run

    def give_up_every_other_time(self):
        ended.append(len(ended) % 2)
        return run(self) if ended[-1] else NOT_RUN

    monkeypatch.setattr(HighsSession, "run", give_up_every_other_time)
    assert decide_conflict() == DECIDED


@pytest.mark.parametrize(("most", "late", "asked"), [(300, 300, 4), (2, 300, 2), (300, 2, 2)])
def test_a_conflict_is_made_smaller_until_solves_or_time_are_used_up(
    monkeypatch, most, late, asked
):
    """x0 >= 1, x1 >= x0 and x1 <= 0: one solve finds the three, each is then tried without."""
    program = make_program([[1, 0], [-1, 1], [0, 1]], [1, 0, None], [None, None, 0])
    solves = []

    def count(*arguments):
        solves.append(arguments)
        return find_certificate(*arguments)

    monkeypatch.setattr(conflict, "find_certificate", count)
    monkeypatch.setattr(conflict, "_MOST_SOLVES", most)
    monkeypatch.setattr(Options, "is_over", property(lambda _options: len(solves) >= late))
    assert set(find_conflicting_rows(program)) == {0, 1, 2}
    assert len(solves) == asked
