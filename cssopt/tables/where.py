"""Selecting rows by conditions on their columns: ``threat=North; day<=30; year=2028..2030``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final

from cssopt.tables.convert import MAX_TEXT, convert_cell, quote
from cssopt.tables.data import Key, TableData
from cssopt.tables.header import fold_header
from cssopt.tables.nearest import find_whole, nearest_name
from cssopt.tables.notation import (
    LONGEST,
    MOST_VALUES,
    NotationError,
    Quoted,
    find_second_reading,
    is_percentage,
    read_amount,
    read_range,
    split_outside,
    unquote,
    write_quoted,
)
from cssopt.tables.numbers import AmbiguousNumberError
from cssopt.tables.patterns import CellValues, Patterns, is_open, read_pattern
from cssopt.tables.raw import RawCell
from cssopt.tables.spec import Column
from cssopt.tables.tidy import tidy_text

_OPENERS: Final = "=<>,;"
_CONDITION = re.compile(r"([A-Za-z_]\w*(?:[ -]\w+)*)\s*(<=|>=|!=|=|<|>)(.*)", re.DOTALL)
_ORDER: Final[dict[str, Callable[[float, float], bool]]] = {
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
}
_JOINED: Final = re.compile(r"[=<>]|\s(?:and|or|&|\||&&|\|\|)\s", re.IGNORECASE)
"""What people write between conditions or values where only one can stand."""
_MOST_CONDITIONS: Final = 50
_MOST_OPEN: Final = 100
"""Values with wildcards in one list: each is tried on every name."""
_MOST_TOLD: Final = 10
"""Values of one condition that are told one by one; of more only the number is told."""


class WhereError(ValueError):
    """Conditions that cannot be read, or that choose nothing.

    Attributes
    ----------
    faults: a code and a text for each.
    """

    def __init__(self, *faults: tuple[str, str]) -> None:
        self.faults = faults
        super().__init__(" ".join(text for _, text in faults))


@dataclass(frozen=True)
class Condition:
    """One condition: a column, a comparison, and the values, and what is written of them."""

    column: str
    sign: str
    values: tuple[str, ...]
    written: str = field(default="", compare=False)

    def holds(self, value: Any) -> bool:
        """True where a cell's value meets the condition; an empty cell meets only ``!=``."""
        if self.sign in _ORDER:
            bound = self._bound
            is_number = isinstance(value, int | float) and bound is not None
            return is_number and _ORDER[self.sign](float(value), bound or 0.0)
        equal = value is not None and self._patterns.fit(value)
        return equal if self.sign == "=" else not equal

    @cached_property
    def _patterns(self) -> Patterns:
        return Patterns(self.values)

    @cached_property
    def _bound(self) -> float | None:
        return read_pattern(self.values[0]).low

    def write(self) -> str:
        """The condition as it is written, with names in quotes where they were."""
        return f"{self.column}{self.sign}{','.join(map(_write_value, self.values))}"


@dataclass(frozen=True)
class Choice:
    """The rows that conditions choose.

    Attributes
    ----------
    keys: of the rows, in their order.
    conditions: as written, with each name in the letters of the table.
    notes: what was read as another name, in words.
    """

    keys: tuple[Key, ...]
    conditions: tuple[Condition, ...]
    notes: tuple[str, ...]


def read_where(text: str) -> tuple[Condition, ...]:
    """The conditions of a text, joined by ``;``; none for an empty text, which selects all rows.

    Several values stand with commas between them, ``*`` and ``?`` are wildcards, ``a..b`` is a
    range of numbers; in quotes (``member="A; *"``, a quote itself doubled) a value means itself.
    Raises WhereError with everything that is wrong.
    """
    if len(text) > LONGEST:
        raise WhereError(("E-502", f"it has over {LONGEST:,} characters. Shorten it"))
    conditions: list[Condition] = []
    faults: list[tuple[str, str]] = []
    try:
        parts = split_outside(tidy_text(text), ";", _OPENERS)
    except NotationError as error:
        raise WhereError(("E-502", str(error))) from None
    parts = [part for part in parts if part]
    if len(parts) > _MOST_CONDITIONS:
        raise WhereError(("E-502", f"it has over {_MOST_CONDITIONS} conditions. Write fewer"))
    for part in parts:
        try:
            conditions.append(_read_condition(part))
        except NotationError as error:
            faults.append(("E-502", str(error)))
    if faults:
        raise WhereError(*faults)
    return tuple(conditions)


