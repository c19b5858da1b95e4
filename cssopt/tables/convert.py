"""From a raw cell to a typed value, by the declaration of its column."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Final

from cssopt.issues import Issue
from cssopt.tables.measures import find_other_measure
from cssopt.tables.nearest import nearest_name
from cssopt.tables.numbers import (
    UNKNOWN,
    AmbiguousNumberError,
    NumberStyle,
    as_whole,
    find_meant,
    read_number,
    read_plain,
)
from cssopt.tables.raw import MERGED, NO_NUMBER, UNCALCULATED, RawCell
from cssopt.tables.spec import Column
from cssopt.tables.tidy import fold_name, show_line, tidy_text

MAX_TEXT = 200
_LONGEST = 1_000
"""Characters of a text beyond which nothing is done with it but to refuse it."""

_TRUE: Final = (
    "true yes y t 1 wahr ja j vrai oui verdadero si vero verdadeiro sim waar prawda tak pravda ano "
    "sann sant sand kylla tosi igaz igen evet doğru adevarat da истина да так 是 真 はい "
    "\u03b1\u03bb\u03b7\u03b8\u03b7\u03c2 \u03bd\u03b1\u03b9 on \u2713 \u2714 \u2611 \u2705"
)
_FALSE: Final = (
    "false no n f 0 falsch nein faux non falso nao onwaar nee fałsz nie nepravda ne falsk falskt "
    "usann usand nej nei epatosi ei hamis nem hayir hay\u0131r yanlis yanl\u0131ş fals nu ложь нет "
    "否 假 いいえ \u03c8\u03b5\u03c5\u03b4\u03b7\u03c2 \u03bf\u03c7\u03b9 off \u2717 \u2718 \u2610"
)
_FLAGS: Final = {
    **dict.fromkeys(map(fold_name, _TRUE.split()), True),
    **dict.fromkeys(map(fold_name, _FALSE.split()), False),
}
"""Flags as people type them and as spreadsheets show them, in the languages that these speak."""

_NOTHING: Final = frozenset(
    ("na", "n/a", "n.a.", "nan", "null", "none", "nil", ".", "-", "--", "\u2013", "\u2014")
)
"""What R, pandas and databases write for a cell without a value, and what people type for one."""

_NOISE: Final = 1e-9
"""What arithmetic on a sheet may add to a number: so near a bound or a whole number, it is that."""

_OF_TEXTS: Final = frozenset({"E-102", "E-104", "E-111"})
"""What is wrong with a text that is no number, no flag, or none of the words of its column."""

_MOST_BITS: Final = 1_023
"""Binary digits of the largest whole numbers that are read; more have no place in a float."""

_EARLIEST_DATE = 20_000
"""A stored number shown as a date before October 1954 is a number in a wrong format; a later one
is a date that the spreadsheet made of a text such as 3/4."""


@dataclass(frozen=True)
class Converted:
    """A typed value; `issue` where the cell has none, `note` where something was tidied."""

    value: Any = None
    issue: Issue | None = None
    note: Issue | None = None


def means_nothing(value: object, column: Column) -> bool:
    """True for a word that programs write in place of an empty cell, where one may be empty."""
    return isinstance(value, str) and not column.required and fold_name(value) in _NOTHING


def say_nothing(column: Column) -> str:
    """What to do about such a word."""
    meaning = f" ({column.blank})" if column.blank else ""
    return f"stands for nothing. Leave the cell empty{meaning}."


def say_reserved(text: str, column: Column) -> str:
    """That the model uses a text itself, and what to do; empty where it does not."""
    if not column.reserved:
        return ""
    folded = fold_name(text)
    for word, meaning in column.reserved.items():
        if fold_name(word) == folded:
            return (
                f"is a word of the model: {quote(word)} is {meaning}. Choose another "
                f"{column.name}, here and wherever it is named."
            )
    return ""


def is_blank(cell: RawCell) -> bool:
    """True for an empty cell or one with nothing but spaces, seen or unseen."""
    return not cell.trouble and (
        cell.value is None or (isinstance(cell.value, str) and not tidy_text(cell.value))
    )


def convert_cell(cell: RawCell, column: Column) -> Converted:
    """The typed value of a cell: float, int, str or bool; the column's default where blank.

    The text of a cell with a style (CSV) is a number or a flag only where its column has these.
    """
    if cell.trouble == MERGED:
        text = "is blank: it is covered by merged cells. Unmerge them and fill in each."
        return Converted(issue=Issue("E-208", cell.where, f"{column.name} {text}"))
    if cell.trouble:
        code = "E-102" if cell.trouble.startswith(NO_NUMBER) else "E-106"
        return Converted(issue=Issue(code, cell.where, _say_trouble(cell, column)))
    if is_blank(cell):
        if column.required:
            return Converted(
                issue=Issue("E-101", cell.where, f"{column.name} is blank. {_say_what(column)}")
            )
        return Converted(column.default)
    if column.kind == "any" and isinstance(cell.value, str) and cell.style is not None:
        return _convert_any(cell, column)
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


def _say_trouble(cell: RawCell, column: Column) -> str:
    shown = "" if cell.value is None else f" = {quote(cell.value)}"
    mend = "Mend it,"
    if cell.trouble in UNCALCULATED:
        mend = "Open the workbook in Excel or LibreOffice, let it calculate, and save it;"
    return f"{column.name}{shown} is {cell.trouble}. {mend} or type the value."


def _refuse(code: str, cell: RawCell, column: Column, text: str) -> Converted:
    shown = cell.date or quote(cell.value)
    if code in _OF_TEXTS and means_nothing(cell.value, column):
        text = say_nothing(column)
    return Converted(issue=Issue(code, cell.where, f"{column.name} = {shown} {text}"))


def _note(code: str, cell: RawCell, column: Column, text: str) -> Issue:
    return Issue(code, cell.where, f"{column.name}: {text}")


def quote(value: Any) -> str:
    """A value as it is shown in an issue: on one line and without control characters.

    Whatever a cell may hold is shown whole; of a longer text the start, and how long it is.
    """
    if isinstance(value, int) and value.bit_length() > _MOST_BITS:
        return f"a number of over {int(_MOST_BITS * math.log10(2))} digits"
    if isinstance(value, bool):
        return str(value).upper()  # as spreadsheets show it
    if not isinstance(value, str):
        return f"{value:.12g}" if isinstance(value, float) else str(value)
    is_long = len(value) > MAX_TEXT
    start = value[: 60 if is_long else MAX_TEXT]
    # Spaces that do not break are printed as spaces: many countries write 1 000 with one.
    shown = show_line("".join(" " if unicodedata.category(c) == "Zs" else c for c in start))
    return f'"{shown}..." ({len(value):,} characters)' if is_long else f'"{shown}"'


def _convert_text(cell: RawCell, column: Column) -> Converted:
    value, note = cell.value, None
    if cell.date:
        text = (
            "is a date: spreadsheets make dates of texts such as 3/4. Format the cell as text "
            "and type it anew."
        )
        return _refuse("E-108", cell, column, text)
    if isinstance(value, bool) or not (isinstance(value, str) or _is_finite(value)):
        return _refuse("E-105", cell, column, "is not a text. Type a text.")
    if not isinstance(value, str):
        text = f"{value:.15g}" if isinstance(value, float) else str(value)
        note = _note("N-102", cell, column, f'the number {text} is read as "{text}"')
        value = text
    if len(value) > _LONGEST:
        return _refuse("E-105", cell, column, f"has over {MAX_TEXT} characters. Shorten it.")
    text = tidy_text(value)
    if len(text) > MAX_TEXT:
        return _refuse("E-105", cell, column, f"has over {MAX_TEXT} characters. Shorten it.")
    if text != unicodedata.normalize("NFC", value):
        note = _note("N-101", cell, column, f'stray or doubled spaces in "{text}" are dropped')
    if any(unicodedata.category(c) in ("Cc", "Cs", "Co", "Cn") for c in text):
        return _refuse("E-105", cell, column, "has unprintable characters. Type it anew.")
    if meaning := say_reserved(text, column):
        return _refuse("E-140", cell, column, meaning)
    if column.choices and text not in column.choices:
        like = [choice for choice in column.choices if fold_name(choice) == fold_name(text)]
        if len(like) == 1:
            note = _note("N-103", cell, column, f'"{text}" is read as "{like[0]}"')
            return Converted(like[0], note=note)
        allowed = ", ".join(f'"{choice}"' for choice in column.choices)
        near = nearest_name(text, column.choices)
        return _refuse("E-111", cell, column, f"is not one of {allowed}.{near}")
    return Converted(text, note=note)


def _convert_any(cell: RawCell, column: Column) -> Converted:
    """A text of a CSV file whose column takes anything: a number where it can be nothing else.

    A text that is written as no program writes a number (``007``, ``1e5``, ``1.10``) stays a text,
    with which a column of numbers can still do what is right. What only this file's own
    convention tells (``1.100``, a thousand where decimals have a comma) is a number at once.
    """
    assert cell.style is not None
    text = tidy_text(cell.value)
    try:
        number = read_number(text, cell.style)
    except AmbiguousNumberError as error:
        return _refuse_readings(cell, column, error)
    if text in ("TRUE", "FALSE"):
        return Converted(text == "TRUE")
    if number is None:
        return _convert_text(cell, column)
    value = as_whole(number)
    usual = text.replace(cell.style.decimal or ".", ".") == str(value)
    try:
        alone = read_number(text)
    except AmbiguousNumberError:
        alone = None
    return Converted(value) if usual or alone != number else _convert_text(cell, column)


def _convert_flag(cell: RawCell, column: Column) -> Converted:
    if isinstance(cell.value, bool):
        return Converted(cell.value)
    word = cell.value
    number = read_number(word, cell.style or UNKNOWN) if isinstance(word, str) else word
    if isinstance(number, int | float) and not cell.date:
        word = next((str(flag) for flag in (0, 1) if abs(number - flag) <= _NOISE), word)
    if isinstance(word, str) and (text := fold_name(word)) in _FLAGS:
        flag = _FLAGS[text]
        if cell.style is not None and text == str(flag).lower():
            return Converted(flag)
        note = _note("N-106", cell, column, f"{quote(cell.value)} is read as {str(flag).upper()}")
        return Converted(flag, note=note)
    return _refuse("E-104", cell, column, "is neither TRUE nor FALSE. Choose one of them.")


def _convert_number(cell: RawCell, column: Column) -> Converted:
    value, note = cell.value, None
    if isinstance(value, str):
        try:
            number = read_number(value, cell.style or UNKNOWN)
        except AmbiguousNumberError as error:
            return _refuse_readings(cell, column, error)
        if number is None:
            return _refuse("E-102", cell, column, _say_no_number(value, cell, column))
        if cell.style is None or not _is_usual(value, number, cell.style):
            note = _note("N-104", cell, column, f"the text {quote(value)} is read as {number:.15g}")
        value = number
    if isinstance(value, bool) or not isinstance(value, int | float):
        text = f"is not a number. Type the plain number{_or_blank(column)}."
        return _refuse("E-102", cell, column, text)
    if not _is_finite(value):
        return _refuse("E-102", cell, column, "is not a finite number. Type the number.")
    if cell.date and value >= _EARLIEST_DATE:
        year = f" For the year type {cell.date[:4]}." if column.measure == "year" else ""
        text = (
            "is a date: spreadsheets make dates of texts such as 3/4. Format the cell as a "
            f"number and type it anew.{year}"
        )
        return _refuse("E-108", cell, column, text)
    if cell.date:
        note = _note("N-105", cell, column, f"{value:g} is shown as a date, and read as {value:g}")
    meant = _without_noise(float(value), column)
    if f"{meant:.15g}" != f"{value:.15g}":
        note = _note("N-114", cell, column, f"{value:.15g} is read as {meant:.15g}")
    if column.kind == "whole" and not meant.is_integer():
        return _refuse("E-103", cell, column, "is not a whole number. Round it.")
    if rule := _broken_bound(meant, column):
        return _refuse("E-110", cell, column, f"must be {rule}.{_perhaps_percent(meant, column)}")
    return Converted(int(meant) if column.kind == "whole" else meant, note=note)


def find_number(cell: RawCell) -> float | None:
    """The number that a cell holds, typed or as a text; None where it holds none."""
    value = cell.value
    if cell.trouble or isinstance(value, bool):
        return None
    if isinstance(value, str):
        try:
            return read_number(value, cell.style or UNKNOWN)
        except AmbiguousNumberError:
            return None
    if not _is_finite(value) or (cell.date and value >= _EARLIEST_DATE):
        return None
    return float(value)


def _is_finite(value: object) -> bool:
    """True for a number that a float can hold."""
    if isinstance(value, int):
        return value.bit_length() <= _MOST_BITS
    return isinstance(value, float) and math.isfinite(value)


def _is_usual(text: str, number: float, style: NumberStyle) -> bool:
    """True for a number as programs write it, of whose reading nothing need be told.

    Not so where it has thousands marks, a percent sign or a sign of word processors, nor for
    ``420.000`` read as 420, which is a thousand times as much elsewhere.
    """
    plain = text.strip().replace(style.decimal or ".", ".", 1)
    if read_plain(plain) != number:
        return False
    whole, _, rest = plain.lstrip("+-").partition(".")
    return not (len(rest) == 3 and rest.endswith("0") and 0 < len(whole.lstrip("0")) <= 3)


def _without_noise(value: float, column: Column) -> float:
    """The whole number or the bound that a number differs from by less than arithmetic may add.

    A bound that is excluded is none to be: what lies a little above it stays as it is.
    """
    if column.kind == "whole" or column.measure == "days":
        # Days are compared: who needs 10 days is there by day 9.9999999999 of a sheet.
        whole = float(round(value))
        # Of a large number a billionth is more than noise.
        if abs(value - whole) <= min(_NOISE * max(1.0, abs(whole)), _NOISE * 1_000):
            value = whole
    for bound in (column.low, column.high):
        if bound is not None and abs(value - bound) <= _NOISE * max(1.0, abs(bound)):
            return float(bound)
    return value


def _refuse_readings(cell: RawCell, column: Column, error: AmbiguousNumberError) -> Converted:
    """A number with two readings: both, and how to write each so that it has one."""
    text = f"can mean {' or '.join(error.readings)}."
    if cell.style is None:
        return _refuse("E-107", cell, column, f"{text} Type the one you mean as a number.")
    text += " The other numbers of the file do not tell which mark it has before decimals."
    thousand, fraction = error.readings
    plain = re.sub(r"\.000\b", "", fraction)
    if plain == fraction:
        # With a fourth decimal it is no group of three digits any more.
        plain = re.sub(r"(\d)(?=\D*$)", r"\g<1>0", tidy_text(cell.value))
    return _refuse("E-107", cell, column, f"{text} Write {thousand}, or {plain}.")


def _say_no_number(text: str, cell: RawCell, column: Column) -> str:
    meant = find_meant(text, cell.style or UNKNOWN)
    if meant is None:
        plain = f"Type the plain number{_in_measure(column)}{_or_blank(column)}."
        return f"is text, not a number. {plain}"
    mend = f"Type {meant.number:.15g}, if that is the number{_in_measure(column)}."
    if other := find_other_measure(text, column):
        mend = f"That is {other}: type the number{_in_measure(column)}."
    return f"is text, not a number: {meant.reason}. {mend}"


def _or_blank(column: Column) -> str:
    return f", or leave the cell empty ({column.blank})" if column.blank else ""


def _in_measure(column: Column) -> str:
    return f" (in {column.measure})" if column.measure else ""


def _perhaps_percent(value: float, column: Column) -> str:
    # What is less than a hundredth above 1 is rounded shares that add up to more, no percentage.
    if column.high == 1 and 1.01 <= value <= 100:
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
