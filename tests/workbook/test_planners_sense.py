"""What a planner would have wanted to know: of the pact of five members, with one slip each."""

from __future__ import annotations

import copy
import re
import time

import pytest
from openpyxl import load_workbook
from openpyxl.utils import coordinate_to_tuple, get_column_letter
from paths import CASES

import cssopt
from cssopt import find_tables, write_marked_copy
from cssopt.assembly.folders import find_model_folders
from cssopt.assembly.study import load_components
from cssopt.cli.inputs_commands import describe_check
from cssopt.issues import Severity
from cssopt.tables.check import check_book, check_data
from cssopt.tables.codes import CODES
from cssopt.tables.raw import MERGED, RawBook, RawCell, RawSheet
from cssopt.tables.totals import find_sums
from cssopt.workbook.read import read_workbook

PACT = CASES / "workbooks" / "60-pact.xlsx"
RULES = [rule for part in load_components(find_model_folders()).values() for rule in part.checks]
TABLES = find_tables()


@pytest.fixture(scope="module")
def pact():
    """Values of the pact by sheet, without the empty rows at the end of each."""
    rows = {
        name: [[cell.value for cell in row] for row in sheet.rows]
        for name, sheet in read_workbook(PACT).sheets.items()
    }
    last = {
        name: max(i for i, row in enumerate(r, start=1) if any(row)) for name, r in rows.items()
    }
    return {name: own[: last[name]] for name, own in rows.items()}


def put(**cells):
    """A change of cells, such as ``members_D6=5``; a RawCell keeps its trouble."""

    def change(sheets):
        for place, value in cells.items():
            sheet, _, cell = place.rpartition("_")
            row, column = coordinate_to_tuple(cell)
            rows = sheets[sheet]
            width = max(column, len(rows[0]))
            rows += [[] for _ in range(row - len(rows))]
            for own in rows:
                own += [None] * (width - len(own))
            rows[row - 1][column - 1] = value

    return change


def column(sheet, letter, values, first=6):
    return put(**{f"{sheet}_{letter}{row}": v for row, v in enumerate(values, start=first)})


def rename(sheet, title):
    def change(sheets):
        sheets[title] = sheets.pop(sheet)

    return change


def several(*changes):
    def change(sheets):
        for one in changes:
            one(sheets)

    return change


_made = {}


def make_cells(name, rows):
    """The raw cells of a sheet, made once of the sheets that most changes leave as they are."""
    key = name, repr(rows)  # which tells 1, 1.0 and True apart
    if key not in _made:
        _made[key] = tuple(
            tuple(
                value._replace(where=f"{name}!{get_column_letter(j)}{i}")
                if isinstance(value, RawCell)
                else RawCell(value, f"{name}!{get_column_letter(j)}{i}")
                for j, value in enumerate(row, start=1)
            )
            for i, row in enumerate(rows, start=1)
        )
    return _made[key]


def check(pact, change, **seen):
    """What is told after a change; `seen` are further facts of raw sheets, by sheet."""
    values = {name: [list(row) for row in rows] for name, rows in pact.items()}
    change(values)
    sheets = {
        name: RawSheet(name, make_cells(name, rows), **seen.get(name, {}))
        for name, rows in values.items()
    }
    return check_book(RawBook("test", "0" * 64, sheets), TABLES, RULES)


def tell(pact, change, **seen):
    """Issues as code and cell, without the warning that the pact has from the start (W-434)."""
    issues = check(pact, change, **seen).issues
    return [f"{issue.code} {issue.where}" for issue in issues if issue.code != "W-434"]


def notes(pact, change, **seen):
    checked = check(pact, change, **seen)
    assert checked.data is not None, [str(issue) for issue in checked.issues]
    return [str(note) for note in checked.notes if note.code not in ("N-111", "N-104")]


def nothing(sheets):
    """No change."""


def test_the_pact_has_one_warning(pact):
    """2 batteries at 0.4 are 0.8 of one; the next tier takes 30 days, the raids leave 10."""
    (issue,) = check(pact, nothing).issues
    assert (issue.code, issue.where) == ("W-434", "readiness!E6")
    assert '2 "SAM" of "BRE"' in issue.text
    # 5 frigates of ALD at 0.4 are 2: they can stand there.
    assert '"ALD"' not in issue.text
    assert check(pact, put(readiness_E6=0.5, inventory_C21=2)).issues == ()
    assert check(pact, put(readiness_B7=4)).issues == ()


# --- Rows of totals -----------------------------------------------------------------------------

GDP, PEOPLE = 610000 + 285000 + 98000 + 47000 + 31000, 14.2 + 6.1 + 5.4 + 2.8 + 1.3


NAMES = (
    "Total", "TOTAL:", "Totals", "Grand total", "Total members", "Alliance total", "Sum", "Summe",
    "Gesamt", "Somme", "Total g\u00e9n\u00e9ral", "\u0418\u0442\u043e\u0433\u043e",
    "\u0412\u0441\u0435\u0433\u043e", "Razem", "Celkem", "\u00d6sszesen", "Totaal", "Totale",
    "Suma", "Toplam", "Yhteens\u00e4", "Total of 5 members", "Average", "\u5408\u8ba1", "BRE total",
)  # fmt: skip


def test_rows_of_totals_are_refused_by_their_names(pact):
    """Right under the table, after a blank row, with all cells and with some."""
    whole = {f"members_{c}{row}": value for row, name in enumerate(NAMES, start=11)
             for c, value in (("A", name), ("B", name), ("D", 7), ("F", 3))}  # fmt: skip
    assert tell(pact, put(**whole)) == [f"E-210 members!A{row + 11}" for row in range(len(NAMES))]
    for row in (11, 13):
        some = {f"members_A{row}": "Total", f"members_D{row}": GDP}
        assert tell(pact, put(**some)) == [f"E-210 members!A{row}"]


