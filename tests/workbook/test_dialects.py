"""Whatever program wrote the table, the same cells are read."""

from __future__ import annotations

import shutil
import subprocess

import dialects
import pytest
from dialects import CELLS, DATED, DIALECTS, FORMULA
from plain_reader import PlainBook

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


# LibreOffice 7.4: no points in targets, no percent signs, no other case, no backslashes, no 64-bit
# directory; true and false are 0; a letter in code stays in code.
OTHERWISE_IN_LIBREOFFICE = {
    "backslashes", "dots_in_targets", "escaped_signs", "flags_as_words",
    "part_names_in_other_case", "percent_signs_in_targets", "zip64_directory",
}  # fmt: skip


@pytest.mark.slow
def test_libreoffice_reads_the_dialects_as_they_are_meant(tmp_path):
    """What is expected of a dialect is what another program makes of it, not our own reading."""
    assert shutil.which("soffice"), "LibreOffice is needed: see .ci/run"
    for name, write in DIALECTS.items():
        (tmp_path / f"{name}.xlsx").write_bytes(write())
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless",
         "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path / "out"),
         *map(str, sorted(tmp_path.glob("*.xlsx")))],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    otherwise = set()
    for name in DIALECTS:
        path = tmp_path / "out" / f"{name}.xlsx"
        if not path.exists() or plain_cells(path.read_bytes()) != EXPECTED:
            otherwise.add(name)
    assert otherwise <= OTHERWISE_IN_LIBREOFFICE


def plain_cells(content):
    kinds = {"text": str, "n": float, "b": lambda text: text == "1"}
    cells = PlainBook(content).sheets["data"].cells
    return {address: kinds[kind](text) for address, (kind, text, _) in cells.items()}
