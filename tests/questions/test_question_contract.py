"""The contract of a question: what follows from its dataclass, and that it follows once.

From the fields of a question come the options of its command, the signature of its verb and what
the facts of the run tell; from what it finds the workbook, the page, JSON and the exit code.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Sequence
from dataclasses import fields

import openpyxl
import pytest
import typer
from added_question import added
from books import make_case, write_csv
from commands import command
from small_books import make_book

import cssopt
from cssopt import cli
from cssopt.errors import DataError, ReportError
from cssopt.questions.common_options import Common, find_option
from cssopt.questions.question import QUESTIONS, load_questions

load_questions()


@pytest.fixture(scope="module")
def weight(tmp_path_factory):
    """The added question: its dataclass, its verb, and a book in a folder to ask it in."""
    folder = tmp_path_factory.mktemp("contract")
    book = write_csv(make_book(), folder / "small")
    with added(folder / "own"):
        yield QUESTIONS["weight"], cssopt.weight, book


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def options_of(kind):
    """Each option of a question by its flag."""
    return {option.flag: each for each in fields(kind) if (option := find_option(each))}


def commands():
    return typer.main.get_command(cli.app).commands


@pytest.mark.medium
@pytest.mark.parametrize("name", ["share", "weight"])
def test_every_field_is_an_option_with_its_help_and_nothing_else_is(weight, name):
    kind = QUESTIONS[name]
    taken = {max(p.opts, key=len): p for p in commands()[name].params if p.opts[0][0] == "-"}
    given = {"--out", "--formats", "--json", "--models", "--pictures", "--quiet", "--profile"}
    flags = {flag.split("/")[0]: each for flag, each in options_of(kind).items()}
    assert set(taken) - given - {"--help"} == set(flags)
    for flag, each in flags.items():
        option = find_option(each)
        assert taken[flag].help.startswith(option.help), flag
        assert option.help[0].isupper(), flag
        assert option.help.endswith((".", "all members.")), flag
    told = command(name, "--help")
    assert told.code == 0
    assert kind.__doc__.splitlines()[0] in " ".join(told.out.split())
    assert name in command("--help").out


@pytest.mark.medium
def test_help_says_nothing_that_only_a_script_can_do(weight):
    for name in QUESTIONS:
        told = command(name, "--help").out
        assert "----" not in told.replace("--", "", 1).split("Options:")[0]
        assert "Raises" not in told


@pytest.mark.parametrize("name", ["share", "weight"])
def test_the_verb_has_the_fields_for_its_signature(weight, name):
    kind = QUESTIONS[name]
    signature = inspect.signature(getattr(cssopt, name))
    assert next(iter(signature.parameters)) == "case"
    assert list(signature.parameters)[1:] == [each.name for each in fields(kind)]
    for each in fields(kind):
        parameter = signature.parameters[each.name]
        assert parameter.default == each.default
        assert parameter.kind is inspect.Parameter.KEYWORD_ONLY
        assert parameter.annotation is not inspect.Parameter.empty
    assert getattr(cssopt, name).__doc__.startswith(kind.__doc__.splitlines()[0])
    assert getattr(cssopt, name).__name__ == name


def test_types_are_those_of_the_fields(weight):
    taken = inspect.signature(weight[1]).parameters
    assert taken["years"].annotation == Sequence[int]
    assert taken["least"].annotation is float
    assert taken["heaviest"].annotation is bool
    assert taken["case"].annotation == cssopt.Case | None


def test_shared_options_stand_once():
    """A question may have a default of its own, but says nothing else of them."""
    for kind in QUESTIONS.values():
        own = set(vars(kind).get("__annotations__", {}))
        for each in fields(Common):
            if each.name in own:
                mine = next(field for field in fields(kind) if field.name == each.name)
                assert find_option(mine) == find_option(each)


@pytest.mark.parametrize(
    ("words", "named", "flag", "bounds"),
    [
        (("--gap", "-1"), {"gap": -1}, "--gap", "at least 0"),
        (("--processes", "0"), {"processes": 0}, "--processes", "at least 1"),
        (("--least", "1.5"), {"least": 1.5}, "--least", "at most 1"),
        (("--years", "0"), {"years": [2030, 0]}, "--years", "at least 1"),
        (("--time-limit", "-1"), {"time_limit": -1}, "--time-limit", "at least 0"),
    ],
)
def test_bounds_are_checked_in_the_verb_and_in_the_command(weight, words, named, flag, bounds):
    _, verb, book = weight
    done = command("weight", book, *words)
    assert (done.code, done.out) == (2, "")
    assert flag in done.err
    assert bounds in done.err
    with pytest.raises(DataError) as told:
        verb(make_case(make_book()), **named)
    (name,) = named
    assert re.search(rf"E-110 {name} .* must be .*{bounds}", str(told.value))
    assert "--" not in str(told.value)


def test_what_is_typed_is_what_the_verb_takes(weight):
    """Numbers, parts in percent, lists by repeating, switches and texts."""
    _, verb, book = weight
    words = ("--least", "10%", "--years", "2030", "--years", "2031", "--only", "A", "--heaviest",
             "--remark", "=1+1", "--members", "B,A")  # fmt: skip
    done = command("weight", book, *words, "--json", "--formats", "none")
    assert done.code == 0, done.err
    named = {"least": 0.1, "years": (2030, 2031), "only": ("A",), "heaviest": True,
             "remark": "=1+1", "members": ["B", "A"]}  # fmt: skip
    found = verb(cssopt.load(book), **named)
    assert done.tables == found.facts()["tables"]
    told = done.told["facts"]["command"]
    assert found.facts()["facts"]["command"].items() <= told.items()
    assert (told["least"], told["years"], told["only"]) == ("0.1", "2030; 2031", "A")
    assert (told["heaviest"], told["remark"], told["members"]) == ("True", "=1+1", "A, B")
    assert (told["study"], told["gap"], told["time_limit"]) == ("pooled", "1e-07", "none")


def test_every_rendering_has_the_facts_of_the_run(weight, tmp_path):
    """Nobody wrote them: neither the question nor what shows it."""
    book = weight[2]
    done = command("weight", book, "--out", "out", "--formats", "xlsx,html,json", "--json")
    facts = done.told["facts"]
    assert (facts["source"], facts["audit"]) == ("small", True)
    read = json.loads((tmp_path / "out/weight.json").read_text(encoding="utf-8"))
    assert read["facts"] == facts
    page = (tmp_path / "out/weight.html").read_text(encoding="utf-8")
    run = openpyxl.load_workbook(tmp_path / "out/weight.xlsx")["Run"]
    cells = [str(cell) for row in run.iter_rows(values_only=True) for cell in row if cell]
    told = [facts["run_id"], facts["sha256"], *facts["versions"].values(), *facts["command"]]
    for fact in told:
        assert fact in page, fact
        assert any(fact in cell for cell in cells), fact
    assert {row["burden"] for row in read["tables"]["weights"]} == {160, 0}


@pytest.mark.medium
def test_exit_codes_are_those_of_every_command(weight, tmp_path):
    book = weight[2]
    need = [["threat", "capability", "day", "level"], ["K", "land", 0, 99]]
    tight = write_csv(make_book(requirements=need), tmp_path / "tight")
    assert command("weight", book).code == 0
    assert command("weight", tight, "--study", "strict").code == 4
    assert "No plan can keep all rules" in command("weight", tight, "--study", "strict").out
    assert command("weight").code == 2
    assert command("weight", book, "--weird").code == 2
    assert command("weight", "none.xlsx").code == 3
    assert command("weight", book, "--study", "none").code == 3
    assert command("weight", book, "--members", "Z").code == 3
    assert command("weight", book, "--formats", "docx").code == 3
    (tmp_path / "file").write_text("")
    assert command("weight", book, "--out", "file").code == 1


def test_the_verb_writes_what_the_command_writes(weight, tmp_path):
    _, verb, book = weight
    found = verb(cssopt.load(book))
    place = found.write(tmp_path / "out")
    assert place.told == str(tmp_path / "out" / "weight.xlsx")
    assert {path.name for path in (tmp_path / "out").iterdir()} >= {
        "weight.xlsx", "weight.html", "weight-run.json",
    }  # fmt: skip
    assert "(replaced)" in command("weight", book, "--out", "out").err
    assert found.write("out", ["json"]).path.name == "weight.json"
    with pytest.raises(DataError, match="E-542"):
        found.write("out", ["docx"])
    (tmp_path / "file").write_text("")
    with pytest.raises(ReportError, match="is a file"):
        found.write(tmp_path / "file")
    assert "<table" in found._repr_html_()
    assert repr(found) == "<weight: optimal>"
    assert found.status == "optimal"


def test_inputs_are_asked_for(weight):
    with pytest.raises(DataError, match="E-541 case is missing"):
        weight[1]()
    with pytest.raises(TypeError, match="weight: got an unexpected keyword argument 'weird'"):
        weight[1](make_case(make_book()), weird=1)
    with pytest.raises(TypeError, match="too many positional"):
        weight[1](make_case(make_book()), "pooled")
