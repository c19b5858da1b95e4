"""What is defined but hardly meant is a warning at its cell, and never stops a plan."""

from __future__ import annotations

import copy

import pytest
from alliances import ALLIANCE
from books import make_raw
from paths import ANSWERS

import cssopt
from cssopt import find_tables
from cssopt.assembly.folders import find_model_folders
from cssopt.assembly.study import load_components
from cssopt.tables.check import check_book

RULES = [rule for part in load_components(find_model_folders()).values() for rule in part.checks]


def end_before_it_begins(sheets):
    put("threats", 2, "first_year", 2029)(sheets)
    put("threats", 2, "last_year", 2028)(sheets)


def warn(change=None):
    """The warnings of the example alliance, after a change of its sheets."""
    sheets = copy.deepcopy(ALLIANCE)
    if change is not None:
        change(sheets)
    checked = check_book(make_raw(sheets), find_tables(), RULES)
    assert checked.data is not None, [str(issue) for issue in checked.issues]
    return [str(issue) for issue in checked.issues]


def put(sheet, row, column, value):
    """A change of one cell; rows count from 1 below the header."""

    def change(sheets):
        sheets[sheet][row][sheets[sheet][0].index(column)] = value

    return change


def several(*changes):
    def change(sheets):
        for one in changes:
            one(sheets)

    return change


def test_the_example_gives_no_warning():
    assert warn() == []


def ask_again(*rows):
    """A change that lets the border threat ask for land power by more days: day, level, growth."""

    def change(sheets):
        header = sheets["requirements"][0]
        for day, level, growth in rows:
            asked = {"threat": "BORDER", "capability": "LAND", "day": day, "level": level}
            asked["growth"] = growth
            sheets["requirements"].append([asked.get(name) for name in header])

    return change


REPEATED = (
    "asks for the same {level} as day {first}: who is there by then is there by day {day} too. "
    "Where that is met it asks for nothing more, and what is missing counts {times} times in the "
    "missing share. Drop the row, or raise its level."
)


def test_days_that_repeat_a_level_are_told_each_at_its_cell():
    """Levels of 0 ask for nothing, and another growth makes another need."""
    own = copy.deepcopy(ALLIANCE)["requirements"]
    assert not any(row[:2] == ["BORDER", "LAND"] and row[3] == 50 for row in own)
    told = warn(ask_again((91, 50, None), (121, 50, 0), (61, 50, 0), (151, 50, 0.1), (161, 0, 0)))
    row = len(own) + 1
    assert [line for line in told if line.startswith("W-412")] == [
        f"W-412 requirements!R{row}C4 level: "
        + REPEATED.format(level=50, first=61, day=91, times=3),
        f"W-412 requirements!R{row + 1}C4 level: "
        + REPEATED.format(level=50, first=61, day=121, times=3),
    ]
    told = warn(ask_again((91, 50, 0), (121, 51, 0)))
    assert [line for line in told if line.startswith("W-412")] == []


@pytest.mark.parametrize(("days", "missing"), [(1, 1), (3, 2)])
def test_repeated_days_leave_the_optimum_as_the_formulation_says(days, missing):
    """4 units for K1 (priority 1) or K2 (priority 2): asked for by one day K1 counts 1 and goes
    short, by three days 3, so that K2 goes short (tests/cases/answers/README.md)."""
    case = cssopt.load(ANSWERS / f"days_count_{days}.xlsx")
    told = [issue.where for issue in case.warnings if issue.code == "W-412"]
    assert told == [f"requirements!D{row}" for row in range(3, 2 + days)]
    assert cssopt.solve(case).missing_share == pytest.approx(missing, abs=1e-6)


def drop_power(sheets):
    sheets["power"] = [row for row in sheets["power"] if row[0] != "ADB"]


def nobody_moves_north(sheets):
    sheets["movement"] = [row for row in sheets["movement"] if row[1] != "NORTH"]
    put("members", 1, "home_theatre", "SOUTH")(sheets)


# Notice 5 days at the highest tier; in the south SOU is at home (0 days) and first with 5 days.
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            put("requirements", 1, "day", 4),
            'W-401 requirements!R2C3 day: nobody is there by day 4: the first, "EST" at tier '
            '"high", needs 5 days.',
        ),
        (
            nobody_moves_north,
            'W-402 threats!R3C3 theatre: no member can move forces to "NORTH": give the sheet '
            "movement a row for it.",
        ),
        (
            put("readiness", 3, "max_share", 0.1),
            None,
        ),
        (
            several(
                put("readiness", 1, "max_share", 0.3),
                put("readiness", 2, "max_share", 0.3),
                put("readiness", 3, "max_share", 0.3),
            ),
            "W-404 readiness!R2C5 max_share: the tiers together hold 0.9 of the units at most, so "
            "that no unit can be held.",
        ),
        (
            put("inventory", 2, "remaining_life", 21),
            "W-405 inventory!R3C4 remaining_life: 21 years is more than the service_life of the "
            "force, 20 years.",
        ),
        # 0.5 + 0.2 of EST and NOR beside 0.2 of SOU.
        (
            put("exposure", 1, "share", 0.2),
            'W-406 exposure!R2C3 share: the shares of threat "BORDER" add up to 0.9: only so much '
            "of it is met.",
        ),
        # One brigade at the cheapest tier: 0.7 * (160 * 0.6 + 30) = 88.2; 60,000 * 0.0007 = 42.
        (
            put("members", 3, "budget_share", 0.0007),
            "W-407 members!R4C7 budget_share: the budget of 2027, 42, is less than half of the "
            '88.2 that the inventory of "EST" costs a year.',
        ),
        (
            put("threats", 2, "first_year", 2033),
            "W-408 threats!R3C5 first_year: lies outside the years of the plan, so that this "
            "threat is never met.",
        ),
        (
            end_before_it_begins,
            "W-408 threats!R3C5 first_year: comes after its last_year, 2028, so that this threat "
            "is never met.",
        ),
        # Four brigades of 4.5 and one battery of 0.4.
        (
            put("members", 2, "personnel", 18),
            "W-409 members!R3C8 personnel: 18 is less than the 18.4 that its inventory takes.",
        ),
    ],
)
def test_each_warning(change, expected):
    assert warn(change) == ([] if expected is None else [expected])


def test_a_force_without_power_is_told_and_the_needs_it_leaves():
    # Brigades still have a little power in the air: no need is out of reach of everybody.
    assert warn(drop_power) == [
        "W-403 forces!R3C1 force: has no power in any capability, so that it only costs: fill in "
        "the sheet power."
    ]


def test_a_need_that_no_force_serves_is_told():
    def change(sheets):
        sheets["power"] = [row for row in sheets["power"] if row[1] != "AIR"]

    told = [line for line in warn(change) if line.startswith("W-401")]
    assert len(told) == 2
    assert "has, or can buy, a force with power in" in told[0]
