"""One process of the search for coalition costs: one coalition after another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from cssopt.assembly.assemble import Problem
from cssopt.assembly.instance import Instance
from cssopt.runs.given import ALONE_SHORTFALL, sum_missing
from cssopt.runs.outcome import BUILT, Outcome, attempt, leave
from cssopt.runs.plan_checks import check_plan
from cssopt.solution.verdicts import Auditor
from cssopt.solve.answer import Options, Solved
from cssopt.solve.compile import compile_bare, compile_problem
from cssopt.solve.outcome import Status
from cssopt.solve.program import Program
from cssopt.solve.warm.near_programs import NearPrograms
from cssopt.solve.watching import named
from cssopt.tables.collection import no_collection

Coalition = tuple[str, ...]


@dataclass(frozen=True)
class CoalitionTask:
    """One coalition, and whether its plan is to be audited."""

    members: Coalition
    audited: bool = False


@dataclass(frozen=True)
class CoalitionQuestion:
    """What is asked of every coalition.

    Attributes
    ----------
    instance: of all members, by the objective of the question.
    missing: what each member lacks alone, by need; None where no shortfall is allowed.
    """

    instance: Instance
    missing: Mapping[str, Mapping[Any, float]] | None

    def of(self, members: Coalition) -> Instance:
        """The question asked of one coalition.

        Raises DataError where the inputs make no sense for it.
        """
        return replace(self.instance, coalition=members, given=self.find_given(members))

    def find_given(self, members: Coalition) -> dict[str, dict[Any, float]]:
        """The numbers from other solves that a coalition is given."""
        if self.missing is None:
            return {}
        return {ALONE_SHORTFALL: sum_missing(self.missing[member] for member in members)}


class CoalitionWorker:
    """Costs of coalitions, in one process.

    Every program is built anew, with no more than its cost reported. Members who leave by bounds
    in the program of all would leave behind numbers that depend on who is there: the cover of
    needs, shares of common costs, the bounds behind decisions of yes or no. In an LP even a valid
    bound that is less tight gives another cost. An LP is solved from the basis of a coalition with
    one member more, where this process has solved one.
    """

    def __init__(self, question: CoalitionQuestion, options: Options) -> None:
        self._question = question
        self._options = options
        self._programs = NearPrograms(options)
        self._figure = question.instance.study.figure("expenditure")

    def find_cost(self, task: CoalitionTask) -> Outcome:
        """Build and solve. Whatever goes wrong is the outcome's reason."""
        if self._options.is_over:
            return leave()
        with no_collection(), named(f"coalition {'+'.join(task.members)}"):
            return attempt(lambda: self._solve(task), "coalition")

    def _solve(self, task: CoalitionTask) -> Outcome:
        problem = self._question.of(task.members).assemble()
        # An audit reads every figure.
        program = compile_problem(problem) if task.audited else compile_bare(problem, self._figure)
        solved = self._programs.solve(program, task.members, self._find_larger(task.members))
        return self._read(task, problem, program, solved)

    def _find_larger(self, members: Coalition) -> Iterator[Coalition]:
        """The coalitions with one member more."""
        everybody = self._question.instance.coalition
        for joining in everybody:
            if joining not in members:
                yield tuple(m for m in everybody if m in members or m == joining)

    def _read(
        self, task: CoalitionTask, problem: Problem, program: Program, solved: Solved
    ) -> Outcome:
        status = str(solved.status)
        # What the time of all cut off is asked again by the next command.
        is_proven = solved.status in (Status.OPTIMAL, Status.INFEASIBLE)
        final = is_proven or not self._options.is_over
        if solved.values is None:
            reason = self._explain(task.members, solved)
            return Outcome(status=status, reason=reason, way=BUILT, final=final)
        coefficients, constant = program.find_figure(self._figure)
        auditor = Auditor(lambda: problem) if task.audited else None
        return Outcome(
            status=status,
            objective=solved.stages[-1].value,
            bound=solved.bound,
            gap=solved.gap,
            pooled_expenditure=float(coefficients @ solved.values) + constant,
            way=BUILT,
            reason=solved.message,
            verdict=check_plan(program, solved.values, auditor),
            final=final,
        )

    def _explain(self, members: Coalition, solved: Solved) -> str:
        if solved.status is Status.INFEASIBLE:
            return explain_no_plan(is_strict=self._question.missing is None)
        return solved.message or solved.status.sentence


def explain_no_plan(*, is_strict: bool) -> str:
    """Why a coalition has no plan, where that is proven."""
    if is_strict:
        return "its needs cannot all be met in full"
    return (
        "it has no plan as secure as its members alone; apportionment, common costs inside a "
        "binding budget, the capacity of one joint plant, or an activity that waits for a member "
        "keeps it from what they can do apart"
    )
