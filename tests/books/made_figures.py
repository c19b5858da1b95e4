"""Figures of plans made by hand, for tests of what pages say of them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from cssopt.document.document import Chart, Note, Sheet, Table, json_cell
from cssopt.questions.plan.figures.certainty import Certainty
from cssopt.questions.plan.figures.money import EntryMoney, Money
from cssopt.questions.plan.figures.payers import Payer, Payers
from cssopt.questions.plan.figures.plan_figures import PlanFigures
from cssopt.questions.plan.figures.proportion import Proportion, Proportions
from cssopt.questions.plan.figures.security import NeedFigures, Security

YEARS = (2027, 2028, 2029)


def make_need(year=2027, threat="A", capability="LAND", **numbers: Any) -> NeedFigures:
    """A need of 10, met by own power in full where nothing else is said of it."""
    told = {
        **dict.fromkeys(("growth", "apart", "overlap", "relieved", "lent", "lost", "short"), 0.0),
        **{"typed": 10.0, "day": 30.0, "measure": "brigade equivalents", "weight": 1.0},
        **numbers,
    }
    steps = ("typed", "growth", "apart", "overlap", "relieved")
    asked = told.setdefault("asked", sum(told[step] for step in steps))
    told.setdefault("own", asked - told["lent"] - told["lost"] - told["short"])
    kind = {"LAND": "Land combat", "AIR": "Air defence"}[capability]
    return NeedFigures(
        key=(threat, capability, told["day"], year),
        threat=threat,
        threat_name=f"Threat {threat}",
        capability=capability,
        capability_name=kind,
        what=f"{kind}, day 30",
        year=year,
        **told,
    )


def make_security(needs, years=YEARS, **shares: float) -> Security:
    """These needs, all threats in their order."""
    return Security(
        tuple(needs), {one.threat: one.threat_name for one in needs}, tuple(years), **shares
    )


def make_payer(name, cash, ceilings=(), net=0.0, **told: Any) -> Payer:
    """Who pays so much in each year, from a GDP of 1,000; a ceiling of None is none."""
    years = range(YEARS[0], YEARS[0] + len(cash))
    limits = {t: most for t, most in zip(years, ceilings, strict=False) if most is not None}
    return Payer(
        party=name[:3].upper(),
        name=name,
        cash_by_year=dict(zip(years, cash, strict=True)),
        gdp_by_year=dict.fromkeys(years, 1000.0),
        ceiling_by_year=limits,
        common=told.pop("common", 0.0),
        net_at_start=net,
        **told,
    )


def make_payers(*each: Payer, **doubts: Any) -> Payers:
    """These, and their sums."""

    def total(what):
        values = [getattr(one, what) for one in each]
        return None if None in values else sum(values)

    years = tuple(each[0].cash_by_year)
    together = make_payer("All", [sum(one.cash_by_year[t] for one in each) for t in years])
    together = Payer(
        **{
            **vars(together),
            "party": "",
            "name": "",
            "gdp_by_year": {t: sum(one.gdp_by_year[t] for one in each) for t in years},
            "common": total("common"),
            "net_at_start": total("net_at_start"),
            "alone": total("alone"),
            "equal": total("equal"),
        }
    )
    return Payers(tuple(each), together, **doubts)


def make_entry(entry, group, amounts, at_start=None) -> EntryMoney:
    """A purpose of money by year; its value of the first year is the plain sum if not told."""
    by_year = dict(zip(YEARS, amounts, strict=True))
    return EntryMoney(
        entry, entry.capitalize(), group, by_year, sum(amounts) if at_start is None else at_start
    )


def make_money(cash=(), residual=(), bought=0.0) -> Money:
    """Money of these entries."""
    return Money(YEARS, 0.03, tuple(cash), tuple(residual), bought)


def make_shares(name, danger, cost, gdp=0.5, supplied=0.5, covers_itself=0.5) -> Proportion:
    """The shares of one member."""
    return Proportion(name[:3].upper(), name, danger, supplied, cost, gdp, covers_itself)


def make_figures(**parts: Any) -> PlanFigures:
    """Figures of which these parts are told; `view` is what they would be read from."""
    horizon = SimpleNamespace(currency="EUR", price_year=2026, first=YEARS[0])
    plan = SimpleNamespace(
        data=SimpleNamespace(horizon=horizon),
        accounts={"danger": parts.pop("danger", {})},
        study=SimpleNamespace(links=parts.pop("study_links", ())),
        verdict=parts.pop("verdict", None),
    )
    view: Any = SimpleNamespace(plan=plan, years=YEARS, baseline=parts.pop("baseline", None))
    figures = PlanFigures(view)
    told = {
        "certainty": Certainty("proven", 0.0, ()),
        "causes": {},
        "acting": dict.fromkeys(YEARS, 1.0),
        "proportions": Proportions((), 0.0, {}),
        **parts,
    }
    # Each is kept where it would be once it was worked out.
    vars(figures).update(told)
    return figures


def find_table(sheet: Sheet, name: str) -> list[dict[str, Any]]:
    """Rows of a table of a page, plain."""
    table = next(one for one in sheet.tables if one.name == name)
    assert isinstance(table, Table)
    columns = [column.name for column in table.columns]
    return [dict(zip(columns, map(json_cell, row), strict=True)) for row in table.rows]


def find_chart(sheet: Sheet, kind: str) -> Chart:
    """The chart of a kind on a page."""
    (chart,) = (one for one in sheet.charts if one.kind == kind)
    return chart


def read_notes(sheet: Sheet) -> str:
    """All notes of a page, and those of its tables."""
    notes = [block.text for block in sheet.flat if isinstance(block, Note)]
    return "\n".join([*notes, *(one.note for one in sheet.tables if isinstance(one, Table))])
