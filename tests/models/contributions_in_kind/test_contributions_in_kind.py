"""Credits for contributions in kind by hand: what is provided, at which price, and who pays it.

Only B is endangered, and A has all units: A holds 4 of them for 40 million a year, and delegates
all 4. Both economies are alike, so that each owes half of all credits.
"""

from __future__ import annotations

import pytest
from books import make_case, make_data
from small_books import activities, activity, forces, make_book, plan, years_of

import cssopt
from cssopt import DataError

HEADER = ["member", "force", "credit_per_unit", "fair_market_value", "useful_life",
          "no_fault_factor", "lease", "maintenance", "counts", "most_notice_days"]  # fmt: skip
AGAINST_B = {
    "inventory": [["member", "force", "units"], ["A", "unit", 8]],
    "exposure": [["threat", "member", "share"], ["K", "B", 1]],
}


def prices(*rows):
    return [HEADER, *([*row, *[None] * (len(HEADER) - len(row))] for row in rows)]


def credited(solution, m="A"):
    rows = [row for row in solution.derived["credits_in_kind"] if row["member"] == m]
    return [row["credit"] for row in rows]


def test_a_share_is_paid_in_forces_and_the_rest_in_cash():
    solution = plan(**AGAINST_B, contributions_in_kind=prices(("*", "unit", 12)))
    # 4 units of 12: 48 a year, of which each owes 24.
    assert credited(solution) == pytest.approx([48] * 4)
    assert credited(solution, "B") == [0] * 4
    a, b = solution.derived["burden_in_kind"]
    assert (a["credit"], a["due"], a["cash"]) == pytest.approx((192, 96, -96))
    assert (b["credit"], b["due"], b["cash"]) == pytest.approx((0, 96, 96))
    assert (a["burden"], a["burden_after"]) == pytest.approx((160, 64))
    assert (b["burden"], b["burden_after"]) == pytest.approx((0, 96))
    year = solution.derived["credits_in_kind"][0]
    assert (year["outlay"], year["outlay_after"]) == pytest.approx((40, 16))


def test_credits_change_no_plan_and_no_cost():
    plain = plan(**AGAINST_B)
    credited_plan = plan(**AGAINST_B, contributions_in_kind=prices(("*", "unit", 12)))
    assert credited_plan.pooled_expenditure == plain.pooled_expenditure
    assert credited_plan.quantities.costs == plain.quantities.costs
    assert credited_plan.quantities.burden == plain.quantities.burden
    names = {"provided_in_kind", "credits_in_kind", "burden_in_kind"}
    assert names <= set(credited_plan.derived)
    assert not names & set(plain.derived)


@pytest.mark.parametrize(
    ("row", "price"),
    [
        # Value 100 over 20 years, 0.5 % of it for losses, and 3 for maintenance.
        (("A", "unit", None, 100, 20, 0.005, "wet", 3), 5 + 0.5 + 3),
        (("A", "unit", None, 100, 20, 0.005, "dry", 3), 5 + 0.5),
        # A wet lease is what blank means: whoever provides a unit in the plan maintains it.
        (("A", "unit", None, 100, 20, 0.005, None, 3), 5 + 0.5 + 3),
        # No factor, the 30 years of service of the force, and its support cost of 2.
        (("A", "unit", None, 90), 90 / 30 + 2),
        # An agreed price stands for the whole formula.
        (("A", "unit", 7, 100, 20, 0.005, "wet", 3), 7),
        (("A", "unit", 0, 100), 0),
    ],
)
def test_the_formula_for_contingent_owned_equipment(row, price):
    solution = plan(**AGAINST_B, forces=forces(2), contributions_in_kind=prices(row))
    (told,) = solution.derived["provided_in_kind"]
    assert told["credit_per_unit"] == pytest.approx(price)
    assert told[2030] == pytest.approx(4)
    assert credited(solution) == pytest.approx([4 * price] * 4)


def test_blank_cells_are_those_of_the_force():
    rows = forces()
    rows[1][5] = 60  # procurement_cost, over 30 years
    solution = plan(**AGAINST_B, forces=rows, contributions_in_kind=prices(("*", "*")))
    assert {row["credit_per_unit"] for row in solution.derived["provided_in_kind"]} == {2}


