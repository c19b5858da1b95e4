"""The marked copy: every faulty cell filled and commented, and nothing else changed."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile

import dialects
import pytest
import xlsxwriter
from altered import alter, damage
from copies import AMBER, RED, find_losses
from openpyxl import load_workbook
from paths import TESTS
from plain_reader import PlainBook
from typer.testing import CliRunner

import cssopt
from cssopt import write_marked_copy, write_template
from cssopt.cli import app
from cssopt.errors import DataError, ReportError
from cssopt.issues import Issue
from cssopt.workbook.book import read_book
from cssopt.workbook.marking.marked_copy import mark_copy

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

MARKS = {"B3": RED, "C3": RED, "B4": AMBER, "D9": RED}


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
    fills = {name: sheet[name].fill.fgColor.rgb for name in ("B3", "C3", "B4", "D9")}
    assert fills == MARKS
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


SHEET, NOTES = "xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"
CASES = TESTS / "cases" / "planners"


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


@pytest.mark.medium
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


@pytest.mark.medium
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


@pytest.mark.medium
def test_the_workbook_itself_is_never_written(faulty):
    with pytest.raises(ReportError, match="is the workbook itself"):
        write_marked_copy(faulty, cssopt.check(faulty), faulty)


# --- workbooks of other programs

TABLE_ISSUES = (
    Issue("E-102", "data!B2", "a number."),
    Issue("W-405", "data!A4", "a blank that most programs leave out."),
    Issue("E-101", "data!C5", "the last row."),
    Issue("E-101", "data!D9", "a row that is not there."),
    Issue("E-101", "notes!A1", "another sheet."),
)
TABLE_MARKS = {"data": {"B2": RED, "A4": AMBER, "C5": RED, "D9": RED}, "notes": {"A1": RED}}
WRITERS = {**dialects.DIALECTS, "iso_dates": dialects.iso_dates, "strict": dialects.strict}


@pytest.mark.medium
@pytest.mark.parametrize("name", WRITERS)
def test_the_copy_holds_all_that_any_program_wrote(name):
    original = WRITERS[name]()
    assert find_losses(original, mark_copy(original, TABLE_ISSUES), TABLE_MARKS) == []


def find_losses_of(rich, seed):
    original, drawn = alter(rich, seed)
    losses = find_losses(original, mark_copy(original, ISSUES), {"data": MARKS})
    return [f"seed {seed}, {', '.join(drawn)}: {loss}" for loss in losses]


@pytest.mark.parametrize("seed", range(12))
def test_the_copy_holds_all_however_it_is_spelled(rich, seed):
    assert find_losses_of(rich, seed) == []


@pytest.mark.slow
def test_the_copy_holds_all_in_four_hundred_spellings(rich):
    assert [loss for seed in range(12, 412) for loss in find_losses_of(rich, seed)] == []


def mark_damaged(rich, seed):
    """What becomes of a damaged workbook: refused, told or marked; nothing else may."""
    original = damage(rich, seed)
    try:
        read_book(original, "book.xlsx")
    except DataError:
        return "refused"
    try:
        copy = mark_copy(original, ISSUES)
    except (KeyError, ValueError) as error:
        return "told" if isinstance(error.args[0], str) else "untold"
    before, after = (read_book(content, "book.xlsx") for content in (original, copy))
    assert {title: after.sheets[title] for title in before.sheets} == dict(before.sheets)
    return "marked"


@pytest.mark.medium
def test_a_damaged_workbook_is_refused_told_or_marked(rich):
    ends = {mark_damaged(rich, seed) for seed in range(40)}
    assert ends == {"refused", "told", "marked"}


@pytest.mark.slow
def test_two_thousand_damaged_workbooks_are_refused_told_or_marked(rich):
    ends = [mark_damaged(rich, seed) for seed in range(40, 2_040)]
    assert set(ends) == {"refused", "told", "marked"}
    # Each way is taken often enough to be tried.
    assert min(ends.count(end) for end in set(ends)) > 50


@pytest.mark.medium
def test_a_loss_would_be_found(rich, marked):
    """The comparison itself: a lost value, format, comment, element or part is told."""
    marks = {"data": MARKS}
    assert find_losses(rich, marked, marks) == []
    for part, old, new in (
        (SHEET, b"<v>1.5</v>", b"<v>1.6</v>"),
        (SHEET, b"<f>B2*2</f>", b""),
        (SHEET, b"<pane ", b"<pane2 "),
        ("xl/comments1.xml", b"as of May", b"as of June"),
        ("xl/styles.xml", b"<b/>", b""),
        ("xl/media/image1.png", b"PNG", b"GNP"),
    ):
        held = parts(marked)
        assert old in held[part]
        held[part] = held[part].replace(old, new)
        assert find_losses(rich, packed(held), marks) != []
    held = parts(marked)
    del held["xl/charts/chart1.xml"]
    assert find_losses(rich, packed(held), marks) != []


def packed(held):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, part in held.items():
            archive.writestr(name, part)
    return content.getvalue()


def test_names_of_parts_that_begin_with_a_point_are_found(rich):
    """Reading and marking fold names alike."""
    pointed = packed({f"./{name}": part for name, part in parts(rich).items()})
    copy, plain = parts(mark_copy(pointed, ISSUES)), parts(mark_copy(rich, ISSUES))
    for sheet in [name for name in plain if name.startswith("xl/worksheets/sheet")]:
        assert copy[f"./{sheet}"] == plain[sheet]
    assert copy["./xl/comments1.xml"] == plain["xl/comments1.xml"]


@pytest.mark.medium
def test_a_value_without_address_stays():
    """Line 11 of the known cases: a cell was added out of order, and a value was lost."""
    path = CASES / "11-marked-copy-loses-the-value.xlsx"
    checked = cssopt.check(path)
    assert [issue.where for issue in checked.issues] == ["inventory!C6"]
    original = path.read_bytes()
    copy = mark_copy(original, checked.issues)
    assert find_losses(original, copy, {"inventory": {"C6": RED}}) == []
    assert PlainBook(copy).sheets["inventory"].cells["C6"] == ("n", "-3", "")


def test_a_covered_cell_is_told_at_the_cell_that_is_seen():
    """Of merged cells a spreadsheet shows the first alone, its fill and its comment."""
    content = rich_book()
    merged = parts(content)[SHEET].replace(
        b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A3:A4"/></mergeCells>'
    )
    original = packed({**parts(content), SHEET: merged})
    copy = mark_copy(original, [Issue("W-1", "data!A3", "y"), Issue("E-208", "data!A4", "x")])
    assert find_losses(original, copy, {"data": {"A3": RED}}) == []
    assert PlainBook(copy).sheets["data"].comments["A3"] == "W-1: y\nA4: E-208: x"


def test_of_a_row_or_a_range_the_first_cell_is_marked(rich):
    """A missing header is told at its row, a block at its range."""
    issues = [Issue("E-205", "data!1:1", "x"), Issue("E-208", "data!C3:C4", "y"),
              Issue("E-1", "data!nowhere", "z")]  # fmt: skip
    copy = mark_copy(rich, issues)
    assert find_losses(rich, copy, {"data": {"A1": RED, "C3": RED}}) == []
    links = [row[0].hyperlink for row in load_workbook(io.BytesIO(copy))["issues"]["B2:B4"]]
    places = [link.location if link else None for link in links]
    assert places == ["'data'!1:1", "'data'!C3:C4", None]


def test_one_cause_is_marked_at_all_its_cells(rich):
    """What is told once of several cells is a mark on each, and one line in the list."""
    issue = Issue("E-208", "data!B3", "x", cells=("data!C3", "data!D9"))
    copy = mark_copy(rich, [issue])
    assert find_losses(rich, copy, {"data": dict.fromkeys(("B3", "C3", "D9"), RED)}) == []
    assert load_workbook(io.BytesIO(copy))["issues"].max_row == 2


def test_a_new_cell_looks_like_its_row_or_column():
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True})
    sheet = book.add_worksheet("data")
    sheet.set_column("C:C", 9, book.add_format({"num_format": "0.000"}))
    sheet.set_row(4, 20, book.add_format({"num_format": "0 %"}))
    sheet.write("A5", "x")
    book.close()
    issues = [Issue("E-101", f"data!{cell}", "x") for cell in ("C3", "C5", "B4")]
    sheet = load_workbook(io.BytesIO(mark_copy(content.getvalue(), issues)))["data"]
    formats = [sheet[cell].number_format for cell in ("C3", "C5", "B4")]
    assert formats == ["0.000", "0 %", "General"]


def test_formats_that_nobody_lists_stay_unfilled():
    """A workbook without styles whose cells name some: the fill may not take their numbers."""
    original = dialects.no_styles()
    held = parts(original)
    held[SHEET] = held[SHEET].replace(b'<c r="C2">', b'<c r="C2" s="1">')
    original = packed({**held, SHEET: held[SHEET].replace(b'<c r="D2"', b'<c r="D2" s="7"')})
    assert find_losses(original, mark_copy(original, TABLE_ISSUES), TABLE_MARKS) == []


def test_a_text_stays_what_it_is(rich):
    """Neither a formula nor a code for a sign, nor what XML cannot hold."""
    texts = ["=1+1", "North_x000D_ is none", "a\x00b\ud800", '<&>"', "Ærø 島", "  x\ty "]
    copy = mark_copy(rich, [Issue("E-101", "data!B2", text) for text in texts])
    rows = list(load_workbook(io.BytesIO(copy))["issues"].iter_rows(min_row=2, min_col=3))
    # openpyxl does not decode; spreadsheets show _x005F_ as the underscore it stands for.
    shown = [cell.value.replace("_x005F_", "_") for (cell,) in rows]
    assert shown == ["=1+1", "North_x000D_ is none", "a?b?", '<&>"', "Ærø 島", "  x\ty "]
    assert all(cell.data_type == "s" for (cell,) in rows)


def test_titles_with_any_sign_are_linked(rich):
    held = parts(rich)
    held["xl/workbook.xml"] = held["xl/workbook.xml"].replace(
        b'name="data"', b"name='R&amp;D \"it''s\" &lt;!&gt;'".replace(b"''", b"&apos;")
    )
    where = """R&D "it's" <!>!B2"""
    book = load_workbook(io.BytesIO(mark_copy(packed(held), [Issue("E-1", where, "x")])))
    title = """R&D "it's" <!>"""
    assert book[title]["B2"].fill.fgColor.rgb == RED
    assert book["issues"]["B2"].hyperlink.location == """'R&D "it''s" <!>'!B2"""


BOMB = b"""<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>
<comments xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">&c;</comments>"""
DEEP = b"<comments>" + b"<a>" * 5_000 + b"</a>" * 5_000 + b"</comments>"
ODD = {
    "in the part xl/comments1.xml, a document type is declared": ("xl/comments1.xml", BOMB),
    "in the part xl/comments1.xml, there are more elements": ("xl/comments1.xml", DEEP),
    "in the part xl/comments1.xml, the XML cannot be read": (
        "xl/comments1.xml",
        b"<comments><commentList></comments>",
    ),
    "the text is not in the encoding with which it begins": (
        "xl/comments1.xml",
        b"\xff\xfe<\0a\0\0\xd8>",
    ),
    "the drawing of its comments has no end": ("xl/drawings/vmlDrawing1.vml", b"<xml"),
}


