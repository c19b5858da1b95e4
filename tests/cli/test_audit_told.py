"""A failed audit is told by every command: exit code, standard error, table, JSON and workbook.

The audits that fail are those of a component of our own, which says that few units are enough. The
small book needs 4 units in each year, so that no more than 3 fails in every plan, and no more than
4 in those that need more.
"""

from __future__ import annotations

import io
import json
import shutil
import sys
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import openpyxl
import pandas as pd
import pytest
from baselines import find_baseline
from books import make_data, read_study
from rich.console import Console
from small_books import make_book
from test_outputs import BOOKS, COMMANDS, write_book

import cssopt
from cssopt import read_changes
from cssopt.assembly.folders import find_model_folders
from cssopt.assembly.instance import Instance
from cssopt.cli import main
from cssopt.errors import SolveError
from cssopt.questions.sweep.ask import choose_audited
from cssopt.render.palette import VERMILION
from cssopt.render.terminal import print_audits
from cssopt.render.xlsx.styles import RED as RED_INK
from cssopt.runs.journal import Journal
from cssopt.runs.outcome import Outcome, Run
from cssopt.runs.run_all import run_all, run_here
from cssopt.runs.specification import RunSpecification
from cssopt.runs.worker import Worker
from cssopt.solution.verdicts import Audits, Broken, check_program
from cssopt.solve.answer import Options
from cssopt.solve.compile import compile_problem
from cssopt.solve.stages import solve_program
from cssopt.solve.warm.same_shape import SameShapeSolver

ENOUGH = '''"""Few units are enough.

Constraints:
    nothing: the audit alone says it
"""
from cssopt.modeling import holds

REQUIRES = ("readiness",)

def audit(data, solution):
    for t in range(data.settings.first_year, data.settings.last_year + 1):
        held = sum(x for (*_, year), x in solution.held.items() if year == t)
        yield holds("enough", (t,), held, "<=", {most})
'''

STRANGER = '''"""A cost that nobody bears.

Costs:
    gift[nobody,t] = 5
"""
from cssopt.modeling import amount

REQUIRES = ("horizon",)

def costs(block, data, use, ledger):
    for t in use.horizon.years:
        ledger.post("gift", "nobody", t, 5.0)

def audit(data, solution):
    for t in range(data.settings.first_year, data.settings.last_year + 1):
        yield amount("gift", "nobody", t, 5.0)
'''

NOBODY_ALONE = '''"""Nobody alone has any unit.

Constraints:
    nothing: the audit alone says it
"""
from cssopt.modeling import holds

REQUIRES = ("members", "readiness")

def audit(data, solution):
    alone = len(data.members) == 1
    yield holds("nobody_alone", (), alone * sum(solution.held.values()), "<=", 0)
'''

RED = "\x1b[1;31m"

QUICK = ("solve", "whatif", "why", "frontier")
"""Commands that every run of the tests tries; all end in one place."""


def write_models(folder, text, study="pooled"):
    """A folder of models with one component more, in the study `own`."""
    for name in ("components", "studies"):
        (folder / name).mkdir(parents=True)
    (folder / "components" / "own.py").write_text(text, encoding="utf-8")
    own = f'extends = "{study}"\nwith = ["own"]\n'
    (folder / "studies" / "own.toml").write_text(own, encoding="utf-8")
    return folder


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """A command on the small book, with so many units being enough, within this process."""
    monkeypatch.chdir(tmp_path)

    def call(command, *words, most):
        strict = command == "diagnose"
        sheets = BOOKS.get(command, make_book())
        models = tmp_path / "own"
        shutil.rmtree(models, ignore_errors=True)
        write_models(models, ENOUGH.format(most=most), "strict" if strict else "pooled")
        write_book(sheets, tmp_path / "small.xlsx")
        given = ("--models", str(models), "--study", "own", "--out", "out")
        monkeypatch.setattr(sys, "argv", ["cssopt", command, "small.xlsx", *words, *given])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        return SimpleNamespace(code=ended.value.code or 0, out=out, err=err)

    return call


