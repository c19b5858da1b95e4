"""The page of cost in proportion to danger and means."""

from __future__ import annotations

import math

import pytest
from made_figures import find_chart, find_table, make_figures, make_shares, read_notes

from cssopt.questions.plan.figures.proportion import Proportions
from cssopt.questions.plan.opinions import Opinions
from cssopt.questions.plan.pages.burden import find_finding, show_burden, tell_who_faces_none


@pytest.mark.parametrize(
    ("each", "finding"),
    [
        (
            [make_shares("Arland", 0.2, 0.6), make_shares("Bruma", 0.8, 0.4)],
            "Arland bears 3.0 times as large a part of the cost as of the danger, Bruma 0.50 times",
        ),
        (
            [make_shares("Arland", 0.5, 0.52), make_shares("Bruma", 0.5, 0.48)],
            "Every member bears about the same part of the cost as of the danger",
        ),
        (
            [make_shares("Arland", 0.5, 1.1), make_shares("Bruma", 0.5, -0.1)],
            "Arland bears 2.2 times as large a part of the cost as of the danger; Bruma bears none",
        ),
        (
            [make_shares("Arland", 0.5, 0.999), make_shares("Bruma", 0.5, 0.001)],
            "Arland bears 2.0 times as large a part of the cost as of the danger, "
            "Bruma <0.01 times",
        ),
        # A ratio of two parts that are next to nothing is no finding.
        (
            [
                make_shares("Arland", 0.2, 0.599),
                make_shares("Bruma", 0.7999, 0.4),
                make_shares("Islet", 0.0001, 0.001),
            ],
            "Arland bears 3.0 times as large a part of the cost as of the danger, Bruma 0.50 times",
        ),
        (
            [make_shares("Arland", 1.0, 1.0)],
            "Arland bears all of the cost and faces all of the danger",
        ),
        (
            [make_shares("Arland", math.nan, 0.5), make_shares("Bruma", math.nan, 0.5)],
            "No proportion of cost and danger can be told in this plan",
        ),
    ],
)
def test_the_title_tells_the_largest_and_the_smallest_ratio(each, finding):
    assert find_finding(each) == finding


def make_page(*each):
    proportions = Proportions(tuple(each), 0.4, {})
    return show_burden(make_figures(proportions=proportions), Opinions())


def test_shares_add_up_to_the_whole_and_ratios_are_of_the_shares():
    page = make_page(
        make_shares("Arland", 0.2, 0.6, gdp=0.75, supplied=0.3),
        make_shares("Bruma", 0.8, 0.4, gdp=0.25, supplied=0.7),
    )
    first, second, together = find_table(page, "proportions")
    assert (first["cost_for_danger"], first["cost_for_wealth"]) == pytest.approx((3.0, 0.8))
    assert (second["cost_for_danger"], second["cost_for_wealth"]) == pytest.approx((0.5, 1.6))
    for column in ("danger", "supplied", "cost", "wealth", "cost_for_danger", "cost_for_wealth"):
        assert together[column] == pytest.approx(1.0)
    assert together["covers_itself"] == 0.4
    assert find_chart(page, "dots").table == "proportions"


def test_beyond_nine_the_chart_shows_the_largest_and_the_table_all():
    each = [make_shares(f"M{n:02}", 1 / 11, n / 66, 1 / 11) for n in range(1, 12)]
    page = make_page(*each)
    rows = find_table(page, find_chart(page, "dots").table)
    assert [row["name"] for row in rows] == [f"M{n:02}" for n in range(11, 3, -1)] + ["3 others"]
    assert rows[-1]["cost"] == pytest.approx(6 / 66)
    assert rows[-1]["danger"] == pytest.approx(3 / 11)
    assert len(find_table(page, "proportions")) == 12


def test_what_cannot_be_told_stays_empty():
    page = make_page(make_shares("Arland", math.nan, 0.6), make_shares("Bruma", math.nan, 0.4))
    rows = find_table(page, "proportions")
    assert [row["danger"] for row in rows] == [None] * 3
    assert [row["cost_for_danger"] for row in rows] == [None] * 3
    assert not page.charts


@pytest.mark.parametrize(
    ("each", "told"),
    [
        (
            [make_shares("Arland", 0.0, 0.2), make_shares("Bruma", 1.0, 0.8)],
            "Arland bears cost and faces no danger.",
        ),
        (
            [make_shares("Arland", 0.0, 0.2), make_shares("Bruma", 0.0, 0.8)],
            "Arland and Bruma bear cost and face no danger.",
        ),
        ([make_shares("Arland", 0.0, 0.001), make_shares("Bruma", 1.0, 0.999)], ""),
    ],
)
def test_who_pays_without_danger_is_named(each, told):
    assert tell_who_faces_none(each) == told


def test_one_member_is_not_compared():
    page = make_page(make_shares("Arland", 1.0, 1.0, gdp=1.0, supplied=1.0))
    assert not page.charts
    assert "How firm the split" not in read_notes(page)
