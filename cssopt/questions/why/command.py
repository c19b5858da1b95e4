"""The command why: how a threat is covered in a year, what binds, and the next unit."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cssopt import interrupt
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
    list_options,
    make_teller,
    open_case,
    split_names,
    telling,
)
from cssopt.questions.number_options import number
from cssopt.questions.why import ask
from cssopt.questions.why.terminal import print_why
from cssopt.render.screen import messages, results
from cssopt.runs.solve_case import DEFAULT_GAP, solve

Threat = Annotated[str, typer.Option("--threat", help="The threat, by its code.")]
Year = Annotated[
    int, typer.Option("--year", **number(least=1, whole=True), help="A year of the plan.")
]
Step = Annotated[
    float,
    typer.Option(
        "--step", **number(least=1e-3), help="How much more of each need is asked for: power."
    ),
]
Folder = Annotated[Path | None, typer.Option("--out", help="Folder. Default: reports/<book>-why.")]


@app.command()
def why(
    context: typer.Context,
    book: Book,
    threat: Threat,
    year: Year,
    step: Step = 1.0,
    study: StudyName = DEFAULT_STUDY,
    members: Members = None,
    gap: Gap = DEFAULT_GAP,
    time_limit: TimeLimit = None,
    patience: Patience = None,
    out: Folder = None,
    as_json: AsJson = False,
    models: Models = None,
) -> None:
    """Tell who covers a threat in a year, what binds, and what the next unit would cost."""
    path = find_folder(out, book, "why") / "why.xlsx"
    case = open_case(context, book, models, "why", path)
    ask.check_threat(case, threat, year)
    with messages.status("reading") as line:
        tell = make_teller(line)
        names = split_names(members)
        base = solve(
            case,
            study,
            names,
            gap=gap,
            time_limit=time_limit,
            patience=patience,
            tell=tell,
            concessions=False,
        )
        if not base.has_plan:
            text = f"There is no plan to explain. {base.status.sentence} {base.solved.message}"
            messages.print(text.strip())
            raise typer.Exit(base.status.exit_code)
        with telling(as_json=as_json) as on_base:
            on_base(base)
            interrupt.check()
            found = ask.why(case, threat, year, base=base, step=step, tell=tell)
    if found.untold:
        messages.print(f"Cells behind rules cannot be told: {found.untold}")
    deliver(
        "Explanation",
        lambda: ask.report_why(case, found, path, list_options(context)),
        as_json=as_json,
        facts=lambda: ask.why_facts(found),
        table=lambda: print_why(results, found),
        audits=lambda: found.audits,
        status=base.status,
    )
