"""The page: Who must do what: what is kept, given up, bought and lent?"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from cssopt.document.document import Block, Chart, Column, Mark, Note, Sheet, Table
from cssopt.language import (
    LEAST_UNITS,
    join_phrases,
    phrase,
    phrase_count,
    write_percent,
    write_units,
)
from cssopt.questions.plan.figures.holdings import Holding
from cssopt.questions.plan.figures.plan_figures import PlanFigures
from cssopt.questions.plan.opinions import Opinions, Range, Ranges
from cssopt.questions.plan.pages.finding import begin_finding, tell_not_asked, tell_simplified
from cssopt.questions.plan.pages.page import make_page
from cssopt.solution.plain import NOISE, ratio

_NAMED: Final = 2
"""Forces that a title names."""
_MOST_ROWS: Final = 30
"""Pairs of member and force that a chart has room for; of more it shows each force of all."""
_MOST_POINTS: Final = 6
"""Cases that are worth a second look and told one by one."""


def show_from_today(figures: PlanFigures, opinions: Opinions) -> Sheet:
    """Units of every member and force from today to the last year, and what to look at twice."""
    return make_page(
        "from_today",
        phrase("Who must do what: what is kept, given up, bought and lent?"),
        begin_finding(figures, find_finding(figures.holdings)),
        *_show(figures, opinions.ranges),
    )


def find_finding(holdings: Sequence[Holding]) -> str:
    """What is given up and ordered, the forces of which it is most units first."""
    if not holdings:
        return phrase("No member has, orders or holds any force in this plan")
    given = _rank(holdings, lambda one: one.total_given_up)
    ordered = _rank(holdings, lambda one: one.total_ordered)
    if not given and not ordered:
        return phrase("Nothing is given up before its time, and nothing is ordered")
    if not given:
        return phrase("The plan orders {ordered}; nothing is given up", ordered=_name(ordered))
    year = _find_year(holdings, list(given)[:_NAMED])
    told = _name(given)
    if year is not None:
        told = phrase("{units}, most of it in {year}", units=told, year=year)
    if not ordered:
        return phrase("The plan gives up {given}; nothing is ordered", given=told)
    return phrase("The plan gives up {given}. It orders {ordered}", given=told,
                  ordered=_name(ordered))  # fmt: skip


def _rank(holdings: Sequence[Holding], total: Callable[[Holding], float]) -> dict[str, float]:
    """Units by force, of those that a reader would see, the most first."""
    sums: dict[str, float] = {}
    for one in holdings:
        sums[one.force_name] = sums.get(one.force_name, 0.0) + total(one)
    shown = {force: units for force, units in sums.items() if units >= LEAST_UNITS}
    return dict(sorted(shown.items(), key=lambda pair: -pair[1]))


def _name(units: Mapping[str, float]) -> str:
    told = join_phrases([name_units(n, force) for force, n in list(units.items())[:_NAMED]])
    return phrase("above all {units}", units=told) if len(units) > _NAMED else told


def name_units(units: float, force: str) -> str:
    """Units of a force, whose name stays as it was typed: ``2.4 x Air-defence battery``."""
    return phrase("{units} \u00d7 {force}", units=write_units(units), force=force)


def _find_year(holdings: Sequence[Holding], forces: Sequence[str]) -> int | None:
    """The year in which more than half of each of these forces is given up; None: in none."""
    own = [one for one in holdings if one.force_name in forces]
    years = own[0].given_up if own else ()
    for year in years:
        if all(
            2 * math.fsum(one.given_up[year] for one in own if one.force_name == force)
            > math.fsum(one.total_given_up for one in own if one.force_name == force)
            for force in forces
        ):
            return year
    return None


def _show(figures: PlanFigures, ranges: Ranges | None) -> Iterator[Block]:
    holdings = figures.holdings
    if not holdings:
        return
    is_large = len(holdings) > _MOST_ROWS
    table = tabulate_holdings(_rank_changes(holdings) if is_large else holdings, ranges)
    first, last = figures.view.years[0], figures.view.years[-1]
    drawn = _tabulate_forces(holdings) if is_large else table
    yield Chart(
        "dumbbell",
        drawn.name,
        "what",
        ("today", "last", "lent"),
        phrase("Units at the start of {first} and in {last}", first=first, last=last),
    )
    if drawn is not table:
        yield drawn
    yield table
    yield from _look_twice(figures)
    if ranges is None:
        yield tell_not_asked("cssopt alternatives BOOK")
    elif ranges.is_simplified:
        yield tell_simplified()


def _rank_changes(holdings: Sequence[Holding]) -> list[Holding]:
    """What changes most first: of many rows those that stand first are printed."""
    return sorted(holdings, key=lambda one: -max(one.total_given_up, one.total_ordered))


def tabulate_holdings(holdings: Sequence[Holding], ranges: Ranges | None = None) -> Table:
    """Every pair of member and force, from today to the last year.

    The last column, where other runs tell it, is how far it is open.
    """
    columns = [Column("who", title=phrase("Member")), *_columns(max(holdings[0].in_service))]
    rows = [[one.party_name, *_cells(one)] for one in holdings]
    note = _tell_sum(holdings)
    if ranges is not None:
        columns.append(Column("open", title=_sign(phrase("Open"), ranges)))
        for row, one in zip(rows, holdings, strict=True):
            found = ranges.units.get((str(one.party), str(one.force)))
            row.append(None if found is None else tell_range(found))
        says = phrase(
            "Open: units held, as the mean of all years, in any plan that costs at most {share} "
            "more.",
            share=write_percent(ranges.within),
        )
        note = f"{note} {says}"
    marks: dict[tuple[int, str], Mark] = {}
    for place, one in enumerate(holdings):
        if one.total_given_up >= LEAST_UNITS:
            marks |= {(place, "given_up"): "given_up", (place, "given_up_in"): "given_up"}
        if one.total_ordered >= LEAST_UNITS:
            marks |= {(place, "ordered"): "ordered", (place, "ordered_in"): "ordered"}
    return Table(
        "forces_from_today",
        tuple(columns),
        tuple(map(tuple, rows)),
        note=note,
        marks=marks,
        in_view=2,
    )


def _columns(last: int, *, with_years: bool = True) -> list[Column]:
    """Columns of units up to the last year; those in which years stand are for one member."""
    columns = [
        Column("what", title=phrase("Force")),
        Column("today", "units", phrase("Today")),
        Column("aged_out", "units", phrase("Ages out")),
        Column("given_up", "units", phrase("Gives up")),
        Column("given_up_in", title=phrase("Given up in")),
        Column("ordered", "units", phrase("Orders")),
        Column("ordered_in", title=phrase("Ordered in")),
        Column("last", "units", str(last)),
        Column("lent", "units", phrase("Lent")),
    ]
    return [one for one in columns if with_years or not one.name.endswith("_in")]


def _cells(one: Holding) -> tuple[Any, ...]:
    return (
        one.force_name,
        one.today,
        _clean(one.total_aged),
        _clean(one.total_given_up),
        _tell_years(one.given_up),
        _clean(one.total_ordered),
        _tell_years(one.ordered),
        one.last,
        _clean(one.lent_last),
    )


def _clean(units: float) -> float | None:
    """Units, where there are more than rounding makes."""
    return units if units > NOISE else None


def _tell_years(units: Mapping[int, float]) -> str | None:
    """In which years, and of several how much in each; None where there is nothing."""
    there = {year: n for year, n in units.items() if n > NOISE}
    if len(there) == 1:
        return str(next(iter(there)))
    return ", ".join(phrase("{units} in {year}", units=write_units(n), year=year)
                     for year, n in there.items()) or None  # fmt: skip


def _tabulate_forces(holdings: Sequence[Holding]) -> Table:
    """Every force of all members together: what a chart of many members shows."""
    rows = []
    for force in dict.fromkeys(one.force_name for one in holdings):
        own = [one for one in holdings if one.force_name == force]
        given, ordered, aged, lent = (
            _clean(math.fsum(getattr(one, name) for one in own))
            for name in ("total_given_up", "total_ordered", "total_aged", "lent_last")
        )
        today, last = (math.fsum(getattr(one, name) for one in own) for name in ("today", "last"))
        rows.append((force, today, aged, given, ordered, last, lent))
    columns = _columns(max(holdings[0].in_service), with_years=False)
    return Table("forces_of_all", tuple(columns), tuple(rows), phrase("All members together"))


def _tell_sum(holdings: Sequence[Holding]) -> str:
    last = max(holdings[0].in_service)
    sums = phrase(
        "Units; today \u2212 ages out \u2212 gives up + orders that have arrived by {last} = "
        "{last}.",
        last=last,
    )
    lent = phrase("Lent: at the common disposal in {last}, most at one time.", last=last)
    return f"{sums} {lent}"


def tell_range(one: Range) -> str:
    """From the least to the most units."""
    least, most = write_units(one.least), write_units(one.most)
    if least == most:
        return least
    return phrase("{least} to {most}", least=least, most=most)


def _sign(title: str, ranges: Ranges) -> str:
    return f"{title}*" if ranges.is_simplified else title


def _look_twice(figures: PlanFigures) -> Iterator[Note]:
    points = list(tell_twice(figures))
    if not points:
        return
    yield Note(phrase("Look twice"), is_heading=True)
    left = len(points) - _MOST_POINTS
    if left > 1:
        points = points[:_MOST_POINTS]
    for point in points:
        yield Note(point, is_point=True)
    if left > 1:
        told = phrase_count(
            "{count} more such case stands in the table.",
            "{count} more such cases stand in the table.",
            left,
        )
        yield Note(told, "quiet")


def tell_twice(figures: PlanFigures) -> Iterator[str]:
    """What a decider would ask about at once, a sentence each, the largest first."""
    found = figures.look_twice
    if found.leans_on_residual:
        yield phrase(
            "Of what is bought, {share} counts as still there at the end: more than half. Without "
            "this residual value another plan may be better.",
            share=write_percent(ratio(figures.money.residual_value, figures.money.bought)),
        )
    for one in sorted(found.swapped, key=lambda one: -one.total_given_up):
        yield phrase(
            "{member} gives up {given} \u00d7 {force} and orders {ordered} of the same.",
            member=one.party_name,
            given=write_units(one.total_given_up),
            force=one.force_name,
            ordered=write_units(one.total_ordered),
        )
    for one in sorted(found.emptied, key=lambda one: -one.today):
        yield phrase(
            "{member} is left with none of its {units} \u00d7 {force}.",
            member=one.party_name,
            units=write_units(one.today),
            force=one.force_name,
        )
