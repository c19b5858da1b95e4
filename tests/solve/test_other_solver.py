"""Another solver by way of Pyomo: the same optimum, and an honest word where it is not proven.

`.ci/run` installs CBC; where there is none, only what is said of a solver that is lacking is asked.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from alliances import make_alliance
from books import make_problem

from cssopt.errors import DataError
from cssopt.solve.answer import Options
from cssopt.solve.compile import compile_problem
from cssopt.solve.other_solver import check_solver, solve_elsewhere
from cssopt.solve.outcome import Status
from cssopt.solve.stages import solve_program

needs_cbc = pytest.mark.skipif(shutil.which("cbc") is None, reason="CBC is not installed")
CBC = Options(solver="cbc")


@needs_cbc
@pytest.mark.parametrize("study", ["pooled", "least_shortfall", "relaxed"])
@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("whole", [False, True])
def test_another_solver_reaches_the_same_optimum(study: str, seed: int, whole: bool) -> None:
    problem = make_problem(make_alliance(seed, whole=whole, institutions=whole), study)
    program = compile_problem(problem)
    own, other = solve_program(program, Options()), solve_elsewhere(problem, program, CBC)
    assert own.status is Status.OPTIMAL
    assert other.status in (Status.OPTIMAL, Status.FEASIBLE)
    for one, two in zip(own.stages, other.stages, strict=True):
        assert two.value == pytest.approx(one.value, rel=1e-5, abs=1e-6)
        # A bound is never above the optimum, whoever tells it.
        assert two.bound <= one.value + 1e-5 * max(1.0, abs(one.value))
    assert "tells no prices" in other.message
    # What is held only to within a millionth is told, and never called proven.
    assert (other.status is Status.OPTIMAL) <= ("millionth" not in other.message)
    assert other.row_prices is None
    rows = program.matrix @ other.values
    assert (rows >= program.row_lower - 1e-5).all()
    assert (rows <= program.row_upper + 1e-5).all()
    assert np.array_equal(other.values[program.whole], np.round(other.values[program.whole]))


@needs_cbc
def test_what_has_no_plan_is_told_so() -> None:
    problem = make_problem(make_alliance(0), "strict")
    program = compile_problem(problem)
    assert solve_program(program, Options()).status is Status.INFEASIBLE
    solved = solve_elsewhere(problem, program, CBC)
    assert (solved.status, solved.values) == (Status.INFEASIBLE, None)


def fake(monkeypatch: Any, change: Any, **told: Any) -> Any:
    """An answer of CBC with a plan or words of its own."""
    import pyomo.environ as pyo
    from pyomo.solvers.plugins.solvers.CBCplugin import CBCSHELL

    real = CBCSHELL.solve

    def solve(self: Any, model: Any, **options: Any) -> Any:
        results = real(self, model, **options)
        change(results)
        return results

    monkeypatch.setattr(CBCSHELL, "solve", solve)
    assert pyo.SolverFactory("cbc").available(exception_flag=False)
    return SimpleNamespace(**told)


@needs_cbc
def test_a_plan_that_breaks_a_rule_is_none(monkeypatch: Any) -> None:
    def lower(results: Any) -> None:
        for value in results.solution[0].variable.values():
            value["Value"] = 0.0

    fake(monkeypatch, lower)
    problem = make_problem(make_alliance(1), "pooled")
    solved = solve_elsewhere(problem, compile_problem(problem), CBC)
    assert (solved.status, solved.values) == (Status.ERROR, None)
    assert "cbc gave a plan that breaks" in solved.message


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


@pytest.mark.parametrize(
    ("name", "said"),
    [("rm", "knows no solver"), ("../cbc", "knows no solver"), ("baron", "is not installed")],
)
def test_a_solver_that_is_not_there_is_told_before_anything_is_solved(name: str, said: str) -> None:
    with pytest.raises(DataError, match=said):
        check_solver(name)
