"""How sure the plan is, on the decision page."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from cssopt.document.document import Note, Span
from cssopt.language import (
    join_phrases,
    phrase,
    write_money,
    write_percent,
    write_points,
)
from cssopt.questions.plan.figures.certainty import LastStep
from cssopt.questions.plan.figures.plan_figures import PlanFigures
from cssopt.questions.plan.opinions import Opinions, WhatIf
from cssopt.questions.plan.pages.finding import (
    say_not_asked,
    tell_proven,
    tell_simplified,
    tell_together,
)
from cssopt.questions.plan.pages.page import name_page
from cssopt.questions.plan.pages.stretches import make_heading, make_point
from cssopt.questions.plan.pages.sure import TOLD_FROM, are_dear, find_open
from cssopt.questions.plan.pages.timeline import find_delays
from cssopt.questions.plan.pages.what_if import find_others, find_scaled

_TOLD: Final = 2
"""Members whose range, and what-ifs that are told here."""


def show_sureness(figures: PlanFigures, opinions: Opinions) -> Iterator[Note]:
    """What is proven, what the last steps cost, whether the split is firm, and what could go
    worse."""
    yield make_heading(phrase("5 How sure is it?"))
    yield _tell_proof(figures)
    yield from _tell_last_steps(figures)
    if len(figures.payers.each) > 1:
        yield _tell_split(figures, opinions)
    yield _tell_worse(figures, opinions)
    ranges = opinions.ranges
    if (ranges is not None and ranges.is_simplified) or any(
        one.is_simplified for one in opinions.what_ifs
    ):
        yield tell_simplified()


def _tell_proof(figures: PlanFigures) -> Note:
    certainty = figures.certainty
    page = name_page("sure")
    if certainty.proof == "proven":
        return make_point(phrase("Proven."), Span(tell_proven(certainty)), page=page)
    if certainty.proof == "money open" and (certainty.given_up or certainty.is_least):
        money = write_money(certainty.doubt, figures.view.plan.data.horizon.currency)
        told = (
            phrase("A plan as safe that costs up to {money} less may exist.", money=money)
            if certainty.given_up
            else phrase(
                "No plan leaves less missing. One that costs up to {money} less may exist.",
                money=money,
            )
        )
        return make_point(phrase("The cost is not proven."), Span(told), page=page)
    told = phrase("The search ended too early to say how much better another plan could be.")
    if math.isfinite(certainty.together):
        told = tell_together(certainty)
    return make_point(phrase("Not proven."), Span(told), page=page)


def _tell_last_steps(figures: PlanFigures) -> Iterator[Note]:
    """What a plan saves that leaves 1 and 5 % more missing."""
    if not figures.security.short:
        yield make_point(
            phrase("Nothing is missing."),
            Span(phrase("There are no last steps of security to ask about.")),
        )
        return
    steps = [one for one in figures.certainty.last_steps if one.share >= TOLD_FROM]
    if not steps:
        told = say_not_asked("cssopt compare BOOK")
        yield make_point(phrase("What the last steps of security cost:"), Span(told, "quiet"))
        return
    known = [one for one in steps if _is_known(one)]
    if not known:
        lead = phrase("What the last steps of security cost is not known.")
    elif are_dear(known):
        lead = phrase("The last steps of security are dear.")
    else:
        lead = phrase("The last steps of security are not unusually dear.")
    currency = figures.view.plan.data.horizon.currency
    saved = " ".join(_tell_step(one, currency) for one in steps)
    page = name_page("sure")
    yield make_point(lead, Span(saved), page=page)


def _is_known(step: LastStep) -> bool:
    return step.is_proven and math.isfinite(step.of_net) and step.saves >= 0


def _tell_step(step: LastStep, currency: str) -> str:
    parts = {"share": write_percent(step.share), "money": write_money(step.saves, currency)}
    if not _is_known(step):
        return phrase("What {share} more missing would save is not proven.", share=parts["share"])
    return phrase(
        "Leaving {share} more missing would save {money} ({of_net} of the net cost).",
        of_net=write_percent(step.of_net, 1),
        **parts,
    )


def _tell_split(figures: PlanFigures, opinions: Opinions) -> Note:
    """Whether plans that cost little more share the cost otherwise."""
    ranges = opinions.ranges
    if ranges is None or not ranges.burden:
        told = say_not_asked("cssopt alternatives BOOK")
        return make_point(phrase("Whether the split is firm:"), Span(told, "quiet"))
    page, currency = name_page("sure"), figures.view.plan.data.horizon.currency
    sign = "*" if ranges.is_simplified else ""
    share = write_percent(ranges.within)
    found = find_open(figures.payers.each, ranges)
    if not found:
        told = phrase(
            "In all plans that cost at most {share} more, each pays about the same.{sign}",
            share=share,
            sign=sign,
        )
        return make_point(phrase("The total is firm, and so is its split."), Span(told), page=page)
    own = {one.party: ranges.burden[str(one.party),] for one in found}
    widest = sorted(found, key=lambda one: own[one.party].least - own[one.party].most)[:_TOLD]
    told = phrase(
        "For {share} more money {ranges}.{sign} Who pays how much is for negotiation.",
        share=share,
        sign=sign,
        ranges=join_phrases([
            phrase(
                "{name} could bear {least} to {most}",
                name=one.name,
                least=write_money(own[one.party].least, currency),
                most=write_money(own[one.party].most, currency),
            )
            for one in widest
        ]),
    )  # fmt: skip
    return make_point(phrase("The total is firm, its split is not."), Span(told), page=page)


def _tell_worse(figures: PlanFigures, opinions: Opinions) -> Note:
    """What-ifs that cost most more."""
    lead = phrase("If things go worse.")
    if not opinions.what_ifs:
        told = say_not_asked("cssopt whatif BOOK")
        return make_point(phrase("If things go worse:"), Span(told, "quiet"))
    page = name_page("what_if")
    named = name_what_ifs(figures, opinions)
    dear = [(name, one) for name, one in named if (one.more or 0.0) > 0 and not one.leavers]
    if not dear:
        told = phrase("Of what was asked nothing is told to cost more.")
        return make_point(lead, Span(told), page=page)
    dear.sort(key=lambda pair: -(pair[1].more or 0.0))
    currency = figures.view.plan.data.horizon.currency
    told = " ".join(_tell_what_if(name, one, currency) for name, one in dear[:_TOLD])
    return make_point(lead, Span(told), page=page)


def name_what_ifs(figures: PlanFigures, opinions: Opinions) -> list[tuple[str, WhatIf]]:
    """What-ifs by what a reader calls them: names, never codes."""
    scaled = find_scaled(figures.security.needs, opinions.what_ifs)
    found = [
        (_name_scaled(threat, factor), one)
        for threat, own in scaled.items()
        for factor, one in own.items()
    ]
    found += [
        (phrase("{name} a year late", name=undertaking.name), one)
        for undertaking, one in find_delays(figures.undertakings, opinions.what_ifs)
    ]
    return [*found, *find_others(figures, opinions.what_ifs, scaled)]


def _name_scaled(threat: str, factor: float) -> str:
    share = write_percent(abs(factor - 1))
    if factor < 1:
        return phrase("{threat} smaller by {share}", threat=threat, share=share)
    return phrase("{threat} larger by {share}", threat=threat, share=share)


def _tell_what_if(name: str, one: WhatIf, currency: str) -> str:
    parts = {
        "name": name,
        "money": write_money(one.more or 0.0, currency, with_sign=True),
        "sign": "*" if one.is_simplified else "",
    }
    if one.more_missing is None or one.missing_of_all is None:
        return phrase("{name}: {money}{sign}.", **parts)
    return phrase(
        "{name}: {money}{sign}, missing {points}.",
        points=write_points(one.more_missing),
        **parts,
    )
