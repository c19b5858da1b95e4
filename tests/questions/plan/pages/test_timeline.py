"""Page 10: what must begin when, what a late ratification costs, and what is ordered."""

from __future__ import annotations

from dataclasses import replace

import pytest
from made_holdings import PROVEN, begun, make_figures, make_holding, make_what_if, plain

from cssopt.document.document import Note, Table
from cssopt.questions.plan.opinions import Opinions
from cssopt.questions.plan.pages.timeline import (
    find_delays,
    show_timeline,
    tabulate_orders,
    tabulate_undertakings,
    tell_effect,
    tell_state,
)

TREATY = begun("treaty", "Treaty", 2030, 2031)
A = begun("ratification", "Ratification by A", 2031, 2032, party="A", table="acts", row="RA")
B = begun("ratification", "Ratification by B", 2031, 2031, party="B", table="acts", row="RB")
NEVER = begun("ratification", "Ratification by C", table="acts", row="RC")
LINE = begun("line", "Tank", 2030, 2030)
LATE_A = make_what_if("late A", 250.0, points=0.009, changes=[("acts", "RA", "from", "", "2032")])
LATE_B = make_what_if("late B", None, changes=[("acts", "RB", "from", "", "2032")])


class Asked(Opinions):
    """Opinions that are only what-ifs."""

    what_ifs = ()


def ask(*what_ifs):
    return type("AskedThese", (Asked,), {"what_ifs": what_ifs})()


def show(*undertakings, what_ifs=(), holdings=(), **more):
    figures = make_figures(undertakings=undertakings, holdings=holdings, **more)
    return show_timeline(figures, ask(*what_ifs))


def title(*undertakings, **more):
    return plain(show(*undertakings, **more).finding)


def test_the_title_where_nothing_is_begun():
    assert title() == "Nothing is begun or ordered in this plan"
    assert title(NEVER) == "Nothing is begun or ordered in this plan"


def test_the_title_where_only_units_are_ordered():
    holdings = (
        make_holding("A", "T", 1.0, ordered={2031: 1.0}),
        make_holding("B", "F", 1.0, ordered={2032: 1.0}),
    )
    assert title(holdings=holdings) == "The first orders are due in 2031: Force T"


def test_the_title_names_what_begins_first_the_treaty_before_all_else():
    assert title(LINE, A, TREATY) == "Treaty and Production line: Tank must begin in 2030"
    assert title(A, NEVER) == "Ratification by A must begin in 2031"
    many = [begun("body", f"Body {n}", 2030, 2030) for n in range(4)]
    assert title(*many, TREATY) == "Treaty, Body 0 and 3 others must begin in 2030"


def test_the_title_tells_the_delay_that_costs_most():
    found = title(TREATY, A, B, what_ifs=(LATE_A, replace(LATE_B, more=100.0)))
    told = "of the ratifications a year late, Ratification by A costs most: EUR 0.25 billion more"
    assert found == f"Treaty must begin in 2030; {told}"
    simplified = title(TREATY, A, what_ifs=(replace(LATE_A, is_simplified=True),))
    assert simplified.endswith("EUR 0.25 billion more*")


@pytest.mark.parametrize("more", [None, -20.0])
def test_the_title_where_no_delay_is_told_to_cost_more(more):
    found = title(TREATY, A, what_ifs=(replace(LATE_A, more=more),))
    assert found.endswith("; no ratification that comes a year late is told to cost more")


def test_the_title_says_first_what_is_not_proven():
    doubtful = replace(PROVEN, proof="money open")
    assert title(TREATY, certainty=doubtful) == "NOT PROVEN: Treaty must begin in 2030"


def test_a_schedule_says_in_words_what_its_colors_say():
    table = tabulate_undertakings((A, NEVER, TREATY), range(2030, 2033))
    assert table.rows == (
        ("Treaty", "under way", "in force", "in force"),
        ("Ratification by A", None, "under way", "in force"),
        ("Ratification by C (not needed in this plan)", None, None, None),
    )
    assert table.marks == {
        (0, "2030"): "under_way", (0, "2031"): "bar", (0, "2032"): "bar",
        (1, "2031"): "under_way", (1, "2032"): "bar",
    }  # fmt: skip


