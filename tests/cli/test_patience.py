"""`--patience`: questions about a plan end in the time given, and what was not asked is told."""

from __future__ import annotations

import json
import time

import pytest
from paths import FORMULATION
from typer.testing import CliRunner

import cssopt
from cssopt.cli import app
from cssopt.runs import solve_case
from cssopt.solve.answer import LEAST_PATIENCE, NOT_ASKED, TIMES, Options

BOOK, SHORT = FORMULATION / "core_lp_101.xlsx", FORMULATION / "core_lp_100.xlsx"
NONE = ("--patience", "0")


def run(tmp_path, command, *arguments, book=BOOK):
    """The exit code, and what is told; without line breaks of a terminal."""
    call = [command, str(book), *arguments, "--out", str(tmp_path / command)]
    done = CliRunner().invoke(app, call, env={"COLUMNS": "200"})
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, " ".join(done.output.split())


@pytest.fixture(scope="module")
def base():
    return solve_case.solve(cssopt.load(BOOK), concessions=False)


def test_ranges_without_time_are_open_and_no_plan_is_said_to_be_the_only_one(tmp_path):
    code, told = run(tmp_path, "alternatives", "--within", "0.02", *NONE)
    assert code == 6
    assert f"ranges: {NOT_ASKED}" in told
    assert "No plan that differs was found in the time." in told
    assert "free: may be none" not in told
    ranges = cssopt.alternatives(cssopt.load(BOOK), [0.02], patience=0.0).tables["ranges"]
    left = ranges[ranges["message"] == NOT_ASKED]
    assert len(left)
    assert set(left["verdict"]) <= {"open", "at least"}


@pytest.mark.slow
def test_rules_without_time_are_not_asked_and_not_called_unproven(tmp_path):
    code, told = run(tmp_path, "rules", *NONE)
    assert code == 6
    assert f"rules: {NOT_ASKED}" in told
    assert "not proven" not in told
    again, told = run(tmp_path, "rules")
    assert again == 0
    assert "not asked" not in told.lower()


def test_tipping_without_time_does_not_say_that_there_is_no_plan(tmp_path):
    vary = "requirements.level*=0.9..1.1"
    code, told = run(tmp_path, "tipping", "--vary", vary, "--points", "3", *NONE)
    assert code == 6
    assert "No plan is known at any value" in told
    assert "0 without a plan, 3 without an answer" in told
    assert f"3 of 3 values: {NOT_ASKED}" in told


def test_prices_without_time_are_counted(tmp_path):
    code, told = run(tmp_path, "prices", *NONE)
    assert code == 0
    assert "Without a price, because to look for their ranges would take too long" in told


def test_steps_of_why_without_time_are_left(tmp_path, base):
    data = cssopt.load(BOOK).data
    threat = next(iter(data.tables["threats"].keys))
    year = data.settings.first_year
    code, told = run(tmp_path, "why", "--threat", threat, "--year", str(year), *NONE, "--json")
    assert code == 0
    facts = json.loads(told[told.index("{") : told.rindex("}") + 1])
    assert {row["status"] for row in facts["next"]} == {"interrupted"}
    _, told = run(tmp_path, "why", "--threat", threat, "--year", str(year), *NONE)
    assert "no plan" not in told
    assert f"steps: {NOT_ASKED}" in told


def test_a_diagnosis_without_time_has_its_proof_only(tmp_path):
    code, told = run(tmp_path, "diagnose", *NONE, book=SHORT)
    assert code == 4
    assert "No plan can keep all needs and rules of study strict." in told
    assert "checks ended at a limit and prove" in told


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


def test_compare_takes_the_shortfall_tolerance(tmp_path):
    book, more = FORMULATION / "core_mip_109.xlsx", ("--members", "M03")
    shares = []
    for given in ((), ("--shortfall-tolerance", "0.05")):
        code, _ = run(tmp_path, "compare", *more, *given, book=book)
        assert code == 0
        record = (tmp_path / "compare" / "run.json").read_text(encoding="utf-8")
        shares.append(json.loads(record)["missing_share"])
    assert shares[0] < shares[1] <= 1.05 * shares[0] * (1 + 1e-9)
