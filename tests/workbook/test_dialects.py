"""Whatever program wrote the table, the same cells are read."""

from __future__ import annotations

import dialects
import pytest
from dialects import CELLS, DATED, DIALECTS, FORMULA

from cssopt.errors import DataError
from cssopt.workbook.read import read_workbook


def read(content, tmp_path):
    path = tmp_path / "book.xlsx"
    path.write_bytes(content)
    return read_workbook(path)


def cells_of(sheet):
    """Cells that are not blank by address; numbers as floats, so that flags are no numbers."""
    return {
        cell.where.rpartition("!")[2]: typed(cell.value)
        for row in sheet.rows
        for cell in row
        if cell.value is not None
    }


def typed(value):
    return value if isinstance(value, str | bool) else float(value)


EXPECTED = {address: typed(value) for address, value in CELLS.items()}


@pytest.mark.parametrize("name", DIALECTS)
def test_every_dialect_is_read_alike(name, tmp_path):
    book = read(DIALECTS[name](), tmp_path)
    assert list(book.sheets) == ["data", "notes"]
    assert [sheet.fault for sheet in book.sheets.values()] == [None, None]
    read_cells = cells_of(book.sheets["data"])
    assert read_cells == EXPECTED
    assert {a: type(v) for a, v in read_cells.items()} == {a: type(v) for a, v in EXPECTED.items()}
    assert cells_of(book.sheets["notes"]) == {"A1": "kept"}
    raw = [cell for sheet in book.sheets.values() for row in sheet.rows for cell in row]
    assert {cell.where for cell in raw if cell.formula} == {f"data!{FORMULA}"}
    assert {cell.where: cell.trouble for cell in raw if cell.trouble} == {}
    assert [cell.where for cell in raw if cell.date] == []
    # The address of a cell is where it stands.
    for sheet in book.sheets.values():
        for number, row in enumerate(sheet.rows, start=1):
            assert all(cell.where.endswith(str(number)) for cell in row)


def test_a_date_as_text_is_told_as_a_date(tmp_path):
    """It is never a number that a planner did not write."""
    book = read(dialects.iso_dates(), tmp_path)
    cell = next(c for row in book.sheets["data"].rows for c in row if c.where == f"data!{DATED}")
    assert cell.date == "2030-01-01"


def test_the_strict_dialect_is_read_alike_or_refused_with_a_way(tmp_path):
    try:
        book = read(dialects.strict(), tmp_path)
    except DataError as error:
        told = [(issue.code, "Save it as 'Excel Workbook (.xlsx)'" in issue.text)
                for issue in error.issues]  # fmt: skip
        book = None
    assert told == [("E-007", True)] if book is None else cells_of(book.sheets["data"]) == EXPECTED
