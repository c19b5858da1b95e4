"""The command why: how a threat is covered in a year, what binds, and the next unit."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cssopt import api
from cssopt.cli.app import (
    AsJson,
    Book,
    Gap,
    Members,
    Models,
    StudyName,
    TimeLimit,
    app,
    make_teller,
    messages,
    print_json,
    results,
    split_names,
)
from cssopt.report.terminal import print_issues
from cssopt.report.why_terminal import print_why

Threat = Annotated[str, typer.Option("--threat", help="The threat, by its code.")]
Year = Annotated[int, typer.Option("--year", help="A year of the plan.")]
Step = Annotated[
    float,
    typer.Option("--step", min=1e-3, help="How much more of each need is asked for: power."),
]
Folder = Annotated[Path | None, typer.Option("--out", help="Folder. Default: reports/<book>-why.")]


@app.command()
def why(
    book: Book,
    threat: Threat,
    year: Year,
    step: Step = 1.0,
    study: StudyName = "pooled",
    members: Members = None,
    gap: Gap = api.DEFAULT_GAP,
    time_limit: TimeLimit = None,
    out: Folder = None,
    as_json: AsJson = False,
    models: Models = None,
) -> None:
    """Tell who covers a threat in a year, what binds, and what the next unit would cost."""
    case = api.load(book, models or ())
    print_issues(messages, case.warnings)
    api.check_threat(case, threat, year)
    with messages.status("reading") as line:
        tell = make_teller(line)
        names = split_names(members)
        base = api.solve(
            case, study, names, gap=gap, time_limit=time_limit, tell=tell, concessions=False
        )
        if not base.has_plan:
            text = f"There is no plan to explain. {base.status.sentence} {base.solved.message}"
            messages.print(text.strip(), markup=False)
            raise typer.Exit(base.status.exit_code)
        found = api.why(case, threat, year, base=base, step=step, tell=tell)
    path = (out or Path("reports") / f"{book.stem}-why") / "why.xlsx"
    options = {"threat": threat, "year": year, "step": step, "gap": gap, "time_limit": time_limit}
    api.report_why(case, found, path, options)
    if as_json:
        print_json(api.why_facts(found))
    else:
        print_why(results, base, found.tables, (threat, year))
    if found.untold:
        messages.print(f"Cells behind rules cannot be told: {found.untold}", markup=False)
    messages.print(f"Explanation: {path}", markup=False)
    raise typer.Exit(base.status.exit_code)
