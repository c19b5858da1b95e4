"""Solving a compiled program with HiGHS, stage by stage."""

from __future__ import annotations

import math
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import highspy
import numpy as np

from cssopt.errors import SolveError
from cssopt.solve.answer import (
    PROVEN_GAP,
    Options,
    Solved,
    StageResult,
    relative_gap,
    severity,
    without_plan,
)
from cssopt.solve.load import check_version, load_program
from cssopt.solve.outcome import Status
from cssopt.solve.program import Floats, Program, StageRow

_M: Any = highspy.HighsModelStatus


def solve_program(program: Program, options: Options) -> Solved:
    """Minimise the stages of a program in order, each with the ones before it held.

    Every ending is a status, never an exception; SolveError only for a version of HiGHS that may
    not be used.
    """
    check_version()
    if program.never_holds:
        return without_plan(Status.INFEASIBLE, (), program.never_holds, 0.0)
    if not program.columns:
        return _solve_nothing(program)
    return _Run(program, options).solve()


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


def write_mps(program: Program, path: Path, limits: tuple[tuple[float, ...], ...] = ()) -> None:
    """Write the program as it is solved in the stage after those whose `limits` are given."""
    run = _Run(program, Options())
    for stage, held in zip(program.stages, limits, strict=False):
        run.hold(stage, held)
    run.minimise(program.stages[len(limits)])
    if run.highs.writeModel(str(path)) == highspy.HighsStatus.kError:
        raise SolveError(f'"{path}" cannot be written; choose a folder that you may write to')


