"""Scenarios of a TOML file: ``[name]`` with ``extends``, and ``[[name.steps]]``."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.tables.convert import MAX_TEXT, quote, say_reserved
from cssopt.tables.nearest import find_meant, nearest_name
from cssopt.tables.notation import LONGEST
from cssopt.tables.patch import CHANGES, Step
from cssopt.tables.scenario_steps import (
    MOST_SCENARIOS,
    MOST_STEPS,
    SCENARIO,
    Written,
    make_step,
    say_too_many,
    unroll,
)
from cssopt.tables.tidy import tidy_text
from cssopt.tables.toml_text import TomlError, load_toml

_MOST_TOLD: Final = 100
_STEP: Final = ("table", "where", "column", "change", "value", "note")
_SCENARIO: Final = ("steps", "extends")


def read_toml(path: Path) -> dict[str, tuple[Step, ...]]:
    """The scenarios of a file, each with the steps of those that it extends before its own.

    A number that stands as a text there has a point for decimals, as on the command line. Raises
    DataError with everything that is wrong: keys that there are not, values of another type,
    scenarios without steps.
    """
    scenarios, issues = read_toml_file(path)
    if issues:
        raise DataError(issues, path.name)
    return scenarios


def read_toml_file(path: Path) -> tuple[dict[str, tuple[Step, ...]], tuple[Issue, ...]]:
    """As `read_toml`, with what is wrong beside what could be read."""
    written = Written()
    try:
        content = load_toml(path)
    except TomlError as error:
        return {}, (Issue("E-510", path.name, f"cannot be read: {error}."),)
    if too_much := _find_surplus(content):
        return {}, (Issue("E-519", path.name, too_much),)
    parts = (*_STEP, *_SCENARIO)
    loose = [n for n, entry in content.items() if n in parts and not isinstance(entry, dict | list)]
    if loose or not content:
        what = f"{', '.join(loose)} stand in no scenario" if loose else "has no scenario"
        text = f"{what}. Begin each with [name], and each of its steps with [[name.steps]]."
        written.issues.append(Issue("E-510", path.name, text))
    for name, entry in content.items():
        if name in loose:
            continue
        for place, text in _read_scenario(written, path.name, name, entry):
            written.issues.append(Issue("E-510", place, text))
            if len(written.issues) >= _MOST_TOLD:
                return {}, tuple(written.issues)
    return unroll(written, path.name)


def _find_surplus(content: Mapping[str, Any]) -> str:
    """What a file has more of than is read: it is counted before any of it is tried."""
    if len(content) > MOST_SCENARIOS:
        return say_too_many(len(content))
    lists: Counter[str] = Counter()
    for entry in content.values():
        for key, value in entry.items() if isinstance(entry, dict) else ():
            lists[key] += len(value) if isinstance(value, list) else 1
    over = next((key for key in _SCENARIO if lists[key] > MOST_STEPS), None)
    return f"has over {MOST_STEPS:,} entries in its lists of {over}. Write fewer." if over else ""


def _read_scenario(
    written: Written, file: str, name: str, entry: object
) -> Iterator[tuple[str, str]]:
    """Read one entry of a file; the place and text of each fault."""
    place = f"{file} {name}"
    if not name.isprintable() or tidy_text(name) != name or not 0 < len(name) <= MAX_TEXT:
        yield file, f"{quote(name)} is no name of a scenario. Write letters and digits."
        return
    if meaning := say_reserved(name, SCENARIO):
        yield file, f"{quote(name)} {meaning}"
        return
    if not isinstance(entry, dict):
        text = (
            f"[{name}] has no list of steps. Begin a scenario with [name], and each of its steps "
            "with [[name.steps]]."
        )
        yield file, text
        return
    written.own[name] = []
    strangers = list(_find_strangers(name, entry))
    yield from ((place, text) for text in strangers)
    names, fault = _read_extends(entry.get("extends", []))
    if fault:
        yield place, fault
    written.extends[name] = names
    steps = entry.get("steps", [])
    if not isinstance(steps, list) or not all(isinstance(step, dict) for step in steps):
        yield file, f"[{name}] has no list of steps. Begin each step with [[{name}.steps]]."
        return
    if not steps and not names and not strangers and not fault:
        yield (
            file,
            f"[{name}] has no steps. Begin each with [[{name}.steps]], or extend a scenario.",
        )
    for number, row in enumerate(steps, start=1):
        at = f"{place} step {number}"
        faults = list(_find_faults(row))
        yield from ((at, text) for text in faults)
        if not faults:
            written.own[name].append(make_step(row, at))


def _find_strangers(name: str, entry: Mapping[str, Any]) -> Iterator[str]:
    if own := [key for key in entry if key in _STEP]:
        keys = ", ".join(own)
        yield f"{keys} stand outside of a step. Write [[{name}.steps]] in a line above them."
    for key in entry:
        if key not in (*_SCENARIO, *_STEP):
            yield f"{quote(key)} is nothing that a scenario has.{nearest_name(key, _SCENARIO)}"


def _read_extends(above: object) -> tuple[list[str], str]:
    """The scenarios that one extends, and what is wrong with them."""
    names = [above] if isinstance(above, str) else above
    if isinstance(names, list) and all(isinstance(name, str) and name for name in names):
        return names, ""
    return [], 'extends is the name of a scenario, or a list of names: extends = ["a", "b"].'


def _find_faults(row: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with a step of a file."""
    for key in row:
        if key not in _STEP:
            yield f"{quote(key)} is nothing that a step has.{nearest_name(key, _STEP)}"
    if "table" not in row:
        yield 'a step names the table that it changes: table = "forces".'
    for key in ("table", "where", "column", "note"):
        value = row.get(key, "")
        if not isinstance(value, str) or len(value) > LONGEST:
            yield f'{key} is a text of at most {LONGEST:,} characters: {key} = "...".'
    change = row.get("change", "set")
    if not isinstance(change, str) or find_meant(change, CHANGES) is None:
        near = nearest_name(change, CHANGES) if isinstance(change, str) else ""
        yield f"change is one of {', '.join(CHANGES)}.{near}"
    value = row.get("value")
    if not isinstance(value, bool | int | float | str | None):
        yield "value is a number, a text, true or false."
    elif not isinstance(value, bool | str | None) and not _is_usual(value):
        yield "value is no number that a cell can hold. Write one below 1e99."


def _is_usual(number: float) -> bool:
    return abs(number) < 10**99 if isinstance(number, int) else math.isfinite(number)
