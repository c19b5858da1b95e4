"""The pooling ledger: what each further thing done together saves at equal security."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from cssopt.assembly.assemble import OBJECTIVE_BLOCK, Problem
from cssopt.assembly.component import blame
from cssopt.assembly.instance import Instance
from cssopt.assembly.study import Study
from cssopt.errors import ModelError
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

MET_ONCE = "overlapping needs met once"


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
    name = f"every {equal.instance.data.party_index} alone"
    alone = LedgerStep(name, Status.OPTIMAL, baseline.expenditure_alone, doubt)
    need, quantities = study.require_need(), baseline.equal.quantities
    assert quantities is not None
    asks = quantities.find(need.missing).index_names.index(need.asks)
    steps = [alone, _meet_once(equal, asks, tell)]
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


def _meet_once(equal: Task, asks: int, tell: ProgressCallback) -> LedgerStep:
    """Members side by side, each for its own part of every need, nothing joint.

    What is missing of a need may be missing at any of them, as much as at equal security; `asks`
    is the part of its key that names what asks for it.
    """
    tell(MET_ONCE)
    shared, often = _divide(equal.instance)
    given = {
        name: {key: short / often[key[asks]] for key, short in shortfalls.items()}
        for name, shortfalls in shared.given.items()
    }
    problems = [
        replace(shared, coalition=(member,), given=given).assemble() for member in shared.coalition
    ]
    programs = [compile_problem(problem) for problem in problems]
    spending = [expenditure_of(program, shared.study) for program in programs]
    stacked = stack_programs(programs, spending, {OBJECTIVE_BLOCK})
    solved = solve_program(stacked, equal.options)
    if solved.values is None or solved.figures is None:
        return LedgerStep(MET_ONCE, solved.status, math.nan)
    spent = float(solved.figures[0])
    doubt = 0.0 if solved.status is Status.OPTIMAL else max(0.0, spent - solved.bound)
    audited = _audit_side_by_side(problems, programs, solved.values)
    verdict = join_verdicts(audited, check_program(stacked, solved.values))
    return LedgerStep(MET_ONCE, solved.status, spent, doubt, verdict)


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


def expenditure_of(program: Program, study: Study) -> LinearFigure:
    """The figure that baselines and ledger compare, in a program of a study."""
    return LinearFigure(*program.find_figure(study.figure("expenditure")))


def _divide(instance: Instance) -> tuple[Instance, Mapping[Any, float]]:
    """With every need as each party's own part, and how often each was counted by what asks for
    it; ModelError where no component of the study tells."""
    data, study = instance.data, instance.study
    component = next((part for part in study.components if "apart" in part.hooks), None)
    if component is None:
        raise ModelError(
            f'no component of study "{study.name}" has a function apart(data, parties), which '
            "tells each party's own part of every need; the pooling ledger starts there"
        )
    try:
        replaced, often = component.hooks["apart"](data, instance.coalition)
        tables = {name: data.tables[name].replace(columns) for name, columns in replaced.items()}
    except Exception as error:
        raise blame(component, "apart", error) from error
    return instance.on(Data({**data.tables, **tables})), often
