"""Warm starts: a program solved from where the last one ended has the optimum of a cold start."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import cache

import golden_books
import pytest
from books import make_data, read_study
from small_books import make_book

from cssopt.assembly.instance import Instance
from cssopt.solve.answer import Options
from cssopt.solve.outcome import Status
from cssopt.solve.session import HighsSession
from cssopt.solve.stages import solve_program
from cssopt.solve.traced.template import Template
from cssopt.solve.warm.same_shape import SameShapeSolver
from cssopt.trace.sources import find_cells

LEVEL = ("requirements", ("K", "land", 0.0), "level")


class Series:
    """Programs of one shape, one after another, in one solver."""

    def __init__(self, sheets, study, options=Options(), **settings):  # noqa: B008 (it is frozen)
        data = make_data(sheets)
        chosen = replace(read_study(study), **settings)
        instance = Instance(data, chosen, data.members.keys)
        self.template = Template(*instance.trace(find_cells(data)))
        self.now = {(t, k, c): data.tables[t].columns[c][k] for t, k, c in self.template.cells}
        self.options = options
        self.solver = SameShapeSolver(options)

    def program(self, **level):
        values = {**self.now, **({LEVEL: level["level"]} if level else {})}
        program, reason = self.template.patch(values)
        assert reason == ""
        return program

    def both(self, program):
        """The answer of the kept models, and that of a cold start."""
        return self.solver.solve(program), solve_program(program, self.options)


def small(study, **more):
    return Series(make_book(), study, **more)


def test_money_by_hand():
    """Two units at 10 million each for every half of the need, over four years (small_books)."""
    series = small("relaxed")
    for level, money in ((4.0, 160), (6.0, 240), (2.0, 80), (8.0, 320), (4.0, 160)):
        solved = series.solver.solve(series.program(level=level))
        assert solved.status is Status.OPTIMAL
        assert solved.stages[-1].value == pytest.approx(money)
        assert solved.bound == pytest.approx(money)
        assert solved.gap == 0


def test_the_same_program_again_needs_no_step():
    series = Series(golden_books.INSTITUTIONS, "relaxed")
    first = series.solver.solve(series.program())
    again = series.solver.solve(series.program())
    assert first.iterations > 0
    assert again.iterations == 0
    assert again.values.tolist() == pytest.approx(first.values.tolist())


def test_an_infeasible_program_between_two_others():
    """A and B have 8 units each: no more than 16 in all, and no shortfall allowed."""
    series = small("strict", relaxed=True)
    answers = [series.solver.solve(series.program(level=x)) for x in (4.0, 17.0, 4.0, 16.0)]
    assert [a.status for a in answers] == [
        Status.OPTIMAL, Status.INFEASIBLE, Status.OPTIMAL, Status.OPTIMAL,
    ]  # fmt: skip
    money = [answer.stages[-1].value for answer in answers]
    # 16 units: 8 of A at 10, and 8 of B at 20, in four years.
    assert [money[0], money[2], money[3]] == pytest.approx([160, 160, 4 * (80 + 160)])
    assert answers[1].values is None


def test_a_trivially_infeasible_rule_is_told_without_solving():
    series = small("relaxed")
    refused = replace(series.program(), trivially_infeasible="a rule")
    solved = series.solver.solve(refused)
    assert solved.status is Status.INFEASIBLE
    assert solved.message == "a rule"


def test_no_time_is_no_plan():
    series = small("relaxed", options=Options(time_limit=0.0))
    solved, cold = series.both(series.program())
    assert solved.status is cold.status is Status.NO_PLAN_YET


def test_what_stays_near_begins_nowhere_else_and_has_no_answer_where_it_does_not_arrive(
    monkeypatch,
):
    series = small("strict", relaxed=True)
    first = series.solver.solve(series.program())
    series.solver.stay_near()
    assert series.solver.solve(series.program(level=6.0)).stages[-1].value == pytest.approx(240)
    with monkeypatch.context() as patched:
        patched.setattr(HighsSession, "_find_leash", lambda _: 0)
        lost = series.solver.solve(series.program(level=16.0))
    assert (lost.status, lost.values, lost.rebuilds) == (Status.NO_PLAN_YET, None, ())
    assert "as many steps" in lost.message
    # It goes on where it first ended.
    again = series.solver.solve(series.program())
    assert again.iterations == 0
    assert again.values.tolist() == pytest.approx(first.values.tolist())
    assert series.solver.solve(series.program(level=16.0)).stages[-1].value == pytest.approx(
        4 * (80 + 160)
    )


@cache
def series_of(book, study, relaxed):
    return Series(getattr(golden_books, book), study, relaxed=relaxed)


STUDIES = ("pooled", "least_shortfall", "fair", "strict")


@pytest.mark.medium
@pytest.mark.parametrize("seed", [0, *(pytest.param(n, marks=pytest.mark.slow) for n in (1, 2))])
@pytest.mark.parametrize("relaxed", [True, False], ids=["lp", "mip"])
@pytest.mark.parametrize("study", STUDIES)
@pytest.mark.parametrize("book", ["INSTITUTIONS", "FORCES"])
def test_every_stage_has_the_value_of_a_cold_start(book, study, relaxed, seed):
    """Numbers drawn at random, one program after another in the same models."""
    chance, series = random.Random(seed), series_of(book, study, relaxed)
    programs = []
    while len(programs) < 4:
        values = dict(series.now)
        for cell in chance.sample(sorted(values, key=repr), 5):
            values[cell] *= chance.uniform(0.8, 1.2)
        program, _ = series.template.patch(values)
        programs += [] if program is None else [program]
    for program in programs:
        warm, cold = series.both(program)
        assert warm.status is cold.status
        assert [s.name for s in warm.stages] == [s.name for s in cold.stages]
        for one, other in zip(warm.stages, cold.stages, strict=True):
            assert one.value == pytest.approx(other.value, rel=1e-6, abs=1e-7, nan_ok=True)
            assert one.bound == pytest.approx(other.bound, rel=1e-6, abs=1e-7, nan_ok=True)
        assert (warm.values is None) == (cold.values is None)
