"""A reader of changes by hand, from docs/changes.md alone: rows, column, sign, number.

It shares no code with the program, and reads only what that page says in so many words. Where it
is not sure it reads nothing.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase

_CHANGE = re.compile(r"([a-z_]+)(?:\[([^\[\]\"]*)\])?\.([a-z_]+)(\*=|\+=|=)([^=\"]*)")
_PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,2})?")
_CONDITION = re.compile(r"([a-z_]+)(<=|>=|!=|=|<|>)([^=<>!]+)")


def apply_plainly(text, case):
    """The table of a change, and the value of each cell of its column by (column, key), rows that
    are not chosen as they were; None where the text is not plain."""
    match = _CHANGE.fullmatch(text.strip())
    if match is None or match[1] not in case.data.tables:
        return None
    table = case.data.tables[match[1]]
    column, sign, written = match[3], match[4], match[5].strip()
    if column not in table.columns or table.spec.column(column).kind not in ("number", "whole"):
        return None
    number = read_plainly(written)
    keys = choose_plainly(match[2], table)
    if number is None or keys is None:
        return None
    held, new = table.columns[column], {}
    for key, old in held.items():
        new[column, key] = old
        if key in keys:
            if sign != "=" and old is None:
                return None
            new[column, key] = {"=": number, "*=": (old or 0) * number, "+=": (old or 0) + number}[
                sign
            ]
    return match[1], new


def read_plainly(text):
    """A number with a point, or a percentage; None for all else."""
    body = text.removesuffix("%").rstrip()
    if not body.isascii() or not _PLAIN.fullmatch(body):
        return None
    return float(body) / (100 if text.endswith("%") else 1)


def choose_plainly(where, table):
    """Keys of the rows that plain conditions choose; None where one is not plain."""
    keys = set(table.keys)
    for part in filter(None, map(str.strip, (where or "").split(";"))):
        match = _CONDITION.fullmatch(part.replace(" ", ""))
        if match is None or match[1] not in table.columns:
            return None
        column = table.columns[match[1]]
        test = _read_test(match[2], match[3])
        if test is None:
            return None
        keys &= {key for key, value in column.items() if test(value)}
    return keys


def _read_test(sign, written):
    if sign in ("<", "<=", ">", ">="):
        bound = read_plainly(written)
        if bound is None:
            return None
        return {
            "<": lambda v: v is not None and v < bound,
            "<=": lambda v: v is not None and v <= bound,
            ">": lambda v: v is not None and v > bound,
            ">=": lambda v: v is not None and v >= bound,
        }[sign]
    parts = written.split(",")

    def meant(value):
        return value is not None and any(_is_one(value, part) for part in parts)

    return meant if sign == "=" else lambda value: not meant(value)


def _is_one(value, part):
    if isinstance(value, str) and ("*" in part or "?" in part):
        return fnmatchcase(value, part.replace("[", "[[]"))
    if isinstance(value, str):
        return value.casefold() == part.casefold()  # no two names differ by case alone
    low, dots, high = part.partition("..")
    ends = read_plainly(low), read_plainly(high) if dots else read_plainly(low)
    return None not in ends and ends[0] <= value <= ends[1]
