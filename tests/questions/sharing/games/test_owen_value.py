"""The Owen value: orders in which blocs stay together, one by one."""

from __future__ import annotations

import math
from itertools import permutations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from known_games import average_orders, draw_game, make_game

from cssopt.questions.sharing.games.owen_value import find_fault, owen_value
from cssopt.questions.sharing.games.shapley import shapley


def list_orders(blocs):
    for order in permutations(blocs):
        for within in product(*(list(permutations(bloc)) for bloc in order)):
            yield [i for bloc in within for i in bloc]


@pytest.mark.medium
@settings(deadline=None)
@given(st.integers(1, 6), st.integers(0, 2**32 - 1), st.data())
def test_it_is_the_average_over_orders_in_which_blocs_stay_together(count, seed, data):
    game = draw_game(count, seed)
    places = [data.draw(st.integers(0, 2)) for _ in range(count)]
    blocs = [[i for i in range(count) if places[i] == bloc] for bloc in set(places)]
    unions = [[game.players[i] for i in bloc] for bloc in blocs]
    expected = average_orders(game, list_orders(blocs))
    assert list(owen_value(game, unions).shares.values()) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("unions", [[], [["A", "B", "C", "D"]], [["A"], ["B"], ["C"], ["D"]]])
def test_without_blocs_and_in_one_it_is_the_shapley_value(unions):
    game = draw_game(4, 6)
    expected = list(shapley(game).shares.values())
    assert list(owen_value(game, unions).shares.values()) == pytest.approx(expected, abs=1e-12)


def test_two_who_vote_together_have_all_power():
    """Two of three decide: with A and B as one, C never does (Owen, 1977)."""
    votes = make_game(dict.fromkeys("ABC", 0) | dict.fromkeys(["AB", "AC", "BC", "ABC"], 1))
    assert owen_value(votes, [["A", "B"]]).shares == {"A": 0.5, "B": 0.5, "C": 0.0}


def test_coalitions_that_no_order_forms_are_not_needed():
    game, blocs = draw_game(4, 2), [["A", "B"], ["C", "D"]]
    expected = owen_value(game, blocs).shares
    for across in ("AC", "AD", "BC", "BD"):
        game.values[game.mask(across)] = math.inf
    assert owen_value(game, blocs).shares == expected
    game.values[game.mask("ABC")] = math.inf
    assert owen_value(game, blocs).why_not.startswith("It needs the cost of A+B+C;")


def test_faults_of_blocs_are_told():
    assert find_fault("AB", [["A", "X"]]) == ("A bloc names X, who is no player. Correct the name.")
    assert find_fault("AB", [["A"], ["A"]]) == (
        "Blocs name A twice. Each player stands in one bloc."
    )
    assert owen_value(draw_game(2, 1), [["X"]]).why_not == find_fault("AB", [["X"]])
