"""The page of the needs that are not met: when, by how much, and why."""

from __future__ import annotations

import pytest
from made_figures import YEARS, find_table, make_figures, make_need, make_security, read_notes

from cssopt.questions.plan.figures.causes import Cause
from cssopt.questions.plan.figures.certainty import Certainty
from cssopt.questions.plan.opinions import Opinions
from cssopt.questions.plan.pages.needs import (
    find_finding,
    show_needs,
    tell_cause,
    tell_missing,
)


def make_needs(short, years=YEARS):
    """Needs of 10 against threats by letter; `short` has what is missing of each in each year."""
    return make_security(
        [
            make_need(year, threat, short=missing)
            for threat, row in short.items()
            for year, missing in zip(years, row, strict=True)
            if missing is not None
        ],
        years,
    )


@pytest.mark.parametrize(
    ("short", "finding"),
    [
        ({"A": [None, None, None]}, "Nothing is needed in any year of this plan"),
        ({"A": [0, 0, 0]}, "The only need is met in every year"),
        ({"A": [0, 0, 0], "B": [0, 0, 0]}, "Both needs are met in every year"),
        ({"A": [3, 0, 0]}, "The only need is short in 2027; from 2028 all are met"),
        (
            {"A": [3, 0, 0], "B": [0, 0, 0]},
            "One of two needs is short in 2027; from 2028 all are met",
        ),
        (
            {"A": [3, 3, 0], "B": [3, 0, 0]},
            "Both needs are short in 2027, one in 2028; from 2029 all are met",
        ),
        (
            {"A": [3, 3, 0], "B": [3, 3, 0], "C": [0, 0, 0]},
            "Two of three needs are short in 2027\u201328; from 2029 all are met",
        ),
        # What is missing in the last year is never told as met later.
        (
            {"A": [0, 0, 3], "B": [0, 0, 0]},
            "One of two needs is short in 2029; the plan ends in 2029 with needs unmet",
        ),
        # Met again in between: the year from which on all are met is behind the last gap.
        (
            {"A": [3, 0, 3], "B": [0, 0, 0]},
            "One of two needs is short in 2027, 2029; the plan ends in 2029 with needs unmet",
        ),
        # Below what is written as 0.0 % a need is met.
        ({"A": [0.004, 0, 0]}, "The only need is met in every year"),
    ],
)
def test_the_title_counts_short_needs_by_year(short, finding):
    if not any(value is not None for row in short.values() for value in row):
        assert find_finding(make_security([make_need(typed=0.0)])) == finding
    else:
        assert find_finding(make_needs(short)) == finding


def test_of_many_stretches_the_title_tells_the_last_as_one():
    years = (2027, 2028, 2029, 2030, 2031)
    counts = (4, 3, 2, 1, 0)
    short = {letter: [3 * (place < n) for n in counts] for place, letter in enumerate("ABCD")}
    found = find_finding(make_needs(short, years))
    assert found == (
        "All four needs are short in 2027, three in 2028, up to two in 2029\u201330; "
        "from 2031 all are met"
    )


def test_every_need_has_its_missing_part_in_every_year():
    figures = make_figures(security=make_needs({"A": [3, 0, 0], "B": [None, 10, 0]}))
    rows = find_table(show_needs(figures, Opinions()), "needs_by_year")
    assert [[row[str(t)] for t in YEARS] for row in rows] == [[0.3, 0, 0], [None, 1, 0]]
    assert [row["threat"] for row in rows] == ["Threat A", "Threat B"]
    assert {row["by_day"] for row in rows} == {"day\u00a030"}


def test_what_covers_a_short_need_and_what_is_missing_add_up_to_it():
    need = make_need(lent=4.0, lost=-1.0, short=2.0)
    (row,) = find_table(
        show_needs(make_figures(security=make_security([need])), Opinions()), "needs_short"
    )
    parts = ("need", "covered_by_own", "covered_by_lent", "missing")
    assert [row[part] for part in parts] == [10, 5, 3, 2]
    assert row["measured_in"] == "brigade equivalents"


