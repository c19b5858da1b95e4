"""The workbook of a document: every block stands in it, formulas hold, charts name their cells."""

from __future__ import annotations

import math
import re
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_documents import KINDS, make_document
from openpyxl.utils import range_boundaries

from cssopt.document.audit_sheet import show_audit
from cssopt.document.document import (
    Beside,
    Cells,
    Chart,
    Column,
    Formula,
    Note,
    Pair,
    Pairs,
    Sheet,
    Table,
    sum_of_row,
)
from cssopt.render.xlsx.document_book import write_document_xlsx
from cssopt.render.xlsx.printing import LANDSCAPE, PORTRAIT, PrintedRows
from cssopt.solution.audit import FAILED, HOLDS, LEFT_OUT, NOT_AUDITED, Audit, AuditLine

YEARS = tuple(str(year) for year in range(2027, 2033))
BARS = ("bars", "stacked", "parts", "columns", "stacked_columns")


def write_book(folder: Path, *sheets: Sheet) -> Path:
    path = folder / "answer.xlsx"
    write_document_xlsx(path, make_document(*sheets))
    return path


def read_values(path):
    return openpyxl.load_workbook(path, data_only=True)


def read_formulas(path):
    return openpyxl.load_workbook(path)


def find_cell(sheet, text):
    """The cell that bears a text and no other."""
    (cell,) = (cell for row in sheet.iter_rows() for cell in row if cell.value == text)
    return cell


def read_below(sheet, heading, count):
    cell = find_cell(sheet, heading)
    return [sheet.cell(cell.row + i, cell.column).value for i in range(1, count + 1)]


def read_range(book, address):
    """The values of the cells that a chart or a formula names."""
    sheet, _, cells = address.replace("'", "").rpartition("!")
    left, top, right, bottom = range_boundaries(cells)
    return [
        book[sheet].cell(row, column).value
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    ]


def make_money(name="money", factor=1.0):
    """What three members pay by year, with the sum of each as a formula."""
    columns = (
        Column("who"),
        *(Column(year, "money") for year in YEARS),
        Column("all", "money", total=True),
    )
    rows = []
    for i, who in enumerate("ABC"):
        paid = [factor * (10 * i + place + 0.25) for place in range(len(YEARS))]
        rows.append((who, *paid, sum_of_row(i, YEARS[0], YEARS[-1], paid)))
    return Table(name, columns, tuple(rows))


def make_uses(table):
    """Formulas of cells of another table and of their own."""
    every = [value for row in table.rows for value in row[1 : 1 + len(YEARS)]]
    whole = Formula(math.fsum(every), "SUM({0})", (Cells(YEARS[0], YEARS[-1], table="money"),))
    first, second = table.rows[1][2:4]
    both = (Cells("2028", row=1, table="money"), Cells("2029", row=1, table="money"))
    one = Formula(first * second, "{0}*{1}", both)
    part = Formula(first * second / math.fsum(every), "{0}/{1}", (Cells("value", row=1), Cells(
        "value", row=0)))  # fmt: skip
    rows = (("all", whole), ("product", one), ("part", part))
    return Table("uses", (Column("what"), Column("value", "number")), rows)


# Blocks.


