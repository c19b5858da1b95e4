"""Points of a sweep from a CSV file: a column for each quantity, a row for each run."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.runs.outcome import Run
from cssopt.runs.vary import (
    Value,
    Variation,
    check_labels,
    check_number,
    check_values,
    find_extremes,
    make_runs,
)
from cssopt.runs.vary_texts import (
    check_scenarios,
    find_column,
    find_scenario,
    name_rows,
    read_label,
    read_value,
)
from cssopt.tables.convert import convert_cell
from cssopt.tables.data import Data
from cssopt.tables.raw import RawCell
from cssopt.tables.scenarios import Scenarios
from cssopt.tables.spec import Column, Kind
from cssopt.workbook.csv_file import read_values


def read_points(path: Path, data: Data, scenarios: Scenarios | None = None) -> tuple[Run, ...]:
    """The runs of a CSV file, named by their order.

    The first row says what is varied, a change in each cell, without its value:
    ``requirements[threat=North].level*``; ``*`` scales, ``+`` adds, none sets. A column
    ``scenario`` names `scenarios`, or ``base``. Each further row is a run; empty rows are passed
    over.

    Raises DataError with everything that is wrong, each with its cell.
    """

    def judge(number: int) -> None:
        if issues := check_number(number, path.name):
            raise DataError(issues, path.name)

    head, *rows = read_values(path, judge)
    rows = [row for row in rows if any(cell.value is not None for cell in row)]
    issues: list[Issue] = []
    variations: list[Variation] = []
    columns: list[list[Value]] = []
    for index, cell in enumerate(head):
        try:
            variation = _read_head(cell, scenarios or {}, alone=index == 1)
            values = _read_column(variation, [row[index] for row in rows], data)
        except DataError as error:
            issues += error.issues
        else:
            variations.append(name_rows(variation, data))
            columns.append(values)
    issues += check_labels(variations, data)
    if issues:
        raise DataError(issues, path.name)
    return make_runs(variations, zip(*columns, strict=True))


def _read_head(cell: RawCell, scenarios: Scenarios, *, alone: bool) -> Variation:
    """What a column varies; `alone` where there could be one column, cut by decimal commas."""
    if cell.value is None:
        text = "says nothing. Write what the column varies, such as requirements.level*."
        if alone:
            text += " Where 0,9 below is one number, write 0.9: here a comma ends a cell."
        raise DataError([Issue("E-523", cell.where, text)])
    return read_label(str(cell.value), cell.where, scenarios)


def _read_column(variation: Variation, cells: Sequence[RawCell], data: Data) -> list[Value]:
    """The values of a column; DataError with every cell that has none, or a wrong one."""
    text = f"is blank. Write a value of {variation.label}; the base has none of its own."
    issues = [Issue("E-523", cell.where, text) for cell in cells if cell.value is None]
    if issues:
        raise DataError(issues)
    column = find_column(variation, data)
    values: list[Value] = []
    for cell in cells:
        try:
            values.append(_read_cell(cell, variation, column))
        except DataError as error:
            issues += error.issues
    if issues:
        raise DataError(issues)
    first = {value: cell.where for value, cell in reversed(list(zip(values, cells, strict=True)))}
    found: dict[str, Issue] = {}
    for value in find_extremes(values):
        place = first[value]
        unknown = check_scenarios(variation, place, [value])
        change = variation.change
        tried = replace(variation, change=change and replace(change, place=place))
        for issue in unknown or check_values(tried, [value], data):
            found.setdefault(issue.text, issue)
    if found:
        raise DataError(list(found.values()))
    return values


def _read_cell(cell: RawCell, variation: Variation, column: Column | None) -> Value:
    """The value of a cell, as its column has it: names as they stand, numbers as in the file."""
    value = cell.value
    kind = _find_kind(variation, column)
    if kind == "number" and (number := _read_plain(cell)) is not None:
        return number
    # What a percentage means depends on the change, which is known to those who make it.
    if not isinstance(value, str) or "%" not in value:
        typed = convert_cell(cell, Column(name=variation.label, kind=kind, help="A value."))
        if typed.issue is not None:
            raise DataError([typed.issue])
        value = typed.value
    read = read_value(value, cell.where, column, variation.change)
    return find_scenario(str(read), variation) if variation.change is None else read


_PLAIN = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")


def _read_plain(cell: RawCell) -> float | None:
    """The number of a cell as programs write it; None where more is to be looked at.

    Of a hundred thousand points nearly all are such, and are read in a tenth of the time.
    """
    text, mark = cell.value, cell.style.decimal if cell.style else ""
    if not isinstance(text, str) or ("." in text and mark != "."):
        return None
    plain = text.replace(",", ".", 1) if mark == "," else text
    return float(plain) if _PLAIN.fullmatch(plain) else None


def _find_kind(variation: Variation, column: Column | None) -> Kind:
    if column is None:
        return "text" if variation.change is None else "any"
    # Whether a number is a whole one is known when it has changed the cell.
    return "number" if column.kind == "whole" else column.kind
