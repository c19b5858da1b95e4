"""The results of a sweep as files and as plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cssopt.assembly.case import Case
from cssopt.issues import Issue
from cssopt.questions.answers import BESIDE, describe_run, write_workbook
from cssopt.questions.sweep.ask import Sweep
from cssopt.questions.sweep.show import write_sweep_book
from cssopt.render.parquet import NO_PARQUET, can_write_parquet, write_parquet
from cssopt.render.place import OutputPlace
from cssopt.render.terminal import solution_facts
from cssopt.runs.outcome import Outcome, Run
from cssopt.runs.summary import SweepSummary, summarize_runs
from cssopt.runs.table import find_varied, tabulate_runs
from cssopt.solution.run import ProgressCallback

Outcomes = Sequence[tuple[Run, Outcome]]


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
