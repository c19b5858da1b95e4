"""Equal shares, equal savings, and shares in proportion to standing alone."""

from __future__ import annotations

import numpy as np
import pytest
from known_games import make_game, read_known

from cssopt.questions.sharing.games.stand_alone import equal, equal_saving, proportional


def test_tva():
    game, known = read_known("tva")
    assert [round(x, 1) for x in proportional(game).shares.values()] == (
        known["computed"]["prop_to_standalone"]
    )
    assert list(equal(game).shares.values()) == [412_584 / 3] * 3
    # 163,520 + 140,826 + 250,096 = 554,442; of the saving of 141,858 each has 47,286.
    assert list(equal_saving(game).shares.values()) == [116_234, 93_540, 202_810]
    assert equal_saving(game).figures == {"saving of each": 47_286}


def test_gains_are_shared_as_costs_are():
    game = make_game({"A": 10, "B": 30, "AB": 60}, is_cost=False)
    assert equal_saving(game).shares == {"A": 20, "B": 40}
    assert equal_saving(game).figures == {"saving of each": 10}
    assert proportional(game).shares == {"A": 15, "B": 45}


def test_only_the_total_is_needed_for_equal_shares():
    game = make_game({"A": np.inf, "B": np.inf, "AB": 5})
    assert equal(game).shares == {"A": 2.5, "B": 2.5}
    assert equal_saving(game).why_not == (
        "It needs the cost of A (and of 1 other coalition); what cannot act by itself has none."
    )
    assert not proportional(game).is_found


@pytest.mark.parametrize(("alone", "why"), [((0, 0), "Nobody has anything"), ((1, -1), "no prop")])
def test_where_there_are_no_proportions(alone, why):
    game = make_game({"A": alone[0], "B": alone[1], "AB": 4}, is_cost=False)
    assert why in proportional(game).why_not
