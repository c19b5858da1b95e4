"""The optimum of a study as a function of the cells of its inputs."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from cssopt.assembly.instance import Instance
from cssopt.errors import CssoptError, DataError, ModelError, SolveError
from cssopt.questions.prices.line import ALIKE, Sample
from cssopt.solution.price import NO_ANSWER, NO_PLAN, SHAPE, Refusal
from cssopt.solve.answer import Basis, Options, Solved
from cssopt.solve.outcome import Status
from cssopt.solve.program import Floats, Program
from cssopt.solve.traced.gradient import Gradient, SlopedTemplate
from cssopt.solve.warm.kept_bases import KeptBases
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
"""Work of building a program, in solves near the plan; it is about one from nothing."""
_LEAST = 0.01
"""Work of a solve without a step, in solves from nothing (0.12 against 20 s with 8 members)."""

_LOOK = 0.0007
"""Work of reading off a basis how far a price holds, likewise; what stages reach there is two."""

_NEAR = 1e-4
"""Of the span of a cell: so far it is moved to see how the bounds of rows move along."""
_NEAREST = 1e-7
"""Likewise, where coefficients may move too: not in proportion."""
_SAME = 1e-9
"""Of a bound of a row: by so much it may be off where it is told."""

Span = tuple[float, float]
"""The least and greatest value that a cell is moved to, or a bound by."""

FORBIDDEN = "a rule of the workbook forbids it"


class Optimum:
    """One instance, kept loaded, whose optimum is asked for at other cells.

    Attributes
    ----------
    shape: the program of the inputs as they are. cells: those that may change. values: what they
        hold. program: with whole numbers fixed. solved, gradient: at the inputs as they are.
    solves: how many solves there were. work: these, and programs that were built anew; see
        `count_steps`.
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
        self.solves, self.work = 0, 0.0
        self._bases, self._steps = plan.bases, math.nan
        self._curved: set[Cell] = set()
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

    def count_steps(self) -> None:
        """Count work by steps from now on, in what the plan took from nothing, and let no solve
        begin there again: what is so far from the plan has no answer."""
        costs = [math.nan if basis is None or basis.steps is None else basis.steps
                 for basis in self._bases]  # fmt: skip
        self._steps = sum(costs) if costs else math.nan
        self.work = 0.0
        self.shape.solver.stay_near()

    def _cost(self, shape: OptimumShape, solved: Solved) -> float:
        """What the last solve of a shape cost, as `work` counts it."""
        if not self._steps > 0:
            return 1.0
        is_near = solved.status is not Status.NO_PLAN_YET and not solved.rebuilds
        steps = sum(session.near_steps for session in shape.solver.sessions)
        return _LEAST + steps / self._steps if is_near else 1.0

    def base(self, cell: Cell, span: Span) -> Sample:
        """The optimum at the inputs as they are, along a cell.

        Up to where in a `span` of values its basis is optimal, is told as long as nothing else was
        solved, and of cells at whose very value nothing begins or ends.
        """
        place, value = self.cells.index(cell), self.values[cell]
        sample = make_sample(value, self.program, self.solved, self.gradient, place)
        if self.solves > 1 or self.gradient.edges[place] or self.gradient.kinks[place]:
            return sample
        self._count_looks(1)
        return self._find_ends(self._first, cell, sample, span)

    def find_reach(self, cell: Cell, span: Span) -> Span | None:
        """The values of a cell up to which the bases of the plan stay feasible, to the first order.

        None where that is not known: as long as nothing else was solved it is, but for cells at
        whose very value something begins or ends.
        """
        place, value = self.cells.index(cell), self.values[cell]
        if self.solves > 1 or self.gradient.edges[place] or self.gradient.kinks[place]:
            return None
        step = _NEAREST * (span[1] - span[0])
        if not step:
            return None
        near = self.shape.patch({**self.values, cell: value + step})[0]
        if near is None:
            step = -step
            near = self.shape.patch({**self.values, cell: value + step})[0]
        if near is None:
            return None
        self._count_looks(1)
        lower, upper = _move_bounds(self.program, near, step)
        matrix = self.program.matrix.copy()
        matrix.data = (near.matrix.data - matrix.data) / step
        found = self._first.bases.find_range(lower, upper, matrix)
        return None if found is None else (value + found.low, value + found.high)

    def reach_at(self, cell: Cell, value: float) -> Floats | None:
        """The value of each stage at another value of a cell, at the bases of the plan.

        None where they are not known to be optimal there, or something else was solved since.
        """
        there = None if self.solves > 1 else self.shape.patch({**self.values, cell: value})[0]
        self._count_looks(2)
        return None if there is None else self._first.bases.reach(there)

    @cached_property
    def _first(self) -> _Now:
        """The program at the inputs as they are, as long as nothing else was solved."""
        return _Now(self.shape, self.program, self.solved)

    def _count_looks(self, count: int) -> None:
        if self._steps > 0:
            self.work += count * _LOOK

    def forbids(self, cell: Cell, value: float) -> Refusal | None:
        """The rule over the whole book that a value breaks."""
        try:
            self._at(cell, value)
        except DataError as error:
            return Refusal(FORBIDDEN, error.issues[0].text)
        return None

    def build(self, cell: Cell, value: float) -> OptimumShape | Refusal:
        """The program that comes with a value of a cell where it has other decisions or rules."""
        self.work += 1.0 if self._steps > 0 else _BUILT
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

    def sample(self, shape: OptimumShape, cell: Cell, value: float, span: Span) -> Sample | Refusal:
        """Solve for another value of one cell in a program of this shape.

        With how far in a `span` of values its basis is optimal.
        """
        values = {**self.values, cell: value}
        found = self._solve(shape, values)
        if isinstance(found, Refusal):
            return found
        program, solved = found
        gradient = shape.template.differentiate(program, values, solved.vertices, cell)
        place = shape.template.cells.index(cell)
        sample = make_sample(value, program, solved, gradient, place)
        return self._find_ends(_Now(shape, program, solved), cell, sample, span)

    def _find_ends(self, now: _Now, cell: Cell, sample: Sample, span: Span) -> Sample:
        """A sample with the values of a cell up to which its basis is known to be optimal."""

        def patch(value: float) -> Program | None:
            return now.shape.patch({**self.values, cell: value})[0]

        ends: list[Sample | None] = []
        for limit in () if cell in self._curved else span:
            reach = limit - sample.value
            step = math.copysign(min(abs(reach), _NEAR * (span[1] - span[0])), reach)
            near = patch(sample.value + step) if step else None
            if near is None:
                ends.append(None)
            elif now.bases.keep_prices(now.program, near):
                lower, upper = _move_bounds(now.program, near, step)
                end = now.find_end(sample, lower, upper, limit)
                known = end is not None and now.goes_on(patch, sample, end, lower, upper)
                ends.append(end if known else None)
            else:
                # It weighs what the plan has: a curve, of which no basis tells the end.
                self._curved.add(cell)
                break
        low, high = ends if len(ends) == len(span) else (None, None)
        return replace(sample, low=low, high=high)

    def at_bound(self, place: int, sign: float, span: Span) -> Sample:
        """The optimum at the inputs as they are, along the bound of a row; else as `base`."""
        found = self.gradient
        sample = _make_sample(0.0, self.solved, found.rows, found.rows_held, place)
        if self.solves > 1:
            return sample
        return self._first.along_bound(sample, place, sign, span)

    def sample_slack(self, place: int, sign: float, slack: float, span: Span) -> Sample | Refusal:
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
        sample = _make_sample(slack, solved, gradient.rows, gradient.rows_held, place)
        return _Now(self.shape, program, solved).along_bound(sample, place, sign, span)

    def _solve(self, shape: OptimumShape, values: Mapping[Cell, float]) -> _Found | Refusal:
        program, reason = shape.patch(values)
        return Refusal(SHAPE, reason) if program is None else self._solve_program(shape, program)

    def _solve_program(self, shape: OptimumShape, program: Program) -> _Found | Refusal:
        self.solves += 1
        try:
            solved = shape.solver.solve(program)
            self.work += self._cost(shape, solved)
            if solved.status is Status.OPTIMAL and not solved.vertices:
                # Found from the start only: the last basis had led nowhere. Now it starts there.
                solved = shape.solver.solve(program)
        except SolveError as error:
            return Refusal(NO_ANSWER, str(error))
        return (program, solved) if solved.vertices else _refuse(solved)


