"""Component files: loading them by path and checking that they keep the contract."""

from __future__ import annotations

import ast
import importlib.util
import sys
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from cssopt.errors import CssoptError, ModelError
from cssopt.modeling.accounts import Entry
from cssopt.modeling.indices import Index
from cssopt.modeling.linear import NotLinearError
from cssopt.modeling.measures import (
    ROLES,
    CommonShares,
    Credit,
    Excess,
    GivenPlan,
    Measure,
    Milestones,
    Need,
    Sheet,
)
from cssopt.modeling.objective import PURPOSES, ContributionKind, Criterion, Purpose
from cssopt.tables.book_checks import Check
from cssopt.tables.convert import quote
from cssopt.tables.spec import Column, Table
from cssopt.tables.tidy import show_line

HOOKS: Final = (
    "arithmetic",
    "variables",
    "balances",
    "costs",
    "constraints",
    "audit",
    "results",
    "accounts",
    "undertakings",
    "apart",
)
"""What the engine calls in a component, in this order; each for all components in turn, `accounts`
and `undertakings` only where the report of a plan reads them, and `apart` only where the pooling
ledger asks what each party would need by itself."""

OBJECTIVE_HOOKS: Final = ("variables", "constraints", "stages", "audit")
DECLARATIONS: Final[dict[str, type | tuple[type, ...]]] = {
    "REQUIRES": str,
    "OPTIONAL": str,
    "GIVEN": str,
    "OPTIONS": Column,
    "TABLES": Table,
    "CHECKS": Check,
    "CRITERIA": Criterion,
    "CONTRIBUTIONS": ContributionKind,
    "ROLES": ROLES,
    "PURPOSES": str,
    "INDICES": Index,
}
"""What a file may declare, each a tuple of such things."""
_FIELDS: Final = {name: name.lower() for name in DECLARATIONS}
_LARGEST: Final = 2**20
"""Bytes of a file."""
_LONGEST: Final = 1_000
"""Signs of an error of Python that are told."""


@dataclass(frozen=True)
class Component:
    """A concept of the formulation, as its file declares it.

    Attributes
    ----------
    name: file name, name of its block and of its golden test.
    doc: the docstring: its mathematics, from which the mathematics page is made.
    requires, optional: components whose symbols it reads, always or where the study has them.
    given: numbers from other solves that it reads as ``data.given``.
    options: options of a study that it reads as ``data.given``, each declared as a column is.
    tables, checks: its input sheets and its rules over the whole book.
    criteria: its figures that may be traded off against others.
    contributions: its quantities that say what members contribute.
    roles: what of it the engine must know: measures, needs, sheets.
    purposes: what the engine takes it for, where it is an objective (see `Purpose`).
    indices: those of decisions and figures that belong to it.
    hooks: its functions by hook name.
    path: the file it was loaded from.
    """

    name: str
    doc: str
    requires: tuple[str, ...]
    optional: tuple[str, ...]
    given: tuple[str, ...]
    options: tuple[Column, ...]
    tables: tuple[Table, ...]
    checks: tuple[Check, ...]
    criteria: tuple[Criterion, ...]
    contributions: tuple[ContributionKind, ...]
    roles: tuple[
        Credit | Entry | Excess | GivenPlan | Measure | Milestones | Need | Sheet | CommonShares,
        ...,
    ]
    purposes: tuple[str, ...]
    indices: tuple[Index, ...]
    hooks: dict[str, Callable[..., Any]]
    path: Path

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Its figures by which plans are compared."""
        return tuple(role for role in self.roles if isinstance(role, Measure))

    @property
    def given_plan(self) -> GivenPlan | None:
        """The plan of a planner's own that it holds; None where it holds none."""
        return next((role for role in self.roles if isinstance(role, GivenPlan)), None)

    @property
    def excess(self) -> Excess | None:
        """How its nearest plan is told where none keeps what it asks for; None where none is."""
        return next((role for role in self.roles if isinstance(role, Excess)), None)

    def __reduce__(self) -> tuple[Any, ...]:
        # Other processes load the file again: functions of files loaded by path cannot travel.
        kind = load_objective if "stages" in self.hooks else load_component
        return kind, (self.path,)


