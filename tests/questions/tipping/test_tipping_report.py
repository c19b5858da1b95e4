"""Tipping points as a document. The outcomes are made up."""

from __future__ import annotations

import io
import itertools
import math
import re
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest
from rich.console import Console
from small_alliance import make_facts, value_beside

from cssopt.questions.tipping.brackets import find_brackets
from cssopt.questions.tipping.result import TippingPoint, TippingPoints
from cssopt.questions.tipping.show import show_tipping
from cssopt.questions.tipping.ties import Without
from cssopt.render.document_terminal import print_document
from cssopt.render.xlsx.document_book import write_document_xlsx
from cssopt.runs.outcome import Outcome, Run, failed

LABEL = "requirements.level*"
CODE = "=1+1 buys tank"


def plan(money, *structure, **more):
    figures = {"status": "optimal", "objective": money, "bound": money, "gap": 0.0}
    figures |= {"missing_share": money / 100, "shortfall": money / 10, "way": "patched"}
    figures |= {"pooled_expenditure": money, "structure": structure, "verdict": ()}
    return Outcome(**{**figures, **more})


OUTCOMES = {
    1.0: plan(100.0, "A acts"),
    1.5: plan(150.0, "A acts", CODE),
    2.0: plan(180.0, CODE, status="feasible", gap=0.25),
    2.5: Outcome(status="infeasible", way="patched"),
    3.0: failed("no memory"),
}
WITHOUT = Without("tie", 1.0, "optimal", 0.0, 0.25, 0.0)


def make_found(base, outcomes=OUTCOMES):
    points = [
        TippingPoint(**vars(b), without=WITHOUT if b.element == "A acts" else None)
        for b in find_brackets(outcomes, 0.5)
    ]
    runs = {v: (Run(str(i), (), {LABEL: v}), o) for i, (v, o) in enumerate(outcomes.items())}
    return TippingPoints(base, LABEL, (1.0, 2.0, 3.0), False, 0.5, runs, tuple(points))


@pytest.fixture(scope="module")
def found(met):
    return make_found(met[0])


def write(found, path):
    write_document_xlsx(path, show_tipping(found, make_facts()))
    return openpyxl.load_workbook(path)


