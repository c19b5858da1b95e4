"""The tables that every sharing has: shares by method, who would object, and what is meant."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from types import MappingProxyType
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
    "behind it; how far off it may be is told with it.",
}
"""What the word beside a figure means."""


_EXCESS: Final = (
    "What the coalition that would gain most by leaving would gain; below 0: each would lose, "
    "this one least."
)

FIGURES: Final[Mapping[str, str]] = {
    "largest excess": _EXCESS,
    "epsilon": _EXCESS,
    "epsilon at least": "However it is shared, some coalition gains as much, or loses no more.",
    "epsilon at most": "With these shares no coalition gains more, or loses less.",
    "epsilon per head": "The same for each member of the coalition, by the shares that make this "
    "least.",
    "epsilon per value": "The same as a part of what the coalition has by itself, by the shares "
    "that make this least.",
    "coalitions": "How many coalitions were looked at one by one.",
    "largest doubt of a value": "By how much a value may be wrong that stands behind the shares.",
    "propensity to disrupt": "What the others would lose for each unit that a member loses by "
    "leaving; the same for all members.",
    "sum before scaling": "What the shares add up to before they are made to add up to the whole.",
    "saving": "What all together save against standing alone.",
    "least saving": "What the member saves that saves least.",
}
"""What a further figure is, by its name."""

_MEASURES: Final[Mapping[str, str]] = {
    "epsilon per head": "{} for each member",
    "epsilon per value": "1 is the whole value",
    "propensity to disrupt": "times",
    "coalitions": "coalitions",
}

_BY_METHOD: Final[Mapping[tuple[str, str], tuple[str, str]]] = {
    ("per_capita_nucleolus", "largest excess"): (
        "{} for each member",
        "What each member of the coalition that would gain most for each would gain by leaving; "
        "below 0: lose.",
    ),
    ("proportional_nucleolus", "largest excess"): (
        "1 is the whole value",
        "What the coalition that would gain most would gain by leaving, as a part of what it has "
        "by itself; below 0: lose.",
    ),
    ("anti_prenucleolus", "largest excess"): (
        "{}",
        "By how much a coalition has it worse, at most, than by what it adds to the others; below "
        "0: better.",
    ),
}
"""Measure and meaning of figures that mean something else for one method."""


def _find_measure(method: str, figure: str, measure: str) -> str:
    """What a figure is measured in."""
    text, _ = _BY_METHOD.get((method, figure), (_MEASURES.get(figure, "{}"), ""))
    return text.format(measure)


def _find_words(method: str, figure: str) -> str:
    """What a figure is, a sentence."""
    _, says = _BY_METHOD.get((method, figure), ("", FIGURES.get(figure, "")))
    return says


def tabulate_shares(
    methods: Sequence[MethodShares],
    players: Sequence[str],
    names: Mapping[str, str],
    form: Form,
    *,
    has_core: bool = True,
) -> Table:
    """Methods side by side: whether each would hold, and what it gives every player."""
    columns = [Column("group", title="kind"), Column("method", title="how it is shared")]
    if has_core:
        columns += [
            Column(
                "stable",
                meaning="yes where no coalition, and no member alone, would do better by itself",
            ),
            Column(
                "largest_gain",
                form,
                title="most to gain by leaving",
                meaning="what its members together would gain, of the coalition that would gain "
                "most by itself; empty where none would gain",
            ),
        ]
    columns += [Column(f"share.{p}", form, title=names.get(p, p)) for p in players]
    columns.append(
        Column(
            "guarantee", meaning="how far the shares can be relied on; the sheet Words explains it"
        )
    )
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


def put_names(text: str, names: Mapping[str, str]) -> str:
    """A text in which members that are listed by their codes have their names.

    Lists are ``A+B`` and ``A, B and C``, and a code behind ``of``, ``without`` or ``found is``, or
    before ``alone``; no other word is touched, as it may be a code and a plain word too.
    """
    if not names:
        return text
    code = "|".join(re.escape(one) for one in sorted(names, key=len, reverse=True))
    listed = rf"(?<![\w+])(?:{code})(?:(?:\+|, | and )(?:{code}))+(?![\w+])"
    behind = rf"(?:(?<=of )|(?<=found is )|(?<=without ))(?:{code})(?=[ ;,.])"
    before = rf"(?<![\w+])(?:{code})(?= alone)"
    return re.sub(
        f"{listed}|{behind}|{before}",
        lambda found: re.sub(rf"(?<!\w)(?:{code})(?!\w)", lambda one: names[one[0]], found[0]),
        text,
    )


def tabulate_notes(
    methods: Sequence[MethodShares], names: Mapping[str, str] = MappingProxyType({})
) -> list[Table]:
    """What must be known of single methods, and why some give no shares; nothing where nothing."""
    rows = tuple(
        (one.title, put_names(one.allocation.note or one.allocation.why_not, names))
        for one in methods
        if one.allocation.note or one.allocation.why_not
    )
    columns = (Column("method", title="how it is shared"), Column("note", "sentence"))
    return [Table("notes", columns, rows, title="To be known")] if rows else []


def show_long(methods: Sequence[MethodShares], form: Form) -> Sheet:
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
    table = Table("shares", columns, rows)
    return Sheet("All shares", "Every share, a row each.", (table,))


def tabulate_objections(
    methods: Sequence[MethodShares], names: Mapping[str, str], form: Form
) -> Table:
    """The coalitions that would do better by themselves, the worst of each method first."""
    columns = (
        Column("method", title="how it is shared"),
        Column("coalition", "sentence", title="who would leave"),
        Column("gain", form, title="would gain in all"),
        Column("gain_per_member", form, title="each of them, on average"),
        Column(
            "proven",
            meaning="no: it may gain nothing, as values stand behind it that are not proven",
        ),
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


def show_figures(methods: Sequence[MethodShares], measure: str) -> Sheet:
    """Further figures of methods, such as the largest excess; `measure`: that of the shares."""
    columns = (
        Column("method", title="how it is shared"),
        Column("figure", title="its name"),
        Column("value", "number", decimals=3),
        Column("measure", title="measured in"),
        Column("says", "sentence", title="what it is"),
    )
    rows = tuple(
        (
            one.title,
            name,
            value,
            _find_measure(one.method, name, measure),
            _find_words(one.method, name),
        )
        for one in methods
        for name, value in one.allocation.figures.items()
    )
    table = Table("figures", columns, rows)
    return Sheet("Figures", "Further figures of single ways of sharing.", (table,))


def show_words(methods: Sequence[MethodShares]) -> Sheet:
    """What every method does, and what the words beside the figures mean."""
    ways = Table(
        "methods",
        (
            Column("method", title="name for --method"),
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
