"""Where the time and the memory of a command go: by phase, and by run of the solver.

Nothing is measured unless someone records it (`recorded`): a phase then costs one look at a
variable of the context. What processes of their own do side by side is told as one sum.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any, Final, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")

SOLVER: Final = "HiGHS"
"""The phase of all runs of the solver."""

_STATUS: Final = Path("/proc/self/status")
_PEAK: Final = re.compile(rb"VmHWM:\s*(\d+) kB")


@dataclass
class Phase:
    """One phase, of all times that it came.

    Attributes
    ----------
    times: how often it came. seconds: of processor, those of phases within it included.
    raised: MB by which it raised the largest memory of the process until then; None where the
        system does not tell.
    """

    times: int = 0
    seconds: float = 0.0
    raised: float | None = None


@dataclass(frozen=True)
class SolverRun:
    """One run of the solver.

    Attributes
    ----------
    about: what was solved, and of what the objective is. method: as the solver was told.
    rows, columns, entries: the size of its program.
    simplex, interior_point, crossover, nodes: its steps.
    ended: how, in the words of the solver. seconds: of processor.
    """

    about: str
    method: str
    rows: int
    columns: int
    entries: int
    simplex: int
    interior_point: int
    crossover: int
    nodes: int
    ended: str
    seconds: float


@dataclass
class Profile:
    """What was measured since it was begun.

    Attributes
    ----------
    phases: by their path, ``("solve", "HiGHS")``, in the order in which they first came.
    parts: seconds of processor by hook and component, those of other parts within not included.
    runs: every run of the solver.
    """

    phases: dict[tuple[str, ...], Phase] = field(default_factory=dict)
    parts: dict[tuple[str, str], float] = field(default_factory=dict)
    runs: list[SolverRun] = field(default_factory=list)
    _path: tuple[str, ...] = ()
    _within: float = 0.0
    _begun: tuple[float, float] = field(
        default_factory=lambda: (time.process_time(), _find_others())
    )

    @classmethod
    def of_process(cls) -> Profile:
        """One that counts what the process has done by now as its start."""
        start = Phase(1, time.process_time(), find_peak())
        return cls({("start",): start}, _begun=(0.0, 0.0))

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Count a block to the phase of this name, within the one that is going on."""
        before, self._path = self._path, (*self._path, name)
        counted = self.phases.setdefault(self._path, Phase())
        # The memory first: to look it up is no part of the block.
        peak, seconds = find_peak(), time.process_time()
        try:
            yield
        finally:
            counted.times += 1
            counted.seconds += time.process_time() - seconds
            if peak is not None:
                # The system counts in batches: what it tells can fall by a little.
                raised = max(0.0, (find_peak() or peak) - peak)
                counted.raised = (counted.raised or 0.0) + raised
            self._path = before

    @contextmanager
    def part(self, hook: str, component: str) -> Iterator[None]:
        """Count a block to a hook of a component, without the parts within it."""
        outer, self._within = self._within, 0.0
        begun = time.process_time()
        try:
            yield
        finally:
            spent, place = time.process_time() - begun, (hook, component)
            self.parts[place] = self.parts.get(place, 0.0) + spent - self._within
            self._within = outer + spent

    @property
    def seconds(self) -> float:
        """Of processor, since it was begun."""
        return time.process_time() - self._begun[0]

    @property
    def seconds_of_others(self) -> float:
        """Of processor, in processes that this one started and that have ended."""
        return _find_others() - self._begun[1]

    @property
    def seconds_inside(self) -> float:
        """Of processor, in runs of the solver."""
        return sum(part.seconds for path, part in self.phases.items() if path[-1] == SOLVER)

    def facts(self) -> dict[str, Any]:
        """All of it as plain JSON values."""
        return {
            "seconds": round(self.seconds, 4),
            "seconds_inside_highs": round(self.seconds_inside, 4),
            "seconds_of_other_processes": round(self.seconds_of_others, 4),
            "peak_mb": _rounded(find_peak()),
            "phases": [
                {
                    "phase": list(path),
                    "times": part.times,
                    "seconds": round(part.seconds, 4),
                    "raised_mb": _rounded(part.raised),
                }
                for path, part in self.phases.items()
            ],
            "parts": [
                {"hook": hook, "component": component, "seconds": round(seconds, 4)}
                for (hook, component), seconds in self.parts.items()
            ],
            "highs_runs": [{**vars(run), "seconds": round(run.seconds, 4)} for run in self.runs],
        }


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, 1)


_profile: ContextVar[Profile | None] = ContextVar("profile", default=None)
_NOTHING: Final[AbstractContextManager[None]] = nullcontext()


@contextmanager
def recorded(profile: Profile | None = None) -> Iterator[Profile]:
    """Record the phases of a block, in this thread and the context in which it was started.

    `profile`: to go on with; by default a new one.
    """
    profile = profile or Profile()
    token = _profile.set(profile)
    try:
        yield profile
    finally:
        _profile.reset(token)


def find_profile() -> Profile | None:
    """What is being recorded; None where nothing is."""
    return _profile.get()


def phase(name: str) -> AbstractContextManager[None]:
    """Count a block to a phase, where that is recorded."""
    profile = _profile.get()
    return _NOTHING if profile is None else profile.phase(name)


def part(hook: str, component: str) -> AbstractContextManager[None]:
    """Count a block to a hook of a component, where that is recorded."""
    profile = _profile.get()
    return _NOTHING if profile is None else profile.part(hook, component)


def measured(name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Count every call of a function to a phase, where that is recorded."""

    def measure(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def call(*args: P.args, **named: P.kwargs) -> R:
            with phase(name):
                return function(*args, **named)

        return call

    return measure


def solver_run() -> AbstractContextManager[dict[str, Any] | None]:
    """Count a block as a run of the solver. What it gives takes the facts of a `SolverRun`, but for
    its seconds; None where nothing is recorded."""
    profile = _profile.get()
    return _NOTHING if profile is None else _record_run(profile)


@contextmanager
def _record_run(profile: Profile) -> Iterator[dict[str, Any] | None]:
    told: dict[str, Any] = {}
    with profile.phase(SOLVER):
        begun = time.process_time()
        yield told
        seconds = time.process_time() - begun
    profile.runs.append(SolverRun(**told, seconds=seconds))


def find_peak() -> float | None:
    """The largest memory that the process has had so far, MB; None where the system does not tell.

    That of `resource` is not asked on Linux: it begins with the memory of whoever started the
    process.
    """
    if _STATUS.exists():
        found = _PEAK.search(_STATUS.read_bytes())
        return int(found[1]) / 1024 if found else None
    if os.name != "posix":
        return None
    import resource

    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def _find_others() -> float:
    """Seconds of processor of processes that were started and have ended."""
    spent = os.times()
    return spent.children_user + spent.children_system
