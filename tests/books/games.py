"""Games for tests: those with known answers, and random ones of five kinds."""

from __future__ import annotations

import json
from itertools import combinations

import numpy as np
from paths import CASES

from cssopt.questions.sharing.games.game import Game, sum_shares


def read_games(name):
    return json.loads((CASES / "games" / f"{name}.json").read_text(encoding="utf-8"))


def game_of(values, *, players="", is_cost=True):
    """A game of ``{"AB": 3}``; coalitions that are not given are worth 0."""
    players = tuple(players or sorted({name for coalition in values for name in coalition}))
    game = Game(players, np.zeros(1 << len(players)), is_cost)
    for coalition, value in values.items():
        game.values[game.mask(coalition)] = value
    return game


def gains_of(function, count):
    """A game of gains, from a function of the tuple of players, who are numbers from 0."""
    game = Game(tuple(map(str, range(count))), np.zeros(1 << count), is_cost=False)
    for size in range(1, count + 1):
        for members in combinations(range(count), size):
            game.values[sum(1 << i for i in members)] = function(members)
    return game


def bankruptcy(estate, claims):
    """What is left of the estate when the others have had their claims (O'Neill 1982)."""
    total = sum(claims)
    return gains_of(
        lambda members: max(0.0, estate - (total - sum(claims[i] for i in members))), len(claims)
    )


def airport(lengths):
    """A coalition needs the runway of its largest member (Littlechild and Owen 1973)."""
    game = gains_of(lambda members: max(lengths[i] for i in members), len(lengths))
    return Game(game.players, game.values)


KINDS = ("superadditive", "subadditive", "bankruptcy", "voting", "arbitrary")


def random_game(kind, seed):
    """One of a kind, with 3 to 12 players."""
    rng = np.random.default_rng([KINDS.index(kind), seed])
    count = int(rng.integers(3, 13))
    players, sizes = tuple(map(str, range(count))), sum_shares(np.ones(count))
    weights = rng.integers(1, 20, count).astype(float)
    sums = sum_shares(weights)
    if kind == "superadditive":
        # Together two coalitions add at least 20, and what is random at most 18.
        values = 10 * sizes * (sizes - 1) + rng.integers(0, 10, 1 << count)
    elif kind == "subadditive":
        values = np.round(30 * np.sqrt(sums)) + 10 * airport(weights).values + 500
    elif kind == "bankruptcy":
        values = np.maximum(0.0, np.round(rng.uniform(0.2, 0.9) * sums[-1]) - sums[::-1])
    elif kind == "voting":
        values = (sums > sums[-1] * rng.choice([0.5, 0.6, 0.75])).astype(float)
    else:
        values = rng.integers(0, 6, 1 << count).astype(float)
        values[-1] = rng.choice([values[-1], 3.0 * count])
    values[0] = 0.0
    return Game(players, values, is_cost=kind == "subadditive")
