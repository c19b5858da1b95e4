"""Who must do what, on the decision page: from today to the last year, with signs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from cssopt.document.document import Block, Column, Mark, Note, Rich, Span, Table
from cssopt.language import LEAST_UNITS, phrase, phrase_count, tell_others, write_units
from cssopt.questions.plan.figures.holdings import Holding
from cssopt.questions.plan.figures.plan_figures import PlanFigures
from cssopt.questions.plan.pages.from_today import tell_twice
from cssopt.questions.plan.pages.measures import split_largest, tell_all
from cssopt.questions.plan.pages.page import name_page
from cssopt.questions.plan.pages.stretches import make_heading

GIVEN_UP, ORDERED, LENT = "\u25bc", "\u25b2", "\u25c6"
"""Signs beside units, so that color never tells alone."""

_MOST_FORCES: Final = 6
_TOLD_TWICE: Final = 1


def show_forces(figures: PlanFigures) -> Iterator[Block]:
    """Units today and in the last year of each member and force, and what happens between."""
    years, holdings = figures.money.years, figures.holdings
    first, last = years[0], years[-1]
    remark = phrase(
        "units at the start of {first} \u2192 at the end of {last}", first=first, last=last
    )
    yield make_heading(phrase("4 Who must do what?"), remark)
    if not holdings:
        yield Note(phrase("Nobody has any forces, and none are ordered."))
        return
    given = phrase("{sign} given up before its time", sign=GIVEN_UP)
    ordered = phrase("{sign} ordered in {first}\u2013{last}", sign=ORDERED, first=first, last=last)
    lent = phrase("{sign} lent to the common defense in {year}, most at one time",
                  sign=LENT, year=last)  # fmt: skip
    yield Note.of(
        Span(given, "given_up"),
        Span("   "),
        Span(ordered, "ordered"),
        Span("   "),
        Span(lent, "lent"),
    )
    yield tabulate_forces(holdings, _order_forces(figures))
    yield from _look_twice(figures)


def _order_forces(figures: PlanFigures) -> list[str]:
    """Codes of forces in the order of the inputs; none where a study has no such units."""
    measure = figures.view.plan.study.measure("units")
    return [] if measure is None else list(figures.view.names.get(measure.indices[-1], {}))


def tabulate_forces(holdings: Sequence[Holding], order: Sequence[str] = ()) -> Table:
    """Members in rows, forces in columns: of many those with the most change."""
    places = {code: place for place, code in enumerate(order)}
    forces = dict.fromkeys((one.force, one.force_name) for one in holdings)
    shown = sorted(forces, key=lambda force: places.get(force[0], len(places)))
    if len(shown) > _MOST_FORCES:
        changed = sorted(shown, key=lambda f: -_find_change(h for h in holdings if h.force == f[0]))
        kept = set(changed[:_MOST_FORCES])
        shown = [force for force in shown if force in kept]
    members = list(dict.fromkeys((one.party, one.party_name) for one in holdings))
    named, others = split_largest(members)
    if others:
        members.sort(key=lambda m: -_find_change(h for h in holdings if h.party == m[0]))
        named, others = split_largest(members)
    rows: list[tuple[str | Rich | None, ...]] = [
        (name, *(_make_cell([h for h in holdings if (h.party, h.force) == (party, force)])
                 for force, _ in shown))
        for party, name in named
    ]  # fmt: skip
    if others:
        codes = {party for party, _ in others}
        cells = (
            _make_cell([h for h in holdings if h.party in codes and h.force == force])
            for force, _ in shown
        )
        rows.append((tell_others(len(others)), *cells))
    totals = (_make_total([h for h in holdings if h.force == force]) for force, _ in shown)
    rows.append((tell_all(), *totals))
    page = name_page("from_today")
    columns = (
        Column("who", title=phrase("Member")),
        *(Column(f"force_{place + 1}", title=name, page=page)
          for place, (_, name) in enumerate(shown)),
    )  # fmt: skip
    left = len(forces) - len(shown)
    note = ""
    if left:
        note = phrase_count(
            "{count} other force with less change: page {page}.",
            "{count} other forces with less change: page {page}.",
            left,
            page=page,
        )
    return Table("changes", columns, tuple(rows), note=note, last_is_total=True)


def _find_change(holdings: Iterable[Holding]) -> float:
    """Money of orders and units that are given up or go: what decides which ones are shown."""
    return math.fsum(
        one.total_paid + one.total_given_up + one.total_ordered + abs(one.last - one.today)
        for one in holdings
    )


def _make_cell(held: Sequence[Holding]) -> Rich | None:
    if not held:
        return None
    today, last = (math.fsum(n) for n in ((h.today for h in held), (h.last for h in held)))
    spans = [
        Span(f"{write_units(today)} \u2192 "),
        Span(write_units(last), is_strong=True),
    ]
    signs: tuple[tuple[str, Mark, float], ...] = (
        (GIVEN_UP, "given_up", math.fsum(h.total_given_up for h in held)),
        (ORDERED, "ordered", math.fsum(h.total_ordered for h in held)),
        (LENT, "lent", math.fsum(h.lent_last for h in held)),
    )
    for sign, mark, units in signs:
        if units >= LEAST_UNITS:
            spans.append(Span(f" {sign}\u00a0{write_units(units)}", mark))
    return Rich(tuple(spans))


def _make_total(held: Sequence[Holding]) -> Rich:
    today = math.fsum(one.today for one in held)
    last = math.fsum(one.last for one in held)
    return Rich((Span(f"{write_units(today)} \u2192 {write_units(last)}", is_strong=True),))


def _look_twice(figures: PlanFigures) -> Iterator[Note]:
    """What a decider would ask about at once, the first of it."""
    found = figures.look_twice
    if found.is_empty:
        return
    told = list(tell_twice(figures))
    # What is given up and bought again is the first to ask about.
    told.sort(key=lambda sentence: sentence not in _tell_swapped(figures))
    first, left = told[:_TOLD_TWICE], len(told) - _TOLD_TWICE
    spans = [Span(phrase("Look twice: "), is_strong=True), Span(" ".join(first))]
    if left > 0:
        further = phrase_count("{count} more case: ", "{count} more cases: ", left)
        page = name_page("from_today")
        spans += [Span(f" {further}"), Span(phrase("page {page}.", page=page), page=page)]
    yield Note.of(*spans, on_screen=False)


def _tell_swapped(figures: PlanFigures) -> list[str]:
    leans = figures.look_twice.leans_on_residual
    return list(tell_twice(figures))[leans : leans + len(figures.look_twice.swapped)]


def count_units(units: float, force: str) -> str:
    """Units of a force; names have no plural."""
    return phrase("{units} \u00d7 {force}", units=write_units(units), force=force)
