"""What a command loads before it works: no library that it does not need.

Each takes a fresh process, which tells what is loaded at its end. A library that comes back into
the way of a command makes everybody wait at every call.
"""

from __future__ import annotations

import ast
import json
import pickle
import subprocess
import sys

import pytest
import typer
from books import write_csv
from paths import ROOT
from small_books import make_book

import cssopt
from cssopt.cli import app
from cssopt.cli.commands import read_places, tell_help
from cssopt.questions.question import QUESTIONS, load_questions

_RUN = """
import json, sys
from pathlib import Path
kept = Path(sys.argv.pop())
from cssopt import interrupt
from cssopt.cli import main
interrupt.end = lambda code: kept.write_text(json.dumps([code, sorted(sys.modules)]))
main()
"""
"""The program, which at its end tells the exit code and what is loaded."""

OF_PLANS = ("numpy", "scipy", "highspy", "pyomo", "cssopt.solve.session", "cssopt.runs")
OF_REPORTS = (
    "pandas", "matplotlib", "xlsxwriter", "openpyxl", "pptx", "pyarrow", "cattrs", "lxml",
    "cssopt.render.html", "cssopt.render.xlsx", "cssopt.render.pptx", "cssopt.document.stored",
)  # fmt: skip
OF_PROCESSES = ("distributed", "dask", "cssopt.runs.cluster", "multiprocessing.pool")
OF_INPUTS = ("pydantic", "cssopt.tables", "cssopt.modeling", "cssopt.assembly")
SLOW = ("pyomo", "scipy.stats", "scipy.optimize", "scipy.spatial", "scipy.interpolate")

NEVER = {
    "--version": (*OF_INPUTS, *OF_PLANS, *OF_REPORTS, *OF_PROCESSES),
    "--help": ("rich", *OF_INPUTS, *OF_PLANS, *OF_REPORTS, *OF_PROCESSES),
    "check": (*OF_PLANS, *OF_REPORTS, *OF_PROCESSES, "cssopt.document"),
    "solve": (*SLOW, *OF_REPORTS, *OF_PROCESSES),
}
"""By command what it never loads: packages, with all that lies in them."""

ALWAYS = {"check": "cssopt.assembly.case", "solve": "highspy"}
"""What the command cannot do without: that it is told shows that the list is no empty one."""


@pytest.mark.medium
@pytest.mark.parametrize("command", NEVER)
def test_a_command_loads_nothing_that_it_does_not_need(command, tmp_path):
    words = [command]
    if command in ALWAYS:
        words.append(str(write_csv(make_book(), tmp_path / "small")))
    if command == "solve":
        words += ["--study", "relaxed", "--formats", "none"]
    kept = tmp_path / "kept.json"
    process = [sys.executable, "-c", _RUN, *words, str(kept)]
    done = subprocess.run(process, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert kept.exists(), done.stderr
    code, loaded = json.loads(kept.read_text())
    assert code == 0, done.stderr
    assert {ALWAYS.get(command, "typer"), "cssopt.cli.program"} <= set(loaded)
    strange = [
        name for name in loaded if name.startswith(tuple(f"{one}." for one in NEVER[command]))
    ]
    assert [name for name in loaded if name in NEVER[command]] + strange == []


def test_import_cssopt_loads_nothing_until_a_name_is_asked_for():
    tell = "print(*sorted(m for m in sys.modules if m.startswith('cssopt.')))"
    code = f"import sys, cssopt; {tell}; cssopt.Issue; {tell}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300)
    first, then = (set(line.split()) for line in done.stdout.splitlines())
    assert first == {"cssopt.start", "cssopt.interrupt"}
    assert then - first == {"cssopt.issues"}


def test_the_names_of_cssopt_are_those_that_type_checkers_see():
    """Three lists say what there is, and none has more than the others."""
    tree = ast.parse((ROOT / "cssopt" / "__init__.py").read_text(encoding="utf-8"))
    (checked,) = (node for node in tree.body if isinstance(node, ast.If))
    seen = {alias.name: node.module for node in checked.body for alias in node.names}
    assert seen == {name: f"cssopt.{module}" for name, module in cssopt._MODULES.items()}
    assert sorted(seen) == sorted(cssopt.__all__)
    assert set(cssopt.__all__) <= set(dir(cssopt))


def test_a_verb_travels_between_processes_as_itself():
    assert pickle.loads(pickle.dumps(cssopt.solve)) is cssopt.solve


@pytest.mark.medium
@pytest.mark.parametrize("name", ["solve", "trace"])
def test_a_verb_is_a_verb_though_a_package_is_called_so(name):
    code = f"import cssopt.{name}, cssopt; assert callable(cssopt.{name}); "
    code += f"import cssopt.{name}; from cssopt import {name}; assert callable({name})"
    assert subprocess.run([sys.executable, "-c", code], timeout=300).returncode == 0


def test_what_the_help_says_of_a_command_is_what_the_command_says_of_itself():
    """The one is read from its file, the other is run."""
    group = typer.main.get_command(app)
    places = {place.name: place for place in read_places()}
    assert len(places) == len(list(read_places()))
    for name, place in places.items():
        assert tell_help(place.doc).strip() == group.commands[name].help.strip(), name
    load_questions()
    asked = {name for name, place in places.items() if place.heading == "Questions about a plan"}
    assert asked == set(QUESTIONS) - {"weight"}
    assert {command.name for command in app.registered_commands} - {"weight"} == set(places)
