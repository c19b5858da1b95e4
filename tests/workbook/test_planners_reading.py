"""Workbooks as other programs and planners write them: read right, or refused with the truth.

Each is the example alliance with one change, so that what it must hold is what the alliance holds,
but for that change. The table of the cases is ``tests/cases/planners/README.md``.
"""

from __future__ import annotations

import io
import time
import warnings
import zipfile
from datetime import datetime
from functools import cache

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.table import Table as SheetTable
from packing import (
    BOOK,
    BOOK_RELATIONS,
    MAIN,
    OFFICE,
    SHEET,
    SHEET_RELATIONS,
    STRINGS,
    STYLES,
    TYPES,
    bytes_of,
    edited,
    good,
    pack,
    parts_of,
    relations_of,
    sheet_of,
    with_part,
    with_parts,
    with_rows,
)
from paths import TESTS

import cssopt
from cssopt.errors import DataError
from cssopt.tables.convert import convert_cell
from cssopt.tables.raw import MERGED, RawBook, RawCell
from cssopt.tables.spec import Column
from cssopt.workbook import book as book_module
from cssopt.workbook.book import read_book
from cssopt.workbook.gate.limits import Budget

CASES = TESTS / "cases" / "planners"


def values_of(book: RawBook) -> dict[str, object]:
    """All values of a book by their cells."""
    return {
        cell.where: cell.value
        for sheet in book.sheets.values()
        for row in sheet.rows
        for cell in row
        if cell.value is not None
    }


@cache
def tables_of(name: str) -> dict[str, dict]:
    """What the model reads of a case."""
    data = cssopt.load(CASES / f"{name}.xlsx").data
    return {table: data.tables[table].columns for table in data.tables}


def changes(name: str) -> dict[tuple[str, str], dict]:
    """Table and column of what a case holds otherwise than the alliance, with what it holds."""
    base, found = tables_of("00-alliance"), tables_of(name)
    assert base.keys() == found.keys()
    return {
        (table, column): cells
        for table, columns in found.items()
        for column, cells in columns.items()
        if cells != base[table][column]
    }


def issues_of(name: str) -> list[str]:
    return [str(issue) for issue in cssopt.check(CASES / f"{name}.xlsx").issues]


# --- the table of the cases


@pytest.mark.medium
@pytest.mark.parametrize(
    "name",
    [
        "20-r-openxlsx-dangling-drawing",
        "22-pivot-table-with-groups",
        "23-formula-that-gives-nothing",
        "23b-prepared-rows-of-formulas",
        "24a-styles-empty-fill",
        "24b-styles-font-family",
        "24d-custom-property-without-name",
        "25-picture-null-only-with-pillow",
        "26-libreoffice-whole-row-format",
        "27-wide-sheet-that-is-not-read",
        "28-sharedstrings-with-a-capital",
        "31-backslashes-in-the-archive",
        "32-parts-in-the-root",
        "34-number-formats-taken-for-dates",
    ],
)
def test_what_inputs_do_not_need_changes_nothing(name):
    assert not issues_of(name)
    assert not changes(name)


def test_01_a_number_in_a_date_format_is_the_number():
    """Sixty days are sixty, also where the cell shows the 60th day of 1900: the 29th of February,
    which Excel's calendar has and no other."""
    days = list(tables_of("01-day-60-in-a-date-format")["requirements"]["day"].values())
    was = list(tables_of("00-alliance")["requirements"]["day"].values())
    assert [(a, b) for a, b in zip(was, days, strict=True) if a != b] == [(30.0, 60.0)]


@pytest.mark.slow
def test_01_what_such_an_alliance_spends():
    """The figure of the case, which was found with the day typed plainly."""
    name = "01-day-60-in-a-date-format"
    plan = cssopt.solve(cssopt.load(CASES / f"{name}.xlsx"))
    assert plan.objective == pytest.approx(8_273.1, abs=0.05)


def test_03_a_number_in_place_of_a_result_is_not_taken():
    (issue,) = issues_of("03-formulas-of-xlsxwriter-zero")
    assert issue.startswith("E-106 inventory!C6")
    assert "let it calculate, and save it" in issue


def test_08_escapes_of_signs_are_read_and_then_tidied():
    changed = changes("08-x000D-in-names")
    assert set(changed) <= {("members", "name")}
    notes = cssopt.check(CASES / "08-x000D-in-names.xlsx").notes
    assert any(n.code == "N-101" and n.where == "members!A6" for n in notes)


