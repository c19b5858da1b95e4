"""Numbers from other solves that a study is given: what members lack alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from cssopt.assembly.component import Component
from cssopt.assembly.instance import Instance
from cssopt.assembly.study import Study
from cssopt.errors import SolveError
from cssopt.runs.many import Task, solve_tasks
from cssopt.solution.near_plan import near_none
from cssopt.solution.plan import Solution
from cssopt.solution.run import ProgressCallback, tell_nothing
from cssopt.solution.verdicts import Audits
from cssopt.solve.answer import Options

ALONE_SHORTFALL = "alone_shortfall"
"""What an objective names in GIVEN to be told the shortfalls of members alone."""


_ON_SAND = "this study asks for as much security as members have alone, which is not known"


def solve_alone(
    instance: Instance,
    options: Options,
    *,
    processes: int = 1,
    tell: ProgressCallback = tell_nothing,
) -> dict[str, Solution]:
    """The plan that each member of the coalition would choose alone, by the same study.

    Among equally good plans it is the one that the `ties` of the study single out.
    """
    settling = instance.study.settling_ties()
    tasks = [
        Task(f"{member} alone", replace(instance, study=settling, coalition=(member,)), options)
        for member in instance.coalition
    ]
    return dict(zip(instance.coalition, solve_tasks(tasks, processes, tell), strict=True))


def sum_alone_shortfall(alone: Mapping[str, Solution]) -> dict[Any, float]:
    """Shortfall by threat, capability, day and year, summed over the members alone."""
    return sum_missing(plan.missing for plan in alone.values())


def sum_missing(missing: Iterable[Mapping[Any, float]]) -> dict[Any, float]:
    """What several plans lack, by need."""
    sums: dict[Any, float] = {}
    for lacks in missing:
        for key, short in lacks.items():
            sums[key] = sums.get(key, 0.0) + short
    return sums


def asks_alone(study: Study) -> bool:
    """True where the objective takes numbers from the plans of members alone."""
    return ALONE_SHORTFALL in study.objective.given


def give_numbers(
    instance: Instance,
    options: Options,
    pooled_cost: Component,
    tell: ProgressCallback = tell_nothing,
) -> Instance:
    """With the numbers from other solves that the objective asks for: what members lack alone.

    `pooled_cost` is the objective by which members alone are planned. Raises SolveError where one
    of their audits failed: no audit of a later plan could tell.
    """
    if not asks_alone(instance.study):
        return instance
    alone = solve_alone(as_alone(instance, pooled_cost), options, tell=tell)
    audits = Audits.of((f"{member} alone", plan.verdict) for member, plan in alone.items())
    if audits.failed:
        raise SolveError(f"{_ON_SAND}. {audits.told}")
    return instance.with_given({ALONE_SHORTFALL: sum_alone_shortfall(alone)})


def as_alone(instance: Instance, pooled_cost: Component | None) -> Instance:
    """The question by which members alone are planned: given nothing, near no other plan.

    An objective that asks what members lack alone cannot be theirs: `pooled_cost` takes its place.
    """
    study = near_none(instance.study)
    if pooled_cost is not None and asks_alone(study):
        study = replace(study, objective=pooled_cost)
    return replace(instance, study=study, given={})
