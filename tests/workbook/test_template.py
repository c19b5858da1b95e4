"""The template: hard to fill in wrongly, and read as it is filled in."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from openpyxl import load_workbook

import cssopt
from cssopt.api import find_tables, write_reference, write_template
from cssopt.build.folders import find_model_folders
from cssopt.errors import ReportError
from cssopt.workbook.example import read_example

ROOT = Path(__file__).parents[2]
HEADER = 5


def fill_in(path, rows):
    """Type rows into a template as a planner does: under the headers, and beside the settings."""
    book = load_workbook(path)
    for name, records in rows.items():
        sheet = book[name]
        places = {cell.value: cell.column for cell in sheet[HEADER]}
        if name == "settings":
            lines = {sheet.cell(r, 1).value: r for r in range(HEADER + 1, sheet.max_row + 1)}
            for record in records:
                sheet.cell(lines[record["name"]], places["value"]).value = record["value"]
            continue
        for line, record in enumerate(records, start=HEADER + 1):
            for column, value in record.items():
                sheet.cell(line, places[column]).value = value
    book.save(path)


def example_rows():
    return read_example(find_model_folders()[-1] / "example", find_tables())


def records(case):
    return {name: table.records() for name, table in case.data.tables.items()}


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    return write_template(tmp_path_factory.mktemp("t") / "example.xlsx", example=True)


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    path = write_template(tmp_path_factory.mktemp("t") / "template.xlsx")
    fill_in(path, example_rows())
    return path


def test_an_empty_template_asks_for_what_is_required(tmp_path):
    checked = cssopt.check(write_template(tmp_path / "empty.xlsx"))
    assert {str(issue)[:16] for issue in checked.issues} == {
        f"E-101 settings!B{row}"[:16] for row in (6, 8, 9, 10, 11, 12)
    }


def test_examples_in_grey_are_not_read(tmp_path):
    path = write_template(tmp_path / "empty.xlsx")
    sheet = load_workbook(path)["forces"]
    assert sheet["A4"].value == "BDE"
    assert sheet["A4"].font.color.rgb == "FF9AA5B1"
    fill_in(path, {"settings": example_rows()["settings"]})
    issues = [str(issue) for issue in cssopt.check(path).issues]
    assert issues == ["E-306 members member: there is no member. Fill in one row or more."]


@pytest.mark.slow
def test_a_template_filled_in_solves_as_the_example_does(filled, example):
    case = cssopt.load(filled)
    assert records(case) == records(cssopt.load(example))
    solution = cssopt.solve(case)
    assert solution.status is cssopt.Status.OPTIMAL
    assert solution.audit.passed


@pytest.mark.slow
def test_libreoffice_opens_and_saves_it_unchanged(filled, tmp_path):
    assert shutil.which("soffice"), "LibreOffice is needed: see .ci/run"
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless",
               "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path),
               str(filled)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    again = cssopt.load(tmp_path / filled.name)
    assert records(again) == records(cssopt.load(filled))


def test_every_column_has_its_header_measure_help_and_choices(tmp_path):
    book = load_workbook(write_template(tmp_path / "t.xlsx"))
    assert book.sheetnames[0] == "about"
    for table in find_tables().values():
        sheet = book[table.name]
        assert sheet.freeze_panes is not None
        if table.vertical:
            continue
        chosen = {
            str(rule.sqref).split(":")[0].rstrip("0123456789"): rule
            for rule in sheet.data_validations.dataValidation
        }
        for place, column in enumerate(table.columns, start=1):
            head = sheet.cell(HEADER, place)
            assert head.value == column.name
            assert column.help in head.comment.text
            assert (sheet.cell(HEADER - 2, place).value or "") == column.measure
            if column.refers_to or column.choices or column.kind == "flag":
                assert head.column_letter in chosen, f"{table.name}.{column.name} has no list"


def test_a_template_of_a_study_has_its_sheets_only(tmp_path):
    book = load_workbook(write_template(tmp_path / "t.xlsx", study="no_institutions"))
    assert "activities" not in book.sheetnames
    assert {"members", "forces", "threats"} <= set(book.sheetnames)


def test_nothing_is_replaced(tmp_path):
    path = write_template(tmp_path / "t.xlsx")
    before = path.read_bytes()
    with pytest.raises(ReportError, match="exists and is not replaced"):
        write_template(path)
    assert path.read_bytes() == before
    with pytest.raises(ReportError, match=r"is not named \.xlsx"):
        write_template(tmp_path / "t.xls")


def test_the_reference_page_is_made_from_the_declarations():
    page = (ROOT / "docs" / "input_reference.md").read_text(encoding="utf-8")
    assert page == write_reference(), "run: cssopt reference > docs/input_reference.md"
    for table in find_tables().values():
        assert f"\n## {table.name}\n" in page
