"""Coalitions that act in parts: every split is tried, and the best one counts."""

from __future__ import annotations

import numpy as np
import pytest
from known_games import draw_game, make_game

from cssopt.questions.sharing.games.cover import find_cover
from cssopt.questions.sharing.games.game import Game


def partitions(players):
    """Every way to split players into parts."""
    if not players:
        yield []
        return
    first, *rest = players
    for split in partitions(rest):
        yield [[first], *split]
        for i, part in enumerate(split):
            yield [*split[:i], [first, *part], *split[i + 1 :]]


def test_a_coalition_without_a_plan_acts_in_parts():
    """A and B have none together, and pay 4 + 5; A, B and C would pay 7 + 5 in the parts AC and B,
    which is less than 20: but what is shared is the cost of all together."""
    game = make_game({"A": 4, "B": 5, "C": 6, "AB": np.inf, "AC": 7, "BC": 12, "ABC": 20})
    found = find_cover(game)
    assert dict(zip(range(8), found.values.tolist(), strict=True)) == {
        0: 0, 1: 4, 2: 5, 3: 9, 4: 6, 5: 7, 6: 11, 7: 20,
    }  # fmt: skip


@pytest.mark.parametrize("is_cost", [True, False])
def test_no_split_is_better(is_cost):
    game = draw_game(6, seed=3, is_cost=is_cost)
    found = find_cover(game)
    best = min if is_cost else max
    for mask in range(1, 63):
        inside = [i for i in range(6) if mask >> i & 1]
        splits = (sum(game.values[sum(1 << i for i in p)] for p in s) for s in partitions(inside))
        assert found.values[mask] == pytest.approx(best(splits), abs=1e-12)


def test_doubt_is_that_of_the_best_bounds():
    """A and B may cost 3 less in all (1 and 2), and together 6 less: 10 - 6 is the best bound."""
    values = np.array([0.0, 5.0, 6.0, 10.0, 7.0, 20.0, 20.0, 18.0])
    doubt = np.array([0.0, 1.0, 2.0, 6.0, 0.0, 0.0, 0.0, 1.5])
    found = find_cover(Game(("A", "B", "C"), values, doubt=doubt))
    assert found.values.tolist() == [0, 5, 6, 10, 7, 12, 13, 18]
    assert found.doubt.tolist() == [0, 1, 2, 6, 0, 1, 2, 1.5]