def test_a_row_of_totals_is_refused_by_its_numbers(pact):
    sums = put(members_A11="PACT", members_B11="The pact", members_D11=GDP, members_F11=PEOPLE)
    assert tell(pact, sums) == ["E-210 members!A11"]
    assert "gdp and population are the sums" in check(pact, sums).issues[0].text
    honest = put(members_A11="PACT", members_B11="The pact", members_D11=GDP, members_F11=33)
    assert tell(pact, honest) == []
    rounded = put(members_A11="PACT", members_B11="The pact", members_D11=GDP, members_F11=30)
    assert tell(pact, rounded) == ["E-210 members!A11"]
    only = put(members_A11="PACT", members_D11=GDP)
    assert tell(pact, only) == ["E-210 members!A11"]


WHOLE = ["PACT", "The pact", None, GDP, 0.02, PEOPLE, 0.013, 214, 2, 1, None, None, None, None]


@pytest.mark.parametrize(
    ("sheet", "place", "row"),
    [
        ("members", 5, WHOLE), ("members", 10, WHOLE),
        ("members", 7, ["W2", "The west", None, 895000, 0.02, 20.3, 0.01, 143]),
        ("members", 5, [None, None, None, GDP, None, PEOPLE]),
        ("members", 10, ["Total EU", "EU", None, 1_075_000, 0.02, 29.6, None, 212]),
        ("members", 10, ["Avg", None, None, GDP / 5, None, PEOPLE / 5]),
        ("sharing_keys", 5, ["Total", None, 100]), ("legislation", 9, ["Average", None, 0.55]),
    ],
)  # fmt: skip
def test_totals_stand_at_any_place(pact, sheet, place, row):
    def change(sheets):
        wide = len(sheets[sheet][4])
        sheets[sheet].insert(place, [*row, *[None] * (wide - len(row))])

    letter = "A" if row[0] else "D"
    assert tell(pact, change) == [f"E-210 {sheet}!{letter}{place + 1}"]


@pytest.mark.parametrize("above", [True, False])
def test_subtotals_of_all_groups_are_told_once(pact, above):
    def change(sheets):
        rows = sheets["inventory"]
        own = rows[5:]
        del rows[5:]
        for member in ("ALD", "BRE", "COR", "DEL", "EST"):
            group = [row for row in own if row[0] == member]
            total = [member, None, sum(row[2] for row in group), None, None, None, None]
            rows += [total, *group] if above else [*group, total]

    issue = one(pact, change)
    assert (issue.code, len(issue.cells)) == ("E-210", 4)


def test_one_name_that_looks_like_a_total_is_told_once(pact):
    def change(sheets):
        for rows in sheets.values():
            for row in rows[5:]:
                row[:] = ["Soma" if value == "EST" else value for value in row]
        del sheets["scenarios"]

    assert one(pact, change).code == "E-210"


def test_a_sum_that_other_sheets_name_is_an_honest_row(pact):
    """A force made of two others; members of which one is as large as all before it."""

    def change(sheets):
        one, two = sheets["forces"][5:7]
        both = [one[place] + two[place] for place in range(2, 6)]
        sheets["forces"].append(["DIV", "Division", *both, None, None, None, 2, 25, *[None] * 6])
        sheets["power"].append(["DIV", "LAND", 1.45, None, None])

    assert tell(pact, change) == []
    gdp, people = [70_000, 140_000, 70_000, 280_000, 560_000], [2, 4, 2, 8, 16]
    draft = several(column("members", "D", gdp), column("members", "F", people))
    assert [line for line in tell(pact, draft) if line.startswith("E")] == []


def test_round_figures_in_one_proportion_are_no_totals():
    """A draft with 50 people for each million: the second sum follows from the first."""

    def find(people):
        rows = [
            {"member": name, "name": name, "gdp": gdp, "population": number}
            for name, gdp, number in zip("ABCD", (100, 200, 300, 600), people, strict=True)
        ]
        return sorted(find_sums(rows, range(5, 9), (), TABLES["members"]))

    assert find([5, 10, 15, 30]) == []
    assert find([5, 9, 14, 28]) == [3]


def test_small_sums_of_units_accuse_no_honest_row(pact):
    """After 1, 1, 1 and 1 units, 4 are no total; nor is a last row of as many as all others."""
    honest = column("inventory", "C", [1, 1, 1, 1, 4] + [1] * 11)
    assert [line for line in tell(pact, honest) if line.startswith("E")] == []
    last = column("inventory", "C", [1] * 15 + [15])
    assert [line for line in tell(pact, last) if line.startswith("E")] == []


@pytest.mark.parametrize(
    "label",
    [
        {"A": "Total ALD"}, {"A": "ALD total"}, {"A": "ALD", "B": "Total"}, {"A": "ALD"},
        {"A": "Zwischensumme"}, {"B": "Subtotal"},
    ],
)  # fmt: skip
def test_a_subtotal_inside_a_table_of_two_keys_is_refused(pact, label):
    def change(sheets):
        row = [label.get("A"), label.get("B"), 5 + 6 + 5 + 2]
        sheets["inventory"].insert(9, row + [None] * 4)

    (line,) = tell(pact, change)
    assert re.fullmatch(r"E-210 inventory!(A|B)10", line)


def test_the_total_row_of_a_table_in_a_spreadsheet_is_refused(pact):
    change = put(members_A11="See below", members_D11=5)
    assert tell(pact, change, members={"totals_rows": frozenset({10})}) == ["E-210 members!A11"]
    assert tell(pact, nothing, members={"totals_rows": frozenset({12})}) == []