def test_every_kind_of_block_stands_in_the_workbook(tmp_path):
    money = make_money()
    pairs = Pairs(
        "facts",
        (
            Pair("expenditure", 1234.5, "money", "million EUR", is_strong=True),
            Pair("share", 0.125, "share", mark="warn"),
            Pair("year", 2031, "year"),
            Pair("day", 12, "day"),
            Pair("gap", 1e-6, "tiny"),
            Pair("steps", 7, "count"),
            Pair("study", "pooled"),
            Pair("bound", math.inf, "number"),
        ),
        "What was found",
    )
    left = Table("left", (Column("l", "money"),), ((1.5,), (2.5,)), title="At the left")
    right = Table("right", (Column("r", "factor"),), ((0.5,),), title="At the right")
    notes = (Note("A heading", is_heading=True), Note("To be told", "warn"))
    path = write_book(tmp_path, Sheet("All", "What is all.", (pairs, *notes, money, Beside((
        left, right)))))  # fmt: skip
    sheet = read_values(path)["All"]
    found = {row[0].value: row[1] for row in sheet.iter_rows() if row[0].value is not None}
    values = {one.label: found[one.label].value for one in pairs.pairs}
    assert values == {
        "expenditure": 1234.5, "share": 0.125, "year": 2031, "day": 12, "gap": 1e-6, "steps": 7,
        "study": "pooled", "bound": "not known",
    }  # fmt: skip
    assert found["expenditure"].font.bold
    assert "#,##0.0" in found["expenditure"].number_format
    assert found["share"].number_format.startswith('"! "0.0%')
    assert sheet.cell(found["expenditure"].row, 3).value == "million EUR"
    for place, year in enumerate(YEARS, 1):
        assert read_below(sheet, year, 3) == [row[place] for row in money.rows]
    assert read_below(sheet, "l", 2) == [1.5, 2.5]
    assert read_below(sheet, "r", 1) == [0.5]
    assert find_cell(sheet, "l").row == find_cell(sheet, "r").row
    assert find_cell(sheet, "r").column > find_cell(sheet, "l").column + 1
    assert find_cell(sheet, "At the left").row == find_cell(sheet, "At the right").row
    for text in ("What was found", "A heading", "To be told"):
        assert find_cell(sheet, text)


def test_no_number_is_shown_without_a_form(tmp_path):
    forms = ("money", "number", "count", "share", "fine_share", "exact_share", "year", "day",
             "exact", "factor", "tiny", "seconds")  # fmt: skip
    columns = tuple(Column(form, form) for form in forms)
    table = Table("t", columns, ((1.5,) * len(forms), (0,) * len(forms)))
    pairs = Pairs("p", tuple(Pair(form, 3, form) for form in forms))
    for sheet in read_values(write_book(tmp_path, Sheet("One", "", (table, pairs)))):
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, int | float):
                    assert cell.number_format not in ("General", "@")


def test_numbers_as_typed_have_the_decimals_that_they_have(tmp_path):
    table = Table("t", (Column("value", "exact"),), ((0.25,), (1.125,), (3,)))
    sheet = read_values(write_book(tmp_path, Sheet("One", "", (table,))))["One"]
    head = find_cell(sheet, "value")
    assert sheet.cell(head.row + 1, head.column).number_format.startswith("#,##0.000_m")


def test_stretches_of_a_schedule_are_colored_and_bear_no_sign(tmp_path):
    columns = (Column("what"), *(Column(year) for year in YEARS))
    rows = (("ship", None, "3", "3", "2", None, None),)
    marks = {(0, "2028"): "under_way", (0, "2029"): "under_way", (0, "2030"): "bar"}
    path = write_book(tmp_path, Sheet("One", "", (Table("t", columns, rows, marks=marks),)))
    sheet = read_values(path)["One"]
    head = find_cell(sheet, "2027")
    cells = [sheet.cell(head.row + 1, head.column + i) for i in range(4)]
    colors = [cell.fill.start_color.rgb for cell in cells]
    assert colors[1] == colors[2]
    assert len(set(colors)) == 3
    assert [cell.number_format for cell in cells] == ["General"] * 4
    assert [cell.value for cell in cells] == [None, "3", "3", "2"]


def test_the_columns_that_stay_in_view_are_those_that_say_who(tmp_path):
    table = Table("t", tuple(Column(name) for name in "abc"), (("x", "y", "z"),), in_view=2)
    sheet = read_values(write_book(tmp_path, Sheet("One", "", (table,))))["One"]
    assert sheet.freeze_panes == f"C{find_cell(sheet, 'a').row + 1}"
    assert sheet.auto_filter.ref == f"A{find_cell(sheet, 'a').row}:C{find_cell(sheet, 'a').row + 1}"