_Found = tuple[Program, Solved]


@dataclass(frozen=True)
class _Now:
    """A program that was solved last, with the bases at which its stages ended."""

    shape: OptimumShape
    program: Program
    solved: Solved

    @cached_property
    def bases(self) -> KeptBases:
        return KeptBases(self.shape.solver.sessions, self.solved.vertices)

    def find_end(self, sample: Sample, lower: Floats, upper: Floats, limit: float) -> Sample | None:
        """The optimum where its basis ends, or at the limit, as bounds move along a direction.

        None where that is not known, or it goes on at another price than the sample has.
        """
        found = self.bases.find_range(lower, upper)
        if found is None:
            return None
        off = ALIKE * np.maximum(np.abs(found.rises), np.abs(sample.slopes)) + sample.noise
        if (np.abs(found.rises - sample.slopes) > off).any():
            return None
        is_up = limit > sample.value
        value = sample.value + (found.high if is_up else found.low)
        return sample.at(min(value, limit) if is_up else max(value, limit))

    def goes_on(
        self,
        patch: Callable[[float], Program | None],
        sample: Sample,
        end: Sample,
        lower: Floats,
        upper: Floats,
    ) -> bool:
        """True where all numbers of the program go on to the end of a basis as it was told."""
        for part in (0.5, 1.0):
            width = part * (end.value - sample.value)
            there = patch(sample.value + width)
            if there is None:
                return False
            for now, rate, then in (
                (self.program.row_lower, lower, there.row_lower),
                (self.program.row_upper, upper, there.row_upper),
            ):
                if not np.allclose(now + rate * width, then, rtol=_SAME, atol=_SAME):
                    return False
            if not self.bases.keep_prices(self.program, there):
                return False
        return True

    def along_bound(self, sample: Sample, place: int, sign: float, span: Span) -> Sample:
        """A sample with the slack in a row up to which its basis is optimal."""
        lower, upper = np.zeros((2, len(self.program.rows)))
        (lower if sign > 0 else upper)[place] = -sign
        turned = replace(sample, slopes=-sign * sample.slopes)
        low, high = (self.find_end(turned, lower, upper, limit) for limit in span)
        return replace(sample, low=low, high=high)


