"""The tau value: by hand, by its axioms, and where there is none."""

from __future__ import annotations

import numpy as np
import pytest
from known_games import by_key, draw_game, make_game, read_known

from cssopt.questions.sharing.games.game import Game
from cssopt.questions.sharing.games.tau import find_bounds, tau


def test_css_by_hand():
    """Costs 153, 135, 165; 246, 186, 242; 305. Utopia: 63, 119, 59.

    Least right (as cost, the most): A: min(153, 246 - 119, 186 - 59, 305 - 178) = 127;
    B: min(135, 246 - 63, 242 - 59, 305 - 122) = 135; C: min(165, 186 - 63, 242 - 119, 123) = 123.
    From 241 to 385 the total of 305 lies 64/144 of the way.
    """
    game, _ = read_known("css_pooled_readiness_3")
    rights, utopia = find_bounds(game)
    assert (-rights).tolist() == [127, 135, 123]
    assert (-utopia).tolist() == [63, 119, 59]
    part = 64 / 144
    expected = [63 + 64 * part, 119 + 16 * part, 59 + 64 * part]
    assert list(tau(game).shares.values()) == pytest.approx(expected, abs=1e-12)


def test_of_a_big_boss_game_it_is_half_of_what_others_add():
    """Muto, Nakayama, Potters and Tijs (1988): A is the boss of B and C."""
    game = make_game({"A": 0, "B": 0, "C": 0, "AB": 5, "AC": 8, "BC": 0, "ABC": 12}, is_cost=False)
    assert tau(game).shares == pytest.approx({"A": 12 - 2 - 3.5, "B": 2, "C": 3.5}, abs=1e-12)


def test_with_rights_of_standing_alone_it_is_separable_costs():
    """In TVA nobody can ask for more than standing alone gives (a semiconvex game)."""
    game, _ = read_known("tva")
    assert tau(game).shares == pytest.approx(by_key("separable_costs", game).shares, rel=1e-12)


@pytest.mark.parametrize("seed", range(12))
def test_what_each_has_alone_comes_on_top(seed):
    game = draw_game(4, seed, is_cost=False)
    game.values[-1] += 5
    extra = np.array([1.0, -2.0, 0.5, 3.0])
    shifted = tau(Game(game.players, 2 * game.values + game.sums(extra), is_cost=False))
    found = tau(game)
    assert shifted.is_found == found.is_found
    if found.is_found:
        expected = 2 * np.array(list(found.shares.values())) + extra
        assert list(shifted.shares.values()) == pytest.approx(expected, abs=1e-9)


def test_without_slack_each_has_its_right():
    game = make_game({"A": 3, "B": 4, "AB": 7})
    assert tau(game).shares == {"A": 3, "B": 4}


def test_who_cannot_act_leaves_nothing_to_others():
    game = make_game({"A": np.inf, "B": 5, "C": 5, "AB": 8, "AC": 8, "BC": 9, "ABC": 11})
    # Utopia: 2, 3, 3; B: min(5, 8 - 2, 9 - 3, 11 - 5) = 5, C alike; A: min(8 - 3, 11 - 6) = 5.
    part = 3 / 7
    expected = {"A": 2 + 3 * part, "B": 3 + 2 * part, "C": 3 + 2 * part}
    assert tau(game).shares == pytest.approx(expected, abs=1e-12)
    game.values[0b110] = np.inf
    assert tau(game).why_not.startswith("It needs the cost of B+C;")


def test_games_that_are_not_quasi_balanced_are_told():
    pairs = make_game(
        dict.fromkeys("ABC", 0) | {"AB": 1, "AC": 1, "BC": 1, "ABC": 1}, is_cost=False
    )
    # Each adds 0 to the whole, and the other two leave 1 - 0 to each.
    assert tau(pairs).why_not.startswith("A, B, C would have to get more")
    more = make_game({"A": 1, "B": 1, "AB": 1}, is_cost=False)
    # Each adds 0; alone each has 1.
    assert "not quasi-balanced" in tau(more).why_not
    hopes = make_game(
        dict.fromkeys("ABC", 0) | {"AB": 9, "AC": 9, "BC": 9, "ABC": 10}, is_cost=False
    )
    # Each adds 1, which is less than the 8 that a pair leaves.
    assert not tau(hopes).is_found
