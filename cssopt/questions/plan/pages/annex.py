"""An annex for each member, one page each: what it pays, does and decides."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence

from cssopt.document.document import (
    Beside,
    Block,
    Chart,
    Column,
    Mark,
    Note,
    Pair,
    Pairs,
    Rich,
    Sheet,
    Span,
    Table,
)
from cssopt.language import (
    LEAST_UNITS,
    MET_TO,
    is_told,
    join_phrases,
    phrase,
    phrase_count,
    write_count,
    write_decimal,
    write_money,
    write_percent,
    write_units,
    write_years,
)
from cssopt.modeling.accounts import Undertaking
from cssopt.questions.plan.figures.holdings import Holding
from cssopt.questions.plan.figures.payers import Payer, Payers
from cssopt.questions.plan.figures.plan_figures import PlanFigures
from cssopt.questions.plan.figures.proportion import Proportion
from cssopt.questions.plan.figures.security import Security
from cssopt.questions.plan.opinions import Opinions, Ranges
from cssopt.questions.plan.pages.finding import begin_finding
from cssopt.questions.plan.pages.measures import tell_prices
from cssopt.questions.plan.pages.page import name_page

_SAME = 0.5
"""Million below which a difference is told as none: tables write whole millions."""


def show_annexes(figures: PlanFigures, opinions: Opinions) -> Iterator[Sheet]:
    """A page for each member, in the order of the inputs."""
    for place in range(len(figures.payers.each)):
        yield show_annex(figures, opinions, place)


def show_annex(figures: PlanFigures, opinions: Opinions, place: int) -> Sheet:
    """The page of one member, by its place in the order of the inputs."""
    one = figures.payers.each[place]
    key = f"{_make_safe(one.party)}_{place + 1}"
    currency = figures.view.plan.data.horizon.currency
    return Sheet(
        name_annex([own.name for own in figures.payers.each], place),
        blocks=(
            _show_tiles(figures, opinions, one, key),
            *_show_cash(figures, one, key),
            *_show_forces(figures, one, key),
            *_show_money(figures, one, key),
            *_show_decisions(figures, one),
            *_show_security(figures, one),
        ),
        is_page=True,
        question=phrase("What does the plan ask of {name}, and what does it give?", name=one.name),
        finding=begin_finding(
            figures, title_annex(one, figures.payers, len(figures.money.years), currency)
        ),
    )


def name_annex(names: Sequence[str], place: int) -> str:
    """The name of a member's page, by its place among the full names of all; of members of one name
    with that place."""
    if names.count(names[place]) > 1:
        return phrase("Annex {number}: {name}", number=place + 1, name=names[place])
    return phrase("Annex: {name}", name=names[place])


def _make_safe(code: str) -> str:
    """A code as a part of the name of a table or a file."""
    return re.sub(r"[^0-9A-Za-z]+", "_", code).strip("_").lower()[:20] or "party"


def title_annex(one: Payer, payers: Payers, years: int, currency: str) -> str:
    """What the member pays in so many years, beside its ceiling and beside standing alone."""
    if one.cash <= 0:
        return phrase("{name} pays nothing in this plan", name=one.name)
    parts = {
        "name": one.name,
        "cash": write_money(one.cash, currency),
        "years": phrase_count("one year", "{number} years", years, number=write_count(years)),
        "ceiling": _tell_ceiling(one),
    }
    against = one.against_alone
    if len(payers.each) == 1 or against is None or not is_told(against, payers.doubt_against_alone):
        if one.of_ceiling is None:
            return phrase("{name} pays {cash} in {years}; it has no ceiling", **parts)
        return phrase("{name} pays {cash} in {years}, {ceiling}", **parts)
    parts["money"] = write_money(abs(against), currency)
    if one.of_ceiling is None:
        if abs(against) < _SAME:
            return phrase("{name} pays {cash} in {years}, and net as much as alone", **parts)
        if against > 0:
            return phrase("{name} pays {cash} in {years}, and net {money} more than alone", **parts)
        return phrase("{name} pays {cash} in {years}, and net {money} less than alone", **parts)
    if abs(against) < _SAME:
        return phrase(
            "{name} pays {cash} in {years}, {ceiling}, and net as much as alone",
            **parts,
        )
    if against > 0:
        return phrase(
            "{name} pays {cash} in {years}, {ceiling}, and net {money} more than alone",
            **parts,
        )
    return phrase(
        "{name} pays {cash} in {years}, {ceiling}, and net {money} less than alone",
        **parts,
    )


def _tell_ceiling(one: Payer) -> str:
    """What share of its ceiling it pays, and of which years, where not all have one."""
    share = write_percent(one.of_ceiling or 0.0)
    if one.limited_years:
        years = write_years(one.limited_years)
        return phrase("{share} of its ceiling of {years}", share=share, years=years)
    return phrase("{share} of its ceiling", share=share)


def _show_tiles(figures: PlanFigures, opinions: Opinions, one: Payer, key: str) -> Pairs:
    years, first = len(figures.money.years), figures.money.years[0]
    prices = tell_prices(figures.view)
    return Pairs(
        f"annex_key_figures_{key}",
        (
            Pair(
                phrase("Cash a year, on average"),
                one.cash / years,
                "million",
                prices
                if one.gdp <= 0
                else phrase(
                    "{prices}; {share} of its GDP",
                    prices=prices,
                    share=write_percent(one.of_gdp, 2),
                ),
                page=name_page("who_pays"),
            ),
            Pair(
                phrase("Net cost in {year} value", year=first),
                one.net_at_start,
                "million",
                _tell_alone(figures, one),
                page=name_page("together"),
            ),
            _show_range(figures, opinions.ranges, one),
        ),
        are_tiles=True,
    )


def _tell_alone(figures: PlanFigures, one: Payer) -> str:
    prices = tell_prices(figures.view)
    if len(figures.payers.each) == 1:
        return prices
    if one.alone is None:
        return phrase("{prices}; alone: not known", prices=prices)
    alone = write_decimal(one.alone)
    if one.equal is None:
        return phrase("{prices}; alone {alone}", prices=prices, alone=alone)
    return phrase(
        "{prices}; alone {alone}, as safe as alone but together {equal}",
        prices=prices,
        alone=alone,
        equal=write_decimal(one.equal),
    )


def _show_range(figures: PlanFigures, ranges: Ranges | None, one: Payer) -> Pair:
    """How much of its net cost is open to negotiation, where another run tells it."""
    label, page = phrase("Open to negotiation"), name_page("sure")
    own = None if ranges is None else ranges.burden.get((one.party,))
    if ranges is None or own is None:
        asks = "cssopt alternatives BOOK"
        return Pair(label, phrase("not asked in this run"), "text", f"`{asks}`", page=page)
    parts = {"prices": tell_prices(figures.view), "share": write_percent(ranges.within)}
    return Pair(
        label,
        phrase("{least} to {most}", least=write_decimal(own.least), most=write_decimal(own.most)),
        "text",
        phrase(
            "{prices}; its net cost in simplified plans that cost at most {share} more than the "
            "least of them",
            **parts,
        )
        if ranges.is_simplified
        else phrase("{prices}; its net cost in plans that cost at most {share} more", **parts),
        page=page,
    )


def _proportion(figures: PlanFigures, one: Payer) -> Proportion:
    return next(own for own in figures.proportions.each if own.party == one.party)


def _share(number: float) -> str:
    """A share, where there is anything to have a share of."""
    return phrase("no part") if math.isnan(number) else write_percent(number)


def _show_cash(figures: PlanFigures, one: Payer, key: str) -> Iterator[Block]:
    """Cash of each year beside the ceiling: a line where it is the same in all years."""
    name = f"annex_cash_{key}"
    years, ceilings = figures.money.years, one.ceiling_by_year
    table = Table(
        name,
        (
            Column("year", "text", phrase("Year")),
            Column("cash", "million", phrase("Cash"), total=True),
            Column("ceiling", "million", phrase("Ceiling")),
            Column("of_ceiling", "percent", phrase("of its ceiling")),
            Column("of_gdp", "fine_percent", phrase("of its GDP")),
        ),
        tuple(
            (
                str(t),
                one.cash_by_year[t],
                ceilings.get(t),
                one.filled_by_year.get(t),
                one.cash_by_year[t] / one.gdp_by_year[t] if one.gdp_by_year[t] > 0 else None,
            )
            for t in years
        ),
        note="" if ceilings else phrase("It has no ceiling."),
        marks={
            (row, "of_ceiling"): "reached" for row, t in enumerate(years) if t in one.full_years
        },
    )
    yield Note(phrase("Its cash by year"), is_heading=True)
    yield Beside((_draw_cash(figures, one, name), table))


def _draw_cash(figures: PlanFigures, one: Payer, table: str) -> Chart:
    """Cash below a line at the ceiling. Where ceilings differ its share of them: bars above another
    year's ceiling would seem to break it."""
    ceilings = one.ceiling_by_year
    if ceilings and max(ceilings.values()) - min(ceilings.values()) >= _SAME:
        return Chart(
            "columns",
            table,
            "year",
            ("of_ceiling",),
            phrase("Cash by year as a share of its ceiling"),
            {phrase("its ceiling"): 1.0},
        )
    title = phrase("Cash by year, {prices}", prices=tell_prices(figures.view))
    lines = {phrase("its ceiling"): max(ceilings.values())} if ceilings else {}
    return Chart("columns", table, "year", ("cash",), title, lines)


