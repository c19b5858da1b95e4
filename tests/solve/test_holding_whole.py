"""With whole numbers too, what is held is held exactly: test_holding.py has the linear books.

The last crumbs of security are dear: what a stage lets pass of the one before is worth money.
"""

from __future__ import annotations

import numpy as np
import pytest
from books import make_case
from scipy.sparse import csr_array

import cssopt
from cssopt.solve.answer import Options
from cssopt.solve.names import Names
from cssopt.solve.program import Program, StageConstraint, StageRow
from cssopt.solve.stages import solve_program

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


@pytest.mark.medium
@pytest.mark.parametrize("priority", [1.0, 100.0, 1e4, 1e6])
@pytest.mark.parametrize("scale", [1e-3, pytest.param(1.0, marks=pytest.mark.slow), 1e6])
def test_a_row_that_holds_lets_nothing_be_spent_with_whole_numbers(priority, scale):
    case = make_steep_book(priority, scale)
    for study in ("pooled", "fair"):
        plan = cssopt.solve(case, study=study)
        assert plan.pooled_expenditure == pytest.approx(STEEP + 80, rel=1e-8)
        assert plan.missing_share == pytest.approx(4 * priority + 4 / 3, rel=1e-12)
        # The bound of a search is of a plan that spends the trifle which its row leaves.
        assert plan.bound <= plan.pooled_expenditure * (1 + 1e-9)


def test_the_end_of_a_front_is_that_plan():
    _, secure = cssopt.frontier(make_steep_book(), trade=["shortfall"]).front.ends
    assert secure.values == pytest.approx((STEEP + 80, 4 + 4 / 3), rel=1e-8)


def test_the_prices_of_three_stages_are_those_of_the_last():
    """s >= 2.5 - w: w is 2, and s a half, which fractions would not need: a row holds it. Then
    b >= 0.6 is least, and c >= 4 - b last, at 2 each: one more of that row costs 2, and nothing
    before."""
    program = Program(
        matrix=csr_array(np.array([[1.0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 1, 1]])),
        row_lower=np.array([2.5, 0.6, 4]),
        row_upper=np.full(3, np.inf),
        lower=np.zeros(4),
        upper=np.array([2.5, np.inf, np.inf, np.inf]),
        whole=np.array([True, False, False, False]),
        reported=csr_array(np.array([[0.0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 2]])),
        offsets=np.zeros(3),
        stages=(
            StageRow("short", 0, (StageConstraint("short", 0),)),
            StageRow("late", 1, (StageConstraint("late", 1),)),
            StageRow("money", 2, ()),
        ),
        figures={},
        columns=Names.of(("x", name, None) for name in "wsbc"),
        rows=Names.of(("x", name, None) for name in ("need", "early", "all")),
    )
    solved = solve_program(program, Options())
    assert [stage.value for stage in solved.stages] == pytest.approx([0.5, 0.6, 6.8])
    assert solved.prices_of == "fixed"
    assert solved.row_prices[2] == pytest.approx(2)
    assert solved.column_prices[3] == pytest.approx(0, abs=1e-9)
