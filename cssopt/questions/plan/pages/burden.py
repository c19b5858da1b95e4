"""The page: Does each member pay in proportion to the danger it faces and to its means?"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from cssopt.document.document import Block, Chart, Column, Form, Note, Sheet, Span, Table
from cssopt.language import (
    join_phrases,
    phrase,
    phrase_count,
    tell_others,
    write_decimal,
    write_years,
)
from cssopt.questions.plan.figures.plan_figures import PlanFigures
from cssopt.questions.plan.figures.proportion import Proportion, Proportions
from cssopt.questions.plan.opinions import Opinions
from cssopt.questions.plan.pages.finding import begin_finding
from cssopt.questions.plan.pages.measures import MOST_DRAWN, split_largest, tell_all
from cssopt.questions.plan.pages.page import make_page, name_page

_ABOUT: Final = 0.1
"""How far a ratio may be from 1 and still be in proportion."""
_WORTH_TELLING: Final = 0.005
"""A share below which nothing is said of it."""
_WORTH_RATING: Final = 0.01
"""A share of cost or danger from which on a member is told in the title."""
_LEAST_TIMES: Final = 0.01
"""The least ratio that is written as a number."""
_MOST_NAMES: Final = 4


def show_burden(figures: PlanFigures, opinions: Opinions) -> Sheet:
    """Danger, cost and means of each member side by side."""
    proportions = figures.proportions
    return make_page(
        "burden",
        phrase("Does each member pay in proportion to the danger it faces and to its means?"),
        begin_finding(figures, find_finding(proportions.each)),
        *_show_shares(proportions),
        _show_ratios(figures),
        *_show_notes(figures),
    )


def find_finding(each: Sequence[Proportion]) -> str:
    """The largest and the smallest part of the cost for the part of the danger, of those who have
    a part of either that is worth telling."""
    if len(each) == 1:
        return phrase("{name} bears all of the cost and faces all of the danger", name=each[0].name)
    rated = [
        one
        for one in each
        if math.isfinite(one.cost_for_danger) and max(one.cost, one.danger) >= _WORTH_RATING
    ]
    if len(rated) < 2:
        return phrase("No proportion of cost and danger can be told in this plan")
    most = max(rated, key=lambda one: one.cost_for_danger)
    least = min(rated, key=lambda one: one.cost_for_danger)
    if most.cost_for_danger <= 1 + _ABOUT and least.cost_for_danger >= 1 - _ABOUT:
        return phrase("Every member bears about the same part of the cost as of the danger")
    if least.cost_for_danger < 0:
        return phrase(
            "{most} bears {times} times as large a part of the cost as of the danger; {least} "
            "bears none",
            most=most.name,
            times=_write_times(most.cost_for_danger),
            least=least.name,
        )
    return phrase(
        "{most} bears {times} times as large a part of the cost as of the danger, {least} {less} "
        "times",
        most=most.name,
        times=_write_times(most.cost_for_danger),
        least=least.name,
        less=_write_times(least.cost_for_danger),
    )


def _write_times(ratio: float) -> str:
    if 0 < ratio < _LEAST_TIMES:
        return f"<{write_decimal(_LEAST_TIMES, 2)}"
    return write_decimal(ratio, 1 if ratio >= 1 else 2)


def _show_shares(proportions: Proportions) -> Iterator[Block]:
    """Three marks a member: danger, cost and GDP."""
    each = list(proportions.each)
    if len(each) < 2 or not any(math.isfinite(one.danger) for one in each):
        return
    title = phrase("Shares of the total of all members, percent")
    series = ("cost", "danger", "wealth")
    largest, others = split_largest(sorted(each, key=lambda one: -one.cost))
    if not others:
        yield Chart("dots", "proportions", "name", series, title)
        return
    shown = [*largest, _add_up(others)]
    table = Table(
        "proportions_of_largest",
        (
            Column("name", title=phrase("Member")),
            Column("danger", "percent", title=phrase("Danger it faces")),
            Column("cost", "percent", title=phrase("Net cost it bears")),
            Column("wealth", "percent", title=phrase("GDP")),
        ),
        tuple((one.name, one.danger, one.cost, one.gdp) for one in shown),
    )
    yield Chart("dots", table.name, "name", series, title)
    yield table


def _add_up(others: Sequence[Proportion]) -> Proportion:
    """Several as one, as far as the chart shows it."""
    return replace(
        others[0],
        name=tell_others(len(others)),
        danger=math.fsum(one.danger for one in others),
        cost=math.fsum(one.cost for one in others),
        gdp=math.fsum(one.gdp for one in others),
    )


def _show_ratios(figures: PlanFigures) -> Table:
    proportions = figures.proportions
    year = figures.view.years[0]
    # Of many members most have small parts.
    form: Form = "percent" if len(proportions.each) <= MOST_DRAWN else "fine_percent"
    of_all = phrase("Share of the total")
    columns = (
        Column("name", title=phrase("Member")),
        Column("danger", form, title=phrase("of the danger"), group=of_all),
        Column("supplied", form, title=phrase("of the protection"), group=of_all),
        Column("cost", form, title=phrase("of the net cost"), group=of_all),
        Column("wealth", form, title=phrase("of the GDP"), group=of_all),
        Column("covers_itself", "percent", title=phrase("Covers of its own danger")),
        Column("cost_for_danger", "number", title=phrase("Cost per danger"), decimals=2),
        Column("cost_for_wealth", "number", title=phrase("Cost per GDP"), decimals=2),
    )
    each = proportions.each
    rows: list[tuple[Any, ...]] = [
        (
            one.name,
            _tell(one.danger),
            _tell(one.supplied),
            _tell(one.cost),
            _tell(one.gdp),
            _tell(one.covers_itself),
            _tell(one.cost_for_danger),
            _tell(one.cost_for_gdp),
        )
        for one in each
    ]
    danger, supplied, cost, wealth = (
        _tell(math.fsum(shares))
        for shares in zip(
            *((one.danger, one.supplied, one.cost, one.gdp) for one in each), strict=True
        )
    )
    ratios = (
        None if None in (cost, danger) else 1.0,
        None if None in (cost, wealth) else 1.0,
    )
    itself = _tell(proportions.covers_themselves)
    rows.append((tell_all(), danger, supplied, cost, wealth, itself, *ratios))
    note = phrase(
        "A ratio above 1: more of the cost than of the danger, or than of the GDP. Cost: net cost "
        "in {first} value. GDP: of {years}, in {first} value.",
        first=year,
        years=write_years(figures.view.years),
    )
    return Table("proportions", columns, tuple(rows), note=note, last_is_total=True)


def _tell(number: float) -> float | None:
    return number if math.isfinite(number) else None


def _show_notes(figures: PlanFigures) -> Iterator[Block]:
    yield Note(
        phrase(
            "Danger: the part of every need that falls on the member, weighted by the priority of "
            "the threats. Protection: what its forces cover, for its own part and for others."
        ),
        "quiet",
    )
    told = tell_who_faces_none(figures.proportions.each)
    if told:
        yield Note(told)
    if len(figures.proportions.each) > 1:
        page = name_page("sure")
        yield Note.of(
            Span(phrase("How firm the split of the cost is:")), Span(" "), Span(page, page=page)
        )


def tell_who_faces_none(each: Sequence[Proportion]) -> str:
    """Who bears cost without facing danger; empty where nobody does."""
    found = [
        one.name for one in each if one.danger < _WORTH_TELLING / 100 and one.cost >= _WORTH_TELLING
    ]
    if not found:
        return ""
    return phrase_count(
        "{names} bears cost and faces no danger.",
        "{names} bear cost and face no danger.",
        len(found),
        names=join_phrases(found, _MOST_NAMES),
    )
