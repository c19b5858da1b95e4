"""Runs that were kept: found by their folder or record, and read only where nobody changed them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final, NoReturn

from cssopt.document.document import Document
from cssopt.document.stored import read_document
from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.render.place import is_as_written

_KEPT: Final = re.compile(r"(.*-)?answer(-\d+)?\.json", re.DOTALL)
"""Names of files that keep an answer."""


def read_run(run: Path) -> Document:
    """The answer of a run, named by its folder, its run record or the file that keeps it.

    Raises DataError (E-570) where there is none, where a folder has several, and where the answer
    was changed since it was written.
    """
    path = _find_answer(run)
    document = read_document(path)
    record = _beside(path, "answer", "run")
    if not is_as_written(path, record):
        _refuse(path, f"is not as its record {record.name} has it: it was changed. Solve again.")
    return document


def _find_answer(run: Path) -> Path:
    if run.is_dir():
        found = sorted(path for path in run.iterdir() if _KEPT.fullmatch(path.name))
        if len(found) > 1:
            names = ", ".join(_beside(path, "answer", "run").name for path in found)
            _refuse(run, f"keeps several runs. Name one of its records: {names}.")
        if not found:
            _refuse(run, "keeps no run: no file named answer.json, or ending so, is in it.")
        return found[0]
    if not run.is_file():
        _refuse(run, "is not there. Name the folder of a run, or its run record.")
    return _beside(run, "run", "answer")


def _beside(path: Path, what: str, other: str) -> Path:
    """The file of the other kind: run-2.json beside answer-2.json."""
    head, found, tail = path.name.rpartition(what)
    return path.with_name(f"{head}{other}{tail}") if found else path


def _refuse(path: Path, text: str) -> NoReturn:
    raise DataError([Issue("E-570", str(path), text)])
