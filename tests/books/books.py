"""Small typed tables for tests, written as rows and checked like any workbook."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from cssopt import Case, find_tables
from cssopt.assembly.assemble import Problem
from cssopt.assembly.folders import find_model_folders
from cssopt.assembly.instance import Instance
from cssopt.assembly.study import Study, load_study
from cssopt.solution.plan import Solution
from cssopt.solution.run import run_study
from cssopt.solve.answer import Options
from cssopt.tables.check import check_book
from cssopt.tables.data import Data
from cssopt.tables.raw import RawBook, RawCell, RawSheet
from cssopt.tables.spec import Table

Rows = list[list[Any]]
"""A sheet, the header row first."""

Sheets = Mapping[str, Sequence[Sequence[Any]]]
"""Rows by sheet."""


@cache
def _tables() -> dict[str, Table]:
    """The declared tables, loaded once: most tests solve many small books."""
    return find_tables()


@cache
def read_study(name: str) -> Study:
    """A study of the house, read once."""
    return load_study(name, find_model_folders())


def add_column(rows: Rows, name: str, *values: Any) -> Rows:
    """The sheet with one column more."""
    return [[*rows[0], name], *([*row, x] for row, x in zip(rows[1:], values, strict=True))]


def make_raw(sheets: Sheets) -> RawBook:
    """The sheets as raw cells, addressed by row and column number."""
    return RawBook(
        "test",
        "0" * 64,
        {
            name: RawSheet(
                name,
                tuple(
                    tuple(
                        RawCell(value, f"{name}!R{i}C{j}") for j, value in enumerate(row, start=1)
                    )
                    for i, row in enumerate(rows, start=1)
                ),
            )
            for name, rows in sheets.items()
        },
    )


def write_csv(sheets: Sheets, folder: Path) -> Path:
    """The sheets as a new folder of CSV files."""
    folder.mkdir()
    for name, rows in sheets.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)
    return folder


def make_data(sheets: Sheets) -> Data:
    """The sheets as typed tables; an AssertionError tells every issue."""
    checked = check_book(make_raw(sheets), _tables())
    assert checked.data is not None, [str(issue) for issue in checked.issues]
    return checked.data


def make_case(sheets: Sheets) -> Case:
    """The sheets as a case of the house's models, for the verbs of `cssopt`."""
    return Case("book.xlsx", "0" * 64, make_data(sheets), find_model_folders())


def make_problem(
    sheets: Sheets,
    study: str = "pooled",
    members: Sequence[str] | None = None,
    **given: Any,
) -> Problem:
    """A study assembled on these sheets."""
    data = make_data(sheets)
    chosen = read_study(study)
    return Instance(data, chosen, members or data.members.keys, given).assemble()


def solve_sheets(
    sheets: Sheets,
    study: str = "pooled",
    members: Sequence[str] | None = None,
    **given: Any,
) -> Solution:
    """A study solved on these sheets."""
    data = make_data(sheets)
    chosen = read_study(study)
    return run_study(Instance(data, chosen, members or data.members.keys, given), Options())
