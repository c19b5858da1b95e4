"""Rows that stand above the header of their sheet, where they are not read."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

from cssopt.issues import Issue
from cssopt.tables.convert import quote
from cssopt.tables.gather import Finding
from cssopt.tables.rows import RowAbove, Rows
from cssopt.tables.tidy import fold_name


def tell_misplaced(findings: Sequence[Finding], typed: Mapping[str, Rows]) -> list[Finding]:
    """The findings, with rows above a header told once in place of all that lacks them.

    A row above is meant as one where other sheets refer to its key, where it has numbers that were
    typed, or where it names rows of this workbook and its key stands nowhere below.
    """
    books_example = any(
        row.example and row.numbers is False for rows in typed.values() for row in rows.above
    )
    told: list[Finding] = []
    kept = list(findings)
    for name, rows in typed.items():
        for row in rows.above:
            first = _key(row, rows)[0]
            causes: set[Hashable] = {("E-121", name, fold_name(str(first)))}
            if row.whole and not row.example:
                causes.add(("E-121", name, None))  # No row below: it may be the only one.
            lacking = [finding for finding in kept if finding.cause in causes]
            kept = [finding for finding in kept if finding.cause not in causes]
            if lacking:
                told.append(Finding(_tell_missed(row, rows, [f.issue.where for f in lacking])))
            elif code := _judge(row, rows, typed, books_example=books_example):
                told.append(Finding(_tell_above(code, row, rows)))
    return told + kept


def _key(row: RowAbove, rows: Rows) -> tuple[Any, ...]:
    return tuple(row.record.values.get(name) for name in rows.spec.key)


def _judge(
    row: RowAbove, rows: Rows, typed: Mapping[str, Rows], *, books_example: bool
) -> str | None:
    """The code of a row that seems meant; None for a heading or the example of a template."""
    key = _key(row, rows)
    below = {tuple(record.values.get(name) for name in rows.spec.key) for record in rows.records}
    if not row.whole or key in below:
        return None
    named = [
        (column, row.record.values[column.name])
        for column in rows.spec.columns
        if column.refers_to in typed and row.record.values.get(column.name) is not None
    ]
    known = all(
        any(value == record.values.get(target.spec.key[0]) for record in target.records)
        or (column.wildcard and value == "*")
        for column, value in named
        for target in [typed[str(column.refers_to)]]
    )
    if not row.example:
        return "E-209" if known and (row.numbers is not None or named) else None
    if row.numbers and books_example:
        # Templates write the numbers of their examples as texts: these were typed over one.
        return "E-209" if known else None
    return "W-414" if named and known and row.numbers is None else None


def _tell_missed(row: RowAbove, rows: Rows, cells: Sequence[str]) -> Issue:
    sheets = len({cell.rpartition("!")[0] for cell in cells})
    count = "1 cell refers" if len(cells) == 1 else f"{len(cells)} cells refer"
    where = row.record.where[rows.spec.key[0]]
    among = f" on {sheets} sheets" if sheets > 1 else ""
    text = (
        f"{quote(_key(row, rows)[0])} stands in row {row.line}, above the header in row "
        f"{row.header}, and is not read: {count} to it{among}. Move it below the header."
    )
    return Issue("E-209", where, text, tuple(cells))


def _tell_above(code: str, row: RowAbove, rows: Rows) -> Issue:
    where = row.record.where[rows.spec.key[0]]
    key = " ".join(p if isinstance(p, str) else f"{p:.12g}" for p in _key(row, rows))
    place = f"{quote(key)} stands in row {row.line}, above the header in row {row.header}"
    text = (
        f"{place}, and is taken for the example of the template, which is not read. If it is "
        "meant, move it below the header; else clear it."
    )
    if code == "E-209":
        text = f"{place}, and is not read. Move it below the header, or clear it."
    return Issue(code, where, text)
