"""Standard questions: what every planner asks of a plan, from the files of `models/questions`."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from cssopt.assembly.component import (
    find_files,
    find_functions,
    find_line,
    find_unknown,
    load_module,
    say_error,
)
from cssopt.errors import CssoptError, ModelError
from cssopt.modeling.base_plan import BasePlan
from cssopt.tables.nearest import nearest_name
from cssopt.tables.patch import Step

Scenarios = dict[str, tuple[Step, ...]]
"""Name of each scenario -> what it changes, step by step."""

EVERY_QUESTION: Final = "all"
"""The word that asks every standard question."""

_ORDER: Final = "AFTER"
"""What a file may declare: names of the files whose questions stand before its own."""


@dataclass(frozen=True)
class StandardQuestion:
    """A question of a file.

    Attributes
    ----------
    name: as it is asked for; a function ``withholding_cut`` is asked for as ``withholding-cut``.
    says: what it asks, for a planner: the docstring of its function.
    make: the function that gives the scenarios of a base plan. path: its file.
    """

    name: str
    says: str
    make: Callable[[BasePlan], Mapping[str, Any]]
    path: Path

    def ask(self, base: BasePlan) -> Scenarios:
        """The scenarios of a base plan by name, none where it gives no occasion for the question.

        Raises ModelError where the file is at fault, and says where.
        """
        try:
            found = self.make(base)
            if isinstance(found, Mapping):
                found = {name: _list_steps(steps) for name, steps in found.items()}
        except Exception as error:
            ours = isinstance(error, CssoptError)
            place = self.path if ours else find_line(self.path, error)
            text = f"{place}: {self.make.__name__}: {error if ours else say_error(error)}"
            raise ModelError(text) from error
        if not _are_scenarios(found):
            raise ModelError(
                f"{self.path}: {self.make.__name__} gives no scenarios; return a dict: name of "
                "each scenario -> its Steps, and an empty one where the plan gives no occasion"
            )
        return dict(found)


def _list_steps(steps: Any) -> tuple[Any, ...]:
    return (steps,) if isinstance(steps, Step) else tuple(steps)


def _are_scenarios(found: Any) -> bool:
    return isinstance(found, Mapping) and all(
        isinstance(name, str) and steps and all(isinstance(step, Step) for step in steps)
        for name, steps in found.items()
    )


def load_questions(folders: Sequence[Path]) -> dict[str, StandardQuestion]:
    """Every standard question of the model folders by name, in the order in which they are told.

    Those of later folders stand first (they are the ones that were there already); within a folder
    files stand as their AFTER says, else by name, and questions of a file as they are written.
    Raises ModelError for a file that breaks the contract.
    """
    files = find_files(folders, "questions", "*.py")
    modules = {name: load_module(path, "question") for name, path in files.items()}
    found: dict[str, StandardQuestion] = {}
    for name in _order_files(modules, files, folders):
        for question in _read_questions(modules[name], files[name]):
            if question.name in found:
                raise ModelError(
                    f'{question.path}: "{question.name}" is a question of '
                    f"{found[question.name].path} already; give it another name"
                )
            found[question.name] = question
    return found


def _read_questions(module: ModuleType, path: Path) -> Iterator[StandardQuestion]:
    if not (module.__doc__ or "").strip():
        raise ModelError(f"{path}: begin the file with a docstring that says what is asked")
    if unknown := find_unknown(module, path, (_ORDER,)):
        raise ModelError(
            f'{path}: unknown declaration "{unknown[0]}"; the declaration is {_ORDER}; begin the '
            "names of other constants with an underscore"
        )
    functions = find_functions(module)
    if not functions:
        raise ModelError(f"{path}: it has no question; write a function, such as mine(base)")
    for name, function in functions.items():
        says = " ".join((inspect.getdoc(function) or "").split())
        if not says:
            raise ModelError(
                f"{path}: begin {name} with a docstring that tells a planner what it asks; begin "
                "the names of functions that are no question with an underscore"
            )
        if name == EVERY_QUESTION:
            raise ModelError(f'{path}: "{name}" asks every question; give {name} another name')
        yield StandardQuestion(name.replace("_", "-"), says, function, path)


def _order_files(
    modules: Mapping[str, ModuleType], files: Mapping[str, Path], folders: Sequence[Path]
) -> Iterator[str]:
    """The files, each behind those that its AFTER names."""
    places = list(folders)
    waiting = sorted(files, key=lambda name: (-places.index(files[name].parents[1]), name))
    after = {name: _read_after(modules[name], files[name], files) for name in waiting}
    done: set[str] = set()
    while waiting:
        ready = next((name for name in waiting if done >= after[name]), None)
        if ready is None:
            raise ModelError(
                f"{files[waiting[0]]}: {_ORDER}: {', '.join(waiting)} come after one another in a "
                f"circle; leave {_ORDER} out of one of them"
            )
        waiting.remove(ready)
        done.add(ready)
        yield ready


def _read_after(module: ModuleType, path: Path, files: Mapping[str, Path]) -> set[str]:
    names = getattr(module, _ORDER, ())
    if not isinstance(names, tuple | list) or not all(isinstance(name, str) for name in names):
        raise ModelError(f"{path}: {_ORDER} is a tuple of texts (with one of them a comma behind)")
    for name in names:
        if name not in files:
            raise ModelError(
                f'{path}: {_ORDER} names "{name}", which is no file of questions.'
                f"{nearest_name(name, files)} Known: {', '.join(sorted(files))}"
            )
    return set(names)
