"""Programmes on small books: what each effect is worth from completion on, and not before.

Members act together for 40 a year: 4 units at 10 (small_books). A programme costs 5 a year. Each
test has the same programme with no duration beside it, which shows what the gate keeps back.
"""

from __future__ import annotations

import pytest
from books import add_column
from small_books import (
    DRONE_POWER,
    PROGRAMMES,
    cost,
    forces,
    make_book,
    members,
    plan,
    programme,
    years_of,
)


def lasting(duration, kind, effect, force, value=None):
    """A programme of this many years."""
    sheets = programme(kind, effect, force, value)
    sheets["programmes"][1][3] = duration
    return sheets


def two_programmes(effect, force):
    """Two of a year each: P takes off a half, Q a quarter."""
    return {
        "programmes": [PROGRAMMES, ["P", "P", "production", 1, 5], ["Q", "Q", "production", 1, 5]],
        "programme_effects": [
            ["programme", "force", "effect", "value"],
            ["P", force, effect, 0.5],
            ["Q", force, effect, 0.25],
        ],
    }


@pytest.mark.parametrize(
    ("duration", "expected"),
    [
        # Support of 10 a unit: 80 a year, and 60 from completion on.
        (0, 5 + 4 * 60),
        (1, 5 + 80 + 3 * 60),
        (2, 2 * 5 + 2 * 80 + 2 * 60),
        # In 2033 alone it saves 20 for 15.
        (3, 3 * 5 + 3 * 80 + 60),
        # It would be complete after the last year.
        (4, 4 * 80),
    ],
)
def test_support_is_cut_and_the_programme_paid_by_its_duration(duration, expected):
    depots = lasting(duration, "infrastructure", "support_cut", "unit", 0.5)
    solution = plan(forces=forces(support_cost=10), **depots)
    assert solution.pooled_expenditure == pytest.approx(expected)
    after = [20.0 if t >= duration else 40.0 for t in range(4)]
    support = solution.quantities.costs
    assert [support["support_cost", "A", 2030 + t] for t in range(4)] == pytest.approx(after)


def test_a_programme_is_launched_no_earlier_than_its_year():
    """From 2031: complete in 2032, two years at 60. From 2030: three."""
    depots = programme("infrastructure", "support_cut", "unit", 0.5)
    sheets = {"forces": forces(support_cost=10), **depots}
    assert cost(**sheets) == pytest.approx(5 + 80 + 3 * 60)
    sheets["programmes"] = add_column(depots["programmes"], "earliest_year", 2031)
    solution = plan(**sheets)
    assert solution.pooled_expenditure == pytest.approx(5 + 2 * 80 + 2 * 60)
    assert solution.quantities.costs["joint_programme_cost", "common", 2031] == pytest.approx(5)


def test_support_cuts_add_up():
    """Three quarters off from 2031 on: 40 + 10 a year; each of them alone leaves more."""
    sheets = {"forces": forces(support_cost=10), **two_programmes("support_cut", "unit")}
    assert cost(**sheets) == pytest.approx(2 * 5 + 80 + 3 * 50)


def test_price_cuts_add_up():
    """The threat begins in 2031: 4 drones for 10 each, 2.5 after both; 1 a year to run.

    10 + 12 and 10 for the programmes, less a quarter of the price, as a quarter of life is left.
    P alone: 20 + 12 + 5 - 5.
    """
    threats = make_book()["threats"]
    threats[1][4] = 2031
    later = {"threats": threats, "forces": forces(price=10), "power": DRONE_POWER}
    assert cost(**later, **two_programmes("price_cut", "drone")) == pytest.approx(
        10 + 12 + 10 - 2.5
    )
    one = programme("production", "price_cut", "drone", 0.5)
    assert cost(**later, **one) == pytest.approx(20 + 12 + 5 - 5)