def cells(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_the_tables_say_what_is_known_and_nothing_more(found):
    points = found.tables["tipping_points"].set_index("element")
    assert points.index.tolist() == [CODE, "A acts", "there is a plan"]
    assert points["change"].tolist() == ["begins", "ends", "ends"]
    assert points["between"].tolist() == [1.0, 1.5, 2.0]
    assert points["and"].tolist() == [1.5, 2.0, 2.5]
    assert points["expenditure_below"].tolist() == [100.0, 150.0, 180.0]
    assert points["gap_above"].tolist()[:2] == [0.0, 0.25]
    assert math.isnan(points.loc["there is a plan", "expenditure_above"])
    assert points["tie"].tolist() == ["", "tie", ""]
    assert points["without_expenditure"].isna().tolist() == [True, False, True]
    structure = found.tables["structure"]
    assert structure[["element", "from", "to", "values"]].values.tolist() == [
        [CODE, 1.5, 2.0, 2], ["A acts", 1.0, 1.5, 2],
    ]  # fmt: skip
    runs = found.tables["runs"]
    assert runs[LABEL].tolist() == list(OUTCOMES)
    assert runs["on_grid"].tolist() == [True, False, True, False, True]
    assert isinstance(runs, pd.DataFrame)


def test_the_workbook_has_its_sheets_charts_and_no_formula_of_the_inputs(found, tmp_path):
    book = write(found, tmp_path / "tipping.xlsx")
    assert book.sheetnames == [
        "Tipping points", "Places", "Values", "Structure", "Without", "Runs", "Failed",
        "Search", "Run",
    ]  # fmt: skip
    first = book["Tipping points"]
    assert len(first._charts) == 2
    text = "\n".join(str(value) for row in cells(first) for value in row if value is not None)
    assert "THREATS NOT MET at 3 of 5 values" in text
    assert "3 points of a grid" in text
    row = next(row for row in cells(first) if row[0] == "there is a plan")
    assert row[:5] == ["there is a plan", "ends", 2, 2.5, 180]
    assert "infeasible" in row
    assert row[5] is None
    types = [cell.data_type for sheet in book for line in sheet.iter_rows() for cell in line
             if cell.value == CODE]  # fmt: skip
    assert types
    assert set(types) == {"s"}
    # 180 is where the plan is last seen: the mark of the place stands on the side that has one.
    places = [[row["value"], row["expenditure"]] for row in table(book["Places"], "value")]
    assert places == [[1.5, 150], [2, 180], [2, 180]]
    assert any("no memory" in map(str, row) for row in cells(book["Failed"]))


def table(sheet, first):
    """The rows of the table whose header begins with `first`."""
    lines = cells(sheet)
    header = next(i for i, line in enumerate(lines) if line[0] == first)
    body = itertools.takewhile(lambda line: any(line[1:]), lines[header + 1 :])
    return [dict(zip(lines[header], line, strict=True)) for line in body]


def test_the_workbook_tells_whether_what_changes_is_needed(met, tmp_path):
    """Each verdict with its meaning; what was not tested stands on no sheet but the first."""
    verdicts = {"A acts": ("needed", 7.0, 0.5), CODE: ("tie", 0.0, 0.0)}
    base = make_found(met[0])
    points = tuple(
        replace(point, without=Without(told[0], 1.25, "feasible", 0.125, *told[1:]))
        if (told := verdicts.get(point.element))
        else point
        for point in base.points
    )
    book = write(replace(base, points=points), tmp_path / "verdicts.xlsx")
    first = {row["element"]: row["tie"] for row in table(book["Tipping points"], "element")}
    assert first == {"A acts": "needed", CODE: "tie", "there is a plan": ""}
    assert value_beside(book["Search"], "ties") == 1
    rows = {row["element"]: row for row in table(book["Without"], "element")}
    assert set(rows) == {"A acts", CODE}
    needed, tie = rows["A acts"], rows[CODE]
    assert (needed["tie"], needed["meaning"]) == ("needed", "Every plan without it is worse.")
    assert (needed["costs more"], needed["misses more"]) == (7, 0.5)
    assert (needed["at"], needed["status without it"], needed["gap"]) == (1.25, "feasible", 0.125)
    assert tie["tie"] == "tie"
    assert tie["meaning"].startswith("A plan without it is equally good")


def test_the_workbook_shows_where_each_element_is_and_no_figures_without_a_plan(found, tmp_path):
    book = write(found, tmp_path / "tipping.xlsx")
    structure = [list(row.values()) for row in table(book["Structure"], "element")]
    assert structure == [
        [CODE, 1.5, 2, 2, "no", CODE],
        ["A acts", 1, 1.5, 2, "no", "A acts"],
    ]
    values = [list(row.values()) for row in table(book["Values"], "value")]
    assert values[:3] == [
        [1, "yes", "optimal", 0, 100, 1],
        [1.5, "no", "optimal", 0, 150, 1.5],
        [2, "yes", "feasible", 0.25, 180, 1.8],
    ]
    assert [row[2:] for row in values[3:]] == [
        ["infeasible", None, None, None],
        ["error", None, None, None],
    ]
    places = {row["value"]: row for row in table(book["Places"], "value")}
    assert places[1.5]["begins"] == CODE
    assert not places[1.5]["ends"]


def test_without_a_plan_or_a_change_the_workbook_says_so(met, tmp_path):
    none = make_found(met[0], dict.fromkeys((1.0, 2.0, 3.0), Outcome(status="infeasible")))
    first = write(none, tmp_path / "none.xlsx")["Tipping points"]
    assert first._charts == []
    assert any("There is no plan at any value" in str(row[0]) for row in cells(first))
    assert "There is no plan at any value" in show_tipping(none, make_facts()).verdict
    same = make_found(met[0], dict.fromkeys((1.0, 2.0, 3.0), plan(1.0, "A acts")))
    first = write(same, tmp_path / "same.xlsx")["Tipping points"]
    assert len(first._charts) == 2
    assert any("Nothing begins or ends" in str(row[0]) for row in cells(first))
    assert "keeps its structure at every value" in show_tipping(same, make_facts()).verdict


def test_the_terminal_tells_each_change_once(found):
    out = io.StringIO()
    print_document(Console(file=out, width=200), show_tipping(found, make_facts()))
    told = [" ".join(line.split()) for line in out.getvalue().splitlines()]
    assert "3 elements of the plan begin or end, at 3 places; 1 of them by choice" in told[0]
    assert any("THREATS NOT MET at 3 of 5 values" in line for line in told)
    # Between which values, then expenditure, what is missing and status at the greater one.
    begins, ends, none = [
        next(line for line in told if line.startswith(f"{element} "))
        for element in (f"{CODE} begins", "A acts ends", "there is a plan ends")
    ]
    assert re.search(r"begins 1(\.0)? 1\.5 150\.00 1\.5000 optimal$", begins)
    assert re.search(r"ends 1\.5 2(\.0)? 180\.00 1\.8000 feasible tie\b", ends)
    assert re.search(r"ends 2(\.0)? 2\.5 infeasible$", none)


@pytest.mark.parametrize(
    ("verdict", "mark"), [("tie", "changed"), ("needed", None), ("unknown", "warn")]
)
def test_what_is_known_of_a_change_is_marked(met, verdict, mark):
    found = make_found(met[0])
    points = [
        p if p.without is None else replace(p, without=replace(WITHOUT, verdict=verdict))
        for p in found.points
    ]
    document = show_tipping(replace(found, points=tuple(points)), make_facts())
    table = document.table("tipping_points")
    row = table.column("element").index("A acts")
    assert table.column("tie")[row] == verdict
    assert table.marks.get((row, "tie")) == mark


def test_the_charts_mark_where_the_plan_changes_on_the_side_that_has_one(found):
    document = show_tipping(found, make_facts())
    values = document.table("values").column("value")
    for chart in document.sheets[0].charts:
        assert [values[row] for row in chart.picked] == [1.5, 2.0]


@pytest.mark.parametrize(
    ("grid", "whole", "told"),
    [
        ((2030.0, 2031.0, 2032.0), True, "Every whole number from 2030 to 2032 was looked at."),
        ((2030.0, 2032.0, 2034.0), True, "The range from 2030 to 2034 was looked at in 3 points"),
        ((0.0, 1.0, 2.0), False, "The range from 0 to 2 was looked at in 3 points"),
    ],
)
def test_what_may_have_been_missed_is_said(found, grid, whole, told):
    assert replace(found, grid=grid, whole=whole).note.startswith(told)
