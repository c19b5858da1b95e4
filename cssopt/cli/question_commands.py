"""The command of a question, made from its dataclass: no command repeats what another says."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import Field, dataclass, replace
from pathlib import Path
from types import NoneType
from typing import Annotated, Any, Final, Literal, NoReturn, get_args, get_origin, get_type_hints

import typer

from cssopt import interrupt
from cssopt.assembly.case import Case, load
from cssopt.cli.commands import tell_help
from cssopt.cli.program import AsJson, Book, Models, app, print_json
from cssopt.document.base_plan import ONLY_THE_PLAN, show_interrupted, tell_plan
from cssopt.document.document import Document
from cssopt.document.run_facts import find_origin
from cssopt.errors import CallError, DataError
from cssopt.profile import Profile, find_profile, phase, recorded
from cssopt.questions.common_options import REQUIRED, Common, Option, list_options
from cssopt.questions.question import DECLARED, QUESTIONS, Answer, Asking, find_own_source
from cssopt.render.atomic import open_folder, told_if_refused, try_to_append, try_to_write
from cssopt.render.document_terminal import print_document
from cssopt.render.formats import (
    FORMATS,
    can_be_written,
    check_formats,
    check_pages,
    name_files,
    read_formats,
    write_document,
)
from cssopt.render.place import check_place, keep_answer
from cssopt.render.progress import Progress
from cssopt.render.screen import messages, results
from cssopt.render.terminal import print_audits, print_issues, print_profile
from cssopt.runs.solve_case import Solution
from cssopt.solution.plain import plain_tables
from cssopt.solution.verdicts import AUDIT_FAILED, DO_NOT_USE, Audits
from cssopt.solve.outcome import Status

_JOURNAL: Final = "journal.sqlite"

_MOMENT: Final = 1.0
"""Seconds in which a run that is just ending may end."""


@dataclass(frozen=True)
class Given:
    """What a command is told beside its question.

    Attributes
    ----------
    out: folder of the files; None for the usual one. formats: of which they are; empty for none.
    as_json: the answer is printed as one object. pictures: folder of its charts; None for none.
    quiet: steps, warnings about the inputs and where the files are go untold.
    models: folders of model files. profile: where the time went is told at the end.
    """

    out: Path | None
    formats: tuple[str, ...]
    as_json: bool
    pictures: Path | None
    quiet: bool
    models: tuple[Path, ...]
    profile: bool = False

    @property
    def told(self) -> dict[str, Any]:
        """The same by the names of the options, for the facts of the run.

        A profile changes no answer: only where it is asked for its option stands there.
        """
        return {
            "out": self.out,
            "formats": self.formats,
            "json": self.as_json,
            "pictures": self.pictures,
            "quiet": self.quiet,
            "models": self.models,
            **({"profile": True} if self.profile else {}),
        }

    def tell(self, text: str) -> None:
        """Tell something that is no part of the answer."""
        if not self.quiet:
            messages.print(text)


def register_questions() -> None:
    """Give each question that has no command yet its command."""
    known = {command.name for command in app.registered_commands}
    for name, kind in QUESTIONS.items():
        if name not in known:
            app.command(name)(make_command(name, kind))


def make_command(name: str, kind: type[Common]) -> Callable[..., None]:
    """The function of a command, as Typer reads it: its words become the fields of the question."""
    hints, options = get_type_hints(kind), list_options(kind)

    def command(
        context: typer.Context,
        book: Path | None,
        formats: str,
        models: list[Path] | None,
        out: Path | None,
        as_json: bool,
        pictures: Path | None,
        quiet: bool,
        profile: bool,
        pptx: bool = False,
        **words: Any,
    ) -> None:
        asked = kind(**{key: _read(*options[key], word) for key, word in words.items()})
        chosen, folders = read_formats(formats), tuple(models or ())
        if pptx and _SLIDES not in chosen:
            chosen = (*chosen, _SLIDES)
            check_formats(chosen)
        check_pages(chosen, has_pages=kind.has_pages)
        given = Given(out, chosen, as_json, pictures, quiet, folders, profile)
        with _profiled() if profile else nullcontext():
            _ask(context, asked, book, given)

    own = {
        "context": (typer.Context, inspect.Parameter.empty),
        "book": (Book, inspect.Parameter.empty),
        **{key: _parameter(hints[key], each.default, o) for key, (each, o) in options.items()},
        "out": (
            Annotated[Path | None, typer.Option("--out", help=_tell_out(kind), metavar="FOLDER")],
            None,
        ),
        "formats": (Formats, ",".join(can_be_written(kind.formats))),
        "as_json": (AsJson, False),
        "pictures": (PicturesFolder, None),
        "quiet": (Quiet, False),
        "models": (Models, None),
        "profile": (ProfileWanted, False),
        **({"pptx": (Slides, False)} if kind.has_pages else {}),
    }
    if hasattr(kind, "own_source"):
        own["book"] = (Annotated[Path | None, get_args(Book)[1]], None)
    command.__name__, command.__doc__ = (
        name.replace("-", "_"),
        tell_help(inspect.getdoc(kind) or ""),
    )
    command.__annotations__ = {key: hint for key, (hint, _) in own.items()}
    command.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter(key, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=hint)
            for key, (hint, default) in own.items()
        ]
    )
    return command


Formats = Annotated[
    str,
    typer.Option(
        "--formats",
        help=f"Files that are written: some of {', '.join(FORMATS)}, such as xlsx,json; or none.",
        metavar="TEXT",
    ),
]
_SLIDES: Final = "pptx"
Slides = Annotated[
    bool, typer.Option("--pptx", help="Also a brief of slides: pptx among --formats.")
]
PicturesFolder = Annotated[
    Path | None,
    typer.Option(
        "--pictures", help="A folder for every chart as a picture, SVG and PNG.", metavar="FOLDER"
    ),
]
Quiet = Annotated[
    bool,
    typer.Option("--quiet", help="Tell the answer and errors only: no steps, nor what is written."),
]


ProfileWanted = Annotated[
    bool,
    typer.Option(
        "--profile",
        help="At the end also where time and memory went: by phase, by component, and by run of "
        "HiGHS.",
    ),
]


@contextmanager
def _profiled() -> Iterator[None]:
    """Record where the time of a block goes, and tell it at its end, however that ends."""
    with recorded(Profile.of_process()) as profile:
        try:
            yield
        finally:
            print_profile(messages, profile)


def _tell_out(kind: type[Common]) -> str:
    has_own = kind.folder_name is not Common.folder_name
    folder = "<study>" if has_own else DECLARED[kind].name
    usual = f"Folder of the files. Default: reports/<book>-{folder}."
    if not hasattr(kind, "own_source"):
        return usual
    return f"{usual} Of a file in place of a workbook nothing is written without it."


def _parameter(hint: Any, default: Any, option: Option) -> tuple[Any, Any]:
    """How Typer takes an option, and its default."""
    if default is REQUIRED:
        return _parameter(hint, None, option)[0], inspect.Parameter.empty
    if option.is_word:
        word = typer.Argument(help=option.help, metavar=option.flag, show_default=False)
        return Annotated[str | None, word], default
    if option.read is not None:
        word = "FILE" if option.read is Path else "TEXT"
        info = typer.Option(option.flag, help=option.help, metavar=word)
        return Annotated[str | None, info], None
    if option.number is not None:
        taken: Any = int if option.number.whole else float
        how = {**option.number.parameters, "help": option.help}
        if get_origin(hint) is Sequence:
            return Annotated[list[taken] | None, typer.Option(option.flag, **how)], None
        return Annotated[taken | None, typer.Option(option.flag, **how)], default
    inner = [part for part in get_args(hint) if part is not NoneType] or [hint]
    kind: Any = inner[0] if len(inner) == 1 else hint
    word = "FILE" if kind is Path else "TEXT"
    info = typer.Option(option.flag, help=option.help, metavar=word)
    if kind is bool or get_origin(kind) is Literal:
        return Annotated[kind, typer.Option(option.flag, help=option.help)], default
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


def find_folder(out: Path | None, book: Path, answer: str) -> Path:
    """Where an answer goes: `out`, or a folder below reports named by the input and the answer.

    A workbook is named without .xlsx, and a folder by its whole name: plan.2030 and plan.2031 are
    two. Beside alliance.xlsx the folder alliance is told by the word folder.
    """
    if out is not None:
        return out
    whole = book.absolute() if book.name not in ("", "..") else book.resolve()
    name = whole.stem if whole.suffix.lower() == ".xlsx" and not whole.is_dir() else whole.name
    if whole.is_dir() and whole.with_name(f"{name}.xlsx").exists():
        name = f"{name}-folder"
    return Path("reports") / f"{name}-{answer}"


def _ask(context: typer.Context, asked_for: Common, book: Path | None, given: Given) -> NoReturn:
    """Ask a question, write its answer and print it; ends the command.

    An answer about a file of its own is written only where --out says so: nobody keeps reports on a
    table of numbers unless asked to.
    """
    source = find_own_source(asked_for)
    if (book is None) == (source is None):
        context.fail(_ONE_SOURCE if book is None else _TWO_SOURCES)
    if source is not None and given.out is None:
        given = replace(given, formats=())
    read: Path = source if book is None else book  # type: ignore[assignment]
    name = asked_for.folder_name or DECLARED[type(asked_for)].name
    folder = find_folder(given.out, read, name)
    case = None if book is None else load(book, given.models)
    if case is not None and not given.quiet:
        print_issues(messages, case.warnings)
    _check_outputs(context, asked_for, folder, given, find_origin(str(read), _digest(case)))
    journal = _Journal(folder / _JOURNAL) if given.formats and case is not None else None
    slides = {_SLIDES: _SLIDES in given.formats} if asked_for.has_pages else {}
    asked = Asking(asked_for, case, given.told | slides)
    with telling(asked, given, journal) as told:
        told.options.check(told)
        if not given.quiet:
            print_issues(messages, told.options.doubts)
        worked_out = _work_out(told, folder, given, journal)
    raise typer.Exit(deliver(worked_out, folder, given))


_ONE_SOURCE = "Name a workbook (or a file in its place: see --help)."
_TWO_SOURCES = "A workbook and a file in its place are two questions. Name one of them."


def _digest(case: Case | None) -> str:
    return "" if case is None else case.digest


def _check_outputs(
    context: typer.Context, asked_for: Common, folder: Path, given: Given, origin: str
) -> None:
    """ReportError where something could not be written, which must be known before anything is
    solved. Until the command ends no other run writes into the folder of the answer."""
    declared = DECLARED[type(asked_for)]
    if files := name_files(declared.file, given.formats):
        path, *beside = (folder / file for file in files)
        context.with_resource(open_folder(path, _MOMENT))
        check_place(path, declared.about, origin, [file.name for file in beside])
    if given.pictures is not None:
        # What draws them is loaded only where they are wanted.
        from cssopt.render.pictures import check_pictures

        check_pictures()
        picture = given.pictures / f"{declared.file}.svg"
        with open_folder(picture, _MOMENT), told_if_refused(picture):
            try_to_write(picture)
    if asked_for.log is not None:
        try_to_append(asked_for.log)


class _Journal:
    """Where solves that are done are kept, and whether any was kept since the command began."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._before = self._stamp()

    def _stamp(self) -> tuple[int, ...]:
        """Changes with what is written, into the file or beside it on its way there."""
        found = []
        for path in (self.path, self.path.with_name(f"{self.path.name}-wal")):
            with suppress(OSError):
                stat = path.stat()
                found += [stat.st_mtime_ns, stat.st_size]
        return tuple(found)

    @property
    def grew(self) -> bool:
        """True where something was kept."""
        return self._stamp() != self._before