def read_first_sheet(path):
    sheet = openpyxl.load_workbook(path).worksheets[0]
    return [str(row[0].value or "") for row in sheet.iter_rows(max_row=8, max_col=1)], sheet


def read_answer(tmp_path, command):
    """The workbook of a command and its run record."""
    path = tmp_path / "out" / COMMANDS[command][0].rpartition("/")[2]
    stem = "run" if path.stem == "report" else f"{path.stem}-run"
    return path, json.loads((path.parent / f"{stem}.json").read_text(encoding="utf-8"))


def check_failed(facts):
    assert facts["audit"] is False
    assert {f["rule"] for f in facts["audits"]["failures"]} == {"own.enough"}
    assert all(f["violation"] > 0.01 for f in facts["audits"]["failures"])


@pytest.mark.medium
@pytest.mark.parametrize(
    "command",
    [name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in COMMANDS],
)
def test_a_failed_audit_is_an_error_of_every_command(run, tmp_path, command):
    done = run(command, *COMMANDS[command][1], "--json", most=3)
    assert done.code == 1, done.err
    assert "THE AUDIT FAILED for" in done.err
    assert "own.enough at 203" in done.err
    assert "Do not use these figures." in done.err
    path, record = read_answer(tmp_path, command)
    check_failed(record)
    facts = json.loads(done.out)["facts"]
    check_failed(facts)
    assert facts["audits"] == record["audits"]
    told = run(command, *COMMANDS[command][1], most=3)
    assert told.code == 1
    assert told.out.startswith("AUDIT FAILED. Do not use these figures.")
    lines, sheet = read_first_sheet(path)
    (row,) = (place for place, line in enumerate(lines, start=1) if "THE AUDIT FAILED" in line)
    reds = {f"FF{color.removeprefix('#')}" for color in (RED_INK, VERMILION)}
    assert sheet.cell(row, 1).font.color.rgb in reds


@pytest.mark.slow
@pytest.mark.parametrize("command", COMMANDS)
def test_a_passed_audit_is_told_by_every_command(run, tmp_path, command):
    done = run(command, *COMMANDS[command][1], most=1000)
    assert done.code == (4 if command == "diagnose" else 0), done.err
    assert "passed" in done.out.replace("\n", " ").rpartition("Audited: ")[2]
    assert "FAILED" not in done.out + done.err
    path, record = read_answer(tmp_path, command)
    assert record["audit"] is True
    assert record["audits"]["failures"] == []
    assert record["audits"]["audited"] > 0
    assert any(says_audited(sheet) for sheet in openpyxl.load_workbook(path).worksheets)


def says_audited(sheet):
    """True where a sheet tells it at its head, or is the page about how a plan was found."""
    lines = [str(row[0].value or "") for row in sheet.iter_rows(max_row=8, max_col=1)]
    return any(line.startswith("Audited: ") or "checked" in line for line in lines)


def test_the_plan_that_fails_is_named_and_marked(run, tmp_path):
    """6 units for a need of 6: more than 4; the base plan has 4."""
    done = run("whatif", "--set", "requirements.level=6", most=4)
    assert done.code == 1
    assert "FAILED for scenario command line: own.enough at 2030 (6 <= 4)" in done.err
    assert "the base plan" not in done.err.rpartition("AUDIT FAILED")[2]
    base, *_ = (line for line in done.out.splitlines() if line.split()[:1] == ["base"])
    changed, *_ = (line for line in done.out.splitlines() if line.startswith("command line  "))
    assert "AUDIT FAILED" in changed
    assert "AUDIT FAILED" not in base


def test_the_line_is_red_where_an_audit_failed():
    def show(audits):
        console = Console(file=io.StringIO(), force_terminal=True, width=300)
        print_audits(console, audits)
        return console.file.getvalue()

    broken = Broken("own.enough", "2030", 0.2, "5 <= 4")
    assert show(Audits.of([("a", ()), ("b", (broken,))])).startswith(RED)
    assert RED not in show(Audits.of([("a", ()), ("b", ())]))


