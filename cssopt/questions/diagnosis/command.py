"""The command diagnose: why no plan exists, and what would let one in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cssopt.assembly.study import STRICT_STUDY
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
from cssopt.questions.diagnosis import ask
from cssopt.questions.diagnosis.result import Diagnosis
from cssopt.questions.diagnosis.terminal import print_diagnosis
from cssopt.questions.number_options import number
from cssopt.render.screen import messages, results
from cssopt.runs.solve_case import DEFAULT_GAP
from cssopt.solve.outcome import Status

Conflicts = Annotated[
    int,
    typer.Option(
        "--conflicts", **number(least=1, whole=True), help="Conflicts that are looked for at most."
    ),
]
Folder = Annotated[
    Path | None, typer.Option("--out", help="Folder. Default: reports/<book>-diagnosis.")
]


@app.command()
def diagnose(
    context: typer.Context,
    book: Book,
    study: StudyName = STRICT_STUDY,
    conflicts: Conflicts = ask.MOST_CONFLICTS,
    members: Members = None,
    gap: Gap = DEFAULT_GAP,
    time_limit: TimeLimit = None,
    patience: Patience = None,
    out: Folder = None,
    as_json: AsJson = False,
    models: Models = None,
) -> None:
    """Tell why no plan exists: what conflicts, and which changes would let a plan in.

    By default every need must be met (study strict). A report is written where there is no plan.
    """
    path = find_folder(out, book, "diagnosis") / "diagnosis.xlsx"
    case = open_case(context, book, models, "diagnosis", path)
    with telling(as_json=as_json) as on_base, messages.status("reading") as line:
        diagnosis = ask.diagnose(
            case,
            study,
            split_names(members),
            conflicts=conflicts,
            gap=gap,
            time_limit=time_limit,
            patience=patience,
            tell=make_teller(line),
            on_base=on_base,
        )
    if diagnosis.has_plan:
        messages.print(
            "`cssopt why` tells what binds this plan, and `cssopt rules` what each rule costs."
        )
    options = list_options(context)
    deliver(
        "Diagnosis",
        (lambda: ask.report_diagnosis(case, diagnosis, path, options))
        if diagnosis.conflicts
        else None,
        as_json=as_json,
        facts=diagnosis.facts,
        table=lambda: _show(diagnosis),
        audits=lambda: diagnosis.audits,
        status=Status.OPTIMAL if diagnosis.has_plan else diagnosis.status,
    )


def _show(diagnosis: Diagnosis) -> None:
    print_diagnosis(
        results,
        diagnosis.base,
        diagnosis.sentence,
        diagnosis.tables,
        more=diagnosis.more,
        undecided=diagnosis.undecided,
    )
