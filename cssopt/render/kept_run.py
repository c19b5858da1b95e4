"""Runs that were kept: found by their folder or record, and read only where nobody changed them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final, NoReturn

from cssopt.document.document import Document
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
    from cssopt.document.stored import read_document

    record, kept = find_run(run)
    document = read_document(kept)
    if not is_as_written(kept, record, document.facts):
        _refuse(kept, f"is not as its record {record.name} has it: one was changed. Solve again.")
    return document


def find_run(run: Path) -> tuple[Path, Path]:
    """The record of a run, and the file that keeps its answer, whatever was changed in them.

    Raises DataError (E-570) where there is none, and where a folder has several.
    """
    try:
        return _find_run(run)
    except (OSError, ValueError) as error:
        _refuse(run, f"cannot be read ({error}). Name the folder of a run, or its run record.")


def find_folder_of(run: Path) -> Path:
    """The folder in which a run stands."""
    return run if run.is_dir() else run.parent


def _find_run(run: Path) -> tuple[Path, Path]:
    folder = find_folder_of(run)
    if not run.is_dir() and not run.is_file():
        _refuse(run, "is not there. Name the folder of a run, or its run record.")
    if run.is_file() and (kept := find_kept(run)) is not None:
        return run, kept
    runs = sorted(
        (path, kept)
        for path in folder.iterdir()
        if _RECORD.fullmatch(path.name) and (kept := find_kept(path)) is not None
        if run.is_dir() or has_file(path, run.name)
    )
    if len(runs) > 1:
        names = ", ".join(path.name for path, _ in runs)
        _refuse(run, f"keeps several runs. Name one of its records: {names}.")
    if not runs:
        _refuse(run, "keeps no run: no run record there leads to an answer.")
    return runs[0]


def _refuse(path: Path, text: str) -> NoReturn:
    raise DataError([Issue("E-570", str(path), text)])
