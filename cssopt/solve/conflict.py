"""Which rows of a program cannot be kept together, and the cells of the inputs behind them."""

from __future__ import annotations

from typing import Any

import highspy
import numpy as np

from cssopt.modeling.traced import INPUT, NONE, Cell, Tape
from cssopt.solve.answer import Options
from cssopt.solve.compile import Places
from cssopt.solve.feasibility import relax
from cssopt.solve.loaded import LoadedProgram
from cssopt.solve.program import Program

_STRATEGY: Any = highspy.IisStrategy
_IIS_SECONDS = 30.0
"""After which HiGHS gives up on an irreducible set: it is only where a search starts."""


def find_conflicting_rows(program: Program) -> tuple[int, ...]:
    """Rows of an irreducible infeasible set that HiGHS finds in the linear relaxation.

    None where the relaxation has a plan: the conflict is then one of whole numbers. The set is a
    place to start from, never a proof (by elastic filtering and deletion: Chinneck, 2008).
    """
    if program.never_holds or not program.columns:
        return ()
    highs = LoadedProgram(relax(program), Options()).highs
    strategy = int(_STRATEGY.kIisStrategyFromLp) | int(_STRATEGY.kIisStrategyIrreducible)
    highs.setOptionValue("iis_strategy", strategy)
    highs.setOptionValue("iis_time_limit", _IIS_SECONDS)
    status, found = highs.getIis()
    if status == highspy.HighsStatus.kError or not found.valid_:
        return ()
    return tuple(int(row) for row in found.row_index_)


def find_feeding_cells(
    program: Program, places: Places, tape: Tape, rows: tuple[int, ...]
) -> tuple[frozenset[Cell], frozenset[Cell]]:
    """Cells of the inputs from which the numbers of these rows follow, and of any row at all."""
    of_entry = np.repeat(np.arange(program.shape[0]), np.diff(program.matrix.indptr))
    row_of = np.concatenate(
        [
            of_entry[places.matrix.positions],
            places.row_lower.positions,
            places.row_upper.positions,
        ]
    )
    nodes = np.concatenate([places.matrix.nodes, places.row_lower.nodes, places.row_upper.nodes])
    chosen = nodes[np.isin(row_of, np.array(rows, dtype=np.int64))]
    inputs = (node for node, name in enumerate(tape.operations) if name == INPUT)
    cell_of = dict(zip(inputs, tape.cells, strict=True))
    return _trace(chosen.tolist(), tape, cell_of), _trace(nodes.tolist(), tape, cell_of)


def _trace(nodes: list[int], tape: Tape, cell_of: dict[int, Cell]) -> frozenset[Cell]:
    """The cells at the beginning of the arithmetic that leads to some nodes."""
    waiting, seen = list(nodes), {NONE}
    while waiting:
        node = waiting.pop()
        if node not in seen:
            seen.add(node)
            waiting += tape.operands[node]
    return frozenset(cell for node, cell in cell_of.items() if node in seen)
