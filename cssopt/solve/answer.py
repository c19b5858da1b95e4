"""What a solve is asked and what it answers, whatever the solver."""

from __future__ import annotations

import math
import numbers
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.solve.outcome import Status
from cssopt.solve.program import Floats

PROVEN_GAP = 1e-6
"""A plan is called optimal where its gap is proven to be no larger (relative)."""


TIMES, LEAST_PATIENCE = 7.0, 240.0
"""How long questions about a plan are asked: so many times as long as the plan took, so that a
command ends within ten times its plan; and at least so many seconds."""

NOT_ASKED = (
    "Not asked: the questions about this plan had taken as long as they may. Give the whole longer "
    "with --total-time; they are quicker with a gap, or with whole numbers relaxed."
)

CUT_OFF = (
    "What was asked had taken as long as it may before this was answered. Give the whole more time "
    "with --total-time, or allow a gap."
)


UNFINISHED = "the plan is that of the stage before"
"""Said of a plan where a limit came before all that is minimized was: it has the rest by chance."""


def is_unfinished(reason: str) -> bool:
    """True for what is said of a plan that a limit left as the stage before had it."""
    return UNFINISHED in reason


def is_left(reason: str) -> bool:
    """True for the reason of what was not asked, as there was no time."""
    return reason.startswith(NOT_ASKED)


def _is_number(value: object, least: float) -> bool:
    real = isinstance(value, numbers.Real) and not isinstance(value, bool)
    return real and math.isfinite(value) and value >= least  # type: ignore[arg-type,operator]


@dataclass(frozen=True, kw_only=True)
class Options:
    """Settings of a solve. Raises DataError for numbers that none of them can be.

    Attributes
    ----------
    gap: relative gap at which the search may stop.
    time_limit: seconds for all stages together; None for no limit.
    threads, seed: one thread and a fixed seed by default, so that a run repeats itself.
    keep_on_interrupt: Ctrl-C keeps the best plan found so far; False: it raises KeyboardInterrupt.
    log: file to which the solver appends its own log; None for none.
    feasibility: by how much an LP may break a bound or a row.
    solver: a solver that Pyomo reaches, in place of HiGHS, for plans (see `solve_elsewhere`).
    patience: seconds for all solves after the plan's own; None: `TIMES` those that the plan took,
        and at least `LEAST_PATIENCE`.
    until: when no further question is asked (`time.perf_counter`), set by `begin_questions`.
    doubts_denial: what HiGHS says first of there being no plan is found again in another way. False
        for one who finds out otherwise.
    """

    gap: float = 1e-7
    time_limit: float | None = None
    threads: int = 1
    seed: int = 0
    keep_on_interrupt: bool = True
    log: Path | None = None
    feasibility: float = 1e-9
    solver: str = ""
    patience: float | None = None
    until: float = math.inf
    doubts_denial: bool = True

    def __post_init__(self) -> None:
        issues = [
            Issue("E-110", option, f"{value!r} must be a number of at least {least}.")
            for option, value, least in (
                ("--gap", self.gap, 0),
                ("--time-limit", self.time_limit, 0),
                ("--total-time", self.patience, 0),
                ("--threads", self.threads, 1),
            )
            if value is not None and not _is_number(value, least)
        ]
        if issues:
            raise DataError(issues)

    def after(self, seconds: float) -> Options:
        """The options with what these seconds leave of the time limit."""
        if self.time_limit is None:
            return self
        return replace(self, time_limit=max(0.0, self.time_limit - seconds))

    def find_patience(self, seconds: float) -> float:
        """How long questions about a plan are asked that took so many seconds."""
        if self.patience is not None:
            return self.patience
        return max(LEAST_PATIENCE, TIMES * seconds)

    def begin_questions(self, seconds: float) -> Options:
        """The options for questions about a plan that took so many seconds."""
        until = time.perf_counter() + self.find_patience(seconds)
        return replace(self, until=min(self.until, until))

    def sharing(self, part: float) -> Options:
        """The options for one question of many, which takes no more than this part of what is left
        for all of them; as they are where nothing says when these end."""
        left = self.until - time.perf_counter()
        if math.isinf(left):
            return self
        own = max(0.0, part * left)
        return replace(
            self, time_limit=own if self.time_limit is None else min(own, self.time_limit)
        )

    @property
    def by_the_clock(self) -> Options:
        """The options with the time limit counted from now on, whenever the solve begins."""
        if self.time_limit is None:
            return self
        return replace(self, until=min(self.until, time.perf_counter() + self.time_limit))

    @property
    def is_over(self) -> bool:
        """True where no further question is asked."""
        return time.perf_counter() >= self.until


@dataclass(frozen=True)
class StageResult:
    """One stage: what was minimised, the value reached, its proven bound, its status, seconds."""

    name: str
    status: Status
    value: float
    bound: float
    seconds: float


