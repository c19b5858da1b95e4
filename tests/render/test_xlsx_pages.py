"""Pages for deciders in the workbook: what stands in their cells, how it is shown and printed."""

from __future__ import annotations

import math
import re
import zipfile
from dataclasses import replace
from itertools import pairwise

import openpyxl
import pytest
from made_documents import HOSTILE, make_document
from made_workbook import CASH, PAYS, YEARS, make_decision, make_pages
from openpyxl.cell.rich_text import CellRichText

from cssopt.document.document import (
    Beside,
    Chart,
    Column,
    Note,
    Pair,
    Pairs,
    Rich,
    Sheet,
    Span,
    Table,
)
from cssopt.render.text_size import count_lines, measure
from cssopt.render.widths import find_widths, split_parts
from cssopt.render.xlsx.document_book import write_document_xlsx
from cssopt.render.xlsx.pages import styles
from cssopt.render.xlsx.pages.grid import SNAP, Grid
from cssopt.render.xlsx.pages.styles import find_number_format
from cssopt.solution.verdicts import Audits, Broken


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("pages") / "report.xlsx"
    write_document_xlsx(path, make_pages())
    return path


@pytest.fixture(scope="module")
def book(path):
    return openpyxl.load_workbook(path, data_only=True, rich_text=True)


@pytest.fixture(scope="module")
def formulas(path):
    return openpyxl.load_workbook(path)


def find_cell(sheet, text):
    (cell,) = (cell for row in sheet.iter_rows() for cell in row if str(cell.value) == text)
    return cell


def read_row(sheet, name, start=1):
    """The values of the row that begins with a name, without the cells that are merged away."""
    cell = next(
        cell for row in sheet.iter_rows(min_row=start) for cell in row if str(cell.value) == name
    )
    return [one.value for one in sheet[cell.row] if one.value is not None]


def read_xml(path, name):
    with zipfile.ZipFile(path) as archive:
        return archive.read(name).decode()


def test_pages_stand_first_and_then_the_other_sheets(book):
    assert book.sheetnames == ["Decision", "Needs", "Who pays", "How sure", "Figures", "Run"]


def test_a_page_says_its_question_its_boxes_and_then_its_finding(tmp_path):
    page = make_decision(boxes=("NOT PROVEN: the time was over.",))
    write_document_xlsx(tmp_path / "a.xlsx", make_document(page))
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    assert [sheet.cell(row, 1).value for row in (1, 2, 3)] == [
        page.question,
        "NOT PROVEN: the time was over.",
        page.finding,
    ]
    assert sheet.cell(2, 1).fill.start_color.rgb == "FFC8500A"
    assert sheet.cell(3, 1).font.color.rgb == "FFC8500A"


def test_a_failed_audit_stands_on_every_page(tmp_path):
    audits = Audits(
        plans=1, audited=1, failed=(("the plan", (Broken("a/rule", "A, 2027", 0.5, "5 <= 3"),)),)
    )
    document = make_pages()
    failed = replace(document, facts=replace(document.facts, audits=audits))
    write_document_xlsx(tmp_path / "a.xlsx", failed)
    for sheet in openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[:4]:
        cell = find_cell(sheet, audits.told)
        assert cell.fill.start_color.rgb == "FFC8500A"


def test_missing_parts_are_numbers_that_are_shown_as_met(book):
    row = find_cell(book["Decision"], "Border crisis on the plain").row
    cells = [cell for cell in book["Decision"][row] if isinstance(cell.value, float | int)]
    assert [cell.value for cell in cells] == [0.584, 0, 0, 0, 0, 0]
    assert {cell.number_format for cell in cells} == {'[<0.0005]"met";0%'}
    assert cells[0].fill.start_color.rgb == "FFB8440A"  # above 50 %
    assert cells[1].fill.start_color.rgb == "FFE4EFF6"  # met
    assert cells[0].font.color.rgb == "FFFFFFFF"


def test_where_there_is_no_threat_there_is_a_dash_and_no_number(book):
    row = read_row(book["Decision"], "Unrest beyond the south")
    assert row[1:4] == ["\u2013", "\u2013", 0.002]