def test_a_plan_that_meets_all_has_no_causes_and_no_list_of_what_is_short():
    page = show_needs(make_figures(security=make_needs({"A": [0, 0, 0]})), Opinions())
    assert [table.name for table in page.tables] == ["needs_by_year"]
    assert "Why?" not in read_notes(page)
    assert "Of all needs, nothing is missing." in read_notes(page)


def test_needs_without_days_are_told_by_what_they_are():
    figures = make_figures(security=make_security([make_need(day=None)]))
    (row,) = find_table(show_needs(figures, Opinions()), "needs_by_year")
    assert "by_day" not in row
    assert row["kind"] == "Land combat, day 30"


def test_what_is_missing_is_weighted():
    # 3 of 10 at weight 3 and 1 of 10 at weight 1: 10 of 40 missing in 2027, of 80 in both years.
    needs = [
        make_need(2027, "A", short=3.0, weight=3.0),
        make_need(2027, "B", short=1.0),
        make_need(2028, "A", weight=3.0),
        make_need(2028, "B"),
    ]
    assert tell_missing(make_security(needs)) == (
        "Of all needs, weighted by the priority of their threats, this is missing: "
        "25\u00a0% in 2027. Over all years it is 13\u00a0% of all needs."
    )


def test_a_small_part_of_all_that_is_missing_is_told():
    needs = [make_need(2027, short=1.0, weight=0.001), make_need(2027, "B", weight=0.999)]
    assert "this is missing: <0.1\u00a0% in 2027." in tell_missing(make_security(needs))


def test_of_many_years_the_worst_is_told():
    years = (2027, 2028, 2029, 2030, 2031)
    told = tell_missing(make_needs({"A": [1, 2, 5, 2, 1]}, years))
    assert (
        "up to 50\u00a0% is missing, in 2029. Over all years it is 22\u00a0% of all needs." in told
    )


@pytest.mark.parametrize(
    ("cause", "told"),
    [
        (Cause("treaty", 2027), "The treaty is not in force"),
        (Cause("ratification", 2027, ("Arland",)), "Arland has not ratified yet and cannot lend."),
        (Cause("ratification", 2027, ("Arland", "Bruma")), "Arland and Bruma have not ratified"),
        (Cause("command", 2027), "Lent forces count for less, as no joint command works."),
        (
            Cause("arrival", 2027, what=("Frigate",)),
            "Not all that is ordered has arrived: Frigate.",
        ),
        (Cause("ceiling", 2027, ("Bruma",)), "Bruma is at its ceiling."),
        (Cause("ceiling", 2027, ("Bruma", "Arland")), "Bruma and Arland are at their ceilings."),
        (
            Cause("ceiling_before", 2027, ("Bruma",)),
            "Bruma was at its ceiling in years before, when units for now could be kept or "
            "ordered.",
        ),
        (Cause("nobody", 2027), "Neither the treaty, orders nor ceilings stand in the way."),
    ],
)
def test_every_cause_is_told_by_what_a_decider_can_change(cause, told):
    assert tell_cause(cause).startswith(told)


def test_years_of_the_same_causes_are_told_once():
    causes = {
        2027: [Cause("treaty", 2027)],
        2028: [Cause("command", 2028)],
        2029: [Cause("command", 2029)],
    }
    figures = make_figures(security=make_needs({"A": [3, 3, 3]}), causes=causes)
    points = [
        one.text
        for one in show_needs(figures, Opinions()).blocks
        if getattr(one, "is_point", False)
    ]
    assert len(points) == 2
    assert points[1] == "2028\u201329: Lent forces count for less, as no joint command works."


@pytest.mark.parametrize(
    ("proof", "is_told"),
    [("proven", False), ("money open", False), ("all open", True), ("interrupted", True)],
)
def test_it_says_where_less_might_be_missing(proof, is_told):
    figures = make_figures(
        security=make_needs({"A": [3, 0, 0]}), certainty=Certainty(proof, 0.0, ())
    )
    told = read_notes(show_needs(figures, Opinions()))
    assert ("It is not proven that no plan leaves less missing" in told) is is_told
