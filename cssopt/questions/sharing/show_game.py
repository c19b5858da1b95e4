"""A game or claims from a file, shared by every method, as a document."""

from __future__ import annotations

from cssopt.document.document import Column, Document, Mark, Note, Sheet, Table
from cssopt.document.run_facts import RunFacts
from cssopt.questions.sharing.result import ClaimsSharing, Core, GameSharing
from cssopt.questions.sharing.tables import (
    show_figures,
    show_long,
    show_objections,
    show_words,
    tabulate_notes,
    tabulate_shares,
)
from cssopt.tables.numbers import say

_OF_GAINS = "Where a way speaks of costs and of paying, read gains and having."


def show_game(found: GameSharing, facts: RunFacts) -> Document:
    """A game from a file."""
    game, methods = found.game, found.methods
    verdict, mark = say_core(found.core, is_cost=game.is_cost)
    what = "cost" if game.is_cost else "gain"
    who = f"all {game.count} together" if game.count > 1 else f"{game.players[0]} alone"
    gains = "" if game.is_cost else f" {_OF_GAINS}"
    first = Sheet(
        "Shares",
        f"The {what} of {who}, {say(game.total)}, shared in every accepted way; the sheet Words "
        f"explains each.{gains}",
        (tabulate_shares(methods, game.players, {}, "number"), *tabulate_notes(methods)),
        on_screen=True,
    )
    sheets = [first, show_objections(methods, {}, "number")]
    if found.power:
        sheets.append(_show_power(found))
    sheets += [
        show_figures(methods, "the measure of the file"),
        show_words(methods),
        show_long(methods, "number"),
    ]
    return Document(f"Sharing {found.source}", verdict, tuple(sheets), facts, mark)


def say_core(core: Core, *, is_cost: bool) -> tuple[str, Mark | None]:
    """Whether there are shares with which nobody leaves, and how that is to be taken."""
    if core.is_empty is None:
        return f"Whether some sharing would keep everybody in is not known: {core.why_not}", "warn"
    if not core.is_empty:
        return (
            "There are ways of sharing with which no coalition would do better by itself.",
            "good",
        )
    more = (
        ""
        if core.subsidy is None
        else (f" It would take {say(core.subsidy)} from outside to keep all in.")
    )
    way = "pay less" if is_cost else "have more"
    return f"However it is shared, some coalition would {way} by itself.{more}", "bad"


def show_claims(found: ClaimsSharing, facts: RunFacts) -> Document:
    """Claims on an estate."""
    claimed = sum(found.claims.values())
    claims = Table(
        "claims",
        (Column("player", title="claimant"), Column("claim", "number", total=True)),
        tuple(found.claims.items()),
    )
    shares = tabulate_shares(found.methods, tuple(found.claims), {}, "number", has_core=False)
    first = Sheet(
        "Shares",
        f"What there is, {say(found.estate)}, shared among those who claim {say(claimed)}.",
        (shares, Note("Claims", is_heading=True), claims),
        on_screen=True,
    )
    given = [one for one in found.methods if one.allocation.is_found]
    verdict = (
        f"{say(found.estate)} is shared among claims of {say(claimed)}."
        if given
        else found.methods[0].allocation.why_not
    )
    mark: Mark | None = None if given else "bad"
    sheets = (first, show_words(found.methods), show_long(found.methods, "number"))
    return Document(f"Sharing {found.source}", verdict, sheets, facts, mark)


def _show_power(found: GameSharing) -> Sheet:
    columns = (
        Column("player"),
        Column(
            "swings",
            "count",
            meaning="coalitions of the others that lose without it and win with it",
        ),
        Column(
            "banzhaf", "fine_share", title="Banzhaf index", meaning="its part of the swings of all"
        ),
        Column(
            "absolute_banzhaf",
            "fine_share",
            title="absolute Banzhaf index",
            meaning="of all coalitions of the others, those that it swings",
        ),
        Column(
            "shapley_shubik",
            "fine_share",
            title="Shapley-Shubik index",
            meaning="of all orders, those in which it decides",
        ),
    )
    rows = tuple(
        (one.player, one.swings, one.banzhaf, one.absolute_banzhaf, one.shapley_shubik)
        for one in found.power
    )
    return Sheet(
        "Power",
        "How often the vote of each decides.",
        (Table("power", columns, rows),),
        on_screen=True,
    )
