"""Claims that are more than there is: the estate is shared by rules as old as the Talmud.

No rule gives anybody less than nothing or more than the claim. All of them share losses as their
duals share gains. Sources: O'Neill (1982), A problem of rights arbitration from the Talmud; Aumann
and Maschler (1985), Game theoretic analysis of a bankruptcy problem from the Talmud; Thomson
(2003), Axiomatic and game-theoretic analysis of bankruptcy and taxation problems.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np

from cssopt.questions.sharing.games.allocation import Allocation
from cssopt.questions.sharing.games.game import Game, sum_shares
from cssopt.solve.program import Floats
from cssopt.tables.numbers import say


def proportional(estate: float, claims: Mapping[str, float]) -> Allocation:
    """In proportion to claims."""
    return _share("proportional", estate, claims, _by_proportion)


def constrained_equal_awards(estate: float, claims: Mapping[str, float]) -> Allocation:
    """The same for all, but for nobody more than the claim."""
    return _share("constrained_equal_awards", estate, claims, _by_awards)


def constrained_equal_losses(estate: float, claims: Mapping[str, float]) -> Allocation:
    """The same loss for all, but for nobody more than the claim."""
    return _share("constrained_equal_losses", estate, claims, _by_losses)


def talmud(estate: float, claims: Mapping[str, float]) -> Allocation:
    """Equal awards up to half of each claim, equal losses from there on.

    It is the nucleolus of the bankruptcy game (Aumann and Maschler, 1985).
    """
    return _share("talmud", estate, claims, _by_talmud)


def find_fault(estate: float, claims: Mapping[str, float]) -> str:
    """Why these are no claims on an estate, a sentence; empty where they are."""
    if not claims:
        return "Nobody claims anything. Name claimants."
    if wrong := [name for name, claim in claims.items() if not 0 <= claim < math.inf]:
        return f"The claim of {wrong[0]} is less than nothing, or no number. Correct it."
    if not 0 <= estate < math.inf:
        return "The estate is less than nothing, or no number. Correct it."
    if estate > (claimed := math.fsum(claims.values())) * (1 + 1e-12):
        text = f"The estate, {say(estate)}, is more than all claims, {say(claimed)}"
        return f"{text}: all are met, and there is nothing to decide."
    return ""


def build_bankruptcy_game(estate: float, claims: Mapping[str, float]) -> Game:
    """What each coalition is sure of: the rest when all others are paid, at least nothing.

    Source: O'Neill (1982). ValueError where these are no claims on an estate.
    """
    if fault := find_fault(estate, claims):
        raise ValueError(fault)
    claimed = sum_shares(np.array(list(claims.values()), dtype=float))
    values = np.maximum(0.0, estate - claimed[::-1])
    values[0] = 0.0  # claims that add up to the estate may leave a trace of rounding
    return Game(tuple(claims), values, is_cost=False)


def _share(
    method: str,
    estate: float,
    claims: Mapping[str, float],
    rule: Callable[[float, Floats], Floats],
) -> Allocation:
    if why_not := find_fault(estate, claims):
        return Allocation(method, why_not=why_not)
    shares = rule(estate, np.array(list(claims.values()), dtype=float))
    return Allocation(method, dict(zip(claims, shares.tolist(), strict=True)))


def _by_proportion(estate: float, claims: Floats) -> Floats:
    return estate * (claims / claims.sum()) if claims.any() else claims


def _by_awards(estate: float, claims: Floats) -> Floats:
    """Claims up to a level at which they add up to the estate."""
    ordered = np.sort(claims)
    before = np.concatenate([[0.0], np.cumsum(ordered)[:-1]])
    levels = (estate - before) / np.arange(len(claims), 0, -1)
    cut = np.flatnonzero(ordered >= levels)
    return np.minimum(claims, levels[cut[0]]) if cut.size else claims


def _by_losses(estate: float, claims: Floats) -> Floats:
    """What claims have above a level, at which that adds up to the estate.

    By the distances between claims: as claims less losses, a small estate would drown in their
    rounding.
    """
    ordered = np.sort(claims)[::-1]
    steps = np.arange(1, len(claims)) * -np.diff(ordered)
    above = np.concatenate([[0.0], np.cumsum(steps)])
    count = int(np.searchsorted(above, estate, side="right"))
    each = (estate - above[count - 1]) / count
    shares: Floats = np.clip(claims - ordered[count - 1] + each, 0.0, claims)
    return shares


def _by_talmud(estate: float, claims: Floats) -> Floats:
    halves = claims / 2
    if estate <= halves.sum():
        return _by_awards(estate, halves)
    return claims - _by_awards(max(0.0, claims.sum() - estate), halves)
