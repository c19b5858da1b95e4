"""How far an optimum moves on with the bounds of rows before its basis changes: the ratio test.

Where only bounds move, reduced costs stay, and the basic variables move by ``inverse(B) @ b``: the
basis is optimal until the first of them meets a bound (Dantzig 1963; for a range in a parameter
Gass and Saaty 1955). On a degenerate basis that can be at once, though the price goes on: there
only a new solve tells. Later stages move along with the faces of those before them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cssopt.solve.answer import StageVertex
from cssopt.solve.holding import ACTIVE
from cssopt.solve.program import Floats, Program
from cssopt.solve.session import HighsSession

_NO_RATE = 1e-10
"""Of the largest rate: a variable that moves by less does not move."""


@dataclass(frozen=True)
class BasisRange:
    """How far bounds may move along a direction, in units of it, with the basis optimal.

    Attributes
    ----------
    low, high: the least and greatest multiple of it; 0 on a side where the basis ends at once.
    rises: of the value of each stage, per unit.
    """

    low: float
    high: float
    rises: Floats


def find_basis_range(
    sessions: Sequence[HighsSession],
    vertices: Sequence[StageVertex],
    lower: Floats,
    upper: Floats,
) -> BasisRange | None:
    """The range of the bases at which the stages of an LP ended, one session each.

    `lower`, `upper`: change of the bounds of each row, per unit. None where HiGHS has no basis
    factorized, or a row holds an earlier stage, whose limit moves too.
    """
    low, high, rises = -math.inf, math.inf, []
    if len(sessions) != len(vertices):
        return None
    for number, (session, vertex) in enumerate(zip(sessions, vertices, strict=True)):
        if session.program.held:
            return None
        moved = _move(session, number, vertex, lower, upper)
        if moved is None:
            return None
        own_low, own_high, rise = moved
        low, high = max(low, own_low), min(high, own_high)
        rises.append(rise)
    return BasisRange(low, high, np.array(rises))


def _move(
    session: HighsSession, number: int, priced: StageVertex, lower: Floats, upper: Floats
) -> tuple[float, float, float] | None:
    """Least and greatest multiple for one stage, and how much its value rises per unit."""
    program, plan = session.program, priced.vertex.plan
    reached = program.matrix @ plan
    fast = program.row_lower == program.row_upper
    along = np.where(priced.is_low, lower, upper)
    low, high = np.where(fast, along, lower), np.where(fast, along, upper)
    nearer = np.abs(reached - program.row_lower) <= np.abs(reached - program.row_upper)
    at = np.where(nearer, low, high)
    basic = session.basic
    if basic is None:
        return None
    is_row = basic < 0
    rows, columns = -1 - basic[is_row], basic[~is_row]
    at[rows] = 0.0
    rates = session.solve_basis(at)
    if rates is None:
        return None
    moves = np.zeros(len(plan))
    moves[columns] = rates[~is_row]
    row_moves = -rates[is_row]
    value = np.concatenate([plan[columns], reached[rows]])
    move = np.concatenate([moves[columns], row_moves])
    nothing = np.zeros(len(columns))
    slack = np.concatenate(
        [
            value - np.concatenate([program.lower[columns], program.row_lower[rows]]),
            np.concatenate([program.upper[columns], program.row_upper[rows]]) - value,
        ]
    )
    rate = np.concatenate(
        [
            move - np.concatenate([nothing, low[rows]]),
            np.concatenate([nothing, high[rows]]) - move,
        ]
    )
    least = _NO_RATE * max(float(np.abs(move).max(initial=0.0)), float(np.abs(at).max(initial=0.0)))
    slack = np.maximum(slack, 0.0)
    ends, starts = rate < -least, rate > least
    most = float((slack[ends] / -rate[ends]).min(initial=math.inf))
    fewest = -float((slack[starts] / rate[starts]).min(initial=math.inf))
    costs = program.row_of_figure(program.stages[number].row)
    return fewest, most, float(costs @ moves)


def keeps_prices(
    sessions: Sequence[HighsSession],
    vertices: Sequence[StageVertex],
    before: Program,
    after: Program,
) -> bool:
    """True where other coefficients, of rows and stages, change nothing but reduced costs of
    columns at 0, and none of them so much that it would leave its bound."""
    if len(sessions) != len(vertices):
        return False
    entries = np.flatnonzero(before.matrix.data != after.matrix.data)
    places = after.matrix.indices[entries]
    rows = np.searchsorted(after.matrix.indptr, entries, side="right") - 1
    more = after.matrix.data[entries] - before.matrix.data[entries]
    for number, (session, priced) in enumerate(zip(sessions, vertices, strict=True)):
        row = before.stages[number].row
        if before.offsets[row] != after.offsets[row]:
            return False
        costs = after.row_of_figure(row) - before.row_of_figure(row)
        if not len(entries) and not costs.any():
            continue
        vertex, program = priced.vertex, session.program
        rise = costs.copy()
        np.add.at(rise, places, -vertex.rows[rows] * more)
        touched = np.union1d(np.flatnonzero(costs), places)
        basic = session.basic
        if basic is None or np.isin(touched, basic).any():
            return False
        if (vertex.plan[touched] != 0).any() or (program.lower[touched] != 0).any():
            return False
        free = touched[program.upper[touched] > 0]
        least = np.minimum(vertex.columns[free], vertex.columns[free] + rise[free])
        if (least * vertex.scale <= ACTIVE).any():
            return False
    return True
