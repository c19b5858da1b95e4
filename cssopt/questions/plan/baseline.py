"""Standing alone, and the saving at equal security."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from cssopt.assembly.component import Component
from cssopt.names import key_parts
from cssopt.questions.plan.pooling_ledger import build_ledger
from cssopt.questions.plan.saving_range import find_saving_range
from cssopt.runs.given import ALONE_SHORTFALL, as_alone, solve_alone, sum_alone_shortfall
from cssopt.runs.many import Task, solve_tasks
from cssopt.solution.baseline import Baseline
from cssopt.solution.plan import Solution
from cssopt.solution.run import ProgressCallback, tell_nothing
from cssopt.solve.answer import round_off
from cssopt.solve.outcome import Status
from cssopt.tables.numbers import as_whole

_BETWEEN = (
    "the coalition has no plan as secure as its members alone; apportionment, common costs inside "
    "a binding budget, the capacity of one joint plant, or an activity that waits for a member "
    "keeps it from what they can do apart"
)

_NEAREST = "the coalition nearest to equal security"

_LITTLE = 1e-6
"""Up to so much of the missing share that a plan lacks may come of how a solve was rounded: whether
there is a plan without it is asked as of any other program."""

_TOLD = 3
"""Needs that are told."""


def compare_with_standing_alone(
    chosen: Solution,
    equal_security: Component,
    *,
    pooled_cost: Component | None = None,
    ledger: bool = False,
    saving_range: bool = False,
    processes: int = 1,
    tell: ProgressCallback = tell_nothing,
) -> Baseline:
    """Solve every member alone, and the coalition at equal security.

    `equal_security` is the objective of that name, and `pooled_cost` that of members alone where
    theirs cannot be the chosen plan's; `ledger` adds the links of the study's pooling
    ledger, `saving_range` least and most over all equally good plans alone. A coalition of one is
    its own baseline.
    """
    # What acting together saves is told against the cheapest plans, wherever the chosen one stays.
    apart = as_alone(chosen.instance, pooled_cost)
    coalition, options = chosen.coalition, chosen.options
    if len(coalition) == 1:
        return Baseline({coalition[0]: chosen}, chosen)
    alone = solve_alone(apart, options, processes=processes, tell=tell)
    if reason := _why_not_alone(alone):
        return Baseline(alone, None, reason)
    asked = replace(
        apart,
        study=replace(apart.study, objective=equal_security),
        given={ALONE_SHORTFALL: sum_alone_shortfall(alone)},
    )
    task = Task("the coalition at equal security", asked, options)
    baseline = _find_equal_security(alone, task, tell)
    if baseline.equal is None or not baseline.equal.has_plan:
        return baseline
    if saving_range:
        baseline = replace(baseline, range=find_saving_range(task, apart, tell))
    if ledger:
        baseline = replace(baseline, links=build_ledger(baseline, task, processes, tell))
    return baseline


def _find_equal_security(
    alone: Mapping[str, Solution], task: Task, tell: ProgressCallback
) -> Baseline:
    """The coalition at equal security; where it has no such plan, how near it comes.

    The nearest plan proves what takes long to prove otherwise: that there is no other where it
    lacks more than members alone; and where it does not, by as little as any plan may miss what is
    held, that HiGHS was wrong to find none. What has no weight in the missing share it may lack for
    nothing: that proves neither.
    """
    excess = task.instance.study.objective.excess
    quick = replace(task.options, doubts_denial=excess is None)
    (equal,) = solve_tasks([replace(task, options=quick)], 1, tell)
    if equal.status is not Status.INFEASIBLE or excess is None:
        return Baseline(alone, equal, "" if equal.has_plan else _why_not_equal(equal))
    asked = task.instance.with_given({excess.given: True})
    (nearest,) = solve_tasks([Task(_NEAREST, asked, task.options)], 1, tell)
    if not nearest.has_plan:
        return Baseline(alone, nearest, _why_not_equal(nearest))
    assert nearest.quantities is not None
    beyond = nearest.quantities.find(excess.figure)
    needs = nearest.quantities.find(asked.study.require_need().asked).values
    lacking = {key: amount for key, amount in beyond.values.items() if amount > 0}
    more = {key: x for key, x in lacking.items() if x > round_off(needs.get(key, 0.0))}
    least = nearest.solved.stages[0]
    if not more and least.value <= round_off(0.0):
        return Baseline(alone, nearest)
    if least.bound <= _LITTLE:
        # A limit came first, there is no weight, or there is next to nothing missing.
        (equal,) = solve_tasks([task], 1, tell)
        if equal.status is not Status.INFEASIBLE:
            return Baseline(alone, equal, "" if equal.has_plan else _why_not_equal(equal))
    more = more or lacking
    told = _say_nearest(nearest, beyond.index_names, more, needs)
    return Baseline(alone, equal, f"{_BETWEEN}. {told}", nearest=nearest, excess=more)


def _say_nearest(
    nearest: Solution, names: Sequence[str], more: Mapping[Any, float], needs: Mapping[Any, float]
) -> str:
    """By how much, and where most, the nearest plan is less secure than members alone."""
    parts = {key: amount / max(needs.get(key, 0.0), amount) for key, amount in more.items()}
    largest = sorted(more, key=lambda key: -parts[key])[:_TOLD]
    told = [
        f"{more[key]:,.4g} of {needs.get(key, 0.0):,.4g} needed ({_say_key(names, key)})"
        for key in largest
    ]
    if len(more) > len(largest):
        told.append(f"{len(more) - len(largest):,} further needs are in the same case")
    least = nearest.solved.stages[0]
    proven = "" if least.status is Status.OPTIMAL else ", which is not proven to be the least"
    return (
        f"In the plan that comes nearest {least.value:,.4g} more of the missing share is missing "
        f"than alone{proven}, above all {'; '.join(told)}; the cheapest such plan costs "
        f"{nearest.pooled_expenditure:,.1f} million"
    )


def _say_key(names: Sequence[str], key: Any) -> str:
    parts = (as_whole(part) if isinstance(part, float) else part for part in key_parts(key))
    return ", ".join(f"{name} {part}" for name, part in zip(names, parts, strict=True))


def _why_not_alone(alone: Mapping[str, Solution]) -> str:
    """Why some have no plan alone, those of one reason together; empty where all have one."""
    groups: dict[tuple[Status, str], list[str]] = {}
    for member, plan in alone.items():
        if not plan.has_plan:
            groups.setdefault((plan.status, plan.solved.message), []).append(member)
    return "; ".join(_why_none(members, alone[members[0]]) for members in groups.values())


def _why_none(members: Sequence[str], plan: Solution) -> str:
    named = ", ".join(members)
    if plan.status is Status.INFEASIBLE:
        return f"{named} cannot keep the rules of study {plan.study.name} alone"
    return _no_answer(plan, f"for {named} alone")


def _why_not_equal(plan: Solution) -> str:
    return _BETWEEN if plan.status is Status.INFEASIBLE else _no_answer(plan, "at equal security")


def _no_answer(plan: Solution, what: str) -> str:
    """A solve that ended without an answer, which says nothing about the members."""
    if plan.status in (Status.ERROR, Status.OPTIMAL, Status.FEASIBLE):
        # The last two without a plan: the solver contradicts itself.
        said = plan.solved.message.strip().rstrip(".")
        return f"the solver failed and gave no plan {what}" + (f" ({said})" if said else "")
    return f"there is no plan {what}: {plan.status}. {plan.status.sentence}".rstrip(".")
