"""Every method that shares what a game is about: its name, what it does, and the function."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeVar

import numpy as np

from cssopt.assembly.sharing_keys import SharingKey, find_shares, find_weights
from cssopt.assembly.study import Study
from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.modeling.key_base import KeyBase, KeyCosts
from cssopt.modeling.shares import NoSharesError, cut, redistribute, share_within
from cssopt.names import join_names
from cssopt.questions.sharing.games.allocation import Allocation
from cssopt.questions.sharing.games.allot import (
    find_doubt,
    find_missing,
    list_border,
    say_doubt,
    with_doubt,
)
from cssopt.questions.sharing.games.claims import (
    constrained_equal_awards,
    constrained_equal_losses,
    proportional,
    talmud,
)
from cssopt.questions.sharing.games.claims import find_fault as find_estate_fault
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
from cssopt.questions.sharing.games.owen_value import find_fault, owen_value
from cssopt.questions.sharing.games.power import banzhaf, shapley_shubik
from cssopt.questions.sharing.games.shapley import shapley
from cssopt.questions.sharing.games.tau import tau
from cssopt.tables.convert import quote
from cssopt.tables.nearest import find_meant, nearest_name
from cssopt.tables.numbers import say

Unions = Sequence[Sequence[str]]

OWEN: Final = "owen"
"""The method that needs unions."""


class Group(StrEnum):
    """What a way of sharing goes by."""

    AGREED = "agreed"
    KEY = "key"
    COST = "cost"
    BARGAIN = "bargain"
    ADDED = "what it adds"
    OBJECTION = "complaints"
    CLAIM = "claims"
    VOTE = "ballots"


@dataclass(frozen=True)
class Method:
    """A method of sharing.

    Attributes
    ----------
    name: as in `Allocation`. title: as a planner calls it. says: what it does, one sentence.
    group: what it goes by. find: what it gives of a game; only that of some needs all coalitions.
    is_main: True for one of the few that the first page shows.
    """

    name: str
    title: str
    says: str
    group: Group
    find: Callable[[Any], Allocation]
    is_main: bool = False


STABLE: Final = (
    Method(
        "nucleolus",
        "nucleolus",
        "What the coalition that would gain most by leaving would gain is as little as can be, "
        "then what the next would gain, and so on; nobody ends worse off than alone.",
        Group.OBJECTION,
        nucleolus,
        is_main=True,
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
        "least_core",
        "least core",
        "The most that any coalition would gain by itself is as small as can be.",
        Group.OBJECTION,
        least_core,
    ),
)
"""Methods that look at what coalitions would gain by leaving."""

DUAL: Final = (
    Method(
        "anti_prenucleolus",
        "anti-prenucleolus",
        "The prenucleolus, where a coalition is held against what it adds to the others, and not "
        "against what it has by itself.",
        Group.OBJECTION,
        anti_prenucleolus,
    ),
)
"""Methods of the literature that no alliance shares by."""

AVERAGE: Final = (
    Method(
        "shapley",
        "Shapley value",
        "What the joining of each adds, on average over all orders in which members may join.",
        Group.ADDED,
        shapley,
        is_main=True,
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


Way = TypeVar("Way", Method, ClaimsRule)


def find_no_claims(total: float, alone: Mapping[str, float]) -> str:
    """Why costs cannot be shared as an estate on which each claims what it would pay alone, a
    sentence; empty where they can."""
    if below := [player for player, cost in alone.items() if cost < 0]:
        return f"{join_names(below)} would pay less than nothing alone: that is no claim."
    if total < 0:
        return f"All together pay {say(total)}, less than nothing: there is nothing to claim."
    if find_estate_fault(total, alone):
        return (
            f"All together pay {say(total)}, more than the {say(math.fsum(alone.values()))} that "
            "they would pay alone in sum: nobody could pay no more than alone."
        )
    return ""


def claims_method(rule: ClaimsRule) -> Method:
    """A claims rule as a method for costs: nobody pays more than alone."""

    def find(game: Game) -> Allocation:
        masks = np.append(list_border(game)[: game.count], game.all)
        if missing := find_missing(game, masks):
            return Allocation(rule.name, why_not=missing)
        claims = dict(zip(game.players, game.singles.tolist(), strict=True))
        if why_not := find_no_claims(game.total, claims):
            return Allocation(rule.name, why_not=why_not)
        return with_doubt(rule.find(game.total, claims), find_doubt(game, masks))

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


def list_methods(unions: Unions | None, *, is_cost: bool = True) -> list[Method]:
    """The methods that look at every coalition of a game of costs or of gains, those in use.

    `unions`: a-priori unions, the members of each of which act as one; None: nobody's.
    """
    # The proportional rule is the key of that name too.
    rules = [claims_method(rule) for rule in CLAIMS_RULES[1:]] if is_cost else VOTING
    found = [*STABLE, *AVERAGE, *rules]
    if unions is not None:
        says = "The Shapley value, where members join bloc by bloc."
        found.append(
            Method(OWEN, "Owen value", says, Group.ADDED, lambda game: owen_value(game, unions))
        )
    return found


def in_groups(methods: Iterable[Method]) -> list[Method]:
    """Methods group by group, in their order else."""
    return sorted(methods, key=lambda method: list(Group).index(method.group))


@dataclass(frozen=True)
class Terms:
    """On which terms members share by a key, whatever it is.

    Attributes
    ----------
    floor, ceiling: the least and the most that any member bears of the whole, 0 to 1.
    withholding: members that pay nothing. is_cut: what they would have borne is cut from the whole;
        otherwise the others bear it by their shares.
    """

    floor: float = 0.0
    ceiling: float = 1.0
    withholding: tuple[str, ...] = ()
    is_cut: bool = False

    def apply(self, shares: Mapping[str, float]) -> dict[str, float]:
        """The shares on these terms; raises NoSharesError where none keep them."""
        paid, payers = dict(shares), set(shares)
        if self.withholding and not self.is_cut:
            paid, payers = redistribute(shares, self.withholding), payers - {*self.withholding}
        if self.floor > 0 or self.ceiling < 1:
            floors, ceilings = (
                dict.fromkeys(payers, self.floor),
                dict.fromkeys(payers, self.ceiling),
            )
            paid = share_within(paid, floors, ceilings)
        return cut(paid, self.withholding) if self.is_cut else paid

    def tell(self, shares: Mapping[str, float], total: float) -> str:
        """What these terms leave unpaid; empty where nothing."""
        unpaid = total * (1 - math.fsum(shares.values()))
        if not (self.is_cut and self.withholding):
            return ""
        return f"{unpaid:,.1f} is not paid, and has to be cut."


NO_TERMS: Final = Terms()

_NOTHING: Final = 1e-12
"""Of the amounts in a sum: so small, it is 0."""


def key_method(
    key: SharingKey,
    base: KeyBase,
    borne: Mapping[str, float] | None = None,
    terms: Terms = NO_TERMS,
) -> Method:
    """Sharing the whole by a key of a file.

    `borne`: what each bears as a plan has it. Terms hold for keys that go by no costs: the others
    say themselves what is borne.
    """

    def find(game: Game | KnownGame) -> Allocation:
        if not key.needs_costs:
            return _share(key.name, game, lambda: find_shares(key, base), terms)
        costs = read_costs(game, borne)
        if (amounts := _find_amounts_of_nothing(key, base, costs)) is not None:
            found = Allocation(key.name, amounts)
            return with_doubt(found, find_border_doubt(game, is_whole=False))
        return _share(key.name, game, lambda: find_shares(key, base, costs), NO_TERMS, True)

    group = Group.COST if key.needs_costs else Group.KEY
    return Method(key.name, key.title, key.says, group, find, is_main="first page" in key.also)


def name_agreed(keys: Iterable[str], taken: Collection[str]) -> dict[str, str]:
    """The keys that the workbook agrees on, by the names of their methods, none of them `taken`."""
    return {f"{key} (agreed)" if key in taken else key: key for key in keys}


def agreed_method(
    name: str, key: str, base: KeyBase, study: Study, terms: Terms = NO_TERMS
) -> Method:
    """Sharing the whole by a key that the workbook agrees on."""
    role = study.common_shares
    assert role is not None
    agreed = base.data.tables[role.table].columns[role.share]
    weights = {m: agreed.get((key, m), 0.0) for m in base.members}

    def find_agreed() -> dict[str, float]:
        whole = math.fsum(weights.values())
        if not whole > 0:
            raise NoSharesError("its shares add up to 0 over these members")
        return {m: weight / whole for m, weight in weights.items()}

    says = f"The key that the workbook agrees on (sheet {role.table})."
    return Method(
        name,
        f"{key} (agreed)",
        says,
        Group.AGREED,
        lambda game: _share(name, game, find_agreed, terms),
        is_main=True,
    )


def _share(
    name: str,
    game: Game | KnownGame,
    find: Callable[[], Mapping[str, float]],
    terms: Terms,
    goes_by_costs: bool = False,
) -> Allocation:
    """The total by the shares that are found, on these terms."""
    try:
        shares = terms.apply(find())
    except NoSharesError as error:
        told = str(error).rstrip(".")
        return Allocation(name, why_not=f"{told[:1].upper()}{told[1:]}.")
    whole = {player: share * game.total for player, share in shares.items()}
    found = Allocation(name, whole, note=terms.tell(shares, game.total))
    return with_doubt(found, find_border_doubt(game, is_whole=not goes_by_costs))


def _find_amounts_of_nothing(
    key: SharingKey, base: KeyBase, costs: KeyCosts
) -> dict[str, float] | None:
    """The amounts of a key that goes by costs, where these add up to the nothing that is shared:
    what one pays another gets, and parts of a whole of 0 cannot tell it. None elsewhere."""
    try:
        amounts = find_weights(key, base, costs)
    except NoSharesError:
        return None
    none = _NOTHING * math.fsum(map(abs, amounts.values()))
    if abs(costs.total) > none or abs(math.fsum(amounts.values())) > none:
        return None
    return amounts


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


def read_unions(text: str | None, members: Sequence[str]) -> tuple[tuple[str, ...], ...] | None:
    """The blocs of a text such as ``A+B,C+D``; who is not named stands alone. None where there is
    no text. Raises DataError (E-558) for a name that is no member's, or stands twice."""
    if text is None:
        return None
    named = [
        tuple(find_meant(name.strip(), members) or name.strip() for name in bloc.split("+"))
        for bloc in text.split(",")
    ]
    if fault := find_fault(members, named):
        raise DataError([Issue("E-558", "--unions", fault)])
    within = {name for bloc in named for name in bloc}
    return (*named, *((member,) for member in members if member not in within))


def pick_methods(methods: Sequence[Way], names: Sequence[str]) -> list[Way]:
    """Those of these names, or all where there are none; raises as `check_names`."""
    check_names("--method", names, [method.name for method in methods])
    return [method for method in methods if not names or method.name in names]


def check_names(option: str, names: Iterable[str], known: Sequence[str]) -> None:
    """DataError (E-559) for a name, given by an option, that is no method's."""
    issues = [
        Issue("E-559", option, f"{quote(name)} is no way of sharing{_mend_name(name, known)}")
        for name in names
        if name not in known
    ]
    if issues:
        raise DataError(issues)


_NEEDS: Final = {
    OWEN: "The Owen value needs blocs: name them with --unions.",
    **{one.name: "It is for votes: a game from a file, with --gains." for one in VOTING},
    **{one.name: "It is for costs, and for --claims." for one in CLAIMS_RULES},
}
"""What must be given for a method that is not always there, by its name."""


def _mend_name(name: str, known: Sequence[str]) -> str:
    """The end of a sentence, and what to do."""
    if name in _NEEDS:
        return f" here. {_NEEDS[name]}"
    return "." + (nearest_name(name, known) or f" Name one of {', '.join(known)}.")
