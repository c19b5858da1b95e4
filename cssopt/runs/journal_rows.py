"""A row of the journal: one finished run in plain cells, with a checksum over all of them.

The checksum is a SHA-256 over every cell of the row. The key among them stands for all inputs and
steps of the run, so neither can a figure be changed nor a row be moved to another run without its
being told. It tells accidents and edits by hand; it is no signature, and whoever works it out anew
is believed. So what is read is still held to be of the right kind, and is never run as code.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from cssopt.runs.outcome import Outcome, Run
from cssopt.tables.convert import quote

TABLE = """CREATE TABLE runs (
    key TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    final INTEGER NOT NULL,
    written TEXT NOT NULL,
    checksum TEXT NOT NULL,
    steps TEXT NOT NULL,
    outcome TEXT NOT NULL
) WITHOUT ROWID"""
"""The one table of a journal; long cells stand last, so that the others are read without them."""

COLUMNS = "key, name, final, written, checksum, steps, outcome"
_KINDS = (bytes, bytes, int, bytes, bytes, bytes, bytes)
_CHECKSUM = 4

LONGEST = 4 * 2**20
"""Bytes of a cell at most: some ten thousand forces of members, of 45 bytes each, need a tenth."""


def make_row(key: str, run: Run, outcome: Outcome) -> tuple[str | int, ...]:
    """The cells of a run that has ended, in the order of `COLUMNS`."""
    steps = [[s.table, s.where, s.column, s.change, s.value] for s in run.steps]
    written = datetime.now(UTC).isoformat(timespec="seconds")
    facts = json.dumps(outcome.facts(), allow_nan=False)
    name = run.name.encode("utf-8", "backslashreplace").decode("utf-8")
    cells = (key, name, int(outcome.final), written, json.dumps(steps, default=str), facts)
    checksum = _seal([str(cell).encode("utf-8") for cell in cells])
    return (*cells[:_CHECKSUM], checksum, *cells[_CHECKSUM:])


def is_whole(row: Sequence[Any]) -> bool:
    """True where a row is as it was written; its texts are given as bytes, whatever they hold."""
    if tuple(map(type, row)) != _KINDS:
        return False
    cells = [b"%d" % cell if isinstance(cell, int) else cell for cell in row]
    checksum = cells.pop(_CHECKSUM)
    return _seal(cells).encode("ascii") == checksum


def name_run(row: Sequence[Any]) -> str:
    """What a row, which may hold anything, calls its run."""
    name = row[1]
    return f"run {quote(name.decode('utf-8', 'replace'))}" if isinstance(name, bytes) else "a row"


def read_outcome(text: bytes) -> Outcome:
    """The outcome in a cell; ValueError where it holds anything else."""
    try:
        # A whole number of any length is read at once as what all figures are.
        return Outcome.of_facts(json.loads(text, parse_int=float))
    except RecursionError as error:
        raise ValueError("lists within lists") from error


def _seal(cells: Sequence[bytes]) -> str:
    """SHA-256 of cells, each with its length, so that nothing moves from one to the next."""
    return hashlib.sha256(b"".join(b"%d:%s" % (len(cell), cell) for cell in cells)).hexdigest()