def _read_condition(part: str) -> Condition:
    match = _CONDITION.fullmatch(part)
    if match is None:
        raise NotationError(
            f"{quote(part)} is no condition. Write column=value; column<=number, "
            "and names with signs in double quotes"
        )
    column, sign, written = fold_header(match[1]), match[2], match[3].strip()
    if written[:1] in ("=", "<", ">", "!") and written:
        text = (
            f"{quote(part)} has two signs. Write one of = != <= >= < >, and names that begin "
            "with a sign in quotes"
        )
        raise NotationError(text)
    values: tuple[str, ...]
    if sign in _ORDER:
        # Only one number can stand here, so that a comma in it separates no values.
        values = (written,)
        if written and _read_number(written, part) is None:
            text = f"{quote(part)} compares with {quote(written)}. Write one number after {sign}"
            raise NotationError(text)
    else:
        values = tuple(map(unquote, split_outside(written, ",")))
    if sum(map(is_open, values)) > _MOST_OPEN:
        raise NotationError(f"{quote(part)} has over {_MOST_OPEN} wildcards. Write fewer")
    if not all(values):
        raise NotationError(f"{quote(part)} compares with nothing. Write a value after {sign}")
    if len(values) > MOST_VALUES:
        raise NotationError(f"{quote(part)} lists over {MOST_VALUES:,} values. Write fewer")
    return Condition(column, sign, values, written)


def exactly(column: str, value: str) -> str:
    """The condition that a column holds this very text, whatever signs it has."""
    return f"{column}={write_quoted(value)}"


def write_where(conditions: Iterable[Condition]) -> str:
    """Conditions as they are written, in one form."""
    return "; ".join(condition.write() for condition in conditions)


def _write_value(value: str) -> str:
    return write_quoted(value) if isinstance(value, Quoted) else value


def select_rows(
    columns: Mapping[str, Mapping[Any, Any]], conditions: tuple[Condition, ...]
) -> list[Any]:
    """Keys of the rows that meet every condition, in their order."""
    keys = next(iter(columns.values()), {})
    return [
        key
        for key in keys
        if all(condition.holds(columns[condition.column][key]) for condition in conditions)
    ]


def choose_rows(table: TableData, conditions: Iterable[Condition]) -> Choice:
    """The rows of a table that meet every condition; of parties only those that are still there.

    A name that no row has is read as the only one that differs by no more than case, accents and
    spaces. Raises WhereError with everything that is wrong: a column that the table does not have,
    a text where the column holds numbers, every value that no row has, or none of the rows that
    the other conditions leave, and conditions that choose no row.
    """
    settled: list[Condition] = []
    named: list[Condition] = []
    notes: list[str] = []
    faults: list[tuple[str, str]] = []
    held: dict[str, CellValues] = {}
    for condition in conditions:
        told = len(notes)
        try:
            settled.append(_settle(table, condition, held, notes))
            named.append(settled[-1] if len(notes) > told else condition)
        except WhereError as error:
            faults += error.faults
    if faults:
        raise WhereError(*faults)
    gone = _gone(table)
    keys = [key for key in select_rows(table.columns, tuple(settled)) if key not in gone]
    faults += _find_idle(table, settled, keys)
    if faults:
        raise WhereError(*faults)
    return Choice(tuple(keys), tuple(named), tuple(notes))


def _gone(table: TableData) -> Mapping[Key, Any]:
    """Parties that have left, whose rows are still there."""
    return table.dropped if table.spec.parties else {}


def _settle(
    table: TableData, condition: Condition, known: dict[str, CellValues], notes: list[str]
) -> Condition:
    """The condition with its values as the column holds them; `known` keeps what columns hold."""
    if condition.column not in table.columns:
        near = nearest_name(condition.column, table.columns)
        text = f"where: {table.spec.name} has no column {quote(condition.column)}.{near}"
        raise WhereError(("E-503", text))
    column = table.spec.column(condition.column)
    if column.name not in known:
        gone, cells = _gone(table), table.columns[column.name].items()
        known[column.name] = CellValues(value for key, value in cells if key not in gone)
    held = known[column.name]
    if column.kind in ("number", "whole"):
        _check_comma(column, condition, held)
        values = tuple(_settle_number(column, value) for value in condition.values)
    elif condition.sign in _ORDER:
        text = (
            f"where: {column.name} holds no numbers: {condition.write()} has no meaning. Use = "
            "or !=."
        )
        raise WhereError(("E-502", text))
    elif column.kind == "flag":
        values = tuple(_settle_flag(column, value) for value in condition.values)
    else:
        values = _settle_names(column, condition.values, held, notes)
    condition = replace(condition, values=values)
    if condition.sign not in _ORDER:
        _check_values(table, condition, held)
    return condition


def _check_comma(column: Column, condition: Condition, held: CellValues) -> None:
    """WhereError for a list such as ``0,9`` where a row has 0.9: it can mean that number too."""
    if len(condition.values) < 2:
        return
    other = find_second_reading(condition.written, whole=column.kind == "whole")
    if any(held.has(number) for number in other.split(" or ")):
        text = (
            f"where: {column.name}={condition.written} can mean the number {other}, which a row "
            f"has, or several values. Write {column.name}={other}, or a space behind each comma: "
            f"{', '.join(condition.values)}."
        )
        raise WhereError(("E-518", text))


