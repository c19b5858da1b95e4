"""The marked copy: every faulty cell filled and commented, and nothing else changed."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile

import pytest
import xlsxwriter
from openpyxl import load_workbook

import cssopt
from cssopt.api import write_marked_copy, write_template
from cssopt.errors import ReportError
from cssopt.issues import Issue
from cssopt.workbook.marked_copy import mark_copy

# A dot of 1 x 1, the smallest image there is.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8"
    "cfc000000301010018dd8db00000000049454e44ae426082"
)
ISSUES = (
    Issue("E-102", "data!B3", 'units = "3k" is text, not a number.'),
    Issue("E-101", "data!C3", "kind is blank."),
    Issue("E-110", "data!B3", "and more."),
    Issue("W-405", "data!B4", "outlives <its> force & more."),
    Issue("E-101", "data!D9", "a row that is not there."),
    Issue("E-201", "forces", "the sheet is missing."),
    Issue("W-201", "it's (2)", "=HYPERLINK of a sheet"),
)


def rich_book() -> bytes:
    """What planners put into workbooks: charts, images, formats, comments, formulas with values."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    sheet, bold = book.add_worksheet("data"), book.add_format({"bold": True, "num_format": "0.00"})
    sheet.write_row("A1", ["force", "units", "kind"])
    sheet.write_row("A2", ["A", 1.5, "land"])
    sheet.write_row("A3", ["B", "3k"])
    sheet.write_formula("B4", "=B2*2", bold, 3.0)
    sheet.write_comment("B3", "as of May", {"author": "me"})
    sheet.data_validation("C2:C9", {"validate": "list", "source": ["land", "sea"]})
    sheet.conditional_format("B2:B9", {"type": "data_bar"})
    sheet.insert_image("F1", "dot.png", {"image_data": io.BytesIO(PNG)})
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=data!$B$2:$B$4"})
    sheet.insert_chart("F5", chart)
    sheet.freeze_panes(1, 1)
    sheet.set_column("A:A", 33)
    sheet.add_table("H1:I3", {"columns": [{"header": "x"}, {"header": "y"}]})
    hidden = book.add_worksheet("it's (2)")
    hidden.write("A1", "kept")
    hidden.hide()
    book.define_name("total", "=data!$B$4")
    book.close()
    return content.getvalue()


