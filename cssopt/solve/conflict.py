"""Which rows of a program cannot be kept together, and the cells of the inputs behind them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from cssopt.solve.answer import Options
from cssopt.solve.feasibility import find_certificate
from cssopt.solve.names import Names
from cssopt.solve.program import Program, relax

_MOST_SOLVES: Final = 300
"""Linear programs that a search for a smaller set may take: it is only where another starts."""

_STEPS_PER_LINE: Final = 20
"""Steps of the simplex method that each of them may take, for each row and column."""


def find_conflicting_rows(program: Program, options: Options | None = None) -> tuple[int, ...]:
    """Rows that no plan of the linear relaxation keeps together, as few as are found.

    The rows of a certificate, and then every one of them dropped in turn without which there still
    is a certificate for the rest (deletion filter: Chinneck and Dravnieks, 1991). The search is
    limited by solves and their steps, so that it ends alike on every machine, and by time only
    where the options say when all questions end; what it ends with may have a row too many, and is
    a place to start from. None where the relaxation has a plan: the conflict is then one of whole
    numbers.
    """
    if program.trivially_infeasible or not program.columns:
        return ()
    relaxed = relax(program)
    own = Options() if options is None else Options(until=options.until)
    found = _find_rows(relaxed, np.arange(program.shape[0]), own)
    solves = 1
    for row in found[::-1]:
        if row not in found:
            continue
        if solves == _MOST_SOLVES or own.is_over:
            break
        solves += 1
        smaller = _find_rows(relaxed, found[found != row], own)
        found = smaller if len(smaller) else found
    return tuple(int(row) for row in found)


def _find_rows(program: Program, among: NDArray[np.int64], options: Options) -> NDArray[np.int64]:
    """Those of some rows that a certificate of their conflict needs; none where there is none."""
    part = _take_rows(program, among)
    steps = _STEPS_PER_LINE * sum(part.shape)
    return among[find_certificate(part, options, steps)]


def _take_rows(program: Program, rows: NDArray[np.int64]) -> Program:
    return replace(
        program,
        matrix=program.matrix[rows],
        row_lower=program.row_lower[rows],
        row_upper=program.row_upper[rows],
        rows=Names.of(program.rows[row] for row in rows.tolist()),
    )
