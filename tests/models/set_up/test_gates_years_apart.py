"""Years apart on small books: each produces for itself, and relief lowers every member's own need.

ALONE is 120 a year, TOGETHER 40 (small_books). A treaty of n years leaves n years apart.
"""

from __future__ import annotations

import pytest
from small_books import (
    ALONE,
    DRONE_POWER,
    TOGETHER,
    activities,
    activity,
    cost,
    forces,
    make_book,
    measure,
    plan,
    years_of,
)


def treaty(years):
    return activities(activity("treaty", "treaty", years))


# --- production: B alone is endangered, A may not help, and A has the industry


def production(imports):
    return {
        "exposure": [["threat", "member", "share"], ["K", "B", 1]],
        "caveats": [["member", "threat"], ["A", "K"]],
        "forces": forces(price=1, imports=imports),
        "power": DRONE_POWER,
        "industry": [["member", "force", "capacity"], ["A", "drone", 8]],
    }


def test_before_pooling_a_member_orders_from_its_own_industry_only():
    """A drone costs 1, and B 2 a year to run; a unit costs B 20 a year. B needs 4.

    At once: 4 + 4 * 4 * 2 = 36. With a treaty of a year: 4 units in 2030 (80), 4 drones from 2031
    on (4 + 3 * 8), of whose life a quarter is left (1).
    """
    assert cost(**production(imports=0)) == pytest.approx(36)
    solution = plan(**production(imports=0), activities=treaty(1))
    assert solution.pooled_expenditure == pytest.approx(80 + 4 + 3 * 8 - 1)
    orders = solution.quantities.sums("orders", "member year")
    assert years_of(orders, "B") == pytest.approx([0, 4, 0, 0])


def test_before_pooling_a_member_may_import():
    """One drone in 2030 (1 + 4 * 2) beside 3 units (60); 3 drones in 2031 (3 + 3 * 3 * 2 - 3/4)."""
    solution = plan(**production(imports=1), activities=treaty(1))
    assert solution.pooled_expenditure == pytest.approx(9 + 60 + 21 - 0.75)
    orders = solution.quantities.sums("orders", "member year")
    assert years_of(orders, "B") == pytest.approx([1, 3, 0, 0])


def test_before_pooling_the_member_that_has_the_industry_orders_from_it():
    """A is endangered in place of B: 4 drones at once, 4 + 4 * 4, treaty or none."""
    sheets = production(imports=0)
    sheets["exposure"] = [["threat", "member", "share"], ["K", "A", 1]]
    sheets["caveats"] = [["member", "threat"], ["B", "K"]]
    assert cost(**sheets, activities=treaty(1)) == pytest.approx(20)
    assert cost(**sheets) == pytest.approx(20)


# --- relief


def test_relief_apart_lowers_the_need_of_every_member():
    """Talks at 4 a year halve what each member needs: apart 2 units each (60), together 2 (20)."""
    solution = plan(**measure(None), activities=treaty(2))
    assert solution.pooled_expenditure == pytest.approx(2 * (60 + 4) + 2 * (20 + 4))
    apart = solution.quantities.relief_apart
    assert years_of(apart, "K") == pytest.approx([0.5, 0.5, 0, 0])
    # Without the treaty there are no years apart, and what is relieved counts once.
    assert cost(**measure(None)) == pytest.approx(4 * (20 + 4))


def test_there_is_no_relief_apart_without_measures_that_are_used():
    """Talks at 1000 a year are dearer than what they save: needs stay whole, apart and together."""
    dear = measure(None)
    dear["measures"][1][2] = 1000
    solution = plan(**dear, activities=treaty(2))
    assert solution.pooled_expenditure == pytest.approx(2 * ALONE + 2 * TOGETHER)
    assert years_of(solution.quantities.intensity, "talks") == pytest.approx([0, 0, 0, 0])


def test_relief_apart_keeps_to_the_ceiling():
    """A quarter at most, at half intensity (2): apart 3 units each (30 + 60), together 3 (30)."""
    threats = make_book()["threats"]
    threats[1][5] = 0.25
    solution = plan(threats=threats, **measure(None), activities=treaty(2))
    assert solution.pooled_expenditure == pytest.approx(2 * (90 + 2) + 2 * (30 + 2))
