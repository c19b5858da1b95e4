"""Opening files of inputs: only an ordinary file of a believable size is read."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.tables.tidy import show_line
from cssopt.workbook.gate.limits import MB

MAX_FILE = 50 * MB

_LOCK = "~$"
"""What Excel puts before the name of a workbook that is open."""

_NO_WAITING = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
"""A pipe is opened at once, also where nobody writes into it."""


def open_file(path: Path) -> bytes:
    """The bytes of a workbook's file, whatever it holds; raises DataError where there is none."""
    if path.is_dir():
        raise refuse(path, "E-001", "is a folder. Name a workbook (.xlsx).")
    if path.name.startswith(_LOCK):
        text = f"is what Excel keeps while '{path.name[2:]}' is open. Name that workbook."
        raise refuse(path, "E-001", text)
    mends = "Name a workbook (.xlsx).", "Remove pictures and all that is not input."
    return read_ordinary(path, MAX_FILE, *mends)


def read_ordinary(path: Path, most: int, other: str, smaller: str) -> bytes:
    """The bytes of an ordinary file of no more than `most`; raises DataError for any other.

    What is opened is what is looked at, and no more than `most` is read, so that a name that is
    given to another file meanwhile, or a file that grows, changes nothing. `other` says what to do
    about what is no ordinary file, `smaller` about one that is too large.
    """
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | _NO_WAITING), "rb") as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                raise refuse(path, "E-001", f"is not an ordinary file. {other}")
            content = stream.read(most + 1)
            size = max(os.fstat(stream.fileno()).st_size, len(content))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        if stat.S_ISSOCK(_mode_of(path)):
            raise refuse(path, "E-001", f"is not an ordinary file. {other}") from error
        text = f"cannot be read: {reason}. Check the path and your permission."
        raise refuse(path, "E-001", text) from error
    if len(content) > most:
        text = f"has {size / MB:,.0f} MB; at most {most // MB} MB are read. {smaller}"
        raise refuse(path, "E-003", text)
    return content


def _mode_of(path: Path) -> int:
    try:
        return path.stat().st_mode
    except (OSError, ValueError):
        return 0


def refuse(path: Path, code: str, text: str) -> DataError:
    """The error of a file, whose name is told on one line whatever it holds."""
    name = show_line(path.name)
    return DataError([Issue(code, name, text)], name)
