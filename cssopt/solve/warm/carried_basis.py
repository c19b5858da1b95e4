"""Programs that are like one that is solved already, each stage solved from where that one ended.

Rows and columns are known again by their names, so that such a program may have more of them,
fewer, or other numbers in them.
"""

from __future__ import annotations

import operator
import time
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cssopt.errors import SolveError
from cssopt.solve.answer import (
    AT_LOWER,
    AT_UPPER,
    BASIC,
    NOT_ASKED,
    Basis,
    Options,
    Solved,
    StageResult,
    StageVertex,
    Vertex,
    round_off,
    without_plan,
)
from cssopt.solve.holding import HELD, find_corner, hold_stages
from cssopt.solve.names import Name
from cssopt.solve.outcome import Status
from cssopt.solve.program import Floats, Program
from cssopt.solve.session import Answer, HighsSession, Rebuild
from cssopt.solve.stages import Start, is_begun_at_sum, solve_program, solve_stages

Limits = tuple[tuple[float, ...], ...]
"""What each stage but the last may reach at most in the rows that later stages hold."""


@dataclass(frozen=True)
class BasisStart:
    """A plan from which programs like its own begin.

    Attributes
    ----------
    values: one per column; None where there is no plan.
    limits: what its stages let later ones reach at most.
    holders: as of the answer.
    bases: one per stage, of an LP; None where a stage has none. vertices: plan and duals there.
    """

    values: Floats | None
    limits: Limits
    holders: tuple[Vertex | None, ...] = ()
    bases: tuple[Basis | None, ...] = ()
    vertices: tuple[Vertex, ...] = ()


def find_start(program: Program, solved: Solved, options: Options) -> BasisStart:
    """Where programs like one that was solved may begin.

    The stages of an LP of which no basis is known are solved once more.
    """
    if solved.values is None:
        return BasisStart(None, ())
    limits = solved.limits + tuple(
        program.limits_at(stage, solved.values) for stage in program.stages[len(solved.limits) : -1]
    )
    if program.is_whole or not program.columns:
        return BasisStart(solved.values, limits, solved.holders)
    if len(solved.bases) < len(program.stages):
        known, solved = solved, solve_program(program, options)
        if len(solved.limits) < len(limits):
            return BasisStart(known.values, limits, known.holders)  # a limit came first
        # Whole numbers that are fixed now were found with a trifle of slack.
        own = zip(limits, solved.limits, strict=False)
        limits = tuple(tuple(map(max, most, reached)) for most, reached in own)
    vertices = tuple(priced.vertex for priced in solved.vertices)
    return BasisStart(solved.values, limits, solved.holders, solved.bases, vertices)