@pytest.mark.parametrize("told", ODD)
def test_a_part_that_nobody_reads_does_no_harm(rich, told):
    """Comments and drawings pass no gate: what is in them is refused, or left alone."""
    name, content = ODD[told]
    with pytest.raises(ValueError, match=told):
        mark_copy(packed({**parts(rich), name: content}), ISSUES)
    # Where nothing is marked, nobody opens them.
    untouched = mark_copy(packed({**parts(rich), name: content}), ISSUES[-2:])
    assert parts(untouched)[name] == content


def test_a_format_beyond_all_numbers_is_refused(rich):
    held = parts(rich)
    held[SHEET] = held[SHEET].replace(b'<c r="A1"', b'<c s="999999999" r="A1"', 1)
    with pytest.raises(ValueError, match="names the format 999999999, more than a workbook"):
        mark_copy(packed(held), ISSUES)


def test_a_damaged_picture_is_told(rich):
    content = packed(parts(rich))
    with pytest.raises(ValueError, match=r"the part xl/media/image1.png is damaged"):
        mark_copy(content.replace(PNG[:40], PNG[:39] + b"!"), ISSUES)


@pytest.mark.parametrize("rows", [b"<sheetData/>", b"<sheetData></sheetData>"])
def test_an_empty_sheet_gets_its_rows_in_order(rows):
    held = parts(dialects.excel())
    held[NOTES] = re.sub(rb"<sheetData>.*</sheetData>", rows, held[NOTES])
    original = packed(held)
    issues = [Issue("E-1", f"notes!{cell}", "x") for cell in ("C10", "B10", "AA2", "B2")]
    copy = mark_copy(original, issues)
    assert (
        find_losses(original, copy, {"notes": dict.fromkeys(("C10", "B10", "AA2", "B2"), RED)})
        == []
    )
    order = re.findall(rb' r="(\w+)"', parts(copy)[NOTES])
    assert order == [b"2", b"B2", b"AA2", b"10", b"B10", b"C10"]


