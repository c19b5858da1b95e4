"""Another solver by way of Pyomo: the same optimum, and an honest word where it is not proven.

`.ci/run` installs CBC; where there is none, only what is said of a solver that is lacking is asked.
"""

from __future__ import annotations

import math
import re
import shutil
from dataclasses import replace
from itertools import count
from pathlib import Path
from subprocess import TimeoutExpired
from typing import Any

import numpy as np
import pytest
from alliances import make_alliance
from books import make_problem

from cssopt.errors import DataError
from cssopt.solve.answer import PROVEN_GAP, Options
from cssopt.solve.compile import compile_problem
from cssopt.solve.other_solver import check_solver, solve_elsewhere
from cssopt.solve.outcome import Status
from cssopt.solve.stages import solve_program

needs_cbc = pytest.mark.skipif(shutil.which("cbc") is None, reason="CBC is not installed")
CBC = Options(solver="cbc")


@pytest.mark.medium
@needs_cbc
@pytest.mark.parametrize("study", ["pooled", "least_shortfall", "relaxed"])
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_another_solver_reaches_the_same_optimum(study: str, seed: int, whole: bool) -> None:
    problem = make_problem(make_alliance(seed, whole=whole, institutions=whole), study)
    program = compile_problem(problem)
    own, other = solve_program(program, Options()), solve_elsewhere(problem, program, CBC)
    assert own.status is Status.OPTIMAL
    # An LP is solved to its end, and so are whole numbers, but where they cannot be held exactly.
    assert (other.status is Status.OPTIMAL) == ("millionth" not in other.message)
    assert program.is_whole or other.status is Status.OPTIMAL
    for one, two in zip(own.stages, other.stages, strict=True):
        # CBC writes eight digits of each number of its plan.
        assert two.value == pytest.approx(one.value, rel=5e-8, abs=1e-9)
        # A bound is never above the optimum, whoever tells it.
        assert two.bound <= one.value + max(1e-9, 5e-8 * abs(one.value))
    assert (other.gap <= PROVEN_GAP) == (other.status is Status.OPTIMAL)
    assert other.solver.startswith("cbc ")
    assert "tells no prices" in other.message
    assert other.row_prices is None
    rows = program.matrix @ other.values
    size = np.maximum(1e-9, 5e-8 * (abs(program.matrix) @ np.abs(other.values)))
    assert (rows >= program.row_lower - size).all()
    assert (rows <= program.row_upper + size).all()
    assert np.array_equal(other.values[program.whole], np.round(other.values[program.whole]))


@needs_cbc
def test_what_has_no_plan_is_told_so() -> None:
    problem = make_problem(make_alliance(0), "strict")
    program = compile_problem(problem)
    assert solve_program(program, Options()).status is Status.INFEASIBLE
    solved = solve_elsewhere(problem, program, CBC)
    assert (solved.status, solved.values) == (Status.INFEASIBLE, None)


def fake(monkeypatch: Any, change: Any, *, begin: int = 1, before: Any = None) -> None:
    """An answer of CBC with a plan or words of its own, from this run on."""
    from pyomo.solvers.plugins.solvers.CBCplugin import CBCSHELL

    real, runs = CBCSHELL.solve, count(1)

    def solve(self: Any, model: Any, **options: Any) -> Any:
        if next(runs) < begin:
            return real(self, model, **options)
        aim = next(each for each in model.minimize.values() if each.active)
        sought = aim.expr
        if before is not None:
            aim.set_value(before(sought))
        results = real(self, model, **options)
        aim.set_value(sought)
        change(results)
        return results

    monkeypatch.setattr(CBCSHELL, "solve", solve)


def ending(told: str, low: float = -math.inf, high: float = math.inf) -> Any:
    """A run that ends so, with these bounds."""

    def change(results: Any) -> None:
        results.solver.termination_condition = told
        results.problem.lower_bound, results.problem.upper_bound = low, high

    return change


def break_plan(results: Any) -> None:
    """All decisions 0."""
    for value in results.solution[0].variable.values():
        value["Value"] = 0.0


def solve_alliance(study: str, *, whole: bool = False, seed: int = 1) -> Any:
    """An alliance by CBC, and by HiGHS."""
    problem = make_problem(make_alliance(seed, whole=whole, institutions=whole), study)
    program = compile_problem(problem)
    return solve_elsewhere(problem, program, CBC), solve_program(program, Options())


