"""What fairness adds at each level, worked out by hand.

The cheapest plan costs 1,000 and its largest burden is 4 % of GDP.
"""

from __future__ import annotations

import pytest

from cssopt.questions.sharing.price_of_fairness import FairPlan, find_price_of_fairness

CHEAPEST = FairPlan(0.0, 1000.0, 0.04)


def test_every_level_against_the_cheapest_and_the_one_before():
    # 20 more for one percentage point; then 30 more for half a point, 60 a point
    rows = find_price_of_fairness(
        CHEAPEST, [FairPlan(0.05, 1050.0, 0.025), FairPlan(0.02, 1020.0, 0.03)]
    )
    assert [row.plan.margin for row in rows] == [0.0, 0.02, 0.05]
    assert [row.added for row in rows] == [0, 20, 50]
    assert [row.added_share for row in rows] == pytest.approx([0, 0.02, 0.05])
    assert [row.relief for row in rows] == pytest.approx([0, 0.01, 0.015])
    assert rows[0].price is None
    assert [row.price for row in rows[1:]] == pytest.approx([20, 60])


def test_a_level_that_buys_nothing_has_no_price():
    rows = find_price_of_fairness(CHEAPEST, [FairPlan(0.1, 1000.0, 0.04)])
    assert (rows[1].added, rows[1].relief, rows[1].price) == (0, 0, None)


def test_a_level_without_a_plan_is_told_and_the_next_is_against_the_last_plan():
    rows = find_price_of_fairness(
        CHEAPEST,
        [
            FairPlan(0.02, None, None, why_not="The time limit was reached."),
            FairPlan(0.05, 1040.0, 0.02),
        ],
    )
    assert rows[1].added is None
    assert rows[1].note == "The time limit was reached."
    assert rows[2].price == pytest.approx(20)


def test_doubt_is_told():
    unproven = find_price_of_fairness(CHEAPEST, [FairPlan(0.02, 1005.0, 0.03, doubt=8.0)])
    assert "less than the 8.00 by which the plans are not proven" in unproven[1].note
    cheaper = find_price_of_fairness(CHEAPEST, [FairPlan(0.02, 990.0, 0.03)])
    assert cheaper[1].added == -10
    assert "Costs 10.00 less than the cheapest plan" in cheaper[1].note


def test_without_the_cheapest_plan_there_is_no_price():
    with pytest.raises(ValueError, match="cheapest"):
        find_price_of_fairness(FairPlan(0.0, None, None, why_not="none"), [])
