"""A part of a program: some decisions free, all others as they are in a plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack

from cssopt.solve.names import Names
from cssopt.solve.program import Floats, Program, StageRow
from cssopt.solve.whole.weights import Objective

Mask = NDArray[np.bool_]

BROKEN = 1e-6
"""A rule that a plan misses by more, by the size of its coefficients, is broken."""

_STAGE = StageRow("weighted_sum", 0, ())


def find_missed(program: Program, plan: Floats) -> Floats:
    """By how much a plan misses each rule; 0 where it keeps it."""
    reached = program.matrix @ plan
    missed: Floats = np.maximum(program.row_lower - reached, reached - program.row_upper)
    return missed.clip(min=0.0)


def find_rows(program: Program, of: Mask) -> Mask:
    """The rows that have one of these decisions."""
    matrix = program.matrix
    counted = csr_array(
        (of[matrix.indices].astype(float), matrix.indices, matrix.indptr), shape=matrix.shape
    )
    return np.asarray(counted.sum(axis=1)).ravel() > 0


class Whole:
    """A program with many whole numbers, as its parts are cut out of it.

    Attributes
    ----------
    program, objective: what is sought, and the weighted sum of its stages.
    sizes: of the coefficients of each row. by_column: its matrix, by columns.
    price: of missing a rule, by the size of its coefficients: more than anything can be worth.
    """

    def __init__(self, program: Program, objective: Objective, price: float) -> None:
        self.program, self.objective, self.price = program, objective, price
        matrix = program.matrix
        squares = csr_array((matrix.data**2, matrix.indices, matrix.indptr), shape=matrix.shape)
        sizes = np.sqrt(np.asarray(squares.sum(axis=1)).ravel())
        self.sizes: Floats = np.where(sizes > 0, sizes, 1.0)
        self.by_column: Any = matrix.tocsc()

    def broken(self, plan: Floats) -> float:
        """By how much a plan misses rules in all, by the sizes of their coefficients."""
        missed = find_missed(self.program, plan) / self.sizes
        return float(missed[missed > BROKEN].sum())

    def cut_out(self, free: Mask, plan: Floats, *, elastic: bool = False) -> Part:
        """The part in which these decisions are free.

        A rule that the plan misses may be missed, at a price; `elastic`: every rule may be.
        """
        program, columns = self.program, np.flatnonzero(free)
        entries = self.by_column[:, columns].tocsr()
        rows = np.flatnonzero(np.diff(entries.indptr))
        entries = csr_array(entries[rows])
        reached = (program.matrix @ plan)[rows]
        fixed = reached - entries @ plan[columns]
        lower, upper = program.row_lower[rows], program.row_upper[rows]
        missed = np.maximum(lower - reached, reached - upper)
        soft = missed > BROKEN * self.sizes[rows]
        # What rounding leaves of the plan is no reason why there should be none.
        slight = ~soft & (missed > 0)
        lower = np.where(slight, np.minimum(lower, reached), lower)
        upper = np.where(slight, np.maximum(upper, reached), upper)
        places = np.flatnonzero(soft | elastic)
        count, ones = len(places), np.ones(len(places))
        shape = (len(rows), count)
        over = csr_array((ones, (places, np.arange(count))), shape=shape)
        costs = np.concatenate(
            [self.objective.costs[columns], *[self.price / self.sizes[rows[places]]] * 2]
        )
        rest = np.where(free, 0.0, plan)
        begin = np.concatenate(
            [
                plan[columns],
                np.maximum(lower - reached, 0.0)[places],
                np.maximum(reached - upper, 0.0)[places],
            ]
        )
        return Part(
            columns,
            make_program(
                csr_array(hstack([entries, over, -over], format="csr")),
                (lower - fixed, upper - fixed),
                (
                    np.concatenate([program.lower[columns], np.zeros(2 * count)]),
                    np.concatenate([program.upper[columns], np.full(2 * count, np.inf)]),
                ),
                np.concatenate([program.whole[columns], np.zeros(2 * count, dtype=bool)]),
                costs,
                self.objective.value_of(rest),
            ),
            begin,
        )


@dataclass(frozen=True)
class Part:
    """A part of a program.

    Attributes
    ----------
    columns: places of its decisions in the program. program: the part alone, with a stage of its
        own; behind its decisions stands what rules are missed by. begin: the plan at hand.
    """

    columns: NDArray[np.int64]
    program: Program
    begin: Floats

    def put_back(self, found: Floats, plan: Floats) -> Floats:
        """A plan of the program with the decisions of this part as they were found."""
        changed = plan.copy()
        changed[self.columns] = found[: len(self.columns)]
        return changed


def put_together(plan: Floats, found: Sequence[Floats]) -> Floats:
    """A plan with all that is different in others, the first of them last."""
    together = plan.copy()
    for each in reversed(found):
        moved = each != plan
        together[moved] = each[moved]
    return together


def aim(program: Program, objective: Objective) -> Program:
    """The program with one stage."""
    return make_program(
        program.matrix,
        (program.row_lower, program.row_upper),
        (program.lower, program.upper),
        program.whole,
        objective.costs,
        objective.constant,
    )


def make_program(
    matrix: csr_array,
    row_bounds: tuple[Floats, Floats],
    bounds: tuple[Floats, Floats],
    whole: Mask,
    costs: Floats,
    constant: float = 0.0,
) -> Program:
    """A program without names, with one stage."""
    rows, columns = matrix.shape
    return Program(
        matrix,
        *row_bounds,
        *bounds,
        whole,
        csr_array(costs[np.newaxis, :]),
        np.array([constant]),
        (_STAGE,),
        {},
        Names([("", "", range(columns))]),
        Names([("", "", range(rows))]),
    )
