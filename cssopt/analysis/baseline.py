"""Standing alone, and the saving at equal security."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from cssopt.analysis.many import Task, solve_tasks
from cssopt.analysis.persistence import PERSISTENCE
from cssopt.analysis.pooling_ledger import build_ledger
from cssopt.analysis.saving_range import find_saving_range
from cssopt.build.component import Component
from cssopt.build.study import Study
from cssopt.errors import SolveError
from cssopt.solution.audits import Audits
from cssopt.solution.baseline import Baseline
from cssopt.solution.plan import Solution
from cssopt.solution.run import Tell
from cssopt.solve.answer import Options
from cssopt.solve.outcome import Status
from cssopt.tables.data import Data

ALONE_SHORTFALL = "alone_shortfall"
"""What an objective names in GIVEN to be told the shortfalls of members alone."""

_ON_SAND = "this study asks for as much security as members have alone, which is not known"

_BETWEEN = (
    "the coalition has no plan as secure as its members alone; apportionment, common costs inside "
    "a binding budget, the capacity of one joint plant, or an activity that waits for a member "
    "keeps it from what they can do apart"
)


def solve_alone(
    data: Data,
    study: Study,
    coalition: Sequence[str],
    options: Options,
    *,
    processes: int = 1,
    tell: Tell = lambda _step: None,
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
        if plan.quantities is not None:
            for key, short in plan.quantities.shortfall.items():
                sums[key] = sums.get(key, 0.0) + short
    return sums


def find_given(
    data: Data,
    study: Study,
    coalition: Sequence[str],
    options: Options,
    pooled_cost: Component,
    tell: Tell = lambda _step: None,
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
    near_none = study.without((PERSISTENCE,))
    if pooled_cost is None or ALONE_SHORTFALL not in study.objective.given:
        return near_none
    return replace(near_none, objective=pooled_cost)


def compare_with_standing_alone(
    chosen: Solution,
    data: Data,
    equal_security: Component,
    *,
    pooled_cost: Component | None = None,
    ledger: bool = False,
    saving_range: bool = False,
    processes: int = 1,
    tell: Tell = lambda _step: None,
) -> Baseline:
    """Solve every member alone, and the coalition at equal security.

    `equal_security` is the objective of that name, and `pooled_cost` that of members alone where
    theirs cannot be the chosen plan's; `ledger` adds the links of the study's pooling
    ledger, `saving_range` least and most over all equally good plans alone. A coalition of one is
    its own baseline.
    """
    # What acting together saves is told against the cheapest plans, wherever the chosen one stays.
    study = _as_alone(chosen.study, pooled_cost)
    coalition, options = chosen.coalition, chosen.options
    if len(coalition) == 1:
        return Baseline({coalition[0]: chosen}, chosen)
    alone = solve_alone(data, study, coalition, options, processes=processes, tell=tell)
    if reasons := [_why_not_alone(m, plan) for m, plan in alone.items() if not plan.has_plan]:
        return Baseline(alone, None, "; ".join(reasons))
    given = {ALONE_SHORTFALL: sum_alone_shortfall(alone)}
    label = "the coalition at equal security"
    task = Task(label, data, replace(study, objective=equal_security), coalition, options, given)
    equal = solve_tasks([task], 1, tell)[0]
    baseline = Baseline(alone, equal, "" if equal.has_plan else _why_not_equal(equal))
    if not equal.has_plan:
        return baseline
    if saving_range:
        baseline = replace(baseline, range=find_saving_range(task, study, tell))
    if ledger:
        baseline = replace(baseline, links=build_ledger(baseline, task, processes, tell))
    return baseline


def _why_not_alone(member: str, plan: Solution) -> str:
    if plan.status is Status.INFEASIBLE:
        return f"{member} cannot keep the rules of study {plan.study.name} alone"
    return _no_answer(plan, f"for {member} alone")


def _why_not_equal(plan: Solution) -> str:
    return _BETWEEN if plan.status is Status.INFEASIBLE else _no_answer(plan, "at equal security")


def _no_answer(plan: Solution, what: str) -> str:
    """A solve that ended without an answer, which says nothing about the members."""
    if plan.status in (Status.ERROR, Status.OPTIMAL, Status.FEASIBLE):
        # The last two without a plan: the solver contradicts itself.
        said = plan.solved.message.strip().rstrip(".")
        return f"the solver failed and gave no plan {what}" + (f" ({said})" if said else "")
    return f"there is no plan {what}: {plan.status}. {plan.status.sentence}".rstrip(".")
