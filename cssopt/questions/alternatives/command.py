"""The command alternatives: what is certain near the least cost, and what is a free choice."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cssopt.assembly.study import DEFAULT_STUDY
from cssopt.questions.alternatives import ask
from cssopt.questions.alternatives.result import VERDICTS
from cssopt.questions.alternatives.terminal import print_alternatives
from cssopt.questions.command import (
    WRONG_CALL,
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
    open_case,
    split_names,
    telling,
)
from cssopt.questions.number_options import number
from cssopt.render.screen import messages, results
from cssopt.runs.solve_case import DEFAULT_GAP
from cssopt.tables.convert import quote

_WITHIN = ",".join(map(str, ask.WITHIN))

Within = Annotated[
    str,
    typer.Option(
        "--within",
        help="How much more than the least may be spent, as shares: 0.02, or 0.01,0.02,0.05.",
    ),
]
Plans = Annotated[
    int,
    typer.Option(
        "--plans",
        **number(least=0, most=1_000, whole=True),
        help="Most plans that differ most, for each share.",
    ),
]
Folder = Annotated[
    Path | None, typer.Option("--out", help="Folder. Default: reports/<book>-alternatives.")
]


@app.command()
def alternatives(
    context: typer.Context,
    book: Book,
    within: Within = _WITHIN,
    plans: Plans = ask.PLANS,
    study: StudyName = DEFAULT_STUDY,
    members: Members = None,
    gap: Gap = DEFAULT_GAP,
    time_limit: TimeLimit = None,
    patience: Patience = None,
    out: Folder = None,
    as_json: AsJson = False,
    models: Models = None,
) -> None:
    """Show what is certain at a little more than the least cost, and what is a free choice."""
    shares = _read_shares(within)
    path = find_folder(out, book, "alternatives") / "alternatives.xlsx"
    case = open_case(context, book, models, "alternatives", path)
    with telling(as_json=as_json) as on_base, messages.status("reading") as line:
        found = ask.alternatives(
            case,
            shares,
            study,
            split_names(members),
            plans=plans,
            gap=gap,
            time_limit=time_limit,
            patience=patience,
            tell=line.update,
            on_base=on_base,
        )
    deliver(
        "Alternatives",
        lambda: ask.report_alternatives(case, found, path, list_options(context)),
        as_json=as_json,
        facts=lambda: ask.alternatives_facts(found),
        table=lambda: print_alternatives(results, found.base, found.tables, VERDICTS),
        audits=lambda: found.audits,
        status=found.status,
    )


def _read_shares(text: str) -> list[float]:
    try:
        return ask.read_shares(text)
    except ValueError as error:
        messages.print(f"--within {quote(text)}: {error}.")
        raise typer.Exit(WRONG_CALL) from None
