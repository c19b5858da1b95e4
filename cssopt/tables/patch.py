"""What-ifs: ordered changes that make new tables of old ones, and keep what they changed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.tables.convert import convert_cell, quote
from cssopt.tables.data import Data, Key, TableData
from cssopt.tables.nearest import nearest_name
from cssopt.tables.raw import RawCell
from cssopt.tables.spec import Column
from cssopt.tables.where import Condition, Quoted, WhereError, read_where, select_rows

Change = Literal["set", "scale", "add", "drop"]
CHANGES: Final = ("set", "scale", "add", "drop")


@dataclass(frozen=True, kw_only=True)
class Step:
    """One change of the inputs.

    Attributes
    ----------
    table, where, column: which cells; an empty `where` means all rows.
    change: ``set`` to a value, ``scale`` by a factor, ``add`` a number to a column; without a
        column ``add`` adds the row that `where` describes, and ``drop`` drops rows, and with them
        what refers to them. A party (member) that is dropped leaves the coalition, and takes no row
        along.
    value: as typed. note: why. place: where the step stands, for its issues.
    """

    table: str
    where: str = ""
    column: str = ""
    change: Change = "set"
    value: Any = None
    note: str = ""
    place: str = "step"


@dataclass(frozen=True)
class Touched:
    """One cell that a step changed: what it held before (None: no row, or blank) and after.

    Of a party that leaves the coalition it is the cell of its name, which holds None afterwards.
    """

    table: str
    key: Key
    column: str
    old: Any
    new: Any
    step: int


@dataclass
class _Patch:
    """Tables under change, and what was touched so far."""

    data: Data
    touched: list[Touched] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)

    def refuse(self, step: Step, code: str, text: str) -> None:
        self.issues.append(Issue(code, step.place, text))


def patch_tables(data: Data, steps: Sequence[Step]) -> tuple[Data, tuple[Touched, ...]]:
    """New tables with the steps applied in order, and every cell that differs.

    The tables given are never changed. A step that touches nothing is an error, with the nearest
    match, and so are steps after which no party is left. Raises DataError with every issue;
    whether the new tables make sense together is for the checks of the book.
    """
    patch = _Patch(data)
    for number, step in enumerate(steps, start=1):
        _apply(patch, step, number)
    for step in steps:
        table = patch.data.tables.get(step.table)
        if table is not None and table.spec.parties and not patch.data.parties:
            patch.refuse(step, "E-514", f"nobody of {step.table} is left to plan for. Keep one.")
            break
    if patch.issues:
        raise DataError(patch.issues, "scenario")
    return patch.data, tuple(patch.touched)


def _apply(patch: _Patch, step: Step, number: int) -> None:
    table = patch.data.tables.get(step.table)
    if table is None:
        near = nearest_name(step.table, patch.data.tables)
        patch.refuse(step, "E-501", f"{quote(step.table)} is no table.{near}")
        return
    conditions = _read_conditions(patch, step, table)
    if conditions is None:
        return
    if step.change == "add" and not step.column:
        _add_row(patch, step, number, table, conditions)
        return
    keys = list(table.keys) if table.spec.vertical else select_rows(table.columns, conditions)
    if table.spec.parties:
        keys = [key for key in keys if key not in table.dropped]
    if not keys:
        patch.refuse(
            step, "E-504", f"no row of {step.table} has {step.where}.{_near(table, conditions)}"
        )
    elif step.change == "drop":
        _drop_rows(patch, number, step.table, set(keys))
    else:
        _change_cells(patch, step, number, table, keys)


def _read_conditions(patch: _Patch, step: Step, table: TableData) -> tuple[Condition, ...] | None:
    try:
        conditions = read_where(step.where)
    except WhereError as error:
        patch.refuse(step, "E-502", f"where: {error}.")
        return None
    for condition in conditions:
        if condition.column not in table.columns:
            near = nearest_name(condition.column, table.columns)
            text = f"where: {step.table} has no column {quote(condition.column)}.{near}"
            patch.refuse(step, "E-503", text)
            return None
    return conditions


def _near(table: TableData, conditions: Iterable[Condition]) -> str:
    """The nearest values to those that no row has."""
    for condition in conditions:
        known = {str(value) for value in table.columns[condition.column].values()}
        for text in condition.values:
            if condition.sign == "=" and text not in known:
                near = nearest_name(text, known)
                if near:
                    return near
    return ""


def _change_cells(
    patch: _Patch, step: Step, number: int, table: TableData, keys: list[Key]
) -> None:
    if step.column not in table.columns:
        near = nearest_name(step.column, table.columns)
        patch.refuse(step, "E-503", f"{step.table} has no column {quote(step.column)}.{near}")
        return
    if step.column in table.spec.key:
        text = f"{step.column} is a key of {step.table}: drop the row and add another."
        patch.refuse(step, "E-505", text)
        return
    column = table.spec.column(step.column)
    values = dict(table.columns[step.column])
    for key in keys:
        new = _new_value(patch, step, column, values[key])
        if new is _REFUSED:
            return
        if new != values[key]:
            patch.touched.append(Touched(step.table, key, step.column, values[key], new, number))
            values[key] = new
    patch.data = _with(patch.data, table.replace({**table.columns, step.column: values}))


_REFUSED: Final = object()


def _new_value(patch: _Patch, step: Step, column: Column, old: Any) -> Any:
    """The value of a cell after a step; `_REFUSED` where it may not have one."""
    value = step.value
    if step.change in ("scale", "add"):
        by = convert_cell(RawCell(value, step.place), _FACTOR)
        if by.issue is not None:
            patch.issues.append(by.issue)
            return _REFUSED
        if isinstance(old, bool) or not isinstance(old, int | float):
            held = "is blank" if old is None else f"holds {quote(old)}"
            text = f"{step.column} {held} in a row that is to change by a number. Set it instead."
            patch.refuse(step, "E-506", text)
            return _REFUSED
        value = old * by.value if step.change == "scale" else old + by.value
        if column.kind == "whole":
            value = round(value, 9)
    converted = convert_cell(RawCell(value, step.place), column)
    if converted.issue is not None:
        patch.issues.append(converted.issue)
        return _REFUSED
    return converted.value


_FACTOR: Final = Column(name="value", kind="number", help="The number to change by.")


def _add_row(
    patch: _Patch, step: Step, number: int, table: TableData, conditions: tuple[Condition, ...]
) -> None:
    """The row that the conditions describe: ``member=D; force=tank; units=3``."""
    given = {c.column: c.values[0] for c in conditions if c.sign == "=" and len(c.values) == 1}
    if len(given) < len(conditions) or table.spec.vertical:
        text = "a row to add is described by column=value, once for each column."
        patch.refuse(step, "E-507", text)
        return
    row: dict[str, Any] = {}
    for column in table.spec.columns:
        converted = convert_cell(RawCell(_typed(given.get(column.name)), step.place), column)
        if converted.issue is not None:
            patch.issues.append(converted.issue)
            return
        row[column.name] = converted.value
    parts = tuple(row[name] for name in table.spec.key)
    key: Key = parts[0] if len(parts) == 1 else parts
    if key in table:
        left = " (an earlier step drops it: leave that out)" if key in table.dropped else ""
        text = f"{step.table} has a row {key} already{left}. Set its columns."
        patch.refuse(step, "E-508", text)
        return
    patch.touched += [
        Touched(step.table, key, name, None, value, number)
        for name, value in row.items()
        if value is not None
    ]
    patch.data = _with(patch.data, table.add(key, row))


def _typed(text: str | None) -> Any:
    """A number, flag or text, as it would be typed into a cell."""
    if text is None or isinstance(text, Quoted):
        return text
    if text.upper() in ("TRUE", "FALSE"):
        return text.upper() == "TRUE"
    try:
        return float(text)
    except ValueError:
        return text


def _drop_rows(patch: _Patch, number: int, name: str, keys: Collection[Key]) -> None:
    """Drop rows, and those that refer to them where a blank reference would mean something else."""
    table = patch.data.tables[name]
    patch.data = _with(patch.data, table.drop(keys))
    shown = table.spec.key if table.spec.parties else tuple(table.columns)
    for key in table.keys:
        if key in keys:
            patch.touched += [
                Touched(name, key, column, table.columns[column][key], None, number)
                for column in shown
                if table.columns[column][key] is not None
            ]
    if table.spec.parties or len(table.spec.key) > 1:
        return
    for spec in [other.spec for other in patch.data.tables.values() if not other.spec.vertical]:
        for column in spec.columns:
            if column.refers_to == name:
                _let_go(patch, number, spec.name, column, keys)


def _let_go(
    patch: _Patch, number: int, name: str, column: Column, dropped: Collection[Key]
) -> None:
    """Rows of a table that named a dropped row in this column go along, or lose the name."""
    table = patch.data.tables[name]
    rows = [key for key, value in table.columns[column.name].items() if value in dropped]
    along = {key for key in rows if column.takes_along(table.row(key))}
    values = dict(table.columns[column.name])
    for key in rows:
        if key not in along:
            old = values[key]
            patch.touched.append(Touched(name, key, column.name, old, column.default, number))
            values[key] = column.default
    patch.data = _with(patch.data, table.replace({**table.columns, column.name: values}))
    if along:
        _drop_rows(patch, number, name, along)


def _with(data: Data, table: TableData) -> Data:
    return Data({**data.tables, table.spec.name: table}, given=data.given)
