"""The input reference: every sheet and column, from the declarations of the tables."""

from __future__ import annotations

from collections.abc import Mapping

from cssopt.tables.spec import REMARK_COLUMNS, Column, Table, describe_blank
from cssopt.workbook.filling_in import FillingGuide
from cssopt.workbook.styles import SHARE_AS_TYPED, is_share

_REMARKS = " and ".join(f"`{name}`" for name in REMARK_COLUMNS)
_HEAD = f"""# Input reference

Every sheet of an input workbook, from the declarations of the components in `models/components/`.
Columns in **bold** identify a row. An empty cell is an error where the last column says "required".
Every sheet may also have the columns {_REMARKS} for your own remarks.
"""


def describe_tables(tables: Mapping[str, Table], guide: FillingGuide) -> str:
    """The reference as a page of Markdown, its sheets in the order in which they are filled in."""
    numbers = "".join(f"- {line}\n" for line in guide.numbers)
    steps = (
        _describe(tables[name], f"Step {number}, {step.name.lower()}")
        for number, step in enumerate(guide.steps, start=1)
        for name in step.sheets
    )
    return "\n".join([_HEAD, *([numbers] if numbers else ()), *steps])


def _describe(table: Table, step: str) -> str:
    optional = " This sheet may be missing or empty." if table.optional else ""
    first = "setting" if table.vertical else "column"
    lines = [f"## {table.name}", "", f"{step}. {table.help}{optional}", ""]
    if table.vertical:
        lines += ["One row per setting, with the columns **name** and value.", ""]
    lines += [f"| {first} | meaning | value | empty means |", "|---|---|---|---|"]
    lines += [_row(column, column.name in table.key) for column in table.columns]
    return "\n".join(lines) + "\n"


def _row(column: Column, key: bool) -> str:
    name = f"**{column.name}**" if key else column.name
    empty = "required" if column.required else _plain(describe_blank(column))
    return f"| {name} | {_plain(column.help)} | {_plain(_value(column))} | {empty} |"


def _value(column: Column) -> str:
    """Kind, measure, bounds and choices in a few words."""
    if column.refers_to:
        wild = " or `*` for all" if column.wildcard else ""
        return f"a row of {column.refers_to}{wild}"
    if column.choices:
        return ", ".join(column.choices)
    if column.kind == "flag":
        return "TRUE or FALSE"
    if column.kind == "text":
        return "text"
    kind = "whole number" if column.kind == "whole" else "number"
    share = SHARE_AS_TYPED if is_share(column) else ""
    return ", ".join(part for part in (kind, column.measure, _bounds(column), share) if part)


def _bounds(column: Column) -> str:
    low = f"from {column.low:g}" if column.low is not None else ""
    low = f"above {column.above:g}" if column.above is not None else low
    high = f"to {column.high:g}" if column.high is not None else ""
    return f"{low} {high}".strip()


def _plain(text: str) -> str:
    return text.replace("|", "\\|")
