"""Voting power: published indices, and values scaled to share the total."""

from __future__ import annotations

import numpy as np
import pytest
from known_games import make_game, read_known

from cssopt.questions.sharing.games.game import Game, sum_shares
from cssopt.questions.sharing.games.power import banzhaf, find_power, shapley_shubik


def make_votes(votes, quota):
    """Who has the quota wins."""
    names = tuple(f"V{i}" for i in range(len(votes)))
    wins = (sum_shares(np.array(votes, dtype=float)) >= quota).astype(float)
    return Game(names, wins, is_cost=False)


def test_the_council_of_1958():
    """Votes 4, 4, 4, 2, 2, 1 of which 12 decide (Felsenthal and Machover, 1998): Luxembourg's vote
    never did. Banzhaf 5/21, 5/21, 5/21, 1/7, 1/7, 0; Shapley-Shubik 14/60 thrice, 9/60 twice, 0."""
    power = find_power(make_votes([4, 4, 4, 2, 2, 1], 12))
    assert [p.swings for p in power] == [10, 10, 10, 6, 6, 0]
    assert [p.banzhaf for p in power] == pytest.approx([5 / 21] * 3 + [1 / 7] * 2 + [0])
    assert [p.absolute_banzhaf for p in power] == [10 / 32] * 3 + [6 / 32] * 2 + [0]
    expected = [14 / 60] * 3 + [9 / 60] * 2 + [0]
    assert [p.shapley_shubik for p in power] == pytest.approx(expected)


def test_the_security_council():
    """Nine of fifteen with all five permanent members: 421/2145 and 4/2145 in Shapley-Shubik's
    index (Shapley and Shubik, 1954, for the council of today), 848 and 84 swings in Banzhaf's."""
    game = make_votes([7] * 5 + [1] * 10, 39)
    assert list(shapley_shubik(game).shares.values()) == pytest.approx(
        [421 / 2145] * 5 + [4 / 2145] * 10, abs=1e-12
    )
    assert [p.swings for p in find_power(game)] == [848] * 5 + [84] * 10


def test_a_simple_game_shares_by_the_normalized_index():
    found = banzhaf(make_votes([4, 4, 4, 2, 2, 1], 12))
    assert list(found.shares.values()) == pytest.approx([5 / 21] * 3 + [1 / 7] * 2 + [0])
    assert found.figures == {"sum before scaling": 42 / 32}


def test_costs_are_scaled_to_the_total():
    """A adds 10 to nobody and 18 - 12 to B: 8 on average; B adds 12 and 8: 10. In all it is 18."""
    found = banzhaf(make_game({"A": 10, "B": 12, "AB": 18}))
    assert found.shares == {"A": 8, "B": 10}
    plan, _ = read_known("css_pooled_readiness_3")
    assert sum(banzhaf(plan).shares.values()) == pytest.approx(305, abs=1e-12)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"A": 0, "B": 0, "C": 0, "AB": -3, "AC": -3, "BC": -3, "ABC": 1}, "less than nothing"),
        ({"A": 0, "B": 0, "C": 0, "AB": -1, "AC": -1, "BC": -1, "ABC": -1}, ""),
        ({"A": 1, "B": 0, "C": 0, "AB": 0, "AC": 0, "BC": 0, "ABC": 1}, ""),
        ({"A": 4, "B": 0, "C": 0, "AB": 0, "AC": 0, "BC": 0, "ABC": 4 / 3}, "to nothing in all"),
    ],
)
def test_what_cannot_be_scaled_is_told(values, why):
    game = make_game(values, is_cost=False)
    found = banzhaf(game)
    assert found.is_found == (why == "")
    assert why in found.why_not


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"A": 0, "B": 0.5, "AB": 1}, "every coalition loses (0) or wins (1)"),
        ({"A": 0, "B": 0, "AB": 0}, "the coalition of all wins"),
        ({"A": 1, "B": 0, "C": 0, "AB": 0, "AC": 1, "BC": 0, "ABC": 1}, "never makes it lose"),
        ({"A": np.inf, "B": 0, "AB": 1}, "every coalition loses (0) or wins (1)"),
    ],
)
def test_games_that_are_not_simple_are_told(values, why):
    found = shapley_shubik(make_game(values))
    assert found.shares == {}
    assert why in found.why_not
    with pytest.raises(ValueError, match="simple game"):
        find_power(make_game(values))
