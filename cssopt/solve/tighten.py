"""Rules that a 0/1 decision switches on or off, made as tight as the plans still asked for allow.

A row ``a @ x + c * y <= b`` with y 0 or 1 leaves b to ``a @ x`` where y is 0, and b - c where it is
1. Of the two the larger one is often a number that is merely large enough. It may as well be the
most that ``a @ x`` comes to in any plan of the linear relaxation whose value is no worse than that
of a plan known already: coefficient tightening (Savelsbergh 1994), with the objective as a cutoff.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator

import numpy as np

from cssopt.solve.answer import Options
from cssopt.solve.program import Floats
from cssopt.solve.session import HighsSession

_SPARE = 1e-6
"""Share by which a tightened limit stays above what was found to be the most."""

_PRIMAL = 4
"""The simplex method for a program of which only the objective changes."""

TightRow = tuple[str, str]
"""Component and name of a rule."""


class Tightening:
    """Tightens rows of a program loaded in HiGHS, and takes that back."""

    def __init__(self, session: HighsSession) -> None:
        self._session = session
        self._coefficients: dict[tuple[int, int], float] = {}
        self._limits: dict[int, tuple[float, float]] = {}

    def tighten(self, rules: Collection[TightRow], worst: float) -> None:
        """Tighten every row of these rules for plans whose value is at most `worst` (nan: all)."""
        session = self._session
        relaxed = _relax(session, worst)
        for row, column in self._find_switches(rules):
            if session.out_of_time or relaxed.cancelled:
                break
            self._tighten(relaxed, row, column)
        session.cancelled = session.cancelled or relaxed.cancelled

    def undo(self) -> bool:
        """Make all rows again as they were; False where none was changed."""
        session, program = self._session, self._session.program
        for row, column in self._coefficients:
            session.set_coefficient(row, column, float(program.matrix[row, column]))
        for row in self._limits:
            session.set_row_bounds(row, program.row_lower[row], program.row_upper[row])
        changed = bool(self._coefficients)
        self._coefficients.clear()
        self._limits.clear()
        return changed

    def _find_switches(self, rules: Collection[TightRow]) -> Iterator[tuple[int, int]]:
        """Rows of the rules that are bounded on one side, each with its 0/1 columns."""
        program = self._session.program
        binary = program.whole & (program.lower == 0) & (program.upper == 1)
        one_sided = np.isinf(program.row_lower) != np.isinf(program.row_upper)
        for row in np.flatnonzero(one_sided).tolist():
            if program.rows[row][:2] in rules:
                begin, end = program.matrix.indptr[row : row + 2]
                columns = program.matrix.indices[begin:end]
                yield from ((row, column) for column in columns[binary[columns]].tolist())

    def _row(self, row: int) -> tuple[Floats, float, float]:
        """The row as it stands, as one of the kind ``<=``: coefficients, limit, and the sign that
        makes it one."""
        program = self._session.program
        begin, end = program.matrix.indptr[row : row + 2]
        coefficients = np.zeros(program.shape[1])
        coefficients[program.matrix.indices[begin:end]] = program.matrix.data[begin:end]
        for (changed, column), value in self._coefficients.items():
            if changed == row:
                coefficients[column] = value
        lower, upper = self._limits.get(row, (program.row_lower[row], program.row_upper[row]))
        sign, limit = (1.0, upper) if math.isfinite(upper) else (-1.0, -lower)
        return sign * coefficients, float(limit), sign

    def _tighten(self, relaxed: HighsSession, row: int, column: int) -> None:
        coefficients, limit, sign = self._row(row)
        switch = float(coefficients[column])
        coefficients[column] = 0.0
        most = _find_most(relaxed, coefficients)
        off, on = limit, limit - switch
        off, on = (off, max(off, most)) if on > off else (max(on, most), on)
        if off - on == switch or off > limit or on > limit - switch:
            return
        for session in (self._session, relaxed):
            session.set_coefficient(row, column, sign * (off - on))
            bounds = (-math.inf, off) if sign > 0 else (-off, math.inf)
            session.set_row_bounds(row, *bounds)
        self._coefficients[row, column] = sign * (off - on)
        self._limits[row] = bounds


def _relax(session: HighsSession, worst: float) -> HighsSession:
    """What HiGHS holds, with fractions allowed and the objective at most `worst`."""
    relaxed = session.copy_relaxed(Options(keep_on_interrupt=session.options.keep_on_interrupt))
    relaxed.set_options({"simplex_strategy": _PRIMAL, "solver": "simplex"})
    if not math.isnan(worst):
        spare = _SPARE * max(1.0, abs(worst))
        costs, constant = session.costs
        relaxed.limit(costs, worst - constant + spare, "the best value")
    return relaxed


def _find_most(relaxed: HighsSession, coefficients: Floats) -> float:
    """The most that a linear figure comes to, and a little; inf where that cannot be told."""
    relaxed.set_costs(-coefficients, 0.0)
    if not relaxed.run().is_optimum:
        return math.inf
    most = -relaxed.value
    return most + _SPARE * max(1.0, abs(most))
