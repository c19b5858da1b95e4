"""How far a sweep is, in a few words: at every tenth of its runs, and every half minute."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Final

from cssopt.runs.outcome import Outcome, Run
from cssopt.solution.run import ProgressCallback
from cssopt.solve.outcome import Status

_TENTHS: Final = 10
_SILENCE: Final = 30.0
"""Seconds after which it is told how far it is, even if that is not far."""
_ANSWERS: Final = (Status.OPTIMAL, Status.FEASIBLE, Status.INFEASIBLE)


class RunCount:
    """Counts runs as they end, and tells it.

    Attributes
    ----------
    done: runs that have ended. failed: those without an answer. reused: those that an earlier
        sweep had finished; they say nothing about the time that the others take.
    """

    def __init__(self, total: int, tell: ProgressCallback) -> None:
        self.total, self.done, self.failed, self.reused = total, 0, 0, 0
        self._tell = tell
        self._begun = self._told_at = time.monotonic()

    def count(self, run: Run, outcome: Outcome, reused: bool) -> None:
        """Count a run that ended."""
        del run
        now = time.monotonic()
        if self.done == self.reused:
            # The clock of the time left begins with the runs that are really done.
            self._begun = now - outcome.seconds
        self.done += 1
        self.reused += reused
        self.failed += outcome.status not in _ANSWERS
        is_tenth = self.done * _TENTHS // self.total > (self.done - 1) * _TENTHS // self.total
        if is_tenth or now - self._told_at > _SILENCE:
            self._told_at = now
            self._tell(self.told)

    @property
    def told(self) -> str:
        """How far the sweep is."""
        failed = f", {self.failed:,} failed" if self.failed else ""
        return f"{self.done:,} of {self.total:,} runs{failed}{self._tell_time_left()}"

    def _tell_time_left(self) -> str:
        fresh = self.done - self.reused
        if fresh <= 0 or self.done >= self.total:
            return ""
        seconds = (time.monotonic() - self._begun) / fresh * (self.total - self.done)
        return f", about {timedelta(seconds=round(seconds))} left"
