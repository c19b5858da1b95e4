"""Whether a program has a plan at all: found, or proven not to exist by a certificate."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cssopt.solve.answer import Options
from cssopt.solve.certificate import ROUNDING, TOLERANCE, proves_infeasible
from cssopt.solve.endings import OUT_OF_TIME, Ending
from cssopt.solve.integrality import fix_whole_numbers, optimise_exactly
from cssopt.solve.outcome import Status
from cssopt.solve.program import Floats, Program, relax
from cssopt.solve.session import HighsSession, check_version

LINEAR = "its linear relaxation"
WHOLE = "its whole numbers"
NO_DECISIONS = "a rule without decisions"

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
    relaxed = HighsSession(relax(program), options)
    status, message, plan = _decide_relaxed(relaxed)
    seconds = relaxed.seconds
    if status is not Status.FEASIBLE or relaxed_only or not program.is_whole:
        return Feasibility(status, LINEAR, message, seconds)
    chosen = plan[program.whole]
    session = HighsSession(program, options.after(seconds))
    near = np.abs(chosen - np.round(chosen)).max() <= _WHOLE_ENOUGH
    if near and fix_whole_numbers(session, plan):
        return Feasibility(Status.FEASIBLE, LINEAR, "", seconds + session.seconds)
    status, message = _decide_whole(session)
    return Feasibility(status, WHOLE, message, seconds + session.seconds)


def _decide_whole(session: HighsSession) -> tuple[Status, str]:
    status, _, _ = optimise_exactly(session)
    if status in (Status.OPTIMAL, Status.FEASIBLE):
        return Status.FEASIBLE, ""
    if status in (Status.INTERRUPTED, Status.NO_PLAN_YET):
        return Status.NO_PLAN_YET, _TOO_LATE
    return status, session.message


def _decide_relaxed(session: HighsSession) -> tuple[Status, str, Floats]:
    """Whether a program without whole numbers has a plan, and one where there is.

    Without an objective every basis is as good as any other to the dual simplex method, which may
    turn in circles (on the demo for minutes): after some steps the elastic program decides.
    """
    nothing = np.zeros(0)
    session.limit_steps(sum(session.program.shape))
    ending = session.run_until_told()
    if ending.is_optimum:
        return Status.FEASIBLE, "", session.plan
    if session.out_of_time:
        return *_explain(session, OUT_OF_TIME), nothing
    session.limit_steps(None)
    _stretch(session)
    ending = session.run_until_told()
    if not ending.is_optimum:
        return *_explain(session, ending), nothing
    plan = session.plan[: session.program.shape[1]]
    if _find_miss(session.program, plan) <= TOLERANCE:
        return Status.FEASIBLE, "", plan
    if proves_infeasible(session.program, session.vertex.rows[: len(session.program.rows)]):
        return Status.INFEASIBLE, "", nothing
    return Status.ERROR, _TOO_NEAR, nothing


def find_certificate(program: Program, options: Options, steps: int) -> NDArray[np.int64]:
    """Rows whose prices prove that no plan keeps them all, whole numbers or not.

    None where there is a plan, or where nothing is proven after so many steps.
    """
    nothing = np.zeros(0, dtype=np.int64)
    session = HighsSession(relax(program), options)
    session.limit_steps(steps)
    _stretch(session)
    if not session.run_until_told().is_optimum:
        return nothing
    prices = session.vertex.rows
    prices = np.where(np.abs(prices) > ROUNDING, prices, 0.0)
    return np.flatnonzero(prices) if proves_infeasible(program, prices) else nothing


def _stretch(session: HighsSession) -> None:
    """Let every row be missed, at a price of 1, and switch presolve off.

    The elastic program (Brown and Graves, 1975; Chinneck, 2008) always has a plan; the prices of
    its rows, where that plan misses some, prove that the program itself has none.
    """
    program = session.program
    below = np.flatnonzero(program.row_lower > -math.inf)
    above = np.flatnonzero(program.row_upper < math.inf)
    signs = np.concatenate([np.ones(len(below)), -np.ones(len(above))])
    session.add_slack(np.concatenate([below, above]), signs)
    session.set_options({"presolve": "off"})


def _find_miss(program: Program, plan: Floats) -> float:
    """By how much a plan misses the row that it misses most."""
    sums = program.matrix @ plan
    short = np.maximum(program.row_lower - sums, sums - program.row_upper)
    return float(short.max(initial=0.0))


def _explain(session: HighsSession, ending: Ending) -> tuple[Status, str]:
    """What an ending is that decides nothing."""
    if ending.was_told_to_end:
        return Status.NO_PLAN_YET, _TOO_LATE
    return Status.ERROR, session.explain(ending)
