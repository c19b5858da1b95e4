"""Keys by what members would pay without each other: published answers, or none."""

from __future__ import annotations

import numpy as np
import pytest
from known_games import by_key, make_game, read_known

from cssopt.questions.sharing.games.separable_costs import find_separable


def find(key, game):
    return np.array(list(by_key(key, game).shares.values()))


def test_sweden_to_the_printed_digits():
    game, known = read_known("sweden_water_1979")
    printed = known["published"]
    assert find_separable(game).round(2).tolist() == printed["marginal"]
    found = find("separable_costs", game)
    # K is 5.6129: 5.62 is printed, so that the column adds up to 83.82.
    assert found[[0, 1, 3, 4, 5]].round(2).tolist() == [printed["SCRB"][i] for i in (0, 1, 3, 4, 5)]
    assert found.sum() == pytest.approx(83.82, abs=1e-12)
    remaining = 10.91 - 0.82
    benefits = (21.95 + 17.08 + 10.91 + 15.88 + 20.81 + 21.98) - 61.39
    assert found[2] == pytest.approx(0.82 + (83.82 - 61.39) * remaining / benefits, abs=1e-12)


def test_tva_to_the_printed_digits():
    game, known = read_known("tva")
    expected = known["computed"]
    assert find_separable(game).tolist() == expected["marginal"]
    assert find("separable_costs", game).round(1).tolist() == expected["ACA_SCRB"]
    assert find("equal_nonseparable", game) == pytest.approx(expected["ECA"], abs=1e-6)
    assert find("proportional", game).round(1).tolist() == expected["prop_to_standalone"]
    assert find("equal", game) == pytest.approx(412_584 / 3, abs=1e-6)
    # 163,520 + 140,826 + 250,096 = 554,442; of the saving of 141,858 each has 47,286.
    assert find("equal_saving", game) == pytest.approx([116_234, 93_540, 202_810], abs=1e-6)


def test_costs_without_any_saving_are_borne_by_those_who_make_them():
    game = make_game({"A": 3, "B": 4, "AB": 7})
    assert by_key("separable_costs", game).shares == pytest.approx({"A": 3, "B": 4}, abs=1e-12)


def test_who_adds_more_than_alone_is_shared_by_it_too():
    """Separable: 15 - 5, 15 - 13, 15 - 10; alone 3, 9, 8, so that benefits are -7, 7 and 3."""
    game = make_game({"A": 3, "B": 9, "C": 8, "AB": 10, "AC": 13, "BC": 5, "ABC": 15})
    # What is not separable is 15 - 17 = -2, of which -7/3, 7/3 and 3/3 parts are borne.
    expected = {"A": 10 + 14 / 3, "B": 2 - 14 / 3, "C": 5 - 2}
    assert by_key("separable_costs", game).shares == pytest.approx(expected, abs=1e-12)


def test_benefits_of_nothing_share_nothing():
    """Separable is 10 - 7 = 3 for each, as each has alone; 1 is left, and nothing to go by."""
    even = make_game(dict.fromkeys("ABC", 3) | dict.fromkeys(["AB", "AC", "BC"], 7) | {"ABC": 10})
    found = by_key("separable_costs", even)
    assert not found.is_found
    assert "no benefit remains" in found.why_not


def test_what_cannot_act_is_named_where_it_is_needed():
    game = make_game({"A": 1, "B": 2, "C": 3, "AB": 2, "AC": 3, "BC": 4, "ABC": 5})
    game.values[1] = np.inf
    assert "there is no cost of A alone" in by_key("separable_costs", game).why_not
    assert by_key("equal_nonseparable", game).is_found
    assert by_key("equal", game).is_found
    game.values[0b110] = np.inf
    assert "all without A" in by_key("equal_nonseparable", game).why_not


def test_gains_are_shared_as_costs_are():
    game = make_game({"A": 10, "B": 30, "AB": 60}, is_cost=False)
    assert by_key("equal_saving", game).shares == pytest.approx({"A": 20, "B": 40}, abs=1e-12)
    assert by_key("proportional", game).shares == pytest.approx({"A": 15, "B": 45}, abs=1e-12)


@pytest.mark.parametrize(
    ("alone", "why"), [((0, 0), "weights add up to 0"), ((1, -1), "less than nothing alone")]
)
def test_where_there_are_no_proportions(alone, why):
    game = make_game({"A": alone[0], "B": alone[1], "AB": 4}, is_cost=False)
    assert why in by_key("proportional", game).why_not
