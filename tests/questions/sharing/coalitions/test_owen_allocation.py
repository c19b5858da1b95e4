"""Owen allocation from prices: by hand, in the core where it is proven, and told where it is not.

In the books by hand, A (10 million a unit and year) and B (20) face parts of one need of 4 at home,
in each of four years, without discount.
"""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pyomo.environ as pyo
import pytest
from books import Rows
from independent.random_books import make_random_book
from owning import Owned, make_owned_book, solve_owned
from paths import CASES
from pyomo_programs import compile_model
from small_books import bodies, make_book

from cssopt.questions.sharing.coalitions.owen_allocation import (
    find_owen_allocation,
    share_by_prices,
)
from cssopt.questions.sharing.coalitions.ownership import find_ownership
from cssopt.questions.sharing.games.allocation import Allocation, Guarantee
from cssopt.solve.answer import Options
from cssopt.solve.program import Program, StageRow
from cssopt.solve.stages import solve_program

YEARS = 4
SAME = 1e-6


def expose(a: float, b: float) -> Rows:
    return [["threat", "member", "share"], ["K", "A", a], ["K", "B", b]]


def allocate(study: str = "no_institutions", **sheets: Rows) -> tuple[Allocation, Owned]:
    owned = solve_owned(make_book(**sheets), study)
    assert owned is not None
    return find_owen_allocation(owned.whole, owned.alone, owned.game), owned


def assert_pays(found: Allocation, a: float, b: float) -> None:
    assert found.shares == pytest.approx({"A": YEARS * a, "B": YEARS * b}, abs=SAME)


def test_a_need_is_charged_at_its_price():
    """A's 8 units meet all 4 at 10 each, and each member brings half of the need."""
    found, _ = allocate(exposure=expose(0.5, 0.5))
    assert_pays(found, 20, 20)
    assert found.guarantee is Guarantee.PROVEN


def test_who_brings_scarce_units_is_credited_their_rent():
    """A has 3 units only: the fourth is B's, at 20, which is the price of a need. A's 3 units save
    20 - 10 each: it brings a need of 2 (40) and a rent of 30, and pays 10; B pays its 40."""
    units = [["member", "force", "units"], ["A", "unit", 3], ["B", "unit", 8]]
    found, owned = allocate(exposure=expose(0.5, 0.5), inventory=units)
    assert_pays(found, 10, 40)
    assert found.guarantee is Guarantee.PROVEN
    assert owned.whole.objective == pytest.approx(YEARS * 50)


MEASURES = {
    "measures": [["measure", "name", "annual_cost"], ["aid", "Aid", 5]],
    "effects": [["measure", "threat", "effect"], ["aid", "K", 0.4]],
}


@pytest.mark.parametrize("part", [0.5, 0.25])
def test_what_a_measure_in_full_earns_is_shared_by_its_benefit(part):
    """Aid at 5 removes 0.4 of the need of 4: 16 are saved at the price of 10, and 11 are earned.
    A brings `part` of the need: it pays 40 of it and keeps that part of the 11."""
    found, _ = allocate(exposure=expose(part, 1 - part), **MEASURES)
    assert_pays(found, part * (40 - 11), (1 - part) * (40 - 11))
    assert found.guarantee is Guarantee.PROVEN


def test_what_a_cap_on_relief_earns_is_shared_by_its_benefit():
    """Aid that could remove 0.8 is used to five eighths, as 0.5 is the cap: 20 saved for 3.125."""
    effects = [["measure", "threat", "effect"], ["aid", "K", 0.8]]
    found, _ = allocate(exposure=expose(0.25, 0.75), **{**MEASURES, "effects": effects})
    assert_pays(found, 0.25 * (40 - 16.875), 0.75 * (40 - 16.875))
    assert found.guarantee is Guarantee.PROVEN


def test_needs_that_overlap_belong_to_nobody():
    """Each faces all of the need: together it is met once."""
    found, _ = allocate()
    assert_pays(found, 20, 20)
    assert found.guarantee is Guarantee.APPROXIMATE
    assert "meet_requirement (power in place and shortfall make up the need)" in found.note
    assert "belongs to nobody, or to several, at K, land, 0, 20" in found.note
    assert "The core was checked: no coalition pays more than by itself." in found.note


def test_an_apportionment_is_lifted_where_a_member_leaves():
    """B has to hold a quarter of all power, at twice the cost of A's."""
    rule = [["member", "capability", "min_share"], ["B", "land", 0.25]]
    found, _ = allocate(exposure=expose(0.5, 0.5), apportionment=rule)
    assert found.guarantee is Guarantee.APPROXIMATE
    assert "hold_least_share (a member holds at least its share of the power)" in found.note
    assert "without B holds back held no longer" in found.note


def test_common_costs_inside_a_binding_budget_depend_on_who_is_there():
    """A may spend 21 a year: of its share of the aid too, which is half."""
    budgets = [["member", "year", "budget"], *(["A", 2030 + t, 21] for t in range(YEARS))]
    found, _ = allocate(exposure=expose(0.5, 0.5), budgets=budgets, **MEASURES)
    assert found.guarantee is Guarantee.APPROXIMATE
    assert "how intensity counts in it depends on who else takes part" in found.note


