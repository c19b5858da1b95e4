"""Each gate opens when it should and no sooner: costs of small books, worked out by hand."""

from __future__ import annotations

import pytest
from books import solve_sheets
from small_books import (
    ACTIVITIES,
    ALONE,
    DRONE_POWER,
    OWN_PARTS,
    TOGETHER,
    activity,
    bodies,
    forces,
    make_book,
    measure,
    members,
    programme,
    settings,
)

from cssopt.solve.outcome import Status

COUNCIL = ("council", "delegation", 3, 1)


def plan(coalition=None, **sheets):
    solution = solve_sheets(make_book(**sheets), members=coalition)
    assert solution.status is Status.OPTIMAL
    assert solution.audit.passed
    assert solution.audit.not_audited == ()
    assert solution.threats_met
    return solution


def cost(coalition=None, **sheets):
    return plan(coalition, **sheets).pooled_expenditure


def activities(*rows):
    return [ACTIVITIES, *rows]


def test_without_gates():
    assert cost() == pytest.approx(4 * TOGETHER)
    assert cost(["A"]) + cost(["B"]) == pytest.approx(4 * ALONE)


# --- the treaty


@pytest.mark.medium
@pytest.mark.parametrize(
    ("treaty", "years_apart"),
    [
        (activity("treaty", "treaty", 0), 0),
        (activity("treaty", "treaty", 2), 2),
        (activity("treaty", "treaty", 1, earliest=2031), 2),
        (activity("agreement", "agreement", 2), 0),
    ],
)
def test_nothing_is_pooled_before_the_treaty_is_complete(treaty, years_apart):
    solution = plan(activities=activities(treaty))
    expected = years_apart * ALONE + (4 - years_apart) * TOGETHER
    assert solution.pooled_expenditure == pytest.approx(expected)
    for (_, _, _, _, year), units in solution.quantities.delegated.items():
        assert units == 0 or year >= 2030 + years_apart


def test_an_activity_costs_in_every_year_that_it_runs():
    """Two years at 6 million; with no duration one year."""
    assert cost(activities=activities(activity("treaty", "treaty", 2, 6))) == pytest.approx(
        2 * ALONE + 2 * TOGETHER + 12
    )
    assert cost(activities=activities(activity("treaty", "treaty", 0, 6))) == pytest.approx(
        4 * TOGETHER + 6
    )


def test_what_an_activity_costs_a_member_is_its_own():
    ratify = activity("ratify", "legislation", 0, 6, member="B")
    # B need not ratify: only A delegates. So its ratification is never begun.
    assert plan(activities=activities(ratify)).costs.get("setup_cost", 0.0) == 0
    ratify = activity("ratify", "legislation", 0, 6, member="A")
    solution = plan(activities=activities(ratify))
    assert solution.pooled_expenditure == pytest.approx(4 * TOGETHER + 6)
    assert solution.quantities.costs["setup_cost", "A", 2030] == pytest.approx(6)


# --- national law


def test_a_member_delegates_only_once_it_has_ratified():
    """In 2030 each meets its own part, and A keeps the 2 units that it will delegate."""
    ratify = activity("ratify", "legislation", 1, member="A")
    solution = plan(activities=activities(ratify))
    assert solution.pooled_expenditure == pytest.approx(OWN_PARTS + 20 + 3 * TOGETHER)
    delegated = solution.quantities.sums("delegated", "member year")
    assert delegated["A", 2030] == 0
    assert delegated["A", 2031] >= 2 - 1e-6


def test_a_caveat_forbids_delegation_in_every_year():
    caveats = [["member", "threat"], ["A", "K"]]
    assert cost(caveats=caveats) == pytest.approx(4 * OWN_PARTS)


# --- bodies


def test_nothing_is_pooled_without_the_body_that_decides():
    assert cost(bodies=bodies(COUNCIL)) == pytest.approx(4 * TOGETHER + 3 + 4 * 1)
    found = activity("found", "body", 1, body="council")
    solution = plan(bodies=bodies(COUNCIL), activities=activities(found))
    assert solution.pooled_expenditure == pytest.approx(ALONE + 3 * TOGETHER + 3 + 3 * 1)
    assert solution.quantities.body_active["council", 2030] == 0
    # The cost of setting it up falls once, in its first year.
    assert solution.quantities.costs["body_cost", "common", 2031] == pytest.approx(3 + 1)
    assert solution.quantities.costs["body_cost", "common", 2032] == pytest.approx(1)