def test_names_that_look_like_formulas_are_no_totals(pact):
    forces = column("forces", "A", ["@SUM(1)"])
    power = put(power_A6="@SUM(1)", power_A9="@SUM(1)", industry_B7="@SUM(1)")
    held = {f"inventory_B{row}": "@SUM(1)" for row in (6, 10, 14, 18)}
    assert tell(pact, several(forces, power, put(**held))) == []


def test_a_threat_may_be_called_total_war(pact):
    war = column("threats", "A", ["Total war"])
    exposed = column("exposure", "A", ["Total war"] * 5)
    asked = column("requirements", "A", ["Total war"] * 4)
    effects = put(effects_B6="Total war", effects_B7="Total war")
    assert tell(pact, several(war, exposed, asked, effects)) == []


# --- Headers ------------------------------------------------------------------------------------


@pytest.mark.medium
@pytest.mark.parametrize(
    ("place", "header"),
    [
        ("members_D5", "GDP (million EUR)"), ("members_D5", "gdp [million]"),
        ("members_D5", "GDP*"), ("inventory_C5", "Units\n(pieces)"), ("forces_K5", "Service life:"),
        ("requirements_C5", "Day (from alarm)"), ("members_D5", "GDP 1)"),
        ("members_D5", "GDP \u00b9\u207e"), ("members_H5", "Personnel (thousand persons)"),
        ("requirements_D5", "level (see note 3)"), ("members_D5", "GDP (million) a)"),
        ("members_E5", "GDP growth {per year}"),
    ],
)  # fmt: skip
def test_a_measure_in_brackets_is_no_part_of_a_header(pact, place, header):
    checked = check(pact, put(**{place: header}))
    plain = check(pact, nothing)
    assert checked.data.members.gdp == plain.data.members.gdp
    assert [str(issue) for issue in checked.issues] == [str(issue) for issue in plain.issues]


@pytest.mark.parametrize(
    ("place", "header"),
    [("members_D5", "GDP (billion EUR)"), ("members_F5", "Population [thousand]"),
     ("members_D5", "GDP (Mrd. EUR)"), ("members_F5", "Population (in 1000)"),
     ("members_H5", "Personnel (persons)"), ("forces_J5", "Lead time (months)"),
     ("requirements_C5", "Day (weeks)"), ("members_D5", "GDP (thousand million)")],
)  # fmt: skip
def test_brackets_that_say_another_measure_are_refused(pact, place, header):
    assert tell(pact, put(**{place: header})) == [f"E-211 {place.replace('_', '!')}"]


@pytest.mark.parametrize(
    ("place", "header", "meant"),
    [
        ("forces_F5", "unit price", "procurement_cost"), ("forces_F5", "price", "procurement_cost"),
        ("forces_F5", "cost per unit", "procurement_cost"),
        ("forces_F5", "purchase price", "procurement_cost"),
        ("forces_D5", "upkeep", "operating_cost"), ("forces_D5", "running costs", "operating_cost"),
        ("forces_C5", "manpower", "personnel"), ("forces_J5", "delivery time", "lead_time"),
        ("inventory_C5", "quantity", "units"), ("inventory_C5", "number of units", "units"),
        ("members_A5", "country", "member"), ("members_E5", "growth", "gdp_growth"),
        ("members_G5", "budget", "budget_share"), ("legislation_C5", "share", "delegable_share"),
        ("requirements_D5", "required power", "level"), ("threats_G5", "probability", "likelihood"),
        ("inventory_E5", "qualty", "quality"), ("members_F5", "inhabitants", "population"),
    ],
)  # fmt: skip
def test_a_column_under_another_name_is_refused_with_the_one_that_is_meant(
    pact, place, header, meant
):
    (issue,) = [i for i in check(pact, put(**{place: header})).issues if i.code != "W-434"]
    assert (issue.code, issue.where) == ("E-203", place.replace("_", "!"))
    assert f'Did you mean "{meant}"?' in issue.text


def test_a_column_of_ones_own_is_a_note_and_changes_nothing(pact):
    own = put(members_O5="capital", members_O6="Aldport", members_O7="Brensk")
    assert "N-202 members!O5" in " ".join(notes(pact, own))
    assert check(pact, own).data.members.records() == check(pact, nothing).data.members.records()
    present = several(put(members_O5="GDP 2025"), column("members", "O", [1, 2, 3, 4, 5]))
    assert [line.split()[1] for line in notes(pact, present) if "N-202" in line] == ["members!O5"]
    remark = several(put(members_G5="budget remark"), column("members", "G", ["ok"] * 5))
    assert "N-202 members!G5" in " ".join(notes(pact, remark))


def test_an_own_column_in_the_middle_moves_nothing(pact):
    def change(sheets):
        for number, row in enumerate(sheets["members"], start=1):
            row.insert(2, "minister" if number == 5 else "M. Ilves" if number == 6 else None)

    checked = check(pact, change)
    assert checked.data.members.records() == check(pact, nothing).data.members.records()
    assert "N-202 members!C5" in " ".join(map(str, checked.notes))


def test_values_without_a_header_are_an_error_where_a_column_is_missing(pact):
    assert tell(pact, put(inventory_D5=None)) == ["E-206 inventory!D6"]
    beside = put(inventory_I6="check", inventory_I7=17)
    assert "N-203 inventory!I6" in " ".join(notes(pact, beside))

    def number_rows(sheets):
        for place, row in enumerate(sheets["power"]):
            row.insert(0, place - 5 if place >= 5 and row[0] else None)

    assert "N-203 power!A6" in " ".join(notes(pact, number_rows))


