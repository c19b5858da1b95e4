"""Programs write the same tables into different packages; all of them read alike."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
import xlsxwriter
from openpyxl import Workbook

import cssopt
from cssopt.workbook.read import read_workbook

CASES = Path(__file__).parents[1] / "cases"
ALLIANCE = CASES / "planners" / "00-alliance.xlsx"
WRITERS = sorted((CASES / "writers").glob("*.xlsx"))


@cache
def values() -> dict[str, list[list[object]]]:
    """The rows of the alliance by sheet."""
    sheets = read_workbook(ALLIANCE).sheets
    return {name: [[c.value for c in row] for row in sheet.rows] for name, sheet in sheets.items()}


@cache
def tables_of(path: Path) -> dict[str, dict]:
    """What the model reads of a workbook; DataError where anything is wrong with it."""
    data = cssopt.load(path).data
    return {name: table.columns for name, table in data.tables.items()}


def by_openpyxl(path: Path) -> None:
    book = Workbook()
    book.remove(book.active)
    for name, rows in values().items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)


def by_openpyxl_in_a_stream(path: Path) -> None:
    book = Workbook(write_only=True)
    for name, rows in values().items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)


def by_xlsxwriter(path: Path, **options: object) -> None:
    with xlsxwriter.Workbook(path, options) as book:
        for name, rows in values().items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)


def by_xlsxwriter_in_a_stream(path: Path) -> None:
    by_xlsxwriter(path, constant_memory=True)


@pytest.mark.parametrize(
    "write", [by_openpyxl, by_openpyxl_in_a_stream, by_xlsxwriter, by_xlsxwriter_in_a_stream]
)
def test_libraries_of_python_write_what_is_read(write, tmp_path):
    path = tmp_path / "book.xlsx"
    write(path)
    assert tables_of(path) == tables_of(ALLIANCE)


def test_four_more_programs_have_written_the_tables():
    assert len(WRITERS) == 5


@pytest.mark.parametrize("path", WRITERS, ids=lambda path: path.stem)
def test_other_programs_write_what_is_read(path):
    assert tables_of(path) == tables_of(ALLIANCE)
