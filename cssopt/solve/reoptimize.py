"""Programs of one shape solved one after another, each from where the last one ended."""

from __future__ import annotations

import time
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from cssopt.errors import SolveError
from cssopt.solve.answer import Options, Solved, StageResult, StageVertex
from cssopt.solve.highs import solve_program
from cssopt.solve.loaded import LoadedProgram, accept
from cssopt.solve.outcome import Status
from cssopt.solve.program import Floats, Program

NEAR: dict[str, Any] = {
    "solver": "simplex",
    "simplex_dual_edge_weight_strategy": 1,
    "dual_simplex_cost_perturbation_multiplier": 0.0,
}
"""Settings for a start near the optimum: exact edge weights and perturbed costs pay on a long way,
not on a short one (on the demo they took two thirds of the time)."""

LONG = 3
"""Steps, as a multiple of rows and columns, after which a start near the optimum has failed."""


class Reoptimizer:
    """Keeps one HiGHS model per stage of an LP, and the last plan of a program with whole numbers.

    An LP starts from the last basis of each stage; a program with whole numbers is loaded anew and
    its search starts from the last plan. Only an optimal answer is taken from a kept model: any
    other ending is found again from the start.
    """

    def __init__(self, options: Options) -> None:
        self._options = options
        self._kept: list[_KeptStage] = []
        self._plan: Floats | None = None
        self._first: list[Any] = []

    def return_to_first(self) -> None:
        """Let the next solve of an LP begin where the first one ended, however far the last led.

        Then its answer does not depend on those that came between.
        """
        for kept, basis in zip(self._kept, self._first, strict=False):
            kept.loaded.highs.setBasis(basis)

    def solve(self, program: Program) -> Solved:
        """Solve a program of the same shape as those before; endings as `solve_program`.

        Raises SolveError where HiGHS refuses a number of it.
        """
        begun = time.perf_counter()
        simple = not program.columns or bool(program.never_holds)
        solved = None
        if not simple and not program.whole.any():
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
        plan: Floats | None = None
        iterations = 0
        for number, stage in enumerate(program.stages):
            since = time.perf_counter()
            kept = self._load(number, program, limits)
            status, value, bound = kept.optimise(begun)
            if status is not Status.OPTIMAL:
                return None
            seconds = time.perf_counter() - since
            stages.append(StageResult(stage.name, status, value, bound, seconds))
            iterations += kept.iterations
            plan = kept.loaded.plan
            vertices.append(kept.loaded.vertex)
            if number == len(self._first):
                self._first.append(kept.loaded.highs.getBasis())
            limits.append(program.limits_at(stage, plan))
        assert plan is not None
        rows, columns = kept.loaded.prices
        return Solved(
            Status.OPTIMAL,
            plan,
            program.figures_of(plan),
            rows,
            columns,
            "lp",
            tuple(stages),
            stages[-1].bound,
            0.0,
            "",
            time.perf_counter() - begun,
            iterations,
            tuple(limits[:-1]),
            vertices=tuple(vertices),
        )

    def _load(self, number: int, program: Program, limits: list[tuple[float, ...]]) -> _KeptStage:
        """The model of a stage with the numbers of this program."""
        if number < len(self._kept):
            self._kept[number].change(program, limits)
        else:
            first = self._kept[0] if self._kept else None
            self._kept.append(_KeptStage(program, number, limits, self._options, first))
        return self._kept[number]


class _KeptStage:
    """One stage of a program in HiGHS, with the stages before it held."""

    def __init__(
        self,
        program: Program,
        number: int,
        limits: list[tuple[float, ...]],
        options: Options,
        first: _KeptStage | None,
    ) -> None:
        self.loaded = LoadedProgram(program, options)
        self._held = program.stages[:number]
        self._stage = program.stages[number]
        self._solved = 0
        if first is not None:
            # The basis of the first stage, which has no held rows.
            self.loaded.highs.setBasis(first.loaded.highs.getBasis())
        for stage, limit in zip(self._held, limits, strict=True):
            self.loaded.hold(stage, limit)
        self.loaded.minimise(self._stage)
        self._row_of = np.repeat(np.arange(program.shape[0]), np.diff(program.matrix.indptr))

    @property
    def iterations(self) -> int:
        """Steps of the simplex method in the last solve."""
        return int(self.loaded.highs.getInfo().simplex_iteration_count)

    def optimise(self, begun: float) -> tuple[Status, float, float]:
        """Minimise from the basis that is there; the time limit counts from when all `begun`."""
        highs = self.loaded.highs
        self.loaded.begun = begun
        if self._solved == 1:
            self.loaded.set_options(NEAR)
            highs.setOptionValue("simplex_iteration_limit", LONG * sum(self.loaded.program.shape))
        self._solved += 1
        return self.loaded.optimise(final=True)

    def change(self, program: Program, limits: list[tuple[float, ...]]) -> None:
        """Change what differs from the program that is loaded: costs, bounds, coefficients."""
        last = self.loaded.program
        self._change_costs(last, program)
        self._change_bounds(last, program)
        self._change_matrix(last, program)
        self._change_held(last, program, limits)
        self.loaded.program = program

    def _change_costs(self, last: Program, program: Program) -> None:
        row = self._stage.row
        costs = program.row_of_figure(row)
        where = _where(last.row_of_figure(row), costs)
        highs = self.loaded.highs
        if len(where):
            highs.changeColsCost(len(where), where, costs[where])
        highs.changeObjectiveOffset(float(program.offsets[row]))

    def _change_bounds(self, last: Program, program: Program) -> None:
        where = np.union1d(
            _where(last.row_lower, program.row_lower), _where(last.row_upper, program.row_upper)
        ).astype(np.int32)
        if len(where):
            self.loaded.highs.changeRowsBounds(
                len(where), where, program.row_lower[where], program.row_upper[where]
            )

    def _change_matrix(self, last: Program, program: Program) -> None:
        entries = _where(last.matrix.data, program.matrix.data)
        highs = self.loaded.highs
        rows, columns = self._row_of[entries].tolist(), program.matrix.indices[entries].tolist()
        for row, column, value in zip(
            rows, columns, program.matrix.data[entries].tolist(), strict=True
        ):
            accept(highs.changeCoeff(row, column, value), "a coefficient")

    def _change_held(
        self, last: Program, program: Program, limits: list[tuple[float, ...]]
    ) -> None:
        highs, row = self.loaded.highs, len(program.rows)
        for stage, limit in zip(self._held, limits, strict=True):
            for held, most in zip(stage.holds, limit, strict=True):
                costs = program.row_of_figure(held.row)
                for column in _where(last.row_of_figure(held.row), costs).tolist():
                    status = highs.changeCoeff(row, column, float(costs[column]))
                    accept(status, f"the row that holds {held.name}")
                most -= float(program.offsets[held.row])
                highs.changeRowBounds(row, -highspy.kHighsInf, most)
                row += 1


def _where(before: Floats, after: Floats) -> NDArray[np.int32]:
    return np.flatnonzero(before != after).astype(np.int32)
