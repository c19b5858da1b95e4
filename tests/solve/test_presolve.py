"""HiGHS's "infeasible" is believed only of a run without presolve, which has been wrong about it.

Here presolve is wrong each time: every run with it says that there is no plan.
"""

from __future__ import annotations

from dataclasses import replace

import highspy
import numpy as np
import pytest
from plain_programs import cut_off_at_the_root, make_program

from cssopt.solve.answer import Options
from cssopt.solve.endings import OUT_OF_TIME, STOPPED
from cssopt.solve.feasibility import WHOLE, find_feasibility
from cssopt.solve.outcome import Status
from cssopt.solve.program import StageRow
from cssopt.solve.session import HighsSession, QuietHighs, Rebuild
from cssopt.solve.stages import solve_program

INFEASIBLE = highspy.HighsModelStatus.kInfeasible


@pytest.fixture
def presolves(monkeypatch):
    """What presolve was set to in each run, in their order."""
    heard, truth = [], QuietHighs.getModelStatus

    def tell(self):
        heard.append(self.getOptionValue("presolve")[1])
        return truth(self) if heard[-1] == "off" else INFEASIBLE

    monkeypatch.setattr(QuietHighs, "getModelStatus", tell)
    return heard


def solve(program):
    """The least sum of the columns."""
    return solve_program(replace(program, stages=(StageRow("cost", 0, ()),)), Options())


@pytest.mark.parametrize(
    ("whole", "least"),
    [
        # The least of x + y with 2x + 2y >= 3: in fractions 1.5.
        ((), 1.5),
        ((0, 1), 2.0),
    ],
)
def test_a_plan_that_presolve_denies_is_found(presolves, whole, least):
    solved = solve(make_program([[2, 2]], [3], [None], whole=whole))
    assert solved.status is Status.OPTIMAL
    assert solved.stages[-1].value == pytest.approx(least)
    assert "off" in presolves


def test_no_plan_is_told_where_the_run_without_presolve_says_so(presolves):
    program = make_program([[2, 2]], [3], [None], most=[0.5, 0.5])
    assert solve(program).status is Status.INFEASIBLE
    assert presolves[-1] == "off"


def test_whether_there_is_a_plan_in_whole_numbers_is_asked_without_presolve(presolves):
    # 2x + 2y = 3 has no whole numbers; 2x + 3y = 4 has x = 2, which no vertex in fractions needs.
    none = find_feasibility(make_program([[2, 2]], [3], [3], most=[5, 5], whole=(0, 1)), Options())
    assert (none.status, none.by) == (Status.INFEASIBLE, WHOLE)
    assert presolves[-1] == "off"
    some = make_program([[2, 3], [0, 1]], [4, 0.5], [11, None], most=[5, 5], whole=(0, 1))
    assert find_feasibility(some, Options()).status is Status.FEASIBLE


def test_a_start_that_presolve_alone_calls_the_best_is_searched_again(monkeypatch):
    # The least of x + y with 2x + y >= 4 and x + 3y >= 6 in whole numbers is 3, at (1, 2).
    program = make_program([[2, 1], [1, 3]], [4, 6], [None, None], whole=(0, 1))
    program = replace(program, stages=(StageRow("cost", 0, ()),))
    start, columns, endings, run = np.array([3.0, 3.0]), np.arange(2), [], HighsSession.run

    def run_between_bounds(self):
        """At first the start is all that presolve leaves: it ends the search before its first step,
        as it does where it wrongly finds that there is no other plan."""
        bounds = (program.lower, program.upper) if endings else (start, start)
        self.set_column_bounds(columns, *bounds)
        endings.append(run(self))
        return endings[-1]

    monkeypatch.setattr(HighsSession, "run", run_between_bounds)
    session = HighsSession(program, Options())
    session.minimise(program.stages[0])
    session.start_from(start)
    status, least, *_ = session.optimise()
    assert (status, least) == (Status.OPTIMAL, pytest.approx(3))
    assert session.rebuilds == [Rebuild.START_MISJUDGED]


def test_a_search_whose_time_ends_amid_the_root_keeps_its_plan_and_bound(monkeypatch):
    """Nothing is counted of it then either, but a second run would have no time to find them."""
    program = make_program([[2, 1], [1, 3]], [4, 6], [None, None], whole=(0, 1))
    program = replace(program, stages=(StageRow("cost", 0, ()),))
    runs = cut_off_at_the_root(monkeypatch)
    session = HighsSession(program, Options(time_limit=60))
    session.minimise(program.stages[0])
    session.start_from(np.array([3.0, 3.0]))
    assert session.optimise() == (Status.FEASIBLE, pytest.approx(3), pytest.approx(3))
    assert len(runs) == 1
    assert session.rebuilds == []


def test_a_search_whose_time_ends_before_it_has_a_bound_was_not_made():
    """What HiGHS then holds is the start, and the plan at hand is kept in its place."""
    program = make_program([[2, 1], [1, 3]], [4, 6], [None, None], whole=(0, 1))
    program = replace(program, stages=(StageRow("cost", 0, ()),))
    session = HighsSession(program, Options(time_limit=0.0))
    session.minimise(program.stages[0])
    session.start_from(np.array([3.0, 3.0]))
    status, value, bound = session.optimise()
    assert status is Status.NO_PLAN_YET
    assert np.isnan(value)
    assert not np.isfinite(bound)


def make_falling():
    """The most of x + y with 2x + y <= 8 and x + 3y <= 9 in whole numbers, as a least: -5."""
    program = make_program([[2, 1], [1, 3]], [None, None], [8, 9], whole=(0, 1))
    return replace(program, reported=-program.reported, stages=(StageRow("cost", 0, ()),))


def test_what_was_never_searched_has_no_bound(monkeypatch):
    """HiGHS tells 0 of a search that Ctrl-C did not let begin, which plans below 0 are better
    than."""
    program = make_falling()
    session = HighsSession(program, Options())
    session.minimise(program.stages[0])
    assert session.optimise() == (Status.OPTIMAL, pytest.approx(-5), pytest.approx(-5))
    monkeypatch.setattr("cssopt.interrupt.came", lambda: True)
    status, value, bound = session.optimise()
    assert status is Status.INTERRUPTED
    assert np.isnan(value)
    assert bound == -np.inf


@pytest.mark.parametrize("ended", ["by the clock", "by Ctrl-C"])
def test_a_start_taken_for_better_than_it_is_has_its_own_value(monkeypatch, ended):
    """There is no time to search again without it."""
    program, run = make_falling(), HighsSession.run
    told = highspy.Highs.getInfo

    def run_until_told(self):
        run(self)
        self.cancelled = ended == "by Ctrl-C"
        return STOPPED if self.cancelled else OUT_OF_TIME

    def take_for_better(self):
        info = told(self)
        info.objective_function_value -= 2
        return info

    monkeypatch.setattr(HighsSession, "run", run_until_told)
    monkeypatch.setattr(QuietHighs, "getInfo", take_for_better)
    session = HighsSession(program, Options(time_limit=60))
    session.minimise(program.stages[0])
    session.start_from(np.array([3.0, 2.0]))
    _, value, _ = session.optimise()
    assert value == pytest.approx(-5)
    assert session.rebuilds == []
