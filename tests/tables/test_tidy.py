"""What is tidied is tidied with a note; what can mean two things is refused."""

from __future__ import annotations

import pytest
from books import make_raw
from hypothesis import given, settings
from hypothesis import strategies as st
from test_check import COUNTRIES, GOOD, TABLES, Column, Table

from cssopt.tables.check import check_book
from cssopt.tables.convert import convert_cell, quote
from cssopt.tables.numbers import AmbiguousNumberError, NumberStyle, find_mark, read_number
from cssopt.tables.raw import NO_VALUE, STALE_VALUE, RawBook, RawCell, RawSheet
from cssopt.tables.scenarios import SCENARIOS
from cssopt.tables.spec import merge_tables
from cssopt.tables.tidy import fold_name, tidy_text


def check_sheets(**changed):
    return check_book(make_raw({**GOOD, **changed}), TABLES)


def notes_of(checked, code):
    return [str(note) for note in checked.notes if note.code == code]


def with_cell(sheet, row, column, cell):
    """The good book with one raw cell in place of another."""
    raw = make_raw(GOOD)
    rows = [list(cells) for cells in raw.sheets[sheet].rows]
    rows[row - 1][column - 1] = cell
    sheets = {**raw.sheets, sheet: RawSheet(sheet, tuple(map(tuple, rows)))}
    return check_book(RawBook(raw.source, raw.digest, sheets), TABLES)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("5", 5.0),
        ("+5", 5.0),
        (" 20 % ", 0.2),
        ("0,25", 0.25),
        ("0,125", 0.125),
        ("0.125", 0.125),
        ("1,5", 1.5),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("1,234,567", 1234567.0),
        ("1.234.567", 1234567.0),
        ("12 345", 12345.0),
        ("1\u00a0234,5", 1234.5),
        ("1'234", 1234.0),
        ("1\u2019234.25", 1234.25),
        ("\u22125", -5.0),
        ("-0,5", -0.5),
        ("1e3", 1000.0),
        ("\u200b7\ufeff", 7.0),
        ("12,34,567", 1234567.0),
        ("1,23,456.7", 123456.7),
        ("000.125", 0.125),
        ("1.125e3", 1125.0),
        ("1e-300", 1e-300),
        ("1.1%", 0.011),
        ("-.5", -0.5),
        ("2.5E-1 %", 0.0025),
    ],
)
def test_a_text_that_can_mean_one_number(text, number):
    assert read_number(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "", "-", "--5", "+-5", "TBC", "3k", "12 M", "12,", "1,23,4", "1.234.56", "1 2", "inf",
        "nan", "1e999", "0x10", "1_000", "\u0661\u0662", "5 5 %", "%", "(5)", "1,234.567,8", "5%%",
        "1e400", "1e-400", "9" * 61, "1.234e", "12,3456,789", "0 123", "1 234'567",
    ],
)  # fmt: skip
def test_a_text_that_is_no_number(text):
    assert read_number(text) is None


@pytest.mark.parametrize("text", ["1,234", "1.234", "-12,345", "999.999"])
def test_a_text_that_can_mean_two_numbers(text):
    with pytest.raises(AmbiguousNumberError):
        read_number(text)


@pytest.mark.parametrize(
    ("text", "comma", "point"),
    [
        ("1,234", 1.234, 1234.0),
        ("1.234", 1234.0, 1.234),
        ("-1.234%", -12.34, -0.01234),
        ("0,5", 0.5, None),
        ("1.234.567", 1234567.0, None),
        ("1 234", 1234.0, 1234.0),
        ("5", 5.0, 5.0),
    ],
)
def test_a_known_decimal_mark_leaves_one_reading(text, comma, point):
    assert read_number(text, NumberStyle(",")) == comma
    assert read_number(text, NumberStyle(".")) == point


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("0,5", ","),
        ("1.234,5", ","),
        ("1.234.567", ","),
        ("1,23,456", "."),
        ("0.25", "."),
        ("1 234", None),
        ("1.234", None),
        ("North", None),
        ("1.2.3", None),
    ],
)
def test_the_decimal_mark_that_a_number_shows(text, mark):
    assert find_mark(text) == mark


