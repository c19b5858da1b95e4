"""Many what-ifs: solved, or taken from the journal where they were solved before."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Final, Literal

from cssopt.assembly.case import Case
from cssopt.errors import SolveError
from cssopt.questions.common_options import NearBase
from cssopt.questions.question import Asking
from cssopt.questions.sweep.result import Swept
from cssopt.runs.journal import Journal
from cssopt.runs.outcome import Run
from cssopt.runs.run_all import OnOutcome, Runner, run_all, run_here
from cssopt.runs.specification import RunSpecification
from cssopt.solution.near_plan import measure_base

AuditChoice = Literal["sample", "all"]
SAMPLE: Final = "sample"
ALL: Final = "all"
_AUDITED, _LEAST_AUDITED = 0.01, 3
"""Share of the runs that a sample has, and the least number of them."""


def sweep_runs(
    asked: Asking,
    runs: Sequence[Run],
    journal: Journal,
    on_outcome: OnOutcome = lambda _run, _outcome, _reused: None,
    cluster: str | None = None,
) -> Swept:
    """Every run; those that the journal has are not solved again.

    Parameters
    ----------
    asked: the question; its options are those of each run, none of which is begun once the time for
        all is over. runs: as `design_sweep` makes them.
    journal: holds every finished run at once.
    on_outcome: hears each run with its outcome, and whether it came from the journal.
    cluster: address of a Dask cluster that does the runs in place of this machine.

    A run that fails is an outcome with its reason. Raises DataError for a base without a plan to
    stay near, and SolveError where the journal or the cluster cannot be used.
    """
    case, base, options, kind = asked.inputs, asked.base, asked.solver, asked.options
    near = kind.nearness if isinstance(kind, NearBase) else None
    # A run is not told when all must end: it would be another one with each time to be had.
    alone = replace(options, until=math.inf, log=None if cluster else options.log)
    held = {} if near is None else measure_base(base, near)
    specification = asked.specify(alone, near=held)
    if cluster is None:
        runner = run_here(specification, case.folders, asked.find_processes(len(runs)))
    else:
        runner = _run_on_cluster(specification, case, cluster)
    done = run_all(specification, case.folders, runs, journal, runner, on_outcome, options.until)
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


def _run_on_cluster(specification: RunSpecification, case: Case, address: str) -> Runner:
    try:  # an extra: loaded where it is asked for
        from cssopt.runs.cluster import run_on_cluster
    except ModuleNotFoundError as error:
        text = f'a sweep on a cluster needs Dask: pip install "cssopt[cluster]" ({error})'
        raise SolveError(text) from error
    return run_on_cluster(address, specification, case.folders)