@dataclass(frozen=True)
class Vertex:
    """Plan and duals of one stage of an LP, as the solver has them.

    Attributes
    ----------
    plan, columns: value and reduced cost of each column. rows: dual of each row, those that hold
        earlier stages last.
    scale: what the objective was multiplied by when it was solved; the duals are without it.
    """

    plan: Floats
    columns: Floats
    rows: Floats
    scale: float = 1.0


@dataclass(frozen=True)
class StageVertex:
    """Plan and duals of one stage of an LP with the stages before it held.

    Attributes
    ----------
    vertex: as the solver has it.
    rows: one dual per row of the program, with what earlier stages reach moving along where they
        are held exactly: of either sign where an earlier stage holds the row at its bound.
    is_low: True for rows whose dual is that of the lower bound.
    held: what one more on the limit of each hold of an earlier stage does, in the order of the
        stages; 0 where it is held exactly, as `rows` has that already.
    released: what one less on each hold would save where it is held exactly; else 0.
    rows_held, columns_held: duals of rows and reduced costs of columns with all that is held where
        it is.
    """

    vertex: Vertex
    rows: Floats
    is_low: NDArray[np.bool_]
    held: Floats
    released: Floats
    rows_held: Floats
    columns_held: Floats

    @property
    def plan(self) -> Floats:
        """One value per column."""
        return self.vertex.plan


AT_LOWER, BASIC, AT_UPPER = 0, 1, 2
"""Codes of a `Basis`, as HiGHS numbers them: a column or row at a bound, and one that is basic."""


@dataclass(frozen=True)
class Basis:
    """Which columns and rows are basic, and where the others stand.

    Attributes
    ----------
    columns, rows: one status per column and row.
    steps: what it cost to find an optimum of such a program from nothing, in steps of the simplex
        method near one; None where nobody knows.
    """

    columns: NDArray[np.int8]
    rows: NDArray[np.int8]
    steps: float | None = None


@dataclass(frozen=True)
class Weighted:
    """What stages come to together, and what it is at least in any plan.

    Attributes
    ----------
    weights: of the stages, in their order; that of the last one is 1.
    value, bound: the weighted sum in the plan, and its proven bound.
    """

    weights: tuple[float, ...]
    value: float
    bound: float

    @property
    def gap(self) -> float:
        """Distance of value and bound, relative to the value."""
        return relative_gap(self.value, self.bound)


@dataclass(frozen=True)
class Solved:
    """What the solver answered.

    Attributes
    ----------
    status: of the whole solve: the worst of its stages.
    values: one per column; None where there is no plan.
    figures: one per reported row of the program; None where there is no plan.
    row_prices: duals of the last stage, one per row; None where there is no plan or no price.
    column_prices: reduced costs likewise.
    prices_of: ``lp``, or ``fixed`` where they come from the LP with its whole numbers fixed.
    stages: one per stage run.
    bound, gap: proven bound of the last stage, and its relative distance from the value reached;
        inf where what an earlier stage holds is not proven, as the bound then is of another plan.
    message: what else is to be said.
    cancelled: True where Ctrl-C ended the solve.
    seconds: time inside the solver. solver: its name and version where it is not HiGHS.
    vertices, bases: plan and duals, and basis, of every stage of an LP.
    holders: by stage but the last, the optimum of the LP on whose face later stages stay where it
        is as good as the stage; None where a row holds it.
    unsettled: why, among equally good plans, this one may not be the one that is meant; empty
        where it is, or where that was not asked.
    iterations: steps of the simplex method, of the last run of each stage.
    rebuilds: why HiGHS began anew, where it could have gone on from what it held.
    weighted: all stages counted together, where a plan was sought part by part before any proof.
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
    bases: tuple[Basis | None, ...] = ()
    holders: tuple[Vertex | None, ...] = ()
    unsettled: str = ""
    rebuilds: tuple[str, ...] = ()
    weighted: Weighted | None = None
    solver: str = ""

    @property
    def seconds_inside_highs(self) -> float:
        """The seconds, none of them where another solver was asked."""
        return 0.0 if self.solver else self.seconds


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
        Status.NO_PLAN_YET,
        Status.UNBOUNDED,
        Status.INFEASIBLE,
        Status.ERROR,
    )
    return order.index(status)


def round_off(value: float) -> float:
    """How exactly what is held is proven, and held with whole numbers: 1e-9, or a 1e-12th."""
    return max(1e-9, 1e-12 * abs(value))


def is_proven(value: float, bound: float, *, held: bool) -> bool:
    """True where a value is proven to be the least: what later stages hold is proven exactly."""
    if held:
        return value - bound <= round_off(value)
    return relative_gap(value, bound) <= PROVEN_GAP


def relative_gap(value: float, bound: float) -> float:
    """Distance of value and bound, relative to the value; nan without a value."""
    if math.isnan(value) or math.isinf(bound) or math.isnan(bound):
        return math.nan if math.isnan(value) else math.inf
    return abs(value - bound) / max(1e-9, abs(value)) if abs(value - bound) > 1e-9 else 0.0
