"""Many what-ifs: solved, or taken from the journal where they were solved before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Any, Final, Literal

from cssopt.assembly.case import Case
from cssopt.assembly.instance import Instance
from cssopt.assembly.study import DEFAULT_STUDY
from cssopt.errors import SolveError
from cssopt.issues import Issue
from cssopt.questions.answers import BESIDE, describe_run, write_workbook
from cssopt.questions.sweep.show import write_sweep_book
from cssopt.render.parquet import NO_PARQUET, can_write_parquet, write_parquet
from cssopt.render.place import OutputPlace
from cssopt.render.terminal import solution_facts
from cssopt.runs.cluster_address import check_address
from cssopt.runs.journal import Journal
from cssopt.runs.outcome import Outcome, Run
from cssopt.runs.run_all import OnOutcome, Runner, run_all, run_here
from cssopt.runs.solve_case import DEFAULT_GAP, Solution, find_processes, solve_base
from cssopt.runs.specification import RunSpecification
from cssopt.runs.summary import SweepSummary, summarize_runs
from cssopt.runs.table import find_varied, tabulate_runs
from cssopt.solution.near_plan import Persist, measure_base
from cssopt.solution.run import OnBase, ProgressCallback, hear_nothing, tell_nothing
from cssopt.solution.verdicts import Audits

Outcomes = Sequence[tuple[Run, Outcome]]

AuditChoice = Literal["sample", "all"]
SAMPLE: Final = "sample"
ALL: Final = "all"
_AUDITED, _LEAST_AUDITED = 0.01, 3
"""Share of the runs that a sample has, and the least number of them."""
_SAMPLE = (
    "The runs were drawn at random. Of every run the rows of its program and the sums of its "
    "money were checked; --audit all audits every run."
)


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

    @property
    def audits(self) -> Audits:
        """The audits of the base plan, and of all runs that have a plan."""
        plans = [("the base plan", self.base.verdict)] if self.base.has_plan else []
        plans += [(f"run {run.name}", end.verdict) for run, end in self.outcomes if end.has_plan]
        unaudited = any(verdict is None for _, verdict in plans)
        return Audits.of(plans, _SAMPLE if unaudited else "")


def sweep(
    case: Case,
    runs: Sequence[Run],
    study: str | Path = DEFAULT_STUDY,
    members: Sequence[str | int] | None = None,
    *,
    journal: str | Path,
    gap: float = DEFAULT_GAP,
    time_limit: float | None = None,
    processes: int | None = None,
    cluster: str | None = None,
    persist: Persist | None = None,
    audit: AuditChoice = SAMPLE,
    tell: ProgressCallback = tell_nothing,
    on_base: OnBase = hear_nothing,
    on_outcome: OnOutcome = lambda _run, _outcome, _reused: None,
) -> Sweep:
    """Solve the base and every run; runs that the journal has are not solved again.

    Parameters
    ----------
    runs: as `design_sweep` makes them.
    journal: the SQLite file in which every finished run is written at once.
    gap, time_limit: of each run. processes: default one for each core where that pays (a script
        then needs the usual ``if __name__ == "__main__":``).
    cluster: address of a Dask cluster that does the runs in place of this machine; what
        `doubt_address` says of it, a script should tell its user.
    persist: keeps the plan of each run near the base plan.
    audit: which runs are audited: ``all``, or a ``sample`` (`choose_audited`). Of every run the
        rows of its program and the sums of its money are checked.
    on_base: hears the plan itself, before its questions are asked.
    on_outcome: hears each run with its outcome, and whether it came from the journal.

    A run that fails is an outcome with its reason. Raises DataError for a wrong member or a base
    without a plan to stay near, ModelError for a wrong study, and SolveError where the journal or
    the cluster cannot be used.
    """
    # What cannot be used is told before anything is solved.
    Instance.of(case, study, members)
    if cluster is not None:
        check_address(cluster)
    runs = choose_audited(runs, audit)
    with Journal(Path(journal)) as kept:
        base = solve_base(
            case,
            study,
            members,
            gap=gap,
            time_limit=time_limit,
            tell=tell,
            on_base=on_base,
        )
        near = {} if persist is None else measure_base(base, persist)
        specification = RunSpecification(
            data=case.data,
            study=str(study),
            members=base.instance.members,
            options=base.options,
            near=near,
        )
        workers = processes or find_processes(base, len(runs))
        runner = _find_runner(specification, case, workers, cluster)
        done = run_all(specification, case.folders, runs, kept, runner, on_outcome)
        outcomes = list(zip(runs, kept.read(done.keys), strict=True))
    return Sweep(base, outcomes, done.reused)


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
    specification: RunSpecification, case: Case, processes: int, cluster: str | None
) -> Runner:
    if cluster is not None:
        try:  # an extra: loaded where it is asked for
            from cssopt.runs.cluster import run_on_cluster
        except ModuleNotFoundError as error:
            text = f'a sweep on a cluster needs Dask: pip install "cssopt[cluster]" ({error})'
            raise SolveError(text) from error
        return run_on_cluster(cluster, specification, case.folders)
    return run_here(specification, case.folders, processes)


def report_sweep(
    case: Case,
    done: Sweep,
    folder: str | Path,
    options: Mapping[str, Any],
    *,
    doubts: Sequence[Issue] = (),
    tell: ProgressCallback,
) -> OutputPlace:
    """Write ``results.xlsx`` and, where pyarrow is installed, ``runs.parquet``; and say where (see
    `write_workbook`).

    `options` are those of the sweep, and `doubts` what `doubt_address` says of its cluster, for
    the sheet Run. Where pyarrow is missing, `tell` says so.
    """
    base, outcomes = done.base, done.outcomes
    table = tabulate_runs(outcomes)
    facts = describe_run(case, base, "sweep", options, doubts=doubts, audits=done.audits)
    table.attrs["run_id"] = facts.run_id

    def write(place: OutputPlace) -> None:
        varied = find_varied(run for run, _ in outcomes)
        write_sweep_book(place.path, base, table, varied, facts)
        if can_write_parquet():
            for name in BESIDE["sweep"]:
                write_parquet(place.beside(name), table)
        else:
            tell(NO_PARQUET)

    # The runs themselves are in the journal whatever happens.
    path = Path(folder) / "results.xlsx"
    return write_workbook(path, facts, write, lambda: summarize_runs(table).facts())


def summarize_sweep(outcomes: Outcomes) -> SweepSummary:
    """How the runs ended, and the ranges of their figures."""
    return summarize_runs(tabulate_runs(outcomes))


def sweep_facts(done: Sweep, summary: SweepSummary) -> dict[str, Any]:
    """A sweep as plain JSON values: the base plan, the summary, and every run with its figures."""
    return {
        **done.audits.facts(),
        "base": solution_facts(done.base),
        "summary": {**summary.facts(), "reused": done.reused},
        "runs": [
            {"run": run.name, "point": dict(run.point), **outcome.facts()}
            for run, outcome in done.outcomes
        ],
    }
