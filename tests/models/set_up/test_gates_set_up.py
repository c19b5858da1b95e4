"""Set-up on small books: what waits for what, what is left out, and when each step is paid.

ALONE is 120 a year, OWN_PARTS 60, TOGETHER 40 (small_books). The council costs 3 and 1 a year.
"""

from __future__ import annotations

import pytest
from books import Sheets, add_column, make_data, read_study
from small_books import (
    ALONE,
    DRONE_POWER,
    OWN_PARTS,
    TOGETHER,
    activities,
    activity,
    bodies,
    cost,
    forces,
    make_book,
    members,
    plan,
    programme,
    years_of,
)

from cssopt.assembly.instance import Instance

COUNCIL = ("council", "delegation", 3, 1)

# C has nothing and nothing endangers it: it matters by what it does in the set-up alone.
WITH_C: Sheets = {
    "members": members(third=True),
    "exposure": [["threat", "member", "share"], ["K", "A", 1], ["K", "B", 1]],
}


# --- every activity, not one of them


@pytest.mark.parametrize("durations", [(2, 0), (0, 2), (1, 2)])
def test_every_treaty_must_be_in_force(durations):
    """The longer one takes two years: 2 apart, 2 together; alone, the shorter opens sooner."""
    first, second = (
        activity(name, "treaty", n) for name, n in zip(("pact", "annex"), durations, strict=True)
    )
    both = plan(activities=activities(first, second))
    assert both.pooled_expenditure == pytest.approx(2 * ALONE + 2 * TOGETHER)
    assert [both.quantities.pooled[t] for t in range(2030, 2034)] == [0, 0, 1, 1]
    sooner = min(durations)
    without = cost(activities=activities(activity("pact", "treaty", sooner)))
    assert without == pytest.approx(sooner * ALONE + (4 - sooner) * TOGETHER)


@pytest.mark.parametrize("durations", [(1, 0), (0, 1)])
def test_a_member_delegates_once_every_activity_naming_it_is_complete(durations):
    """In 2030 each does its own part, and A keeps the 2 units that it delegates from 2031 on."""
    ratify = activity("ratify", "legislation", durations[0], member="A")
    assign = activity("assign", "resources", durations[1], member="A")
    solution = plan(activities=activities(ratify, assign))
    assert solution.pooled_expenditure == pytest.approx(OWN_PARTS + 20 + 3 * TOGETHER)
    delegated = solution.quantities.sums("delegated", "member year")
    # What A does beyond 2 is delegated; whether the 2 are its own part or not costs the same.
    assert delegated["A", 2030] == 0
    assert all(delegated["A", t] >= 2 - 1e-6 for t in (2031, 2032, 2033))
    at_once = activity("ratify", "legislation", 0, member="A")
    assert cost(activities=activities(at_once)) == pytest.approx(4 * TOGETHER)


@pytest.mark.parametrize("durations", [(1, 2), (2, 1)])
def test_a_body_works_once_every_activity_naming_it_is_complete(durations):
    """The longer takes two years: pooled from 2032. The shorter would open a year sooner."""
    steps = [
        activity("found", "body", durations[0], body="council"),
        activity("house", "resources", durations[1], body="council"),
    ]
    solution = plan(bodies=bodies(COUNCIL), activities=activities(*steps))
    assert solution.pooled_expenditure == pytest.approx(2 * ALONE + 2 * TOGETHER + 3 + 2)
    assert years_of(solution.quantities.body_active, "council") == [0, 0, 1, 1]
    shorter = [step for step in steps if step[4] == 1]
    sooner = cost(bodies=bodies(COUNCIL), activities=activities(*shorter))
    assert sooner == pytest.approx(ALONE + 3 * TOGETHER + 3 + 3)


def test_a_founded_body_goes_on_working():
    """The threat ends with 2030, but the council costs 1 in every year; no council, no pooling."""
    threats = add_column(make_book()["threats"], "last_year", 2030)
    solution = plan(threats=threats, bodies=bodies(COUNCIL))
    assert solution.pooled_expenditure == pytest.approx(TOGETHER + 3 + 4 * 1)
    assert years_of(solution.quantities.body_active, "council") == [1, 1, 1, 1]
    assert cost(threats=threats) == pytest.approx(TOGETHER)


# --- activities of members outside the coalition


def test_precedence_through_an_activity_left_out_is_dropped_not_inherited():
    """Founding comes after C's ratification, and that after the treaty.

    A and B: C's step is out, so the council is founded in 2030, beside the treaty: pooled from
    2031. Were it to come after the treaty by way of C, it would be founded in 2031: from 2032.
    """
    steps = activities(
        activity("treaty", "treaty", 1),
        activity("ratify", "legislation", 0, member="C"),
        activity("found", "body", 1, body="council"),
    )
    sheets = {**WITH_C, "bodies": bodies(COUNCIL), "activities": steps}
    through_c = [["activity", "after"], ["ratify", "treaty"], ["found", "ratify"]]
    direct = [["activity", "after"], ["found", "treaty"]]
    soon, late = ALONE + 3 * TOGETHER + 3 + 3, 2 * ALONE + 2 * TOGETHER + 3 + 2
    dropped = plan(["A", "B"], **sheets, precedence=through_c)
    assert dropped.pooled_expenditure == pytest.approx(soon)
    assert years_of(dropped.quantities.started, "found") == [1, 1, 1, 1]
    assert cost(["A", "B"], **sheets, precedence=direct) == pytest.approx(late)
    assert cost(**sheets, precedence=through_c) == pytest.approx(late)


