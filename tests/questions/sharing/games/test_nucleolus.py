"""The nucleolus and its kin against published answers, closed forms and another program."""

from __future__ import annotations

from dataclasses import replace

import coopgame
import numpy as np
import pytest
from games import KINDS, airport, bankruptcy, gains_of, game_of, random_game, read_games

from cssopt.questions.sharing.games.allocation import Guarantee
from cssopt.questions.sharing.games.excess import Excess
from cssopt.questions.sharing.games.game import Game
from cssopt.questions.sharing.games.kohlberg import check_kohlberg
from cssopt.questions.sharing.games.nucleolus import (
    anti_prenucleolus,
    nucleolus,
    per_capita_nucleolus,
    prenucleolus,
    proportional_nucleolus,
)

COSTS, OTHERS = read_games("cost_games"), read_games("claims_and_others")
KIN = (nucleolus, prenucleolus, per_capita_nucleolus, proportional_nucleolus, anti_prenucleolus)
PEER = {method: getattr(coopgame, method.__name__) for method in KIN}


def shares_of(allocation):
    assert not allocation.why_not
    assert allocation.guarantee is Guarantee.CERTIFIED
    return list(allocation.shares.values())


def printed(expected, places):
    """As printed: no farther off than half of the last place."""
    return pytest.approx(expected, rel=0, abs=0.5001 * 10**-places)


