"""Minimal change: a new plan kept near a base plan."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cssopt.assembly.study import Study
from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.solution.plan import Solution

PERSISTENCE = "persistence"
"""The component that counts what moves; in no study, added on demand."""


@dataclass(frozen=True)
class Persist:
    """How near a new plan stays to the base plan.

    Raises DataError for numbers that are negative or not finite.

    Attributes
    ----------
    weight: million per unit moved and year: a penalty, not money.
    most: most units moved, in unit-years; None: no bound.
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


def stay_near(
    study: Study, base: Solution, persist: Persist, folders: Sequence[Path]
) -> tuple[Study, dict[str, Any]]:
    """The study with the component that keeps it near the base plan, and the numbers it is given.

    Raises DataError where the base has no plan, and ModelError where the model folders do not have
    the component.
    """
    if base.quantities is None:
        text = f"the base plan is {base.status}: there is nothing to stay near. Mend it first."
        raise DataError([Issue("E-010", "base", text)])
    return study.adding(PERSISTENCE, folders), {
        "base_units": base.quantities.sums("held", "member force year"),
        "persist_weight": float(persist.weight),
        "persist_most": None if persist.most is None else float(persist.most),
    }
