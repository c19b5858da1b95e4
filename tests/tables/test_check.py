"""Every fault is told once, at its cell, with its rule and the nearest valid choice."""

from __future__ import annotations

import re

import pytest
from books import make_raw
from paths import ROOT

from cssopt.errors import ModelError
from cssopt.tables.book_checks import Check, Fault
from cssopt.tables.check import check_book
from cssopt.tables.codes import CODES, explain_code
from cssopt.tables.raw import RawBook, RawCell, RawSheet
from cssopt.tables.spec import Column, Table, merge_tables

COUNTRIES = Table(
    name="countries",
    help="Countries.",
    key=("country",),
    columns=(
        Column(name="country", kind="text", help="Code."),
        Column(name="gdp", kind="number", help="Wealth.", measure="million", low=0),
        Column(name="share", kind="number", help="Share.", default=1.0, low=0, high=1),
        Column(name="life", kind="number", help="Life.", default=None, blank="stays", above=0),
        Column(name="kind", kind="text", help="Kind.", default="land", choices=("land", "sea")),
        Column(name="years", kind="whole", help="Years.", default=3),
        Column(name="whole", kind="flag", help="Whole.", default=False),
    ),
)
STOCK = Table(
    name="stock",
    help="Stock.",
    key=("country", "item"),
    optional=True,
    columns=(
        Column(name="country", kind="text", help="Owner.", refers_to="countries"),
        Column(name="item", kind="text", help="Item.", refers_to="items", wildcard=True),
        Column(name="units", kind="number", help="Units.", low=0),
    ),
)
ITEMS = Table(
    name="items",
    help="Items.",
    key=("item",),
    optional=True,
    columns=(Column(name="item", kind="text", help="Code."),),
)
SETTINGS = Table(
    name="settings",
    help="Settings.",
    vertical=True,
    columns=(
        Column(name="title", kind="text", help="Title."),
        Column(name="rate", kind="number", help="Rate.", default=0.5, low=0, high=1),
    ),
)
TABLES = merge_tables([COUNTRIES, STOCK, ITEMS, SETTINGS])
GOOD = {
    "settings": [["name", "value"], ["title", "Plan"]],
    "countries": [["country", "gdp"], ["A", 10], ["B", 20]],
    "stock": [["country", "item", "units"], ["A", "tank", 3]],
    "items": [["item"], ["tank"]],
}


def tell(**changed):
    """The issues of the good book with some sheets replaced, as sentences."""
    sheets = {name: rows for name, rows in {**GOOD, **changed}.items() if rows is not None}
    return [str(issue) for issue in check_book(make_raw(sheets), TABLES).issues]


def with_country(column, value):
    return tell(countries=[["country", "gdp", column], ["A", 10, value], ["B", 20, None]])


def test_a_good_book_is_typed():
    checked = check_book(make_raw(GOOD), TABLES)
    assert checked.issues == ()
    assert {note.code for note in checked.notes} == {"N-111"}
    assert checked.data.countries.gdp == {"A": 10.0, "B": 20.0}
    assert isinstance(checked.data.countries.gdp["A"], float)
    assert checked.data.countries.life == {"A": None, "B": None}
    assert checked.data.countries.years == {"A": 3, "B": 3}
    assert checked.data.stock.units == {("A", "tank"): 3.0}
    assert (checked.data.settings.title, checked.data.settings.rate) == ("Plan", 0.5)
    assert checked.data.countries.where("B", "gdp") == "countries!R3C2"


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        (
            "share",
            20,
            "E-110 countries!R2C3 share = 20 must be at least 0 and at most 1. "
            "Did you mean 0.2 (20 %)?",
        ),
        (
            "share",
            -2,
            "E-110 countries!R2C3 share = -2 must be at least 0 and at most 1. Correct it.",
        ),
        ("life", 0, "E-110 countries!R2C3 life = 0 must be more than 0. Correct it."),
        (
            "life",
            "NA",
            'E-102 countries!R2C3 life = "NA" stands for nothing. Leave the cell empty (stays).',
        ),
        (
            "share",
            "3k",
            'E-102 countries!R2C3 share = "3k" is text, not a number. Type the plain number.',
        ),
        (
            "share",
            True,
            "E-102 countries!R2C3 share = TRUE is not a number. Type the plain number.",
        ),
        (
            "life",
            "1,234",
            'E-107 countries!R2C3 life = "1,234" can mean 1234 or 1.234. '
            "Type the one you mean as a number.",
        ),
        (
            "share",
            float("inf"),
            "E-102 countries!R2C3 share = inf is not a finite number. Type the number.",
        ),
        ("years", 2.5, "E-103 countries!R2C3 years = 2.5 is not a whole number. Round it."),
        (
            "whole",
            "maybe",
            'E-104 countries!R2C3 whole = "maybe" is neither TRUE nor FALSE. Choose one of them.',
        ),
        (
            "kind",
            "lnd",
            'E-111 countries!R2C3 kind = "lnd" is not one of "land", "sea". Did you mean "land"?',
        ),
        ("kind", "x" * 300, "E-105"),
        ("kind", "la\x07nd", "E-105"),
    ],
)
def test_one_bad_cell_is_one_issue(column, value, expected):
    (issue,) = with_country(column, value)
    assert issue.startswith(expected)