def test_what_audits_come_to():
    broken = Broken("own.enough", "2030", 0.2, "5 <= 4")
    far = Broken("own.other", "", 0.9, "9 == 1")
    assert Audits.of([]).passed is None
    assert Audits.of([("a", None)]).passed is None
    assert Audits.of([("a", None)]).told == "NOT AUDITED: none of 1 plans."
    assert Audits.of([("a", ()), ("b", None)], "Why.").told == (
        "Audited: 1 of 2 plans, all passed. Why."
    )
    failed = Audits.of([("a", (broken,)), ("b", None), ("c", (far, broken))])
    assert failed.passed is False
    assert failed.told == (
        "THE AUDIT FAILED for c: own.other (9 == 1), own.enough at 2030 (5 <= 4); "
        "for a: own.enough at 2030 (5 <= 4). Do not use these figures."
    )


def make_specification(sheets, study="pooled"):
    return RunSpecification(data=make_data(sheets), study=study, members=None, options=Options())


def make_run(name, change, *, audited=False):
    return Run(name, read_changes([change]), {"level": name}, audited=audited)


def test_only_what_is_asked_for_is_audited(tmp_path):
    folders = find_model_folders([write_models(tmp_path, ENOUGH.format(most=4))])
    worker = Worker(make_specification(make_book(), "own"), folders)
    runs = [
        make_run(str(i), f"requirements.level={6 + i / 4}", audited=i % 2 > 0) for i in range(5)
    ]
    outcomes = [worker.run(one) for one in runs]
    assert [outcome.way for outcome in outcomes].count("patched") == 3
    assert [outcome.verdict is None for outcome in outcomes] == [True, False, True, False, True]
    assert outcomes[3].verdict[0].says == "6.75 <= 4"
    again = Outcome.of_facts(json.loads(json.dumps(outcomes[3].facts())))
    assert again == outcomes[3]
    assert outcomes[3].facts()["audit"] is False
    assert outcomes[2].facts()["audit"] is None


def test_a_run_that_the_journal_has_without_an_audit_is_done_again_for_one(tmp_path):
    specification, folders = make_specification(make_book()), find_model_folders()
    runs = [make_run(str(level), f"requirements.level={level}") for level in (1, 2, 3)]

    def sweep(runs):
        with Journal(tmp_path / "journal.sqlite") as journal:
            done = run_all(
                specification, folders, runs, journal, run_here(specification, folders, 1)
            )
            return done.reused, [end.verdict for end in journal.read(done.keys)]

    assert sweep(runs) == (0, [None] * 3)
    audited = [replace(one, audited=one.name == "2") for one in runs]
    assert sweep(audited) == (2, [None, (), None])
    assert sweep(runs) == (3, [None, (), None])


def test_the_sample_is_the_same_each_time_and_of_the_stated_size():
    runs = [make_run(str(i), f"requirements.level={i}") for i in range(1, 1001)]
    sample = [one.name for one in choose_audited(runs) if one.audited]
    assert len(sample) == 10
    assert sample == [one.name for one in choose_audited(runs) if one.audited]
    assert sum(one.audited for one in choose_audited(runs[:20])) == 3
    assert sum(one.audited for one in choose_audited(runs[:2])) == 2
    assert all(one.audited for one in choose_audited(runs, "all"))


def test_burdens_that_do_not_add_up_are_seen_in_every_run(tmp_path):
    """5 million a year in four years that nobody bears are missing from the burdens: 20."""
    folders = find_model_folders([write_models(tmp_path, STRANGER)])
    worker = Worker(make_specification(make_book(), "own"), folders)
    outcomes = [worker.run(make_run(str(i), f"requirements.level={i}")) for i in (1, 2, 3)]
    for outcome in outcomes:
        (broken,) = outcome.verdict
        assert broken.rule == "burdens add up to the expenditure"
        missing = outcome.pooled_expenditure - sum(outcome.burden.values())
        assert missing == pytest.approx(20)


