"""A tape of traced numbers, played again for other inputs."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from cssopt.names import name_row
from cssopt.trace.numbers import NONE, Cell, Tape
from cssopt.trace.sources import find_sources


def _power(bases: Any, exponents: Any) -> Any:
    """Powers as Python gives them, nan where it refuses: numpy's may differ in the last digit."""
    return np.array(list(map(_power_of_one, bases.tolist(), exponents.tolist())))


def _power_of_one(base: float, exponent: float) -> float:
    try:
        return math.pow(base, exponent)
    except (ValueError, OverflowError):
        return math.nan


OPERATIONS: Final[dict[str, Callable[..., Any]]] = {
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "truediv": np.divide,
    "pow": _power,
    "neg": np.negative,
    "abs": np.absolute,
    "ceil": np.ceil,
    "floor": np.floor,
    "max": np.maximum,
    "min": np.minimum,
}
"""Each operation of a tape, for arrays."""

COMPARISONS: Final[dict[str, Callable[..., Any]]] = {
    "lt": np.less,
    "le": np.less_equal,
    "gt": np.greater,
    "ge": np.greater_equal,
    "eq": np.equal,
    "ne": np.not_equal,
}


@dataclass(frozen=True)
class Batch:
    """One operation for all nodes that are ready for it at the same time."""

    name: str
    operate: Any
    result: NDArray[np.int64]
    left: NDArray[np.int64]
    right: NDArray[np.int64] | None

    def select(self, kept: NDArray[np.bool_]) -> Batch:
        """The operation for some of these nodes only."""
        right = None if self.right is None else self.right[kept]
        return Batch(self.name, self.operate, self.result[kept], self.left[kept], right)


class Replay:
    """A tape made ready to be played for other values of its cells.

    Parameters
    ----------
    tape: of a program that has been built. wanted: the nodes whose numbers are asked for.

    Attributes
    ----------
    tape: as given. cells, inputs: its cells, and the node of each.
    batches: the operations in their order.
    """

    def __init__(self, tape: Tape, wanted: NDArray[np.int64]) -> None:
        self.cells = tuple(tape.cells.values())
        self.inputs = np.array(list(tape.cells), dtype=np.int64)
        self.wanted = wanted
        self.tape = tape
        self._start = np.array(tape.values)
        asked = list(tape.conditions.items())
        self.batches = self._order({*wanted.tolist(), *(n for (_, *ab), _ in asked for n in ab)})
        self._conditions = [
            (compare, *self._condition_arrays([c for c in asked if c[0][0] == name]))
            for name, compare in COMPARISONS.items()
        ]

    @property
    def length(self) -> int:
        """Number of nodes."""
        return len(self._start)

    @staticmethod
    def _condition_arrays(asked: Sequence[Any]) -> tuple[Any, Any, Any]:
        left = np.array([a for (_, a, _), _ in asked], dtype=np.int64)
        right = np.array([b for (_, _, b), _ in asked], dtype=np.int64)
        return left, right, np.array([answer for _, answer in asked], dtype=bool)

    def _order(self, needed: set[int]) -> list[Batch]:
        """The operations that lead to the needed nodes, those of one depth and kind together."""
        tape = self.tape
        used = [node in needed for node in range(len(tape.values))]
        for node in range(len(tape.values) - 1, -1, -1):
            if used[node]:
                for operand in tape.operands[node]:
                    if operand != NONE:
                        used[operand] = True
        depth = [0] * len(tape.values)
        groups: dict[tuple[int, str], list[int]] = {}
        for node, (name, (left, right)) in enumerate(
            zip(tape.operations, tape.operands, strict=True)
        ):
            if name in OPERATIONS and used[node]:
                depth[node] = 1 + max(depth[left], depth[right] if right != NONE else 0)
                groups.setdefault((depth[node], name), []).append(node)
        return [
            self._batch(name, nodes)
            for (_, name), nodes in sorted(groups.items(), key=lambda item: item[0][0])
        ]

    def _batch(self, name: str, nodes: list[int]) -> Batch:
        pairs = np.array([self.tape.operands[node] for node in nodes], dtype=np.int64)
        right = None if pairs[0, 1] == NONE else pairs[:, 1]
        return Batch(name, OPERATIONS[name], np.array(nodes, dtype=np.int64), pairs[:, 0], right)

    def play(self, values: Mapping[Cell, float]) -> tuple[NDArray[np.float64] | None, str]:
        """The wanted numbers for these values of the cells.

        None, with the reason, where a condition comes out otherwise or a number is no longer
        finite: then the program may have another shape and must be built anew.
        """
        numbers, reason = self.play_all(values)
        return (None if numbers is None else numbers[self.wanted]), reason

    def play_all(self, values: Mapping[Cell, float]) -> tuple[NDArray[np.float64] | None, str]:
        """The numbers of all nodes that count, as `play`; others keep the value first traced."""
        numbers = self._start.copy()
        numbers[self.inputs] = [values[cell] for cell in self.cells]
        with np.errstate(all="ignore"):
            for batch in self.batches:
                if batch.right is None:
                    numbers[batch.result] = batch.operate(numbers[batch.left])
                else:
                    numbers[batch.result] = batch.operate(numbers[batch.left], numbers[batch.right])
            for compare, left, right, answers in self._conditions:
                differs = compare(numbers[left], numbers[right]) != answers
                if differs.any():
                    first = int(np.flatnonzero(differs)[0])
                    return None, self._explain((int(left[first]), int(right[first])), numbers)
        if (np.isfinite(numbers) != np.isfinite(self._start)).any():
            return None, "a number that follows from the inputs is not finite"
        return numbers, ""

    @property
    def compared(self) -> NDArray[np.int64]:
        """Nodes that any condition compares."""
        sides = [side for _, left, right, _ in self._conditions for side in (left, right)]
        return np.unique(np.concatenate(sides))

    def find_even(self, numbers: NDArray[np.float64]) -> NDArray[np.int64]:
        """Nodes that a condition compares and finds equal: the least change may decide it."""
        sides = [
            np.concatenate([left[even], right[even]])
            for _, left, right, _ in self._conditions
            for even in [numbers[left] == numbers[right]]
        ]
        return np.unique(np.concatenate(sides))

    def _explain(self, nodes: tuple[int, int], numbers: NDArray[np.float64]) -> str:
        """Which changed cell decides a condition that came out otherwise."""
        left, right = nodes
        changed = numbers != self._start
        cell = next(find_sources(self.tape, (right, left), lambda node: bool(changed[node])), None)
        if cell is None:
            return "the shape of the program changed"
        table, key, column = cell
        where = f"{table}.{column}" if key is None else f"{table}.{column} of {name_row(key)}"
        return f"{where} decides which decisions and rules there are"
