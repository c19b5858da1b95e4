"""One run at a time writes into a folder; whoever comes second is told, and by whom it is taken.

The claim is a lock of the system on the file `.cssopt.lock` in the folder. It ends with the process
that holds it, however that ends, and none of its children keeps it; a file that a killed run left
behind is no claim. Where the system has no locks, as on some network drives, there are no claims.
"""

from __future__ import annotations

import errno
import os
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path
from typing import Final

from cssopt.errors import ReportError

LOCK_NAME: Final = ".cssopt.lock"
PATIENCE: Final = 20.0
"""Seconds to wait for another run that only writes what it has: reports take about one."""

_PAUSE = 0.05
_LONGEST_TOLD = 200
_NO_SYNC = (errno.EINVAL, errno.ENOTSUP, errno.EBADF)
"""What file systems answer that cannot force a folder to the disk."""

if sys.platform == "win32":
    import msvcrt

    _FAR = 2**30  # A locked byte cannot be read there, and who holds the lock must be.

    def _lock(file: FileIO) -> None:
        file.seek(_FAR)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: FileIO) -> None:
        # Not `flock`, which children inherit: a worker would keep the folder of a killed run.
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


@dataclass
class _Claim:
    """A folder that this process has claimed, so many times over.

    Attributes
    ----------
    file: the open lock file; None where the system has no locks.
    made: folders that were made for it, the innermost first.
    """

    file: FileIO | None
    owner: int
    made: list[Path]
    count: int = 1

    def holds(self, lock: Path) -> bool:
        """True unless this is a forked child, or the folder was removed and perhaps made anew."""
        if self.owner != os.getpid():
            return False
        return self.file is None or _is_same(self.file, lock)


_claims: dict[Path, _Claim] = {}
_threads = threading.RLock()


@contextmanager
def claim_folder(folder: Path, patience: float = PATIENCE) -> Iterator[bool]:
    """Keep other runs from writing into a folder; it is made where it is missing.

    Gives True where the claim is new and sure: then whatever draft of this machine stands there is
    of a run that has died. Claims of one process may be nested. Raises ReportError where another
    run holds the folder for longer than `patience`, in seconds, and OSError where the system
    refuses. At the end the lock file goes, and so do the folders that were made and are empty.
    """
    folder = Path(os.path.realpath(folder))
    is_sure = _take(folder, patience)
    try:
        yield is_sure
    finally:
        _release(folder)


def sync_folder(folder: Path) -> None:
    """Force the names in a folder to the disk, where the system can do that."""
    if os.name == "nt":
        return
    try:
        opened = os.open(folder, os.O_RDONLY)
    except PermissionError:
        return  # One may write into it, but not read it.
    try:
        os.fsync(opened)
    except OSError as error:
        if error.errno not in _NO_SYNC:
            raise
    finally:
        os.close(opened)


def _make_folder(folder: Path) -> list[Path]:
    """Make a folder and those above it; those that were missing, the innermost first."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path in missing:
            sync_folder(path.parent)
    except BaseException:
        _remove_empty(missing)
        raise
    return missing


def _take(folder: Path, patience: float) -> bool:
    lock = folder / LOCK_NAME
    with _threads:
        held = _claims.get(folder)
        if held is not None and held.holds(lock):
            held.count += 1
            return False
        made = _make_folder(folder)
        try:
            file = _wait_for(lock, patience)
        except BaseException:
            _remove_empty(made)
            raise
        # A folder that vanished under an earlier claim: who made that claim still ends it.
        before = held.count if held is not None and held.owner == os.getpid() else 0
        if held is not None and held.file is not None:
            held.file.close()
        _claims[folder] = _Claim(file, os.getpid(), made, before + 1)
    return file is not None


def _wait_for(lock: Path, patience: float) -> FileIO | None:
    """The locked file; None where there are no locks here."""
    end = time.monotonic() + patience
    while True:
        file = _open(lock)
        try:
            _lock(file)
        except (BlockingIOError, PermissionError):
            file.close()
            if time.monotonic() >= end:
                raise ReportError(_tell_holder(lock)) from None
            time.sleep(_PAUSE)
            continue
        except OSError:
            file.close()
            lock.unlink(missing_ok=True)
            return None
        except BaseException:
            file.close()
            raise
        if _is_same(file, lock):
            _sign(file)
            return file
        file.close()  # Its holder has just ended and removed it.


def _open(lock: Path) -> FileIO:
    """The lock file: never another one through a link; whoever may write into the folder may use
    it, also where a killed run of somebody else left it."""
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    file = os.fdopen(os.open(lock, flags, 0o666), "r+b", buffering=0)
    if os.name != "nt":
        with suppress(OSError):
            os.fchmod(file.fileno(), 0o666)
    return file


def _is_same(file: FileIO, lock: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(file.fileno()), lock.stat())
    except OSError:
        return False


def _sign(file: FileIO) -> None:
    """Say in the lock file who holds it; that it is held needs no word, so a full disk may."""
    begun = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    with suppress(OSError):
        file.seek(0)
        file.truncate()
        file.write(f"process {os.getpid()} on {socket.gethostname()}, since {begun}".encode())


def _tell_holder(lock: Path) -> str:
    try:
        with lock.open("rb") as file:
            holder = file.read(_LONGEST_TOLD).decode("utf-8", "replace")
    except OSError:
        holder = ""
    told = f" ({holder})" if holder.isprintable() and holder else ""
    return (
        f'"{lock.parent}" is being written by another run of cssopt{told}. Wait until it has '
        "ended, or choose another folder, with --out."
    )


def _release(folder: Path) -> None:
    with _threads:
        claim = _claims.get(folder)
        if claim is None or claim.owner != os.getpid():
            return
        claim.count -= 1
        if claim.count:
            return
        del _claims[folder]
        lock = folder / LOCK_NAME
        if claim.file is not None:
            with suppress(OSError):
                if os.name != "nt" and _is_same(claim.file, lock):
                    lock.unlink()  # While it is held, so that it is no one else's.
            claim.file.close()
            if os.name == "nt":
                with suppress(OSError):
                    lock.unlink()
        _remove_empty(claim.made)


def _remove_empty(folders: list[Path]) -> None:
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()
