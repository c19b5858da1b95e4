"""Page 8: what is given up and ordered, largest first, and what to look at twice."""

from __future__ import annotations

from dataclasses import replace

from made_holdings import PROVEN, make_figures, make_holding, plain

from cssopt.document.document import Chart, Note, Table
from cssopt.questions.plan.figures.holdings import LookTwice
from cssopt.questions.plan.opinions import Opinions, Range, Ranges
from cssopt.questions.plan.pages.from_today import (
    find_finding,
    show_from_today,
    tabulate_holdings,
    tell_twice,
)

KEPT = make_holding("A", "T", 4.0)
SWAPPED = make_holding("A", "F", 3.0, given={2030: 1.0}, ordered={2031: 2.0}, paid=50.0)
GIVEN = make_holding("B", "T", 5.0, given={2030: 3.0, 2031: 2.0}, aged={})
NOTHING = LookTwice((), (), leans_on_residual=False)


def title(*holdings):
    return plain(find_finding(holdings))


def test_the_title_where_nothing_is_there_or_changes():
    assert title() == "No member has, orders or holds any force in this plan"
    assert title(KEPT) == "Nothing is given up before its time, and nothing is ordered"


def test_the_title_where_only_one_of_both_is_done():
    ordered = make_holding("A", "F", 3.0, ordered={2031: 2.0})
    assert title(KEPT, ordered) == "The plan orders 2 \u00d7 Force F; nothing is given up"
    told = "The plan gives up 5 \u00d7 Force T, most of it in 2030; nothing is ordered"
    assert title(GIVEN, KEPT) == told


def test_the_title_where_both_are_done_the_largest_first():
    given = "5 \u00d7 Force T and 1 \u00d7 Force F, most of it in 2030"
    told = f"The plan gives up {given}. It orders 2 \u00d7 Force F"
    assert title(SWAPPED, GIVEN) == told


def test_the_title_names_no_year_in_which_most_goes_where_there_is_none():
    evenly = make_holding("B", "T", 5.0, given={2030: 2.0, 2031: 2.0})
    assert title(evenly) == "The plan gives up 4 \u00d7 Force T; nothing is ordered"


def test_the_title_of_many_forces_names_the_largest():
    many = [make_holding("A", f, 5.0, given={2030: n}) for f, n in (("X", 1), ("Y", 3), ("Z", 2))]
    units = "above all 3 \u00d7 Force Y and 2 \u00d7 Force Z"
    told = f"The plan gives up {units}, most of it in 2030; nothing is ordered"
    assert title(*many) == told


def test_the_title_leaves_out_what_would_be_written_as_nothing():
    crumbs = make_holding("A", "F", 3.0, given={2030: 0.01})
    assert title(crumbs) == "Nothing is given up before its time, and nothing is ordered"


def show(*holdings, opinions=None, look=NOTHING, **more):
    figures = make_figures(holdings=holdings, look_twice=look, **more)
    return show_from_today(figures, opinions or Opinions())


def test_the_title_says_first_what_is_not_proven_or_wrong():
    doubtful = replace(PROVEN, proof="all open")
    assert show(KEPT, certainty=doubtful).finding.startswith("NOT PROVEN: Nothing is given up")
    failed = show(KEPT, certainty=doubtful, verdict=("a rule",))
    assert failed.finding.startswith("THE AUDIT FAILED: Nothing")


def test_every_row_adds_up_from_today_to_the_last_year():
    aged = make_holding("B", "F", 6.0, aged={2031: 1.5}, given={2030: 0.5}, ordered={2032: 2.0})
    table = tabulate_holdings((SWAPPED, GIVEN, KEPT, aged))
    assert table.column("last") == [4.0, 0.0, 4.0, 6.0]
    for row in table.records():
        parts = (row[name] or 0.0 for name in ("aged_out", "given_up", "ordered"))
        out, given, ordered = parts
        assert row["today"] - out - given + ordered == row["last"]


def test_years_stand_beside_units_and_of_several_each_has_its_own():
    table = tabulate_holdings((SWAPPED, GIVEN, KEPT))
    assert table.column("given_up_in") == ["2030", "3 in 2030, 2 in 2031", None]
    assert table.column("given_up") == [1.0, 5.0, None]
    assert table.marks[0, "given_up"] == "given_up"
    assert (2, "given_up") not in table.marks


def test_what_is_open_is_told_where_it_was_asked_with_the_sign_of_the_simplified_plan():
    ranges = Ranges(
        0.01, {}, {("A", "T"): Range(("A", "T"), 4, 1.5, 4.04, "at least", True)}, 9, True
    )
    table = tabulate_holdings((KEPT, GIVEN), ranges)
    assert table.column("open") == ["1.5 to 4", None]
    assert table.columns[-1].heading == "Open*"
    assert "at most 1 % more" in plain(table.note)


def test_what_was_not_asked_says_which_command_asks_it():
    notes = [block.text for block in show(KEPT).flat if isinstance(block, Note)]
    assert notes == ["not asked in this run: cssopt alternatives BOOK"]


def test_a_chart_of_many_pairs_shows_each_force_of_all():
    many = [make_holding(f"M{n}", f, 1.0 + n) for n in range(20) for f in ("T", "F")]
    sheet = show(*many)
    chart = next(block for block in sheet.flat if isinstance(block, Chart))
    tables = {block.name: block for block in sheet.flat if isinstance(block, Table)}
    assert chart.table == "forces_of_all"
    assert len(tables["forces_from_today"].rows) == 40
    assert tables["forces_of_all"].column("today") == [210.0, 210.0]


def test_of_many_pairs_those_that_change_most_stand_first():
    many = [make_holding(f"M{n}", "T", 9.0, given={2030: n / 10}) for n in range(40)]
    tables = {block.name: block for block in show(*many).flat if isinstance(block, Table)}
    assert tables["forces_from_today"].column("given_up")[:3] == [3.9, 3.8, 3.7]


def test_what_to_look_at_twice_is_told_case_by_case():
    class Money:
        residual_value, bought = 60.0, 100.0

    look = LookTwice((SWAPPED,), (GIVEN,), leans_on_residual=True)
    told = [plain(text) for text in tell_twice(make_figures(look_twice=look, money=Money))]
    assert told == [
        "Of what is bought, 60 % counts as still there at the end: more than half. Without this "
        "residual value another plan may be better.",
        "Member A gives up 1 \u00d7 Force F and orders 2 of the same.",
        "Member B is left with none of its 5 \u00d7 Force T.",
    ]
    assert list(tell_twice(make_figures(look_twice=NOTHING))) == []


def test_many_cases_to_look_at_are_counted():
    emptied = tuple(make_holding(f"M{n}", "T", 1.0 + n) for n in range(9))
    look = LookTwice((), emptied, leans_on_residual=False)
    notes = [block for block in show(KEPT, look=look).flat if isinstance(block, Note)]
    assert sum(note.is_point for note in notes) == 6
    assert "3 more such cases stand in the table." in [note.text for note in notes]
