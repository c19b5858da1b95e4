"""A linear program without what its bounds settle: the same plans, in fewer rows and columns.

A row that no plan within the bounds can break is left out. A row of one decision is a bound of it,
and a row that can only just be kept leaves each of its decisions one value; what has one value is
no decision. Each of these may settle more (Brearley, Mitra and Williams 1975). Costs play no part,
so that what is left serves every figure.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from cssopt.solve.answer import AT_LOWER, AT_UPPER, BASIC, Basis
from cssopt.solve.program import Floats, Program
from cssopt.solve.warm.next_question import LinearFigure

_AT = 1e-9
"""Within which a plan stands at a bound: a wrong guess costs steps, and nothing else."""


@dataclass(frozen=True)
class Settled:
    """What is left of a program.

    Attributes
    ----------
    program: what is left, without the figures that are reported. whole: all of it.
    rows, columns: which ones are left. values: of what has one value only; of others 0.
    """

    program: Program
    whole: Program
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    values: Floats

    def narrow(self, figure: LinearFigure) -> LinearFigure:
        """A figure in what is left."""
        return LinearFigure(figure.coefficients[self.columns], figure.of(self.values))

    def widen(self, plan: Floats) -> Floats:
        """The plan of the whole program."""
        every = self.values.copy()
        every[self.columns] = plan
        return every

    def fit(self, basis: Basis, plan: Floats) -> Basis:
        """About where a plan stands that stands at this basis of the whole program.

        What a row of its own held is held by its new bound. HiGHS mends the rest.
        """
        columns, plan = basis.columns[self.columns].copy(), plan[self.columns]
        left, before = self.program, self.whole
        low = (left.lower > before.lower[self.columns]) & (plan <= left.lower + _AT)
        high = (left.upper < before.upper[self.columns]) & (plan >= left.upper - _AT)
        columns[(columns == BASIC) & high] = AT_UPPER
        columns[(columns == BASIC) & low] = AT_LOWER
        return replace(basis, columns=columns, rows=basis.rows[self.rows])


def settle(program: Program) -> Settled:
    """Leave out of a program what its bounds settle; one with whole numbers stays as it is, as
    each search presolves it."""
    if program.is_whole:
        rows, columns = map(np.arange, program.shape)
        return Settled(program, program, rows, columns, np.zeros(len(columns)))
    count = len(program.row_lower)
    entries = np.flatnonzero(program.matrix.data)
    row = np.repeat(np.arange(count), np.diff(program.matrix.indptr))[entries]
    column, value = program.matrix.indices[entries], program.matrix.data[entries]
    lower, upper = program.lower.copy(), program.upper.copy()
    is_left = np.ones(count, dtype=bool)
    while True:
        at_least = value * np.where(value > 0, lower[column], upper[column])
        at_most = value * np.where(value > 0, upper[column], lower[column])
        least, most = (np.bincount(row, each, count) for each in (at_least, at_most))
        idle = is_left & (least >= program.row_lower) & (most <= program.row_upper)
        forced = is_left & ~idle & ((least >= program.row_upper) | (most <= program.row_lower))
        moves = lower[column] < upper[column]
        moving = np.bincount(row[moves], minlength=count)
        single = is_left & ~idle & ~forced & (moving == 1)
        if not (idle.any() or forced.any() or single.any()):
            break
        is_left &= ~(idle | forced | single)
        own = np.flatnonzero(moves & single[row])
        rest = np.bincount(row[~moves], at_least[~moves], count)[row[own]]
        ends = [
            (each[row[own]] - rest) / value[own] for each in (program.row_lower, program.row_upper)
        ]
        falls = value[own] < 0
        np.maximum.at(lower, column[own], np.where(falls, ends[1], ends[0]))
        np.minimum.at(upper, column[own], np.where(falls, ends[0], ends[1]))
        own = np.flatnonzero(moves & forced[row])
        goes_low = (least >= program.row_upper)[row[own]] == (value[own] > 0)
        only = np.where(goes_low, lower[column[own]], upper[column[own]])
        lower[column[own]] = upper[column[own]] = only
    free = lower < upper
    rows, columns = np.flatnonzero(is_left), np.flatnonzero(free)
    values = np.where(free, 0.0, lower)
    settled = program.matrix @ values
    left = replace(
        program,
        matrix=program.matrix[rows][:, columns],
        row_lower=(program.row_lower - settled)[rows],
        row_upper=(program.row_upper - settled)[rows],
        lower=lower[columns],
        upper=upper[columns],
        whole=program.whole[columns],
        reported=program.reported[:, columns],
        columns=tuple(program.columns[place] for place in columns),
        rows=tuple(program.rows[place] for place in rows),
    )
    return Settled(left, program, rows, columns, values)
