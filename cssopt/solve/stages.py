"""Solving a compiled program with HiGHS, stage by stage."""

from __future__ import annotations

import errno
import math
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import highspy
import numpy as np

from cssopt.solve.answer import (
    Basis,
    Options,
    Solved,
    StageResult,
    StageVertex,
    Vertex,
    relative_gap,
    severity,
    without_plan,
)
from cssopt.solve.holding import Holding, hold_stages
from cssopt.solve.integrality import optimise_exactly
from cssopt.solve.levels import CUT, NO_LEVEL, settle_ties
from cssopt.solve.load import QuietHighs, check_version
from cssopt.solve.outcome import Status
from cssopt.solve.program import Floats, Program, StageRow, relax
from cssopt.solve.session import LoadedProgram


def solve_program(program: Program, options: Options, start: Floats | None = None) -> Solved:
    """Minimise the stages of a program in order, each with the ones before it held.

    `start` is a plan of a program like this one, from which the search for whole numbers may
    begin. Every ending is a status, never an exception; SolveError only for a version of HiGHS
    that may not be used, or for numbers that it refuses.
    """
    check_version()
    if program.trivially_infeasible:
        return without_plan(Status.INFEASIBLE, (), program.trivially_infeasible, 0.0)
    if not program.columns:
        return _solve_nothing(program)
    return _Stages(program, options).solve(start)


def _solve_nothing(program: Program) -> Solved:
    """The plan of a program without decisions (HiGHS has no status for it): what it has to be."""
    stages = tuple(
        StageResult(stage.name, Status.OPTIMAL, value, value, 0.0)
        for stage in program.stages
        for value in [float(program.offsets[stage.row])]
    )
    nothing, bound = np.zeros(0), stages[-1].bound
    prices = np.zeros(len(program.rows))
    return Solved(
        Status.OPTIMAL, nothing, program.offsets, prices, nothing, "lp", stages, bound, 0.0
    )


def load_stage(program: Program, solved: Solved | None, number: int) -> LoadedProgram:
    """A stage of a program as it is solved, with those before it held as `solved` has them."""
    held = program
    if solved is not None:
        held = hold_stages(program, number, solved.limits, solved.holders).program
    loaded = LoadedProgram(held, Options())
    loaded.minimise(program.stages[number], scaled=False)
    return loaded


def write_model(loaded: LoadedProgram, path: Path) -> None:
    """Write a program that is loaded to a new file, whose ending is the format: .mps or .lp.

    Raises OSError where HiGHS tells that it cannot be written. It tells nothing of a disk that is
    full: see `holds_model`.
    """
    path.open("xb").close()  # It tells the reason, as HiGHS does not.
    if loaded.highs.writeModel(str(path)) == highspy.HighsStatus.kError:
        raise OSError(errno.EIO, "HiGHS could not write it")


def holds_model(path: Path, loaded: LoadedProgram) -> bool:
    """True where a file can be read and has all rows, columns and coefficients of a program."""
    read = QuietHighs()
    readable = read.readModel(str(path)) != highspy.HighsStatus.kError
    return readable and _size_of(read) == _size_of(loaded.highs)


def _size_of(highs: highspy.Highs) -> tuple[int, int, int]:
    return highs.getNumRow(), highs.getNumCol(), highs.getNumNz()


