"""Games with known answers, and games that are drawn."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import permutations

import numpy as np
from paths import CASES

from cssopt.assembly.folders import find_model_folders
from cssopt.assembly.sharing_keys import list_keys
from cssopt.questions.sharing.games.game import Game
from cssopt.questions.sharing.methods import find_plain_keys, key_method


def make_game(values, *, is_cost=True):
    """A game from its values by coalition, letters side by side; players by their first rows."""
    players = tuple(dict.fromkeys("".join(values)))
    by_mask = np.zeros(1 << len(players))
    for coalition, value in values.items():
        by_mask[sum(1 << players.index(name) for name in coalition)] = value
    return Game(players, by_mask, is_cost)


def read_known(name):
    """A cost game of the known answers, and all that is written of it."""
    text = (CASES / "games" / "cost_games.json").read_text(encoding="utf-8")
    known = json.loads(text)[name]
    return make_game(known["c"]), known


def read_claims_known():
    """The bankruptcy problem of six claimants, and all that is written of it."""
    text = (CASES / "games" / "claims_and_others.json").read_text(encoding="utf-8")
    known = json.loads(text)["mattugames_bankruptcy_6"]
    return known["estate"], dict(zip("ABCDEF", known["claims"], strict=True)), known


def draw_game(players, seed, *, is_cost=True):
    """Values of any size and sign, without any order."""
    values = np.random.default_rng(seed).normal(size=1 << players)
    values[0] = 0.0
    return Game(tuple("ABCDEFGHIJKLMNOPQRSTUV"[:players]), values, is_cost)


def average_orders(game, orders=None):
    """What each adds, on average over orders (all of them by default), in fractions."""
    count = game.count
    orders = list(orders if orders is not None else permutations(range(count)))
    added = [Fraction(0)] * count
    values = [Fraction(value) for value in game.values]
    for order in orders:
        mask = 0
        for i in order:
            added[i] += values[mask | 1 << i] - values[mask]
            mask |= 1 << i
    return [float(each / len(orders)) for each in added]


def by_key(name, game):
    """A game shared by a key of the files that needs no tables."""
    keys, base = find_plain_keys(list_keys(find_model_folders()), game.players)
    return key_method({key.name: key for key in keys}[name], base).find(game)