@settings(deadline=None)
@given(
    st.decimals(-9_999_999, 9_999_999, places=3) | st.integers(-(10**9), 10**9),
    st.sampled_from([",.", ", ", ",'", ".,", ". ", ".'", ",", "."]),
)
def test_a_written_number_is_that_number_or_told_to_have_two_readings(number, marks):
    decimal, thousands = marks[0], marks[1:]
    text = f"{number:,}".replace(",", "_").replace(".", decimal).replace("_", thousands)
    assert read_number(text, NumberStyle(decimal)) == float(number)
    try:
        alone = {read_number(text)}
    except AmbiguousNumberError as error:
        alone = set(map(float, error.readings))
    assert float(number) in alone


@pytest.mark.parametrize(
    ("column", "value", "read"),
    [
        ("share", 1.0000000000000002, 1.0),
        ("share", 0.9999999999999999, 1.0),
        ("share", 1 + 9e-10, 1.0),
        ("share", -5.5e-17, 0.0),
        ("share", 0.999999, 0.999999),
        ("life", 1e-12, 1e-12),
        ("years", 3.0000000000000004, 3),
        ("years", 2.9999999999999996, 3),
        ("years", "3.0000000000000004", 3),
        ("years", 2030.0000000000002, 2030),
    ],
)
def test_noise_of_arithmetic_is_dropped_and_nothing_else(column, value, read):
    rows = [["country", "gdp", column], ["A", 1, value]]
    checked = check_sheets(countries=rows, stock=[["country", "item", "units"]])
    assert checked.issues == ()
    assert checked.data.countries.columns[column]["A"] == read


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("share", 1 + 3e-9, "E-110"),
        ("share", -3e-9, "E-110"),
        ("life", 0.0, "E-110"),
        ("life", -1e-12, "E-110"),
        ("years", 3.00001, "E-103"),
        ("years", 123_456_789.1, "E-103"),
        ("gdp", 10**400, "E-102"),
        ("whole", 2, "E-104"),
        ("whole", 0.5, "E-104"),
        ("whole", 10**400, "E-104"),
        ("whole", float("nan"), "E-104"),
    ],
)
def test_what_is_more_than_noise_is_refused(column, value, code):
    rows = [["country", "gdp"], ["A", 1]]
    if column != "gdp":
        rows = [["country", "gdp", column], ["A", 1, value]]
    else:
        rows[1][1] = value
    (issue,) = check_sheets(countries=rows, stock=[["country", "item", "units"]]).issues
    assert issue.code == code


def test_noise_that_a_reader_can_see_is_told():
    checked = check_sheets(countries=[["country", "gdp", "share"], ["A", 1, 1.0000000005]])
    assert notes_of(checked, "N-114") == ["N-114 countries!R2C3 share: 1.0000000005 is read as 1"]


@pytest.mark.parametrize(
    ("value", "flag"), [(1, True), (0, False), (1.0, True), ("1", True), ("0,0", False)]
)
def test_one_and_zero_are_flags(value, flag):
    checked = check_sheets(
        countries=[["country", "gdp", "whole"], ["A", 1, value], ["B", 1, "Ложь"]]
    )
    assert checked.data.countries.whole == {"A": flag, "B": False}
    assert len(notes_of(checked, "N-106")) == 2


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("(1.5)", "it stands in brackets, as negative numbers do in accounts. Type -1.5, "),
        ("5-", "its minus sign stands at the end. Type -5, "),
        ("5 EUR", '"EUR" stands beside the number. Type 5, '),
        ("US$ 5.5", '"US$" stands beside the number. Type 5.5, '),
        ("2 percent", '"percent" stands beside the number. Type 0.02, '),
        ("2.5 per cent", '"per cent" stands beside the number. Type 0.025, '),
        ("2 pct.", '"pct." stands beside the number. Type 0.02, '),
        ("5 percent p.a.", "is text, not a number. Type the plain number"),
        ("2 процента", '"процента" stands beside the number. Type 0.02, '),
        ("3 % p.a.", "is text, not a number. Type the plain number"),
        ("\u20ac5M", "is text, not a number. Type the plain number"),
        ("1,234 EUR", "is text, not a number. Type the plain number"),
        ("\uff15", "it is written in other digits than 0 to 9. Type 5, "),
    ],
)
def test_a_text_that_is_no_number_is_told_with_the_number_to_type(text, mend):
    (issue,) = check_sheets(countries=[["country", "gdp"], ["A", text], ["B", 1]]).issues
    assert issue.code == "E-102"
    assert mend in issue.text


