"""Many what-ifs: solved, or taken from the journal where they were solved before."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Final, Literal

from cssopt.errors import SolveError
from cssopt.questions.sweep.result import Swept
from cssopt.runs.journal import Journal
from cssopt.runs.outcome import Run
from cssopt.runs.run_all import OnOutcome, Runner, run_all, run_here
from cssopt.runs.solve_case import Solution, case_of
from cssopt.runs.specification import RunSpecification
from cssopt.solution.near_plan import Persist, measure_base
from cssopt.solve.answer import Options

AuditChoice = Literal["sample", "all"]
SAMPLE: Final = "sample"
ALL: Final = "all"
_AUDITED, _LEAST_AUDITED = 0.01, 3
"""Share of the runs that a sample has, and the least number of them."""


def sweep_runs(
    base: Solution,
    runs: Sequence[Run],
    journal: Journal,
    options: Options,
    *,
    study: str | Path,
    processes: int = 1,
    cluster: str | None = None,
    persist: Persist | None = None,
    on_outcome: OnOutcome = lambda _run, _outcome, _reused: None,
) -> Swept:
    """Every run; those that the journal has are not solved again.

    Parameters
    ----------
    base: the plan of the inputs as they are. study: its name or its file.
    runs: as `design_sweep` makes them. journal: holds every finished run at once.
    options: of each run; none is begun once the time for all of them (``until``) is over.
    processes: side by side. cluster: address of a Dask cluster that does the runs in place of this
        machine.
    persist: keeps the plan of each run near the base plan.
    on_outcome: hears each run with its outcome, and whether it came from the journal.

    A run that fails is an outcome with its reason. Raises DataError for a base without a plan to
    stay near, and SolveError where the journal or the cluster cannot be used.
    """
    case = case_of(base)
    # A run is not told when all must end: it would be another one with each time to be had.
    alone = replace(options, until=math.inf, log=None if cluster else options.log)
    specification = RunSpecification(
        data=case.data,
        study=str(study),
        members=base.instance.members,
        options=alone,
        near={} if persist is None else measure_base(base, persist),
    )
    runner = _find_runner(specification, case.folders, processes, cluster)
    until = options.until
    done = run_all(specification, case.folders, runs, journal, runner, on_outcome, until)
    outcomes = list(zip(runs, journal.read(done.keys), strict=True))
    return Swept(base, outcomes, done.reused)


def choose_audited(runs: Sequence[Run], audit: AuditChoice = SAMPLE) -> list[Run]:
    """The runs, with those marked that are to be audited.

    Of a sample one in a hundred is, drawn at random but always the same, and at least three: an
    audit takes many times as long as a run that is patched.
    """
    count = len(runs)
    size = count if audit == ALL else min(count, max(_LEAST_AUDITED, round(count * _AUDITED)))
    chosen = set(Random(0).sample(range(count), size))
    return [replace(run, audited=place in chosen) for place, run in enumerate(runs)]


def _find_runner(
    specification: RunSpecification,
    folders: Sequence[Path],
    processes: int,
    cluster: str | None,
) -> Runner:
    if cluster is None:
        return run_here(specification, folders, processes)
    try:  # an extra: loaded where it is asked for
        from cssopt.runs.cluster import run_on_cluster
    except ModuleNotFoundError as error:
        text = f'a sweep on a cluster needs Dask: pip install "cssopt[cluster]" ({error})'
        raise SolveError(text) from error
    return run_on_cluster(cluster, specification, folders)
