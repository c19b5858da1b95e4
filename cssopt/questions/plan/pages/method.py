"""The page: How was this found, and how far is it to be trusted? Solvers' words have their place
here, and on no page before it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Final

from cssopt.document.document import Block, Column, Note, Pair, Pairs, Sheet, Table
from cssopt.document.run_facts import NOT_GIVEN, RunFacts
from cssopt.language import (
    mark,
    phrase,
    phrase_count,
    write_count,
    write_decimal,
    write_money,
    write_percent,
)
from cssopt.modeling.measures import Role
from cssopt.names import in_words
from cssopt.questions.plan.figures.certainty import (
    Proof,
    find_given_up,
    find_price_of_missing,
    find_proof,
)
from cssopt.questions.plan.figures.plan_figures import PlanFigures
from cssopt.questions.plan.opinions import Opinions
from cssopt.questions.plan.pages.chosen_pages import name_parties
from cssopt.questions.plan.pages.finding import tell_proven
from cssopt.questions.plan.pages.measures import tell_prices
from cssopt.questions.plan.pages.page import make_page, name_page
from cssopt.solution.audit import HOLDS, Audit
from cssopt.solution.told import find_doubt
from cssopt.solution.verdicts import Audits

_PROOFS: Final[dict[Proof, str]] = {
    "proven": mark(
        "Proven: no plan leaves less missing, and none that leaves as little costs less."
    ),
    "money open": mark(
        "Not proven: a limit ended the search. A plan that is better by at most {doubt} may exist."
    ),
    "all open": mark(
        "Not proven: a limit ended the search, and how much better another plan could be is not "
        "known."
    ),
    "interrupted": mark(
        "Not proven: the search was interrupted. This is the best plan until then."
    ),
    "none": mark("There is no plan."),
}


def show_method(figures: PlanFigures, opinions: Opinions, facts: RunFacts) -> Sheet:
    """How the plan was found, with what it can be checked, and where each figure comes from; where
    there is none how it was looked for."""
    plan = figures.view.plan
    return make_page(
        "method",
        phrase("How was this found, and how far is it to be trusted?"),
        title_method(plan.audit, facts.audits)
        if plan.has_plan
        else phrase("No plan was found, and so none was checked"),
        *_show_aims(figures, facts),
        *_show_proof(figures, facts),
        *_show_inputs(figures, facts),
        *_show_silence(figures),
        *(_show_sources(figures) if plan.has_plan else ()),
    )


def title_method(audit: Audit | None, audits: Audits) -> str:
    """What checking all rules again, without the optimizer, came to."""
    if audit is None:
        return phrase("This plan was not checked: do not use it before it is")
    kept = [line for line in audit.lines if line.result == HOLDS]
    rules, checks = len(kept), sum(line.checks for line in kept)
    if not audit.passed:
        broken = len(audit.failures)
        return phrase_count(
            "THE AUDIT FAILED: this plan breaks {broken} rule; do not use it",
            "THE AUDIT FAILED: this plan breaks {broken} rules; do not use it",
            broken,
            broken=write_decimal(broken),
        )
    if audits.passed is False:
        return phrase("THE AUDIT FAILED for a plan with which this one is compared")
    gave_way = len(audit.gave_way)
    if gave_way:
        return phrase_count(
            "The plan as given breaks {broken} rule where it was told; it was checked {checks} "
            "times",
            "The plan as given breaks {broken} rules where it was told; it was checked {checks} "
            "times",
            gave_way,
            broken=write_decimal(gave_way),
            checks=write_decimal(sum(line.checks for line in audit.lines)),
        )
    left = len(audit.not_audited)
    if left:
        return phrase_count(
            "The plan keeps all rules that were checked; {left} was not checked",
            "The plan keeps all rules that were checked; {left} were not checked",
            left,
            left=write_count(left),
        )
    return phrase_count(
        "The plan keeps its one rule, checked {checks} times without the optimizer",
        "The plan keeps all {rules} rules, checked {checks} times without the optimizer",
        rules,
        rules=write_decimal(rules),
        checks=write_decimal(checks),
    )


def _show_aims(figures: PlanFigures, facts: RunFacts) -> Iterator[Block]:
    """What was made least, in which order."""
    plan = figures.view.plan
    need = plan.study.require_need()
    yield Note(phrase("What was asked"), is_heading=True)
    price = find_price_of_missing(plan)
    if price is not None:
        yield Note(
            phrase(
                "What is missing has a price in the workbook: {price} for a unit and year. "
                "Security is weighed against money.",
                price=write_money(price, plan.data.horizon.currency),
            ),
            "warn",
        )
    elif any(stage.name == need.share for stage in plan.solved.stages):
        yield Note(
            phrase(
                "First, as little as possible of all needs is missing, weighted by the priority of "
                "the threats. Second, at that, the net cost is the least."
            )
        )
    given_up = find_given_up(plan)
    if given_up:
        yield Note(
            phrase(
                "{share} more than the least may be missing in this plan, to save money.",
                share=write_percent(given_up, 2),
            ),
            "warn",
        )
    if plan.study.relaxed:
        yield Note(
            phrase(
                "This is a simplified plan: parts of ships, production lines and bodies are "
                "allowed in it. A plan with whole ones costs as much or more."
            ),
            "warn",
        )
    if facts.plan is not None and facts.plan.stages:
        yield _tabulate_stages(figures, facts)


def _tabulate_stages(figures: PlanFigures, facts: RunFacts) -> Table:
    assert facts.plan is not None
    share = figures.view.plan.study.require_need().share
    money = figures.view.plan.study.measure("expenditure")

    def name(stage: str) -> str:
        if stage == share:
            return phrase("missing part, weighted and added up")
        if money is not None and stage == money.figure:
            return phrase("net cost, in the value of the first year")
        return in_words(stage)

    return Table(
        "method_stages",
        (
            Column("aim", "text", phrase("Made least, in this order")),
            Column("value", "number", phrase("Reached"), decimals=4),
            Column("bound", "number", phrase("No plan is below"), decimals=4),
            Column("seconds", "seconds", phrase("Seconds")),
        ),
        tuple((name(one.name), one.value, one.bound, one.seconds) for one in facts.plan.stages),
    )


def _show_proof(figures: PlanFigures, facts: RunFacts) -> Iterator[Block]:
    plan = figures.view.plan
    proof, doubt = find_proof(figures.view), find_doubt(plan)
    yield Note(phrase("What is proven"), is_heading=True)
    most = write_money(doubt, plan.data.horizon.currency) if math.isfinite(doubt) else ""
    told = phrase(_PROOFS[proof], doubt=most)
    if proof == "proven" and not figures.certainty.is_least:
        told = tell_proven(figures.certainty)
    yield Note(told, None if proof == "proven" else "warn")
    audit = plan.audit
    if audit is not None:
        for line in audit.failures[:_MOST_TOLD]:
            yield Note(line.sentence, "bad", is_point=True)
        for reason in dict.fromkeys(audit.left_out.values()):
            rules = [rule for rule, why in audit.left_out.items() if why == reason]
            yield Note(
                phrase(
                    "Not checked: {rules}, because {reason}.", rules=", ".join(rules), reason=reason
                )
            )
    if facts.audits.plans > 1:
        yield Note(
            phrase_count(
                "{audited} of the plans that are compared here was checked as well.",
                "{audited} of the {plans} plans that are compared here were checked like this.",
                facts.audits.audited,
                audited=write_decimal(facts.audits.audited),
                plans=write_decimal(facts.audits.plans),
            )
        )
    if facts.plan is not None and facts.plan.message.strip():
        yield Note(facts.plan.message.strip(), "quiet")


_MOST_TOLD: Final = 5
"""Broken rules that the page tells; the sheet of the audit has them all."""


def _show_inputs(figures: PlanFigures, facts: RunFacts) -> Iterator[Block]:
    """What must be the same for the same plan to be found again."""
    plan = figures.view.plan
    horizon = plan.data.horizon
    yield Note(phrase("What it rests on"), is_heading=True)
    versions = ", ".join(f"{name} {number}" for name, number in facts.versions.items())
    pairs = [
        Pair(phrase("Workbook"), facts.source_name),
        Pair(phrase("SHA-256 of the workbook"), facts.digest),
        Pair(phrase("Money"), tell_prices(figures.view)),
        Pair(
            phrase("Value of later money"),
            phrase(
                "values of {year}: money of later years is discounted by {rate} a year",
                rate=write_percent(float(horizon.rate), 2),
                year=horizon.first,
            ),
        ),
        Pair(phrase("Years"), f"{horizon.first}\u2013{horizon.last}"),
        Pair(phrase("Programs"), versions),
        Pair(phrase("Begun"), facts.begun.isoformat(sep=" ", timespec="minutes")),
        Pair(phrase("Run"), facts.run_id),
    ]
    if facts.plan is not None:
        pairs += [
            Pair(phrase("Study"), facts.plan.study),
            Pair(phrase("Members"), ", ".join(name_parties(plan.data, plan.coalition).values())),
            Pair(
                phrase("Size of the program"),
                phrase(
                    "{rows} rows, {columns} columns",
                    rows=write_decimal(facts.plan.rows),
                    columns=write_decimal(facts.plan.columns),
                ),
            ),
            *_list_options(facts),
        ]
    yield Pairs("method_inputs", tuple(pairs))
    for issue in facts.issues:
        yield Note(f"{issue.where}: {issue.text}", is_point=True)


def _list_options(facts: RunFacts) -> Iterator[Pair]:
    assert facts.plan is not None
    given = {k: v for k, v in facts.plain_options.items() if v != NOT_GIVEN}
    if given:
        told = ", ".join(f"{name} {value}" for name, value in given.items())
        yield Pair(phrase("Options of the command"), told)
    told = ", ".join(
        f"{name} {value}" for name, value in facts.plan.solver_options.items() if value is not None
    )
    yield Pair(phrase("Options of the solver"), told)
    if math.isfinite(facts.plan.gap):
        yield Pair(phrase("Gap reached"), write_percent(facts.plan.gap, 2))


def _show_silence(figures: PlanFigures) -> Iterator[Block]:
    """What the model leaves out: a reader would else take it for weighed."""
    last = figures.view.plan.data.horizon.last
    yield Note(phrase("What it does not say"), is_heading=True)
    for told in (
        phrase(
            "It does not weigh deterrence, politics or the worth of a member's own army beyond the "
            "needs in the workbook. A force that serves no listed need is given up."
        ),
        phrase("Orders arrive on time, and prices are certain."),
        phrase(
            "Bought units keep their value in a straight line to the end of their service life, as "
            "far as the workbook lets it count."
        ),
        phrase("Beyond {year} nothing is counted.", year=last),
    ):
        yield Note(told, is_point=True)


def _show_sources(figures: PlanFigures) -> Iterator[Block]:
    """Every kind of figure of the decision page, its rule, and the page and table that hold it."""
    yield Note(phrase("Where the figures come from"), is_heading=True)
    study = figures.view.plan.study
    needs = study.require_need().coverage
    roles: tuple[Role, ...] = ("outlay", "income", "ceiling", "burden", "units")
    measures = {role: study.measure(role) for role in roles}
    paid, income, ceiling, burden, units = (
        "" if one is None else one.figure for one in measures.values()
    )
    rows = (
        (
            phrase("Missing part of a need"),
            phrase("missing / need; met up to 0.05\u00a0%"),
            name_page("needs"),
            needs,
        ),
        (
            phrase("Missing part of all needs"),
            phrase(
                "sum of priority \u00d7 weight \u00d7 missing / full need, over the same sum of "
                "needs"
            ),
            name_page("needs"),
            needs,
        ),
        (
            phrase("Need"),
            phrase("typed + growth + each for itself + overlap + relief"),
            name_page("bridge"),
            needs,
        ),
        (
            phrase("Cash"),
            phrase("all entries but residual value, not discounted"),
            name_page("cost"),
            "costs",
        ),
        (
            phrase("Net cost"),
            phrase("all entries, residual value taken off, discounted to the first year"),
            name_page("cost"),
            "costs",
        ),
        (
            phrase("Share of GDP"),
            phrase("cash of all years / GDP of all years"),
            name_page("who_pays"),
            f"{paid}, {income}",
        ),
        (
            phrase("Share of ceiling"),
            phrase("cash / ceiling, of the years that have one; fullest: the largest year"),
            name_page("who_pays"),
            f"{paid}, {ceiling}",
        ),
        (
            phrase("Saving"),
            phrase("net cost alone - net cost together, as safe as alone"),
            name_page("together"),
            "members",
        ),
        (
            phrase("More security"),
            phrase("net cost in this plan - net cost together, as safe as alone"),
            name_page("together"),
            burden,
        ),
        (
            phrase("Given up"),
            phrase("units kept less than could be kept, in the year they go"),
            name_page("from_today"),
            units,
        ),
        (
            phrase("Lent"),
            phrase("units at the common disposal, the most in any one situation"),
            name_page("from_today"),
            units,
        ),
        (
            phrase("Danger"),
            phrase("the weighted part of all needs that falls on the member, of all members'"),
            name_page("burden"),
            needs,
        ),
        (
            phrase("Last 1\u00a0% and 5\u00a0%"),
            phrase("the least cost with 1.01 and 1.05 times the least missing part"),
            name_page("sure"),
            "concessions",
        ),
    )
    yield Table(
        "method_sources",
        (
            Column("figure", "text", phrase("Figure")),
            Column("rule", "sentence", phrase("Rule")),
            Column("page", "text", phrase("Page")),
            Column("tables", "text", phrase("Tables of the run")),
        ),
        rows,
        note=phrase(
            "`cssopt trace BOOK FIGURE` leads from any figure to entries, decisions and cells."
        ),
    )
