"""Options of the command line and arguments of the verbs: what is none of them is told by name."""

from __future__ import annotations

import ast
import pickle

import numpy as np
import pandas as pd
import pytest
import typer
from paths import ROOT
from small_books import make_book
from test_outputs import write_book
from typer.testing import CliRunner

import cssopt
from cssopt.cli import app
from cssopt.questions.number_options import Number
from cssopt.solve.answer import Options

SHARE, COUNT, SECONDS = Number(0, share=True), Number(1, 1_000, whole=True), Number(0)


@pytest.mark.parametrize(
    ("read", "text", "value"),
    [
        (SHARE, "0.01", 0.01),
        (SHARE, "1%", 0.01),
        (SHARE, "0,5", 0.5),
        (SHARE, "0", 0.0),
        (SECONDS, "1.5", 1.5),
        (SECONDS, "1e3", 1_000.0),
        (SECONDS, "1.075", 1.075),
        (COUNT, "8", 8),
        (COUNT, "1 000", 1_000),
    ],
)
def test_a_number_is_read_as_in_a_change(read, text, value):
    assert read(text) == value
    assert type(read(text)) is type(value)


@pytest.mark.parametrize(
    ("read", "text", "told"),
    [
        (SHARE, "abc", "is no number. Write one such as 0.01 or 1%"),
        (SHARE, "", "is no number"),
        (SHARE, "nan", "is no number"),
        (SHARE, "inf", "is no number"),
        (SHARE, "1e400", "is no number"),
        (SHARE, "1e-400", "is no number"),
        (SHARE, "1_000", "is no number"),
        (SHARE, "\u0663", "is no number"),
        (SHARE, "0x10", "is no number"),
        (SHARE, "9" * 5_000, r"\(5,000 characters\) is no number"),
        (SHARE, "-1", "must be at least 0"),
        (SHARE, "1,075", "can mean 1075 or 1.075"),
        (SECONDS, "5%", "is a percentage. Write the number"),
        (COUNT, "0", "must be at least 1 and at most 1,000"),
        (COUNT, "10**9", "is no number"),
        (COUNT, "1000000000", "must be at least 1 and at most 1,000"),
        (COUNT, "1.5", "is no whole number"),
    ],
)
def test_what_is_no_such_number_is_told_with_the_mend(read, text, told):
    with pytest.raises(typer.BadParameter, match=told):
        read(text)


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    return write_book(make_book(), tmp_path_factory.mktemp("options") / "small.xlsx")


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("--gap", "abc"), 2, '"abc" is no number'),
        (("--gap", "0.1", "--gap", "0.2"), 2, "--gap stands 2 times"),
        (("--study", "pooled", "--study=fair"), 2, "--study stands 2 times"),
    ],
)
def test_options_are_told_in_our_own_words(book, words, code, told):
    ended = CliRunner().invoke(app, ["solve", str(book), "--formats", "none", *words])
    assert ended.exit_code == code
    assert told in ended.output


@pytest.mark.parametrize(
    ("how", "option"),
    [
        ({"gap": -1}, "gap"),
        ({"time_limit": float("nan")}, "time-limit"),
        ({"threads": 0}, "threads"),
        ({"patience": float("inf")}, "total-time"),
    ],
)
def test_settings_that_none_can_be_are_refused(how, option):
    with pytest.raises(cssopt.DataError, match=f"E-110 --{option}"):
        Options(**how)


@pytest.fixture(scope="module")
def case(book):
    return cssopt.load(book)


WRONG = {
    "a source of bytes": lambda case: cssopt.load(b"x"),
    "a study of numbers": lambda case: cssopt.solve(case, study=5),
    "a path for a case": lambda case: cssopt.solve("small.xlsx"),
    "a text as a gap": lambda case: cssopt.solve(case, gap="1%"),
    "a flag as a limit": lambda case: cssopt.solve(case, time_limit=True),
    "members of nothing": lambda case: cssopt.solve(case, members=[None]),
    "members of a number": lambda case: cssopt.solve(case, members=5),
    "a changed table": lambda case: cssopt.change(case, pd.DataFrame({"a": [1]})),
    "a change of numbers": lambda case: cssopt.change(case, [5]),
    "scenarios in a list": lambda case: cssopt.whatif(case, ["members.gdp*=1"]),
    "a step without a table": lambda case: cssopt.Step(table=None),
    "a change that there is not": lambda case: cssopt.Step(table="members", change="double"),
    "a threat of numbers": lambda case: cssopt.why(case, threat=5, year=2030),
    "a year in letters": lambda case: cssopt.why(case, threat="K", year="2030"),
    "draws in letters": lambda case: cssopt.design_sweep(case, ["members.gdp*=1..2"], draws="3"),
    "a name that there is not": lambda case: cssopt.solve(case, stdy="fair"),
}


@pytest.mark.parametrize("wrong", WRONG)
def test_an_argument_that_is_none_is_told_by_its_name(case, wrong):
    with pytest.raises(TypeError, match=r"^(\w+): ") as caught:
        WRONG[wrong](case)
    assert "NoneType' object" not in str(caught.value)


def test_inputs_are_asked_for():
    with pytest.raises(cssopt.DataError, match="E-541 case is missing"):
        cssopt.solve(None)


@pytest.mark.parametrize(
    ("option", "told"),
    [
        ("--patience", "--patience is now --total-time, for the whole"),
        ("--patience=3", "--patience is now --total-time, for the whole"),
        ("--no-report", "--no-report is now --formats: write --formats none"),
        ("--report", "--report is now --formats"),
    ],
)
@pytest.mark.parametrize("command", ["solve", "frontier", "share"])
def test_an_earlier_option_is_refused_with_what_took_its_place(book, command, option, told):
    ended = CliRunner().invoke(app, [command, str(book), option])
    assert ended.exit_code == 2
    assert told in ended.output


def test_values_of_numpy_and_pandas_are_taken(case):
    wanted = cssopt.solve(case, members=["A"]).pooled_expenditure
    for members in (pd.Series(["A"]), np.array(["A"]), ("A",), "A", {"A": 1}.keys()):
        solved = cssopt.solve(case, members=members, gap=np.float64(1e-7), threads=np.int64(1))
        assert solved.pooled_expenditure == wanted


def test_a_text_is_a_list_of_one_and_a_generator_a_list(case):
    with pytest.raises(cssopt.DataError, match=r'"burdn" is no criterion. Did you mean "burden"'):
        cssopt.frontier(case, trade="burdn")
    with pytest.raises(cssopt.DataError, match=r'E-130 members "C" is not a member'):
        cssopt.frontier(case, trade=(name for name in ["burden"]), members=(name for name in "C"))


def test_a_verb_can_be_sent_to_another_process():
    assert pickle.loads(pickle.dumps(cssopt.solve)) is cssopt.solve


@pytest.mark.medium
def test_only_the_screen_prints():
    """Where anything else did, names would be markup there, or a full disk a traceback."""
    for path in sorted((ROOT / "cssopt").rglob("*.py")):
        if path.name in ("screen.py", "start.py"):
            continue  # Before anything is loaded there is no screen; `start` prints its own words.
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = ast.unparse(node.func)
                assert name not in ("print", "typer.echo", "typer.secho", "Console"), path
                assert not name.startswith(("sys.stdout", "sys.stderr")), path