@pytest.mark.parametrize(
    ("measure", "text", "mend"),
    [
        (
            "days",
            "2 weeks",
            "That is weeks: type the number (in days).",
        ),
        ("years", "18 Monate", "That is months: type the number (in years)."),
        ("days", "30 days", "Type 30, if that is the number (in days)."),
        ("million", "5 EUR", "Type 5, if that is the number (in million)."),
    ],
)
def test_a_number_in_another_measure_is_not_offered(measure, text, mend):
    column = Column(name="time", kind="number", help="Any.", measure=measure)
    issue = convert_cell(RawCell(text, "sheet!A1"), column).issue
    assert issue is not None
    assert issue.text.endswith(mend)


@pytest.mark.parametrize("trouble", [NO_VALUE, STALE_VALUE])
def test_a_formula_that_nobody_calculated_says_how(trouble):
    (issue,) = with_cell("countries", 2, 2, RawCell(None, "countries!B2", trouble)).issues
    assert issue.text == (
        f"gdp is {trouble}. Open the workbook in Excel or LibreOffice, let it calculate, and save "
        "it; or type the value."
    )


@pytest.mark.parametrize(
    ("text", "tidy"),
    [
        ("  A  B ", "A B"),
        ("A\u00a0B", "A B"),
        ("A\u200bB", "AB"),
        ("\ufeffA", "A"),
        ("e\u0301", "\u00e9"),
    ],
)
def test_texts_are_tidied(text, tidy):
    assert tidy_text(text) == tidy


def test_names_are_compared_without_case_accents_and_spaces():
    assert fold_name(" Fr\u00c9donia ") == fold_name("fredonia")
    assert fold_name("Stra\u00dfe") == fold_name("STRASSE")
    assert fold_name("Alfa") != fold_name("Alva")


def test_numbers_as_text_are_read_with_a_note():
    checked = check_sheets(countries=[["country", "gdp"], ["A", "1.234,5"], ["B", "20%"]])
    assert checked.data.countries.gdp == {"A": 1234.5, "B": 0.2}
    assert notes_of(checked, "N-104") == [
        'N-104 countries!R2C2 gdp: the text "1.234,5" is read as 1234.5',
        'N-104 countries!R3C2 gdp: the text "20%" is read as 0.2',
    ]


def test_a_number_shown_as_a_date_is_read_with_a_note():
    checked = with_cell("countries", 2, 2, RawCell(5.0, "countries!B2", date="1900-01-05"))
    assert checked.data.countries.gdp["A"] == 5.0
    assert len(notes_of(checked, "N-105")) == 1


def test_a_date_that_a_spreadsheet_made_is_refused():
    checked = with_cell("countries", 2, 2, RawCell(46115.0, "countries!B2", date="2026-04-03"))
    (issue,) = checked.issues
    assert str(issue).startswith("E-108 countries!B2 gdp = 2026-04-03 is a date:")
    checked = with_cell("items", 2, 1, RawCell(46115.0, "items!A2", date="2026-04-03"))
    assert str(checked.issues[0]).startswith("E-108 items!A2 item = 2026-04-03 is a date:")


def test_case_and_accents_of_a_reference_are_set_aside_with_a_note():
    checked = check_sheets(
        items=[["item"], ["T\u00e2nk"]], stock=[["country", "item", "units"], ["a", "TANK", 3]]
    )
    assert checked.data.stock.units == {("A", "T\u00e2nk"): 3.0}
    assert notes_of(checked, "N-103") == [
        'N-103 stock!R2C1 country: "a" is read as "A"',
        'N-103 stock!R2C2 item: "TANK" is read as "T\u00e2nk"',
    ]


def test_a_reference_that_two_names_are_like_is_not_settled():
    rows = [["country", "gdp"], ["AB", 1], ["a\u200bb", 2]]
    issues = [str(issue) for issue in check_sheets(countries=rows, stock=[["country"]]).issues]
    assert any(
        issue.startswith(
            'E-120 countries!R3C1 country = "ab" stands already at countries!R2C1, in other letters'
        )
        for issue in issues
    )


def test_rows_that_become_one_row_are_a_double():
    rows = [["country", "item", "units"], ["A", "tank", 3], ["a", "Tank", 4]]
    (issue,) = check_sheets(stock=rows).issues
    assert issue.code == "E-120"
    assert issue.where == "stock!R3C1"


