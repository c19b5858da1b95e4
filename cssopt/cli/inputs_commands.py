"""Commands about inputs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Final

import typer

from cssopt.assembly import case
from cssopt.cli.program import ISSUES_FOUND, AsJson, Book, Models, app, print_json
from cssopt.errors import DataError
from cssopt.issues import Issue, Severity
from cssopt.render.screen import messages, results
from cssopt.render.terminal import print_issues, sum_up
from cssopt.solution.versions import find_versions
from cssopt.tables.check import Checked

_COLUMNS: Final = {
    "code": "stable code of the rule, such as E-121; see cssopt explain",
    "severity": "error, warning or note; only an error stops a run",
    "where": "the first cell that it is about",
    "text": "what is wrong, and what to do",
    "cells": "every cell of which the same is said",
}
"""Columns of the tables of a check, and what each means."""


@app.command("new")
def new(
    file: Annotated[Path, typer.Argument(help="Workbook to write (.xlsx).", show_default=False)],
    models: Models = None,
) -> None:
    """Write a small complete example workbook to edit (as template --example)."""
    from cssopt.questions.inputs import ask

    ask.write_template(file, models or (), example=True)
    messages.print(f"Wrote {file}. Edit it, then: cssopt solve {file}", markup=False)


@app.command("template")
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
    from cssopt.questions.inputs import ask

    ask.write_template(file, models or (), study=study, example=example)
    messages.print(f"Wrote {file}. Fill it in, then: cssopt check {file}", markup=False)


@app.command("check")
def check(
    book: Book,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="Tell notes too.")] = False,
    as_json: AsJson = False,
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
        print_json(describe_check(book, checked))
    else:
        print_issues(results, [*checked.issues, *(checked.notes if verbose else ())])
    if mark or out is not None:
        messages.print(_mark(book, checked, out), markup=False)
    messages.print(f"{book}: {sum_up(checked.issues)}", markup=False)
    if any(issue.severity is Severity.ERROR for issue in checked.issues):
        raise typer.Exit(ISSUES_FOUND)


def _check(book: Path, models: list[Path] | None) -> Checked:
    """The result of the checks; a file that cannot be read at all is a result too."""
    try:
        return case.check(book, models or ())
    except DataError as error:
        return Checked(None, tuple(error.issues), ())


def _mark(book: Path, checked: Checked, out: Path | None) -> str:
    """Write the marked copy; tells where, or that there is none of a file that cannot be opened."""
    from cssopt.questions.inputs import ask

    try:
        return f"Wrote {ask.write_marked_copy(book, checked, out).told}"
    except DataError:
        return "No marked copy was written: the file cannot be opened."


def describe_check(book: Path, checked: Checked) -> dict[str, Any]:
    """What a check found, in the envelope of every answer."""
    from cssopt.document.document import VERSION

    found = {"issues": checked.issues, "notes": checked.notes}
    columns = [
        {"name": name, "form": "text", "meaning": meaning, "measure": ""}
        for name, meaning in _COLUMNS.items()
    ]
    return {
        "question": "check",
        "version": VERSION,
        "status": "not solvable" if checked.data is None else "solvable",
        "title": book.name,
        "verdict": sum_up(checked.issues),
        "marking": "",
        "measure": "",
        "facts": {"source": book.name, "versions": dict(find_versions())},
        "tables": {name: [_describe_issue(one) for one in told] for name, told in found.items()},
        "columns": dict.fromkeys(found, columns),
    }


def _describe_issue(issue: Issue) -> dict[str, Any]:
    return {
        "code": issue.code,
        "severity": str(issue.severity),
        "where": issue.where,
        "text": issue.text,
        "cells": [issue.where, *issue.cells],
    }


@app.command("explain")
def explain(
    code: Annotated[str, typer.Argument(help="A code, such as E-121.", show_default=False)],
    models: Models = None,
) -> None:
    """Tell the rule behind a code, an example that breaks it, and the mend."""
    results.print(case.explain(code, models or ()), markup=False)


@app.command("reference")
def reference(models: Models = None) -> None:
    """Print the input reference: every sheet and column."""
    from cssopt.questions.inputs import ask

    results.print(ask.write_reference(models or ()), markup=False, soft_wrap=True, end="")
