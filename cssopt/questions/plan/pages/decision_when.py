"""What to decide by when, on the decision page, and what of it is most urgent."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from cssopt.document.document import Column, Note, Rich, Span, Table
from cssopt.language import (
    LEAST_UNITS,
    join_phrases,
    phrase,
    write_money,
    write_percent,
    write_points,
    write_years,
)
from cssopt.modeling.accounts import Undertaking
from cssopt.questions.plan.figures.holdings import Holding
from cssopt.questions.plan.figures.plan_figures import PlanFigures
from cssopt.questions.plan.opinions import Opinions
from cssopt.questions.plan.pages.decision_forces import count_units
from cssopt.questions.plan.pages.finding import say_not_asked
from cssopt.questions.plan.pages.page import name_page
from cssopt.questions.plan.pages.stretches import make_heading
from cssopt.questions.plan.pages.timeline import find_delays

_MOST_YEARS: Final = 5
_MOST_NAMES: Final = 5


def show_by_when(figures: PlanFigures, opinions: Opinions) -> Iterator[Note | Table]:
    """What is signed, ratified, founded, opened, funded, ordered and given up, by year."""
    yield make_heading(phrase("6 What to decide, by when"))
    found = [(year, tell_year(figures, year)) for year in figures.money.years]
    told = [(year, spans) for year, spans in found if spans]
    if not told:
        yield Note(phrase("Nothing: all keep what they have, and begin nothing."))
        return
    rows = [(str(year), Rich(spans)) for year, spans in told[:_MOST_YEARS]]
    later = [year for year, _ in told[_MOST_YEARS:]]
    if later:
        page = name_page("timeline")
        link = Span(phrase("page {page}", page=page), page=page)
        rows.append((write_years(later), Rich((link,))))
    columns = (
        Column("year", title=phrase("Year")),
        Column("text", "sentence", phrase("What to decide")),
    )
    yield Table("by_when", columns, tuple(rows))
    yield from _tell_urgent(figures, opinions)


def tell_year(figures: PlanFigures, year: int) -> tuple[Span, ...]:
    """What is decided in a year, a sentence each kind."""
    currency = figures.view.plan.data.horizon.currency
    begun = [one for one in figures.undertakings if one.begun == year]
    sentences = [Span(f"{told} ") for told in _tell_begun(begun, figures, currency)]
    ordered = _tell_units(figures.holdings, lambda one: one.ordered, year)
    if ordered:
        sentences += [Span(phrase("Orders: "), is_strong=True), Span(f"{ordered}. ")]
    given = _tell_units(figures.holdings, lambda one: one.given_up, year)
    if given:
        sentences += [Span(phrase("Given up: "), is_strong=True), Span(f"{given}.")]
    return tuple(sentences)


def _tell_begun(begun: Sequence[Undertaking], figures: PlanFigures, currency: str) -> Iterator[str]:
    names = {one.party: one.name for one in figures.payers.each}

    def join(*kinds: str, has_money: bool = False) -> str:
        return join_phrases(
            [
                phrase("{name} ({money})", name=one.name, money=write_money(one.cost, currency))
                if has_money and one.cost > 0
                else one.name
                for one in begun
                if one.kind in kinds
            ],
            _MOST_NAMES,
        )

    if told := join("treaty"):
        yield phrase("Sign: {names}.", names=told)
    parties = [
        names.get(one.party, one.name) if one.party is not None else one.name
        for one in begun
        if one.kind == "ratification"
    ]
    if parties:
        yield phrase("Ratify: {names}.", names=join_phrases(parties, _MOST_NAMES))
    if told := join("preparation"):
        yield phrase("Start: {names}.", names=told)
    if told := join("body"):
        yield phrase("Found: {names}.", names=told)
    if told := join("programme"):
        yield phrase("Fund: {names}.", names=told)
    if told := join("line", has_money=True):
        yield phrase("Open the production line: {names}.", names=told)


def _tell_units(
    holdings: Sequence[Holding], by_year: Callable[[Holding], Mapping[int, float]], year: int
) -> str:
    """Who orders or gives up how many; of many only how many of each force."""
    own = [(one, by_year(one)[year]) for one in holdings if by_year(one)[year] >= LEAST_UNITS]
    if len(own) <= _MOST_NAMES:
        return join_phrases([
            phrase("{member} {units}", member=one.party_name,
                   units=count_units(number, one.force_name))
            for one, number in own
        ])  # fmt: skip
    sums: dict[str, float] = {}
    for one, number in own:
        sums[one.force_name] = sums.get(one.force_name, 0.0) + number
    told = [count_units(number, force) for force, number in sums.items()]
    return join_phrases(told, _MOST_NAMES + 1)


def _tell_urgent(figures: PlanFigures, opinions: Opinions) -> Iterator[Note]:
    """Which ratification costs most a year late, or which command asks it."""
    lead = Span(phrase("Most urgent: "), is_strong=True)
    planned = any(one.kind == "ratification" and one.begun is not None
                  for one in figures.undertakings)  # fmt: skip
    if not planned:
        return
    delays = find_delays(figures.undertakings, opinions.what_ifs)
    if not delays:
        command = "cssopt whatif BOOK --ask ratification"
        told = say_not_asked(command)
        yield Note.of(lead, Span(told, "quiet"))
        return
    worst = max(delays, key=lambda pair: pair[1].more or 0.0)
    one, what_if = worst
    page = name_page("timeline")
    if what_if.more is None or what_if.more <= 0:
        told = phrase("no ratification that comes a year late is told to cost more.")
        yield Note.of(lead, Span(told, page=page))
        return
    currency = figures.view.plan.data.horizon.currency
    parts = {
        "name": one.name,
        "money": write_money(what_if.more, currency, with_sign=True),
        "sign": "*" if what_if.is_simplified else "",
    }
    if what_if.more_missing is not None and what_if.missing_of_all is not None:
        told = phrase(
            "{name}. A year\u2019s delay: {money}{sign}, missing {points} to {share} of all needs.",
            points=write_points(what_if.more_missing),
            share=write_percent(what_if.missing_of_all),
            **parts,
        )
    else:
        told = phrase("{name}. A year\u2019s delay: {money}{sign}.", **parts)
    yield Note.of(lead, Span(told, page=page))