def test_columns_that_say_the_same_are_told_once(tmp_path):
    table = make_money()
    measured = tuple(
        Column(c.name, c.form, measure="million EUR" if c.name in YEARS else "", total=c.total)
        for c in table.columns
    )
    path = write_book(tmp_path, Sheet("One", "", (Table("money", measured, table.rows),)))
    sheet = read_values(path)["One"]
    told = [row[0].value for row in sheet.iter_rows() if "million EUR." in str(row[0].value)]
    assert told == ["2027 to 2032: in million EUR."]


# Formulas.


def test_formulas_read_the_cells_that_they_are_told(tmp_path):
    money = make_money()
    # The table that is read stands on another sheet, and behind the one that reads it.
    path = write_book(
        tmp_path,
        Sheet("The 'uses' of it", "", (make_uses(money),)),
        Sheet("Money, all", "", (Note("before"), money)),
    )
    formulas, values = read_formulas(path), read_values(path)
    texts = read_below(formulas["The 'uses' of it"], "value", 3)
    assert texts[0].startswith("=SUM('Money, all'!$B$")
    assert [read_range(values, texts[0][5:-1])] == [
        [value for row in money.rows for value in row[1 : 1 + len(YEARS)]]
    ]
    read = [read_range(values, one) for one in texts[1].removeprefix("=").split("*")]
    assert read == [[money.rows[1][2]], [money.rows[1][3]]]
    assert re.fullmatch(r"=B(\d+)/B(\d+)", texts[2])
    first, last = money.rows[0], find_cell(formulas["Money, all"], "all")
    assert read_below(values["Money, all"], "all", 3) == [row[-1].value for row in money.rows]
    assert formulas["Money, all"].cell(last.row + 1, last.column).value == (
        f"=SUM(B{last.row + 1}:G{last.row + 1})"
    )
    assert first[-1].value == math.fsum(first[1:-1])


def recalculate(path):
    """The workbook as LibreOffice works it out anew."""
    assert shutil.which("soffice"), "LibreOffice is missing: see .ci/run"
    folder = path.parent / "recalculated"
    profile = (path.parent / "profile").as_uri()
    subprocess.run(
        ["soffice", f"-env:UserInstallation={profile}", "--headless", "--convert-to", "xlsx",
         "--outdir", str(folder), str(path)],
        check=True, capture_output=True, timeout=240,
    )  # fmt: skip
    return read_values(folder / path.name)


@pytest.mark.slow
def test_formulas_have_the_values_that_libreoffice_works_out(tmp_path):
    money = make_money()
    sheets = (Sheet("Uses", "", (make_uses(money),)), Sheet("It", "", (money,)))
    path = write_book(tmp_path, *sheets)
    told, formulas = read_values(path), read_formulas(path)
    formulas.save(path)  # without any values, so that they must be worked out
    again, found = recalculate(path), 0
    for sheet in formulas:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    found += 1
                    value = told[sheet.title][cell.coordinate].value
                    assert again[sheet.title][cell.coordinate].value == pytest.approx(value)
    assert found == 3 + 3 + 1


# Charts.


def make_front(cells=((1.0, 0.5), (2.0, 0.25), (3.0, 0.125))):
    columns = (Column("expenditure", "money", measure="million EUR"), Column("missing", "share"))
    return Table("front", columns, tuple(cells))


@pytest.mark.medium
@pytest.mark.parametrize("kind", KINDS)
def test_the_series_of_a_native_chart_are_the_columns_of_the_table(tmp_path, kind):
    table = make_front() if kind == "points" else make_money("front")
    by = table.columns[0].name
    series = ("missing",) if kind == "points" else YEARS[:2]
    chart = Chart(kind, "front", by, series, "A title")
    path = write_book(tmp_path, Sheet("A sheet", "", (chart, table)))
    values = read_values(path)
    (native,) = read_formulas(path)["A sheet"]._charts
    assert len(native.series) == len(series)
    for one, name in zip(native.series, series, strict=True):
        x, y = (one.xVal, one.yVal) if kind == "points" else (one.cat, one.val)
        named = x.numRef if kind == "points" else x.strRef
        assert read_range(values, named.f) == table.column(by)
        assert read_range(values, y.numRef.f) == table.column(name)
        assert read_range(values, one.tx.strRef.f) == [name]
    grouping = {"parts": "percentStacked", "stacked": "stacked", "stacked_columns": "stacked"}
    if kind in BARS:
        assert native.grouping == grouping.get(kind, "clustered")
        assert native.y_axis.scaling.min == 0
        assert native.barDir == ("col" if "columns" in kind else "bar")


