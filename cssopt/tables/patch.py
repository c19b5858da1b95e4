"""What-ifs: ordered changes that make new tables of old ones, and keep what they changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.names import key_parts
from cssopt.tables.convert import Converted, convert_cell, quote
from cssopt.tables.data import Data, Key, TableData
from cssopt.tables.nearest import find_meant, nearest_name
from cssopt.tables.notation import Quoted, Typed, is_percentage, read_amount
from cssopt.tables.numbers import AmbiguousNumberError
from cssopt.tables.raw import RawCell
from cssopt.tables.spec import Column
from cssopt.tables.tidy import fold_name
from cssopt.tables.where import Condition, WhereError, choose_rows, read_where

Change = Literal["set", "scale", "add", "drop"]
CHANGES: Final = ("set", "scale", "add", "drop")
SCENARIO_SHEET: Final = "scenarios"
"""The table of what-ifs, which no what-if can change."""
_MOST_TOLD: Final = 100
"""Issues after which no further step is tried."""
_LARGEST: Final = 10**300
"""A whole number beyond this is no number that a cell could hold."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One change of the inputs.

    Parameters
    ----------
    table : str
        The sheet.
    where : str, default ""
        Which rows, such as ``member=NOR``; empty for all.
    column : str, default ""
        Which column.
    change : Change, default "set"
        ``set`` to a value, ``scale`` by a factor, ``add`` a number to a column; without a column
        ``add`` adds the row that `where` describes, and ``drop`` drops rows, and with them what
        refers to them. A party (member) that is dropped leaves the coalition, and takes no row
        along.
    value : Any, default None
        A number, flag or text. A number that is written as a text has a point for decimals; a
        `Typed` text is read as a cell of a workbook.
    note : str, default ""
        Why.
    place : str, default "step"
        Where the step stands, for its issues.
    places : Mapping[str, str]
        The same of single parts (``where``, ``value``) that stand in cells of their own.

    Raises
    ------
    TypeError
        For parts that are no texts, and a change that there is not.
    """

    table: str
    where: str = ""
    column: str = ""
    change: Change = "set"
    value: Any = None
    note: str = ""
    place: str = "step"
    places: Mapping[str, str] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        for name in ("table", "where", "column", "note", "place"):
            if not isinstance(getattr(self, name), str):
                kind = type(getattr(self, name)).__name__
                raise TypeError(f"Step: {name} is a text, not a {kind}")
        if not isinstance(self.change, str) or self.change not in CHANGES:
            raise TypeError(f"Step: change is one of {', '.join(CHANGES)}")

    def with_value(self, value: Any) -> Step:
        """The same step with another value: a sweep makes a hundred thousand of them.

        Parameters
        ----------
        value : Any
            In place of its own.

        Returns
        -------
        Step
            The new step.
        """
        made = object.__new__(Step)
        made.__dict__.update(self.__dict__, value=value)
        return made

    def at(self, part: str) -> str:
        """Where a part of the step stands.

        Parameters
        ----------
        part : str
            A field, such as ``value``.

        Returns
        -------
        str
            Its place, such as ``scenarios!E4``.
        """
        return self.places.get(part, self.place)


@dataclass(frozen=True)
class CellChange:
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
class Patch:
    """Tables under change.

    Attributes
    ----------
    data: the tables as they are now. changes: every cell that was changed, in order.
    issues: what is wrong with the steps. notes: what was read as something else.
    """

    data: Data
    changes: list[CellChange] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    notes: list[Issue] = field(default_factory=list)

    def refuse(self, step: Step, code: str, text: str, part: str = "table") -> None:
        """Keep an issue about a part of a step."""
        self.issues.append(Issue(code, step.at(part), text))

    def show_steps(self, steps: Sequence[Step]) -> Data:
        """The tables, with the place of its step as the address of each cell that one changed: for
        checks of the book, whose faults then stand where they were made."""
        places: dict[str, dict[tuple[Key, str], str]] = {}
        for cell in self.changes:
            step, own = steps[cell.step - 1], places.setdefault(cell.table, {})
            place = step.at("value" if step.column else "where")
            own[cell.key, cell.column] = place
            table = self.data.tables[cell.table]
            for column in table.columns:
                if (cell.key, column) not in table.places:  # of a row that was added
                    own.setdefault((cell.key, column), place)
        tables = dict(self.data.tables)
        for name, own in places.items():
            t = tables[name]
            tables[name] = TableData(t.spec, t.columns, {**t.places, **own}, t.dropped)
        return Data(tables, given=self.data.given)


def patch_tables(data: Data, steps: Sequence[Step]) -> tuple[Data, tuple[CellChange, ...]]:
    """New tables with the steps applied in order, and every cell that differs.

    The tables given are never changed. A step that touches nothing is an error, with the nearest
    match, and so is each listed name that chooses nothing, and steps after which no party is left.
    Raises DataError with every issue; whether the new tables make sense together is for the checks
    of the book.
    """
    patch = try_steps(data, steps)
    if patch.issues:
        raise DataError(patch.issues, "scenario")
    return patch.data, tuple(patch.changes)


def try_steps(data: Data, steps: Sequence[Step]) -> Patch:
    """As `patch_tables`, but with what is wrong kept beside what could be done."""
    patch = Patch(data)
    for number, step in enumerate(steps, start=1):
        _apply(patch, step, number)
        if len(patch.issues) > _MOST_TOLD:
            patch.refuse(step, "E-519", f"over {_MOST_TOLD} errors: further steps are not tried.")
            return patch
    for step in steps:
        table = patch.data.tables.get(step.table)
        if table is not None and table.spec.parties and not patch.data.parties:
            patch.refuse(step, "E-514", f"nobody of {step.table} is left to plan for. Keep one.")
            break
    return patch


def _apply(patch: Patch, step: Step, number: int) -> None:
    table = patch.data.tables.get(step.table)
    if table is None or step.table == SCENARIO_SHEET:
        others = [name for name in patch.data.tables if name != SCENARIO_SHEET]
        what = "no table" if table is None else "the sheet of what-ifs, which no what-if changes"
        near = nearest_name(step.table, others) if table is None else ""
        patch.refuse(step, "E-501", f"{quote(step.table)} is {what}.{near}")
        return
    try:
        conditions = read_where(step.where)
        if not _has_its_parts(patch, step, table, conditions):
            return
        if step.change == "add" and not step.column:
            _add_row(patch, step, number, table, conditions)
            return
        choice = choose_rows(table, conditions)
    except WhereError as error:
        for code, text in error.faults:
            shown = text if code != "E-502" or text.startswith("where:") else f"where: {text}."
            patch.refuse(step, code, shown, "where")
        return
    patch.notes += [Issue("N-103", step.at("where"), text) for text in choice.notes]
    if not _has_its_column(patch, step, table):
        return
    if step.change == "drop":
        _drop_rows(patch, number, step.table, set(choice.keys))
    else:
        _change_cells(patch, step, number, table, choice.keys)


def _has_its_parts(
    patch: Patch, step: Step, table: TableData, conditions: Collection[Condition]
) -> bool:
    """True where a step holds nothing that would be ignored."""
    by_row = step.change == "drop" or (step.change == "add" and not step.column)
    if table.spec.vertical and (by_row or conditions):
        text = (
            f"{step.table} has no rows to choose, add or drop. Set, scale or add to its values "
            f"by name: {step.table}.NAME=value."
        )
        patch.refuse(step, "E-516", text, "where")
    elif step.change == "drop" and step.column:
        text = (
            f"drop takes whole rows. Leave out the column {quote(step.column)}, or set it to "
            "nothing to make its cells blank."
        )
        patch.refuse(step, "E-517", text, "column")
    elif by_row and step.value is not None:
        what = "drops rows and needs" if step.change == "drop" else "without a column adds a row of"
        text = f"{step.change} {what} no value, and one is given. Leave it out, or name the column."
        patch.refuse(step, "E-517", text, "value")
    else:
        return True
    return False


def _changeable(table: TableData) -> list[str]:
    return [name for name in table.columns if name not in table.spec.key]


def _has_its_column(patch: Patch, step: Step, table: TableData) -> bool:
    """True where a step names a column that it can change, or needs none."""
    if step.change == "drop":
        return True
    if not step.column:
        text = f"{step.change} needs a column of {step.table}: {', '.join(_changeable(table))}."
        patch.refuse(step, "E-517", text, "column")
    elif step.column in table.spec.key:
        text = f"{step.column} is a key of {step.table}: drop the row and add another."
        patch.refuse(step, "E-505", text, "column")
    elif step.column not in table.columns:
        near = nearest_name(step.column, _changeable(table))
        text = f"{step.table} has no column {quote(step.column)}.{near}"
        patch.refuse(step, "E-503", text, "column")
    else:
        return True
    return False


def _change_cells(
    patch: Patch, step: Step, number: int, table: TableData, keys: Sequence[Key]
) -> None:
    column = table.spec.column(step.column)
    by_number = step.change in ("scale", "add")
    given = _read_value(patch, step, "value", step.value, _FACTOR if by_number else column, column)
    if given is _REFUSED:
        return
    values = dict(table.columns[step.column])
    for key in keys:
        new = _move(patch, step, column, values[key], given) if by_number else given
        if new is _REFUSED:
            return
        if new != values[key]:
            patch.changes.append(CellChange(step.table, key, step.column, values[key], new, number))
            values[key] = new
    patch.data = _with(patch.data, table.replace({**table.columns, step.column: values}))


_REFUSED: Final = object()
_FLAGS: Final = {"TRUE": True, "FALSE": False}
_RISE_OR_FALL: Final = "+-\u2212"
_FACTOR: Final = Column(name="value", kind="number", help="The number to change by.")


def _read_value(
    patch: Patch, step: Step, part: str, value: Any, column: Column, changed: Column
) -> Any:
    """A value that a step gives, as `column` holds it; `_REFUSED` where it can not.

    `changed` is the column of the cells that are changed: what a percentage means depends on it.
    """
    place = step.at(part)
    if isinstance(value, int) and abs(value) > _LARGEST:
        patch.refuse(step, "E-102", f"{column.name} is no number that a cell can hold.", part)
        return _REFUSED
    if column.kind in ("number", "whole") and isinstance(value, str):
        if problem := check_percentage(value, step.change, changed):
            patch.refuse(step, "E-515", problem, part)
            return _REFUSED
        if not isinstance(value, Typed):
            try:
                amount = read_amount(value)
            except AmbiguousNumberError as error:
                text = f"{column.name} = {quote(value)} can mean {error}. Write the one you mean."
                patch.refuse(step, "E-107", text, part)
                return _REFUSED
            value = value if amount is None else amount
    if column.kind == "flag" and isinstance(value, str) and value.upper() in _FLAGS:
        value = _FLAGS[value.upper()]  # a flag as it is printed, with no note on how it was read
    converted = convert_cell(RawCell(value, place), column)
    return _settle(patch, converted, column, place)


def _settle(patch: Patch, converted: Converted, column: Column, place: str) -> Any:
    """The value that was converted; a reference in the letters of the name that it means."""
    if converted.issue is not None:
        patch.issues.append(converted.issue)
        return _REFUSED
    patch.notes += [converted.note] if converted.note is not None else []
    value, target = converted.value, patch.data.tables.get(column.refers_to or "")
    if target is None or not isinstance(value, str) or (column.wildcard and value == "*"):
        return value
    meant = find_meant(value, list(target.columns[target.spec.key[0]].values()))
    if meant is None or meant == value:
        return value
    text = f"{column.name}: {quote(value)} is read as {quote(meant)}"
    patch.notes.append(Issue("N-103", place, text))
    return meant


def check_percentage(value: object, change: str, column: Column) -> str:
    """What is wrong with a percentage for the cells of a column; empty where nothing is."""
    if not is_percentage(value):
        return ""
    if change == "scale" and str(value).strip()[0] in _RISE_OR_FALL:
        # Who writes +25 % means a quarter more, and as a factor it is a quarter of what there is.
        return _tell_rise(str(value))
    if change == "scale" or column.is_share:
        return ""
    if change == "add":
        return (
            f"{column.name} is no share, so that {value} cannot be added to it. To raise it by "
            "ten percent, scale it: *=1.1, or *=110%."
        )
    measure = f" (in {column.measure})" if column.measure else ""
    return f"{column.name} = {value} is a percentage, and no share. Write the number{measure}."


def _tell_rise(value: str) -> str:
    """That a percentage with a sign is no factor, and the one that is meant."""
    shown = value.strip()
    try:
        rise = read_amount(shown)
    except AmbiguousNumberError:
        rise = None
    text = f"a cell is scaled by a factor, and {shown} is a rise or a fall. "
    if rise is None:
        return f"{text}Write the factor: 125 % for a quarter more."
    way = "more" if rise >= 0 else "less"
    return f"{text}Write {100 + 100 * rise:.9g} % for {100 * abs(rise):.9g} % {way}."


def _move(patch: Patch, step: Step, column: Column, old: Any, by: float) -> Any:
    """The value of a cell that is scaled or added to; `_REFUSED` where it may not have one."""
    if isinstance(old, bool) or not isinstance(old, int | float):
        held = "is blank" if old is None else f"holds {quote(old)}"
        text = f"{step.column} {held} in a row that is to change by a number. Set it instead."
        patch.refuse(step, "E-506", text, "column")
        return _REFUSED
    value = old * by if step.change == "scale" else old + by
    if column.kind == "whole":
        value = round(value, 9)
    converted = convert_cell(RawCell(value, step.at("value")), column)
    return _settle(patch, converted, column, step.at("value"))


def _add_row(
    patch: Patch, step: Step, number: int, table: TableData, conditions: tuple[Condition, ...]
) -> None:
    """The row that the conditions describe: ``member=D; force=tank; units=3``."""
    given = _describe_row(patch, step, table, conditions)
    if given is None:
        return
    row: dict[str, Any] = {}
    for column in table.spec.columns:
        row[column.name] = _read_value(patch, step, "where", given.get(column.name), column, column)
    if any(value is _REFUSED for value in row.values()):
        return
    parts = tuple(row[name] for name in table.spec.key)
    key: Key = parts[0] if len(parts) == 1 else parts
    alike = next((own for own in table if _fold_key(own) == _fold_key(key)), None)
    if alike is not None:
        left = " (an earlier step drops it: leave that out)" if alike in table.dropped else ""
        text = f"{step.table} has a row {alike} already{left}. Set its columns."
        patch.refuse(step, "E-508", text, "where")
        return
    patch.changes += [
        CellChange(step.table, key, name, None, value, number)
        for name, value in row.items()
        if value is not None
    ]
    patch.data = _with(patch.data, table.add(key, row))


def _describe_row(
    patch: Patch, step: Step, table: TableData, conditions: tuple[Condition, ...]
) -> dict[str, str] | None:
    """What a row to add holds by column, as written; None where that is not said."""
    given: dict[str, str] = {}
    sound = bool(conditions)
    for condition in conditions:
        name, value = condition.column, condition.values[0]
        if name not in table.columns:
            text = f"where: {step.table} has no column {quote(name)}."
            patch.refuse(step, "E-503", text + nearest_name(name, table.columns), "where")
            return None
        column = table.spec.column(name)
        open_name = not isinstance(value, Quoted) and ("*" in value or "?" in value)
        if open_name and not (column.wildcard and value == "*"):
            text = f"{name}={value} of a row to add is a wildcard. A name with such a sign stands "
            patch.refuse(step, "E-507", f'{text}in quotes: {name}="{value}".', "where")
            return None
        sound = sound and condition.sign == "=" and len(condition.values) == 1 and name not in given
        given[name] = value
    if not sound:
        text = "a row to add is described by column=value, once for each column."
        patch.refuse(step, "E-507", text, "where")
        return None
    return given


def _fold_key(key: Key) -> tuple[Any, ...]:
    parts = key_parts(key)
    return tuple(fold_name(part) if isinstance(part, str) else part for part in parts)


def _drop_rows(patch: Patch, number: int, name: str, keys: Collection[Key]) -> None:
    """Drop rows, and those that refer to them where a blank reference would mean something else."""
    table = patch.data.tables[name]
    patch.data = _with(patch.data, table.drop(keys))
    shown = table.spec.key if table.spec.parties else tuple(table.columns)
    for key in table.keys:
        if key in keys:
            patch.changes += [
                CellChange(name, key, column, table.columns[column][key], None, number)
                for column in shown
                if table.columns[column][key] is not None
            ]
    if table.spec.parties or len(table.spec.key) > 1:
        return
    for spec in [other.spec for other in patch.data.tables.values() if not other.spec.vertical]:
        for column in spec.columns:
            if column.refers_to == name:
                _let_go(patch, number, spec.name, column, keys)


def _let_go(patch: Patch, number: int, name: str, column: Column, dropped: Collection[Key]) -> None:
    """Rows of a table that named a dropped row in this column go along, or lose the name."""
    table = patch.data.tables[name]
    rows = [key for key, value in table.columns[column.name].items() if value in dropped]
    along = {key for key in rows if column.takes_along(table.row(key))}
    values = dict(table.columns[column.name])
    for key in rows:
        if key not in along:
            old = values[key]
            patch.changes.append(CellChange(name, key, column.name, old, column.default, number))
            values[key] = column.default
    patch.data = _with(patch.data, table.replace({**table.columns, column.name: values}))
    if along:
        _drop_rows(patch, number, name, along)


def _with(data: Data, table: TableData) -> Data:
    return Data({**data.tables, table.spec.name: table}, given=data.given)
