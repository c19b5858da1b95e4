"""The page: Are the threats met: which not, when, by how much?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from cssopt.document.document import Block, Column, Mark, Note, Sheet, Span, Table, pick_rows
from cssopt.language import (
    capitalize,
    join_phrases,
    phrase,
    phrase_count,
    write_count,
    write_percent,
    write_years,
)
from cssopt.questions.plan.figures.causes import Cause
from cssopt.questions.plan.figures.plan_figures import PlanFigures
from cssopt.questions.plan.figures.security import NeedFigures, Security
from cssopt.questions.plan.opinions import Opinions
from cssopt.questions.plan.pages.finding import begin_finding
from cssopt.questions.plan.pages.measures import largest_first, year_columns
from cssopt.questions.plan.pages.need_cells import (
    have_days,
    name_need,
    need_cells,
    need_columns,
    tell_measure,
)
from cssopt.questions.plan.pages.page import make_page, name_page

_MOST_STRETCHES: Final = 3
"""Stretches of years that a title tells apart."""
_MOST_YEARS: Final = 4
"""Years whose missing part is told one by one."""
_FEW: Final = 0.1
"""A missing part below it is told with a decimal."""
_MOST_NAMES: Final = 4
_BOTH: Final = 2


def show_needs(figures: PlanFigures, opinions: Opinions) -> Sheet:
    """Every need by year, what of it is missing, and why."""
    security = figures.security
    return make_page(
        "needs",
        phrase("Are the threats met: which not, when, by how much?"),
        begin_finding(figures, find_finding(security)),
        *_show_years(security),
        *_show_causes(figures),
        *_show_short(security),
        *tell_proof_of_needs(figures.certainty.proof),
    )


def find_finding(security: Security) -> str:
    """How many needs are short in which years, and from when on all are met."""
    total = len({name_need(need) for need in security.needs if need.asked > 0})
    if not total:
        return phrase("Nothing is needed in any year of this plan")
    if not security.short and total == _BOTH:
        return phrase("Both needs are met in every year")
    if not security.short:
        return phrase_count(
            "The only need is met in every year",
            "All {number} needs are met in every year",
            total,
            number=write_count(total),
        )
    short = capitalize(_tell_short(security))
    if security.met_from is not None:
        return phrase("{short}; from {year} all are met", short=short, year=security.met_from)
    last = security.years[-1]
    return phrase("{short}; the plan ends in {year} with needs unmet", short=short, year=last)


def _tell_short(security: Security) -> str:
    """How many needs are short, by stretches of years with as many; the last of many as one."""
    stretches: dict[tuple[int, int], list[int]] = {}
    for year in security.years:
        asking = [need for need in security.needs if need.year == year and need.asked > 0]
        count = sum(need.is_short for need in asking)
        if count:
            stretches.setdefault((count, len(asking)), []).append(year)
    (count, total), years = next(iter(stretches.items()))
    parts = {
        "number": write_count(count),
        "total": write_count(total),
        "years": write_years(years),
    }
    if count == total == _BOTH:
        first = phrase("both needs are short in {years}", **parts)
    elif count == total:
        first = phrase_count(
            "the only need is short in {years}",
            "all {number} needs are short in {years}",
            count,
            **parts,
        )
    else:
        first = phrase_count(
            "{number} of {total} needs is short in {years}",
            "{number} of {total} needs are short in {years}",
            count,
            **parts,
        )
    rest = list(stretches.items())[1:]
    told = rest if len(stretches) <= _MOST_STRETCHES else rest[: _MOST_STRETCHES - 2]
    others = [
        phrase("{number} in {years}", number=write_count(count), years=write_years(years))
        for (count, _), years in told
    ]
    if last := rest[len(told) :]:
        others.append(
            phrase(
                "up to {number} in {years}",
                number=write_count(max(count for (count, _), _ in last)),
                years=write_years(year for _, years in last for year in years),
            )
        )
    return ", ".join([first, *others])


def _show_years(security: Security) -> Iterator[Block]:
    """The missing part of every need in every year."""
    by_need: dict[Any, dict[int, NeedFigures]] = {}
    for need in security.needs:
        if need.asked > 0:
            by_need.setdefault(name_need(need), {})[need.year] = need
    if not by_need:
        return
    firsts = [next(iter(years.values())) for years in by_need.values()]
    has_day = have_days(firsts)
    columns = (
        *need_columns(firsts),
        *year_columns(security.years, "missing"),
    )
    rows = tuple(
        (
            *need_cells(first, has_day=has_day),
            *(years[t].share if t in years else None for t in security.years),
        )
        for first, years in zip(firsts, by_need.values(), strict=True)
    )
    yield Note(
        phrase(
            "Share of the need that is missing. A need is power of one kind that must be in place "
            "against a threat by a given day of a crisis."
        ),
        "quiet",
    )
    shading = phrase(
        "Shading: up to 10\u00a0%, 30\u00a0% or 50\u00a0% of a need is missing, or more. A dash: "
        "nothing is needed."
    )
    worst = [max(need.share for need in years.values()) for years in by_need.values()]
    yield Table(
        "needs_by_year",
        columns,
        rows,
        note=f"{shading} {tell_missing(security)}",
        picked=pick_rows(largest_first(worst), len(rows)),
    )


def tell_missing(security: Security) -> str:
    """What of all needs is missing, in the worst years and in all."""
    # A need may be short whose part in all needs is next to nothing.
    years = {need.year for need in security.short}
    found = {t: x for t, x in security.missing_by_year.items() if t in years}
    whole = _write_share(security.missing_of_all)
    if not found:
        return phrase("Of all needs, nothing is missing.")
    if len(found) <= _MOST_YEARS:
        told = [
            phrase("{share} in {years}", share=_write_share(x), years=t) for t, x in found.items()
        ]
        return phrase(
            "Of all needs, weighted by the priority of their threats, this is missing: {shares}. "
            "Over all years it is {whole} of all needs.",
            shares=join_phrases(told),
            whole=whole,
        )
    worst = max(found, key=lambda t: found[t])
    return phrase(
        "Of all needs, weighted by the priority of their threats, up to {share} is missing, in "
        "{year}. Over all years it is {whole} of all needs.",
        share=_write_share(found[worst]),
        year=worst,
        whole=whole,
    )


def _write_share(share: float) -> str:
    return write_percent(share, 1 if share < _FEW else 0)


def _show_causes(figures: PlanFigures) -> Iterator[Block]:
    """Why, by stretches of years of the same causes."""
    stretches: dict[tuple[Any, ...], list[int]] = {}
    for year, causes in figures.causes.items():
        same = tuple((cause.kind, cause.who, cause.what) for cause in causes)
        stretches.setdefault(same, []).append(year)
    if not stretches:
        return
    yield Note(phrase("Why?"), is_heading=True)
    for years in stretches.values():
        told = " ".join(tell_cause(cause) for cause in figures.causes[years[0]])
        lead = Span(f"{write_years(years)}: ", is_strong=True)
        yield Note.of(lead, Span(told), is_point=True)
    yield Note(
        phrase(
            "This is what holds in these years. What stands in the way of one need is proven by: "
            "cssopt why BOOK"
        ),
        "quiet",
    )


def tell_cause(cause: Cause) -> str:
    """A reason for needs that are short, in a sentence."""
    who, what = (join_phrases(names, _MOST_NAMES) for names in (cause.who, cause.what))
    if cause.kind == "treaty":
        return phrase(
            "The treaty is not in force: members may not yet help each other, and each has to meet "
            "the whole danger that it faces."
        )
    if cause.kind == "ratification":
        return phrase_count(
            "{names} has not ratified yet and cannot lend.",
            "{names} have not ratified yet and cannot lend.",
            len(cause.who),
            names=who,
        )
    if cause.kind == "command":
        return phrase("Lent forces count for less, as no joint command works.")
    if cause.kind == "arrival":
        return phrase("Not all that is ordered has arrived: {names}.", names=what)
    if cause.kind == "ceiling":
        return phrase_count(
            "{names} is at its ceiling.",
            "{names} are at their ceilings.",
            len(cause.who),
            names=who,
        )
    if cause.kind == "ceiling_before":
        return phrase_count(
            "{names} was at its ceiling in years before, when units for now could be kept or "
            "ordered.",
            "{names} were at their ceilings in years before, when units for now could be kept or "
            "ordered.",
            len(cause.who),
            names=who,
        )
    if cause.kind == "nobody":
        return phrase("Neither the treaty, orders nor ceilings stand in the way.")
    return phrase(
        "Neither the treaty, orders nor ceilings stand in the way: this plan leaves it so."
    )


def _show_short(security: Security) -> Iterator[Block]:
    """Every need that is short, with what there is against it."""
    needs = security.short
    if not needs:
        return
    has_day = have_days(needs)
    page = name_page("bridge")
    columns = (
        *need_columns(needs),
        Column("year", "year", title=phrase("Year")),
        Column("need", "units", title=phrase("Need"), page=page),
        Column("covered_by_own", "units", title=phrase("Own")),
        Column("covered_by_lent", "units", title=phrase("Lent")),
        Column("missing", "units", title=phrase("Missing"), page=page),
        Column("measured_in", title=phrase("Measured in")),
    )
    rows = tuple(
        (
            *need_cells(need, has_day=has_day),
            need.year,
            need.asked,
            need.own,
            need.lent + need.lost,
            need.short,
            tell_measure(need),
        )
        for need in needs
    )
    marks: dict[tuple[int, str], Mark] = {(row, "missing"): "bad" for row in range(len(rows))}
    yield Note(phrase("Every need that is short"), is_heading=True)
    yield Table(
        "needs_short",
        columns,
        rows,
        note=phrase(
            "Own: covered by members for their own part. Lent: by members for others, as far as it "
            "counts."
        ),
        marks=marks,
        picked=pick_rows(largest_first([need.share for need in needs]), len(rows)),
    )


def tell_proof_of_needs(proof: str) -> Sequence[Note]:
    """A note where a plan that leaves less missing may exist."""
    if proof in ("proven", "money open"):
        return ()
    told = phrase("It is not proven that no plan leaves less missing: the search was ended before.")
    return (Note(told, "warn"),)
