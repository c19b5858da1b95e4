"""The command prices: what one more unit of every input does to the plan."""

from __future__ import annotations

from enum import StrEnum
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
    list_options,
    open_case,
    split_names,
    telling,
)
from cssopt.questions.prices import ask
from cssopt.questions.prices.terminal import prices_facts, print_prices
from cssopt.render.screen import messages, results
from cssopt.runs.solve_case import DEFAULT_GAP


class Sides(StrEnum):
    """Cells of which new solves look at both sides."""

    planned = "planned"
    all = "all"
    none = "none"


BothSides = Annotated[
    Sides,
    typer.Option(
        "--sides",
        help="Cells of which new solves look at both sides, for prices that differ there and for "
        "how far they hold: those that planners set (needs, rules, ceilings), all (about three "
        "times as long), or none. A cell that is not looked at has no price.",
    ),
]
Folder = Annotated[
    Path | None, typer.Option("--out", help="Folder. Default: reports/<book>-prices.")
]


@app.command()
def prices(
    context: typer.Context,
    book: Book,
    study: StudyName = DEFAULT_STUDY,
    members: Members = None,
    sides: BothSides = Sides.planned,
    gap: Gap = DEFAULT_GAP,
    time_limit: TimeLimit = None,
    patience: Patience = None,
    out: Folder = None,
    as_json: AsJson = False,
    models: Models = None,
) -> None:
    """Tell what one more unit of every need, ceiling, limit or share would cost or save."""
    path = find_folder(out, book, "prices") / "prices.xlsx"
    case = open_case(context, book, models, "prices", path)
    with telling(as_json=as_json) as on_base, messages.status("reading") as line:
        found = ask.prices(
            case,
            study,
            split_names(members),
            gap=gap,
            time_limit=time_limit,
            patience=patience,
            sides=sides.value,
            tell=line.update,
            on_base=on_base,
        )
    deliver(
        "Prices",
        lambda: ask.report_prices(case, found, path, list_options(context)),
        as_json=as_json,
        facts=lambda: prices_facts(found),
        table=lambda: print_prices(results, found),
        audits=lambda: found.audits,
        status=found.status,
    )
