"""The least core and the cost of stability, against LPs over all coalitions at once."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from games import KINDS, gains_of, game_of, random_game, read_games
from scipy.optimize import linprog

from cssopt.errors import SolveError
from cssopt.questions.sharing.games.least_core import cost_of_stability, is_core_empty, least_core
from cssopt.questions.sharing.games.span import list_members

EMPTY = {"A": 10, "B": 10, "C": 10, "AB": 12, "AC": 12, "BC": 12, "ABC": 20}


def find_epsilon(game, weights):
    """The least largest excess by one LP with a row for each coalition but none and all."""
    masks = np.arange(1, game.all)
    rows = np.column_stack([-list_members(masks, game.count), -weights[masks]])
    whole = np.append(np.ones(game.count), 0.0)[None]
    found = linprog(
        np.append(np.zeros(game.count), 1.0),
        A_ub=rows,
        b_ub=-game.gains[masks],
        A_eq=whole,
        b_eq=[game.gains[-1]],
        bounds=(None, None),
    )
    return found.fun


def find_subsidy(game):
    """What more all need so that each coalition has what it has by itself, by one such LP."""
    masks = np.arange(1, game.all + 1)
    rows = -list_members(masks, game.count)
    costs = np.ones(game.count)
    found = linprog(costs, A_ub=rows, b_ub=-game.gains[masks], bounds=(None, None))
    return found.fun - game.gains[-1]


@pytest.mark.medium
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(4))
def test_against_one_lp_over_all_coalitions(kind, seed):
    game = random_game(kind, seed)
    found, size = least_core(game), np.abs(game.values).max()
    masks = np.arange(1, game.all)
    epsilon = find_epsilon(game, np.ones(1 << game.count))
    assert found.figures["epsilon"] == pytest.approx(epsilon, abs=1e-8 * size)
    # The shares given are in it: no excess is larger, and they share the whole.
    shares = np.array(list(found.shares.values()))
    excesses = game.gains[masks] - game.sign * game.sums(shares)[masks]
    assert excesses.max() <= epsilon + 1e-8 * size
    assert shares.sum() == pytest.approx(game.total)
    sizes = game.sums(np.ones(game.count))
    weak = find_epsilon(game, sizes)
    assert found.figures["epsilon per head"] == pytest.approx(weak, abs=1e-8 * size)
    if (game.values[1:] > 0).all():
        part = find_epsilon(game, game.values)
        assert found.figures["epsilon per value"] == pytest.approx(part, abs=1e-8)
    assert is_core_empty(game) == (epsilon > 1e-8 * size)
    stable = cost_of_stability(game)
    assert stable.figures["subsidy"] == pytest.approx(find_subsidy(game), abs=1e-8 * size)
    # Nobody walks out, and no more is given than the subsidy.
    kept = np.array(list(stable.shares.values()))
    assert (game.gains - game.sign * game.sums(kept)).max() <= 1e-8 * size
    given = game.total + game.sign * stable.figures["subsidy"]
    assert kept.sum() == pytest.approx(given, abs=1e-9 * size)


def test_known_game_with_an_empty_core():
    # The file tells what coalitions save, which is below 0 where their excess is above.
    known = read_games("cost_games")["empty_core_3"]
    game = game_of(EMPTY)
    found = least_core(game)
    assert -found.figures["epsilon"] == pytest.approx(known["least_core_eps"], abs=5e-5)
    # 4/3 for the two members of a pair; of what they would pay by themselves 4/3 of 12.
    assert found.figures["epsilon per head"] == pytest.approx(2 / 3)
    assert found.figures["epsilon per value"] == pytest.approx(1 / 9)
    assert "prenucleolus" in found.note
    assert is_core_empty(game)
    stable = cost_of_stability(game)
    assert stable.figures["subsidy"] == pytest.approx(known["cost_of_stability"])
    assert list(stable.shares.values()) == pytest.approx([6, 6, 6])


def test_published_least_cores_of_the_swedish_game():
    # Young, Okada and Hashimoto: with a core, every epsilon is below 0 and no subsidy is needed.
    game = game_of(read_games("cost_games")["sweden_water_1979"]["c"])
    found = least_core(game)
    assert all(found.figures[name] < 0 for name in ("epsilon", "epsilon per head"))
    assert not is_core_empty(game)
    assert cost_of_stability(game).figures["subsidy"] == 0


def test_subsidy_of_a_majority():
    # Bachrach et al. (2009): three of five win; each needs 1/3, together 5/3, and 1 is there.
    game = gains_of(lambda members: len(members) >= 3, 5)
    stable = cost_of_stability(game)
    assert stable.figures["subsidy"] == pytest.approx(2 / 3)
    assert list(stable.shares.values()) == pytest.approx([1 / 3] * 5)


def test_a_core_of_one_point_is_not_empty():
    # The pairs' costs add up to twice that of all: 8 + 8 + 8 = 2 * 12.
    values = {"A": 10, "B": 10, "C": 10, "AB": 8, "AC": 8, "BC": 8, "ABC": 12}
    assert not is_core_empty(game_of(values))
    assert is_core_empty(game_of({**values, "ABC": 12.001}))


def test_one_player_has_no_excess():
    game = game_of({"A": 3})
    assert least_core(game).shares == {"A": 3}
    assert not least_core(game).figures
    assert not is_core_empty(game)
    assert cost_of_stability(game).figures["subsidy"] == 0


def test_too_few_coalitions_can_act():
    game = game_of({"A": 10, "B": np.inf, "AB": 12})
    assert least_core(game).why_not.startswith("Too few coalitions can act by themselves")
    assert not is_core_empty(game)
    stable = cost_of_stability(game)
    assert stable.figures["subsidy"] == 0
    assert stable.why_not.startswith("Too few coalitions can act by themselves")


def test_nothing_to_share():
    game = game_of({"A": 10, "B": 4, "AB": np.inf})
    told = "The coalition of all cannot act, so there is nothing to share."
    assert least_core(game).why_not == told
    assert cost_of_stability(game).why_not == told
    with pytest.raises(SolveError, match="nothing to share"):
        is_core_empty(game)


def test_values_that_are_not_proven_are_told():
    game = replace(game_of({"A": 10, "B": 6, "AB": 12}), doubt=np.array([0, 0, 0.5, 0.25]))
    assert "0.5 too high" in least_core(game).note
    assert "0.5 too high" in cost_of_stability(game).note