@pytest.mark.parametrize("value", ["TRUE", "yes", True])
def test_flags_are_read_as_people_write_them(value):
    rows = [["country", "gdp", "whole"], ["A", 10, value], ["B", 2, "no"]]
    checked = check_book(make_raw({**GOOD, "countries": rows}), TABLES)
    assert checked.data.countries.whole == {"A": True, "B": False}


def test_required_blank():
    (issue,) = tell(countries=[["country", "gdp"], ["A", 10], ["B", "  "]])
    assert issue == "E-101 countries!R3C2 gdp is blank. Fill in: Wealth. (million)"


def test_trouble_of_a_cell_is_told_and_never_a_blank():
    raw = make_raw(GOOD)
    rows = [list(row) for row in raw.sheets["countries"].rows]
    rows[1][1] = RawCell("#DIV/0!", "countries!B2", "an error value")
    rows[2][1] = RawCell(None, "countries!B3", "a formula without a stored value")
    sheets = {**raw.sheets, "countries": RawSheet("countries", tuple(map(tuple, rows)))}
    issues = check_book(RawBook("t", "0", sheets), TABLES).issues
    assert [str(issue) for issue in issues] == [
        'E-106 countries!B2 gdp = "#DIV/0!" is an error value. Mend it, or type the value.',
        "E-106 countries!B3 gdp is a formula without a stored value. Open the workbook in Excel or "
        "LibreOffice, let it calculate, and save it; or type the value.",
    ]


def test_duplicate_key_tells_both_places():
    (issue,) = tell(countries=[["country", "gdp"], ["A", 10], ["A", 20], ["B", 1]])
    assert issue == (
        'E-120 countries!R3C1 country = "A" stands already at countries!R2C1. '
        "Remove or rename one of the rows."
    )


def test_unknown_reference_suggests_the_nearest():
    book = {
        "countries": [["country", "gdp"], ["Freedonia", 10], ["Sylvania", 20]],
        "stock": [["country", "item", "units"], ["Fredonia", "tank", 3], ["Sylvania", "*", 1]],
    }
    assert tell(**book) == [
        'E-121 stock!R2C1 country = "Fredonia" is not in countries!R2C1:R3C1. '
        'Did you mean "Freedonia" (countries!R2C1)? Or add it there.'
    ]


def test_missing_sheet_is_one_issue_without_a_cascade():
    (issue,) = tell(countries=None)
    assert issue == "E-201 countries the sheet is missing (Countries.)"


def test_misspelt_sheet_is_suggested():
    issues = tell(countries=None, country=GOOD["countries"])
    assert issues == [
        'E-201 countries the sheet is missing (Countries.) Is it the sheet "country"? '
        "Then rename that."
    ]


def test_misspelt_optional_sheet_is_not_left_out_silently():
    (issue,) = tell(stock=None, stocks=GOOD["stock"])
    assert issue.startswith('E-201 stocks is not a sheet of the model. Did you mean "stock"?')


def test_unknown_sheet_is_a_note():
    checked = check_book(make_raw({**GOOD, "budget draft 7": [["x"]]}), TABLES)
    assert checked.data is not None
    assert "N-201" in [note.code for note in checked.notes]


