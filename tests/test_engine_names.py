"""The engine speaks of no table, column, decision, component or objective of the models by name.

It is held twice. The code: no constant and no attribute of the engine is such a name, apart from
the words that the engine declares as its own. And that no such word is used to look into the models
after all: a name of them is renamed in a copy of engine and models, with all its uses there, and
every command answers as before.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from cssopt.assembly.folders import find_model_folders
from cssopt.assembly.study import load_components, load_study

WORDS = ()

ROOT = Path(__file__).parents[1]
MODELS = ROOT / "models"
ENGINE = sorted((ROOT / "cssopt").rglob("*.py"))
DECLARES = {"variable", "balance", "expression", "parameter", "constraint"}
SHORT = 3
"""Words up to which a text may be a name, or several indices; what is longer is a sentence."""


def find_declared(path: Path) -> Iterator[str]:
    """What a file of the models declares on its block, and the derived tables that it makes."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            called = node.value.func
            if isinstance(called, ast.Name) and called.id in DECLARES:
                for target in node.targets:
                    if isinstance(target, ast.Attribute):
                        yield target.attr
        if isinstance(node, ast.FunctionDef) and node.name == "results":
            for made in ast.walk(node):
                if isinstance(made, ast.Return) and made.value is not None:
                    dicts = [part for part in ast.walk(made.value) if isinstance(part, ast.Dict)]
                    for key in dicts[0].keys if dicts else ():
                        if isinstance(key, ast.Constant):
                            yield str(key.value)


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


def is_of_models(node: ast.expr) -> bool:
    """True for data, quantities and tables, whose attributes are names of the models."""
    if isinstance(node, ast.Name):
        return node.id in ("data", "quantities")
    if isinstance(node, ast.Attribute):
        return node.attr in ("data", "quantities", "book")
    if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Attribute):
        return node.value.attr == "tables"
    return isinstance(node, ast.Attribute)


def find_spoken(path: Path) -> Iterator[str]:
    """The names of the models that a file of the engine speaks, each with its line."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    told = find_docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in told:
            words = node.value.split()
            for word in {node.value, *(words if len(words) <= SHORT else ())}:
                if word in NAMES and word not in WORDS:
                    yield f"{path.relative_to(ROOT)}:{node.lineno}: {node.value!r} speaks of {word}"
        if isinstance(node, ast.Attribute) and is_of_models(node.value):
            if node.attr in NAMES and node.attr not in OWN_ATTRIBUTES:
                yield f"{path.relative_to(ROOT)}:{node.lineno}: attribute {node.attr}"


OWN_ATTRIBUTES = {"horizon"}


@pytest.mark.parametrize("path", ENGINE, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_engine_names_nothing_of_the_models(path):
    spoken = list(find_spoken(path))
    assert not spoken, "\n".join(spoken)
