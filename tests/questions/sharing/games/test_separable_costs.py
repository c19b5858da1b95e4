"""Separable costs: published answers, and what happens where nothing is left to share by."""

from __future__ import annotations

import numpy as np
import pytest
from known_games import make_game, read_known

from cssopt.questions.sharing.games.separable_costs import (
    equal_nonseparable,
    marginal,
    separable_costs,
)


def find(rule, game):
    return np.array(list(rule(game).shares.values()))


def test_sweden_to_the_printed_digits():
    game, known = read_known("sweden_water_1979")
    printed = known["published"]
    assert find(marginal, game).round(2).tolist() == printed["marginal"]
    found = find(separable_costs, game)
    # K is 5.6129: 5.62 is printed, so that the column adds up to 83.82.
    assert found[[0, 1, 3, 4, 5]].round(2).tolist() == [printed["SCRB"][i] for i in (0, 1, 3, 4, 5)]
    assert found.sum() == pytest.approx(83.82, abs=1e-12)
    remaining = 10.91 - 0.82
    benefits = (21.95 + 17.08 + 10.91 + 15.88 + 20.81 + 21.98) - 61.39
    assert found[2] == pytest.approx(0.82 + (83.82 - 61.39) * remaining / benefits, abs=1e-12)


def test_tva_to_the_printed_digits():
    game, known = read_known("tva")
    expected = known["computed"]
    assert find(marginal, game).tolist() == expected["marginal"]
    assert find(separable_costs, game).round(1).tolist() == expected["ACA_SCRB"]
    assert find(equal_nonseparable, game) == pytest.approx(expected["ECA"], abs=1e-9)


def test_marginal_tells_what_it_does_not_cover():
    game, _ = read_known("tva")
    assert marginal(game).note == "These add up to 189,954 of 412,584."
    assert separable_costs(game).figures == {"separable": 189_954, "not separable": 222_630}


def test_costs_without_any_saving_are_borne_by_those_who_make_them():
    game = make_game({"A": 3, "B": 4, "AB": 7})
    assert separable_costs(game).shares == {"A": 3, "B": 4}


def test_who_saves_nothing_by_it_is_told():
    """Separable: 15 - 5, 15 - 13, 15 - 10; alone 3, 9, 8, so that benefits are -7, 7 and 3."""
    game = make_game({"A": 3, "B": 9, "C": 8, "AB": 10, "AC": 13, "BC": 5, "ABC": 15})
    found = separable_costs(game)
    assert found.note == "Alone better than with what it adds: A."
    # What is not separable is 15 - 17 = -2, of which -7/3, 7/3 and 3/3 parts are borne.
    expected = {"A": 10 + 14 / 3, "B": 2 - 14 / 3, "C": 5 - 2}
    assert found.shares == pytest.approx(expected, abs=1e-12)


def test_benefits_of_nothing_share_nothing():
    """Separable is 10 - 7 = 3 for each, as each has alone; 1 is left, and nothing to go by."""
    even = make_game(dict.fromkeys("ABC", 3) | dict.fromkeys(["AB", "AC", "BC"], 7) | {"ABC": 10})
    found = separable_costs(even)
    assert found.shares == {}
    assert found.why_not.startswith("Remaining benefits add up to nothing")


def test_what_cannot_act_is_named_where_it_is_needed():
    game = make_game({"A": 1, "B": 2, "C": 3, "AB": 2, "AC": 3, "BC": 4, "ABC": 5})
    game.values[1] = np.inf
    assert separable_costs(game).why_not.startswith("It needs the cost of A;")
    assert equal_nonseparable(game).is_found
    game.values[0b110] = np.inf
    assert marginal(game).why_not.startswith("It needs the cost of B+C;")
