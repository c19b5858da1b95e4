"""What the plan costs and who pays, on the decision page."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cssopt.document.document import (
    Beside,
    Block,
    Cells,
    Chart,
    Column,
    Form,
    Formula,
    Mark,
    Note,
    Pair,
    Pairs,
    Table,
)
from cssopt.language import (
    is_told,
    join_phrases,
    phrase,
    phrase_count,
    tell_others,
    write_percent,
    write_years,
)
from cssopt.questions.plan.figures.lines import FigureLine, list_lines, name_line
from cssopt.questions.plan.figures.payers import FULL, Payer, Payers
from cssopt.questions.plan.figures.plan_figures import PlanFigures
from cssopt.questions.plan.pages.measures import split_largest, tell_all, tell_prices, tell_span
from cssopt.questions.plan.pages.page import PAGE_FIGURES, name_page
from cssopt.questions.plan.pages.stretches import make_heading

_BILLION = 1000.0
"""Million."""
_SAME = 0.5
"""Million below which a difference is none: the page writes whole millions."""
_NAMED = 2


@dataclass(frozen=True)
class Cited:
    """Figures of the page, which a workbook reads from its table of them."""

    lines: Mapping[str, tuple[int, FigureLine]]

    @classmethod
    def of(cls, figures: PlanFigures) -> Cited:
        """All of a plan."""
        return cls({line.name: (row, line) for row, line in enumerate(list_lines(figures))})

    def cell(self, *name: Any, is_taken_off: bool = False) -> Formula | None:
        """A cell that shows a figure, with the other sign where it is taken off; None where it has
        no value."""
        row, line = self.lines[name_line(*name)]
        if not math.isfinite(line.value):
            return None
        cells = (Cells("value", row=row, table=PAGE_FIGURES),)
        if is_taken_off:
            return Formula(-line.value, "-{0}", cells)
        return Formula(line.value, "{0}", cells)


def show_cost_of(figures: PlanFigures, cited: Cited) -> Iterator[Block]:
    """Cash by year, and from cash to net cost."""
    money, view = figures.money, figures.view
    horizon = view.plan.data.horizon
    yield make_heading(
        phrase("2 What does it cost?"),
        phrase(
            "million {currency}, prices of {year}; bars in billion",
            currency=horizon.currency,
            year=horizon.price_year,
        ),
    )
    cash = Table(
        "cash_in_billion",
        (
            Column("what", title=phrase("billion {currency}", currency=horizon.currency)),
            *(Column(str(t), "number", str(t), decimals=1) for t in money.years),
        ),
        ((phrase("Cash"), *(paid / _BILLION for paid in money.cash_by_year.values())),),
    )
    title = phrase("Cash by year, billion {currency}", currency=horizon.currency)
    page = name_page("cost")
    lines = Pairs(
        "cash_to_net_cost",
        (
            Pair(
                phrase("Cash, all years"), cited.cell("cash"), "million", is_strong=True, page=page
            ),
            Pair(
                phrase("less residual value of bought units, end of {year}", year=money.years[-1]),
                cited.cell("residual_value", is_taken_off=True),
                "million",
                page=page,
            ),
            Pair(phrase("Net cost"), cited.cell("net_cost"), "million", is_strong=True, page=page),
            Pair(
                phrase(
                    "the same in {year} value ({rate} a year)",
                    year=money.years[0],
                    rate=write_percent(money.rate),
                ),
                cited.cell("net_cost_at_start"),
                "million",
                is_strong=True,
                page=page,
            ),
        ),
    )
    years = tuple(str(t) for t in money.years)
    chart = Chart("columns", cash.name, "what", years, title, rows_are_series=True)
    yield Beside((chart, lines))
    yield cash


def show_payments(figures: PlanFigures, cited: Cited) -> Iterator[Block]:
    """What each pays, of what, and beside standing alone."""
    payers = figures.payers
    yield make_heading(phrase("3 Who pays what?"), tell_prices(figures.view))
    shown, others = split_largest(payers.each)
    if others:
        shown, others = split_largest(payers.largest_first)
    are_compared = len(payers.each) > 1 and payers.together.alone is not None
    columns = _columns(figures, are_compared=are_compared)
    rows = [_cells(figures, cited, one, columns) for one in shown]
    if others:
        together = _add_up(others)
        rows.append(_cells(figures, None, together, columns))
    rows.append(_cells(figures, cited, payers.together, columns))
    marks: dict[tuple[int, str], Mark] = {}
    for row, one in enumerate(shown):
        if one.full_years:
            marks[row, "fullest"] = "reached"
        against = one.against_alone
        if are_compared and against is not None and _is_worth(against, payers):
            marks[row, "against_alone"] = "more" if against > 0 else "less"
    yield Table(
        "payments",
        columns,
        tuple(rows),
        note=_tell_notes(figures, are_compared=are_compared),
        marks=marks,
        last_is_total=True,
    )
    if figures.view.baseline is None and len(payers.each) > 1:
        told = phrase(
            "Standing alone was not worked out in this run: {command}",
            command="cssopt compare BOOK",
        )
        yield Note(told, "quiet")


def _is_worth(against: float, payers: Payers) -> bool:
    """True for a difference that is told, and not written as 0."""
    return abs(against) >= _SAME and is_told(against, payers.doubt_against_alone)


def _columns(figures: PlanFigures, *, are_compared: bool) -> tuple[Column, ...]:
    years = figures.money.years
    pays: dict[str, Any] = {"group": phrase("What it pays"), "page": name_page("who_pays")}
    net: dict[str, Any] = {
        "group": phrase("Net cost in {year} value", year=years[0]),
        "page": name_page("together"),
    }
    compared: tuple[tuple[str, Form, str], ...] = (
        ("alone", "million", phrase("Alone")),
        ("saving", "difference", phrase("Saving")),
        ("more_security", "difference", phrase("More security")),
        ("net_cost_at_start", "million", phrase("This plan")),
        ("against_alone", "difference", phrase("against alone")),
    )
    if not are_compared:
        compared = (compared[3],)
    return (
        Column("who", title=phrase("Member")),
        Column("cash", "million", phrase("Cash, {years}", years=tell_span(years).lower()), **pays),
        Column("of_gdp", "fine_percent", phrase("of its GDP"), **pays),
        Column("of_ceiling", "percent", phrase("of its ceiling"), **pays),
        Column("fullest", title=phrase("Fullest year"), **pays),
        *(
            Column(name, form, title, on_screen=name not in _NOT_ON_SCREEN, **net)
            for name, form, title in compared
        ),
    )


_NOT_ON_SCREEN = ("saving", "more_security")
"""Steps from alone to this plan for which a screen has no room."""
_DOUBTS = {"saving": "doubt_of_saving", "more_security": "doubt_of_more",
           "against_alone": "doubt_against_alone"}  # fmt: skip
_FIGURES = ("cash", "of_gdp", "of_ceiling", "alone", "saving", "more_security", "against_alone",
            "net_cost_at_start")  # fmt: skip


def _cells(
    figures: PlanFigures, cited: Cited | None, one: Payer, columns: Sequence[Column]
) -> tuple[Any, ...]:
    """A row about a member, or about all; about others where nothing is cited."""
    found: dict[str, Any] = {"fullest": _tell_fullest(one)}
    if cited is None:
        net, saving = one.net_at_start, one.saving
        found |= {
            "who": one.name,
            "cash": one.cash,
            "of_gdp": one.of_gdp if math.isfinite(one.of_gdp) else None,
            "of_ceiling": one.of_ceiling,
            "alone": one.alone,
            "saving": None if saving is None else -saving,
            "more_security": one.more_security,
            "net_cost_at_start": net,
            "against_alone": one.against_alone,
        }
    else:
        code = () if one is figures.payers.together else (one.party,)
        found |= {name: cited.cell(name, *code, is_taken_off=name == "saving") for name in _FIGURES}
        found["who"] = one.name if code else tell_all()
    if one.limited_years:
        # Beside the cash of all years it would be read as a share of that.
        found["of_ceiling"] = None
    for name, doubt in _DOUBTS.items():
        value = found[name]
        number = value.value if isinstance(value, Formula) else value
        if number is not None and not is_told(number, getattr(figures.payers, doubt)):
            found[name] = phrase("no difference told")
    return tuple(found[column.name] for column in columns)


def _tell_fullest(one: Payer) -> str | None:
    if one.fullest is None:
        return None if one.name == "" else phrase("no ceiling")
    share, years = one.fullest
    if one.name == "":
        return None
    told = 1.0 if FULL <= share <= 2 - FULL else share
    return phrase("{share} ({years})", share=write_percent(told), years=write_years(years))


def _add_up(others: Sequence[Payer]) -> Payer:
    """Several members as one; of their ceilings nothing is told, for each has its own."""

    def total(values: list[float | None]) -> float | None:
        known = [value for value in values if value is not None]
        return math.fsum(known) if len(known) == len(values) else None

    years = others[0].cash_by_year
    return Payer(
        "",
        tell_others(len(others)),
        {t: math.fsum(one.cash_by_year[t] for one in others) for t in years},
        {t: math.fsum(one.gdp_by_year[t] for one in others) for t in years},
        {t: math.fsum(one.ceiling_by_year[t] for one in others) for t in years}
        if all(set(one.ceiling_by_year) == set(years) for one in others)
        else {},
        math.fsum(one.common for one in others),
        math.fsum(one.net_at_start for one in others),
        total([one.alone for one in others]),
        total([one.equal for one in others]),
    )


def _tell_notes(figures: PlanFigures, *, are_compared: bool) -> str:
    payers = figures.payers
    if len(payers.each) == 1 or figures.view.baseline is None:
        return ""
    if not are_compared:
        return phrase("What each would pay alone is not known from this run.")
    if payers.together.equal is None:
        return phrase("What acting together saves is not told: page Together says why.")
    told = phrase(
        "Saving: what acting together changes at the security that members would have alone (a "
        "minus: it pays less). More security: what this plan adds to that. Alone + saving + more "
        "security = this plan."
    )
    return f"{tell_more_than_alone(figures)} {told}".strip()


def tell_more_than_alone(figures: PlanFigures) -> str:
    """Who pays more than alone; nothing where that is not told."""
    payers = figures.payers
    if not is_told(_SAME, payers.doubt_against_alone):
        return ""
    more = [one for one in payers.each if (one.against_alone or 0.0) >= _SAME]
    if not more:
        return phrase("No member pays more than it would alone.")
    if len(more) == len(payers.each):
        return phrase("Every member pays more than it would alone.")
    return phrase_count(
        "{names} pays more than it would alone.",
        "{names} pay more than they would alone.",
        len(more),
        names=join_phrases([one.name for one in more], _NAMED + 1),
    )
