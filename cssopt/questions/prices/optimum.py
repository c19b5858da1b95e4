"""The optimum of a study as a function of the cells of its inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from cssopt.assembly.instance import Instance
from cssopt.errors import CssoptError, DataError, ModelError, SolveError
from cssopt.questions.prices.line import Sample
from cssopt.solution.price import NO_ANSWER, NO_PLAN, SHAPE, Refusal
from cssopt.solve.answer import Basis, Options, Solved
from cssopt.solve.outcome import Status
from cssopt.solve.program import Floats, Program
from cssopt.solve.traced.gradient import Gradient, SlopedTemplate
from cssopt.solve.warm.same_shape import SameShapeSolver
from cssopt.tables.data import Data
from cssopt.trace.numbers import Cell
from cssopt.trace.sources import find_cells

_EXACT = 1e-10
"""Of bounds and rows: so that the least step tells a price (the least that HiGHS takes)."""
_NOISE = 1e-8
"""Of a slope, relative to what it is made of."""
_NOTHING = 1e-12
_BUILT = 20
"""Work of building a program, in solves."""

FORBIDDEN = "a rule of the workbook forbids it"


class Optimum:
    """One instance, kept loaded, whose optimum is asked for at other cells.

    Attributes
    ----------
    shape: the program of the inputs as they are. cells: those that may change. values: what they
        hold. program: with whole numbers fixed. solved, gradient: at the inputs as they are.
    solves: how many solves there were. work: these, and programs that were built anew.
    """

    def __init__(self, instance: Instance, options: Options, plan: Solved) -> None:
        """Build and solve; whole numbers are fixed to those of the plan.

        An LP begins where the plan ended, so that its prices are those of the very same basis.

        Raises ModelError where the study cannot be traced or chained, SolveError where the plan
        cannot be solved again.
        """
        self._instance = instance
        self._options = options
        assert plan.values is not None
        shape = OptimumShape(instance, options, plan.bases)
        self._whole = shape.name_whole(plan.values)
        shape.fix(self._whole)
        self.shape = shape
        self.cells = shape.template.cells
        self.values = {cell: _read(instance.data, cell) for cell in self.cells}
        self.solves = self.work = 0
        found = self._solve(shape, self.values)
        if isinstance(found, Refusal):
            raise SolveError(f"the plan could not be solved again: {found.text}")
        self.program, self.solved = found
        self.gradient: Gradient = shape.template.differentiate(
            self.program, self.values, self.solved.vertices
        )

    @property
    def reached(self) -> Floats:
        """Value of every stage at the inputs as they are."""
        return _reached(self.solved)

    def allow(self, seconds: float) -> None:
        """Let each solve from now on take so long at most."""
        self._options = replace(self._options, time_limit=seconds)
        self.shape.solver.allow(seconds)

    def base(self, cell: Cell) -> Sample:
        """The optimum at the inputs as they are, along a cell."""
        place = self.cells.index(cell)
        return make_sample(self.values[cell], self.solved, self.gradient, place)

    def forbids(self, cell: Cell, value: float) -> Refusal | None:
        """The rule over the whole book that a value breaks."""
        try:
            self._at(cell, value)
        except DataError as error:
            return Refusal(FORBIDDEN, error.issues[0].text)
        return None

    def build(self, cell: Cell, value: float) -> OptimumShape | Refusal:
        """The program that comes with a value of a cell where it has other decisions or rules."""
        self.work += _BUILT
        try:
            shape = OptimumShape(self._at(cell, value), self._options)
            shape.fix(self._whole)
        except CssoptError as error:
            return Refusal(SHAPE, str(error))
        if cell not in shape.template.cells or shape.template.program.trivially_infeasible:
            return Refusal(
                SHAPE, shape.template.program.trivially_infeasible or "the cell is not read then"
            )
        return shape

    def _at(self, cell: Cell, value: float) -> Instance:
        """The question with another value in a cell; DataError where that makes no sense."""
        table, key, column = cell
        tables = dict(self._instance.data.tables)
        columns = tables[table].columns
        tables[table] = tables[table].replace({**columns, column: {**columns[column], key: value}})
        return self._instance.on(Data(tables))

    def sample(self, shape: OptimumShape, cell: Cell, value: float) -> Sample | Refusal:
        """Solve for another value of one cell in a program of this shape."""
        values = {**self.values, cell: value}
        found = self._solve(shape, values)
        if isinstance(found, Refusal):
            return found
        program, solved = found
        gradient = shape.template.differentiate(program, values, solved.vertices, cell)
        place = shape.template.cells.index(cell)
        return make_sample(value, solved, gradient, place)

    def at_bound(self, place: int) -> Sample:
        """The optimum at the inputs as they are, along the bound of a row."""
        return _make_sample(0.0, self.solved, self.gradient.rows, self.gradient.rows_held, place)

    def sample_slack(self, place: int, sign: float, slack: float) -> Sample | Refusal:
        """Solve with more slack in a row; `sign` is 1 where less on its bound is slack, else -1.

        The slopes are those of the bound, as in `at_bound`.
        """
        name = "row_lower" if sign > 0 else "row_upper"
        bounds = getattr(self.program, name).copy()
        bounds[place] -= sign * slack
        found = self._solve_program(self.shape, replace(self.program, **{name: bounds}))
        if isinstance(found, Refusal):
            return found
        program, solved = found
        # Only what it tells of the rows is read: of one cell it is had soonest.
        gradient = self.shape.template.differentiate(
            program, self.values, solved.vertices, self.cells[0]
        )
        return _make_sample(slack, solved, gradient.rows, gradient.rows_held, place)

    def _solve(self, shape: OptimumShape, values: Mapping[Cell, float]) -> _Found | Refusal:
        program, reason = shape.patch(values)
        return Refusal(SHAPE, reason) if program is None else self._solve_program(shape, program)

    def _solve_program(self, shape: OptimumShape, program: Program) -> _Found | Refusal:
        self.solves += 1
        self.work += 1
        try:
            solved = shape.solver.solve(program)
            if solved.status is Status.OPTIMAL and not solved.vertices:
                # Found from the start only: the last basis had led nowhere. Now it starts there.
                solved = shape.solver.solve(program)
        except SolveError as error:
            return Refusal(NO_ANSWER, str(error))
        return (program, solved) if solved.vertices else _refuse(solved)


_Found = tuple[Program, Solved]


class Path:
    """The optimum along one cell.

    Where the first value that is asked for gives a program of another shape, it is built.
    """

    def __init__(self, optimum: Optimum, cell: Cell) -> None:
        self._optimum = optimum
        self._cell = cell
        self._rebuild = True
        self._shapes = [optimum.shape]
        optimum.shape.solver.return_to_first()

    def __call__(self, value: float) -> Sample | Refusal:
        """The optimum at a value of the cell."""
        if (forbidden := self._optimum.forbids(self._cell, value)) is not None:
            return forbidden
        found: Sample | Refusal = Refusal(SHAPE, "")
        for shape in self._shapes:
            found = self._optimum.sample(shape, self._cell, value)
            if isinstance(found, Sample) or found.why != SHAPE:
                self._rebuild = False
                return found
        if not self._rebuild:
            return found
        self._rebuild = False
        built = self._optimum.build(self._cell, value)
        if isinstance(built, Refusal):
            return built
        self._shapes.append(built)
        return self._optimum.sample(built, self._cell, value)

    def refuses(self, value: float) -> Refusal | None:
        """Why there is no optimum at a value, as far as is known without solving."""
        if (forbidden := self._optimum.forbids(self._cell, value)) is not None:
            return forbidden
        reason = ""
        for shape in self._shapes:
            _, reason = shape.template.patch({**self._optimum.values, self._cell: value})
            if not reason:
                return None
        return Refusal(SHAPE, reason)


class OptimumShape:
    """A program of one shape with its numbers traced, its whole numbers fixed, kept in HiGHS."""

    def __init__(
        self, instance: Instance, options: Options, bases: Sequence[Basis | None] = ()
    ) -> None:
        self.problem, tape = instance.trace(find_cells(instance.data))
        self.template = SlopedTemplate(self.problem, tape)
        own = replace(options, keep_on_interrupt=False, feasibility=_EXACT)
        self.solver = SameShapeSolver(own, bases)

    def name_whole(self, plan: Floats) -> dict[Any, float]:
        """The whole numbers of a plan by the names of their columns."""
        program = self.template.program
        return {
            name: round(value)
            for name, value, whole in zip(
                program.columns, plan.tolist(), program.whole.tolist(), strict=True
            )
            if whole
        }

    def fix(self, whole: Mapping[Any, float]) -> None:
        """Fix the whole numbers; ModelError where they are not those of the plan."""
        program = self.template.program
        names = [n for n, is_whole in zip(program.columns, program.whole, strict=True) if is_whole]
        if set(names) != set(whole):
            raise ModelError("other decisions in whole numbers, which the plan says nothing of")
        fixed = np.array([whole.get(name, np.nan) for name in program.columns])
        self._lower = np.where(program.whole, fixed, program.lower)
        self._upper = np.where(program.whole, fixed, program.upper)

    def patch(self, values: Mapping[Cell, float]) -> tuple[Program | None, str]:
        """The program for these values, with its whole numbers fixed."""
        program, reason = self.template.patch(values)
        if program is None:
            return None, reason
        loose = np.zeros_like(program.whole)
        return replace(program, lower=self._lower, upper=self._upper, whole=loose), ""


def make_sample(value: float, solved: Solved, gradient: Gradient, place: int) -> Sample:
    """The optimum at a value of the cell at a place of the gradient."""
    return _make_sample(value, solved, gradient.cells, gradient.cells_held, place)


def _make_sample(
    value: float, solved: Solved, slopes: Floats, slopes_held: Floats, place: int
) -> Sample:
    # A price is a difference of what is held and what moves along, each as exact as its size.
    size = np.maximum(np.abs(slopes[:, place]), np.abs(slopes_held[:, place]))
    return Sample(value, _reached(solved), slopes[:, place], _NOISE * size + _NOTHING)


def _reached(solved: Solved) -> Floats:
    return np.array([stage.value for stage in solved.stages])


def _refuse(solved: Solved) -> Refusal:
    if solved.status is Status.INFEASIBLE:
        return Refusal(NO_PLAN, "no plan keeps all rules then")
    return Refusal(NO_ANSWER, f"the solve ended {solved.status}. {solved.message}".strip())


def _read(data: Data, cell: Cell) -> float:
    table, key, column = cell
    return float(data.tables[table].columns[column][key])
