"""Processes side by side, each with something of its own that it prepares once."""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Collection, Generator, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import active_children, get_context, parent_process
from multiprocessing.connection import wait as wait_for
from typing import Any, Generic, TypeVar

from cssopt import interrupt

Item = TypeVar("Item")
Result = TypeVar("Result")

_AHEAD = 4
"""Items per process that are handed over before they are due."""

_TRIALS = 2
"""Processes that an item is given to itself before it is held to be what ends them."""


class Lost:
    """In place of a result: the processes of this item died without an answer."""

    reason = (
        "its process ended without an answer, which is most often a lack of memory; "
        "try it by itself, with one process"
    )


class Pool(Generic[Item, Result]):
    """Does the same work on many items, one process per core, in the order of their ends.

    `begin` makes in each process what does the work: ``begin(*arguments)(item)``. Memory stays the
    same however many items there are. A process that dies takes none but its own item with it.
    When this process dies, by whatever kill, the others end too.
    """

    def __init__(
        self,
        begin: Callable[..., Callable[[Item], Result]],
        arguments: tuple[Any, ...],
        processes: int,
    ) -> None:
        self._begin = begin
        self._arguments = arguments
        self._processes = processes

    def work(self, items: Iterable[Item]) -> Generator[tuple[Item, Result | Lost], None, None]:
        """Each item with its result. Ending the iteration early ends the processes at once."""
        if self._processes <= 1:
            work = self._begin(*self._arguments)
            for item in items:
                yield item, work(item)
            return
        waiting = iter(items)
        while True:
            suspects = yield from self._work_in(waiting, self._processes)
            if not suspects:
                return
            # Which of them ended its process is not known: each is tried alone.
            for item in suspects:
                for _ in range(_TRIALS):
                    died = yield from self._work_in(iter([item]), 1)
                    if not died:
                        break
                else:
                    yield item, Lost()

    def _work_in(
        self, waiting: Iterator[Item], processes: int
    ) -> Generator[tuple[Item, Result | Lost], None, list[Item]]:
        """Work in one pool; returns the items under way where one of its processes died."""
        interrupt.check()
        others = set(active_children())
        pool = open_pool(self._begin, self._arguments, processes)
        under_way: dict[Future[Result], Item] = {}
        done: deque[Future[Result]] = deque()
        ended = False
        try:
            while True:
                while len(under_way) < _AHEAD * processes:
                    item = next(waiting, _NOTHING)
                    if item is _NOTHING:
                        break
                    try:
                        under_way[submit(pool, item)] = item
                    except BrokenProcessPool:
                        return [*under_way.values(), item]
                if not under_way:
                    ended = True
                    return []
                done.extend(wait(under_way, return_when=FIRST_COMPLETED).done)
                while done:
                    result = done[0].result()
                    item = under_way.pop(done.popleft())
                    yield item, result
        except BrokenProcessPool:
            ended = True
            return list(under_way.values())
        finally:
            if ended:
                pool.shutdown(cancel_futures=True)
            else:
                give_up(pool, others)


_NOTHING: Any = object()
_worker: list[Callable[[Any], Any]] = []
"""In a process of a crew: what does its work."""


def open_pool(
    begin: Callable[..., Callable[[Any], Any]], arguments: tuple[Any, ...], processes: int
) -> ProcessPoolExecutor:
    """Processes in each of which `do_work` does what ``begin(*arguments)`` made."""
    # Spawned, not forked: a fork would copy the solver's threads in the middle of their work.
    return ProcessPoolExecutor(processes, get_context("spawn"), _prepare, (begin, arguments))


def submit(pool: ProcessPoolExecutor, item: Any) -> Future[Any]:
    """Hand an item to a pool; MemoryError where the system gives it no process.

    Ctrl-C reaches every process of a terminal, while they start too; this one answers for all.
    """
    with interrupt.kept_from_children():
        try:
            return pool.submit(do_work, item)
        except BrokenProcessPool:
            raise
        except (OSError, RuntimeError) as error:
            raise MemoryError(f"{error}") from error


def give_up(pool: ProcessPoolExecutor, others: Collection[Any]) -> None:
    """End the processes of a pool at once, whatever they do; `others` are no part of it."""
    for child in set(active_children()) - set(others):
        child.kill()
    pool.shutdown(wait=False, cancel_futures=True)


def do_work(item: Any) -> Any:
    """In a process of a pool: the item's result."""
    return _worker[0](item)


def _prepare(begin: Callable[..., Callable[[Any], Any]], arguments: tuple[Any, ...]) -> None:
    for number in set(interrupt.SIGNALS) - {signal.SIGTERM}:
        signal.signal(number, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        _worker[:] = [begin(*arguments)]
    except Exception as error:  # told by the first item, in its own words
        _worker[:] = [_Refusal(error)]


class _Refusal:
    """In place of what does the work, where it could not be prepared: says why."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def __call__(self, item: object) -> None:
        raise self._error


def _end_with_parent() -> None:
    """End this process as soon as the one that started it has ended, in whatever way."""
    parent = parent_process()
    if parent is not None:
        wait_for([parent.sentinel])
        os._exit(1)
