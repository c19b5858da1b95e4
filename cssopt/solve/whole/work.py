"""The runs of HiGHS that a search by parts makes, within its time and until Ctrl-C."""

from __future__ import annotations

import math
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from cssopt import interrupt
from cssopt.solve.answer import Options
from cssopt.solve.integrality import fix_whole_numbers
from cssopt.solve.outcome import Status
from cssopt.solve.program import Floats, Program, relax
from cssopt.solve.session import HighsSession
from cssopt.solve.watching import SolveState, watch
from cssopt.solve.whole.part import Mask, Part, Whole, aim
from cssopt.solve.whole.weights import Objective

NODES = 30
"""Nodes of a search in a part after which it ends with the best plan so far: a limit of work and
not of time, so that a run repeats itself."""

ROUGH, FINE = 1e-3, 1e-4
"""Gaps at which a search in a part may end: what it leaves is found again later."""

LARGE_ROOT = {"mip_lp_solver": "ipx"}
"""How the root of a large search is solved: the simplex method takes minutes where interior point
takes half of one."""

_LATE = 2.0
"""Seconds after its time that a proof beside the search is waited for: HiGHS looks at the clock
between rounds of cuts only (1.16.0: half a minute on a book of 12 members)."""


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

    def solve(self, program: Program) -> Floats | None:
        """The best plan of a program with fractions; None where that is not found."""
        session = self._solve_relaxed(program)
        return None if session is None else session.plan

    def relax(self, program: Program, objective: Objective) -> Relaxed | None:
        """What a program comes to with fractions allowed; None where that is not found."""
        begun = self.seconds
        session = self._solve_relaxed(aim(program, objective))
        if session is None:
            return None
        return Relaxed(session, session.plan, session.value, self.seconds - begun)

    def go_on(self, relaxed: Relaxed, objective: Objective) -> float:
        """The least of another objective, near the one that was found; -inf where it is not found.

        The optimum of all stages together is near that of the first one alone, as that counts far
        more than the others: its bound takes few more steps.
        """
        relaxed.session.set_costs(objective.costs, objective.constant)
        status, least, _ = relaxed.session.optimise(near=True, primal=True)
        self.cancelled = self.cancelled or relaxed.session.cancelled
        return least if status is Status.OPTIMAL else -math.inf

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
    session: that ended there. plan: the best one.
    value: what its stages come to together, which no plan with whole numbers is below.
    seconds: how long it took.
    """

    session: HighsSession
    plan: Floats
    value: float
    seconds: float


@dataclass(frozen=True)
class Task:
    """A part in which a better plan is sought, in this process or another one, to this gap or for
    so many nodes."""

    part: Part
    options: Options
    gap: float
    nodes: int = NODES


@dataclass(frozen=True)
class Proof:
    """The question how good the best plan can be: what the root of a search tells that begins at a
    plan of the program."""

    program: Program
    begin: Floats
    options: Options


class Crew(ABC):
    """Who works on a search by parts.

    Attributes
    ----------
    is_aside: True where a proof goes on beside the search; else it waits for the end.
    """

    is_aside: ClassVar[bool]

    @abstractmethod
    def work(self, tasks: Sequence[Task]) -> list[Floats | None]:
        """What is found in each part of a round, in their order; KeyboardInterrupt where Ctrl-C
        came meanwhile."""

    @abstractmethod
    def begin(self, proof: Proof) -> None:
        """Begin a proof, the only one of the search."""

    @property
    def known(self) -> float:
        """The bound of the proof that was begun; -inf until it has ended."""
        return -math.inf

    @property
    def so_far(self) -> float:
        """How far the proof that was begun has come: a bound that only its end confirms."""
        return self.known

    @abstractmethod
    def finish(self) -> float:
        """The bound of the proof that was begun, once it has ended; KeyboardInterrupt as `work`."""


class Alone(Crew):
    """One task after another in this process, then the proof."""

    is_aside = False

    _proof: Proof

    def work(self, tasks: Sequence[Task]) -> list[Floats | None]:
        """What is found in each part."""
        return [improve(task) for task in tasks]

    def begin(self, proof: Proof) -> None:
        """Keep a proof for the end."""
        self._proof = proof

    def finish(self) -> float:
        """The bound."""
        return prove(self._proof)


def improve(task: Task) -> Floats | None:
    """The best plan found in a part; None where none was found.

    It begins at the plan at hand where that is one with whole numbers. Raises KeyboardInterrupt at
    Ctrl-C.
    """
    program, begin = task.part.program, task.part.begin
    is_plan = bool((begin[program.whole] == np.round(begin[program.whole])).all())
    work = Work(task.options)
    found = work.search(program, begin if is_plan else None, gap=task.gap, nodes=task.nodes)
    if work.cancelled:
        raise KeyboardInterrupt
    return found


def prove(
    proof: Proof, *, is_aside: bool = False, tell: Callable[[float], None] = lambda _bound: None
) -> float:
    """What no plan can be below; -inf where nothing is found in time.

    `is_aside`: in a process that ends soon, where a run that does not listen may be left to itself.
    `tell` hears how far it has come.
    Raises KeyboardInterrupt at Ctrl-C.
    """
    session = HighsSession(proof.program, proof.options)
    session.set_options({"mip_max_nodes": 1, "mip_heuristic_effort": 0.0, **LARGE_ROOT})
    session.minimise(proof.program.stages[0])
    session.start_from(proof.begin)
    told = told_before = last = -math.inf

    def hear(state: SolveState | None) -> None:
        nonlocal told, told_before, last
        if state is None:
            # A run that follows another one is made because that is not believed.
            told, told_before = -math.inf, told
            return
        told = max(told, state.bound) if not math.isnan(state.bound) else told
        if told != last:
            tell(told)
            last = told
        if is_aside and time.perf_counter() > proof.options.until + _LATE:
            raise TimeoutError

    try:
        with watch(hear):
            _, _, bound = session.optimise()
    except TimeoutError:
        return told
    if session.cancelled:
        raise KeyboardInterrupt
    return told_before if math.isnan(bound) else max(told_before, bound)
