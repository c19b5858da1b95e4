"""Minimal change: what a plan moves against another, and when it is worth it, worked by hand."""

from __future__ import annotations

import math

import pytest
from books import make_data, read_study
from paths import ANSWERS
from small_books import make_book, members, plan_sheets, settings

import cssopt
from cssopt.assembly.folders import find_model_folders
from cssopt.assembly.instance import Instance
from cssopt.errors import DataError
from cssopt.questions.plan.baseline import compare_with_standing_alone
from cssopt.solution.near_plan import Persist, measure_base, stay_near
from cssopt.solution.run import run_study
from cssopt.solve.answer import Options
from cssopt.solve.outcome import Status
from cssopt.tables.scenarios import read_change

FOLDERS = find_model_folders()
SWAPPED = make_book(members=members(index_of_b=0.7))
"""B costs 7 a unit, not 20. In the base plan A holds all 4 units, at 10 each: with B each of them
would cost 3 a year less, and is two moves, one out at A and one in at B."""

OBJECTIVES = ("pooled", "least_shortfall", "strict", "equal_security")


@pytest.fixture(scope="module")
def base():
    solution = plan_sheets(make_book())
    assert solution.pooled_expenditure == pytest.approx(4 * 40)
    return solution


def plan_near(base, sheets, persist, study="pooled", coalition=None):
    data = make_data(sheets)
    alone = {"alone_shortfall": {}}
    plain = Instance(data, read_study(study), coalition or data.members.keys, alone)
    near = stay_near(plain, measure_base(base, persist), FOLDERS)
    solution = run_study(near, Options())
    if solution.has_plan:
        assert solution.audit is not None
        assert solution.audit.passed, solution.audit.failures
    return solution


@pytest.mark.parametrize("study", OBJECTIVES)
def test_units_move_only_where_that_saves_more_than_it_weighs(base, study):
    """Two moves at 2 each weigh more than the 3 that they save; at 1 each they weigh less."""
    stays = plan_near(base, SWAPPED, Persist(2), study)
    assert stays.pooled_expenditure == pytest.approx(4 * 40)
    assert stays.quantities.units_moved == pytest.approx(0, abs=1e-6)
    assert stays.derived["moves"] == []
    moves = plan_near(base, SWAPPED, Persist(1), study)
    assert moves.pooled_expenditure == pytest.approx(4 * 28)
    assert moves.quantities.units_moved == pytest.approx(4 * 8)
    assert moves.quantities.persistence_penalty == pytest.approx(4 * 8)
    rows = {
        row["member"]: [row[year] for year in range(2030, 2034)] for row in moves.derived["moves"]
    }
    assert rows == {"A": pytest.approx([-4] * 4), "B": pytest.approx([4] * 4)}


def test_the_penalty_is_discounted_like_the_costs(base):
    """At 2 and at 1 the choice is the same in every year, at 100 % a year of discount too."""
    sheets = {**SWAPPED, "settings": settings()}
    row = next(row for row in sheets["settings"] if row[0] == "discount_rate")
    row[1] = 1.0
    present = 1 + 1 / 2 + 1 / 4 + 1 / 8
    assert plan_near(base, sheets, Persist(2)).pooled_expenditure == pytest.approx(present * 40)
    moves = plan_near(base, sheets, Persist(1))
    assert moves.pooled_expenditure == pytest.approx(present * 28)
    assert moves.quantities.persistence_penalty == pytest.approx(present * 8)


def test_money_stays_pure(base):
    """The penalty of 32 is part of the objective, and of no cost, outlay or burden."""
    moves = plan_near(base, SWAPPED, Persist(1))
    assert moves.objective == pytest.approx(4 * 28 + 32)
    assert sum(moves.costs.values()) == pytest.approx(4 * 28)
    assert sum(moves.quantities.burden.values()) == pytest.approx(4 * 28)
    assert not any("persist" in entry for entry in moves.costs)


@pytest.mark.parametrize("persist", [Persist(), Persist(0.0, 1e6)])
def test_with_no_weight_and_no_binding_bound_the_optimum_is_as_ever(base, persist):
    near = plan_near(base, SWAPPED, persist)
    assert near.pooled_expenditure == pytest.approx(4 * 28)


@pytest.mark.parametrize("study", ["pooled", "least_shortfall", "strict", "fair"])
def test_near_its_own_optimum_a_plan_costs_the_same(study):
    """Any optimum is a plan without moves, so that no weight can make it dearer; a fairer one may
    use up the 1e-4 that may move."""
    data = make_data(make_book())
    own = run_study(Instance(data, read_study(study), data.members.keys), Options())
    near = plan_near(own, make_book(), Persist(5, 1e-4), study)
    assert near.pooled_expenditure == pytest.approx(own.pooled_expenditure, rel=1e-5)
    assert near.quantities.units_moved <= 1e-4 + 1e-9


def test_a_bound_keeps_the_moves_within_it(base):
    """5 unit-years are 2.5 units moved from A to B for a year: 3 saved on each."""
    near = plan_near(base, SWAPPED, Persist(most=5))
    assert near.pooled_expenditure == pytest.approx(4 * 40 - 2.5 * 3)
    # Two unit-years more move one unit more: the price of one is half of what that saves.
    assert near.prices["limit_moved"].values[None] == pytest.approx(1.5)
    assert near.prices["limit_moved"].policy


