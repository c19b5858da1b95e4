"""Runs that were kept: found by their folder or record, and read only where nobody changed them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final, NoReturn

from cssopt.document.document import Document
from cssopt.document.stored import read_document
from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.render.place import find_kept, has_file, is_as_written

_RECORD: Final = re.compile(r"(.*-)?run(-\d+)?\.json", re.DOTALL)
"""Names of run records."""


def read_run(run: Path) -> Document:
    """The answer of a run, named by its folder, its run record or any file that it wrote.

    Raises DataError (E-570) where there is none, where a folder has several, and where the answer
    or its record was changed since it was written.
    """
    try:
        record = _find_record(run)
    except (OSError, ValueError) as error:
        _refuse(run, f"cannot be read ({error}). Name the folder of a run, or its run record.")
    kept = find_kept(record)
    assert kept is not None, "as found"
    document = read_document(kept)
    if not is_as_written(kept, record, document.facts):
        _refuse(kept, f"is not as its record {record.name} has it: one was changed. Solve again.")
    return document


def find_folder_of(run: Path) -> Path:
    """The folder in which a run stands."""
    return run if run.is_dir() else run.parent


def _find_record(run: Path) -> Path:
    folder = find_folder_of(run)
    if not run.is_dir() and not run.is_file():
        _refuse(run, "is not there. Name the folder of a run, or its run record.")
    if run.is_file() and find_kept(run) is not None:
        return run
    records = sorted(
        path
        for path in folder.iterdir()
        if _RECORD.fullmatch(path.name) and find_kept(path) is not None
        if run.is_dir() or has_file(path, run.name)
    )
    if len(records) > 1:
        names = ", ".join(path.name for path in records)
        _refuse(run, f"keeps several runs. Name one of its records: {names}.")
    if not records:
        _refuse(run, "keeps no run: no run record there leads to an answer.")
    return records[0]


def _refuse(path: Path, text: str) -> NoReturn:
    raise DataError([Issue("E-570", str(path), text)])
