"""The Gately point: the original answer, its definition, and games without one."""

from __future__ import annotations

import numpy as np
import pytest
from known_games import by_key, draw_game, make_game, read_known

from cssopt.questions.sharing.games.gately import find_propensities, gately


@pytest.mark.parametrize("name", ["sweden_water_1979", "tva", "css_pooled_readiness_3"])
def test_all_are_tempted_alike(name):
    """And the shares are those of separable costs (Straffin and Heaney, 1981)."""
    game, _ = read_known(name)
    found = gately(game)
    single = find_propensities(game, found.shares)[1 << np.arange(game.count)]
    assert single == pytest.approx(found.figures["propensity to disrupt"], rel=1e-9)
    assert found.shares == pytest.approx(by_key("separable_costs", game).shares, rel=1e-12)


def test_tva_by_hand():
    """Savings of all 141,858, and the sum of separable costs is 189,954.

    Whoever leaves loses its part of 141,858, the others what is left of what it saves them: in all
    (554,442 - 189,954) - 141,858 = 222,630. So the propensity is 222,630 / 141,858.
    """
    game, _ = read_known("tva")
    assert gately(game).figures["propensity to disrupt"] == pytest.approx(222_630 / 141_858)


def test_coalitions_have_propensities_too():
    """Littlechild and Vaidya (1976): A has 5 and B 7 of 12; alone 1 and 2; 4 and 5 are lost."""
    game = make_game({"A": 1, "B": 2, "AB": 12}, is_cost=False)
    found = find_propensities(game, {"A": 5, "B": 7})
    assert found[1:3].tolist() == [5 / 4, 4 / 5]
    assert np.isnan(found[[0, 3]]).all()


def test_nothing_to_lose_is_no_propensity():
    game = make_game({"A": 5, "B": np.inf, "AB": 12})
    assert np.isnan(find_propensities(game, {"A": 5, "B": 7})).all()


def test_where_nothing_is_saved_each_keeps_what_it_has():
    game = make_game({"A": 3, "B": 4, "AB": 7})
    assert gately(game).shares == {"A": 3, "B": 4}


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"A": 3, "B": 4, "AB": 8}, "Together they have less than alone"),
        (
            dict.fromkeys("ABC", 0) | {"AB": 3, "AC": 3, "BC": 3, "ABC": 3},
            "Nobody adds anything",
        ),
        (
            dict.fromkeys("ABC", 0) | {"AB": 5, "AC": 1, "BC": 1, "ABC": 3},
            "Some add more",
        ),
    ],
)
def test_games_without_one_are_told(values, why):
    found = gately(make_game(values, is_cost=values["A"] == 3))
    assert found.shares == {}
    assert why in found.why_not


def test_no_other_shares_tempt_less():
    """Of drawn games in which all save: any change tempts somebody more."""
    random = np.random.default_rng(7)
    seen = 0
    for seed in range(60):
        game = draw_game(4, seed, is_cost=False)
        game.values[-1] += 12
        found = gately(game)
        if not found.is_found:
            continue
        seen += 1
        shift = random.normal(size=4) * 0.05
        other = np.array(list(found.shares.values())) + shift - shift.mean()
        tempted = find_propensities(game, dict(zip("ABCD", other, strict=True)))
        assert tempted[1 << np.arange(4)].max() > found.figures["propensity to disrupt"]
    assert seen > 30