def _show_forces(figures: PlanFigures, one: Payer, key: str) -> Iterator[Block]:
    """From today to the last year, and what is lent."""
    held = [own for own in figures.holdings if own.party == one.party]
    last = figures.money.years[-1]
    yield Note(phrase("Its forces"), is_heading=True)
    if not held:
        yield Note(phrase("{name} has no forces, and orders none.", name=one.name))
        return
    page = name_page("from_today")
    yield Table(
        f"annex_forces_{key}",
        (
            Column("kind", "text", phrase("Force"), page=page),
            Column("today", "units", phrase("Today")),
            Column("aged_out", "units", phrase("Ages out")),
            Column("gives_up", "text", phrase("Gives up")),
            Column("ordered", "text", phrase("Orders")),
            Column("last", "units", str(last)),
            Column("lent", "units", phrase("Lent in {year}", year=last)),
        ),
        tuple(
            (
                own.force_name,
                own.today,
                own.total_aged if own.total_aged > 0 else None,
                _write_by_year(own.given_up, "given_up"),
                _write_by_year(own.ordered, "ordered"),
                own.last,
                own.lent_last if own.last > 0 else None,
            )
            for own in held
        ),
        note=phrase(
            "Units. Today, less what ages out and is given up, with what has arrived, is what "
            "serves in {year}. Lent: most at one time.",
            year=last,
        ),
    )


