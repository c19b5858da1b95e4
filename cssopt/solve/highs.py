"""Solving a compiled program with HiGHS, stage by stage."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import highspy
import numpy as np

from cssopt.errors import SolveError
from cssopt.solve.answer import (
    Options,
    Solved,
    StageResult,
    relative_gap,
    severity,
    without_plan,
)
from cssopt.solve.levels import CUT, NO_LEVEL, settle_ties, stay_on_face
from cssopt.solve.load import check_version
from cssopt.solve.loaded import LoadedProgram
from cssopt.solve.outcome import Status
from cssopt.solve.program import Floats, Program, StageRow

_M: Any = highspy.HighsModelStatus


def solve_program(program: Program, options: Options, start: Floats | None = None) -> Solved:
    """Minimise the stages of a program in order, each with the ones before it held.

    `start` is a plan of a program like this one, from which the search for whole numbers may
    begin. Every ending is a status, never an exception; SolveError only for a version of HiGHS
    that may not be used, or for numbers that it refuses.
    """
    check_version()
    if program.never_holds:
        return without_plan(Status.INFEASIBLE, (), program.never_holds, 0.0)
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


def write_mps(program: Program, path: Path, limits: tuple[tuple[float, ...], ...] = ()) -> None:
    """Write the program as it is solved in the stage after those whose `limits` are given."""
    loaded = LoadedProgram(program, Options())
    for stage, held in zip(program.stages, limits, strict=False):
        loaded.hold(stage, held)
    loaded.minimise(program.stages[len(limits)])
    if loaded.highs.writeModel(str(path)) == highspy.HighsStatus.kError:
        raise SolveError(f'"{path}" cannot be written; choose a folder that you may write to')


class _Stages:
    """The stages of one program, one after another."""

    def __init__(self, program: Program, options: Options) -> None:
        self.program = program
        self.loaded = LoadedProgram(program, options)
        self.stages: list[StageResult] = []
        self.limits: list[tuple[float, ...]] = []
        self.plan: Floats | None = None
        self.message = ""
        self.unsettled = ""

    def _fall_back(self, stage: StageRow) -> None:
        """Take the plan of the stage before for one that a limit cut off."""
        assert self.plan is not None
        value = float(self.program.figures_of(self.plan)[stage.row])
        self.stages[-1] = replace(self.stages[-1], value=value, bound=-math.inf)
        self.message = f"A limit was reached before {stage.name} could be minimized: the plan is "
        self.message += f"that of the stage before, {self.stages[-2].name}."

    def solve(self, start: Floats | None) -> Solved:
        return replace(self._solve(start), cancelled=self.loaded.cancelled)

    def _solve(self, start: Floats | None) -> Solved:
        program, loaded = self.program, self.loaded
        if start is not None and program.whole.any():
            loaded.start_from(start)
        for stage in program.stages:
            loaded.minimise(stage)
            begun = time.perf_counter()
            last = stage is program.stages[-1]
            # Equally good plans are told exactly, by the duals of every stage.
            exact = bool(program.levels) and not program.whole.any()
            status, value, bound = loaded.optimise(final=last or exact)
            self.message = loaded.message
            seconds = time.perf_counter() - begun
            self.stages.append(StageResult(stage.name, status, value, bound, seconds))
            if math.isnan(value):
                if self.plan is None or status is not Status.INTERRUPTED:
                    return without_plan(status, tuple(self.stages), self.message, loaded.seconds)
                # The limit came before this stage found a plan: the one before keeps its rules.
                self._fall_back(stage)
                break
            self.plan = loaded.plan
            if status not in (Status.OPTIMAL, Status.FEASIBLE):
                break
            if not last:
                limits = program.limits_at(stage, self.plan)
                if exact and status is Status.OPTIMAL:
                    stay_on_face(loaded)
                else:
                    loaded.hold(stage, limits)
                self.limits.append(limits)
                if program.whole.any():
                    # The plan found keeps the held row: the search starts from it.
                    loaded.start_from(self.plan)
        if program.levels and self.plan is not None:
            self._settle()
        return self._finish()

    def _settle(self) -> None:
        """Take the plan that is meant among those that are equally good."""
        assert self.plan is not None
        program, plan = self.program, self.plan
        figures = program.figures_of(plan)
        if np.any(figures[program.levels] > NO_LEVEL):
            if all(stage.status is Status.OPTIMAL for stage in self.stages):
                value = float(figures[program.stages[-1].row])
                self.plan, self.unsettled = settle_ties(self.loaded, plan, value)
            else:
                self.unsettled = CUT
        if program.whole.any():
            # The search tells the whole numbers; all else is exact only in the LP that they leave.
            fixed = np.where(program.whole, np.round(self.plan), np.nan)
            rest = replace(
                program,
                lower=np.fmax(program.lower, fixed),
                upper=np.fmin(program.upper, fixed),
                whole=np.zeros_like(program.whole),
            )
            exact = _Stages(rest, replace(self.loaded.options, time_limit=None)).solve(None)
            if exact.values is not None and exact.status is Status.OPTIMAL:
                self.plan = exact.values

    def _finish(self) -> Solved:
        status = max((s.status for s in self.stages), key=severity)
        last = self.stages[-1]
        assert self.plan is not None
        values = self.plan
        rows = columns = None
        prices_of = ""
        if self.program.levels:
            prices_of = ""  # the duals are those of the last tie
        elif self.program.whole.any():
            clean = self._fix_whole_numbers(values)
            if clean is not None:
                values, prices_of = clean, "fixed"
        elif status is Status.OPTIMAL:
            prices_of = "lp"
        if prices_of:
            rows, columns = self.loaded.prices
        figures = self.program.figures_of(values)
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
            self.loaded.seconds,
            self.loaded.highs.getInfo().simplex_iteration_count,
            tuple(self.limits),
            unsettled=self.unsettled,
        )

    def _fix_whole_numbers(self, values: Floats) -> Floats | None:
        """The LP with whole numbers fixed: exact values and prices; None where it fails."""
        highs = self.loaded.highs
        where = np.flatnonzero(self.program.whole).astype(np.int32)
        fixed = np.round(values[where])
        highs.changeColsIntegrality(
            len(where), where, np.full(len(where), highspy.HighsVarType.kContinuous)
        )
        highs.changeColsBounds(len(where), where, fixed, fixed)
        highs.setOptionValue("time_limit", math.inf)
        if self.loaded.run() != _M.kOptimal:
            self.message += " Prices are not available: the plan with its whole numbers fixed "
            self.message += "could not be solved again."
            return None
        return self.loaded.plan
