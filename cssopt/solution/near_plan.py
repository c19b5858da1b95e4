"""Minimal change: a new plan kept near a base plan."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cssopt.assembly.component import Component
from cssopt.assembly.instance import Instance
from cssopt.assembly.study import Study, load_components
from cssopt.errors import DataError, ModelError
from cssopt.issues import Issue
from cssopt.solution.plan import Solution

BASE_UNITS = "base_units"
"""What a component names in GIVEN to be told the units of a base plan, by party, force and year:
it counts what moves. Such a component is in no study, and added on demand."""


@dataclass(frozen=True)
class Persist:
    """How near a new plan stays to the base plan.

    Parameters
    ----------
    weight : float, default 0.0
        Million per unit moved and year: a penalty, not money.
    most : float, optional
        Most units moved, in unit-years. Default: no bound.

    Raises
    ------
    DataError
        For numbers that are negative or not finite.
    """

    weight: float = 0.0
    most: float | None = None

    def __post_init__(self) -> None:
        issues = [
            Issue("E-110", name, f"{value} must be a number of at least 0.")
            for name, value in (("--persist", self.weight), ("--persist-most", self.most))
            if value is not None and not (math.isfinite(value) and value >= 0)
        ]
        if issues:
            raise DataError(issues)


def find_counting(components: Iterable[Component]) -> Component | None:
    """The component among these that counts what moves against a base plan."""
    return next((part for part in components if BASE_UNITS in part.given), None)


def find_counting_in(folders: Sequence[Path]) -> Component:
    """The component of the model folders that counts what moves; ModelError where none does."""
    found = find_counting(load_components(folders).values())
    if found is None:
        raise ModelError(
            f'no component of the model folders names "{BASE_UNITS}" in its GIVEN, so none counts '
            "what moves against a base plan; add one to components/"
        )
    return found


def near_none(study: Study) -> Study:
    """The same study, near no other plan and with none that is given."""
    found = (find_counting(study.components), find_given(study.components))
    return study.without(tuple(part.name for part in found if part is not None))


def find_given(components: Iterable[Component]) -> Component | None:
    """The component among these that holds a plan that is given."""
    return next((part for part in components if part.given_plan is not None), None)


def measure_base(base: Solution, persist: Persist) -> dict[str, Any]:
    """The numbers that keep another plan near a base plan.

    Raises DataError where the base has no plan.
    """
    if base.quantities is None:
        text = f"the base plan is {base.status}: there is nothing to stay near. Mend it first."
        raise DataError([Issue("E-010", "base", text)])
    return {
        BASE_UNITS: base.units_by_year,
        "persist_weight": float(persist.weight),
        "persist_most": None if persist.most is None else float(persist.most),
    }


def stay_near(instance: Instance, numbers: Mapping[str, Any], folders: Sequence[Path]) -> Instance:
    """The same question for plans near a base plan, given the numbers of `measure_base`.

    Raises ModelError where the model folders do not have the component that counts what moves.
    """
    near = instance.study.adding(find_counting_in(folders).name, folders)
    return replace(instance, study=near, given={**instance.given, **numbers})