def seek_the_worst(_sought: Any) -> Any:
    """Nothing is minimized: any plan will do."""
    return 0.0


@needs_cbc
def test_a_plan_that_breaks_a_rule_is_none(monkeypatch: Any) -> None:
    fake(monkeypatch, break_plan)
    problem = make_problem(make_alliance(1), "pooled")
    solved = solve_elsewhere(problem, compile_problem(problem), CBC)
    assert (solved.status, solved.values) == (Status.ERROR, None)
    assert "cbc gave a plan that breaks" in solved.message


@pytest.mark.medium
@needs_cbc
def test_a_plan_with_a_lower_bound_is_not_called_optimal(monkeypatch: Any) -> None:
    def loosen(results: Any) -> None:
        results.problem.lower_bound = 0.9 * float(results.problem.upper_bound)

    fake(monkeypatch, loosen)
    problem = make_problem(make_alliance(1, whole=True, institutions=True), "pooled")
    solved = solve_elsewhere(problem, compile_problem(problem), CBC)
    assert solved.status is Status.FEASIBLE
    assert solved.gap == pytest.approx(0.1, rel=1e-3)


@needs_cbc
def test_what_breaks_in_another_program_is_a_sentence(monkeypatch: Any) -> None:
    def fail(_results: Any) -> None:
        raise RuntimeError("no license\nat line 3")

    fake(monkeypatch, fail)
    problem = make_problem(make_alliance(1), "pooled")
    solved = solve_elsewhere(problem, compile_problem(problem), CBC)
    assert (solved.status, solved.message) == (Status.ERROR, "cbc gave no answer: no license")


@needs_cbc
def test_no_time_is_no_plan_yet() -> None:
    problem = make_problem(make_alliance(1), "pooled")
    solved = solve_elsewhere(problem, compile_problem(problem), replace(CBC, time_limit=0.0))
    assert solved.status is Status.NO_PLAN_YET


@pytest.mark.medium
@needs_cbc
@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("told", ["feasible", "maxTimeLimit", "locallyOptimal", "other"])
def test_only_an_ending_that_says_so_is_a_proof(monkeypatch: Any, told: str, whole: bool) -> None:
    """Bounds that are not told are none: an LP that is not solved to its end has none either."""
    fake(monkeypatch, ending(told), before=seek_the_worst)
    other, own = solve_alliance("pooled", whole=whole)
    assert other.values is not None
    assert other.stages[0].value > 1.5 * own.stages[0].value
    assert (other.status, other.gap, other.bound) == (Status.FEASIBLE, math.inf, -math.inf)
    assert f"cbc ends with {told}. It has not proven its plan." in other.message


@pytest.mark.medium
@needs_cbc
@pytest.mark.parametrize(
    ("low", "high"), [(-math.inf, math.inf), (None, None), (math.nan, math.nan), (5.0, math.inf)]
)
def test_whole_numbers_without_both_bounds_are_not_proven(
    monkeypatch: Any, low: Any, high: Any
) -> None:
    fake(monkeypatch, ending("optimal", low, high), before=seek_the_worst)
    other, _ = solve_alliance("pooled", whole=True)
    assert other.status is Status.FEASIBLE
    assert other.gap > 0.9


@pytest.mark.medium
@needs_cbc
@pytest.mark.parametrize("whole", [False, True])
def test_a_value_is_counted_and_not_taken_from_the_solver(monkeypatch: Any, whole: bool) -> None:
    """It tells the least and gives a worse plan: the bound is its word, the value is ours."""
    _, own = solve_alliance("pooled", whole=whole)
    least = own.stages[0].value
    fake(monkeypatch, ending("optimal", least, least), before=seek_the_worst)
    other, _ = solve_alliance("pooled", whole=whole)
    assert other.status is Status.FEASIBLE
    assert other.bound == least
    assert other.gap == pytest.approx(1 - least / other.stages[0].value)


@pytest.mark.medium
@needs_cbc
@pytest.mark.parametrize("whole", [False, True])
def test_a_bound_above_the_plan_is_not_believed(monkeypatch: Any, whole: bool) -> None:
    fake(monkeypatch, ending("optimal", 1e7, 1e7))
    other, _ = solve_alliance("pooled", whole=whole)
    assert (other.status, other.gap) == (Status.FEASIBLE, math.inf)
    assert "it is not believed" in other.message


