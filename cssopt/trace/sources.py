"""Cells of the inputs as sources: which of them may vary, and which of them made a number.

There is one walk back over a tape, from numbers to the cells that they were made from. Whoever asks
where a row of the program, a coefficient or the answer to a condition comes from takes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from cssopt.tables.data import Data
from cssopt.tables.spec import Table
from cssopt.trace.numbers import NONE, Cell, Tape


def may_vary(spec: Table, column: str) -> bool:
    """True where a column holds numbers that are no keys; whole ones count years or people."""
    return spec.column(column).kind == "number" and column not in spec.key


def find_cells(data: Data) -> list[Cell]:
    """Every cell whose number may differ between programs of one shape."""
    return [
        (name, key, column.name)
        for name, table in data.tables.items()
        for column in table.spec.columns
        if may_vary(table.spec, column.name)
        for key, value in table.columns[column.name].items()
        if isinstance(value, float)
    ]


def find_sources(
    tape: Tape, nodes: Iterable[int], counts: Callable[[int], bool] = lambda _node: True
) -> Iterator[Cell]:
    """The cells that the numbers at some nodes of a tape were made from, each once.

    They come node by node, those of a last operand first. Only nodes that count (`counts`) are
    followed.
    """
    seen = {NONE}
    for node in nodes:
        waiting = _take_new([node], seen, counts)
        while waiting:
            here = waiting.pop()
            if here in tape.cells:
                yield tape.cells[here]
            waiting += _take_new(tape.operands[here], seen, counts)


def _take_new(nodes: Iterable[int], seen: set[int], counts: Callable[[int], bool]) -> list[int]:
    new = [node for node in dict.fromkeys(nodes) if node not in seen and counts(node)]
    seen.update(new)
    return new