def _write_by_year(units: Mapping[int, float], mark: Mark) -> Rich | None:
    told = [
        phrase("{units} in {year}", units=write_units(number), year=t)
        for t, number in units.items()
        if number >= LEAST_UNITS
    ]
    return Rich((Span(", ".join(told), mark),)) if told else None


def _show_money(figures: PlanFigures, one: Payer, key: str) -> Iterator[Block]:
    """What its money is for; its share of common costs is one of the purposes."""
    own, years = figures.own_money(one.party), figures.money.years
    cash = [(phrase(entry.says), entry.total) for entry in own.cash if abs(entry.total) >= _SAME]
    small = sum(entry.total for entry in own.cash if abs(entry.total) < _SAME)
    if one.common:
        cash.append((phrase("Its share of common costs"), one.common))
    if small >= _SAME:
        cash.append((phrase("Other purposes"), small))
    rows: list[tuple[str, float | None, float | None]] = [
        (says, amount, amount / one.cash if one.cash > 0 else None) for says, amount in cash
    ]
    rows.append((phrase("Cash"), one.cash, 1.0 if one.cash > 0 else None))
    rows.append((phrase("Residual value in {year}", year=years[-1]), -own.residual_value, None))
    rows.append((phrase("Net cost in {year} value", year=years[0]), one.net_at_start, None))
    yield Note(phrase("Its money"), is_heading=True)
    yield Table(
        f"annex_money_{key}",
        (
            Column("purpose", "text", phrase("What it is for"), page=name_page("cost")),
            Column("cash", "million", phrase("All years")),
            Column("of_cash", "percent", phrase("of its cash")),
        ),
        tuple(rows),
        note=phrase("{prices}; all years added up.", prices=tell_prices(figures.view)),
        last_is_total=True,
    )


