"""Faulty workbooks made by script: what a planner did to the example, and exactly what is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

Change = Callable[[Any], None]


def put(place: str, value: Any) -> Change:
    """Type a value into a cell, such as ``forces!C6``."""
    sheet, _, cell = place.partition("!")

    def change(book: Any) -> None:
        book[sheet][cell] = value

    return change


def error_value(place: str, value: str) -> Change:
    sheet, _, cell = place.partition("!")

    def change(book: Any) -> None:
        book[sheet][cell] = value
        book[sheet][cell].data_type = "e"

    return change


def merge(sheet: str, span: str) -> Change:
    return lambda book: book[sheet].merge_cells(span)


def drop(sheet: str) -> Change:
    return lambda book: book.remove(book[sheet])


def rename(sheet: str, title: str) -> Change:
    def change(book: Any) -> None:
        book[sheet].title = title

    return change


def drop_column(sheet: str, place: int) -> Change:
    return lambda book: book[sheet].delete_cols(place)


def all_of(*changes: Change) -> Change:
    def change(book: Any) -> None:
        for one in changes:
            one(book)

    return change


def append(sheet: str, *row: Any) -> Change:
    """A further row under the last one that is filled."""

    def change(book: Any) -> None:
        line = max(r for r in range(6, 400) if book[sheet].cell(r, 1).value is not None) + 1
        for place, value in enumerate(row, start=1):
            book[sheet].cell(line, place).value = value

    return change


PLAIN = "Type the plain number"
FAULTY: dict[str, tuple[Change, list[str]]] = {
    "near-miss name": (
        put("inventory!A7", "NRO"),
        ['E-121 inventory!A7 member = "NRO" is not in members!A6:A8. Did you mean "NOR" '
         "(members!A6)? Or add it there."],
    ),
    "unknown name": (
        put("inventory!B7", "SUBMARINE"),
        ['E-121 inventory!B7 force = "SUBMARINE" is not in forces!A6:A7. Add it there.'],
    ),
    "thousands or decimals": (
        put("members!D6", "420,000"),
        ['E-107 members!D6 gdp = "420,000" can mean 420000 or 420.000. Type the one you mean as '
         "a number."],
    ),
    "unit in a number": (
        put("forces!D6", "12 M"),
        [f'E-102 forces!D6 operating_cost = "12 M" is text, not a number. {PLAIN} (in million '
         "per year)."],
    ),
    "thousand with a letter": (
        put("forces!C6", "3k"),
        [f'E-102 forces!C6 personnel = "3k" is text, not a number. {PLAIN} (in personnel, '
         "thousands)."],
    ),
    "to be confirmed": (
        put("inventory!D6", "TBC"),
        [f'E-102 inventory!D6 remaining_life = "TBC" is text, not a number. {PLAIN} (in years), '
         "or leave the cell empty (they stay)."],
    ),
    "a dash for nothing": (
        put("forces!F6", "-"),
        ['E-102 forces!F6 procurement_cost = "-" stands for nothing. '
         "Leave the cell empty (cannot be bought)."],
    ),
    "a share in percent": (
        put("readiness!D6", 80),
        ["E-110 readiness!D6 available_share = 80 must be at least 0 and at most 1. Did you mean "
         "0.8 (80 %)?"],
    ),
    "a negative cost": (
        put("forces!D7", -45),
        ["E-110 forces!D7 operating_cost = -45 must be at least 0. Correct it."],
    ),
    "no remaining life": (
        put("inventory!D7", 0),
        ["E-110 inventory!D7 remaining_life = 0 must be more than 0. Correct it."],
    ),
    "a date for a number": (
        put("inventory!C6", datetime(2026, 3, 4)),
        ["E-108 inventory!C6 units = 2026-03-04 is a date: spreadsheets make dates of texts such "
         "as 3/4. Format the cell as a number and type it anew."],
    ),
    "a date for a year": (
        put("settings!B10", datetime(2027, 1, 1)),
        ["E-108 settings!B10 first_year = 2027-01-01 is a date: spreadsheets make dates of texts "
         "such as 3/4. Format the cell as a number and type it anew. For the year type 2027."],
    ),
    "a date for a name": (
        put("threats!B6", datetime(2026, 3, 4)),
        ["E-108 threats!B6 name = 2026-03-04 is a date: spreadsheets make dates of texts such as "
         "3/4. Format the cell as text and type it anew."],
    ),
    "a fraction of a year": (
        put("forces!J6", 2.5),
        ["E-103 forces!J6 lead_time = 2.5 is not a whole number. Round it."],
    ),
    "an error value": (
        error_value("inventory!C6", "#DIV/0!"),
        ['E-106 inventory!C6 units = "#DIV/0!" is an error value. Mend it, or type the value.'],
    ),
    "not available": (
        error_value("members!D7", "#N/A"),
        ['E-106 members!D7 gdp = "#N/A" is an error value. Mend it, or type the value.'],
    ),
    "a formula that was never calculated": (
        put("inventory!C6", "=1+2"),
        ["E-106 inventory!C6 units is a formula without a stored value. Open the workbook in Excel "
         "or LibreOffice, let it calculate, and save it; or type the value."],
    ),
    "merged members": (
        merge("inventory", "A6:A7"),
        ["E-208 inventory!A7 member is blank: it is covered by merged cells. Unmerge them and "
         "fill in each."],
    ),
    "a required blank": (
        put("forces!K6", None),
        ["E-101 forces!K6 service_life is blank. Fill in: Years of service of a bought unit. "
         "(years)"],
    ),
    "neither yes nor no": (
        put("forces!N7", "perhaps"),
        ['E-104 forces!N7 whole = "perhaps" is neither TRUE nor FALSE. Choose one of them.'],
    ),
    "no choice": (
        put("threats!D6", "milltary"),
        ['E-111 threats!D6 kind = "milltary" is not one of "military", "political-military". Did '
         'you mean "military"?'],
    ),
    "a row twice": (
        append("inventory", "NOR", "BDE", 2),
        ['E-120 inventory!A11 member = "NOR" and force = "BDE" stands already at inventory!A6. '
         "Remove or rename one of the rows."],
    ),
    "a member twice, in other letters": (
        append("members", "nor", "Again", None, 5, None, 5),
        ['E-120 members!A9 member = "nor" stands already at members!A6, in other letters. Remove '
         "or rename one of the rows."],
    ),
    "a misspelt header": (
        put("inventory!C5", "unist"),
        ['E-203 inventory!C5 "unist" is not a column of this sheet. Did you mean "units"? Its '
         "columns: member, force, units, remaining_life, quality, source, note."],
    ),
    "a misspelt header of a column that may be absent": (
        put("inventory!E5", "qualty"),
        ['E-203 inventory!E5 "qualty" is not a column of this sheet. Did you mean "quality"? Its '
         "columns: member, force, units, remaining_life, quality, source, note. If it is a column "
         'of your own, add an empty column "quality", which means 1.'],
    ),
    "a header twice": (
        put("inventory!E5", "Units"),
        ['E-204 inventory!E5 the header "Units" stands already at inventory!C5. Remove or rename '
         "one column."],
    ),
    "a required column gone": (
        drop_column("requirements", 4),
        ['E-205 requirements!5:5 the column "level" is missing.'],
    ),
    "a header that was cleared": (
        put("inventory!D5", None),
        ["E-206 inventory!D7 15 stands in a column without a header. Name the column, or clear it. "
         "Missing here: remaining_life."],
    ),
    "a sheet gone": (
        drop("readiness"),
        ["E-201 readiness the sheet is missing (Readiness tiers: how soon units are available and "
         "what that costs.)"],
    ),
    "a sheet misspelt": (
        rename("forces", "forcs"),
        ["E-201 forces the sheet is missing (Kinds of force elements: brigade, squadron, frigate.)"
         ' Is it the sheet "forcs"? Then rename that.'],
    ),
    "a sheet misspelt that may be absent": (
        rename("caveats", "caveat"),
        ['E-201 caveat is not a sheet of the model. Did you mean "caveats"? Rename it, or give it '
         "a name that is less alike."],
    ),
    "no header row": (
        all_of(*(put(f"power!{letter}5", None) for letter in "ABCDE")),
        ["E-202 power has no header row among its first 20 rows. Write the headers force, "
         "capability ... in one row."],
    ),
    "an unknown setting": (
        put("settings!A9", "price_yaer"),
        ['E-203 settings!A9 "price_yaer" is not a setting. Did you mean "price_year"? Settings: '
         "title, marking, currency, price_year, first_year, last_year, discount_rate, "
         "residual_share, shortfall_penalty, unintegrated_power."],
    ),
    "years in the wrong order": (
        put("settings!B11", 2020),
        ["E-301 settings!B11 last_year: 2020 lies before first_year 2027. Put the later year into "
         "last_year."],
    ),
    "activities in a circle": (
        append("precedence", "TREATY", "RAT_SOU"),
        ['E-304 precedence!B7 after: "RAT_SOU" comes after itself, through "TREATY". Remove one '
         "row of the circle."],
    ),
    "cuts of more than all": (
        append("programme_effects", "DEPOT", "BDE", "price_cut", 1.5),
        ["E-303 programme_effects!D9 value: the price_cuts of BDE add up to 1.5. Keep them within "
         "1."],
    ),
    "several at once, and no cascade": (
        all_of(drop("members"), put("forces!C6", "x"), put("inventory!C6", None)),
        ["E-201 members the sheet is missing (One row per member of the alliance.)",
         f'E-102 forces!C6 personnel = "x" is text, not a number. {PLAIN} (in personnel, '
         "thousands).",
         "E-101 inventory!C6 units is blank. Fill in: Units it has. (units)"],
    ),
}  # fmt: skip
"""By name: the change, and every issue told, word for word."""