@needs_cbc
def test_a_plan_that_breaks_a_rule_by_little_is_told_and_not_proven(monkeypatch: Any) -> None:
    """One part in four million less of everything: beyond what eight digits round, short of what is
    refused."""

    def shrink(results: Any) -> None:
        for value in results.solution[0].variable.values():
            value["Value"] *= 1 - 2.5e-7

    fake(monkeypatch, shrink)
    other, _ = solve_alliance("pooled")
    assert other.status is Status.FEASIBLE
    assert "not enough to refuse it, too much to call it proven" in other.message


def time_out(_results: Any) -> None:
    raise TimeoutExpired("['/usr/bin/cbc', '/tmp/x.lp']", 3.0)


def break_after_a_limit(results: Any) -> None:
    break_plan(results)
    results.solver.termination_condition = "intermediateNonInteger"


def fail(_results: Any) -> None:
    raise RuntimeError("cannot open /tmp/x.lp")


LATE = {
    "time": (time_out, "cbc did not end in its time", Status.NO_PLAN_YET),
    "limit": (break_after_a_limit, "ends with intermediateNonInteger", Status.NO_PLAN_YET),
    "failure": (fail, "cbc gave no answer: RuntimeError", Status.ERROR),
    "broken plan": (break_plan, "cbc gave a plan that breaks", Status.ERROR),
    "unbounded": (ending("unbounded"), "cbc ends with unbounded", Status.UNBOUNDED),
    "infeasible": (ending("infeasible"), "denied that there is a plan", Status.INFEASIBLE),
}


@pytest.mark.medium
@needs_cbc
@pytest.mark.parametrize(("change", "said", "alone"), LATE.values(), ids=list(LATE))
def test_what_happens_later_leaves_the_plan_of_the_stage_before(
    monkeypatch: Any, change: Any, said: str, alone: Status
) -> None:
    with monkeypatch.context() as only:
        fake(only, change, begin=2)
        other, own = solve_alliance("least_shortfall")
    assert [stage.status for stage in other.stages] == [Status.OPTIMAL, Status.FEASIBLE]
    assert (other.status, other.gap, other.bound) == (Status.FEASIBLE, math.inf, -math.inf)
    assert other.stages[0].value == pytest.approx(own.stages[0].value, rel=5e-8, abs=1e-9)
    assert said in other.message
    assert "The plan is that of the stage before: pooled expenditure is not min" in other.message
    assert "/tmp" not in other.message
    # In the first stage there is no plan to leave.
    fake(monkeypatch, change)
    other, _ = solve_alliance("least_shortfall")
    assert (other.status, other.values) == (alone, None)
    assert "/tmp" not in other.message


@pytest.mark.medium
@needs_cbc
def test_what_is_held_to_within_a_millionth_has_no_gap(monkeypatch: Any) -> None:
    denied = iter([True])

    def deny_once(results: Any) -> None:
        if next(denied, False):
            results.solver.termination_condition = "infeasible"

    fake(monkeypatch, deny_once, begin=2)
    other, own = solve_alliance("least_shortfall")
    assert "held to within a millionth" in other.message
    assert (other.status, other.gap) == (Status.FEASIBLE, math.inf)
    assert other.bound <= own.bound * (1 + 1e-7)


@needs_cbc
def test_the_run_names_the_solver_and_counts_no_seconds_to_another() -> None:
    other, own = solve_alliance("pooled")
    assert re.fullmatch(r"cbc \d+\.\d+.*", other.solver)
    assert (other.seconds_inside_highs, own.solver) == (0.0, "")
    assert other.seconds > 0
    assert own.seconds_inside_highs == own.seconds


@pytest.mark.parametrize(
    ("options", "where"),
    [
        (Options(solver="cbc", log=Path("highs.log")), ["--log"]),
        (Options(solver="glpk", threads=2), ["--threads"]),
        (Options(solver="baron", gap=0.1, threads=2), ["--gap", "--threads"]),
    ],
)
def test_options_that_do_not_reach_a_solver_are_refused(options: Options, where: list[str]) -> None:
    with pytest.raises(DataError) as refused:
        check_solver(options)
    assert [(issue.code, issue.where) for issue in refused.value.issues] == [
        ("E-543", option) for option in where
    ]


@pytest.mark.parametrize(
    ("name", "said"),
    [("rm", "knows no solver"), ("../cbc", "knows no solver"), ("baron", "is not installed")],
)
def test_a_solver_that_is_not_there_is_told_before_anything_is_solved(name: str, said: str) -> None:
    with pytest.raises(DataError, match=said):
        check_solver(Options(solver=name))
