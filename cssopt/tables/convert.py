"""From a raw cell to a typed value, by the declaration of its column."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from typing import Any

from cssopt.issues import Issue
from cssopt.tables.nearest import nearest_name
from cssopt.tables.raw import RawCell
from cssopt.tables.spec import Column

MAX_TEXT = 200
_FLAGS = {"true": True, "yes": True, "false": False, "no": False}


@dataclass(frozen=True)
class Converted:
    """A typed value; `issue` where the cell has none, `note` where something was tidied."""

    value: Any = None
    issue: Issue | None = None
    note: Issue | None = None


def is_blank(cell: RawCell) -> bool:
    """True for an empty cell or one with nothing but spaces."""
    return not cell.trouble and (
        cell.value is None or (isinstance(cell.value, str) and not cell.value.strip())
    )


def convert_cell(cell: RawCell, column: Column) -> Converted:
    """The typed value of a cell: float, int, str or bool; the column's default where blank."""
    if cell.trouble:
        return _refuse("E-106", cell, column, f"is {cell.trouble}. Mend it, or type the value.")
    if is_blank(cell):
        if column.required:
            return Converted(
                issue=Issue("E-101", cell.where, f"{column.name} is blank. {_say_what(column)}")
            )
        return Converted(column.default)
    if column.kind == "text":
        return _convert_text(cell, column)
    if column.kind == "flag":
        return _convert_flag(cell, column)
    return _convert_number(cell, column)


def _say_what(column: Column) -> str:
    measure = f" ({column.measure})" if column.measure else ""
    return f"Fill in: {column.help}{measure}"


def _refuse(code: str, cell: RawCell, column: Column, text: str) -> Converted:
    return Converted(issue=Issue(code, cell.where, f"{column.name} = {quote(cell.value)} {text}"))


def quote(value: Any) -> str:
    """A value as it is shown in an issue: on one line, without control characters, not too long."""
    if not isinstance(value, str):
        return f"{value:g}" if isinstance(value, float) else str(value)
    shown = "".join(c if c.isprintable() else "?" for c in value)
    return f'"{shown[:60]}..."' if len(shown) > 60 else f'"{shown}"'


def _convert_text(cell: RawCell, column: Column) -> Converted:
    value, note = cell.value, None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return _refuse("E-105", cell, column, "is not a text. Type a text.")
    if not isinstance(value, str):
        text = f"{value:g}" if isinstance(value, float) else str(value)
        note = Issue("N-102", cell.where, f'{column.name}: the number {text} is read as "{text}"')
        value = text
    text = value.strip()
    if text != value:
        note = Issue("N-101", cell.where, f'{column.name}: spaces around "{text}" are dropped')
    if len(text) > MAX_TEXT:
        return _refuse("E-105", cell, column, f"has over {MAX_TEXT} characters. Shorten it.")
    if any(unicodedata.category(c) in ("Cc", "Cs", "Co", "Cn") for c in text):
        return _refuse("E-105", cell, column, "has unprintable characters. Type it anew.")
    if column.choices and text not in column.choices:
        allowed = ", ".join(f'"{choice}"' for choice in column.choices)
        near = nearest_name(text, column.choices)
        return _refuse("E-111", cell, column, f"is not one of {allowed}.{near}")
    return Converted(text, note=note)


def _convert_flag(cell: RawCell, column: Column) -> Converted:
    if isinstance(cell.value, bool):
        return Converted(cell.value)
    if isinstance(cell.value, str) and cell.value.strip().lower() in _FLAGS:
        return Converted(_FLAGS[cell.value.strip().lower()])
    return _refuse("E-104", cell, column, "is neither TRUE nor FALSE. Choose one of them.")


def _convert_number(cell: RawCell, column: Column) -> Converted:
    value = cell.value
    if isinstance(value, bool) or not isinstance(value, int | float):
        kind = "text" if isinstance(value, str) else type(value).__name__
        text = f"is {kind}, not a number. Type the plain number"
        empty = f", or leave the cell empty ({column.blank})" if column.blank else ""
        return _refuse("E-102", cell, column, f"{text}{empty}.")
    if not math.isfinite(value):
        return _refuse("E-102", cell, column, "is not a finite number. Type the number.")
    if column.kind == "whole" and value != math.floor(value):
        return _refuse("E-103", cell, column, "is not a whole number. Round it.")
    if rule := _broken_bound(float(value), column):
        return _refuse("E-110", cell, column, f"must be {rule}. Correct it.")
    return Converted(int(value) if column.kind == "whole" else float(value))


def _broken_bound(value: float, column: Column) -> str:
    """The bounds in words where the value breaks them; empty where it keeps them."""
    low = column.low is None or value >= column.low
    above = column.above is None or value > column.above
    high = column.high is None or value <= column.high
    if low and above and high:
        return ""
    rules = []
    if column.low is not None:
        rules.append(f"at least {column.low:g}")
    if column.above is not None:
        rules.append(f"more than {column.above:g}")
    if column.high is not None:
        rules.append(f"at most {column.high:g}")
    return " and ".join(rules)