def test_11_cells_without_addresses_follow_one_another():
    (issue,) = issues_of("11-marked-copy-loses-the-value")
    assert issue.startswith("E-110 inventory!C6 units = -3 ")


def test_21_there_are_macros_only_where_there_is_a_part_with_them():
    """The file has its headers in the first row, and the same slip as case 11."""
    (issue,) = issues_of("21-sheetjs-is-told-to-have-macros")
    assert issue.startswith("E-110 inventory!C2 units = -3 ")


def test_33_a_bit_of_noise_comes_as_it_is_stored():
    book = read_book((CASES / "33-a-bit-of-float-noise-share.xlsx").read_bytes(), "book.xlsx")
    assert values_of(book)["readiness!D6"] == 1.0000000000000002


def test_36_a_label_is_no_password():
    with pytest.raises(DataError) as caught:
        cssopt.check(CASES / "36-sensitivity-label-told-as-password.xlsx")
    (issue,) = caught.value.issues
    assert issue.code == "E-012"
    assert "sensitivity label" in issue.text
    assert "save a copy" in issue.text


def test_60_a_formula_that_was_never_calculated():
    (issue,) = issues_of("60-formula_no_cache")
    assert issue.startswith("E-106 members!D6 gdp")
    assert "let it calculate, and save it" in issue


# --- packages


def read(content: bytes) -> RawBook:
    return read_book(content, "book.xlsx")


def same_as_good(content: bytes) -> bool:
    return values_of(read(content)) == values_of(read(good()))


def renamed(names: dict[str, str]) -> bytes:
    return pack({names.get(name, name): part for name, part in parts_of(good()).items()})


def test_names_of_parts_are_compared_as_the_standard_says():
    assert values_of(read(good()))["data!B2"] == 4
    assert same_as_good(renamed({SHEET: SHEET.upper(), BOOK: "XL/Workbook.XML"}))
    assert same_as_good(renamed({SHEET: SHEET.replace("/", "\\")}))
    assert same_as_good(renamed({SHEET: f"./{SHEET}"}))
    assert same_as_good(
        pack(
            {
                **parts_of(renamed({SHEET: "xl/worksheets/mein Blatt.xml"})),
                BOOK_RELATIONS: relations_of(("rId1", "worksheet", "worksheets/mein%20Blatt.xml")),
            }
        )
    )


@pytest.mark.parametrize("target", ["/xl/worksheets/sheet1.xml", "../xl/worksheets/sheet1.xml"])
def test_targets_are_absolute_or_relative(target):
    assert same_as_good(with_part(BOOK_RELATIONS, relations_of(("rId1", "worksheet", target))))


def test_the_workbook_is_found_by_its_relation_wherever_it_is():
    parts = parts_of(good())
    moved = {
        "_rels/.rels": relations_of(("rId1", "officeDocument", "somewhere/else.xml")),
        "somewhere/else.xml": parts.pop(BOOK),
        "somewhere/_rels/else.xml.rels": parts.pop(BOOK_RELATIONS).replace(
            b'Target="worksheets/', b'Target="/xl/worksheets/'
        ),
    }
    assert same_as_good(pack({**parts, **moved}))


def test_folders_in_the_archive_are_no_parts():
    content = io.BytesIO(good())
    with zipfile.ZipFile(content, "a") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for _ in range(2):
            archive.writestr("xl/", b"")
    assert same_as_good(content.getvalue())


def test_content_types_of_what_is_not_read_do_not_matter():
    types = parts_of(good())[TYPES].decode()
    odd = '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>'
    assert same_as_good(with_part(TYPES, types.replace("</Types>", odd)))


def test_both_forms_of_the_standard_are_read():
    transitional = MAIN.encode(), OFFICE.encode()
    strict = (
        b"http://purl.oclc.org/ooxml/spreadsheetml/main",
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
    )
    parts = parts_of(good())
    for name, part in parts.items():
        for old, new in zip(transitional, strict, strict=True):
            part = part.replace(old, new)
        parts[name] = part
    assert same_as_good(pack(parts))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "shift_jis", "windows-1252"])
