"""The engine speaks of no table, column, decision, component or objective of the models by name.

It is held twice. The code: no constant and no attribute of the engine is such a name, apart from
the words that the engine declares as its own. And that no such word is used to look into the models
after all: a name of them is renamed in a copy of engine and models, with all its uses there, and
every command answers as before.
"""

from __future__ import annotations

import ast
import re
import shlex
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from net.books import shortage, small, write_xlsx
from net.cases import Case
from net.run import Pages, Runner, run_case
from paths import ROOT

from cssopt.assembly.folders import find_model_folders
from cssopt.assembly.study import load_components, load_study
from cssopt.modeling.accounts import ACCOUNTS
from cssopt.modeling.measures import WORDS
from cssopt.solution.quantities import Quantities
from cssopt.tables.data import Data, TableData

MODELS = ROOT / "models"
ENGINE = sorted((ROOT / "cssopt").rglob("*.py"))
DECLARES = {"variable", "balance", "expression", "parameter", "constraint"}
SHORT = 3
"""Words up to which a text may be a name, or several indices; what is longer, or ends in a full
stop, is a sentence."""


def is_declared(node: ast.expr | None) -> bool:
    """True for the call that declares a decision, figure, parameter or rule."""
    return (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in DECLARES
    )


def find_declared(path: Path) -> Iterator[str]:
    """What a file of the models declares, and the derived tables that it makes."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Assign) and is_declared(node.value):
            for target in node.targets:
                yield target.attr if isinstance(target, ast.Attribute) else ast.unparse(target)
        elif isinstance(node, ast.Dict):
            yield from (
                ast.literal_eval(k)
                for k, v in zip(node.keys, node.values, strict=True)
                if is_declared(v)
            )
        elif isinstance(node, ast.FunctionDef) and node.name == "results":
            for made in ast.walk(node):
                if isinstance(made, ast.Return) and isinstance(made.value, ast.Dict):
                    yield from (k.value for k in made.value.keys if isinstance(k, ast.Constant))


def find_names() -> set[str]:
    """Every name of the models."""
    parts = load_components([MODELS]).values()
    tables = [table for part in parts for table in part.tables]
    names = {path.stem for kind in ("objectives", "studies") for path in (MODELS / kind).iterdir()}
    names |= {part.name for part in parts} | {table.name for table in tables}
    names |= {column.name for table in tables for column in table.columns}
    names |= {option.name for part in parts for option in part.options}
    names |= {one.name for part in parts for one in (*part.criteria, *part.contributions)}
    names |= set(load_study("pooled", find_model_folders()).indices)
    for path in (*MODELS.glob("components/*.py"), *MODELS.glob("objectives/*.py")):
        names |= set(find_declared(path))
    return {name for name in names if not name.startswith("_")}


NAMES = find_names()


def find_docstrings(tree: ast.AST) -> set[ast.AST]:
    """Texts that stand alone: docstrings, and those below a constant."""
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def find_phrases(tree: ast.AST) -> set[ast.AST]:
    """Texts for readers, and names of accounts: the engine's own, by which it finds nothing in
    models."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    phrases = {
        argument
        for call in calls
        if getattr(call.func, "id", "") in ("phrase", "phrase_count", "mark")
        for argument in call.args[:2]
    }
    constants = (node for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return phrases | {node for node in constants if node.value in ACCOUNTS}


def is_of_models(node: ast.expr) -> bool:
    """True for data, quantities and tables, whose attributes are names of the models."""
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute):
        return node.value.attr == "tables"
    if isinstance(node, ast.Attribute) and node.attr == "book":
        return True  # Else it is the path of a workbook.
    name = getattr(node, "id", "") or getattr(node, "attr", "")
    return name.lstrip("_") in HOLD_NAMES


HOLD_NAMES = ("data", "quantities", "planned", "restricted", "arithmetic")
"""What the engine calls that of which the attributes are names of the models."""


def find_said(node: ast.AST) -> set[str]:
    """What a constant of the code says that could be a name: itself, or each of its few words."""
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        return set()
    words = node.value.split()
    is_sentence = len(words) > SHORT or node.value.endswith(".")
    return {node.value, *(() if is_sentence else words)}


def find_words(path: Path) -> set[str]:
    """Everything that the constants of a file of the engine say."""
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return {word for node in nodes for word in find_said(node)}


