"""The command prices: what one more unit of every input does to the plan."""

from __future__ import annotations

from enum import StrEnum
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
    messages,
    print_json,
    results,
    split_names,
)
from cssopt.report.price_terminal import prices_facts, print_prices
from cssopt.report.terminal import print_issues


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
    book: Book,
    study: StudyName = "pooled",
    members: Members = None,
    sides: BothSides = Sides.planned,
    gap: Gap = api.DEFAULT_GAP,
    time_limit: TimeLimit = None,
    out: Folder = None,
    as_json: AsJson = False,
    models: Models = None,
) -> None:
    """Tell what one more unit of every need, ceiling, limit or share would cost or save."""
    case = api.load(book, models or ())
    print_issues(messages, case.warnings)
    with messages.status("reading") as line:
        found = api.prices(
            case,
            study,
            split_names(members),
            gap=gap,
            time_limit=time_limit,
            sides=sides.value,
            tell=line.update,
        )
    path = (out or Path("reports") / f"{book.stem}-prices") / "prices.xlsx"
    options = {"gap": gap, "time_limit": time_limit, "sides": sides.value}
    api.report_prices(case, found, path, options)
    if as_json:
        print_json(prices_facts(found))
    else:
        print_prices(results, found)
    messages.print(f"Prices: {path}", markup=False)
    raise typer.Exit(found.status.exit_code)
