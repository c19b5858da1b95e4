"""Bargaining over a saving, worked out by hand.

Alone A pays 10, B 20, C 30: 60 in all; together 45, so that 15 is saved.
"""

from __future__ import annotations

import math
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cssopt.questions.sharing import book
from cssopt.questions.sharing.games.game import Game
from cssopt.questions.sharing.negotiation import find_kalai_smorodinsky, find_nash_bargain

ALONE = {"A": 10.0, "B": 20.0, "C": 30.0}
TOTAL = 45.0


def test_nash_saves_everyone_the_same():
    found = find_nash_bargain(ALONE, TOTAL)
    assert found.shares == pytest.approx({"A": 5, "B": 15, "C": 25}, abs=1e-12)
    assert found.figures == pytest.approx({"saving": 15, "least saving": 5})
    assert not found.note


def test_nash_with_weights_saves_in_their_proportion():
    # 15 by 1 : 1 : 3 are 3, 3 and 9
    found = find_nash_bargain(ALONE, TOTAL, weights={"A": 1, "B": 1, "C": 3})
    assert found.shares == pytest.approx({"A": 7, "B": 17, "C": 21}, abs=1e-12)


def test_nash_within_a_ceiling_gives_the_rest_to_the_others_alike():
    # C can pay 22 and so saves 8; 7 is left for A and B, 3.5 each
    found = find_nash_bargain(ALONE, TOTAL, most={"C": 22})
    assert found.shares == pytest.approx({"A": 6.5, "B": 16.5, "C": 22}, abs=1e-12)
    assert found.note == "C can pay no more than its ceiling or its cost alone."


def test_nash_within_a_floor_gives_the_rest_to_the_others_alike():
    # A pays 9 at least and so saves 1; 14 is left for B and C, 7 each
    found = find_nash_bargain(ALONE, TOTAL, least={"A": 9})
    assert found.shares == pytest.approx({"A": 9, "B": 13, "C": 23}, abs=1e-12)
    assert found.note == "A can pay no less than its floor."


def test_nash_of_gains_is_that_of_costs_below_zero():
    # alone 1 and 3, together 10: each gains 3 more
    found = find_nash_bargain({"A": -1.0, "B": -3.0}, -10.0)
    assert found.shares == pytest.approx({"A": -4, "B": -6}, abs=1e-12)


def test_nothing_saved_leaves_all_as_alone():
    found = find_nash_bargain(ALONE, 60.0)
    assert found.shares == pytest.approx(ALONE)
    assert find_kalai_smorodinsky(ALONE, 60.0).shares == pytest.approx(ALONE)


def test_kalai_smorodinsky_without_bounds_saves_everyone_the_same():
    found = find_kalai_smorodinsky(ALONE, TOTAL)
    assert found.shares == pytest.approx({"A": 5, "B": 15, "C": 25}, abs=1e-12)


def test_kalai_smorodinsky_gives_all_the_same_part_of_what_they_could_save():
    # with A saving 3 at most the ideals are 3, 15 and 15: each gets 15/33 of it
    found = find_kalai_smorodinsky(ALONE, TOTAL, least={"A": 7})
    expected = {"A": 10 - 15 / 11, "B": 20 - 75 / 11, "C": 30 - 75 / 11}
    assert found.shares == pytest.approx(expected, abs=1e-12)


def test_kalai_smorodinsky_of_given_ideals():
    # could pay 4, 11, 15, so save 6, 9, 15: 30 of which 15 is there, half of each
    found = find_kalai_smorodinsky(ALONE, TOTAL, ideal={"A": 4, "B": 11, "C": 15})
    assert found.shares == pytest.approx({"A": 7, "B": 15.5, "C": 22.5}, abs=1e-12)


def test_kalai_smorodinsky_starts_from_a_ceiling_below_the_cost_alone():
    # C saves 8 in any case; of the other 7 everyone could have all: each gets 7/3 of it
    found = find_kalai_smorodinsky(ALONE, TOTAL, most={"C": 22})
    third = 7 / 3
    assert found.shares == pytest.approx({"A": 10 - third, "B": 20 - third, "C": 22 - third})


