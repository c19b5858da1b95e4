"""The parts of a search for whole numbers, worked on side by side (see `cssopt.solve.whole`)."""

from __future__ import annotations

import math
import os
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import parent_process
from typing import Any

from cssopt import interrupt
from cssopt.runs.pool import PAUSE, Lost, Pool, tell_meanwhile
from cssopt.solve.program import Floats
from cssopt.solve.whole.search import ROUND, worked_by
from cssopt.solve.whole.work import Alone, Crew, Proof, Task, improve, prove


@contextmanager
def parts_side_by_side(processes: int | None) -> Iterator[None]:
    """Let searches by parts in this block work in so many processes; None: one for each core.

    They are started once a search needs them, and the plan that is found is the same.
    """
    count = processes or os.cpu_count() or 1
    if count == 1 or parent_process() is not None:
        yield
        return
    crew = _Processes(min(count, ROUND + 1))
    try:
        with worked_by(crew):
            yield
    finally:
        crew.close()


class _Processes(Crew):
    """Processes that wait for the next round; where one was lost, this one does the work alone."""

    is_aside = True

    def __init__(self, processes: int) -> None:
        self._processes = processes
        self._is_short = False
        self._waiting: list[Task | Proof] = []
        self._results: Generator[tuple[Task | Proof, Any], None, None] | None = None
        self._proof: Proof | None = None
        self._bound: float | None = None
        self._so_far = -math.inf

    def work(self, tasks: Sequence[Task]) -> list[Floats | None]:
        """What is found in the parts of a round, in their order; KeyboardInterrupt at Ctrl-C."""
        if self._is_short:
            return Alone().work(tasks)
        found: dict[int, Floats | None] = {}
        self._waiting += tasks
        with self._interruptible():
            while len(found) < len(tasks):
                ended = self._next()
                if ended is None:
                    continue
                task, result = ended
                if isinstance(result, Lost):
                    self._is_short, result = True, improve(task)
                found[id(task)] = result
        return [found[id(task)] for task in tasks]

    def begin(self, proof: Proof) -> None:
        """Let one of the processes work on a proof, and the others on rounds."""
        self._proof, self._bound, self._so_far = proof, None, -math.inf
        self._waiting.append(proof)

    @property
    def known(self) -> float:
        """The bound of the proof that was begun; -inf until it has ended."""
        return -math.inf if self._bound is None else self._bound

    @property
    def so_far(self) -> float:
        """What the process that works on the proof has told of its bound."""
        return self._so_far if self._bound is None else self._bound

    def finish(self) -> float:
        """The bound; -inf where the proof was lost with its process."""
        with self._interruptible():
            while self._bound is None:
                self._next()
        return self._bound

    def _next(self) -> tuple[Task, Any] | None:
        """A task and its result; None for anything else that comes of the processes."""
        if self._results is None:
            # What was lost is done here at once, and not after all others: one may be a proof.
            pool = Pool(_begin, (), self._processes, tries_again=False)
            self._results = pool.work(self._feed(), hear=self._hear)
        ended = next(self._results, None)
        if ended is None:
            self._results = None
            return None
        what, result = ended
        if isinstance(what, Proof):
            if what is self._proof:
                self._bound = -math.inf if isinstance(result, Lost) else result
            return None
        return what, result

    def _hear(self, what: Task | Proof, told: float) -> None:
        if what is self._proof:
            self._so_far = told

    @contextmanager
    def _interruptible(self) -> Iterator[None]:
        try:
            with interrupt.calls(_raise):
                yield
        except KeyboardInterrupt:
            self.close()
            raise

    def _feed(self) -> Iterator[Task | Proof]:
        while True:
            yield self._waiting.pop(0) if self._waiting else PAUSE

    def close(self) -> None:
        """End the processes."""
        self._waiting.clear()
        if self._results is not None:
            self._results.close()
            self._results = None


def _raise() -> None:
    raise KeyboardInterrupt


def _begin() -> Any:
    return _work_on


def _work_on(what: Task | Proof) -> Any:
    if isinstance(what, Proof):
        return prove(what, is_aside=True, tell=tell_meanwhile)
    return improve(what)
