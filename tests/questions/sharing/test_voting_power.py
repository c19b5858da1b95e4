"""Power indices against published answers, and two ways of counting against each other."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from math import comb

import numpy as np
import pytest

from cssopt.questions.sharing import voting_power
from cssopt.questions.sharing.voting_power import find_voting_power
from cssopt.questions.sharing.voting_rules import (
    Quota,
    VotingRule,
    build_double_majority,
    build_majority_by_votes,
    build_simple_majority,
    build_unanimity,
)

COUNCIL_1958 = {"DE": 4, "FR": 4, "IT": 4, "NL": 2, "BE": 2, "LU": 1}
"""Treaty of Rome, article 148: 12 of 17 votes."""


def security_council(permanent=5, others=10):
    """39 of 35 + 10: seven for each permanent member, one for each other."""
    votes = {f"P{i}": 7 for i in range(permanent)} | {f"N{i}": 1 for i in range(others)}
    return build_majority_by_votes(votes, 39)


def find_both_ways(rule, monkeypatch):
    listed = find_voting_power(rule)
    with monkeypatch.context() as patch:
        patch.setattr(voting_power, "MOST_LISTED", 0)
        counted = find_voting_power(rule)
    return listed, counted


def test_council_of_1958(monkeypatch):
    """Banzhaf 5/21, 5/21, 5/21, 3/21, 3/21, 0; Shapley-Shubik 14/60 and 9/60: Luxembourg has none.

    Source: Brams & Affuso (1976); Felsenthal & Machover (1998).
    """
    for power in find_both_ways(build_majority_by_votes(COUNCIL_1958, 12), monkeypatch):
        banzhaf = [5 / 21, 5 / 21, 5 / 21, 3 / 21, 3 / 21, 0]
        assert list(power.banzhaf.values()) == pytest.approx(banzhaf, abs=1e-15)
        shapley = [14 / 60, 14 / 60, 14 / 60, 9 / 60, 9 / 60, 0]
        assert list(power.shapley_shubik.values()) == pytest.approx(shapley, abs=1e-15)
        assert power.swings["DE"] == 10
        assert power.penrose["DE"] == 10 / 32


def test_security_council(monkeypatch):
    """Of all orders a permanent member decides 0.1963, another 0.00186 (Shapley & Shubik 1954).

    Another decides where it comes ninth, with all five permanent members and three others before
    it: C(9, 3) coalitions of eight, each in 8! 6! of 15! orders. In each of them swings: 84. A
    permanent one swings where the other four and at least four others are there: 848.
    """
    other = Fraction(comb(9, 3), 15 * comb(14, 8))
    assert float(other) == pytest.approx(0.00186, abs=5e-6)
    for power in find_both_ways(security_council(), monkeypatch):
        assert power.shapley_shubik["N0"] == pytest.approx(float(other), rel=1e-12)
        assert power.shapley_shubik["P0"] == pytest.approx(0.1963, abs=5e-5)
        assert sum(power.shapley_shubik.values()) == pytest.approx(1)
        assert power.swings["N0"] == 84
        assert power.swings["P0"] == sum(comb(10, k) for k in range(4, 11)) == 848
        assert power.chance == 848 / 2**15


def test_unanimity_and_majority_treat_all_alike():
    members = ("A", "B", "C", "D")
    for rule in (build_unanimity(members), build_simple_majority(members)):
        power = find_voting_power(rule)
        assert list(power.banzhaf.values()) == [0.25] * 4
        assert list(power.shapley_shubik.values()) == [0.25] * 4
    assert find_voting_power(build_unanimity(members)).swings["A"] == 1
    assert find_voting_power(build_simple_majority(members)).swings["A"] == 3  # two of three others


def random_rules():
    draw = np.random.default_rng(1958)
    for _ in range(25):
        count = int(draw.integers(1, 8))
        tenths = draw.integers(0, 90, count) / 10
        weights = dict(zip("ABCDEFG"[:count], tenths.tolist(), strict=True))
        if total := int(sum(weights.values())):
            needed = int(draw.integers(1, total + 1))
            heads = Quota("members", dict.fromkeys(weights, 1.0), int(draw.integers(1, count + 1)))
            quota = Quota("votes", weights, needed, int(draw.integers(0, 4)))
            yield VotingRule("drawn", tuple(weights), (heads, quota))


@pytest.mark.medium
@pytest.mark.parametrize("rule", list(random_rules()))
def test_both_ways_agree_with_every_order_of_joining(rule, monkeypatch):
    listed, counted = find_both_ways(rule, monkeypatch)
    assert listed.chance == counted.chance
    for figure in ("swings", "banzhaf", "penrose", "shapley_shubik"):
        assert getattr(listed, figure) == pytest.approx(getattr(counted, figure))
    pivots = dict.fromkeys(rule.members, 0)
    orders = list(permutations(rule.members))
    for order in orders:
        for i, member in enumerate(order):
            if rule.passes(order[: i + 1]) and not rule.passes(order[:i]):
                pivots[member] += 1
    expected = {member: pivot / len(orders) for member, pivot in pivots.items()}
    assert listed.shapley_shubik == pytest.approx(expected)


def test_forty_members_of_the_same_votes():
    """By heads each swings where half of the others are there: C(39, 20) times."""
    votes = {f"M{i}": 3 for i in range(39)} | {"M39": 2}
    power = find_voting_power(build_majority_by_votes(votes, 61))
    # 21 members with 3 votes each have 63; 20 have 60, which is one short, whoever is among them
    assert power.swings == {member: comb(39, 20) for member in votes}
    assert power.shapley_shubik["M39"] == pytest.approx(1 / 40)


def test_a_double_majority_beyond_twenty_members():
    """22 of the same population: 55 % are 13, and 65 % of the people 15 unless four block.

    With 13 or 14 in favor eight or more are against, enough to block: so 15 decide.
    """
    power = find_voting_power(build_double_majority({f"M{i}": 5.0 for i in range(22)}))
    assert power.swings["M0"] == comb(21, 14)
    assert power.banzhaf["M0"] == pytest.approx(1 / 22)


def test_why_power_cannot_be_told():
    many = {f"M{i}": i + 1 / 3 for i in range(21)}
    assert (
        "voting weights of so many digits"
        in find_voting_power(build_majority_by_votes(many, 100)).why_not
    )
    large = {f"M{i}": i + 1e6 for i in range(21)}
    assert (
        "voting weights of so many digits"
        in find_voting_power(build_majority_by_votes(large, 1e7)).why_not
    )
    assert "40 members" in find_voting_power(build_unanimity(map(str, range(41)))).why_not
    whole = {m: float(i) for i, m in enumerate(many)}
    both = VotingRule("both", tuple(many), (Quota("votes", whole, 5), Quota("people", many, 5)))
    assert "for both votes and people" in find_voting_power(both).why_not
    two = {"A": 1, "B": 2}
    assert "Nothing passes" in find_voting_power(build_majority_by_votes(two, 4)).why_not
    assert "Everything passes" in find_voting_power(build_majority_by_votes(two, 0)).why_not
    nobody = find_voting_power(build_majority_by_votes({"A": 0, "B": 0}, 1))
    assert nobody.why_not == "No member has any voting weights: there is nothing to weigh."