@contextmanager
def telling(asked: Asking, given: Given, journal: _Journal | None) -> Iterator[Asking]:
    """The question, which tells how far it is while a block is running."""
    path = None if journal is None else journal.path
    with Progress(messages, quiet=given.quiet) as progress:
        options = replace(asked.options, tell=progress.tell, journal=path)
        yield replace(asked, options=options)


@dataclass(frozen=True)
class WorkedOut:
    """An answer that can be read, with the audits of its plans and how it ended.

    Attributes
    ----------
    is_again: of a kept run, which replaces its own files only.
    """

    document: Document
    audits: Audits
    status: Status
    is_again: bool = False


def _work_out(asked: Asking, folder: Path, given: Given, journal: _Journal | None) -> WorkedOut:
    """The answer; after Ctrl-C the base plan, where that was solved by then.

    What was solved is kept where a fault ends the rest.
    """
    found: Any = None

    def keep() -> AbstractContextManager[None]:
        """What was solved, kept as plain values where its files are wanted."""
        if not given.formats or (found is None and asked.solved is None):
            return nullcontext()
        path = folder / f"{DECLARED[type(asked.options)].file}.json"
        return keep_answer(path, lambda: _describe_solved(asked, found))

    try:
        found = asked.options.find(asked)  # type: ignore[attr-defined]
        return _show(asked, found)
    except KeyboardInterrupt:
        with interrupt.held_back(), keep():
            return _show(asked, found) if found is not None else _show_base(asked, journal)
    except (DataError, CallError):
        raise
    except Exception:
        with keep():
            raise