@pytest.mark.parametrize(
    ("number", "form", "shown"),
    [
        (3.0, "units", "#,##0;\u2212#,##0;0"),
        (2.2, "units", "#,##0.0;\u2212#,##0.0;0"),
        (0.04, "units", '[<0.05]"<0.1";#,##0.0'),
        (0.0, "units", "#,##0;\u2212#,##0;0"),
        (-2.2, "units", "#,##0.0;\u2212#,##0.0;0"),
        (-1.7, "more_units", "+#,##0.0;\u2212#,##0.0;0"),
        (2.0, "more_units", "+#,##0;\u2212#,##0;0"),
        (0.0, "more_units", "+#,##0;\u2212#,##0;0"),
        (0.04, "more_units", '[<0.05]"<0.1";#,##0.0'),
        (-0.04, "more_units", '[>-0.05]">\u22120.1";\u2212#,##0.0'),
        (5.0, "million", "#,##0;\u2212#,##0;0"),
        (5.0, "difference", "+#,##0;\u2212#,##0;0"),
        (0.0, "missing", '[<0.0005]"met";0%'),
        (0.003, "missing", '[<0.0005]"met";[<0.005]"<1%";0%'),
        (0.2, "percent", "0%;\u22120%;0%"),
        (0.004, "percent", '[<0.005]"<1%";0%'),
        (0.00004, "fine_percent", '[<5e-05]"<0.01%";0.00%'),
        (0.009, "points", "+0.0;\u22120.0;0"),
        (2029, "year", "0"),
    ],
)
def test_the_form_of_a_number_is_a_format_of_spreadsheets(number, form, shown):
    assert find_number_format(number, form, 1) == shown


def test_a_sign_stands_behind_the_condition_of_a_format():
    assert find_number_format(0.03, "units", 1, "bad").startswith('[<0.05]"')
    for number, form in ((0.03, "units"), (0.004, "percent"), (0.003, "missing"), (3.0, "units")):
        plain, marked = (find_number_format(number, form, 1, mark) for mark in (None, "bad"))
        parts = plain.split(";") if ";" in plain else [plain]
        for part, signed in zip(parts, marked.split(";"), strict=False):
            condition, bracket, rest = part.rpartition("]")
            assert signed == f'{condition}{bracket}"\u2717 "{rest}'


def test_the_word_for_met_is_that_of_the_language(monkeypatch):
    monkeypatch.setattr(styles, "phrase", lambda text: f'\u00ab{text}"\u00bb')
    assert find_number_format(0.0, "missing", 0) == '[<0.0005]"\u00abmet\u00bb";0%'


def test_money_stands_under_its_headings_with_signs_and_groups(book):
    sheet = book["Decision"]
    row = read_row(sheet, "Arland", find_cell(sheet, "3 Who pays what?  million EUR, prices of "
                                              "2026").row)  # fmt: skip
    assert row == list(PAYS[0])
    assert find_cell(sheet, "What it pays").coordinate in {
        area.coord.split(":")[0] for area in sheet.merged_cells.ranges
    }
    more = next(cell for one in sheet.iter_rows() for cell in one if cell.value == 1750.0)
    assert more.number_format.startswith("+")
    assert more.font.color.rgb == "FFC8500A"
    assert more.font.b


def test_points_are_hundredths_of_the_share(book):
    row = read_row(book["How sure"], "Border crisis")
    assert row[-1] == pytest.approx(0.9)


def test_units_given_up_bought_and_lent_are_stretches_of_one_cell(book):
    sheet = book["Decision"]
    cell = next(
        cell
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, CellRichText) and "\u25bc0.7" in str(cell.value)
    )
    colors = {
        str(block.text).strip()[:1]: block.font.color.rgb
        for block in cell.value
        if not isinstance(block, str) and block.font.color is not None
    }
    assert str(cell.value) == "4 \u2192 3  \u25bc0.7 \u25b20.7 \u25c61.5"
    assert (colors["\u25bc"], colors["\u25b2"], colors["\u25c6"]) == (
        "FFC8500A",
        "FF0068A6",
        "FF00755A",
    )


def test_a_figure_of_the_page_is_a_formula_over_a_later_sheet(book, formulas):
    cell = next(
        cell
        for row in formulas["Decision"].iter_rows()
        for cell in row
        if isinstance(cell.value, str) and cell.value.startswith("=Figures!")
    )
    address = cell.value.removeprefix("=Figures!").replace("$", "")
    assert book["Decision"][cell.coordinate].value == book["Figures"][address].value == 27937.4


def test_figures_lead_to_the_page_that_derives_them(formulas):
    cells = [cell for row in formulas["Decision"].iter_rows() for cell in row]
    links = {cell.coordinate: cell.hyperlink.location for cell in cells if cell.hyperlink}
    assert set(links.values()) == {"Needs!A1", "'Who pays'!A1"}
    names = {formulas["Decision"][at].value for at in links}
    assert {"\u2192 Needs", "\u2192 Who pays"} <= names


def test_a_page_that_the_book_lacks_is_no_link(formulas, book):
    """The figures of the money lead to a page Cost, which this document has not."""
    assert "Cost" not in book.sheetnames
    texts = [str(c.value) for row in formulas["Decision"].iter_rows() for c in row]
    assert "\u2192 Cost" not in texts


