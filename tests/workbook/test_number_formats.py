"""Which numbers a spreadsheet shows as dates: by the codes of their format, and by nothing else."""

from __future__ import annotations

import pytest
from packing import MAIN, STYLES, parts_of, with_rows
from packing import pack as pack_parts

from cssopt.workbook.book import read_book
from cssopt.workbook.number_formats import find_date_format, read_iso_date, show_date

DATES = [
    "d", "m/d/yy", "yyyy-mm-dd", "dd.mm.yyyy", "mmm yy", "hh:mm", "h:mm AM/PM", "hAM/PM", "mm:ss.0",
    "[h]:mm:ss", "[mm]:ss.00", "[$-409]d-mmm-yy;@", "[Red]yyyy", '"on "d/m', r"yyyy\年", "yyyymmdd",
    "[$-411]ge.m.d", "bbbb", "YYYY", "aaa", "TT.MM.JJJJ", "m_)", "[$-F800]dddd, mmmm dd, yyyy",
]  # fmt: skip
NUMBERS = [
    "General", "Standard", "GENERAL", "0", "#,##0", "0.00%", "#,##0 SEK", '0 "days"', "0 days", "@",
    "# ?/?", "0.00E+00", '#,##0.00 "Mio. d"', r"0\d", "0_d", "*d0", "[Red]0", "[$€-407]#,##0",
    '"yyyy"', "[Blue]General", 'General "d"', "0;[Red]-0", "[>=1000]0,;0", "Estándar", "Vakio",
    "[DBNum1]General", "G/通用格式", "", ";;;", "0.0##", 'd "of" 00',
]  # fmt: skip


@pytest.mark.parametrize("code", DATES)
def test_codes_of_dates_and_times_show_dates(code):
    found = find_date_format(code)
    assert found is not None
    assert found.shows_date(46_388.0)


@pytest.mark.parametrize("code", NUMBERS)
def test_texts_colors_and_places_for_digits_show_numbers(code):
    assert find_date_format(code) is None


def test_the_section_that_holds_for_a_number_decides():
    by_sign = find_date_format("yyyy;-0;0")
    assert [by_sign.shows_date(value) for value in (5.0, -5.0, 0.0)] == [True, False, False]
    by_size = find_date_format("[<20000]0;yyyy-mm-dd")
    assert [by_size.shows_date(value) for value in (60.0, 46_388.0)] == [False, True]


@pytest.mark.parametrize(
    ("number", "first_1900", "first_1904"),
    [
        (1, "1900-01-01", "1904-01-02"),
        (59, "1900-02-28", "1904-02-29"),
        (60, "1900-02-29", "1904-03-01"),
        (61, "1900-03-01", "1904-03-02"),
        (44_926, "2022-12-31", "2027-01-01"),
        (46_388, "2027-01-01", "2031-01-02"),
        (2_958_465, "9999-12-31", ""),
        (2_958_466, "", ""),
        (-1, "", ""),
        (0.75, "18:00:00", "1904-01-01"),
    ],
)
def test_the_date_is_the_one_of_the_calendar_of_the_workbook(number, first_1900, first_1904):
    """Days of Excel's own calendar, in which 1900 is a leap year (ECMA-376, 18.17.4.1)."""
    assert show_date(number, from_1904=False) == first_1900
    assert show_date(number, from_1904=True) == first_1904


def test_dates_that_are_stored_as_texts_are_numbers():
    assert read_iso_date("2027-01-01", from_1904=False) == (46_388.0, "2027-01-01")
    assert read_iso_date("2027-01-01T12:00:00Z", from_1904=True) == (44_926.5, "2027-01-01")
    assert read_iso_date("06:00:00", from_1904=False) == (0.25, "06:00:00")
    assert read_iso_date("3/4", from_1904=False) is None
    assert read_iso_date("2027-13-01", from_1904=False) is None


@pytest.mark.parametrize(
    ("number", "is_date"),
    [
        *((number, True) for number in (14, 22, 27, 36, 45, 47, 50, 58)),
        *((number, False) for number in (0, 1, 13, 23, 37, 44, 48, 49, 59, 164)),
    ],
)
def test_formats_that_spreadsheets_know_by_number(number, is_date):
    """The numbers of the standard (ECMA-376, 18.8.30)."""
    parts = parts_of(with_rows('<row r="1"><c r="A1" s="1"><v>60</v></c></row>'))
    formats = f'<cellXfs><xf numFmtId="0"/><xf numFmtId="{number}"/></cellXfs>'
    parts[STYLES] = f'<styleSheet xmlns="{MAIN}">{formats}</styleSheet>'.encode()
    cell = read_book(pack_parts(parts), "book.xlsx").sheets["data"].rows[0][0]
    assert cell.value == 60
    assert bool(cell.date) is is_date


def test_an_own_format_takes_the_place_of_one_known_by_number():
    parts = parts_of(with_rows('<row r="1"><c r="A1" s="0"><v>60</v></c></row>'))
    formats = (
        '<numFmts><numFmt numFmtId="14" formatCode="0.0"/></numFmts>'
        '<cellXfs><xf numFmtId="14"/></cellXfs>'
    )
    parts[STYLES] = f'<styleSheet xmlns="{MAIN}">{formats}</styleSheet>'.encode()
    assert not read_book(pack_parts(parts), "book.xlsx").sheets["data"].rows[0][0].date