def test_every_body_that_decides_must_work():
    two = bodies(COUNCIL, ("staff", "delegation", 0, 2))
    found = activity("found", "body", 2, body="staff")
    # The council is needed no sooner than the staff.
    assert cost(bodies=two, activities=activities(found)) == pytest.approx(
        2 * ALONE + 2 * TOGETHER + 3 + 2 * 1 + 2 * 2
    )


def test_a_body_that_only_consults_opens_nothing():
    assert cost(bodies=bodies(("forum", "consultation", 0, 2))) == pytest.approx(4 * TOGETHER)


def test_posts_are_filled_by_several_nations_at_their_own_cost():
    """Four posts at 1 million, no nation more than half: A 2 * 1, B 2 * 2 a year."""
    row = ["council", "Council", "political", 0, 0, 4, 0.5, 1, "delegation"]
    solution = plan(bodies=[bodies()[0], row])
    assert solution.pooled_expenditure == pytest.approx(4 * (TOGETHER + 2 + 4))
    assert solution.quantities.posts["A", "council", 2030] == pytest.approx(2)
    row[6] = 1
    assert cost(bodies=[bodies()[0], row]) == pytest.approx(4 * (TOGETHER + 4))


def test_a_coalition_of_one_needs_no_body_and_no_set_up():
    gates = {
        "bodies": bodies(COUNCIL),
        "activities": activities(activity("treaty", "treaty", 3, 9)),
    }
    assert cost(["A"], **gates) == pytest.approx(4 * 40)


# --- measures


def test_no_measure_without_its_council():
    """Talks halve the need: 2 units and 4 million, and 1 for the forum."""
    forum = bodies(("forum", "consultation", 0, 1))
    assert cost(bodies=forum, **measure("forum")) == pytest.approx(4 * (20 + 4 + 1))
    found = activity("found", "body", 1, body="forum")
    solution = plan(bodies=forum, activities=activities(found), **measure("forum"))
    assert solution.pooled_expenditure == pytest.approx(TOGETHER + 3 * (20 + 4 + 1))
    assert solution.quantities.intensity["talks", 2030] == 0


def test_a_coalition_of_one_has_only_the_measures_without_a_body():
    forum = bodies(("forum", "consultation", 0, 1))
    assert cost(["A"], bodies=forum, **measure("forum")) == pytest.approx(4 * 40)
    assert cost(["A"], **measure(None)) == pytest.approx(4 * (20 + 4))


def test_relief_has_a_ceiling():
    """The threat may be met by other means to a quarter only: 3 units and half the intensity."""
    threats = make_book()["threats"]
    threats[1][5] = 0.25
    assert cost(threats=threats, **measure(None)) == pytest.approx(4 * (30 + 2))


# --- integration


INTEGRATED = {
    "settings": settings(unintegrated_power=0.5),
    "members": members(index_of_b=3),
    "bodies": bodies(("command", "integration", 7, 3)),
}


def test_delegated_power_is_worth_less_until_a_command_works():
    """Before: A 2 units for itself, and 4 delegated at half their worth. Then 4 in all."""
    assert cost(**INTEGRATED) == pytest.approx(4 * (40 + 3) + 7)
    found = activity("found", "body", 1, body="command")
    solution = plan(**INTEGRATED, activities=activities(found))
    assert solution.pooled_expenditure == pytest.approx(60 + 3 * (40 + 3) + 7)
    held = solution.quantities.sums("held", "member year")
    assert held["A", 2030] == pytest.approx(2 + 4)
    assert held["A", 2031] == pytest.approx(2 + 2)


def test_without_a_command_in_the_workbook_delegated_power_is_worth_all():
    assert cost(**{**INTEGRATED, "bodies": bodies()}) == pytest.approx(4 * 40)


# --- programmes


LOCKED = {"power": DRONE_POWER, **programme("research", "unlock", "drone")}


def test_no_order_of_a_locked_force_before_research_ends():
    """2030: 4 units. 2031: 4 drones for 1 each, 1 a year; a quarter of their life is left."""
    solution = plan(forces=forces(price=1, tech=1), **LOCKED)
    assert solution.pooled_expenditure == pytest.approx(40 + 5 + 4 + 3 * 4 - 1)
    orders = solution.quantities.sums("orders", "force year")
    assert orders["drone", 2030] == 0
    assert orders["drone", 2031] == pytest.approx(4)


