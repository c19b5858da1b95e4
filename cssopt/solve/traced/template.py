"""A program kept with the arithmetic of its numbers: changed inputs only patch its arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from cssopt.assembly.assemble import Problem
from cssopt.solve.compile import ArrayPositions, TracedPositions, compile_traced
from cssopt.solve.program import Floats, Program
from cssopt.trace.numbers import Cell, Tape
from cssopt.trace.replay import Replay

_ARRAYS = ("matrix", "row_lower", "row_upper", "reported", "offsets")


class Template:
    """One shape of program, and where the numbers of its inputs enter it.

    Attributes
    ----------
    program: as it is for the inputs that were traced. cells: the inputs that may change.
    proven: True once a patched program was found equal to one built anew.
    """

    def __init__(self, problem: Problem, tape: Tape) -> None:
        """Compile a problem whose tables hold the traced numbers of a tape."""
        self.program, positions = compile_traced(problem)
        self._positions: dict[str, tuple[ArrayPositions, slice]] = {}
        self._replay = Replay(tape, self._take_nodes(positions))
        self.cells = self._replay.cells
        self.proven = False

    def _take_nodes(self, positions: TracedPositions) -> NDArray[np.int64]:
        """The nodes of all arrays in one row; each array remembers its part."""
        nodes, begin = [], 0
        for name in _ARRAYS:
            traced: ArrayPositions = getattr(positions, name)
            self._positions[name] = traced, slice(begin, begin + len(traced.nodes))
            begin += len(traced.nodes)
            nodes.append(traced.nodes)
        return np.concatenate(nodes)

    def patch(self, values: Mapping[Cell, float]) -> tuple[Program | None, str]:
        """The program for these values of the cells: equal to one built anew from them.

        None, with the reason, where they give a program of another shape.
        """
        numbers, reason = self._replay.play(values)
        if numbers is None:
            return None, reason
        return replace(
            self.program,
            matrix=self._matrix("matrix", numbers),
            row_lower=self._array("row_lower", self.program.row_lower, numbers),
            row_upper=self._array("row_upper", self.program.row_upper, numbers),
            reported=self._matrix("reported", numbers),
            offsets=self._array("offsets", self.program.offsets, numbers),
        ), ""

    def prove(self, patched: Program, built: Program) -> str:
        """Compare a patched program with one built anew; where they differ, empty if nowhere.

        Once is enough: all programs of one shape are patched by the same arithmetic.
        """
        place = differs(patched, built)
        self.proven = not place
        return place

    def _array(self, name: str, before: Floats, numbers: Floats) -> Floats:
        traced, part = self._positions[name]
        array = before.copy()
        array[traced.positions] = numbers[part]
        return array

    def _matrix(self, name: str, numbers: Floats) -> csr_array:
        before: csr_array = getattr(self.program, name)
        data = self._array(name, before.data, numbers)
        return csr_array((data, before.indices, before.indptr), shape=before.shape)


def differs(one: Program, other: Program, tolerance: float = 1e-12) -> str:
    """Where two programs are not the same, up to rounding; empty where they are."""
    if one.columns != other.columns or one.rows != other.rows:
        return "decisions or rules"
    if one.stages != other.stages or one.trivially_infeasible != other.trivially_infeasible:
        return "stages or rules that never hold"
    if not np.array_equal(one.whole, other.whole):
        return "whole numbers"
    for name in ("lower", "upper", "row_lower", "row_upper", "offsets"):
        if not _alike(getattr(one, name), getattr(other, name), tolerance):
            return name
    for name in ("matrix", "reported"):
        a, b = getattr(one, name), getattr(other, name)
        same = np.array_equal(a.indptr, b.indptr) and np.array_equal(a.indices, b.indices)
        if not same or not _alike(a.data, b.data, tolerance):
            return name
    return ""


def _alike(one: Floats, other: Floats, tolerance: float) -> bool:
    return bool(np.allclose(one, other, rtol=tolerance, atol=tolerance))
