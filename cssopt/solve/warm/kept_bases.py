"""The bases at which the stages of an LP ended, and how far they go on being optimal.

Where only bounds of rows move, reduced costs stay, and the basic variables move by
``inverse(B) @ b``: the basis is optimal until the first of them meets a bound, the ratio test
(Dantzig 1963; for a range in a parameter Gass and Saaty 1955). On a degenerate basis that can be at
once, though the price goes on: there only a new solve tells. Where coefficients move too, the ratio
test tells that to the first order. With given numbers the basis is the optimum where it is feasible
and its reduced costs have their signs; its plan and duals then come from the factorization of
before by iterative refinement, as the numbers are near (Wilkinson 1963).

Later stages move along with the faces of those before them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from cssopt.solve.answer import StageVertex, Vertex
from cssopt.solve.holding import ACTIVE, have_same_face
from cssopt.solve.program import Floats, Program
from cssopt.solve.session import HighsSession

_NO_RATE: Final = 1e-10
"""Of the largest rate: a variable that moves by less does not move."""
_FEASIBLE: Final = 1e-9
"""By so much, relative to a bound above 1, a plan may be beyond it (ten times the solver's)."""
_EXACT: Final = 1e-10
"""What is left of a row, relative to a bound above 1, when a plan counts as found; of a reduced
cost, as the solver sees it."""
_ROUNDS: Final = 12
"""Rounds of refinement; each has to halve what is left, or the numbers are too far away."""


@dataclass(frozen=True)
class BasisRange:
    """How far numbers may move along a direction, in units of it, with the basis optimal.

    Attributes
    ----------
    low, high: the least and greatest multiple of it; 0 on a side where the basis ends at once.
    rises: of the value of each stage, per unit, by what its plan moves.
    """

    low: float
    high: float
    rises: Floats


class KeptBases:
    """The bases at which the stages of an LP ended, as long as nothing else is solved."""

    def __init__(self, sessions: Sequence[HighsSession], vertices: Sequence[StageVertex]) -> None:
        """`sessions`: of each stage, as it ended; `vertices`: what it found."""
        self._stages = [
            _KeptBasis(number, session, vertex)
            for number, (session, vertex) in enumerate(zip(sessions, vertices, strict=False))
        ]
        are_all = len(sessions) == len(vertices)
        self._are_known = are_all and all(stage.is_known for stage in self._stages)

    def find_range(
        self, lower: Floats, upper: Floats, matrix: csr_array | None = None
    ) -> BasisRange | None:
        """How far the bases are feasible; optimal too where only bounds move.

        `lower`, `upper`: change of the bounds of each row, per unit; `matrix`: of the coefficients,
        whose range is to the first order. None where HiGHS has no basis factorized, or a row holds
        an earlier stage, whose limit moves too.
        """
        low, high, rises = -math.inf, math.inf, []
        for stage in self._stages if self._are_known else ():
            moved = stage.move(lower, upper, matrix)
            if moved is None:
                return None
            low, high = max(low, moved[0]), min(high, moved[1])
            rises.append(moved[2])
        return BasisRange(low, high, np.array(rises)) if self._are_known else None

    def keep_prices(self, before: Program, after: Program) -> bool:
        """True where other coefficients, of rows and stages, change nothing but reduced costs of
        columns at 0, and none of them so much that it would leave its bound."""
        entries = np.flatnonzero(before.matrix.data != after.matrix.data)
        return self._are_known and all(
            stage.keeps_prices(before, after, entries) for stage in self._stages
        )

    def reach(self, there: Program) -> Floats | None:
        """The value of every stage of a program of the same shape and bounds of columns.

        None where the bases are not known to be optimal there, or a later stage would not stay on
        the same face of an earlier one.
        """
        values = []
        for stage in self._stages if self._are_known else ():
            value = stage.reach(there, is_last=stage is self._stages[-1])
            if value is None:
                return None
            values.append(value)
        return np.array(values) if self._are_known else None


class _KeptBasis:
    """The basis of one stage.

    `is_known`: HiGHS has it factorized, and no row holds an earlier stage.
    """

    def __init__(self, number: int, session: HighsSession, priced: StageVertex) -> None:
        self._number, self._session, self._priced = number, session, priced
        self._own = session.program
        basic = session.basic
        self.is_known = basic is not None and not self._own.held
        basic = np.zeros(0, dtype=np.int32) if basic is None else basic
        self._is_column = basic >= 0
        self._columns, self._rows = basic[self._is_column], -1 - basic[~self._is_column]
        self._plan = priced.vertex.plan

    @cached_property
    def _reached(self) -> Floats:
        found: Floats = self._own.matrix @ self._plan
        return found

    @cached_property
    def _is_fast(self) -> NDArray[np.bool_]:
        """True for rows that stand fast, of their own or as an earlier stage holds them."""
        return np.asarray(self._own.row_lower == self._own.row_upper)

    @cached_property
    def _is_low(self) -> NDArray[np.bool_]:
        """True for rows that are at their lower bound rather than at their upper."""
        own, reached = self._own, self._reached
        nearer = np.abs(reached - own.row_lower) <= np.abs(reached - own.row_upper)
        return np.where(self._is_fast, self._priced.is_low, nearer)

    @cached_property
    def _is_at_bound(self) -> NDArray[np.bool_]:
        """True for rows that are not basic."""
        return ~_mark(self._rows, len(self._reached))

    @cached_property
    def _slack(self) -> tuple[Floats, Floats]:
        """How far basic columns, then rows, are from their lower and upper bounds."""
        own, columns, rows = self._own, self._columns, self._rows
        value = np.concatenate([self._plan[columns], self._reached[rows]])
        lower = np.concatenate([own.lower[columns], own.row_lower[rows]])
        upper = np.concatenate([own.upper[columns], own.row_upper[rows]])
        return np.maximum(value - lower, 0.0), np.maximum(upper - value, 0.0)

    def move(
        self, lower: Floats, upper: Floats, matrix: csr_array | None
    ) -> tuple[float, float, float] | None:
        """Least and greatest multiple, and how much the value rises per unit."""
        columns, rows = self._columns, self._rows
        at = np.where(self._is_low, lower, upper)
        low, high = (np.where(self._is_fast, at, side)[rows] for side in (lower, upper))
        at[rows] = 0.0
        if matrix is not None:
            at -= matrix @ self._plan
        rates = self._session.solve_basis(at)
        if rates is None:
            return None
        by_column, by_row = rates[self._is_column], -rates[~self._is_column]
        largest = (float(np.abs(each).max(initial=0.0)) for each in (by_column, by_row, at))
        least = _NO_RATE * max(largest)
        to_lower, to_upper = self._slack
        rate = np.concatenate(
            [by_column, by_row - low, -by_column, high - by_row]  # of the slack to both bounds
        )
        slack = np.concatenate([to_lower, to_upper])
        ends, starts = rate < -least, rate > least
        most = float((slack[ends] / -rate[ends]).min(initial=math.inf))
        fewest = -float((slack[starts] / rate[starts]).min(initial=math.inf))
        costs = self._own.row_of_figure(self._own.stages[self._number].row)
        return fewest, most, float(costs[columns] @ by_column)

    def keeps_prices(self, before: Program, after: Program, entries: NDArray[np.int64]) -> bool:
        """As of `KeptBases`, where coefficients change at these `entries` of the matrix."""
        row = before.stages[self._number].row
        if before.offsets[row] != after.offsets[row]:
            return False
        costs = after.row_of_figure(row) - before.row_of_figure(row)
        if not len(entries) and not costs.any():
            return True
        places = after.matrix.indices[entries]
        rows = np.searchsorted(after.matrix.indptr, entries, side="right") - 1
        more = after.matrix.data[entries] - before.matrix.data[entries]
        vertex, own = self._priced.vertex, self._own
        rise = costs.copy()
        np.add.at(rise, places, -vertex.rows[rows] * more)
        touched = np.union1d(np.flatnonzero(costs), places)
        if np.isin(touched, self._columns).any():
            return False
        if (vertex.plan[touched] != 0).any() or (own.lower[touched] != 0).any():
            return False
        free = touched[own.upper[touched] > 0]
        least = np.minimum(vertex.columns[free], vertex.columns[free] + rise[free])
        return not (least * vertex.scale <= ACTIVE).any()

    def reach(self, there: Program, *, is_last: bool) -> float | None:
        """The value of the stage with the numbers of `there`; None as of `KeptBases`."""
        at = np.where(self._is_low, there.row_lower, there.row_upper)
        plan = self._find_plan(there, at)
        if plan is None or not self._is_feasible(there, plan, at):
            return None
        row = there.stages[self._number].row
        costs = there.row_of_figure(row)
        vertex = self._find_vertex(there, plan, costs)
        if vertex is None or not self._is_optimal(vertex):
            return None
        if not is_last and not have_same_face(self._own, self._priced.vertex, vertex):
            return None
        return float(costs @ plan) + float(there.offsets[row])

    def _find_plan(self, there: Program, at: Floats) -> Floats | None:
        """The plan at the basis: what is not basic stays at its bound."""
        plan, last = self._plan.copy(), math.inf
        size = np.maximum(1.0, np.abs(at))
        for _ in range(_ROUNDS):
            left = np.where(self._is_at_bound, at - there.matrix @ plan, 0.0)
            most = float(np.max(np.abs(left) / size, initial=0.0))
            if most <= _EXACT:
                return plan
            if not most <= last / 2:
                return None
            found, last = self._session.solve_basis(left), most
            if found is None:
                return None
            plan[self._columns] += found[self._is_column]
        return None

    @cached_property
    def _wide(self) -> tuple[Floats, Floats]:
        """The bounds of columns, with what a plan may be beyond them."""
        return _give(self._own.lower, -1.0), _give(self._own.upper, 1.0)

    def _is_feasible(self, there: Program, plan: Floats, at: Floats) -> bool:
        lower, upper = self._wide
        if ((plan < lower) | (plan > upper)).any():
            return False
        reached = there.matrix @ plan
        low = _give(np.where(self._is_fast, at, there.row_lower), -1.0)
        high = _give(np.where(self._is_fast, at, there.row_upper), 1.0)
        return not ((reached < low) | (reached > high)).any()

    def _find_vertex(self, there: Program, plan: Floats, costs: Floats) -> Vertex | None:
        """Plan and duals at the basis: no reduced cost on what is basic."""
        scale, last = self._priced.vertex.scale, math.inf
        rows = self._priced.vertex.rows.copy()
        rows[self._rows] = 0.0
        for _ in range(_ROUNDS):
            columns = costs - there.matrix.T @ rows
            left = np.zeros(len(rows))
            left[self._is_column] = columns[self._columns]
            most = float(np.abs(left).max(initial=0.0)) * scale
            if most <= _EXACT:
                columns[self._columns] = 0.0
                return Vertex(plan, columns, rows, scale)
            if not most <= last / 2:
                return None
            found, last = self._session.solve_transposed(left), most
            if found is None:
                return None
            rows += found
            rows[self._rows] = 0.0
        return None

    @cached_property
    def _wants_more(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Columns and rows at their lower bounds, of which more must not pay."""
        own = self._own
        columns = ~_mark(self._columns, len(own.columns)) & (self._plan < own.upper)
        rows = self._is_at_bound & ~self._is_fast & self._is_low
        return np.flatnonzero(columns & (own.lower < own.upper)), np.flatnonzero(rows)

    @cached_property
    def _wants_less(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Columns and rows at their upper bounds, of which less must not pay."""
        own = self._own
        columns = ~_mark(self._columns, len(own.columns)) & (self._plan > own.lower)
        rows = self._is_at_bound & ~self._is_fast & ~self._is_low
        return np.flatnonzero(columns & (own.lower < own.upper)), np.flatnonzero(rows)

    def _is_optimal(self, vertex: Vertex) -> bool:
        """True where nothing at a bound would pay to leave it."""
        by_side = [
            sign * duals[places]
            for sign, sides in ((1.0, self._wants_more), (-1.0, self._wants_less))
            for duals, places in zip((vertex.columns, vertex.rows), sides, strict=True)
        ]
        return bool(np.concatenate(by_side).min(initial=0.0) * vertex.scale >= -ACTIVE)


def _mark(places: NDArray[np.int32], count: int) -> NDArray[np.bool_]:
    marked = np.zeros(count, dtype=bool)
    marked[places] = True
    return marked


def _give(bounds: Floats, sign: float) -> Floats:
    """Bounds that are wider, downwards or upwards, by what a plan may be beyond them."""
    size = np.where(np.isfinite(bounds), np.maximum(1.0, np.abs(bounds)), 0.0)
    return bounds + sign * _FEASIBLE * size