def _settle_number(column: Column, value: str) -> str:
    """The value in plain digits; WhereError where it is no number."""
    percent = is_percentage(value) and not column.is_share
    try:
        span = None if isinstance(value, Quoted) else read_range(value)
        if span is None and not percent and (number := _read_number(value, value)) is not None:
            return repr(number)
    except NotationError as error:
        raise WhereError(("E-502", f"where: {error}.")) from None
    if percent:
        text = f"where: {column.name} is no share: {quote(value)} has no meaning. Write the number."
        raise WhereError(("E-515", text))
    if span is None:
        text = (
            f"where: {column.name} holds numbers, and {quote(value)} is none. Write a number, "
            "several with commas, or a range such as 1..30."
        )
        raise WhereError(("E-502", text))
    return f"{span[0]!r}..{span[1]!r}"


def _settle_flag(column: Column, value: str) -> str:
    converted = convert_cell(RawCell(str(value), ""), column)
    if converted.issue is not None:
        text = f"where: {column.name} is TRUE or FALSE, and {quote(value)} is neither."
        raise WhereError(("E-502", text))
    return str(converted.value)


def _settle_names(
    column: Column, values: tuple[str, ...], held: CellValues, notes: list[str]
) -> tuple[str, ...]:
    """The names that the values can only mean; WhereError for a list that could be one name."""
    plain = ["" if isinstance(value, Quoted) else value for value in values]
    if whole := find_whole(plain, held.names):
        text = (
            f"where: {quote(whole)} is one name, and a comma separates names. For that name "
            f"write {column.name}={write_quoted(whole)}; for several write each in quotes."
        )
        raise WhereError(("E-518", text))
    return tuple(_settle_name(column, value, held, notes) for value in values)


def _settle_name(column: Column, value: str, held: CellValues, notes: list[str]) -> str:
    """The value, or the only name that it can mean."""
    if held.has(value):
        return value
    meant = held.find_meant(value)
    if meant is None:
        return value
    notes.append(f"{column.name}: {quote(value)} is read as {quote(meant)}")
    return Quoted(meant)


def _check_values(table: TableData, condition: Condition, held: CellValues) -> None:
    """WhereError with every value that no row has."""
    absent = [value for value in condition.values if not held.has(value)]
    if not absent:
        return
    faults = []
    for value in absent[:_MOST_TOLD]:
        text = f"no row of {table.spec.name} has {condition.column}={_show(value)}."
        if not isinstance(value, Quoted) and _JOINED.search(value):
            text += " Between two conditions stands a ;, and between two values a comma."
        faults.append(
            ("E-504", text + (nearest_name(value, held.names) or _list_values(held.values)))
        )
    if len(absent) > _MOST_TOLD:
        text = f"{len(absent) - _MOST_TOLD} more values of {condition.column} stand in no row."
        faults.append(("E-504", text))
    raise WhereError(*faults)


def _list_values(known: Iterable[Any]) -> str:
    """The values that a column has, where they are few."""
    shown = [f"{v:.12g}" if isinstance(v, int | float) else quote(v) for v in known]
    return f" There are {', '.join(shown)}." if 0 < len(shown) <= _MOST_TOLD else ""


def _find_idle(
    table: TableData, conditions: list[Condition], keys: list[Key]
) -> Iterator[tuple[str, str]]:
    """What chose no row: all conditions together, or one value beside the other conditions."""
    if not keys:
        text = f" with {_show_all(conditions)}" if conditions else ""
        yield "E-504", f"{table.spec.name} has no row{text}."
        return
    for condition in conditions:
        if condition.sign != "=" or len(condition.values) < 2:
            continue
        column = table.columns[condition.column]
        chosen = CellValues(column[key] for key in keys)
        others = _show_all(c for c in conditions if c is not condition)
        for value in condition.values:
            if not chosen.has(value):
                text = (
                    f"no row of {table.spec.name} with {others} has {condition.column}="
                    f"{_show(value)}. Leave it out."
                )
                yield "E-504", text


def _show(value: str) -> str:
    """A value as a planner would write it: ``2030`` for 2030.0."""
    if isinstance(value, Quoted):
        return write_quoted(value)
    if len(value) > MAX_TEXT:
        return quote(value)
    ends = value.split("..")
    try:
        return "..".join(f"{float(end):.12g}" for end in ends)
    except ValueError:
        return value


def _show_all(conditions: Iterable[Condition]) -> str:
    return "; ".join(f"{c.column}{c.sign}{','.join(map(_show, c.values))}" for c in conditions)


def _read_number(text: str, shown: str) -> float | None:
    try:
        return read_amount(text)
    except AmbiguousNumberError as error:
        raise NotationError(f"{quote(shown)} can mean {error}. Write the one you mean") from None