class _Stages:
    """The stages of one program, one after another."""

    def __init__(self, program: Program, options: Options) -> None:
        self.program = program
        self.loaded = LoadedProgram(program, options)
        self.holding = Holding(program)
        self.stages: list[StageResult] = []
        self.limits: list[tuple[float, ...]] = []
        self.holders: list[Vertex | None] = []
        self.priced: list[StageVertex] = []
        self.bases: list[Basis | None] = []
        self.plan: Floats | None = None
        self.message = ""
        self.unsettled = ""

    def solve(self, start: Floats | None) -> Solved:
        return replace(self._solve(start), cancelled=self.loaded.cancelled)

    def _solve(self, start: Floats | None) -> Solved:
        program, loaded = self.program, self.loaded
        if start is not None and program.is_whole:
            loaded.start_from(start)
        for stage in program.stages:
            loaded.minimise(stage)
            begun = time.perf_counter()
            status, value, bound = optimise_exactly(loaded)
            seconds = time.perf_counter() - begun
            self.stages.append(StageResult(stage.name, status, value, bound, seconds))
            self.message = loaded.message
            if math.isnan(value):
                if self.plan is not None and status in (Status.INFEASIBLE, Status.UNBOUNDED):
                    self.message = f"HiGHS finds {status} what it has found a plan of before."
                    status = Status.ERROR
                if self.plan is None or status not in (Status.NO_PLAN_YET, Status.INTERRUPTED):
                    return without_plan(status, tuple(self.stages), self.message, loaded.seconds)
                # The limit came before this stage found a plan: the one before keeps its rules.
                self._fall_back(stage, status)
                break
            vertex = loaded.vertex
            self.plan = vertex.plan
            self.priced.append(self.holding.price(vertex))
            if not program.is_whole:
                self.bases.append(loaded.basis)
            if program.is_whole and self.holding.has_rows:
                self._spend_nothing()
            if status not in (Status.OPTIMAL, Status.FEASIBLE):
                break
            if stage is not program.stages[-1]:
                self._hold(stage)
        if program.levels:
            self._settle()
        return self._finish()

    def _hold(self, stage: StageRow) -> None:
        """Hold what a stage holds for those after it."""
        assert self.plan is not None
        limits = self.program.limits_at(stage, self.plan)
        holder = None
        if self.stages[-1].status is Status.OPTIMAL:
            whole = self.program.is_whole
            holder = self._find_relaxed_vertex(stage, limits) if whole else self.priced[-1].vertex
        self.holding.hold(stage, limits, holder)
        self.holders.append(holder)
        self.loaded.change(self.holding.program)
        self.limits.append(limits)
        if self.program.is_whole:
            # The plan found keeps the held row: the search starts from it.
            self.loaded.start_from(self.plan)

    def _find_relaxed_vertex(self, stage: StageRow, limits: Sequence[float]) -> Vertex | None:
        """The optimum of a stage with fractions allowed; None where nothing asks for it.

        Where it is no less than with whole numbers, its face has all plans that are as good.
        """
        if not self.holding.needs_vertex(stage, limits):
            return None
        options = self.loaded.options.after(self.loaded.seconds)
        relaxed = LoadedProgram(relax(self.holding.program), options)
        relaxed.minimise(stage)
        status, _, _ = relaxed.optimise()
        return relaxed.vertex if status is Status.OPTIMAL else None

    def _spend_nothing(self) -> None:
        """Take the plan of a stage that spends nothing of what rows hold, with its whole numbers.

        A row that holds a value in a search leaves a trifle of it, and that can be worth money: the
        LP that the whole numbers leave stays on the optimal faces. Where that has no plan, the plan
        is the one of the search.
        """
        assert self.plan is not None
        last = self.stages[-1]
        if last.status not in (Status.OPTIMAL, Status.FEASIBLE):
            return
        holding = Holding(self.program.fix_whole(self.plan))
        for number in range(len(self.stages)):
            exact = LoadedProgram(holding.program, self.loaded.options.after(self.loaded.seconds))
            exact.minimise(self.program.stages[number])
            status, value, _ = exact.optimise()
            if status is not Status.OPTIMAL:
                return
            if number < len(self.limits):
                holding.hold(self.program.stages[number], self.limits[number], exact.vertex)
        self.plan = exact.plan
        self.priced[-1] = holding.price(exact.vertex)
        bound = min(last.bound, value)
        self.stages[-1] = replace(last, status=exact.rate(value, bound), value=value, bound=bound)

    def _settle(self) -> None:
        """Take the plan that is meant among those that are equally good."""
        assert self.plan is not None
        program = self.program
        figures = program.figures_of(self.plan)
        if not np.any(figures[program.levels] > NO_LEVEL):
            return
        if any(stage.status is not Status.OPTIMAL for stage in self.stages):
            self.unsettled = CUT
            return
        value = float(figures[program.stages[-1].row])
        self.plan, self.unsettled = settle_ties(self.loaded, self.plan, value)
        if program.is_whole:
            # The search tells the whole numbers; all else is exact only in the LP that they leave.
            options = replace(self.loaded.options, time_limit=None)
            exact = _Stages(program.fix_whole(self.plan), options).solve(None)
            if exact.values is not None and exact.status is Status.OPTIMAL:
                self.plan = exact.values

    def _fall_back(self, stage: StageRow, status: Status) -> None:
        """Take the plan of the stage before for one that a limit cut off."""
        assert self.plan is not None
        value = float(self.program.figures_of(self.plan)[stage.row])
        if status is not Status.INTERRUPTED:
            status = Status.FEASIBLE
            self.message = ""  # It tells of no plan, but there is that of the stage before.
        self.stages[-1] = replace(self.stages[-1], status=status, value=value, bound=-math.inf)

    def _explain(self) -> str:
        """What is to be said of stages that a limit cut off."""
        said = [self.message]
        names = [stage.name.replace("_", " ") for stage in self.program.stages]
        for number, stage in enumerate(self.stages):
            name, is_last = names[number], number == len(names) - 1
            if math.isinf(stage.bound) and number:
                said.append(
                    f"A limit was reached before {name} could be minimized: the plan is that of "
                    f"the stage before, {names[number - 1]}, and its {name} is whatever that plan "
                    "came to."
                )
            elif not is_last and stage.status is not Status.OPTIMAL:
                said.append(
                    f"The {name} is not proven to be the least: it is {stage.value:.9g}, and at "
                    f"least {stage.bound:.9g}. What is minimized after it, {names[-1]} too, "
                    "depends on that."
                )
        return " ".join(filter(None, said))

    def _finish(self) -> Solved:
        status = max((s.status for s in self.stages), key=severity)
        last = self.stages[-1]
        assert self.plan is not None
        figures = self.program.figures_of(self.plan)
        proven = all(stage.status is Status.OPTIMAL for stage in self.stages[:-1])
        reached = float(figures[self.program.stages[len(self.stages) - 1].row])
        rows = columns = None
        prices_of = ""
        is_whole = self.program.is_whole
        complete = len(self.priced) == len(self.program.stages)
        # Where ties were settled, the duals are those of the last tie.
        if complete and not len(self.program.levels) and (is_whole or status is Status.OPTIMAL):
            prices_of = "fixed" if is_whole else "lp"
            rows, columns = self.priced[-1].rows_held, self.priced[-1].columns_held
        return Solved(
            status,
            self.plan,
            figures,
            rows,
            columns,
            prices_of,
            tuple(self.stages),
            last.bound,
            relative_gap(reached, last.bound) if proven else math.inf,
            self._explain(),
            self.loaded.seconds,
            self.loaded.iterations,
            tuple(self.limits),
            vertices=() if is_whole else tuple(self.priced),
            bases=tuple(self.bases),
            holders=tuple(self.holders),
            unsettled=self.unsettled,
        )
