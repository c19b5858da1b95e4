"""The core check: who would gain by itself, in order, and what doubt leaves open."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from known_games import draw_game, make_game, read_known

from cssopt.questions.sharing.find import find_core
from cssopt.questions.sharing.games.core import find_core_violations, is_stable
from cssopt.questions.sharing.games.game import Game
from cssopt.questions.sharing.games.shapley import shapley


def test_css_by_hand():
    """The Shapley value is 94, 113, 98: A and C pay 192 and would pay 186 by themselves."""
    game, known = read_known("css_pooled_readiness_3")
    (found,) = find_core_violations(game, {"A": 94, "B": 113, "C": 98})
    assert (found.coalition, found.gain, found.per_member) == (("A", "C"), 6, 3)
    assert found.is_proven
    assert known["shapley_core_violation"] == {"AC": 6}
    assert is_stable(game, {"A": 94, "B": 113, "C": 98}) is False
    assert is_stable(game, dict(zip("ABC", known["nucleolus"], strict=True))) is True
    assert is_stable(game, dict(zip("ABC", known["owen"], strict=True))) is True


def test_sweden_has_one_coalition_that_would_leave():
    """H, K and L of the Shapley value (Young, Okada and Hashimoto, 1979)."""
    game, _ = read_known("sweden_water_1979")
    shares = shapley(game).shares
    (found,) = find_core_violations(game, shares)
    assert found.coalition == ("H", "K", "L")
    assert found.gain == pytest.approx(shares["H"] + shares["K"] + shares["L"] - 27.26)


@settings(deadline=None)
@given(st.integers(1, 5), st.integers(0, 2**32 - 1), st.booleans())
def test_against_one_coalition_after_another(count, seed, is_cost):
    game = draw_game(count, seed, is_cost=is_cost)
    shares = dict.fromkeys(game.players, game.total / count)
    gains = {}
    for mask in range(1, game.all):
        has = sum(shares[name] for name in game.names(mask))
        gain = has - game.values[mask] if is_cost else game.values[mask] - has
        if gain > 1e-9:
            gains[game.names(mask)] = gain
    found = find_core_violations(game, shares, most=None)
    assert {v.coalition: v.gain for v in found} == pytest.approx(gains, abs=1e-12)
    assert [v.gain for v in found] == sorted((v.gain for v in found), reverse=True)
    assert find_core_violations(game, shares, most=2) == found[:2]
    assert is_stable(game, shares) is (not gains)


def test_of_equal_gains_the_smaller_coalition_comes_first():
    game = make_game({"A": 1, "B": 9, "C": 9, "AB": 4, "AC": 18, "BC": 18, "ABC": 9})
    found = find_core_violations(game, {"A": 3, "B": 3, "C": 3})
    assert [(v.coalition, v.gain, v.per_member) for v in found] == [
        (("A",), 2, 2),
        (("A", "B"), 2, 1),
    ]


def test_what_does_not_add_up_is_not_stable():
    game = make_game({"A": 5, "B": 5, "AB": 8})
    assert is_stable(game, {"A": 3, "B": 4}) is False
    assert is_stable(game, {"A": 4, "B": 4}) is True


def test_who_cannot_act_by_itself_stays():
    game = make_game({"A": np.inf, "B": np.inf, "AB": 8})
    assert find_core_violations(game, {"A": 8, "B": 0}) == ()
    assert is_stable(game, {"A": 8, "B": 0}) is True


def test_doubt_is_not_told_as_proof():
    """A would pay 4 by itself or, as that is not proven, 3; the total may be 0.5 less too."""
    values, doubt = np.array([0.0, 4, 9, 8]), np.array([0.0, 1, 0, 0.5])
    game = Game(("A", "B"), values, True, doubt)
    assert is_stable(game, {"A": 2.5, "B": 5.5}) is True
    assert is_stable(game, {"A": 3.5, "B": 4.5}) is None
    assert is_stable(game, {"A": 4.25, "B": 3.75}) is None
    assert is_stable(game, {"A": 5, "B": 3}) is False
    unknown = Game(("A", "B"), np.array([0, np.inf, 9, 8]), True, np.array([0, np.inf, 0, 0]))
    assert is_stable(unknown, {"A": 1, "B": 7}) is None
    (open_one,) = find_core_violations(game, {"A": 4.25, "B": 3.75})
    (proven,) = find_core_violations(game, {"A": 5, "B": 3})
    assert (open_one.is_proven, proven.is_proven) == (False, True)


@pytest.mark.medium
def test_22_players():
    """Each pays 1 and would pay 1 in all coalitions but one, which would pay half a unit less."""
    game = Game(tuple(f"M{i}" for i in range(22)), np.zeros(1 << 22))
    game.values[:] = game.sums([1.0] * 22)
    game.values[0b1011] -= 0.5
    (found,) = find_core_violations(game, dict.fromkeys(game.players, 1.0))
    assert (found.mask, found.gain) == (0b1011, 0.5)


@pytest.mark.parametrize(
    ("together", "doubts", "is_empty"),
    [
        (10, {}, False),
        (10, {"AB": 1, "AC": 1, "BC": 1}, False),
        (10, {"AB": 2, "AC": 2, "BC": 2}, None),
        (10, {"ABC": 5}, False),  # a better plan for all only helps
        (10, {"AB": np.inf}, None),
        (14, {}, True),
        (14, {"ABC": 1}, True),
        (14, {"ABC": 2}, None),
        (14, {"AB": 9}, True),
    ],
)
def test_whether_all_can_be_kept_in_is_open_where_doubts_are_as_large(together, doubts, is_empty):
    """Two together pay 8: all stay where three pay 12 or less. Where they pay 10 alike, each pair
    saves 4 / 3; where they pay 14, it would gain 4 / 3."""
    game = make_game(
        dict.fromkeys("ABC", 6) | dict.fromkeys(["AB", "AC", "BC"], 8) | {"ABC": together}
    )
    doubt = np.zeros(8)
    for coalition, size in doubts.items():
        doubt[game.mask(coalition)] = size
    core = find_core(Game(game.players, game.values, doubt=doubt))
    assert core.is_empty is is_empty
    assert bool(core.why_not) == (is_empty is None)
