"""The runs of HiGHS that a search by parts makes, within its time and until Ctrl-C."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass, replace

import numpy as np

from cssopt import interrupt
from cssopt.solve.answer import Options
from cssopt.solve.integrality import fix_whole_numbers
from cssopt.solve.outcome import Status
from cssopt.solve.program import Floats, Program, relax
from cssopt.solve.session import HighsSession
from cssopt.solve.whole.part import Mask, Part, Whole
from cssopt.solve.whole.weights import Objective

NODES = 30
"""Nodes of a search in a part after which it ends with the best plan so far: a limit of work and
not of time, so that a run repeats itself."""

ROUGH, FINE = 1e-3, 1e-4
"""Gaps at which a search in a part may end: what it leaves is found again later."""

LARGE_ROOT = {"mip_lp_solver": "ipx"}
"""How the root of a large search is solved: the simplex method takes minutes where interior point
takes half of one."""

_BETTER = 1e-7
"""A plan that is better by less (relative) is no better."""


class Work:
    """What is left of the time, for one run after another.

    Attributes
    ----------
    begun: since when its seconds count (`time.perf_counter`).
    cancelled: True once Ctrl-C has ended a run.
    """

    def __init__(self, options: Options) -> None:
        # Where a part has no plan is no news, so nobody need make sure of it.
        self._options = replace(options, log=None, doubts_denial=False)
        self.begun = time.perf_counter()
        self.cancelled = False

    @property
    def options(self) -> Options:
        """The options of the next run, with what is left of the time."""
        return self._options.after(self.seconds)

    @property
    def seconds(self) -> float:
        """Seconds since the work began."""
        return time.perf_counter() - self.begun

    @property
    def is_over(self) -> bool:
        """True where nothing more is begun."""
        return (
            self.cancelled
            or interrupt.came()
            or self._options.is_over
            or self.options.time_limit == 0
        )

    def search(
        self, program: Program, begin: Floats | None, *, gap: float, nodes: int = NODES
    ) -> Floats | None:
        """A plan with its whole numbers exactly whole; None where none was found."""
        session = HighsSession(program, replace(self.options, gap=gap))
        session.set_options({"mip_max_nodes": nodes})
        session.minimise(program.stages[0])
        if begin is not None:
            session.start_from(begin)
        _, value, _ = session.optimise()
        self.cancelled = self.cancelled or session.cancelled
        if math.isnan(value) or not fix_whole_numbers(session, session.plan):
            return None
        return session.plan

    def prove(
        self, program: Program, begin: Floats, options: Options
    ) -> tuple[Floats | None, float]:
        """What the root of a search tells, which begins at a plan: a better plan, if it finds one,
        and the bound."""
        session = HighsSession(program, options)
        session.set_options({"mip_max_nodes": 1, **LARGE_ROOT})
        session.minimise(program.stages[0])
        session.start_from(begin)
        known = float(program.figures_of(begin)[0])
        _, value, bound = session.optimise()
        self.cancelled = self.cancelled or session.cancelled
        bound = -math.inf if math.isnan(bound) else bound
        if not value < known - _BETTER * max(1.0, abs(known)):
            return None, bound
        plan = session.plan
        return session.plan if fix_whole_numbers(session, plan) else None, bound

    def solve(self, program: Program) -> Floats | None:
        """The best plan of a program with fractions; None where that is not found."""
        session = self._solve_relaxed(program)
        return None if session is None else session.plan

    def relax(self, program: Program, first: Objective) -> Relaxed | None:
        """What a program comes to with fractions allowed; None where that is not found.

        The optimum of all stages together is near that of the first one alone, as that counts far
        more than the others: its bound takes few more steps.
        """
        begun = self.seconds
        session = self._solve_relaxed(program)
        if session is None:
            return None
        seconds, plan, value = self.seconds - begun, session.plan, session.value
        session.set_costs(first.costs, first.constant)
        status, least, _ = session.optimise(near=True, primal=True)
        self.cancelled = self.cancelled or session.cancelled
        return Relaxed(plan, value, least if status is Status.OPTIMAL else -math.inf, seconds)

    def _solve_relaxed(self, program: Program) -> HighsSession | None:
        """A session that has just found the optimum with fractions; None where it did not."""
        session = HighsSession(relax(program), self.options)
        session.minimise(program.stages[0])
        status, _, _ = session.optimise()
        self.cancelled = self.cancelled or session.cancelled
        return session if status is Status.OPTIMAL else None

    def settle(self, whole: Whole, plan: Floats, free: Mask) -> Floats:
        """The plan with these decisions at their best, fractions allowed, all others as they are.

        Where that keeps not all rules, as few of them are missed as can be; where there is no time
        for it, the plan stays.
        """
        for elastic in (False, True):
            part = whole.cut_out(free, plan, elastic=elastic)
            found = self.solve(part.program)
            if found is not None:
                return part.put_back(found, plan)
            if self.is_over:
                break
        return plan


@dataclass(frozen=True)
class Relaxed:
    """A program with fractions allowed.

    Attributes
    ----------
    plan: the best one. value: what its stages come to together, which no plan with whole numbers is
        below. least: what the first stage is at least; -inf where that was not found.
    seconds: how long the plan took.
    """

    plan: Floats
    value: float
    least: float
    seconds: float


@dataclass(frozen=True)
class Task:
    """A part in which a better plan is sought, in this process or another one, to this gap."""

    part: Part
    options: Options
    gap: float


def improve(task: Task) -> Floats | None:
    """The best plan found in a part; None where none is better than the plan at hand.

    Raises KeyboardInterrupt at Ctrl-C.
    """
    program, begin = task.part.program, task.part.begin
    work = Work(task.options)
    found = work.search(program, begin, gap=task.gap)
    if work.cancelled:
        raise KeyboardInterrupt
    if found is None:
        return None
    costs = program.row_of_figure(0)
    gain = float(costs @ (begin - found))
    value = abs(float(costs @ begin) + float(program.offsets[0]))
    return np.asarray(found) if gain > _BETTER * max(1.0, value) else None
