"""Opening the file of a workbook: only an ordinary file of a believable size is read."""

from __future__ import annotations

import stat
from pathlib import Path

from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.workbook.limits import MB

MAX_FILE = 50 * MB

_LOCK = "~$"
"""What Excel puts before the name of a workbook that is open."""


def open_file(path: Path) -> bytes:
    """The bytes of an ordinary file, whatever it holds; raises DataError where there is none."""
    try:
        state = path.stat()
        if stat.S_ISDIR(state.st_mode):
            raise _refuse(path, "E-001", "is a folder. Name a workbook (.xlsx).")
        if not stat.S_ISREG(state.st_mode):
            raise _refuse(path, "E-001", "is not an ordinary file. Name a workbook (.xlsx).")
        if path.name.startswith(_LOCK):
            text = f"is what Excel keeps while '{path.name[2:]}' is open. Name that workbook."
            raise _refuse(path, "E-001", text)
        with path.open("rb") as stream:
            content = stream.read(MAX_FILE + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        text = f"cannot be read: {reason}. Check the path and your permission."
        raise _refuse(path, "E-001", text) from error
    if len(content) > MAX_FILE:
        size = f"has {state.st_size / MB:,.0f} MB; at most {MAX_FILE // MB} MB are read."
        raise _refuse(path, "E-003", f"{size} Remove pictures and all that is not input.")
    return content


def _refuse(path: Path, code: str, text: str) -> DataError:
    return DataError([Issue(code, path.name, text)], path.name)
