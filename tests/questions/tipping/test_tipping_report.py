"""The workbook and the terminal of tipping points. The outcomes are made up."""

from __future__ import annotations

import io
import math
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest
from rich.console import Console
from small_alliance import make_facts, value_beside

from cssopt.questions.tipping.brackets import find_brackets
from cssopt.questions.tipping.result import TippingPoint, TippingPoints
from cssopt.questions.tipping.show import write_tipping_book
from cssopt.questions.tipping.terminal import print_tipping
from cssopt.questions.tipping.ties import Without
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
    write_tipping_book(path, found.base, found.tables, found.label, found.note, make_facts())
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
        "Tipping points", "Places", "Values", "Structure", "Without", "Runs", "Failed", "Run",
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
    assert [row[:2] for row in cells(book["Places"])][-3:] == [[1.5, 150], [2, 180], [2, 180]]
    assert any("no memory" in map(str, row) for row in cells(book["Failed"]))


def table(sheet, first):
    """The rows of the table whose header begins with `first`."""
    lines = cells(sheet)
    header = next(i for i, line in enumerate(lines) if line[0] == first)
    return [dict(zip(lines[header], line, strict=True)) for line in lines[header + 1 :]]


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
    assert value_beside(book["Tipping points"], "ties") == 1
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
    assert structure == [[CODE, 1.5, 2, 2, "no"], ["A acts", 1, 1.5, 2, "no"]]
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
    assert any("No value has a plan" in str(row[0]) for row in cells(first))
    same = make_found(met[0], dict.fromkeys((1.0, 2.0, 3.0), plan(1.0, "A acts")))
    first = write(same, tmp_path / "same.xlsx")["Tipping points"]
    assert len(first._charts) == 2
    assert any("Nothing, at all values" in str(row[0]) for row in cells(first))


def test_the_terminal_tells_each_change_once(found):
    out = io.StringIO()
    console = Console(file=out, width=120)
    print_tipping(console, found.base, found.tables, found.label, found.note)
    told = [" ".join(line.split()) for line in out.getvalue().splitlines()]
    assert told[0] == "THREATS NOT MET at 3 of 5 values"
    assert "1 1.5 150.0 1.5000 =1+1 buys tank: begins" in told
    assert "1.5 2 180.0 1.8000 A acts: ends; tie" in told
    assert "2 2.5 infeasible there is a plan: ends" in told
    assert "1 without a plan, 1 without an answer" in " ".join(told)


@pytest.mark.parametrize(
    ("verdict", "told"), [("tie", "; tie"), ("needed", ""), ("unknown", "; tie or not: not proven")]
)
def test_the_terminal_tells_what_is_known_of_a_change(met, verdict, told):
    found = make_found(met[0])
    points = [replace(p, without=replace(WITHOUT, verdict=verdict)) for p in found.points]
    out = io.StringIO()
    tables = replace(found, points=tuple(points)).tables
    print_tipping(Console(file=out, width=120), found.base, tables, found.label, found.note)
    lines = [" ".join(line.split()) for line in out.getvalue().splitlines()]
    assert f"1.5 2 180.0 1.8000 A acts: ends{told}" in lines


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
