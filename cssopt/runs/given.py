"""Numbers from other solves that a study is given: what members lack alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from cssopt.assembly.component import Component
from cssopt.assembly.study import Study
from cssopt.errors import SolveError
from cssopt.runs.many import Task, solve_tasks
from cssopt.solution.near_plan import near_none
from cssopt.solution.plan import Solution
from cssopt.solution.run import ProgressCallback
from cssopt.solution.verdicts import Audits
from cssopt.solve.answer import Options
from cssopt.tables.data import Data

ALONE_SHORTFALL = "alone_shortfall"
"""What an objective names in GIVEN to be told the shortfalls of members alone."""


_ON_SAND = "this study asks for as much security as members have alone, which is not known"


def solve_alone(
    data: Data,
    study: Study,
    coalition: Sequence[str],
    options: Options,
    *,
    processes: int = 1,
    tell: ProgressCallback = lambda _step: None,
) -> dict[str, Solution]:
    """The plan that each member would choose alone, with the objective of the study.

    Among equally good plans it is the one that the `ties` of the study single out.
    """
    settling = study.settling_ties()
    tasks = [Task(f"{member} alone", data, settling, (member,), options) for member in coalition]
    return dict(zip(coalition, solve_tasks(tasks, processes, tell), strict=True))


def sum_alone_shortfall(alone: Mapping[str, Solution]) -> dict[Any, float]:
    """Shortfall by threat, capability, day and year, summed over the members alone."""
    sums: dict[Any, float] = {}
    for plan in alone.values():
        for key, short in plan.missing.items():
            sums[key] = sums.get(key, 0.0) + short
    return sums


def find_given(
    data: Data,
    study: Study,
    coalition: Sequence[str],
    options: Options,
    pooled_cost: Component,
    tell: ProgressCallback = lambda _step: None,
) -> dict[str, Any]:
    """Numbers from other solves that the study's objective asks for: what members lack alone.

    `pooled_cost` is the objective by which members alone are planned. Raises SolveError where one
    of their audits failed: no audit of a later plan could tell.
    """
    if ALONE_SHORTFALL not in study.objective.given:
        return {}
    alone = solve_alone(data, _as_alone(study, pooled_cost), coalition, options, tell=tell)
    audits = Audits.of((f"{member} alone", plan.verdict) for member, plan in alone.items())
    if audits.failed:
        raise SolveError(f"{_ON_SAND}. {audits.told}")
    return {ALONE_SHORTFALL: sum_alone_shortfall(alone)}


def _as_alone(study: Study, pooled_cost: Component | None) -> Study:
    """The study by which members alone are planned: near no other plan.

    An objective that asks what members lack alone cannot be theirs: `pooled_cost` takes its place.
    """
    alone = near_none(study)
    if pooled_cost is None or ALONE_SHORTFALL not in study.objective.given:
        return alone
    return replace(alone, objective=pooled_cost)