class CarriedBasis:
    """Solves the stages of programs that are like one with a plan."""

    def __init__(self, program: Program, start: BasisStart, options: Options) -> None:
        """`start` is of `program`; `options` are those of each solve."""
        self.program = program
        self._start = start
        self._options = options
        self._columns = _places(program.columns)
        self._held = [
            hold_stages(program, number, start.limits, start.holders)
            for number in range(len(start.bases))
        ]
        self._rows = [_places(holding.program.rows) for holding in self._held]
        self._last: Program | None = None
        self._vertices: dict[int, Vertex | None] = {}
        self._by_rows: dict[int, _ByRows | None] = {}
        self._loaded: dict[tuple[int, int], _FromBasis] = {}
        """Of each stage, by how many rows hold those before it, what is loaded."""

    def within(self, options: Options) -> CarriedBasis:
        """The same with other options; what either finds to begin at serves both."""
        same = copy(self)
        same._options = options
        return same

    def solve_stages(
        self,
        program: Program,
        limits: Limits,
        *,
        at_least: Limits = (),
        share_time: bool = False,
    ) -> list[Solved]:
        """The stages of a similar program after those that are held at these limits.

        Each has those before it held at what they reach, or `at_least` at that where it is more.
        The last of the answers is the one without a plan, if there is one. `share_time`: the limit
        of time is one for all stages.
        """
        options, answers = self._options, list[Solved]()
        try:
            for number in range(len(limits), len(program.stages)):
                solved = self.solve_stage(program, number, limits)
                answers.append(solved)
                if solved.values is None or number == len(program.stages) - 1:
                    break
                reached = program.limits_at(program.stages[number], solved.values)
                if number < len(at_least):
                    reached = tuple(map(max, reached, at_least[number]))
                limits = (*limits, reached)
                if share_time:
                    self._options = self._options.after(solved.seconds)
        finally:
            self._options = options
        return answers

    def stay_on_faces(self, program: Program) -> Solved | None:
        """All stages of an LP in which bounds alone are other ones, from its last stage alone.

        Its faces are those of the stages before with the bounds as they now are: whoever stays on
        them reaches the least of each. Infeasible where it is proven that no plan does. None where
        neither is known, or less is held there than of the plan.
        """
        start, own, last = self._start, self.program, len(program.stages) - 1
        holders = start.holders[:last]
        if (
            not last
            or program.is_whole
            or program.matrix is not own.matrix
            or program.reported is not own.reported
            or program.offsets is not own.offsets
            or self._options.is_over
            or len(holders) < last
            or not all(stage.holds for stage in program.stages[:last])
            or not all(holders)
        ):
            return None
        holding = hold_stages(program, last, start.limits, holders)
        solved = self._solve_near(holding.program, last) if holding.is_by_faces else None
        if not isinstance(solved, Solved):
            return None
        if solved.status is not Status.OPTIMAL:
            return solved if solved.status is Status.INFEASIBLE else None
        assert solved.figures is not None
        assert solved.values is not None
        earlier, limits = [], []
        for stage, least in zip(program.stages[:last], start.limits, strict=False):
            reached = program.limits_at(stage, solved.values)
            # The stages after it may go as far as in the plan, but here they could not.
            if any(now < was - round_off(was) for now, was in zip(reached, least, strict=True)):
                return None
            value = float(solved.figures[stage.row])
            earlier.append(StageResult(stage.name, Status.OPTIMAL, value, value, 0.0))
            limits.append(tuple(map(max, reached, least)))
        solved = _price(solved, holding.price(solved.vertices[-1].vertex))
        return replace(solved, stages=(*earlier, *solved.stages), limits=tuple(limits))

    def leave_faces(self, program: Program, stayed: Solved) -> list[Solved]:
        """As `solve_stages`, of an LP of which `stayed` proves that no plan stays on the faces.

        More is missing in all of its plans. To take up a rule that missed nothing before is a long
        way, for each stage anew: a large program begins from nothing, at the sum of both.
        """
        if self._options.is_over or not is_begun_at_sum(program):
            first, *others = self.solve_stages(program, (), at_least=self._start.limits)
        else:
            first, others = solve_program(program, self._options.after(stayed.seconds)), []
            first = replace(first, rebuilds=(Rebuild.FAR, *first.rebuilds))
        return [replace(first, seconds=stayed.seconds + first.seconds), *others]

    def solve_stage(self, program: Program, number: int, limits: Limits) -> Solved:
        """Minimise one stage of a similar program with those before it held at these limits.

        Endings as `solve_program`; only an optimum is taken from a start near it, or a proof that
        there is no plan: any other ending is found again from nothing.
        """
        begun = time.perf_counter()
        if self._options.is_over:
            return without_plan(Status.NO_PLAN_YET, (), NOT_ASKED, 0.0)
        if program is not self._last:
            self._last, self._vertices = program, {}
        if program is self.program:
            self._vertices = dict(enumerate(self._start.holders))
        holding = hold_stages(program, number, limits, self._find_vertices(program, number, limits))
        solved = self._solve_near(holding.program, number)
        if isinstance(solved, Rebuild):
            reason, left = solved, self._options.after(time.perf_counter() - begun)
            solved = solve_program(holding.program, left, self._plan(program))
            solved = replace(solved, rebuilds=(reason, *solved.rebuilds))
        if solved.vertices:
            vertex = solved.vertices[-1].vertex
            solved = _price(solved, holding.price(vertex))
            self._vertices[number] = vertex
        return solved

    def _find_vertices(
        self, program: Program, number: int, limits: Limits
    ) -> tuple[Vertex | None, ...]:
        """The optimum of each stage whose least is the limit at which it is held.

        Only there the stages after it stay on its face; nothing is to be had for less.
        """
        if not program.columns or program.trivially_infeasible:
            return ()
        if program.is_whole:
            return tuple(self._vertices.get(place) for place in range(number))
        return tuple(self._find_vertex(program, place, limits) for place in range(number))

    def _find_vertex(self, program: Program, place: int, limits: Limits) -> Vertex | None:
        if place in self._vertices:
            return self._vertices[place]
        stage = program.stages[place]
        exact = [
            limit
            for held, limit in zip(stage.holds, limits[place], strict=True)
            if not held.allowance and program.same_figure(stage.row, held.row)
        ]
        if not exact:
            return None
        corner = find_corner(program, stage)
        if abs(exact[0] - program.figures_of(corner.plan)[stage.row]) <= round_off(exact[0]):
            return corner
        self.solve_stage(program, place, limits[:place])
        return self._vertices.get(place)

    def _plan(self, program: Program) -> Floats | None:
        """The plan in the columns of a similar program; what the plan does not know is 0."""
        if self._start.values is None:
            return None
        return _carry(self._start.values, self._columns, program.columns, 0.0)

    def _solve_near(self, program: Program, number: int) -> Solved | Rebuild:
        """The optimum of an LP from the basis of the plan; for any other ending, why not."""
        basis = self._start.bases[number] if number < len(self._start.bases) else None
        if program.is_whole:
            return Rebuild.SEARCH
        if basis is None or program.trivially_infeasible or not program.columns:
            return Rebuild.NO_BASIS
        place = number, program.held
        try:
            start = self._find_loaded(place, program) or _FromBasis(
                self._carry(basis, program, number), self._options
            )
            solved = solve_stages(program, start)
        except SolveError:
            self._loaded.pop(place, None)
            return Rebuild.REFUSED
        if solved is None or solved.rebuilds:
            self._loaded.pop(place, None)
        else:
            self._loaded[place] = start
        return solved or Rebuild.NOT_OPTIMAL

    def _find_loaded(self, place: tuple[int, int], program: Program) -> _FromBasis | None:
        """The session of a program of the same shape, which begins where its first solve did."""
        start = self._loaded.get(place)
        if start is None or not start.fits(program, self._options):
            return None
        start.options = self._options
        return start

    def _carry(self, basis: Basis, program: Program, number: int) -> Basis:
        """The basis for a similar program: new columns stand at their bound, new rows are slack."""
        held = program.rows[program.own_rows :]
        if not self._rows[number].keys() >= set(held):
            by_rows = self._find_by_rows(number)
            if by_rows is not None and by_rows.names.keys() >= set(held):
                return self._fit(by_rows.basis, by_rows.names, program)
        return self._fit(basis, self._rows[number], program)

    def _fit(self, basis: Basis, rows: Mapping[Name, int], program: Program) -> Basis:
        return Basis(
            _carry(basis.columns, self._columns, program.columns, AT_LOWER),
            _carry(basis.rows, rows, program.rows, BASIC),
            basis.steps,
        )

    def _find_by_rows(self, number: int) -> _ByRows | None:
        """A stage of the plan with those before it held by rows, where the plan keeps their faces.

        A program in which more is to be had of what is held leaves the face: only of rows there is
        a price by which the basis stays optimal. Found once, by steps that move nothing.
        """
        if number not in self._by_rows:
            self._by_rows[number] = self._solve_by_rows(number)
        return self._by_rows[number]

    def _solve_by_rows(self, number: int) -> _ByRows | None:
        start, basis = self._start, self._start.bases[number]
        if number >= len(start.vertices) or basis is None:
            return None
        program = hold_stages(self.program, number, start.limits).program
        left, at_bound = self._held[number].leave_faces(start.vertices[number], basis)
        holds = [
            (HELD, held.name, None)
            for stage in self.program.stages[:number]
            for held in stage.holds
        ]
        fitted, tight = self._fit(left, self._rows[number], program), {holds[n] for n in at_bound}
        fitted.rows[[place for place, row in enumerate(program.rows) if row in tight]] = AT_UPPER
        try:
            solved = solve_stages(program, _KeepingBasis(fitted, self._options, primal=True))
        except SolveError:
            return None
        found = None if solved is None else solved.bases[-1]
        return None if found is None else _ByRows(found, _places(program.rows))


