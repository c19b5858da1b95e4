"""The page: Who pays what, in which year, and is there room?"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, Final

from cssopt.document.document import Block, Chart, Column, Mark, Note, Sheet, Table, sum_of_row
from cssopt.language import (
    capitalize,
    join_phrases,
    phrase,
    phrase_count,
    tell_others,
    write_count,
    write_years,
)
from cssopt.questions.plan.figures.payers import FULL, Payer, Payers, share_of_ceiling
from cssopt.questions.plan.figures.plan_figures import PlanFigures
from cssopt.questions.plan.opinions import Opinions
from cssopt.questions.plan.pages.finding import begin_finding
from cssopt.questions.plan.pages.measures import (
    split_largest,
    tell_all,
    tell_prices,
    tell_span,
    year_columns,
)
from cssopt.questions.plan.pages.page import make_page

_MOST_NAMES: Final = 3
"""Names that a title tells; of more how many there are."""
_BOTH: Final = 2


def show_who_pays(figures: PlanFigures, opinions: Opinions) -> Sheet:
    """Cash of each member by year, beside its own ceiling and its means."""
    return make_page(
        "who_pays",
        phrase("Who pays what, in which year, and is there room?"),
        begin_finding(figures, find_finding(figures.payers)),
        *_show_filled(figures),
        Note(
            phrase("Cash by member and year, {money}", money=tell_prices(figures.view)),
            is_heading=True,
        ),
        _show_cash(figures),
    )


def find_finding(payers: Payers) -> str:
    """Who is at a ceiling, and who has room."""
    limited = [one for one in payers.each if one.ceiling_by_year]
    full = [one for one in limited if one.full_years]
    if not limited:
        return phrase("No member has a ceiling: each pays what the plan asks of it")
    if len(payers.each) == 1:
        return _tell_single(payers.each[0])
    if not full:
        return phrase("No member reaches its ceiling")
    count = {"number": write_count(len(full)), "total": write_count(len(payers.each))}
    if len(full) == len(payers.each) == _BOTH:
        return phrase("Both members reach their ceilings in at least one year")
    if len(full) == len(payers.each):
        return phrase("All {number} members reach their ceilings in at least one year", **count)
    if len(full) > _MOST_NAMES:
        reach = phrase_count(
            "{number} of {total} members reaches its ceiling",
            "{number} of {total} members reach their ceilings",
            len(full),
            **count,
        )
    else:
        reach = phrase_count(
            "{names} reaches its ceiling",
            "{names} reach their ceilings",
            len(full),
            names=join_phrases([_name_with_years(one) for one in full]),
        )
    if len(limited) < len(payers.each):
        return phrase("{reach}; the others have room or no ceiling", reach=capitalize(reach))
    return phrase("{reach}; the others have room", reach=capitalize(reach))


def _name_with_years(one: Payer) -> str:
    return phrase("{name} ({years})", name=one.name, years=write_years(one.full_years))


def _tell_single(one: Payer) -> str:
    if one.full_years:
        return phrase(
            "{name} reaches its ceiling in {years}",
            name=one.name,
            years=write_years(one.full_years),
        )
    return phrase("{name} does not reach its ceiling", name=one.name)


def _show_filled(figures: PlanFigures) -> Iterator[Block]:
    """Cash as a share of the ceiling, a small chart for each member."""
    payers, years = figures.payers, figures.view.years
    limited = [one for one in payers.largest_first if one.ceiling_by_year]
    if not limited:
        yield Note(phrase("The workbook gives no ceilings: how much room there is cannot be told."))
        return
    largest, others = split_largest(limited)
    # A few members stand in the order of the inputs, as everywhere.
    shown = largest if others else [one for one in payers.each if one.ceiling_by_year]
    rows: list[tuple[Any, ...]] = [
        (one.name, *(one.filled_by_year.get(t) for t in years)) for one in shown
    ]
    if others:
        rows.append((tell_others(len(others)), *_fill_together(others, years)))
    columns = tuple(str(t) for t in years)
    marks: dict[tuple[int, str], Mark] = {
        (row, str(t)): "reached"
        for row, cells in enumerate(rows)
        for t, share in zip(years, cells[1:], strict=True)
        if share is not None and share >= FULL
    }
    table = Table(
        "filled_by_member",
        (Column("name", title=phrase("Member")), *year_columns(years, "percent")),
        tuple(rows),
        note=phrase(
            "Cash as a share of its own ceiling of the year. Shaded: the ceiling is "
            "reached. A dash: no ceiling."
        ),
        marks=marks,
    )
    yield Chart(
        "panels",
        table.name,
        "name",
        columns,
        phrase("Cash as a share of its own ceiling, percent"),
        line_at={phrase("ceiling"): 1.0},
    )
    yield table


def _fill_together(payers: Sequence[Payer], years: Sequence[int]) -> Iterator[float | None]:
    """Of those who have a ceiling in a year, their cash as a share of all their ceilings."""
    for t in years:
        limited = [one for one in payers if t in one.ceiling_by_year]
        if not limited:
            yield None
            continue
        paid = math.fsum(one.cash_by_year[t] for one in limited)
        yield share_of_ceiling(paid, math.fsum(one.ceiling_by_year[t] for one in limited))


def _show_cash(figures: PlanFigures) -> Table:
    payers, years = figures.payers, figures.view.years
    columns = (
        Column("name", title=phrase("Member")),
        *year_columns(years, "million"),
        Column("all_years", "million", title=tell_span(years)),
        Column("common", "million", title=phrase("of which common")),
        Column("ceiling", "million", title=phrase("Ceiling, all years")),
        Column("of_ceiling", "percent", title=phrase("Cash of ceiling")),
        Column("of_gdp", "fine_percent", title=phrase("Cash of GDP")),
    )
    lines = [(one, one.name) for one in payers.each] + [(payers.together, tell_all())]
    rows = tuple(
        (
            name,
            *(one.cash_by_year[t] for t in years),
            sum_of_row(row, str(years[0]), str(years[-1]), one.cash_by_year.values()),
            one.common,
            # Beside the cash of all years those of some would be read as of all.
            *((None, None) if one.limited_years else (one.ceiling, one.of_ceiling)),
            one.of_gdp,
        )
        for row, (one, name) in enumerate(lines)
    )
    marks: dict[tuple[int, str], Mark] = {
        (row, str(t)): "reached" for row, one in enumerate(payers.each) for t in one.full_years
    }
    return Table(
        "cash_by_member",
        columns,
        rows,
        note=phrase(
            "Shaded: the ceiling is reached. Of which common: its part of what all pay together. "
            "A dash: no ceiling in any year, or none that all have."
        ),
        marks=marks,
        last_is_total=True,
    )
