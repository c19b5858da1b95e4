"""Cases changed by steps, and the scenarios that name such steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from cssopt.assembly.case import Case, find_rules
from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.tables.changes import read_change
from cssopt.tables.convert import quote
from cssopt.tables.nearest import find_meant, nearest_or_all
from cssopt.tables.patch import CellChange, Step, try_steps
from cssopt.tables.scenario_checks import check_patch, check_scenarios
from cssopt.tables.scenario_file import read_toml_file
from cssopt.tables.scenario_steps import MOST_STEPS
from cssopt.tables.scenarios import read_sheet

_MOST_TOLD = 20
_MOST_FAULTS = 100
"""Issues after which no further change is read."""


def find_scenarios(case: Case, file: str | Path | None = None) -> dict[str, tuple[Step, ...]]:
    """The scenarios of the workbook's sheet, and of a TOML file where one is named.

    Those of the file are tried on the tables, as those of the sheet were when the workbook was
    checked.

    Parameters
    ----------
    case : Case
        The inputs.
    file : str | Path, optional
        A TOML file of further scenarios.

    Returns
    -------
    dict[str, tuple[Step, ...]]
        The steps of each scenario, by its name.

    Raises
    ------
    DataError
        For everything that is wrong with them, or for a name that both have.
    """
    found = read_sheet(case.data)
    if file is None:
        return found
    path = Path(file)
    more, issues = read_toml_file(path)
    tried = check_scenarios(more, case.data, find_rules(case.folders), issues)
    if tried.issues:
        raise DataError(tried.issues, path.name)
    return join_scenarios(found, more)


def join_scenarios(*groups: Mapping[str, Sequence[Step]]) -> dict[str, tuple[Step, ...]]:
    """All scenarios of several sources; DataError for a name that two of them have."""
    joined: dict[str, tuple[Step, ...]] = {}
    doubled = []
    for group in groups:
        doubled += [name for name in group if name in joined]
        joined |= {name: tuple(steps) for name, steps in group.items()}
    text = (
        "is the name of two scenarios (of the workbook, a file or a standard question). "
        "Rename one of them."
    )
    if issues := [Issue("E-513", quote(name), text) for name in doubled]:
        raise DataError(issues)
    return joined


def change(case: Case, steps: Sequence[Step | str]) -> tuple[Case, tuple[CellChange, ...]]:
    """A new case with the steps applied in order and checked by the same rules.

    Notes of the new case say what was read as another name. The case given is never changed. A
    member that a step drops keeps its rows, and takes part in no coalition of the new case.

    Parameters
    ----------
    case : Case
        The inputs.
    steps : Sequence[Step | str]
        The changes; each may be a text, as ``--set`` takes it.

    Returns
    -------
    tuple[Case, tuple[CellChange, ...]]
        The new case, and every cell that differs.

    Raises
    ------
    DataError
        Where a step touches nothing or cannot be made, or where the changed tables break a rule;
        faults of a changed cell stand at its step.

    Examples
    --------
    >>> dearer, cells = cssopt.change(case, ["members[member=NOR].cost_index*=1.1"])
    """
    steps = read_steps(steps)
    patch = try_steps(case.data, steps)
    issues = patch.issues or check_patch(patch, steps, find_rules(case.folders))
    if errors := [issue for issue in issues if issue.code.startswith("E")]:
        raise DataError(errors, case.source)
    notes = (*case.notes, *patch.notes)
    changed = replace(case, data=patch.data, warnings=tuple(issues), notes=notes)
    return changed, tuple(patch.changes)


def read_steps(steps: Sequence[Step | str]) -> tuple[Step, ...]:
    """The steps, with those that are written as texts read; DataError with every fault."""
    read, issues = _read_steps(steps)
    if issues:
        raise DataError(issues)
    return read


def read_changes(texts: Sequence[Step | str], case: Case | None = None) -> tuple[Step, ...]:
    """Read steps as they are written on the command line: ``table[column=value].column=value``.

    ``+table[column=value; ...]`` adds a row, ``-table[column=value]`` drops rows; a number has a
    point for decimals.

    Parameters
    ----------
    texts : Sequence[Step | str]
        The changes; what is a Step already stays.
    case : Case, optional
        The tables on which they are tried, so that all that is wrong is told at once.

    Returns
    -------
    tuple[Step, ...]
        The steps, in their order.

    Raises
    ------
    DataError
        For everything that is wrong with them.
    """
    steps, issues = _read_steps(texts)
    if case is not None:
        issues += try_steps(case.data, steps).issues
    if issues:
        raise DataError(issues, "" if case is None else case.source)
    return steps


def _read_steps(steps: Sequence[Step | str]) -> tuple[tuple[Step, ...], list[Issue]]:
    read: list[Step] = []
    issues: list[Issue] = []
    listed = [steps] if isinstance(steps, str) else list(steps)
    if len(listed) > MOST_STEPS:
        text = (
            f"stands {len(listed):,} times; at most {MOST_STEPS:,} changes are read. Write fewer."
        )
        return (), [Issue("E-519", "--set", text)]
    for step in listed:
        if not isinstance(step, str | Step):
            raise TypeError(f"a change is a text or a Step, not {type(step).__name__}")
        try:
            read.append(read_change(step) if isinstance(step, str) else step)
        except DataError as error:
            issues += error.issues
        if len(issues) > _MOST_FAULTS:
            break
    return tuple(read), issues


def pick_scenarios(
    known: Mapping[str, Sequence[Step]], names: Sequence[str]
) -> dict[str, Sequence[Step]]:
    """The scenarios of these names, all of them where none is named; DataError for unknown ones.

    Case, accents and spaces of a name are set aside where one scenario only is meant.
    """
    names = [names] if isinstance(names, str) else names
    meant = [find_meant(name, known) or name for name in names]
    check_names(meant, known, "--scenario", "is no scenario")
    return {name: known[name] for name in (meant or known)}


def check_names(names: Sequence[str], known: Iterable[str], option: str, fault: str) -> None:
    """DataError for names that are none of these, each with the one that may be meant."""
    issues = [
        Issue("E-512", option, f"{quote(name)} {fault}.{nearest_or_all(name, known)}")
        for name in [name for name in dict.fromkeys(names) if name not in known][:_MOST_TOLD]
    ]
    if issues:
        raise DataError(issues)
