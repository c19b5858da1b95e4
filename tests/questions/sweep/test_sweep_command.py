"""The command sweep: what it hands on, tells and answers. The runs themselves are made up."""

from __future__ import annotations

import json

import pytest
from books import solve_sheets, write_csv
from small_books import make_book
from typer.testing import CliRunner

import cssopt
from cssopt.cli import app
from cssopt.errors import DataError
from cssopt.runs.outcome import Outcome, failed

VARY = "requirements.level*=1:2:0.1"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The small book as a folder of CSV files."""
    return write_csv(make_book(), tmp_path_factory.mktemp("books") / "small")


@pytest.fixture
def sweep(monkeypatch, folder, tmp_path):
    """Call the command with an engine that gives each run what `answer` says."""
    base = solve_sheets(make_book())
    asked = {}

    def call(*words, answer):
        def engine(case, runs, *, tell, on_outcome, **options):
            asked.update(options, runs=runs)
            tell("base")
            outcomes = []
            for position, run in enumerate(runs):
                outcome = answer(run)
                outcomes.append((run, outcome))
                on_outcome(run, outcome, position < 2)
            return cssopt.Sweep(base, outcomes, reused=2)

        monkeypatch.setattr("cssopt.questions.sweep.ask.sweep", engine)
        command = ["sweep", str(folder), "--out", str(tmp_path / "out"), *words]
        return CliRunner().invoke(app, command)

    call.asked = asked
    return call


def answer(run):
    money = 100.0 * run.point["requirements.level*"]
    return Outcome(status="optimal", threats_met=True, pooled_expenditure=money, objective=money,
                   bound=money, gap=0.0, shortfall=0.0, missing_share=0.0, way="built")  # fmt: skip


def test_a_sweep_is_run_reported_and_told(sweep, tmp_path):
    result = sweep("--vary", VARY, "--persist", "2", "--processes", "3", answer=answer)
    assert result.exit_code == 0, result.output
    assert len(sweep.asked["runs"]) == 11
    assert sweep.asked["journal"] == tmp_path / "out" / "journal.sqlite"
    assert sweep.asked["persist"] == cssopt.Persist(2.0, None)
    assert (sweep.asked["processes"], sweep.asked["cluster"]) == (3, None)
    assert (tmp_path / "out" / "results.xlsx").exists()
    assert (tmp_path / "out" / "runs.parquet").exists()
    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert "runs 11 2 of them finished in an earlier sweep" in lines
    assert "expenditure 160.0 100.0 150.0 200.0" in lines


def test_without_a_terminal_a_line_is_told_every_tenth(sweep):
    result = sweep("--vary", "requirements.level*=1:30:1", answer=answer)
    told = [line for line in result.stderr.splitlines() if " of 30 runs" in line]
    assert [line.split(" of ")[0] for line in told] == [str(n) for n in range(3, 31, 3)]
    assert "left" in told[0]
    assert "left" not in told[-1]


def test_a_failed_run_gives_exit_code_1(sweep):
    def fail_last(run):
        return failed("no memory") if run.name == "11" else answer(run)

    result = sweep("--vary", VARY, answer=fail_last)
    assert result.exit_code == 1
    assert "11 of 11 runs, 1 failed" in result.stderr


def test_an_infeasible_run_is_an_answer(sweep):
    result = sweep("--vary", VARY, answer=lambda run: Outcome(status="infeasible"))
    assert result.exit_code == 0, result.output


def test_an_interrupted_sweep_tells_what_is_kept(sweep):
    def stop(run):
        if run.name == "4":
            raise KeyboardInterrupt
        return answer(run)

    result = sweep("--vary", VARY, answer=stop)
    assert result.exit_code == 7
    assert "Interrupted after 3 of 11 runs. They are kept in" in result.stderr
    assert "the same command runs only the rest" in result.stderr


def test_json_holds_every_run(sweep):
    result = sweep("--vary", VARY, "--json", answer=answer)
    facts = json.loads(result.stdout)
    assert facts["summary"]["optimal"] == 11
    assert facts["summary"]["expenditure"] == pytest.approx(
        {"least": 100, "median": 150, "most": 200}
    )
    assert facts["summary"]["reused"] == 2
    assert facts["runs"][1]["point"] == {"requirements.level*": 1.1}
    assert facts["base"]["pooled_expenditure"] == pytest.approx(160)


def test_draws_and_points_make_the_runs(sweep, tmp_path):
    words = ("--vary", "requirements.level*=1..2", "--draws", "5", "--seed", "9")
    assert sweep(*words, answer=answer).exit_code == 0
    assert len(sweep.asked["runs"]) == 5
    points = tmp_path / "points.csv"
    points.write_text("requirements.level*\n1.5\n1.7\n")
    assert sweep("--points", str(points), answer=answer).exit_code == 0
    assert [run.point["requirements.level*"] for run in sweep.asked["runs"]] == [1.5, 1.7]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), "--vary is missing"),
        (("--vary", VARY, "--points", "points.csv"), "Leave out --vary and --draws"),
        (("--vary", "requirements.levle=1"), 'Did you mean "level"'),
    ],
)
def test_a_wrong_design_is_told_before_any_run(sweep, words, expected):
    result = sweep(*words, answer=answer)
    assert isinstance(result.exception, DataError)
    assert expected in str(result.exception)
    assert not sweep.asked


def test_a_missing_pyarrow_is_told_and_the_workbook_is_written(sweep, tmp_path, monkeypatch):
    monkeypatch.setattr("cssopt.questions.sweep.ask.can_write_parquet", lambda: False)
    result = sweep("--vary", VARY, answer=answer)
    assert result.exit_code == 0
    assert 'pip install "cssopt[parquet]"' in result.stderr
    assert (tmp_path / "out" / "results.xlsx").exists()
    assert not (tmp_path / "out" / "runs.parquet").exists()
