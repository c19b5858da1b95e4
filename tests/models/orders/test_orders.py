"""What an order costs in the end, by hand, with all that bears on it at once.

The threat comes in 2033. A drone ordered in 2031 is there in 2033 and serves four years, three of
them after the plan's end. It costs 20 million and half as much again each year, half of that once a
programme is complete; a million of each year is worth 4/5 of one of the year before.
"""

from __future__ import annotations

import pytest
from books import add_column
from small_books import DRONE_POWER, forces, make_book, plan_sheets, programme, years_of


@pytest.fixture(scope="module")
def plan():
    return find_plan()


def find_plan(**more):
    """The plan of that book, with more settings."""
    book = make_book(
        forces=add_column(
            add_column(forces(price=20), "lead_time", 0, 2), "price_growth", None, 0.5
        ),
        power=DRONE_POWER,
        **programme("production", "price_cut", "drone", 0.5),
    )
    book["programmes"][1][3] = 0
    book["threats"][1][4] = 2033
    for row in book["settings"]:
        row[1] = 0.25 if row[0] == "discount_rate" else row[1]
    book["settings"] += [[name, value] for name, value in more.items()]
    return plan_sheets(book)


def test_an_order_is_paid_when_it_is_placed_and_worth_something_at_the_end(plan):
    """4 drones at 20 * 1.5 / 2 in 2031, a year at 1 million, and 3 of 4 years left in 2033."""
    orders = {t: x for (m, _, t), x in plan.quantities.orders.items() if m == "A"}
    assert orders == {2030: pytest.approx(0), 2031: pytest.approx(4)}
    costs = {entry: cost for entry, cost in plan.costs.items() if abs(cost) > 1e-6}
    assert costs == {
        "procurement_cost": pytest.approx(4 * 15 * 0.8),
        "joint_programme_cost": pytest.approx(5 * 0.8),
        "operating_cost": pytest.approx(4 * 0.512),
        "salvage_value": pytest.approx(-4 * 15 * 3 / 4 * 0.512),
    }
    assert plan.pooled_expenditure == pytest.approx(48 + 4 + 2.048 - 23.04)


def test_what_is_left_at_the_end_counts_in_the_burden_and_not_in_the_outlay(plan):
    """A and B share the programme's 5 million; all else is A's."""
    outlay = {t: x for (m, t), x in plan.quantities.outlay.items() if m == "A"}
    assert years_of({("A", t): x for t, x in outlay.items()}, "A") == pytest.approx(
        [0, 60 + 2.5, 0, 4], abs=1e-6
    )
    assert plan.quantities.burden == pytest.approx({"A": 48 + 2 + 2.048 - 23.04, "B": 2})


def test_where_less_of_the_residual_value_counts_drones_are_bought_when_they_are_cheap():
    """In 2030 they cost 10 each, the programme 5, and they serve two of four years by 2033. That is
    39.4 million against 31.0 with all of the residual value; 47.1 against 48.3 with a quarter."""
    credited = find_plan(residual_share=0.25)
    assert credited.costs["salvage_value"] == pytest.approx(-4 * 10 * 2 / 4 * 0.512 / 4)
    spent = 4 * 10 + 5 + 4 * (0.64 + 0.512)
    assert credited.pooled_expenditure == pytest.approx(spent - 4 * 10 * 2 / 4 * 0.512 / 4)