def test_a_header_that_is_repeated_is_passed_over(pact):
    def change(sheets):
        sheets["inventory"].insert(12, [str(name).upper() for name in sheets["inventory"][4]])

    assert "N-118 inventory!A13" in " ".join(notes(pact, change))
    assert len(check(pact, change).data.inventory) == 16


def test_a_table_beside_another_is_not_read(pact):
    """A list of prices behind a blank column; its quality is none of the units."""

    def change(sheets):
        for number, row in enumerate(sheets["inventory"], start=1):
            del row[4]
            row += {5: [None, "force", "quality"], 6: [None, "SAM", 2]}.get(number, [])

    told = notes(pact, change)
    assert [line.split()[1] for line in told if "N-202" in line] == ["inventory!H5", "inventory!I5"]
    assert set(check(pact, change).data.inventory.quality.values()) == {1}

    def again(sheets):
        sheets["inventory"][4] += [None, "units"]

    assert tell(pact, again) == ["E-204 inventory!I5"]


@pytest.mark.parametrize(
    ("sheet", "place", "row"),
    [
        ("inventory", 23, ["force", "name", "price"]),
        ("members", 5, ["Mitglied", "Name", "Heimat", "BIP", "Wachstum", "Einwohner"]),
    ],
)
def test_a_second_header_is_one_error(pact, sheet, place, row):
    def change(sheets):
        rows = sheets[sheet]
        rows += [[] for _ in range(place - len(rows))]
        rows.insert(place, row)
        if place > 20:
            rows.append(["MECH", "Mechanized", 1400])

    letter = "A" if row[0] else "D"
    assert tell(pact, change) == [f"E-212 {sheet}!{letter}{place + 1}"]


@pytest.mark.parametrize("cells", [["none"], ["n/a", "n/a"], ["keine"], ["\u2014", "\u2014"]])
def test_a_word_for_none_in_an_optional_sheet_is_a_note(pact, cells):
    def change(sheets):
        sheets["caveats"].append(cells)

    assert [line.split()[1] for line in notes(pact, change) if "N-119" in line] == ["caveats!A6"]
    assert tell(pact, lambda sheets: sheets["members"].append(["none"])) == ["E-101 members"]


def test_a_row_of_measures_under_the_header_is_a_note(pact):
    def change(sheets):
        sheets["members"].insert(5, [None, None, None, "million", "share per year", "(million)"])

    assert "N-120 members!D6" in " ".join(notes(pact, change))
    assert len(check(pact, change).data.members) == 5

    def short(sheets):
        sheets["members"].insert(5, [None, None, None, "EUR m", "% p.a.", "m", "% GDP", "'000"])

    assert "N-120 members!D6" in " ".join(notes(pact, short))

    def billion(sheets):
        sheets["members"].insert(5, [None, None, None, "EUR bn", None, "million"])

    assert tell(pact, billion) == ["E-211 members!D6"]
    assert tell(pact, put(members_D3="billion")) == ["E-211 members!D3"]
    apart = put(members_D3="EUR million", forces_J3="years", members_H3="people",
                forces_J2="12 months ago", requirements_C2="Weeks 1-3 checked")  # fmt: skip
    assert tell(pact, apart) == []

    def other(sheets):
        sheets["members"].insert(5, [None, None, None, "tba", "tba", "tba"])

    assert tell(pact, other)[0] == "E-101 members!A6"


# --- Remarks and rows that were begun ----------------------------------------------------------


@pytest.mark.medium
@pytest.mark.parametrize(
    "cells",
    [
        {"members_A11": "Source: ministry of finance, March 2026. GDP figures are provisional."},
        {"members_A13": "GDP as published by the bank"}, {"members_A12": "* provisional"},
        {"members_A12": "Source:", "members_B12": "World Bank"},
        {"members_D12": "provisional figures of the ministry"}, {"members_A13": "See annex B"},
        {"inventory_A22": "Quelle: Ministerium"}, {"settings_A16": "All prices are those of 2026"},
        {"members_A12": "1) from the yearbook"}, {"members_A12": "\u00a9 the ministry"},
    ],
)  # fmt: skip
def test_a_remark_under_a_table_is_a_note(pact, cells):
    told = notes(pact, put(**cells))
    first = next(iter(cells)).replace("_", "!")
    assert [line.split()[1] for line in told if line.startswith("N-119")] == [first]
    assert tell(pact, put(**cells)) == []


@pytest.mark.parametrize("cells", [{"A": "FRA"}, {"A": "FRA", "B": "France"}, {"A": "New Land"}])
def test_a_row_that_was_begun_is_one_error(pact, cells):
    change = put(**{f"members_{letter}11": value for letter, value in cells.items()})
    (issue,) = [issue for issue in check(pact, change).issues if issue.code != "W-434"]
    assert issue.code == "E-101"
    assert f'in the row of "{cells["A"]}"' in issue.text
    assert issue.cells[-1] == "members!F11"


def test_a_row_with_a_number_is_never_a_remark(pact):
    assert tell(pact, put(members_A13="Deposits of the ministry in all", members_D13=7)) == [
        "E-101 members!B13"
    ]


# --- One cause, one message --------------------------------------------------------------------


def one(pact, change):
    (issue,) = [issue for issue in check(pact, change).issues if issue.code != "W-434"]
    return issue


def test_the_first_member_above_the_header_is_told_once(pact):
    def change(sheets):
        rows = sheets["members"]
        rows[3][:12], rows[5][:] = rows[5][:12], [None] * len(rows[5])

    issue = one(pact, change)
    assert (issue.code, issue.where) == ("E-209", "members!A4")
    assert '"ALD" stands in row 4, above the header in row 5' in issue.text
    # 4 holdings, 2 movements, 3 exposures, a law, 2 industries, an activity.
    assert "13 cells refer to it on 6 sheets" in issue.text
    assert len(issue.cells) == 13