def test_encodings_that_can_be_read_are_read(encoding):
    declared = encoding.removesuffix("-sig")
    sheet = sheet_of('<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>')
    text = f'<?xml version="1.0" encoding="{declared}"?>{sheet}'
    assert values_of(read(with_part(SHEET, text.encode(encoding)))) == {"data!A1": "a"}


def test_a_sheet_that_is_at_fault_leaves_the_others_alone():
    book = Workbook()
    book.active["A1"] = 7
    book.create_sheet("broken")["A1"] = 8
    parts = parts_of(bytes_of(book))
    parts.pop("xl/worksheets/sheet2.xml")
    sheets = read(pack(parts)).sheets
    assert sheets["Sheet"].rows[0][0].value == 7
    assert sheets["Sheet"].fault is None
    assert sheets["broken"].fault.code == "E-006"


def test_charts_and_dialogs_are_no_tables():
    parts = parts_of(with_parts({"xl/chartsheets/a.xml": f'<chartsheet xmlns="{MAIN}"/>'}))
    more = relations_of(("rId77", "chartsheet", "chartsheets/a.xml")).partition(">")[2]
    parts[BOOK_RELATIONS] = parts[BOOK_RELATIONS].replace(b"</Relationships>", more.encode())
    listed = f'<sheet xmlns:r="{OFFICE}" name="c" sheetId="9" r:id="rId77"/></sheets>'
    parts[BOOK] = parts[BOOK].replace(b"</sheets>", listed.encode())
    assert list(read(pack(parts)).sheets) == ["data"]


# --- cells


def cell(inside: str, attributes: str = "") -> object:
    """The one cell of a sheet with this content."""
    rows = f'<row r="1"><c r="A1" {attributes}>{inside}</c></row>'
    sheet = read(with_rows(rows)).sheets["data"]
    assert sheet.fault is None
    return sheet.rows[0][0] if sheet.rows else None


@pytest.mark.parametrize(
    ("inside", "attributes", "value"),
    [
        ("<v>60</v>", "", 60),
        ("<v>6E1</v>", 't="n"', 60.0),
        ("<v>-0.25</v>", "", -0.25),
        ("<v>1</v>", 't="b"', True),
        ("<v>0</v>", 't="b"', False),
        ("<v>4</v>", 't="str"', "4"),
        ("<is><t>plain</t></is>", 't="inlineStr"', "plain"),
        ("<is><r><t>ri</t></r><r><t>ch</t></r></is>", 't="inlineStr"', "rich"),
        ('<is><t>K</t><rPh sb="0" eb="1"><t>kana</t></rPh></is>', 't="inlineStr"', "K"),
        ("<is><t>a_x000D_b</t></is>", 't="inlineStr"', "a\rb"),
        ("<is><t>a_x005F_x000D_b</t></is>", 't="inlineStr"', "a_x000D_b"),
        ("<is><t>_xD83C__xDDEA_</t></is>", 't="inlineStr"', "\U0001f1ea"),
    ],
)
def test_values_are_those_that_are_stored(inside, attributes, value):
    found = cell(inside, attributes)
    assert found.value == value
    assert type(found.value) is type(value)
    assert not found.trouble
    assert not found.formula


@pytest.mark.parametrize(
    ("inside", "attributes"),
    [
        ("", 's="0"'),
        ("<v></v>", ""),
        ("", 't="s"'),
        ("<is><t/></is>", 't="inlineStr"'),
        ("<is><t> </t></is>", 't="inlineStr"'),
        ("<v></v>", 't="str"'),
    ],
)
def test_cells_that_hold_nothing_count_for_nothing(inside, attributes):
    assert cell(inside, attributes) is None


@pytest.mark.parametrize("value", ["<v></v>", "<v/>"])
def test_a_formula_that_gives_an_empty_text_is_a_blank(value):
    found = cell(f"<f>IF(B1,1,&quot;&quot;)</f>{value}", 't="str"')
    assert (found.value, found.trouble, found.formula) == (None, "", True)