def _show_decisions(figures: PlanFigures, one: Payer) -> Iterator[Block]:
    """What it must decide, by year."""
    yield Note(phrase("What it must decide"), is_heading=True)
    held = [own for own in figures.holdings if own.party == one.party]
    begun = [u for u in figures.undertakings if u.party == one.party and u.begun is not None]
    is_empty = True
    for t in figures.money.years:
        for sentence in _decide_in(t, held, begun):
            is_empty = False
            year = Span(phrase("{year}: ", year=t), is_strong=True)
            yield Note.of(year, Span(sentence), is_point=True)
    if is_empty:
        yield Note(phrase("Nothing: {name} keeps what it has, and orders nothing.", name=one.name))


def _decide_in(t: int, held: list[Holding], begun: list[Undertaking]) -> Iterator[str]:
    """What is decided in a year, a sentence for each kind."""
    for own in begun:
        if own.begun == t:
            yield _tell_beginning(own)
    given_up = [_count(own.given_up[t], own) for own in held if own.given_up[t] >= LEAST_UNITS]
    if given_up:
        yield phrase("give up {units}.", units=join_phrases(given_up))
    ordered = [_count(own.ordered[t], own) for own in held if own.ordered[t] >= LEAST_UNITS]
    if ordered:
        yield phrase("order {units}.", units=join_phrases(ordered))


def _tell_beginning(own: Undertaking) -> str:
    if own.works is None:
        return phrase("begin “{name}”.", name=own.name)
    if own.works == own.begun:
        return phrase("begin “{name}”, which takes effect at once.", name=own.name)
    return phrase("begin “{name}”, which takes effect from {year}.", name=own.name, year=own.works)


def _count(units: float, own: Holding) -> str:
    return phrase("{units} \u00d7 {force}", units=write_units(units), force=own.force_name)


def _show_security(figures: PlanFigures, one: Payer) -> Iterator[Block]:
    """What it faces and supplies, alone and together."""
    own = _proportion(figures, one)
    yield Note(phrase("Its security"), is_heading=True)
    faced = phrase(
        "{name} faces {danger} of the danger, supplies {supplied} of the protection and bears "
        "{cost} of the net cost.",
        name=one.name,
        danger=_share(own.danger),
        supplied=_share(own.supplied),
        cost=_share(own.cost),
    )
    told = [faced]
    if len(figures.payers.each) > 1:
        told.append(tell_alone(one))
    told.append(tell_together(figures.own_security(one.party)))
    yield Note(" ".join(sentence for sentence in told if sentence))


def tell_alone(one: Payer) -> str:
    """How safe the member would be alone."""
    if one.worst_alone is None:
        return phrase("What would be missing alone is not known.")
    if one.worst_alone <= MET_TO:
        return phrase("Alone it could meet all its needs.")
    return phrase(
        "Alone, up to {share} of a need would be missing.", share=write_percent(one.worst_alone)
    )


def tell_together(own: Security) -> str:
    """How safe the member is in this plan: by the needs of which a part falls on it."""
    if not own.worst:
        return phrase("No need is its own.")
    if not own.short:
        return phrase("In this plan all its needs are met in every year.")
    worst = write_percent(max(need.share for need in own.short))
    if own.met_from is None:
        return phrase(
            "In this plan some of its needs are missing to the end, up to {share} of one.",
            share=worst,
        )
    return phrase(
        "In this plan all its needs are met from {year}; until then up to {share} of one is "
        "missing.",
        year=own.met_from,
        share=worst,
    )
