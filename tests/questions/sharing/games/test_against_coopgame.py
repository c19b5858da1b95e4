"""Against coopgame-py, another program for games of coalitions, on games that are drawn."""

from __future__ import annotations

import coopgame
import numpy as np
import pytest

from cssopt.questions.sharing.games import claims
from cssopt.questions.sharing.games.core import is_stable
from cssopt.questions.sharing.games.game import Game
from cssopt.questions.sharing.games.gately import gately
from cssopt.questions.sharing.games.owen_value import owen_value
from cssopt.questions.sharing.games.power import banzhaf, find_power, shapley_shubik
from cssopt.questions.sharing.games.shapley import shapley
from cssopt.questions.sharing.games.tau import find_bounds, tau

KINDS = ("any", "superadditive", "claims", "votes", "ties")


def draw(kind, seed):
    """A game for gains of 3 to 8 players."""
    random = np.random.default_rng([seed, KINDS.index(kind)])
    count = int(random.integers(3, 9))
    names = tuple("ABCDEFGH"[:count])
    if kind == "claims":
        owed = random.integers(1, 50, count).astype(float)
        estate = float(random.uniform(0, owed.sum()))
        return claims.build_bankruptcy_game(estate, dict(zip(names, owed.tolist(), strict=True)))
    if kind == "votes":
        votes = random.integers(1, 10, count).astype(float)
        quota = random.uniform(votes.sum() / 2, votes.sum())
        game = Game(names, np.zeros(1 << count), is_cost=False)
        game.values[:] = game.sums(votes) >= quota
        return game
    values = random.normal(size=1 << count) * 10
    if kind == "ties":
        values = random.integers(0, 4, 1 << count).astype(float)
    values[0] = 0.0
    if kind == "superadditive":
        for mask in range(1, 1 << count):
            part = (mask - 1) & mask
            while part:
                values[mask] = max(values[mask], values[part] + values[mask ^ part])
                part = (part - 1) & mask
    return Game(names, values, is_cost=False)


def ask(function, *what):
    """Its answer; None where it has none."""
    try:
        return function(*what)
    except ValueError:
        return None


def check(kind, seed):
    game = draw(kind, seed)
    other = coopgame.Game(game.values[1:].tolist())
    compare(shapley(game), coopgame.shapley(other))
    random = np.random.default_rng(seed)
    blocs = [b.tolist() for b in np.array_split(random.permutation(game.count), 2)]
    unions = [[game.players[i] for i in bloc] for bloc in blocs]
    compare(owen_value(game, unions), coopgame.owen(other, blocs))
    raw = np.array(coopgame.banzhaf(other))
    scaled = banzhaf(game)
    if scaled.is_found:
        compare(scaled, raw * (game.total / raw.sum() if raw.sum() else 1))
    else:
        assert raw.sum() * game.total <= 1e-9
    rights, utopia = find_bounds(game)
    bounds = coopgame.utopia_payoffs(other)
    assert utopia == pytest.approx(bounds["utopia"], abs=1e-9)
    assert rights == pytest.approx(bounds["minimal_rights"], abs=1e-9)
    compare(tau(game), ask(coopgame.tau_value, other))
    if game.total > game.singles.sum() + 1e-9:  # else it gives none, also where nothing is shared
        compare(gately(game), ask(coopgame.gately_point, other))
    if kind == "votes":
        compare(shapley_shubik(game), coopgame.shapley(other))
        power = find_power(game)
        assert [p.swings for p in power] == coopgame.power_indices(other)["swings"]
    shares = shapley(game).shares
    assert is_stable(game, shares) is other.is_in_core(list(shares.values()), 1e-8)
    return shares


def compare(found, expected):
    if expected is None:
        assert found.shares == {}
        assert found.why_not
    else:
        assert list(found.shares.values()) == pytest.approx(list(expected), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(4))
def test_drawn_games(kind, seed):
    assert check(kind, seed)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_500_drawn_games(kind):
    for seed in range(100, 200):
        assert check(kind, seed)


@pytest.mark.parametrize("seed", range(20))
def test_claims_rules(seed):
    random = np.random.default_rng(seed)
    owed = random.integers(0, 50, random.integers(1, 9)).astype(float).tolist()
    estate = float(random.uniform(0, sum(owed)))
    named = {str(i): claim for i, claim in enumerate(owed)}
    for rule in ("constrained_equal_awards", "constrained_equal_losses", "talmud"):
        expected = getattr(coopgame, rule)(estate, owed)
        compare(getattr(claims, rule)(estate, named), expected)
