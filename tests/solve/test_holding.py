"""What is held first is held exactly, and what giving up a little of it would save is told.

The books are those of tests/cases/answers: their right values are worked out by hand there.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pyomo.environ as pyo
import pytest
from baselines import find_baseline
from paths import CASES
from pyomo_programs import compile_model

import cssopt
from cssopt.errors import DataError, ModelError
from cssopt.modeling import Criterion
from cssopt.solution.held_stages import find_held
from cssopt.solve.answer import Options, is_proven, relative_gap
from cssopt.solve.program import StageConstraint, StageRow
from cssopt.solve.stages import solve_program
from cssopt.solve.warm.next_question import LinearFigure, LpSession

KNIFE_EDGE = 4 * (10 * 3.9999 + 10 * 10)
"""Four years: 3.9999 of the 4 units of power at 10 a unit, the last crumb from 10 units of gold at
10 each, of 1e-5 of power."""


@cache
def load(name, folder="answers"):
    return cssopt.load(CASES / folder / f"{name}.xlsx")


def near(value, rel=1e-8):
    return pytest.approx(value, rel=rel, abs=1e-7)


@pytest.fixture(scope="module")
def knife_edge():
    return cssopt.solve(load("knife_edge"))


def test_the_last_crumbs_are_not_given_up_for_money(knife_edge):
    assert knife_edge.status is cssopt.Status.OPTIMAL
    assert knife_edge.pooled_expenditure == near(KNIFE_EDGE)
    assert knife_edge.missing_share == near(4)
    assert knife_edge.audit.passed


@pytest.mark.medium
def test_every_command_tells_one_figure_for_one_question():
    case = load("knife_edge")
    assert cssopt.solve(case, study="least_shortfall").pooled_expenditure == near(KNIFE_EDGE)
    assert cssopt.solve(case, study="relaxed").pooled_expenditure == near(KNIFE_EDGE)
    ends = [end.values for end in cssopt.frontier(case, trade=["shortfall"]).front.ends]
    assert (near(KNIFE_EDGE), near(4)) in ends
    # A front against another figure begins at the least expenditure at the same security.
    burden = cssopt.frontier(case, trade=["burden"])
    assert burden.front.points[0].values[0] == near(KNIFE_EDGE)
    fair = {stage.name: stage.value for stage in cssopt.solve(case, study="fair").solved.stages}
    assert fair["pooled_expenditure"] == near(KNIFE_EDGE)
    assert cssopt.prices(case).reached == (near(4), near(KNIFE_EDGE))


@pytest.mark.parametrize("name", ["slack_prio1", "slack_prio10000"])
def test_a_need_out_of_reach_lends_its_tolerance_to_no_other(name):
    solution = cssopt.solve(load(name))
    assert solution.pooled_expenditure == near(160)
    short = solution.quantities.sums("shortfall", "threat")
    assert short["K"] == pytest.approx(0, abs=1e-9)


def test_what_giving_up_a_little_would_save(knife_edge):
    """A share x of 4 is 16 x power-years of K, whose need is 4 each year: the four crumbs of 1e-4
    go first, for 100 each, and the rest saves 10 a unit."""
    found = {one.share: one for one in knife_edge.concessions}
    assert list(found) == [0.001, 0.01, 0.05]
    for share, one in found.items():
        assert one.is_known
        assert one.most == near(4 * (1 + share))
        assert one.saves == near(400 + 10 * (16 * share - 4e-4), rel=1e-6)
        assert one.value == near(KNIFE_EDGE - one.saves)


def test_a_chosen_part_of_the_least_may_be_given_up():
    case = load("knife_edge")
    saved = 400 + 10 * (0.16 - 4e-4)
    solution = cssopt.solve(case, shortfall_tolerance=0.01)
    assert solution.pooled_expenditure == near(KNIFE_EDGE - saved, rel=1e-6)
    assert solution.missing_share == near(4.04)
    strict, chosen, *more = solution.concessions
    assert (strict.share, strict.saves) == (0, near(-saved, rel=1e-6))
    assert (chosen.share, chosen.saves, chosen.chosen) == (0.01, 0, True)
    assert [one.share for one in more] == pytest.approx([0.011, 0.02, 0.06])


def test_the_tolerance_holds_for_plans_alone_too():
    """Each from its own least; B has nothing, so that its two needs of four years are missing."""
    solution = cssopt.solve(load("knife_edge"), shortfall_tolerance=0.01)
    baseline = find_baseline(solution)
    for plan in baseline.alone.values():
        assert plan.missing_share == near(min(8, 1.01 * plan.solved.stages[0].value))


def test_nothing_is_given_up_of_nothing():
    case = load("prices_growth_until")
    strict, loose = cssopt.solve(case), cssopt.solve(case, shortfall_tolerance=0.5)
    assert strict.missing_share == loose.missing_share == near(0)
    assert loose.pooled_expenditure == near(strict.pooled_expenditure)
    assert strict.concessions == loose.concessions == ()


def test_a_tolerance_is_refused_where_it_means_nothing():
    with pytest.raises(ModelError, match=r'objective strict.*"shortfall_tolerance"'):
        cssopt.solve(load("knife_edge"), study="strict", shortfall_tolerance=0.01)
    with pytest.raises(DataError, match=r"E-308.*shortfall has a price"):
        cssopt.solve(load("bound_leak_pen"), shortfall_tolerance=0.01)
    for wrong in (-0.1, 1.1, float("nan")):
        with pytest.raises(DataError, match=r"E-110 shortfall_tolerance .*at most 1"):
            cssopt.solve(load("knife_edge"), shortfall_tolerance=wrong)


@pytest.mark.medium
def test_a_book_of_ten_years_tells_the_figures_of_an_independent_program():
    """Five members, ten years: 54,127.5, and what 0.1 % and 1 % more missing save."""
    solution = cssopt.solve(load("60-pact", "workbooks"), study="relaxed")
    assert solution.pooled_expenditure == pytest.approx(54_127.5, rel=1e-5)
    saves = [one.saves for one in solution.concessions]
    assert saves[:2] == [pytest.approx(12_184, rel=0.01), pytest.approx(15_126, rel=0.01)]


@pytest.mark.slow
def test_the_end_of_its_front_is_the_same_figure():
    front = cssopt.frontier(
        load("60-pact", "workbooks"), trade=["shortfall"], study="relaxed"
    ).front
    assert max(end.values[0] for end in front.ends) == pytest.approx(54_127.5, rel=1e-5)


@pytest.mark.parametrize(
    ("value", "bound", "held", "proven"),
    [
        (5.0, 5.0, True, True),
        (5.0, 5.0 - 9e-10, True, True),
        (5.0, 5.0 - 2e-9, True, False),
        (5.0, 5.0 - 2e-9, False, True),
        # A 1e-12th of a large share is more than 1e-9.
        (4e4, 4e4 - 3e-8, True, True),
        (1e3, 1e3 * (1 - 9e-7), False, True),
        (1e3, 1e3 * (1 - 2e-6), False, False),
    ],
)
def test_what_is_held_is_proven_exactly(value, bound, held, proven):
    assert is_proven(value, bound, held=held) is proven
    assert relative_gap(value, value) == 0


def test_what_a_criterion_frees_holds_no_later_stage_either():
    """x + y + z >= 4 and z <= 1. Least x is 0, then least y 3, then z is 1. With x free again y
    may still be 3 at most, but z need not be there: x is 1 instead."""
    model = pyo.ConcreteModel()
    model.x, model.y = (pyo.Var(bounds=(0, None)) for _ in range(2))
    model.z = pyo.Var(bounds=(0, 1))
    model.all = pyo.Constraint(expr=model.x + model.y + model.z >= 4)
    program = compile_model(model, {name: model.component(name) + 0 for name in "xyz"})
    rows = [program.figures["figure", name, None] for name in "xyz"]
    stages = [
        StageRow(n, row, (StageConstraint(n, row),)) for n, row in zip("xy", rows[:2], strict=True)
    ]
    program = replace(program, stages=(*stages, StageRow("z", rows[2], ())))
    solved = solve_program(program, Options())
    assert [stage.value for stage in solved.stages] == pytest.approx([0, 3, 1])
    for freed, least in (((), 1), (("x",), 0)):
        held = find_held(program, solved, [Criterion(name="z", figure="z", says="", frees=freed)])
        assert held.ceilings == pytest.approx({"x": 0, "y": 3} if not freed else {"y": 3})
        found = LpSession(held.program, Options()).minimise(
            LinearFigure(*held.program.find_figure("z"))
        )
        assert found.value == pytest.approx(least, abs=1e-9)
