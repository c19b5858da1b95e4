"""What whoever waits for a solve may see of it: how far HiGHS is, and HiGHS's own log.

Both cost nothing where nobody asks for them. They hold for the thread that solves (and the context
in which it was started), so that two scripts in one process never hear of each other.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from multiprocessing import parent_process
from pathlib import Path
from typing import Any

from cssopt.solve.answer import relative_gap


@dataclass(frozen=True)
class SolveState:
    """How far a run of HiGHS is.

    Attributes
    ----------
    about: what is minimized; empty where it has no name. seconds: since the run began.
    best, bound: value of the best plan so far, and what no plan can be below; nan where there is
        none yet. steps: of the simplex method or of interior point, in an LP.
    """

    about: str = ""
    seconds: float = 0.0
    best: float = math.nan
    bound: float = math.nan
    steps: int = 0

    @property
    def gap(self) -> float:
        """Distance of best and bound, relative to the best; nan where one of them is unknown."""
        return math.nan if math.isnan(self.bound) else relative_gap(self.best, self.bound)


Hear = Callable[[SolveState | None], None]
"""Hears how far a run of HiGHS is, some five times a second; None at its end."""

_hear: ContextVar[Hear | None] = ContextVar("hear", default=None)
_names: ContextVar[tuple[str, ...]] = ContextVar("names", default=())
_step: ContextVar[str] = ContextVar("step", default="")


def find_watcher() -> Hear | None:
    """Who hears of the runs that are begun here; None where nobody does."""
    return _hear.get()


@contextmanager
def watch(hear: Hear | None) -> Iterator[None]:
    """Let `hear` hear of every run of HiGHS in this block; of several the innermost does, and
    nobody where that is None.

    What processes of their own solve side by side is not heard of.
    """
    token, step = _hear.set(hear), _step.set("")
    try:
        yield
    finally:
        _hear.reset(token)
        _step.reset(step)


@contextmanager
def named(what: str) -> Iterator[None]:
    """Say what is solved in this block, for the heads of the log; an inner name stands behind."""
    token = _names.set((*_names.get(), what))
    try:
        yield
    finally:
        _names.reset(token)


def say_step(step: str) -> None:
    """Say which step of a question the runs that follow are, for the heads of the log."""
    _step.set(step)


def say_what(about: str) -> str:
    """What is solved here: the step of the question, for whom, and what is minimized."""
    return ": ".join(filter(None, [_step.get(), *_names.get(), about]))


class SolverLog:
    """HiGHS's own log, appended to a file, each run under a head that says what was solved.

    This process writes as HiGHS does, so that it can be followed; one of several side by side at
    the end of each run, so that the lines of two are never mixed. Raises OSError where it cannot be
    written; once a run has begun, what can no longer be written is left out.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._is_alone = parent_process() is None
        self._waiting: list[str] = []
        path.open("ab").close()

    def begin(self, what: str) -> None:
        """Write the head of a run."""
        now = datetime.now().astimezone().isoformat(sep=" ", timespec="seconds")
        self._waiting = [f"\n=== {now} {say_what(what)} ===\n"]
        if self._is_alone:
            self._write()

    def hear(self, event: Any) -> None:
        """Take a line from HiGHS, in whose thread nothing may be raised."""
        self._waiting.append(event.message)
        if self._is_alone:
            self._write()

    def end(self) -> None:
        """Write what is left of a run."""
        if self._waiting:
            self._write()

    def _write(self) -> None:
        with suppress(OSError), self._path.open("a", encoding="utf-8", errors="replace") as file:
            file.write("".join(self._waiting))
        self._waiting = []
