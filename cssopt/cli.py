"""The command line: reads words, calls the public verbs, prints one table. No logic of its own."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from cssopt import api
from cssopt.errors import CssoptError, DataError
from cssopt.report.terminal import (
    issue_facts,
    print_comparison,
    print_issues,
    print_pooling_ledger,
    print_solution,
    solution_facts,
)
from cssopt.solve.outcome import Status

ISSUES_FOUND = 3
"""Exit code where the inputs have errors."""

app = typer.Typer(
    name="cssopt",
    help="Plan a collective security system and share its burden.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
_out = Console(highlight=False, soft_wrap=True)
_err = Console(stderr=True, highlight=False, soft_wrap=True)

Book = Annotated[
    Path,
    typer.Argument(
        help="The input workbook (.xlsx), or a folder of CSV files.", show_default=False
    ),
]
StudyName = Annotated[str, typer.Option("--study", help="A study by name, or a study file.")]
Members = Annotated[
    str | None, typer.Option("--members", help="The coalition, such as A,B. Default: all members.")
]
Models = Annotated[
    list[Path] | None,
    typer.Option(
        "--models",
        help="A folder of model files put in front of ours. It runs as code: name only what you "
        "trust.",
    ),
]


@app.command()
def new(
    file: Annotated[Path, typer.Argument(help="Workbook to write (.xlsx).", show_default=False)],
    models: Models = None,
) -> None:
    """Write a small complete example workbook to edit (as template --example)."""
    api.write_template(file, models or (), example=True)
    _err.print(f"Wrote {file}. Edit it, then: cssopt solve {file}", markup=False)


@app.command()
def template(
    file: Annotated[Path, typer.Argument(help="Workbook to write (.xlsx).", show_default=False)],
    study: Annotated[
        str | None,
        typer.Option(
            "--study", help="Only the sheets that this study reads. Default: every sheet."
        ),
    ] = None,
    example: Annotated[bool, typer.Option("--example", help="Filled with an example.")] = False,
    models: Models = None,
) -> None:
    """Write a workbook to fill in, with help, measures and drop-downs."""
    api.write_template(file, models or (), study=study, example=example)
    _err.print(f"Wrote {file}. Fill it in, then: cssopt check {file}", markup=False)


@app.command()
def reference(models: Models = None) -> None:
    """Print the input reference: every sheet and column."""
    _out.print(api.write_reference(models or ()), markup=False, soft_wrap=True, end="")


@app.command()
def check(
    book: Book,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="Notes too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    mark: Annotated[
        bool, typer.Option("--mark", help="Write a copy with every faulty cell marked.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option("--out", help="The marked copy. Default: <book>-marked.xlsx.")
    ] = None,
    models: Models = None,
) -> None:
    """Find everything that is wrong with a workbook; exit 0 where it can be solved, else 3."""
    checked = _check(book, models)
    if as_json:
        _out.print(json.dumps(issue_facts(checked), ensure_ascii=False, indent=2), markup=False)
    else:
        print_issues(_out, [*checked.issues, *(checked.notes if verbose else ())])
    if mark or out is not None:
        _err.print(f"Wrote {api.write_marked_copy(book, checked, out)}", markup=False)
    if checked.data is None:
        raise typer.Exit(ISSUES_FOUND)
    _err.print(f"{book}: no errors.", markup=False)


def _check(book: Path, models: list[Path] | None) -> api.Checked:
    """The result of the checks; a file that cannot be read at all is a result too."""
    try:
        return api.check(book, models or ())
    except DataError as error:
        return api.Checked(None, tuple(error.issues), ())


@app.command()
def explain(
    code: Annotated[str, typer.Argument(help="A code, such as E-121.", show_default=False)],
    models: Models = None,
) -> None:
    """Tell the rule behind a code, an example that breaks it, and the mend."""
    _out.print(api.explain(code, models or ()), markup=False)


@app.command()
def solve(
    book: Book,
    study: StudyName = "pooled",
    members: Members = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder of the report. Default: reports/<book>-<study>."),
    ] = None,
    gap: Annotated[
        float, typer.Option("--gap", min=0, help="Relative gap at which to stop.")
    ] = api.DEFAULT_GAP,
    time_limit: Annotated[
        float | None, typer.Option("--time-limit", min=0, help="Seconds for the search.")
    ] = None,
    threads: Annotated[int, typer.Option("--threads", min=1, help="Threads of the solver.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    report: Annotated[bool, typer.Option("--report/--no-report", help="Write a report.")] = True,
    models: Models = None,
) -> None:
    """Find the plan that meets the threats at the least pooled expenditure, and report it."""
    case = api.load(book, models or ())
    print_issues(_err, case.warnings)
    with _err.status("reading") as line:
        tell = _teller(line)
        solution = api.solve(
            case,
            study,
            _split(members),
            gap=gap,
            time_limit=time_limit,
            threads=threads,
            tell=tell,
        )
        folder = out or Path("reports") / f"{book.stem}-{Path(study).stem}"
        baseline = None
        if report:
            processes = api.find_processes(solution)
            solution, baseline = api.report(solution, folder, processes=processes, tell=tell)
    if as_json:
        sys.stdout.write(json.dumps(solution_facts(solution), allow_nan=False) + "\n")
    else:
        print_solution(_out, solution, baseline)
    if report:
        _err.print(f"Report: {folder / 'report.xlsx'}", markup=False)
    if solution.audit is not None and not solution.audit.passed:
        _err.print("The audit failed: do not use this plan. See the sheet Audit.", markup=False)
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
    print_issues(_err, case.warnings)
    with _err.status("reading") as line:
        tell = _teller(line)
        solution = api.solve(case, study, _split(members), tell=tell)
        folder = out or Path("reports") / f"{book.stem}-{Path(study).stem}"
        processes = api.find_processes(solution)
        solution, baseline = api.report(
            solution, folder, ledger=True, processes=processes, tell=tell
        )
    print_pooling_ledger(_out, solution, baseline)
    _err.print(f"Report: {folder / 'report.xlsx'}", markup=False)
    raise typer.Exit(solution.status.exit_code)


@app.command()
def whatif(
    book: Book,
    scenario: Annotated[
        list[str] | None,
        typer.Option("--scenario", help="A scenario of the workbook or file. Default: all."),
    ] = None,
    scenarios: Annotated[
        Path | None, typer.Option("--scenarios", help="A TOML file of further scenarios.")
    ] = None,
    changes: Annotated[
        list[str] | None,
        typer.Option("--set", help="A change: table[column=value].column=value, or *=, or +=."),
    ] = None,
    study: StudyName = "pooled",
    members: Members = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder. Default: reports/<book>-whatif.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    models: Models = None,
) -> None:
    """Compare the base plan with what-ifs: what was changed, and what it did."""
    case = api.load(book, models or ())
    known = api.find_scenarios(case, scenarios)
    chosen = api.pick_scenarios(known, scenario or ()) if scenario or not changes else {}
    if changes:
        steps = api.read_changes(changes)
        api.change(case, steps)  # so that a wrong --set is told before anything is solved
        chosen = {**chosen, api.COMMAND_LINE: steps}
    if not chosen:
        _err.print("There is no scenario: fill in the sheet scenarios, or use --set.")
        raise typer.Exit(2)
    with _err.status("reading") as line:
        comparison = api.whatif(case, chosen, study, _split(members), tell=_teller(line))
    path = (out or Path("reports") / f"{book.stem}-whatif") / "comparison.xlsx"
    api.report_whatif(case, comparison, path)
    if as_json:
        sys.stdout.write(json.dumps(comparison.facts(), allow_nan=False) + "\n")
    else:
        print_comparison(_out, comparison)
    _err.print(f"Comparison: {path}", markup=False)


@app.command()
def studies(models: Models = None) -> None:
    """List the studies and what each asks."""
    table = Table(show_header=False, box=None, pad_edge=False)
    for name, explanation in api.list_studies(models or ()).items():
        table.add_row(name, Text(explanation))
    _out.print(table)


@app.command()
def math(
    study: Annotated[str, typer.Argument(help="A study by name, or a study file.")] = "pooled",
    models: Models = None,
) -> None:
    """Print the mathematics of a study, from the files that make it."""
    _out.print(api.write_mathematics(study, models or ()), markup=False, soft_wrap=True, end="")


@app.command()
def export(
    book: Book,
    file: Annotated[Path, typer.Argument(help="File to write (.mps).", show_default=False)],
    study: StudyName = "pooled",
    members: Members = None,
    models: Models = None,
) -> None:
    """Write the program exactly as it is solved, in MPS format."""
    case = api.load(book, models or ())
    for path in api.export(case, file, study, _split(members)):
        _err.print(f"Wrote {path}", markup=False)


def _split(members: str | None) -> list[str] | None:
    return (
        None if members is None else [name.strip() for name in members.split(",") if name.strip()]
    )


def _teller(line: Any) -> Any:
    def tell(step: str) -> None:
        line.update(step)
        if not _err.is_terminal:
            _err.print(step, markup=False)

    return tell


def main() -> None:
    """Run the command line; every error is a sentence, never a traceback."""
    try:
        app(standalone_mode=True)
    except DataError as error:
        print_issues(_err, error.issues)
        sys.exit(ISSUES_FOUND)
    except CssoptError as error:
        _err.print(f"Error: {error}", markup=False, style="red")
        sys.exit(Status.ERROR.exit_code)
    except KeyboardInterrupt:
        _err.print(f"Interrupted. {Status.INTERRUPTED.sentence}", markup=False)
        sys.exit(Status.INTERRUPTED.exit_code)
    except MemoryError:
        _err.print("Error: there is not enough memory for this workbook.", markup=False)
        sys.exit(Status.ERROR.exit_code)
    except OSError as error:
        _err.print(f"Error: {error}. Check the path and the free space.", markup=False)
        sys.exit(Status.ERROR.exit_code)
