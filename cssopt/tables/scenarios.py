"""Scenarios: named lists of changes to the inputs: a sheet, a TOML file, the command line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.tables.data import Data
from cssopt.tables.nearest import nearest_name
from cssopt.tables.patch import CHANGES, Step
from cssopt.tables.spec import Column, Table

SCENARIOS: Final = Table(
    name="scenarios",
    help="What-ifs: named lists of changes to the other sheets, for cssopt whatif.",
    key=("scenario", "step"),
    optional=True,
    columns=(
        Column(name="scenario", kind="text", help="Name of the what-if."),
        Column(name="step", kind="whole", help="Order of the change.", low=1, high=10_000),
        Column(name="table", kind="text", help="Sheet that is changed."),
        Column(
            name="where",
            kind="text",
            help="Rows that are changed, such as threat=North; day<=30; year=2028..2030.",
            default="",
            blank="all rows",
        ),
        Column(
            name="column",
            kind="text",
            help="Column that is changed.",
            default="",
            blank="none: a row is added or dropped",
        ),
        Column(
            name="change",
            kind="text",
            help="set to the value, scale by it, add it, or drop the rows; a member that is "
            "dropped leaves the coalition.",
            choices=CHANGES,
        ),
        Column(
            name="value",
            kind="any",
            help="Value, factor or number to add.",
            default=None,
            blank="none",
        ),
        Column(
            name="extends",
            kind="text",
            help="Another scenario whose steps come first.",
            default="",
            blank="none",
        ),
        Column(name="note", kind="text", help="Why, shown beside what it did.", default=""),
    ),
)
"""The sheet of what-ifs; no component reads it."""

_SET = re.compile(
    r"(?P<table>\w+)(?:\[(?P<where>[^\]]*)\])?\.(?P<column>\w+)\s*(?P<sign>\*=|\+=|=)\s*(?P<value>.*)"
)
_ROWS = re.compile(r"(?P<sign>[+-])\s*(?P<table>\w+)(?:\[(?P<where>.*)\])?")
_SIGNS: Final = {"=": "set", "*=": "scale", "+=": "add"}

Scenarios = Mapping[str, tuple[Step, ...]]


def read_sheet(data: Data) -> dict[str, tuple[Step, ...]]:
    """The scenarios of the sheet, each with the steps of those that it extends before its own.

    Raises DataError where a scenario extends one that is not there, or itself.
    """
    if SCENARIOS.name not in data.tables:
        return {}
    table = data.tables[SCENARIOS.name]
    own: dict[str, list[Step]] = {}
    extended: dict[str, list[str]] = {}
    order = {name: place for place, (name, _) in reversed(list(enumerate(table.keys)))}
    for name, number in sorted(table.keys, key=lambda key: (order[key[0]], key[1])):
        key = name, number
        row = {column: values[key] for column, values in table.columns.items()}
        if row["extends"]:
            extended.setdefault(name, []).append(row["extends"])
        place = table.where(key, "table")
        own.setdefault(name, []).append(_make_step(row, place))
    return _extend(own, extended, SCENARIOS.name)


def read_toml(path: Path) -> dict[str, tuple[Step, ...]]:
    """The scenarios of a TOML file: ``[name]`` with ``extends`` and ``[[name.steps]]``.

    Raises DataError with everything that is wrong.
    """
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DataError([Issue("E-510", path.name, f"cannot be read: {error}.")]) from error
    own: dict[str, list[Step]] = {}
    extended: dict[str, list[str]] = {}
    issues: list[Issue] = []
    for name, entry in content.items():
        steps = entry.get("steps", []) if isinstance(entry, dict) else None
        if not isinstance(steps, list) or not all(isinstance(step, dict) for step in steps):
            issues.append(Issue("E-510", path.name, f"[{name}] has no list of steps."))
            continue
        above = entry.get("extends", [])
        extended[name] = [above] if isinstance(above, str) else list(above)
        own[name] = []
        for number, row in enumerate(steps, start=1):
            place = f"{path.name} {name} step {number}"
            if problem := _check_step(row):
                issues.append(Issue("E-510", place, problem))
            else:
                own[name].append(_make_step({**_EMPTY, **row}, place))
    if issues:
        raise DataError(issues, path.name)
    return _extend(own, extended, path.name)


def read_set(text: str, option: str = "--set") -> Step:
    """One step of the command line: ``table[column=value].column=value``, ``*=``, ``+=``.

    `option` is where the text stands, for its issues.

    Raises DataError where the text is no step.
    """
    match = _SET.fullmatch(text.strip())
    if match is None:
        form = "table[column=value].column=value, or *= to scale, or += to add"
        raise DataError([Issue("E-511", option, f'"{text}" is no change. Write {form}.')])
    value: Any = match["value"].strip()
    if value.upper() in ("TRUE", "FALSE"):
        value = value.upper() == "TRUE"
    change: Any = _SIGNS[match["sign"]]
    return Step(
        table=match["table"],
        where=match["where"] or "",
        column=match["column"],
        change=change,
        value=None if value == "" else value,
        place=f"{option} {text}",
    )


def read_change(text: str) -> Step:
    """One step of ``--set``: as `read_set`, or rows: ``+table[column=value; ...]`` adds one,
    ``-table[column=value]`` drops those.

    Raises DataError where the text is no step.
    """
    rows = _ROWS.fullmatch(text.strip())
    if rows is None:
        return read_set(text)
    return Step(
        table=rows["table"],
        where=rows["where"] or "",
        change="add" if rows["sign"] == "+" else "drop",
        place=f"--set {text}",
    )


_EMPTY: Final[dict[str, Any]] = {"where": "", "column": "", "change": "set", "value": None}


def _check_step(row: Mapping[str, Any]) -> str:
    """What is wrong with a step of a file; empty where nothing is."""
    known = {*_EMPTY, "table", "note"}
    if unknown := [name for name in row if name not in known]:
        return f'"{unknown[0]}" is nothing that a step has.{nearest_name(unknown[0], known)}'
    if not isinstance(row.get("table"), str):
        return "a step names the table that it changes."
    if row.get("change", "set") not in CHANGES:
        return f"change is one of {', '.join(CHANGES)}."
    return ""


def _make_step(row: Mapping[str, Any], place: str) -> Step:
    return Step(
        table=str(row["table"]),
        where=str(row["where"] or ""),
        column=str(row["column"] or ""),
        change=row["change"],
        value=row["value"],
        note=str(row.get("note") or ""),
        place=place,
    )


def _extend(
    own: Mapping[str, Sequence[Step]], extended: Mapping[str, Sequence[str]], source: str
) -> dict[str, tuple[Step, ...]]:
    issues = [
        Issue(
            "E-509",
            source,
            f'"{name}" extends "{above}", which is no scenario.{nearest_name(above, own)}',
        )
        for name, names in extended.items()
        for above in names
        if above not in own
    ]
    if issues:
        raise DataError(issues, source)

    def unroll(name: str, below: tuple[str, ...]) -> tuple[Step, ...]:
        if name in below:
            circle = " extends ".join((*below, name))
            raise DataError(
                [Issue("E-509", source, f"{circle}: a scenario extends itself.")], source
            )
        above = (step for up in extended.get(name, ()) for step in unroll(up, (*below, name)))
        return (*above, *own[name])

    return {name: unroll(name, ()) for name in own}