@pytest.mark.parametrize("sheet", ["inventory", "movement", "requirements", "exposure", "readiness",
                                   "legislation", "industry", "effects", "power"])  # fmt: skip
def test_a_first_row_typed_over_the_example_is_not_lost_unheard(pact, sheet):
    def change(sheets):
        rows = sheets[sheet]
        place = len(rows[4]) - 1
        rows[3] = [*rows.pop(5)[:place], "an example, not read"]

    assert tell(pact, change)[0] == f"E-209 {sheet}!A4"


def test_a_setting_above_the_header_is_told(pact):
    above = put(settings_A4="discount rate", settings_B4=0.05)
    assert tell(pact, above) == ["E-209 settings!A4"]
    assert tell(pact, put(settings_A4="title")) == []


def test_days_with_the_noise_of_arithmetic_are_whole(pact):
    days = check(pact, put(requirements_C6=9.9999999999, movement_C6=12.5)).data
    assert ("LANDGRAB", "LAND", 10) in days.requirements
    assert days.movement.transit_days["ALD", "EAST"] == 12.5


def test_examples_and_headings_above_a_header_are_no_rows(pact):
    """The grey example rows of the template stand in every sheet of the pact."""
    assert pact["inventory"][3][:3] == ["NOR", "BDE", "3"]
    assert tell(pact, nothing) == []

    def number(sheets):
        for rows in (sheets["members"], sheets["measures"], sheets["power"]):
            rows[3] = list(range(1, len(rows[4]) + 1))

    assert tell(pact, number) == []
    caveat = put(caveats_A4="ALD", caveats_B4="RAIDS")
    assert tell(pact, caveat) == ["W-414 caveats!A4"]


def test_formulas_without_values_are_one_message_in_the_book(pact):
    formula = RawCell(None, "", "a formula without a stored value", formula=True)
    change = several(column("members", "D", [formula] * 5), column("forces", "D", [formula] * 5))
    issue = one(pact, change)
    assert (issue.code, issue.where, len(issue.cells)) == ("E-106", "members!D6", 9)
    assert issue.text.endswith("The same in 9 more cells: D7:D10, forces!D6:D10.")


def test_merged_keys_are_one_message(pact):
    covered = RawCell(None, "", MERGED)
    change = put(**{f"inventory_A{row}": covered for row in (7, 8, 9, 11, 12, 13)})
    issue = one(pact, change)
    assert (issue.code, issue.where) == ("E-208", "inventory!A7")
    assert issue.text.endswith("The same in 5 more cells: A8:A9, A11:A13.")


def test_a_remark_in_merged_cells_is_a_note(pact):
    covered = {f"members_{letter}12": RawCell(None, "", MERGED) for letter in "BCDEFGHIJKLMN"}
    told = notes(pact, put(members_A12="Figures of the ministry of finance", **covered))
    assert [line.split()[1] for line in told if line.startswith("N-119")] == ["members!A12"]


@pytest.mark.parametrize(
    ("change", "code", "where", "more"),
    [
        (column("members", "D", ["EUR 610 bn"] * 5), "E-102", "members!D6", "D7:D10"),
        (column("members", "D", [None] * 5), "E-101", "members!D6", "D7:D10"),
        (column("members", "G", [1.1] * 5), "E-110", "members!G6", "G7:G10"),
        (put(inventory_A7=None, inventory_A8=None), "E-101", "inventory!A7", "A8"),
        (column("inventory", "A", ["Aldovia"] * 4), "E-121", "inventory!A6", "A7:A9"),
        (put(inventory_B7="SA", power_A8="SA", industry_B6="SA"), "E-121", "power!A8",
         "inventory!B7, industry!B6"),
    ],
)  # fmt: skip
def test_one_slip_in_many_cells_is_told_once(pact, change, code, where, more):
    issue = one(pact, change)
    assert (issue.code, issue.where) == (code, where)
    assert issue.text.endswith(f": {more}.")


def test_different_slips_are_told_each(pact):
    change = put(members_D6="x", members_D7="y", inventory_A6="QQQ", inventory_A10="ZZZ")
    assert tell(pact, change) == [
        "E-102 members!D6", "E-102 members!D7", "E-121 inventory!A6", "E-121 inventory!A10",
    ]  # fmt: skip


def test_a_block_that_was_pasted_twice_is_told_once(pact):
    def change(sheets):
        sheets["inventory"] += copy.deepcopy(sheets["inventory"][5:15])

    issue = one(pact, change)
    assert (issue.code, issue.where, len(issue.cells)) == ("E-120", "inventory!A22", 9)


def test_names_of_a_sheet_that_is_missing_are_told_once(pact):
    """The headquarters of an activity and the council of two measures."""
    told = tell(pact, rename("bodies", "Institutions"))
    assert told == ["E-121 activities!I9", "W-413 Institutions"]


def test_a_very_long_header_takes_no_time(pact):
    began = time.perf_counter()
    notes(pact, put(members_O5=" (" * 15_000, members_P5="x" * 32_000, members_Q5="a_" * 16_000))
    assert time.perf_counter() - began < 2


def test_a_long_name_is_told_with_its_code(pact):
    text = one(pact, put(inventory_A6="Aldovia")).text
    assert 'Did you mean "ALD" (members!A6)?' in text


