"""Commands about kept runs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final

import typer

from cssopt.assembly.case import load
from cssopt.cli.program import AsJson, Book, Models, app
from cssopt.cli.question_commands import (
    Formats,
    Given,
    PicturesFolder,
    Quiet,
    WorkedOut,
    deliver,
)
from cssopt.questions.kept import ask
from cssopt.questions.kept.ask import Kept
from cssopt.questions.kept.verify import ask as ask_verify
from cssopt.render.formats import USUAL_FORMATS, read_formats
from cssopt.render.progress import Progress
from cssopt.render.screen import messages

_RUN: Final = "The folder of a run, its run record, or a file that it wrote."

_Out = Annotated[
    Path | None,
    typer.Option(
        "--out",
        help="Folder of the files; of several runs each has a folder of its own in it. Default: "
        "where the run is kept.",
        metavar="FOLDER",
    ),
]
_OutOnly = Annotated[
    Path | None,
    typer.Option(
        "--out", help="Folder of the files. Default: nothing is written.", metavar="FOLDER"
    ),
]
_Run = Annotated[Path, typer.Argument(help=_RUN, show_default=False)]
_Runs = Annotated[list[Path], typer.Argument(help=_RUN, metavar="RUN", show_default=False)]
_USUAL: Final = ",".join(USUAL_FORMATS)


@app.command("report")
def report(
    runs: _Runs,
    out: _Out = None,
    formats: Formats = _USUAL,
    as_json: AsJson = False,
    pictures: PicturesFolder = None,
    quiet: Quiet = False,
) -> None:
    """Write the answers of kept runs again, in any format, and print them: nothing is solved.

    A file that was changed since stays, as do those of other runs.
    """
    answers = [ask.report(run) for run in runs]
    names = _name_folders(answers)
    codes = []
    for answer, name in zip(answers, names, strict=True):
        folder = answer.folder if out is None else out / name
        drawn = None if pictures is None else pictures / name
        given = Given(folder, read_formats(formats), as_json, drawn, quiet, ())
        codes.append(_deliver(answer, given))
    raise typer.Exit(next((code for code in codes if code), 0))


@app.command("compare-runs")
def compare_runs(
    first: _Run,
    second: _Run,
    out: _OutOnly = None,
    formats: Formats = _USUAL,
    as_json: AsJson = False,
    pictures: PicturesFolder = None,
    quiet: Quiet = False,
) -> None:
    """Tell two kept runs of one command apart: inputs, options, and every figure that differs."""
    chosen = read_formats(formats) if out is not None else ()
    given = Given(out, chosen, as_json, pictures, quiet, ())
    raise typer.Exit(_deliver(ask.compare_runs(first, second), given))


@app.command("verify")
def verify(
    report: Annotated[Path, typer.Argument(help=_RUN, metavar="REPORT", show_default=False)],
    book: Book,
    out: _OutOnly = None,
    formats: Formats = _USUAL,
    as_json: AsJson = False,
    pictures: PicturesFolder = None,
    quiet: Quiet = False,
    models: Models = None,
) -> None:
    """Look for changes by hand in a report, solve again, and tell what differs.

    Ends with 0 where the report matches, 1 where it differs, and 6 where that cannot be told.
    """
    chosen = read_formats(formats) if out is not None else ()
    folders = tuple(models or ())
    given = Given(out, chosen, as_json, pictures, quiet, folders)
    case = load(book, folders)
    with Progress(messages, quiet=quiet) as progress:
        answer = ask_verify.verify(report, case, tell=progress.tell)
    raise typer.Exit(_deliver(answer, given))


def _deliver(answer: Kept, given: Given) -> int:
    worked_out = WorkedOut(answer.document, answer.audits, answer.status, answer.is_again)
    return deliver(worked_out, given.out or Path(), given)


def _name_folders(answers: list[Kept]) -> list[str]:
    """A folder for each of several answers, by that of its run; none for a single one."""
    if len(answers) == 1:
        return [""]
    names: list[str] = []
    for answer in answers:
        own = "run" if answer.folder is None else answer.folder.resolve().name or "run"
        name, number = own, 1
        while name in names:
            number += 1
            name = f"{own}-{number}"
        names.append(name)
    return names