def _show(asked: Asking, found: Any) -> WorkedOut:
    with phase("show"):
        document = Answer(found, asked).document
    return WorkedOut(document, document.facts.audits, found.status)


def _show_base(asked: Asking, journal: _Journal | None) -> WorkedOut:
    """What is left of a question that is interrupted. Ends the command where nothing is."""
    base = asked.solved
    kept = ""
    if journal is not None and journal.grew:
        kept = f"What was solved by then is kept in {journal.path}: the same command does the rest."
    if base is None:
        nothing = "nothing was worked out to its end."
        messages.print(f"Interrupted. {kept}" if kept else f"Interrupted: {nothing}")
        raise typer.Exit(Status.INTERRUPTED.exit_code)
    messages.print(f"{ONLY_THE_PLAN} {kept}".strip())
    title = DECLARED[type(asked.options)].name.capitalize()
    document = show_interrupted(base, title, asked.facts(base, base))
    return WorkedOut(document, base.audits, Status.INTERRUPTED)


def _describe_solved(asked: Asking, found: Any) -> dict[str, Any]:
    """What is known where the rest ends early, as plain JSON values."""
    plan = found if isinstance(found, Solution) else asked.solved
    told: dict[str, Any] = {"question": DECLARED[type(asked.options)].name}
    if found is not None and found is not plan:
        told |= {"status": str(found.status), "tables": plain_tables(getattr(found, "tables", {}))}
    if plan is not None:
        told |= {
            "base_plan": tell_plan(plan).records(),
            "plan": {"tables": plain_tables(plan.tables)},
        }
    return told


