"""Commands that solve one plan: the plan itself, and the pooling ledger."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cssopt import interrupt
from cssopt.assembly.study import DEFAULT_STUDY
from cssopt.questions.command import (
    COUNT,
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
    open_case,
    split_names,
)
from cssopt.questions.number_options import number
from cssopt.questions.plan import ask
from cssopt.questions.plan.ask import Solution
from cssopt.render.place import OutputPlace
from cssopt.render.screen import messages, results
from cssopt.render.terminal import print_pooling_ledger, print_solution, solution_facts
from cssopt.runs.solve_case import DEFAULT_GAP, find_processes
from cssopt.solution.baseline import Baseline

_CUT = (
    "Interrupted: what is not shown was not worked out, such as members alone, the saving at equal "
    "security and what a little less security would save. The same command works it out."
)

Tolerance = Annotated[
    float | None,
    typer.Option(
        "--shortfall-tolerance",
        **number(least=0, most=1, share=True),
        help="Part of the least missing share that may be given up for money: 0.01 for 1 %.",
    ),
]


@app.command()
def solve(
    context: typer.Context,
    book: Book,
    study: StudyName = DEFAULT_STUDY,
    members: Members = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder of the report. Default: reports/<book>-<study>."),
    ] = None,
    gap: Gap = DEFAULT_GAP,
    time_limit: TimeLimit = None,
    threads: Annotated[int, typer.Option("--threads", **COUNT, help="Threads of the solver.")] = 1,
    tolerance: Tolerance = None,
    key: Annotated[
        str | None,
        typer.Option(
            "--key",
            help="Key by which common costs are shared, of the workbook or of models/keys, in "
            "place of what the study says: --key cis_2009.",
        ),
    ] = None,
    as_json: AsJson = False,
    report: Annotated[bool, typer.Option("--report/--no-report", help="Write a report.")] = True,
    models: Models = None,
) -> None:
    """Find the plan that meets the threats at the least pooled expenditure, and report it."""
    folder = find_folder(out, book, Path(study).name.removesuffix(".toml"))
    case = open_case(context, book, models, "plan", folder / "report.xlsx" if report else None)
    with messages.status("reading") as line:
        solution = ask.solve(
            case,
            study,
            split_names(members),
            gap=gap,
            time_limit=time_limit,
            threads=threads,
            shortfall_tolerance=tolerance,
            key=key,
            tell=make_teller(line),
        )
    baseline = None

    def prepare() -> None:
        nonlocal solution, baseline
        if report:
            solution, baseline = _compare(solution, folder, ledger=False)

    def write() -> OutputPlace:
        return _write(context, solution, baseline, folder)

    deliver(
        "Report",
        write if report and (solution.has_plan or not interrupt.came()) else None,
        prepare=prepare,
        as_json=as_json,
        facts=lambda: solution_facts(solution),
        table=lambda: print_solution(results, solution, baseline),
        audits=lambda: ask.find_audits(solution, baseline),
        status=solution.status,
    )


def _compare(
    solution: Solution, folder: Path, *, ledger: bool, saving_range: bool = False
) -> tuple[Solution, Baseline | None]:
    """Solve the baseline, told as it goes."""
    with messages.status("comparing") as line:
        timed, baseline = ask.compare_for_report(
            solution,
            folder / "report.xlsx",
            ledger=ledger,
            saving_range=saving_range,
            processes=find_processes(solution),
            tell=make_teller(line),
        )
    if baseline is None and solution.has_plan:
        messages.print(_CUT)
    return timed, baseline


def _write(
    context: typer.Context, solution: Solution, baseline: Baseline | None, folder: Path
) -> OutputPlace:
    """Write the report."""
    with messages.status("writing the report") as line:
        make_teller(line)("writing the report")
        return ask.write_solution(solution, baseline, folder, list_options(context))


@app.command()
def compare(
    context: typer.Context,
    book: Book,
    study: StudyName = DEFAULT_STUDY,
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
        solution = ask.solve(
            case,
            study,
            split_names(members),
            shortfall_tolerance=tolerance,
            tell=make_teller(line),
        )
    baseline = None

    def prepare() -> None:
        nonlocal solution, baseline
        solution, baseline = _compare(solution, folder, ledger=True, saving_range=saving_range)

    def write() -> OutputPlace:
        return _write(context, solution, baseline, folder)

    def table() -> None:
        if baseline is None:
            print_solution(results, solution)
        else:
            print_pooling_ledger(results, solution, baseline)

    deliver(
        "Report",
        write if solution.has_plan or not interrupt.came() else None,
        prepare=prepare,
        as_json=False,
        facts=lambda: solution_facts(solution),
        table=table,
        audits=lambda: ask.find_audits(solution, baseline),
        status=solution.status,
    )
