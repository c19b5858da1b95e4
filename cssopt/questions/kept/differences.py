"""Two kept answers to one question, told apart: their inputs and options, then every cell."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from cssopt.document.document import (
    Column,
    Document,
    Form,
    Note,
    Pairs,
    Sheet,
    Table,
    json_cell,
)
from cssopt.document.run_facts import RunFacts
from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.solution.plain import is_number
from cssopt.solution.verdicts import Audits

SAME: Final = 1e-6
"""Relative difference up to which two numbers are the same: no plan is proven more closely."""

_MOST: Final = 10_000
"""Cells that are listed."""

_NAMES: Final[tuple[Form, ...]] = ("text", "sentence", "year", "day")
"""Forms of the columns by which a row is known, where they lead its table."""

_BEGUN: Final = "begun (UTC)"
"""When a run began: no two begin together, so that it is told and never marked."""

_SHARES: Final[tuple[Form, ...]] = ("share", "fine_share", "exact_share")


@dataclass(frozen=True)
class Difference:
    """One cell that differs; None where a run has no such row, or nothing in the cell."""

    table: str
    row: str
    column: Column
    first: Any
    second: Any

    @property
    def more(self) -> float | None:
        """By how much the second is greater; None where either is no number."""
        if not (is_number(self.first) and is_number(self.second)):
            return None
        return float(self.second - self.first)


@dataclass(frozen=True)
class Compared:
    """One table in both runs: how many cells were compared, and those that differ."""

    title: str
    cells: int
    found: tuple[Difference, ...]


def compare_documents(first: Document, second: Document) -> Document:
    """What differs between two answers to the same question, as a document.

    Numbers are the same up to a relative difference of `SAME`. Raises DataError (E-571) where they
    answer different questions, or are in different languages: their rows are known by words.
    """
    one, other = first.facts, second.facts
    if one.question != other.question:
        text = f"answers {other.question}, and the first run {one.question}. Name two of one kind."
        raise DataError([Issue("E-571", "the second run", text)])
    if first.language != second.language:
        text = (
            f"is of --language {second.language}, and the first run of --language "
            f"{first.language}. Ask one of them again, with that of the other."
        )
        raise DataError([Issue("E-571", "the second run", text)])
    compared = compare_tables(first, second)
    found = [cell for table in compared for cell in table.found]
    cells = sum(table.cells for table in compared)
    verdict = (
        f"{len(found):,} of {cells:,} cells differ."
        if found
        else f"All {cells:,} cells are the same."
    )
    facts = RunFacts(
        source=f"{one.source_name} and {other.source_name}",
        digest=f"{one.digest} and {other.digest}",
        question="compare-runs",
        begun=datetime.now(UTC),
        scope="; ".join(dict.fromkeys([one.scope, other.scope])),
        options={"first run": one.run_id, "second run": other.run_id},
        audits=Audits(
            one.audits.plans + other.audits.plans,
            one.audits.audited + other.audits.audited,
            one.audits.failed + other.audits.failed,
        ),
        status="optimal",
        known_by=f"{one.origin} {other.origin}",
    )
    marking = " | ".join(dict.fromkeys(filter(None, [first.marking, second.marking])))
    measure = " | ".join(dict.fromkeys(filter(None, [first.measure, second.measure])))
    title = f"Two runs of {one.question}"
    sheets = (_show_runs(first, second), _show_tables(compared), _show_cells(found))
    return Document(title, verdict, sheets, facts, "changed" if found else "good", marking, measure)


def compare_tables(first: Document, second: Document) -> list[Compared]:
    """Every table in both documents, cell by cell; seconds apart, which each run takes its own."""
    return [
        _compare_tables(name, first.tables.get(name), second.tables.get(name))
        for name in dict.fromkeys([*first.tables, *second.tables])
    ]


def _show_runs(first: Document, second: Document) -> Sheet:
    """What was read and asked: where it differs, marked."""
    told = [(_describe(first), _describe(second))]
    told.append((first.facts.plain_options, second.facts.plain_options))
    rows = [
        (name, one.get(name, "not there"), other.get(name, "not there"))
        for one, other in told
        for name in dict.fromkeys([*one, *other])
    ]
    marks: Any = {
        (i, column): "changed"
        for i, (name, one, other) in enumerate(rows)
        if one != other and name != _BEGUN
        for column in ("first", "second")
    }
    columns = (
        Column("fact"),
        Column("first", "sentence", "first run"),
        Column("second", "sentence", "second run"),
    )
    table = Table("facts", columns, tuple(rows), marks=marks)
    return Sheet("Runs", "What was read and asked, and what each run found.", (table,), True)


def _describe(run: Document) -> Mapping[str, str]:
    facts = run.facts
    return {
        "source": facts.source_name,
        "SHA-256": facts.digest,
        _BEGUN: facts.begun.strftime("%Y-%m-%d %H:%M:%S"),
        "status": facts.status,
        "verdict": run.verdict,
        "audits": facts.audits.told,
        **facts.versions,
    }


def _show_tables(compared: list[Compared]) -> Sheet:
    """How much differs, table by table."""
    columns = (
        Column("table"),
        Column("cells", "count", "cells compared", total=True),
        Column("differ", "count", "cells that differ", total=True),
        Column("largest", "share", "largest difference", "As a part of the greater number"),
    )
    rows = tuple(
        (one.title, one.cells, len(one.found), max(map(_size, one.found), default=0.0))
        for one in compared
    )
    table = Table("tables", columns, rows)
    return Sheet("Tables", "How much differs, table by table.", (table,), on_screen=True)


def _size(cell: Difference) -> float:
    """A difference as a part of the greater number; 1 where one of them is no number."""
    if cell.more is None:
        return 1.0
    return float(abs(cell.more) / max(abs(cell.first), abs(cell.second)))


def _show_cells(found: list[Difference]) -> Sheet:
    """Every cell that differs."""
    columns = (
        Column("table"),
        Column("row"),
        Column("column"),
        Column("first", "number", "first run"),
        Column("second", "number", "second run"),
        Column("more", "number", "second less first"),
        Column("measure"),
    )
    rows = tuple(
        (one.table, one.row, one.column.heading, one.first, one.second, one.more,
         "part of 1" if one.column.form in _SHARES else one.column.measure)
        for one in found[:_MOST]
    )  # fmt: skip
    notes = [Note(f"{len(found) - _MOST:,} more cells differ.", "warn")] if found[_MOST:] else []
    told = (
        "Every cell that differs by more than a millionth of its number, or in words. A row is "
        "known by the names that lead it; an empty cell: that run has no such row."
    )
    return Sheet("Cells", told, (*notes, Table("cells", columns, rows, in_view=3)), bool(found))


def _compare_tables(
    name: str, first: Table | Pairs | None, second: Table | Pairs | None
) -> Compared:
    title = next(t.title or t.name.replace("_", " ") for t in (first, second) if t is not None)
    ones, others = _read_rows(first), _read_rows(second)
    found, cells = [], 0
    for key in dict.fromkeys([*ones, *others]):
        one, other = ones.get(key, {}), others.get(key, {})
        for column in dict.fromkeys([*one, *other]):
            if column.form == "seconds":
                continue
            cells += 1
            pair = one.get(column), other.get(column)
            if not _is_same(*pair):
                row = " ".join(str(part) for part in key[:-1] if part not in (None, ""))
                found.append(Difference(title, row, column, *pair))
    return Compared(title, cells, tuple(found))


def _read_rows(table: Table | Pairs | None) -> dict[tuple[Any, ...], dict[Column, Any]]:
    """Cells by their column, by the names that lead the row and how often these came before."""
    rows: dict[tuple[Any, ...], dict[Column, Any]] = {}
    for names, cells in _split_rows(table):
        count = 0
        while (*names, count) in rows:
            count += 1
        rows[(*names, count)] = cells
    return rows


def _split_rows(
    table: Table | Pairs | None,
) -> Iterator[tuple[tuple[Any, ...], dict[Column, Any]]]:
    if isinstance(table, Pairs):
        for one in table.pairs:
            yield (
                (one.label,),
                {Column("value", one.form, measure=one.remark): json_cell(one.value)},
            )
    elif table is not None:
        forms = [column.form in _NAMES for column in table.columns]
        lead = max(1, forms.index(False) if False in forms else 1)
        for row in table.rows:
            cells = map(json_cell, row[lead:])
            yield row[:lead], dict(zip(table.columns[lead:], cells, strict=True))


def _is_same(first: Any, second: Any) -> bool:
    if first == second:
        return True
    if not (is_number(first) and is_number(second)):
        return False
    return math.isclose(first, second, rel_tol=SAME, abs_tol=1e-9)