def test_research_is_for_those_who_lack_the_technology():
    """A has it: 4 drones at once, used up by the end."""
    free = cost(forces=forces(price=1, tech=1), members=members(tech_of_a=1), **LOCKED)
    assert free == pytest.approx(4 + 4 * 4)
    assert cost(forces=forces(price=1, tech=1), power=DRONE_POWER) == pytest.approx(4 * 40)


def test_a_programme_is_launched_only_once_it_is_funded():
    """Launched in 2031, complete in 2032: drones for two years, half of their life is left."""
    fund = activity("fund", "funding", 1, programme="P")
    funded = {"forces": forces(price=1, tech=1), "activities": activities(fund), **LOCKED}
    solution = plan(**funded)
    assert solution.pooled_expenditure == pytest.approx(2 * 40 + 5 + 4 + 2 * 4 - 2)
    assert solution.quantities.launched["P", 2030] == 0
    # Alone, a programme that an activity names is out of reach; one that none names is not.
    assert cost(["A"], **funded) == pytest.approx(4 * 40)
    assert cost(["A"], forces=forces(price=1, tech=1), **LOCKED) == pytest.approx(
        40 + 5 + 4 + 3 * 4 - 1
    )


def test_capacity_is_added_from_completion_on():
    """No imports, no industry: 2 drones in 2031, 2 in 2032; a quarter and a half of life left."""
    plant = programme("production", "capacity", "drone", 2)
    solution = plan(forces=forces(price=1, imports=0), power=DRONE_POWER, **plant)
    by_year = 40 + (2 + 2 + 20) + (2 + 4) + 4
    assert solution.pooled_expenditure == pytest.approx(by_year + 5 - 0.5 - 1)
    orders = solution.quantities.sums("orders", "force year")
    assert [orders["drone", t] for t in (2030, 2031, 2032)] == pytest.approx([0, 2, 2])


def test_a_price_is_cut_from_completion_on():
    """The threat begins in 2031: 4 drones for 10 each then, or for 5 after a programme of 5."""
    threats = make_book()["threats"]
    threats[1][4] = 2031
    later = {"threats": threats, "forces": forces(price=10), "power": DRONE_POWER}
    assert cost(**later) == pytest.approx(40 + 3 * 4 - 10)
    cut = programme("production", "price_cut", "drone", 0.5)
    assert cost(**later, **cut) == pytest.approx(5 + 20 + 3 * 4 - 5)


def test_support_is_cut_from_completion_on():
    """10 of support a unit and year, 5 from 2031 on."""
    depots = programme("infrastructure", "support_cut", "unit", 0.5)
    assert cost(forces=forces(support_cost=10)) == pytest.approx(4 * 80)
    assert cost(forces=forces(support_cost=10), **depots) == pytest.approx(80 + 5 + 3 * 60)


# --- order in time


def test_activities_keep_their_order():
    """Treaty 2030, council founded in 2031: pooled from 2032."""
    steps = activities(
        activity("treaty", "treaty", 1), activity("found", "body", 1, body="council")
    )
    gates = {"bodies": bodies(COUNCIL), "activities": steps}
    free = cost(**gates)
    assert free == pytest.approx(ALONE + 3 * TOGETHER + 3 + 3 * 1)
    ordered = cost(**gates, precedence=[["activity", "after"], ["found", "treaty"]])
    assert ordered == pytest.approx(2 * ALONE + 2 * TOGETHER + 3 + 2 * 1)


WAITING = {
    "members": members(third=True),
    "exposure": [["threat", "member", "share"], ["K", "A", 1], ["K", "B", 1]],
    "bodies": bodies(COUNCIL),
    "activities": activities(
        activity("treaty", "treaty", 1),
        activity("ratify", "legislation", 1, member="C"),
        activity("found", "body", 0, body="council"),
    ),
    "precedence": [["activity", "after"], ["ratify", "treaty"], ["found", "ratify"]],
}


def test_activities_of_members_outside_are_left_out_and_precedence_through_them_dropped():
    """A and B alone found the council at once; only the treaty takes its year."""
    assert cost(["A", "B"], **WAITING) == pytest.approx(ALONE + 3 * TOGETHER + 3 + 3 * 1)


def test_the_price_of_waiting():
    """The union waits for C until 2032: a year more apart than A and B by themselves."""
    union = cost(**WAITING)
    assert union == pytest.approx(2 * ALONE + 2 * TOGETHER + 3 + 2 * 1)
    parts = cost(["A", "B"], **WAITING) + cost(["C"], **WAITING)
    assert union - parts == pytest.approx(ALONE - TOGETHER - 1)


# --- removal