def test_no_cell_of_a_page_is_merged_twice_and_all_are_on_the_paper(formulas):
    for name in ("Decision", "Needs", "Who pays", "How sure"):
        sheet = formulas[name]
        seen = set()
        for area in sheet.merged_cells.ranges:
            cells = {(row, column) for row, column in area.cells}
            assert not cells & seen
            seen |= cells
        *_, last = sheet.print_area.split(":")
        right = openpyxl.utils.cell.coordinate_from_string(last.replace("$", ""))[0]
        most = openpyxl.utils.column_index_from_string(right)
        assert max(column for _, column in seen) <= most


def test_a_page_is_printed_upright_on_one_sheet_of_a4(formulas):
    for name in ("Decision", "Needs", "Who pays", "How sure"):
        sheet = formulas[name]
        assert sheet.page_setup.paperSize == 9
        assert sheet.page_setup.orientation == "portrait"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) in {(1, 1), (None, None)}
        header = sheet.oddHeader
        assert "ILLUSTRATIVE" in header.center.text
        assert "Six-member" in header.left.text
        assert header.right.text.startswith("run ")


@pytest.mark.medium
def test_a_page_of_many_rows_goes_on_but_the_decision_page_is_always_one(tmp_path):
    rows = tuple((f"need {n}", 0.2) for n in range(300))
    table = Table("many", (Column("need"), Column("missing", "missing")), rows)
    other = replace(table, name="others")
    write_document_xlsx(
        tmp_path / "a.xlsx",
        make_document(
            Sheet("Decision", "", (table,), is_page=True),
            Sheet("Needs", "", (other,), is_page=True),
        ),
    )
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book["Decision"].page_setup.fitToHeight in (None, 1)
    assert book["Needs"].page_setup.fitToHeight == 0


def test_charts_name_cells_that_bear_their_numbers(path, book):
    charts = [
        read_xml(path, name)
        for name in zipfile.ZipFile(path).namelist()
        if name.startswith("xl/charts/chart")
    ]
    # Of the decision, a waterfall, four panels, and three of the last page.
    assert len(charts) == 1 + 1 + 4 + 3
    for chart in charts:
        for values in re.findall(r"<c:val>.*?<c:f>(.*?)</c:f>", chart):
            for part in values.strip("()").split(","):
                sheet, _, cells = part.replace("'", "").partition("!")
                found = book[sheet][cells.replace("$", "")]
                cell = found if not isinstance(found, tuple) else found[0][0]
                assert isinstance(cell.value, float | int)


def test_bars_begin_at_0(path):
    cash = read_xml(path, "xl/charts/chart1.xml")
    assert '<c:min val="0"/>' in cash
    assert '<c:barDir val="col"/>' in cash


def test_a_waterfall_stands_on_bars_that_no_one_sees(book, formulas):
    """Each bar begins where the one above ended; the last, a total, at 0."""
    sheet = book["Needs"]
    row = find_cell(sheet, "the need  9.3")
    cells = [[sheet.cell(row.row - 4 + i, row.column - 4 + j).value for j in range(4)]
             for i in range(5)]  # fmt: skip
    ends = [9.0, 9.3, 12.5, 9.3, 9.3]
    assert [round(one[1], 9) for one in cells] == ends
    bases = [0.0, 9.0, 9.3, 9.3, 0.0]
    assert [round(one[2], 9) for one in cells] == bases
    assert [round(one[3], 9) for one in cells] == [9.0, 0.3, 3.2, 3.2, 9.3]
    written = formulas["Needs"].cell(row.row - 2, row.column - 2).value
    assert written.startswith("=MIN(")


def test_a_waterfall_below_0_is_drawn_as_plain_bars(tmp_path):
    table = Table("steps", (Column("step"), Column("money", "million")), (("a", 5), ("b", -9.0)))
    chart = Chart("waterfall", "steps", "step", ("money",), "Steps")
    page = Sheet("Decision", "", (chart, table), is_page=True)
    write_document_xlsx(tmp_path / "a.xlsx", make_document(page))
    drawn = read_xml(tmp_path / "a.xlsx", "xl/charts/chart1.xml")
    assert '<c:grouping val="clustered"/>' in drawn