@pytest.mark.parametrize(
    ("case", "method", "places"),
    [
        ("sweden_water_1979", nucleolus, 2),
        ("sweden_water_1979", per_capita_nucleolus, 2),
        ("sweden_water_1979", proportional_nucleolus, 2),
        ("tva", nucleolus, 0),
        ("tva", per_capita_nucleolus, 2),
        ("tva", proportional_nucleolus, 1),
        ("css_pooled_readiness_3", nucleolus, 0),
        ("css_pooled_readiness_3", per_capita_nucleolus, 4),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_known_cost_games(case, method, places):
    known = COSTS[case]
    answers = known.get("computed")
    answers = answers if isinstance(answers, dict) else known
    shares = shares_of(method(game_of(known["c"])))
    assert shares == printed(answers[method.__name__], places)


def test_levels_of_the_swedish_game():
    # The least saving of any coalition, the first of its levels, is what its excess is below 0.
    levels = COSTS["sweden_water_1979"]["computed"]["nucleolus_levels"]
    found = nucleolus(game_of(COSTS["sweden_water_1979"]["c"]))
    assert -found.figures["largest excess"] == printed(levels[0], 4)


def test_published_shares_of_the_swedish_game():
    # The working paper's figures for M and T are not the true nucleolus; those of A to L are.
    published = COSTS["sweden_water_1979"]["published"]
    game = game_of(COSTS["sweden_water_1979"]["c"])
    for method, name in (
        (nucleolus, "nucleolus_WP1979_A_H_K_L"),
        (proportional_nucleolus, "prop_least_core_WP_A_H_K_L"),
        (per_capita_nucleolus, "weak_least_core_WP_A_H_K_L"),
    ):
        assert shares_of(method(game))[:4] == printed(published[name], 2)


def test_known_game_with_an_empty_core():
    known = COSTS["empty_core_3"]
    values = {"A": 10, "B": 10, "C": 10, "AB": 12, "AC": 12, "BC": 12, "ABC": 20}
    assert shares_of(nucleolus(game_of(values))) == printed(known["nucleolus"], 4)


def test_known_bankruptcy():
    known = OTHERS["mattugames_bankruptcy_6"]
    game = bankruptcy(known["estate"], known["claims"])
    assert shares_of(nucleolus(game)) == printed(known["nucleolus"], 4)
    expected = known["anti_prenucleolus_and_modiclus"]
    assert shares_of(anti_prenucleolus(game)) == printed(expected, 4)


def test_prenucleolus_that_is_no_imputation():
    known = OTHERS["peleg_sudhoelter_5_5_12"]
    values = dict(zip(known["order"].split(","), known["v"], strict=True))
    game = game_of(values, is_cost=False)
    assert shares_of(prenucleolus(game)) == pytest.approx(known["prenucleolus"], abs=1e-12)
    assert shares_of(nucleolus(game)) == pytest.approx(known["nucleolus"], abs=1e-12)


@pytest.mark.parametrize(
    ("estate", "shares"),
    [(100, (100 / 3, 100 / 3, 100 / 3)), (200, (50, 75, 75)), (300, (50, 100, 150))],
)
def test_the_three_wives_of_the_talmud(estate, shares):
    # Aumann and Maschler (1985), claims of 100, 200 and 300.
    assert shares_of(nucleolus(bankruptcy(estate, (100, 200, 300)))) == pytest.approx(shares)


def test_airport():
    # Littlechild (1974): with lengths 1 < 2 < 4 the least of 1/2, 2/3 and (4/3, at the end 4 - all
    # before) is 1/2, for the smallest; then 2 - 1/2 = 3/2 by 2 is 3/4; the largest has the rest.
    assert shares_of(nucleolus(airport([1, 2, 4]))) == pytest.approx([0.5, 0.75, 2.75])


def test_projective_plane():
    # Seven points, a coalition wins with one of seven lines: alike for all, so a seventh each.
    lines = [{i, (i + 1) % 7, (i + 3) % 7} for i in range(7)]
    game = gains_of(lambda members: any(line <= set(members) for line in lines), 7)
    assert shares_of(nucleolus(game)) == pytest.approx([1 / 7] * 7)


def test_gloves():
    # One left glove and two right ones: the core is one point, in which the left one has it all.
    game = gains_of(lambda members: 0 in members and len(members) > 1, 3)
    assert shares_of(nucleolus(game)) == pytest.approx([1, 0, 0])


@pytest.mark.parametrize("method", KIN, ids=lambda method: method.__name__)
@pytest.mark.parametrize("is_cost", [True, False])
def test_the_smallest_games(method, is_cost):
    one = Game(("A",), np.array([0.0, 7.0]), is_cost)
    assert shares_of(method(one)) == [7]
    if method is not proportional_nucleolus:
        for count in (1, 2, 5):
            none = Game(tuple("ABCDE"[:count]), np.zeros(1 << count), is_cost)
            assert shares_of(method(none)) == [0] * count


def test_two_players_share_the_saving_alike():
    # 10 and 6 alone, 12 together: each saves 2. In proportion: 12/16 of what each pays alone.
    game = game_of({"A": 10, "B": 6, "AB": 12})
    assert shares_of(nucleolus(game)) == pytest.approx([8, 4])
    assert shares_of(per_capita_nucleolus(game)) == pytest.approx([8, 4])
    assert shares_of(proportional_nucleolus(game)) == pytest.approx([7.5, 4.5])


@pytest.mark.parametrize("method", KIN[:3], ids=lambda method: method.__name__)
@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e6])
def test_another_measure_is_the_same_sharing(method, scale):
    """Shares of ``scale * v`` plus what each has for itself: as many times the shares, plus that,
    to a 1e-12th of the largest value."""
    game, own = random_game("superadditive", 3), 1e3 * np.arange(12)
    own = own[: game.count]
    other = replace(game, values=scale * (game.values + game.sums(own)))
    expected = scale * (np.array(shares_of(method(game))) + own)
    assert shares_of(method(other)) == pytest.approx(expected, abs=1e-12 * other.values.max())


def test_gains_and_costs_are_one():
    game = random_game("arbitrary", 1)
    costs = Game(game.players, -game.values, is_cost=True)
    assert shares_of(prenucleolus(costs)) == pytest.approx(
        [-share for share in shares_of(prenucleolus(game))]
    )


def compare_with_peer(kind, seed):
    """Every method against coopgame, whose nucleoli are certified, and by Kohlberg's criterion,
    which refuses every other point."""
    game = random_game(kind, seed)
    peer = coopgame.Game(game.gains[1:].tolist())
    size = np.abs(game.values).max()
    for method in (nucleolus, prenucleolus, per_capita_nucleolus, anti_prenucleolus):
        rational = method in (nucleolus, per_capita_nucleolus)
        found = method(game)
        if not found.is_found:
            assert rational
            assert game.gains[-1] < (game.sign * game.singles).sum()
            continue
        expected = game.sign * np.array(PEER[method](peer)["allocation"])
        assert shares_of(found) == pytest.approx(expected, rel=1e-9, abs=1e-9 * size)
        excess = Excess.PER_MEMBER if method is per_capita_nucleolus else Excess.WHOLE
        asked = game.dual() if method is anti_prenucleolus else game
        assert check_kohlberg(asked, found.shares, excess, is_rational=rational)
        first, last = game.players[0], game.players[-1]
        moved = {**found.shares}
        moved[first] += 1e-5 * size
        moved[last] -= 1e-5 * size
        assert not check_kohlberg(asked, moved, excess, is_rational=rational)