def test_fairness_does_not_reshuffle_past_its_margin(base):
    """Fair sharing may cost 2 % more than the cheapest, penalty included: 163.2 where all stays
    for 160. A unit-year moved from A to B costs 10 - 7 = 3 less and 2 * 2 more in penalty, 1 in
    all: 3.2 of them move, and save 9.6."""
    near = plan_near(base, SWAPPED, Persist(2), "fair")
    assert near.quantities.units_moved == pytest.approx(2 * 3.2, rel=1e-4)
    assert near.pooled_expenditure == pytest.approx(160 - 9.6, rel=1e-5)


def test_security_comes_before_staying_near(base):
    """Twice the need: the 4 units more are held, whatever moving weighs."""
    sheets = make_book(requirements=[["threat", "capability", "day", "level"], ["K", "land", 0, 8]])
    assert "shortfall_penalty" in {row[0] for row in sheets["settings"]}
    sheets["settings"] = [row for row in sheets["settings"] if row[0] != "shortfall_penalty"]
    near = plan_near(base, sheets, Persist(1e6))
    assert near.threats_met
    assert near.pooled_expenditure == pytest.approx(4 * 80)
    assert near.quantities.units_moved == pytest.approx(4 * 4)


def test_a_member_that_has_left_moves_nothing(base):
    """B alone holds the 4 units: four in at B in each year; those of A are no moves of S."""
    near = plan_near(base, make_book(), Persist(1), coalition=["B"])
    assert near.pooled_expenditure == pytest.approx(4 * 80)
    assert near.quantities.units_moved == pytest.approx(4 * 4)


def test_units_that_can_no_longer_be_held_count_as_moved(base):
    """A lost its inventory: its 4 units of the base plan are gone, B holds 4 in their place."""
    sheets = make_book(inventory=[["member", "force", "units"], ["B", "unit", 8]])
    near = plan_near(base, sheets, Persist(1))
    assert near.quantities.units_moved == pytest.approx(4 * 8)
    assert plan_near(base, sheets, Persist(most=31), "strict").status is Status.INFEASIBLE


def test_savings_are_told_against_the_cheapest_plans(base):
    """Alone A spends 40 and B 28, together 28 at equal security: 40 a year are saved, though the
    plan that stays near the base spends 40."""
    near = plan_near(base, SWAPPED, Persist(2))
    equal = read_study("equal_security").objective
    baseline = compare_with_standing_alone(near, equal)
    assert baseline.expenditure_alone == pytest.approx(4 * 68)
    assert baseline.saving == pytest.approx(4 * 40)


@pytest.mark.parametrize("wrong", [-1.0, math.nan, math.inf])
def test_wrong_numbers_are_told_together(wrong):
    with pytest.raises(DataError) as caught:
        Persist(wrong, wrong)
    told = [str(issue) for issue in caught.value.issues]
    assert told == [
        f"E-110 --persist {wrong} must be a number of at least 0.",
        f"E-110 --persist-most {wrong} must be a number of at least 0.",
    ]


def test_without_a_base_plan_there_is_nothing_to_stay_near():
    sheets = make_book(inventory=[["member", "force", "units"]])
    data = make_data(sheets)
    nothing = run_study(Instance(data, read_study("strict"), data.members.keys), Options())
    assert nothing.status is Status.INFEASIBLE
    with pytest.raises(DataError, match="E-010 base the base plan is infeasible"):
        measure_base(nothing, Persist(1))


def change_answer(book, step, persist):
    """The what-if of a book of tests/cases/answers, near the plan of the book as it is."""
    case = cssopt.load(ANSWERS / f"{book}.xlsx")
    (variant,) = cssopt.whatif(case, scenarios={"less": [step]}, **persist).variants
    assert variant.reason == ""
    assert variant.solution.status is Status.OPTIMAL
    assert variant.solution.audit.passed
    return variant.solution


# A keeps its 4 drones though half a one is needed: 4 * 1 * 4 years, and its fleet 0.5 * 4.
@pytest.mark.medium
@pytest.mark.parametrize(("book", "cost"), [("persist_fleet", 18), ("persist_nofleet", 16)])
@pytest.mark.parametrize("persist", [{"persist": 100}, {"persist_most": 0}])
def test_a_bound_of_needs_leaves_room_for_the_base_plan(book, cost, persist):
    plan = change_answer(book, "requirements.level=0.5", persist)
    assert plan.pooled_expenditure == pytest.approx(cost)
    assert plan.quantities.units_moved == pytest.approx(0, abs=1e-6)


def test_a_front_over_change_ends_at_the_base_plan():
    case = cssopt.load(ANSWERS / "persist_fleet.xlsx")
    less, _ = cssopt.change(case, [read_change("requirements.level=0.5")])
    found = cssopt.frontier(less, trade=["change"], near=cssopt.solve(case), points=2)
    assert found.status is Status.OPTIMAL
    assert found.front.points[-1].values == pytest.approx((18, 0), abs=1e-6)


@pytest.mark.medium
def test_the_base_plan_stays_a_plan_where_a_twentieth_is_needed():
    step = "requirements.level*=0.05"
    plan = change_answer("persist_random_3002", step, {"persist_most": 1e-6})
    base = cssopt.solve(cssopt.load(ANSWERS / "persist_random_3002.xlsx"))
    assert plan.quantities.units_moved == pytest.approx(0, abs=1.1e-6)
    assert plan.pooled_expenditure <= base.pooled_expenditure + 1e-6
