"""Selecting rows by conditions on their columns: ``threat=North; day<=30; year=2028..2030``."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from cssopt.tables.tidy import tidy_text

_CONDITION = re.compile(r"\s*([A-Za-z_]\w*)\s*(<=|>=|!=|=|<|>)\s*(.*?)\s*")
_PIECES = re.compile(r'(?:^|(?<=[=<>,]))\s*"(?:[^"]|"")*"|.')
_QUOTED = re.compile(r'"((?:[^"]|"")*)"')
_RANGE = re.compile(r"(-?[\d.]+)\s*\.\.\s*(-?[\d.]+)")
_ORDER: Final[dict[str, Callable[[float, float], bool]]] = {
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
}


class Quoted(str):
    """A value that was written in quotes: it means itself, without wildcards."""

    __slots__ = ()


class WhereError(ValueError):
    """A condition that cannot be read; its text says how one is written."""


@dataclass(frozen=True)
class Condition:
    """One condition: a column, a comparison, and the values as they are written."""

    column: str
    sign: str
    values: tuple[str, ...]

    def holds(self, value: Any) -> bool:
        """True where a cell's value meets the condition; an empty cell meets only ``!=``."""
        if self.sign in _ORDER:
            bound = _number(self.values[0])
            is_number = isinstance(value, int | float) and bound is not None
            return is_number and _ORDER[self.sign](float(value), bound or 0.0)
        equal = value is not None and any(_matches(value, text) for text in self.values)
        return equal if self.sign == "=" else not equal


def read_where(text: str) -> tuple[Condition, ...]:
    """The conditions of a text, joined by ``;``; none for an empty text, which selects all rows.

    Several values stand with commas between them, ``*`` and ``?`` are wildcards, ``a..b`` is a
    range of numbers; in quotes (``member="A; *"``, a quote itself doubled) a value means itself.
    Raises WhereError with what is wrong.
    """
    conditions = []
    for part in filter(None, _split(tidy_text(text), ";")):
        match = _CONDITION.fullmatch(part)
        if match is None:
            raise WhereError(f'"{part}" is no condition. Write column=value; column<=number')
        column, sign, values = match[1], match[2], tuple(map(_unquote, _split(match[3], ",")))
        if not all(values):
            raise WhereError(f'"{part}" compares with nothing. Write a value after {sign}')
        if sign in _ORDER and (len(values) != 1 or _number(values[0]) is None):
            raise WhereError(f'"{part}" compares with "{match[3]}". Write one number after {sign}')
        conditions.append(Condition(column.lower(), sign, values))
    return tuple(conditions)


def exactly(column: str, value: str) -> str:
    """The condition that a column holds this very text, whatever signs it has."""
    quoted = value.replace('"', '""')
    return f'{column}="{quoted}"'


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


def _split(text: str, separator: str) -> list[str]:
    """The parts between separators, save for those inside quotes."""
    parts = [""]
    for piece in _PIECES.findall(text):
        if piece == separator:
            parts.append("")
        else:
            parts[-1] += piece
    return [part.strip() for part in parts]


def _unquote(text: str) -> str:
    quoted = _QUOTED.fullmatch(text)
    return text if quoted is None else Quoted(quoted[1].replace('""', '"'))


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _matches(value: Any, text: str) -> bool:
    if isinstance(value, bool):
        return text.upper() == str(value).upper()
    if isinstance(value, int | float):
        span = _RANGE.fullmatch(text)
        if span is not None:
            return float(span[1]) <= value <= float(span[2])
        return _number(text) == float(value)
    if isinstance(text, Quoted):
        return str(value) == text
    return fnmatch.fnmatchcase(str(value), text.replace("[", "[[]"))