@dataclass(frozen=True)
class _ByRows:
    """A basis of a stage of the plan with all that is held before it held by rows."""

    basis: Basis
    names: Mapping[Name, int]


class _FromBasis(Start):
    """A stage begins at the basis of a program like it; one of the same shape after it too."""

    def __init__(self, basis: Basis, options: Options, *, primal: bool = False) -> None:
        """`primal`: the plan at the basis keeps every rule."""
        self._basis = basis
        self.options = options
        self._primal = primal
        self._session: HighsSession | None = None
        self._first: Any = None

    def fits(self, program: Program, options: Options) -> bool:
        """True where the program is had by other numbers of the one that is loaded."""
        session = self._session
        if session is None or options.feasibility != self.options.feasibility:
            return False
        return session.find_rebuild(program) is None

    def load(self, number: int, program: Program) -> HighsSession:
        """The program with that basis; SolveError where HiGHS takes none such."""
        session, stage = self._session, program.stages[number]
        if session is None:
            session = self._session = HighsSession(program, self.options)
            session.begin_at(self._basis)
            self._first = session.own_basis
        else:
            session.options, session.cancelled = self.options, False
            session.begin()
            session.update(program)
            session.return_to(self._first)
        session.minimise(stage)
        return session

    def optimise(self, session: HighsSession) -> Answer:
        """Minimise from the basis, on a leash."""
        return session.optimise(near=True, primal=self._primal)


class _KeepingBasis(_FromBasis):
    """As `_FromBasis`, and where it ends is kept."""

    keeps_bases = True


def _price(solved: Solved, priced: StageVertex) -> Solved:
    """An answer with the prices of its plan where the stages before it are held."""
    return replace(
        solved, row_prices=priced.rows_held, column_prices=priced.columns_held, vertices=(priced,)
    )


def _places(names: Sequence[Name]) -> Mapping[Name, int]:
    return {name: place for place, name in enumerate(names)}


def _carry(
    values: NDArray[Any], places: Mapping[Name, int], names: Sequence[Name], new: float
) -> NDArray[Any]:
    """Values by name, in the order of other names; `new` for a name that has none."""
    if len(places) == len(names) and all(map(operator.eq, places, names)):
        return values.copy()
    known = np.append(values, new).astype(values.dtype)
    return known[[places.get(name, len(values)) for name in names]]
