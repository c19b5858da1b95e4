"""The pooling ledger: what each further thing done together saves at equal security."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from cssopt.assembly.assemble import OBJECTIVE_BLOCK, Problem
from cssopt.assembly.instance import Instance
from cssopt.runs.many import Task, solve_tasks
from cssopt.solution.baseline import Baseline, LedgerLine
from cssopt.solution.plan import Solution
from cssopt.solution.run import ProgressCallback
from cssopt.solution.told import find_doubt, tell_difference
from cssopt.solution.verdicts import Broken, Verdict, audit_plan, check_program, join_verdicts
from cssopt.solve.compile import compile_problem
from cssopt.solve.outcome import Status
from cssopt.solve.program import Floats, Program
from cssopt.solve.stack import stack_programs
from cssopt.solve.stages import solve_program
from cssopt.solve.warm.next_question import LinearFigure
from cssopt.tables.data import Data

_ALONE = "every member alone"
_ONCE = "overlapping needs met once"
EXPENDITURE = "pooled_expenditure"
"""The figure that baselines and ledger compare."""


@dataclass(frozen=True)
class LedgerStep:
    """A link as it was solved: its expenditure is nan where it has no plan.

    `doubt`: by how much it may be above the least, million. `verdict`: of its audit.
    """

    name: str
    status: Status
    expenditure: float
    doubt: float = 0.0
    verdict: Verdict = None

    @classmethod
    def of(cls, name: str, plan: Solution) -> LedgerStep:
        """The step of a plan."""
        doubt = find_doubt(plan) if plan.has_plan else 0.0
        return cls(name, plan.status, plan.pooled_expenditure, doubt, plan.verdict)


def build_ledger(
    baseline: Baseline, equal: Task, processes: int, tell: ProgressCallback
) -> tuple[LedgerLine, ...]:
    """The lines of a baseline with a plan at equal security, which is what `equal` solves.

    Every line is at the same security: what may be missing of every need is the coalition's, so
    that who falls short is settled where needs are met once, in the first step.
    """
    assert baseline.equal is not None
    study = equal.instance.study
    links = study.links
    tasks = [
        replace(equal, label=link.name, instance=equal.instance.with_study(study.linked(link)))
        for link in links
        if link.without or link.options
    ]
    doubt = sum(find_doubt(plan) for plan in baseline.alone.values())
    alone = LedgerStep(_ALONE, Status.OPTIMAL, baseline.expenditure_alone, doubt)
    steps = [alone, _meet_once(equal, tell)]
    for task, plan in zip(tasks, solve_tasks(tasks, processes, tell), strict=True):
        steps.append(LedgerStep.of(task.label, plan))
    if links and len(tasks) < len(links):
        steps.append(LedgerStep.of(links[-1].name, baseline.equal))
    return tuple(make_lines(steps))


def make_lines(steps: Iterable[LedgerStep]) -> Iterable[LedgerLine]:
    """What each step saves against the one before; one without a plan is one line with the next."""
    before: LedgerStep | None = None
    names: list[str] = []
    reasons: list[str] = []
    for step in steps:
        names.append(step.name)
        if math.isnan(step.expenditure):
            failed = step.status is Status.ERROR
            reasons.append("the solver failed" if failed else f"no plan ({step.status})")
            continue
        saving = 0.0
        if before is not None:
            doubt = max(before.doubt, step.doubt)
            saving = tell_difference(before.expenditure, step.expenditure, doubt)
        told = " + ".join(names), step.expenditure, saving, "; ".join(reasons), step.verdict
        yield LedgerLine(*told)
        before, names, reasons = step, [], []


def _meet_once(equal: Task, tell: ProgressCallback) -> LedgerStep:
    """Members side by side, each for its own part of every need, nothing joint.

    What is missing of a need may be missing at any of them, as much as at equal security.
    """
    tell(_ONCE)
    shared, tot = _divide_exposure(equal.instance)
    given = {
        name: {key: short / max(1.0, tot[key[0]]) for key, short in shortfalls.items()}
        for name, shortfalls in shared.given.items()
    }
    problems = [
        replace(shared, coalition=(member,), given=given).assemble() for member in shared.coalition
    ]
    programs = [compile_problem(problem) for problem in problems]
    spending = [figure_of(program, EXPENDITURE) for program in programs]
    stacked = stack_programs(programs, spending, {OBJECTIVE_BLOCK})
    solved = solve_program(stacked, equal.options)
    if solved.values is None or solved.figures is None:
        return LedgerStep(_ONCE, solved.status, math.nan)
    spent = float(solved.figures[0])
    doubt = 0.0 if solved.status is Status.OPTIMAL else max(0.0, spent - solved.bound)
    audited = _audit_side_by_side(problems, programs, solved.values)
    verdict = join_verdicts(audited, check_program(stacked, solved.values))
    return LedgerStep(_ONCE, solved.status, spent, doubt, verdict)


def _audit_side_by_side(
    problems: Sequence[Problem], programs: Sequence[Program], plans: Floats
) -> Verdict:
    """The audits of members side by side, each against its own part of every need.

    What may be missing is laid down for all of them together, and is no rule of any one: it is a
    row of the stacked program.
    """
    ends = np.cumsum([program.shape[1] for program in programs])
    broken: list[Broken] = []
    for problem, program, plan in zip(problems, programs, np.split(plans, ends[:-1]), strict=True):
        objective = problem.study.objective.name
        joint = {
            f"{objective}.{rule}" for owner, rule, _ in program.rows if owner == OBJECTIVE_BLOCK
        }
        own = audit_plan(problem, program, plan) or ()
        broken += [one for one in own if one.rule not in joint]
    return tuple(broken)


def figure_of(program: Program, name: str) -> LinearFigure:
    """A figure without indices of a program."""
    return LinearFigure(*program.find_figure(name))


def _divide_exposure(instance: Instance) -> tuple[Instance, Mapping[Any, float]]:
    """With every exposure replaced by the member's own part, and the sums of before."""
    data, coalition = instance.data, instance.coalition
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
    return instance.on(Data(tables)), tot
