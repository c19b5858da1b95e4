"""The command line: reads words, asks what they ask, writes and prints the answer."""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
from collections.abc import Sequence
from typing import Any, Final

import typer

from cssopt import interrupt, questions
from cssopt.cli import inputs_commands as inputs_commands
from cssopt.cli import kept_commands as kept_commands
from cssopt.cli.program import ISSUES_FOUND, WRONG_CALL, app
from cssopt.cli.question_commands import register_questions
from cssopt.errors import CallError, CssoptError, DataError
from cssopt.render.screen import OutputError, messages, open_streams
from cssopt.render.terminal import print_issues
from cssopt.solve.outcome import Status
from cssopt.start import INTERRUPTED, NO_MEMORY, TRACEBACK, is_memory
from cssopt.tables.convert import quote

READER_GONE = 141
"""Exit code where the reader of the results has gone, as after ``| head``: that of the signal by
which other programs end then."""

_LONGEST: Final = 1_000
"""Characters of an error that is not written by us."""

__all__ = ["app", "main"]


def register_commands() -> None:
    """Load what every question asks (`ask` in its folder), and make its command of it."""
    for found in pkgutil.walk_packages(questions.__path__, f"{questions.__name__}."):
        if found.name.endswith(".ask"):
            importlib.import_module(found.name)
    register_questions()


register_commands()


def main() -> None:
    """Run the command line; every error is a sentence, never a traceback.

    After Ctrl-C, SIGTERM or SIGHUP what was solved by then is told and kept.
    """
    interrupt.heed()
    try:
        code = _run(sys.argv[1:])
    finally:
        interrupt.put_back()
    interrupt.end(code)


def _run(words: Sequence[str]) -> int:
    """Run a command and tell how it ended; its exit code."""
    open_streams()
    notes: Sequence[str] = ()
    try:
        code = _call(words)
        interrupt.ignore()
        if interrupt.came() and code not in (Status.ERROR.exit_code, INTERRUPTED):
            code = _tell(KeyboardInterrupt())
    except (Exception, KeyboardInterrupt) as error:
        interrupt.ignore()
        # What loses its way after Ctrl-C, as a half-loaded library does, has Ctrl-C for a reason.
        code = _tell(KeyboardInterrupt() if _is_cut(error) else error)
        notes = getattr(error, "__notes__", ())
    # Where a plan is kept, and the like.
    for note in notes:
        messages.print(note)
    return code


def _is_cut(error: BaseException) -> bool:
    return interrupt.came() and not isinstance(error, CssoptError)


def _call(words: Sequence[str]) -> int:
    """Run a command; its exit code."""
    command = typer.main.get_command(app)
    try:
        with command.make_context("cssopt", list(words)) as context:
            command.invoke(context)
    except typer.Exit as ended:
        return int(ended.exit_code)
    return 0


def _tell(error: BaseException) -> int:
    """Tell an error in a sentence or a line for each issue; the exit code."""
    code = Status.ERROR.exit_code
    if isinstance(error, OSError) and "--help" in sys.argv:
        # Help ends a command before it touches any file, and is the one text not written by us.
        error = OutputError(error)
    if isinstance(error, KeyboardInterrupt):
        code = INTERRUPTED
        messages.print(f"Interrupted. {Status.INTERRUPTED.sentence}")
    elif isinstance(error, DataError):
        code = ISSUES_FOUND
        print_issues(messages, error.issues)
    elif isinstance(error, OutputError) and error.is_closed:
        code = READER_GONE
    elif isinstance(error, CallError):
        code = WRONG_CALL
        messages.print(str(error))
    elif isinstance(error, CssoptError):
        messages.print(f"Error: {error}", style="red")
    elif is_memory(error):
        messages.print(NO_MEMORY, style="red")
    elif callable(getattr(error, "format_message", None)):
        code = _tell_wrong_call(error)
    else:
        _tell_fault(error)
    return code


def _tell_wrong_call(error: Any) -> int:
    """What is wrong with the words of a command, and how they go."""
    if (context := getattr(error, "ctx", None)) is not None:
        messages.print(context.get_usage())
        messages.print(f"Try: {context.command_path} --help")
    messages.print(f"Error: {_cut(error.format_message())}", style="red")
    return int(error.exit_code)


def _cut(text: str) -> str:
    """A text as it is told: of a word of thousands of letters the start."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def _tell_fault(error: BaseException) -> None:
    if os.environ.get(TRACEBACK):
        raise error
    told = _cut(f"{type(error).__name__}: {error}")
    if isinstance(error, OSError):
        place = "" if error.filename is None else f"{quote(str(error.filename))}: "
        told = f"{place}{error.strerror or told}"
        messages.print(f"Error: {told}. Check the path and the free space.")
    else:
        messages.print(
            f"Error: a fault in cssopt ({told}). Nothing of yours was changed. Please report "
            f"it, with what is shown when {TRACEBACK}=1 is set."
        )
