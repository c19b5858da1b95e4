"""The page: How sure are cost, security and shares?

The last steps of security are called dear where a plan that leaves a little more missing saves a
larger share of the net cost than the share of the missing part that it gives up: 1 % more missing
that saves 2 % of the net cost. They are not unusually dear otherwise. Steps below 1 % do not count.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any, Final

from cssopt.document.document import Beside, Block, Chart, Column, Mark, Note, Sheet, Table
from cssopt.language import (
    join_phrases,
    phrase,
    phrase_count,
    write_decimal,
    write_money,
    write_percent,
)
from cssopt.questions.plan.figures.certainty import Certainty, LastStep
from cssopt.questions.plan.figures.payers import Payer
from cssopt.questions.plan.figures.plan_figures import PlanFigures
from cssopt.questions.plan.opinions import Front, FrontPoint, Opinions, Range, Ranges
from cssopt.questions.plan.pages.finding import tell_not_asked, tell_proven, tell_simplified
from cssopt.questions.plan.pages.measures import MOST_DRAWN, tell_value
from cssopt.questions.plan.pages.page import make_page
from cssopt.solution.plain import ratio

WIDE: Final = 2.0
"""A range of what a member bears is open where it is wider than so many times what all together may
spend beyond the least: less than that the extra money alone explains."""

TOLD_FROM: Final = 0.00995
"""Share from which a step tells of the whole: a smaller one may be about a single unit."""

_MOST_POINTS: Final = 12
"""Points of a front that are shown: enough for its shape."""
_HALF: Final = 0.5
_NAMED: Final = 3


def show_sure(figures: PlanFigures, opinions: Opinions) -> Sheet:
    """What is proven, what the last steps of security cost, and how far the split is open."""
    ranges = opinions.ranges
    return make_page(
        "sure",
        phrase("How sure are cost, security and shares?"),
        find_finding(figures, ranges),
        *_show_proof(figures),
        *_show_charts(figures, opinions.front, ranges),
        Beside((*_show_last_steps(figures), *_show_ranges(figures, ranges))),
        *_show_front(figures, opinions.front),
        *_show_narrower(figures, ranges),
        *_tell_certain(ranges),
        *_tell_signs(opinions),
    )


def find_finding(figures: PlanFigures, ranges: Ranges | None) -> str:
    """How far the total is proven, whether the last steps are dear, and how open the split is."""
    certainty = figures.certainty
    currency = figures.view.plan.data.horizon.currency
    told = [_tell_proof(certainty, currency)]
    if figures.view.plan.verdict:
        told.insert(0, phrase("THE AUDIT FAILED"))
    steps = [step for step in certainty.last_steps if step.is_proven and math.isfinite(step.of_net)]
    if steps:
        told.append(
            phrase("the last steps of security are dear")
            if are_dear(steps)
            else phrase("the last steps of security are not unusually dear")
        )
    if ranges is not None and ranges.burden:
        told.append(_tell_split(figures.payers.each, ranges))
    return "; ".join(told)


def _tell_proof(certainty: Certainty, currency: str) -> str:
    match certainty.proof:
        case "proven":
            return phrase("The total is proven")
        case "money open":
            doubt = write_money(certainty.doubt, currency)
            return phrase("NOT PROVEN: another plan may cost up to {doubt} less", doubt=doubt)
        case "interrupted":
            return phrase("NOT PROVEN: the search was interrupted")
        case _ if math.isfinite(certainty.together):
            share = write_percent(certainty.together, 1)
            return phrase("NOT PROVEN: another plan could be up to {share} better", share=share)
        case _:
            return phrase("NOT PROVEN: how much better another plan could be is not known")


def are_dear(steps: Sequence[LastStep]) -> bool:
    """True where some step saves a larger share of the net cost than the share of the missing part
    that it gives up."""
    return any(step.of_net > step.share >= TOLD_FROM for step in steps)


def find_open(payers: Sequence[Payer], ranges: Ranges) -> list[Payer]:
    """Members for which more is open than the extra money explains (see `WIDE`)."""
    extra = ranges.within * math.fsum(one.base for one in ranges.burden.values())
    found = []
    for payer in payers:
        own = ranges.burden.get((str(payer.party),))
        if own is not None and own.most - own.least > WIDE * extra:
            found.append(payer)
    return found


def _tell_split(payers: Sequence[Payer], ranges: Ranges) -> str:
    found = find_open(payers, ranges)
    sign = "*" if ranges.is_simplified else ""
    if not found:
        return phrase("who carries how much is firm too{sign}", sign=sign)
    if 2 * len(found) > len(payers):
        return phrase("who carries how much is wide open{sign}", sign=sign)
    names = join_phrases([one.name for one in found], _NAMED)
    return phrase("how much is carried by {names} is open{sign}", names=names, sign=sign)


# What is proven, and the last steps.


def _show_proof(figures: PlanFigures) -> Iterator[Block]:
    certainty = figures.certainty
    match certainty.proof:
        case "proven":
            yield Note(tell_proven(certainty))
        case "money open" if certainty.given_up:
            yield Note(
                phrase(
                    "That no plan as safe costs less is not proven: the search ended before. "
                    "Money: {value}.",
                    value=tell_value(figures.view),
                ),
                "warn",
            )
        case "money open" if certainty.is_least:
            yield Note(
                phrase(
                    "No plan leaves less missing. That none costs less is not proven: the search "
                    "ended before. Money: {value}.",
                    value=tell_value(figures.view),
                ),
                "warn",
            )
        case "interrupted":
            yield Note(phrase("This is the best plan that was found before the interruption."),
                       "warn")  # fmt: skip
        case _:
            yield Note(
                phrase("Another plan may leave less missing, or cost less: the search ended "
                       "before the proof."),
                "warn",
            )  # fmt: skip


def _show_last_steps(figures: PlanFigures) -> Iterator[Note | Table]:
    steps = figures.certainty.last_steps
    yield Note(phrase("What the last steps of security cost"), is_heading=True)
    if not steps:
        if not figures.security.short:
            yield Note(phrase("Nothing is missing in this plan: there is no last step to compare."))
        elif figures.certainty.proof != "proven":
            yield Note(phrase("Not worked out, as this plan itself is not proven."), "quiet")
        else:
            yield tell_not_asked("cssopt compare BOOK")
        return
    yield tabulate_last_steps(figures, steps)


def tabulate_last_steps(figures: PlanFigures, steps: Sequence[LastStep]) -> Table:
    """The plan, and what plans save that leave a little more missing."""
    columns = (
        Column("allowed", title=phrase("Allowed")),
        Column("missing_of_all", "fine_percent", phrase("Missing of all needs")),
        Column("net_cost", "million", phrase("Net cost")),
        Column("difference", "difference", phrase("Difference")),
        Column("of_net_cost", "fine_percent", phrase("Of net cost")),
    )
    net, missing = figures.money.net_at_start, figures.security.missing_of_all
    given_up = figures.certainty.given_up
    this = (
        phrase(
            "This plan: at most {share} more missing than the least",
            share=write_percent(given_up, 2),
        )
        if given_up
        else phrase("This plan: the least that can be missing")
    )
    rows: list[tuple[Any, ...]] = [(this, missing, net, None, None)]
    marks: dict[tuple[int, str], Mark] = {}
    for step in steps:
        share = write_percent(step.share, 0 if step.share >= TOLD_FROM else 2 if given_up else 1)
        told = (
            phrase("{share} more missing than the least", share=share)
            if step.share
            else phrase("The least that can be missing")
        )
        if not step.is_proven:
            told = phrase("{step} (not proven)", step=told)
            marks[len(rows), "allowed"] = "warn"
        numbers = (step.missing_of_all, step.net_at_start, -step.saves, -step.of_net)
        rows.append((told, *(x if math.isfinite(x) else None for x in numbers)))
    value = tell_value(figures.view)
    note = phrase("Money: {value}.", value=value)
    return Table("last_steps", columns, tuple(rows), note=note, marks=marks)


# What money buys.


def _show_charts(
    figures: PlanFigures, front: Front | None, ranges: Ranges | None
) -> Iterator[Block]:
    """What other runs say, as pictures; their tables stand further below."""
    charts = []
    if front is not None and _is_drawn(front):
        table = tabulate_front(figures, front)
        series = tuple(column.name for column in table.columns[1:])
        charts.append(Chart("points", table.name, "net_cost", series, _tell_front()))
    if ranges is not None and ranges.burden:
        columns = "least", "most", "base"
        charts.append(Chart("ranges", "open_burden", "who", columns, _tell_within(ranges)))
    if charts:
        yield Beside(tuple(charts))


def _is_drawn(front: Front) -> bool:
    return len(front.points) > 1 and front.points[0].missing_share > 0


def _tell_front() -> str:
    return phrase("What is missing (cheapest plan: 100\u00a0%) by net cost, million")


def _tell_within(ranges: Ranges) -> str:
    share = write_percent(ranges.within)
    sign = "*" if ranges.is_simplified else ""
    return phrase("Net cost of each, for at most {share} more in all{sign}, million", share=share,
                  sign=sign)  # fmt: skip


def _show_front(figures: PlanFigures, front: Front | None) -> Iterator[Block]:
    yield Note(phrase("What money buys"), is_heading=True)
    if front is None:
        yield tell_not_asked("cssopt frontier BOOK --trade shortfall")
        return
    if not _is_drawn(front):
        yield Note(phrase("Money buys no more security here: one plan is the best in both."))
        return
    yield Note(tell_shape(front))
    yield tabulate_front(figures, front)
    if not all(point.is_proven for point in front.points):
        yield Note(phrase("Not all of these plans are proven."), "warn")


def tell_shape(front: Front) -> str:
    """For which part of the net cost half of what can be bought is bought, in a sentence."""
    first, last = front.points[0], front.points[-1]
    middle = (first.missing_share + last.missing_share) * _HALF
    half = next(point for point in front.points if point.missing_share <= middle)
    spent = ratio(half.net_at_start - first.net_at_start, last.net_at_start - first.net_at_start)
    sign = "*" if front.is_simplified else ""
    if spent < _HALF:
        return phrase(
            "The first money buys most: half of the security that can be bought takes {share} of "
            "the net cost{sign}.",
            share=write_percent(spent),
            sign=sign,
        )
    return phrase(
        "The last money buys no less than the first: half of the security that can be bought takes "
        "{share} of the net cost{sign}.",
        share=write_percent(spent),
        sign=sign,
    )


def tabulate_front(figures: PlanFigures, front: Front) -> Table:
    """Plans by rising cost, with what they leave missing as a share of what the cheapest of them
    leaves; this plan and, where they were worked out, separate defences beside them.

    Needs differ between plans (acting together lowers them): a share of each plan's own needs would
    hide what is gained by that.
    """
    most = front.points[0].missing_share
    sign = "*" if front.is_simplified else ""
    points = [(point.net_at_start, point.missing_share) for point in thin_out(front)]
    plan, baseline = figures.view.plan, figures.view.baseline
    series: list[tuple[str, str, list[tuple[float, float]]]] = [
        ("front", phrase("Least that can be missing for that money{sign}", sign=sign), points),
        (
            "this_plan",
            phrase("This plan"),
            [(figures.money.net_at_start, plan.missing_share)],
        ),
    ]
    if baseline is not None:
        alone = [one for one in baseline.alone.values() if one.has_plan]
        if alone and len(alone) == len(baseline.alone):
            place = (
                math.fsum(one.pooled_expenditure for one in alone),
                math.fsum(one.missing_share for one in alone),
            )
            series.append(("separate", phrase("Separate defences"), [place]))
        equal = baseline.equal
        if equal is not None and equal.has_plan:
            place = equal.pooled_expenditure, equal.missing_share
            series.append(("as_safe", phrase("Together, as safe as alone"), [place]))
    rows = [
        (net, *(missing / most if name == other else None for other, *_ in series))
        for name, _, own in series
        for net, missing in own
    ]
    columns = (
        Column("net_cost", "million", phrase("Net cost")),
        *(Column(name, "fine_percent", said) for name, said, _ in series),
    )
    note = phrase(
        "Missing parts: as shares of what is missing in the cheapest of these plans; {value}.",
        value=tell_value(figures.view),
    )
    return Table("what_money_buys", columns, tuple(rows), note=note)


def thin_out(front: Front) -> list[FrontPoint]:
    """So many points of a front that its shape shows: both ends, and those nearest to equal steps
    of money between them."""
    first, last = front.points[0].net_at_start, front.points[-1].net_at_start
    steps = (first + (last - first) * n / (_MOST_POINTS - 1) for n in range(_MOST_POINTS))
    nearest = {_find_nearest(front, step) for step in steps}
    return sorted(nearest, key=lambda point: point.net_at_start)


def _find_nearest(front: Front, money: float) -> FrontPoint:
    return min(front.points, key=lambda point: abs(point.net_at_start - money))


# Who bears it.


def _show_ranges(figures: PlanFigures, ranges: Ranges | None) -> Iterator[Note | Table]:
    yield Note(phrase("Who bears it"), is_heading=True)
    if ranges is None or not ranges.burden:
        yield tell_not_asked("cssopt alternatives BOOK")
        return
    shown, _ = _split_widest(figures, ranges)
    yield _tabulate_ranges("open_burden", shown, _tell_within(ranges), ranges, figures)


def _show_narrower(figures: PlanFigures, ranges: Ranges | None) -> Iterator[Table]:
    """Of many members those for whom less is open."""
    if ranges is not None and (rest := _split_widest(figures, ranges)[1]):
        title = phrase("The others, whose ranges are narrower")
        yield _tabulate_ranges("open_burden_of_others", rest, title, ranges, figures)


_Named = list[tuple[str, Range]]


def _split_widest(figures: PlanFigures, ranges: Ranges) -> tuple[_Named, _Named]:
    """The members with the widest ranges, as many as a chart has room for, and all others."""
    found = [
        (payer.name, own)
        for payer in figures.payers.each
        if (own := ranges.burden.get((str(payer.party),))) is not None
    ]
    widest = sorted(found, key=lambda pair: pair[1].least - pair[1].most)[:MOST_DRAWN]
    return [one for one in found if one in widest], [one for one in found if one not in widest]


def _tabulate_ranges(
    name: str, found: _Named, title: str, ranges: Ranges, figures: PlanFigures
) -> Table:
    sign = "*" if ranges.is_simplified else ""
    columns = (
        Column("who", title=phrase("Member")),
        Column("least", "million", phrase("Least")),
        Column("base", "million", phrase("In the plan of that run{sign}", sign=sign)),
        Column("most", "million", phrase("Most")),
    )
    rows = []
    for member, own in found:
        told = member if own.is_proven else phrase("{name} (not proven)", name=member)
        rows.append((told, own.least, own.base, own.most))
    note = phrase(
        "Every value that some plan with as little missing has; {value}.",
        value=tell_value(figures.view),
    )
    return Table(name, columns, tuple(rows), title, note=note)


def _tell_certain(ranges: Ranges | None) -> Iterator[Block]:
    """How much of who holds what is certain, and how much free."""
    if ranges is None or not ranges.units:
        return
    verdicts = [one.verdict for one in ranges.units.values()]
    yield Note(phrase("What is certain, and what is free"), is_heading=True)
    yield Note(
        phrase_count(
            "There is {count} pair of member and force, in all plans that cost at most {share} "
            "more:",
            "There are {count} pairs of member and force, in all plans that cost at most {share} "
            "more:",
            len(verdicts),
            share=write_percent(ranges.within),
        )
    )
    counts = {verdict: verdicts.count(verdict) for verdict in dict.fromkeys(verdicts)}
    for verdict, count in sorted(counts.items(), key=lambda pair: -pair[1]):
        told = _tell_verdict(verdict, write_decimal(count))
        if told:
            yield Note(told, is_point=True)


def _tell_verdict(verdict: str, count: str) -> str:
    match verdict:
        case "certain":
            return phrase("{count}: the same number of units in every plan", count=count)
        case "at least":
            return phrase("{count}: held in some number in every plan", count=count)
        case "free":
            return phrase("{count}: may be held or not; who holds it is free", count=count)
        case "never":
            return phrase("{count}: held in no plan", count=count)
        case "open":
            return phrase("{count}: not known, the search ended before the proof", count=count)
    return ""


def _tell_signs(opinions: Opinions) -> Iterator[Block]:
    asked = [one for one in (opinions.front, opinions.ranges) if one is not None]
    if any(one.is_simplified for one in asked):
        yield tell_simplified()
