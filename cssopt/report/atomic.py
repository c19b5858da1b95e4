"""Writing a file whole or not at all: the earlier one stays until the new one is complete."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cssopt.errors import ReportError

_ADVICE = {
    errno.ENOSPC: "Free some space on this disk, or choose a folder on another one.",
    errno.EDQUOT: "Free some of your quota on this disk, or choose a folder on another one.",
    errno.EISDIR: "A folder has this name: rename it, or choose another folder.",
    errno.ENOTDIR: "A part of this path is a file: choose another folder.",
    errno.ENAMETOOLONG: "Choose a shorter name.",
}
_SIZE_OF_A_REPORT = 2**20
_PERHAPS_OPEN = (
    "If it is open in a spreadsheet program, close it; else choose a folder that you may write to."
)


def replace_file(path: Path, content: bytes) -> None:
    """Put `content` in place of the file at `path` in one step.

    It is written beside the target, forced to the disk and then moved, so that whoever looks, at
    any moment and after any kill, finds the earlier file or the new one. Raises ReportError that
    says what to do; the earlier file is then as it was.
    """
    draft = _draft_of(path)
    with _told(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        _refuse_folder(path)
        try:
            _write(draft, content)
            draft.replace(path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise


def try_to_write(path: Path) -> None:
    """Find out whether a file of the size of a report can be written at `path`, and undo it all.

    It is tried, since permissions alone do not tell: not on network drives, nor of a full disk.
    Raises ReportError as `replace_file` would.
    """
    missing = [folder for folder in path.parents if not folder.exists()]
    draft = _draft_of(path)
    with _told(path):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _refuse_folder(path)
            _write(draft, bytes(_SIZE_OF_A_REPORT))
        finally:
            draft.unlink(missing_ok=True)
            for folder in missing:
                if folder.is_dir():
                    folder.rmdir()


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """What the system refuses, as a sentence that says what to do."""
    try:
        yield
    except OSError as error:
        advice = _ADVICE.get(error.errno or 0, _PERHAPS_OPEN)
        raise ReportError(
            f'"{path}" could not be written ({error.strerror or error}). {advice} '
            "An earlier file of this name is unchanged."
        ) from error


def _draft_of(path: Path) -> Path:
    return path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")


def _refuse_folder(path: Path) -> None:
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))


def _write(draft: Path, content: bytes) -> None:
    with draft.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
