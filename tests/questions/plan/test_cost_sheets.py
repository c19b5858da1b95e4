"""The sheets Costs and Burden, by hand: the small alliance, in which ALF's economy grows.

ALF keeps two units at 2 million in 2027 and in 2028; a million of 2028 is worth 0.8 today.
"""

from __future__ import annotations

from typing import Any

import pytest
from books import solve_sheets
from small_alliance import make_sheets
from test_report_workbook import open_report, rows_of


def make_growing_sheets() -> Any:
    """ALF may spend a hundredth of an economy that grows by half a year; both have a council."""
    sheets = make_sheets()
    sheets["members"] = [
        [*sheets["members"][0], "gdp_growth", "budget_share"],
        [*sheets["members"][1], 0.5, 0.01],
        [*sheets["members"][2], 0.0, None],
    ]
    # Both must have a council of one million a year to help each other.
    sheets["bodies"] = [
        ["body", "name", "kind", "setup_cost", "annual_cost", "staff", "max_member_share",
         "post_cost", "role"],
        ["council", "Council", "political", 0.0, 1.0, 0, 1, 0.0, "delegation"],
    ]  # fmt: skip
    return sheets


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    return open_report(tmp_path_factory.mktemp("costs"), solve_sheets(make_growing_sheets()), None)


def near(*values: float) -> list[Any]:
    return [pytest.approx(value, abs=1e-6) for value in values]


def test_the_economy_of_the_sheet_burden_grows_and_is_discounted(book):
    alf, bel, total = rows_of(book["Burden"], "member")
    # 3,000 and half as much again a year later, 1,000 twice.
    assert alf["gdp"] == pytest.approx(3000 + 4500 * 0.8)
    assert bel["gdp"] == pytest.approx(1000 + 1000 * 0.8)
    assert total["gdp"] == pytest.approx(8400)
    assert [alf["share of gdp"], bel["share of gdp"]] == near(6600 / 8400, 1800 / 8400)
    # ALF bears its units, 4 a year, and of the council 3,000 in 4,000, then 4,500 in 5,500.
    cost = 4 * 1.8 + 3 / 4 + 9 / 11 * 0.8
    assert [alf["cost"], total["cost"]] == near(cost, 5 * 1.8)
    told = [alf["cost per gdp"], bel["cost per gdp"], alf["share of cost"]]
    assert told == near(cost / 6600, (9 - cost) / 1800, cost / 9)


def test_outlays_and_ceilings_grow_with_the_economy(book):
    paid = rows_of(
        book["Burden"], "member", after="What each member pays, year by year, undiscounted"
    )
    assert [[row["member"], row["2027"], row["2028"]] for row in paid] == [
        ["ALF", *near(4 + 3 / 4, 4 + 9 / 11)],
        ["BEL", *near(1 / 4, 2 / 11)],
    ]
    (most,) = rows_of(book["Burden"], "member", after="The most that each member may pay")
    assert [most["member"], most["2027"], most["2028"]] == ["ALF", *near(30, 45)]


@pytest.mark.medium
def test_costs_are_told_by_bearer_entry_and_year(book):
    sheet = book["Costs"]
    plain = rows_of(sheet, "bearer", after="Undiscounted, by bearer and entry")
    assert [[row["bearer"], row["entry"], row["total"]] for row in plain] == [
        ["ALF", "operating_cost", *near(8)],
        ["common", "body_cost", *near(2)],
        ["total", None, *near(10)],
    ]
    factors = next(row for row in sheet.iter_rows(values_only=True) if row[0] == "discount factor")
    assert factors[3:5] == (1, 0.8)
    today = rows_of(sheet, "bearer", after="Present value, by bearer and entry")
    assert [row["2028"] for row in today] == near(4 * 0.8, 1 * 0.8, 5 * 0.8)
    assert [row["total"] for row in today] == near(4 * 1.8, 1 * 1.8, 5 * 1.8)
    by_bearer = rows_of(sheet, "bearer", after="Undiscounted, by bearer")
    assert [[row["bearer"], row["2027"], row["total"]] for row in by_bearer[:2]] == [
        ["ALF", *near(4, 8)],
        ["common", *near(1, 2)],
    ]
