"""The page of how a need comes about and what covers it."""

from __future__ import annotations

import pytest
from made_figures import (
    YEARS,
    find_chart,
    find_table,
    make_figures,
    make_need,
    make_security,
    read_notes,
)

from cssopt.questions.plan.opinions import Opinions
from cssopt.questions.plan.pages.bridge import (
    NEED_ROW,
    find_finding,
    find_shown,
    find_told_years,
    list_steps,
    show_bridge,
    tell_steps,
)

SHARED = {"growth": 0.5, "apart": 3.5, "overlap": -3.5, "relieved": -0.5}


@pytest.mark.parametrize(
    ("numbers", "finding"),
    [
        (
            {**SHARED, "short": 5.0},
            "Met together, Threat A needs 10 brigade equivalents, not 13.5; "
            "in 2027 50\u00a0% of it is missing",
        ),
        (
            SHARED,
            "Met together, Threat A needs 10 brigade equivalents, not 13.5; "
            "in 2027 it is met in full",
        ),
        (
            {"apart": 2.0, "short": 3.0},
            "Threat A needs 12 brigade equivalents in 2027; 25\u00a0% of it is missing",
        ),
        ({}, "Threat A needs 10 brigade equivalents in 2027; it is met in full"),
        # An overlap that would not be seen in the numbers is no finding.
        ({"apart": 0.01, "overlap": -0.01}, "Threat A needs 10 brigade equivalents in 2027;"),
    ],
)
def test_the_title_tells_the_need_and_what_is_missing_of_it(numbers, finding):
    assert find_finding(make_need(**numbers)).startswith(finding)


def test_where_nothing_is_needed_the_title_says_so():
    figures = make_figures(security=make_security([make_need(typed=0.0)]))
    page = show_bridge(figures, Opinions())
    assert page.finding == "Nothing is needed in any year of this plan"
    assert not page.charts
    assert not page.tables


@pytest.mark.parametrize(
    "numbers",
    [
        {**SHARED, "short": 5.0, "lent": 2.0, "lost": -0.5},
        SHARED,
        # More is in place than is needed.
        {"own": 9.0, "lent": 4.0, "lost": -1.0},
    ],
)
def test_the_steps_run_to_the_need_from_both_sides(numbers):
    need = make_need(**numbers)
    powers = [power for _, power, _ in list_steps(need)]
    assert sum(powers[:NEED_ROW]) == pytest.approx(need.asked)
    assert powers[NEED_ROW] == need.asked
    assert sum(powers[NEED_ROW + 1 :]) == pytest.approx(need.asked)


def test_the_chart_begins_anew_at_the_need_and_at_what_covers_it():
    figures = make_figures(security=make_security([make_need(**SHARED, short=5.0)]))
    page = show_bridge(figures, Opinions())
    chart = find_chart(page, "waterfall")
    names = [row["step"] for row in find_table(page, chart.table)]
    assert [names[row] for row in chart.totals] == [
        "Typed in the workbook",
        "Need",
        "Covered by own forces",
    ]


@pytest.mark.parametrize(("short", "is_marked"), [(5.0, True), (0.001, False), (0.0, False)])
def test_what_is_missing_is_marked_only_where_something_is(short, is_marked):
    figures = make_figures(security=make_security([make_need(**SHARED, short=short)]))
    page = show_bridge(figures, Opinions())
    marks = next(one for one in page.tables if one.name == "need_steps").marks
    assert ("bad" in marks.values()) is is_marked


def test_the_need_with_the_largest_missing_part_is_shown():
    worst = make_need(2028, "B", short=6.0, apart=1.0, overlap=-1.0)
    others = [
        make_need(2027, "A", short=9.0),
        make_need(2029, "A", apart=1.0, overlap=-1.0, short=1.0),
    ]
    # In 2027 none acts together yet: the picture is of a year in which they do.
    assert find_shown(make_security([others[0], worst, others[1]])) is worst


def test_where_all_are_met_the_largest_of_the_last_year_is_shown():
    large = make_need(2029, "B", typed=20.0)
    needs = [make_need(2027, "A", typed=50.0), make_need(2029, "A"), large]
    assert find_shown(make_security(needs)) is large


@pytest.mark.parametrize(
    ("acting", "years"),
    [
        ({2027: 0.0, 2028: 1.0, 2029: 1.0}, [2027, 2028, 2029]),
        ({2027: 0.0, 2028: 0.0, 2029: 1.0}, [2027, 2029]),
        ({2027: 1.0, 2028: 1.0, 2029: 1.0}, [2027, 2029]),
        # They never act together.
        ({2027: 0.0, 2028: 0.0, 2029: 0.0}, [2027, 2029]),
    ],
)
def test_the_years_that_matter_are_told(acting, years):
    assert find_told_years(YEARS, acting) == years


def test_every_row_of_the_table_adds_up_and_is_empty_where_nothing_can_be():
    needs = [
        make_need(2027, apart=3.0, relieved=-1.0, short=2.0),
        make_need(2028, **SHARED, lent=3.0, lost=-1.0),
        make_need(2029, **SHARED, lent=3.0, short=1.0),
    ]
    figures = make_figures(security=make_security(needs), acting={2027: 0.0, 2028: 1.0, 2029: 1.0})
    rows = find_table(show_bridge(figures, Opinions()), "needs_bridge")
    assert [row["year"] for row in rows] == [2027, 2028, 2029]
    for row in rows:
        comes = ("typed", "grown", "each_alone", "overlap", "relieved")
        covers = ("covered_by_own", "covered_by_lent", "loss", "missing")
        assert sum(row[name] or 0.0 for name in comes) == pytest.approx(row["need"])
        assert sum(row[name] or 0.0 for name in covers) == pytest.approx(row["need"])
    empty = {name for name, value in rows[0].items() if value is None}
    assert empty == {"grown", "overlap", "covered_by_lent", "loss"}
    assert None not in rows[1].values()


def test_it_counts_who_is_exposed_and_tells_what_they_face():
    # Of 10 each of two faces a part; together 135 % of it.
    need = make_need(apart=3.5, overlap=-3.5)
    danger = {("N", *need.key): 8.0, ("S", *need.key): 5.5, ("E", *need.key): 0.0}
    figures = make_figures(security=make_security([need]), danger=danger)
    told = read_notes(show_bridge(figures, Opinions()))
    assert (
        "two members are exposed to this threat, with 135\u00a0% of it between them. Together "
        "they meet it once." in told
    )


@pytest.mark.parametrize(
    ("numbers", "told"),
    [
        ({"apart": 3.5}, "Until they act together, each has to meet its own part."),
        (
            {"apart": -1.0},
            "The shares of the members add up to 90\u00a0% of the threat: the rest falls on nobody "
            "and is not met.",
        ),
        (
            {"lent": 4.0, "lost": -1.0},
            "Lent forces count 75\u00a0% of their power in 2027, as no joint command works.",
        ),
    ],
)
def test_steps_that_do_not_speak_for_themselves_are_explained(numbers, told):
    assert told in " ".join(tell_steps(make_need(**numbers), 2))


def test_nothing_is_explained_that_is_not_there():
    assert len(list(tell_steps(make_need(), 2))) == 1
