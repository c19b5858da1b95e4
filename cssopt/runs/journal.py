"""The journal of a sweep: every finished run in one SQLite file, written at once."""

from __future__ import annotations

import errno
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Final

from cssopt.errors import SolveError
from cssopt.names import join_names
from cssopt.runs.journal_rows import (
    COLUMNS,
    LONGEST,
    TABLE,
    is_whole,
    make_row,
    name_run,
    read_outcome,
)
from cssopt.runs.outcome import Outcome, Run

_VERSION = 2
"""Of the table; version 1 had no checksums."""

_BESIDE = ("", "-wal", "-shm", "-journal")
"""Endings of the files that SQLite opens for one database."""

_PATIENCE = 2.0
"""Seconds to wait for whoever has the file open."""

_CONTENTS = 1.0
"""Seconds for the table of contents, which has one entry in a journal."""

_STEPS = 1_000
"""Steps of SQLite after which the clock is looked at."""

_MOST_BAD = 100
"""Damaged rows after which the others need not be looked at."""

_MOST_NAMED = 5

_AWAY = (
    "Move this file away, or choose another folder with --out: the same command then does all its "
    "runs again. Its rows stay as they are, and none of its figures is used."
)
_BUSY = (
    "Another command is writing it, or a program that shows databases has it open: wait until it "
    "has ended, or choose another folder with --out."
)
_DISK = (
    "See that its disk can be reached and has space, or choose a folder on another one with --out. "
    "Runs that were written before are kept, and the same command does the rest."
)
_RIGHTS = "See that you may write to it and its folder, or choose another folder with --out."
_ADVICE: Final = {
    sqlite3.SQLITE_BUSY: _BUSY,
    sqlite3.SQLITE_LOCKED: _BUSY,
    sqlite3.SQLITE_FULL: _DISK,
    sqlite3.SQLITE_IOERR: _DISK,
    sqlite3.SQLITE_READONLY: _RIGHTS,
    sqlite3.SQLITE_PERM: _RIGHTS,
    sqlite3.SQLITE_CANTOPEN: _RIGHTS,
}
"""What to do, by what SQLite says; at anything else the file is none of ours, or is damaged."""


class _NoJournalError(Exception):
    """The file holds something else than a journal that can be trusted."""


