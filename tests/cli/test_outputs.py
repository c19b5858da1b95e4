"""What holds for every command: sheet Run, checks before solving, and what becomes of reports."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from types import SimpleNamespace

import openpyxl
import pandas as pd
import pytest
import typer
from contradictions import CONTRADICTIONS
from small_books import make_book

import cssopt
from cssopt.cli import app, main
from cssopt.errors import DataError
from cssopt.questions.plan import ask as verbs
from cssopt.questions.question import QUESTIONS, load_questions

load_questions()

COMMANDS = {
    "solve": ("small-pooled/report.xlsx", ()),
    "compare": ("small-pooled/report.xlsx", ()),
    "cost": ("small-pooled/cost.xlsx", ()),
    "whatif": ("small-whatif/comparison.xlsx", ("--set", "members[member=B].cost_index=3")),
    "sweep": ("small-sweep/results.xlsx", ("--vary", "requirements.level*=1,1.5")),
    "frontier": ("small-frontier/frontier.xlsx", ("--trade", "burden", "--points", "2")),
    "alternatives": (
        "small-alternatives/alternatives.xlsx",
        ("--within", "0.02", "--plans", "0"),
    ),
    "prices": ("small-prices/prices.xlsx", ("--sides", "none")),
    "rules": ("small-rules/rules.xlsx", ()),
    "tipping": (
        "small-tipping/tipping.xlsx",
        ("--vary", "requirements.level*=1..3", "--points", "2", "--tolerance", "0.5"),
    ),
    "why": ("small-why/why.xlsx", ("--threat", "K", "--year", "2031")),
    "trace": ("small-trace/trace.xlsx", ()),
    "diagnose": ("small-diagnosis/diagnosis.xlsx", ()),
    "share": ("small-share/share.xlsx", ()),
}
"""Every command that writes a workbook: where, and what it must be told."""

BOOKS = {
    "diagnose": CONTRADICTIONS["budget against need"].sheets,
    "cost": make_book(plan=[["member", "force", "year", "held"], ["A", "unit", 2030, 6]]),
}
"""Of commands that ask about something of their own."""

VERBS = {
    "solve": lambda case, **asked: cssopt.solve(case, **asked),
    "compare": lambda case, **asked: cssopt.compare(case, **asked),
    "whatif": lambda case, **asked: cssopt.whatif(case, ask=["all"], **asked),
    "sweep": lambda case, **asked: cssopt.sweep(case, vary=["requirements.level*=1,1.5"], **asked),
    "frontier": lambda case, **asked: cssopt.frontier(case, trade=["shortfall"], **asked),
    "alternatives": lambda case, **asked: cssopt.alternatives(case, within=[0.01], **asked),
    "prices": lambda case, **asked: cssopt.prices(case, **asked),
    "rules": lambda case, **asked: cssopt.rules(case, **asked),
    "tipping": lambda case, **asked: cssopt.tipping(case, vary="requirements.level*=1..2", **asked),
    "why": lambda case, **asked: cssopt.why(case, threat="K", year=2031, **asked),
    "diagnose": lambda case, **asked: cssopt.diagnose(case, **asked),
    "share": lambda case, **asked: cssopt.share(case, **asked),
    "export": lambda case, **asked: cssopt.export(case, "small.mps", **asked),
}


def write_book(sheets, path):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """A command on the small book, within this process."""
    monkeypatch.chdir(tmp_path)

    def call(command, *words):
        sheets = BOOKS.get(command, make_book())
        if not (tmp_path / "small.xlsx").exists():
            write_book(sheets, tmp_path / "small.xlsx")
        monkeypatch.setattr(sys, "argv", ["cssopt", command, "small.xlsx", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        return SimpleNamespace(code=ended.value.code or 0, out=out, err=err)

    return call


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    return cssopt.load(write_book(make_book(), tmp_path_factory.mktemp("inputs") / "small.xlsx"))


def options_of(command):
    """Names of all options of a command, as its help shows them."""
    params = typer.main.get_command(app).commands[command].params
    named = [max(p.opts, key=len) for p in params if p.param_type_name == "option"]
    return {name.removeprefix("--").replace("-", "_") for name in named} - {"help"}


@pytest.mark.medium
def test_every_command_that_writes_workbooks_is_tried_here():
    commands = typer.main.get_command(app).commands
    writing = {name for name in commands if "out" in options_of(name)}
    # Kept runs have tests of their own: tests/questions/kept.
    assert writing - {"check", "report", "compare-runs", "verify"} == set(COMMANDS)


@pytest.mark.medium
@pytest.mark.parametrize("command", COMMANDS)
def test_a_report_tells_where_it_comes_from_and_is_replaced_by_the_same_command(
    run, tmp_path, command
):
    name, words = COMMANDS[command]
    done = run(command, *words)
    path = tmp_path / "reports" / name
    assert f"{path.relative_to(tmp_path)}" in done.err
    assert "replaced" not in done.err
    check_run_sheet(path, tmp_path, command)
    assert f"{path.name} (replaced)" in run(command, *words).err


def check_run_sheet(path, tmp_path, command):
    """Source, versions and every option."""
    words = COMMANDS[command][1]
    book = openpyxl.load_workbook(path)
    assert book.sheetnames[-1] == "Run"
    told = {row[0].value: row[1].value for row in book["Run"].iter_rows(max_col=2)}
    content = (tmp_path / "small.xlsx").read_bytes()
    assert told["source" if command in QUESTIONS else "workbook"] == "small.xlsx"
    assert told["SHA-256"] == hashlib.sha256(content).hexdigest()
    assert {"cssopt", "Pyomo", "HiGHS", "Python"} <= set(told)
    cells = [(row[0].value, row[1].value) for row in book["Run"].iter_rows(max_col=2)]
    begin = cells.index(("Options", None)) + 1
    chosen = dict(cells[begin : cells.index((None, None), begin)])
    # A profile changes no answer: it stands there only where it was asked for.
    assert options_of(command) - {"profile"} <= set(chosen)
    for option, value in zip(words[::2], words[1::2], strict=True):
        assert str(chosen[option.removeprefix("--")]) == value
    assert chosen["members"] == "A, B"
    (record,) = path.parent.glob("*run.json")
    facts = json.loads(record.read_text(encoding="utf-8"))
    assert facts["sha256"] == told["SHA-256"]
    assert facts["files"][path.name] == hashlib.sha256(path.read_bytes()).hexdigest()
    assert str(tmp_path) not in record.read_text(encoding="utf-8")
    (property_,) = book.custom_doc_props.props
    assert (property_.name, property_.value) == ("cssopt run id", facts["run_id"])
    assert told["run id"] == facts["run_id"]
    for table in path.parent.glob("*.parquet"):
        assert pd.read_parquet(table).attrs["run_id"] == facts["run_id"]


@pytest.mark.medium
@pytest.mark.parametrize(
    "command",
    [
        pytest.param(name, marks=[] if name in ("solve", "sweep") else pytest.mark.slow)
        for name in COMMANDS
    ],
)
def test_a_report_that_was_changed_stays(run, tmp_path, command):
    name, words = COMMANDS[command]
    path = tmp_path / "reports" / name
    first = run(command, *words)
    path.write_bytes(path.read_bytes() + b"a remark")
    third = run(command, *words)
    second = path.with_stem(f"{path.stem}-2")
    assert f"{second.name}. {path.name} stays as it is: it was changed" in third.err
    assert path.read_bytes().endswith(b"a remark")
    assert second.exists()
    assert third.code == first.code


@pytest.mark.medium
@pytest.mark.parametrize("command", [*COMMANDS, "export"])
def test_an_output_that_cannot_be_written_is_told_before_anything_is_solved(
    run, tmp_path, monkeypatch, command
):
    """Nothing is solved: building a program is made to fail."""

    def refuse(*_):
        raise AssertionError("a program was built")

    monkeypatch.setattr("cssopt.assembly.instance.assemble", refuse)
    (tmp_path / "file").write_text("no folder")
    if command == "export":
        done = run(command, "file/small.mps")
    else:
        done = run(command, *COMMANDS[command][1], "--out", "file")
    assert done.code == 1
    assert "could not be written" in done.err
    assert "A part of this path is a file: choose another folder." in done.err


@pytest.mark.medium
def test_a_report_that_fails_after_solving_is_kept_and_the_plan_told(run, tmp_path, monkeypatch):
    """The folder is lost while the baseline is solved."""
    compare = verbs.compare_with_standing_alone

    def lose_folder(*given, **how):
        shutil.rmtree(tmp_path / "out")
        (tmp_path / "out").write_text("no folder any more")
        return compare(*given, **how)

    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    monkeypatch.setattr(verbs, "compare_with_standing_alone", lose_folder)
    done = run("solve", "--out", "out")
    assert done.code == 1
    assert "2 What does it cost?" in done.out
    assert "Audited: " in done.out
    (kept,) = (tmp_path / "temporary").glob("cssopt-*/report.xlsx")
    assert openpyxl.load_workbook(kept).sheetnames[0] == "Decision"
    assert f'The report is kept in "{kept}"' in done.err


@pytest.mark.medium
@pytest.mark.parametrize(
    ("fault", "code"), [(KeyboardInterrupt(), 7), (ZeroDivisionError("a fault"), 1)]
)
def test_a_plan_is_kept_where_its_baseline_ends_early(run, tmp_path, monkeypatch, fault, code):
    """2 units for itself and 2 delegated: 4 at 10 million in each of 4 years."""

    def stumble(*_given, **_how):
        raise fault

    monkeypatch.setattr(verbs, "compare_with_standing_alone", stumble)
    done = run("solve", "--out", "out")
    assert done.code == code
    assert "What was solved is kept in" in done.err
    kept = json.loads((tmp_path / "out" / "report-solved-1.json").read_text(encoding="utf-8"))
    (spent,) = [x["value"] for x in kept["base_plan"] if x["label"] == "pooled expenditure"]
    assert spent == pytest.approx(4 * 40)
    held = [row["held"] for row in kept["plan"]["tables"]["held"] if row["member"] == "A"]
    assert held == pytest.approx([4, 4, 4, 4])


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize(
    ("asked", "issues"),
    [
        ({"members": ["A", "C"]}, [("E-130", '"C" is not a member')]),
        ({"members": "A,B"}, [("E-130", '"A,B" is not a member')]),
        ({"members": []}, [("E-130", "names no member")]),
        ({"members": ["A", "B", "A"]}, [("E-130", '"A" is named twice')]),
        ({"study": "poled"}, [("E-132", '"poled" is not a study. Did you mean "pooled"?')]),
        ({"study": "none.toml"}, [("E-132", 'there is no study file "none.toml"')]),
        ({"study": "standalone"}, [("E-133", "plans one member, not 2")]),
        (
            {"study": "stricd", "members": ["A", "A", "D"]},
            [("E-132", '"strict"?'), ("E-130", '"D" is not'), ("E-130", '"A" is named twice')],
        ),
    ],
)
def test_every_verb_checks_study_and_coalition_alike(case, verb, asked, issues):
    with pytest.raises(DataError) as caught:
        VERBS[verb](case, **asked)
    if verb != "export":
        assert {issue.where for issue in caught.value.issues} <= {"members", "study"}
    told = [(issue.code, issue.text) for issue in caught.value.issues]
    assert len(told) == len(issues)
    for (code, text), (wanted, part) in zip(told, issues, strict=True):
        assert code == wanted
        assert part in text


@pytest.mark.medium
@pytest.mark.parametrize("command", [*COMMANDS, "export"])
def test_every_command_checks_study_and_coalition_alike(run, command):
    words = ("small.mps",) if command == "export" else COMMANDS[command][1]
    done = run(command, *words, "--study", "poled", "--members", "A,A,C")
    assert done.code == 3
    assert 'E-132 --study "poled" is not a study. Did you mean "pooled"?' in done.err
    assert 'E-130 --members "C" is not a member.' in done.err
    assert 'E-130 --members "A" is named twice.' in done.err


def test_one_member_is_one_member_in_every_study(case):
    """A alone holds 4 units: 40 a year."""
    for study in ("standalone", "pooled"):
        solution = cssopt.solve(case, study=study, members=["A"])
        assert solution.pooled_expenditure == pytest.approx(4 * 40)
