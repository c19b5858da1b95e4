"""The command tipping: what it finds on a small book, tells, writes and answers."""

from __future__ import annotations

import openpyxl
import pytest
from books import write_csv
from commands import command
from small_books import make_book

import cssopt
from cssopt.runs.outcome import Outcome
from cssopt.runs.worker import Worker
from cssopt.solution.steps import NumberedStep

VARY = "requirements.level=10..20"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The small book as a folder of CSV files: 16 units are all there are."""
    return write_csv(make_book(), tmp_path_factory.mktemp("books") / "small")


@pytest.fixture
def call(folder, tmp_path):
    """Call the command on the small book."""

    def run(*words):
        return command("tipping", folder, "--out", tmp_path / "out", *words)

    return run


@pytest.mark.medium
def test_what_is_found_is_told_and_written(call, tmp_path):
    done = call("--vary", VARY, "--points", "3", "--tolerance", "0.01")
    assert done.code == 0, done.err
    assert "As requirements.level grows, " in done.out
    (line,) = [line for line in done.out.splitlines() if line.startswith("Crisis is not met")]
    low, high = [float(word) for word in line.split()[5:7]]
    assert low <= 16 < high <= low + 0.1
    assert "3 points of a grid" in done.out
    path = tmp_path / "out" / "tipping.xlsx"
    assert str(path) in done.err
    assert openpyxl.load_workbook(path).sheetnames[0] == "Tipping points"


@pytest.mark.medium
def test_every_step_says_which_of_how_many_it_is(folder):
    """Points of the grid first, then those between, of which nobody knows how many follow."""
    told = []
    cssopt.tipping(cssopt.load(folder), vary=VARY, points=3, tolerance=0.1, tell=told.append)
    assert "a grid of 3 points" in told
    steps = [step for step in told if isinstance(step, NumberedStep)]
    grid = [(step.number, step.done, step.of) for step in steps if step.what == "grid point"]
    assert grid == [(1, 1, 3), (2, 2, 3), (3, 3, 3)]
    assert [s.number for s in steps if s.what == "solve"][:2] == [4, 5]


@pytest.mark.medium
def test_one_json_object_says_it_all(call):
    done = call("--vary", VARY, "--points", "3", "--tolerance", "0.01", "--json")
    search = {row["label"]: row["value"] for row in done.tables["search"]}
    assert search["quantity"] == "requirements.level"
    assert (search["from"], search["to"], search["points of the grid"]) == (10, 20, 3)
    base = {row["label"]: row["value"] for row in done.tables["base_plan"]}
    assert base["status"] == "optimal"
    (point,) = [p for p in done.tables["tipping_points"] if p["element"] == "K is not met"]
    assert (point["change"], point["tie"]) == ("begins", "needed")
    (without,) = [p for p in done.tables["without"] if p["element"] == "K is not met"]
    assert (without["without_status"], without["without_gap"]) == ("infeasible", None)
    values = [run["value"] for run in done.tables["values"]]
    assert values == sorted(values)
    assert [v for v, run in zip(values, done.tables["values"], strict=True) if run["on_grid"]] == [
        10,
        15,
        20,
    ]
    (stretch,) = [s for s in done.tables["structure"] if s["element"] == "K is not met"]
    assert stretch["to"] == 20


@pytest.mark.medium
def test_a_study_without_a_plan_anywhere_says_so(call):
    done = call("--vary", "requirements.level=17..20", "--study", "strict", "--points", "2")
    assert done.code == 0
    assert "There is no plan at any value of requirements.level" in done.out


@pytest.mark.medium
def test_a_failed_run_gives_exit_code_1(call, monkeypatch):
    honest = Worker.run

    def run(self, run):
        if run.name == "2":
            return Outcome(status="error", reason="=no memory")
        return honest(self, run)

    monkeypatch.setattr("cssopt.runs.worker.Worker.run", run)
    done = call("--vary", VARY, "--points", "3", "--tolerance", "0.1", "--json")
    assert done.code == 1
    search = {row["label"]: row["value"] for row in done.tables["search"]}
    assert search["failed"] == 1
    (lost,) = done.tables["failed"]
    assert lost["reason"] == "=no memory"


def test_a_range_is_asked_for(call):
    done = call("--vary", "requirements.level=1;2")
    assert done.code == 3
    assert "tipping points are looked for in a range" in done.err
    assert call().code == 2
