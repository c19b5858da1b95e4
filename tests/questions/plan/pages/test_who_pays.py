"""The page of who pays, when, and whether there is room."""

from __future__ import annotations

import pytest
from made_figures import YEARS, find_chart, find_table, make_figures, make_payer, make_payers

from cssopt.questions.plan.opinions import Opinions
from cssopt.questions.plan.pages.who_pays import find_finding, show_who_pays

FULL = make_payer("Arland", [100.0, 100.0, 50.0], [100.0, 100.0, 100.0], common=9.0)
ROOMY = make_payer("Bruma", [10.0, 20.0, 30.0], [100.0, 100.0, 100.0])
LATE = make_payer("Caldera", [10.0, 20.0, 100.0], [100.0, 100.0, 100.0])
UNLIMITED = make_payer("Dorvia", [500.0, 500.0, 500.0])


def copies(count, payer):
    """The same payer under other names."""
    return [
        make_payer(f"M{n}", list(payer.cash_by_year.values()), [100.0] * 3) for n in range(count)
    ]


@pytest.mark.parametrize(
    ("each", "finding"),
    [
        ([UNLIMITED], "No member has a ceiling: each pays what the plan asks of it"),
        ([ROOMY, ROOMY], "No member reaches its ceiling"),
        ([FULL, ROOMY], "Arland (2027\u201328) reaches its ceiling; the others have room"),
        (
            [FULL, ROOMY, LATE],
            "Arland (2027\u201328) and Caldera (2029) reach their ceilings; the others have room",
        ),
        (
            [FULL, ROOMY, UNLIMITED],
            "Arland (2027\u201328) reaches its ceiling; the others have room or no ceiling",
        ),
        ([FULL, LATE], "Both members reach their ceilings in at least one year"),
        (
            [*copies(4, FULL), ROOMY],
            "Four of five members reach their ceilings; the others have room",
        ),
        ([FULL], "Arland reaches its ceiling in 2027\u201328"),
        ([ROOMY], "Bruma does not reach its ceiling"),
    ],
)
def test_the_title_tells_who_is_at_a_ceiling(each, finding):
    assert find_finding(make_payers(*each)) == finding


def make_page(*each):
    return show_who_pays(make_figures(payers=make_payers(*each)), Opinions())


def test_cash_adds_up_by_year_and_by_member():
    *each, together = find_table(make_page(FULL, ROOMY), "cash_by_member")
    for column in (*map(str, YEARS), "all_years", "common"):
        assert together[column] == sum(row[column] for row in each)
    assert [row["all_years"] for row in each] == [250, 60]
    assert (each[0]["ceiling"], each[0]["of_ceiling"]) == (300, pytest.approx(250 / 300))
    assert each[1]["of_gdp"] == pytest.approx(60 / 3000)
    assert together["name"] == "All members"


def test_the_panels_show_shares_of_own_ceilings_and_where_one_is_reached():
    page = make_page(FULL, ROOMY, UNLIMITED)
    chart = find_chart(page, "panels")
    rows = find_table(page, chart.table)
    # A member without a ceiling has no share of one.
    assert [row["name"] for row in rows] == ["Arland", "Bruma"]
    assert [rows[0][year] for year in chart.series] == [1.0, 1.0, 0.5]
    table = next(one for one in page.tables if one.name == chart.table)
    assert set(table.marks) == {(0, "2027"), (0, "2028")}
    assert list(chart.line_at.values()) == [1.0]


def test_years_without_a_ceiling_stay_empty():
    half = make_payer("Elsmark", [10.0, 20.0, 30.0], [None, 40.0, None])
    page = make_page(half, ROOMY)
    (row, _) = find_table(page, "filled_by_member")
    assert [row[str(t)] for t in YEARS] == [None, 0.5, None]


def test_beyond_nine_the_panels_show_the_largest_and_all_others_as_one():
    each = [make_payer(f"M{n:02}", [float(n)] * 3, [100.0] * 3) for n in range(1, 12)]
    page = make_page(*each)
    rows = find_table(page, "filled_by_member")
    assert [row["name"] for row in rows] == [f"M{n:02}" for n in range(11, 3, -1)] + ["3 others"]
    # 1 + 2 + 3 of three ceilings of 100.
    assert rows[-1]["2027"] == pytest.approx(6 / 300)
    assert len(find_table(page, "cash_by_member")) == 12


def test_without_ceilings_there_is_no_chart_of_them():
    page = make_page(UNLIMITED)
    assert not page.charts
    assert [table.name for table in page.tables] == ["cash_by_member"]
