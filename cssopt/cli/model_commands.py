"""Commands about the model."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.text import Text

from cssopt.assembly.case import load
from cssopt.assembly.study import DEFAULT_STUDY
from cssopt.cli.program import Book, Models, app
from cssopt.questions.common_options import Common, find_option, split_names
from cssopt.questions.inputs import ask
from cssopt.questions.inputs import export as export_file
from cssopt.render.screen import ScreenTable, messages, results


@app.command("studies")
def studies(models: Models = None) -> None:
    """List the studies and what each asks."""
    table = ScreenTable(show_header=False)
    for name, explanation in ask.list_studies(models or ()).items():
        table.add_row(name, Text(explanation))
    results.print(table)


@app.command("math")
def math(
    study: Annotated[str, typer.Argument(help="A study by name, or a study file.")] = DEFAULT_STUDY,
    models: Models = None,
) -> None:
    """Print the mathematics of a study, from the files that make it."""
    results.print(ask.write_mathematics(study, models or ()), end="")


def _help_of(name: str) -> str:
    """The help of an option that questions have too."""
    option = find_option(Common.__dataclass_fields__[name])
    assert option is not None
    return option.help


@app.command("export")
def export(
    book: Book,
    file: Annotated[Path, typer.Argument(help="File to write (.mps).", show_default=False)],
    study: Annotated[str, typer.Option("--study", help=_help_of("study"))] = DEFAULT_STUDY,
    members: Annotated[str | None, typer.Option("--members", help=_help_of("members"))] = None,
    models: Models = None,
) -> None:
    """Write the program exactly as it is solved, in MPS format."""
    read = load(book, models or ())
    for path in export_file.export(read, file, study, split_names(members)):
        messages.print(f"Wrote {path}")
