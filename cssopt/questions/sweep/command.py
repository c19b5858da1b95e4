"""The command sweep: many what-ifs, their results as one table, and what moves them most."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from cssopt.assembly.case import Case
from cssopt.assembly.study import DEFAULT_STUDY
from cssopt.questions.command import (
    AsJson,
    Book,
    Gap,
    Members,
    Models,
    PersistMost,
    PersistWeight,
    Processes,
    ScenarioFile,
    StudyName,
    TimeLimit,
    app,
    deliver,
    find_folder,
    find_persist,
    list_options,
    open_case,
    split_names,
    telling,
    was_given,
)
from cssopt.questions.number_options import number
from cssopt.questions.sweep import ask
from cssopt.questions.sweep.design import design_sweep
from cssopt.questions.sweep.terminal import print_sweep
from cssopt.render.progress import SweepProgress
from cssopt.render.screen import messages, results
from cssopt.render.terminal import print_issues
from cssopt.runs.cluster_address import doubt_address
from cssopt.runs.outcome import Run
from cssopt.runs.solve_case import DEFAULT_GAP
from cssopt.solve.outcome import Status

Vary = Annotated[
    list[str] | None,
    typer.Option(
        "--vary",
        help="What is varied: table[column=value].column*=0.8:1.4:0.1 (from, to, by), =1,2,4 (a "
        "list; two numbers as 1;2, for 1,2 could be a number), scenario=base,NAME. = sets, *= "
        "scales, += adds. Several make a full grid, whose last changes fastest. With --draws: a "
        "range, *=0.8..1.4. A point is the decimal mark.",
    ),
]
Points = Annotated[
    Path | None,
    typer.Option(
        "--points",
        help="A CSV file in place of --vary: above each column what is varied, such as "
        "requirements.level*, and a run in each row.",
    ),
]
Draws = Annotated[
    int | None,
    typer.Option(
        "--draws",
        **number(least=1, whole=True),
        help="So many random runs that cover the ranges evenly (Latin hypercube). Cells that hold "
        "whole numbers are drawn whole.",
    ),
]
Seed = Annotated[
    int,
    typer.Option(
        "--seed",
        **number(least=0, whole=True),
        help="Only with --draws: the same seed, the same runs.",
    ),
]
Folder = Annotated[
    Path | None, typer.Option("--out", help="Folder. Default: reports/<book>-sweep.")
]
Cluster = Annotated[
    str | None,
    typer.Option("--cluster", help="A Dask cluster that runs already, such as tcp://host:8786."),
]


class AuditedRuns(StrEnum):
    """Runs whose plans are audited."""

    sample = "sample"
    all = "all"


AuditRuns = Annotated[
    AuditedRuns,
    typer.Option(
        "--audit",
        help="Runs whose plans are audited, each rule and amount worked out again: a sample of one "
        "in a hundred, at least three, or all (a patched run then takes some twenty times as "
        "long). Of every run the rows of its program and the sums of its money are checked.",
    ),
]


@app.command()
def sweep(
    context: typer.Context,
    book: Book,
    vary: Vary = None,
    points: Points = None,
    draws: Draws = None,
    seed: Seed = 0,
    scenarios: ScenarioFile = None,
    persist: PersistWeight = None,
    most: PersistMost = None,
    study: StudyName = DEFAULT_STUDY,
    members: Members = None,
    gap: Gap = DEFAULT_GAP,
    time_limit: TimeLimit = None,
    processes: Processes = None,
    cluster: Cluster = None,
    audit: AuditRuns = AuditedRuns.sample,
    out: Folder = None,
    as_json: AsJson = False,
    models: Models = None,
) -> None:
    """Run many what-ifs and show what moves money and security most.

    Every finished run is kept at once: after an interruption the same command runs only the rest.
    """
    folder = find_folder(out, book, "sweep")
    case = open_case(context, book, models, "sweep", folder / "results.xlsx")
    given = seed if was_given(context, "seed") else None
    runs = design_sweep(
        case, vary or (), points=points, draws=draws, seed=given, scenarios=scenarios
    )
    chosen = {"study": study, "members": split_names(members)}
    doubts = doubt_address(cluster)
    print_issues(messages, doubts)
    how = {
        "gap": gap,
        "time_limit": time_limit,
        "processes": processes,
        "cluster": cluster,
        "audit": audit.value,
    }
    near = find_persist(persist, most)
    done = _run(case, runs, folder, as_json=as_json, persist=near, **chosen, **how)
    summary = ask.summarize_sweep(done.outcomes)
    options = list_options(context)
    deliver(
        "Results",
        lambda: ask.report_sweep(case, done, folder, options, doubts=doubts, tell=_say),
        as_json=as_json,
        facts=lambda: ask.sweep_facts(done, summary),
        table=lambda: print_sweep(results, done.base, summary, done.reused),
        audits=lambda: done.audits,
        status=Status.ERROR if summary.failed else Status.OPTIMAL,
    )


def _run(case: Case, runs: Sequence[Run], folder: Path, *, as_json: bool, **how: Any) -> ask.Sweep:
    """The sweep, told as it goes; ends the command where it is interrupted."""
    journal = folder / "journal.sqlite"
    progress = SweepProgress(len(runs))
    kept = partial(progress.tell_kept, journal)
    with telling(as_json=as_json, says=kept) as on_base, progress:
        return ask.sweep(
            case,
            runs,
            journal=journal,
            tell=progress.tell,
            on_base=on_base,
            on_outcome=progress.count,
            **how,
        )


def _say(text: str) -> None:
    messages.print(text, markup=False)
