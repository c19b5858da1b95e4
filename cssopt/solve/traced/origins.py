"""Which cells of the inputs the numbers of a row come from."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from cssopt.assembly.assemble import Problem
from cssopt.solve.compile import ArrayPositions, compile_traced
from cssopt.trace.numbers import INPUT, NONE, Cell, Tape


class Origins:
    """The program of a problem whose tables hold traced numbers, and the cells behind its rows.

    Attributes
    ----------
    program: as of the same tables without traces.
    """

    def __init__(self, problem: Problem, tape: Tape) -> None:
        """Compile the problem; ModelError where its numbers cannot be traced."""
        tape.compiling = True
        self.program, self._places = compile_traced(problem)
        self._tape = tape
        inputs = (node for node, name in enumerate(tape.operations) if name == INPUT)
        self._cells = dict(zip(inputs, tape.cells, strict=True))

    def find_cells(self, row: int) -> list[Cell]:
        """The cells in the bounds of a row, then those in its coefficients, each once."""
        begin, end = self.program.matrix.indptr[row : row + 2]
        places = self._places
        nodes = [
            *_nodes_at(places.row_lower, row, row + 1),
            *_nodes_at(places.row_upper, row, row + 1),
            *_nodes_at(places.matrix, int(begin), int(end)),
        ]
        return list(dict.fromkeys(cell for node in nodes for cell in self._trace(node)))

    def _trace(self, node: int) -> Iterable[Cell]:
        """The cells that a number was made of."""
        waiting, seen = [node], {node}
        while waiting:
            here = waiting.pop()
            if here in self._cells:
                yield self._cells[here]
            for operand in self._tape.operands[here]:
                if operand != NONE and operand not in seen:
                    seen.add(operand)
                    waiting.append(operand)


def _nodes_at(spots: ArrayPositions, begin: int, end: int) -> list[int]:
    """The nodes of the positions from `begin` to before `end`."""
    inside = (spots.positions >= begin) & (spots.positions < end)
    return [int(node) for node in np.asarray(spots.nodes)[inside]]
