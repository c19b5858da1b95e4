"""Raw cells with their addresses; nothing guessed, nothing lost, nothing hostile opened."""

from __future__ import annotations

import zipfile

import pytest
from openpyxl import Workbook

from cssopt.errors import DataError
from cssopt.workbook import gate
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
    assert cells["data!A1"].trouble == "an error value"
    assert cells["data!A2"].trouble == "a formula without a stored value"
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


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "is not an .xlsx workbook, or is damaged"),
        (b"name;value\nA;1\n", "is not an .xlsx workbook, or is damaged"),
        (b"<html><table></table></html>", "is not an .xlsx workbook, or is damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is an old .xls file or has a password"),
    ],
)
def test_other_files_in_disguise(tmp_path, content, expected):
    path = tmp_path / "book.xlsx"
    path.write_bytes(content)
    assert expected in refuse(path)


def test_truncated_workbook(tmp_path):
    path = save(tmp_path / "a.xlsx", lambda sheet: sheet.append(["x"] * 50))
    path.write_bytes(path.read_bytes()[:-200])
    assert "damaged" in refuse(path)


def test_damaged_parts(tmp_path):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types")
        archive.writestr("xl/workbook.xml", "<workbook")
    assert "E-002" in refuse(path)


def test_macros(tmp_path):
    path = save(tmp_path / "a.xlsx", lambda sheet: sheet.append([1]))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")
    assert "has macros" in refuse(path)


def test_a_bomb_is_refused_by_its_directory(tmp_path):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (20 * 2**20))
    assert "packed" in refuse(path)


def test_a_huge_file_is_refused_unread(tmp_path, monkeypatch):
    monkeypatch.setattr(gate, "MAX_FILE", 10)
    path = save(tmp_path / "a.xlsx", lambda sheet: sheet.append([1]))
    assert refuse(path).startswith("E-003")