@pytest.mark.parametrize(
    ("inside", "attributes", "words"),
    [
        ("<f>B1</f>", "", "a formula without a stored value"),
        # R's openxlsx and Go's Excelize write every formula so: no value at all is no empty text.
        ("<f>B1</f>", 't="str"', "a formula without a stored value"),
        ("<f t='shared' si='0'/><v/>", "", "a formula without a stored value"),
        ("<v>#DIV/0!</v>", 't="e"', "an error value"),
        ("<v>1_000</v>", "", "a number stored as '1_000', which is none"),
        ("<v>\u0661</v>", "", "which is none"),
        ("<v>NaN</v>", "", "a number stored as 'NaN', which is none"),
        ("<v>-INF</v>", "", "a number stored as '-INF', which is none"),
        ("<v>x</v>", 't="b"', "of the kind 'b'"),
        ("<v>x</v>", 't="zz"', "of the kind 'zz'"),
        ("<v>yesterday</v>", 't="d"', "of the kind 'd'"),
    ],
)
def test_what_cannot_be_used_is_trouble_of_the_cell(inside, attributes, words):
    assert words in cell(inside, attributes).trouble


@pytest.mark.parametrize(
    ("inside", "code"), [(f"<v>{'9' * 309}</v>", "E-102"), ("<v>#N/A</v>", "E-106")]
)
def test_a_number_that_is_none_is_told_as_any_other_that_is_none(inside, code):
    attributes = 't="e"' if "#" in inside else ""
    gdp = Column(name="gdp", kind="number", help="Income.", measure="million per year")
    assert convert_cell(cell(inside, attributes), gdp).issue.code == code


@pytest.mark.parametrize(
    ("rows", "where", "words"),
    [
        ('<row r="1"><c r="A1" t="s"><v>9</v></c></row>', "data!A1", "its text is missing"),
        ('<row r="1"><c r="A1"><is><t>1</t></is></c></row>', "data!A1", "has a text where"),
        ('<row r="1"><c r="B1"/><c r="B1"><v>1</v></c></row>', "data!B1", "stands twice"),
        ('<row r="2"><c r="A2"><v>1</v></c></row>' * 2, "data!A2", "stands twice"),
        ('<row r="1"><c r="A1"><v>1</v><v>2</v></c></row>', "data!A1", "two values"),
        ('<row r="1"><c r="A2"><v>1</v></c></row>', "data!A2", "among the cells of row 1"),
        ('<row r="1"><c r="B1"><v>1</v></c><c r="A1"/><c><v>2</v></c></row>', "data!B1", "twice"),
        ('<row r="1"><c r="A1" t="inlineStr"><v>1</v></c></row>', "data!A1", "a number where"),
        ('<c r="A1"><v>1</v></c>', "data", "it has 'c' where none may be"),
    ],
)
def test_what_can_be_read_in_two_ways_is_a_fault_of_the_sheet(rows, where, words):
    fault = read(with_rows(rows)).sheets["data"].fault
    assert (fault.code, fault.where) == ("E-006", where)
    assert words in fault.text


def test_rows_and_cells_stand_where_their_addresses_say():
    rows = (
        '<row r="3"><c r="B3"><v>2</v></c><c r="A3"><v>1</v></c></row>'
        '<row r="1"><c><v>3</v></c><c r="D1"><v>4</v></c><c><v>5</v></c></row>'
        "<row><c><v>6</v></c></row>"
    )
    expected = {"A3": 1, "B3": 2, "A1": 3, "D1": 4, "E1": 5, "A2": 6}
    assert values_of(read(with_rows(rows))) == {f"data!{k}": v for k, v in expected.items()}


def test_a_row_without_a_number_has_that_of_its_cells():
    assert values_of(read(with_rows('<row><c r="A7"><v>1</v></c></row>'))) == {"data!A7": 1}
    rows = '<row/><row><c><v>1</v></c><c r="D2"><v>2</v></c></row>'
    assert values_of(read(with_rows(rows))) == {"data!A2": 1, "data!D2": 2}


def test_elements_of_extensions_are_passed_over():
    space = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    rows = (
        f'<row r="1" xmlns:mc="{space}"><mc:AlternateContent><mc:Choice Requires="x">'
        '<c r="A1"><v>1</v></c></mc:Choice><mc:Fallback><c r="A1"><v>2</v></c></mc:Fallback>'
        '</mc:AlternateContent><c r="B1"><v>3</v><x:y xmlns:x="z"><x:v>9</x:v></x:y></c></row>'
    )
    assert values_of(read(with_rows(rows))) == {"data!A1": 2, "data!B1": 3}


# --- the workbook


