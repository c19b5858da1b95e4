"""A question is a folder: an added one has its command and its verb, and nothing else changes.

The added one tells what each member bears of the expenditure. It is written as any other: a folder
with the file ``ask.py``, found by its place. What members bear adds up to the expenditure.
"""

from __future__ import annotations

import sys

import openpyxl
import pytest
from added_question import ASK, added
from books import write_csv
from commands import command
from paths import ROOT
from small_books import make_book

import cssopt


@pytest.fixture
def ask_file(tmp_path):
    """The file in which the question is asked, while it is there."""
    with added(tmp_path) as path:
        yield path


@pytest.mark.medium
def test_its_command_and_its_verb_are_there(ask_file, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    book = write_csv(make_book(), tmp_path / "small")
    done = command("weight", book, "--study", "pooled", "--json")
    assert done.code == 0, done.err
    assert done.told["facts"]["audit"] is True
    case = cssopt.load(book)
    bears = {row["member"]: row["burden"] for row in done.tables["weights"]}
    spent = cssopt.solve(case).pooled_expenditure
    assert sum(bears.values()) == pytest.approx(spent)
    found = cssopt.weight(case).tables["weights"]
    assert dict(zip(found["member"], found["burden"], strict=True)) == bears
    sheet = openpyxl.load_workbook(tmp_path / "reports" / "small-weight" / "weight.xlsx")["Weights"]
    cells = {row[0]: row[1] for row in sheet.iter_rows(values_only=True) if row[0] in bears}
    assert cells == pytest.approx(bears)


def test_its_verb_checks_what_it_is_handed(ask_file):
    with pytest.raises(TypeError, match="weight: case is a Case or None, not 3"):
        cssopt.weight(3)


def test_a_name_that_is_no_question_is_none_of_cssopt():
    with pytest.raises(AttributeError, match="no attribute 'wieght'"):
        cssopt.wieght  # noqa: B018


def test_what_its_verb_cannot_import_is_told_as_that(ask_file):
    """Not as a question that there is not: the fault is inside of it."""
    ask_file.write_text("import no_such_package\n", encoding="utf-8")
    del sys.modules["cssopt.questions.weight.ask"]
    with pytest.raises(ModuleNotFoundError, match="no_such_package"):
        cssopt.weight  # noqa: B018


def test_a_question_is_one_folder_with_one_way_to_its_command():
    """It is declared in `ask.py`, and all else follows from that; what is said of inputs solves
    nothing and is no question."""
    assert ASK.count("\n") <= 60
    for folder in (ROOT / "cssopt" / "questions").iterdir():
        if folder.is_dir() and folder.name not in ("__pycache__", "inputs", "kept"):
            asked = folder / "ask.py"
            assert asked.exists(), f"{folder.name}: what is asked stands in ask.py"
            is_declared = "\n@question(" in asked.read_text(encoding="utf-8")
            has_command = bool(list(folder.glob("*command.py")))
            assert has_command != is_declared, f"{folder.name}: it has one command"
