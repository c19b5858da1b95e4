"""A tape run backwards: what the cells do to a figure, from what the tape's numbers do to it.

Reverse-mode differentiation (Griewank and Walther, *Evaluating Derivatives*, 2008): one pass from
the results to the inputs carries the derivative of a figure through every operation to all cells.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cssopt.trace.numbers import Cell
from cssopt.trace.replay import Batch, Replay

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

_EVEN = 1e-9
"""Relative distance below which two numbers count as equal, or a number as whole."""


@dataclass(frozen=True)
class CellSlopes:
    """Derivatives by cell, in the order of the tape's cells.

    Attributes
    ----------
    slopes: figures by cells. Where a derivative differs to the two sides it is one of them, and 0
        where there is none.
    kinks: True for cells that reach a figure through the larger or smaller of two equal numbers,
        the size of 0, or a number just at the step of a rounding.
    edges: True for cells that may decide, by the least change, which decisions and rules there
        are: what they do to a figure is then not all on the tape.
    """

    slopes: Floats
    kinks: Flags
    edges: Flags


Local = tuple[Any, Any, Any]
"""Derivatives by the left and the right operand, and where there is a kink."""


def _close(left: Any, right: Any) -> Any:
    return np.abs(left - right) <= _EVEN * np.maximum(1.0, np.abs(right))


def _power(result: Any, base: Any, exponent: Any) -> Local:
    by_base = np.where(exponent == 0, 0.0, exponent * np.power(base, exponent - 1))
    # A base that is not positive has powers of whole exponents only: none beside them.
    by_exponent = np.where(base > 0, result * np.log(np.where(base > 0, base, 1.0)), 0.0)
    return by_base, by_exponent, False


def _chosen(result: Any, left: Any, right: Any) -> Local:
    is_left = result == left
    return is_left * 1.0, ~is_left * 1.0, _close(left, right)


def _rounded(_result: Any, left: Any, _right: Any) -> Local:
    return np.zeros_like(left), None, _close(left, np.round(left))


LOCAL: Final[dict[str, Callable[[Any, Any, Any], Local]]] = {
    "add": lambda _, left, right: (np.ones_like(left), np.ones_like(right), False),
    "sub": lambda _, left, right: (np.ones_like(left), -np.ones_like(right), False),
    "mul": lambda _, left, right: (right, left, False),
    "truediv": lambda result, _, right: (1 / right, -result / right, False),
    "pow": _power,
    "neg": lambda _, left, right: (-np.ones_like(left), None, False),
    "abs": lambda _, left, right: (np.sign(left), None, _close(left, 0.0)),
    "ceil": _rounded,
    "floor": _rounded,
    "max": _chosen,
    "min": _chosen,
}
"""Of each operation of a tape: its derivatives, given result, left and right operand."""


class Adjoint:
    """The backward pass over one tape.

    Parameters
    ----------
    replay: of the tape. batches: the operations that count; by default all.
    """

    def __init__(self, replay: Replay, batches: Sequence[Batch] | None = None) -> None:
        self._replay = replay
        self._batches = replay.batches if batches is None else batches

    def restrict(self, cell: Cell) -> Adjoint:
        """The pass for one cell alone: only what depends on it is gone through."""
        moves = np.zeros(self._replay.length, dtype=bool)
        moves[self._replay.inputs[self._replay.cells.index(cell)]] = True
        kept = []
        for batch in self._batches:
            moved = moves[batch.left]
            if batch.right is not None:
                moved = moved | moves[batch.right]
            if moved.any():
                moves[batch.result] = moved
                kept.append(batch.select(moved))
        return Adjoint(self._replay, kept)

    def pull_back(self, numbers: Floats, seeds: Floats) -> CellSlopes:
        """Derivatives of figures by cell.

        Parameters
        ----------
        numbers: of all nodes, as `Replay.play_all` gives them.
        seeds: derivatives of each figure (in rows) by each wanted number of the replay.
        """
        replay = self._replay
        bars = np.zeros((len(numbers), len(seeds)))
        np.add.at(bars, replay.wanted, seeds.T)
        kinks = np.zeros(len(numbers), dtype=bool)
        edges = np.zeros(len(numbers), dtype=bool)
        edges[replay.find_even(numbers)] = True
        with np.errstate(all="ignore"):
            for batch in reversed(self._batches):
                _step_back(batch, numbers, bars, kinks, edges)
        cells = replay.inputs
        return CellSlopes(bars[cells].T, kinks[cells], edges[cells])


def _step_back(batch: Batch, numbers: Floats, bars: Floats, kinks: Flags, edges: Flags) -> None:
    """From the results of a batch to its operands."""
    bar = bars[batch.result]
    right = None if batch.right is None else numbers[batch.right]
    by_left, by_right, kink = LOCAL[batch.name](numbers[batch.result], numbers[batch.left], right)
    counts = (bar != 0).any(axis=1)
    bent, edge = kinks[batch.result], edges[batch.result]
    for operand, slope in ((batch.left, by_left), (batch.right, by_right)):
        if operand is None:
            continue
        flows, exists = slope != 0, np.isfinite(slope)
        np.add.at(bars, operand, bar * np.where(exists, slope, 0.0)[:, None])
        reached = (bent & flows) | ((bent | counts) & kink) | (counts & ~exists)
        np.logical_or.at(kinks, operand, reached)
        np.logical_or.at(edges, operand, edge & flows)