def calculated(settings: str) -> bytes:
    rows = '<row r="1"><c r="A1"><f>1+1</f><v>0</v></c><c r="B1"><v>3</v></c></row>'
    parts = parts_of(with_rows(rows))
    head, _, rest = parts[BOOK].partition(b"<calcPr")
    rest = rest.partition(b"/>")[2]
    return pack({**parts, BOOK: head + f"<calcPr {settings}/>".encode() + rest})


def test_results_that_are_stored_count():
    first = read(calculated("")).sheets["data"].rows[0][0]
    assert (first.value, first.trouble, first.formula) == (0, "", True)


@pytest.mark.parametrize("settings", ['fullCalcOnLoad="1"', 'calcCompleted="0"'])
def test_results_that_are_still_to_come_are_trouble(settings):
    book = read(calculated(settings))
    first, second = book.sheets["data"].rows[0]
    assert first.value is None
    assert "still to be calculated" in first.trouble
    assert (second.value, second.trouble) == (3, "")


def test_a_workbook_that_calculates_by_hand_is_doubted():
    book = read(calculated('calcMode="manual"'))
    assert book.sheets["data"].rows[0][0].value == 0
    (doubt,) = book.doubts
    assert doubt.code == "W-021"
    assert not read(calculated('calcMode="auto"')).doubts


def test_without_the_part_of_formats_dates_cannot_be_told():
    parts = parts_of(good())
    del parts[STYLES]
    book = read(pack(parts))
    assert values_of(book) == values_of(read(good()))
    assert [doubt.code for doubt in book.doubts] == ["W-022"]


@pytest.mark.parametrize(
    "part", ["", "garbage", "<other/>", f'<styleSheet xmlns="{MAIN}"><cellXfs>']
)
def test_a_damaged_part_of_formats_leaves_the_tables(part):
    book = read(with_part(STYLES, part))
    assert values_of(book) == values_of(read(good()))
    (doubt,) = book.doubts
    assert doubt.code == "W-022"
    assert STYLES in doubt.text


def dated(value: object, number_format: str, epoch_1904: bool = False) -> object:
    book = Workbook()
    if epoch_1904:
        book.epoch = datetime(1904, 1, 1)
    book.active["A1"] = value
    book.active["A1"].number_format = number_format
    return read(bytes_of(book)).sheets["Sheet"].rows[0][0]


def test_dates_are_numbers_with_a_date_beside():
    assert (dated(60, "d").value, dated(60, "d").date) == (60, "1900-02-29")
    assert dated(59, "d").date == "1900-02-28"
    assert dated(61, "d").date == "1900-03-01"
    assert dated(46388, "yyyy-mm-dd").date == "2027-01-01"
    assert dated(44926, "yyyy-mm-dd", epoch_1904=True).date == "2027-01-01"
    assert dated(0.25, "hh:mm").date == "06:00:00"


@pytest.mark.parametrize(
    ("epoch", "number"), [("", 46388.0), ("<workbookPr date1904='1'/>", 44926.0)]
)
def test_dates_that_are_stored_as_text(epoch, number):
    parts = parts_of(with_rows('<row r="1"><c r="A1" t="d"><v>2027-01-01</v></c></row>'))
    if epoch:
        head, _, rest = parts[BOOK].partition(b"<workbookPr")
        parts[BOOK] = head + epoch.encode() + rest.partition(b"/>")[2]
    found = read(pack(parts)).sheets["data"].rows[0][0]
    assert (found.value, found.date) == (number, "2027-01-01")


def test_what_is_hidden_merged_or_a_total_is_known():
    book = Workbook()
    sheet = book.active
    for row in (["a", "b", "c"], [1, 2, 3], [4, 5, 6], [5, 7, 9]):
        sheet.append(row)
    sheet.row_dimensions[2].hidden = True
    sheet.column_dimensions["B"].hidden = True
    sheet.merge_cells("A5:A6")  # and as other programs write it, below
    sheet["A5"] = "noted"
    sheet.add_table(SheetTable(displayName="T", ref="A1:C4", totalsRowCount=1))
    parts = parts_of(bytes_of(book))
    assert b'<row r="3">' in parts[SHEET]
    parts[SHEET] = parts[SHEET].replace(b'<row r="3">', b'<row r="3" ht="0" customHeight="1">')
    assert b'ref="A5:A6"' in parts[SHEET]
    parts[SHEET] = parts[SHEET].replace(b'ref="A5:A6"', b'ref="$a$6:$a$5"')
    assert b"</cols>" in parts[SHEET]
    parts[SHEET] = parts[SHEET].replace(b"</cols>", b'<col min="3" max="3" width="0"/></cols>')
    read_sheet = read(pack(parts)).sheets["Sheet"]
    assert read_sheet.hidden_rows == {1, 2}
    assert read_sheet.hidden_columns == {1, 2}
    assert read_sheet.totals_rows == {3}
    assert read_sheet.merged == ("A5:A6",)
    assert read_sheet.rows[5][0].trouble == MERGED


