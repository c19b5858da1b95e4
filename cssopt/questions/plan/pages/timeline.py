"""The page: What must be decided by when?"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, Final, get_args

from cssopt.document.document import Block, Column, Mark, Note, Sheet, Table
from cssopt.language import (
    join_phrases,
    phrase,
    phrase_count,
    write_money,
    write_units,
    write_years,
)
from cssopt.modeling.accounts import Kind, Undertaking
from cssopt.names import key_parts
from cssopt.questions.plan.figures.holdings import Holding
from cssopt.questions.plan.figures.plan_figures import PlanFigures
from cssopt.questions.plan.opinions import Opinions, WhatIf
from cssopt.questions.plan.pages.finding import begin_finding, tell_not_asked, tell_simplified
from cssopt.questions.plan.pages.measures import tell_prices, tell_value
from cssopt.questions.plan.pages.page import make_page
from cssopt.solution.plain import NOISE

_MOST_YEARS: Final = 10
"""Years that have a column each; of more the dates stand alone."""
_MOST_ROWS: Final = 24
"""Orders that stand in the order of the inputs."""
_NAMED: Final = 2
"""What a title names one by one."""
_KINDS: Final = get_args(Kind)
"""The order in which they stand: what has to be in force first."""


def show_timeline(figures: PlanFigures, opinions: Opinions) -> Sheet:
    """What is begun when, what a late ratification costs, and what is ordered."""
    delays = find_delays(figures.undertakings, opinions.what_ifs)
    return make_page(
        "timeline",
        phrase("What must be decided by when?"),
        begin_finding(figures, find_finding(figures, delays)),
        *_show_undertakings(figures),
        *_show_delays(figures, delays),
        *_show_orders(figures),
    )


def find_finding(figures: PlanFigures, delays: Sequence[tuple[Undertaking, WhatIf]]) -> str:
    """What must begin first, and which late ratification costs most."""
    first = _tell_first(figures.undertakings, figures.holdings)
    if first is None:
        return phrase("Nothing is begun or ordered in this plan")
    if not delays:
        return first
    told = [(one, what_if.more) for one, what_if in delays if what_if.more is not None]
    dear = [(one, more) for one, more in told if more > 0]
    if not dear:
        return phrase("{first}; no ratification that comes a year late is told to cost more",
                      first=first)  # fmt: skip
    worst, more = max(dear, key=lambda pair: pair[1])
    sign = "*" if any(what_if.is_simplified for _, what_if in delays) else ""
    return phrase(
        "{first}; of the ratifications a year late, {name} costs most: {money} more{sign}",
        first=first,
        sign=sign,
        name=worst.name,
        money=write_money(more, figures.view.plan.data.horizon.currency),
    )


def _tell_first(undertakings: Sequence[Undertaking], holdings: Sequence[Holding]) -> str | None:
    begun = [(one.begun, tell_name(one)) for one in in_order(undertakings) if one.begun is not None]
    ordered = [
        (year, one.force_name) for one in holdings for year, n in one.ordered.items() if n > NOISE
    ]
    if begun:
        first = min(year for year, _ in begun)
        names = [name for year, name in begun if year == first]
        return phrase(
            "{names} must begin in {year}", names=join_phrases(names, _NAMED + 1), year=first
        )
    if not ordered:
        return None
    first = min(year for year, _ in ordered)
    forces = list(dict.fromkeys(force for year, force in ordered if year == first))
    return phrase(
        "The first orders are due in {year}: {forces}",
        year=first,
        forces=join_phrases(forces, _NAMED + 1),
    )


# What is begun.


def _show_undertakings(figures: PlanFigures) -> Iterator[Block]:
    if not figures.undertakings:
        yield Note(phrase("The inputs know no treaty, body, programme or line to begin."), "quiet")
        return
    yield tabulate_undertakings(figures.undertakings, list(figures.view.years))


def tabulate_undertakings(undertakings: Sequence[Undertaking], years: Sequence[int]) -> Table:
    """What is or could be begun, by year: under way, and from when on it has its effect.

    Of many years the dates stand alone.
    """
    title = phrase("What is begun, and from when on it has its effect")
    if len(years) > _MOST_YEARS:
        columns = [
            Column("what", title=phrase("What")),
            Column("begins", "year", phrase("Begins")),
            Column("state", title=phrase("State")),
        ]
        dates = ((tell_name(one), one.begun, tell_state(one)) for one in in_order(undertakings))
        return Table("timeline", tuple(columns), tuple(dates), title)
    rows: list[tuple[str | None, ...]] = []
    marks: dict[tuple[int, str], Mark] = {}
    for one in in_order(undertakings):
        name = tell_name(one)
        if one.begun is None:
            name = phrase("{name} (not needed in this plan)", name=name)
        found = {year: _find_mark(one, year) for year in years}
        marks |= {(len(rows), str(year)): mark for year, mark in found.items() if mark is not None}
        rows.append((name, *(_tell_year(one, mark) for mark in found.values())))
    columns = [Column("what", title=phrase("What"))]
    columns += [Column(str(year), title=str(year)) for year in years]
    return Table("timeline", tuple(columns), tuple(rows), title, marks=marks)


def in_order(undertakings: Sequence[Undertaking]) -> list[Undertaking]:
    """The treaty first, then who ratifies it, and what rests on them."""
    return sorted(undertakings, key=lambda one: _KINDS.index(one.kind))


def tell_name(one: Undertaking) -> str:
    """What it is called; a production line bears the name of what it makes."""
    return phrase("Production line: {name}", name=one.name) if one.kind == "line" else one.name


def _find_mark(one: Undertaking, year: int) -> Mark | None:
    if one.begun is None or year < one.begun:
        return None
    return "bar" if one.works is not None and year >= one.works else "under_way"


def _tell_year(one: Undertaking, mark: Mark | None) -> str | None:
    if mark is None:
        return None
    return phrase("under way") if mark == "under_way" else tell_effect(one.kind)


def tell_effect(kind: Kind) -> str:
    """What something is once it has its effect."""
    match kind:
        case "treaty" | "ratification":
            return phrase("in force")
        case "preparation" | "programme":
            return phrase("complete")
        case "body" | "line":
            return phrase("works")


def tell_state(one: Undertaking) -> str:
    """From when on it has its effect, or why it has none."""
    if one.begun is None:
        return phrase("not needed in this plan")
    if one.works is None:
        return phrase("still under way when the plan ends")
    return phrase("{state} from {year}", state=tell_effect(one.kind), year=one.works)


# A late ratification.


def find_delays(
    undertakings: Sequence[Undertaking], what_ifs: Sequence[WhatIf]
) -> list[tuple[Undertaking, WhatIf]]:
    """Ratifications of the plan, each with the what-if in which it is later than in the plan.

    In another run one may have been planned for another year: what is no later is no delay here.
    """
    return [
        (one, what_if)
        for one, what_if in find_late(undertakings, what_ifs)
        if one.begun is not None and (_read_year(what_if) or 0) > one.begun
    ]


def find_late(
    undertakings: Sequence[Undertaking], what_ifs: Sequence[WhatIf]
) -> list[tuple[Undertaking, WhatIf]]:
    """Ratifications, each with the what-if that changes nothing but one cell of its input, to a
    year."""
    by_cell = {
        (what_if.changes[0].table, what_if.changes[0].row): what_if
        for what_if in what_ifs
        if len(what_if.changes) == 1 and _read_year(what_if) is not None
    }
    found = []
    for one in undertakings:
        row = ", ".join(str(part) for part in key_parts(one.row))
        what_if = by_cell.get((one.table, row))
        if one.kind == "ratification" and what_if is not None:
            found.append((one, what_if))
    return found


def _read_year(what_if: WhatIf) -> int | None:
    """The year to which a what-if sets a cell; None where it sets something else."""
    new = str(what_if.changes[0].new)
    return int(new) if len(new) == 4 and new.isdecimal() else None


def _show_delays(
    figures: PlanFigures, delays: Sequence[tuple[Undertaking, WhatIf]]
) -> Iterator[Block]:
    planned = [
        one for one in figures.undertakings if one.kind == "ratification" and one.begun is not None
    ]
    if not planned:
        return
    yield Note(phrase("What a late ratification costs"), is_heading=True)
    if not delays:
        yield tell_not_asked("cssopt whatif BOOK --ask ratification")
        return
    columns = (
        Column("ratification", title=phrase("Ratification")),
        Column("planned", "year", phrase("Planned for")),
        Column("begins_late", "year", phrase("Begins in")),
        Column("more_cost", "difference", phrase("Net cost: difference")),
        Column("more_missing", "points", phrase("Missing of all needs: points")),
    )
    what_ifs = {one.name: what_if for one, what_if in delays}
    rows = tuple(_tell_delay(one, what_ifs.get(one.name)) for one in planned)
    value = tell_value(figures.view)
    note = phrase("One ratification comes later, all else as planned; {value}.", value=value)
    yield Table("late_ratifications", columns, rows, note=note)
    if any(what_if.is_simplified for _, what_if in delays):
        yield tell_simplified()


def _tell_delay(one: Undertaking, what_if: WhatIf | None) -> tuple[Any, ...]:
    if what_if is None:
        unknown = phrase("not asked in that run")
        return one.name, one.begun, None, unknown, unknown
    name = f"{one.name}*" if what_if.is_simplified else one.name
    return name, one.begun, _read_year(what_if), *tell_differences(what_if)


def tell_differences(what_if: WhatIf) -> tuple[float | str, float | str]:
    """How much more a what-if costs and leaves missing, or that no difference is told."""
    if not what_if.has_plan:
        return phrase("no plan"), phrase("no plan")
    untold = phrase("no difference told")
    more, missing = what_if.more, what_if.more_missing
    return untold if more is None else more, untold if missing is None else missing


# Orders.


def _show_orders(figures: PlanFigures) -> Iterator[Block]:
    yield Note(phrase("Orders"), is_heading=True)
    ordered = [one for one in figures.holdings if one.total_ordered > NOISE]
    if len(ordered) > _MOST_ROWS:
        # Of many rows those that stand first are printed: the dearest ones.
        ordered.sort(key=lambda one: -one.total_paid)
    if not ordered:
        yield Note(phrase("Nothing is ordered in this plan."))
        return
    arrive = figures.view.plan.accounts["years to arrive"]
    yield tabulate_orders(ordered, arrive, tell_prices(figures.view))


def tabulate_orders(ordered: Sequence[Holding], arrive: Any, prices: str) -> Table:
    """Units ordered by member, force and year, what is paid for them, and when they arrive.

    arrive: years from an order to service, by force. prices: what money is measured in.
    """
    years = sorted({year for one in ordered for year, n in one.ordered.items() if n > NOISE})
    shown = years if len(years) <= _MOST_YEARS else []
    columns = (
        Column("who", title=phrase("Member")),
        Column("what", title=phrase("Force")),
        *(Column(str(year), "units", str(year), on_screen=False) for year in shown),
        *(() if shown else (Column("years", title=phrase("In")),)),
        Column("units", "units", phrase("Units")),
        Column("paid", "million", phrase("Paid")),
        Column("arrives_after", title=phrase("Arrives after")),
    )
    rows = [
        (
            one.party_name,
            one.force_name,
            *(_clean(one.ordered[year]) for year in shown),
            *(() if shown else (_tell_years(one),)),
            one.total_ordered,
            one.total_paid,
            _tell_wait(arrive.get(one.force)),
        )
        for one in ordered
    ]
    paid = math.fsum(one.total_paid for one in ordered)
    blank = [None] * (len(columns) - 3)
    rows.append((phrase("All members"), *blank, paid, None))
    note = phrase("Units ordered by year; paid in all years: {prices}.", prices=prices)
    return Table("orders_by_member", columns, tuple(rows), note=note, in_view=2,
                 last_is_total=True)  # fmt: skip


def _tell_years(one: Holding) -> str:
    return write_years(year for year, n in one.ordered.items() if n > NOISE)


def _clean(units: float) -> float | None:
    return units if units > NOISE else None


def _tell_wait(years: float | None) -> str | None:
    """Years from an order to service; the text is the same for whole years and parts of one."""
    if years is None:
        return None
    if years == int(years):
        return phrase_count("{count} year", "{count} years", int(years))
    return phrase("{number} years", number=write_units(years))
