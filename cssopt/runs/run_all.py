"""Many what-ifs: what the journal has is taken from it, the rest is run and written at once."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cssopt.runs.journal import Journal
from cssopt.runs.order import order_runs
from cssopt.runs.outcome import Outcome, Run, failed, leave
from cssopt.runs.pool import Lost, Pool
from cssopt.runs.specification import RunSpecification, fingerprint_run
from cssopt.runs.worker import Worker

OnOutcome = Callable[[Run, Outcome, bool], None]
"""Hears each run with its outcome, and whether it came from the journal."""

Runner = Callable[[Sequence[Run]], Iterator[tuple[Run, Outcome | Lost]]]
"""Does runs in any order, wherever they are done, and hands each back with what came of it."""


@dataclass(frozen=True)
class Done:
    """A sweep that has come to its end.

    Attributes
    ----------
    keys: of all runs, in their order; their outcomes stand in the journal.
    reused: how many were there before.
    """

    keys: tuple[str, ...]
    reused: int


def make_worker(
    specification: RunSpecification, folders: Sequence[Path]
) -> Callable[[Run], Outcome]:
    """What does the runs of a specification, in one process."""
    return Worker(specification, folders).run


def run_here(specification: RunSpecification, folders: Sequence[Path], processes: int) -> Runner:
    """Do runs on this machine, in so many processes."""
    return Pool(make_worker, (specification, tuple(folders)), processes).work


def run_all(
    specification: RunSpecification,
    folders: Sequence[Path],
    runs: Sequence[Run],
    journal: Journal,
    runner: Runner,
    on_outcome: OnOutcome = lambda _run, _outcome, _reused: None,
    until: float = math.inf,
) -> Done:
    """Do all runs that the journal does not have yet, and write each as it ends.

    Runs of the same steps are done once. Whatever interrupts it, what is written stays, and the
    same call does the rest. A run that is to be audited, and was not, is done again. What is not
    done by `until` (`time.perf_counter`) is left.
    """
    shared = specification.fingerprint(folders)
    keys = [fingerprint_run(shared, run) for run in runs]
    known = journal.find(keys)
    alike: dict[str, list[Run]] = {}
    for key, run in zip(keys, runs, strict=True):
        alike.setdefault(key, []).append(run)
    audited = {key for key, same in alike.items() if any(run.audited for run in same)}
    again = [key for key in alike if key in known and key in audited]
    known -= {
        key
        for key, outcome in zip(again, journal.read(again), strict=True)
        if outcome.has_plan and outcome.verdict is None
    }
    old = [key for key in alike if key in known]
    for key, outcome in zip(old, journal.read(old), strict=True):
        for run in alike[key]:
            on_outcome(run, outcome, True)
    todo = {
        key: replace(same[0], audited=key in audited)
        for key, same in alike.items()
        if key not in known
    }
    key_of = {id(run): key for key, run in todo.items()}
    missing = order_runs(list(todo.values()))

    def end(run: Run, outcome: Outcome) -> None:
        key = key_of.pop(id(run))
        journal.write(key, run, outcome)
        for same in alike[key]:
            on_outcome(same, outcome, False)

    if time.perf_counter() < until:
        for run, result in runner(missing):
            end(run, failed(result.reason, final=False) if isinstance(result, Lost) else result)
            if time.perf_counter() >= until:
                break
    for run in [run for run in missing if id(run) in key_of]:
        end(run, leave())
    return Done(tuple(keys), sum(key in known for key in keys))
