"""A front as a document. The points are made up."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import openpyxl
import pytest
from rich.console import Console
from small_alliance import CODE_LIKE, make_facts

from cssopt.modeling import Criterion
from cssopt.questions.frontier.front import Front, FrontPoint
from cssopt.questions.frontier.result import TradeOffs
from cssopt.questions.frontier.show import show_front
from cssopt.render.document_terminal import print_document
from cssopt.render.xlsx.document_book import write_document_xlsx
from cssopt.runs.outcome import Outcome
from cssopt.solution.verdicts import Broken
from cssopt.solve.outcome import Status

MONEY = Criterion(name="expenditure", figure="pooled_expenditure", says="money", form="money")
SHARE = Criterion(name="burden", figure="largest_burden", says="=a share", form="share")
PLAN = np.zeros(1)
METHOD = "points made up"


def point(money, burden, **more):
    made = {"status": Status.OPTIMAL, "bound": money, "plan": PLAN, **more}
    return FrontPoint((money, burden), (math.inf,), **made)


POINTS = (
    point(100.0, 0.04),
    point(110.0, 0.02, knee=1),
    point(125.0, 0.0125, status=Status.FEASIBLE, bound=120.0),
    point(140.0, 0.01),
    point(math.nan, math.nan, status=Status.INTERRUPTED, bound=math.nan, plan=None),
)


def outcome(number):
    """What a point has: costs and burdens that rise with its number."""
    return Outcome(
        status="optimal",
        threats_met=True,
        pooled_expenditure=100.0,
        missing_share=0.25,
        costs={"operating_cost": 50.0 * number, "body_cost": 50.0 * number},
        burden={"ALF": 10.0 * number, "BEL": 10.0 * number},
        units={("ALF", "tank"): 3.0} if number == 1 else {("BEL", "tank"): 0.0},
        structure=("BEL buys tank",) if number != 2 else (),
        verdict=(),
    )


def make(met, points=POINTS, **changes):
    """A front of these points."""
    outcomes = tuple(
        outcome(number) if one.plan is not None else Outcome(status=str(one.status))
        for number, one in enumerate(points, start=1)
    )
    front = Front(points, METHOD, False, points[:1], 7)
    held = {"missing_share": 0.25}
    return replace(TradeOffs(met[0], (MONEY, SHARE), held, front, outcomes), **changes)


@pytest.fixture(scope="module")
def found(met):
    return make(met)


@pytest.fixture(scope="module")
def document(found):
    return show_front(found, make_facts())


@pytest.fixture(scope="module")
def book(document, tmp_path_factory):
    path = tmp_path_factory.mktemp("front") / "frontier.xlsx"
    write_document_xlsx(path, document)
    return openpyxl.load_workbook(path)


def rows(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_sheets_and_charts(book):
    names = ["Front", "Points", "Costs", "Burden", "Units", "Structure", "Search", "Run"]
    assert book.sheetnames == names
    assert [len(book[name]._charts) for name in names] == [2, 0, 0, 0, 0, 0, 0, 0]


def test_the_verdict_tells_what_the_front_spans(document):
    assert document.verdict.startswith("Base plan: threats met. ")
    assert "140.0 in place of 100.0" in document.verdict
    assert "largest burden from 4.000% to 1.000%: 4 points, not all" in document.verdict
    assert document.title == f"Expenditure against burden: {CODE_LIKE['title']}"


def test_the_first_sheet_tells_ends_and_knees_and_what_is_not_proven(document, book):
    front = document.sheets[0]
    assert "missing share" in front.explanation
    texts = [block.text for block in front.blocks if hasattr(block, "text")]
    assert any("5 points, 3 of them proven. Points made up." in text for text in texts)
    assert any("ran into a limit" in text for text in texts)
    knees = document.table("knees").records()
    assert [(row["point"], row["what"]) for row in knees] == [
        (1, "least expenditure"),
        (2, "knee 1"),
        (4, "least burden"),
    ]
    assert [row["pooled_expenditure"] for row in knees] == [100, 110, 140]
    # 10 million for 0.02 less, 15 for 0.0075; beyond the last point there is none.
    assert [row["rate"] for row in knees] == [pytest.approx(500), pytest.approx(2000), None]
    (held,) = document.tables["held"].records()
    assert (held["label"], held["value"]) == ("missing_share", 0.25)
    # The marker of a knee stands on its own point: row 2 of the points.
    chart = front.charts[0]
    assert chart.picked == {1: "knee 1"}
    assert chart.is_joined
    native = book["Front"]._charts[0]
    knee = next(cell.row for cell in book["Points"]["A"] if cell.value == 2)
    assert str(native.series[1].xVal.numRef.f).rsplit("$", 1)[-1] == str(knee)


def test_every_point_stands_in_the_table_of_the_front(document):
    table = document.table("front")
    assert table.column("point") == [1, 2, 3, 4, 5]
    assert table.column("pooled_expenditure") == [100, 110, 125, 140, None]
    assert table.column("status")[2:] == ["feasible", "optimal", "interrupted"]
    assert table.column("bound")[2] == 120
    assert table.column("gap")[2] == pytest.approx(0.04)
    assert table.marks == {(2, "status"): "warn", (4, "status"): "warn"}
    assert table.picked is None


def test_money_by_point_is_a_column_for_each_entry_and_member(document):
    assert document.table("costs").rows[1] == (2, 100, 100)
    burden = document.table("burden")
    assert [column.name for column in burden.columns] == ["point", "ALF", "BEL"]
    assert burden.columns[1].heading == f"{CODE_LIKE['ALF']} (ALF)"
    (units,) = document.table("units").records()
    assert (units["point"], units["member"], units["units"]) == (1, "ALF", 3)
    assert units["member_name"] == CODE_LIKE["ALF"]


def test_what_plans_have_is_told_by_stretches_of_points(document):
    said = document.table("structure").records()
    assert [(row["element"], row["from"], row["to"]) for row in said] == [
        ("BEL buys tank", 1, 1),
        ("BEL buys tank", 3, 4),
    ]
    assert said[0]["element_name"].startswith(f"{CODE_LIKE['BEL']} buys ")


def test_no_text_becomes_a_formula(book):
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    assert "=a share" in [cell.value for cell in cells]


def test_the_terminal_cuts_no_name_and_shows_every_point_of_a_short_front(document):
    console = Console(width=40, record=True, highlight=False, soft_wrap=True)
    print_document(console, document)
    text = console.export_text()
    assert "pooled expenditure" in text
    assert "knee 1" in text
    for value in ("100.0", "110.0", "125.0", "140.0", "interrupted", "feasible"):
        assert value in text


@pytest.mark.medium
def test_of_a_long_front_knees_ends_and_what_is_not_proven_stand_for_all(met):
    points = [point(100.0 + n, 1 / (1 + n)) for n in range(3_000)]
    points[7] = replace(points[7], knee=1)
    points[2_222] = replace(points[2_222], status=Status.FEASIBLE, bound=90.0)
    table = show_front(make(met, tuple(points)), make_facts()).table("front")
    assert len(table.rows) == 3_000
    assert len(table.picked) <= 40
    assert {0, 7, 2_222, 2_999} <= set(table.picked)


def test_a_point_whose_audit_failed_is_marked(met, found):
    broken = (Broken("needs_met", "2027", 2.5, "Power is missing."),)
    outcomes = (replace(found.outcomes[0], verdict=broken), *found.outcomes[1:])
    document = show_front(replace(found, outcomes=outcomes), make_facts())
    front = document.table("front")
    assert front.marks[0, "audit"] == "bad"
    assert front.columns[front.place("audit")].on_screen
    assert document.table("knees").rows[0][5] == "optimal, AUDIT FAILED"
    assert make(met, outcomes=outcomes).audits.failed


def test_a_line_does_not_run_through_points_that_others_are_better_than(met):
    points = (*POINTS[:2], replace(POINTS[2], dominated=True), POINTS[3])
    assert not show_front(make(met, points), make_facts()).sheets[0].charts[0].is_joined


def test_a_base_without_a_plan_makes_a_document_that_says_so(met):
    found = TradeOffs(met[0], (MONEY, SHARE), {}, None)
    document = show_front(found, make_facts())
    assert [sheet.name for sheet in document.sheets] == ["Front"]
    assert "There is no front" in document.verdict
