"""The results of a sweep as files and as plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from cssopt.analysis.results_table import find_varied, tabulate_runs
from cssopt.analysis.runs import Outcome, Run
from cssopt.api.cases import Case
from cssopt.api.run_facts import describe_run
from cssopt.report.parquet import NO_PARQUET, can_write_parquet, write_parquet
from cssopt.report.sweep_book import write_sweep_book
from cssopt.report.sweep_summary import SweepSummary, summarize_runs
from cssopt.report.terminal import solution_facts
from cssopt.solution.plan import Solution
from cssopt.solution.run import Tell

Outcomes = Sequence[tuple[Run, Outcome]]


def report_sweep(
    case: Case,
    base: Solution,
    outcomes: Outcomes,
    folder: str | Path,
    options: Mapping[str, Any],
    *,
    tell: Tell,
) -> list[Path]:
    """Write ``results.xlsx`` and, where pyarrow is installed, ``runs.parquet``; their paths.

    `options` are those of the sweep, for the sheet Run. Where pyarrow is missing, `tell` says so.
    Raises ReportError where a file cannot be written; earlier files are then intact.
    """
    table = tabulate_runs(outcomes)
    facts = describe_run(case, base, options)
    paths = [Path(folder) / "results.xlsx"]
    write_sweep_book(paths[0], base, table, find_varied(run for run, _ in outcomes), facts)
    if can_write_parquet():
        paths.append(Path(folder) / "runs.parquet")
        write_parquet(paths[1], table)
    else:
        tell(NO_PARQUET)
    return paths


def summarize_sweep(outcomes: Outcomes) -> SweepSummary:
    """How the runs ended, and the ranges of their figures."""
    return summarize_runs(tabulate_runs(outcomes))


def sweep_facts(
    base: Solution, outcomes: Outcomes, summary: SweepSummary, reused: int
) -> dict[str, Any]:
    """A sweep as plain JSON values: the base plan, the summary, and every run with its figures."""
    return {
        "base": solution_facts(base),
        "summary": {**summary.facts(), "reused": reused},
        "runs": [
            {"run": run.name, "point": dict(run.point), **outcome.facts()}
            for run, outcome in outcomes
        ],
    }