class _Run:
    """One program loaded into HiGHS."""

    def __init__(self, program: Program, options: Options) -> None:
        self.program = program
        self.options = options
        self.begun = time.perf_counter()
        self.highs = load_program(program, options)
        self.stages: list[StageResult] = []
        self.limits: list[tuple[float, ...]] = []
        self.plan: Floats | None = None
        self.message = ""

    def minimise(self, stage: StageRow) -> None:
        """Make the stage's expression the objective."""
        costs = self.program.reported[[stage.row], :].toarray().ravel()
        count = len(costs)
        self.highs.changeColsCost(count, np.arange(count, dtype=np.int32), costs)
        self.highs.changeObjectiveOffset(float(self.program.offsets[stage.row]))

    def hold(self, stage: StageRow, limits: tuple[float, ...]) -> None:
        """Add the rows that hold a stage at its limits."""
        for held, limit in zip(stage.holds, limits, strict=True):
            costs = self.program.reported[[held.row], :].tocoo()
            self.highs.addRow(
                -math.inf,
                limit - float(self.program.offsets[held.row]),
                len(costs.data),
                costs.coords[1].astype(np.int32),
                costs.data,
            )
            self.highs.passRowName(self.highs.getNumRow() - 1, f"hold_{held.name}")
        self.limits.append(limits)

    def _fall_back(self, stage: StageRow) -> None:
        """Take the plan of the stage before for one that a limit cut off."""
        figures = self.program.reported @ self.plan + self.program.offsets
        last = self.stages[-1]
        self.stages[-1] = replace(last, value=float(figures[stage.row]), bound=-math.inf)
        self.message = f"A limit was reached before {stage.name} could be minimized: the plan is "
        self.message += f"that of the stage before, {self.stages[-2].name}."

    def _reach(self, stage: StageRow, plan: Floats) -> tuple[float, ...]:
        """Limits of a stage at the plan just found."""
        figures = self.program.reported @ plan + self.program.offsets
        return tuple(held.limit(float(figures[held.row])) for held in stage.holds)

    def solve(self) -> Solved:
        program = self.program
        for stage in program.stages:
            self.minimise(stage)
            begun = time.perf_counter()
            status, value, bound = self._optimise(final=stage is program.stages[-1])
            seconds = time.perf_counter() - begun
            self.stages.append(StageResult(stage.name, status, value, bound, seconds))
            if math.isnan(value):
                if self.plan is None or status is not Status.INTERRUPTED:
                    return without_plan(status, tuple(self.stages), self.message, self._seconds())
                # The limit came before this stage found a plan: the one before keeps its rules.
                self._fall_back(stage)
                break
            self.plan = np.asarray(self.highs.getSolution().col_value, dtype=float)
            if status not in (Status.OPTIMAL, Status.FEASIBLE):
                break
            if stage is not program.stages[-1]:
                plan = self.highs.getSolution()
                self.hold(stage, self._reach(stage, self.plan))
                if program.whole.any():
                    # The plan found keeps the held row: the search starts from it.
                    self.highs.setSolution(plan)
        return self._finish()

    def _seconds(self) -> float:
        return time.perf_counter() - self.begun

    def _optimise(self, *, final: bool) -> tuple[Status, float, float]:
        """Run HiGHS on the current objective: status, value and proven bound (nan: no plan)."""
        if self.options.time_limit is not None:
            left = max(0.0, self.options.time_limit - self._seconds())
            self.highs.setOptionValue("time_limit", self.highs.getRunTime() + left)
        # Of an earlier stage only the value is needed, not a vertex.
        self.highs.setOptionValue("run_crossover", "on" if final else "off")
        model = self._run()
        if model == _M.kUnknown:
            self.highs.setOptionValue("run_crossover", "on")
            model = self._run()
        if model in (_M.kUnboundedOrInfeasible, _M.kInfeasible, _M.kUnbounded):
            # Presolve has been wrong about this before: only a run without it is believed.
            self.highs.setOptionValue("presolve", "off")
            model = self._run()
            self.highs.setOptionValue("presolve", "choose")
        info = self.highs.getInfo()
        whole = bool(self.program.whole.any())
        has_plan = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        value = info.objective_function_value if has_plan else math.nan
        if model == _M.kOptimal:
            bound = info.mip_dual_bound if whole else value
            gap = relative_gap(value, bound)
            return (Status.OPTIMAL if gap <= PROVEN_GAP else Status.FEASIBLE), value, bound
        bound = info.mip_dual_bound if whole else -math.inf
        if model in (_M.kTimeLimit, _M.kIterationLimit, _M.kSolutionLimit, _M.kObjectiveTarget):
            if not has_plan:
                self.message = "The time limit was reached before a plan was found."
            return (Status.FEASIBLE if has_plan else Status.INTERRUPTED), value, bound
        if model in (_M.kInterrupt, _M.kHighsInterrupt):
            return Status.INTERRUPTED, value, bound
        if model == _M.kInfeasible:
            return Status.INFEASIBLE, math.nan, math.nan
        if model in (_M.kUnbounded, _M.kUnboundedOrInfeasible):
            return Status.UNBOUNDED, math.nan, math.nan
        self.message = f"HiGHS says: {self.highs.modelStatusToString(model)}."
        return Status.ERROR, math.nan, math.nan

    def _run(self) -> Any:
        """Run HiGHS so that Ctrl-C stops it and keeps the best plan found so far."""
        highs = self.highs
        highs.HandleUserInterrupt = True
        with _interrupt_calls(highs.cancelSolve):
            thread = highs.startSolve()
            while thread.is_alive():
                # A short wait, so that the handler of Ctrl-C gets its turn.
                thread.join(0.2)
        return highs.getModelStatus()

    def _finish(self) -> Solved:
        status = max((s.status for s in self.stages), key=severity)
        last = self.stages[-1]
        assert self.plan is not None
        values = self.plan
        rows = columns = None
        prices_of = ""
        if self.program.whole.any():
            clean = self._fix_whole_numbers(values)
            if clean is not None:
                values, prices_of = clean, "fixed"
        elif status is Status.OPTIMAL:
            prices_of = "lp"
        if prices_of:
            solution = self.highs.getSolution()
            count = len(self.program.rows)
            rows = np.asarray(solution.row_dual, dtype=float)[:count]
            columns = np.asarray(solution.col_dual, dtype=float)
        figures = self.program.reported @ values + self.program.offsets
        reached = float(figures[self.program.stages[len(self.stages) - 1].row])
        return Solved(
            status,
            values,
            figures,
            rows,
            columns,
            prices_of,
            tuple(self.stages),
            last.bound,
            relative_gap(reached, last.bound),
            self.message,
            self._seconds(),
            self.highs.getInfo().simplex_iteration_count,
            tuple(self.limits),
        )

    def _fix_whole_numbers(self, values: Floats) -> Floats | None:
        """The LP with whole numbers fixed: exact values and prices; None where it fails."""
        where = np.flatnonzero(self.program.whole).astype(np.int32)
        fixed = np.round(values[where])
        self.highs.changeColsIntegrality(
            len(where), where, np.full(len(where), highspy.HighsVarType.kContinuous)
        )
        self.highs.changeColsBounds(len(where), where, fixed, fixed)
        self.highs.setOptionValue("time_limit", math.inf)
        if self._run() != _M.kOptimal:
            self.message += " Prices are not available: the plan with its whole numbers fixed "
            self.message += "could not be solved again."
            return None
        return np.asarray(self.highs.getSolution().col_value, dtype=float)


@contextmanager
def _interrupt_calls(cancel: Callable[[], None]) -> Iterator[None]:
    """Let Ctrl-C call `cancel` instead of raising KeyboardInterrupt in the middle of a wait.

    (Raised inside `Thread.join`, it would mark the solver's thread as ended while it runs.) Only
    the main thread may set handlers; elsewhere nothing changes.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, lambda *_: cancel())
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
