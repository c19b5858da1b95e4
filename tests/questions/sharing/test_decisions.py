"""Who votes for what, and what a rule makes of it, worked out by hand.

Alone A pays 10, B 20, C 30; A and B together 24, A and C 36, B and C 44, all 50.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from cssopt.questions.sharing.decisions import (
    Blocking,
    find_ballot,
    find_best_blocking,
    find_decision,
    find_decisions,
)
from cssopt.questions.sharing.games.allocation import Allocation
from cssopt.questions.sharing.games.game import Game
from cssopt.questions.sharing.voting_rules import (
    Quota,
    VotingRule,
    build_double_majority,
    build_majority_by_votes,
    build_simple_majority,
    build_unanimity,
)

PLAYERS = ("A", "B", "C")
GAME = Game(PLAYERS, np.array([0.0, 10, 20, 24, 30, 36, 44, 50]))
ALONE = dict(zip(PLAYERS, GAME.singles.tolist(), strict=True))
STABLE = Allocation("stable", {"A": 7, "B": 16, "C": 27})  # A+B 23, A+C 34, B+C 43: nobody gains
BLOCKED = Allocation("blocked", {"A": 9.5, "B": 17, "C": 23.5})  # A+B pay 26.5, 2.5 too much
DEAR = Allocation("dear", {"A": 12, "B": 10, "C": 28})


def test_each_votes_for_what_is_no_worse_than_alone():
    assert find_ballot(STABLE, ALONE).against == ()
    ballot = find_ballot(DEAR, ALONE)
    assert ballot.against == ("A",)
    assert ballot.votes[0].reason == "It pays 12.00, 2.00 more than alone."
    assert find_ballot(Allocation("same", ALONE), ALONE).in_favor == PLAYERS


def test_gains_are_better_large():
    ballot = find_ballot(Allocation("gains", {"A": 1, "B": 5}), {"A": 2, "B": 2}, is_cost=False)
    assert ballot.against == ("A",)
    assert ballot.votes[0].reason == "It gets 1.00, 1.00 less than alone."


def test_who_cannot_stand_alone_is_in_favor():
    assert find_ballot(DEAR, {**ALONE, "A": math.inf}).against == ()


def test_the_best_coalition_of_each():
    best = find_best_blocking(GAME, BLOCKED.shares)
    # A+B gain 2.5; A+C pay 33 for 36, B+C 40.5 for 44: they lose 3 and 3.5
    assert best["A"] == best["B"] == Blocking(("A", "B"), 2.5)
    assert best["C"] == Blocking(("A", "C"), -3.0)
    assert best["A"].gain_each == 1.25


def test_the_best_coalition_in_a_game_of_gains():
    game = Game(PLAYERS, np.array([0.0, 0, 0, 6, 0, 0, 0, 8]), is_cost=False)
    best = find_best_blocking(game, {"A": 2, "B": 2, "C": 4})
    assert best["A"] == Blocking(("A", "B"), 2.0)  # 6 in place of 4


def test_a_coalition_that_cannot_act_blocks_nothing():
    game = Game(PLAYERS, np.array([0.0, 10, 20, math.inf, 30, math.inf, math.inf, 50]))
    assert find_best_blocking(game, BLOCKED.shares) == {}


def test_the_strict_vote_looks_at_the_best_coalition_too():
    best = find_best_blocking(GAME, BLOCKED.shares)
    assert find_ballot(BLOCKED, ALONE).against == ()
    ballot = find_ballot(BLOCKED, ALONE, blocking=best)
    assert ballot.against == ("A", "B")
    assert ballot.votes[0].reason == "A and B would gain 2.50 by themselves."
    stable = find_ballot(STABLE, ALONE, blocking=find_best_blocking(GAME, STABLE.shares))
    assert stable.against == ()


def test_a_coalition_that_may_gain_is_told_and_the_vote_stays_in_favor():
    doubt = np.array([0.0, 0, 0, 3, 0, 0, 0, 0])
    game = Game(PLAYERS, GAME.values, doubt=doubt)
    ballot = find_ballot(STABLE, ALONE, blocking=find_best_blocking(game, STABLE.shares))
    assert ballot.against == ()
    assert "A and B may gain up to 2.00" in ballot.votes[0].reason  # 23 for 24 - 3


def test_what_rules_make_of_a_ballot():
    ballot = find_ballot(DEAR, ALONE)
    rules = [
        build_unanimity(PLAYERS),
        build_simple_majority(PLAYERS),
        build_majority_by_votes({"A": 5, "B": 2, "C": 2}, 6),
    ]
    unanimous, simple, votes = find_decisions(rules, [ballot])
    assert (unanimous.passes, simple.passes, votes.passes) == (False, True, False)
    assert unanimous.reason == "2 of 3 members in favor, 3 needed."
    assert votes.reason == "4 of 9 voting weights in favor, 6 needed."
    assert simple.reason == ""


def test_double_majority_of_the_union():
    """27 members: 15 needed, with 65 % of the people, unless fewer than four are against."""
    people = {"BIG0": 100.0, "BIG1": 100.0, "BIG2": 100.0} | {f"M{i}": 1.0 for i in range(24)}
    rule = build_double_majority(people)
    small = [member for member in people if member.startswith("M")]
    assert rule.quotas[0].needed == 15
    assert rule.passes(small)  # 24 of 324 million, but only three are against
    assert not rule.passes(small[1:])  # four are against
    assert rule.passes(["BIG0", "BIG1", "BIG2", *small[:12]])
    assert not rule.passes(["BIG0", "BIG1", "BIG2", *small[:11]])


def test_a_small_alliance_always_needs_its_part_of_the_members():
    rule = build_double_majority({"A": 10, "B": 10, "C": 10, "D": 70})
    assert rule.quotas[0].needed == 3  # 55 % of four are 2.2
    assert not rule.passes(["A", "D"])
    assert rule.passes(["A", "B", "C"])  # 30 % of the people, but one member alone blocks nothing


def test_fifty_five_percent_of_twenty_are_eleven():
    assert build_double_majority(dict.fromkeys(map(str, range(20)), 1.0)).quotas[0].needed == 11


def test_a_method_without_shares_has_no_vote():
    ballot = find_ballot(Allocation("tau", why_not="The game is not quasi-balanced."), ALONE)
    decision = find_decision(build_unanimity(PLAYERS), ballot)
    assert decision.passes is None
    assert decision.reason == "The game is not quasi-balanced."


def test_votes_of_nobody_decide_nothing():
    rule = build_majority_by_votes({"A": 0, "B": 0, "C": 0}, 1)
    decision = find_decision(rule, find_ballot(STABLE, ALONE))
    assert decision.passes is None
    assert decision.reason == "No member has any voting weights: there is nothing to weigh."


def test_rules_that_cannot_be():
    with pytest.raises(ValueError, match="weigh every member"):
        VotingRule("odd", ("A",), (Quota("votes", {"A": 1, "B": 1}, 1),))
    with pytest.raises(ValueError, match="less than no"):
        VotingRule("odd", ("A",), (Quota("votes", {"A": -1}, 1),))
    with pytest.raises(ValueError, match="needs members"):
        build_unanimity(())
    with pytest.raises(ValueError, match="vote of every member"):
        find_decision(build_unanimity(("A",)), find_ballot(STABLE, ALONE))


@pytest.mark.parametrize(
    ("doubt", "told"), [(5.0, "may gain up to 2.00 by"), (math.inf, "may gain by")]
)
def test_a_coalition_in_doubt_is_told_behind_one_that_is_not(doubt, told):
    """AB would lose 2 and cannot gain; AC, which would lose 3, may cost up to 5 less."""
    values = np.array([0.0, 20, 20, 22, 20, 23, 40, 30])
    game = Game(("A", "B", "C"), values, doubt=np.array([0.0, 0, 0, 0, 0, doubt, 0, 0]))
    shares = {"A": 10.0, "B": 10.0, "C": 10.0}
    blocking = find_best_blocking(game, shares)
    assert [blocking[p].coalition for p in "ABC"] == [("A", "C"), ("A", "B"), ("A", "C")]
    ballot = find_ballot(Allocation("equal", shares), dict.fromkeys("ABC", 20.0), blocking=blocking)
    first, second, third = ballot.votes
    assert first.is_in_favor
    assert f"A and C {told}" in first.reason
    assert (second.reason, third.reason) == ("", first.reason)
