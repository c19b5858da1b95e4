"""The rows of one sheet: from raw cells to typed records, and to a table by key."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cssopt.issues import Issue
from cssopt.tables.convert import convert_cell, is_blank, quote
from cssopt.tables.data import Key
from cssopt.tables.header import Header, find_header, fold_header
from cssopt.tables.nearest import nearest_name
from cssopt.tables.raw import RawCell, RawSheet
from cssopt.tables.spec import Column, Table, describe_blank
from cssopt.tables.tidy import fold_name


@dataclass(frozen=True)
class Record:
    """One row: typed values and the addresses of their cells, by column."""

    values: dict[str, Any]
    where: dict[str, str]


@dataclass
class Rows:
    """One sheet while it is checked: records first, then columns and places by key.

    `complete` is False where a row is lost to a fault, so that nobody judges what refers to it.
    """

    spec: Table
    records: list[Record] = field(default_factory=list)
    columns: dict[str, dict[Key, Any]] = field(default_factory=dict)
    places: dict[tuple[Key, str], str] = field(default_factory=dict)
    complete: bool = True
    issues: list[Issue] = field(default_factory=list)
    notes: list[Issue] = field(default_factory=list)

    def key_by(self) -> None:
        """Fill `columns` and `places`; a key that stands twice is an issue."""
        self.columns = {column.name: {} for column in self.spec.columns}
        if self.spec.vertical:
            return
        folded: dict[Any, Key] = {}
        for record in self.records:
            if any(name not in record.values for name in self.spec.key):
                self.complete = False
                continue
            parts = tuple(record.values[name] for name in self.spec.key)
            key: Key = parts[0] if len(parts) == 1 else parts
            alike = tuple(fold_name(part) if isinstance(part, str) else part for part in parts)
            if alike in folded:
                self.issues.append(self._tell_double(record, folded[alike], key))
                continue
            folded[alike] = key
            first = record.where[self.spec.key[0]]
            for column in self.spec.columns:
                self.places[key, column.name] = record.where.get(column.name, first)
                self.columns[column.name][key] = record.values.get(column.name)

    def _tell_double(self, record: Record, earlier: Key, key: Key) -> Issue:
        names, first = self.spec.key, self.spec.key[0]
        text = " and ".join(f"{name} = {quote(record.values[name])}" for name in names)
        text += f" stands already at {self.places[earlier, first]}"
        if earlier != key:
            text += ", in other letters"
        return Issue("E-120", record.where[first], f"{text}. Remove or rename one of the rows.")


def read_rows(sheet: RawSheet, spec: Table) -> Rows:
    """The typed records of a sheet, with everything that is wrong with its cells."""
    rows = Rows(spec)
    header, found = find_header(sheet, spec)
    rows.issues += found
    if header is None or any(issue.code == "E-205" for issue in found):
        rows.complete = False
    if header is not None and spec.vertical:
        _read_settings(sheet, header, rows)
    elif header is not None:
        _read_table(sheet, header, rows)
    rows.notes += header.notes if header is not None else ()
    return rows


def _read_table(sheet: RawSheet, header: Header, rows: Rows) -> None:
    used = set(header.places.values())
    blank: list[int] = []
    inside: list[int] = []
    read: list[int] = []
    for position in range(header.row + 1, len(sheet.rows)):
        cells = sheet.rows[position]
        if all(is_blank(cell) for index, cell in enumerate(cells) if index in used):
            blank.append(position + 1)
            continue
        inside += blank if read else []
        blank.clear()
        read.append(position)
        _read_record(cells, header, rows)
    _note_reading(sheet, rows, read, inside, used)
    _note_defaults(sheet, rows, header)


def _read_record(cells: tuple[RawCell, ...], header: Header, rows: Rows) -> None:
    record = Record({}, {})
    for column in rows.spec.columns:
        place = header.places.get(column.name)
        if place is None:
            if not column.required:
                record.values[column.name] = column.default
            continue
        record.where[column.name] = cells[place].where
        _convert(cells[place], column, record.values, rows)
    rows.records.append(record)


def _convert(cell: RawCell, column: Column, values: dict[str, Any], rows: Rows) -> None:
    converted = convert_cell(cell, column)
    if converted.issue is not None:
        rows.issues.append(converted.issue)
        return
    if converted.note is not None:
        rows.notes.append(converted.note)
    values[column.name] = converted.value


def _read_settings(sheet: RawSheet, header: Header, rows: Rows) -> None:
    spec = rows.spec
    if any(name not in header.places for name in ("name", "value")):
        return
    names = [column.name for column in spec.columns]
    record, read = Record({}, {}), []
    for position in range(header.row + 1, len(sheet.rows)):
        cells = sheet.rows[position]
        label, cell = cells[header.places["name"]], cells[header.places["value"]]
        if is_blank(label) and is_blank(cell):
            continue
        read.append(position)
        name = fold_header(label.value) if not is_blank(label) else ""
        if name not in names:
            text = f"{quote(label.value)} is not a setting.{nearest_name(name, names)}"
            rows.issues.append(Issue("E-203", label.where, f"{text} Settings: {', '.join(names)}."))
        elif name in record.where:
            text = f'"{name}" stands already at {record.where[name]}. Remove one of the rows.'
            rows.issues.append(Issue("E-120", label.where, text))
        else:
            record.where[name] = cell.where
            column = spec.column(name)
            if is_blank(cell) and not column.required:
                text = f"{name}: blank, which means {describe_blank(column)}"
                rows.notes.append(Issue("N-111", cell.where, text))
            _convert(cell, column, record.values, rows)
    _note_reading(sheet, rows, read, [], set(header.places.values()))
    _complete_settings(sheet, rows, record)


def _complete_settings(sheet: RawSheet, rows: Rows, record: Record) -> None:
    rows.columns = {column.name: {} for column in rows.spec.columns}
    for column in rows.spec.columns:
        if column.name in record.where:
            rows.places[None, column.name] = record.where[column.name]
        elif column.required:
            text = f'the row "{column.name}" is missing. Add it: {column.help}'
            rows.issues.append(Issue("E-205", sheet.name, text))
        else:
            text = f"{column.name}: no row, which means {describe_blank(column)}"
            rows.notes.append(Issue("N-111", sheet.name, text))
        default = None if column.required else column.default
        rows.columns[column.name][None] = record.values.get(column.name, default)


def _note_defaults(sheet: RawSheet, rows: Rows, header: Header) -> None:
    """Which blanks were read as what: a line per column, not per cell."""
    for column in rows.spec.columns:
        if column.required or not rows.records:
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


def _note_reading(
    sheet: RawSheet, rows: Rows, read: list[int], inside: list[int], used: set[int]
) -> None:
    """What a reader of the sheet may not see: hidden parts, formulas, gaps."""
    if sheet.hidden:
        rows.notes.append(Issue("N-108", sheet.name, "is hidden, and is read all the same"))
    hidden = [position + 1 for position in read if position in sheet.hidden_rows]
    if hidden:
        text = f"hidden or filtered rows are read all the same: {_list_rows(hidden)}"
        rows.notes.append(Issue("N-109", sheet.name, text))
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


def _list_rows(rows: list[int]) -> str:
    shown = ", ".join(map(str, rows[:10]))
    return f"{shown} and {len(rows) - 10} more" if len(rows) > 10 else shown