def test_unknown_column_is_refused_with_the_nearest():
    (issue,) = tell(countries=[["country", "gdp", "lief"], ["A", 10, 3], ["B", 1, 1]])
    assert issue.startswith(
        'E-203 countries!R1C3 "lief" is not a column of this sheet. Did you mean "life"? '
        "Its columns: country, gdp, share,"
    )


def test_doubled_missing_and_nameless_columns_are_told_at_once():
    issues = tell(countries=[["country", "country", None], ["A", "B", 10]])
    assert [issue.split()[0] for issue in issues] == ["E-204", "E-206", "E-205"]
    assert issues[1].startswith("E-206 countries!R2C3 10 stands in a column without a header.")


def test_remark_columns_are_allowed_everywhere():
    assert tell(items=[["item", "Source", "NOTE"], ["tank", "made up", "x"]]) == []


def test_header_may_stand_in_row_five_and_rows_may_be_blank():
    rows = [
        ["Wealth of nations"],
        [],
        [None, "million"],
        ["see annex"],
        ["Country", " GDP "],
        ["A", 10],
        [None, None],
        ["B", 20],
    ]
    checked = check_book(make_raw({**GOOD, "countries": rows}), TABLES)
    assert checked.issues == ()
    assert checked.data.countries.gdp == {"A": 10.0, "B": 20.0}


def test_no_header_at_all():
    assert tell(countries=[["x", "y"], [1, 2]]) == [
        "E-202 countries has no header row among its first 20 rows. "
        "Write the headers country ... in one row."
    ]


def test_settings_unknown_doubled_and_missing():
    issues = tell(settings=[["name", "value"], ["rte", 0.1], ["rate", 0.1], ["rate", 0.2]])
    assert issues == [
        'E-203 settings!R2C1 "rte" is not a setting. Did you mean "rate"? Settings: title, rate.',
        'E-120 settings!R4C1 "rate" stands already at settings!R3C2. Remove one of the rows.',
        'E-205 settings the row "title" is missing. Add it: Title.',
    ]


def test_all_faults_in_one_pass():
    issues = tell(
        countries=[["country", "gdp", "share"], ["A", "ten", 2], ["B", None, -1]],
        stock=[["country", "item", "units"], ["C", "tank", -3]],
    )
    assert [issue.split()[0] for issue in issues] == [
        "E-102", "E-110", "E-101", "E-110", "E-110", "E-121",
    ]  # fmt: skip


def test_numbers_and_spaces_in_names_are_noted():
    rows = [["country", "gdp"], [5, 10], [" A ", 20]]
    checked = check_book(make_raw({**GOOD, "countries": rows}), TABLES)
    assert checked.data.countries.keys == ("5", "A")
    assert {note.code for note in checked.notes} == {"N-101", "N-102", "N-111"}


def test_rules_over_the_book_stand_at_their_cell():
    def find(data):
        if sum(data.countries.gdp.values()) > 25:
            yield Fault("countries", "B", "gdp", "is too much. Lower it.")

    for code, solvable in (("E-301", False), ("W-301", True)):
        rule = Check(code=code, rule="not too rich", find=find)
        checked = check_book(make_raw(GOOD), TABLES, [rule])
        assert [str(i) for i in checked.issues] == [
            f"{code} countries!R3C2 gdp: is too much. Lower it."
        ]
        assert (checked.data is not None) is solvable


def test_every_code_has_a_rule_and_a_mend():
    for code, known in CODES.items():
        assert all(sentence.endswith(".") for sentence in known), code
        assert explain_code(code).splitlines()[1:] == [
            f"Rule: {known.rule}",
            f"Example: {known.example}",
            f"Mend: {known.mend}",
        ]


def test_every_code_that_is_given_is_explained():
    source = "".join(p.read_text(encoding="utf-8") for p in (ROOT / "cssopt").rglob("*.py"))
    given = set(re.findall(r'"([EWN]-\d{3})"', source))
    assert given <= set(CODES)


def test_rules_of_components_are_explained():
    rule = Check(code="W-999", rule="not too rich", find=lambda data: ())
    assert "Rule: not too rich." in explain_code("W-999", [rule])


def test_a_table_declared_twice_is_refused():
    with pytest.raises(ModelError, match='"items" is declared by two components'):
        merge_tables([ITEMS, ITEMS])


def test_a_blank_without_meaning_is_refused():
    with pytest.raises(ModelError, match="say in `blank`"):
        Column(name="x", kind="number", help="X.", default=None)