def find_spoken(path: Path) -> Iterator[str]:
    """The names of the models that a file of the engine speaks, each with its line."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    told = find_docstrings(tree) | find_phrases(tree)
    for node in ast.walk(tree):
        for word in find_said(node) - set(WORDS) if node not in told else ():
            if word in NAMES:
                yield f"{path.relative_to(ROOT)}:{node.lineno}: {node.value!r} speaks of {word}"
        is_lookup = isinstance(node, ast.Attribute) and is_of_models(node.value)
        if is_lookup and node.attr in NAMES and not is_own(node.attr):
            yield f"{path.relative_to(ROOT)}:{node.lineno}: looks up {node.attr}"


def is_own(attribute: str) -> bool:
    """True for what tables and quantities have themselves, whatever the models hold."""
    return any(hasattr(kind, attribute) for kind in (Data, TableData, Quantities))


@pytest.mark.medium
@pytest.mark.parametrize("path", ENGINE, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_engine_names_nothing_of_the_models(path):
    spoken = list(find_spoken(path))
    assert not spoken, "\n".join(spoken)


@pytest.mark.medium
def test_the_engine_has_no_word_of_its_own_too_many():
    """A word that the models or the engine no longer have would hide a name some day."""
    spoken = {word for path in ENGINE for word in find_words(path)}
    assert set(WORDS) - spoken == set()
    assert set(WORDS) - NAMES == {"income", "penalty"}


RENAMED = {
    "held": "hele",
    "shortfall": "shortfalm",
    "outlay": "outlaz",
    "budget_share": "budget_sharf",
    "member": "membes",
    "members": "membert",
    "threats": "threatt",
}
"""Names of the models, and what each is called in a copy: as long, and next to it in order. The
last two are names of tables, of components and of a standard question too."""

ASKED = {
    "solve": "solve small.xlsx",
    "solve-shortage": "solve shortage.xlsx",
    "compare": "compare small.xlsx",
    "whatif": "whatif small.xlsx --scenario more --ask all --persist 0.5 --study relaxed "
    "--processes 1",
    "sweep": "sweep small.xlsx --vary requirements.level*=0.8,1.2 --study relaxed --processes 1",
    "frontier": "frontier small.xlsx --trade shortfall --study relaxed",
    "alternatives": "alternatives small.xlsx --study relaxed --within 0.02 --plans 1",
    "prices": "prices small.xlsx --study relaxed",
    "rules": "rules small.xlsx --study relaxed --processes 1",
    "tipping": "tipping small.xlsx --vary requirements.level*=0.8..1.2 --study relaxed --points 3 "
    "--tolerance 0.05",
    "why": "why shortage.xlsx --threat K --year 2032",
    "diagnose": "diagnose shortage.xlsx",
    "share": "share small.xlsx --study relaxed --processes 1",
}
"""A command of every question, by name."""


class RenamingRunner(Runner):
    """Runs commands in a copy of engine and models in which a name of the models is another."""

    def __init__(self, old: str, new: str, folder: Path) -> None:
        super().__init__()
        # Words of the engine, whatever the models call things: a role of a measure, and who shares
        # by a key.
        self._old, self._new = re.compile(rf'(?<!role=")(?<!base\.)\b{old}\b'), new
        for part in ("cssopt", "models"):
            shutil.copytree(ROOT / part, folder / part)
        for path in [*(folder / "models").rglob("*")]:
            if path.suffix in (".py", ".toml", ".csv"):
                text = path.read_text(encoding="utf-8")
                path.write_text(self.rename(text), encoding="utf-8")
                path.rename(path.with_stem(self.rename(path.stem)))
        self._environment["PYTHONPATH"] = str(folder)

    def rename(self, text: str) -> str:
        """The text with the new name in place of the old one."""
        return self._old.sub(self._new, text)

    def run(self, argv: Sequence[str], folder: Path, stdout: Path, stderr: Path) -> int:
        """Run a command, its words renamed too."""
        return super().run([self.rename(word) for word in argv], folder, stdout, stderr)

    def provide(self, name: str, folder: Path) -> None:
        """A book with the new name in all its cells and for its sheet."""
        sheets = BOOKS[name]()
        renamed = {
            self.rename(sheet): [
                [self.rename(cell) if isinstance(cell, str) else cell for cell in row]
                for row in rows
            ]
            for sheet, rows in sheets.items()
        }
        write_xlsx(renamed, folder / name)


BOOKS = {"small.xlsx": small, "shortage.xlsx": shortage}


@pytest.fixture(scope="module")
def runners(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Runner]]:
    """One that runs the code as it is (under no name), and one for every name that is renamed."""
    with ExitStack() as stack:
        found = {"": stack.enter_context(Runner())}
        for old, new in RENAMED.items():
            folder = tmp_path_factory.mktemp(old)
            found[old] = stack.enter_context(RenamingRunner(old, new, folder))
        yield found


@pytest.fixture(scope="module")
def as_it_is(runners: dict[str, Runner]) -> Callable[[str], dict[str, float]]:
    """The numbers that a command answers with every name as it is."""

    @cache
    def answer(command: str) -> dict[str, float]:
        return find_numbers(run_case(make_case(command), runners[""]), "", "")

    return answer


def make_case(command: str) -> Case:
    return Case(command, "slow", (tuple(shlex.split(ASKED[command])),))


def find_numbers(pages: Pages, old: str, new: str) -> dict[str, float]:
    """Every number of an answer by its place, with the old name in place of the new one."""
    found = {}
    for name, page in pages.items():
        for key, text in page:
            for place, number in enumerate(NUMBER.findall(text)):
                where = f"{name} {key} {place}"
                found[where.replace(new, old) if new else where] = float(number.replace(",", ""))
    return found


NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?(?:[eE][-+]?\d+)?")


def _ask_all() -> Iterator[Any]:
    """Every command for every name: a part with the slow tests, the others with the long ones."""
    for name, command in product(RENAMED, ASKED):
        sooner = name == "held" or command in ("solve-shortage", "whatif", "why")
        yield pytest.param(name, command, marks=pytest.mark.slow if sooner else pytest.mark.long)


@pytest.mark.parametrize(("name", "command"), list(_ask_all()))
def test_every_number_is_the_same_whatever_the_models_call_things(name, command, runners, as_it_is):
    """Numbers of the JSON, the terminal and every sheet and chart of the workbook."""
    runner = runners[name]
    pages = run_case(make_case(command), runner, runner.provide)
    numbers, expected = find_numbers(pages, name, RENAMED[name]), as_it_is(command)
    told = [line for key, line in pages["terminal"] if key.startswith("err")]
    assert numbers.keys() == expected.keys(), told
    assert numbers == pytest.approx(expected, rel=1e-6, abs=1e-9), told
