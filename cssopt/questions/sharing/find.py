"""How sharing is found: a game, claims or a workbook, by every method."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np

from cssopt.assembly.folders import find_model_folders
from cssopt.assembly.sharing_keys import list_keys
from cssopt.document.run_facts import without_folders
from cssopt.errors import SolveError
from cssopt.questions.sharing.games.allocation import Allocation, Guarantee
from cssopt.questions.sharing.games.claims_file import read_claims
from cssopt.questions.sharing.games.core import find_core_violations, is_stable
from cssopt.questions.sharing.games.game import Game
from cssopt.questions.sharing.games.game_file import read_game
from cssopt.questions.sharing.games.known_game import KnownGame
from cssopt.questions.sharing.games.least_core import cost_of_stability, is_core_empty, weigh_core
from cssopt.questions.sharing.games.power import find_not_simple, find_power
from cssopt.questions.sharing.methods import (
    CLAIMS_RULES,
    DUAL,
    Group,
    Method,
    find_plain_keys,
    in_groups,
    key_method,
    list_methods,
    pick_methods,
    read_unions,
)
from cssopt.questions.sharing.result import ClaimsSharing, Core, GameSharing, MethodShares

_ROUNDING: Final = 1e-9
"""Share of the largest sum at stake that shares may leave unpaid."""

MOST_OBJECTIONS: Final = 3
"""Coalitions that would do better by themselves, told of each method."""


def share_game(
    path: Path, *, is_cost: bool, names: Sequence[str] = (), unions: str | None = None
) -> GameSharing:
    """Share a game from a file by the methods of these names, or all.

    `unions` are blocs such as ``A+B,C+D``, in place of those of the file. Raises DataError as
    `read_game` and `read_unions`, and for a name that is no method's.
    """
    read = read_game(path, is_cost)
    blocs = read_unions(unions, read.game.players) or read.unions
    keys, base = find_plain_keys(list_keys(find_model_folders()), read.game.players)
    listed = list_methods(blocs or None, is_cost=is_cost)
    listed += [*DUAL, *(key_method(key, base) for key in keys)]
    methods = pick_methods(in_groups(listed), names)
    power = () if is_cost or find_not_simple(read.game) else find_power(read.game)
    return GameSharing(
        without_folders(str(path)),
        read.game,
        find_core(read.game),
        apply_methods(read.game, methods),
        power,
    )


def share_claims(path: Path, names: Sequence[str] = ()) -> ClaimsSharing:
    """Share an estate on which a file has claims by the rules of these names, or all; raises
    DataError as `read_claims`, and for a name that is no rule's."""
    estate, claims = read_claims(path)
    shared = tuple(
        MethodShares(rule.find(estate, claims), rule.title, rule.says, Group.CLAIM)
        for rule in pick_methods(CLAIMS_RULES, names)
    )
    return ClaimsSharing(without_folders(str(path)), estate, claims, shared)


def find_core(game: Game) -> Core:
    """Whether the core is empty, as far as the values are proven, and what would mend it."""
    epsilon = None
    try:
        is_empty, epsilon = weigh_core(game)
        in_doubt = is_in_doubt(game, epsilon, is_empty=is_empty)
    except SolveError as error:
        return Core(None, epsilon, why_not=str(error))
    if in_doubt:
        return Core(None, epsilon, why_not="values that are not proven leave it open.")
    subsidy = cost_of_stability(game).figures.get("subsidy") if is_empty else None
    return Core(is_empty, epsilon, subsidy)


def is_in_doubt(game: Game, epsilon: float | None, *, is_empty: bool) -> bool:
    """True where values that are not proven leave open whether the core is empty.

    A better plan for all takes no more off the least excess than it is better by; and shares that
    keep in coalitions that are as good as they may be keep them in whatever they are.
    """
    if not game.doubt.size:
        return False
    if is_empty:
        return epsilon is None or not epsilon > game.doubt[-1]
    with np.errstate(invalid="ignore"):  # no plan, and no bound either: nobody knows
        best = game.gains + np.append(game.doubt[:-1], 0.0)
    if np.isnan(best).any() or np.isposinf(best).any():
        return True  # nobody knows how good a coalition may be
    return is_core_empty(Game(game.players, game.sign * best, game.is_cost))


def apply_methods(
    game: Game | KnownGame, methods: Iterable[Method], proven: Guarantee | None = None
) -> tuple[MethodShares, ...]:
    """The shares of every method, and who would object to each.

    `proven`: what stands behind the values of the game, where these are not given: no figure is
    better known than they are.
    """
    return tuple(judge(game, method.find(game), method, proven) for method in methods)


def judge(
    game: Game | KnownGame, found: Allocation, method: Method, proven: Guarantee | None = None
) -> MethodShares:
    """The shares of a method, and who would object to them."""
    told = MethodShares(found, method.title, method.says, method.group, is_main=method.is_main)
    if not found.is_found:
        return told
    if proven is not None:
        found = replace(found, guarantee=Guarantee.weakest(found.guarantee, proven))
    if isinstance(game, KnownGame):
        violations = game.find_violations(found.shares, MOST_OBJECTIONS)
        left = abs(math.fsum(found.shares.values()) - game.total)
        is_left = left > _ROUNDING * max(1.0, abs(game.total), *map(abs, found.shares.values()))
        stable = False if is_left or any(one.is_proven for one in violations) else None
    else:
        violations = find_core_violations(game, found.shares, MOST_OBJECTIONS)
        stable = is_stable(game, found.shares)
    return replace(told, allocation=found, is_stable=stable, violations=violations)
