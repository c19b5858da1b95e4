"""Commands that solve one plan: the plan itself, and the pooling ledger."""

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
from cssopt.report.terminal import (
    print_issues,
    print_pooling_ledger,
    print_solution,
    solution_facts,
)
from cssopt.solve.outcome import Status

Tolerance = Annotated[
    float | None,
    typer.Option(
        "--shortfall-tolerance",
        min=0,
        max=1,
        help="Part of the least missing share that may be given up for money: 0.01 for 1 %.",
    ),
]


@app.command()
def solve(
    book: Book,
    study: StudyName = "pooled",
    members: Members = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder of the report. Default: reports/<book>-<study>."),
    ] = None,
    gap: Gap = api.DEFAULT_GAP,
    time_limit: TimeLimit = None,
    threads: Annotated[int, typer.Option("--threads", min=1, help="Threads of the solver.")] = 1,
    tolerance: Tolerance = None,
    as_json: AsJson = False,
    report: Annotated[bool, typer.Option("--report/--no-report", help="Write a report.")] = True,
    models: Models = None,
) -> None:
    """Find the plan that meets the threats at the least pooled expenditure, and report it."""
    case = api.load(book, models or ())
    print_issues(messages, case.warnings)
    with messages.status("reading") as line:
        tell = make_teller(line)
        solution = api.solve(
            case,
            study,
            split_names(members),
            gap=gap,
            time_limit=time_limit,
            threads=threads,
            shortfall_tolerance=tolerance,
            tell=tell,
        )
        folder = out or Path("reports") / f"{book.stem}-{Path(study).stem}"
        baseline = None
        if report:
            processes = api.find_processes(solution)
            solution, baseline = api.report(solution, folder, processes=processes, tell=tell)
    if as_json:
        print_json(solution_facts(solution))
    else:
        print_solution(results, solution, baseline)
    if report:
        messages.print(f"Report: {folder / 'report.xlsx'}", markup=False)
    if solution.audit is not None and not solution.audit.passed:
        messages.print("The audit failed: do not use this plan. See the sheet Audit.", markup=False)
        raise typer.Exit(Status.ERROR.exit_code)
    raise typer.Exit(solution.status.exit_code)


@app.command()
def compare(
    book: Book,
    study: StudyName = "pooled",
    members: Members = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder of the report. Default: reports/<book>-<study>."),
    ] = None,
    models: Models = None,
) -> None:
    """Show what acting together saves, link by link, and write it into the report."""
    case = api.load(book, models or ())
    print_issues(messages, case.warnings)
    with messages.status("reading") as line:
        tell = make_teller(line)
        solution = api.solve(case, study, split_names(members), tell=tell)
        folder = out or Path("reports") / f"{book.stem}-{Path(study).stem}"
        processes = api.find_processes(solution)
        solution, baseline = api.report(
            solution, folder, ledger=True, processes=processes, tell=tell
        )
    print_pooling_ledger(results, solution, baseline)
    messages.print(f"Report: {folder / 'report.xlsx'}", markup=False)
    raise typer.Exit(solution.status.exit_code)
