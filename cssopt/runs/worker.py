"""One process of a sweep: runs one after another, patched into what it has loaded where it can."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from cssopt.assembly.component import find_objective
from cssopt.assembly.instance import Instance
from cssopt.assembly.study import load_components
from cssopt.errors import ModelError
from cssopt.runs.given import asks_alone, give_numbers
from cssopt.runs.outcome import BUILT, PATCHED, Outcome, Run, attempt, join_reasons, leave
from cssopt.runs.plan_checks import check_outcome
from cssopt.runs.read_outcome import OutcomeReader
from cssopt.runs.specification import RunSpecification
from cssopt.runs.warm_program import Shape, WarmProgram, find_shape
from cssopt.solution.verdicts import Auditor
from cssopt.solve.answer import Basis
from cssopt.solve.compile import compile_problem
from cssopt.solve.outcome import Status
from cssopt.solve.program import Program
from cssopt.solve.stages import solve_program
from cssopt.solve.watching import named
from cssopt.tables.patch import CellChange

_MOST_KEPT = 8
"""Programs kept loaded at a time; the one not used for longest makes room."""

_FREE_TRIALS = 4
"""Programs of one shape kept before they must prove to be of use again."""


class Worker:
    """Runs of one specification, in one process.

    The first run of a shape is built as any plan is. A shape that comes again is kept: further
    runs of it patch the program in HiGHS and start from the last basis, the first of them from
    that of the run before it. Each kept program is once compared, entry by entry, with one built
    anew. Runs that ask for it are audited.
    """

    def __init__(
        self,
        specification: RunSpecification,
        folders: Sequence[Path],
        bases: Sequence[Basis | None] = (),
    ) -> None:
        """Make ready what all runs change; raises as `RunSpecification.instance`.

        `bases`: where the stages of a plan ended that all runs are near to, if it is one of an LP;
        then every shape is kept at once.
        """
        self._base = specification.instance(folders)
        self._options = specification.options
        self._rules = [
            rule
            for part in load_components(folders).values()
            for rule in part.checks
            if rule.code.startswith("E")
        ]
        self._pooled_cost = find_objective("each alone", folders)
        self._bases: dict[Shape, Sequence[Basis | None]] = {}
        self._base_bases = bases
        self._seen: Counter[Shape] = Counter()
        self._hits: Counter[Shape] = Counter()
        self._made: Counter[Shape] = Counter()
        self._refused: dict[Shape, str] = {}
        self._kept: OrderedDict[tuple[Shape, int], WarmProgram] = OrderedDict()

    def run(self, run: Run) -> Outcome:
        """Change, check, build or patch, solve. Whatever goes wrong is the outcome's reason."""
        if self._options.is_over:
            return leave()
        with named(f"run {run.name}"):
            return attempt(lambda: self._solve(run), "run")

    def _change(self, run: Run) -> tuple[Instance, tuple[CellChange, ...]]:
        """The instance of a run, checked, and the cells that differ."""
        return self._base.changed(run.steps, self._rules)

    def _solve(self, run: Run) -> Outcome:
        instance, changes = self._change(run)
        if asks_alone(instance.study):
            return self._build(run, instance, "the objective takes numbers from other plans")
        shape = find_shape(self._base.data, instance.data, changes)
        self._seen[shape] += 1
        if self._seen[shape] == 1 and not self._base_bases:
            return self._build(run, instance, "the first run of its shape", shape)
        if shape in self._refused:
            return self._build(run, instance, self._refused[shape])
        try:
            return self._patch(run, shape, instance)
        except ModelError as error:
            self._refused[shape] = str(error)
            return self._build(run, instance, self._refused[shape])

    def _patch(self, run: Run, shape: Shape, instance: Instance) -> Outcome:
        """A run of a shape that came before, patched into a kept program where one fits."""
        reason = ""
        for kept in self._find_kept(shape):
            program, reason = kept.patch(instance)
            if program is not None:
                self._hits[shape] += 1
                outcome = self._solve_kept(run, kept, program, instance)
                return replace(outcome, way=PATCHED)
        return self._keep(run, shape, instance, reason)

    def _solve_kept(
        self, run: Run, kept: WarmProgram, program: Program, instance: Instance
    ) -> Outcome:
        solved = kept.solve(program)
        outcome = kept.reader.read(solved, instance.data)
        auditor = Auditor(instance.assemble) if run.audited else None
        return check_outcome(outcome, program, solved.values, auditor)

    def _find_kept(self, shape: Shape) -> Iterable[WarmProgram]:
        for key in [key for key in self._kept if key[0] == shape]:
            self._kept.move_to_end(key)
            yield self._kept[key]

    def _build(
        self, run: Run, instance: Instance, reason: str, shape: Shape | None = None
    ) -> Outcome:
        """A run built as any plan is; the next of its `shape` begins where it ends."""
        problem = give_numbers(instance, self._options, self._pooled_cost).assemble()
        program = compile_problem(problem)
        solved = solve_program(program, self._options)
        if shape is not None and solved.status is Status.OPTIMAL:
            self._bases[shape] = solved.bases
        outcome = OutcomeReader(program, instance.study).read(solved, instance.data)
        auditor = Auditor(lambda: problem) if run.audited else None
        outcome = check_outcome(outcome, program, solved.values, auditor)
        return replace(outcome, way=BUILT, reason=join_reasons(outcome.reason, reason))

    def _keep(self, run: Run, shape: Shape, instance: Instance, reason: str) -> Outcome:
        """A run whose program is kept for those to come, where kept ones have been of use."""
        made = self._made[shape]
        misses = self._seen[shape] - self._hits[shape]
        if made >= _FREE_TRIALS and self._hits[shape] < 2 * misses:
            return self._build(run, instance, reason)
        bases = self._bases.get(shape, self._base_bases)
        kept = WarmProgram(instance, self._options, bases)
        self._made[shape] += 1
        self._kept[shape, made] = kept
        while len(self._kept) > _MOST_KEPT:
            self._kept.popitem(last=False)
        outcome = self._solve_kept(run, kept, kept.template.program, instance)
        why = join_reasons(
            outcome.reason, reason or "the second run of its shape: kept from now on"
        )
        return replace(outcome, way=BUILT, reason=why)
