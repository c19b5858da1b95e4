"""Standing alone, and the saving at equal security."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from cssopt.build.component import Component
from cssopt.build.study import Study
from cssopt.solution.baseline import Baseline
from cssopt.solution.plan import Solution
from cssopt.solution.run import Tell, run_study
from cssopt.solve.highs import Options
from cssopt.solve.outcome import Status
from cssopt.tables.data import Data


def solve_alone(
    data: Data,
    study: Study,
    coalition: Sequence[str],
    options: Options,
    tell: Tell = lambda _step: None,
) -> dict[str, Solution]:
    """The plan that each member would choose alone, with the objective of the study."""
    alone = {}
    for member in coalition:
        tell(f"{member} alone")
        alone[member] = run_study(data, study, (member,), options)
    return alone


def sum_alone_shortfall(alone: Mapping[str, Solution]) -> dict[Any, float]:
    """Shortfall by threat, capability, day and year, summed over the members alone."""
    sums: dict[Any, float] = {}
    for plan in alone.values():
        if plan.quantities is not None:
            for key, short in plan.quantities.shortfall.items():
                sums[key] = sums.get(key, 0.0) + short
    return sums


def compare_with_standing_alone(
    chosen: Solution,
    data: Data,
    equal_security: Component,
    tell: Tell = lambda _step: None,
) -> Baseline:
    """Solve every member alone, and the coalition at equal security.

    `equal_security` is the objective of that name. A coalition of one is its own baseline.
    """
    study, coalition, options = chosen.study, chosen.coalition, chosen.options
    if len(coalition) == 1:
        return Baseline({coalition[0]: chosen}, chosen)
    alone = solve_alone(data, study, coalition, options, tell)
    if missing := [member for member, plan in alone.items() if not plan.has_plan]:
        return Baseline(
            alone,
            None,
            f"{', '.join(missing)} cannot keep the rules of study {study.name} alone",
        )
    tell("the coalition at equal security")
    given: dict[str, Any] = {"alone_shortfall": sum_alone_shortfall(alone)}
    equal_study = replace(study, objective=equal_security)
    equal = run_study(data, equal_study, coalition, options, given=given)
    years_apart = equal.status is Status.INFEASIBLE
    if years_apart:
        tell("the coalition at equal security, years apart by their own needs")
        given["years_apart"] = True
        equal = run_study(data, equal_study, coalition, options, given=given)
    reason = "" if equal.has_plan else f"the plan at equal security is {equal.status}"
    return Baseline(alone, equal, reason, years_apart and equal.has_plan)
