"""The command tipping: the values of one quantity at which the plan changes its structure."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cssopt.assembly.study import DEFAULT_STUDY
from cssopt.questions.command import (
    AsJson,
    Book,
    Gap,
    Members,
    Models,
    Patience,
    StudyName,
    TimeLimit,
    app,
    deliver,
    find_folder,
    find_worst,
    list_options,
    make_teller,
    open_case,
    split_names,
    telling,
)
from cssopt.questions.number_options import number
from cssopt.questions.tipping import ask
from cssopt.questions.tipping.terminal import print_tipping
from cssopt.render.screen import messages, results
from cssopt.runs.outcome import Outcome, Run
from cssopt.runs.solve_case import DEFAULT_GAP
from cssopt.solve.outcome import Status

Vary = Annotated[
    str,
    typer.Option(
        "--vary",
        help="What is varied, and its range: table[column=value].column*=0.5..2. = sets, *= "
        "scales, += adds.",
        show_default=False,
    ),
]
Points = Annotated[
    int,
    typer.Option(
        "--points", **number(least=2, whole=True), help="Of the coarse grid over the range."
    ),
]
Tolerance = Annotated[
    float,
    typer.Option(
        "--tolerance",
        **number(least=0, most=1, share=True),
        help="Width down to which each change is narrowed, as a share of the range.",
    ),
]
Ties = Annotated[
    bool,
    typer.Option(
        help="Solve the plan without each element that begins or ends, to tell ties from needs.",
    ),
]
Folder = Annotated[
    Path | None, typer.Option("--out", help="Folder. Default: reports/<book>-tipping.")
]


@app.command()
def tipping(
    context: typer.Context,
    book: Book,
    vary: Vary,
    points: Points = ask.GRID_POINTS,
    tolerance: Tolerance = ask.TIPPING_TOLERANCE,
    ties: Ties = True,
    study: StudyName = DEFAULT_STUDY,
    members: Members = None,
    gap: Gap = DEFAULT_GAP,
    time_limit: TimeLimit = None,
    patience: Patience = None,
    out: Folder = None,
    as_json: AsJson = False,
    models: Models = None,
) -> None:
    """Find the values of one quantity at which the plan changes its structure.

    A force is bought, a member stops delegating, a body is founded, a threat is no longer met.
    """
    path = find_folder(out, book, "tipping") / "tipping.xlsx"
    case = open_case(context, book, models, "tipping", path)
    with telling(as_json=as_json) as on_base, messages.status("reading") as line:
        found = ask.tipping(
            case,
            vary,
            study,
            split_names(members),
            points=points,
            tolerance=tolerance,
            ties=ties,
            gap=gap,
            time_limit=time_limit,
            patience=patience,
            tell=make_teller(line),
            on_base=on_base,
            on_run=lambda run, outcome: line.update(_tell_run(run, outcome)),
        )
    deliver(
        "Tipping points",
        lambda: ask.report_tipping(case, found, path, list_options(context)),
        as_json=as_json,
        facts=lambda: ask.tipping_facts(found),
        table=lambda: print_tipping(results, found.base, found.tables, found.label, found.note),
        audits=lambda: found.audits,
        status=find_worst(found.tables["runs"]["status"], Status.OPTIMAL),
    )


def _tell_run(run: Run, outcome: Outcome) -> str:
    values = ", ".join(f"{label} {value:.9g}" for label, value in run.point.items())
    return f"solve {run.name}: {values} {outcome.status}"
