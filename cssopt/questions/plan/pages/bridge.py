"""The page: How does each need come about, and what covers it?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from cssopt.document.document import (
    Beside,
    Block,
    Chart,
    Column,
    Mark,
    Note,
    Sheet,
    Table,
    pick_rows,
)
from cssopt.language import (
    MET_TO,
    join_phrases,
    phrase,
    phrase_count,
    write_count,
    write_percent,
    write_units,
)
from cssopt.questions.plan.figures.plan_figures import PlanFigures
from cssopt.questions.plan.figures.security import NeedFigures, Security
from cssopt.questions.plan.opinions import Opinions
from cssopt.questions.plan.pages.finding import begin_finding
from cssopt.questions.plan.pages.measures import largest_first
from cssopt.questions.plan.pages.need_cells import (
    have_days,
    need_cells,
    need_columns,
    tell_day,
    tell_measure,
)
from cssopt.questions.plan.pages.page import make_page

_NOISE: Final = 1e-9
"""Power below it is rounding."""
_BETWEEN: Final = 0.5
"""What tells 0 from 1 where a whole number is kept with rounding."""


def show_bridge(figures: PlanFigures, opinions: Opinions) -> Sheet:
    """The need of which most is missing as steps, and every need in the years that matter."""
    need = find_shown(figures.security)
    return make_page(
        "bridge",
        phrase("How does each need come about, and what covers it?"),
        begin_finding(figures, find_finding(need)),
        *(() if need is None else _show_steps(need, figures)),
        *_show_all(figures),
    )


def find_shown(security: Security) -> NeedFigures | None:
    """The need that stands for all: the one with the largest missing part, or, where all are met,
    the largest in the last year; None where nothing is needed."""
    if security.largest is not None:
        return security.largest
    asking = [need for need in security.needs if need.asked > 0]
    last = max((need.year for need in asking), default=None)
    return max(
        (need for need in asking if need.year == last), key=lambda need: need.asked, default=None
    )


def find_finding(need: NeedFigures | None) -> str:
    """What that need comes to, and what of it is missing."""
    if need is None:
        return phrase("Nothing is needed in any year of this plan")
    parts: dict[str, Any] = {
        "threat": need.threat_name,
        "year": need.year,
        "power": _write_power(need.asked, need),
        "alone": write_units(need.asked - need.overlap),
        "share": write_percent(need.share),
    }
    # What would be shown as the same number is no finding.
    is_shared = write_units(need.asked - need.overlap) != write_units(need.asked)
    if is_shared and need.is_short:
        return phrase(
            "Met together, {threat} needs {power}, not {alone}; in {year} {share} of it is missing",
            **parts,
        )
    if is_shared:
        return phrase(
            "Met together, {threat} needs {power}, not {alone}; in {year} it is met in full",
            **parts,
        )
    if need.is_short:
        return phrase("{threat} needs {power} in {year}; {share} of it is missing", **parts)
    return phrase("{threat} needs {power} in {year}; it is met in full", **parts)


def _write_power(power: float, need: NeedFigures) -> str:
    return phrase("{number} {measure}", number=write_units(power), measure=tell_measure(need))


def list_steps(need: NeedFigures) -> list[tuple[str, float, Mark | None]]:
    """From what was typed to the need, and from nothing to what covers it: names and power.

    The first five end at the sixth, the need; those behind it begin at 0 and end there too.
    """
    steps: list[tuple[str, float, Mark | None]] = [
        (phrase("Typed in the workbook"), need.typed, None),
        (phrase("Growth since the first year"), need.growth, "quiet"),
        (phrase("Each exposed member alone"), need.apart, "quiet"),
        (phrase("Overlap met once"), need.overlap, "less"),
        (phrase("Relief by talks and aid"), need.relieved, "less"),
        (phrase("Need"), need.asked, None),
        (phrase("Covered by own forces"), need.own, None),
        (phrase("Covered by lent forces"), need.lent, "lent"),
        (phrase("Lost: no joint command"), need.lost, "quiet"),
        (phrase("Missing"), need.short, "bad"),
    ]
    if need.surplus > _NOISE:
        steps.append((phrase("Beyond the need"), -need.surplus, "quiet"))
    return steps


NEED_ROW: Final = 5
"""The row of `list_steps` at which the need stands; what covers it begins behind it."""


def _show_steps(need: NeedFigures, figures: PlanFigures) -> Iterator[Block]:
    steps = list_steps(need)
    measure = tell_measure(need)
    table = Table(
        "need_steps",
        (
            Column("step", title=phrase("Step")),
            Column("power", "units", title=phrase("Power")),
        ),
        tuple((name, _clean(power)) for name, power, _ in steps),
        marks={
            (row, "power"): mark
            for row, (_, power, mark) in enumerate(steps)
            if mark and abs(power) > MET_TO * need.asked
        },
    )
    if need.day is None:
        title = phrase(
            "{threat}, {kind}, in {year}, {measure}",
            threat=need.threat_name,
            kind=need.what,
            year=need.year,
            measure=measure,
        )
    else:
        title = phrase(
            "{threat}, {kind} by {day} in {year}, {measure}",
            threat=need.threat_name,
            kind=need.capability_name,
            day=tell_day(need),
            year=need.year,
            measure=measure,
        )
    totals = (0, NEED_ROW, NEED_ROW + 1)
    yield Chart("waterfall", table.name, "step", ("power",), title, totals=totals)
    told = [Note(text) for text in tell_steps(need, _count_exposed(need, figures))]
    yield Beside((table, *told))


def _count_exposed(need: NeedFigures, figures: PlanFigures) -> int:
    danger = figures.view.plan.accounts["danger"]
    return sum(amount > _NOISE for key, amount in danger.items() if tuple(key[1:]) == need.key)


def tell_steps(need: NeedFigures, exposed: int) -> Iterator[str]:
    """What the steps mean that do not speak for themselves."""
    full = need.typed + need.growth
    if need.apart > _NOISE and exposed > 1:
        together = (
            phrase("Together they meet it once.")
            if need.overlap < -_NOISE
            else phrase("Until they act together, each has to meet its own part.")
        )
        exposed_to = phrase_count(
            "Why each exposed member alone: {number} member is exposed to this threat, with "
            "{share} of it.",
            "Why each exposed member alone: {number} members are exposed to this threat, with "
            "{share} of it between them.",
            exposed,
            number=write_count(exposed),
            share=write_percent((full + need.apart) / full) if full > 0 else "",
        )
        yield f"{exposed_to} {together}"
    elif need.apart < -_NOISE and full > 0:
        yield phrase(
            "The shares of the members add up to {share} of the threat: the rest falls on "
            "nobody and is not met.",
            share=write_percent((full + need.apart) / full),
        )
    if need.lost < -_NOISE and need.lent > 0:
        yield phrase(
            "Lent forces count {share} of their power in {year}, as no joint command works.",
            share=write_percent((need.lent + need.lost) / need.lent),
            year=need.year,
        )
    yield phrase(
        "From typed to need the steps add up to the need. Own, lent, lost and missing add up to it "
        "again."
    )


def find_told_years(years: tuple[int, ...], acting: dict[int, float]) -> list[int]:
    """The first year, the first one of acting together, and the last one."""
    together = next((t for t in years if acting.get(t, 1.0) > _BETWEEN), years[0])
    return sorted({years[0], together, years[-1]})


def _show_all(figures: PlanFigures) -> Iterator[Block]:
    years = find_told_years(figures.security.years, figures.acting)
    needs = [
        need
        for year in years
        for need in figures.security.needs
        if need.year == year and need.asked > 0
    ]
    if not needs:
        return
    has_day = have_days(needs)
    comes, covers = phrase("How it comes about"), phrase("What covers it")
    columns = (
        *need_columns(needs),
        Column("year", "year", title=phrase("Year")),
        Column("typed", "units", title=phrase("Typed"), group=comes),
        Column("grown", "units", title=phrase("Growth"), group=comes),
        Column("each_alone", "units", title=phrase("Alone"), group=comes),
        Column("overlap", "units", title=phrase("Overlap"), group=comes),
        Column("relieved", "units", title=phrase("Relief"), group=comes),
        Column("need", "units", title=phrase("Need")),
        Column("covered_by_own", "units", title=phrase("Own"), group=covers),
        Column("covered_by_lent", "units", title=phrase("Lent"), group=covers),
        Column("loss", "units", title=phrase("Loss"), group=covers),
        Column("missing", "units", title=phrase("Missing"), group=covers),
    )
    rows = tuple(
        (*need_cells(need, has_day=has_day), need.year, *_list_powers(need, figures))
        for need in needs
    )
    marks: dict[tuple[int, str], Mark] = {
        (row, "missing"): "bad" for row, need in enumerate(needs) if need.is_short
    }
    yield Note(
        phrase("All needs in {years}", years=join_phrases([str(t) for t in years])), is_heading=True
    )
    yield Table(
        "needs_bridge",
        columns,
        rows,
        note=phrase(
            "Typed + growth + alone + overlap + relief = need. Own + lent + loss + missing = need, "
            "or more where more is in place."
        ),
        marks=marks,
        picked=pick_rows(largest_first([need.share for need in needs]), len(rows)),
    )


def _list_powers(need: NeedFigures, figures: PlanFigures) -> tuple[float | None, ...]:
    """The numbers of a need; none where there can be nothing."""
    is_first = need.year == figures.security.years[0]
    acts = figures.acting.get(need.year, 1.0) > _BETWEEN
    return (
        _clean(need.typed),
        None if is_first else _clean(need.growth),
        _clean(need.apart),
        _clean(need.overlap) if acts else None,
        _clean(need.relieved),
        _clean(need.asked),
        _clean(need.own),
        _clean(need.lent) if acts else None,
        _clean(need.lost) if acts else None,
        _clean(need.short) if need.is_short else 0.0,
    )


def _clean(power: float) -> float:
    return 0.0 if abs(power) < _NOISE else power
