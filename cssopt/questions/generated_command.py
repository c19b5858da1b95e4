"""The command of a question, made from its dataclass: no command repeats what another says."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import Field, fields, replace
from pathlib import Path
from types import NoneType
from typing import Annotated, Any, Literal, NoReturn, get_args, get_origin, get_type_hints

import typer

from cssopt import interrupt
from cssopt.assembly.case import Case, load
from cssopt.document.run_facts import find_origin
from cssopt.questions.answers import claim_output
from cssopt.questions.command import (
    AsJson,
    Models,
    app,
    deliver,
    find_folder,
    make_teller,
)
from cssopt.questions.common_options import REQUIRED, Common, Option, find_option
from cssopt.questions.question import ABOUT, FILES, QUESTIONS, Answer, Asking, find_own_source
from cssopt.render.document_json import document_facts
from cssopt.render.document_terminal import print_document
from cssopt.render.formats import (
    USUAL_FORMATS,
    name_files,
    read_formats,
    write_document,
)
from cssopt.render.place import check_place
from cssopt.render.screen import messages, results
from cssopt.render.terminal import print_issues
from cssopt.solve.outcome import Status

_JOURNAL = "journal.sqlite"


def register_questions() -> None:
    """Give each question that has no command yet its command."""
    known = {command.name for command in app.registered_commands}
    for name, kind in QUESTIONS.items():
        if name not in known:
            app.command(name)(make_command(name, kind))


def make_command(name: str, kind: type[Common]) -> Callable[..., None]:
    """The function of a command, as Typer reads it: its words become the fields of the question."""
    hints = get_type_hints(kind)
    options = {e.name: (e, o) for e in fields(kind) if (o := find_option(e)) is not None}

    def command(
        context: typer.Context,
        book: Path | None,
        out: Path | None,
        formats: str,
        as_json: bool,
        models: list[Path] | None,
        **given: Any,
    ) -> None:
        values = {key: _read(*options[key], value) for key, value in given.items()}
        asked = kind(**values)
        _ask(context, name, asked, book, out, read_formats(formats), models or (), as_json=as_json)

    endings = ",".join(USUAL_FORMATS)
    own = {
        "context": (typer.Context, inspect.Parameter.empty),
        "book": (_book(kind), None if hasattr(kind, "own_source") else inspect.Parameter.empty),
        **{key: _parameter(hints[key], each.default, o) for key, (each, o) in options.items()},
        "out": (
            Annotated[
                Path | None,
                typer.Option("--out", help=_tell_out(name, kind)),
            ],
            None,
        ),
        "formats": (
            Annotated[
                str,
                typer.Option(
                    "--formats", help="Files that are written: some of xlsx,html,json, or none."
                ),
            ],
            endings,
        ),
        "as_json": (AsJson, False),
        "models": (Models, None),
    }
    command.__name__, command.__doc__ = name.replace("-", "_"), kind.__doc__
    command.__annotations__ = {key: hint for key, (hint, _) in own.items()}
    command.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter(key, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=hint)
            for key, (hint, default) in own.items()
        ]
    )
    return command


def _tell_out(name: str, kind: type[Common]) -> str:
    last = name if kind.folder_name is Common.folder_name else "<study>"
    usual = f"Folder. Default: reports/<book>-{last}."
    if not hasattr(kind, "own_source"):
        return usual
    return f"{usual} Of a file in place of a workbook nothing is written without it."


def _book(kind: type[Common]) -> Any:
    help_ = "The input workbook (.xlsx), or a folder of CSV files."
    if hasattr(kind, "own_source"):
        return Annotated[Path | None, typer.Argument(help=help_, show_default=False)]
    return Annotated[Path, typer.Argument(help=help_, show_default=False)]


def _parameter(hint: Any, default: Any, option: Option) -> tuple[Any, Any]:
    """How Typer takes an option, and its default."""
    if default is REQUIRED:
        return _parameter(hint, None, option)[0], inspect.Parameter.empty
    if option.number is not None:
        taken: Any = int if option.number.whole else float
        how = {**option.number.parameters, "help": option.help}
        if get_origin(hint) is Sequence:
            return Annotated[list[taken] | None, typer.Option(option.flag, **how)], None
        return Annotated[taken | None, typer.Option(option.flag, **how)], default
    inner = [part for part in get_args(hint) if part is not NoneType] or [hint]
    kind: Any = inner[0] if len(inner) == 1 else hint
    info = typer.Option(option.flag, help=option.help)
    if option.read is not None:
        return Annotated[str | None, info], None
    if kind is bool or get_origin(kind) is Literal:
        return Annotated[kind, info], default
    if get_origin(hint) is Sequence:
        return Annotated[list[str] | None, info], None
    if kind is Path:
        return Annotated[Path | None, info], default
    return Annotated[str | None, info], default


def _read(each: Field[Any], option: Option, value: Any) -> Any:
    """The value of a field from what was typed; its default where nothing was."""
    if value is None:
        return each.default
    if isinstance(value, list):
        return tuple(value)
    return option.read(value) if option.read is not None and isinstance(value, str) else value


def _ask(
    context: typer.Context,
    name: str,
    asked_for: Common,
    book: Path | None,
    out: Path | None,
    formats: Sequence[str],
    models: Sequence[Path],
    *,
    as_json: bool,
) -> NoReturn:
    """Ask a question, write its answer and print it; ends the command.

    An answer about a file of its own is written only where --out says so: nobody keeps reports on a
    table of numbers unless asked to.
    """
    source = find_own_source(asked_for)
    if (book is None) == (source is None):
        context.fail(_ONE_SOURCE if book is None else _TWO_SOURCES)
    if source is not None and out is None:
        formats = ()
    read: Path = source if book is None else book  # type: ignore[assignment]
    folder = find_folder(out, read, asked_for.folder_name or name)
    files = name_files(FILES[type(asked_for)], formats)
    case = None if book is None else load(book, models)
    if case is not None:
        print_issues(messages, case.warnings)
    if files:
        _claim(context, ABOUT[type(asked_for)], folder, files, case, read)
    journal = folder / _JOURNAL if files and case is not None else None
    with messages.status("reading") as line:
        asked_for = replace(asked_for, tell=make_teller(line), journal=journal)
        own = {"out": out, "formats": formats, "json": as_json, "models": models}
        asked = Asking(asked_for, case, own)
        asked_for.check(asked)
        try:
            found = asked_for.find(asked)  # type: ignore[attr-defined]
        except KeyboardInterrupt:
            with interrupt.held_back():
                messages.print(_say_kept(journal))
            raise typer.Exit(Status.INTERRUPTED.exit_code) from None
        document = Answer(found, asked).document
    deliver(
        "Answer",
        (lambda: write_document(folder, document, formats)) if files else None,
        as_json=as_json,
        facts=lambda: document_facts(document),
        table=lambda: print_document(results, document),
        audits=lambda: document.facts.audits,
        status=found.status,
    )


_ONE_SOURCE = "Name a workbook (or a file in its place: see --help)."
_TWO_SOURCES = "A workbook and a file in its place are two questions. Name one of them."


def _claim(
    context: typer.Context,
    name: str,
    folder: Path,
    files: Sequence[str],
    case: Case | None,
    read: Path,
) -> None:
    """Keep the place of the answer for this run; ReportError where it could not be written."""
    path, *beside = (folder / file for file in files)
    context.with_resource(claim_output(path))
    digest = "" if case is None else case.digest
    check_place(path, name, find_origin(str(read), digest), [file.name for file in beside])


def _say_kept(journal: Path | None) -> str:
    if journal is None or not journal.exists():
        return "Interrupted: nothing was worked out to its end."
    return (
        f"Interrupted. What was solved by then is kept in {journal}: the same command does the "
        "rest."
    )
