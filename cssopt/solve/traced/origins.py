"""Which cells of the inputs the numbers of a row come from."""

from __future__ import annotations

import numpy as np

from cssopt.assembly.assemble import Problem
from cssopt.solve.compile import compile_traced
from cssopt.trace.numbers import Cell, Tape
from cssopt.trace.sources import find_sources


class Origins:
    """The program of a problem whose tables hold traced numbers, and the cells behind its rows.

    Attributes
    ----------
    program: as of the same tables without traces.
    """

    def __init__(self, problem: Problem, tape: Tape) -> None:
        """Compile the problem; ModelError where its numbers cannot be traced."""
        self.program, traced = compile_traced(problem)
        self._tape = tape
        entries = np.diff(self.program.matrix.indptr)
        row_of_entry = np.repeat(np.arange(len(entries)), entries)
        low, high, matrix = traced.row_lower, traced.row_upper, traced.matrix
        rows = [low.positions, high.positions, row_of_entry[matrix.positions]]
        self._bounds = len(low.positions) + len(high.positions)
        self._row_of = np.concatenate(rows)
        self._nodes = np.concatenate([low.nodes, high.nodes, matrix.nodes])

    def find_cells(self, *rows: int, in_bounds: bool = False) -> list[Cell]:
        """The cells in the bounds of rows, then those in their coefficients, each once; with
        `in_bounds` only the first."""
        wanted = np.isin(self._row_of, rows)
        if in_bounds:
            wanted[self._bounds :] = False
        nodes = self._nodes[wanted]
        return list(find_sources(self._tape, nodes.tolist()))

    @property
    def cells(self) -> list[Cell]:
        """The cells in the bounds or coefficients of any row."""
        return list(find_sources(self._tape, self._nodes.tolist()))
