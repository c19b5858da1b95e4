"""The order in which a planner fills in the sheets: a file of steps beside the model."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from cssopt.errors import ModelError
from cssopt.tables.spec import Table

FILE = "filling_in.toml"
_OTHERS = "Sheets of further components"


@dataclass(frozen=True)
class FillingStep:
    """One step of filling in a workbook: what it is about, and its sheets in order."""

    name: str
    sheets: tuple[str, ...]


@dataclass(frozen=True)
class FillingGuide:
    """How a workbook is filled in.

    Attributes
    ----------
    steps: in their order; together they name every sheet once.
    numbers: how numbers are typed, a line for each kind.
    """

    steps: tuple[FillingStep, ...]
    numbers: tuple[str, ...] = ()

    def in_order(self, tables: Mapping[str, Table]) -> dict[str, Table]:
        """The tables in the order of the steps."""
        return {name: tables[name] for step in self.steps for name in step.sheets}


def read_filling_guide(folders: Sequence[Path], tables: Mapping[str, Table]) -> FillingGuide:
    """The guide of the first folder that has one, for the tables given.

    Steps without any of these tables are left out; tables that no step names come last. Raises
    ModelError where the file cannot be read or names a sheet twice.
    """
    path = next((folder / FILE for folder in folders if (folder / FILE).is_file()), None)
    steps, numbers = ((), ()) if path is None else _read(path)
    named = [name for step in steps for name in step.sheets]
    if twice := sorted({name for name in named if named.count(name) > 1}):
        raise ModelError(f"{path}: {', '.join(twice)} stands in two steps; leave it in one")
    others = FillingStep(_OTHERS, tuple(name for name in tables if name not in named))
    return FillingGuide(tuple(_with_tables([*steps, others], tables)), numbers)


def _with_tables(steps: Sequence[FillingStep], tables: Mapping[str, Table]) -> list[FillingStep]:
    kept = [
        FillingStep(step.name, tuple(name for name in step.sheets if name in tables))
        for step in steps
    ]
    return [step for step in kept if step.sheets]


def _read(path: Path) -> tuple[tuple[FillingStep, ...], tuple[str, ...]]:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        steps = tuple(
            FillingStep(str(step["name"]), tuple(map(str, step["sheets"])))
            for step in content["steps"]
        )
        return steps, tuple(map(str, content.get("numbers", ())))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{path}: not a file of steps, each with name and sheets ({error})") from (
            error
        )
