"""The program: its commands, what is common to their words, and its two streams."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup

from cssopt.render.screen import messages, results
from cssopt.solution.versions import find_versions

ISSUES_FOUND: Final = 3
"""Exit code where the inputs have errors."""

WRONG_CALL: Final = 2
"""Exit code where the words of a command cannot be understood."""

INPUTS: Final = "Inputs"
"""Heading of the commands about inputs."""

MODEL: Final = "The model"
"""Heading of those about what is solved."""

_HEADINGS: Final = ("Plans", "Questions about a plan", "Kept runs", INPUTS, MODEL)
"""Headings of commands in the order of the help; any other stands before the last two."""

_WHOLE: Final = 1_000
"""Characters of a line of help: no sentence is longer."""

_NO_REPORT: Final = "is now --formats: write --formats none for no file."
RENAMED: Final = {
    "--patience": "is now --total-time, for the whole: the plan, and the questions about it.",
    "--report": _NO_REPORT,
    "--no-report": _NO_REPORT,
}
"""Options of earlier versions, and what has taken their place."""


class _Group(TyperGroup):
    """All commands under their headings, each told in whole sentences."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write what each command does into the help."""
        headed: dict[str, list[str]] = {heading: [] for heading in _HEADINGS[:-2]}
        for name, command in self.commands.items():
            headed.setdefault(_heading_of(command), []).append(name)
        for heading in _HEADINGS[-2:]:
            headed[heading] = headed.pop(heading, [])
        for heading, names in headed.items():
            if names:
                with formatter.section(heading):
                    formatter.write_dl(
                        [(name, self.commands[name].get_short_help_str(_WHOLE)) for name in names]
                    )


def _heading_of(command: Any) -> str:
    found = getattr(command, "rich_help_panel", None)
    return found if isinstance(found, str) else "Further commands"


class _Command(TyperCommand):
    """A command in which no option is passed over: one that takes a single value stands once."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the words of a command. Raises UsageError for an option that stands twice, or that
        has another name by now."""
        known = {word for param in self.params for word in (*param.opts, *param.secondary_opts)}
        for word in (word.partition("=")[0] for word in args):
            if word in RENAMED and word not in known:
                ctx.fail(f"{word} {RENAMED[word]}")
        _, _, order = self.make_parser(ctx).parse_args(args=list(args))
        counts = Counter(
            max(param.opts, key=len)
            for param in order
            if param.param_type_name == "option"
            and not (param.multiple or getattr(param, "is_flag", False))
        )
        if doubled := [name for name, count in counts.items() if count > 1]:
            ctx.fail(f"{doubled[0]} stands {counts[doubled[0]]} times. Write it once.")
        return super().parse_args(ctx, args)


_F = TypeVar("_F", bound=Callable[..., Any])


class _App(typer.Typer):
    """A program all of whose commands are such."""

    def command(self, *names: Any, **how: Any) -> Callable[[_F], _F]:
        """Register a command."""
        return super().command(*names, cls=_Command, **how)


app = _App(
    name="cssopt",
    cls=_Group,
    # As markup, words in brackets would be left out of the help.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
)


def _tell_version(wanted: bool) -> None:
    if wanted:
        results.print(f"cssopt {find_versions()['cssopt']}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_tell_version, is_eager=True, help="The version.")
    ] = False,
) -> None:
    """Plan a collective security system and share its burden."""
    del version
    if context.invoked_subcommand is None:
        messages.print(context.get_help())
        raise typer.Exit(WRONG_CALL)


Book = Annotated[
    Path,
    typer.Argument(
        help="The input workbook (.xlsx), or a folder of CSV files.",
        metavar="BOOK",
        show_default=False,
    ),
]
Models = Annotated[
    list[Path] | None,
    typer.Option(
        "--models",
        help="A folder of model files put in front of ours. It runs as code: name only what you "
        "trust.",
        metavar="FOLDER",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def print_json(facts: Any) -> None:
    """One JSON object on standard output, and nothing else there.

    Other letters than those of ASCII are told by their codes: so it is the same in any encoding,
    and whoever reads it as JSON has every text as it stands in its cell.
    """
    results.write(json.dumps(facts, allow_nan=False) + "\n")
