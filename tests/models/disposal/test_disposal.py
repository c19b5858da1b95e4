"""What giving up units costs, by hand; and with residual value, by the independent program.

In the small book the coalition needs 4 units: A keeps 4 of its 8 at 10 million a year, and B, twice
as dear, gives up all of its 8. A unit that is kept for four years without need costs 40, or B's 80.
"""

from __future__ import annotations

import math
import random

import pytest
from books import add_column, make_case
from independent import questions
from independent.random_books import make_random_book
from small_books import forces, make_book, plan_sheets

import cssopt


def small_book(disposal_cost, units=8, **columns):
    rows = forces()
    for name, value in {"disposal_cost": disposal_cost, **columns}.items():
        rows = add_column(rows, name, value)
    book = make_book(forces=rows)
    book["inventory"] = [["member", "force", "units"], ["A", "unit", units], ["B", "unit", units]]
    return book


def test_cheap_disposal_is_paid_in_the_year_in_which_units_go():
    plan = plan_sheets(small_book(15))
    costs = {entry: cost for entry, cost in plan.costs.items() if abs(cost) > 1e-6}
    assert costs == {
        "operating_cost": pytest.approx(4 * 4 * 10),
        "disposal_cost": pytest.approx(4 * 15 + 8 * 30),
    }
    outlay = plan.quantities.outlay
    assert outlay["A", 2030] == pytest.approx(4 * 10 + 4 * 15)
    assert outlay["B", 2030] == pytest.approx(8 * 30)
    assert outlay["B", 2031] == pytest.approx(0)
    given_up = plan.accounts["given up"]
    assert given_up["A", "unit", 2030] == pytest.approx(4)
    assert sum(given_up.values()) == pytest.approx(12)


def test_units_that_are_dear_to_give_up_are_kept_without_need():
    """100 a unit is more than 40, and B's 200 more than 80. A fleet that costs something bounds
    what is held: the bound must leave room for all 20 units, of which 4 are needed."""
    plan = plan_sheets(small_book(100, units=20, fleet_cost=1))
    costs = {entry: cost for entry, cost in plan.costs.items() if abs(cost) > 1e-6}
    assert costs == {
        "operating_cost": pytest.approx(20 * 4 * 10 + 20 * 4 * 20),
        "fleet_cost": pytest.approx(4 * 1 + 4 * 2),
    }


def test_what_ages_out_costs_nothing():
    """All 8 units of both age out by 2034, 2 a year: A needs 4 and has 8, 6, 4, 2."""
    book = small_book(100)
    book["inventory"] = add_column(book["inventory"], "remaining_life", 4, 4)
    plan = plan_sheets(book)
    assert plan.costs["disposal_cost"] == pytest.approx(0, abs=1e-6)
    assert sum(plan.accounts["aged out"].values()) == pytest.approx(2 * 3 * 2)


def test_blank_or_absent_is_the_same_program():
    absent, blank = make_case(make_book()), make_case(small_book(None))
    without, with_blank = cssopt.solve(absent), cssopt.solve(blank)
    assert with_blank.found.shape == without.found.shape
    assert with_blank.objective == without.objective
    assert "disposal_cost" not in with_blank.found.costs


def test_a_what_if_tells_what_another_cost_does():
    """From 1 to 15 million: 60 + 240 instead of 4 + 16, beside 160 for running 4 units."""
    base, changed = make_case(small_book(1)), ["forces.disposal_cost=15"]
    told = cssopt.whatif(base, changes=changed)
    assert told.base.pooled_expenditure == pytest.approx(160 + 4 * 1 + 8 * 2)
    assert told.variants[0].solution.pooled_expenditure == pytest.approx(160 + 60 + 240)


@pytest.mark.parametrize(
    "seed", [3, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(40, 70))]
)
def test_random_books_agree_with_the_independent_program(seed):
    chance, book = random.Random(seed), make_random_book(seed, 1.0)
    costs = [chance.choice([None, chance.uniform(1, 60)]) for _ in book["forces"][1:]]
    book["forces"] = add_column(book["forces"], "disposal_cost", *costs)
    book["settings"].append(["residual_share", chance.choice([0, 0.5, 0.9])])
    members = [row[0] for row in book["members"][1:]]
    right, solution = questions.solve(book, members), cssopt.solve(make_case(book))
    if right is None:
        assert solution.status is cssopt.Status.INFEASIBLE
        return
    assert solution.status is cssopt.Status.OPTIMAL
    assert solution.audit.passed, solution.audit.failures
    assert solution.objective == pytest.approx(right.objective, rel=1e-6, abs=1e-6)
    assert math.isclose(sum(solution.costs.values()), solution.pooled_expenditure, rel_tol=1e-6)
