"""Least core by row generation: as by enumeration, with bounds that hold where they do not meet."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest

from cssopt.errors import SolveError
from cssopt.questions.sharing.coalitions.row_generation import (
    Coalition,
    LeastCore,
    Separation,
    find_least_core_by_rows,
    join_blocs,
    separate_by_listing,
    separate_by_search,
)
from cssopt.questions.sharing.games.allocation import Guarantee
from cssopt.questions.sharing.games.game import Game
from cssopt.questions.sharing.games.least_core import least_core

SAME = 1e-7


def make_game(seed: int, largest: int = 12) -> Game:
    """A random game: costs that may be anything, or nearly subadditive; gains; with ties."""
    chance = np.random.default_rng(seed)
    count = int(chance.integers(2, largest + 1))
    size = 1 << count
    kind = seed % 4
    sizes = np.array([bin(mask).count("1") for mask in range(size)])
    if kind == 0:
        values = chance.uniform(0, 100, size)
    elif kind == 1:
        values = 10 * np.sqrt(sizes) + chance.uniform(0, 3, size)
    elif kind == 2:
        values = chance.integers(0, 4, size).astype(float)
    else:
        values = sizes**2 * chance.uniform(0.5, 1.5, size)
    values[0] = 0.0
    return Game(tuple(f"p{i}" for i in range(count)), values, is_cost=kind < 2)


def begin(game: Game) -> dict[Coalition, float]:
    """The values of all and of each alone."""
    masks = [game.all, *(1 << i for i in range(game.count))]
    return {game.names(mask): float(game.values[mask]) for mask in masks}


def generate(game: Game) -> LeastCore:
    return find_least_core_by_rows(
        game.players, separate_by_listing(game), begin(game), is_cost=game.is_cost
    )


def assert_equal_to_listing(seed: int) -> None:
    game = make_game(seed)
    found, listed = generate(game), least_core(game)
    scale = max(1.0, float(np.abs(game.values).max()))
    epsilon = listed.figures["epsilon"]
    assert found.guarantee is Guarantee.CERTIFIED
    assert found.least == pytest.approx(epsilon, abs=2 * SAME * scale)
    assert found.most == pytest.approx(epsilon, abs=2 * SAME * scale)
    shares = [found.shares[p] for p in game.players]
    assert sum(shares) == pytest.approx(game.total, abs=SAME * scale)
    excess = (game.sign * (game.values - game.sums(shares)))[1:-1]
    assert excess.max() == pytest.approx(epsilon, abs=2 * SAME * scale)


@pytest.mark.medium
@pytest.mark.parametrize("seed", range(24))
def test_it_is_the_least_core_of_all_coalitions(seed):
    assert_equal_to_listing(seed)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(24, 200))
def test_it_is_the_least_core_of_two_hundred_games(seed):
    assert_equal_to_listing(seed)


def test_three_that_pair_up_at_twelve_of_twenty():
    """Each pair pays two thirds of 20 and would pay 12: 4/3 too much, whatever the shares."""
    costs = {1: 10.0, 2: 12.0, 3: 20.0}
    values = [0.0] + [costs[bin(mask).count("1")] for mask in range(1, 8)]
    found = generate(Game(("A", "B", "C"), np.array(values)))
    assert found.shares == pytest.approx({"A": 20 / 3, "B": 20 / 3, "C": 20 / 3})
    assert found.least == pytest.approx(4 / 3)
    assert found.sentence.endswith("gains 1.33333 by acting alone; none gains more than 1.33333.")
    shown = found.as_allocation()
    assert shown.guarantee is Guarantee.CERTIFIED
    assert shown.figures["epsilon"] == pytest.approx(4 / 3)


def test_few_coalitions_of_many_are_generated():
    game = make_game(5, 12)
    assert len(generate(game).known) < 2**game.count / 4


AIRPORT = {f"p{i}": float(i + 1) for i in range(30)}
"""Cost of a runway by player (Littlechild and Owen 1973): a coalition pays the longest it needs."""


def runway(coalition: Coalition) -> float:
    return max(AIRPORT[p] for p in coalition)


def separate_airport(shares, _known):
    """By its longest runway the worst coalition has all shorter ones that pay; of all but one, that
    without the one that pays least."""
    found = {}
    for longest, cost in AIRPORT.items():
        inside = tuple(p for p in AIRPORT if AIRPORT[p] < cost and shares[p] > 0)
        found[*inside, longest] = cost
    found.pop(tuple(AIRPORT), None)
    for left in AIRPORT:
        others = tuple(p for p in AIRPORT if p != left)
        found[others] = runway(others)
    return Separation(found, max(sum(shares[p] for p in s) - cost for s, cost in found.items()))


def begin_airport() -> dict[Coalition, float]:
    return {(p,): cost for p, cost in AIRPORT.items()} | {tuple(AIRPORT): 30.0}


def test_thirty_players_with_an_oracle_of_their_own():
    """The shortest pays at most 1 + epsilon, as it could alone, and at least -epsilon, as others
    could do without it: epsilon is -1/2 (the others leave room)."""
    found = find_least_core_by_rows(tuple(AIRPORT), separate_airport, begin_airport())
    assert found.guarantee is Guarantee.CERTIFIED
    assert found.most == pytest.approx(-0.5)


def test_a_search_finds_what_it_cannot_bound():
    game = make_game(1, 8)
    price = {game.names(m): float(game.values[m]) for m in range(1, game.all + 1)}
    found = find_least_core_by_rows(
        game.players, separate_by_search(game.players, price.__getitem__), begin(game)
    )
    assert found.guarantee is Guarantee.APPROXIMATE
    assert math.isinf(found.most)
    assert found.sentence.endswith("whether another gains more is not known.")
    assert found.told == "The search names no further coalition, and bounds the others no better."
    scale = float(np.abs(game.values).max())
    assert found.least <= least_core(game).figures["epsilon"] + SAME * scale
    assert "epsilon at most" not in found.as_allocation().figures


def test_a_bound_that_does_not_meet_is_told():
    """An oracle that knows of nobody, and that nobody gains more than 3."""
    known = {("A",): 5.0, ("B",): 7.0, ("A", "B"): 10.0}
    found = find_least_core_by_rows(("A", "B"), lambda _shares, _known: Separation({}, 3.0), known)
    assert found.guarantee is Guarantee.APPROXIMATE
    assert (found.least, found.most) == pytest.approx((-1.0, 3.0))
    assert "none gains more than 3." in found.sentence


def test_the_time_ends_it_with_both_bounds():
    game = make_game(5, 12)
    found = find_least_core_by_rows(
        game.players, separate_by_listing(game, 1), begin(game), is_cost=game.is_cost, until=0.0
    )
    assert found.rounds == 1
    assert found.told == "The time was over before the bounds met."
    epsilon = least_core(game).figures["epsilon"]
    assert found.least - SAME <= epsilon <= found.most + SAME


def test_a_coalition_that_cannot_act_is_left_out():
    known = {("A",): 4.0, ("B",): 4.0, ("C",): 4.0, ("A", "B", "C"): 9.0}
    values = {s: known.get(s, math.inf) for n in (1, 2, 3) for s in combinations("ABC", n)}
    found = find_least_core_by_rows(("A", "B", "C"), lambda _s, _k: Separation(values, -1.0), known)
    assert found.shares == pytest.approx({"A": 3, "B": 3, "C": 3})
    assert found.guarantee is Guarantee.CERTIFIED


def test_who_cannot_act_alone_has_no_bound():
    known = {("A",): math.inf, ("B",): 4.0, ("A", "B"): 9.0}
    with pytest.raises(SolveError, match="no value of A, and so nothing that bounds the shares"):
        find_least_core_by_rows(("A", "B"), lambda _s, _k: Separation({}), known)


def test_blocs_are_players():
    price = join_blocs({"east": "AC", "west": "B"}, "ABC", lambda s: float(len("".join(s))))
    assert price(("east",)) == 2.0
    assert price(("east", "west")) == 3.0
