"""The page of what a plan costs, by year and purpose."""

from __future__ import annotations

import math

import pytest
from made_figures import (
    YEARS,
    find_chart,
    find_table,
    make_entry,
    make_figures,
    make_money,
    read_notes,
)

from cssopt.document.document import Formula
from cssopt.questions.plan.figures.certainty import Certainty
from cssopt.questions.plan.opinions import Opinions
from cssopt.questions.plan.pages.cost import find_finding, show_cost, tell_net_cost

RUNNING = make_entry("running", "running", [2000.0, 2000.0, 2000.0], 5800.0)
BUYING = make_entry("buying", "buying", [1500.0, 500.0, 0.0], 1980.0)
AID = make_entry("aid", "aid", [100.0, 0.0, 0.0], 100.0)
RESIDUAL = make_entry("left", "residual", [0.0, 0.0, -1200.0], -1130.0)


@pytest.mark.parametrize(
    ("money", "finding"),
    [
        (make_money(), "The plan costs nothing"),
        (
            make_money([RUNNING]),
            "100\u00a0% of the cash of EUR\u00a06.0\u00a0billion runs the forces; "
            "no new units are bought",
        ),
        (
            make_money([RUNNING, BUYING], bought=2000.0),
            "75\u00a0% of the cash of EUR\u00a08.0\u00a0billion runs the forces; 2.0\u00a0billion "
            "buys new units, of which nothing counts as still there in 2029",
        ),
        (
            make_money([RUNNING, BUYING], [RESIDUAL], 2000.0),
            "75\u00a0% of the cash of EUR\u00a08.0\u00a0billion runs the forces; 2.0\u00a0billion "
            "buys new units, of which 1.2\u00a0billion counts as still there in 2029",
        ),
    ],
)
def test_the_title_tells_what_the_cash_is_for(money, finding):
    assert find_finding(money, "EUR") == finding


def make_page(**parts):
    money = make_money([RUNNING, BUYING, AID], [RESIDUAL], 2000.0)
    return show_cost(make_figures(money=money, **parts), Opinions())


def test_purposes_add_up_to_cash_and_cash_less_residual_value_is_the_net_cost():
    *entries, cash, residual, net = find_table(make_page(), "cash_by_entry")
    columns = [*map(str, YEARS), "all_years", "at_start"]
    for column in columns:
        assert cash[column] == pytest.approx(sum(row[column] for row in entries))
    assert [cash[column] for column in columns] == [3600, 2500, 2000, 8100, 7880]
    assert [residual[str(t)] for t in YEARS] == [None, None, -1200]
    assert (net["all_years"], net["at_start"]) == (8100 - 1200, 7880 - 1130)
    assert (cash["purpose"], net["purpose"]) == ("Cash", "Net cost")


def test_sums_over_the_years_are_formulas_of_their_row():
    table = next(one for one in make_page().tables if one.name == "cash_by_entry")
    place, first = table.place("all_years"), table.place("2027")
    for row, cells in enumerate(table.rows[:4]):
        formula = cells[place]
        assert isinstance(formula, Formula)
        assert formula.value == math.fsum(cells[first : first + len(YEARS)])
        (read,) = formula.cells
        assert (read.column, read.last, read.row) == ("2027", "2029", row)


def test_the_groups_of_the_chart_add_up_to_cash():
    page = make_page()
    chart = find_chart(page, "stacked_columns")
    *groups, cash = find_table(page, chart.table)
    # Nothing is spent on common bodies: no part of the stack is empty.
    assert len(groups) == 3
    for year in chart.series:
        assert sum(group[year] for group in groups) == cash[year]
    assert next(one for one in page.tables if one.name == chart.table).last_is_total


def test_it_tells_the_currency_and_both_years_of_money():
    told = read_notes(make_page())
    assert "Million EUR, prices of 2026." in told
    assert "In the value of 2027 later money counts for 3\u00a0% a year less." in told


def test_the_residual_value_is_warned_of_where_the_net_cost_leans_on_it():
    # 1,200 of 2,000 is 60 %; 800 is 40 %.
    leans = " ".join(tell_net_cost(make_money([RUNNING, BUYING], [RESIDUAL], 2000.0)))
    assert "Mind the residual value: 60\u00a0% of what is paid for new units" in leans
    less = make_entry("left", "residual", [0.0, 0.0, -800.0])
    told = " ".join(tell_net_cost(make_money([RUNNING, BUYING], [less], 2000.0)))
    assert "Mind" not in told
    assert "40\u00a0% of what is paid for new units" in told
    assert "residual value of 0" in " ".join(tell_net_cost(make_money([RUNNING])))


@pytest.mark.parametrize(
    ("certainty", "told"),
    [
        (Certainty("proven", 0.0, ()), ""),
        (
            Certainty("money open", 250.0, ()),
            "Not proven: a plan that leaves as little missing may cost up to "
            "EUR\u00a00.25\u00a0billion less.",
        ),
        (
            Certainty("all open", math.inf, ()),
            "Not proven: how much less another plan may cost is not known.",
        ),
    ],
)
def test_it_says_how_far_the_cost_is_not_proven(certainty, told):
    notes = read_notes(make_page(certainty=certainty))
    assert told in notes
    assert ("Not proven" in notes) == bool(told)