@pytest.mark.parametrize("find", [find_nash_bargain, find_kalai_smorodinsky])
@pytest.mark.parametrize(
    ("alone", "total", "bounds", "told"),
    [
        (ALONE, 61.0, {}, "Together the members pay 1.00 more than alone"),
        ({**ALONE, "B": math.inf}, 45.0, {}, "B cannot stand alone"),
        (ALONE, 45.0, {"most": {"B": 5, "C": 10}}, "the members can pay 25.00: 20.00 is missing"),
        (ALONE, 45.0, {"least": {"B": 20, "C": 26}}, "the floors add up to"),
        (ALONE, 45.0, {"least": {"B": 21}}, "B must pay 21.00 at least"),
    ],
)
def test_why_there_is_no_bargain(find, alone, total, bounds, told):
    if "floors" in told:
        bounds = {"least": {"A": 0, **bounds["least"]}}
    found = find(alone, total, **bounds)
    assert not found.is_found
    assert told in found.why_not


def test_hopes_that_cannot_be():
    low = find_kalai_smorodinsky(ALONE, TOTAL, ideal={"A": 9, "B": 19, "C": 29})
    assert "hope to save 3.00 in all, less than the 15.00" in low.why_not
    off = find_kalai_smorodinsky(ALONE, TOTAL, ideal={"A": 11, "B": 5, "C": 5})
    assert "The least that A could hope to pay" in off.why_not


def test_a_hope_without_end_is_not_known():
    # the others cannot do without C, so that what it adds to their cost is no number
    found = find_kalai_smorodinsky(ALONE, TOTAL, ideal={"A": 4, "B": 11, "C": -math.inf})
    assert found.why_not == "The least that C could hope to pay is not known."


def test_a_weight_must_be_above_zero():
    with pytest.raises(ValueError, match="above 0"):
        find_nash_bargain(ALONE, TOTAL, weights={"A": 0, "B": 1, "C": 1})


@pytest.mark.medium
@given(st.data())
def test_nash_has_the_largest_product_of_all_bargains(data):
    """No move of money between two members within their bounds makes the product larger."""
    count = data.draw(st.integers(2, 5))
    amounts = st.integers(1, 40)
    alone = {f"M{i}": float(data.draw(amounts)) for i in range(count)}
    floors = {m: float(data.draw(st.integers(0, int(cost)))) for m, cost in alone.items()}
    ceilings = {m: data.draw(st.integers(int(floors[m]), 50)) for m in alone}
    low, high = sum(floors.values()), sum(min(ceilings[m], alone[m]) for m in alone)
    total = low + data.draw(st.fractions(0, 1)) * (high - low)
    found = find_nash_bargain(alone, float(total), least=floors, most=ceilings)
    assert found.is_found, found.why_not
    shares = found.shares
    assert sum(shares.values()) == pytest.approx(float(total))
    savings = {m: alone[m] - shares[m] for m in alone}
    for m in alone:
        assert floors[m] - 1e-9 <= shares[m] <= min(ceilings[m], alone[m]) + 1e-9
        for other in alone:
            # m may save more where it is above its floor, the other less where below its ceiling
            if shares[m] > floors[m] + 1e-6 and shares[other] < ceilings[other] - 1e-6:
                assert savings[m] >= savings[other] - 1e-6


@given(st.lists(st.integers(1, 50), min_size=2, max_size=6), st.floats(0.1, 1))
def test_without_bounds_both_agree(costs, part):
    alone = {f"M{i}": float(cost) for i, cost in enumerate(costs)}
    total = part * sum(costs)
    nash = find_nash_bargain(alone, total)
    other = find_kalai_smorodinsky(alone, total)
    assert np.allclose(list(nash.shares.values()), list(other.shares.values()))


@pytest.mark.parametrize("method", ["nash_bargaining", "kalai_smorodinsky"])
def test_a_bargain_over_costs_in_doubt_is_no_better_known_than_they_are(method):
    study = SimpleNamespace(measure=lambda name: None)
    costs = SimpleNamespace(grand=SimpleNamespace(study=study), alone={})
    game = Game(("A", "B"), np.array([0.0, 10.0, 20.0, 24.0]))
    for doubt, word in ((np.zeros(0), "exact"), (np.array([0.0, 0.0, 0.0, 2.0]), "approximate")):
        asked = replace(game, doubt=doubt)
        (way,) = [one for one in book._list_own_methods(costs, asked) if one.name == method]
        found = way.find(asked)
        assert found.shares == pytest.approx({"A": 7, "B": 17})
        assert (found.guarantee, "up to 2 too high" in found.note) == (word, word != "exact")
