"""What is made of each way in which a run of HiGHS can end: none of them is left to chance."""

from __future__ import annotations

import math
from dataclasses import replace

import highspy
import pytest
from plain_programs import make_program

from cssopt.solve.answer import Options
from cssopt.solve.endings import ENDINGS, Meaning
from cssopt.solve.outcome import Status
from cssopt.solve.program import StageRow
from cssopt.solve.session import HighsSession, QuietHighs
from cssopt.solve.stages import solve_program

MODELS = list(highspy.HighsModelStatus.__members__.values())

WITH_PLAN = {
    "kOptimal": Status.OPTIMAL,
    "kTimeLimit": Status.FEASIBLE,
    "kSolutionLimit": Status.FEASIBLE,
    "kObjectiveTarget": Status.FEASIBLE,
    "kInterrupt": Status.FEASIBLE,
    "kHighsInterrupt": Status.FEASIBLE,
    "kInfeasible": Status.INFEASIBLE,
    "kUnbounded": Status.UNBOUNDED,
    "kUnboundedOrInfeasible": Status.UNBOUNDED,
}
"""Status where HiGHS holds a plan; an error for every other ending. Nobody pressed Ctrl-C: what was
stopped had no time."""


def find_least(whole):
    """The least of x + y with 2x + 2y >= 3: 1.5 in fractions, 2 in whole numbers."""
    program = make_program([[2, 2]], [3], [None], most=[5, 5], whole=whole)
    return replace(program, stages=(StageRow("cost", 0, ()),))


@pytest.fixture
def end_with(monkeypatch):
    """Let every run of HiGHS tell the same ending, whatever it found."""

    def arm(model):
        monkeypatch.setattr(QuietHighs, "getModelStatus", lambda _self: model)

    return arm


def test_the_table_has_every_model_status_of_highs_and_no_other():
    assert set(ENDINGS) == set(MODELS)
    assert all(ENDINGS[model].model == model for model in MODELS)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_what_may_be_read_of_an_ending_agrees_with_its_meaning(model):
    ending = ENDINGS[model]
    plain = ending.meaning in (Meaning.OPTIMUM, Meaning.LIMIT, Meaning.STOPPED)
    assert ending.is_read == plain
    assert (ending.with_plan in (Status.OPTIMAL, Status.FEASIBLE)) <= ending.is_read
    assert ending.without_plan not in (Status.OPTIMAL, Status.FEASIBLE)
    denied = (Status.INFEASIBLE, Status.UNBOUNDED)
    assert (ending.with_plan in denied) == (ending.meaning is Meaning.NO_PLAN)
    if ending.meaning in (Meaning.SILENCE, Meaning.UNUSABLE):
        assert ending.with_plan is ending.without_plan is Status.ERROR
    assert ending.is_optimum == (model.name == "kOptimal")
    told = ("kTimeLimit", "kInterrupt", "kHighsInterrupt")
    assert ending.was_told_to_end == (model.name in told)


@pytest.mark.parametrize("whole", [(), (0, 1)], ids=["lp", "mip"])
@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_each_ending_gives_its_status_where_there_is_a_plan(end_with, model, whole):
    end_with(model)
    session = HighsSession(find_least(whole), Options())
    session.minimise(session.program.stages[0])
    status, value, bound = session.optimise()
    assert status is WITH_PLAN.get(model.name, Status.ERROR)
    assert math.isnan(value) == (not ENDINGS[model].is_read)
    if not math.isnan(value):
        assert value == pytest.approx(2.0 if whole else 1.5)
        assert bound <= value
    assert bool(session.message) == (status is Status.ERROR)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.name)
def test_no_ending_gives_a_plan_where_there_is_none(end_with, model):
    end_with(model)
    none = make_program([[2, 2]], [3], [None], most=[0.5, 0.5])
    solved = solve_program(replace(none, stages=(StageRow("cost", 0, ()),)), Options())
    assert solved.values is None
    assert solved.status not in (Status.OPTIMAL, Status.FEASIBLE)
    stopped = ENDINGS[model].meaning is Meaning.STOPPED  # by the limit: nobody pressed Ctrl-C
    assert solved.status is (Status.NO_PLAN_YET if stopped else ENDINGS[model].without_plan)