def test_rows_are_series_over_the_columns(tmp_path):
    table = make_money()
    chart = Chart("stacked_columns", "money", "who", YEARS, "By year", rows_are_series=True)
    # The chart stands on a sheet before that of its table.
    path = write_book(tmp_path, Sheet("First", "", (chart,)), Sheet("Then", "", (table,)))
    values = read_values(path)
    (native,) = read_formulas(path)["First"]._charts
    for one, row in zip(native.series, table.rows, strict=True):
        assert read_range(values, one.tx.strRef.f) == [row[0]]
        assert read_range(values, (one.cat.strRef or one.cat.numRef).f) == list(YEARS)
        assert read_range(values, one.val.numRef.f) == list(row[1 : 1 + len(YEARS)])


@pytest.mark.parametrize(("kind", "other"), [("stacked", "bar"), ("stacked_columns", "col"),
                                             ("parts", "bar")])  # fmt: skip
def test_a_part_below_nothing_is_never_stacked(tmp_path, kind, other):
    columns = (Column("who"), Column("a", "money"), Column("b", "money"))
    table = Table("t", columns, (("x", 3.0, -1.0), ("y", 2.0, 1.0)))
    chart = Chart(kind, "t", "who", ("a", "b"), "Below")
    path = write_book(tmp_path, Sheet("One", "", (chart, table)))
    (native,) = read_formulas(path)["One"]._charts
    assert native.grouping == "clustered"
    assert native.barDir == other


def test_points_that_stand_out_are_series_of_their_own_with_their_labels(tmp_path):
    table = make_front()
    chart = Chart("points", "front", "expenditure", ("missing",), "A title", picked={1: "knee 1"})
    path = write_book(tmp_path, Sheet("One", "", (chart, table)))
    values = read_values(path)
    (native,) = read_formulas(path)["One"]._charts
    _, picked = native.series
    assert read_range(values, picked.xVal.numRef.f) == [2.0]
    assert read_range(values, picked.yVal.numRef.f) == [0.25]
    assert picked.tx.v == "knee 1"
    assert native.x_axis.title.tx.rich.p[0].r[0].t == "expenditure, million EUR"
    assert native.y_axis.title.tx.rich.p[0].r[0].t == "missing"


def test_points_without_a_place_part_the_line(tmp_path):
    cells = ((1.0, 0.5), (2.0, None), (None, 0.25), (3.0, "none"), (4.0, 0.125), (5.0, 0.0))
    chart = Chart("points", "front", "expenditure", ("missing",), "A title")
    path = write_book(tmp_path, Sheet("One", "", (chart, make_front(cells))))
    values = read_values(path)
    (native,) = read_formulas(path)["One"]._charts
    drawn = [read_range(values, one.xVal.numRef.f) for one in native.series]
    assert drawn == [[1.0, 2.0], [4.0, 5.0]]


def test_a_figure_that_is_the_same_everywhere_is_not_stretched(tmp_path):
    cells = tuple((float(i), 0.5 + 1e-9 * (i % 2)) for i in range(5))
    chart = Chart("points", "front", "expenditure", ("missing",), "A title")
    path = write_book(tmp_path, Sheet("One", "", (chart, make_front(cells))))
    (native,) = read_formulas(path)["One"]._charts
    ends = native.y_axis.scaling
    assert ends.max - ends.min >= 0.05
    assert ends.min <= 0.5 <= ends.max


def test_charts_side_by_side_do_not_overlap(tmp_path):
    chart = Chart("bars", "money", "who", ("2027",), "One")
    path = write_book(tmp_path, Sheet("One", "", (Beside((chart, chart)), make_money())))
    first, second = (one.anchor for one in read_formulas(path)["One"]._charts)
    assert (first.to.col, first.to.colOff) <= (second._from.col, second._from.colOff)
    assert first._from.row == second._from.row
    assert first.to.row < find_cell(read_values(path)["One"], "who").row


