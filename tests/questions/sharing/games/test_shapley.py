"""The Shapley value: published answers, all orders one by one, its axioms, and the sampling."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from known_games import average_orders, draw_game, make_game, read_claims_known, read_known

from cssopt.questions.sharing.games.allocation import Guarantee
from cssopt.questions.sharing.games.claims import build_bankruptcy_game
from cssopt.questions.sharing.games.game import Game
from cssopt.questions.sharing.games.shapley import find_shapley_by_sampling, shapley

SEEDS = st.integers(0, 2**32 - 1)
COUNTS = st.integers(1, 6)


def find(game):
    return np.array(list(shapley(game).shares.values()))


def test_sweden_to_the_printed_digits():
    """Young, Okada and Hashimoto print 16.94 for M, so that the column adds up; it is 16.9475."""
    game, known = read_known("sweden_water_1979")
    printed = known["published"]["shapley"]
    found = find(game).round(2)
    assert found[[0, 1, 2, 3, 5]].tolist() == [printed[i] for i in (0, 1, 2, 3, 5)]
    assert find(game)[4] == pytest.approx(16.9475, abs=1e-12)


@pytest.mark.parametrize("name", ["tva", "css_pooled_readiness_3"])
def test_known_games(name):
    game, known = read_known(name)
    expected = known.get("computed")
    expected = expected["shapley"] if isinstance(expected, dict) else known["shapley"]
    assert find(game) == pytest.approx(expected, abs=1e-9)


def test_random_arrival_of_six_claimants():
    estate, claims, known = read_claims_known()
    assert find(build_bankruptcy_game(estate, claims)).round(4).tolist() == known["shapley"]


@pytest.mark.medium
@settings(deadline=None)
@given(COUNTS, SEEDS)
def test_it_is_the_average_over_all_orders(count, seed):
    game = draw_game(count, seed)
    assert find(game) == pytest.approx(average_orders(game), abs=1e-12)


@settings(deadline=None)
@given(COUNTS, SEEDS, SEEDS)
def test_it_shares_all_and_adds_up(count, one, other):
    first, second = draw_game(count, one), draw_game(count, other)
    both = Game(first.players, first.values + second.values)
    assert find(first).sum() == pytest.approx(first.total, abs=1e-12)
    assert find(both) == pytest.approx(find(first) + find(second), abs=1e-12)


@settings(deadline=None)
@given(st.integers(2, 6), SEEDS)
def test_who_adds_the_same_pays_the_same_and_a_dummy_what_it_has(count, seed):
    values = draw_game(count, seed).values
    masks = np.arange(len(values))
    swapped = masks ^ np.where((masks & 1) != (masks >> 1 & 1), 3, 0)
    alike = Game(draw_game(count, seed).players, values + values[swapped])
    assert find(alike)[0] == pytest.approx(find(alike)[1], abs=1e-12)
    dummy = Game((*alike.players, "Z"), np.concatenate([alike.values, alike.values + 2.5]))
    assert find(dummy) == pytest.approx([*find(alike), 2.5], abs=1e-12)


def test_costs_and_gains_are_shared_alike():
    values = draw_game(4, 5).values
    one, other = Game(tuple("ABCD"), values), Game(tuple("ABCD"), values, is_cost=False)
    assert shapley(one).shares == shapley(other).shares


def test_what_cannot_act_by_itself_is_named():
    game = make_game({"A": 1, "B": np.inf, "AB": 4})
    assert shapley(game).shares == {}
    assert shapley(game).why_not == "It needs the cost of B; what cannot act by itself has none."


def test_doubt_makes_it_approximate():
    whole = make_game({"A": 3, "B": 4, "AB": 5})
    assert shapley(whole).guarantee is Guarantee.EXACT
    doubted = shapley(Game(whole.players, whole.values, True, np.array([0, 0, 0.25, 0])))
    assert doubted.guarantee is Guarantee.APPROXIMATE
    assert "up to 0.25 too high" in doubted.note
    unknown = shapley(Game(whole.players, whole.values, True, np.array([0, 0, np.inf, 0])))
    assert "nobody knows how far" in unknown.note


def test_20_players_by_a_formula():
    """Airport game (Littlechild and Owen, 1973): each stretch of runway is shared by its users."""
    lengths = np.arange(1.0, 21.0)
    values = np.zeros(1 << 20)
    for i, length in enumerate(lengths):
        values[1 << i : 2 << i] = length  # player i is the largest of these coalitions
    game = Game(tuple(map(str, range(20))), values)
    expected = np.cumsum(1 / np.arange(20, 0, -1))
    assert find(game) == pytest.approx(expected, abs=1e-12)


def airport(count):
    return lambda mask: float(mask.bit_length()), [f"M{i}" for i in range(count)]


@pytest.mark.medium
def test_sampling_lies_within_its_errors():
    """Of 30 airlines; with 4 standard errors one of them would be out once in 500 runs."""
    value, players = airport(30)
    found = find_shapley_by_sampling(value, players, 20_000, seed=1)
    expected = np.cumsum(1 / np.arange(30, 0, -1))
    errors = np.array(list(found.errors.values()))
    assert found.guarantee is Guarantee.APPROXIMATE
    assert sum(found.shares.values()) == pytest.approx(30, abs=1e-9)
    assert (np.abs(np.array(list(found.shares.values())) - expected) < 4 * errors).all()
    assert errors.max() < 0.1


@pytest.mark.medium
def test_standard_errors_are_the_spread_of_repeated_samples():
    game = draw_game(7, 3)
    runs = [
        find_shapley_by_sampling(lambda m: game.values[m], game.players, 400, seed)
        for seed in range(60)
    ]
    shares = np.array([list(run.shares.values()) for run in runs])
    told = np.sqrt(np.mean([np.square(list(run.errors.values())) for run in runs], axis=0))
    # The spread of 60 runs is itself known to a tenth (1 / sqrt(2 * 59)).
    assert shares.std(axis=0, ddof=1) == pytest.approx(told, rel=0.35)
    assert shares.mean(axis=0) == pytest.approx(find(game), abs=4 * told.max() / np.sqrt(60))


def test_enough_samples_are_no_estimate_any_more():
    game = draw_game(4, 8)
    found = find_shapley_by_sampling(lambda m: game.values[m], game.players, 200, seed=0)
    assert list(found.shares.values()) == pytest.approx(find(game), abs=1e-12)
    assert max(found.errors.values()) < 1e-12


def test_the_seed_decides():
    value, players = airport(25)
    runs = [find_shapley_by_sampling(value, players, 3_000, seed).shares for seed in (4, 4, 5)]
    assert runs[0] == runs[1] != runs[2]


def test_sampling_tells_what_cannot_act_and_too_few_samples():
    found = find_shapley_by_sampling(lambda mask: np.inf if mask == 3 else 1.0, "ABC", 100, 0)
    assert found.why_not == "It needs the value of A+B, which cannot act by itself."
    with pytest.raises(ValueError, match="at least 36 samples"):
        find_shapley_by_sampling(lambda _mask: 1.0, "ABC", 35, 0)