def test_a_body_that_a_member_outside_would_found_is_open():
    """C takes two years to found the council. Without C it works at once."""
    found = activity("found", "body", 2, 6, member="C", body="council")
    sheets = {**WITH_C, "bodies": bodies(COUNCIL), "activities": activities(found)}
    without = plan(["A", "B"], **sheets)
    assert without.pooled_expenditure == pytest.approx(4 * TOGETHER + 3 + 4 * 1)
    assert "setup_cost" not in without.costs
    together = plan(**sheets)
    assert together.pooled_expenditure == pytest.approx(
        2 * ALONE + 2 * TOGETHER + 3 + 2 * 1 + 2 * 6
    )
    assert together.quantities.costs["setup_cost", "C", 2031] == pytest.approx(6)


def test_a_treaty_that_only_a_member_outside_would_make_is_no_gate():
    treaty = activity("treaty", "treaty", 2, member="C")
    sheets = {**WITH_C, "activities": activities(treaty)}
    assert cost(["A", "B"], **sheets) == pytest.approx(4 * TOGETHER)
    assert cost(**sheets) == pytest.approx(2 * ALONE + 2 * TOGETHER)


def test_a_programme_that_a_member_outside_would_fund_is_open():
    """10 of support a unit and year, halved a year after launch for 5; C takes two years to fund.

    A and B launch in 2030: 80, then 60 a year. With C: launched in 2032, 60 in 2033 only.
    """
    fund = activity("fund", "funding", 2, member="C", programme="P")
    depots = programme("infrastructure", "support_cut", "unit", 0.5)
    sheets = {
        **WITH_C,
        "forces": forces(support_cost=10),
        "activities": activities(fund),
        **depots,
    }
    assert cost(["A", "B"], **sheets) == pytest.approx(5 + 80 + 3 * 60)
    assert cost(**sheets) == pytest.approx(5 + 3 * 80 + 60)
    # The workbook names the programme in an activity: A alone has none, whoever is to fund it.
    assert cost(["A"], **sheets) == pytest.approx(4 * 80)


def test_a_coalition_of_one_waits_for_no_treaty_and_no_body():
    """A plant for 2 drones a year, after a year and 5 million; drones at 1 and 1 a year.

    2030: 4 units. 2031: 2 drones, 2 units (2 + 2 + 20). 2032: 2 more (2 + 4). 2033: 4. A quarter
    of 2 and a half of 2 are left. With B it would be three years until a joint plant is of use.
    """
    sheets = {
        "forces": forces(price=1, imports=0),
        "power": DRONE_POWER,
        "bodies": bodies(COUNCIL),
        "activities": activities(activity("treaty", "treaty", 3, 9)),
        **programme("production", "capacity", "drone", 2),
    }
    alone = plan(["A"], **sheets)
    assert alone.pooled_expenditure == pytest.approx(5 + 40 + 24 + 6 + 4 - 0.5 - 1)
    for name in ("started", "body_active", "posts", "pooled", "delegated"):
        assert not getattr(alone.quantities, name), f"{name} is no decision of one member"
    together = plan(**sheets)
    for name in ("started", "body_active", "pooled"):
        assert getattr(together.quantities, name), f"{name} is a decision of two"
    orders = together.quantities.sums("orders", "year")
    assert [orders[t] for t in (2030, 2031, 2032)] == [0, 0, 0]


# --- order, and what a step costs


def test_an_activity_of_a_member_may_wait_for_its_own_and_for_joint_ones():
    """Treaty 2030, A's law 2031: A delegates from 2032. Until then A keeps 4 units, B has 2.

    2030 is apart (120); in 2031 own parts and the 2 units that A keeps (80); then 40 a year.
    Not in order, both would be done in 2030: apart in 2030 only.
    """
    steps = activities(
        activity("treaty", "treaty", 1), activity("ratify", "legislation", 1, member="A")
    )
    order = [["activity", "after"], ["ratify", "treaty"]]
    assert cost(activities=steps, precedence=order) == pytest.approx(ALONE + 80 + 2 * TOGETHER)
    assert cost(activities=steps) == pytest.approx(ALONE + 3 * TOGETHER)


@pytest.mark.parametrize(
    ("duration", "start", "by_year"),
    [
        (0, 2031, [0, 6, 0, 0]),
        (1, 2031, [0, 6, 0, 0]),
        (2, 2031, [0, 6, 6, 0]),
        # What would fall after 2033 falls nowhere.
        (3, 2032, [0, 0, 6, 6]),
        (3, 2033, [0, 0, 0, 6]),
    ],
)
@pytest.mark.parametrize("kind", ["activity", "programme"])
def test_a_step_costs_in_the_years_of_its_duration_within_the_horizon(
    kind, duration, start, by_year
):
    """No plan starts what it cannot complete, so the start is set here by hand."""
    steps = activities(activity("study", "agreement", duration, 6))
    sheets = {"activities": steps}
    if kind == "programme":
        sheets = programme("infrastructure", "support_cut", "unit", 0.5)
        sheets["programmes"][1][3:] = [duration, 6]
    data = make_data(make_book(**sheets))
    problem = Instance(data, read_study("pooled"), data.members.keys).assemble()
    of, name, entry = {
        "activity": (problem.model["set_up"].started, "study", "setup_cost"),
        "programme": (problem.model["programmes"].launched, "P", "joint_programme_cost"),
    }[kind]
    by_hand = {of[name, year].place: int(year >= start) for year in range(2030, 2034)}
    posted = {
        t: sum(each * by_hand[place] for place, each in zip(*cost.terms(), strict=True))
        for e, _, t, cost in problem.ledger.entries()
        if e == entry
    }
    assert [posted[t] for t in range(2030, 2034)] == pytest.approx(by_year)
