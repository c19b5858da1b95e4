"""Writing files whole or not at all: the earlier ones stay until the new ones are complete.

Whatever cssopt writes goes this way. A file is written beside its target as a draft, forced to the
disk, checked for its length and moved into place; the folder is then forced to the disk too.
Several files take their places together or not at all (`write_together`). A link is kept: what it
leads to is replaced. Drafts of runs that have died are removed at the next writing into a folder;
an earlier file stays as long as it has no other name.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
import shutil
import socket
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from cssopt import interrupt
from cssopt.errors import ReportError
from cssopt.render.claim import PATIENCE, claim_folder, sync_folder

_OTHER_FOLDER = "A part of this path is a file: choose another folder."
_ADVICE = {
    errno.ENOSPC: "Free some space on this disk, or choose a folder on another one.",
    errno.EDQUOT: "Free some of your quota on this disk, or choose a folder on another one.",
    errno.EFBIG: "No file may be so large here: choose a folder on another disk.",
    errno.EISDIR: "A folder has this name: rename it, or choose another folder.",
    errno.ENOTDIR: _OTHER_FOLDER,
    errno.EEXIST: _OTHER_FOLDER,
    errno.ELOOP: "It is a link that leads to itself: remove it, or choose another name.",
    errno.ENAMETOOLONG: "Choose a shorter name.",
    errno.ENODEV: "A device or a pipe has this name: choose the name of a file.",
}
_PERHAPS_OPEN = (
    "If it is open in a spreadsheet program, close it; else choose a folder that you may write to."
)
NOT_WHOLE: Final = "it is not whole on the disk"
"""What an OSError says of a draft that has lost something."""

_SIZE_OF_A_REPORT = 2**20

_HERE: Final = hashlib.sha256(socket.gethostname().encode()).hexdigest()[:4]
"""This machine, in the names of drafts: only here it is known which of them are dead."""
_LEFT = re.compile(r"\..*\.([0-9a-f]{4})?[0-9a-f]{8}\.(part|earlier)(\.[^.]*)?", re.DOTALL)
"""Names that a killed run may leave: of drafts, and of earlier files that can come back."""
_ours: set[str] = set()
"""Names that this process has made: they are alive, whatever the clock says of their age."""

_LONGEST_NAME = 40
_FORGOTTEN = 24 * 3600.0
"""Age in seconds from which a draft is dead, wherever it comes from."""


@dataclass
class _Move:
    """A draft that is complete, the file it becomes, and a way back.

    Attributes
    ----------
    path: the file as it was asked for. target: the same behind links.
    earlier: a second name of the file that stood there.
    """

    path: Path
    draft: Path
    target: Path
    earlier: Path | None = None
    is_done: bool = False


@dataclass
class _Together:
    """Files that take their places together, and the claims on their folders."""

    claims: ExitStack
    moves: list[_Move] = field(default_factory=list)


_open: ContextVar[_Together | None] = ContextVar("together", default=None)


def write_new_file(path: Path, content: bytes) -> None:
    """Write a file where none is, as `replace_file`; ReportError where one is."""
    with open_folder(path):
        if os.path.lexists(path):
            raise ReportError(f'"{path}" exists and is not replaced; choose another name')
        replace_file(path, content)


def replace_file(path: Path, content: bytes) -> None:
    """Put `content` in place of the file at `path` in one step.

    Whoever looks, at any moment and after any kill, finds the earlier file or the new one. Raises
    ReportError that says what to do; the earlier file is then as it was.
    """

    def write(draft: Path) -> None:
        with draft.open("xb") as file:
            file.write(content)

    def check(draft: Path) -> None:
        if draft.stat().st_size != len(content):
            raise OSError(errno.EIO, NOT_WHOLE)

    write_file(path, write, check)


def write_file(path: Path, write: Callable[[Path], None], check: Callable[[Path], None]) -> None:
    """Let a library write the file at `path`, in one step as `replace_file`.

    `write` makes a draft, with the ending of `path`; `check` is asked once it is on the disk. An
    OSError of either becomes a ReportError, and then nothing is put in any place.
    """
    with write_together() as together, told_if_refused(path):
        together.claims.enter_context(open_folder(path))
        target = _find_target(path)
        draft = _draft_of(target)
        try:
            _write(draft, write, check)
        except BaseException:
            _remove(draft)
            raise
        together.moves.append(_Move(path, draft, target))


@contextmanager
def write_together() -> Iterator[_Together]:
    """Let the files that are written inside take their places at the end: all of them, or none.

    The last one goes first: the record that tells what belongs together. A kill in between leaves
    some of them, which the record and the run ids tell (see `place`). Of several such blocks in
    each other the outermost counts. Raises ReportError as `replace_file`.
    """
    outer = _open.get()
    if outer is not None:
        yield outer
        return
    with _draft_only() as together:
        yield together
        with interrupt.held_back():
            _move_all(together.moves[::-1])


@contextmanager
def _draft_only() -> Iterator[_Together]:
    """Let files be written as drafts, which are removed at the end."""
    with ExitStack() as claims:
        together = _Together(claims)
        token = _open.set(together)
        try:
            yield together
        finally:
            _open.reset(token)
            for move in together.moves:
                _remove(move.draft)


def read_written(path: Path) -> bytes:
    """What will stand at `path` once the files that are written together have their places."""
    together = _open.get()
    drafts = {move.path: move.draft for move in together.moves} if together else {}
    return drafts.get(path, path).read_bytes()


@contextmanager
def open_folder(path: Path, patience: float = PATIENCE) -> Iterator[None]:
    """Claim the folder of a file for this run (see `claim_folder`), and clear it of dead drafts.

    Raises ReportError where another run writes into it, or where the system refuses.
    """
    with ExitStack() as claims:
        with told_if_refused(path):
            folder = _find_target(path).parent
            is_sure = claims.enter_context(claim_folder(folder, patience))
            _remove_dead(folder, is_sure)
        yield


def try_to_write(path: Path, *others: Path) -> None:
    """Find out whether a file of the size of a report can be written at `path`, and undo it all.

    It is tried, since permissions alone do not tell: not on network drives, nor of a full disk.
    Of `others`, beside it, only the names are tried. Raises ReportError as `replace_file` would.
    """
    for other in others:
        with told_if_refused(other):
            _find_target(other)
    with _draft_only():
        replace_file(path, bytes(_SIZE_OF_A_REPORT))


@contextmanager
def told_if_refused(path: Path) -> Iterator[None]:
    """What the system refuses at this path, as a ReportError that says what to do."""
    try:
        yield
    except OSError as error:
        advice = _ADVICE.get(error.errno or 0, _PERHAPS_OPEN)
        raise ReportError(
            f'"{path}" could not be written ({error.strerror or error}). {advice} '
            "An earlier file of this name is unchanged."
        ) from error


def try_to_append(path: Path) -> None:
    """Find out whether a file can be made or gone on with; ReportError where it cannot."""
    with told_if_refused(path):
        is_new = not path.exists()
        path.open("ab").close()
        if is_new:
            path.unlink()


def _find_target(path: Path) -> Path:
    """The file that is meant, behind links; OSError where no file can be put there."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        mode = stat.S_IFREG
    if stat.S_ISDIR(mode):
        raise OSError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(mode):
        raise OSError(errno.ENODEV, "it is no file")
    return Path(os.path.realpath(path)) if path.is_symlink() else path


