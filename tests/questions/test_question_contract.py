"""A question on the contract is a dataclass in a folder: from it alone come its command, its verb,
its files, its facts and its exit code.

The added one tells what each member bears of the expenditure, as `CONTRIBUTING.md` has it. What
members bear adds up to the expenditure of the plan, which `cssopt.solve` finds by another way.
"""

from __future__ import annotations

import inspect
import sys

import openpyxl
import pytest
from books import write_csv
from commands import command
from paths import ROOT
from small_books import make_book

import cssopt
import cssopt.questions
from cssopt import cli
from cssopt.errors import DataError
from cssopt.questions.question import QUESTIONS, QUESTIONS_BY_KIND

ASK = '''"""What each member bears of the expenditure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cssopt.document.document import Column, Document, Sheet, Table
from cssopt.questions.common_options import Common, option
from cssopt.questions.question import Asking, question, verb
from cssopt.runs.solve_case import Solution
from cssopt.solution.verdicts import Audits
from cssopt.solve.outcome import Status


@dataclass(frozen=True)
class Weights:
    """Burdens by member, million, and the plan they are of."""

    rows: tuple[tuple[str, float], ...]
    audits: Audits
    status: Status


@question("weight")
@dataclass(frozen=True, kw_only=True)
class Weight(Common):
    """What each member bears of the expenditure."""

    least: float = option(0.0, "Members that bear less are left out, million.", least=0)
    levels: Sequence[float] = option((), "Parts of the whole.", least=0, share=True)

    def find(self, asked: Asking) -> Weights:
        plan = asked.base
        table = plan.tables["burden"]
        pairs = zip(table["member"], table["burden"], strict=True)
        rows = tuple((member, burden) for member, burden in pairs if burden >= self.least)
        return Weights(rows, plan.audits, plan.status)

    def show(self, found: Weights, asked: Asking) -> Document:
        columns = (Column("member"), Column("burden", "money", total=True))
        sheet = Sheet("Weights", "Who bears what.", (Table("weights", columns, found.rows),))
        return Document("Weights", "All bear.", (sheet,), asked.facts(found.audits))


weight = verb(Weight)
'''


@pytest.fixture
def added(tmp_path, monkeypatch):
    """The folder of the question, beside those that there are, and inputs in CSV."""
    folder = tmp_path / "questions" / "weight"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text('"""The question weight."""\n', encoding="utf-8")
    (folder / "ask.py").write_text(ASK, encoding="utf-8")
    commands = list(cli.app.registered_commands)
    monkeypatch.setattr(
        cssopt.questions, "__path__", [*cssopt.questions.__path__, str(folder.parent)]
    )
    monkeypatch.chdir(tmp_path)
    cli.register_commands()
    yield write_csv(make_book(), tmp_path / "small")
    cli.app.registered_commands[:] = commands
    del QUESTIONS_BY_KIND[QUESTIONS.pop("weight")]
    for name in [name for name in sys.modules if name.startswith("cssopt.questions.weight")]:
        del sys.modules[name]
    vars(cssopt.questions).pop("weight", None)


def test_the_command_and_the_verb_of_one_file(added, tmp_path):
    done = command("weight", added, "--levels", "1%", "--levels", "0.5", "--formats", "xlsx,json")
    assert done.code == 0, done.err
    assert "Answer: reports/small-weight/weight.xlsx" in done.err
    case = cssopt.load(added)
    found = cssopt.weight(case, levels=[0.01, 0.5])
    bears = dict(found.found.rows)
    assert sum(bears.values()) == pytest.approx(cssopt.solve(case).pooled_expenditure)
    assert max(bears.values()) > 0
    sheet = openpyxl.load_workbook("reports/small-weight/weight.xlsx")["Weights"]
    cells = {row[0]: row[1] for row in sheet.iter_rows(values_only=True) if row[0] in bears}
    assert cells == pytest.approx(bears)
    told = command("weight", added, "--json", "--least", "1e9", "--formats", "none").told
    assert (told["audit"], told["tables"]["weights"]) == (True, [])
    run = told["facts"]["command"]
    assert (run["least"], run["levels"], run["study"]) == ("1000000000.0", "none", "pooled")
    assert found.facts()["facts"]["command"]["levels"] == "0.01; 0.5"


def test_its_options_are_told_and_checked_once_for_both(added):
    told = " ".join(command("weight", "--help").out.split())
    assert "Members that bear less are left out, million." in told
    assert "--time-limit" in told
    assert "least" in inspect.signature(cssopt.weight).parameters
    done = command("weight", added, "--least", "-1")
    assert (done.code, "must be at least 0" in done.err) == (2, True)
    with pytest.raises(DataError, match="E-110"):
        cssopt.weight(cssopt.load(added), least=-1.0)
    with pytest.raises(DataError, match="E-541"):
        cssopt.weight()


def test_the_example_of_the_contributors_is_this_one():
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for line in ASK.splitlines():
        if line.lstrip().startswith(("@question", "class Weight(", "least: float", "def find(")):
            assert line.split(" -> ")[0] in page