def test_no_price_is_cut_before_completion():
    """Needed from 2030: 4 drones for 10 each, 1 a year; nobody waits a year for a cut.

    To wait would cost a unit for 2030 (10), then 5 + 3 - 5/4 in place of 10 + 4 for each. With no
    duration the cut is there in 2030: 20 + 16 + 5.
    """
    drones = {"forces": forces(price=10), "power": DRONE_POWER}
    solution = plan(**drones, **lasting(1, "production", "price_cut", "drone", 0.5))
    assert solution.pooled_expenditure == pytest.approx(40 + 16)
    assert years_of(solution.quantities.launched, "P") == [0, 0, 0, 0]
    at_once = cost(**drones, **lasting(0, "production", "price_cut", "drone", 0.5))
    assert at_once == pytest.approx(20 + 16 + 5)


def test_capacity_without_duration_is_there_at_once():
    """No imports, no industry, a plant for 2 drones a year at 1 each, 1 a year to run.

    At once: 2030 2 drones and 2 units (2 + 2 + 20), 2031 2 more (2 + 4), then 4 a year; half a
    million of price is left. After a year it is all a year later, behind 4 units in 2030.
    """
    drones = {"forces": forces(price=1, imports=0), "power": DRONE_POWER}
    at_once = plan(**drones, **lasting(0, "production", "capacity", "drone", 2))
    assert at_once.pooled_expenditure == pytest.approx(5 + 24 + 6 + 4 + 4 - 0.5)
    orders = at_once.quantities.sums("orders", "force year")
    assert years_of(orders, "drone")[:2] == pytest.approx([2, 2])
    later = plan(**drones, **lasting(1, "production", "capacity", "drone", 2))
    # Salvage: a quarter of 2 and a half of 2.
    assert later.pooled_expenditure == pytest.approx(5 + 40 + 24 + 6 + 4 - 0.5 - 1)
    assert later.quantities.sums("orders", "force year")["drone", 2030] == 0


@pytest.mark.parametrize(
    ("duration", "expected"),
    [
        # 4 drones for 1 each, 1 a year.
        (0, 5 + 4 + 4 * 4),
        # 4 units until they come; a quarter of life is left, or a half.
        (1, 5 + 40 + 4 + 3 * 4 - 1),
        (2, 2 * 5 + 2 * 40 + 4 + 2 * 4 - 2),
    ],
)
def test_a_locked_force_is_ordered_once_research_ends(duration, expected):
    research = lasting(duration, "research", "unlock", "drone")
    solution = plan(forces=forces(price=1, tech=1), power=DRONE_POWER, **research)
    assert solution.pooled_expenditure == pytest.approx(expected)
    orders = solution.quantities.sums("orders", "force year")
    by_year = [4.0 if t == duration else 0.0 for t in range(4)]
    assert years_of(orders, "drone") == pytest.approx(by_year)


@pytest.mark.medium
def test_a_member_with_the_technology_does_not_wait_for_research():
    """A may order, B may not. Where B is endangered alone it waits for research; A would not.

    B: 4 units in 2030 (80), research 5, 4 drones in 2031 (4 + 3 * 8 - 1). A in its place: 20.
    """
    sheets = {
        "members": members(tech_of_a=1),
        "forces": forces(price=1, tech=1),
        "power": DRONE_POWER,
        **programme("research", "unlock", "drone"),
    }
    for endangered, other, expected in (("B", "A", 80 + 5 + 27), ("A", "B", 20)):
        here = {
            "exposure": [["threat", "member", "share"], ["K", endangered, 1]],
            "caveats": [["member", "threat"], [other, "K"]],
        }
        assert cost(**sheets, **here) == pytest.approx(expected)


def test_an_unlocked_force_still_needs_its_line():
    """Opening the line costs 6, in the year of the order, on top of 60 (see above, one year)."""
    locked = add_column(forces(price=1, tech=1), "programme_cost", None, 6)
    research = programme("research", "unlock", "drone")
    solution = plan(forces=locked, power=DRONE_POWER, **research)
    assert solution.pooled_expenditure == pytest.approx(60 + 6)
    assert solution.quantities.costs["programme_cost", "common", 2031] == pytest.approx(6)