def test_the_row_about_all_others_is_not_drawn(tmp_path):
    rows = (("a", 1.0), ("b", 2.0), ("all", 3.0))
    table = Table("t", (Column("who"), Column("money", "million")), rows, last_is_total=True)
    chart = Chart("bars", "t", "who", ("money",), "Money")
    page = Sheet("Decision", "", (chart, table), is_page=True)
    write_document_xlsx(tmp_path / "a.xlsx", make_document(page))
    drawn = read_xml(tmp_path / "a.xlsx", "xl/charts/chart1.xml")
    (cells,) = re.findall(r"<c:val>.*?<c:f>(.*?)</c:f>", drawn)
    first, last = (int(one) for one in re.findall(r"\$(\d+)", cells))
    assert last - first == 1


def test_columns_that_wish_for_a_sum_get_a_formula(tmp_path):
    rows = tuple((str(year), money) for year, money in zip(YEARS, CASH, strict=True))
    table = Table("t", (Column("year"), Column("cash", "million", total=True)), rows)
    page = Sheet("Decision", "", (table,), is_page=True)
    write_document_xlsx(tmp_path / "a.xlsx", make_document(page))
    values = openpyxl.load_workbook(tmp_path / "a.xlsx", data_only=True).worksheets[0]
    written = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    at = find_cell(values, "Total").row
    (cell,) = (c for c in written[at] if str(c.value).startswith("=SUM("))
    assert values[cell.coordinate].value == pytest.approx(math.fsum(CASH))


def test_names_of_inputs_are_texts_wherever_they_stand(tmp_path):
    """No name becomes a formula, a link or markup of a stretch."""
    names = (*HOSTILE, "<r><t>raw</t></r>", "=HYPERLINK(1)")
    spans = tuple(Span(name, "lent") for name in names)
    table = Table(
        "t",
        (Column("who", title=names[0], group=names[2], page=names[3]), Column("b", "sentence")),
        tuple((Rich((Span(name), Span(name, "bad"))), name) for name in names),
    )
    bars = Table("u", (Column("who"), Column("n", "million")), tuple((n, 1.0) for n in names))
    blocks = (
        Note.of(*spans),
        Note(names[2], is_heading=True),
        table,
        Pairs("p", (Pair(names[2], names[5], page=names[3]),), names[4]),
        *(Chart(kind, "u", "who", ("n",), names[2]) for kind in ("waterfall", "panels", "bars")),
        bars,
    )
    page = Sheet(names[8], names[2], blocks, is_page=True, question=names[2], finding=names[5],
                 boxes=names)  # fmt: skip
    write_document_xlsx(tmp_path / "a.xlsx", make_document(page))
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    sheet = book.worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    ours = re.compile(r"=(?:[A-Z]+\d+|[A-Z]+\d+\+N\([A-Z]+\d+\)|MIN\(.*\)|ABS\(.*\))")
    formulas = [cell.value for cell in cells if cell.data_type == "f"]
    assert len(formulas) == 4 * len(names) - 1  # of the waterfall; it begins at 0
    assert all(ours.fullmatch(text) and "HYPERLINK" not in text for text in formulas)
    assert not [cell for cell in cells if cell.hyperlink and cell.hyperlink.target]
    assert any(str(cell.value).strip() == "<r><t>raw</t></r>" for cell in cells)


def test_side_by_side_are_what_follows_each_heading_and_each_table_or_chart():
    heading, note = Note("1", is_heading=True), Note("text")
    table = Table("t", (Column("a"),), ())
    assert split_parts(Beside((heading, note, table, heading, note))) == [
        [heading, note, table],
        [heading, note],
    ]
    assert split_parts(Beside((table, table))) == [[table], [table]]


def test_edges_that_nearly_meet_are_one_column():
    grid = Grid.of([0, 100, 100 + SNAP, 240, 500])
    assert grid.widths == [100, 140, 260]
    assert grid.span(100 + SNAP, 500) == (1, 2)
    assert grid.span(0, 100) == (0, 0)


def test_columns_fill_their_room_and_numbers_are_never_cut():
    table = make_pages().table("payments")
    widths = find_widths(table)
    for room in (400.0, 700.0, 1500.0):
        spread = widths.spread(room, 9.0)
        if room >= 9 * sum(widths.least):
            assert math.isclose(sum(spread), room)
            assert all(a >= 9 * b - 1e-6 for a, b in zip(spread, widths.least, strict=True))
        else:
            assert sum(spread) <= room + 1e-6


def test_a_longer_text_takes_more_lines_and_bold_letters_are_wider():
    assert count_lines("word " * 40, 9, 200) > count_lines("word " * 10, 9, 200) > 1
    assert count_lines("", 9, 200) == 1
    assert count_lines("a\nb", 9, 200) == 2
    assert count_lines("x" * 200, 9, 100) > 5
    assert measure("All members", 9, is_bold=True) > measure("All members", 9)
    sizes = [measure("12,345", size) for size in (8, 9, 17)]
    assert all(a < b for a, b in pairwise(sizes))