@pytest.mark.parametrize(
    ("rows", "price"),
    [
        ([("*", "*", 1)], 1),
        ([("*", "*", 1), ("*", "unit", 2)], 2),
        ([("*", "*", 1), ("*", "unit", 2), ("A", "*", 3)], 3),
        ([("*", "*", 1), ("*", "unit", 2), ("A", "*", 3), ("A", "unit", 4)], 4),
        ([("B", "unit", 5)], 0),
    ],
)
def test_the_row_that_says_most_holds(rows, price):
    solution = plan(**AGAINST_B, contributions_in_kind=prices(*rows))
    assert credited(solution) == pytest.approx([4 * price] * 4)


def test_a_unit_that_stands_ready_for_two_situations_counts_once():
    book = {
        **AGAINST_B,
        "threats": [
            ["threat", "name", "theatre", "kind"],
            ["K", "Crisis", "HOME", "military"], ["L", "Later", "HOME", "military"],
        ],
        "requirements": [
            ["threat", "capability", "day", "level"], ["K", "land", 0, 4], ["L", "land", 0, 3],
        ],
        "exposure": [["threat", "member", "share"], ["K", "B", 1], ["L", "B", 1]],
        "contributions_in_kind": prices(("*", "unit", 12)),
    }  # fmt: skip
    apart = [["situation", "threat"], ["one", "K"], ["two", "L"]]
    assert credited(plan(**book, situations=apart)) == pytest.approx([4 * 12] * 4)
    together = [["situation", "threat"], ["one", "K"], ["one", "L"]]
    assert credited(plan(**book, situations=together)) == pytest.approx([7 * 12] * 4)


READINESS = [
    ["tier", "notice_days", "operating_factor", "available_share"],
    ["ready", 0, 1, 0.5],
    ["reserve", 90, 0.1, 1],
]


@pytest.mark.parametrize(
    ("counts", "most_days", "expected"),
    [
        # 8 units of the inventory at the first tier, half of which can be used: 4 of them are.
        ("ready", None, 4),
        ("ready", 30, 4),
        ("delegated", 0, 4),
    ],
)
def test_only_units_that_are_there_and_ready_count(counts, most_days, expected):
    row = ("A", "unit", 12, None, None, None, None, None, counts, most_days)
    solution = plan(**AGAINST_B, readiness=READINESS, contributions_in_kind=prices(row))
    assert credited(solution) == pytest.approx([expected * 12] * 4)


def test_units_that_leave_too_late_earn_nothing():
    """The need is at day 100: the cheap reserve meets it, 90 days after the alarm."""
    book = {
        **AGAINST_B,
        "readiness": READINESS,
        "requirements": [["threat", "capability", "day", "level"], ["K", "land", 100, 4]],
    }
    for counts in ("delegated", "ready"):
        late, timely = (
            ("A", "unit", 12, None, None, None, None, None, counts, days) for days in (89, 90)
        )
        assert credited(plan(**book, contributions_in_kind=prices(late))) == [0] * 4
        assert credited(plan(**book, contributions_in_kind=prices(timely))) == pytest.approx(
            [48] * 4
        )


def test_nothing_is_due_before_the_treaty_works():
    """All of K endangers both, so that each needs its own 4 units until the treaty of a year."""
    row = ("A", "unit", 12, None, None, None, None, None, "ready")
    solution = plan(
        activities=activities(activity("treaty", "treaty", 1)),
        contributions_in_kind=prices(row),
    )
    held = solution.quantities.sums("held", "member year")
    ready = [held["A", t] for t in range(2031, 2034)]
    assert years_of(
        {k: v for k, v in solution.quantities.pooled.items() for k in [("p", k)]}, "p"
    ) == [0, 1, 1, 1]
    assert credited(solution) == pytest.approx([0, *(12 * units for units in ready)])
    assert sum(ready) > 0


def test_a_member_alone_is_credited_by_nobody():
    assert (
        "credits_in_kind" not in plan(("A",), contributions_in_kind=prices(("*", "*", 3))).derived
    )


def test_what_nothing_values_is_told_with_its_cell():
    with pytest.raises(DataError, match=r"fair_market_value: nothing says what a unit of unit is"):
        cssopt.solve(make_case(make_book(contributions_in_kind=prices(("*", "*")))))
    # A price of its own, and the row for all has nothing left to value.
    make_data(make_book(contributions_in_kind=prices(("*", "*"), ("*", "unit", 1))))
