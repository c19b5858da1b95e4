"""Commands that solve one plan: the plan itself, and the pooling ledger."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

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
    deliver,
    find_folder,
    list_options,
    make_teller,
    messages,
    open_case,
    results,
    split_names,
)
from cssopt.report.place import Place
from cssopt.report.terminal import (
    print_pooling_ledger,
    print_solution,
    solution_facts,
)
from cssopt.solution.baseline import Baseline

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
    context: typer.Context,
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
    folder = find_folder(out, book, Path(study).name.removesuffix(".toml"))
    case = open_case(context, book, models, "plan", folder / "report.xlsx" if report else None)
    with messages.status("reading") as line:
        solution = api.solve(
            case,
            study,
            split_names(members),
            gap=gap,
            time_limit=time_limit,
            threads=threads,
            shortfall_tolerance=tolerance,
            tell=make_teller(line),
        )
    baseline = None

    def keep(*compared: Any) -> None:
        nonlocal solution, baseline
        solution, baseline = compared

    def write() -> Place:
        nonlocal solution
        solution, place = _report(context, solution, folder, keep, ledger=False)
        return place

    deliver(
        "Report",
        write if report else None,
        as_json=as_json,
        facts=lambda: solution_facts(solution),
        table=lambda: print_solution(results, solution, baseline),
        audits=lambda: api.find_audits(solution, baseline),
        status=solution.status,
    )


def _report(
    context: typer.Context,
    solution: api.Solution,
    folder: Path,
    keep: Callable[[api.Solution, Baseline], None],
    *,
    ledger: bool,
    saving_range: bool = False,
) -> tuple[api.Solution, Place]:
    """Solve the baseline and write the report, told as it goes.

    `keep` hears the baseline before it is written, so that it is told where it cannot be.
    """
    options, processes = list_options(context), api.find_processes(solution)
    with messages.status("comparing") as line:
        solution, _, place = api.report(
            solution,
            folder,
            ledger=ledger,
            saving_range=saving_range,
            processes=processes,
            options=options,
            tell=make_teller(line),
            on_baseline=keep,
        )
    return solution, place


@app.command()
def compare(
    context: typer.Context,
    book: Book,
    study: StudyName = "pooled",
    members: Members = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder of the report. Default: reports/<book>-<study>."),
    ] = None,
    tolerance: Tolerance = None,
    saving_range: Annotated[
        bool,
        typer.Option(
            "--range",
            help="Also the least and the most that is saved, where members alone can choose "
            "between equally good plans.",
        ),
    ] = False,
    models: Models = None,
) -> None:
    """Show what acting together saves, link by link, and write it into the report."""
    folder = find_folder(out, book, Path(study).name.removesuffix(".toml"))
    case = open_case(context, book, models, "plan", folder / "report.xlsx")
    with messages.status("reading") as line:
        solution = api.solve(
            case,
            study,
            split_names(members),
            shortfall_tolerance=tolerance,
            tell=make_teller(line),
        )
    baseline = None

    def keep(*compared: Any) -> None:
        nonlocal solution, baseline
        solution, baseline = compared

    def write() -> Place:
        nonlocal solution
        solution, place = _report(
            context, solution, folder, keep, ledger=True, saving_range=saving_range
        )
        return place

    def table() -> None:
        if baseline is None:
            print_solution(results, solution)
        else:
            print_pooling_ledger(results, solution, baseline)

    deliver(
        "Report",
        write,
        as_json=False,
        facts=lambda: solution_facts(solution),
        table=table,
        audits=lambda: api.find_audits(solution, baseline),
        status=solution.status,
    )
