"""Checks whether the inputs have a plan once some rules are lifted or changed, each a solve."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from cssopt.errors import DataError
from cssopt.questions.diagnosis.programs import Programs
from cssopt.solution.run import ProgressCallback
from cssopt.solution.steps import NumberedStep
from cssopt.solve.answer import Options
from cssopt.solve.feasibility import LINEAR, Feasibility, find_feasibility
from cssopt.solve.outcome import Status
from cssopt.solve.program import Program
from cssopt.tables.patch import Step
from cssopt.tables.rules_in_force import RuleInForce, find_rules_in_force
from cssopt.trace.numbers import Cell

_INPUTS = "the checks of the inputs"
_ALL_CHECKS = "the time of all checks"
_TOO_LONG = "The checks before it took so long together that no more were made."
_MOST_OF_ALL = 0.25
"""Part of what is left of the time of all checks that one of them after the first may take."""
_LARGE = 20_000
"""Columns from which on the patience of the options counts for all checks after the first; below,
answers never depend on it unless it is given."""


@dataclass(frozen=True)
class FeasibilityCheck:
    """One solve that asked only whether there is a plan.

    Attributes
    ----------
    about: what was asked. changes: cells changed and rows dropped for it.
    relaxed: True where a plan in fractions would do, so that only its absence proves anything.
    answer: whether there is a plan, and what decided it.
    shape: rows and columns of the program.
    """

    about: str
    changes: int
    relaxed: bool
    answer: Feasibility
    shape: tuple[int, int]


class Checks:
    """Asks whether changed inputs have a plan. The same question is solved once.

    Attributes
    ----------
    programs, options: what is solved, and how; after the first check with the time when all end.
    rules: every need, rule and fact in force for the coalition.
    log: every solve so far.
    """

    def __init__(self, programs: Programs, options: Options, tell: ProgressCallback) -> None:
        self.programs = programs
        self.options = options
        self.rules = find_rules_in_force(programs.instance.restricted)
        self.log: list[FeasibilityCheck] = []
        self._tell = tell
        self._known: dict[tuple[tuple[Step, ...], bool], Status] = {}

    @property
    def undecided(self) -> int:
        """Checks that a limit ended: they prove nothing."""
        decided = (Status.FEASIBLE, Status.INFEASIBLE)
        return sum(
            check.answer.status not in decided and check.answer.by != _INPUTS for check in self.log
        )

    def lift(self, rules: Collection[RuleInForce]) -> tuple[Step, ...]:
        """The steps that lift these rules; a cell of a row that is dropped needs no step."""
        dropped = {(rule.table, rule.key) for rule in rules if not rule.column}
        cells = [r for r in rules if r.column and (r.table, r.key) not in dropped]
        rows = [rule for rule in rules if not rule.column]
        return tuple(rule.lift(self.programs.instance.data) for rule in (*cells, *rows))

    def keep(self, rules: Collection[RuleInForce]) -> tuple[Step, ...]:
        """The steps that lift every rule but these."""
        kept = {rule.name for rule in rules}
        return self.lift([rule for rule in self.rules if rule.name not in kept])

    def find(self, steps: tuple[Step, ...], about: str, *, relaxed: bool = False) -> Status:
        """Whether the inputs have a plan after these steps; `relaxed`: one in fractions will do."""
        return self._find(steps, about, relaxed, lambda: self.programs.compile(steps))

    def has_plan(self, steps: tuple[Step, ...], about: str) -> bool:
        """True where a plan was found."""
        return self.find(steps, about) is Status.FEASIBLE

    def has_plan_at(self, steps: tuple[Step, ...], last: Step, cell: Cell, about: str) -> bool:
        """As `has_plan`, for a `last` step that sets a cell to value after value."""
        compile_ = lambda: self.programs.compile_turned(steps, last, cell)  # noqa: E731
        return self._find((*steps, last), about, False, compile_) is Status.FEASIBLE

    def has_no_plan(self, steps: tuple[Step, ...], about: str, *, relaxed: bool = False) -> bool:
        """True where it is proven that there is no plan; `relaxed`: not even one in fractions."""
        return self.find(steps, about, relaxed=relaxed) is Status.INFEASIBLE

    def _find(
        self,
        steps: tuple[Step, ...],
        about: str,
        relaxed: bool,
        compile_: Callable[[], Program],
    ) -> Status:
        if (steps, relaxed) in self._known:
            return self._known[steps, relaxed]
        if self.log and self.options.is_over:
            if self.log[-1].answer.by != _ALL_CHECKS:  # those after it are not made either
                answer = Feasibility(Status.NO_PLAN_YET, _ALL_CHECKS, _TOO_LONG)
                self.log.append(FeasibilityCheck(about, len(steps), relaxed, answer, (0, 0)))
            return Status.NO_PLAN_YET
        self._tell(NumberedStep("check", len(self.log) + 1, about=about))
        try:
            program = compile_()
        except DataError as error:  # the changed inputs make no sense together
            answer = Feasibility(Status.ERROR, _INPUTS, str(error))
            shape, whole = (0, 0), True
        else:
            # On the first all others rest: it may take all the time there is.
            options = self.options.sharing(_MOST_OF_ALL) if self.log else self.options
            answer = find_feasibility(program, options, relaxed_only=relaxed)
            shape, whole = program.shape, program.is_whole
        self.log.append(FeasibilityCheck(about, len(steps), relaxed, answer, shape))
        if len(self.log) == 1 and (shape[1] > _LARGE or self.options.patience is not None):
            self.options = self.options.begin_questions(answer.seconds)
        self._known[steps, relaxed] = answer.status
        if not whole or (answer.by == LINEAR and answer.status is Status.INFEASIBLE):
            self._known[steps, True] = self._known[steps, False] = answer.status
        return answer.status