def test_an_answer_of_the_solver_that_breaks_a_row_is_seen_in_every_run(monkeypatch):
    """A kept program whose plan loses half of all units no longer meets the need."""
    worker = Worker(make_specification(make_book()), find_model_folders())
    outcomes = [worker.run(make_run(str(i), f"requirements.level={i}")) for i in (1, 2, 3)]
    assert [outcome.verdict for outcome in outcomes] == [None] * 3
    honest = SameShapeSolver.solve

    def lie(self, program):
        solved = honest(self, program)
        values = solved.values.copy()
        values[[name == "held" for _, name, _ in program.columns]] /= 2
        return replace(solved, values=values, figures=program.figures_of(values))

    monkeypatch.setattr(SameShapeSolver, "solve", lie)
    lied = worker.run(make_run("4", "requirements.level=4"))
    assert lied.way == "patched"
    assert lied.verdict
    assert lied.facts()["audit"] is False


def test_no_plan_rests_on_what_members_lack_in_plans_alone_that_fail(tmp_path):
    """The audit of the coalition itself passes."""
    models = write_models(tmp_path, NOBODY_ALONE, "equal_security")
    sheets = {name: pd.DataFrame(rows[1:], columns=rows[0]) for name, rows in make_book().items()}
    case = cssopt.load(sheets, [models])
    with pytest.raises(SolveError, match=r"FAILED for A alone: own\.nobody_alone"):
        cssopt.solve(case, study="own")


@pytest.fixture(scope="module")
def solved():
    """The program of the small book with its plan, and the places of the units held."""
    data = make_data(make_book())
    study = read_study("pooled")
    program = compile_problem(Instance(data, study, data.members.keys).assemble())
    held = np.array([name == "held" for _, name, _ in program.columns])
    return program, solve_program(program, Options()).values, held


def test_the_row_that_is_broken_most_is_told(solved):
    program, plan, held = solved
    assert check_program(program, plan) == ()
    (broken,) = check_program(program, np.where(held, 0.0, plan))
    assert broken.violation > 0.1


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_is_no_number_keeps_no_rule(solved, value):
    program, plan, held = solved
    broken = check_program(program, np.where(held, value, plan))
    assert broken
    assert all(one.violation == np.inf for one in broken)


@pytest.mark.parametrize(
    ("value", "whole", "told"),
    [
        (-1.0, False, [("readiness.range of held", "-1 >= 0")]),
        (0.5, True, [("readiness.fraction of held", "0.5 <= 0")]),
        (0.5, False, []),
    ],
)
def test_ranges_and_fractions_are_told_without_an_audit(solved, value, whole, told):
    """Where no row asks for anything."""
    program, plan, held = solved
    nothing = np.full(len(program.rows), np.inf)
    free = replace(program, row_lower=-nothing, row_upper=nothing, whole=held & whole)
    broken = check_program(free, np.where(held, value, plan))
    assert [(one.rule, one.says) for one in broken] == told


@pytest.mark.slow
def test_the_answers_of_python_carry_their_audits():
    sheets = {name: pd.DataFrame(rows[1:], columns=rows[0]) for name, rows in make_book().items()}
    case = cssopt.load(sheets)
    front = cssopt.frontier(case, trade=["burden"], points=3)
    points = sum(outcome.has_plan for outcome in front.outcomes)
    assert front.audits == Audits(1 + points, 1 + points)
    plan = cssopt.solve(case)
    baseline = find_baseline(plan, ledger=True)
    # The plan, A and B alone, equal security, and every link but the first, which is A and B.
    assert baseline.audit_with(plan).plans == 4 + len(baseline.links) - 1
    assert baseline.audit_with(plan).passed
    assert baseline.audit_with(plan).audited == baseline.audit_with(plan).plans