# Printed pages.


def make_long(rows, name="long"):
    columns = (Column("name"), Column("a", "number"))
    return Table(name, columns, tuple((f"n{i}", i) for i in range(rows)), note="Its note.")


@pytest.mark.medium
def test_a_long_table_prints_its_first_rows_and_says_so(tmp_path):
    sheet = read_values(write_book(tmp_path, Sheet("One", "", (make_long(3970),))))["One"]
    head = find_cell(sheet, "a")
    told = find_cell(sheet, "50 of 3,970 rows are printed; all stand in this sheet.")
    assert told.row < head.row
    assert find_cell(sheet, "Its note.").row < head.row
    (area,) = sheet.print_area.split(",")
    assert range_boundaries(area.rpartition("!")[2])[1::2] == (1, head.row + 50)
    assert sheet.cell(head.row + 3970, 2).value == 3969
    assert sheet.print_title_rows == f"${head.row}:${head.row}"


def test_what_stands_below_a_long_table_is_printed(tmp_path):
    path = write_book(tmp_path, Sheet("It's", "", (make_long(300), Note("And then."), make_long(
        3, "more"))))  # fmt: skip
    sheet = read_values(path)["It's"]
    areas = [range_boundaries(one.rpartition("!")[2]) for one in sheet.print_area.split(",")]
    (_, top, _, bottom), (_, begin, _, end) = areas
    assert top == 1
    assert begin <= find_cell(sheet, "And then.").row <= end
    assert begin > bottom + 200


def test_a_short_table_is_printed_whole(tmp_path):
    sheet = read_values(write_book(tmp_path, Sheet("One", "", (make_long(200),))))["One"]
    assert not sheet.print_area


@pytest.mark.parametrize(("rows", "is_below"), [(30, True), (31, False)])
def test_what_a_table_says_stands_below_it_where_that_is_seen(tmp_path, rows, is_below):
    sheet = read_values(write_book(tmp_path, Sheet("One", "", (make_long(rows),))))["One"]
    assert (find_cell(sheet, "Its note.").row > find_cell(sheet, "n0").row) == is_below


def test_the_first_sheet_is_printed_on_one_page_and_the_others_as_wide_as_one(tmp_path):
    path = write_book(tmp_path, *(Sheet(name, "", (make_long(40, name),)) for name in "ab"))
    book = read_values(path)
    setups = [book[name].page_setup for name in "ab"]
    # What is not told is one.
    assert [one.fitToHeight for one in setups] == [None, 0]
    assert [one.fitToWidth for one in setups] == [None, None]
    # Longer than a page that lies, and not wider than one that stands shows.
    assert all(one.orientation == "portrait" and one.paperSize == 9 for one in setups)


def test_the_first_sheet_goes_on_where_one_page_could_not_be_read():
    rows = PrintedRows()
    assert rows.choose_paper(25, 500) is LANDSCAPE
    assert rows.choose_paper(60, 500) is PORTRAIT
    assert rows.choose_paper(60, 1200) is LANDSCAPE
    assert rows.fits_one_page(80, 700, PORTRAIT)
    assert not rows.fits_one_page(90, 700, PORTRAIT)
    assert not rows.fits_one_page(60, 1600, LANDSCAPE)


def test_a_wide_table_is_printed_so_that_it_can_be_read(tmp_path):
    columns = (Column("who"), Column("name"), *(Column(f"c{i}", "count") for i in range(50)))
    table = Table("t", columns, (("x", "y", *range(50)),), in_view=2)
    sheet = read_values(write_book(tmp_path, Sheet("One", "", (table,))))["One"]
    assert sheet.page_setup.scale == 70
    assert sheet.print_title_cols == "$A:$B"