def find_files(folders: Sequence[Path], kind: str, pattern: str) -> dict[str, Path]:
    """Files of one kind (``components``, ``objectives``, ``studies``) by name.

    A folder that stands earlier hides files of the same name in later ones.
    """
    found: dict[str, Path] = {}
    for folder in folders:
        for path in sorted((folder / kind).glob(pattern)):
            found.setdefault(path.stem, path)
    return found


def load_component(path: Path) -> Component:
    """Load a component file; ModelError says what in it breaks the contract."""
    return _read(path, "component", HOOKS)


def load_objective(path: Path) -> Component:
    """Load an objective file: as a component, with the hook `stages`."""
    objective = _read(path, "objective", OBJECTIVE_HOOKS)
    if "stages" not in objective.hooks:
        raise ModelError(f"{path}: an objective needs a function stages(block, data, use)")
    if unknown := sorted(set(objective.purposes) - set(PURPOSES)):
        raise ModelError(
            f"{path}: {quote(unknown[0])} is no purpose; purposes are {', '.join(PURPOSES)}"
        )
    return objective


def find_objective(purpose: Purpose, folders: Sequence[Path]) -> Component:
    """The objective that serves a purpose, in the earliest of the model folders that has one.

    Raises ModelError where no objective declares it.
    """
    for path in find_files(folders, "objectives", "*.py").values():
        objective = load_objective(path)
        if purpose in objective.purposes:
            return objective
    raise ModelError(
        f'no objective of the model folders has "{purpose}" in its PURPOSES; declare it in the '
        "file of the objective that serves it"
    )


def _read(path: Path, kind: str, hooks: tuple[str, ...]) -> Component:
    module = load_module(path, kind)
    if not (module.__doc__ or "").strip():
        raise ModelError(f"{path}: begin the file with a docstring that states its mathematics")
    own = find_functions(module)
    if unknown := sorted(set(own) - set(hooks)):
        raise ModelError(
            f'{path}: unknown hook "{unknown[0]}"; hooks are {", ".join(hooks)}; '
            "begin the names of other functions with an underscore"
        )
    if unknown := find_unknown(module, path, DECLARATIONS):
        raise ModelError(
            f'{path}: unknown declaration "{unknown[0]}"; declarations are '
            f"{', '.join(DECLARATIONS)}; begin the names of other constants with an underscore"
        )
    return Component(
        name=path.stem,
        doc=module.__doc__ or "",
        hooks=own,
        path=path,
        **{field: _read_declared(module, name, path) for name, field in _FIELDS.items()},
    )


def find_functions(module: ModuleType) -> dict[str, Callable[..., Any]]:
    """The functions of a file that are not for itself alone, in the order in which they stand."""
    return {
        name: thing
        for name, thing in vars(module).items()
        if callable(thing)
        and getattr(thing, "__module__", None) == module.__name__
        and not name.startswith("_")
        and not isinstance(thing, type)
    }


def find_unknown(module: ModuleType, path: Path, known: Iterable[str]) -> list[str]:
    """Names in capital letters that a file gives beside those known, and not for itself alone."""
    upper = {n for n in vars(module) if n.isupper() and not n.startswith("_")}.difference(known)
    # What it imports is none of them; most files import no such name, and are not read again.
    return sorted(upper - _imported_names(path, path.stat().st_mtime_ns)) if upper else []


def _read_declared(module: ModuleType, name: str, path: Path) -> tuple[Any, ...]:
    """What a file declares under a name; ModelError where it is something else."""
    declared, kind = getattr(module, name, ()), DECLARATIONS[name]
    if isinstance(declared, tuple | list) and all(isinstance(one, kind) for one in declared):
        return tuple(declared)
    what = "texts" if kind is str else " or ".join(f"{one.__name__}s" for one in _as_kinds(kind))
    mend = " (with one of them a comma stands behind it)" if isinstance(declared, kind) else ""
    raise ModelError(f"{path}: {name} is a tuple of {what}{mend}")


