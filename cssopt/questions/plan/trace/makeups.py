"""What each figure of the decision page is made of, by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from cssopt.questions.plan.figures.holdings import Holding
from cssopt.questions.plan.figures.payers import Payer
from cssopt.questions.plan.figures.plan_figures import PlanFigures
from cssopt.questions.plan.trace.parts import EQUAL, Makeup, PlanParts, add, divide, take

Makeups = Mapping[str, Callable[[], Makeup]]
"""What adds a figure up, by the name of the figure."""


def list_makeups(figures: PlanFigures) -> Makeups:
    """Of all figures of these that add up from amounts of plans that were worked out."""
    found = dict(_list_all(figures))
    return {name: make for name, make in found.items() if make is not None}


_Named = Iterator[tuple[str, Callable[[], Makeup] | None]]


def _list_all(figures: PlanFigures) -> _Named:
    own = PlanParts(figures, figures.view.plan, "")
    yield from _list_money(own, figures)
    yield from _list_security(own, figures)
    for payer in figures.payers.each:
        yield from _list_payer(own, figures, payer)
    for holding in figures.holdings:
        yield from _list_holding(own, holding)


def _list_money(own: PlanParts, figures: PlanFigures) -> _Named:
    yield "cash", lambda: own.money(paid=True)
    for t in figures.money.years:
        yield f"cash.{t}", lambda t=t: own.money(paid=True, year=t)
    yield "residual_value", lambda: take(Makeup(()), own.money(paid=False))
    yield "net_cost", own.money
    yield "cash_at_start", lambda: own.money(paid=True, at_start=True)
    yield "residual_at_start", lambda: take(Makeup(()), own.money(paid=False, at_start=True))
    yield "net_cost_at_start", lambda: own.money(at_start=True)
    yield "bought", lambda: own.account("paid for orders")
    yield "of_gdp", lambda: divide(own.money(paid=True), own.measure("income"))
    baseline = figures.view.baseline
    if baseline is None or not all(plan.has_plan for plan in baseline.alone.values()):
        return
    alone = [PlanParts(figures, plan, m) for m, plan in baseline.alone.items()]
    yield "alone", lambda: add(*(one.money(at_start=True) for one in alone))
    yield "against_alone", lambda: take(
        own.money(at_start=True), add(*(one.money(at_start=True) for one in alone))
    )
    yield "missing_alone", lambda: _share(*alone)
    equal = baseline.equal
    if equal is None or not equal.has_plan:
        return
    safe = PlanParts(figures, equal, EQUAL)
    yield "saving", lambda: take(
        add(*(one.money(at_start=True) for one in alone)), safe.money(at_start=True)
    )
    yield "more_security", lambda: take(own.money(at_start=True), safe.money(at_start=True))
    yield "missing_as_safe_as_alone", lambda: _share(safe)


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
    for t in security.years:
        keys = {need.key for need in security.needs if need.year == t}
        yield f"missing_of_all.{t}", lambda keys=keys: _share(own, wanted=keys.__contains__)
    for threat, year in security.worst:
        asked = [n for n in security.needs if (n.threat, n.year) == (threat, year) and n.asked > 0]
        worst = max(asked, key=lambda need: need.share).key
        yield (
            f"missing.{threat}.{year}",
            lambda worst=worst: divide(
                own.needs(missing=True, wanted=lambda key: key == worst, weigh=False),
                own.needs(missing=False, wanted=lambda key: key == worst, weigh=False),
            ),
        )


def _list_payer(own: PlanParts, figures: PlanFigures, payer: Payer) -> _Named:
    m = payer.party
    yield f"cash.{m}", lambda: own.money_of(m, paid=True)
    yield f"net_cost_at_start.{m}", lambda: own.money_of(m, at_start=True)
    yield f"of_gdp.{m}", lambda: divide(own.money_of(m, paid=True), own.measure("income", m))
    if payer.ceiling_by_year:
        yield f"of_ceiling.{m}", lambda: _of_ceiling(own, m, set(payer.ceiling_by_year))
    if (fullest := payer.fullest) is not None:
        most = max(payer.filled_by_year, key=payer.filled_by_year.__getitem__)
        assert payer.filled_by_year[most] == fullest[0]
        yield f"fullest.{m}", lambda: _of_ceiling(own, m, {most})
    yield from _list_against_alone(own, figures, m)
    yield f"danger.{m}", lambda: divide(_danger(own, figures, m), _danger(own, figures))
    yield f"supplied.{m}", lambda: divide(_supplied(own, figures, m), _supplied(own, figures))
    yield (
        f"cost_share.{m}",
        lambda: divide(own.money_of(m, at_start=True), own.money(at_start=True)),
    )


def _of_ceiling(own: PlanParts, party: str, years: set[int]) -> Makeup:
    paid, most = own.money_of(party, paid=True), own.measure("ceiling", party)
    return Makeup(
        tuple(part for part in paid.over if part.year in years),
        tuple(part for part in most.over if part.year in years),
    )


def _list_against_alone(own: PlanParts, figures: PlanFigures, m: str) -> _Named:
    baseline = figures.view.baseline
    if baseline is None or m not in baseline.alone or not baseline.alone[m].has_plan:
        return
    apart = PlanParts(figures, baseline.alone[m], m)
    yield f"alone.{m}", lambda: apart.money(at_start=True)
    yield (
        f"against_alone.{m}",
        lambda: take(own.money_of(m, at_start=True), apart.money(at_start=True)),
    )
    equal = baseline.equal
    if equal is None or not equal.has_plan:
        return
    safe = PlanParts(figures, equal, EQUAL)
    yield (
        f"saving.{m}",
        lambda: take(apart.money(at_start=True), safe.money_of(m, at_start=True)),
    )
    yield (
        f"more_security.{m}",
        lambda: take(own.money_of(m, at_start=True), safe.money_of(m, at_start=True)),
    )


def _danger(own: PlanParts, figures: PlanFigures, *party: str) -> Makeup:
    weights = {need.key: need.weight for need in figures.security.needs}
    return own.account("danger", *party, factor=lambda key: weights.get(key[1:], 0.0))


def _supplied(own: PlanParts, figures: PlanFigures, *party: str) -> Makeup:
    """Own power, and what is lent as far as it counts."""
    weights = {need.key: need.weight for need in figures.security.needs}
    worth = {
        need.key: need.weight * (need.lent + need.lost) / need.lent if need.lent > 0 else 0.0
        for need in figures.security.needs
    }
    return add(
        own.account("covered by own", *party, factor=lambda key: weights.get(key[1:], 0.0)),
        own.account("covered by lent", *party, factor=lambda key: worth.get(key[1:], 0.0)),
    )


_HOLDINGS: Final = {
    "today": ("units today", None),
    "aged_out": ("aged out", None),
    "given_up": ("given up", None),
    "ordered": ("ordered", None),
    "paid": ("paid for orders", None),
    "in_service": ("in service", -1),
    "lent": ("lent at once", -1),
}
"""Figures of a force of a member: the account, and which of the years where it is of one."""


def _list_holding(own: PlanParts, holding: Holding) -> _Named:
    years = sorted(holding.in_service)
    for name, (account, place) in _HOLDINGS.items():
        year = () if place is None else (years[place],)
        key = (holding.party, holding.force, *year)
        yield (
            f"{name}.{holding.party}.{holding.force}",
            lambda account=account, key=key: own.account(account, *key),
        )