def deliver(worked_out: WorkedOut, folder: Path, given: Given) -> int:
    """Write an answer and print it; the exit code of how it ended.

    It is printed also where it cannot be written, and before that after Ctrl-C, so that a second
    one cannot take it away. A failed audit of any plan whose figures are shown stands above the
    answer and below it, in red on standard error too, and makes the command end with an error.
    """
    audits = worked_out.audits
    place, shown = None, False

    def show() -> None:
        nonlocal shown
        if not shown:
            shown = True
            with interrupt.held_back(), phase("print"):
                _print(worked_out.document, audits, as_json=given.as_json)

    try:
        if interrupt.came():
            show()
        if given.formats:
            with Progress(messages, quiet=given.quiet) as progress, phase("write"):
                progress.tell("writing the answer")
                place = write_document(
                    folder, worked_out.document, given.formats, is_again=worked_out.is_again
                )
    finally:
        try:
            show()
        finally:
            if place is not None:
                given.tell(f"Answer: {place.told}")
            if audits.failed:
                print_audits(messages, audits)
    if given.pictures is not None:
        _draw(worked_out.document, given.pictures, given)
    return (Status.ERROR if audits.failed else worked_out.status).exit_code


def _print(document: Document, audits: Audits, *, as_json: bool) -> None:
    if as_json:
        from cssopt.render.document_json import document_facts

        profile = find_profile()
        told = {} if profile is None else {"profile": profile.facts()}
        print_json({**document_facts(document), **told})
        return
    if audits.failed:
        results.print(f"{AUDIT_FAILED}. {DO_NOT_USE}.", style="bold red")
    print_document(results, document)
    if not audits.failed:
        print_audits(results, audits)


def _draw(document: Document, folder: Path, given: Given) -> None:
    """Write the charts as pictures; what draws them is loaded only here."""
    from cssopt.render.pictures import write_pictures

    drawn = write_pictures(folder, document)
    given.tell(f"Pictures: {len(drawn)} files in {folder}")