@pytest.mark.medium
def test_every_cell_of_a_message_is_in_json_and_marked(tmp_path):
    book = load_workbook(PACT)
    for row in range(6, 11):
        book["members"].cell(row, 4).value = "EUR 610 bn"
    path = tmp_path / "pact.xlsx"
    book.save(path)
    checked = cssopt.check(path)
    (fact,) = describe_check(path, checked)["tables"]["issues"]
    assert fact["cells"] == [f"members!D{row}" for row in range(6, 11)]
    marked = write_marked_copy(path, checked).path
    sheet = load_workbook(marked)["members"]
    assert all(sheet.cell(row, 4).comment.text.startswith("E-102") for row in range(6, 11))


# --- Sheets and columns that are not seen ------------------------------------------------------


def test_a_renamed_sheet_is_told_by_its_columns(pact):
    assert tell(pact, rename("legislation", "Laws")) == ["W-413 Laws"]
    assert tell(pact, rename("industry", "What we can build")) == ["W-413 What we can build"]
    (issue,) = check(pact, rename("members", "Mitglieder")).issues
    assert issue.code == "E-201"
    assert 'Is it the sheet "Mitglieder"?' in issue.text
    # Its sheet has no rows: nothing is lost.
    assert tell(pact, rename("caveats", "Restrictions")) == []


def test_an_own_sheet_of_a_like_name_is_a_note(pact):
    """Only its name is like one of the model; a misspelt sheet has columns of the table too."""

    def change(sheets):
        del sheets["caveats"]
        sheets["caveat list"] = [["What the ministries told us"], ["ALD", "will not go far"]]

    assert tell(pact, change) == []
    assert "N-201 caveat list" in " ".join(notes(pact, change))
    assert tell(pact, rename("effects", "effect")) == ["E-201 effect"]


def test_a_copy_of_a_sheet_is_a_note(pact):
    def change(sheets):
        sheets["inventory (2)"] = copy.deepcopy(sheets["inventory"])

    assert "N-204 inventory (2)" in " ".join(notes(pact, change))
    assert tell(pact, change) == []


@pytest.mark.parametrize(
    ("sheet", "told"),
    [
        ("inventory", ["W-413 inventory (2)"]), ("legislation", ["W-413 legislation (2)"]),
        ("members", ["E-121 inventory!A6", "W-413 members (2)"]),
    ],
)  # fmt: skip
def test_rows_that_stand_in_a_copy_only_are_told(pact, sheet, told):
    """No row above a header is taken for one that is missing: the title of the sheet is none."""

    def change(sheets):
        sheets[f"{sheet} (2)"] = copy.deepcopy(sheets[sheet])
        del sheets[sheet][5:]

    assert tell(pact, change) == told


def test_hidden_columns_are_noted(pact):
    told = notes(pact, nothing, members={"hidden_columns": frozenset({4, 12})})
    assert "N-117 members!E6 hidden columns are read all the same: gdp_growth" in told


@pytest.mark.parametrize(
    ("cell", "header", "meant"),
    [
        ("forces_F5", "Beschaffungskosten", "procurement_cost"),
        ("forces_J5", "Lieferzeit", "lead_time"), ("inventory_E5", "Qualität", "quality"),
        ("inventory_D5", "Restlebensdauer", "remaining_life"),
        ("members_E5", "Wzrost", "gdp_growth"), ("requirements_E5", "Рост", "growth"),
    ],
)  # fmt: skip
def test_a_translated_header_is_told_with_its_column(pact, cell, header, meant):
    """Else what has no price could not be bought, and only a note would say so."""
    issue = one(pact, put(**{cell: header}))
    assert issue.code == "E-203"
    assert f'Did you mean "{meant}"?' in issue.text


def test_the_measure_of_a_column_itself_is_no_other_one(pact):
    assert tell(pact, put(bodies_H5="post_cost (million per thousand posts and year)")) == []
    assert tell(pact, put(bodies_H5="post_cost (thousand)")) == ["E-211 bodies!H5"]


def test_totals_of_groups_are_told_once(pact):
    def change(sheets):
        rows = sheets["inventory"]
        for row, member in ((13, "BRE"), (9, "ALD")):
            rows.insert(row, [f"{member} Total", None, 18, None, None])

    issue = one(pact, change)
    assert (issue.code, issue.where, issue.cells) == ("E-210", "inventory!A10", ("inventory!A15",))


def test_a_setting_may_be_written_as_in_a_form(pact):
    clean = check(pact, nothing).data
    change = put(settings_A6="Title:", settings_A8="currency *", settings_A12="Discount rate :")
    assert tell(pact, change) == []
    assert dict(check(pact, change).data.settings.columns) == dict(clean.settings.columns)
    assert "E-203 settings!A8" in tell(pact, put(settings_A8="curency:"))


@pytest.mark.parametrize(("yes", "no"), [("\u2713", "\u2717"), ("\u2714", None), ("On", "off")])
def test_ticks_are_flags(pact, yes, no):
    change = column("forces", "N", [no, no, yes, yes, no])
    assert tell(pact, change) == []
    assert list(check(pact, change).data.forces.whole.values()) == [False, False, True, True, False]


# --- Magnitudes --------------------------------------------------------------------------------


