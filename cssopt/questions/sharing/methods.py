"""Every method that shares what a game is about: its name, what it does, and the function."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final

import numpy as np

from cssopt.assembly.sharing_keys import SharingKey, find_shares
from cssopt.assembly.study import Study
from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.modeling.key_base import KeyBase, KeyCosts
from cssopt.modeling.shares import NoSharesError
from cssopt.questions.sharing.games.allocation import Allocation, Guarantee
from cssopt.questions.sharing.games.allot import find_doubt, find_missing, list_border, say_doubt
from cssopt.questions.sharing.games.claims import (
    constrained_equal_awards,
    constrained_equal_losses,
    proportional,
    talmud,
)
from cssopt.questions.sharing.games.game import Game
from cssopt.questions.sharing.games.gately import gately
from cssopt.questions.sharing.games.known_game import KnownGame
from cssopt.questions.sharing.games.least_core import least_core
from cssopt.questions.sharing.games.nucleolus import (
    anti_prenucleolus,
    nucleolus,
    per_capita_nucleolus,
    prenucleolus,
    proportional_nucleolus,
)
from cssopt.questions.sharing.games.owen_value import owen_value
from cssopt.questions.sharing.games.power import banzhaf, shapley_shubik
from cssopt.questions.sharing.games.shapley import shapley
from cssopt.questions.sharing.games.tau import tau
from cssopt.tables.convert import quote
from cssopt.tables.nearest import nearest_name

Unions = Sequence[Sequence[str]]


class Group(StrEnum):
    """What a way of sharing goes by."""

    AGREED = "agreed key"
    KEY = "key"
    COST = "costs"
    BARGAIN = "bargain"
    ADDED = "what each adds"
    OBJECTION = "objections"
    CLAIM = "claims"
    VOTE = "ballots"


@dataclass(frozen=True)
class Method:
    """A method of sharing.

    Attributes
    ----------
    name: as in `Allocation`. title: as a planner calls it. says: what it does, one sentence.
    group: what it goes by. find: what it gives of a game; only that of some needs all coalitions.
    """

    name: str
    title: str
    says: str
    group: Group
    find: Callable[[Any], Allocation]


STABLE: Final = (
    Method(
        "nucleolus",
        "nucleolus",
        "What the coalition that would gain most by leaving would gain is as little as can be, "
        "then what the next would gain, and so on; nobody ends worse off than alone.",
        Group.OBJECTION,
        nucleolus,
    ),
    Method(
        "prenucleolus",
        "prenucleolus",
        "The nucleolus, where a member may end worse off than alone.",
        Group.OBJECTION,
        prenucleolus,
    ),
    Method(
        "per_capita_nucleolus",
        "nucleolus per head",
        "The nucleolus, where the gain of a coalition counts for each of its members.",
        Group.OBJECTION,
        per_capita_nucleolus,
    ),
    Method(
        "proportional_nucleolus",
        "nucleolus in proportion",
        "The nucleolus, where the gain of a coalition counts as a part of what it has by itself.",
        Group.OBJECTION,
        proportional_nucleolus,
    ),
    Method(
        "anti_prenucleolus",
        "anti-prenucleolus",
        "The prenucleolus, where a coalition is held against what it adds to the others, and not "
        "against what it has by itself.",
        Group.OBJECTION,
        anti_prenucleolus,
    ),
    Method(
        "least_core",
        "least core",
        "The most that any coalition would gain by itself is as small as can be.",
        Group.OBJECTION,
        least_core,
    ),
)
"""Methods that look at what coalitions would gain by leaving."""

AVERAGE: Final = (
    Method(
        "shapley",
        "Shapley value",
        "What the joining of each adds, on average over all orders in which members may join.",
        Group.ADDED,
        shapley,
    ),
    Method(
        "tau",
        "tau value",
        "Between the best that each can hope for (what it adds to all others) and the least that "
        "it can insist on, in the one proportion that adds up.",
        Group.ADDED,
        tau,
    ),
    Method(
        "gately",
        "Gately point",
        "Nobody has more power to break it up than another: by the leaving of each, the others "
        "would lose the same for each unit that it loses itself.",
        Group.ADDED,
        gately,
    ),
    Method(
        "banzhaf",
        "Banzhaf value",
        "What the joining of each adds, on average over all coalitions of the others, made to add "
        "up.",
        Group.ADDED,
        banzhaf,
    ),
)
"""Methods that look at what each adds."""


@dataclass(frozen=True)
class ClaimsRule:
    """A rule by which an estate is shared on which more is claimed than there is.

    Attributes
    ----------
    name, title, says: as of a `Method`. of_costs: what it does with costs, in a method's words.
    find: what it gives of an estate to claims.
    """

    name: str
    title: str
    says: str
    of_costs: str
    find: Callable[[float, Mapping[str, float]], Allocation]


CLAIMS_RULES: Final = (
    ClaimsRule(
        "proportional",
        "proportional",
        "In proportion to claims.",
        "In proportion to what each would pay alone.",
        proportional,
    ),
    ClaimsRule(
        "constrained_equal_awards",
        "constrained equal awards",
        "The same for all, but for nobody more than the claim.",
        "All pay the same, but nobody more than alone.",
        constrained_equal_awards,
    ),
    ClaimsRule(
        "constrained_equal_losses",
        "constrained equal losses",
        "Each is short of its claim by the same, but nobody has less than nothing.",
        "All save the same against standing alone, but nobody pays less than nothing.",
        constrained_equal_losses,
    ),
    ClaimsRule(
        "talmud",
        "Talmud rule",
        "Equal awards up to half of each claim, equal losses from there on.",
        "Equal payments up to half of what each would pay alone, equal savings from there on.",
        talmud,
    ),
)
"""Rules for claims. Of costs the total is the estate, and each claims what it would pay alone."""


def claims_method(rule: ClaimsRule) -> Method:
    """A claims rule as a method for costs: nobody pays more than alone."""

    def find(game: Game) -> Allocation:
        masks = np.append(list_border(game)[: game.count], game.all)
        if missing := find_missing(game, masks):
            return Allocation(rule.name, why_not=missing)
        claims = dict(zip(game.players, game.singles.tolist(), strict=True))
        found, doubt = rule.find(game.total, claims), find_doubt(game, masks)
        if not found.is_found or not doubt:
            return found
        note = " ".join(filter(None, (found.note, doubt)))
        return replace(found, guarantee=Guarantee.APPROXIMATE, note=note)

    return Method(rule.name, rule.title, rule.of_costs, Group.CLAIM, find)


VOTING: Final = (
    Method(
        "shapley_shubik",
        "Shapley-Shubik index",
        "In which part of all orders of voting the vote of each decides; for games of votes.",
        Group.VOTE,
        shapley_shubik,
    ),
)
"""Methods for games of votes, in which a coalition wins (1) or loses (0)."""


def list_methods(game: Game, unions: Unions | None) -> list[Method]:
    """The methods that look at every coalition of a game.

    `unions`: a-priori unions, the members of each of which act as one; None: nobody's.
    """
    # The proportional rule is the key of that name too.
    rules = [claims_method(rule) for rule in CLAIMS_RULES[1:]] if game.is_cost else VOTING
    found = [*STABLE, *AVERAGE, *rules]
    if unions is not None:
        says = "The Shapley value, where members join bloc by bloc."
        found.append(
            Method("owen", "Owen value", says, Group.ADDED, lambda game: owen_value(game, unions))
        )
    return found


def in_groups(methods: Iterable[Method]) -> list[Method]:
    """Methods group by group, in their order else."""
    return sorted(methods, key=lambda method: list(Group).index(method.group))


def key_method(key: SharingKey, base: KeyBase, borne: Mapping[str, float] | None = None) -> Method:
    """Sharing the whole by a key; `borne`: what each bears as a plan has it."""
    return Method(
        key.name,
        key.title,
        key.says,
        Group.COST if key.needs_costs else Group.KEY,
        lambda game: share_by_key(key, base, game, borne),
    )


def agreed_method(name: str, base: KeyBase, study: Study) -> Method:
    """Sharing the whole by a key that the workbook agrees on."""
    role = study.common_shares
    assert role is not None
    agreed = base.data.tables[role.table].columns[role.share]
    weights = {m: agreed.get((name, m), 0.0) for m in base.members}

    def find(game: Game | KnownGame) -> Allocation:
        whole, doubt = sum(weights.values()), find_border_doubt(game, is_whole=True)
        if not whole > 0:
            return Allocation(name, why_not="Its shares add up to 0 over these members.")
        shares = {m: game.total * weight / whole for m, weight in weights.items()}
        guarantee = Guarantee.APPROXIMATE if doubt else Guarantee.EXACT
        return Allocation(name, shares, guarantee, note=doubt)

    return Method(
        name, name, f"The key that the workbook agrees on (sheet {role.table}).", Group.AGREED, find
    )


def share_by_key(
    key: SharingKey, base: KeyBase, game: Game | KnownGame, borne: Mapping[str, float] | None = None
) -> Allocation:
    """The total shared by a key.

    A key that goes by what coalitions cost is as well proven as those costs.
    """
    name = key.name
    costs = read_costs(game, borne) if key.needs_costs else None
    try:
        shares = find_shares(key, base, costs)
    except NoSharesError as error:
        return Allocation(name, why_not=f"{str(error)[:1].upper()}{str(error)[1:]}")
    doubt = find_border_doubt(game, is_whole=not key.needs_costs)
    return Allocation(
        name,
        {player: share * game.total for player, share in shares.items()},
        Guarantee.APPROXIMATE if doubt else Guarantee.EXACT,
        note=doubt,
    )


def find_border_doubt(game: Game | KnownGame, *, is_whole: bool) -> str:
    """How far the total is in doubt, or (not `is_whole`) also what each has alone and all have
    without each, a sentence."""
    if isinstance(game, KnownGame):
        return say_doubt(game.total_doubt if is_whole else game.border_doubt, game.is_cost)
    border = list_border(game)
    return find_doubt(game, border[-1:] if is_whole else border)


def read_costs(game: Game | KnownGame, borne: Mapping[str, float] | None = None) -> KeyCosts:
    """What a key may know of a game; `borne`: what each bears as a plan has it."""
    players = game.players
    alone = dict(zip(players, game.singles.tolist(), strict=True))
    without = dict(zip(players, game.without_one.tolist(), strict=True))
    return KeyCosts(game.total, alone, without, borne or {})


class _NoTables:
    """In place of the tables, the parameters and the plan of a game, which has none."""

    def __getattr__(self, name: str) -> Any:
        raise _NoTablesError

    def __contains__(self, name: str) -> bool:
        raise _NoTablesError

    def __getitem__(self, name: str) -> Any:
        raise _NoTablesError


class _NoTablesError(Exception):
    """A key asked for a table."""


def find_plain_keys(
    keys: Sequence[SharingKey], players: Sequence[str]
) -> tuple[list[SharingKey], KeyBase]:
    """The keys that need no tables and no plan, so that a game can be shared by them too."""
    none: Any = _NoTables()
    base = KeyBase(tuple(players), none, none, none)
    nothing = dict.fromkeys(players, 0.0)
    costs = KeyCosts(0.0, nothing, nothing, none)
    found = []
    for key in keys:
        try:
            key.make(base, costs) if key.needs_costs else key.make(base)
        except _NoTablesError:
            continue
        except NoSharesError:
            pass
        found.append(key)
    return found, base


def pick_methods(methods: Sequence[Method], names: Sequence[str]) -> list[Method]:
    """Those of these names, or all where there are none.

    Raises DataError (E-559) for a name that is no method's.
    """
    known = [method.name for method in methods]
    issues = [
        Issue(
            "E-559", "--method", f"{quote(name)} is no way of sharing.{nearest_name(name, known)}"
        )
        for name in names
        if name not in known
    ]
    if issues:
        raise DataError(issues)
    return [method for method in methods if not names or method.name in names]