def test_a_schedule_of_many_years_tells_dates_alone():
    table = tabulate_undertakings((NEVER, TREATY), range(2030, 2045))
    assert table.rows == (
        ("Treaty", 2030, "in force from 2031"),
        ("Ratification by C", None, "not needed in this plan"),
    )


def test_every_kind_has_its_word():
    words = {kind: tell_effect(kind) for kind in ("treaty", "preparation", "body", "line")}
    assert words == {
        "treaty": "in force", "preparation": "complete", "body": "works", "line": "works",
    }  # fmt: skip
    assert tell_state(begun("body", "X", 2032)) == "still under way when the plan ends"


def test_a_delay_is_known_by_the_one_cell_that_it_changes():
    other_row = make_what_if("other", 5.0, changes=[("acts", "RX", "from", "", "2032")])
    no_year = make_what_if("no year", 5.0, changes=[("acts", "RA", "cost", 1.0, 2.0)])
    two = make_what_if("two", 5.0, changes=[("acts", "RA", "from", "", "2032")] * 2)
    assert find_delays((TREATY, A, B), (other_row, no_year, two)) == []
    assert find_delays((TREATY, A, B), (LATE_A,)) == [(A, LATE_A)]


def test_what_is_no_later_than_in_this_plan_is_no_delay_of_it():
    early = make_what_if("early", 5.0, changes=[("acts", "RA", "from", "", "2031")])
    assert find_delays((A,), (early,)) == []
    assert find_delays((NEVER,), (LATE_A,)) == []


def test_the_price_of_each_ratification_stands_with_what_was_not_asked():
    sheet = show(TREATY, A, B, NEVER, what_ifs=(replace(LATE_A, is_simplified=True),))
    tables = {block.name: block for block in sheet.flat if isinstance(block, Table)}
    unknown = "not asked in that run"
    assert tables["late_ratifications"].rows == (
        ("Ratification by A*", 2031, 2032, 250.0, pytest.approx(0.009)),
        ("Ratification by B", 2031, None, unknown, unknown),
    )
    notes = [block.text for block in sheet.flat if isinstance(block, Note)]
    assert any(note.startswith("* Asked of the simplified plan") for note in notes)


def test_a_difference_below_the_gap_is_not_told():
    sheet = show(A, B, what_ifs=(LATE_A, replace(LATE_B, more_missing=None)))
    tables = {block.name: block for block in sheet.flat if isinstance(block, Table)}
    assert tables["late_ratifications"].rows[1][3:] == ("no difference told",) * 2


def test_a_delay_that_nobody_asked_for_says_which_command_asks_it():
    def notes(*undertakings):
        return [block.text for block in show(*undertakings).flat if isinstance(block, Note)]

    told = "not asked in this run: cssopt whatif BOOK --ask ratification"
    assert told in notes(TREATY, A)
    assert told not in notes(TREATY, NEVER)


def test_orders_stand_by_year_and_only_what_is_paid_is_added_up():
    ordered = (
        make_holding("A", "T", 1.0, ordered={2030: 1.0, 2031: 0.5}, paid=30.0),
        make_holding("B", "F", 1.0, ordered={2031: 2.0}, paid=12.0),
    )
    table = tabulate_orders(ordered, {"T": 3.0, "F": 1.0}, "million EUR, prices of 2029")
    assert table.rows == (
        ("Member A", "Force T", 1.0, 0.5, 1.5, 30.0, "3 years"),
        ("Member B", "Force F", None, 2.0, 2.0, 12.0, "1 year"),
        ("All members", None, None, None, None, 42.0, None),
    )
    assert table.last_is_total


def test_of_many_orders_the_dearest_stand_first():
    many = [make_holding(f"M{n}", "T", 1.0, ordered={2030: 1.0}, paid=float(n)) for n in range(30)]
    sheet = show(TREATY, holdings=tuple(many))
    tables = {block.name: block for block in sheet.flat if isinstance(block, Table)}
    assert tables["orders_by_member"].column("paid")[:2] == [29.0, 28.0]
