"""The command rules: what every treaty or national rule costs."""

from __future__ import annotations

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
    Patience,
    Processes,
    StudyName,
    TimeLimit,
    app,
    deliver,
    find_folder,
    find_worst,
    list_options,
    open_case,
    split_names,
    telling,
)
from cssopt.questions.rules import ask
from cssopt.questions.rules.terminal import print_rule_prices
from cssopt.render.progress import SweepProgress
from cssopt.render.screen import results
from cssopt.runs.solve_case import DEFAULT_GAP

Facts = Annotated[
    bool,
    typer.Option(
        "--facts",
        help="Also lift what only time or technology could change: transit, notice, deliveries.",
    ),
]
Folder = Annotated[
    Path | None, typer.Option("--out", help="Folder. Default: reports/<book>-rules.")
]


@app.command()
def rules(
    context: typer.Context,
    book: Book,
    facts: Facts = False,
    study: StudyName = DEFAULT_STUDY,
    members: Members = None,
    gap: Gap = DEFAULT_GAP,
    time_limit: TimeLimit = None,
    patience: Patience = None,
    processes: Processes = None,
    out: Folder = None,
    as_json: AsJson = False,
    models: Models = None,
) -> None:
    """Tell what every rule of treaty and members costs, by a plan without it.

    Every finished plan is kept at once: after an interruption the same command solves only the
    rest.
    """
    folder = find_folder(out, book, "rules")
    path = folder / "rules.xlsx"
    case = open_case(context, book, models, "rules", path)
    chosen = {"study": study, "members": split_names(members), "facts": facts}
    limits = {
        "gap": gap,
        "time_limit": time_limit,
        "patience": patience,
        "processes": processes,
    }
    done = _price(case, folder, chosen, limits, as_json=as_json)
    ends = {*done.tables["rules"]["status"], *done.tables["together"]["status"]}
    deliver(
        "Price list",
        lambda: ask.report_rule_prices(case, done, path, list_options(context)),
        as_json=as_json,
        facts=lambda: ask.rule_price_facts(done),
        table=lambda: print_rule_prices(results, done.base, done.tables),
        audits=lambda: done.audits,
        status=find_worst(ends, done.base.status),
    )


def _price(
    case: Case,
    folder: Path,
    chosen: dict[str, Any],
    limits: dict[str, Any],
    *,
    as_json: bool,
) -> ask.RuleList:
    """The price list, told as it goes; ends the command where it is interrupted."""
    total = sum(map(len, ask.find_lifts(case, **chosen)))
    journal = folder / "journal.sqlite"
    progress = SweepProgress(total)
    kept = partial(progress.tell_kept, journal, "plans", "solves")
    with telling(as_json=as_json, says=kept) as on_base, progress:
        return ask.price_rules(
            case,
            **chosen,
            **limits,
            journal=journal,
            tell=progress.tell,
            on_base=on_base,
            on_outcome=progress.count,
        )
