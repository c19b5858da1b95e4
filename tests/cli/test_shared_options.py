"""Options that every question has: what is told, what is drawn, what the solver says, what is kept.

The added question solves the base plan and nothing else.
"""

from __future__ import annotations

import json
import os
import signal
from unittest.mock import patch

import openpyxl
import pytest
import typer
from added_question import added
from books import write_csv
from commands import command
from small_books import make_book

import cssopt
from cssopt.cli import app
from cssopt.questions.question import QUESTIONS, Asking, load_questions
from cssopt.runs.journal import Journal

load_questions()

SHARED = {
    "--members", "--study", "--gap", "--time-limit", "--total-time", "--out", "--json",
    "--formats", "--pictures", "--quiet", "--log", "--models",
    "--profile",
}  # fmt: skip


NEEDED = {"tipping": {"vary": "requirements.level*=1..2"}}
"""Options without which nothing is asked."""


@pytest.fixture
def book(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with added(tmp_path / "own"):
        yield write_csv(make_book(), tmp_path / "small")


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_question_has_them(name):
    params = typer.main.get_command(app).commands[name].params
    taken = {word for param in params for word in param.opts}
    assert taken >= SHARED
    assert ("--processes" in taken) is QUESTIONS[name].has_processes


@pytest.mark.parametrize("name", [n for n, kind in QUESTIONS.items() if not kind.has_processes])
def test_processes_are_refused_where_nothing_is_done_side_by_side(book, name):
    done = command(name, book, "--processes", "2")
    assert done.code == 2
    assert "No such option: --processes" in done.err
    with pytest.raises(cssopt.DataError, match="E-543 processes says nothing"):
        getattr(cssopt, name)(cssopt.load(book), processes=2, **NEEDED.get(name, {}))


@pytest.mark.medium
def test_quiet_tells_the_answer_and_nothing_else(book):
    done = command("weight", book, "--quiet")
    assert (done.code, done.err) == (0, "")
    assert "2 members bear 160.0." in done.out
    assert command("weight", book).err
    wrong = command("weight", book, "--quiet", "--members", "Z")
    assert wrong.code == 3
    assert "E-130 --members" in wrong.err


@pytest.mark.medium
def test_the_log_is_that_of_the_solver_and_grows(book, tmp_path):
    assert command("weight", book, "--log", "highs.log").code == 0
    first = (tmp_path / "highs.log").read_text()
    assert "Model status        : Optimal" in first
    assert command("weight", book, "--log", "highs.log").code == 0
    both = (tmp_path / "highs.log").read_text()
    assert both.startswith(first)
    assert both.count("Optimal") == 2 * first.count("Optimal")
    cssopt.solve(cssopt.load(book), log=tmp_path / "other.log")
    assert "Optimal" in (tmp_path / "other.log").read_text()


@pytest.mark.medium
@pytest.mark.parametrize("option", ["--log", "--pictures", "--out"])
def test_what_cannot_be_written_is_told_before_anything_is_solved(book, tmp_path, option):
    (tmp_path / "file").write_text("no folder")
    with patch("cssopt.assembly.instance.assemble", None):
        done = command("weight", book, option, "file/here")
    assert done.code == 1
    assert "could not be written" in done.err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "own", "small"]


def test_charts_are_written_as_pictures(book, tmp_path):
    pytest.importorskip("resvg_py")
    done = command("weight", book, "--pictures", "drawn", "--formats", "none")
    assert done.code == 0, done.err
    names = sorted(path.name for path in (tmp_path / "drawn").iterdir())
    assert names == ["weight-weights-1.png", "weight-weights-1.svg"]
    assert f"Pictures: 2 files in {'drawn'}" in done.err
    assert not (tmp_path / "reports").exists()


def test_no_journal_lies_around_where_no_question_uses_it(book, tmp_path):
    assert command("weight", book).code == 0
    files = {path.name for path in (tmp_path / "reports" / "small-weight").iterdir()}
    assert files == {"weight.xlsx", "weight.html", "weight-run.json", "weight-answer.json"}


def press(*_args, **_how):
    os.kill(os.getpid(), signal.SIGINT)


def test_what_the_journal_kept_is_told_where_this_run_kept_it(book, tmp_path, monkeypatch):
    """One that an earlier run left says nothing of this one."""
    folder = tmp_path / "reports" / "small-weight"
    folder.mkdir(parents=True)
    with Journal(folder / "journal.sqlite"):
        pass
    kind = QUESTIONS["weight"]
    monkeypatch.setattr(kind, "find", lambda self, asked: press())
    done = command("weight", book)
    assert (done.code, done.out) == (7, "")
    assert done.err.splitlines()[-1] == "Interrupted: nothing was worked out to its end."

    def keep(self, asked):
        with self.journal.open("ab") as file:
            file.write(b"a solve")
        press()

    monkeypatch.setattr(kind, "find", keep)
    done = command("weight", book)
    assert done.code == 7
    kept = folder.relative_to(tmp_path) / "journal.sqlite"
    assert f"What was solved by then is kept in {kept}: the same command does the rest." in done.err


@pytest.mark.medium
def test_after_ctrl_c_the_base_plan_is_written_beside_an_earlier_answer(
    book, tmp_path, monkeypatch
):
    assert command("weight", book, "--formats", "xlsx,html,json").code == 0
    folder = tmp_path / "reports" / "small-weight"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}

    def find(self, asked: Asking):
        _ = asked.base
        press()

    monkeypatch.setattr(QUESTIONS["weight"], "find", find)
    done = command("weight", book, "--formats", "xlsx,html,json")
    assert done.code == 7
    assert done.err.count("Interrupted") == 1
    assert "pooled expenditure" in done.out
    for name, content in before.items():
        assert (folder / name).read_bytes() == content, name
    told = json.loads((folder / "weight-interrupted.json").read_text(encoding="utf-8"))
    plan = {row["label"]: row["value"] for row in told["tables"]["base_plan"]}
    assert plan["pooled expenditure"] == pytest.approx(160)
    assert (told["status"], plan["status"]) == ("interrupted", "optimal")
    assert openpyxl.load_workbook(folder / "weight-interrupted.xlsx").sheetnames[0] == "Base plan"
    assert (folder / "weight-interrupted.html").exists()


def test_what_was_solved_is_kept_where_a_fault_ends_the_rest(book, tmp_path, monkeypatch):
    def find(self, asked: Asking):
        _ = asked.base
        raise ZeroDivisionError("in the middle")

    monkeypatch.setattr(QUESTIONS["weight"], "find", find)
    done = command("weight", book, may_fail=True)
    assert done.code == 1
    assert "a fault in cssopt (ZeroDivisionError: in the middle)" in done.err
    assert "What was solved is kept in" in done.err
    (kept,) = (tmp_path / "reports" / "small-weight").glob("*-solved-1.json")
    plan = {row["label"]: row["value"] for row in json.loads(kept.read_text())["base_plan"]}
    assert plan["pooled expenditure"] == pytest.approx(160)
