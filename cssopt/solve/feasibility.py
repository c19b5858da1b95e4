"""Whether a program has a plan at all: found, or proven not to exist by a certificate."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from cssopt.solve.answer import Options
from cssopt.solve.integrality import fix_whole_numbers, optimise_exactly
from cssopt.solve.load import check_version
from cssopt.solve.outcome import Status
from cssopt.solve.program import Floats, Program, relax
from cssopt.solve.session import NO_ANSWER, LoadedProgram

LINEAR = "its linear relaxation"
WHOLE = "its whole numbers"
NO_DECISIONS = "a rule without decisions"

_M: Any = highspy.HighsModelStatus
_TOLERANCE = 1e-7
"""By which a plan may miss each row and each bound, as HiGHS takes it."""
_ROUNDING = 1e-9
"""Of sums that have to be 0 or less for a certificate; its prices are no larger than 1."""
_WHOLE_ENOUGH = 1e-9
"""Distance from a whole number at which a relaxed plan may be one of the program itself."""
_TOO_NEAR = "A plan misses the rules by so little that rounding decides whether there is one."
_TOO_LATE = "The time limit was reached before it was decided whether there is a plan."


@dataclass(frozen=True)
class Feasibility:
    """Whether a program has a plan.

    Attributes
    ----------
    status: ``feasible`` where a plan was found, ``infeasible`` where it is proven that there is
        none; anything else proves nothing.
    by: what decided it: its linear relaxation, its whole numbers or a rule without decisions.
    message: what else is to be said.
    seconds: that it took.
    """

    status: Status
    by: str
    message: str = ""
    seconds: float = 0.0


def find_feasibility(
    program: Program, options: Options, *, relaxed_only: bool = False
) -> Feasibility:
    """Look for any plan of a program, whatever it costs: the linear relaxation first.

    That the relaxation has none is told only with a certificate (Farkas, 1902) which holds in the
    numbers of the program as it was compiled; that its whole numbers have none only after a run of
    HiGHS without presolve. The limit of time counts for relaxation and whole numbers together.
    With `relaxed_only` a plan in fractions will do.
    """
    check_version()
    if program.trivially_infeasible:
        return Feasibility(Status.INFEASIBLE, NO_DECISIONS, program.trivially_infeasible)
    if not program.columns:
        return Feasibility(Status.FEASIBLE, LINEAR)
    relaxed = LoadedProgram(relax(program), options)
    status, message, plan = _decide_relaxed(relaxed)
    seconds = relaxed.seconds
    if status is not Status.FEASIBLE or relaxed_only or not program.is_whole:
        return Feasibility(status, LINEAR, message, seconds)
    chosen = plan[program.whole]
    loaded = LoadedProgram(program, options.after(seconds))
    near = np.abs(chosen - np.round(chosen)).max() <= _WHOLE_ENOUGH
    if near and fix_whole_numbers(loaded, plan):
        return Feasibility(Status.FEASIBLE, LINEAR, "", seconds + loaded.seconds)
    status, message = _decide_whole(loaded)
    return Feasibility(status, WHOLE, message, seconds + loaded.seconds)


def _decide_whole(loaded: LoadedProgram) -> tuple[Status, str]:
    status, _, _ = optimise_exactly(loaded)
    if status in (Status.OPTIMAL, Status.FEASIBLE):
        return Status.FEASIBLE, ""
    return status, _TOO_LATE if status in (
        Status.INTERRUPTED,
        Status.NO_PLAN_YET,
    ) else loaded.message


def _decide_relaxed(loaded: LoadedProgram) -> tuple[Status, str, Floats]:
    """Whether a program without whole numbers has a plan, and one where there is.

    Without an objective every basis is as good as any other to the dual simplex method, which may
    turn in circles (on the demo for minutes): after some steps the elastic program decides.
    """
    highs, nothing = loaded.highs, np.zeros(0)
    highs.setOptionValue("simplex_iteration_limit", sum(loaded.program.shape))
    model = _run(loaded)
    if model == _M.kOptimal:
        return Status.FEASIBLE, "", loaded.plan
    if loaded.out_of_time:
        return *_explain(loaded, _M.kTimeLimit), nothing
    highs.setOptionValue("simplex_iteration_limit", highspy.kHighsIInf)
    _stretch(loaded)
    model = _run(loaded)
    if model != _M.kOptimal:
        return *_explain(loaded, model), nothing
    plan = loaded.plan[: loaded.program.shape[1]]
    if _find_miss(loaded.program, plan) <= _TOLERANCE:
        return Status.FEASIBLE, "", plan
    if proves_infeasible(loaded.program, loaded.vertex.rows[: len(loaded.program.rows)]):
        return Status.INFEASIBLE, "", nothing
    return Status.ERROR, _TOO_NEAR, nothing


def find_certificate(program: Program, options: Options, steps: int) -> NDArray[np.int64]:
    """Rows whose prices prove that no plan keeps them all, whole numbers or not.

    None where there is a plan, or where nothing is proven after so many steps.
    """
    nothing = np.zeros(0, dtype=np.int64)
    loaded = LoadedProgram(relax(program), options)
    loaded.highs.setOptionValue("simplex_iteration_limit", steps)
    _stretch(loaded)
    if _run(loaded) != _M.kOptimal:
        return nothing
    prices = loaded.vertex.rows
    prices = np.where(np.abs(prices) > _ROUNDING, prices, 0.0)
    return np.flatnonzero(prices) if proves_infeasible(program, prices) else nothing


def _stretch(loaded: LoadedProgram) -> None:
    """Let every row be missed, at a price of 1, and switch presolve off.

    The elastic program (Brown and Graves, 1975; Chinneck, 2008) always has a plan; the prices of
    its rows, where that plan misses some, prove that the program itself has none.
    """
    highs, program = loaded.highs, loaded.program
    below = np.flatnonzero(program.row_lower > -math.inf)
    above = np.flatnonzero(program.row_upper < math.inf)
    rows = np.concatenate([below, above]).astype(np.int32)
    signs = np.concatenate([np.ones(len(below)), -np.ones(len(above))])
    count = len(rows)
    no_end = np.full(count, math.inf)
    starts = np.arange(count, dtype=np.int32)
    highs.addCols(count, np.ones(count), np.zeros(count), no_end, count, starts, rows, signs)
    highs.clearSolver()
    highs.setOptionValue("presolve", "off")


def _find_miss(program: Program, plan: Floats) -> float:
    """By how much a plan misses the row that it misses most."""
    sums = program.matrix @ plan
    short = np.maximum(program.row_lower - sums, sums - program.row_upper)
    return float(short.max(initial=0.0))


def proves_infeasible(program: Program, prices: Floats) -> bool:
    """True where prices of the rows prove that no plan keeps them, whole numbers or not.

    Each row times its price, positive for its lower and negative for its upper bound, adds up to
    one more inequality that every plan would keep. It is broken wherever the columns are within
    their bounds, by more than rows and columns that are missed by the tolerance could explain.
    """
    # A price for a bound that a row does not have is rounding, and counts for nothing.
    prices = np.where(np.isinf(program.row_lower), np.minimum(prices, 0.0), prices)
    prices = np.where(np.isinf(program.row_upper), np.maximum(prices, 0.0), prices)
    sums = program.matrix.T @ prices
    open_up, open_down = np.isinf(program.upper), np.isinf(program.lower)
    if (sums[open_up] > _ROUNDING).any() or (sums[open_down] < -_ROUNDING).any():
        return False
    least = _times(program.row_lower, np.maximum(prices, 0.0))
    least += _times(program.row_upper, np.minimum(prices, 0.0))
    most = _times(program.upper, np.where(open_up, 0.0, np.maximum(sums, 0.0)))
    most += _times(program.lower, np.where(open_down, 0.0, np.minimum(sums, 0.0)))
    slack = _TOLERANCE * float(np.abs(prices).sum() + np.abs(sums).sum())
    return float(least.sum() - most.sum()) > slack


def _times(bounds: Floats, weights: Floats) -> Floats:
    """Bounds times weights, 0 where the weight is: without it a missing bound would count."""
    return np.where(weights == 0.0, 0.0, bounds) * weights


def _run(loaded: LoadedProgram) -> Any:
    """Run HiGHS, and once more from nothing where it ended without having tried."""
    loaded.set_time_limit()
    model = loaded.run()
    if model not in NO_ANSWER:
        return model
    loaded.highs.clearSolver()
    loaded.set_time_limit()
    return loaded.run()


def _explain(loaded: LoadedProgram, model: Any) -> tuple[Status, str]:
    """What an ending is that decides nothing."""
    if model in (_M.kTimeLimit, _M.kInterrupt, _M.kHighsInterrupt):
        return Status.INTERRUPTED, _TOO_LATE
    return Status.ERROR, f"HiGHS says: {loaded.highs.modelStatusToString(model)}."