@pytest.mark.medium
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (put(members_E6=0.9), "W-415 members!E6"),
        (column("requirements", "E", [1] * 8), "W-415 requirements!E6"),
        (put(forces_G7=-0.4), "W-415 forces!G7"),
        (put(settings_B12=0.3), "W-415 settings!B12"),
        (put(members_D6=610), "W-421 members!D6"),
        (put(members_D6=610_000_000), "W-421 members!D6"),
        (put(members_F6=14_200_000), "W-437 members!F6"),
        (put(members_H6=95_000), "W-422 members!H6"),
        (put(members_G6=0.9), "W-425 members!G6"),
        (put(forces_F6=1_400_000), "W-426 forces!F6"),
        (put(forces_F10=29), "W-427 forces!D10"),
        (put(forces_J6=24), "W-428 forces!J6"),
        (column("inventory", "E", [105] * 4), "W-429 inventory!E6"),
        (put(bodies_F6=50), "W-438 bodies!F6"),
        (put(bodies_H6=20_000), "W-451 bodies!H6"),
        (put(settings_B8="Mio. €"), "W-452 settings!B8"),
        (put(activities_E9=18), "W-453 activities!E9"),
        (put(activities_E6=10), "W-453 activities!E6"),
        (put(activities_G9=2036), "W-453 activities!E9"),
        (put(bodies_E6=2_500), "W-454 bodies!E6"),
        (put(measures_C6=5_000_000), "W-454 measures!C6"),
        (put(forces_H9=200_000_000), "W-454 forces!H9"),
        (put(power_C6=100), "W-455 power!C6"),
        (column("power", "C", [1_000, 450, 1_000, 100]), "W-455 power!C6"),
        (put(capabilities_D9=0.006), "W-456 capabilities!D9"),
        (column("requirements", "C", [240, 1_440, 240, 240]), "W-457 requirements!C7"),
        (put(forces_K6=180), "W-458 forces!K6"),
        (put(activities_G9=2120), "W-453 activities!G9"),
        (put(budgets_A6="ALD", budgets_B6=2128, budgets_C6=7_000), "W-459 budgets!B6"),
        (put(requirements_D12=2500), "W-423 requirements!D12"),
        (put(requirements_D7=2), "W-432 requirements!D7"),
        (put(budgets_A6="ALD", budgets_B6=2028, budgets_C6=7_000_000), "W-424 budgets!C6"),
    ],
)  # fmt: skip
def test_a_number_out_of_proportion_is_told_at_its_cell(pact, change, expected):
    told = tell(pact, change)
    assert expected in told
    # A budget or an income that is 1,000 times too small cannot pay for the inventory either.
    assert set(told) <= {expected, "W-407 members!G6"}
    assert check(pact, change).data is not None


def test_ceilings_of_years_outside_the_plan_are_noted_and_no_fault(pact):
    """A table may go on, and a plan be moved: but nothing is dropped without a word."""
    change = put(budgets_A6="ALD", budgets_B6=2040, budgets_C6=7_000)
    found = check(pact, change)
    noted = [one for one in found.notes if one.code == "N-460"]
    assert [(one.where, one.severity) for one in noted] == [("budgets!B6", Severity.NOTE)]
    assert "this ceiling is not used" in noted[0].text
    assert "N-460" not in " ".join(tell(pact, change))
    # Nor is it told of every what-if.
    assert not [one for one in check_data(found.data, RULES) if one.code == "N-460"]


@pytest.mark.parametrize(
    "change",
    [
        put(members_E6=0.09, requirements_E6=0.15, forces_G6=-0.1),
        put(members_D6=1_500_000, members_F6=3),
        put(settings_B8="JPY", **{f"members_D{row}": 70_000_000 for row in range(6, 11)}),
        put(requirements_D7=2.5, requirements_E7=0.02), put(forces_J6=9),
        put(inventory_E6=1.6, readiness_C6=2.5), put(requirements_D7=13),
        put(settings_B8="MXN"), put(settings_B8="kr"), put(bodies_H6=200),
        put(activities_E9=9), put(activities_G6=2035),
        put(bodies_D7=900, measures_C7=220, forces_H9=9_000), put(power_C7=9),
        put(capabilities_D9=0.2), put(requirements_C7=365), put(forces_K9=60),
        put(budgets_A6="ALD", budgets_B6=2045, budgets_C6=7_000),
    ],
)  # fmt: skip
def test_numbers_that_may_be_meant_are_not_accused(pact, change):
    assert tell(pact, change) == []


def test_a_level_above_all_that_can_be_there_is_told(pact):
    """Frigates that cannot be bought: 5 + 3 + 0.9, of which 0.85 can be used at one time, are
    7.565; measures may take a quarter off the need, so that 10 can be met and 12 can not."""
    no_more = put(forces_F9=None)
    assert tell(pact, several(no_more, put(requirements_D10=10))) == []
    change = several(no_more, put(requirements_D10=12))
    assert tell(pact, change) == ["W-423 requirements!D10"]
    assert "the members have 7.565 in it" in one(pact, change).text


def test_posts_are_not_judged_by_incomes_that_are_doubted(pact):
    billions = [310, 120, 520, 64, 23]
    told = tell(pact, column("members", "D", billions))
    assert "W-421 members!D6" in told
    assert not any(issue.startswith("W-451") for issue in told)


def test_a_book_that_asks_for_nothing_is_told(pact):
    def change(sheets):
        del sheets["requirements"][5:]

    assert tell(pact, change) == ["W-435 requirements"]


def test_threats_that_no_situation_names_are_told(pact):
    change = put(situations_A6="S1", situations_B6="LANDGRAB")
    issue = one(pact, change)
    assert (issue.code, issue.where) == ("W-433", "situations!A6")
    assert '"BLOCKADE", "RAIDS" stand in no situation' in issue.text
    both = several(change, put(situations_A7="S1", situations_B7="RAIDS"))
    assert '"BLOCKADE" stands in no situation' in one(pact, both).text
    twin = put(situations_A8="WEST", situations_B8="RAIDS", situations_A9="WEST",
               situations_B9="BLOCKADE")  # fmt: skip
    assert tell(pact, several(both, twin)) == []


