"""How a change is written in one line, read and printed: ``members[member=A].gdp*=1.1``.

What is printed can be read again, and means the same step.
"""

from __future__ import annotations

import re
from typing import Any, Final

from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.tables.convert import quote
from cssopt.tables.header import fold_header
from cssopt.tables.notation import LONGEST, NotationError, Quoted, find_sign, unquote, write_quoted
from cssopt.tables.patch import Step
from cssopt.tables.tidy import show_line, tidy_text
from cssopt.tables.where import WhereError, read_where, write_where

_NAME = r"[^\W\d]\w*(?:[ -]\w+)*"
_TABLE = re.compile(rf"([+-]?)\s*({_NAME})\s*")
_CELLS = re.compile(rf"\.\s*({_NAME})\s*(\*=|\+=|=)(.*)", re.DOTALL)
_SIGNS: Final = {"=": "set", "*=": "scale", "+=": "add"}
_OTHER_SIGNS: Final = {
    "-=": "To take away, add a negative number: +=-5",
    "/=": "To divide, scale by a part of 1: *=0.5",
    "!=": "A change sets with =",
}
_PLAIN_VALUE = re.compile(r"[\w.%+-](?:[\w .,%+:/()&-]*[\w.%+)-])?")
_FORM = "Write table[column=value].column=value, or *= to scale, or += to add"
_ROW_FORM = (
    "Write +table[column=value; column=value] to add a row, -table[column=value] to drop rows"
)


def read_set(text: str, option: str = "--set") -> Step:
    """One step of the command line: ``table[column=value].column=value``, ``*=``, ``+=``.

    A value in quotes is a text, whatever signs it has. `option` is where the text stands, for its
    issues.

    Raises DataError where the text is no step.
    """
    return _complete(*split_set(text, option), option, text)


def _complete(step: Step, written: str, option: str, text: str) -> Step:
    try:
        value: Any = unquote(written)
    except NotationError as error:
        raise _refuse(option, text, f"{error}.") from None
    if value == "" and not isinstance(value, Quoted):
        value = None
    return Step(**{**vars(step), "value": value})


def split_set(text: str, option: str = "--set") -> tuple[Step, str]:
    """A step without its value, and the value as it is written; as `read_set` reads them."""
    sign, table, where, rest = _split(text, option)
    match = _CELLS.fullmatch(rest)
    written = match[3].strip() if match is not None else ""
    if sign or match is None or written.startswith("="):
        hint = next((f"{told}." for odd, told in _OTHER_SIGNS.items() if odd in rest), f"{_FORM}.")
        if rest.startswith("]") or "]." in rest:
            hint = "A ] ends the conditions; a name with such a sign stands in double quotes."
        raise _refuse(option, text, hint)
    change: Any = _SIGNS[match[2]]
    column = fold_header(match[1])
    place = show_place(option, text)
    return Step(table=table, where=where, column=column, change=change, place=place), written


def read_change(text: str, option: str = "--set") -> Step:
    """One step of ``--set``: as `read_set`, or rows: ``+table[column=value; ...]`` adds one,
    ``-table[column=value]`` drops those.

    Raises DataError where the text is no step.
    """
    sign, table, where, rest = _split(text, option)
    if not sign:
        return read_set(text, option)
    if rest:
        raise _refuse(option, text, f"{_ROW_FORM}.")
    change: Any = "add" if sign == "+" else "drop"
    return Step(table=table, where=where, change=change, place=show_place(option, text))


def _split(text: str, option: str) -> tuple[str, str, str, str]:
    """Sign, table, conditions, and what follows."""
    if len(text) > LONGEST:
        raise _refuse(option, text, f"It has over {LONGEST:,} characters. Shorten it.")
    text = text.strip()
    match = _TABLE.match(text)
    if match is None:
        raise _refuse(option, text, f"{_FORM}.")
    table, start = fold_header(match[2]), match.end()
    if text[start : start + 1] != "[":
        return match[1], table, "", text[start:]
    try:
        end = find_sign(text, "]", "=<>,;", start + 1)
    except NotationError as error:
        raise _refuse(option, text, f"{error}.") from None
    if end == len(text):
        raise _refuse(option, text, "The bracket [ does not end. Write a ] behind the conditions.")
    return match[1], table, text[start + 1 : end].strip(), text[end + 1 :].strip()


def write_change(step: Step) -> str:
    """A step as ``--set`` takes it: ``members[member=A].gdp*=1.1``."""
    rows = f"{step.table}[{_write_where(step)}]" if step.where.strip() else step.table
    if not step.column:
        return f"{'-' if step.change == 'drop' else '+'}{rows}"
    sign = next(sign for sign, change in _SIGNS.items() if change == step.change)
    return f"{rows}.{step.column}{sign}{write_value(step.value)}"


def write_label(step: Step) -> str:
    """What a step varies, without its value: ``requirements.level*``, ``settings.discount_rate``.

    Its conditions are in one form, so that what is the same is written the same.
    """
    whole = write_change(Step(**{**vars(step), "value": None}))
    return whole.removesuffix("=")


def _write_where(step: Step) -> str:
    try:
        return write_where(read_where(step.where))
    except WhereError:
        return step.where  # what cannot be read is shown as it stands


def write_value(value: Any) -> str:
    """A value as a change takes it: nothing for blank, texts with signs of their own in quotes."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        short = f"{value:.12g}"
        return short if float(short) == value else repr(float(value))
    text = str(value)
    is_word = _PLAIN_VALUE.fullmatch(text) and text.upper() not in ("TRUE", "FALSE")
    return text if is_word and not isinstance(value, Quoted) else write_quoted(text)


def show_place(option: str, text: str) -> str:
    """An option with its text, as the place of an issue: on one line, and not too long."""
    shown = show_line(tidy_text(text[:LONGEST]))
    return f"{option} {shown[:200]}..." if len(shown) > 200 else f"{option} {shown}"


def _refuse(option: str, text: str, hint: str) -> DataError:
    return DataError([Issue("E-511", option, f"{quote(text)} is no change. {hint}")], option)
