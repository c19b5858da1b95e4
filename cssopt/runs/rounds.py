"""The parts of a search for whole numbers, worked on side by side (see `cssopt.solve.whole`)."""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import parent_process
from typing import Any

from cssopt import interrupt
from cssopt.runs.pool import PAUSE, Lost, Pool
from cssopt.solve.program import Floats
from cssopt.solve.whole.search import map_here, mapped_by
from cssopt.solve.whole.work import Task, improve


@contextmanager
def parts_side_by_side(processes: int | None) -> Iterator[None]:
    """Let searches by parts in this block work in so many processes; None: one for each core.

    They are started once a search needs them, and what is found is the same.
    """
    count = processes or os.cpu_count() or 1
    if count == 1 or parent_process() is not None:
        yield
        return
    crew = _Crew(count)
    try:
        with mapped_by(crew.work):
            yield
    finally:
        crew.end()


class _Crew:
    """Processes that wait for the next round; where one was lost, this one does the work alone."""

    def __init__(self, processes: int) -> None:
        self._processes = processes
        self._is_short = False
        self._waiting: list[Task] = []
        self._results: Generator[tuple[Task, Any], None, None] | None = None

    def work(self, tasks: Sequence[Task]) -> list[Floats | None]:
        """What is found in the parts of a round, in their order; KeyboardInterrupt at Ctrl-C."""
        if self._is_short:
            return map_here(tasks)
        found: dict[int, Floats | None] = {}
        self._waiting = list(tasks)
        try:
            with interrupt.calls(_raise):
                while len(found) < len(tasks):
                    if self._results is None:
                        count = min(self._processes, len(self._waiting))
                        self._results = Pool(_begin, (), count).work(self._feed())
                    if (ended := next(self._results, None)) is None:
                        self._results = None
                        continue
                    task, result = ended
                    if isinstance(result, Lost):
                        self._is_short, result = True, improve(task)
                    found[id(task)] = result
        except KeyboardInterrupt:
            self.end()
            raise
        return [found[id(task)] for task in tasks]

    def _feed(self) -> Iterator[Task]:
        while True:
            yield self._waiting.pop(0) if self._waiting else PAUSE

    def end(self) -> None:
        """End the processes."""
        if self._results is not None:
            self._results.close()
            self._results = None


def _raise() -> None:
    raise KeyboardInterrupt


def _begin() -> Any:
    return improve