def test_a_choice_in_other_letters_is_read_with_a_note():
    checked = check_sheets(countries=[["country", "gdp", "kind"], ["A", 1, "SEA"], ["B", 1, None]])
    assert checked.data.countries.kind == {"A": "sea", "B": "land"}
    assert len(notes_of(checked, "N-103")) == 1


def test_defaults_are_told_a_line_per_column():
    checked = check_sheets(
        countries=[["country", "gdp", "life"], ["A", 1, None], ["B", 1, 5], ["C", 1, None]]
    )
    told = notes_of(checked, "N-111")
    assert "N-111 countries!R2C3 life: 2 blank cells, which means stays" in told
    assert 'N-111 countries there is no column "share", which means 1' in told
    assert "N-111 settings rate: no row, which means 0.5" in told


def test_empty_remarks_are_nothing_to_tell():
    """What-ifs read their own column of notes; a blank there stands for nothing."""
    rows = [["scenario", "step", "table", "where", "column", "change", "value", "note"]]
    rows += [["more", 1, "countries", None, "gdp", "scale", 2, None]]
    checked = check_book(make_raw({**GOOD, "scenarios": rows}), {**TABLES, "scenarios": SCENARIOS})
    told = notes_of(checked, "N-111")
    assert any(note.startswith("N-111 scenarios!R2C4 where") for note in told)
    assert not any("scenarios!R2C8" in note for note in told)


def test_what_a_reader_may_not_see_is_told():
    raw = make_raw({**GOOD, "countries": [["country", "gdp"], ["A", 1], [], ["B", 2], [None]]})
    rows = [list(row) for row in raw.sheets["countries"].rows]
    rows[1][1] = RawCell(1.0, "countries!B2", formula=True)
    sheet = RawSheet("countries", tuple(map(tuple, rows)), True, frozenset({1, 4}))
    book = RawBook(raw.source, raw.digest, {**raw.sheets, "countries": sheet})
    told = [str(note) for note in check_book(book, TABLES).notes]
    assert "N-107 countries blank rows inside the table are passed over: 3" in told
    assert "N-108 countries is hidden, and is read all the same" in told
    assert "N-109 countries hidden or filtered rows are read all the same: 2" in told
    assert "N-110 countries!B2 a formula is read as the value that it last gave" in told


def test_a_cell_under_merged_cells_is_told():
    checked = with_cell("countries", 2, 2, RawCell(None, "countries!B2", "part of merged cells"))
    (issue,) = checked.issues
    assert str(issue).startswith("E-208 countries!B2 gdp is blank: it is covered by merged cells.")


def test_an_older_header_is_read_with_a_note():
    columns = (
        *COUNTRIES.columns[:1],
        Column(name="gdp", kind="number", help="Wealth.", aliases=("gnp",)),
    )
    tables = merge_tables([Table(name="countries", help="X.", key=("country",), columns=columns)])
    checked = check_book(make_raw({"countries": [["country", "GNP"], ["A", 7]]}), tables)
    assert checked.data.countries.gdp == {"A": 7.0}
    assert notes_of(checked, "N-112") == [
        'N-112 countries!R1C2 the older header "GNP" is read as "gdp"'
    ]
    both = [["country", "gdp", "gnp"], ["A", 7, 8]]
    (issue,) = check_book(make_raw({"countries": both}), tables).issues
    assert issue.code == "E-204"


def test_a_number_far_from_its_column_is_a_warning():
    rows = [["country", "gdp"], *([name, 100 + i] for i, name in enumerate("ABCDE")), ["F", 1e6]]
    checked = check_sheets(countries=rows)
    assert checked.data is not None
    (warning,) = checked.issues
    assert str(warning) == (
        "W-420 countries!R7C2 gdp = 1000000 is 1,000 times or more above the middle of its column "
        "(103). Is it in million?"
    )
    rows[-1][1] = 5000
    assert check_sheets(countries=rows).issues == ()


def test_a_name_that_a_cell_may_hold_is_told_whole_and_a_longer_text_with_its_length():
    assert quote("n" * 200) == f'"{"n" * 200}"'
    assert quote("n" * 1201) == f'"{"n" * 60}..." (1,201 characters)'
