"""The command frontier: what expenditure buys, as a front of proven points."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from cssopt.assembly.case import Case, load
from cssopt.assembly.changes import change, find_scenarios, pick_scenarios, read_changes
from cssopt.assembly.study import DEFAULT_STUDY
from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.questions.command import (
    WRONG_CALL,
    AsJson,
    Book,
    Gap,
    Members,
    Models,
    Patience,
    ScenarioFile,
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
from cssopt.questions.frontier import ask
from cssopt.questions.frontier.terminal import print_frontier
from cssopt.questions.number_options import number
from cssopt.render.screen import messages, results
from cssopt.runs.solve_case import DEFAULT_GAP, solve
from cssopt.tables.patch import Step

Trade = Annotated[
    list[str] | None,
    typer.Option(
        "--trade",
        help="What is traded off against expenditure, such as shortfall or burden. Without it, the "
        "criteria that there are are listed.",
    ),
]
Points = Annotated[
    int | None,
    typer.Option(
        "--points",
        **number(whole=True),
        help="So many evenly spaced limits of each criterion. Default: the whole front where that "
        "can be, else 11.",
    ),
]
Scenario = Annotated[
    str | None,
    typer.Option("--scenario", help="A scenario of the workbook or file: the front is of it."),
]
Changes = Annotated[
    list[str] | None,
    typer.Option("--set", help="Changes as of whatif: the front is of the changed inputs."),
]
Base = Annotated[
    Path | None,
    typer.Option(
        "--base",
        help="A workbook whose plan changes are counted from. Default: the plan of the unchanged "
        "inputs.",
    ),
]
Folder = Annotated[
    Path | None, typer.Option("--out", help="Folder. Default: reports/<book>-frontier.")
]


@app.command()
def frontier(
    context: typer.Context,
    book: Book,
    trade: Trade = None,
    points: Points = None,
    scenario: Scenario = None,
    scenarios: ScenarioFile = None,
    changes: Changes = None,
    base: Base = None,
    study: StudyName = DEFAULT_STUDY,
    members: Members = None,
    gap: Gap = DEFAULT_GAP,
    time_limit: TimeLimit = None,
    patience: Patience = None,
    out: Folder = None,
    as_json: AsJson = False,
    models: Models = None,
) -> None:
    """Show what expenditure buys: the front of plans of which none is better in every respect."""
    if not trade:
        _list_criteria(models or ())
    path = find_folder(out, book, "frontier") / "frontier.xlsx"
    case = open_case(context, book, models, "frontier", path)
    names = split_names(members)
    steps = _find_steps(case, scenario, scenarios, changes)
    near = None
    with telling(as_json=as_json) as on_base, messages.status("reading") as line:
        tell = make_teller(line)
        changed = change(case, steps)[0] if steps else case
        if ask.counts_changes(case, trade) and (base is not None or steps):
            origin = case if base is None else load(base, models or ())
            near = solve(
                origin, study, names, gap=gap, time_limit=time_limit, tell=tell, concessions=False
            )
        how: dict[str, Any] = {"points": points, "near": near, "gap": gap}
        how |= {"time_limit": time_limit, "patience": patience}
        how |= {"tell": line.update, "on_base": on_base}
        found = ask.frontier(changed, trade, study, names, **how)
    deliver(
        "Front",
        lambda: ask.report_frontier(changed, found, path, list_options(context)),
        as_json=as_json,
        facts=lambda: ask.frontier_facts(found),
        table=lambda: print_frontier(results, found.base, ask.front_words(found)),
        audits=lambda: found.audits,
        status=found.status,
    )


def _list_criteria(models: Sequence[Path]) -> NoReturn:
    messages.print("Say with --trade what is traded off against expenditure:")
    for name, criterion in ask.list_criteria(models).items():
        messages.print(f"  {name}: {criterion.says}")
    raise typer.Exit(WRONG_CALL)


def _find_steps(
    case: Case, name: str | None, file: Path | None, changes: Sequence[str] | None
) -> tuple[Step, ...]:
    """The steps of a scenario, and then those of --set."""
    steps: tuple[Step, ...] = ()
    if name is not None:
        (picked,) = pick_scenarios(find_scenarios(case, file), [name]).values()
        steps = tuple(picked)
    elif file is not None:
        text = "names scenarios, and none is asked for. Add --scenario NAME, or leave it out."
        raise DataError([Issue("E-524", "--scenarios", text)])
    return (*steps, *read_changes(changes or ()))
