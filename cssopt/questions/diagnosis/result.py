"""Why inputs have no plan: what conflicts, where power is missing, and what would let a plan in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cssopt.questions.diagnosis.checks import Checks, FeasibilityCheck
from cssopt.questions.diagnosis.conflicts import Conflict, find_conflicts
from cssopt.questions.diagnosis.missing_power import find_missing
from cssopt.questions.diagnosis.programs import Programs
from cssopt.questions.diagnosis.relaxations import Relaxation, find_relaxations
from cssopt.questions.diagnosis.words import describe_conflict
from cssopt.questions.question import Asking
from cssopt.runs.outcome import Outcome, Run
from cssopt.runs.solve_case import Solution
from cssopt.runs.worker import Worker
from cssopt.solution import plan
from cssopt.solution.run import ProgressCallback
from cssopt.solution.steps import NumberedStep
from cssopt.solution.verdicts import Audits
from cssopt.solve.answer import without_plan
from cssopt.solve.outcome import Status
from cssopt.tables.patch import Step

_FIRST = "the inputs as they are"


@dataclass(frozen=True)
class Diagnosis:
    """Whether inputs have a plan, and if not, why not and what would let one in.

    Attributes
    ----------
    base: what was asked about; its status is ``feasible`` where there is a plan, ``infeasible``
        where it is proven that there is none; any other proves nothing, and nothing else is told.
    conflicts: smallest sets that no plan can keep. notes: sentences about each of them.
    more: True where there are further conflicts once what these are about is lifted: their needs;
        of one without a need, all of it. Where it is not, there may be others about the same.
    relaxations: changes that let a plan in, the best first: fewest changes, then those without
        facts, then the least pooled expenditure.
    checks: every solve that was made. undecided: how many of them a limit ended.
    """

    base: Solution
    conflicts: tuple[Conflict, ...] = ()
    notes: tuple[tuple[str, ...], ...] = ()
    more: bool = False
    relaxations: tuple[Relaxation, ...] = ()
    checks: tuple[FeasibilityCheck, ...] = ()
    undecided: int = 0

    @property
    def status(self) -> Status:
        """That of the base; where there is a plan, the question is answered in full."""
        return Status.OPTIMAL if self.has_plan else self.base.status

    @property
    def has_plan(self) -> bool:
        """True where a plan was found."""
        return self.base.status is Status.FEASIBLE

    @property
    def sentence(self) -> str:
        """The verdict in one sentence."""
        study = self.base.study.name
        if self.has_plan:
            return f"There is a plan that keeps every need and rule of study {study}."
        if self.status is Status.INFEASIBLE:
            return f"No plan can keep all needs and rules of study {study}."
        told = self.base.solved.message or self.status.sentence
        return f"Nothing is proven. {told} Allow more time, or diagnose a smaller case."

    @property
    def audits(self) -> Audits:
        """The audits of the plans that relaxations let in."""
        numbered = enumerate(self.relaxations, start=1)
        return Audits.of(
            (f"relaxation {number}", one.outcome.verdict)
            for number, one in numbered
            if one.confirmed
        )


def diagnose_inputs(asked: Asking, most: int) -> Diagnosis:
    """Ask whether the inputs have a plan; where not, find conflicts and relaxations.

    At most `most` conflicts are looked for. Raises ModelError for a study that is unknown or takes
    numbers from other plans.
    """
    case, tell, specification = asked.inputs, asked.options.tell, asked.specify(asked.solver)
    checks = Checks(Programs(specification, case.folders), specification.options, tell)
    status = checks.find((), _FIRST)
    base = Solution.made_from(case, _describe_base(checks))
    if status is not Status.INFEASIBLE:
        return Diagnosis(base, checks=tuple(checks.log), undecided=checks.undecided)
    asked.keep_base(base)
    tell("what is missing at the least")
    missing = find_missing(checks, (), proven=False)
    conflicts = tuple(find_conflicts(checks, missing, most))
    relaxations: list[Relaxation] = []
    more = False
    if conflicts[-1].rules:
        more = _has_more(checks, conflicts)
        late = replace(specification, options=checks.options)
        confirm = _Confirmation(Worker(late, case.folders), tell)
        relaxations = find_relaxations(checks, conflicts, missing, confirm)
    message = base.solved.message
    return Diagnosis(
        base,
        conflicts,
        tuple(
            tuple(describe_conflict(each, case.data, case.warnings, message)) for each in conflicts
        ),
        more,
        tuple(relaxations),
        tuple(checks.log),
        checks.undecided,
    )


def _describe_base(checks: Checks) -> plan.Solution:
    """What was asked about, as a solution without a plan."""
    first = checks.log[0]
    answer, instance = first.answer, checks.programs.instance
    return plan.Solution(
        answer.status,
        instance.study,
        instance.coalition,
        instance.restricted,
        checks.options,
        without_plan(answer.status, (), answer.message, answer.seconds),
        first.shape,
        seconds={"first check": answer.seconds},
    )


def _has_more(checks: Checks, conflicts: Sequence[Conflict]) -> bool:
    """True where it is proven that there is no plan once what the conflicts are about is lifted."""
    lifted = [rule for conflict in conflicts for rule in conflict.lifted]
    return checks.has_no_plan(checks.lift(lifted), "without what all conflicts are about")


class _Confirmation:
    """Solves the study on changed inputs as any what-if is solved."""

    def __init__(self, worker: Worker, tell: ProgressCallback) -> None:
        self._worker = worker
        self._tell = tell
        self._number = 0

    def __call__(self, steps: tuple[Step, ...]) -> Outcome:
        self._number += 1
        about = "solving the study on the changed inputs"
        self._tell(NumberedStep("relaxation", self._number, about=about))
        return self._worker.run(Run(f"relaxation {self._number}", steps, audited=True))