def rows_without(sheets, name):
    """The book without every row that names something."""
    return {
        sheet: [rows[0], *(row for row in rows[1:] if name not in row)]
        for sheet, rows in sheets.items()
    }


EVERYTHING = {
    "forces": forces(support_cost=10),
    **programme("infrastructure", "support_cut", "unit", 0.5),
    "bodies": bodies(COUNCIL, ("forum", "consultation", 0, 1)),
    "activities": activities(
        activity("treaty", "treaty", 1, 2), activity("ratify", "legislation", 2, member="A")
    ),
    **measure("forum"),
}


def ledger(sheets):
    solution = solve_sheets(sheets)
    assert solution.audit.passed
    return solution.costs


@pytest.mark.medium
def test_removing_one_thing_changes_what_it_should():
    """Units cost 10 and 10 of support, half of it from 2031; talks halve every need.

    2030 apart: A 2 and B 2 units (20 and 40). 2031 own parts: B 1; A 1, and the 1 that it keeps for
    what it delegates from 2032 on: A 2, B none.
    """
    book = make_book(**EVERYTHING)
    full = ledger(book)
    assert full["operating_cost"] == pytest.approx((20 + 40) + (20 + 20) + 2 * 20)
    assert full["support_cost"] == pytest.approx((20 + 40) + (20 + 20) / 2 + 2 * 20 / 2)
    assert full["measure_cost"] == pytest.approx(4 * 4)
    assert full["body_cost"] == pytest.approx(3 + 3 * 1 + 4 * 1)
    assert full["setup_cost"] == pytest.approx(2)
    assert full["joint_programme_cost"] == pytest.approx(5)

    def changed(name):
        after = ledger(rows_without(book, name))
        moved = {entry: after.get(entry, 0.0) - value for entry, value in full.items()}
        return {entry: by for entry, by in moved.items() if abs(by) > 1e-6}

    # No cut: support in full, 20 more in 2031 and 10 more a year after.
    assert changed("P") == pytest.approx({"support_cost": 20 + 20, "joint_programme_cost": -5})
    # A delegates from 2031 on: B needs its unit (20, and 10 of support) no more.
    assert changed("ratify") == pytest.approx({"operating_cost": -20, "support_cost": -10})
    # Without a treaty the council works at once, and nobody ratifies: 1 unit each throughout is
    # 30 a year and as much of support, half of it from 2031 on.
    assert changed("treaty") == pytest.approx(
        {"operating_cost": 120 - 140, "support_cost": 75 - 100, "body_cost": 1, "setup_cost": -2}
    )
    # Without the council nothing but the treaty opens pooling.
    assert changed("council") == pytest.approx({"body_cost": -(3 + 3)})
    # Without the forum the talks need no body, and nothing but its cost is gone.
    without = ledger({**book, "bodies": bodies(COUNCIL), **measure(None)})
    assert without == pytest.approx({**full, "body_cost": full["body_cost"] - 4})


# --- units that leave with age


@pytest.mark.parametrize(("whole", "left"), [(False, [4, 3.5, 3, 2.5]), (True, [4, 3, 3, 2])])
def test_units_leave_evenly_and_whole_ones_as_a_whole(whole, left):
    """A alone has 4 units that are gone after eight years, half a unit a year."""
    inventory = [["member", "force", "units", "remaining_life"], ["A", "unit", 4, 8]]
    units = [[*forces()[0], "whole"], [*forces()[1], whole]]
    solution = solve_sheets(make_book(inventory=inventory, forces=units), members=["A"])
    assert list(solution.quantities.keep.values()) == pytest.approx(left)
    assert solution.shortfall == pytest.approx(16 - sum(left))
    assert solution.audit.passed


# --- dependence on one member


@pytest.mark.parametrize(
    ("exposed", "of_a"),
    [
        # All of B's need of 4: A may do half of it, 2.
        (1, 2),
        # Half of it counts, 2: A may do half of that.
        (0.5, 1),
    ],
)
def test_no_member_does_more_than_its_share_of_what_counts_of_a_need(exposed, of_a):
    """A's units cost 10 a year and B's 20; B does the other half itself."""
    solution = plan(
        exposure=[["threat", "member", "share"], ["K", "B", exposed]],
        capabilities=[
            ["capability", "name", "measure", "max_member_share"],
            ["land", "Land", "power", 0.5],
        ],
    )
    assert solution.pooled_expenditure == pytest.approx(4 * of_a * (10 + 20))
    credited = solution.quantities.sums("credited", "member")
    assert credited["A"] == pytest.approx(4 * of_a)
