"""The same work on many items, one process per core; what ends one item leaves the others alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from typing import Any, TypeVar

from cssopt.analysis.crew import Lost, do_work, open_pool

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
    with open_pool(partial, (work, shared), min(processes, len(items))) as pool:
        futures = {name: pool.submit(do_work, item) for name, item in items.items()}
        alone = _collect(futures, found, lost, tell, pool)
    # A process that dies takes the pool with it. Whoever had no answer then is tried alone, so
    # that only the culprit is lost.
    for name in alone:
        with open_pool(partial, (work, shared), 1) as pool:
            future = {name: pool.submit(do_work, items[name])}
            if _collect(future, found, lost, tell, pool):
                found[name] = lost(name, Lost.reason)
    return [found[name] for name in items]


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
        tell(name)
        try:
            found.append(work(shared, item))
            ended = stopped(found[-1])
        except KeyboardInterrupt:
            found.append(lost(name, STOPPED))
            ended = True
    return found


def _collect(
    futures: Mapping[str, Future[Result]],
    found: dict[str, Result],
    lost: Callable[[str, str], Result],
    tell: Callable[[str], None],
    pool: ProcessPoolExecutor,
) -> Sequence[str]:
    """Gather results as they stand in order; the names of those whose process died."""
    died = []
    waiting = dict(futures)
    while waiting:
        name = next(iter(waiting))
        try:
            if waiting[name].cancelled():
                found[name] = lost(name, STOPPED)
            else:
                found[name] = waiting[name].result()
                tell(name)
            del waiting[name]
        except BrokenProcessPool:
            died.append(name)
            del waiting[name]
        except Exception as error:  # what could not travel between processes
            found[name] = lost(name, f"{type(error).__name__}: {error}")
            del waiting[name]
        except KeyboardInterrupt:
            # What runs is brought to its end by its own process; what waits is given up.
            pool.shutdown(wait=False, cancel_futures=True)
    return died
