"""What each ending of a run of HiGHS means: one table over all of its model statuses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

import highspy

from cssopt.solve.outcome import Status

_M: Any = highspy.HighsModelStatus


class Meaning(Enum):
    """What an ending says of the program, and so what may follow it."""

    OPTIMUM = "No plan is better, if HiGHS holds one that keeps the rules."
    LIMIT = "A limit came first."
    STOPPED = "HiGHS was told to stop."
    NO_PLAN = "There is no best plan; only a run without presolve is believed (DECISIONS.md)."
    SILENCE = "Nothing is told about the program: it is worth another run from nothing."
    UNUSABLE = "HiGHS lost its way, or ended as nobody asked: another method may do better."


@dataclass(frozen=True)
class Ending:
    """How a run of HiGHS ended.

    Attributes
    ----------
    model: HiGHS's model status.
    meaning: what it says of the program.
    with_plan, without_plan: our status where HiGHS holds a plan that keeps the rules, and where it
        holds none.
    is_read: True where the value of that plan and the proven bound may be read.
    """

    model: Any
    meaning: Meaning
    with_plan: Status
    without_plan: Status
    is_read: bool

    @property
    def is_optimum(self) -> bool:
        """True where HiGHS calls its plan the best."""
        return self.meaning is Meaning.OPTIMUM

    @property
    def was_told_to_end(self) -> bool:
        """True where Ctrl-C or the limit of time ended the run."""
        return self.meaning is Meaning.STOPPED or self.model == _M.kTimeLimit


_ROWS: tuple[tuple[Any, Meaning, Status, Status, bool], ...] = (
    (_M.kOptimal, Meaning.OPTIMUM, Status.OPTIMAL, Status.ERROR, True),
    (_M.kTimeLimit, Meaning.LIMIT, Status.FEASIBLE, Status.NO_PLAN_YET, True),
    (_M.kSolutionLimit, Meaning.LIMIT, Status.FEASIBLE, Status.NO_PLAN_YET, True),
    (_M.kObjectiveTarget, Meaning.LIMIT, Status.FEASIBLE, Status.NO_PLAN_YET, True),
    (_M.kInterrupt, Meaning.STOPPED, Status.INTERRUPTED, Status.INTERRUPTED, True),
    (_M.kHighsInterrupt, Meaning.STOPPED, Status.INTERRUPTED, Status.INTERRUPTED, True),
    (_M.kInfeasible, Meaning.NO_PLAN, Status.INFEASIBLE, Status.INFEASIBLE, False),
    (_M.kUnbounded, Meaning.NO_PLAN, Status.UNBOUNDED, Status.UNBOUNDED, False),
    (_M.kUnboundedOrInfeasible, Meaning.NO_PLAN, Status.UNBOUNDED, Status.UNBOUNDED, False),
    (_M.kNotset, Meaning.SILENCE, Status.ERROR, Status.ERROR, False),
    (_M.kSolveError, Meaning.SILENCE, Status.ERROR, Status.ERROR, False),
    (_M.kUnknown, Meaning.SILENCE, Status.ERROR, Status.ERROR, False),
    (_M.kIterationLimit, Meaning.UNUSABLE, Status.ERROR, Status.ERROR, False),
    (_M.kObjectiveBound, Meaning.UNUSABLE, Status.ERROR, Status.ERROR, False),
    (_M.kMemoryLimit, Meaning.UNUSABLE, Status.ERROR, Status.ERROR, False),
    (_M.kModelEmpty, Meaning.UNUSABLE, Status.ERROR, Status.ERROR, False),
    (_M.kLoadError, Meaning.UNUSABLE, Status.ERROR, Status.ERROR, False),
    (_M.kModelError, Meaning.UNUSABLE, Status.ERROR, Status.ERROR, False),
    (_M.kPresolveError, Meaning.UNUSABLE, Status.ERROR, Status.ERROR, False),
    (_M.kPostsolveError, Meaning.UNUSABLE, Status.ERROR, Status.ERROR, False),
)

ENDINGS: Mapping[Any, Ending] = {row[0]: Ending(*row) for row in _ROWS}
"""The ending by HiGHS's model status, for every one that there is."""

NOT_RUN, STOPPED, OUT_OF_TIME = (
    ENDINGS[model] for model in (_M.kNotset, _M.kInterrupt, _M.kTimeLimit)
)
"""Before any run; after Ctrl-C; after the limit of time."""
