"""The workbook and the terminal of a front. The points are made up."""

from __future__ import annotations

import math

import openpyxl
import pandas as pd
import pytest
from cssopt.questions.frontier.terminal import print_frontier
from rich.console import Console
from small_alliance import CODE_LIKE, make_facts

from cssopt.modeling import Criterion
from cssopt.questions.frontier.show import FrontWords, write_frontier_book

MONEY = Criterion(name="expenditure", figure="pooled_expenditure", says="money", form="money")
SHARE = Criterion(name="burden", figure="largest_burden", says="=a share", form="share")


def point(number, money, burden, **more):
    row = {"point": number, "pooled_expenditure": money, "largest_burden": burden,
           "rate": math.nan, "knee": 0, "status": "optimal", "bound": money, "gap": 0.0,
           "dominated": False, "limit_largest_burden": math.inf, "seconds": 0.1,
           "message": "", "audit": "passed"}  # fmt: skip
    return row | more


POINTS = [
    point(1, 100.0, 0.04, rate=500.0),
    point(2, 110.0, 0.02, rate=2000.0, knee=1),
    point(3, 125.0, 0.0125, status="feasible", bound=120.0, gap=0.04, rate=6000.0),
    point(4, 140.0, 0.01),
    point(5, math.nan, math.nan, status="interrupted", bound=math.nan, gap=math.nan),
]


@pytest.fixture(scope="module")
def words():
    costs = [(n, entry, 50.0 * n) for n in range(1, 5) for entry in ("operating_cost", "body_cost")]
    burden = [(n, m, 10.0 * n) for n in range(1, 5) for m in ("ALF", "BEL")]
    tables = {
        "front": pd.DataFrame(POINTS),
        "costs": pd.DataFrame(costs, columns=["point", "entry", "present_value"]),
        "burden": pd.DataFrame(burden, columns=["point", "member", "burden"]),
        "units": pd.DataFrame(
            [(1, "ALF", "tank", 3.0), (2, "BEL", "tank", 0.0)],
            columns=["point", "member", "force", "units"],
        ),
    }
    return FrontWords((MONEY, SHARE), {"missing_share": 0.25}, "points made up", False, tables)


@pytest.fixture(scope="module")
def book(met, words, tmp_path_factory):
    path = tmp_path_factory.mktemp("front") / "frontier.xlsx"
    write_frontier_book(path, met[0], words, make_facts())
    return openpyxl.load_workbook(path)


def rows(sheet):
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_sheets_and_charts(book):
    names = ["Front", "Points", "Costs", "Burden", "Units", "Run"]
    assert book.sheetnames == names
    assert [len(book[name]._charts) for name in names] == [2, 0, 0, 0, 0, 0]


def test_the_first_sheet_tells_ends_and_knees_and_what_is_not_proven(book):
    found = rows(book["Front"])
    first = [row[0] for row in found]
    assert any("missing_share at most 0.25" in str(text) for text in first)
    assert any("5 points, 3 of them proven. Points made up." in str(text) for text in first)
    assert any("ran into a limit" in str(text) for text in first)
    told = {row[1]: row[2:5] for row in found if row[0] in (1, 2, 4)}
    assert told["least expenditure"] == [100, 0.04, 500]
    assert told["knee 1"] == [110, 0.02, 2000]
    assert told["least burden"] == [140, 0.01, None]
    # The marker of a knee stands on its own point: row 2 of the points.
    chart = book["Front"]._charts[0]
    assert [str(series.xVal.numRef.f).rsplit("$", 1)[-1] for series in chart.series][1] == str(
        next(cell.row for cell in book["Points"]["A"] if cell.value == 2)
    )


def test_every_point_stands_in_the_sheet_points(book):
    found = [row for row in rows(book["Points"]) if isinstance(row[0], int)]
    assert [row[0] for row in found] == [1, 2, 3, 4, 5]
    assert found[2][1:8] == [125, 0.0125, 6000, None, "feasible", 120, 0.04]
    assert found[4][1:8] == [None, None, None, None, "interrupted", None, None]


def test_money_by_point_is_a_column_for_each_entry_and_member(book):
    costs = [row for row in rows(book["Costs"]) if isinstance(row[0], int)]
    assert costs[1][:3] == [2, 100, 100]
    burden = [row for row in rows(book["Burden"]) if row[0] == "point"]
    assert burden[0][:3] == ["point", "ALF", "BEL"]
    units = [row[:4] for row in rows(book["Units"]) if isinstance(row[0], int)]
    assert units == [[1, "ALF", "tank", 3]], "units of 0 are left out"


def test_no_text_becomes_a_formula(book):
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    assert "=a share" in [cell.value for cell in cells]
    assert f"Front: {CODE_LIKE['title']}" in [cell.value for cell in cells]


def test_the_terminal_cuts_no_name_and_shows_every_point_of_a_short_front(met, words):
    console = Console(width=40, record=True, highlight=False, soft_wrap=True)
    print_frontier(console, met[0], words)
    text = console.export_text()
    assert "pooled_expenditure" in text
    assert "knee 1" in text
    for value in ("100.0", "110.0", "125.0", "140.0", "interrupted", "feasible"):
        assert value in text


def test_a_base_without_a_plan_makes_a_book_that_says_so(met, tmp_path):
    words = FrontWords((MONEY, SHARE), {}, "", False, {})
    write_frontier_book(tmp_path / "front.xlsx", met[0], words, make_facts())
    book = openpyxl.load_workbook(tmp_path / "front.xlsx")
    assert book.sheetnames == ["Front", "Run"]
    assert any(str(row[0]).startswith("There is no front") for row in rows(book["Front"]))