def test_a_table_whose_part_is_missing_or_damaged_is_a_fault_of_its_sheet():
    book = Workbook()
    book.active.append(["a"])
    book.active.append([1])
    book.active.add_table(SheetTable(displayName="T", ref="A1:A2", totalsRowCount=1))
    parts = parts_of(bytes_of(book))
    (table,) = (name for name in parts if "/tables/" in name)
    fault = read(pack({**parts, table: b"garbage"})).sheets["Sheet"].fault
    assert (fault.code, fault.where) == ("E-006", "Sheet")
    fault = read(pack({**parts, SHEET_RELATIONS: b"garbage"})).sheets["Sheet"].fault
    assert (fault.code, fault.where) == ("E-006", "Sheet")
    del parts[table]
    fault = read(pack(parts)).sheets["Sheet"].fault
    assert fault.code == "E-006"
    assert "row of totals" in fault.text


def test_a_shared_string_is_read_by_its_place():
    texts = "<si><t>first</t></si><si><r><t>sec</t></r><r><t>ond</t></r></si>"
    parts = parts_of(with_rows('<row r="1">\n<c r="A1" t="s">\n<v>\n1 </v>\n</c>\n</row>'))
    parts[STRINGS] = f'<sst xmlns="{MAIN}">{texts}</sst>'.encode()
    assert values_of(read(pack(parts))) == {"data!A1": "second"}


def test_links_to_the_outside_are_no_sheets():
    inside = relations_of(("rId1", "worksheet", "worksheets/sheet1.xml"))
    outside = inside.replace("<Relationship ", '<Relationship TargetMode="External" ')
    assert read(with_part(BOOK_RELATIONS, outside)).sheets["data"].fault.code == "E-006"
    assert read(with_part(SHEET_RELATIONS, "<broken")).sheets["data"].fault is None


def test_two_sheets_of_one_name_are_refused():
    twice = f'<sheet xmlns:r="{OFFICE}" name="data" sheetId="9" r:id="rId9"/></sheets>'
    with pytest.raises(DataError, match="two sheets are named 'data'"):
        read(edited(BOOK, "</sheets>", twice))


def test_data_pasted_beside_the_input_leaves_it_alone(monkeypatch):
    """A first sheet that no model reads has more than is read of a workbook, a small one less."""
    monkeypatch.setattr(book_module, "Budget", lambda name: Budget(name, elements=2_000))
    book = Workbook()
    book.active.title = "source"
    sheet = book.create_sheet("input")
    for value in ("units", 7, 7):
        sheet.append([value])
    sheet.add_table(SheetTable(displayName="T", ref="A1:A3", totalsRowCount=1))
    rows = (f'<row r="{i}">{"<c><v>1</v></c>" * 10}</row>' for i in range(1, 1_000))
    parts = {**parts_of(bytes_of(book)), SHEET: sheet_of("".join(rows))}
    sheets = read(pack(parts)).sheets
    assert list(sheets) == ["source", "input"]
    assert sheets["source"].fault.code == "E-003"
    assert [cell.value for row in sheets["input"].rows for cell in row] == ["units", 7, 7]
    assert sheets["input"].totals_rows == {2}
    assert sheets["input"].fault is None


def test_marks_without_end_over_one_letter_take_no_time():
    """Accents are put in order in quadratic time: seventeen seconds for 65,000 of them."""
    marks = "a" + "\u0323\u0301" * 32_500
    begun = time.process_time()
    for kind in ("text", "number", "flag", "any"):
        converted = convert_cell(
            RawCell(marks, "data!A1"), Column(name="a", kind=kind, help="What it is.")
        )
        assert converted.issue.code in ("E-102", "E-104", "E-105")
    assert time.process_time() - begun < 1
