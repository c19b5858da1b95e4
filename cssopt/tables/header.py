"""Finding the header row of a sheet and the columns under it."""

from __future__ import annotations

from dataclasses import dataclass

from cssopt.issues import Issue
from cssopt.tables.convert import is_blank, quote
from cssopt.tables.nearest import find_nearest, nearest_name
from cssopt.tables.raw import RawCell, RawSheet
from cssopt.tables.spec import REMARK_COLUMNS, Table
from cssopt.tables.tidy import fold_name

SEARCHED_ROWS = 20
"""The header row stands among the first so many rows of a sheet."""

_VERTICAL = ("name", "value")


@dataclass(frozen=True)
class Header:
    """The header row of a sheet: its position, the place of each declared column, and notes."""

    row: int
    places: dict[str, int]
    notes: tuple[Issue, ...] = ()


def fold_header(text: object) -> str:
    """A header as it is compared: lower case, no accents, spaces and hyphens as underscores."""
    return "_".join(fold_name(str(text)).replace("-", " ").replace("_", " ").split())


def columns_of(table: Table) -> tuple[str, ...]:
    """Names of the columns that the sheet of a table has."""
    return _VERTICAL if table.vertical else tuple(column.name for column in table.columns)


def find_header(sheet: RawSheet, table: Table) -> tuple[Header | None, list[Issue]]:
    """The header row of a sheet, and what is wrong with it; None where there is none."""
    wanted, aliases = columns_of(table), _aliases(table)
    best, most = -1, 0
    for index, row in enumerate(sheet.rows[:SEARCHED_ROWS]):
        names = {fold_header(cell.value) for cell in row if not is_blank(cell)}
        hits = len({aliases.get(name, name) for name in names} & set(wanted))
        if hits > most:
            best, most = index, hits
    key = _VERTICAL if table.vertical else table.key
    if best < 0 or most < min(2, len(key)):
        text = f"has no header row among its first {SEARCHED_ROWS} rows. Write the headers "
        return None, [Issue("E-202", sheet.name, f"{text}{', '.join(key)} ... in one row.")]
    places, issues, notes = _read_headers(sheet, best, table)
    for name in _required(table):
        if name not in places:
            unknown = [
                str(c.value).strip()
                for c in sheet.rows[best]
                if not is_blank(c)
                and fold_header(c.value) not in (*wanted, *aliases, *REMARK_COLUMNS)
            ]
            near = find_nearest(name, unknown)
            hint = f' Is it "{near}"? Then rename that.' if near else ""
            where = f"{sheet.name}!{best + 1}:{best + 1}"
            issues.append(Issue("E-205", where, f'the column "{name}" is missing.{hint}'))
    return Header(best, places, tuple(notes)), issues


def _aliases(table: Table) -> dict[str, str]:
    """Headers of older templates, with the column that each is now."""
    if table.vertical:
        return {}
    return {alias: column.name for column in table.columns for alias in column.aliases}


def _required(table: Table) -> tuple[str, ...]:
    if table.vertical:
        return _VERTICAL
    return tuple(column.name for column in table.columns if column.required)


def _read_headers(
    sheet: RawSheet, row: int, table: Table
) -> tuple[dict[str, int], list[Issue], list[Issue]]:
    places: dict[str, int] = {}
    first: dict[str, RawCell] = {}
    issues: list[Issue] = []
    notes: list[Issue] = []
    wanted, aliases = columns_of(table), _aliases(table)
    for index, cell in enumerate(sheet.rows[row]):
        if is_blank(cell):
            issues += _values_without_header(sheet, row, index)
            continue
        name = fold_header(cell.value)
        if name in aliases:
            text = f'the older header {quote(cell.value)} is read as "{aliases[name]}"'
            notes.append(Issue("N-112", cell.where, text))
            name = aliases[name]
        if name in first:
            text = f"the header {quote(cell.value)} stands already at {first[name].where}."
            issues.append(Issue("E-204", cell.where, f"{text} Remove or rename one column."))
            continue
        first[name] = cell
        if name in wanted:
            places[name] = index
        elif name not in REMARK_COLUMNS:
            text = f"{quote(cell.value)} is not a column of this sheet."
            near = nearest_name(name, [n for n in wanted if n not in places])
            own = ", ".join((*wanted, *REMARK_COLUMNS))
            issues.append(Issue("E-203", cell.where, f"{text}{near} Its columns: {own}."))
    return places, issues, notes


def _values_without_header(sheet: RawSheet, row: int, index: int) -> list[Issue]:
    for below in sheet.rows[row + 1 :]:
        if index < len(below) and not is_blank(below[index]):
            cell = below[index]
            text = f"{quote(cell.value)} stands in a column without a header."
            return [Issue("E-206", cell.where, f"{text} Name the column, or clear it.")]
    return []