def parts(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def rich():
    """Made once: the library writes the time into every workbook."""
    return rich_book()


@pytest.fixture(scope="module")
def marked(rich):
    return mark_copy(rich, ISSUES)


def test_faulty_cells_are_filled_and_commented(marked):
    sheet = load_workbook(io.BytesIO(marked))["data"]
    red, amber = "FFFFC7CE", "FFFFEB9C"
    fills = {name: sheet[name].fill.fgColor.rgb for name in ("B3", "C3", "B4", "D9")}
    assert fills == {"B3": red, "C3": red, "B4": amber, "D9": red}
    assert sheet["B2"].fill.fill_type is None
    assert sheet["B3"].comment.text == (
        'as of May\nE-102: units = "3k" is text, not a number.\nE-110: and more.'
    )
    assert sheet["B4"].comment.text == "W-405: outlives <its> force & more."
    assert sheet["D9"].comment.text == "E-101: a row that is not there."


def test_marked_cells_keep_value_and_format(marked):
    sheet = load_workbook(io.BytesIO(marked))["data"]
    assert sheet["B3"].value == "3k"
    assert sheet["B4"].value == "=B2*2"
    assert sheet["B4"].font.bold
    assert sheet["B4"].number_format == "0.00"
    assert load_workbook(io.BytesIO(marked), data_only=True)["data"]["B4"].value == 3.0


def test_the_issues_sheet_links_to_the_cells(marked):
    book = load_workbook(io.BytesIO(marked))
    assert book.sheetnames == ["data", "it's (2)", "issues"]
    rows = list(book["issues"].iter_rows(min_row=2))
    assert [tuple(cell.value for cell in row) for row in rows] == [
        (issue.code, issue.where, issue.text) for issue in ISSUES
    ]
    links = [row[1].hyperlink.location if row[1].hyperlink else None for row in rows]
    assert links == ["'data'!B3", "'data'!C3", "'data'!B3", "'data'!B4", "'data'!D9", None,
                     "'it''s (2)'!A1"]  # fmt: skip
    # A text that looks like a formula is a text.
    assert rows[-1][2].data_type == "s"


def test_nothing_else_is_changed(rich, marked):
    before, after = parts(rich), parts(marked)
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= {
        "[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml",
        "xl/worksheets/sheet1.xml", "xl/comments1.xml", "xl/drawings/vmlDrawing1.vml",
    }  # fmt: skip
    assert {"xl/charts/chart1.xml", "xl/media/image1.png", "xl/tables/table1.xml"} <= set(after)
    # Of the sheet only the cells named changed.
    unmarked = re.sub(rb'<c r="(?:B3|C3|B4|D9)"[^>]*?(/?)>', rb"<mark\1>", after[SHEET])
    plain = re.sub(rb'<c r="(?:B3|C3|B4|D9)"[^>]*?(/?)>', rb"<mark\1>", before[SHEET])
    assert unmarked.replace(b'<row r="9"><mark/></row>', b"").replace(b"<mark/>", b"") == plain


SHEET = "xl/worksheets/sheet1.xml"


def test_a_sheet_without_comments_gets_them(rich):
    issues = [Issue("E-101", "it's (2)!B2", "x"), Issue("E-101", "it's (2)!A1", "y")]
    book = load_workbook(io.BytesIO(mark_copy(rich, issues)))
    assert book["it's (2)"]["B2"].comment.text == "E-101: x"
    assert book["it's (2)"]["A1"].comment.text == "E-101: y"
    assert book["it's (2)"]["A1"].value == "kept"
    assert book["it's (2)"].sheet_state == "hidden"


def test_a_copy_can_be_marked_again(marked):
    book = load_workbook(io.BytesIO(mark_copy(marked, ISSUES[:1])))
    assert book.sheetnames == ["data", "it's (2)", "issues", "issues (2)"]
    assert book["data"]["B3"].comment.text.count("E-102") == 2


@pytest.fixture
def faulty(tmp_path):
    path = write_template(tmp_path / "book.xlsx", example=True)
    book = load_workbook(path)
    book["inventory"]["A7"] = "Fredonia"
    book["inventory"]["C8"] = "3k"
    book["forces"]["A6"] = None
    book.save(path)
    return path


def test_every_issue_of_a_workbook_is_marked(faulty):
    before = faulty.read_bytes()
    checked = cssopt.check(faulty)
    path = write_marked_copy(faulty, checked).path
    assert path.name == "book-marked.xlsx"
    assert faulty.read_bytes() == before
    book = load_workbook(path)
    for issue in checked.issues:
        sheet, _, cell = issue.where.partition("!")
        assert issue.code in book[sheet][cell].comment.text
    # The copy has the same faults: its marks are no input.
    again = cssopt.check(path)
    assert [str(issue) for issue in again.issues] == [str(issue) for issue in checked.issues]


def test_a_copy_that_somebody_has_mended_stays(faulty):
    checked = cssopt.check(faulty)
    first = write_marked_copy(faulty, checked)
    assert write_marked_copy(faulty, checked).replaces
    book = load_workbook(first.path)
    book["inventory"]["A7"] = "NOR"
    book.save(first.path)
    mended = first.path.read_bytes()
    second = write_marked_copy(faulty, checked)
    assert second.path.name == "book-marked-2.xlsx"
    assert "it was changed since it was written" in second.told
    assert first.path.read_bytes() == mended


def test_the_workbook_itself_is_never_written(faulty):
    with pytest.raises(ReportError, match="is the workbook itself"):
        write_marked_copy(faulty, cssopt.check(faulty), faulty)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.*extension is not supported")  # openpyxl, of data bars
def test_libreoffice_opens_the_copy(marked, tmp_path):
    assert shutil.which("soffice"), "LibreOffice is needed: see .ci/run"
    path = tmp_path / "marked.xlsx"
    path.write_bytes(marked)
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless",
               "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path / "out"),
               str(path)]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    sheet = load_workbook(tmp_path / "out" / "marked.xlsx")["data"]
    assert sheet["B3"].fill.fgColor.rgb == "FFFFC7CE"
    assert "E-102" in sheet["B3"].comment.text
    assert "as of May" in sheet["B3"].comment.text
