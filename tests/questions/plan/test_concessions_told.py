"""What giving up a little security would save, as the sheet Summary and the pages tell it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from small_alliance import print_plan
from test_report_workbook import all_text, open_report, rows_of

from cssopt.questions.plan.words import format_percent
from cssopt.solution.concessions import Concession
from cssopt.solve.outcome import Status

HEADER = "above the least missing share by"


def make(share, saves, status=Status.OPTIMAL, *, chosen=False):
    """A plan that may miss so much more of a least missing share of 2, and saves so much."""
    return Concession(
        "missing_share", share, 2 * (1 + share), 50.0 - saves, 0.0, saves, status, chosen
    )


@pytest.mark.medium
def test_a_thousandth_is_shown_as_a_thousandth(tmp_path, short):
    solution, *rest = short
    solution = replace(solution, concessions=(make(0.001, 12.0), make(0.01, 15.0)))
    sheet = open_report(tmp_path, solution, *rest)["Summary"]
    rows = rows_of(sheet, HEADER)
    assert [row[HEADER] for row in rows] == [0.001, 0.01]
    cell = next(c for row in sheet.iter_rows() for c in row if c.value == 0.001)
    assert cell.number_format.startswith("0.0%")
    assert [row["saves against this plan"] for row in rows] == [12, 15]
    told = all_text(open_report(tmp_path, solution, *rest), "How sure").replace("\u00a0", " ")
    assert "0.1 % more missing than the least" in told
    assert "1 % more missing than the least" in told


@pytest.mark.medium
def test_the_missing_share_is_explained_where_it_is_first_told(tmp_path, short):
    solution, *rest = short
    solution = replace(solution, concessions=(make(0.001, 12.0),))
    words = "what is missing of each need"
    book = open_report(tmp_path, solution, *rest)
    assert words in " ".join(all_text(book, "Summary").split())
    assert "Share of the need that is missing." in all_text(book, "Needs")


@pytest.mark.medium
def test_what_a_limit_left_open_does_not_read_as_nothing(tmp_path, short):
    solution, *rest = short
    solution = replace(solution, concessions=(make(0.01, 15.0, Status.FEASIBLE),))
    (row,) = rows_of(open_report(tmp_path, solution, *rest)["Summary"], HEADER)
    assert [row["pooled expenditure"], row["saves against this plan"]] == ["not known"] * 2
    assert row["status"] == "not proven before the limit"
    assert "What the last steps of security cost is not known." in print_plan(solution)


@pytest.mark.medium
def test_a_chosen_tolerance_is_told_with_what_the_least_would_cost(tmp_path, short):
    solution, *rest = short
    found = (make(0.0, -4.6), make(0.0025, 0.0, chosen=True), make(0.0035, 0.5))
    solution = replace(solution, concessions=found)
    book = open_report(tmp_path, solution, *rest)
    rows = rows_of(book["Summary"], HEADER)
    assert [row[HEADER] for row in rows] == ["nothing", 0.0025, 0.0035]
    assert rows[1]["status"] == "this plan"
    assert "gives up 0.25 % of the least missing share" in all_text(book, "Summary")
    assert rows[0]["saves against this plan"] == -4.6
    told = print_plan(solution).replace("\u00a0", " ").splitlines()[0]
    assert told == (
        "! Not the safest plan: to save money it may leave up to 0.25 % more missing than the "
        "least that can be."
    )
    assert "no plan leaves less missing" not in " ".join(
        all_text(book, page) for page in ("Decision", "How sure", "Method")
    )


@pytest.mark.parametrize(
    ("share", "told"), [(0.001, "0.1 %"), (0.01 + 0.001, "1.1 %"), (0.05, "5 %")]
)
def test_percent(share, told):
    assert format_percent(share) == told
