"""From a raw cell to a typed value, by the declaration of its column."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from typing import Any

from cssopt.issues import Issue
from cssopt.tables.nearest import nearest_name
from cssopt.tables.numbers import AmbiguousNumberError, read_number
from cssopt.tables.raw import MERGED, RawCell
from cssopt.tables.spec import Column
from cssopt.tables.tidy import fold_name, tidy_text

MAX_TEXT = 200
_FLAGS = {
    **dict.fromkeys(("true", "yes", "y", "wahr", "ja", "vrai", "oui"), True),
    **dict.fromkeys(("false", "no", "n", "falsch", "nein", "faux", "non"), False),
}
_EARLIEST_DATE = 20_000
"""A stored number shown as a date before October 1954 is a number in a wrong format; a later one
is a date that the spreadsheet made of a text such as 3/4."""


@dataclass(frozen=True)
class Converted:
    """A typed value; `issue` where the cell has none, `note` where something was tidied."""

    value: Any = None
    issue: Issue | None = None
    note: Issue | None = None


def is_blank(cell: RawCell) -> bool:
    """True for an empty cell or one with nothing but spaces, seen or unseen."""
    return not cell.trouble and (
        cell.value is None or (isinstance(cell.value, str) and not tidy_text(cell.value))
    )


def convert_cell(cell: RawCell, column: Column) -> Converted:
    """The typed value of a cell: float, int, str or bool; the column's default where blank."""
    if cell.trouble == MERGED:
        text = "is blank: it is covered by merged cells. Unmerge them and fill in each."
        return Converted(issue=Issue("E-208", cell.where, f"{column.name} {text}"))
    if cell.trouble:
        return _refuse("E-106", cell, column, f"is {cell.trouble}. Mend it, or type the value.")
    if is_blank(cell):
        if column.required:
            return Converted(
                issue=Issue("E-101", cell.where, f"{column.name} is blank. {_say_what(column)}")
            )
        return Converted(column.default)
    if column.kind == "text" or (column.kind == "any" and isinstance(cell.value, str)):
        return _convert_text(cell, column)
    if column.kind == "any" and isinstance(cell.value, bool | int | float) and not cell.date:
        return Converted(cell.value)
    if column.kind == "flag":
        return _convert_flag(cell, column)
    return _convert_number(cell, column)


def _say_what(column: Column) -> str:
    measure = f" ({column.measure})" if column.measure else ""
    return f"Fill in: {column.help}{measure}"


def _refuse(code: str, cell: RawCell, column: Column, text: str) -> Converted:
    shown = cell.date or quote(cell.value)
    return Converted(issue=Issue(code, cell.where, f"{column.name} = {shown} {text}"))


def _note(code: str, cell: RawCell, column: Column, text: str) -> Issue:
    return Issue(code, cell.where, f"{column.name}: {text}")


def quote(value: Any) -> str:
    """A value as it is shown in an issue: on one line, without control characters, not too long."""
    if not isinstance(value, str):
        return f"{value:.12g}" if isinstance(value, float) else str(value)
    shown = "".join(c if c.isprintable() else "?" for c in value)
    return f'"{shown[:60]}..."' if len(shown) > 60 else f'"{shown}"'


def _convert_text(cell: RawCell, column: Column) -> Converted:
    value, note = cell.value, None
    if cell.date:
        text = "is a date: spreadsheets make dates of texts such as 3/4. Format the cell as text "
        return _refuse("E-108", cell, column, f"{text}and type it anew.")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return _refuse("E-105", cell, column, "is not a text. Type a text.")
    if not isinstance(value, str):
        text = f"{value:.15g}" if isinstance(value, float) else str(value)
        note = _note("N-102", cell, column, f'the number {text} is read as "{text}"')
        value = text
    text = tidy_text(value)
    if len(text) > MAX_TEXT:
        return _refuse("E-105", cell, column, f"has over {MAX_TEXT} characters. Shorten it.")
    if text != unicodedata.normalize("NFC", value):
        note = _note("N-101", cell, column, f'stray or doubled spaces in "{text}" are dropped')
    if any(unicodedata.category(c) in ("Cc", "Cs", "Co", "Cn") for c in text):
        return _refuse("E-105", cell, column, "has unprintable characters. Type it anew.")
    if column.choices and text not in column.choices:
        like = [choice for choice in column.choices if fold_name(choice) == fold_name(text)]
        if len(like) == 1:
            note = _note("N-103", cell, column, f'"{text}" is read as "{like[0]}"')
            return Converted(like[0], note=note)
        allowed = ", ".join(f'"{choice}"' for choice in column.choices)
        near = nearest_name(text, column.choices)
        return _refuse("E-111", cell, column, f"is not one of {allowed}.{near}")
    return Converted(text, note=note)


def _convert_flag(cell: RawCell, column: Column) -> Converted:
    if isinstance(cell.value, bool):
        return Converted(cell.value)
    if isinstance(cell.value, str) and fold_name(cell.value) in _FLAGS:
        flag = _FLAGS[fold_name(cell.value)]
        note = _note("N-106", cell, column, f"{quote(cell.value)} is read as {str(flag).upper()}")
        return Converted(flag, note=note)
    return _refuse("E-104", cell, column, "is neither TRUE nor FALSE. Choose one of them.")


def _convert_number(cell: RawCell, column: Column) -> Converted:
    value, note = cell.value, None
    empty = f", or leave the cell empty ({column.blank})" if column.blank else ""
    if isinstance(value, str):
        try:
            number = read_number(value)
        except AmbiguousNumberError as error:
            text = f"can mean {' or '.join(error.readings)}. Type the one you mean as a number."
            return _refuse("E-107", cell, column, text)
        if number is None:
            text = f"is text, not a number. Type the plain number{_in_measure(column)}{empty}."
            return _refuse("E-102", cell, column, text)
        note = _note("N-104", cell, column, f"the text {quote(value)} is read as {number:.15g}")
        value = number
    if isinstance(value, bool) or not isinstance(value, int | float):
        text = f"is {type(value).__name__}, not a number. Type the plain number{empty}."
        return _refuse("E-102", cell, column, text)
    if not math.isfinite(value):
        return _refuse("E-102", cell, column, "is not a finite number. Type the number.")
    if cell.date and value >= _EARLIEST_DATE:
        year = f" For the year type {cell.date[:4]}." if column.measure == "year" else ""
        text = "is a date: spreadsheets make dates of texts such as 3/4. Format the cell as a "
        return _refuse("E-108", cell, column, f"{text}number and type it anew.{year}")
    if cell.date:
        note = _note("N-105", cell, column, f"{value:g} is shown as a date, and read as {value:g}")
    if column.kind == "whole" and value != math.floor(value):
        return _refuse("E-103", cell, column, "is not a whole number. Round it.")
    if rule := _broken_bound(float(value), column):
        return _refuse("E-110", cell, column, f"must be {rule}.{_perhaps_percent(value, column)}")
    return Converted(int(value) if column.kind == "whole" else float(value), note=note)


def _in_measure(column: Column) -> str:
    return f" (in {column.measure})" if column.measure else ""


def _perhaps_percent(value: float, column: Column) -> str:
    if column.high == 1 and 1 < value <= 100:
        return f" Did you mean {value / 100:g} ({value:g} %)?"
    return " Correct it."


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
