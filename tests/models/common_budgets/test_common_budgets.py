"""Common costs: who withholds its share of them, and what they may come to, worked by hand."""

from __future__ import annotations

import pytest
from books import add_column, solve_sheets
from small_books import bodies, compare, make_book, measure, members, plan, plan_sheets

from cssopt.errors import DataError

TALKS = measure(None)
"""Talks halve the need for 4 a year: A holds 2 units for 20 in place of 4 for 40."""


def weights(*of_members, third=False):
    return add_column(members(third=third), "common_weight", *of_members)


def budgets(*rows):
    return [["year", "budget"], *rows]


def shares(solution, year=2030):
    return {m: solution.quantities.key_share[m, year] for m in solution.coalition}


def test_common_costs_are_shared_by_weight():
    """Talks cost 4 a year, GDPs are equal. Blank weights are 1: half each. A at 3: three quarters.
    A at 0: B bears all."""
    assert shares(plan(**TALKS)) == {"A": 0.5, "B": 0.5}
    three = plan(**TALKS, members=weights(3, None))
    assert shares(three) == {"A": 0.75, "B": 0.25}
    assert three.quantities.burden["B"] == pytest.approx(4 * 1)
    withheld = plan(**TALKS, members=weights(0, None))
    assert shares(withheld) == {"A": 0.0, "B": 1.0}
    assert withheld.quantities.burden == pytest.approx({"A": 4 * 20, "B": 4 * 4})
    assert withheld.pooled_expenditure == pytest.approx(4 * 24)


def test_what_is_withheld_is_borne_by_the_others_by_their_shares():
    rows = weights(0, 1, 1, third=True)
    rows[2][3], rows[3][3] = 3000, 1000
    assert shares(plan(**TALKS, members=rows)) == {"A": 0.0, "B": 0.75, "C": 0.25}


def test_the_weight_is_a_factor_on_a_key_of_the_treaty_too():
    """Shares 60 and 40, A at a half: 30 to 40."""
    keys = [["key", "member", "share"], ["treaty", "A", 60], ["treaty", "B", 40]]
    sheets = make_book(**TALKS, members=weights(0.5, 1), sharing_keys=keys)
    assert shares(solve_sheets(sheets, sharing_key="treaty")) == pytest.approx(
        {"A": 3 / 7, "B": 4 / 7}
    )


def test_a_key_that_adds_up_to_0_is_told():
    with pytest.raises(DataError, match=r'E-302 .*"gdp" adds up to 0 over A, B.*common_weight'):
        solve_sheets(make_book(**TALKS, members=weights(0, 0)))


def test_alone_a_member_bears_its_costs_whatever_its_weight():
    alone = plan(["A"], **TALKS, members=weights(0, 1))
    assert shares(alone) == {"A": 1.0}
    assert alone.quantities.burden["A"] == pytest.approx(4 * 24)
    compare(make_book(**TALKS, members=weights(0, 1)), ledger=False)


def test_a_ceiling_on_common_costs_bounds_them():
    """3 buy three quarters of the talks: the need is 4 * (1 - 0.75 / 2) = 2.5 units, for 25."""
    capped = plan(**TALKS, common_budgets=budgets([2030, 3]))
    assert capped.pooled_expenditure == pytest.approx(3 * 24 + 28)
    assert capped.quantities.common_cost[2031] == pytest.approx(4)
    assert capped.quantities.common_cost[2030] == pytest.approx(3)
    # One more million buys a quarter of the talks, half a unit less for 5: it saves 4.
    price = capped.prices["limit_common_budget"]
    assert price.values[2030] == pytest.approx(4)
    assert price.policy


def test_nothing_common_may_be_spent():
    """No council without money: nothing is pooled, and each holds its whole need, 40 + 80."""
    council = bodies(("council", "delegation", 1, 1))
    years = [[year, 0] for year in range(2030, 2034)]
    apart = plan(bodies=council, common_budgets=budgets(*years))
    assert apart.pooled_expenditure == pytest.approx(4 * 120)
    assert plan(bodies=council).pooled_expenditure == pytest.approx(4 * 40 + 1 + 4)


def test_the_ceiling_of_a_coalition_does_not_bind_its_members_alone():
    years = [[year, 0] for year in range(2030, 2034)]
    alone = plan(["A"], **TALKS, common_budgets=budgets(*years))
    assert alone.pooled_expenditure == pytest.approx(4 * 24)


def test_rows_of_other_years_and_no_rows_change_nothing():
    assert plan(**TALKS, common_budgets=budgets([2020, 0])).pooled_expenditure == pytest.approx(96)
    assert plan_sheets(make_book(**TALKS)).pooled_expenditure == pytest.approx(96)