@pytest.mark.medium
@pytest.mark.parametrize("kind", KINDS)
def test_random_games(kind):
    for seed in range(3):
        compare_with_peer(kind, seed)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_hundred_random_games(kind):
    for seed in range(3, 103):
        compare_with_peer(kind, seed)


@pytest.mark.medium
@pytest.mark.parametrize("seed", range(5))
def test_proportional_nucleolus_against_coopgame(seed):
    game = random_game("superadditive", seed)
    game.values[1:] += 1
    peer = coopgame.Game(game.values[1:].tolist())
    expected = coopgame.proportional_nucleolus(peer)["allocation"]
    assert shares_of(proportional_nucleolus(game)) == pytest.approx(expected, abs=1e-9)


def test_values_of_very_different_size():
    # Proportional: A and B share in proportion to what they have alone, whatever that is.
    game = game_of({"A": 1e6, "B": 1e-3, "AB": 0.9 * (1e6 + 1e-3)})
    larger, smaller = shares_of(proportional_nucleolus(game))
    assert larger == pytest.approx(9e5, rel=1e-15)
    # The values have 16 digits: what is added to a million is known to 1.2e-10.
    assert smaller == pytest.approx(9e-4, abs=1.2e-10)


def test_a_coalition_that_cannot_act_has_no_excess():
    # Each pair would pay 16 by itself and pays 40/3: all alike, although C alone has no cost.
    game = game_of({"A": 10, "B": 10, "C": np.inf, "AB": 16, "AC": 16, "BC": 16, "ABC": 20})
    assert shares_of(nucleolus(game)) == pytest.approx([20 / 3] * 3)
    assert "cannot act by itself" in anti_prenucleolus(game).why_not


def test_too_few_coalitions_to_tell():
    game = game_of({"A": 10, "B": np.inf, "AB": 12})
    found = nucleolus(game)
    assert not found.is_found
    assert found.why_not.startswith("Too few coalitions can act by themselves")


def test_no_imputation_is_told():
    found = nucleolus(game_of({"A": 5, "B": 4, "AB": 10}))
    assert found.why_not == (
        "There is no imputation: by themselves the players have 9 in sum, which is better than the "
        "10 of all together, so that somebody is worse off than alone whatever the shares. The "
        "prenucleolus does not ask for that."
    )
    # Each bears half of what is lost.
    assert shares_of(prenucleolus(game_of({"A": 5, "B": 4, "AB": 10}))) == pytest.approx([5.5, 4.5])


def test_one_imputation_is_the_nucleolus():
    game = game_of({"A": 5, "B": 4, "C": 2, "AB": 3, "AC": 7, "BC": 6, "ABC": 11})
    assert shares_of(nucleolus(game)) == pytest.approx([5, 4, 2], abs=1e-12)


def test_a_value_of_nothing_has_no_proportion():
    found = proportional_nucleolus(game_of({"A": 5, "B": 0, "AB": 5}))
    assert found.why_not.startswith("The value of B is 0:")


def test_nothing_to_share_is_told():
    found = nucleolus(game_of({"A": 5, "B": 4, "AB": np.inf}))
    assert found.why_not == "The coalition of all cannot act, so there is nothing to share."


def test_values_that_are_not_proven_are_told():
    game = replace(game_of({"A": 10, "B": 6, "AB": 12}), doubt=np.array([0, 0, 0.5, 0.25]))
    found = nucleolus(game)
    assert found.guarantee is Guarantee.APPROXIMATE
    assert "0.5 too high" in found.note
    assert "0.5 too high" in anti_prenucleolus(game).note
