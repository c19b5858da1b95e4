"""Shares paid in forces, by hand."""

from __future__ import annotations

import pytest
from small_books import plan

from cssopt.questions.sharing.in_kind import read_credits, settle_in_kind, sum_in_kind

CREDITS = {("A", 2030): 48.0, ("A", 2031): 20.0, ("B", 2030): 12.0, ("B", 2031): 0.0}


def test_a_share_is_credit_and_cash():
    settled = settle_in_kind(CREDITS, {"A": 3, "B": 1})
    # 60 in 2030, of which A owes 45 and has provided 48; 20 in 2031, of which it owes 15.
    assert settled["A", 2030] == (45, 48, -3)
    assert settled["B", 2030] == (15, 12, 3)
    assert settled["A", 2031] == (15, 20, -5)
    assert settled["B", 2031] == (5, 0, 5)
    # A million of 2031 is worth 0.8 in 2030.
    worth = sum_in_kind(settled, {2030: 1.0, 2031: 0.8})
    assert worth["A"] == pytest.approx((45 + 12, 48 + 16, -3 - 4))
    assert worth["B"] == pytest.approx((15 + 4, 12, 3 + 4))


def test_shares_that_share_nothing_are_refused():
    with pytest.raises(ValueError, match="add up to nothing"):
        settle_in_kind(CREDITS, {"A": 0, "B": 0})


def test_credits_are_those_of_the_plan_and_by_its_key_settle_as_it_tells():
    solution = plan(
        inventory=[["member", "force", "units"], ["A", "unit", 8]],
        exposure=[["threat", "member", "share"], ["K", "B", 1]],
        contributions_in_kind=[["member", "force", "credit_per_unit"], ["*", "unit", 12]],
    )
    credited = read_credits(solution)
    assert credited == {
        (m, t): pytest.approx(48 * (m == "A")) for m in "AB" for t in range(2030, 2034)
    }
    settled = settle_in_kind(credited, {"A": 1000, "B": 1000})
    told = {(row["member"], row["year"]): row for row in solution.derived["credits_in_kind"]}
    for key, one in settled.items():
        assert one == pytest.approx((told[key]["due"], told[key]["credit"], told[key]["cash"]))


def test_without_agreed_prices_there_are_no_credits():
    assert read_credits(plan()) == {}
