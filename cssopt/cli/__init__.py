"""The command line: reads words, asks what they ask, writes and prints the answer."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence

import typer

from cssopt import interrupt
from cssopt.cli.program import app
from cssopt.errors import CssoptError
from cssopt.solve.outcome import Status
from cssopt.start import INTERRUPTED

__all__ = ["app", "main"]


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
    _open_streams()
    try:
        code = _call(words)
        interrupt.ignore()
        if interrupt.came() and code not in (Status.ERROR.exit_code, INTERRUPTED):
            code = _tell(KeyboardInterrupt())
    except (Exception, KeyboardInterrupt) as error:
        interrupt.ignore()
        # What loses its way after Ctrl-C, as a half-loaded library does, has Ctrl-C for a reason.
        code = _tell(KeyboardInterrupt() if _is_cut(error) else error, error)
    return code


def _tell(error: BaseException, raised: BaseException | None = None) -> int:
    """Tell how a command ended; the exit code. What tells it is loaded only where it is needed."""
    from cssopt.cli.endings import tell_error

    return tell_error(error, getattr(raised, "__notes__", ()))


def _open_streams() -> None:
    """Let the two streams of the program take every text, whatever their encoding is."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


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
