"""How a command that ends with an error tells it: in a sentence, never in a traceback."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Any, Final

from cssopt.cli.program import ISSUES_FOUND, WRONG_CALL
from cssopt.errors import CallError, CssoptError, DataError
from cssopt.render.screen import OutputError, messages
from cssopt.render.terminal import print_issues
from cssopt.solve.outcome import Status
from cssopt.start import INTERRUPTED, NO_MEMORY, TRACEBACK, is_memory, say_not_loaded
from cssopt.tables.convert import quote

READER_GONE: Final = 141
"""Exit code where the reader of the results has gone, as after ``| head``: that of the signal by
which other programs end then."""

_LONGEST: Final = 1_000
"""Characters of an error that is not written by us."""


def tell_error(error: BaseException, notes: Sequence[str] = ()) -> int:
    """Tell an error in a sentence or a line for each issue, and its notes, such as where a plan is
    kept; the exit code."""
    if isinstance(error, OSError) and "--help" in sys.argv:
        # Help ends a command before it touches any file, and is the one text not written by us.
        error = OutputError(error)
    code = _tell(error)
    for note in notes:
        messages.print(note)
    return code


def _tell(error: BaseException) -> int:
    code = Status.ERROR.exit_code
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
    if isinstance(error, ImportError):
        messages.print(say_not_loaded(error))
    elif isinstance(error, OSError):
        place = "" if error.filename is None else f"{quote(str(error.filename))}: "
        told = f"{place}{error.strerror or told}"
        messages.print(f"Error: {told}. Check the path and the free space.")
    else:
        messages.print(
            f"Error: a fault in cssopt ({told}). Nothing of yours was changed. Please report "
            f"it, with what is shown when {TRACEBACK}=1 is set."
        )
