"""The tables that every sharing has: shares by method, who would object, and what is meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from cssopt.document.document import Column, Form, Mark, Note, Sheet, Table
from cssopt.names import join_names
from cssopt.questions.sharing.games.allocation import Guarantee
from cssopt.questions.sharing.result import MethodShares

STABLE: Final[Mapping[bool | None, str]] = {True: "yes", False: "NO", None: "not known"}
"""How it is told whether anybody would do better by leaving."""

_MARKS: Final[Mapping[bool | None, Mark | None]] = {True: "good", False: "bad", None: None}

GUARANTEES: Final[Mapping[Guarantee, str]] = {
    Guarantee.EXACT: "Plain arithmetic on the values that were given.",
    Guarantee.PROVEN: "Every cost behind it is proven to be the least there is; the rest is plain "
    "arithmetic.",
    Guarantee.CERTIFIED: "A search found it, and a second calculation proved that it is what it "
    "is called; where costs of a plan stand behind it, these are proven.",
    Guarantee.APPROXIMATE: "It was sampled, or costs that are not proven to be the least stand "
    "behind it; how far off it may be is told beside it.",
}
"""What the word beside a figure means."""


def tabulate_shares(
    methods: Sequence[MethodShares],
    players: Sequence[str],
    names: Mapping[str, str],
    form: Form,
    *,
    has_core: bool = True,
) -> Table:
    """Methods side by side: whether each would hold, and what it gives every player."""
    columns = [Column("group", title="goes by"), Column("method", title="how it is shared")]
    if has_core:
        columns += [
            Column(
                "stable",
                title="stable",
                meaning="yes where no coalition would do better by itself",
            ),
            Column(
                "largest_gain",
                form,
                title="most to gain by leaving",
                meaning="what the coalition that would gain most by itself would gain in all",
            ),
        ]
    columns += [Column(f"share.{p}", form, title=names.get(p, p)) for p in players]
    columns.append(Column("guarantee", meaning="what stands behind the shares: see Words"))
    rows: list[tuple[Any, ...]] = []
    marks: dict[tuple[int, str], Mark] = {}
    for one in methods:
        found = one.allocation
        if not found.is_found:
            continue
        held: list[Any] = []
        if has_core:
            held = [STABLE[one.is_stable], one.violations[0].gain if one.violations else None]
            if (mark := _MARKS[one.is_stable]) is not None:
                marks[len(rows), "stable"] = mark
        shares = [found.shares[p] for p in players]
        rows.append((str(one.group), one.title, *held, *shares, str(found.guarantee)))
    return Table("shares_by_method", tuple(columns), tuple(rows), marks=marks)


def tabulate_notes(methods: Sequence[MethodShares]) -> list[Table]:
    """What must be known of single methods, and why some give no shares; nothing where nothing."""
    rows = tuple(
        (one.title, one.allocation.note or one.allocation.why_not)
        for one in methods
        if one.allocation.note or one.allocation.why_not
    )
    columns = (Column("method", title="how it is shared"), Column("note", "sentence"))
    return [Table("notes", columns, rows, title="To be known")] if rows else []


def tabulate_long(methods: Sequence[MethodShares], form: Form) -> Table:
    """Every share, a row each, as programs read it."""
    columns = (
        Column("method"),
        Column("player"),
        Column("share", form),
        Column("guarantee"),
        Column("standard_error", form, meaning="where shares were sampled"),
    )
    rows = tuple(
        (one.method, player, share, str(one.allocation.guarantee), errors.get(player))
        for one in methods
        for errors in [one.allocation.errors]
        for player, share in one.allocation.shares.items()
    )
    return Table("shares", columns, rows)


def tabulate_objections(
    methods: Sequence[MethodShares], names: Mapping[str, str], form: Form
) -> Table:
    """The coalitions that would do better by themselves, the worst of each method first."""
    columns = (
        Column("method", title="how it is shared"),
        Column("coalition", "sentence", title="who would leave, together"),
        Column("gain", form, title="would gain in all"),
        Column("gain_per_member", form, title="each of them, on average"),
        Column("proven", meaning="no where costs that are not proven leave it open"),
    )
    rows = tuple(
        (
            one.title,
            join_names([names.get(player, player) for player in bad.coalition]),
            bad.gain,
            bad.per_member,
            "yes" if bad.is_proven else "no",
        )
        for one in methods
        for bad in one.violations
    )
    return Table("objections", columns, rows)


def tabulate_figures(methods: Sequence[MethodShares], form: Form) -> Table:
    """Further figures of methods, such as the largest excess."""
    columns = (Column("method", title="how it is shared"), Column("figure"), Column("value", form))
    rows = tuple(
        (one.title, name, value)
        for one in methods
        for name, value in one.allocation.figures.items()
    )
    return Table("figures", columns, rows)


def show_words(methods: Sequence[MethodShares]) -> Sheet:
    """What every method does, and what the words beside the figures mean."""
    ways = Table(
        "methods",
        (
            Column("method"),
            Column("title", title="how it is shared"),
            Column("says", "sentence", title="what it does"),
        ),
        tuple((one.method, one.title, one.says) for one in methods),
        title="What each way of sharing does",
    )
    words = Table(
        "guarantees",
        (Column("word"), Column("meaning", "sentence", title="what stands behind a figure")),
        tuple((str(word), says) for word, says in GUARANTEES.items()),
        title="How far a figure can be relied on",
    )
    return Sheet("Words", "What the names and words of this answer mean.", (ways, words))


def show_objections(methods: Sequence[MethodShares], names: Mapping[str, str], form: Form) -> Sheet:
    """Who would walk out of which way of sharing, with whom, and for how much."""
    table = tabulate_objections(methods, names, form)
    explanation = (
        "Coalitions that would have it cheaper, or have more, by themselves: for each way of "
        "sharing up to three, the one that would gain most first."
    )
    if not table.rows:
        return Sheet("Who would leave", explanation, (Note("Nobody would."), table))
    return Sheet("Who would leave", explanation, (table,))
