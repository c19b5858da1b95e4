"""The page: What does the plan cost, year by year and for what?"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, Final

from cssopt.document.document import (
    Block,
    Chart,
    Column,
    Formula,
    Note,
    Rich,
    Sheet,
    Span,
    Table,
    sum_of_row,
)
from cssopt.language import capitalize, phrase, write_decimal, write_money, write_percent
from cssopt.modeling.accounts import Group
from cssopt.questions.plan.figures.certainty import Certainty
from cssopt.questions.plan.figures.money import GROUPS, EntryMoney, Money
from cssopt.questions.plan.figures.plan_figures import PlanFigures
from cssopt.questions.plan.opinions import Opinions
from cssopt.questions.plan.pages.finding import begin_finding
from cssopt.questions.plan.pages.measures import tell_prices, tell_span, year_columns
from cssopt.questions.plan.pages.page import make_page, name_page

_LEANS_FROM: Final = 0.5
"""Part of what is bought from which on the residual value is worth a warning."""
_NOISE: Final = 1e-6
"""Million below which there is no money."""


def show_cost(figures: PlanFigures, opinions: Opinions) -> Sheet:
    """Cash by year and purpose, the residual value, and the net cost."""
    money, horizon = figures.money, figures.view.plan.data.horizon
    return make_page(
        "cost",
        phrase("What does the plan cost, year by year and for what?"),
        begin_finding(figures, find_finding(money, horizon.currency)),
        *_show_groups(figures),
        Note(phrase("What the money is for"), is_heading=True),
        _show_entries(figures),
        *(Note(told) for told in tell_net_cost(money)),
        *tell_proof_of_money(figures.certainty, horizon.currency),
    )


def find_finding(money: Money, currency: str) -> str:
    """What part of the cash runs the forces, what buys new ones, and what of these is left."""
    if money.total_cash < _NOISE:
        return phrase("The plan costs nothing")
    running = math.fsum(money.group_by_year("running").values())
    parts = {
        "share": write_percent(running / money.total_cash),
        "cash": write_money(money.total_cash, currency),
        "bought": write_money(money.bought),
        "left": write_money(money.residual_value),
        "year": money.years[-1],
    }
    if money.bought < _NOISE:
        return phrase(
            "{share} of the cash of {cash} runs the forces; no new units are bought", **parts
        )
    if money.residual_value < _NOISE:
        return phrase(
            "{share} of the cash of {cash} runs the forces; {bought} buys new units, of which "
            "nothing counts as still there in {year}",
            **parts,
        )
    return phrase(
        "{share} of the cash of {cash} runs the forces; {bought} buys new units, of which {left} "
        "counts as still there in {year}",
        **parts,
    )


def name_group(group: Group) -> str:
    """What money of a group is for."""
    if group == "running":
        return phrase("Running forces and bases")
    if group == "buying":
        return phrase("Buying and production")
    if group == "common":
        return phrase("Bodies, programmes, preparation")
    return phrase("Talks and aid")


def _show_groups(figures: PlanFigures) -> Iterator[Block]:
    """Cash by year in four parts."""
    money = figures.money
    by_group = {group: money.group_by_year(group) for group in GROUPS}
    rows: list[tuple[Any, ...]] = [
        (name_group(group), *(by_year[t] for t in money.years))
        for group, by_year in by_group.items()
        if any(by_year.values())
    ]
    if not rows:
        return
    years = tuple(str(t) for t in money.years)
    table = Table(
        "cash_by_group",
        (Column("purpose", title=phrase("Purpose")), *year_columns(money.years, "million")),
        (*rows, (phrase("Cash"), *money.cash_by_year.values())),
        last_is_total=True,
    )
    title = phrase("Cash by year, {money}", money=tell_prices(figures.view))
    yield Chart("stacked_columns", table.name, "purpose", years, title, rows_are_series=True)
    yield table


def _show_entries(figures: PlanFigures) -> Table:
    """Every purpose by year, and three closing rows: cash, residual value, net cost."""
    money = figures.money
    columns = (
        Column("purpose", title=phrase("What the money is for")),
        *year_columns(money.years, "million"),
        Column("all_years", "million", title=tell_span(money.years)),
        Column("at_start", "million", title=phrase("{year} value", year=money.years[0])),
    )
    rows: list[tuple[Any, ...]] = []
    for one in money.cash:
        rows.append((phrase(one.says), *_spread(one, money.years, len(rows)), one.at_start))
    cash = money.cash_by_year
    cash_row = len(rows)
    rows.append(
        (
            Rich((Span(phrase("Cash"), is_strong=True),)),
            *cash.values(),
            _sum_years(cash_row, money.years, cash.values()),
            money.cash_at_start,
        )
    )
    by_year = {t: math.fsum(one.by_year[t] for one in money.residual) for t in money.years}
    rows.append(
        (
            phrase("Residual value of bought units"),
            *(amount or None for amount in by_year.values()),
            -money.residual_value + 0.0,
            -money.residual_at_start + 0.0,
        )
    )
    rows.append(
        (
            phrase("Net cost"),
            *(None for _ in money.years),
            money.net_cost,
            money.net_at_start,
        )
    )
    told = phrase(
        "{money}. In the value of {year} later money counts for {rate} a year less. Cash adds up "
        "to what the members pay.",
        money=capitalize(tell_prices(figures.view)),
        year=money.years[0],
        rate=_write_rate(money.rate),
    )
    return Table("cash_by_entry", columns, tuple(rows), note=told, last_is_total=True)


def _spread(one: EntryMoney, years: Sequence[int], row: int) -> tuple[Any, ...]:
    amounts = [one.by_year[t] for t in years]
    return (*amounts, _sum_years(row, years, amounts))


def _sum_years(row: int, years: Sequence[int], amounts: Any) -> Formula:
    return sum_of_row(row, str(years[0]), str(years[-1]), amounts)


def _write_rate(rate: float) -> str:
    places = 0 if abs(100 * rate - round(100 * rate)) < _NOISE else 1
    return write_percent(rate, places)


def tell_net_cost(money: Money) -> Iterator[str]:
    """From cash to the net cost that is compared, and how far it leans on the residual value."""
    yield phrase(
        "Cash of {cash} less a residual value of {left} is a net cost of {net}. In the value of "
        "{year}, {cash_then} less {left_then} is {net_then}. All are rounded.",
        year=money.years[0],
        cash=write_decimal(money.total_cash),
        left=write_decimal(money.residual_value),
        net=write_decimal(money.net_cost),
        cash_then=write_decimal(money.cash_at_start),
        left_then=write_decimal(money.residual_at_start),
        net_then=write_decimal(money.net_at_start),
    )
    if money.residual_value < _NOISE or money.bought < _NOISE:
        return
    share = money.residual_value / money.bought
    parts = {"share": write_percent(share), "year": money.years[-1]}
    if share > _LEANS_FROM:
        yield phrase(
            "Mind the residual value: {share} of what is paid for new units counts as still there "
            "at the end of {year}, so the net cost leans on it. It is no cash.",
            **parts,
        )
    else:
        yield phrase(
            "{share} of what is paid for new units counts as still there at the end of {year}. It "
            "is no cash.",
            **parts,
        )


def tell_proof_of_money(certainty: Certainty, currency: str) -> Sequence[Note]:
    """A note where a plan that costs less may exist."""
    if certainty.proof == "proven":
        return ()
    page = Span(name_page("sure"), page=name_page("sure"))
    if math.isfinite(certainty.doubt):
        told = phrase(
            "Not proven: a plan that leaves as little missing may cost up to {money} less.",
            money=write_money(certainty.doubt, currency),
        )
    else:
        told = phrase("Not proven: how much less another plan may cost is not known.")
    return (Note.of(Span(f"{told} "), page, mark="warn"),)