def test_rows_in_a_wrapper_are_rows():
    """Alternate content of rows: its fallback is what is read, its choice is not."""
    held = parts(dialects.excel())
    sheet = held[SHEET].decode()
    wrapped = re.sub(
        r'(<row r="2">)(.*?)(</row>)(<row r="3">.*?</row>)',
        rf'<mc:AlternateContent xmlns:mc="{dialects.COMPATIBLE}"><mc:Choice Requires="x">'
        r"\1\3</mc:Choice><mc:Fallback>\1\2\3</mc:Fallback></mc:AlternateContent>\4",
        sheet,
    )
    assert wrapped != sheet
    original = packed({**held, SHEET: wrapped.encode()})
    copy = mark_copy(original, [Issue("E-1", "data!B2", "x"), Issue("E-1", "data!F2", "x")])
    text = parts(copy)[SHEET].decode()
    assert text.count('r="B2"') == 1
    assert re.search(r'<c r="B2" s="1"><v>4</v>', text)
    assert re.search(r'<c r="F2" s="1"/></row></mc:Fallback>', text)


def test_a_row_without_number_has_that_of_its_first_cell():
    held = parts(dialects.excel())
    held[SHEET] = held[SHEET].replace(b'<row r="5">', b"<row>").replace(b'<row r="4">', b"<row>")
    held[SHEET] = re.sub(rb"<row><c r=\"B4\".*?</row>", b"", held[SHEET])
    original = packed(held)
    copy = mark_copy(original, [Issue("E-1", "data!F5", "x"), Issue("E-1", "data!A4", "x")])
    assert find_losses(original, copy, {"data": {"F5": RED, "A4": RED}}) == []
    rows = re.findall(rb"<row[^>]*>", parts(copy)[SHEET])
    assert rows == [b'<row r="1">', b'<row r="2">', b'<row r="3">', b'<row r="4">', b"<row>"]


