"""`--total-time`: the whole ends in the time given, and what was not asked by then is told.

What is known where there is no time for questions about a plan is tried with patience, which those
have without the option, set to nothing: the plan itself is solved.
"""

from __future__ import annotations

import json
import time
from dataclasses import replace

import pytest
from commands import figures_of
from paths import FORMULATION
from typer.testing import CliRunner

import cssopt
from cssopt.cli import app
from cssopt.questions.question import Asking
from cssopt.questions.rules.ask import Rules
from cssopt.solve.answer import LEAST_PATIENCE, NOT_ASKED, TIMES, Options

BOOK, SHORT = FORMULATION / "core_lp_101.xlsx", FORMULATION / "core_lp_100.xlsx"


def run(tmp_path, command, *arguments, book=BOOK):
    """The exit code, and what is told; without line breaks of a terminal."""
    call = [command, str(book), *arguments, "--out", str(tmp_path / command)]
    done = CliRunner().invoke(app, call, env={"COLUMNS": "200"})
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, " ".join(done.output.split())


@pytest.fixture
def no_patience(monkeypatch):
    """There is no time for questions about a plan."""
    solver = Asking.solver.fget
    monkeypatch.setattr(Asking, "solver", property(lambda self: replace(solver(self), patience=0)))


ASKED = {
    "solve": (),
    "compare": (),
    "whatif": ("--set", "members[member=M00].cost_index=3"),
    "sweep": ("--vary", "requirements.level*=1,1.5"),
    "frontier": ("--trade", "shortfall"),
    "alternatives": (),
    "prices": (),
    "rules": (),
    "tipping": ("--vary", "requirements.level*=0.9..1.1"),
    "why": ("--threat", "K00", "--year", "2027"),
    "share": (),
    "diagnose": (),
}


@pytest.mark.medium
@pytest.mark.parametrize("command", ASKED)
def test_in_no_time_there_is_no_plan_yet_and_no_figure(tmp_path, command):
    """The plan is on the clock too; whether there is one is not known. Of many runs each has its
    own ending: that a limit came first is told of all."""
    given = ("--formats", "none", "--total-time", "0")
    code, told = run(tmp_path, command, *ASKED[command], *given)
    assert code == (6 if command in ("sweep", "tipping") else 8), told
    unknown = ("no plan", "not known", "nothing is proven")
    assert any(words in told.lower() for words in unknown)


def test_the_clock_is_one_for_plan_and_questions():
    asked = Asking(Rules(total_time=100.0, time_limit=3.0), cssopt.load(BOOK))
    assert asked.solver.time_limit == 3.0
    assert asked.solver.until == asked.since + 100.0
    later = asked.solver.begin_questions(1_000.0)
    assert later.until == asked.solver.until
    changed = asked.on(cssopt.change(asked.inputs, ["requirements.level*=1.1"])[0])
    assert changed.solver.until == asked.solver.until


@pytest.mark.medium
def test_a_whole_ends_in_its_time(tmp_path):
    """Bisection to 1e-9 with nine values takes longer; one more solve is allowed for."""
    words = ("--vary", "requirements.level*=0.5..2", "--tolerance", "1e-9", "--total-time", "3")
    began = time.perf_counter()
    code, _ = run(tmp_path, "tipping", *words, "--formats", "none")
    assert code in (6, 0)
    assert time.perf_counter() - began < 15


@pytest.mark.medium
def test_ranges_without_time_are_open_and_no_plan_is_said_to_be_the_only_one(tmp_path, no_patience):
    code, told = run(tmp_path, "alternatives", "--within", "0.02")
    assert code == 6
    assert f"ranges: {NOT_ASKED}" in told
    assert "No plan that differs was found in the time." in told
    assert "free: may be none" not in told
    ranges = cssopt.alternatives(cssopt.load(BOOK), within=[0.02]).tables["ranges"]
    left = ranges[ranges["message"] == NOT_ASKED]
    assert len(left)
    assert set(left["verdict"]) <= {"open", "at least"}


@pytest.mark.slow
def test_rules_without_time_are_not_asked_and_not_called_unproven(tmp_path, no_patience):
    code, told = run(tmp_path, "rules")
    assert code == 6
    assert f"rules: {NOT_ASKED}" in told
    assert "not proven" not in told


@pytest.mark.medium
def test_tipping_without_time_does_not_say_that_there_is_no_plan(tmp_path, no_patience):
    vary = "requirements.level*=0.9..1.1"
    code, told = run(tmp_path, "tipping", "--vary", vary, "--points", "3")
    assert code == 6
    assert "No plan is known at any value" in told
    assert "No plan can keep" not in told
    assert f"3 of 3 values: {NOT_ASKED}" in told


@pytest.mark.medium
def test_prices_without_time_are_counted(tmp_path, no_patience):
    code, told = run(tmp_path, "prices")
    assert code == 0
    assert "Without a price, because to look for their ranges would take too long" in told


@pytest.mark.medium
def test_steps_of_why_without_time_are_left(tmp_path, no_patience):
    data = cssopt.load(BOOK).data
    threat = next(iter(data.tables["threats"].keys))
    year = data.settings.first_year
    code, told = run(tmp_path, "why", "--threat", threat, "--year", str(year), "--json")
    assert code == 0
    facts = json.loads(told[told.index("{") : told.rindex("}") + 1])
    assert {row["status"] for row in facts["tables"]["next"]} == {"interrupted"}
    _, told = run(tmp_path, "why", "--threat", threat, "--year", str(year))
    assert "no plan" not in told
    assert f"steps: {NOT_ASKED}" in told


@pytest.mark.medium
def test_a_diagnosis_without_time_has_its_proof_only(tmp_path, no_patience, monkeypatch):
    # Of a small book the checks are made however long they take together.
    monkeypatch.setattr("cssopt.questions.diagnosis.checks._LARGE", 0)
    code, told = run(tmp_path, "diagnose", book=SHORT)
    assert code == 4
    assert "No plan can keep all needs and rules of study strict." in told
    assert "1 of 2 checks ended at a limit and prove nothing" in told


def test_patience_is_seven_times_the_plan_or_what_is_given():
    assert Options().find_patience(1.0) == LEAST_PATIENCE
    assert Options().find_patience(100.0) == 100 * TIMES
    assert Options(patience=3.0).find_patience(100.0) == 3.0
    options = Options(patience=0.0).begin_questions(9.0)
    assert options.is_over
    assert options.begin_questions(9.0).until == options.until


def test_one_question_takes_a_part_of_what_is_left():
    assert Options().sharing(0.25) == Options()
    until = time.perf_counter() + 100
    assert Options(until=until).sharing(0.25).time_limit == pytest.approx(25, abs=1)
    assert Options(until=until, time_limit=3.0).sharing(0.25).time_limit == 3.0


@pytest.mark.medium
def test_compare_takes_the_shortfall_tolerance(tmp_path):
    book, more = FORMULATION / "core_mip_109.xlsx", ("--members", "M03")
    shares = []
    for given in ((), ("--shortfall-tolerance", "0.05")):
        code, _ = run(tmp_path, "compare", *more, *given, "--formats", "json", book=book)
        assert code == 0
        told = json.loads((tmp_path / "compare" / "report.json").read_text(encoding="utf-8"))
        shares.append(figures_of(told)["missing_share"])
    assert shares[0] < shares[1] <= 1.05 * shares[0] * (1 + 1e-9)
