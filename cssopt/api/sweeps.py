"""Many what-ifs: solved, or taken from the journal where they were solved before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cssopt.analysis.brief import Brief, leave_open
from cssopt.analysis.journal import Journal
from cssopt.analysis.persistence import Persist, stay_near
from cssopt.analysis.runs import Outcome, Run
from cssopt.analysis.sweep import OnOutcome, Runner, run_all, run_here
from cssopt.api.cases import Case
from cssopt.api.verbs import DEFAULT_GAP, Solution, find_processes, solve
from cssopt.errors import SolveError
from cssopt.solution.run import Tell

_SILENT: Tell = lambda _step: None  # noqa: E731


@dataclass(frozen=True)
class Sweep:
    """A sweep that came to its end.

    Attributes
    ----------
    base: the plan of the inputs as they are.
    outcomes: every run with what came of it, in the order of the runs.
    reused: runs that the journal had already.
    """

    base: Solution
    outcomes: list[tuple[Run, Outcome]]
    reused: int


def sweep(
    case: Case,
    runs: Sequence[Run],
    study: str | Path = "pooled",
    members: Sequence[str | int] | None = None,
    *,
    journal: str | Path,
    gap: float = DEFAULT_GAP,
    time_limit: float | None = None,
    processes: int | None = None,
    cluster: str | None = None,
    persist: Persist | None = None,
    tell: Tell = _SILENT,
    on_outcome: OnOutcome = lambda _run, _outcome, _reused: None,
) -> Sweep:
    """Solve the base and every run; runs that the journal has are not solved again.

    Parameters
    ----------
    runs: as `design_sweep` makes them.
    journal: the SQLite file in which every finished run is written at once.
    gap, time_limit: of each run. processes: default one for each core where that pays (a script
        then needs the usual ``if __name__ == "__main__":``).
    cluster: address of a Dask cluster that does the runs in place of this machine.
    persist: keeps the plan of each run near the base plan.
    on_outcome: hears each run with its outcome, and whether it came from the journal.

    A run that fails is an outcome with its reason. Raises DataError for a wrong member or a base
    without a plan to stay near, ModelError for a wrong study, and SolveError where the journal or
    the cluster cannot be used.
    """
    tell("the base plan")
    base = solve(
        case,
        study,
        members,
        gap=gap,
        time_limit=time_limit,
        keep_on_interrupt=False,
        concessions=False,
    )
    near = stay_near(base.study, base, persist, case.folders)[1] if persist is not None else {}
    brief = Brief(
        data=case.data,
        study=str(study),
        members=leave_open(case.data, base.coalition),
        options=base.options,
        near=near,
    )
    with Journal(Path(journal)) as kept:
        workers = processes or find_processes(base, len(runs))
        runner = _find_runner(brief, case, workers, cluster)
        done = run_all(brief, case.folders, runs, kept, runner, on_outcome)
        outcomes = list(zip(runs, kept.read(done.keys), strict=True))
    return Sweep(base, outcomes, done.reused)


def _find_runner(brief: Brief, case: Case, processes: int, cluster: str | None) -> Runner:
    if cluster is not None:
        try:  # an extra: loaded where it is asked for
            from cssopt.analysis.cluster import run_on_cluster
        except ModuleNotFoundError as error:
            text = 'a sweep on a cluster needs Dask: pip install "cssopt[cluster]"'
            raise SolveError(f"{text} ({error})") from error
        return run_on_cluster(cluster, brief, case.folders)
    return run_here(brief, case.folders, processes)
