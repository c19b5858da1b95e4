"""The command `diagnose`: words, JSON, workbook and exit codes."""

from __future__ import annotations

import openpyxl
import pytest
from books import write_csv
from commands import command
from contradictions import CONTRADICTIONS, NEED
from small_books import make_book

import cssopt


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run the command on some sheets, in a folder of its own."""
    monkeypatch.chdir(tmp_path)

    def call(sheets, *words):
        write_csv(sheets, tmp_path / "book")
        return command("diagnose", "book", *words)

    return call


@pytest.mark.medium
def test_words_and_workbook_name_cells_and_changes(run, tmp_path):
    done = run(CONTRADICTIONS["budget against need"].sheets)
    assert done.code == 4
    lines = [" ".join(line.split()) for line in done.out.splitlines()]
    assert "No plan can keep all of these at once:" in lines
    told = [line for line in lines if "budgets!C2 " in line]
    assert "Alpha (A) spends at most 30 million in 2031" in told[0]
    assert "Each of 3 changes alone would make one possible." in done.out
    (way,) = (line for line in lines if "level 4 -> 3.75" in line)
    assert way.startswith("1 alone need")
    assert "requirements!D2 level 4 -> 3.75 180.0 optimal" in way
    book = openpyxl.load_workbook(tmp_path / "reports" / "book-diagnosis" / "diagnosis.xlsx")
    names = ["Diagnosis", "Missing power", "Relaxations", "Changes", "Checks", "Run"]
    assert book.sheetnames == names
    cells = {cell.value for row in book["Diagnosis"].iter_rows() for cell in row}
    assert {NEED, "budgets!C2", "budgets!C3", "level 4 -> 3.75"} <= cells
    assert str(book["Diagnosis"]["A1"].value).startswith("NO PLAN IS POSSIBLE")
    missing, _ = book["Diagnosis"]._charts
    (series,) = missing.series
    sheet, head = series.tx.strRef.f.replace("$", "").split("!")
    first = series.val.numRef.f.replace("$", "").split("!")[1].split(":")[0]
    above = book[sheet.strip("'")][first].offset(row=-1)
    assert (above.coordinate, above.value) == (head, "Crisis (K) needs 4 land by day 0")


@pytest.mark.medium
def test_json_says_it_all_and_its_changes_are_options_of_whatif(run):
    planted = CONTRADICTIONS["caveat against need"]
    done = run(planted.sheets, "--json", "--conflicts", "2")
    assert done.code == 4
    facts = done.tables
    assert done.told["status"] == "infeasible"
    assert {row["where"] for row in facts["conflicts"]} == planted.cells
    search = {row["label"]: row["value"] for row in facts["search"]}
    assert search["checks that a limit ended"] == 0
    assert search["further conflicts"] is False
    assert len(facts["checks"]) > 5
    case = cssopt.load("book")
    for number in {row["relaxation"] for row in facts["changes"]}:
        texts = [row["set"] for row in facts["changes"] if row["relaxation"] == number]
        changed = cssopt.change(case, cssopt.read_changes(texts))[0]
        assert cssopt.solve(changed, study="strict").status.exit_code == 0


@pytest.mark.medium
def test_further_conflicts_may_share_a_rule_with_those_that_are_told(run):
    """Either threat is too much for the ceilings: about the second there is another conflict, of
    which they are a part as well."""
    one = make_book()
    (head, need), (named, crisis) = one["requirements"], one["threats"]
    book = {
        **CONTRADICTIONS["budget against need"].sheets,
        "requirements": [head, need, ["L", *need[1:]]],
        "threats": [named, crisis, ["L", *crisis[1:]]],
    }
    run(book)
    for count, remark in (("1", "about other needs"), ("2", "none was found about other needs")):
        done = command("diagnose", "book", "--json", "--conflicts", count)
        search = {row["label"]: row for row in done.tables["search"]}
        assert search["further conflicts"]["remark"].startswith(remark)
    told = [row["where"] for row in done.tables["conflicts"]]
    assert [told.count(cell) for cell in ("requirements!D2", "requirements!D3")] == [1, 1]
    assert told.count("budgets!C2") == 2


def test_a_book_with_a_plan_ends_well_and_says_so(run, tmp_path):
    done = run(make_book())
    assert done.code == 0
    assert "There is a plan that keeps every need" in done.out
    assert "cssopt why" in done.out
    path = tmp_path / "reports" / "book-diagnosis" / "diagnosis.xlsx"
    assert openpyxl.load_workbook(path).sheetnames == ["Diagnosis", "Checks", "Run"]


@pytest.mark.medium
def test_text_of_the_inputs_is_never_markup_or_formula(run, tmp_path):
    sheets = make_book(
        threats=[["threat", "name", "theatre", "kind"], ["=[red]K", "x", "HOME", "military"]],
        requirements=[["threat", "capability", "day", "level"], ["=[red]K", "land", 0, 20]],
    )
    done = run(sheets, "--out", str(tmp_path / "out"))
    assert "x (=[red]K) needs 20 land by day 0" in done.out
    assert "No plan can keep this:" in done.out
    book = openpyxl.load_workbook(tmp_path / "out" / "diagnosis.xlsx")
    for sheet in ("Diagnosis", "Changes", "Missing power"):
        cells = [cell for row in book[sheet].iter_rows() for cell in row if cell.value]
        assert not any(cell.data_type == "f" and "red" in str(cell.value) for cell in cells)
        assert any("=[red]K" in str(cell.value) for cell in cells)
