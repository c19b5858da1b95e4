"""The program: its commands, what is common to their words, and its two streams."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Final, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup

from cssopt.cli.commands import HEADINGS, read_places, tell_help
from cssopt.solution.versions import find_versions

ISSUES_FOUND: Final = 3
"""Exit code where the inputs have errors."""

WRONG_CALL: Final = 2
"""Exit code where the words of a command cannot be understood."""

_WHOLE: Final = 1_000
"""Characters of a line of help: no sentence is longer."""

_NO_REPORT: Final = "is now --formats: write --formats none for no file."
RENAMED: Final = {
    "--patience": "is now --total-time, for the whole: the plan, and the questions about it.",
    "--report": _NO_REPORT,
    "--no-report": _NO_REPORT,
}
"""Options of earlier versions, and what has taken their place."""


class _Commands(Mapping[str, Any]):
    """The commands by name. One is made when it is called for, and its file is run only then."""

    def __init__(self, made: Mapping[str, Any]) -> None:
        self._made = made

    def __getitem__(self, name: str) -> Any:
        if name not in self._made:
            place = next((place for place in read_places() if place.name == name), None)
            if place is None:
                raise KeyError(name)
            place.load()
            group: Any = typer.main.get_command(app)
            self._made = group.commands._made
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys([*(place.name for place in read_places()), *self._made]))

    def __len__(self) -> int:
        return sum(1 for _ in self)


class _Group(TyperGroup):
    """All commands under their headings, each told in whole sentences."""

    def __init__(self, **how: Any) -> None:
        super().__init__(**how)
        self.commands: Any = _Commands(self.commands)

    def list_commands(self, ctx: Any) -> list[str]:
        """The names of all."""
        return list(self.commands)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write what each command does into the help."""
        headed: dict[str, list[tuple[str, str]]] = {heading: [] for heading in HEADINGS}
        for place in read_places():
            told = TyperCommand(place.name, help=tell_help(place.doc)).get_short_help_str(_WHOLE)
            headed[place.heading].append((place.name, told))
        for heading, commands in headed.items():
            with formatter.section(heading):
                formatter.write_dl(commands)


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
        from cssopt.render.screen import results

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
        from cssopt.render.screen import messages

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
    from cssopt.render.screen import results

    results.write(json.dumps(facts, allow_nan=False) + "\n")
