"""Whether each threat is met, on the decision page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from cssopt.document.document import Block, Column, Note, Table
from cssopt.language import phrase, tell_others, write_percent, write_years
from cssopt.questions.plan.figures.plan_figures import PlanFigures
from cssopt.questions.plan.figures.security import NeedFigures, Security
from cssopt.questions.plan.pages.decision_money import Cited
from cssopt.questions.plan.pages.measures import split_largest
from cssopt.questions.plan.pages.page import name_page
from cssopt.questions.plan.pages.stretches import make_heading

_MOST_YEARS: Final = 8
"""Years that have a column each."""
_TOLD_YEARS: Final = 2
"""Years that words tell one by one."""


def show_threats(figures: PlanFigures, cited: Cited) -> Iterator[Block]:
    """The largest missing part of any need, by threat and year, and in words."""
    security = figures.security
    remark = phrase(
        "the largest missing part of any need of the threat; \u2013 no need in that year"
    )
    yield make_heading(phrase("1 Are the threats met?"), remark)
    if not security.worst:
        yield Note(phrase("Nothing is needed against any threat."))
        return
    threats, left = _split_threats(security)
    years = _pick_years(security)
    page = name_page("needs")
    columns = (
        Column("threat", title=phrase("Threat")),
        *(Column(str(year), "missing", str(year), page=page) for year in years),
        Column("in_words", "sentence", phrase("In words")),
    )
    rows: list[tuple[Any, ...]] = []
    for threat in threats:
        cells = (
            cited.cell("missing", threat, year) if (threat, year) in security.worst else None
            for year in years
        )
        rows.append((security.threats[threat], *cells, tell_threat(security, threat)))
    if left:
        worst = (_find_worst(security, left, year) for year in years)
        rows.append((tell_others(len(left)), *worst, _tell_others(security, left)))
    yield Table("threats_met", columns, tuple(rows), note=_tell_left_out(security, years))


def _split_threats(security: Security) -> tuple[list[Any], list[Any]]:
    """Threats in their order; of many those that are missing most first, and all others."""
    threats = list(security.threats)
    shown, left = split_largest(threats)
    if not left:
        return shown, left

    def missing(threat: Any) -> float:
        return sum(security.worst.get((threat, year), 0.0) for year in security.years)

    return split_largest(sorted(threats, key=missing, reverse=True))


def _pick_years(security: Security) -> tuple[int, ...]:
    """All years; of many the first, the last, and before others those in which some are short."""
    years = security.years
    if len(years) <= _MOST_YEARS:
        return years
    short = sorted({need.year for need in security.short})
    wanted = dict.fromkeys((years[0], years[-1], *short, *years))
    return tuple(sorted(list(wanted)[:_MOST_YEARS]))


def _tell_left_out(security: Security, years: Sequence[int]) -> str:
    left = [year for year in security.years if year not in years]
    if not left:
        return ""
    return phrase("In {years} see page {page}.", years=write_years(left), page=name_page("needs"))


def _find_worst(security: Security, threats: Sequence[Any], year: int) -> float | None:
    found = [security.worst[one, year] for one in threats if (one, year) in security.worst]
    return max(found, default=None)


def _tell_others(security: Security, threats: Sequence[Any]) -> str:
    years = sorted({year for threat in threats for year in security.short_in(threat)})
    if not years:
        return phrase("Met in every year.")
    return phrase("The largest missing part of any of them.")


def tell_threat(security: Security, threat: Any) -> str:
    """In which years what of a threat is missing."""
    years = security.short_in(threat)
    if not years:
        return phrase("Met in every year.")
    short = [need for need in security.short if need.threat == threat]
    if len(years) > _TOLD_YEARS:
        worst = max(short, key=lambda need: need.share)
        return phrase(
            "{years}: missing, most of it {capability} {share} in {year}.",
            years=write_years(years),
            capability=worst.capability_name,
            share=write_percent(worst.share),
            year=worst.year,
        )
    told = [_tell_year(year, [need for need in short if need.year == year]) for year in years]
    return phrase("{years} missing.", years="; ".join(told))


def _tell_year(year: int, short: Sequence[NeedFigures]) -> str:
    """What of each capability is missing at most on any day."""
    worst: dict[str, float] = {}
    for need in short:
        worst[need.capability_name] = max(worst.get(need.capability_name, 0.0), need.share)
    shares = [
        phrase("{name} {share}", name=name, share=write_percent(share))
        for name, share in sorted(worst.items(), key=lambda pair: -pair[1])
    ]
    return phrase("{year}: {shares}", year=year, shares=", ".join(shares))
