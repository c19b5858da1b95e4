"""The head of the decision page: its title, what must be known before, and the two sentences."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from cssopt.document.document import Note, Span
from cssopt.language import (
    capitalize,
    is_told,
    join_phrases,
    phrase,
    phrase_count,
    write_count,
    write_money,
    write_percent,
    write_years,
)
from cssopt.questions.plan.figures.causes import Cause, CauseKind
from cssopt.questions.plan.figures.certainty import Certainty
from cssopt.questions.plan.figures.plan_figures import PlanFigures
from cssopt.questions.plan.figures.security import Security
from cssopt.questions.plan.pages.finding import begin_finding, tell_together
from cssopt.questions.plan.pages.page import name_page
from cssopt.questions.plan.pages.stretches import fill, slot

_NAMED: Final = 2
"""Things that a title or a sentence names one by one."""
_TOLD_CAUSES: Final = 2
_PAIR: Final = 2
"""Of so many things one says both, and not all."""
_CAUSES: Final[tuple[CauseKind, ...]] = (
    "treaty", "ratification", "arrival", "ceiling", "ceiling_before", "command", "nobody", "chosen",
)  # fmt: skip
"""The order in which they are told: what has to come first."""


def title_decision(figures: PlanFigures) -> str:
    """Whether the threats are met, behind what must be known before it is used."""
    finding = tell_met(figures.security)
    if figures.view.plan.study.relaxed:
        finding = phrase("SIMPLIFIED PLAN: {finding}", finding=finding)
    return begin_finding(figures, finding)


def tell_met(security: Security) -> str:
    """How many threats are met from when on."""
    count = len(security.threats)
    parts = {"number": write_count(count)}
    if not security.worst:
        return phrase("Nothing is needed against any threat")
    if not security.short and count == _PAIR:
        return phrase("Both threats are met in every year")
    if not security.short:
        return phrase_count(
            "The only threat is met in every year",
            "All {number} threats are met in every year",
            count,
            **parts,
        )
    never = len(security.never_met)
    if never == count:
        return phrase_count(
            "The only threat is never fully met",
            "None of the {number} threats is ever fully met",
            count,
            **parts,
        )
    if never:
        told = phrase_count(
            "{never} of {number} threats is never fully met",
            "{never} of {number} threats are never fully met",
            never,
            never=write_count(never),
            **parts,
        )
        return capitalize(told)
    if security.met_from is None:
        return _tell_end(security)
    if count == _PAIR:
        return phrase(
            "Both threats are met from {year} on; {missing}",
            year=security.met_from,
            missing=_tell_missing(security),
        )
    return phrase_count(
        "The only threat is met from {year} on; {missing}",
        "All {number} threats are met from {year} on; {missing}",
        count,
        year=security.met_from,
        missing=_tell_missing(security),
        **parts,
    )


def _tell_end(security: Security) -> str:
    """How many threats are not met in the last year."""
    last, count = security.years[-1], len(security.threats)
    short = sum(last in security.short_in(threat) for threat in security.threats)
    if short == count:
        return phrase_count(
            "The only threat is not fully met in {year}",
            "None of the {number} threats is fully met in {year}",
            count,
            number=write_count(count),
            year=last,
        )
    told = phrase_count(
        "{short} of {number} threats is not fully met in {year}",
        "{short} of {number} threats are not fully met in {year}",
        short,
        short=write_count(short),
        number=write_count(count),
        year=last,
    )
    return capitalize(told)


def _tell_missing(security: Security) -> str:
    """Which capabilities are missing until all is met, that of the largest weight first."""
    weights: dict[str, float] = {}
    for need in security.short:
        name = need.capability_name
        weights[name] = weights.get(name, 0.0) + need.weight * need.short
    names = sorted(weights, key=lambda name: -weights[name])
    if len(names) > _NAMED:
        return phrase("until then above all {name} is missing", name=names[0])
    return phrase_count(
        "until then {names} is missing",
        "until then {names} are missing",
        len(names),
        names=join_phrases(names),
    )


# What must be known before anything is used.


def list_boxes(figures: PlanFigures) -> Iterator[str]:
    """Boxes above the title."""
    plan = figures.view.plan
    if plan.audit is None:
        yield phrase("This plan was not checked. Do not use it before it is.")
    elif not plan.audit.passed:
        yield phrase_count(
            "The audit failed: the plan breaks {count} rule. Do not use it.",
            "The audit failed: the plan breaks {count} rules. Do not use it.",
            len(plan.audit.failures),
        )
    if plan.audit is not None and plan.audit.not_audited:
        yield phrase_count(
            "NOT AUDITED: {names}. {count} kind of rule could not be checked.",
            "NOT AUDITED: {names}. {count} kinds of rules could not be checked.",
            len(plan.audit.not_audited),
            names=join_phrases(plan.audit.not_audited, _NAMED + 1),
        )
    yield from tell_doubt(figures.certainty, plan.data.horizon.currency)
    if figures.certainty.given_up:
        yield phrase(
            "Not the safest plan: to save money it may leave up to {share} more missing than the "
            "least that can be.",
            share=write_percent(figures.certainty.given_up, 2),
        )
    if plan.study.relaxed:
        yield phrase(
            "Simplified plan: parts of whole units are allowed, so it is none to carry out. One of "
            "whole units costs as much or more, or leaves more missing."
        )
    if figures.certainty.price_of_missing is not None:
        yield phrase(
            "In this run what is missing could be bought off: {money} for a unit of power and "
            "year. A need that would cost more to meet stays missing.",
            money=write_money(figures.certainty.price_of_missing, plan.data.horizon.currency),
        )


def tell_doubt(certainty: Certainty, currency: str) -> Iterator[str]:
    """What is not proven of a plan; nothing where it is."""
    match certainty.proof:
        case "proven":
            return
        case "money open":
            yield phrase(
                "Not proven: a limit ended the search. A plan as safe may cost up to {money} less.",
                money=write_money(certainty.doubt, currency),
            )
        case "interrupted":
            yield phrase(
                "Not proven: the search was interrupted. This is the best plan found until then."
            )
            if math.isfinite(certainty.together):
                yield tell_together(certainty)
        case _ if math.isfinite(certainty.together):
            yield phrase(
                "Not proven: a limit ended the search. What is missing and money counted together, "
                "another plan could be up to {share} better.",
                share=write_percent(certainty.together, 1),
            )
        case _:
            yield phrase(
                "Not proven: a limit ended the search. How much better another plan could be is "
                "not known."
            )


# The two sentences.


def make_lead(figures: PlanFigures) -> Note:
    """Met or not, why, and what is missing; cash, and what acting together does to it."""
    met, money = _lead_met(figures), _lead_money(figures)
    return Note.of(*met, Span(" "), *money)


def _lead_met(figures: PlanFigures) -> tuple[Span, ...]:
    security = figures.security
    if not security.worst:
        return (Span(phrase("No need is given."), is_strong=True),)
    if not security.short:
        return (Span(phrase("Every need is met in every year."), is_strong=True),)
    causes = _tell_causes(figures.causes)
    if security.met_from is None:
        told = phrase("To the end some needs are not met: {causes}.", causes=slot(0))
    elif len(security.short_years) == 1:
        (year,) = security.short_years
        told = phrase("All but {year} is met: {causes}.", year=year, causes=slot(0))
    elif security.short_years == list(range(security.years[0], security.met_from)):
        told = phrase(
            "From {year} yes, before that no: {causes}.", year=security.met_from, causes=slot(0)
        )
    else:
        told = phrase(
            "From {year} yes, before that not in every year: {causes}.",
            year=security.met_from,
            causes=slot(0),
        )
    missing = phrase(
        "{share} of all that is needed in {years} is missing.",
        share=slot(0),
        years=write_years(security.years),
    )
    share = Span(write_percent(security.missing_of_all), page=name_page("needs"))
    return (
        *fill(told, Span(causes), is_strong=True),
        Span(" "),
        *fill(missing, share),
    )


def _tell_causes(causes: Mapping[int, list[Cause]]) -> str:
    """The first causes, each with the years that no earlier one explains."""
    told: list[str] = []
    explained: set[int] = set()
    for kind in _CAUSES:
        own = {
            year: cause
            for year, found in causes.items()
            for cause in found
            if cause.kind == kind and year not in explained
        }
        if own and len(told) < _TOLD_CAUSES:
            explained |= set(own)
            found_names = {cause.who for cause in own.values()}
            # Who stands in the way in one of the years alone is not said to do so in all of them.
            names = found_names.pop() if len(found_names) == 1 else ()
            told.append(_tell_cause(kind, write_years(own), names))
    return ", ".join(told)


def _tell_cause(kind: CauseKind, years: str, names: Sequence[str]) -> str:
    who = join_phrases(names, _NAMED + 1)
    match kind:
        case "treaty":
            return phrase("in {years} the treaty is not in force, each stands alone", years=years)
        case "ratification" if not names:
            return phrase("in {years} not all have ratified yet", years=years)
        case "ratification":
            return phrase_count(
                "in {years} {names} has not ratified yet",
                "in {years} {names} have not ratified yet",
                len(names),
                years=years,
                names=who,
            )
        case "arrival":
            return phrase("in {years} what is ordered has not arrived", years=years)
        case "ceiling" if not names:
            return phrase("in {years} some are at their ceilings", years=years)
        case "ceiling":
            return phrase_count(
                "in {years} {names} is at its ceiling",
                "in {years} {names} are at their ceilings",
                len(names),
                years=years,
                names=who,
            )
        case "ceiling_before" if not names:
            return phrase("in {years} it counts that ceilings were reached before", years=years)
        case "ceiling_before":
            return phrase_count(
                "in {years} it counts that {names} was at its ceiling before",
                "in {years} it counts that {names} were at their ceilings before",
                len(names),
                years=years,
                names=who,
            )
        case "command":
            return phrase("in {years} no joint command works", years=years)
        case "nobody":
            return phrase("in {years} nobody can do more", years=years)
        case _:
            return phrase("in {years} this plan leaves it so", years=years)


def _lead_money(figures: PlanFigures) -> tuple[Span, ...]:
    money, payers = figures.money, figures.payers
    currency = figures.view.plan.data.horizon.currency
    cash = Span(write_money(money.total_cash, currency), is_strong=True, page=name_page("cost"))
    of_gdp = payers.together.of_gdp
    if math.isfinite(of_gdp):
        share = Span(write_percent(of_gdp, 2), is_strong=True, page=name_page("who_pays"))
        told = phrase_count(
            "It takes {cash} of cash, {share} of its GDP.",
            "It takes {cash} of cash, {share} of the members\u2019 GDP.",
            len(payers.each),
            cash=slot(0),
            share=slot(1),
        )
        takes = fill(told, cash, share, is_strong=True)
    else:
        takes = fill(phrase("It takes {cash} of cash.", cash=slot(0)), cash, is_strong=True)
    return (*takes, Span(" "), *_lead_net(figures, currency))


def _lead_net(figures: PlanFigures, currency: str) -> tuple[Span, ...]:
    """The net cost, beside that of separate defenses."""
    payers = figures.payers
    net = Span(write_money(figures.money.net_at_start, currency), page=name_page("cost"))
    year = figures.money.years[0]
    against = payers.together.against_alone
    if len(payers.each) == 1 or against is None:
        told = phrase("Net and in {year} value that is {net}.", year=year, net=slot(0))
        return fill(told, net)
    parts = {
        "year": year,
        "net": slot(0),
        "number": write_count(len(payers.each)),
    }
    alone = figures.security.of_alone
    if not is_told(against, payers.doubt_against_alone):
        told = phrase(
            "Net and in {year} value that is {net}; no difference told to {number} separate "
            "defenses.",
            **parts,
        )
        return fill(told, net)
    money = Span(write_money(abs(against), currency), page=name_page("together"))
    share = Span("" if alone is None else write_percent(alone), page=name_page("together"))
    if against <= 0 and alone is not None:
        told = phrase(
            "Net and in {year} value that is {net}, {money} less than {number} separate "
            "defenses, which would leave {share} missing.",
            money=slot(1),
            share=slot(2),
            **parts,
        )
    elif against <= 0:
        told = phrase(
            "Net and in {year} value that is {net}, {money} less than {number} separate defenses.",
            money=slot(1),
            **parts,
        )
    elif alone is not None:
        told = phrase(
            "Net and in {year} value that is {net}, {money} more than {number} separate "
            "defenses, which would leave {share} missing.",
            money=slot(1),
            share=slot(2),
            **parts,
        )
    else:
        told = phrase(
            "Net and in {year} value that is {net}, {money} more than {number} separate defenses.",
            money=slot(1),
            **parts,
        )
    return fill(told, net, money, share)
