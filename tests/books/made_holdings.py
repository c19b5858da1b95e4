"""Figures of a plan made by hand, for the rules of pages: no plan is solved."""

from __future__ import annotations

from collections import defaultdict
from types import SimpleNamespace

from cssopt.modeling.accounts import Undertaking
from cssopt.questions.plan.figures.certainty import Certainty
from cssopt.questions.plan.figures.holdings import Holding
from cssopt.questions.plan.figures.plan_figures import PlanFigures
from cssopt.questions.plan.figures.proportion import Cover, Proportion, Proportions
from cssopt.questions.plan.opinions import Change, WhatIf

YEARS = range(2030, 2033)
PROVEN = Certainty("proven", 0.0, ())


def make_figures(*, verdict=(), accounts=None, **parts):
    """Figures of which `parts` are given, of a plan of three years in EUR that passed its audit.

    verdict: rules that the audit found broken. accounts: amounts by account.
    """
    horizon = SimpleNamespace(
        currency="EUR", price_year=2029, first=YEARS[0], years=YEARS, title="Made by hand"
    )
    plan = SimpleNamespace(
        verdict=verdict,
        data=SimpleNamespace(horizon=horizon),
        accounts=defaultdict(dict, accounts or {}),
        missing_share=parts.pop("missing_share", 0.0),
    )
    view = SimpleNamespace(
        plan=plan, baseline=parts.pop("baseline", None), years=YEARS, names={"member": {"A": "Arl"}}
    )
    figures = PlanFigures(view)
    vars(figures).update({"certainty": PROVEN, "undertakings": (), "holdings": (), **parts})
    return figures


def by_year(amounts=None):
    """Amounts of every year, 0 where none is given."""
    return {year: (amounts or {}).get(year, 0.0) for year in YEARS}


def make_holding(member, force, today, *, aged=None, given=None, ordered=None, paid=0.0, lent=0.0):
    """What a member has of a force; what is ordered in a year serves from then on."""
    aged, given, ordered = by_year(aged), by_year(given), by_year(ordered)
    bought, serving = {}, {}
    units = today
    for year in YEARS:
        units += ordered[year] - aged[year] - given[year]
        serving[year] = units
        bought[year] = sum(n for t, n in ordered.items() if t <= year)
    names = f"Member {member}", f"Force {force}"
    lending, paying = by_year({YEARS[-1]: lent}), by_year({YEARS[0]: paid})
    return Holding(
        member, force, *names, today, aged, given, ordered, bought, serving, lending, paying
    )


def make_proportions(cover, names):
    """Who covers what: shares by member, by threat and year; the rest is missing."""
    each = tuple(
        Proportion(party, name, 0.0, supplied, 0.0, 0.0, 0.0)
        for (party, name), supplied in zip(names.items(), range(len(names), 0, -1), strict=True)
    )
    covers = {
        (threat, year): Cover(threat, year, shares, 1 - sum(shares.values()))
        for (threat, year), shares in cover.items()
    }
    return Proportions(each, 0.0, covers)


def begun(kind, name, year=None, works=None, **more):
    """Something that is begun in a year, or never."""
    return Undertaking(kind=kind, name=name, begun=year, works=works, **more)


def make_what_if(name, more=None, *, changes=(), leavers="", points=0.0, **how):
    """A what-if against a base of 1,000 million with 10 % missing."""
    return WhatIf(
        name, (), tuple(Change(*one) for one in changes), leavers,
        1000.0 + (more or 0.0), more, 0.1 + points, points, 1000.0, 0.1, "optimal",
        how.get("is_simplified", False),
    )  # fmt: skip


def plain(text):
    """A text with blanks that may break."""
    return text.replace("\u00a0", " ")
