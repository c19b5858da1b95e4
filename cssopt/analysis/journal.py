"""The journal of a sweep: every finished run in one SQLite file, written at once."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from cssopt.analysis.runs import Outcome, Run
from cssopt.errors import SolveError

_VERSION = 1
_TABLE = """
CREATE TABLE IF NOT EXISTS runs (
    key TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    steps TEXT NOT NULL,
    outcome TEXT NOT NULL,
    final INTEGER NOT NULL,
    written TEXT NOT NULL
) WITHOUT ROWID
"""
_AT_ONCE = 500
"""Keys asked for in one query."""


class Journal:
    """Finished runs by key; one process writes.

    The key of a run is the SHA-256 of its tables, model files, study, settings, versions and steps
    (`Brief.fingerprint`, `fingerprint_run`), so that changed inputs are never mixed in. A row that
    is written stays through any kill of the process. A run that was lost with its process is no
    final row: it is tried again.

    Raises SolveError where the file cannot be used: it is another sweep's at the moment, no
    journal, or on a disk that is full.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = sqlite3.connect(path, timeout=2.0, isolation_level=None)
            self._prepare()
        except (OSError, sqlite3.Error) as error:
            raise self._refusal(error) from error

    def _prepare(self) -> None:
        # One writer at a time; readers wait until it has ended.
        self._file.execute("PRAGMA locking_mode=EXCLUSIVE")
        version = self._file.execute("PRAGMA user_version").fetchone()[0]
        tables = self._file.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if version == 0 and tables:
            raise sqlite3.DatabaseError("it is the database of another program")
        if version not in (0, _VERSION):
            raise sqlite3.DatabaseError(f"it is of version {version}, not {_VERSION}")
        self._file.execute("PRAGMA journal_mode=WAL")
        self._file.execute("PRAGMA synchronous=NORMAL")
        self._file.execute("BEGIN IMMEDIATE")
        self._file.execute(_TABLE)
        self._file.execute(f"PRAGMA user_version={_VERSION}")
        self._file.execute("COMMIT")

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
        wanted, found = list(keys), set()
        for begin in range(0, len(wanted), _AT_ONCE):
            part = wanted[begin : begin + _AT_ONCE]
            marks = ",".join("?" * len(part))
            query = f"SELECT key FROM runs WHERE final AND key IN ({marks})"
            found |= {key for (key,) in self._execute(query, part)}
        return found

    def read(self, keys: Iterable[str]) -> Iterator[Outcome]:
        """The outcomes of these runs, in this order; KeyError for one that has no row."""
        for key in keys:
            row = self._execute("SELECT outcome FROM runs WHERE key = ?", (key,)).fetchone()
            if row is None:
                raise KeyError(key)
            yield Outcome.of_facts(json.loads(row[0]))

    def write(self, key: str, run: Run, outcome: Outcome) -> None:
        """Write one run; it is on its way to the disk when this returns."""
        steps = [[s.table, s.where, s.column, s.change, s.value] for s in run.steps]
        written = datetime.now(UTC).isoformat(timespec="seconds")
        facts = json.dumps(outcome.facts(), allow_nan=False)
        row = (key, run.name, json.dumps(steps, default=str), facts, int(outcome.final), written)
        self._execute("INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?, ?)", row)

    def _execute(self, query: str, values: Any) -> sqlite3.Cursor:
        try:
            return self._file.execute(query, values)
        except sqlite3.Error as error:
            raise self._refusal(error) from error

    def _refusal(self, error: Exception) -> SolveError:
        if "locked" in str(error):
            advice = "another sweep is writing it: wait until it has ended, or choose another --out"
        else:
            advice = "choose another folder with --out, or move this file away"
        return SolveError(f'the journal "{self._path}" cannot be used ({error}); {advice}')
