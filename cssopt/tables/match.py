"""Which sheet of a book is which table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cssopt.issues import Issue
from cssopt.tables.header import (
    SEARCHED_ROWS,
    columns_of,
    find_columns,
    fold_header,
    is_empty,
    strip_measure,
)
from cssopt.tables.nearest import find_nearest, nearest_name
from cssopt.tables.raw import RawBook, RawCell, RawSheet
from cssopt.tables.spec import Table

_STRANGERS = 50
"""Sheets of other names of which it is looked whether they have the columns of a table."""

_WIDTH = 100
"""Columns of such a sheet that are looked at."""


def match_sheets(
    raw: RawBook, tables: Mapping[str, Table]
) -> tuple[dict[str, RawSheet], list[Issue], list[Issue]]:
    """The sheet of each table, and the issues and notes about sheets."""
    issues: list[Issue] = []
    notes: list[Issue] = []
    found: dict[str, RawSheet] = {}
    strangers: list[str] = []
    for title, sheet in raw.sheets.items():
        name = fold_header(title)
        if name in found:
            text = f'is a second sheet "{name}", beside "{found[name].name}". Remove one of them.'
            issues.append(Issue("E-207", title, text))
        elif name in tables:
            found[name] = sheet
            if sheet.fault is not None:
                issues.append(sheet.fault)
        else:
            strangers.append(title)
    absent = [name for name in tables if name not in found]
    like = {title: find_table_like(raw.sheets[title], tables) for title in strangers[:_STRANGERS]}
    for title in strangers:
        hint = nearest_name(fold_header(title), absent)
        table = like.get(title)
        if table is not None and table not in absent:
            name = found[table].name
            if _has_rows(found[table], tables[table]):
                text = (
                    f'is not read, though its columns are those of the sheet "{name}", which is '
                    "read"
                )
                notes.append(Issue("N-204", title, text))
            else:
                text = (
                    f'is not read, though its columns are those of the sheet "{name}", which has '
                    "no rows. If its rows are meant for the plan, move them there."
                )
                issues.append(Issue("W-413", title, text))
        elif table is None or not tables[table].optional:
            text = f"is not a sheet of the model and is not read.{hint}"
            notes.append(Issue("N-201", title, text))
    for name in absent:
        issues += _tell_absent(tables[name], raw, strangers, like)
    return found, issues, notes


def _tell_absent(
    table: Table, raw: RawBook, strangers: Sequence[str], like: Mapping[str, str | None]
) -> list[Issue]:
    """What is to be said of a table without a sheet, and of the sheets that could be meant."""
    near = find_nearest(table.name, [fold_header(title) for title in strangers])
    named = next((title for title in strangers if fold_header(title) == near), None)
    alike = [title for title in strangers if like.get(title) == table.name]
    if not table.optional:
        meant = named or next(iter(alike), None)
        hint = f' Is it the sheet "{meant}"? Then rename that.' if meant else ""
        return [Issue("E-201", table.name, f"the sheet is missing ({table.help}){hint}")]
    if named is not None and _has_header(raw.sheets[named], table):
        # An optional sheet under a misspelt name would be left out without a word.
        text = (
            f'is not a sheet of the model. Did you mean "{table.name}"? Rename it, or give it '
            "a name that is less alike."
        )
        return [Issue("E-201", named, text)]
    text = (
        f'is not read, though its columns are those of the sheet "{table.name}", which is '
        f'missing. If its rows are meant for the plan, rename the sheet to "{table.name}".'
    )
    return [Issue("W-413", title, text) for title in alike]


def find_table_like(sheet: RawSheet, tables: Mapping[str, Table]) -> str | None:
    """The table whose key and required columns a sheet has above rows; None where there is none.

    Of several, the one of which the sheet has the most columns.
    """
    best, most = None, 0
    rows = [row[:_WIDTH] for row in sheet.rows[:SEARCHED_ROWS]]
    heads = [_heads(row) for row in rows]
    for name, table in tables.items():
        needed = {*table.key, *(column.name for column in table.columns if column.required)}
        for position, row in enumerate(rows):
            if table.vertical or not needed & heads[position]:
                continue
            named = find_columns(row, table)
            if needed <= named and len(named) > most and _has_cells(sheet, position + 1):
                best, most = name, len(named)
    return best


def _heads(row: Sequence[RawCell]) -> set[str]:
    """What the cells of a row may be as headers, whatever the table."""
    texts = [cell.value for cell in row if not is_empty(cell)]
    return {fold_header(text) for text in texts} | {
        fold_header(strip_measure(text)) for text in texts
    }


def _has_rows(sheet: RawSheet, table: Table) -> bool:
    """True where something stands under the header of a table's sheet; not without a header."""
    rows = sheet.rows[:SEARCHED_ROWS]
    needed = set(columns_of(table)[:2])
    return any(
        needed <= find_columns(row, table) and _has_cells(sheet, position + 1)
        for position, row in enumerate(rows)
    )


def _has_header(sheet: RawSheet, table: Table) -> bool:
    """True where a sheet has a row that could be the header of a table."""
    rows = sheet.rows[:SEARCHED_ROWS]
    return any(len(find_columns(row, table)) >= min(2, len(table.key)) for row in rows)


def _has_cells(sheet: RawSheet, position: int) -> bool:
    return any(not is_empty(cell) for row in sheet.rows[position:] for cell in row)
