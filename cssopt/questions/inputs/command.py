"""Commands about inputs: templates, checks and their explanation."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cssopt.assembly import case
from cssopt.errors import DataError
from cssopt.issues import Severity
from cssopt.questions.command import ISSUES_FOUND, Book, Models, app, print_json
from cssopt.questions.inputs import ask
from cssopt.render.screen import messages, results
from cssopt.render.terminal import issue_facts, print_issues, sum_up
from cssopt.tables.check import Checked


@app.command()
def new(
    file: Annotated[Path, typer.Argument(help="Workbook to write (.xlsx).", show_default=False)],
    models: Models = None,
) -> None:
    """Write a small complete example workbook to edit (as template --example)."""
    ask.write_template(file, models or (), example=True)
    messages.print(f"Wrote {file}. Edit it, then: cssopt solve {file}", markup=False)


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
    ask.write_template(file, models or (), study=study, example=example)
    messages.print(f"Wrote {file}. Fill it in, then: cssopt check {file}", markup=False)


@app.command()
def reference(models: Models = None) -> None:
    """Print the input reference: every sheet and column."""
    results.print(ask.write_reference(models or ()), markup=False, soft_wrap=True, end="")


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
    """Find everything that is wrong with a workbook; exit 0 where nothing is, else 3."""
    checked = _check(book, models)
    if as_json:
        print_json(issue_facts(checked))
    else:
        print_issues(results, [*checked.issues, *(checked.notes if verbose else ())])
    if mark or out is not None:
        messages.print(_mark(book, checked, out), markup=False)
    messages.print(f"{book}: {sum_up(checked.issues)}", markup=False)
    if any(issue.severity is Severity.ERROR for issue in checked.issues):
        raise typer.Exit(ISSUES_FOUND)


def _mark(book: Path, checked: Checked, out: Path | None) -> str:
    """Write the marked copy; tells where, or that there is none of a file that cannot be opened."""
    try:
        return f"Wrote {ask.write_marked_copy(book, checked, out).told}"
    except DataError:
        return "No marked copy was written: the file cannot be opened."


def _check(book: Path, models: list[Path] | None) -> Checked:
    """The result of the checks; a file that cannot be read at all is a result too."""
    try:
        return case.check(book, models or ())
    except DataError as error:
        return Checked(None, tuple(error.issues), ())


@app.command()
def explain(
    code: Annotated[str, typer.Argument(help="A code, such as E-121.", show_default=False)],
    models: Models = None,
) -> None:
    """Tell the rule behind a code, an example that breaks it, and the mend."""
    results.print(case.explain(code, models or ()), markup=False)
