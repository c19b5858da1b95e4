"""Which ways of sharing would pass, when each member votes for what is no worse than leaving.

A member is against a share that is worse than standing alone; by the strict test also against one
with which it could leave together with others, and all of them would be better off.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import product
from math import fsum, isfinite

import numpy as np

from cssopt.names import join_names
from cssopt.questions.sharing.games.allocation import Allocation
from cssopt.questions.sharing.games.game import Game
from cssopt.questions.sharing.voting_rules import VotingRule

_ROUNDING = 1e-9
"""Share of the largest sum at stake up to which two amounts are the same."""


@dataclass(frozen=True)
class Blocking:
    """The coalition in which a member would do best on its own account.

    Attributes
    ----------
    coalition: its members. gain: what they would have more in all than with their shares; below 0
        where they would lose. doubt: what they may gain beyond that, as costs are not proven.
    """

    coalition: tuple[str, ...]
    gain: float
    doubt: float = 0.0

    @property
    def gain_each(self) -> float:
        """The gain of each, where they share it alike."""
        return self.gain / len(self.coalition)


@dataclass(frozen=True)
class Vote:
    """How a member votes, and why: a sentence; for a member in favor empty, or what is in doubt."""

    member: str
    is_in_favor: bool
    reason: str = ""


@dataclass(frozen=True)
class Ballot:
    """How all vote on one way of sharing.

    Attributes
    ----------
    method: the way of sharing. votes: of every member; empty where it gives no shares.
    why_not: why there is nothing to vote on, a sentence; empty where there is.
    """

    method: str
    votes: tuple[Vote, ...] = ()
    why_not: str = ""

    @property
    def in_favor(self) -> tuple[str, ...]:
        """Members in favor."""
        return tuple(vote.member for vote in self.votes if vote.is_in_favor)

    @property
    def against(self) -> tuple[str, ...]:
        """Members against."""
        return tuple(vote.member for vote in self.votes if not vote.is_in_favor)


@dataclass(frozen=True)
class Decision:
    """What a rule makes of a ballot.

    Attributes
    ----------
    rule: its name. ballot: who votes how. passes: None where nothing can be decided.
    reason: which quotas are missed, or why nothing is decided; empty where it passes.
    """

    rule: str
    ballot: Ballot
    passes: bool | None
    reason: str = ""


def find_best_blocking(game: Game, shares: Mapping[str, float]) -> dict[str, Blocking]:
    """For every member the coalition in which it would do best, its gain shared alike.

    Of all coalitions of several members, but not all, that can act by themselves; a member of none
    is not in the answer. Where none is known to gain, the one that may gain most, as its cost is
    not proven, comes first. Standing alone is another test.

    Parameters
    ----------
    game: what coalitions cost or gain. shares: by player, in its measure.
    """
    gains = game.gains - game.sign * game.sums([shares[player] for player in game.players])
    sizes = game.sums(np.ones(game.count))
    is_open = (sizes > 1) & (sizes < game.count) & np.isfinite(gains)
    each = np.where(is_open, gains / np.maximum(sizes, 1), -np.inf)
    doubts = game.doubt if len(game.doubt) else np.zeros(len(each))
    with np.errstate(invalid="ignore"):  # what is not open may be nothing with any doubt
        may = np.where(is_open & (doubts > 0), each + doubts / np.maximum(sizes, 1), -np.inf)
    masks = np.arange(len(each))
    best = {}
    for i, player in enumerate(game.players):
        having = masks[masks >> i & 1 == 1]
        mask = int(having[np.argmax(each[having])])
        if each[mask] <= 0 < may[having].max():
            mask = int(having[np.argmax(may[having])])
        if np.isfinite(each[mask]):
            best[player] = Blocking(game.names(mask), float(gains[mask]), float(doubts[mask]))
    return best


def find_ballot(
    allocation: Allocation,
    alone: Mapping[str, float],
    *,
    blocking: Mapping[str, Blocking] | None = None,
    is_cost: bool = True,
) -> Ballot:
    """How members vote on an allocation.

    Parameters
    ----------
    allocation: the shares. alone: what each member pays (or gains) standing alone; ``inf``
        (``-inf``) for one that cannot.
    blocking: for the strict test, the best coalition of each member, as `find_best_blocking` has
        it for these shares; None: members look at standing alone only.
    is_cost: True where shares are costs.

    Raises KeyError for a member whose figure alone is not given.
    """
    if not allocation.is_found:
        return Ballot(allocation.method, why_not=allocation.why_not)
    shares = allocation.shares
    rounding = _ROUNDING * max(1e-9, fsum(abs(share) for share in shares.values()))
    sign = 1.0 if is_cost else -1.0
    votes = []
    for member, share in shares.items():
        worse = sign * (share - alone[member])
        best = blocking.get(member) if blocking else None
        if worse > rounding:
            verb = "pays" if is_cost else "gets"
            more = "more" if is_cost else "less"
            text = f"It {verb} {share:,.2f}, {worse:,.2f} {more} than alone."
            votes.append(Vote(member, False, text))
        elif best is not None and best.gain > rounding:
            text = f"{join_names(best.coalition)} would gain {best.gain:,.2f} by themselves."
            votes.append(Vote(member, False, text))
        elif best is not None and best.gain + best.doubt > rounding:
            most = best.gain + best.doubt
            told = f"up to {most:,.2f} " if isfinite(most) else ""
            text = (
                f"{join_names(best.coalition)} may gain {told}by "
                "themselves: what they cost is not proven."
            )
            votes.append(Vote(member, True, text))
        else:
            votes.append(Vote(member, True))
    return Ballot(allocation.method, tuple(votes))


def find_decisions(rules: Iterable[VotingRule], ballots: Iterable[Ballot]) -> tuple[Decision, ...]:
    """What every rule makes of every ballot, rule by rule."""
    return tuple(find_decision(rule, ballot) for rule, ballot in product(rules, tuple(ballots)))


def find_decision(rule: VotingRule, ballot: Ballot) -> Decision:
    """Whether a proposal passes, and which quota it misses.

    Raises ValueError where the ballot has not the vote of every member of the rule, and no other.
    """
    if why_not := ballot.why_not or rule.why_not:
        return Decision(rule.name, ballot, None, why_not)
    if {vote.member for vote in ballot.votes} != set(rule.members):
        raise ValueError("a ballot needs the vote of every member of the rule, and of no other")
    missed = [
        f"{fsum(map(quota.weights.__getitem__, ballot.in_favor)):,.10g} of {quota.total:,.10g} "
        f"{quota.name} in favor, {quota.needed:,.10g} needed"
        for quota in rule.quotas
        if not quota.is_reached(ballot.in_favor)
    ]
    reason = "; ".join(missed)
    return Decision(rule.name, ballot, not missed, f"{reason}." if reason else "")
