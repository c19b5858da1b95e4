"""The command sweep: what it hands on, tells and answers. The runs themselves are made up."""

from __future__ import annotations

import pytest
from books import write_csv
from commands import command
from small_books import make_book

import cssopt
from cssopt.questions.sweep.result import Swept
from cssopt.render.progress import Progress
from cssopt.runs.outcome import Outcome, failed, leave
from cssopt.solution.near_plan import Persist
from cssopt.solution.steps import NumberedStep

VARY = "requirements.level*=1:2:0.1"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The small book as a folder of CSV files."""
    return write_csv(make_book(), tmp_path_factory.mktemp("books") / "small")


@pytest.fixture
def sweep(monkeypatch, folder, tmp_path):
    """Call the command with an engine that gives each run what `answer` says."""
    asked = {"steps": []}
    monkeypatch.setattr(Progress, "tell", lambda _self, step: asked["steps"].append(step))

    def call(*words, answer):
        def engine(asking, runs, journal, on_outcome, cluster):
            asked.update(runs=runs, options=asking.options, cluster=cluster)
            outcomes = []
            for position, run in enumerate(runs):
                outcome = answer(run)
                outcomes.append((run, outcome))
                on_outcome(run, outcome, position < 2)
            return Swept(asking.base, outcomes, reused=2)

        monkeypatch.setattr("cssopt.questions.sweep.ask.sweep_runs", engine)
        return command("sweep", folder, "--out", tmp_path / "out", *words)

    call.asked = asked
    return call


def answer(run):
    money = 100.0 * run.point["requirements.level*"]
    return Outcome(status="optimal", threats_met=True, pooled_expenditure=money, objective=money,
                   bound=money, gap=0.0, shortfall=0.0, missing_share=0.0, way="built")  # fmt: skip


def test_a_sweep_is_run_reported_and_told(sweep, tmp_path):
    result = sweep("--vary", VARY, "--persist", "2", "--processes", "3", answer=answer)
    assert result.code == 0, result.err
    assert len(sweep.asked["runs"]) == 11
    assert (tmp_path / "out" / "journal.sqlite").exists()
    assert sweep.asked["options"].nearness == Persist(2.0, None)
    assert (sweep.asked["options"].processes, sweep.asked["cluster"]) == (3, None)
    assert (tmp_path / "out" / "results.xlsx").exists()
    assert (tmp_path / "out" / "runs.parquet").exists()
    lines = [" ".join(line.split()) for line in result.out.splitlines()]
    assert "runs 11 2 of them finished in an earlier sweep" in lines
    assert any(line.startswith("pooled expenditure 160.00 100.00 150.00 200.00") for line in lines)


def test_every_run_is_a_step_and_those_kept_from_before_say_nothing_of_time(sweep):
    assert sweep("--vary", "requirements.level*=1:30:1", answer=answer).code == 0
    told = [step for step in sweep.asked["steps"] if isinstance(step, NumberedStep)]
    runs = [step for step in told if step.what == "run"]
    assert runs == [f"run {n} of 30" for n in range(1, 31)]
    assert [(step.done, step.of) for step in runs] == [(n, 30) for n in range(1, 31)]
    assert [step.is_timed for step in runs] == [False, False, *[True] * 28]


def test_a_failed_run_gives_exit_code_1(sweep):
    def fail_last(run):
        return failed("no memory") if run.name == "11" else answer(run)

    result = sweep("--vary", VARY, answer=fail_last)
    assert result.code == 1
    assert "run 11 of 11: 1 failed" in sweep.asked["steps"]


def test_an_infeasible_run_is_an_answer(sweep):
    result = sweep("--vary", VARY, answer=lambda run: Outcome(status="infeasible"))
    assert result.code == 0, result.err


def test_a_run_whose_cost_falls_without_end_is_a_failure(sweep):
    result = sweep("--vary", VARY, answer=lambda run: Outcome(status="unbounded"))
    assert result.code == 1, result.err


def test_an_interrupted_sweep_tells_what_is_kept(sweep, tmp_path):
    def stop(run):
        if run.name == "4":
            raise KeyboardInterrupt
        return answer(run)

    result = sweep("--vary", VARY, answer=stop)
    assert result.code == 7
    assert str(tmp_path / "out" / "journal.sqlite") in result.err
    assert "the same command does the rest" in " ".join(result.err.split())


def test_runs_without_time_are_told_and_no_error(sweep):
    def late(run):
        return leave() if run.name == "11" else answer(run)

    result = sweep("--vary", VARY, "--json", answer=late)
    assert result.code == 6
    assert result.tables["failed"][0]["reason"].startswith("Not asked")
    counts = {row["label"]: row["value"] for row in result.tables["summary"]}
    assert (counts["not answered"], counts["failed"]) == (1, 0)
    assert " 1 was not answered in the time." in result.out


@pytest.mark.medium
def test_json_holds_every_run(sweep):
    result = sweep("--vary", VARY, "--json", answer=answer)
    counts = {row["label"]: row["value"] for row in result.tables["summary"]}
    assert counts["optimal"] == 11
    (money, _) = result.tables["ranges"]
    assert [money[name] for name in ("base", "least", "median", "most")] == pytest.approx(
        [160, 100, 150, 200]
    )
    assert len(result.tables["runs"]) == 11
    assert result.tables["runs"][1]["requirements.level*"] == 1.1


@pytest.mark.medium
def test_draws_and_points_make_the_runs(sweep, tmp_path):
    words = ("--vary", "requirements.level*=1..2", "--draws", "5", "--seed", "9")
    assert sweep(*words, answer=answer).code == 0
    assert len(sweep.asked["runs"]) == 5
    points = tmp_path / "points.csv"
    points.write_text("requirements.level*\n1.5\n1.7\n")
    assert sweep("--points", str(points), answer=answer).code == 0
    assert [run.point["requirements.level*"] for run in sweep.asked["runs"]] == [1.5, 1.7]


@pytest.mark.medium
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
    assert result.code == 3
    assert expected in " ".join(result.err.split())
    assert sweep.asked == {"steps": []}


def test_the_verb_needs_no_journal_and_leaves_none(folder, tmp_path, monkeypatch):
    """40 million for each unit of need, of which there are 4."""
    monkeypatch.chdir(tmp_path)
    case = cssopt.load(folder)
    done = cssopt.sweep(case, vary=["requirements.level*=1;2"], processes=1)
    assert [end.pooled_expenditure for _, end in done.outcomes] == pytest.approx([160, 320])
    assert done.tables["groups"]["pooled_expenditure"].tolist() == pytest.approx([160, 320])
    assert list(tmp_path.iterdir()) == []


def test_what_is_over_its_time_is_left_for_another_sweep(folder, tmp_path):
    case, journal = cssopt.load(folder), tmp_path / "journal.sqlite"
    vary = ["requirements.level*=1;2"]
    late = cssopt.sweep(case, vary=vary, processes=1, total_time=0, journal=journal)
    assert {end.status for _, end in late.outcomes} == {"no plan yet"}
    done = cssopt.sweep(case, vary=vary, processes=1, journal=journal)
    assert done.reused == 0
    assert {end.status for _, end in done.outcomes} == {"optimal"}
