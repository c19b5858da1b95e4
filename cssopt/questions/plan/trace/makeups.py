"""What each figure of the decision page is made of, by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from cssopt.questions.plan.figures.holdings import Holding
from cssopt.questions.plan.figures.lines import list_lines, name_line
from cssopt.questions.plan.figures.payers import Payer
from cssopt.questions.plan.figures.plan_figures import PlanFigures
from cssopt.questions.plan.trace.parts import EQUAL, Makeup, PlanParts, add, divide, take

Makeups = Mapping[str, Callable[[], Makeup]]
"""What adds a figure up, by the name of the figure."""


def list_makeups(figures: PlanFigures) -> Makeups:
    """Of all figures of the decision page that add up from plans that were worked out."""
    found = dict(_list_all(figures))
    sums = {
        line.name: partial(_add_up, found, line.parts)
        for line in list_lines(figures)
        if line.parts and found.keys() >= set(line.parts)
    }
    return {**sums, **found}


def _add_up(makeups: Makeups, names: Iterable[str]) -> Makeup:
    return add(*(makeups[name]() for name in names))


_Named = Iterator[tuple[str, Callable[[], Makeup]]]


def _list_all(figures: PlanFigures) -> _Named:
    own = PlanParts(figures, figures.view.plan, "")
    yield from _list_money(own, figures)
    yield from _list_security(own, figures)
    for payer in figures.payers.each:
        yield from _list_payer(own, figures, payer)
    yield from _list_ceilings(own, figures.payers.together)
    for holding in figures.holdings:
        yield from _list_holding(own, holding)


def _list_money(own: PlanParts, figures: PlanFigures) -> _Named:
    yield "cash", lambda: own.money(paid=True)
    for t in figures.money.years:
        yield name_line("cash", t), partial(own.money, paid=True, year=t)
    yield "residual_value", lambda: take(Makeup(()), own.money(paid=False))
    yield "net_cost", own.money
    yield "net_cost_at_start", lambda: own.money(at_start=True)
    yield "of_gdp", lambda: divide(own.money(paid=True), own.measure("income"))
    baseline = figures.view.baseline
    if baseline is None or not all(plan.has_plan for plan in baseline.alone.values()):
        return
    alone = [PlanParts(figures, plan, m) for m, plan in baseline.alone.items()]
    yield "alone", lambda: add(*(one.money(at_start=True) for one in alone))
    yield (
        "against_alone",
        lambda: take(own.money(at_start=True), add(*(one.money(at_start=True) for one in alone))),
    )
    yield name_line("missing_of_all", "alone"), lambda: _share(*alone)
    equal = baseline.equal
    if equal is None or not equal.has_plan:
        return
    safe = PlanParts(figures, equal, EQUAL)
    yield (
        "saving",
        lambda: take(add(*(one.money(at_start=True) for one in alone)), safe.money(at_start=True)),
    )
    yield "more_security", lambda: take(own.money(at_start=True), safe.money(at_start=True))
    yield name_line("missing_of_all", "as_safe_as_alone"), lambda: _share(safe)


def _share(*plans: PlanParts, wanted: Callable[[Any], bool] = lambda _: True) -> Makeup:
    """The missing part of needs of plans taken together."""
    missing, asked = (
        add(*(one.needs(missing=is_missing, wanted=wanted) for one in plans))
        for is_missing in (True, False)
    )
    return divide(missing, asked)


def _list_security(own: PlanParts, figures: PlanFigures) -> _Named:
    security = figures.security
    yield "missing_of_all", lambda: _share(own)
    for threat, year in security.worst:
        asked = [n for n in security.needs if (n.threat, n.year) == (threat, year) and n.asked > 0]
        worst = max(asked, key=lambda need: need.share).key
        yield name_line("missing", threat, year), partial(_share_of_need, own, worst)


def _share_of_need(own: PlanParts, worst: Any) -> Makeup:
    missing, asked = (
        own.needs(missing=is_missing, wanted=lambda key: bool(key == worst), weigh=False)
        for is_missing in (True, False)
    )
    return divide(missing, asked)


def _list_payer(own: PlanParts, figures: PlanFigures, payer: Payer) -> _Named:
    m = payer.party
    yield name_line("cash", m), lambda: own.money_of(m, paid=True)
    yield name_line("net_cost_at_start", m), lambda: own.money_of(m, at_start=True)
    yield name_line("of_gdp", m), lambda: _of_gdp(own, m)
    yield from _list_ceilings(own, payer)
    yield from _list_against_alone(own, figures, m)


def _of_gdp(own: PlanParts, party: str) -> Makeup:
    return divide(own.money_of(party, paid=True), own.measure("income", party))


def _list_ceilings(own: PlanParts, payer: Payer) -> _Named:
    """Of one who pays, or of all together, where there are ceilings."""
    code = (payer.party,) if payer.party else ()
    filled = payer.filled_by_year
    if filled:
        yield name_line("of_ceiling", *code), partial(_of_ceiling, own, payer, set(filled))
        fullest = max(filled, key=filled.__getitem__)
        yield name_line("fullest", *code), partial(_of_ceiling, own, payer, {fullest})


def _of_ceiling(own: PlanParts, payer: Payer, years: set[int]) -> Makeup:
    party = payer.party or None
    paid = own.money(paid=True) if party is None else own.money_of(party, paid=True)
    most = own.measure("ceiling", party)
    return Makeup(
        tuple(part for part in paid.over if part.year in years),
        tuple(part for part in most.over if part.year in years),
    )


def _list_against_alone(own: PlanParts, figures: PlanFigures, m: str) -> _Named:
    baseline = figures.view.baseline
    if baseline is None or m not in baseline.alone or not baseline.alone[m].has_plan:
        return
    apart = PlanParts(figures, baseline.alone[m], m)
    yield name_line("alone", m), lambda: apart.money(at_start=True)
    yield (
        name_line("against_alone", m),
        lambda: take(own.money_of(m, at_start=True), apart.money(at_start=True)),
    )
    equal = baseline.equal
    if equal is None or not equal.has_plan:
        return
    safe = PlanParts(figures, equal, EQUAL)
    yield (
        name_line("saving", m),
        lambda: take(apart.money(at_start=True), safe.money_of(m, at_start=True)),
    )
    yield (
        name_line("more_security", m),
        lambda: take(own.money_of(m, at_start=True), safe.money_of(m, at_start=True)),
    )


_HOLDINGS: Final = {
    "today": ("units today", None),
    "aged_out": ("aged out", None),
    "given_up": ("given up", None),
    "ordered": ("ordered", None),
    "in_service": ("in service", -1),
    "lent": ("lent at once", -1),
}
"""Figures of a force of a member: the account, and which of the years where it is of one."""


def _list_holding(own: PlanParts, holding: Holding) -> _Named:
    years = sorted(holding.in_service)
    for name, (account, place) in _HOLDINGS.items():
        year = () if place is None else (years[place],)
        told = name_line(name, holding.party, holding.force)
        yield told, partial(own.account, account, holding.party, holding.force, *year)
