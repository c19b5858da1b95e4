"""Later stages held at what the ones before them reached (lexicographic optimization).

The plans of a linear program that are as good as the best of a stage are its optimal face: in each
of them whatever has a dual stands at its bound (complementary slackness; Dantzig 1963). Later
stages stay on the face, so that nothing can be spent of what is held. A row that holds the value
leaves a tolerance to spend: where the last crumbs of security are dear, 1e-6 of the missing share
was worth 2 % of the cost. With whole numbers the face of the linear relaxation does, where that is
as good as they are; else a scaled row holds the value.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import vstack

from cssopt.solve.answer import (
    AT_LOWER,
    AT_UPPER,
    BASIC,
    Basis,
    StageVertex,
    Vertex,
    round_off,
)
from cssopt.solve.program import Floats, Program, StageConstraint, StageRow

ACTIVE = 1e-9
"""A dual above this holds its row or column at its bound (ten times the solver's tolerance)."""

_LARGEST = 100.0
"""The largest number in a row that holds a value, so that the solver's tolerance is small beside
it. (Ten times as large, and HiGHS 1.16.0 takes programs for infeasible that are not.)"""

_ROUNDING = 1e-2
"""Part of `round_off` that rounding asks of a row."""

HELD = "held"
"""Owner, among the names of rows, of those that hold a value."""


@dataclass(frozen=True)
class _Face:
    """The optimal face of a stage: columns and rows that stand at a bound, and at which.

    `is_bounded`: whatever has a dual has a bound to stand at, so that each plan on it is optimal,
    of a program with other bounds too (complementary slackness; Dantzig 1963).
    """

    vertex: Vertex
    columns: NDArray[np.int64]
    rows: NDArray[np.int64]
    is_bounded: bool

    @property
    def sides(self) -> tuple[NDArray[np.int64], ...]:
        """What stands at its lower, and at its upper bound: columns, then rows."""
        by_columns, by_rows = self.vertex.columns[self.columns], self.vertex.rows[self.rows]
        return (
            self.columns[by_columns > 0],
            self.columns[by_columns < 0],
            self.rows[by_rows > 0],
            self.rows[by_rows < 0],
        )

    def release(self, rows: Floats, columns: Floats) -> tuple[float, int]:
        """The least price of what this stage minimised at which nothing pulls off the face.

        It is what a later stage saves for the first unit by which the face is left; and which of
        its rows, then columns, leaves its bound for that. Where nothing does, the price is 0.
        """
        by_row = -rows[self.rows] / self.vertex.rows[self.rows]
        by_column = -columns[self.columns] / self.vertex.columns[self.columns]
        prices = np.concatenate([by_row, by_column, [0.0]])
        first = int(prices.argmax())
        return max(0.0, float(prices[first])), first

    def keep(self, program: Program) -> Program:
        """The program on the face."""
        lower, upper = program.lower.copy(), program.upper.copy()
        places, duals = self.columns, self.vertex.columns[self.columns]
        at = np.where(duals > 0, lower[places], upper[places])
        lower[places] = upper[places] = np.where(np.isfinite(at), at, self.vertex.plan[places])
        row_lower, row_upper = program.row_lower.copy(), program.row_upper.copy()
        is_low = self.vertex.rows[self.rows] > 0
        row_upper[self.rows[is_low]] = row_lower[self.rows[is_low]]
        row_lower[self.rows[~is_low]] = row_upper[self.rows[~is_low]]
        return replace(program, lower=lower, upper=upper, row_lower=row_lower, row_upper=row_upper)


def _find_free(program: Program, held: StageConstraint, limit: float) -> tuple[Floats, float]:
    """The coefficients of a figure in the columns that are not fixed, and the limit for these.

    What stands fast takes no part in the row: it would lend it its size, and so its tolerance.
    """
    costs, limit = program.row_of_figure(held.row), limit - float(program.offsets[held.row])
    fast = (program.lower == program.upper) & (costs != 0)
    limit -= float(costs[fast] @ program.lower[fast])
    costs[fast] = 0.0
    return costs, limit


def _fix_forced(program: Program, held: StageConstraint) -> Program:
    """The program with what is forced on the held figure fixed where it is.

    A need out of reach is short by all of it: a row of its own says how much at least. Of a column
    that makes the figure larger, that no other stage counts, and that no other row keeps from
    being less, more than that is in no plan that is any better for it.
    """
    costs = program.row_of_figure(held.row)
    wanted = costs > 0
    for stage in program.stages:
        if not program.same_figure(stage.row, held.row):
            wanted &= program.row_of_figure(stage.row) == 0
    entries = program.matrix.tocsc()
    counts = np.diff(program.matrix.indptr)
    lower, upper = program.lower.copy(), program.upper.copy()
    for column in np.flatnonzero(wanted & (lower < upper) & ~program.whole).tolist():
        begin, end = entries.indptr[column : column + 2]
        rows, values = entries.indices[begin:end], entries.data[begin:end]
        hinders = np.where(
            values > 0, np.isfinite(program.row_lower[rows]), np.isfinite(program.row_upper[rows])
        )
        if not (counts[rows][hinders] == 1).all():
            continue
        bounds = np.where(values > 0, program.row_lower[rows], program.row_upper[rows]) / values
        least = float(bounds[hinders].max(initial=lower[column]))
        if least <= upper[column] and math.isfinite(least):
            lower[column] = upper[column] = least
    return replace(program, lower=lower, upper=upper)


@dataclass(frozen=True)
class _Row:
    """The row that holds a figure: its place, and what it is multiplied by."""

    place: int
    scale: float

    @classmethod
    def add(cls, program: Program, held: StageConstraint, limit: float) -> tuple[_Row, Program]:
        """The row that holds a figure at a limit, and the program with it at its end."""
        costs, limit = _find_free(program, held, limit)
        largest = float(np.abs(costs).max(initial=0.0))
        largest = max(largest, abs(limit) / _LARGEST)
        scale = _LARGEST / largest if 0 < largest < math.inf else 1.0
        # With the places of all that the figure has: programs of one shape keep it.
        row = program.reported[[held.row], :].copy()
        row.data = scale * costs[row.indices]
        return cls(len(program.rows), scale), replace(
            program,
            matrix=vstack([program.matrix, row], format="csr"),
            row_lower=np.append(program.row_lower, -math.inf),
            row_upper=np.append(program.row_upper, scale * (limit + _ROUNDING * round_off(limit))),
            rows=program.rows.followed_by([(HELD, held.name, None)]),
            held=program.held + 1,
        )


def _find_face(program: Program, vertex: Vertex) -> _Face:
    """The face of a stage of this program; what stands fast anyhow is not counted to it."""
    columns = (np.abs(vertex.columns) * vertex.scale > ACTIVE) & (program.lower < program.upper)
    rows = (np.abs(vertex.rows) * vertex.scale > ACTIVE) & (program.row_lower < program.row_upper)
    end = np.where(vertex.columns > 0, program.lower, program.upper)
    bound = np.where(vertex.rows > 0, program.row_lower, program.row_upper)
    is_bounded = bool(np.isfinite(end[columns]).all() and np.isfinite(bound[rows]).all())
    rows &= np.isfinite(bound)
    return _Face(vertex, np.flatnonzero(columns), np.flatnonzero(rows), is_bounded)


def have_same_face(program: Program, one: Vertex, other: Vertex) -> bool:
    """True where on the faces of two optima of a stage the same stands at the same bounds."""
    first, second = (_find_face(program, vertex).sides for vertex in (one, other))
    return all(map(np.array_equal, first, second))


def find_least(program: Program, number: int) -> float:
    """A bound of a stage that needs no search: each column at whichever of its bounds is less."""
    stage = program.stages[number]
    return float(program.figures_of(find_corner(program, stage).plan)[stage.row])


def find_corner(program: Program, stage: StageRow) -> Vertex:
    """The columns at whichever of their bounds makes a stage less, and 0 where it does not matter.

    Where a plan is as good as that, it is the optimum, with whole numbers too: no rule has a dual.
    """
    costs = program.row_of_figure(stage.row)
    plan = np.where(costs == 0, 0.0, np.where(costs > 0, program.lower, program.upper))
    smallest = float(np.abs(costs[costs != 0]).min(initial=1.0))
    return Vertex(plan, costs, np.zeros(len(program.rows)), 1 / smallest)


def stay_on_face(program: Program, vertex: Vertex) -> Program:
    """The program whose plans are the best ones of the LP of which `vertex` is the optimum."""
    return _find_face(program, vertex).keep(program)


class Holding:
    """A program as its stages go on.

    Attributes
    ----------
    program: with what the finished stages hold held.
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self._held: list[_Face | _Row] = []
        """What keeps each hold."""

    @property
    def has_rows(self) -> bool:
        """True where a row holds something, of which it leaves a trifle to spend."""
        return any(isinstance(holder, _Row) for holder in self._held)

    @property
    def is_by_faces(self) -> bool:
        """True where all plans of the program are optima of every stage that is held."""
        return all(isinstance(holder, _Face) and holder.is_bounded for holder in self._held)

    def limits_of(self, stage: StageRow, plan: Floats, value: float) -> tuple[float, ...]:
        """What later stages may reach in what a stage holds, at its plan and the `value` told."""
        del value
        return self.program.limits_at(stage, plan)

    def needs_vertex(self, stage: StageRow, limits: Sequence[float]) -> bool:
        """True where the optimum of an LP may hold what the bounds of the columns do not."""
        corner = [find_corner(self.program, stage)]
        return any(
            self.program.same_figure(stage.row, held.row)
            and self._find_face(self.program, stage, held, limit, corner) is None
            for held, limit in zip(stage.holds, limits, strict=True)
        )

    def hold(self, stage: StageRow, limits: Sequence[float], vertex: Vertex | None) -> None:
        """Hold what a stage holds at these limits; `vertex` is its optimum, of an LP.

        It stays on the face of the stage where the limit is what the stage minimised.
        """
        before = self.program
        vertices = [find_corner(before, stage), *([] if vertex is None else [vertex])]
        for held, limit in zip(stage.holds, limits, strict=True):
            face = self._find_face(before, stage, held, limit, vertices)
            if face is not None:
                self.program = face.keep(self.program)
                self._held.append(face)
            else:
                row, self.program = _Row.add(_fix_forced(self.program, held), held, limit)
                self._held.append(row)

    def _find_face(
        self,
        program: Program,
        stage: StageRow,
        held: StageConstraint,
        limit: float,
        vertices: Sequence[Vertex],
    ) -> _Face | None:
        """The face of the first of these optima of a stage that has the limit; None where none has,
        or what is held is not what the stage minimised."""
        if not program.same_figure(stage.row, held.row):
            return None
        for vertex in vertices:
            value = float(program.figures_of(vertex.plan)[stage.row])
            if abs(limit - value) <= round_off(limit):
                return _find_face(program, vertex)
        return None

    def price(self, vertex: Vertex) -> StageVertex:
        """The duals of the stage after all that are held, by the bounds that they belong to."""
        rows, columns = vertex.rows.copy(), vertex.columns.copy()
        held, released = np.zeros(len(self._held)), np.zeros(len(self._held))
        is_low = vertex.rows > 0
        for number, holder in enumerate(self._held):
            if isinstance(holder, _Face):
                is_low[holder.rows] = holder.vertex.rows[holder.rows] > 0
            else:
                held[number] = holder.scale * vertex.rows[holder.place]
        for number in reversed(range(len(self._held))):
            holder = self._held[number]
            if isinstance(holder, _Face):
                price, _ = holder.release(rows, columns)
                rows[: len(holder.vertex.rows)] += price * holder.vertex.rows
                columns += price * holder.vertex.columns
                released[number] = price
        own = self.program.own_rows
        return StageVertex(
            vertex, vertex.rows[:own], is_low[:own], held, released, rows[:own], columns
        )

    def leave_faces(self, vertex: Vertex, basis: Basis) -> tuple[Basis, Sequence[int]]:
        """A basis of the stage after all that are held, for the program in which rows hold them.

        What stands fast on a face goes back to the bound that its dual asks for, the first that a
        price of the row frees becomes basic, and the row is at its bound in its place: a step of
        the parametric simplex method (Gass and Saaty 1955). The plan is the same, and so it is
        primal feasible; optimal it is once what is basic and fast on the face has left the basis.
        Also the numbers of the holds whose row is at its bound.
        """
        own_columns, own_rows = basis.columns.copy(), basis.rows.copy()
        rows, columns = vertex.rows.copy(), vertex.columns.copy()
        at_bound = list[int]()
        for number in reversed(range(len(self._held))):
            holder = self._held[number]
            if not isinstance(holder, _Face):
                continue
            for own, places, duals in (
                (own_columns, holder.columns, holder.vertex.columns),
                (own_rows, holder.rows, holder.vertex.rows),
            ):
                fast = places[own[places] != BASIC]
                own[fast] = np.where(duals[fast] > 0, AT_LOWER, AT_UPPER)
            price, first = holder.release(rows, columns)
            rows[: len(holder.vertex.rows)] += price * holder.vertex.rows
            columns += price * holder.vertex.columns
            if price == 0.0:
                continue
            own, place = (
                (own_rows, holder.rows[first])
                if first < len(holder.rows)
                else (own_columns, holder.columns[first - len(holder.rows)])
            )
            if own[place] != BASIC:
                own[place] = BASIC
                at_bound.append(number)
        return Basis(own_columns, own_rows, basis.steps), at_bound


class HeldAt(Holding):
    """A program as its stages go on, each of which is held at limits that are given."""

    def __init__(self, program: Program, limits: Sequence[tuple[float, ...]]) -> None:
        """`limits` are of the stages in their order; those that are never held have none."""
        super().__init__(program)
        self._limits = dict(zip([stage.name for stage in program.stages], limits, strict=False))

    def limits_of(self, stage: StageRow, plan: Floats, value: float) -> tuple[float, ...]:
        """The limits that were given."""
        del plan, value
        return self._limits[stage.name]


def hold_stages(
    program: Program,
    number: int,
    limits: Sequence[Sequence[float]],
    vertices: Sequence[Vertex | None] = (),
) -> Holding:
    """One stage of a program with those before it held.

    At these limits, and on the faces of those whose `vertices` are given and whose least it is.
    """
    holding = Holding(program)
    for place, stage in enumerate(program.stages[:number]):
        vertex = vertices[place] if place < len(vertices) else None
        holding.hold(stage, limits[place], vertex)
    alone = replace(program.stages[number], holds=())
    holding.program = replace(holding.program, stages=(alone,))
    return holding
