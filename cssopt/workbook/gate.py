"""A look at a file before any parser opens it: only a believable .xlsx passes.

The gate goes from the outside in, and stops at the first step with a fault: the file, what kind of
file it is, the zip directory, the parts. It unpacks a chunk at a time, builds nothing, and tells
every fault of a step at once.
"""

from __future__ import annotations

import stat
import zipfile
from pathlib import Path

from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.workbook.gate_book import TYPES, BookScan
from cssopt.workbook.gate_kind import SAVE_ANEW, Fault, find_disguise, find_other_package
from cssopt.workbook.gate_limits import MB
from cssopt.workbook.gate_zip import BROKEN, find_directory_faults, open_archive

MAX_FILE = 50 * MB

_LOCK = "~$"
"""What Excel puts before the name of a workbook that is open."""


def check_file(path: Path) -> bytes:
    """The bytes of a file that is a plain workbook of a size that can be read.

    Raises DataError with every fault found, each with the sheet and cell where there is one, and
    what to do about it.
    """
    content = _read_file(path)
    issues = find_faults(content, path.name)
    if issues:
        raise DataError(issues, path.name)
    return content


def find_faults(content: bytes, name: str) -> list[Issue]:
    """Every reason why the bytes of a file of this name may not be given to a parser."""
    disguise = find_disguise(content)
    if disguise:
        return _issues([disguise], name)
    archive = open_archive(content)
    if not isinstance(archive, zipfile.ZipFile):
        return _issues([archive], name)
    with archive:
        faults = find_directory_faults(archive, content)
        if faults:
            return _issues(faults, name)
        other = find_other_package(archive.namelist(), _read_mimetype(archive))
        if other:
            return _issues([other], name)
        if TYPES not in archive.namelist():
            text = f"is damaged: the part {TYPES} cannot be found in it. {SAVE_ANEW}"
            return _issues([("E-006", text)], name)
        return BookScan(archive, name).run()


def _issues(faults: list[Fault], name: str) -> list[Issue]:
    return [Issue(code, name, text) for code, text in faults]


def _read_file(path: Path) -> bytes:
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


def _read_mimetype(archive: zipfile.ZipFile) -> str:
    """The start of the part that OpenDocument files begin with; empty where there is none."""
    try:
        with archive.open("mimetype") as stream:
            return stream.read(100).decode("ascii", "replace")
    except (KeyError, *BROKEN):
        return ""
