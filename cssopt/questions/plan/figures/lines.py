"""Every figure of the decision page by a name that stays: what programs read, and what is traced.

Codes in the names are those of the inputs: ``cash.NOR``, ``missing.BORDER.2030``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from cssopt.language import phrase
from cssopt.questions.plan.figures.holdings import Holding
from cssopt.questions.plan.figures.payers import Payer
from cssopt.questions.plan.figures.plan_figures import PlanFigures

Unit = Literal["money", "share", "units"]
"""``money``: million of the price year; ``share``: of what the definition says, 0.23 for 23 %."""


@dataclass(frozen=True)
class FigureLine:
    """One figure of the decision page.

    Attributes
    ----------
    name: by which it is called. value: nan where there is none. definition: for a reader.
    page: word of the page that derives it, as `name_page` takes it.
    parts: names of the figures that it is the sum of; empty where it is none.
    """

    name: str
    value: float
    unit: Unit
    definition: str
    page: str
    parts: tuple[str, ...] = ()


def name_line(*parts: Any) -> str:
    """The name of a figure from its parts, such as codes of inputs and a year."""
    return ".".join(str(part) for part in parts)


def list_lines(figures: PlanFigures) -> tuple[FigureLine, ...]:
    """Every figure of the decision page, each name once."""
    return (
        *_list_money(figures),
        *_list_payers(figures),
        *_list_security(figures),
        *_list_holdings(figures),
        *_list_certainty(figures),
    )


def _list_money(figures: PlanFigures) -> Iterator[FigureLine]:
    money = figures.money
    first, last = money.years[0], money.years[-1]
    for year, cash in money.cash_by_year.items():
        told = phrase("cash of {year}: all that is paid in the year", year=year)
        yield FigureLine(name_line("cash", year), cash, "money", told, "cost")
    yield FigureLine(
        "cash",
        money.total_cash,
        "money",
        phrase("cash of all years, added up as it is paid"),
        "cost",
        tuple(name_line("cash", year) for year in money.years),
    )
    yield FigureLine(
        "residual_value",
        money.residual_value,
        "money",
        phrase("what bought units are still worth at the end of {year}", year=last),
        "cost",
    )
    yield FigureLine(
        "net_cost",
        money.net_cost,
        "money",
        phrase("cash less residual value, added up as it is paid"),
        "cost",
    )
    yield FigureLine(
        "net_cost_at_start",
        money.net_at_start,
        "money",
        phrase(
            "cash less residual value, each year's in the value of {year}: the sum of the net "
            "costs of all members",
            year=first,
        ),
        "cost",
    )


def _list_payers(figures: PlanFigures) -> Iterator[FigureLine]:
    payers, first = figures.payers, figures.money.years[0]
    for one in payers.each:
        yield from _list_payer(one, one.party, one.name, first)
    yield from _list_payer(payers.together, "", phrase("all members"), first)


def _list_payer(one: Payer, party: Any, name: str, first: int) -> Iterator[FigureLine]:
    """What one pays; of all together, whose figures have no code, what is not told of the money."""

    def line(key: str, value: float | None, unit: Unit, told: str, page: str) -> FigureLine:
        told_name = name_line(key, party) if party != "" else key
        return FigureLine(told_name, math.nan if value is None else value, unit, told, page)

    if party != "":
        told = phrase("cash of {name}, all years, its part of common costs within", name=name)
        yield line("cash", one.cash, "money", told, "who_pays")
        told = phrase("net cost of {name} in the value of {year}", name=name, year=first)
        yield line("net_cost_at_start", one.net_at_start, "money", told, "together")
    told = phrase("cash of {name}, as a share of the GDP of all years", name=name)
    yield line("of_gdp", one.of_gdp, "share", told, "who_pays")
    told = phrase("cash of {name} in the years that have a ceiling, as a share of these", name=name)
    yield line("of_ceiling", one.of_ceiling, "share", told, "who_pays")
    told = phrase("the largest share of a year's ceiling that {name} pays", name=name)
    fullest = None if one.fullest is None else one.fullest[0]
    yield line("fullest", fullest, "share", told, "who_pays")
    told = phrase("net cost of {name} in a defence of its own, in the value of {year}",
                  name=name, year=first)  # fmt: skip
    yield line("alone", one.alone, "money", told, "together")
    told = phrase("alone less together, as safe as alone: {name}", name=name)
    yield line("saving", one.saving, "money", told, "together")
    told = phrase("this plan less together, as safe as alone: {name}", name=name)
    yield line("more_security", one.more_security, "money", told, "together")
    told = phrase("this plan less alone: {name}", name=name)
    yield line("against_alone", one.against_alone, "money", told, "together")


def _list_security(figures: PlanFigures) -> Iterator[FigureLine]:
    security = figures.security
    yield FigureLine(
        "missing_of_all",
        security.missing_of_all,
        "share",
        phrase("missing part of all needs of all years, each by its weight"),
        "needs",
    )
    for name, value, told in (
        ("missing_of_all.alone", security.of_alone,
         phrase("the same of separate defences")),
        ("missing_of_all.as_safe_as_alone", security.of_equal,
         phrase("the same together, as safe as alone")),
    ):  # fmt: skip
        if value is not None:
            yield FigureLine(name, value, "share", told, "together")
    for (threat, year), share in security.worst.items():
        told = phrase(
            "largest missing part of any need of {threat} in {year}",
            threat=security.threats[threat],
            year=year,
        )
        yield FigureLine(name_line("missing", threat, year), share, "share", told, "needs")


def _list_holdings(figures: PlanFigures) -> Iterator[FigureLine]:
    years = figures.money.years
    first, last = years[0], years[-1]
    for one in figures.holdings:
        parts = {"name": one.party_name, "what": one.force_name}
        told = phrase("{name}, {what}: at the start of {year}", year=first, **parts)
        ages = phrase("{name}, {what}: ages out, all years", **parts)
        gives = phrase("{name}, {what}: given up before its time, all years", **parts)
        orders = phrase("{name}, {what}: ordered, all years", **parts)
        serves = phrase("{name}, {what}: in service at the end of {year}", year=last, **parts)
        lends = phrase("{name}, {what}: lent in {year}, most at one time", year=last, **parts)
        for key, value, definition in (
            ("today", one.today, told),
            ("aged_out", one.total_aged, ages),
            ("given_up", one.total_given_up, gives),
            ("ordered", one.total_ordered, orders),
            ("in_service", one.last, serves),
            ("lent", one.lent_last, lends),
        ):
            name = name_line(key, one.party, one.force)
            yield FigureLine(name, value, "units", definition, "from_today")
    for force, name in dict.fromkeys((one.force, one.force_name) for one in figures.holdings):
        own = [one for one in figures.holdings if one.force == force]
        yield _add_units("today", force, phrase("{force}: all members today", force=name), own)
        told = phrase("{force}: all members at the end of {year}", force=name, year=last)
        yield _add_units("in_service", force, told, own)


def _add_units(key: str, force: Any, told: str, own: Sequence[Holding]) -> FigureLine:
    total = math.fsum(one.today if key == "today" else one.last for one in own)
    parts = tuple(name_line(key, one.party, force) for one in own)
    name = name_line(f"{key}_of_all", force)
    return FigureLine(name, total, "units", told, "from_today", parts)


def _list_certainty(figures: PlanFigures) -> Iterator[FigureLine]:
    for step in figures.certainty.last_steps:
        share = f"{100 * step.share:.6g}"
        told = phrase("what a plan saves that leaves {share} % more missing", share=share)
        yield FigureLine(name_line("last_step", share), step.saves, "money", told, "sure")
