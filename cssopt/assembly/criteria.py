"""Criteria that may be traded off: those of a study, and those of components added on demand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cssopt.assembly.study import Study, load_components
from cssopt.errors import DataError, ModelError
from cssopt.issues import Issue
from cssopt.modeling.objective import Criterion
from cssopt.tables.convert import quote
from cssopt.tables.nearest import nearest_or_all

_MOST_TOLD = 20

MOST_SPENT = "most_spent"
"""What a component names in GIVEN to be told that any plan within this expenditure may be asked
for, not only one that is the best by thrifty criteria (see `Criterion`)."""

ANY_PLAN = "any_plan"
"""What a component names in GIVEN to be told the same where bounds on units stay as they were, as
for a program whose switches may be in fractions."""

MOST_MISSED = "most_missed"
"""What a component names in GIVEN to be told by how much all rules that a given plan breaks are
missed at most, added up, each relative to its limit; absolute where that is 0."""


def list_criteria(folders: Sequence[Path]) -> dict[str, Criterion]:
    """Every criterion that a component of the model folders declares, by name."""
    return {
        criterion.name: criterion
        for part in load_components(folders).values()
        for criterion in part.criteria
    }


def find_expenditure(folders: Sequence[Path]) -> Criterion:
    """The criterion that every front has, and that stands first: all money of the coalition.

    Raises ModelError where no component declares a criterion of the figure that measures it.
    """
    for part in load_components(folders).values():
        figures = {one.figure for one in part.measures if one.role == "expenditure"}
        for criterion in part.criteria:
            if criterion.figure in figures:
                return criterion
    raise ModelError(
        "no component of the model folders declares a Criterion of the figure whose role is "
        '"expenditure"; declare both where the figure is made'
    )


def add_criteria(
    study: Study, names: Sequence[str], folders: Sequence[Path], where: str
) -> tuple[Study, tuple[Criterion, ...]]:
    """The study with the components that these criteria need, and the criteria in order.

    `where` is the place of the names, for issues. Raises DataError for a name that is no criterion,
    and ModelError where a component misses what it requires.
    """
    owners = {
        c.name: (part, c) for part in load_components(folders).values() for c in part.criteria
    }
    issues = [
        Issue("E-530", where, f"{quote(name)} is no criterion.{nearest_or_all(name, owners)}")
        for name in [name for name in dict.fromkeys(names) if name not in owners][:_MOST_TOLD]
    ]
    if issues:
        raise DataError(issues)
    known = {part.name for part in study.components}
    for name in names:
        part = owners[name][0]
        if part.name not in known:
            study = study.adding(part.name, folders)
            known = {part.name for part in study.components}
    return study, tuple(owners[name][1] for name in names)
