"""What a reader of a sheet may not see: blanks that mean something, hidden parts, formulas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cssopt.issues import Issue
from cssopt.tables.convert import is_blank
from cssopt.tables.header import Header, cell_at
from cssopt.tables.raw import RawSheet
from cssopt.tables.rows import Rows
from cssopt.tables.spec import REMARK_COLUMNS, Column, describe_blank


def note_defaults(sheet: RawSheet, rows: Rows, header: Header) -> None:
    """Which blanks were read as what: a line per column, not per cell."""
    for column in rows.spec.columns:
        if column.required or column.name in REMARK_COLUMNS or not rows.records:
            continue
        meaning = f"which means {describe_blank(column)}"
        if column.name not in header.places:
            text = f'there is no column "{column.name}", {meaning}'
            rows.notes.append(Issue("N-111", sheet.name, text))
            continue
        blanks = _blanks(sheet, rows, header.places[column.name], column)
        if blanks:
            cells = "1 blank cell" if len(blanks) == 1 else f"{len(blanks)} blank cells"
            rows.notes.append(Issue("N-111", blanks[0], f"{column.name}: {cells}, {meaning}"))


def _blanks(sheet: RawSheet, rows: Rows, place: int, column: Column) -> list[str]:
    used = {record.where[column.name] for record in rows.records}
    cells = (row[place] for row in sheet.rows if place < len(row))
    return [cell.where for cell in cells if cell.where in used and is_blank(cell)]


def note_reading(
    sheet: RawSheet,
    rows: Rows,
    read: Sequence[int],
    inside: Sequence[int],
    used: Mapping[int, str],
) -> None:
    """Hidden parts that are read, gaps that are passed over, formulas that count as values.

    Parameters
    ----------
    read: positions of the rows that were read. inside: numbers of the blank rows among them.
    used: the name of each column that is read, by its place.
    """
    if sheet.hidden:
        rows.notes.append(Issue("N-108", sheet.name, "is hidden, and is read all the same"))
    hidden = [position + 1 for position in read if position in sheet.hidden_rows]
    if hidden:
        text = f"hidden or filtered rows are read all the same: {_list_rows(hidden)}"
        rows.notes.append(Issue("N-109", sheet.name, text))
    unseen = [place for place in sorted(used) if place in sheet.hidden_columns]
    if unseen and read:
        names = ", ".join(used[place] for place in unseen)
        where = cell_at(sheet, read[0], unseen[0]).where
        text = f"hidden columns are read all the same: {names}"
        rows.notes.append(Issue("N-117", where, text))
    if inside:
        text = f"blank rows inside the table are passed over: {_list_rows(inside)}"
        rows.notes.append(Issue("N-107", sheet.name, text))
    cells = (cell for position in read for i, cell in enumerate(sheet.rows[position]) if i in used)
    formulas = [cell.where for cell in cells if cell.formula and not cell.trouble]
    if formulas:
        many = len(formulas) > 1
        count = (
            f"{len(formulas)} formulas are read as the values" if many else "a formula is read as"
        )
        text = f"{count} that they last gave" if many else f"{count} the value that it last gave"
        rows.notes.append(Issue("N-110", formulas[0], text))


def _list_rows(rows: Sequence[int]) -> str:
    shown = ", ".join(map(str, rows[:10]))
    return f"{shown} and {len(rows) - 10} more" if len(rows) > 10 else shown
