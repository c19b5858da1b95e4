"""Kohlberg's criterion by itself: what it accepts and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest
from games import airport, bankruptcy, gains_of, game_of

from cssopt.questions.sharing.games.excess import Excess
from cssopt.questions.sharing.games.kohlberg import check_kohlberg

PELEG = game_of({"AB": 10, "ABC": 2}, is_cost=False)


def named(game, shares):
    return dict(zip(game.players, shares, strict=True))


def test_nucleolus_and_prenucleolus_are_told_apart():
    # Peleg and Sudhoelter, example 5.5.12.
    assert check_kohlberg(PELEG, named(PELEG, [1, 1, 0]))
    assert not check_kohlberg(PELEG, named(PELEG, [1, 1, 0]), is_rational=False)
    assert check_kohlberg(PELEG, named(PELEG, [3, 3, -4]), is_rational=False)
    assert not check_kohlberg(PELEG, named(PELEG, [3, 3, -4]))


@pytest.mark.parametrize(
    "shares", [[50, 75, 76], [50, 75, 74], [50.001, 74.999, 75], [0, 0, 200], [100, 200, -100]]
)
def test_all_else_is_refused(shares):
    game = bankruptcy(200, (100, 200, 300))
    assert check_kohlberg(game, named(game, [50, 75, 75]))
    assert not check_kohlberg(game, named(game, shares))


def test_the_excess_matters():
    # AB would pay 12 by itself and C 4. Where AB pays x, their excesses are x - 12 and 11 - x:
    # alike at 11.5. For each member (x - 12) / 2 and 11 - x: alike at 34 / 3. The other coalitions
    # save far more.
    game = game_of({"A": 10, "B": 10, "C": 4, "AB": 12, "AC": 14, "BC": 14, "ABC": 15})
    whole, each = named(game, [5.75, 5.75, 3.5]), named(game, [17 / 3, 17 / 3, 11 / 3])
    assert check_kohlberg(game, whole)
    assert not check_kohlberg(game, each)
    assert check_kohlberg(game, each, Excess.PER_MEMBER)
    assert not check_kohlberg(game, whole, Excess.PER_MEMBER)


def test_many_coalitions_of_one_excess():
    # Nine of 17 win: 24,310 coalitions have the largest excess.
    game = gains_of(lambda members: len(members) >= 9, 17)
    assert check_kohlberg(game, named(game, np.full(17, 1 / 17)))
    moved = np.full(17, 1 / 17)
    moved[:2] += 1e-6, -1e-6
    assert not check_kohlberg(game, named(game, moved))


def test_levels_far_down_are_looked_at():
    # Littlechild (1974): what the smallest pays that is left is the least of (c - paid) by two more
    # than there are smaller ones left, over all c but the largest, by one more there.
    game, shares = airport(range(1, 11)), []
    for smallest in range(1, 10):
        paid = sum(shares)
        parts = [(cost - paid) / (cost - smallest + 2) for cost in range(smallest, 10)]
        shares.append(min(*parts, (10 - paid) / (10 - smallest + 1)))
    shares.append(10 - sum(shares))
    assert check_kohlberg(game, named(game, shares))
    # The two largest alone: only the last level tells.
    shares[-1] += 1e-6
    shares[-2] -= 1e-6
    assert not check_kohlberg(game, named(game, shares))


@pytest.mark.parametrize("scale", [1e-6, 1.0, 1e9])
def test_a_game_in_which_nobody_gains_is_read_in_its_own_measure(scale):
    # C has 1 alone and A nothing, together no more: only (0, 0, 1) is a nucleolus.
    game = game_of({"C": scale, "AC": scale, "BC": scale, "ABC": scale}, is_cost=False)
    assert check_kohlberg(game, named(game, [0, 0, scale]))
    assert not check_kohlberg(game, named(game, [-5e-5 * scale, 1e-4 * scale, (1 - 5e-5) * scale]))
