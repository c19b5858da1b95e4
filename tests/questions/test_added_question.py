"""A question is a folder: an added one has its command and its verb, and nothing else changes.

The added one tells what each member bears of the expenditure. It is written as any other: four
files, found by their folder. What members bear adds up to the expenditure of the plan.
"""

from __future__ import annotations

import json
import sys

import openpyxl
import pytest
from books import write_csv
from paths import ROOT
from small_books import make_book
from typer.testing import CliRunner

import cssopt
import cssopt.questions
from cssopt import cli

FILES = {
    "__init__.py": '"""The question `weight`: what each member bears."""\n',
    "ask.py": '''"""What each member bears of the expenditure."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from cssopt.assembly.case import Case
from cssopt.questions.answers import describe_run, write_workbook
from cssopt.questions.weight.show import write_weights
from cssopt.render.place import OutputPlace
from cssopt.runs.solve_case import Solution, solve


@dataclass(frozen=True)
class Weights:
    """Burdens by member, million, and the plan they are of."""

    base: Solution
    table: pd.DataFrame

    def facts(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {"status": str(self.base.status), "weights": self.table.to_dict("records")}


def weight(case: Case, study: str = "pooled") -> Weights:
    """Burdens by member."""
    base = solve(case, study)
    return Weights(base, base.tables["burden"])


def report_weight(case: Case, found: Weights, path: Path, options: dict[str, Any]) -> OutputPlace:
    """Write the workbook."""
    facts = describe_run(case, found.base, "weight", options, audits=found.base.audits)
    return write_workbook(
        path, facts, lambda place: write_weights(place.path, found.base, found.table, facts),
        found.facts,
    )
''',
    "show.py": '''"""The workbook of burdens."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from cssopt.document.grid import Field, Grid
from cssopt.document.run_facts import RunFacts
from cssopt.render.xlsx.book import write_book
from cssopt.solution.plan import Solution


def write_weights(path: Path, base: Solution, table: pd.DataFrame, facts: RunFacts) -> None:
    """Write it."""
    with write_book(path, base, None, facts) as report:
        page = report.page("Weights", "What each member bears.")
        fields = [Field("member"), Field("burden", "number", 2)]
        page.table(Grid(fields, table.to_numpy().tolist()))
''',
    "command.py": '''"""The command weight."""

from __future__ import annotations

import typer

from cssopt.questions.command import (
    AsJson, Book, StudyName, app, deliver, find_folder, list_options, open_case,
)
from cssopt.questions.weight import ask
from cssopt.render.screen import results


@app.command()
def weight(
    context: typer.Context, book: Book, study: StudyName = "pooled", as_json: AsJson = False
) -> None:
    """Tell what each member bears."""
    path = find_folder(None, book, "weight") / "weight.xlsx"
    case = open_case(context, book, None, "weight", path)
    found = ask.weight(case, study)
    deliver(
        "Weights",
        lambda: ask.report_weight(case, found, path, list_options(context)),
        as_json=as_json,
        facts=found.facts,
        table=lambda: results.print(found.table.to_string()),
        audits=lambda: found.base.audits,
        status=found.base.status,
    )
''',
}


@pytest.fixture
def added(tmp_path, monkeypatch):
    """The folder of the question, beside those that there are."""
    folder = tmp_path / "questions" / "weight"
    folder.mkdir(parents=True)
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    commands = list(cli.app.registered_commands)
    monkeypatch.setattr(
        cssopt.questions, "__path__", [*cssopt.questions.__path__, str(folder.parent)]
    )
    cli.register_commands()
    yield
    cli.app.registered_commands[:] = commands
    for name in [name for name in sys.modules if name.startswith("cssopt.questions.weight")]:
        del sys.modules[name]
    vars(cssopt.questions).pop("weight", None)


def test_its_command_and_its_verb_are_there(added, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    book = write_csv(make_book(), tmp_path / "small")
    done = CliRunner().invoke(cli.app, ["weight", str(book), "--study", "pooled", "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["audit"] is True
    case = cssopt.load(book)
    bears = {row["member"]: row["burden"] for row in told["weights"]}
    spent = cssopt.solve(case).pooled_expenditure
    assert sum(bears.values()) == pytest.approx(spent)
    found = cssopt.weight(case)
    assert dict(zip(found.table["member"], found.table["burden"], strict=True)) == bears
    sheet = openpyxl.load_workbook(tmp_path / "reports" / "small-weight" / "weight.xlsx")["Weights"]
    cells = {row[0]: row[1] for row in sheet.iter_rows(values_only=True) if row[0] in bears}
    assert cells == pytest.approx(bears)


def test_its_verb_checks_what_it_is_handed(added):
    with pytest.raises(TypeError, match="weight: case is a Case, not 3"):
        cssopt.weight(3)


def test_a_name_that_is_no_question_is_none_of_cssopt():
    with pytest.raises(AttributeError, match="no attribute 'wieght'"):
        cssopt.wieght  # noqa: B018


def test_what_its_verb_cannot_import_is_told_as_that(added, tmp_path):
    """Not as a question that there is not: the fault is inside of it."""
    ask = tmp_path / "questions" / "weight" / "ask.py"
    ask.write_text("import no_such_package\n", encoding="utf-8")
    del sys.modules["cssopt.questions.weight.ask"]
    with pytest.raises(ModuleNotFoundError, match="no_such_package"):
        cssopt.weight  # noqa: B018


def test_a_question_is_one_folder_of_at_most_six_files():
    assert len(FILES) <= 6
    for folder in (ROOT / "cssopt" / "questions").iterdir():
        if folder.is_dir() and folder.name != "__pycache__":
            ask = folder / "ask.py"
            assert ask.exists(), f"{folder.name}: what is asked stands in ask.py"
            # A question on the contract has its command made of what it declares.
            declared = "\n@question(" in ask.read_text(encoding="utf-8")
            assert declared or list(folder.glob("*command.py")), f"{folder.name}: it has no command"
