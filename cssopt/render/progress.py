"""How far a sweep is: a bar with the time left on a terminal, else a line every tenth."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Column

from cssopt.render.screen import messages, printable
from cssopt.runs.outcome import Outcome, Run
from cssopt.solve.outcome import Status

_TENTHS = 10
_ANSWERS = (Status.OPTIMAL, Status.FEASIBLE, Status.INFEASIBLE)


class SweepProgress:
    """Counts the runs of a sweep as they end, and tells it on standard error.

    Attributes
    ----------
    done: runs that have ended. failed: those without an answer. reused: those that an earlier
        sweep had finished; they say nothing about the time that the others take.
    """

    def __init__(self, total: int) -> None:
        self.total, self.done, self.failed, self.reused = total, 0, 0, 0
        self._begun = time.monotonic()
        self._bar = Progress(
            TextColumn("{task.description}", markup=False, table_column=Column(overflow="fold")),
            BarColumn(),
            TextColumn("{task.fields[told]}", markup=False),
            console=messages,
            disable=not messages.is_terminal,
        )
        self._task = self._bar.add_task("reading", total=total, told="")

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._bar.stop()

    def tell(self, step: str) -> None:
        """Tell what is being done, such as the base plan."""
        self._bar.update(self._task, description=printable(step, messages.encoding))
        if not messages.is_terminal:
            messages.print(step)

    def count(self, run: Run, outcome: Outcome, reused: bool) -> None:
        """Count a run that ended."""
        del run
        if self.done == self.reused:
            # The clock of the time left begins with the runs themselves, not with the base plan.
            self._begun = time.monotonic() - outcome.seconds
        self.done += 1
        self.reused += reused
        self.failed += outcome.status not in _ANSWERS
        self._bar.update(self._task, completed=self.done, description="runs", told=self.told)
        tenth = self.done * _TENTHS // self.total > (self.done - 1) * _TENTHS // self.total
        if tenth and not messages.is_terminal:
            messages.print(self.told)

    @property
    def told(self) -> str:
        """How far the sweep is, in a few words."""
        failed = f", {self.failed:,} failed" if self.failed else ""
        return f"{self.done:,} of {self.total:,} runs{failed}{self._time_left()}"

    def tell_kept(self, journal: Path, runs: str = "runs", does: str = "runs") -> str:
        """What the journal keeps of a sweep that is interrupted.

        `runs` and `does` are the words for what was counted and what the command does with it.
        """
        return (
            f"Interrupted after {self.done:,} of {self.total:,} {runs}. They are kept in "
            f"{journal}: the same command {does} only the rest."
        )

    def _time_left(self) -> str:
        fresh = self.done - self.reused
        if fresh <= 0 or self.done >= self.total:
            return ""
        seconds = (time.monotonic() - self._begun) / fresh * (self.total - self.done)
        return f", about {timedelta(seconds=round(seconds))} left"
