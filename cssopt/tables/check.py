"""Checking a whole book in one pass: every issue at once, no issue twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cssopt.issues import Issue
from cssopt.tables.convert import convert_cell, is_blank, quote
from cssopt.tables.data import Data, Key, TableData
from cssopt.tables.header import Header, find_header, fold_header
from cssopt.tables.nearest import find_nearest, nearest_name
from cssopt.tables.raw import RawBook, RawCell, RawSheet
from cssopt.tables.spec import Check, Column, Table


@dataclass(frozen=True)
class Checked:
    """What a check found.

    Attributes
    ----------
    data: the typed tables; None where there is an error.
    issues: errors and warnings, in the order of the book. notes: what was tidied or not read.
    """

    data: Data | None
    issues: tuple[Issue, ...]
    notes: tuple[Issue, ...]


@dataclass
class _Rows:
    """Typed rows of one sheet, while they are checked."""

    spec: Table
    columns: dict[str, dict[Key, Any]]
    places: dict[tuple[Key, str], str] = field(default_factory=dict)
    complete: bool = True


def check_book(raw: RawBook, tables: Mapping[str, Table], checks: Sequence[Check] = ()) -> Checked:
    """Type and check every sheet of a book against the declared tables.

    Finds every fault of cells, keys and references in one pass; rules over the whole book run
    where no cell is at fault.
    """
    issues: list[Issue] = []
    notes: list[Issue] = []
    sheets = _match_sheets(raw, tables, issues, notes)
    typed: dict[str, _Rows] = {}
    for name, spec in tables.items():
        if name in sheets:
            read = _read_vertical if spec.vertical else _read_table
            typed[name] = read(sheets[name], spec, issues, notes)
        else:
            typed[name] = _Rows(spec, {column.name: {} for column in spec.columns})
            typed[name].complete = spec.optional
    for rows in typed.values():
        issues += _check_references(rows, typed)
    if any(issue.code.startswith("E") for issue in issues):
        return Checked(None, tuple(issues), tuple(notes))
    data = Data({n: TableData(rows.spec, rows.columns, rows.places) for n, rows in typed.items()})
    issues += check_rules(data, checks)
    wrong = any(issue.code.startswith("E") for issue in issues)
    return Checked(None if wrong else data, tuple(issues), tuple(notes))


def check_rules(data: Data, checks: Iterable[Check]) -> list[Issue]:
    """The issues of rules over the whole book, each at the cell that its fault names."""
    return [
        Issue(
            rule.code,
            data.tables[fault.table].where(fault.key, fault.column),
            f"{fault.column}: {fault.text}",
        )
        for rule in checks
        for fault in rule.find(data)
    ]


def _match_sheets(
    raw: RawBook, tables: Mapping[str, Table], issues: list[Issue], notes: list[Issue]
) -> dict[str, RawSheet]:
    found: dict[str, RawSheet] = {}
    strangers: list[str] = []
    for title, sheet in raw.sheets.items():
        name = fold_header(title)
        if name in found:
            text = f'is a second sheet "{name}", beside "{found[name].name}". Remove one of them.'
            issues.append(Issue("E-207", title, text))
        elif name in tables:
            found[name] = sheet
        else:
            strangers.append(title)
    absent = [name for name in tables if name not in found]
    for title in strangers:
        hint = nearest_name(fold_header(title), absent)
        notes.append(Issue("N-201", title, f"is not a sheet of the model and is not read.{hint}"))
    for name in absent:
        near = find_nearest(name, [fold_header(title) for title in strangers])
        if not tables[name].optional:
            like = next((t for t in strangers if fold_header(t) == near), None)
            hint = f' Is it the sheet "{like}"? Then rename that.' if like else ""
            text = f"the sheet is missing ({tables[name].help}){hint}"
            issues.append(Issue("E-201", name, text))
        elif near is not None:
            # An optional sheet under a misspelt name would be left out without a word.
            title = next(t for t in strangers if fold_header(t) == near)
            text = f'is not a sheet of the model. Did you mean "{name}"? Rename it, or give it '
            issues.append(Issue("E-201", title, f"{text}a name that is less alike."))
    return found


def _read_table(sheet: RawSheet, spec: Table, issues: list[Issue], notes: list[Issue]) -> _Rows:
    rows = _Rows(spec, {column.name: {} for column in spec.columns})
    header, found = find_header(sheet, spec)
    issues += found
    if header is None or any(issue.code == "E-205" for issue in found):
        rows.complete = False
    if header is None:
        return rows
    used = set(header.places.values())
    for cells in sheet.rows[header.row + 1 :]:
        if all(is_blank(cell) for index, cell in enumerate(cells) if index in used):
            continue
        _read_row(cells, header, rows, issues, notes)
    return rows


def _read_row(
    cells: tuple[RawCell, ...],
    header: Header,
    rows: _Rows,
    issues: list[Issue],
    notes: list[Issue],
) -> None:
    spec, values, where = rows.spec, {}, {}
    for column in spec.columns:
        place = header.places.get(column.name)
        if place is None:
            if not column.required:
                values[column.name] = column.default
            continue
        cell = cells[place]
        where[column.name] = cell.where
        converted = convert_cell(cell, column)
        if converted.issue is not None:
            issues.append(converted.issue)
            continue
        if converted.note is not None:
            notes.append(converted.note)
        values[column.name] = converted.value
    if any(name not in values for name in spec.key):
        rows.complete = False
        return
    parts = tuple(values[name] for name in spec.key)
    key: Key = parts[0] if len(parts) == 1 else parts
    if (key, spec.key[0]) in rows.places:
        text = f"{' and '.join(f'{n} = {quote(values[n])}' for n in spec.key)} stands already at "
        text += f"{rows.places[key, spec.key[0]]}. Remove or rename one of the rows."
        issues.append(Issue("E-120", where[spec.key[0]], text))
        return
    for column in spec.columns:
        rows.places[key, column.name] = where.get(column.name, where[spec.key[0]])
        rows.columns[column.name][key] = values.get(column.name)


def _read_vertical(sheet: RawSheet, spec: Table, issues: list[Issue], notes: list[Issue]) -> _Rows:
    rows = _Rows(spec, {column.name: {} for column in spec.columns})
    header, found = find_header(sheet, spec)
    issues += found
    if header is None or any(name not in header.places for name in ("name", "value")):
        return rows
    names = [column.name for column in spec.columns]
    seen: dict[str, str] = {}
    for cells in sheet.rows[header.row + 1 :]:
        label, cell = cells[header.places["name"]], cells[header.places["value"]]
        if is_blank(label) and is_blank(cell):
            continue
        name = fold_header(label.value) if not is_blank(label) else ""
        if name not in names:
            text = f"{quote(label.value)} is not a setting.{nearest_name(name, names)}"
            issues.append(Issue("E-203", label.where, f"{text} Settings: {', '.join(names)}."))
        elif name in seen:
            text = f'"{name}" stands already at {seen[name]}. Remove one of the rows.'
            issues.append(Issue("E-120", label.where, text))
        else:
            seen[name] = label.where
            _read_setting(cell, spec.column(name), rows, issues, notes)
    for column in spec.columns:
        if column.name not in seen:
            if column.required:
                text = f'the row "{column.name}" is missing. Add it: {column.help}'
                issues.append(Issue("E-205", sheet.name, text))
            rows.columns[column.name][None] = None if column.required else column.default
    return rows


def _read_setting(
    cell: RawCell, column: Column, rows: _Rows, issues: list[Issue], notes: list[Issue]
) -> None:
    converted = convert_cell(cell, column)
    if converted.issue is not None:
        issues.append(converted.issue)
    if converted.note is not None:
        notes.append(converted.note)
    rows.places[None, column.name] = cell.where
    rows.columns[column.name][None] = converted.value


def _check_references(rows: _Rows, typed: Mapping[str, _Rows]) -> list[Issue]:
    issues = []
    for column in rows.spec.columns:
        target = typed.get(column.refers_to or "")
        if target is None or not target.complete:
            # A faulty table is told once, there; names that refer to it are not judged.
            continue
        known = target.columns[target.spec.key[0]]
        for key, name in rows.columns[column.name].items():
            if name is None or name in known or (column.wildcard and name == "*"):
                continue
            issues.append(_unknown_reference(rows.places[key, column.name], column, name, target))
    return issues


def _unknown_reference(where: str, column: Column, name: str, target: _Rows) -> Issue:
    key = target.spec.key[0]
    known = target.columns[key]
    places = [target.places[k, key] for k in known]
    table = target.spec.name
    if places:
        span = f"{places[0]}:{places[-1].split('!')[-1]}" if len(places) > 1 else places[0]
    else:
        span = f"{table} (which has no rows)"
    near = find_nearest(name, known)
    hint = f' Did you mean "{near}" ({target.places[near, key]})? Or add' if near else " Add"
    text = f"{column.name} = {quote(name)} is not in {span}.{hint} it there."
    return Issue("E-121", where, text)