@pytest.mark.medium
def test_columns_beyond_the_limits_of_a_sheet_are_told(tmp_path):
    count = 16_390
    columns = (Column("who"), *(Column(f"c{i}", "count") for i in range(count)))
    path = write_book(tmp_path, Sheet("One", "", (Table("t", columns, (("x", *range(count)),)),)))
    sheet = read_values(path)["One"]
    assert sheet.max_column == 16_384
    told = [row[0].value for row in sheet.iter_rows(max_col=1) if row[0].value]
    assert any(text.startswith("7 further columns, from c16383 on, would") for text in told)


@given(
    blocks=st.lists(
        st.tuples(st.integers(1, 70), st.integers(0, 6), st.integers(15, 40)), max_size=12
    ),
    width=st.floats(300, 3000),
)
def test_pages_end_between_blocks_where_blocks_find_room(blocks, width):
    rows, room, row = PrintedRows(), LANDSCAPE.high * max(1.0, width / LANDSCAPE.wide), 0
    kept = []
    for size, gap, height in blocks:
        rows.keep(row, row + size - 1)
        kept.append((row, row + size - 1))
        rows.heights[row] = float(height)
        row += size + gap
    last = max(0, row - 1)
    breaks = rows.find_breaks(last, width)
    assert breaks == sorted(set(breaks))
    for begin, end in pairwise([0, *breaks, last + 1]):
        assert sum(map(rows.height, range(begin, end))) <= room
    for first, end in kept:
        if sum(map(rows.height, range(first, end + 1))) <= 0.96 * room:
            assert not [at for at in breaks if first < at <= end]


def test_a_table_is_parted_rather_than_a_page_left_empty():
    rows, room = PrintedRows(), int(0.96 * LANDSCAPE.high / 15)
    rows.keep_table(5, 6, 5 + room - 2)
    # Its page begins with five rows of the sheet's head.
    assert rows.find_breaks(room + 5, LANDSCAPE.wide) == [room]
    rows = PrintedRows()
    rows.keep_table(room - 5, room - 4, room + 5)
    assert rows.find_breaks(room + 5, LANDSCAPE.wide) == [room - 5]


def test_a_heading_stays_with_the_first_rows_of_its_table():
    rows, room = PrintedRows(), int(0.96 * LANDSCAPE.high / 15)
    rows.keep_table(room - 3, room - 2, 3 * room)
    assert rows.find_breaks(room + 1, LANDSCAPE.wide) == [room - 3]


# The audit.


def test_the_audit_is_a_sheet():
    def line(rule, result, worst=0.0, sentence=""):
        return AuditLine(
            "budgets", rule, result, 0 if result == LEFT_OUT else 3, worst, "A", sentence
        )

    lines = (
        line("held", HOLDS, 1e-12, "1e-12 <= 0"),
        line("broken", FAILED, 0.4, "5 <= 3"),
        line("silent", NOT_AUDITED),
        line("elsewhere", LEFT_OUT, sentence="it is held by another"),
    )
    sheet = show_audit(Audit(lines))
    notes = [(one.text, one.mark) for one in sheet.blocks if isinstance(one, Note)]
    assert notes == [
        ("THE AUDIT FAILED in 1 rules: do not use this plan.", "bad"),
        ("NOT AUDITED: budgets.silent.", "warn"),
        ("Not audited: budgets.elsewhere, because it is held by another.", None),
    ]
    (table,) = sheet.tables
    assert table.column("rule") == ["held", "broken", "silent", "elsewhere"]
    assert table.column("worst") == [1e-12, 0.4, 0.0, None]
    assert table.column("sentence")[:2] == ["0 <= 0", "5 <= 3"]
    assert table.marks == {
        (0, "result"): "good", (1, "result"): "bad", (2, "result"): "warn", (3, "result"): "warn",
    }  # fmt: skip
    assert [one.text for one in show_audit(None).blocks] == ["There is no plan to audit."]


def test_sheets_of_notes_alone_are_written(tmp_path):
    path = write_book(tmp_path, Sheet("A", "", (Note("Nothing."),)), Sheet("B", "Said."))
    assert read_values(path).sheetnames[:2] == ["A", "B"]
