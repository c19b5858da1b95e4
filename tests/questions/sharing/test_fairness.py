"""Burden against benefit, worked out by hand.

A, B and C bear 10, 30 and 60 million; their GDP is 200, 300 and 500.
"""

from __future__ import annotations

import pytest

from cssopt.questions.sharing.fairness import (
    Side,
    Yardstick,
    find_fairness,
    find_requirement_costs,
    find_shares,
)
from cssopt.questions.sharing.inequality import (
    find_concentration_index,
    find_gini,
    find_herfindahl_index,
    find_kakwani_index,
)

BURDEN = {"A": 10.0, "B": 30.0, "C": 60.0}
GDP = {"A": 200.0, "B": 300.0, "C": 500.0}
POWER = {"A": 5.0, "B": 3.0, "C": 2.0}


def build_yardsticks():
    return [
        Yardstick("burden", Side.INPUT, BURDEN),
        Yardstick("ready power", Side.OUTPUT, POWER),
        Yardstick("gdp", Side.BENEFIT, GDP),
    ]


def test_shares_and_ratios_stand_side_by_side():
    found = find_fairness(build_yardsticks())
    assert found.shares["burden"] == pytest.approx({"A": 0.1, "B": 0.3, "C": 0.6})
    assert found.shares["gdp"] == pytest.approx({"A": 0.2, "B": 0.3, "C": 0.5})
    money, power = found.comparisons
    assert (money.burden, money.benefit) == ("burden", "gdp")
    assert money.ratios == pytest.approx({"A": 0.5, "B": 1.0, "C": 1.2})
    assert money.ordered == ("C", "B", "A")
    assert money.gap == pytest.approx(0.7)
    assert power.ratios == pytest.approx({"A": 2.5, "B": 1.0, "C": 0.4})
    assert [one.name for one in money.statistics] == [
        "Spearman rank correlation",
        "Kendall tau-b",
        "Wilcoxon signed-rank",
        "concentration index",
        "Kakwani index",
    ]


def test_money_and_power_reverse_every_pair():
    flips = find_fairness(build_yardsticks()).flips
    assert [(flip.ahead, flip.behind) for flip in flips] == [("B", "A"), ("C", "A"), ("C", "B")]


def test_gini_by_mean_differences():
    # |10-30| + |10-60| + |30-60| = 100, twice, over 2 * 9 * mean 100/3
    assert find_gini(BURDEN).value == pytest.approx(200 / (2 * 9 * 100 / 3))
    assert find_gini({"A": 7.0, "B": 7.0}).value == pytest.approx(0)
    assert find_gini({"A": 0.0, "B": 0.0, "C": 0.0, "D": 8.0}).value == pytest.approx(3 / 4)


def test_concentration_ranks_by_the_other():
    # ranked by power C, B, A: the reverse of burden, so minus its Gini
    assert find_concentration_index(BURDEN, POWER).value == pytest.approx(-1 / 3)
    # benefits all alike: no ranks, no concentration
    assert find_concentration_index(BURDEN, dict.fromkeys(BURDEN, 1.0)).value == pytest.approx(0)
    # Gini of GDP: (100 + 300 + 200) * 2 / (2 * 9 * 1000/3) = 0.2; 1/3 - 0.2
    assert find_kakwani_index(BURDEN, GDP).value == pytest.approx(1 / 3 - 0.2)


def test_herfindahl_sums_squared_shares():
    assert find_herfindahl_index(BURDEN).value == pytest.approx(0.01 + 0.09 + 0.36)


def test_a_share_below_nothing_has_no_gini_and_says_so():
    found = find_gini({"A": -1.0, "B": 3.0})
    assert found.value is None
    assert found.why_not.startswith("A would have less than nothing")
    assert find_herfindahl_index({"A": 0.0}).why_not.startswith("Nobody has any")


def test_a_yardstick_that_sums_to_nothing_is_told():
    nothing = Yardstick("exposure", Side.BENEFIT, dict.fromkeys(BURDEN, 0.0))
    unknown = Yardstick("alone", Side.INPUT, {**BURDEN, "B": float("inf")})
    found = find_fairness([*build_yardsticks(), nothing, unknown])
    assert found.untold == {
        "exposure": "All members together have 0.00: there are no shares of it.",
        "alone": "What B has is not known: there are no shares.",
    }
    assert len(found.comparisons) == 2
    with pytest.raises(ValueError, match="no shares"):
        find_shares(nothing.values)


def test_a_member_without_benefit_has_no_ratio():
    exposure = Yardstick("exposure", Side.BENEFIT, {"A": 0.0, "B": 1.0, "C": 1.0})
    (comparison,) = find_fairness([build_yardsticks()[0], exposure]).comparisons
    assert comparison.ratios == {"A": None, "B": pytest.approx(0.6), "C": pytest.approx(1.2)}
    assert comparison.ordered == ("C", "B")


def test_yardsticks_must_name_the_same_members_once():
    burden = build_yardsticks()[0]
    with pytest.raises(ValueError, match="name alone"):
        find_fairness([burden, burden])
    with pytest.raises(ValueError, match="every member"):
        find_fairness([burden, Yardstick("gdp", Side.BENEFIT, {"A": 1.0})])


def test_what_a_part_of_the_requirements_costs():
    rows = find_requirement_costs({"A": 4.0, "B": 16.0, "C": 0.0}, BURDEN)
    assert [row.share for row in rows] == pytest.approx([0.2, 0.8, 0.0])
    assert [row.money_share for row in rows] == pytest.approx([0.1, 0.3, 0.6])
    assert [row.price for row in rows] == [2.5, 1.875, None]
    nothing = find_requirement_costs({"A": 0.0}, {"A": 0.0})[0]
    assert (nothing.share, nothing.money_share, nothing.price) == (None, None, None)