class Journal:
    """Finished runs by key; one process writes.

    The key of a run is the SHA-256 of its tables, model files, study, settings, versions and steps
    (`RunSpecification.fingerprint`, `fingerprint_run`), so that changed inputs are never mixed in.
    A row that is written stays through any kill of the process. A run that was lost with its
    process is no final row: it is tried again.

    All rows are looked at when the journal is opened. Where one is not as it was written (see
    `journal_rows`), the file is refused and its rows stay as they are.

    Raises SolveError where the file cannot be used: another command is writing it, it is no
    journal, it is damaged or was changed, or its disk is full.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._finished: set[str] = set()
        with self._told():
            _check_kinds(path)
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.exists() and not _may_write(path):
                raise PermissionError(errno.EACCES, "it is read-only")
            self._file = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
        try:
            with self._told():
                self._open()
        except BaseException:
            self._file.close()
            raise

    def _open(self) -> None:
        self._guard()
        version = self._file.execute("PRAGMA user_version").fetchone()[0]
        if version not in (0, _VERSION):
            raise _NoJournalError(
                "an earlier version of cssopt wrote it, without checksums"
                if version == 1
                else f"it is of version {version}, and this cssopt reads version {_VERSION}"
            )
        contents = self._read_contents()
        if version == _VERSION:
            if contents != [(b"table", b"runs", TABLE.encode())]:
                raise _NoJournalError("its tables are not as cssopt made them")
            self._check_rows()
        elif contents:
            raise _NoJournalError("it is the database of another program")
        self._file.execute("PRAGMA journal_mode=WAL")
        self._file.execute("PRAGMA synchronous=NORMAL")
        if version == 0:
            self._file.execute("BEGIN IMMEDIATE")
            self._file.execute(TABLE)
            self._file.execute(f"PRAGMA user_version={_VERSION}")
            self._file.execute("COMMIT")

    def _guard(self) -> None:
        """Trust nothing that the file holds, and let nobody else write it."""
        self._file.text_factory = bytes
        self._file.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
        for guard in ("trusted_schema=OFF", "cell_size_check=ON", "mmap_size=0"):
            self._file.execute(f"PRAGMA {guard}")
        # One writer at a time; readers wait until it has ended.
        self._file.execute("PRAGMA locking_mode=EXCLUSIVE")

    def _read_contents(self) -> list[tuple[Any, ...]]:
        """Kind, name and text of the first things that the database holds."""
        until = time.monotonic() + _CONTENTS
        self._file.set_progress_handler(lambda: time.monotonic() > until, _STEPS)
        query = "SELECT type, name, sql FROM sqlite_master LIMIT 2"
        try:
            found = self._file.execute(query).fetchall()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
                raise _NoJournalError("it holds more tables than can be read in time") from error
            raise
        self._file.set_progress_handler(None, 0)
        return found

    def _check_rows(self) -> None:
        """Look at every row, and take note of the runs that are finished."""
        if self._file.execute("PRAGMA quick_check(1)").fetchone() != (b"ok",):
            raise _NoJournalError("it is damaged: its pages do not fit together")
        count, last = 0, b""
        bad: list[str] = []
        for row in self._file.execute(f"SELECT {COLUMNS} FROM runs"):
            count += 1
            # Rows come by rising keys; where they do not, some would not be found.
            if not is_whole(row) or row[0] <= last:
                bad.append(name_run(row))
                if len(bad) == _MOST_BAD:
                    break
                continue
            last = row[0]
            if row[2]:
                self._finished.add(last.decode("utf-8"))
        if bad:
            raise _NoJournalError(_tell_bad(bad, count))

    def __enter__(self) -> Journal:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    def find(self, keys: Iterable[str]) -> set[str]:
        """Which of these runs have a final row."""
        return self._finished.intersection(keys)

    def read(self, keys: Iterable[str]) -> Iterator[Outcome]:
        """The outcomes of these runs, in this order; KeyError for one that has no row."""
        for key in keys:
            with self._told():
                row = self._file.execute(f"SELECT {COLUMNS} FROM runs WHERE key = ?", (key,))
                outcome = _read_row(key, row.fetchone())
            yield outcome

    def write(self, key: str, run: Run, outcome: Outcome) -> None:
        """Write one run; it is on its way to the disk when this returns."""
        row = make_row(key, run, outcome)
        marks = ", ".join("?" * len(row))
        with self._told():
            self._file.execute(f"INSERT OR REPLACE INTO runs ({COLUMNS}) VALUES ({marks})", row)
        if outcome.final:
            self._finished.add(key)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What is wrong with the file as a sentence that says what to do."""
        try:
            yield
        except (OSError, ValueError, sqlite3.Error, _NoJournalError) as error:
            text = f'the journal "{self._path}" cannot be used: {_say(error)}. {_advise(error)}'
            raise SolveError(text) from error


@contextmanager
def open_journal(path: Path | None) -> Iterator[Journal]:
    """The journal of this path, or where there is none one that is gone afterwards."""
    with (
        TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        Journal(path or Path(folder) / "journal.sqlite") as journal,
    ):
        yield journal


def _check_kinds(path: Path) -> None:
    """A pipe or a device would never end."""
    for file in (path.with_name(path.name + ending) for ending in _BESIDE):
        if file.exists() and not file.is_file():
            kind = "a folder" if file.is_dir() else "a pipe or a device"
            raise _NoJournalError(f"{file.name} is {kind}, no file")


def _may_write(path: Path) -> bool:
    """Asked, not tried: to close a file lets go of the locks that this process has on it."""
    effective = os.access in os.supports_effective_ids
    return os.access(path, os.W_OK, effective_ids=effective)


def _read_row(key: str, row: Sequence[Any] | None) -> Outcome:
    if row is None:
        raise KeyError(key)
    try:
        return read_outcome(row[-1])
    except ValueError as error:
        raise _NoJournalError(f"{name_run(row)} holds no outcome of a run ({error})") from error


def _tell_bad(bad: Sequence[str], count: int) -> str:
    named = list(dict.fromkeys(bad))[:_MOST_NAMED]
    others = [f"{len(bad) - len(named)} more"] if len(bad) > len(named) else []
    least = "at least " if len(bad) == _MOST_BAD else ""
    are = "is" if len(bad) == 1 else "are"
    return (
        f"{least}{len(bad)} of its {count:,} rows {are} not as cssopt wrote "
        f"{'it' if len(bad) == 1 else 'them'} ({join_names([*named, *others])}), so the file was "
        "damaged or changed by hand"
    )


def _say(error: Exception) -> str:
    if isinstance(error, UnicodeError):  # in what SQLite would say of it
        return "it is damaged: its texts cannot be read"
    return getattr(error, "strerror", "") or str(error)


def _advise(error: Exception) -> str:
    if isinstance(error, OSError):
        return _DISK if error.errno in (errno.ENOSPC, errno.EDQUOT) else _RIGHTS
    return _ADVICE.get(getattr(error, "sqlite_errorcode", 0) & 0xFF, _AWAY)
