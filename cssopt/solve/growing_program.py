"""A small LP whose rows are found as they are needed, in one session of HiGHS."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from cssopt.errors import SolveError
from cssopt.solve.answer import Options
from cssopt.solve.names import Names
from cssopt.solve.outcome import Status
from cssopt.solve.program import Floats, Program
from cssopt.solve.session import HighsSession


@dataclass(frozen=True)
class LeastPoint:
    """Where an LP has its least value.

    Attributes
    ----------
    x: the point. value: what it costs.
    prices: dual of each row added, none below 0: above it, the row is tight wherever the value is
        the least. columns: reduced cost of each decision, above 0 at its lower bound.
    """

    x: Floats
    value: float
    prices: Floats
    columns: Floats


class GrowingProgram:
    """An LP: ``costs @ x`` at its least, where ``lower <= x <= upper``, ``fixed @ x = at`` and what
    is added holds."""

    def __init__(self, costs: Floats, lower: Floats, upper: Floats, fixed: Floats, at: Floats):
        rows, columns = fixed.shape
        program = Program(
            csr_array(fixed),
            row_lower=at,
            row_upper=at,
            lower=lower,
            upper=upper,
            whole=np.zeros(columns, dtype=bool),
            reported=csr_array((0, columns)),
            offsets=np.zeros(0),
            stages=(),
            figures={},
            columns=Names([("", "x", range(columns))]),
            rows=Names([("", "fixed", range(rows))]),
        )
        self._session = HighsSession(program, Options(keep_on_interrupt=False))
        self._session.set_costs(costs, 0.0)
        self._fixed = rows
        self._is_solved = False

    def add(self, rows: Floats, least: Floats) -> None:
        """Hold ``rows @ x >= least`` too."""
        for row, bound in zip(-rows, -least, strict=True):
            self._session.limit(row, float(bound), "a row of a small program")

    def solve(self) -> LeastPoint:
        """The least point; SolveError where HiGHS proves none."""
        status, value, _ = self._session.optimise(near=self._is_solved)
        if status is not Status.OPTIMAL:
            raise SolveError(self._session.message or f"a small program ends as {status}")
        self._is_solved = True
        vertex = self._session.vertex
        return LeastPoint(vertex.plan, value, -vertex.rows[self._fixed :], vertex.columns)

    def solve_growing(
        self, find_broken: Callable[[LeastPoint], tuple[Floats, Floats]]
    ) -> LeastPoint:
        """The least point of all rows: those that it breaks are found and added, until none is.

        `find_broken` gives rows and what they are at least, none of them added before.
        """
        while True:
            point = self.solve()
            rows, least = find_broken(point)
            if not len(rows):
                return point
            self.add(rows, least)