def test_a_sheet_of_situations_in_use_may_leave_out_a_threat(pact):
    """Two situations of two threats each show that the planner thought of them."""
    fourth = put(threats_A9="FLOOD", threats_B9="Flood", threats_C9="SEA", threats_D9="military")
    rows = [("A", "LANDGRAB"), ("A", "RAIDS"), ("B", "RAIDS"), ("B", "BLOCKADE")]
    used = put(**{f"situations_A{n}": s for n, (s, _) in enumerate(rows, start=6)},
               **{f"situations_B{n}": k for n, (_, k) in enumerate(rows, start=6)})  # fmt: skip
    assert tell(pact, several(fourth, used)) == ["W-436 threats!A9"]
    asked = put(requirements_A14="FLOOD", requirements_B14="LAND", requirements_C14=60,
                requirements_D14=1)  # fmt: skip
    assert tell(pact, several(fourth, used, asked)) == []


def situations(*rows):
    def change(sheets):
        sheets["situations"] += [[*row, None, None] for row in rows]

    return change


def test_names_of_a_situation_in_other_letters_are_one(pact):
    """Else LANDGRAB and RAIDS would be met apart."""
    rows = (("East", "LANDGRAB"), ("east ", "RAIDS"), ("EAST", "BLOCKADE"))
    assert tell(pact, situations(*rows)) == []
    assert {s for s, _ in check(pact, situations(*rows)).data.situations} == {"East"}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        # Each threat is said to come alone: one message for all, and none for one of them.
        ([("A", "LANDGRAB"), ("B", "BLOCKADE"), ("C", "RAIDS")], ["W-433 situations!A6"]),
        ([("A", "LANDGRAB"), ("A", "RAIDS"), ("B", "BLOCKADE")], []),
        ([("East", "LANDGRAB"), ("East", "RAIDS"), ("Eats", "BLOCKADE")], ["W-410 situations!A8"]),
        ([("A", "LANDGRAB"), ("A", "RAIDS"), ("A", "BLOCKADE"), ("B", "RAIDS")],
         ["W-410 situations!A9"]),
    ],
)  # fmt: skip
def test_situations_of_one_threat(pact, rows, expected):
    assert tell(pact, situations(*rows)) == expected


def test_a_threat_against_which_nothing_is_asked_is_told(pact):
    def change(sheets):
        del sheets["requirements"][11:]

    assert tell(pact, change) == ["W-436 threats!A8"]
    assert tell(pact, put(requirements_D12=0, requirements_D13=0)) == ["W-436 threats!A8"]


def test_half_a_unit_of_a_whole_force_is_told(pact):
    assert tell(pact, put(inventory_C8=5.5)) == ["W-441 inventory!C8"]
    assert "of 5.5 there are 5 in the first year" in one(pact, put(inventory_C8=5.5)).text
    assert tell(pact, put(inventory_C6=5.5, inventory_C8=5 + 1e-10)) == []


def test_days_on_the_way_in_hours_are_told(pact):
    hours = column("movement", "C", [24 * row[2] for row in pact["movement"][5:]])
    assert one(pact, hours).code == "W-439"
    assert tell(pact, put(movement_C6=61)) == ["W-439 movement!C6"]
    assert tell(pact, put(movement_C6=60)) == []


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (column("forces", "J", [24, 12, 36, 48, 12]), "W-428 forces!J6"),
        (column("readiness", "B", [120, 720, 2880]), "W-401 requirements!C6"),
        (column("members", "E", [0.25, 0.28, 0.3]), "W-415 members!E6"),
    ],
)  # fmt: skip
def test_a_column_in_another_measure_is_told_once(pact, change, where):
    assert tell(pact, change) == [where]


def test_numbers_in_messages_have_no_exponents(pact):
    costs = several(*(column("forces", letter, [1000 * row[place] for row in pact["forces"][5:]])
                      for letter, place in (("D", 3), ("E", 4), ("F", 5))))  # fmt: skip
    money = column("members", "D", [1e6 * row[3] for row in pact["members"][5:]])
    for change in (costs, money):
        assert not re.search(r"\de\+\d", " ".join(i.text for i in check(pact, change).issues))


def test_every_code_has_one_meaning():
    codes = [rule.code for rule in RULES]
    assert len(codes) == len(set(codes))
    assert not set(codes) & set(CODES)


# --- The known cases, as files -----------------------------------------------------------------

KNOWN = {
    "07-total-row-is-a-member": ["E-210 members!A9"],
    "60-totals_row": ["E-210 members!A11"],
    "60-totals_named": ["E-210 members!A11"],
    "60-totals_inventory": ["E-210 inventory!A22"],
    "60-extra_column": [],
    "60-extra_column_middle": [],
    "60-header_renamed": [],
    "60-header_synonym": ["E-203 forces!F5"],
    "60-notes_right_under": [],
    "60-typed_over_example_row": ["E-209 members!A4"],
    "60-blank_key_merged": ["E-208 inventory!A7"],
    "60-formula_no_cache": ["E-106 members!D6"],
    "60-legislation_renamed": ["W-413 Laws"],
    "60-situations_partial": ["W-433 situations!A6"],
    "60-growth_need_percent": ["W-415 requirements!E6"],
    "60-percent_growth": ["E-110 members!E6"],
    "60-percent_growth_small": ["W-415 members!E6"],
    "60-huge_level": ["W-423 requirements!D6", "W-432 requirements!D7"],
    "60-example_row_kept": [],
}


@pytest.mark.medium
@pytest.mark.parametrize("name", KNOWN)
def test_known_cases(name):
    checked = cssopt.check(CASES / "planners" / f"{name}.xlsx")
    told = [f"{issue.code} {issue.where}" for issue in checked.issues if issue.code != "W-434"]
    assert sorted(told) == KNOWN[name]
