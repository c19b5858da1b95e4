"""One process of a price list: lifts rules, and solves the rest from the plan with every rule."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import nan
from pathlib import Path
from typing import Any

from cssopt.assembly.assemble import Problem
from cssopt.assembly.instance import Instance
from cssopt.errors import ModelError
from cssopt.questions.rules.equal_security_cost import ASKED_APART, EqualSecurityQuestion
from cssopt.runs.outcome import BUILT, PATCHED, Outcome, Run, join_reasons
from cssopt.runs.plan_checks import check_outcome, check_plan
from cssopt.runs.pool import Pool
from cssopt.runs.read_outcome import OutcomeReader
from cssopt.runs.run_all import Runner
from cssopt.runs.specification import RunSpecification, hash_text
from cssopt.runs.warm_program import TracedProgram, find_shape
from cssopt.runs.worker import Worker
from cssopt.solution.stage_values import is_less, measure_stages, polish_last
from cssopt.solution.verdicts import Auditor, join_verdicts
from cssopt.solve.answer import Solved, StageResult, severity
from cssopt.solve.compile import compile_problem
from cssopt.solve.holding import find_least
from cssopt.solve.outcome import Status
from cssopt.solve.program import Floats, Program
from cssopt.solve.stages import solve_program
from cssopt.solve.traced.template import differs
from cssopt.solve.warm.carried_basis import BasisStart, CarriedBasis, Limits
from cssopt.tables.data import Data
from cssopt.tables.patch import CellChange
from cssopt.trace.sources import find_cells

UNCHANGED = "unchanged"
"""Way of a run whose program is that of the base: nothing is left to solve."""


@dataclass(frozen=True, kw_only=True)
class LiftSpecification(RunSpecification):
    """What all runs of a price list share: the plan with every rule in force.

    Attributes
    ----------
    given: numbers from other solves that the objective asks for; they stay as they are.
    base: the outcome of that plan. start: where the solves of nearby programs begin.
    question: what is asked for the money at equal security; None where there is no plan.
    """

    given: Mapping[str, Any]
    base: Outcome
    start: BasisStart
    question: EqualSecurityQuestion | None

    def instance(self, folders: Sequence[Path]) -> Instance:
        """As of any specification, with the numbers of the plan with every rule."""
        return super().instance(folders).with_given(self.given)

    def fingerprint(self, folders: Sequence[Path]) -> str:
        """As of any specification, and of what the stages of this plan let later ones reach."""
        asked = None if self.question is None else [self.question.stage, self.question.limits]
        own = [super().fingerprint(folders), "rules", self.start.limits, asked]
        return hash_text(json.dumps(own))


def measure_money(solved: Solved) -> StageResult:
    """What came of the question for the money."""
    if not solved.stages:
        return StageResult(ASKED_APART, solved.status, nan, nan, 0.0)
    return replace(solved.stages[-1], name=ASKED_APART)


class Lifter(Worker):
    """Runs that lift rules, in one process.

    Each stage of a study is solved by itself, with what goes before it held where the plan with
    every rule has it: where lifting takes nothing but a limit away, none can come out worse. The
    price at equal security is a question of its own where no stage asks it. Where an earlier
    stage gains, the whole study is solved as well: its plan is what would come of lifting the rule.
    Every plan of a last stage is audited, against the tables without the rule.
    """

    def __init__(self, specification: LiftSpecification, folders: Sequence[Path]) -> None:
        super().__init__(specification, folders)
        self._specification = specification
        program = compile_problem(self._base.assemble())
        self._carried = CarriedBasis(program, specification.start, specification.options)
        question = specification.question
        self._asked_apart: CarriedBasis | None = None
        if question is not None and question.start is not None:
            posed = question.pose(program)
            self._asked_apart = CarriedBasis(posed, question.start, specification.options)
        self._alike = 0
        self._template: TracedProgram | None = None
        self._untraced = ""

    def _solve(self, run: Run) -> Outcome:
        instance, changes = self._change(run)
        program, problem, way, reason = self._make_program(instance, changes)
        if not differs(self._carried.program, program):
            return replace(self._specification.base, way=UNCHANGED, reason="")
        auditor = Auditor(instance.assemble if problem is None else lambda: problem)
        solve = self._compare if self._specification.base.has_plan else self._plan
        outcome = solve(program, instance.data, auditor)
        return replace(outcome, way=way, reason=join_reasons(outcome.reason, reason))

    def _make_program(
        self, instance: Instance, changes: Sequence[CellChange]
    ) -> tuple[Program, Problem | None, str, str]:
        """The program without the rule, the problem where it was built anew, how it was made, and
        why it was built anew if it was."""
        reason = self._untraced or "it changes more than numbers"
        if not find_shape(self._base.data, instance.data, changes):
            self._alike += 1
            reason = self._untraced or "the first that changes numbers only"
            if self._alike > 1 and not self._untraced:
                program, reason = self._patch_base(instance)
                if program is not None:
                    return program, None, PATCHED, ""
        problem = instance.assemble()
        return compile_problem(problem), problem, BUILT, reason

    def _patch_base(self, instance: Instance) -> tuple[Program | None, str]:
        """The base program with the numbers of an instance; None, with the reason, where that
        cannot be."""
        try:
            if self._template is None:
                self._template = TracedProgram(self._base, find_cells(self._base.data))
            return self._template.patch(instance)
        except ModelError as error:
            self._untraced = str(error)
            return None, self._untraced

    def _plan(self, program: Program, data: Data, auditor: Auditor) -> Outcome:
        """The plan without the rule, where there is none with it."""
        solved = solve_program(program, self._specification.options)
        values, bounds = measure_stages(solved.stages)
        outcome = replace(
            OutcomeReader(program, self._base.study).read(solved, data),
            reached=values,
            proven=bounds,
        )
        return check_outcome(outcome, program, solved.values, auditor)

    def _compare(self, program: Program, data: Data, auditor: Auditor) -> Outcome:
        """Every stage at what the plan with every rule reaches in those before it."""
        limits, base = self._specification.start.limits, self._specification.base.reached
        stages: list[StageResult] = []
        gains: tuple[int, Solved] | None = None
        plans: list[tuple[Floats | None, Auditor | None]] = []
        last = len(program.stages) - 1
        for number, stage in enumerate(program.stages):
            least = find_least(program, number)
            if number < last and not is_less(least, base.get(stage.name, math.inf)):
                # No search can find less than this.
                value = base[stage.name]
                stages.append(StageResult(stage.name, Status.OPTIMAL, value, least, 0.0))
                continue
            solved = self._carried.solve_stage(program, number, limits)
            found = polish_last(replace(program, stages=(stage,)), solved)
            stages += found or [StageResult(stage.name, solved.status, nan, nan, 0.0)]
            # Before the last stage money is free: a plan may come near a bound on units that cuts
            # nothing. One that did cut what a stage gains would be felt by all plans that reach the
            # gain, and so by the last one, which is audited.
            plans.append((solved.values, auditor if number == last else None))
            if gains is None and number < last and self._gained(stages[-1]):
                gains = number, solved
        money = self._ask_money(program)
        if money is not None:
            stages.append(measure_money(money))
            plans.append((money.values, auditor))
        status = max((stage.status for stage in stages), key=severity)
        if gains is not None:
            solved = self._solve_on(program, *gains)
            status = max(status, solved.status, key=severity)
        values, bounds = measure_stages(stages)
        outcome = check_outcome(
            OutcomeReader(program, self._base.study).read(solved, data),
            program,
            solved.values,
            auditor,
        )
        verdicts = [
            check_plan(program, plan, own)
            for plan, own in plans
            if plan is not None and plan is not solved.values
        ]
        verdict = join_verdicts(outcome.verdict, *verdicts)
        return replace(outcome, status=str(status), reached=values, proven=bounds, verdict=verdict)

    def _ask_money(self, program: Program) -> Solved | None:
        """The least expenditure at equal security, where no stage of the study asks for it."""
        question = self._specification.question
        if question is None or self._asked_apart is None:
            return None
        return question.solve(program, self._asked_apart)

    def _gained(self, stage: StageResult) -> bool:
        """True where a stage has a plan that is better than that with every rule."""
        return is_less(stage.value, self._specification.base.reached.get(stage.name, math.inf))

    def _solve_on(self, program: Program, number: int, solved: Solved) -> Solved:
        """The stages after one that gained, each with all before it held where they now are."""
        assert solved.values is not None  # it gained
        reached = program.limits_at(program.stages[number], solved.values)
        limits: Limits = (*self._specification.start.limits[:number], reached)
        return self._carried.solve_stages(program, limits)[-1]


def _make_lifter(
    specification: LiftSpecification, folders: Sequence[Path]
) -> Callable[[Run], Outcome]:
    return Lifter(specification, folders).run


def lift_here(specification: LiftSpecification, folders: Sequence[Path], processes: int) -> Runner:
    """Do the runs of a price list on this machine, in so many processes."""
    return Pool(_make_lifter, (specification, tuple(folders)), processes).work
