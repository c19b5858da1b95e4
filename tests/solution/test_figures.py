"""The figures by which plans are compared, each by hand."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from books import read_study, solve_sheets
from small_books import activities, activity, bodies, make_book, make_early_book

from cssopt.solution.figures import Figure, Figures

YEARS = 4

FIGURES = Figures.of(read_study("pooled"))


def told(numbers, has_plan=True):
    """A plan of which only these numbers are known."""
    return SimpleNamespace(numbers=numbers, has_plan=has_plan)


def figure(absent=0.0):
    return Figure("made up", ("member",), "amount", lambda plan: plan.numbers, absent)


OLD = told({("A",): 3.0, ("B",): 1.0, ("C",): 2.0})


def test_a_difference_is_what_the_new_plan_has_more_and_only_where_it_has():
    new = told({("A",): 1.0, ("B",): 1.0 + 1e-7, ("D",): 5.0})
    assert figure().differences(OLD, new) == {("A",): -2.0, ("C",): -2.0, ("D",): 5.0}
    # What is no figure where it is absent cannot differ: a date, a share of a need.
    assert figure(absent=None).differences(OLD, new) == {("A",): -2.0}


@pytest.mark.parametrize("none", [None, told({("A",): 1.0}, has_plan=False)])
def test_without_a_plan_there_is_no_figure_and_no_difference(none):
    assert figure().amounts(none) == {}
    assert figure().differences(OLD, none) == {}
    assert figure().differences(told({("A",): 1.0}, has_plan=False), OLD) == {}


def test_the_share_covered_is_the_worst_of_days_and_years():
    """Missing: a half, a quarter, and what is only rounding."""

    def row(threat, day, year, missing):
        parts = {"need": 8.0, "own": 1.0, "delegated": 2.0, "shortfall": 8.0 * missing}
        return {"threat": threat, "capability": "land", "day": day, "year": year,
                "missing_share": missing, **parts}  # fmt: skip

    rows = [row("K", 0, 2030, 0.25), row("K", 0, 2031, 0.5), row("L", 0, 2030, 1e-9)]
    plan = SimpleNamespace(has_plan=True, derived={"coverage": rows})
    assert FIGURES.covered_share.amounts(plan) == {("K", "land"): 0.5, ("L", "land"): 1.0}
    sums = FIGURES.coverage.amounts(plan)
    assert sums["K", "land", "need"] == 16.0
    assert sums["K", "land", "shortfall"] == 6.0
    assert sums["K", "land", "delegated"] == 4.0


@pytest.fixture(scope="module")
def plan():
    return solve_sheets(make_early_book())


def test_costs_are_present_values_by_bearer(plan):
    """A meets its own need: no treaty, no council."""
    value = 40 + 40 * 0.8
    assert FIGURES.costs.amounts(plan)["operating_cost",] == pytest.approx(value)
    costs = {key: x for key, x in FIGURES.costs_by_bearer.amounts(plan).items() if abs(x) > 1e-6}
    assert costs == {("A", "operating_cost"): pytest.approx(value)}


def test_units_are_the_mean_of_all_years(plan):
    assert FIGURES.units.amounts(plan)["A", "unit"] == pytest.approx(4 * 2 / YEARS)


def test_what_is_never_begun_has_no_date_of_completion():
    """Only B is endangered, and A does it cheaper once the treaty stands, in 2031."""
    book = make_book(
        exposure=[["threat", "member", "share"], ["K", "B", 1]],
        bodies=bodies(("forum", "consultation", 9, 9)),
        activities=activities(
            activity("treaty", "treaty", 1, 2), activity("talks", "body", 1, 2, body="forum")
        ),
    )
    (completions,) = FIGURES.milestones
    assert completions.amounts(solve_sheets(book)) == {("treaty",): 2031}