def _as_kinds(kind: type | tuple[type, ...]) -> tuple[type, ...]:
    return kind if isinstance(kind, tuple) else (kind,)


@cache
def _imported_names(path: Path, _changed: int) -> frozenset[str]:
    """Names that a file imports; read again only where the file has changed."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    )


def load_module(path: Path, kind: str) -> ModuleType:
    """The module of a file of the model folders; ModelError where it cannot be loaded."""
    name = (
        f"cssopt_models.{path.stem}" if kind == "component" else f"cssopt_models.{kind}_{path.stem}"
    )
    known = sys.modules.get(name)
    if known is not None and known.__spec__ is not None and known.__spec__.origin == str(path):
        return known
    _check_file(path, kind)
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ModelError(f"{path}: not a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        sys.modules.pop(name, None)
        text = f"{find_line(path, error)}: cannot be loaded: {say_error(error)}"
        raise ModelError(text) from error
    return module


def _check_file(path: Path, kind: str) -> None:
    """ModelError for what is no file of code, or could not be named in a program."""
    if not path.is_file():
        raise ModelError(f"{path}: it is no file; a {kind} is one file of Python")
    if path.stat().st_size > _LARGEST:
        raise ModelError(f"{path}: it has over {_LARGEST // 2**20} MB; a {kind} is one concept")
    if not path.stem.isidentifier() or not path.stem.isascii():
        raise ModelError(
            f"{path}: {quote(path.stem)} is no name of a {kind}; write letters, digits and _"
        )


def blame(component: Component, hook: str, error: BaseException) -> ModelError:
    """The error of a hook as one of its file: with the line in it, and what went wrong there."""
    if isinstance(error, KeyError) and error.args and error.args[0] in component.given:
        text = (
            f"{component.name} needs {error.args[0]}, which this study is not given. "
            "Leave it out of the study: the command that needs it adds it"
        )
        return ModelError(text)
    ours = isinstance(error, CssoptError)
    has_line = not ours or isinstance(error, NotLinearError)
    place = find_line(component.path, error) if has_line else component.path
    return ModelError(f"{place}: {hook}: {error if ours else say_error(error)}")


def find_line(path: Path, error: BaseException) -> str:
    """The file, with the last line of it that ran before the error."""
    lines = [
        frame.lineno
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename == str(path)
    ]
    if isinstance(error, SyntaxError) and error.filename == str(path):
        lines = [error.lineno]
    return f"{path}, line {lines[-1]}" if lines and lines[-1] else str(path)


def say_error(error: BaseException) -> str:
    """An error of Python in one line, with its kind."""
    text = error.msg if isinstance(error, SyntaxError) else str(error)
    return f"{type(error).__name__}: {show_line(text)[:_LONGEST]}"


def order_components(components: dict[str, Component]) -> list[Component]:
    """The components in an order in which each follows all that it reads.

    Raises ModelError for a name that the study lacks, and for a circle.
    """
    ordered: list[Component] = []
    done: set[str] = set()
    trail: list[str] = []

    def visit(name: str) -> None:
        if name in done:
            return
        if name in trail:
            circle = " -> ".join([*trail[trail.index(name) :], name])
            raise ModelError(f"components require each other in a circle: {circle}")
        trail.append(name)
        component = components[name]
        for needed in component.requires:
            if needed not in components:
                raise ModelError(
                    f'{component.path}: requires "{needed}", which the study does not have; '
                    "add it to the study's components or drop it from REQUIRES"
                )
            visit(needed)
        for welcome in component.optional:
            if welcome in components:
                visit(welcome)
        trail.pop()
        done.add(name)
        ordered.append(component)

    for name in components:
        visit(name)
    return ordered