def _move_bounds(program: Program, near: Program, step: float) -> tuple[Floats, Floats]:
    """By how much the bounds of rows move per unit of a cell; 0 where there is none."""

    def rate(now: Floats, then: Floats) -> Floats:
        moved: Floats = np.where(now == then, 0.0, then) - np.where(now == then, 0.0, now)
        return moved / step

    return rate(program.row_lower, near.row_lower), rate(program.row_upper, near.row_upper)


class Path:
    """The optimum along one cell.

    Where the first value that is asked for gives a program of another shape, it is built.
    """

    def __init__(self, optimum: Optimum, cell: Cell, span: Span) -> None:
        self._optimum = optimum
        self._cell = cell
        self._span = span
        self._rebuild = True
        self._shapes = [optimum.shape]
        optimum.shape.solver.return_to_first()

    def __call__(self, value: float) -> Sample | Refusal:
        """The optimum at a value of the cell."""
        if (forbidden := self._optimum.forbids(self._cell, value)) is not None:
            return forbidden
        found: Sample | Refusal = Refusal(SHAPE, "")
        for shape in self._shapes:
            found = self._optimum.sample(shape, self._cell, value, self._span)
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
        return self._optimum.sample(built, self._cell, value, self._span)

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


def make_sample(
    value: float, program: Program, solved: Solved, gradient: Gradient, place: int
) -> Sample:
    """The optimum at a value of the cell at a place of the gradient."""
    sample = _make_sample(value, solved, gradient.cells, gradient.cells_held, place)
    return replace(sample, solved=(program, solved.vertices[-1].plan))


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
