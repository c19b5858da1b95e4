"""What a little more room in a row would save, where a plan with so much more room confirms it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from cssopt.solution.price import ERRS
from cssopt.solve.answer import Options, Solved
from cssopt.solve.outcome import Status
from cssopt.solve.program import Program
from cssopt.solve.warm.carried_basis import BasisStart, CarriedBasis, find_start

SHOWN = 10
"""Rules with a price that a terminal shows: at least so many are confirmed."""

_MOST_ASKED = 200
_SMALL = 20_000
"""Columns up to which all are confirmed: 0.02 s each on the demo, of 2,461 columns."""
_WORK = 2e6
"""Solves times columns that rules are asked for with in a larger program."""

_STEP = 1e-3
"""The room that is tried: this share of the limit, and of 1."""
_TINY = 1e-9
_ROUNDING = 1e-9
"""Of an optimum, relative to its size."""


@dataclass(frozen=True)
class SlackPrice:
    """What one more unit of room in a row would save, million, at the security of the plan.

    Attributes
    ----------
    price: nan where it is not known. slack: how much more room it was found to hold for; what it
        tells of that errs by no more than a price may.
    """

    price: float = math.nan
    slack: float = math.nan


def fix_whole(program: Program, solved: Solved) -> Program:
    """The LP with the whole numbers of a plan, of which its prices are."""
    values = solved.values
    return program if values is None or not program.is_whole else program.fix_whole(values)


def confirm_prices(
    program: Program,
    solved: Solved,
    rows: Sequence[int],
    start: BasisStart,
    options: Options,
) -> Mapping[int, SlackPrice]:
    """The prices of these rows of a plan, the dearest by its duals confirmed first.

    In a large program only until enough are above 0, and none once the time of the options is over.
    `start` is that of the plan. Empty where the plan has no prices.
    """
    duals = solved.row_prices
    if duals is None:
        return {}
    found = dict.fromkeys(rows, SlackPrice())
    dear = sorted(rows, key=lambda row: -abs(float(duals[row])))
    # What the plan says to be worth nothing is worth nothing with more room too: it saves less.
    dear = [row for row in dear if abs(float(duals[row])) >= _TINY]
    nothing = {row: SlackPrice(0.0, math.inf) for row in set(rows) - set(dear)}
    if not dear:
        return nothing
    ask = _make_asker(program, solved, start, options)
    columns = len(program.columns)
    most = _MOST_ASKED if columns <= _SMALL else min(_MOST_ASKED, int(_WORK / columns))
    for row in dear[:most]:
        enough = sum(one.price > 0 for one in found.values()) >= SHOWN
        if (columns > _SMALL and enough) or options.is_over:
            break
        found[row] = ask(row)
    return found | nothing


def _make_asker(
    program: Program, solved: Solved, start: BasisStart, options: Options
) -> Callable[[int], SlackPrice]:
    """Tells the price of a row with a little more room."""
    duals = solved.row_prices
    assert duals is not None
    fixed = fix_whole(program, solved)
    if fixed is not program:
        start = find_start(fixed, solved, options)
    carried, last = CarriedBasis(fixed, start, options), len(program.stages) - 1
    value = solved.stages[-1].value

    def ask(row: int) -> SlackPrice:
        wider, more = _add_slack(fixed, row, duals[row])
        answer = carried.solve_stage(wider, last, start.limits)
        if answer.status is not Status.OPTIMAL or answer.row_prices is None:
            return SlackPrice()
        # The dual a step further on is that of the step, without dividing what it saves by it.
        price = abs(float(answer.row_prices[row]))
        price = 0.0 if price < _TINY else price
        saved, told = value - answer.stages[-1].value, price * more
        if abs(saved - told) > ERRS * told + _ROUNDING * max(1.0, abs(value)):
            return SlackPrice()
        return SlackPrice(price, more)

    return ask


def _add_slack(program: Program, row: int, dual: float) -> tuple[Program, float]:
    """The program with a little more room on the side of a row that the dual prices."""
    name = "row_lower" if dual > 0 else "row_upper"
    bounds = getattr(program, name).copy()
    step = _STEP * max(1.0, abs(float(bounds[row])))
    bounds[row] += -step if dual > 0 else step
    return replace(program, **{name: bounds}), step