def test_what_cannot_be_marked_is_told(tmp_path):
    """The check is told, and that there is no copy; a copy that would be broken is not written."""
    held = parts((CASES / "11-marked-copy-loses-the-value.xlsx").read_bytes())
    boxes = {name: b"<xml" for name in held if name.endswith(".vml")}
    path = tmp_path / "book.xlsx"
    path.write_bytes(packed({**held, **boxes}))
    result = CliRunner().invoke(app, ["check", str(path), "--mark"])
    assert result.exit_code != 0
    told = " ".join(result.output.split())
    assert "inventory!C6" in told
    assert "no marked copy of" in str(result.exception)
    assert "the drawing of its comments has no end" in str(result.exception)
    assert not (tmp_path / "book-marked.xlsx").exists()


def test_a_file_that_cannot_be_opened_is_told_once(tmp_path):
    path = tmp_path / "book.xlsx"
    path.write_bytes((CASES / "00-alliance.xlsx").read_bytes()[:3000])
    result = CliRunner().invoke(app, ["check", str(path), "--mark"])
    assert result.exit_code == 3
    told = " ".join(result.output.split())
    assert told.count("is damaged") == 1
    assert "No marked copy was written: the file cannot be opened." in told


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


@pytest.mark.slow
def test_libreoffice_opens_every_copy_whose_original_it_opens(rich, tmp_path):
    assert shutil.which("soffice"), "LibreOffice is needed: see .ci/run"
    books = {name: (write(), TABLE_ISSUES, "B2") for name, write in dialects.DIALECTS.items()}
    books |= {f"seed-{seed}": (alter(rich, seed)[0], ISSUES, "B3") for seed in range(40)}
    for name, (original, issues, _) in books.items():
        (tmp_path / f"{name}.xlsx").write_bytes(original)
        (tmp_path / f"{name}-marked.xlsx").write_bytes(mark_copy(original, issues))
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless",
         "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path / "out"),
         *map(str, sorted(tmp_path.glob("*.xlsx")))],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    seen = 0
    for name, (_, _, marked) in books.items():
        before, after = (tmp_path / "out" / f"{name}{end}.xlsx" for end in ("", "-marked"))
        if not before.exists():
            continue
        held, copied = PlainBook(before.read_bytes()), PlainBook(after.read_bytes())
        issues = copied.sheets.pop("issues")
        if not any(sheet.cells for sheet in held.sheets.values()):
            continue
        seen += 1
        assert len(issues.cells) > 3
        assert {t: s.cells for t, s in copied.sheets.items()} == {
            t: s.cells for t, s in held.sheets.items()
        }, name
        if copied.sheets["data"].cells:
            assert RED in copied.sheets["data"].formats[marked][1], name
            assert marked in copied.sheets["data"].comments, name
    # LibreOffice itself cannot open names of parts in another case, nor backslashes.
    assert seen >= 80
