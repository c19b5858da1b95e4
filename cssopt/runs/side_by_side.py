"""The same work on many items, one process per core; what ends one item leaves the others alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from multiprocessing import active_children
from typing import Any, TypeVar

from cssopt import interrupt
from cssopt.runs.pool import Lost, give_up, open_pool, submit

Result = TypeVar("Result")

STOPPED = "not begun: the run was interrupted"


def work_side_by_side(
    work: Callable[[Any, Any], Result],
    shared: Any,
    items: Mapping[str, Any],
    processes: int,
    *,
    lost: Callable[[str, str], Result],
    stopped: Callable[[Result], bool],
    tell: Callable[[str], None],
) -> list[Result]:
    """``work(shared, item)`` of every item, in their order, by `processes` at a time.

    `shared` goes to each process once. `lost` gives the result of an item, by its name and the
    reason, whose process died or that an interruption came before; `stopped` tells whether a
    result was interrupted itself; `tell` hears the name of each item. The results of one process
    and of many are the same.
    """
    if processes <= 1 or len(items) <= 1:
        return _work_in_turn(work, shared, items, lost, stopped, tell)
    found: dict[str, Result] = {}
    alone = _work_in_pool(work, shared, items, found, processes, lost, tell)
    # A process that dies takes the pool with it. Whoever had no answer then is tried alone, so
    # that only the culprit is lost.
    for name in alone:
        if _work_in_pool(work, shared, {name: items[name]}, found, 1, lost, tell):
            found[name] = lost(name, Lost.reason)
    return [found[name] for name in items]


def _work_in_pool(
    work: Callable[[Any, Any], Result],
    shared: Any,
    items: Mapping[str, Any],
    found: dict[str, Result],
    processes: int,
    lost: Callable[[str, str], Result],
    tell: Callable[[str], None],
) -> Sequence[str]:
    """Gather results as they stand in order; the names of those whose process died.

    Ctrl-C ends all processes at once: what has no result by then is lost.
    """
    died: list[str] = []
    others = set(active_children())
    pool = open_pool(partial, (work, shared), min(processes, len(items)))
    futures: dict[str, Future[Result]] = {}
    try:
        interrupt.check()
        for name, item in items.items():
            futures[name] = submit(pool, item)
        _collect(futures, found, died, lost, tell)
        pool.shutdown()
    except BrokenProcessPool:  # while items were handed over
        return [name for name in items if name not in found]
    except KeyboardInterrupt:
        give_up(pool, others)
        for name in items:
            if name not in found:
                found[name] = lost(name, STOPPED)
        return ()
    return died


def _work_in_turn(
    work: Callable[[Any, Any], Result],
    shared: Any,
    items: Mapping[str, Any],
    lost: Callable[[str, str], Result],
    stopped: Callable[[Result], bool],
    tell: Callable[[str], None],
) -> list[Result]:
    found: list[Result] = []
    ended = False
    for name, item in items.items():
        if ended:
            found.append(lost(name, STOPPED))
            continue
        try:
            interrupt.check()
            tell(name)
            found.append(work(shared, item))
            ended = stopped(found[-1])
        except KeyboardInterrupt:
            found.append(lost(name, STOPPED))
            ended = True
    return found


def _collect(
    futures: Mapping[str, Future[Result]],
    found: dict[str, Result],
    died: list[str],
    lost: Callable[[str, str], Result],
    tell: Callable[[str], None],
) -> None:
    """Gather results as they stand in order, and the names of those whose process died."""
    for name, future in futures.items():
        try:
            found[name] = future.result()
            tell(name)
        except BrokenProcessPool:
            died.append(name)
        except Exception as error:  # what could not travel between processes
            found[name] = lost(name, f"{type(error).__name__}: {error}")
