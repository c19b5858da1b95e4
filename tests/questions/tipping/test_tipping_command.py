"""The command tipping: what it finds on a small book, tells, writes and answers."""

from __future__ import annotations

import json

import openpyxl
import pytest
from books import write_csv
from small_books import make_book
from typer.testing import CliRunner

from cssopt.cli import app
from cssopt.errors import DataError
from cssopt.runs.outcome import Outcome
from cssopt.runs.worker import Worker

VARY = "requirements.level=10..20"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The small book as a folder of CSV files: 16 units are all there are."""
    return write_csv(make_book(), tmp_path_factory.mktemp("books") / "small")


@pytest.fixture
def call(folder, tmp_path):
    """Call the command on the small book."""

    def run(*words):
        command = ["tipping", str(folder), "--out", str(tmp_path / "out"), *words]
        return CliRunner().invoke(app, command)

    return run


def test_what_is_found_is_told_and_written(call, tmp_path):
    result = call("--vary", VARY, "--points", "3", "--tolerance", "0.01")
    assert result.exit_code == 0, result.output
    assert "As requirements.level grows:" in result.stdout
    (line,) = [line for line in result.stdout.splitlines() if "K is not met: begins" in line]
    low, high = map(float, line.split()[:2])
    assert low <= 16 < high <= low + 0.1
    assert "3 points of a grid" in result.stdout
    assert "a grid of 3 points" in result.stderr
    path = tmp_path / "out" / "tipping.xlsx"
    assert f"Tipping points: {path}" in result.stderr
    assert openpyxl.load_workbook(path).sheetnames[0] == "Tipping points"


def test_one_json_object_says_it_all(call):
    result = call("--vary", VARY, "--points", "3", "--tolerance", "0.01", "--json")
    told = json.loads(result.stdout)
    assert told["vary"] == "requirements.level"
    assert told["grid"] == [10, 15, 20]
    assert told["base"]["status"] == "optimal"
    (point,) = [p for p in told["tipping_points"] if p["element"] == "K is not met"]
    assert (point["change"], point["tie"], point["without_status"]) == (
        "begins", "needed", "infeasible",
    )  # fmt: skip
    assert point["without_gap"] is None
    assert [run["value"] for run in told["runs"]] == sorted(run["value"] for run in told["runs"])
    assert "K is not met" in told["runs"][-1]["structure"]


def test_a_study_without_a_plan_anywhere_says_so(call):
    result = call("--vary", "requirements.level=17..20", "--study", "strict", "--points", "2")
    assert result.exit_code == 0
    assert "There is no plan at any value of requirements.level" in result.stdout
    assert "2 without a plan" in result.stdout


def test_a_failed_run_gives_exit_code_1(call, monkeypatch):
    honest = Worker.run

    def run(self, run):
        if run.name == "2":
            return Outcome(status="error", reason="=no memory")
        return honest(self, run)

    monkeypatch.setattr("cssopt.runs.worker.Worker.run", run)
    result = call("--vary", VARY, "--points", "3", "--tolerance", "0.1")
    assert result.exit_code == 1
    assert "1 without an answer" in result.stdout


def test_a_range_is_asked_for(call):
    result = call("--vary", "requirements.level=1;2")
    assert isinstance(result.exception, DataError)
    assert call().exit_code == 2
