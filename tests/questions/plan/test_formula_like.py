"""Names that look like formulas, links or markup come out of every report as the texts they are."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest
from openpyxl import Workbook
from small_alliance import print_plan
from small_books import ACTIVITIES, activity, bodies, make_book, measure, programme

import cssopt

NAMES = {
    "A": "=cmd|' /C calc'!A0",
    "B": "+1",
    "Alpha": "[red]Alpha[/red]",
    "K": "@x",
    "unit": "=1+1",
    "land": "[red]land[/red]",
    "HOME": "-2+3",
    "ready": "https://example.org/x",
    "P": "=HYPERLINK(\"http://x\";\"y\")",
    "talks": "{=1}",
    "council": "<b>council</b>",
    "Small": "&A=\"x\"&P",
    "accord": "\tTAB",
}  # fmt: skip
TIDIED = "TAB"
OURS = re.compile(
    r"=(SUM\(|SUMIF\(|ABS\(|MIN\(|N\(|\$?[A-Z]+\$?\d+|-?'Page figures'!\$[A-Z]+\$\d+$)"
)


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    """The small book with every name replaced, as a real workbook whose cells are texts."""
    sheets = make_book(
        bodies=bodies(("council", "delegation", 1, 1)),
        activities=[ACTIVITIES, activity("accord", "treaty", 0, 1)],
        **programme("infrastructure", "support_cut", "unit", 0.1),
        **measure("council"),
    )
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for line, row in enumerate(rows, start=1):
            for place, value in enumerate(row, start=1):
                cell = sheet.cell(line, place)
                cell.value = NAMES.get(value, value) if line > 1 else value
                if isinstance(cell.value, str):
                    cell.data_type = "s"
    path = tmp_path_factory.mktemp("names") / "names.xlsx"
    book.save(path)
    return cssopt.load(path)


@pytest.fixture(scope="module")
def reported(case, tmp_path_factory):
    answer = cssopt.compare(case)
    folder = tmp_path_factory.mktemp("report")
    answer.write(folder, ("xlsx", "html", "json"))
    return answer.plan, answer.baseline, folder


def test_names_are_read_as_they_stand(case):
    assert list(case.data.members) == [NAMES["A"], NAMES["B"]]
    assert list(case.data.activities) == [TIDIED]


@pytest.mark.medium
def test_no_name_becomes_a_formula_or_a_link(reported):
    book = openpyxl.load_workbook(reported[2] / "report.xlsx")
    seen = set()
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert OURS.match(cell.value), f"{sheet.title}!{cell.coordinate}: {cell.value}"
                elif isinstance(cell.value, str):
                    seen.add(cell.value)
                if cell.hyperlink is not None:
                    assert cell.hyperlink.target is None, f"{sheet.title}!{cell.coordinate}"
    for code in ("A", "B", "K", "unit", "land", "ready", "P", "talks", "council"):
        assert NAMES[code] in seen, code


def test_the_run_record_is_plain_json(reported):
    record = json.loads((reported[2] / "run.json").read_text(encoding="utf-8"))
    assert record["plan"]["members"] == [NAMES["A"], NAMES["B"]]


@pytest.mark.medium
def test_the_terminal_shows_no_markup(reported):
    solution, baseline, _ = reported
    shown = print_plan(solution, replace(baseline, links=()))
    assert NAMES["Alpha"] in shown
    assert f"Found: {NAMES['council']}." in shown
    assert "every member alone" in print_plan(solution, baseline)


def test_names_stand_as_they_are_in_parquet_and_json(case, tmp_path):
    varied = f'members[member="{NAMES["A"]}"].cost_index'
    done = cssopt.sweep(case, vary=[f"{varied}=1;2"], study="relaxed", processes=1)
    done.write(tmp_path / "out", ["xlsx", "parquet"])
    table = pd.read_parquet(tmp_path / "out" / "runs.parquet")
    told = json.loads(json.dumps(done.facts()))["tables"]["runs"]
    (label,) = done.varied
    assert NAMES["A"] in label
    assert list(table[label]) == [run[label] for run in told] == [1, 2]
    assert any(NAMES["A"] in name for name in told[0] if name.startswith("burden."))
    assert any(NAMES["B"] in column for column in table.columns)
