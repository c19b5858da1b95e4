"""With whole numbers too, what is held is held exactly: test_holding.py has the linear books.

The last crumbs of security are dear: what a stage lets pass of the one before is worth money.
"""

from __future__ import annotations

import pytest
from books import make_case

import cssopt

STEEP = 559.996
"""4 x (10 x 3.9999 units + 10 x 10 of gold, of which a unit has power 1e-5)."""


def make_steep_book(priority=1.0, scale=1.0):
    """The knife edge, and jets that are whole: A has people for 2.5, of 3 that are needed.

    With fractions less would be missing, so that no face of the linear relaxation has the plan.
    Gold and units as above, and 2 jets at 10 in each of 4 years: 80 more. X is out of reach.
    """
    return make_case(
        {
            "settings": [
                ["name", "value"], ["title", "Steep"], ["currency", "EUR"], ["price_year", 2030],
                ["first_year", 2030], ["last_year", 2033], ["discount_rate", 0],
            ],
            "members": [
                ["member", "name", "home_theatre", "gdp", "population", "personnel", "cost_index"],
                ["A", "Alpha", "HOME", 1000, 1, 2.5, 1],
                ["B", "Beta", "HOME", 1000, 1, None, 2],
            ],
            "theatres": [["theatre", "name"], ["HOME", "Home"], ["FAR", "Far"]],
            "capabilities": [
                ["capability", "name", "measure"],
                ["land", "Land", "power"], ["air", "Air", "power"],
            ],
            "forces": [
                ["force", "name", "personnel", "operating_cost", "procurement_cost",
                 "service_life", "whole"],
                ["unit", "Unit", 0, 10, None, 30, False],
                ["gold", "Gold", 0, 10, None, 30, False],
                ["jet", "Jet", 1, 10, None, 30, True],
            ],
            "power": [
                ["force", "capability", "power"],
                ["unit", "land", scale], ["gold", "land", 1e-5 * scale], ["jet", "air", 1],
            ],
            "inventory": [
                ["member", "force", "units"],
                ["A", "unit", 3.9999], ["A", "gold", 15], ["A", "jet", 3],
            ],
            "readiness": [
                ["tier", "notice_days", "operating_factor", "available_share"],
                ["ready", 0, 1, 1],
            ],
            "movement": [["member", "theatre", "transit_days", "cost_per_load"]],
            "threats": [
                ["threat", "name", "theatre", "kind", "priority"],
                ["K", "Crisis", "HOME", "military", 1],
                ["X", "Out of reach", "FAR", "military", priority],
                ["Z", "In the air", "HOME", "military", 1],
            ],
            "requirements": [
                ["threat", "capability", "day", "level"],
                ["K", "land", 0, 4 * scale], ["X", "land", 0, 4], ["Z", "air", 0, 3],
            ],
        }
    )  # fmt: skip


@pytest.mark.parametrize("priority", [1.0, 100.0, 1e4, 1e6])
@pytest.mark.parametrize("scale", [1e-3, pytest.param(1.0, marks=pytest.mark.slow), 1e6])
def test_a_row_that_holds_lets_nothing_be_spent_with_whole_numbers(priority, scale):
    case = make_steep_book(priority, scale)
    for study in ("pooled", "fair"):
        plan = cssopt.solve(case, study)
        assert plan.pooled_expenditure == pytest.approx(STEEP + 80, rel=1e-8)
        assert plan.missing_share == pytest.approx(4 * priority + 4 / 3, rel=1e-12)
        # The bound of a search is of a plan that spends the trifle which its row leaves.
        assert plan.bound <= plan.pooled_expenditure * (1 + 1e-9)


def test_the_end_of_a_front_is_that_plan():
    _, secure = cssopt.frontier(make_steep_book(), ["shortfall"]).front.ends
    assert secure.values == pytest.approx((STEEP + 80, 4 + 4 / 3), rel=1e-8)
