"""Standing alone, the saving at equal security, and the pooling ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from cssopt.analysis.many import Task, solve_tasks
from cssopt.analysis.persistence import PERSISTENCE
from cssopt.build.component import Component
from cssopt.build.study import Study
from cssopt.solution.baseline import Baseline, LedgerLine
from cssopt.solution.plan import Solution
from cssopt.solution.run import Tell
from cssopt.solve.answer import Options
from cssopt.solve.outcome import Status
from cssopt.tables.data import Data

ALONE_SHORTFALL = "alone_shortfall"
"""What an objective names in GIVEN to be told the shortfalls of members alone."""

_ALONE = "every member alone"
_ONCE = "overlapping needs met once"


def solve_alone(
    data: Data,
    study: Study,
    coalition: Sequence[str],
    options: Options,
    *,
    processes: int = 1,
    tell: Tell = lambda _step: None,
) -> dict[str, Solution]:
    """The plan that each member would choose alone, with the objective of the study."""
    tasks = [Task(f"{member} alone", data, study, (member,), options) for member in coalition]
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

    `pooled_cost` is the objective by which members alone are planned, near no other plan.
    """
    if ALONE_SHORTFALL not in study.objective.given:
        return {}
    alone_study = replace(study, objective=pooled_cost).without((PERSISTENCE,))
    alone = solve_alone(data, alone_study, coalition, options, tell=tell)
    return {ALONE_SHORTFALL: sum_alone_shortfall(alone)}


def compare_with_standing_alone(
    chosen: Solution,
    data: Data,
    equal_security: Component,
    *,
    ledger: bool = False,
    processes: int = 1,
    tell: Tell = lambda _step: None,
) -> Baseline:
    """Solve every member alone, and the coalition at equal security.

    `equal_security` is the objective of that name; `ledger` adds the links of the study's pooling
    ledger. A coalition of one is its own baseline.
    """
    # What acting together saves is told against the cheapest plans, wherever the chosen one stays.
    study = chosen.study.without((PERSISTENCE,))
    coalition, options = chosen.coalition, chosen.options
    if len(coalition) == 1:
        return Baseline({coalition[0]: chosen}, chosen)
    alone = solve_alone(data, study, coalition, options, processes=processes, tell=tell)
    if missing := [member for member, plan in alone.items() if not plan.has_plan]:
        reason = f"{', '.join(missing)} cannot keep the rules of study {study.name} alone"
        return Baseline(alone, None, reason)
    equal_study = replace(study, objective=equal_security)
    given: dict[str, Any] = {ALONE_SHORTFALL: sum_alone_shortfall(alone)}
    task = Task("the coalition at equal security", data, equal_study, coalition, options, given)
    equal = solve_tasks([task], 1, tell)[0]
    years_apart = equal.status is Status.INFEASIBLE
    if years_apart:
        given = {**given, "years_apart": True}
        label = "the coalition at equal security, years apart by their own needs"
        equal = solve_tasks([replace(task, label=label, given=given)], 1, tell)[0]
    baseline = Baseline(alone, equal, _reason(equal), years_apart and equal.has_plan)
    if not ledger or not equal.has_plan:
        return baseline
    links = _link_tasks(data, equal_study, coalition, options, given)
    once = _once_tasks(data, equal_study, coalition, options, alone)
    solved = solve_tasks([*once, *links], processes, tell)
    return replace(
        baseline, links=_ledger_lines(baseline, solved[: len(once)], links, solved[len(once) :])
    )


def _reason(equal: Solution) -> str:
    if equal.has_plan:
        return ""
    return (
        f"the plan at equal security is {equal.status}; apportionment, or common costs inside a "
        "binding budget, may keep the coalition from what its members can do apart"
    )


def _once_tasks(
    data: Data,
    study: Study,
    coalition: tuple[str, ...],
    options: Options,
    alone: Mapping[str, Solution],
) -> list[Task]:
    """Every member for its own part only: exposures that overlap are divided, nothing is joint."""
    shared = _divide_exposure(data, coalition)
    tasks = []
    for member, plan in alone.items():
        short = plan.quantities.shortfall if plan.quantities else {}
        tot = {k: shared[1][k] for k, *_ in short}
        given = {ALONE_SHORTFALL: {key: x / max(1.0, tot[key[0]]) for key, x in short.items()}}
        label = f"{member} for its own part"
        tasks.append(Task(label, shared[0], study, (member,), options, given))
    return tasks


def _divide_exposure(data: Data, coalition: tuple[str, ...]) -> tuple[Data, dict[str, float]]:
    """The tables with every exposure replaced by the member's own part in the coalition."""
    listed = {k for k, _ in data.exposure}
    share = data.exposure.columns["share"]
    exposure = {
        (k, m): share.get((k, m), 0.0) if k in listed else 1.0
        for k in data.threats
        for m in coalition
    }
    tot = {k: sum(exposure[k, m] for m in coalition) for k in data.threats}
    columns = {
        "threat": {key: key[0] for key in exposure},
        "member": {key: key[1] for key in exposure},
        "share": {(k, m): part / max(1.0, tot[k]) for (k, m), part in exposure.items()},
    }
    tables = {**data.tables, "exposure": data.exposure.replace(columns)}
    return Data(tables, given=data.given), tot


def _link_tasks(
    data: Data,
    study: Study,
    coalition: tuple[str, ...],
    options: Options,
    given: Mapping[str, Any],
) -> list[Task]:
    return [
        Task(link.name, data, study.without(link.without), coalition, options, given)
        for link in study.links
        if link.without
    ]


def _ledger_lines(
    baseline: Baseline,
    once: Sequence[Solution],
    tasks: Sequence[Task],
    links: Sequence[Solution],
) -> tuple[LedgerLine, ...]:
    """Lines of the ledger: each expenditure, and what it saves against the line before."""
    assert baseline.equal is not None
    steps = [
        (_ALONE, baseline.expenditure_alone),
        (_ONCE, sum(plan.pooled_expenditure for plan in once)),
        *((task.label, plan.pooled_expenditure) for task, plan in zip(tasks, links, strict=True)),
    ]
    last = baseline.equal.study.links
    if last and not last[-1].without:
        steps.append((last[-1].name, baseline.equal.pooled_expenditure))
    lines, before = [], steps[0][1]
    for name, expenditure in steps:
        lines.append(LedgerLine(name, expenditure, before - expenditure))
        before = expenditure
    return tuple(lines)
