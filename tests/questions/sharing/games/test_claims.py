"""Claims rules: the Talmud's own cases, printed answers, and what the rules promise."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from known_games import read_claims_known

from cssopt.questions.sharing.games.claims import (
    build_bankruptcy_game,
    constrained_equal_awards,
    constrained_equal_losses,
    find_fault,
    proportional,
    talmud,
)

RULES = (proportional, constrained_equal_awards, constrained_equal_losses, talmud)
CLAIMS = st.lists(st.floats(0, 1e6), min_size=1, max_size=8).map(
    lambda claims: {f"C{i}": claim for i, claim in enumerate(claims)}
)
PARTS = st.floats(0, 1)


def find(rule, estate, claims):
    return list(rule(estate, claims).shares.values())


@pytest.mark.parametrize(
    ("estate", "expected"),
    [(100, [100 / 3] * 3), (200, [50, 75, 75]), (300, [50, 100, 150])],
)
def test_the_three_wives(estate, expected):
    """Mishna Ketubot 10:4: claims of 100, 200 and 300."""
    claims = {"first": 100, "second": 200, "third": 300}
    assert find(talmud, estate, claims) == pytest.approx(expected, abs=1e-12)


def test_the_contested_garment():
    """Mishna Baba Metzia 1:1: one claims all of it, one half: three quarters and one quarter."""
    assert find(talmud, 1, {"all": 1, "half": 0.5}) == [0.75, 0.25]


def test_six_claimants_to_the_printed_digits():
    estate, claims, known = read_claims_known()
    assert find(talmud, estate, claims) == pytest.approx(known["talmud"], abs=1e-12)


def test_rules_by_hand():
    claims = {"A": 10, "B": 30, "C": 60}
    assert find(proportional, 50, claims) == [5, 15, 30]
    assert find(constrained_equal_awards, 50, claims) == [10, 20, 20]
    # Losses of 50: equal ones would be 50/3, of which A can lose 10 only; B and C lose 20 each.
    assert find(constrained_equal_losses, 50, claims) == [0, 10, 40]


@settings(deadline=None)
@given(CLAIMS, PARTS)
@example(
    {
        "A": 1.75,
        "B": 1.928548160707578,
        "C": 1.2983799782814458,
        "D": 1.327735973871313,
        "E": 349336.8071551792,
        "F": 873904.2533218788,
        "G": 873904.7317362416,
        "H": 873905.0,
    },
    1e-9,
)
def test_all_is_shared_and_nobody_has_more_than_claimed(claims, part):
    estate = part * math.fsum(claims.values())
    for rule in RULES:
        shares = find(rule, estate, claims)
        assert math.fsum(shares) == pytest.approx(estate, rel=1e-9, abs=1e-9)
        for share, claim in zip(shares, claims.values(), strict=True):
            assert -1e-9 <= share <= claim + 1e-9


@settings(deadline=None)
@given(CLAIMS, PARTS)
def test_losses_are_shared_as_awards_are(claims, part):
    """The Talmud and proportions are their own duals; awards and losses are each other's."""
    claimed = math.fsum(claims.values())
    estate = part * claimed
    duals = (proportional, constrained_equal_losses, constrained_equal_awards, talmud)
    for rule, dual in zip(RULES, duals, strict=True):
        losses = np.array(list(claims.values())) - find(dual, max(0.0, claimed - estate), claims)
        assert find(rule, estate, claims) == pytest.approx(losses.tolist(), abs=1e-6)


@settings(deadline=None)
@given(CLAIMS, PARTS)
def test_any_two_share_what_they_have_by_the_same_rule(claims, part):
    """Consistency: Aumann and Maschler (1985) find the Talmud by it."""
    shares = talmud(part * math.fsum(claims.values()), claims).shares
    names = list(claims)[:2]
    both = {name: claims[name] for name in names}
    again = talmud(min(sum(shares[n] for n in names), math.fsum(both.values())), both).shares
    assert again == pytest.approx({name: shares[name] for name in names}, abs=1e-6)


def test_what_a_coalition_is_sure_of():
    """O'Neill (1982): of 200, with claims of 100, 200 and 300."""
    game = build_bankruptcy_game(200, {"A": 100, "B": 200, "C": 300})
    assert game.values.tolist() == [0, 0, 0, 0, 0, 0, 100, 200]
    assert not game.is_cost


def test_an_estate_that_meets_all_claims_and_one_of_nothing():
    claims = {"A": 0.1, "B": 0.2}
    for rule in RULES:
        assert find(rule, 0.1 + 0.2, claims) == pytest.approx([0.1, 0.2])
        assert find(rule, 0, claims) == [0, 0]
        assert find(rule, 0, {"A": 0}) == [0]


@pytest.mark.parametrize(
    ("estate", "claims", "why"),
    [
        (1, {}, "Nobody claims anything."),
        (1, {"A": -1}, "The claim of A is less than nothing"),
        (1, {"A": math.nan}, "The claim of A"),
        (-1, {"A": 1}, "The estate is less than nothing"),
        (math.inf, {"A": 1}, "The estate"),
        (5, {"A": 1, "B": 2}, "The estate, 5, is more than all claims, 3"),
    ],
)
def test_what_are_no_claims_is_told(estate, claims, why):
    assert find_fault(estate, claims).startswith(why)
    for rule in RULES:
        assert rule(estate, claims).shares == {}
        assert rule(estate, claims).why_not == find_fault(estate, claims)
    with pytest.raises(ValueError):
        build_bankruptcy_game(estate, claims)
