"""What a solve is asked and what it answers, whatever the solver."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path

from cssopt.solve.outcome import Status
from cssopt.solve.program import Floats

PROVEN_GAP = 1e-6
"""A plan is called optimal where its gap is proven to be no larger (relative)."""


@dataclass(frozen=True, kw_only=True)
class Options:
    """Settings of a solve.

    Attributes
    ----------
    gap: relative gap at which the search may stop.
    time_limit: seconds for all stages together; None for no limit.
    threads, seed: one thread and a fixed seed by default, so that a run repeats itself.
    keep_on_interrupt: Ctrl-C keeps the best plan found so far; False: it raises KeyboardInterrupt.
    log: file for the solver's own log; None for none.
    feasibility: by how much an LP may break a bound (the solver's own default).
    """

    gap: float = 1e-7
    time_limit: float | None = None
    threads: int = 1
    seed: int = 0
    keep_on_interrupt: bool = True
    log: Path | None = None
    feasibility: float = 1e-7

    def after(self, seconds: float) -> Options:
        """The options with what these seconds leave of the time limit."""
        if self.time_limit is None:
            return self
        return replace(self, time_limit=max(0.0, self.time_limit - seconds))


@dataclass(frozen=True)
class StageResult:
    """One stage: what was minimised, the value reached, its proven bound, its status, seconds."""

    name: str
    status: Status
    value: float
    bound: float
    seconds: float


@dataclass(frozen=True)
class StageVertex:
    """Plan and duals of one stage of an LP.

    Attributes
    ----------
    plan: one value per column. rows: one dual per row of the program.
    held: one dual per row that holds an earlier stage, in the order of the stages.
    """

    plan: Floats
    rows: Floats
    held: Floats


@dataclass(frozen=True)
class Solved:
    """What HiGHS answered.

    Attributes
    ----------
    status: of the whole solve: the worst of its stages.
    values: one per column; None where there is no plan.
    figures: one per reported row of the program; None where there is no plan.
    row_prices: duals of the last stage, one per row; None where there is no plan or no price.
    column_prices: reduced costs likewise.
    prices_of: ``lp``, or ``fixed`` where they come from the LP with its whole numbers fixed.
    stages: one per stage run.
    bound, gap: proven bound of the last stage, and its relative distance from the value reached.
    message: what else is to be said.
    cancelled: True where Ctrl-C ended the solve.
    seconds: time inside HiGHS.
    vertices: plan and duals of every stage, where an LP was solved by `Reoptimizer`.
    unsettled: why, among equally good plans, this one may not be the one that is meant; empty
        where it is, or where that was not asked.
    """

    status: Status
    values: Floats | None
    figures: Floats | None
    row_prices: Floats | None
    column_prices: Floats | None
    prices_of: str
    stages: tuple[StageResult, ...]
    bound: float
    gap: float
    message: str = ""
    seconds: float = 0.0
    iterations: int = 0
    limits: tuple[tuple[float, ...], ...] = ()
    cancelled: bool = False
    vertices: tuple[StageVertex, ...] = ()
    unsettled: str = ""


def without_plan(
    status: Status, stages: tuple[StageResult, ...], message: str, seconds: float
) -> Solved:
    """An answer without a plan."""
    return Solved(status, None, None, None, None, "", stages, math.nan, math.nan, message, seconds)


def severity(status: Status) -> int:
    """Order of statuses from best to worst."""
    order = (
        Status.OPTIMAL,
        Status.FEASIBLE,
        Status.INTERRUPTED,
        Status.UNBOUNDED,
        Status.INFEASIBLE,
        Status.ERROR,
    )
    return order.index(status)


def relative_gap(value: float, bound: float) -> float:
    """Distance of value and bound, relative to the value; nan without a value."""
    if math.isnan(value) or math.isinf(bound) or math.isnan(bound):
        return math.nan if math.isnan(value) else math.inf
    return abs(value - bound) / max(1e-9, abs(value)) if abs(value - bound) > 1e-9 else 0.0
