"""Reading a sheet of settings: one row per value, under the headers name and value."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from cssopt.issues import Issue
from cssopt.tables.asides import find_remark
from cssopt.tables.convert import convert_cell, find_number, is_blank, quote
from cssopt.tables.gather import Finding
from cssopt.tables.header import SIGNS_BESIDE, Header, cell_at, fold_header, is_empty
from cssopt.tables.likeness import find_alike
from cssopt.tables.nearest import find_nearest, nearest_name
from cssopt.tables.raw import UNCALCULATED, RawCell, RawSheet
from cssopt.tables.reading_notes import note_reading
from cssopt.tables.rows import Record, Rows
from cssopt.tables.spec import describe_blank


def read_settings(sheet: RawSheet, header: Header, rows: Rows) -> None:
    """Fill the columns, places, findings and notes of a table with one row per setting."""
    spec = rows.spec
    if any(name not in header.places for name in ("name", "value")):
        return
    names = [column.name for column in spec.columns]
    record, read = Record({}, {}), []
    meant: set[str | None] = set()
    for position in range(header.row + 1, len(sheet.rows)):
        label, cell = (cell_at(sheet, position, header.places[n]) for n in ("name", "value"))
        if is_empty(label) and is_empty(cell):
            continue
        name = _read_name(label, names) if not is_blank(label) else ""
        if find_remark({"name": label, "value": cell}, spec, after_blank=False) is not None:
            text = f"{quote(label.value)} stands alone in its row: a remark, which is not read"
            rows.notes.append(Issue("N-119", label.where, text))
            continue
        if name not in names and _is_own_setting(name, cell, names):
            text = f"{quote(label.value)} is not a setting and is not read"
            rows.notes.append(Issue("N-202", label.where, text))
            continue
        read.append(position)
        if name not in names:
            meant.add(find_nearest(name, names))
            text = (
                f"{quote(label.value)} is not a setting.{nearest_name(name, names)} "
                f"Settings: {', '.join(names)}."
            )
            issue = Issue("E-203", label.where, text)
            rows.findings.append(Finding(issue))
        elif name in record.where:
            text = f'"{name}" stands already at {record.where[name]}. Remove one of the rows.'
            rows.findings.append(Finding(Issue("E-120", label.where, text)))
        else:
            record.where[name] = cell.where
            column = spec.column(name)
            if is_blank(cell) and not column.required:
                text = f"{name}: blank, which means {describe_blank(column)}"
                rows.notes.append(Issue("N-111", cell.where, text))
            converted = convert_cell(cell, column)
            if converted.issue is not None:
                trouble = cell.trouble in UNCALCULATED
                cause = (converted.issue.code, cell.trouble) if trouble else None
                rows.findings.append(Finding(converted.issue, cause, 2))
                continue
            rows.notes += [converted.note] if converted.note is not None else []
            record.values[name] = converted.value
    _tell_above(sheet, header, rows, names)
    used = {place: name for name, place in header.places.items()}
    note_reading(sheet, rows, read, [], used)
    _complete_settings(sheet, rows, record, meant)


def _read_name(label: RawCell, names: Collection[str]) -> str:
    """The setting that a label names; with a colon or a star behind it, as in a form, the same."""
    name = fold_header(label.value)
    plain = name.rstrip(SIGNS_BESIDE + "_")
    return plain if plain in names else name


def _tell_above(sheet: RawSheet, header: Header, rows: Rows, names: Collection[str]) -> None:
    """Settings with a value that stand above the header, where they are not read."""
    for position in range(header.row):
        label, cell = (cell_at(sheet, position, header.places[n]) for n in ("name", "value"))
        name = "" if is_empty(label) else _read_name(label, names)
        if name in names and not is_empty(cell):
            text = (
                f'"{name}" stands in row {position + 1}, above the header in row '
                f"{header.row + 1}, and is not read. Move it below the header, or clear it."
            )
            rows.findings.append(Finding(Issue("E-209", label.where, text)))


def _is_own_setting(name: str, cell: RawCell, names: Sequence[str]) -> bool:
    """True for a text under a name that is like no setting, such as an author; numbers count."""
    text = isinstance(cell.value, str) and not is_empty(cell) and find_number(cell) is None
    return bool(name) and text and find_alike(name, names) is None


def _complete_settings(
    sheet: RawSheet, rows: Rows, record: Record, meant: Collection[str | None]
) -> None:
    """Columns and places of the settings; one that a misspelt row means is told there."""
    rows.columns = {column.name: {} for column in rows.spec.columns}
    for column in rows.spec.columns:
        if column.name in record.where:
            rows.places[None, column.name] = record.where[column.name]
        elif column.required and column.name in meant:
            continue
        elif column.required:
            text = f'the row "{column.name}" is missing. Add it: {column.help}'
            rows.findings.append(Finding(Issue("E-205", sheet.name, text)))
        else:
            text = f"{column.name}: no row, which means {describe_blank(column)}"
            rows.notes.append(Issue("N-111", sheet.name, text))
        default = None if column.required else column.default
        rows.columns[column.name][None] = record.values.get(column.name, default)
