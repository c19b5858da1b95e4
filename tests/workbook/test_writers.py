"""Nine programs write the same tables, and all are read alike (tests/cases/writers/README.md)."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys

import pytest
from paths import TESTS

import cssopt
from cssopt.tables.raw import MERGED
from cssopt.workbook.read import read_workbook

CASES = TESTS / "cases" / "writers"
TABLES = {s["name"]: s for s in json.loads((CASES / "tables.json").read_text("utf-8"))["sheets"]}
UNREAD = ("signs", "formats", "merged", "totals", "formulas")

HERE = ("openpyxl", "xlsxwriter")
"""These write anew in every run."""
WRITERS = (*HERE, *sorted(path.parent.name for path in CASES.glob("*/book.xlsx")))
FIFTEEN_DIGITS = ("libreoffice", "openxlsx", "excel_writer")
CODED_SIGNS = ("openpyxl", "sheetjs", "exceljs", "openxlsx", "excelize")
"""These write what looks like the code of a sign as it is, so that it is one."""
TOTALS = ("openpyxl", "xlsxwriter", "libreoffice", "exceljs", "excel_writer")
CALCULATED = ("libreoffice", "gnumeric", "sheetjs", "exceljs")


def write_anew(writer, folder):
    path = folder / f"{writer}.xlsx"
    script = CASES / "scripts" / f"write_with_{writer}.py"
    subprocess.run([sys.executable, script, CASES / "tables.json", path], check=True, timeout=60)
    return path


@pytest.fixture(scope="module")
def paths(tmp_path_factory):
    folder = tmp_path_factory.mktemp("writers")
    return {
        writer: write_anew(writer, folder) if writer in HERE else CASES / writer / "book.xlsx"
        for writer in WRITERS
    }


@pytest.fixture(scope="module")
def books(paths):
    return {}


def read(writer, paths, books):
    if writer not in books:
        books[writer] = read_workbook(paths[writer])
    return books[writer]


def rows_of(sheet):
    """Values row by row, without blanks at the ends of rows and of the sheet."""
    rows = [[cell.value for cell in row] for row in sheet.rows]
    return trimmed([trimmed(row) for row in rows])


def trimmed(values):
    while values and values[-1] in (None, "", []):
        values = values[:-1]
    return values


def same(read_value, written, digits):
    """The value itself, and of its kind: a flag is no number, a text of digits is a text."""
    if isinstance(written, str | bool) or written is None:
        return read_value == written and type(read_value) is type(written)
    if isinstance(read_value, str | bool) or read_value is None:
        return False
    return read_value == (pytest.approx(written, rel=10**-digits) if digits < 17 else written)


def find_differences(writer, book, names):
    digits = 14 if writer in FIFTEEN_DIGITS else 17
    found = []
    for name in names:
        wanted = trimmed([trimmed(row) for row in TABLES[name]["rows"]])
        rows = rows_of(book.sheets[name])
        if [len(row) for row in rows] != [len(row) for row in wanted]:
            found.append(f"{name}: {len(rows)} rows")
            continue
        for number, (row, written) in enumerate(zip(rows, wanted, strict=True), start=1):
            for value, told in zip(row, written, strict=True):
                if not same(value, told, digits):
                    found.append(f"{name}, row {number}: {value!r} for {told!r}")
    return found


@pytest.mark.parametrize("writer", WRITERS)
def test_the_tables_are_read_alike(writer, paths, books):
    book = read(writer, paths, books)
    assert list(book.sheets) == list(TABLES)
    names = [name for name in TABLES if name not in UNREAD]
    assert find_differences(writer, book, names) == []


@pytest.mark.parametrize("writer", WRITERS)
def test_texts_and_numbers_of_every_kind_are_read_alike(writer, paths, books):
    differences = find_differences(writer, read(writer, paths, books), ["signs"])
    coded = ["signs, row 13: 'North\\r' for 'North_x000D_'"]
    assert differences == (coded if writer in CODED_SIGNS else [])


@pytest.mark.medium
@pytest.mark.parametrize("writer", WRITERS)
def test_a_number_is_what_is_stored_whatever_its_format(writer, paths, books):
    book = read(writer, paths, books)
    assert find_differences(writer, book, ["formats"]) == []
    dated = [cell.where for row in book.sheets["formats"].rows for cell in row if cell.date]
    # Of the formats only "d" and "yyyy" show a date.
    assert dated == ["formats!B4", "formats!B5"]


@pytest.mark.parametrize("writer", WRITERS)
def test_merged_and_hidden_cells_are_told(writer, paths, books):
    sheet = read(writer, paths, books).sheets["merged"]
    assert sheet.merged == ("A1:C1",)
    assert sheet.hidden_columns == {2}
    troubles = {cell.where: cell.trouble for row in sheet.rows for cell in row if cell.trouble}
    assert troubles == {"merged!B1": MERGED, "merged!C1": MERGED}
    assert [[cell.value for cell in row[:3]] for row in sheet.rows[:4]] == TABLES["merged"]["rows"]


@pytest.mark.medium
@pytest.mark.parametrize("writer", WRITERS)
def test_a_row_of_totals_is_told_where_the_program_tells_it(writer, paths, books):
    sheet = read(writer, paths, books).sheets["totals"]
    assert sheet.totals_rows == (frozenset({4}) if writer in TOTALS else frozenset())
    assert [row[0].value for row in sheet.rows] == ["force", "BDE", "ADB", "FRG", "Total"]
    assert [row[1].value for row in sheet.rows[:4]] == ["units", 3, 2, 7]
    total = sheet.rows[4][1]
    # Either the sum, or a formula whose value nobody calculated.
    assert total.value == 12 if not total.trouble else total.formula


@pytest.mark.parametrize("writer", WRITERS)
def test_a_formula_has_its_value_or_is_told_to_have_none(writer, paths, books):
    cells = [row[1] for row in read(writer, paths, books).sheets["formulas"].rows[1:5]]
    assert all(cell.formula for cell in cells)
    if writer in CALCULATED:
        assert [cell.trouble for cell in cells] == [""] * 4
        assert [cell.value or None for cell in cells] == [3, "ab", None, True]
    else:
        assert [bool(cell.trouble) for cell in cells] == [True] * 4


# --- checked


@pytest.fixture(scope="module")
def expected(tmp_path_factory):
    """The same tables as a folder of CSV files, checked."""
    folder = tmp_path_factory.mktemp("tables")
    for name, table in TABLES.items():
        if name not in UNREAD:
            with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                rows = [["" if v is None else spelled(v) for v in row] for row in table["rows"]]
                csv.writer(file).writerows(rows)
    return tables_of(cssopt.check(folder))


def spelled(value):
    return str(value).upper() if isinstance(value, bool) else str(value)


def tables_of(checked):
    assert checked.data is not None, [str(issue) for issue in checked.issues]
    return {
        name: {column: dict(values) for column, values in table.columns.items()}
        for name, table in checked.data.tables.items()
    }


@pytest.mark.medium
@pytest.mark.parametrize("writer", WRITERS)
def test_the_checked_tables_are_those_of_the_csv_folder(writer, paths, expected):
    assert expected["members"]["gdp"] == {"NOR": 420000, "SOU": 180000, "EST": 60000}
    assert tables_of(cssopt.check(paths[writer])) == expected


@pytest.mark.slow
def test_libreoffice_writes_them_anew(tmp_path):
    assert shutil.which("soffice"), "LibreOffice is needed: see .ci/run"
    path = write_anew("xlsxwriter", tmp_path)
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless",
         "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", tmp_path / "out", path],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    book = read_workbook(tmp_path / "out" / path.name)
    names = [name for name in TABLES if name not in ("totals", "formulas")]
    assert find_differences("libreoffice", book, names) == []
