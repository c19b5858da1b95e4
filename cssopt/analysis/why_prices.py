"""What a little more room in a row would save: duals where they hold beyond the plan itself."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from cssopt.solve.answer import Options, Solved
from cssopt.solve.near import Neighbors, Start, find_start
from cssopt.solve.outcome import Status
from cssopt.solve.program import Program

SHOWN = 10
"""Rules with a price that a terminal shows: at least so many are confirmed."""

_MOST_ASKED = 200
_SMALL = 20_000
"""Columns up to which all are confirmed: 0.02 s each on the demo, of 2,461 columns."""

_STEP = 1e-3
"""The room that is tried: this share of the limit, and of 1."""
_TINY = 1e-9


@dataclass(frozen=True)
class RoomPrice:
    """What one more unit of room in a row would save, million.

    Attributes
    ----------
    price: confirmed with a little more room, or else the dual of the plan, which is at most what
        it is: where several duals are optimal, more room saves the least of them.
    is_confirmed: True where a plan with more room was solved, or nothing is less than the dual.
    """

    price: float
    is_confirmed: bool


def fix_whole(program: Program, solved: Solved) -> Program:
    """The LP with the whole numbers of a plan, of which its prices are."""
    values = solved.values
    if values is None or not program.whole.any():
        return program
    fixed = np.round(values)
    return replace(
        program,
        lower=np.where(program.whole, fixed, program.lower),
        upper=np.where(program.whole, fixed, program.upper),
        whole=np.zeros_like(program.whole),
    )


def confirm_prices(
    program: Program, solved: Solved, rows: Sequence[int], start: Start, options: Options
) -> Mapping[int, RoomPrice]:
    """The prices of these rows of a plan, the dearest confirmed first.

    In a large program only until enough remain above 0. `start` is that of the plan. Empty where
    the plan has no prices.
    """
    duals = solved.row_prices
    if duals is None:
        return {}
    own = {row: _whole_price(float(duals[row])) for row in rows}
    found = {row: RoomPrice(price, price == 0) for row, price in own.items()}
    dear = sorted((row for row in rows if found[row].price), key=lambda row: -found[row].price)
    if not dear:
        return found
    ask = _make_asker(program, solved, start, options)
    is_small = len(program.columns) <= _SMALL
    for row in dear[:_MOST_ASKED]:
        if (
            not is_small
            and sum(one.is_confirmed and one.price > 0 for one in found.values()) >= SHOWN
        ):
            break
        price = ask(row)
        if math.isfinite(price):
            found[row] = RoomPrice(min(price, found[row].price), True)
    return found


def _whole_price(dual: float) -> float:
    return 0.0 if abs(dual) < _TINY else abs(dual)


def _make_asker(
    program: Program, solved: Solved, start: Start, options: Options
) -> Callable[[int], float]:
    """Tells the price of a row with a little more room; nan where it cannot be told."""
    duals = solved.row_prices
    assert duals is not None
    fixed = fix_whole(program, solved)
    if fixed is not program:
        start = find_start(fixed, solved, options)
    neighbors, last = Neighbors(fixed, start, options), len(program.stages) - 1

    def ask(row: int) -> float:
        answer = neighbors.solve_stage(_with_room(fixed, row, duals[row]), last, start.limits)
        if answer.status is not Status.OPTIMAL or answer.row_prices is None:
            return math.nan
        # The dual a step further on is that of the step, without dividing what it saves by it.
        return _whole_price(float(answer.row_prices[row]))

    return ask


def _with_room(program: Program, row: int, dual: float) -> Program:
    """The program with a little more room on the side of a row that the dual prices."""
    name = "row_lower" if dual > 0 else "row_upper"
    bounds = getattr(program, name).copy()
    step = _STEP * max(1.0, abs(float(bounds[row])))
    bounds[row] += -step if dual > 0 else step
    return replace(program, **{name: bounds})
