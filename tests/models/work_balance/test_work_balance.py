"""The balance of work by hand: who builds the drones that A and B order, and who pays for them.

The small book without its units: 4 drones are needed in all years, each 20 million and, at B, 2 a
year to run, at A 1. They last all four years, so that A orders 4 in 2030: 80 + 4 * 4 = 96 million,
and B pays nothing. A builds up to 3 a year, B too, and nothing comes from outside. To order more
than is needed, for the work alone, is dear: in the last year, with three of four years of service
left, it costs 5, and 1 or 2 to run.
"""

from __future__ import annotations

import pytest
from books import make_case
from small_books import DRONE_POWER, forces, make_book, plan

import cssopt

LEAST = 96.0


def book(*bounds, imports=0, industry=(("A", 3), ("B", 3)), **more):
    return {
        "forces": forces(price=20, imports=imports),
        "power": DRONE_POWER,
        "inventory": [["member", "force", "units"]],
        "industry": [["member", "force", "capacity"], *([m, "drone", n] for m, n in industry)],
        "work_balance": [["member", "least_work", "most_work"], *map(list, bounds)],
        **more,
    }


def balance_of(solution):
    return {row["member"]: row for row in solution.derived["work_balance"]}


def test_without_bounds_work_goes_by_capacity_and_nothing_else_changes():
    solution = plan(**book(("*", None, None), industry=(("A", 3), ("B", 5))))
    assert solution.pooled_expenditure == pytest.approx(LEAST)
    told = balance_of(solution)
    # 4 of the 8 that could be built: A 1.5, B 2.5; all paid by A.
    assert told["A"]["work"] == pytest.approx(1.5 * 20)
    assert told["B"]["work"] == pytest.approx(2.5 * 20)
    assert told["A"]["work_over_payments"] == pytest.approx(1.5 / 4)
    assert told["B"]["work_over_payments"] is None
    assert [told[m]["balance"] for m in "AB"] == pytest.approx([30 - 80, 50])
    assert told["A"]["placed_by"] == "capacity"
    assert solution.derived["work_by_force"] == [
        {"force": "drone", "member": "A", "work": pytest.approx(30), "payments": 80},
        {"force": "drone", "member": "B", "work": pytest.approx(50), "payments": 0},
    ]


def test_what_industries_cannot_build_is_nobodys_work():
    solution = plan(**book(("*", None, None), imports=None, industry=(("A", 1), ("B", 2))))
    told = balance_of(solution)
    assert [told[m]["work"] for m in "AB"] == pytest.approx([20, 40])
    assert sum(row["payments"] for row in told.values()) == pytest.approx(80)


@pytest.mark.parametrize(
    ("bounds", "imports", "expected"),
    [
        # A builds 3 of the 4 that it pays.
        ([("A", 0.75, None)], 0, LEAST),
        # For work worth all it pays, A orders 3 and B 1, which B runs for 1 more a year.
        ([("A", 1, None)], 0, LEAST + 4),
        ([("*", 1, None)], 0, LEAST + 4),
        # B's own row, without bounds, beats that for all.
        ([("*", 1, None), ("B", None, None)], 0, LEAST + 4),
        # A can build 3 of 4, so B builds 1, and pays for 1.
        ([("B", None, 1)], 0, LEAST + 4),
        # Unless 2 come from outside.
        ([("B", None, 1)], 1, LEAST),
        # B gets work worth twice what it pays: it pays half of what it builds.
        ([("B", None, 2)], 0, LEAST + 2),
    ],
)
def test_a_bound_on_the_balance_has_its_price(bounds, imports, expected):
    solution = plan(**book(*bounds, imports=imports))
    assert solution.pooled_expenditure == pytest.approx(expected, abs=1e-6)
    assert solution.audit.not_audited == ()
    told = balance_of(solution)
    for m, least, most in bounds:
        if m != "*":
            assert told[m]["work"] >= (least or 0) * told[m]["payments"] - 1e-6
            assert most is None or told[m]["work"] <= most * told[m]["payments"] + 1e-6
            assert told[m]["placed_by"] == "the plan"


def test_a_member_alone_balances_with_nobody():
    # Alone, A builds 3 of its 4 drones, and a fourth comes from outside.
    solution = plan(("A",), **book(("*", 1, None), imports=1))
    assert solution.pooled_expenditure == pytest.approx(LEAST)
    assert "work_balance" not in solution.derived


def test_the_price_of_a_bound_is_listed():
    case = make_case(make_book(**book(("A", 1, None))))
    listed = cssopt.rules(case, processes=1)
    (price,) = [one for one in listed.prices if one.rules[0].table == "work_balance"]
    assert price.cost.least == pytest.approx(4)
    assert "the industry of A gets work worth 1 of what is paid" in price.rules[0].text
