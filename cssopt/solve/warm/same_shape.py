"""Programs of one shape solved one after another, each from where the last one ended."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from cssopt.errors import SolveError
from cssopt.solve.answer import NOT_ASKED, Options, Solved, StageResult, StageVertex, without_plan
from cssopt.solve.holding import Holding
from cssopt.solve.outcome import Status
from cssopt.solve.program import Floats, Program
from cssopt.solve.session import LoadedProgram
from cssopt.solve.stages import solve_program


class SameShapeSolver:
    """Keeps one HiGHS model per stage of an LP, and the last plan of a program with whole numbers.

    An LP starts from the last basis of each stage; a program with whole numbers is loaded anew and
    its search starts from the last plan. Only an optimal answer is taken from a kept model: any
    other ending is found again from the start.
    """

    def __init__(self, options: Options) -> None:
        self._options = options
        self._kept: list[_KeptStage] = []
        self._plan: Floats | None = None

    def allow(self, seconds: float) -> None:
        """Let each solve from now on take so long at most."""
        self._options = replace(self._options, time_limit=seconds)
        for kept in self._kept:
            kept.loaded.options = self._options

    def return_to_first(self) -> None:
        """Let the next solve of an LP begin where the first one ended, however far the last led.

        Then its answer does not depend on those that came between.
        """
        for kept in self._kept:
            kept.loaded.highs.setBasis(kept.first)

    def solve(self, program: Program) -> Solved:
        """Solve a program of the same shape as those before; endings as `solve_program`.

        Raises SolveError where HiGHS refuses a number of it.
        """
        begun = time.perf_counter()
        if self._options.is_over:
            return without_plan(Status.NO_PLAN_YET, (), NOT_ASKED, 0.0)
        simple = not program.columns or bool(program.trivially_infeasible)
        solved = None
        if not simple and not program.is_whole:
            try:
                solved = self._solve_linear(program, begun)
            except SolveError:
                self._kept.clear()  # some of its numbers are those of before
                raise
        if solved is None:
            self._kept.clear()
            left = self._options.after(time.perf_counter() - begun)
            solved = solve_program(program, left, self._plan)
        self._plan = solved.values
        return solved

    def _solve_linear(self, program: Program, begun: float) -> Solved | None:
        """The answer from the kept models; None where one of them does not end at an optimum."""
        stages: list[StageResult] = []
        limits: list[tuple[float, ...]] = []
        vertices: list[StageVertex] = []
        holding = Holding(program)
        iterations = 0
        for number, stage in enumerate(program.stages):
            since = time.perf_counter()
            kept = self._load(number, holding.program)
            status, value, bound = kept.optimise(begun)
            if status is not Status.OPTIMAL:
                return None
            seconds = time.perf_counter() - since
            stages.append(StageResult(stage.name, status, value, bound, seconds))
            iterations += kept.loaded.iterations
            vertex = kept.loaded.vertex
            vertices.append(holding.price(vertex))
            limits.append(program.limits_at(stage, vertex.plan))
            holding.hold(stage, limits[-1], vertex)
        last = vertices[-1]
        return Solved(
            Status.OPTIMAL,
            last.plan,
            program.figures_of(last.plan),
            last.rows_held,
            last.columns_held,
            "lp",
            tuple(stages),
            stages[-1].bound,
            0.0,
            "",
            time.perf_counter() - begun,
            iterations,
            tuple(limits[:-1]),
            vertices=tuple(vertices),
            holders=tuple(vertex.vertex for vertex in vertices[:-1]),
        )

    def _load(self, number: int, program: Program) -> _KeptStage:
        """The model of a stage with the numbers of this program, in which those before it are held.

        A stage that was held on its face, and now is by a row, or the other way round, is loaded
        anew.
        """
        if number < len(self._kept):
            kept = self._kept[number]
            if kept.loaded.program.rows == program.rows:
                kept.change(program)
                return kept
            del self._kept[number:]
        before = self._kept[-1] if self._kept else None
        self._kept.append(_KeptStage(program, number, self._options, before))
        return self._kept[number]


class _KeptStage:
    """One stage of a program in HiGHS, with the stages before it held.

    Attributes
    ----------
    first: the basis at which its first solve ended.
    """

    def __init__(
        self, program: Program, number: int, options: Options, before: _KeptStage | None
    ) -> None:
        self.loaded = LoadedProgram(program, options)
        self._stage = program.stages[number]
        self.first: Any = None
        if before is not None and before.loaded.program.rows == program.rows:
            # Plans on the face of the stage before begin at its optimum.
            self.loaded.highs.setBasis(before.loaded.highs.getBasis())
        self.loaded.minimise(self._stage)

    def optimise(self, begun: float) -> tuple[Status, float, float]:
        """Minimise from the basis that is there; the time limit counts from when all `begun`."""
        self.loaded.begun = begun
        answer = self.loaded.optimise(near=self.first is not None)
        if self.first is None:
            self.first = self.loaded.highs.getBasis()
        return answer

    def change(self, program: Program) -> None:
        """Change what differs from the program that is loaded: costs, bounds, coefficients."""
        row, last = self._stage.row, self.loaded.program
        moved = program.offsets[row] != last.offsets[row]
        moved = moved or bool((program.row_of_figure(row) != last.row_of_figure(row)).any())
        self.loaded.change(program)
        if moved:
            self.loaded.minimise(self._stage)
