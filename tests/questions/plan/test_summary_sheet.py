"""The sheet Summary by hand: the alliance of `test_cost_sheets`, and one that is short."""

from __future__ import annotations

import pytest
from books import solve_sheets
from small_alliance import compare_alone
from test_cost_sheets import make_growing_sheets, near
from test_report_workbook import all_text, open_report, rows_of, value_beside


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    sheets = make_growing_sheets()
    solution = solve_sheets(sheets)
    return open_report(
        tmp_path_factory.mktemp("summary"), solution, compare_alone(solution, sheets)
    )


def test_money_is_told_today_and_undiscounted(book):
    """ALF's units cost 4 a year and the council 1; a million of 2028 is worth 0.8."""
    sheet = book["Summary"]
    labels = ("pooled expenditure", "pooled expenditure, undiscounted", "proven bound",
              "    operating cost", "    body cost")  # fmt: skip
    assert [value_beside(sheet, label) for label in labels] == near(9, 10, 9, 7.2, 1.8)
    assert value_beside(sheet, "gap") == pytest.approx(0, abs=1e-6)


@pytest.mark.medium
def test_members_alone_and_together(book):
    """Alone ALF keeps its two units at 4 a year. BEL buys two for 2028: 20 in 2027, of which 9
    years in 10 are left, and 4 to run; in 2027 all of its need is missing."""
    alf, bel, total = rows_of(book["Summary"], "member name")
    told = [alf["expenditure alone"], bel["expenditure alone"], total["expenditure alone"]]
    alone = 20 + (4 - 20 * 0.9) * 0.8
    assert told == pytest.approx([7.2, alone, 7.2 + alone], rel=1e-5)
    # Of needs of 2 by day 30 and 1 by day 15.
    short = [alf["shortfall alone"], bel["shortfall alone"]]
    assert short == pytest.approx([0, 3], rel=1e-5)
    assert [alf["most of a need missing alone"], bel["most of a need missing alone"]] == near(0, 1)
    assert total["burden"] == pytest.approx(9)


@pytest.mark.medium
def test_own_and_delegated_power_are_told_apart(book):
    """By day 30 2 are needed, by day 15 1, each in two years. Half is BEL's part: ALF delegates."""
    (row,) = [r for r in rows_of(book["Summary"], "capability name") if r["capability"] == "land"]
    assert [row["need"], row["shortfall"], row["share of need missing"]] == near(6, 0, 0)
    assert row["own"] + row["delegated"] >= 6 - 1e-6
    assert row["measure"] == "brigades"


def test_nothing_is_warned_of_where_nothing_is_wrong(book):
    text = all_text(book, "Summary")
    warnings = (
        "AUDIT FAILED",
        "NOT AUDITED",
        "relaxed",
        "bought off",
        "No saving",
        "before pooling",
    )
    assert [warning for warning in warnings if warning in text] == []
    assert book["Summary"]["A1"].value == "The only threat is met in every year"


@pytest.mark.medium
def test_only_a_capability_that_is_short_is_marked(tmp_path, short, book):
    """Shortfall and both shares of it; the need and what covers it never."""

    def colors(sheet):
        row = next(row for row in sheet.iter_rows() if row[1].value == "land")
        return [(cell.font.color.rgb, "✗" in cell.number_format) for cell in row[2:9]]

    met = colors(book["Summary"])
    marked = colors(open_report(tmp_path, *short)["Summary"])
    assert len(set(met)) == 1
    assert marked[:4] == met[:4]
    red = ("FFB3261E", True)
    assert red not in met
    assert marked[4:] == [red] * 3


@pytest.mark.medium
def test_a_coalition_of_one_has_nothing_to_be_compared_with(tmp_path):
    sheets = make_growing_sheets()
    alone = solve_sheets(sheets, members=["ALF"])
    told = open_report(tmp_path, alone, compare_alone(alone, sheets))
    assert "nothing to compare it with" in all_text(told, "Summary")
