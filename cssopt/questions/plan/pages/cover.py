"""The page: Who covers which threat?"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from cssopt.document.document import Block, Column, Mark, Note, Sheet, Table
from cssopt.language import phrase, tell_others, write_percent
from cssopt.questions.plan.figures.plan_figures import PlanFigures
from cssopt.questions.plan.figures.proportion import Cover
from cssopt.questions.plan.opinions import Opinions
from cssopt.questions.plan.pages.finding import begin_finding
from cssopt.questions.plan.pages.measures import split_largest
from cssopt.questions.plan.pages.page import make_page
from cssopt.solution.plain import NOISE

LARGE: Final = 0.15
"""Share of a threat from which a cell stands out."""

_YEARS: Final = ("at_first", "together", "at_last")
"""What the years are that are shown, as the names of tables say it."""
_OTHERS: Final = "others"
_WHOLE: Final = 100


def show_cover(figures: PlanFigures, opinions: Opinions) -> Sheet:
    """Shares of the needs of each threat by who covers them, in up to three years."""
    return make_page(
        "cover",
        phrase("Who covers which threat?"),
        begin_finding(figures, find_finding(figures)),
        *_show(figures),
    )


def find_finding(figures: PlanFigures) -> str:
    """The largest shares of the last year in which any threat asks for something."""
    covers = list(figures.proportions.cover.values())
    if not covers:
        return phrase("No threat asks for anything in any year of this plan")
    year = max(one.year for one in covers)
    names = {one.party: one.name for one in figures.proportions.each}
    largest = []
    for one in covers:
        if one.year == year:
            party = max(one.by_party, key=lambda party: one.by_party[party])
            largest.append((one.by_party[party], names[party], one))
    largest = sorted((one for one in largest if one[0] > 0), key=lambda one: -one[0])
    if not largest:
        return phrase("In {year} no member covers any part of a threat", year=year)
    threats = figures.security.threats
    told = [(name, write_percent(share), threats[one.threat]) for share, name, one in largest]
    member, share, threat = told[0]
    if len(told) == 1:
        return phrase(
            "In {year} {member} covers {share} of {threat}, more than anyone else",
            year=year,
            member=member,
            share=share,
            threat=threat,
        )
    if told[1][0] == member:
        return phrase(
            "In {year} {member} covers {share} of {threat} and {part} of {other}: the largest "
            "shares",
            year=year,
            member=member,
            share=share,
            threat=threat,
            part=told[1][1],
            other=told[1][2],
        )
    return phrase(
        "In {year} {member} covers {share} of {threat}, and {second} {part} of {other}: the "
        "largest shares",
        year=year,
        member=member,
        share=share,
        threat=threat,
        second=told[1][0],
        part=told[1][1],
        other=told[1][2],
    )


def find_years(years: Sequence[int], acting: Mapping[int, float]) -> dict[str, int]:
    """The first year, the first one in which the treaty works, and the last one, by what they are;
    a year that is two of them stands once."""
    together = next((year for year in years if acting.get(year, 1.0) > 0.5), None)
    found: dict[str, int] = {}
    for name, year in zip(_YEARS, (years[0], together, years[-1]), strict=True):
        if year is not None and year not in found.values():
            found[name] = year
    return found


def _show(figures: PlanFigures) -> Iterator[Block]:
    if not figures.proportions.cover:
        return
    parties, others = _pick_parties(figures)
    for name, year in find_years(figures.security.years, figures.acting).items():
        yield _tabulate(figures, f"cover_{name}", year, parties, others)
    if others:
        yield _tabulate_others(figures, others)
    yield Note(
        phrase(
            "Shares of the needs of a threat, weighted by capability; rows add up to {whole}\u00a0%"
            ". Own and lent forces together: what is lent counts for whoever is attacked.",
            whole=_WHOLE,
        ),
        "quiet",
    )


def _pick_parties(figures: PlanFigures) -> tuple[list[str], list[str]]:
    """Members that have a column of their own, and those that are added up: the ones that supply
    least where there are many."""
    each = figures.proportions.each
    shown, others = split_largest(sorted(each, key=lambda one: -one.supplied))
    kept = {one.party for one in shown}
    # Those that are shown stand in the order of the inputs.
    return [one.party for one in each if one.party in kept], [one.party for one in others]


def _tabulate(
    figures: PlanFigures, name: str, year: int, parties: Sequence[str], others: Sequence[str]
) -> Table:
    names = {one.party: one.name for one in figures.proportions.each}
    columns = [Column("threat", title=phrase("Threat"))]
    columns += [Column(f"of_{party}", "percent", names[party]) for party in parties]
    if others:
        columns.append(Column(_OTHERS, "percent", tell_others(len(others))))
    columns.append(Column("missing", "missing", phrase("Missing")))
    rows: list[tuple[Any, ...]] = []
    marks: dict[tuple[int, str], Mark] = {}
    for threat, said in figures.security.threats.items():
        cover = figures.proportions.cover.get((threat, year))
        shares = None if cover is None else _find_shares(cover, parties, others)
        if shares is None:
            rows.append((said, *[None] * (len(columns) - 1)))
            continue
        for column, share in zip(columns[1:-1], shares, strict=False):
            if share >= LARGE:
                marks[len(rows), column.name] = "bar"
        *covered, missing = shares
        rows.append((said, *map(_clean, covered), missing))
    title = phrase("{year}: who covers which share of the needs of a threat", year=year)
    return Table(name, tuple(columns), tuple(rows), title, marks=marks)


def _clean(share: float) -> float | None:
    """A share, where it is more than rounding makes."""
    return share if share > NOISE else None


def _find_shares(cover: Cover, parties: Sequence[str], others: Sequence[str]) -> list[float]:
    shares = [cover.by_party.get(party, 0.0) for party in parties]
    if others:
        shares.append(math.fsum(cover.by_party.get(party, 0.0) for party in others))
    return settle_shares([*shares, cover.missing])


def settle_shares(shares: Sequence[float]) -> list[float]:
    """Shares of a whole, so that what is shown of them in percent adds up to 100, give or take 1.

    Where rounding each of many would miss that, those with the largest rests are rounded up.
    """
    shown = [round(_WHOLE * share) for share in shares]
    if abs(sum(shown) - _WHOLE) <= 1:
        return list(shares)
    whole = [math.floor(_WHOLE * share) for share in shares]
    rests = sorted(range(len(shares)), key=lambda place: whole[place] - _WHOLE * shares[place])
    for place in rests[: _WHOLE - sum(whole)]:
        whole[place] += 1
    return [one / _WHOLE for one in whole]


def _tabulate_others(figures: PlanFigures, others: Sequence[str]) -> Table:
    """What each of those covers that have no column of their own, in the last year."""
    year = figures.security.years[-1]
    names = {one.party: one.name for one in figures.proportions.each}
    threats = figures.security.threats
    columns = [Column("who", title=phrase("Member"))]
    columns += [Column(f"of_{threat}", "percent", said) for threat, said in threats.items()]
    cover = figures.proportions.cover
    rows = [
        (
            names[party],
            *(
                _clean(cover[threat, year].by_party.get(party, 0.0))
                if (threat, year) in cover
                else None
                for threat in threats
            ),
        )
        for party in others
    ]
    title = phrase("{year}: what the others cover of each threat", year=year)
    return Table("cover_by_others", tuple(columns), tuple(rows), title)
