"""Commands about the model: studies, mathematics, the program as it is solved."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from cssopt.assembly.case import load
from cssopt.assembly.study import DEFAULT_STUDY
from cssopt.questions.command import Book, Members, Models, StudyName, app, split_names
from cssopt.questions.inputs import export as export_file
from cssopt.questions.inputs.ask import list_studies, write_mathematics
from cssopt.render.screen import ScreenTable, messages, results


@app.command()
def studies(models: Models = None) -> None:
    """List the studies and what each asks."""
    table = ScreenTable(show_header=False)
    for name, explanation in list_studies(models or ()).items():
        table.add_row(name, Text(explanation))
    results.print(table)


@app.command()
def math(
    study: Annotated[str, typer.Argument(help="A study by name, or a study file.")] = DEFAULT_STUDY,
    models: Models = None,
) -> None:
    """Print the mathematics of a study, from the files that make it."""
    results.print(write_mathematics(study, models or ()), end="")


@app.command()
def export(
    book: Book,
    file: Annotated[Path, typer.Argument(help="File to write (.mps).", show_default=False)],
    study: StudyName = DEFAULT_STUDY,
    members: Members = None,
    models: Models = None,
) -> None:
    """Write the program exactly as it is solved, in MPS format."""
    case = load(book, models or ())
    for path in export_file.export(case, file, study, split_names(members)):
        messages.print(f"Wrote {path}")