def _draft_of(path: Path) -> Path:
    """A hidden name beside a file; with its ending, by which some libraries choose the format."""
    return _hidden(path, "part")


def _hidden(path: Path, kind: str) -> Path:
    name = path.name[:_LONGEST_NAME]
    hidden = path.with_name(f".{name}.{_HERE}{secrets.token_hex(4)}.{kind}{path.suffix}")
    _ours.add(hidden.name)
    return hidden


def _write(draft: Path, write: Callable[[Path], None], check: Callable[[Path], None]) -> None:
    write(draft)
    with draft.open("r+b") as file:
        os.fsync(file.fileno())
    check(draft)


def _remove(draft: Path) -> None:
    with suppress(OSError):
        draft.unlink()


def _remove_dead(folder: Path, is_sure: bool) -> None:
    """Remove drafts whose runs are dead: those of this machine where the folder is surely claimed,
    for every run that writes there claims it; of others, which may not see the claim, old ones.

    An earlier file with no other name may be the only one left: the disk refused the way back."""
    for path in list(folder.iterdir()):
        named = _LEFT.fullmatch(path.name)
        if named is None or path.name in _ours:
            continue
        with suppress(OSError):
            status = path.lstat()
            if not stat.S_ISREG(status.st_mode) or (named[2] == "earlier" and status.st_nlink < 2):
                continue
            is_old = time.time() - status.st_mtime > _FORGOTTEN
            if is_old or (is_sure and named[1] == _HERE):
                path.unlink()


def _move_all(moves: list[_Move]) -> None:
    """Put all drafts in their places; where one cannot be, none is."""
    try:
        for move in moves:
            with told_if_refused(move.path):
                move.earlier = _name_again(move.target)
        for move in moves:
            with told_if_refused(move.path):
                move.draft.replace(move.target)
                move.is_done = True
        for move in moves:
            with told_if_refused(move.path):
                sync_folder(move.target.parent)
    except BaseException as error:
        _move_back(moves, error)
        raise
    finally:
        for move in moves:
            if move.earlier is not None:
                _remove(move.earlier)


def _name_again(target: Path) -> Path | None:
    """A second name for a file that is to be replaced, by which it can come back.

    It is no draft, which the next run would remove: the disk may refuse the way back too.
    """
    if not target.exists():
        return None
    earlier = _hidden(target, "earlier")
    try:
        os.link(target, earlier)
    except OSError:  # No file has two names on this disk.
        try:
            shutil.copy2(target, earlier)
        except BaseException:
            _remove(earlier)
            raise
    return earlier


def _move_back(moves: list[_Move], error: BaseException) -> None:
    """Undo the moves that were made; a note of the error says where that is refused too."""
    for move in reversed(moves):
        if not move.is_done:
            continue
        try:
            if move.earlier is None:
                move.target.unlink()
            else:
                move.earlier.replace(move.target)
        except OSError as refused:
            kept = f': the earlier file is "{move.earlier}"' if move.earlier else ""
            error.add_note(f'"{move.path}" is new and could not be put back ({refused}){kept}.')
            move.earlier = None  # It is the only one left.