def test_a_member_that_pays_more_than_alone_is_told():
    """Prices of nothing but a need that B alone brings, of which A is charged half."""
    program = compile_owned({"A": 1.0, "B": 1.0}, ("A", "B"))
    own = find_ownership(
        program,
        {"A": compile_owned({"B": 1.0}, ("B",)), "B": compile_owned({"A": 1.0}, ("A",))},
        {"A": compile_owned({"A": 1.0}, ("A",)), "B": compile_owned({"B": 1.0}, ("B",))},
    )
    solved = solve_program(program, Options())
    assert solved.row_prices is not None
    assert solved.column_prices is not None
    found = share_by_prices(own, solved.row_prices, solved.column_prices, {"A": 2.0, "B": 1.0})
    assert found.shares == pytest.approx([2.0, 2.0])
    assert found.reasons == ("B: would pay 1 million more than alone.",)


def compile_owned(needs: dict[str, float], members: tuple[str, ...]) -> Program:
    """A need that members add up to, met at 2 a unit."""
    model = pyo.ConcreteModel()
    model.units = pyo.Var(domain=pyo.NonNegativeReals)
    model.meet = pyo.Constraint(expr=model.units >= sum(needs[m] for m in members))
    program = compile_model(model, {"cost": 2 * model.units})
    return replace(program, stages=(StageRow("cost", program.figures["figure", "cost", None], ()),))


def test_what_coalitions_are_known_to_cost_has_the_last_word():
    """A is said to cost 1 by itself, where the plan charges it 80."""
    owned = solve_owned(make_book(exposure=expose(0.5, 0.5)))
    assert owned is not None
    owned.game.values[1] = 1.0
    found = find_owen_allocation(owned.whole, owned.alone, owned.game)
    assert found.guarantee is Guarantee.APPROXIMATE
    assert found.note == (
        "The core was checked: A would pay 79 million more than acting without the others costs."
    )


def test_what_is_begun_for_all_is_told():
    """A council at 2 a year, in fractions: nothing is delegated without it, and A's units are."""
    council = bodies(("council", "delegation", 0, 2))
    found, _ = allocate("relaxed", exposure=expose(0.5, 0.5), bodies=council)
    assert found.guarantee is Guarantee.APPROXIMATE
    assert "waits for what is begun for all together" in found.note


def test_whole_numbers_have_no_prices_of_limits():
    forces = [["force", "name", "personnel", "operating_cost", "service_life", "whole"],
              ["unit", "Unit", 0, 10, 30, True]]  # fmt: skip
    orders = {"forces": [[*row, cost] for row, cost in zip(forces, ["procurement_cost", 5],
                                                           strict=True)]}  # fmt: skip
    found, _ = allocate(exposure=expose(0.5, 0.5), **orders)
    assert not found.is_found
    assert "decides in whole numbers" in found.why_not
    assert "Choose study relaxed." in found.why_not


def test_one_member_has_nobody_to_share_with():
    book = make_book()
    book["members"] = book["members"][:2]
    book["inventory"] = book["inventory"][:2]
    owned = solve_owned(book)
    assert owned is not None
    assert find_owen_allocation(owned.whole, owned.alone).why_not == (
        "One member has nobody to share with."
    )


def test_the_known_owen_allocation_lies_in_the_core():
    """The program behind it is not given: its shares are held against its coalitions."""
    case = json.loads((CASES / "games" / "cost_games.json").read_text())["css_pooled_readiness_3"]
    shares = dict(zip("ABC", case["owen"], strict=True))
    assert sum(shares.values()) == case["c"]["ABC"]
    assert all(sum(shares[m] for m in s) <= cost for s, cost in case["c"].items())


def assert_in_the_core(seed: int) -> None:
    owned = solve_owned(make_owned_book(seed))
    assert owned is not None
    found = find_owen_allocation(owned.whole, owned.alone, owned.game)
    assert found.guarantee is Guarantee.PROVEN, found.note
    total = owned.game.total
    assert sum(found.shares.values()) == pytest.approx(total, rel=SAME, abs=SAME)
    shares = [found.shares[m] for m in owned.game.players]
    excess = owned.game.sums(shares) - owned.game.values
    assert np.max(excess) <= SAME * max(1.0, abs(total))


@pytest.mark.medium
@pytest.mark.parametrize("seed", range(2))
def test_it_lies_in_the_core_where_every_limit_belongs_to_members(seed):
    assert_in_the_core(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2, 40))
def test_it_lies_in_the_core_of_forty_books(seed):
    assert_in_the_core(seed)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(40, 200))
def test_it_lies_in_the_core_of_two_hundred_books(seed):
    assert_in_the_core(seed)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100))
def test_it_is_never_called_proven_outside_the_core(seed):
    """Books of all kinds, with bodies, programmes and whole units in fractions. It is not told what
    coalitions cost: with that it would call nothing proven that lies outside."""
    owned = solve_owned(make_random_book(seed), "relaxed")
    if owned is None or not owned.whole.has_plan:
        return
    found = find_owen_allocation(owned.whole, owned.alone)
    if found.guarantee is Guarantee.PROVEN and found.is_found:
        size = max(1.0, abs(owned.game.total))
        shares = [found.shares[m] for m in owned.game.players]
        assert np.max(owned.game.sums(shares) - owned.game.values) <= SAME * size
