"""Raw cells with their addresses; nothing guessed, nothing lost, nothing hostile opened."""

from __future__ import annotations

from datetime import datetime

import pytest
from openpyxl import Workbook

from cssopt.errors import DataError
from cssopt.tables.raw import ERROR_VALUE, NO_VALUE
from cssopt.workbook.gate import file as gate
from cssopt.workbook.read import read_workbook


def save(path, fill):
    book = Workbook()
    sheet = book.active
    sheet.title = "data"
    fill(sheet)
    book.save(path)
    return path


def cells_of(path):
    book = read_workbook(path)
    return {cell.where: cell for row in book.sheets["data"].rows for cell in row}


def test_cells_keep_value_type_and_address(tmp_path):
    def fill(sheet):
        sheet["B3"] = "NA"
        sheet["C3"] = 5
        sheet["D3"] = True
        sheet["B4"] = 0.25

    cells = cells_of(save(tmp_path / "a.xlsx", fill))
    assert cells["data!B3"].value == "NA"
    assert (cells["data!C3"].value, cells["data!D3"].value) == (5, True)
    assert cells["data!B4"].value == 0.25
    assert cells["data!A1"].value is None
    assert all(not cell.trouble for cell in cells.values())


def test_errors_formulas_and_merged_cells_are_trouble(tmp_path):
    def fill(sheet):
        sheet["A1"] = "#DIV/0!"
        sheet["A1"].data_type = "e"
        sheet["A2"] = "=1+1"
        sheet["A3"] = "both"
        sheet.merge_cells("A3:B3")

    cells = cells_of(save(tmp_path / "a.xlsx", fill))
    assert cells["data!A1"].trouble == ERROR_VALUE
    assert cells["data!A2"].trouble == NO_VALUE
    assert not cells["data!A3"].trouble
    assert cells["data!B3"].trouble == "part of merged cells"


def test_the_digest_is_of_the_bytes(tmp_path):
    import hashlib

    path = save(tmp_path / "a.xlsx", lambda sheet: sheet.append([1]))
    assert read_workbook(path).digest == hashlib.sha256(path.read_bytes()).hexdigest()


def refuse(path):
    with pytest.raises(DataError) as caught:
        read_workbook(path)
    (issue,) = caught.value.issues
    return str(issue)


def test_missing_file(tmp_path):
    assert refuse(tmp_path / "none.xlsx").startswith("E-001 none.xlsx cannot be read: No such file")


def test_folder(tmp_path):
    assert refuse(tmp_path).startswith(f"E-001 {tmp_path.name} is a folder")


def test_numbers_shown_as_dates_come_as_numbers(tmp_path):
    """A spreadsheet stores a number and shows a date: 46388 is the first day of 2027."""

    def fill(sheet):
        sheet["A1"] = 5
        sheet["A1"].number_format = "dd/mm/yyyy"
        sheet["A2"] = datetime(2027, 1, 1)

    cells = cells_of(save(tmp_path / "a.xlsx", fill))
    assert (cells["data!A1"].value, cells["data!A1"].date[:4]) == (5.0, "1900")
    assert (cells["data!A2"].value, cells["data!A2"].date) == (46388.0, "2027-01-01")


def test_hidden_sheets_and_rows_are_read_and_known(tmp_path):
    def fill(sheet):
        for value in (1, 2, 3):
            sheet.append([value])
        sheet.row_dimensions[2].hidden = True
        sheet.parent.create_sheet("open")
        sheet.sheet_state = "hidden"

    book = read_workbook(save(tmp_path / "a.xlsx", fill))
    assert book.sheets["data"].hidden
    assert not book.sheets["open"].hidden
    assert book.sheets["data"].hidden_rows == {1}
    assert len(book.sheets["data"].rows) == 3


def test_a_huge_file_is_refused_unread(tmp_path, monkeypatch):
    monkeypatch.setattr(gate, "MAX_FILE", 10)
    path = save(tmp_path / "a.xlsx", lambda sheet: sheet.append([1]))
    assert refuse(path).startswith("E-003")
