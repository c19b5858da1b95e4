"""What all commands share: the program, its two streams, and options that many have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

ISSUES_FOUND = 3
"""Exit code where the inputs have errors."""

app = typer.Typer(
    name="cssopt",
    help="Plan a collective security system and share its burden.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
results = Console(highlight=False, soft_wrap=True)
messages = Console(stderr=True, highlight=False, soft_wrap=True)

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


def split_names(members: str | None) -> list[str] | None:
    """Names between commas; None where none are given."""
    return (
        None if members is None else [name.strip() for name in members.split(",") if name.strip()]
    )


def make_teller(line: Any) -> Any:
    """Tells each step on standard error: in one line of a terminal, else line by line."""

    def tell(step: str) -> None:
        line.update(step)
        if not messages.is_terminal:
            messages.print(step, markup=False)

    return tell
