"""The page: What does acting together save, and what is it spent on?"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from cssopt.document.document import Beside, Block, Chart, Column, Mark, Note, Sheet, Span, Table
from cssopt.language import (
    MET_TO,
    capitalize,
    is_told,
    join_phrases,
    phrase,
    phrase_count,
    write_count,
    write_money,
    write_percent,
)
from cssopt.questions.plan.figures.payers import Payer, Payers
from cssopt.questions.plan.figures.plan_figures import PlanFigures
from cssopt.questions.plan.figures.security import Security
from cssopt.questions.plan.opinions import Opinions
from cssopt.questions.plan.pages.finding import begin_finding, tell_not_asked
from cssopt.questions.plan.pages.measures import tell_all, tell_value
from cssopt.questions.plan.pages.page import make_page, name_page
from cssopt.questions.plan.pooling_ledger import MET_ONCE
from cssopt.solution.baseline import LedgerLine

_NOISE: Final = 0.5
"""Million below which a difference is none: money is shown in whole millions."""
_FEW: Final = 0.1
"""A missing part below it is told with a decimal."""
_MOST_NAMES: Final = 4


def show_together(figures: PlanFigures, opinions: Opinions) -> Sheet:
    """From separate defences to this plan, in all and for each member."""
    finding = find_finding(figures.payers, _currency(figures), is_asked=_is_asked(figures))
    return make_page(
        "together",
        phrase("What does acting together save, and what is it spent on?"),
        begin_finding(figures, finding),
        *_show_blocks(figures),
    )


def _currency(figures: PlanFigures) -> str:
    return str(figures.view.plan.data.horizon.currency)


def _is_asked(figures: PlanFigures) -> bool:
    return figures.view.baseline is not None


def find_finding(payers: Payers, currency: str, *, is_asked: bool) -> str:
    """What acting together saves, and what this plan spends of that on more security."""
    together = payers.together
    if len(payers.each) == 1:
        return phrase("{name} plans alone: nothing is done together", name=payers.each[0].name)
    if not is_asked:
        return phrase("What acting together saves was not asked in this run")
    saving, doubt = together.saving, payers.doubt_of_saving
    if saving is None:
        return _tell_why_none(payers)
    if not is_told(saving, doubt):
        return phrase("Whether acting together saves anything is not proven: no difference told")
    saved = _tell_saved(saving, doubt, currency)
    more = together.more_security
    if more is None or not is_told(more, payers.doubt_of_more):
        return phrase("{saved}; what more security costs is not proven", saved=saved)
    if abs(more) < _NOISE:
        return phrase("{saved}; this plan spends nothing on more security", saved=saved)
    if more < 0:
        return phrase(
            "{saved}; this plan costs {money} less still", saved=saved, money=write_money(-more)
        )
    if more > saving:
        return phrase(
            "{saved}; the plan spends {money} on more security",
            saved=saved,
            money=write_money(more),
        )
    return phrase(
        "{saved}; the plan spends {money} of that on more security",
        saved=saved,
        money=write_money(more),
    )


def _tell_why_none(payers: Payers) -> str:
    """Why no saving can be told: who has no plan alone, or that there is none together."""
    without = [one.name for one in payers.each if one.alone is None]
    if without:
        return phrase(
            "No plan was found for {names} alone: what acting together saves cannot be told",
            names=join_phrases(without, _MOST_NAMES),
        )
    return phrase("No plan as safe as alone was found: what acting together saves cannot be told")


def _tell_saved(saving: float, doubt: float, currency: str) -> str:
    if abs(saving) < _NOISE:
        return phrase("Together the members are as safe as alone for the same money")
    if saving < 0:
        return phrase(
            "Together the members are as safe as alone for {money} more",
            money=write_money(-saving, currency),
        )
    if doubt:
        return phrase(
            "Together the members could be as safe as alone for {least} to {most} less",
            least=write_money(saving - doubt, currency),
            most=write_money(saving + doubt, currency),
        )
    return phrase(
        "Together the members could be as safe as alone for {money} less",
        money=write_money(saving, currency),
    )


def _show_blocks(figures: PlanFigures) -> Iterator[Block]:
    payers = figures.payers
    if len(payers.each) == 1:
        yield Note(phrase("A plan of one member has nothing to be compared with."))
        return
    if not _is_asked(figures):
        yield tell_not_asked("cssopt compare BOOK")
        return
    yield from _show_steps(figures)
    yield from _tell_range(figures)
    yield Note(
        phrase("{value}, of each member", value=capitalize(tell_value(figures.view))),
        is_heading=True,
    )
    yield _show_members(payers)
    page = name_page("sure")
    yield Note.of(
        Span(
            phrase(
                "How the total falls on members follows where forces are cheapest. It is no "
                "bargain between them. How firm the split is:"
            )
        ),
        Span(" "),
        Span(page, page=page),
    )


def _tell_range(figures: PlanFigures) -> Iterator[Note]:
    """Within what the saving lies, where that was asked."""
    baseline, currency = figures.view.baseline, _currency(figures)
    found = None if baseline is None else baseline.range
    if found is None or not (math.isfinite(found.least) and math.isfinite(found.most)):
        return
    told = phrase(
        "Several plans alone may cost the same and leave other needs missing. By them the saving "
        "lies between {least} and {most}.",
        least=write_money(found.least, currency),
        most=write_money(found.most, currency),
    )
    yield Note(told)


@dataclass(frozen=True)
class Step:
    """A step from separate defences to this plan.

    Attributes
    ----------
    name: for a reader. amount: million; of a total all of it. is_total: True for a whole plan.
    """

    name: str
    amount: float
    is_total: bool = False


def list_steps(payers: Payers, links: Sequence[tuple[str, float]]) -> list[Step]:
    """From separate defences over as safe as alone to this plan; empty where a step is not told.

    `links` are the names of ways to act together, in their order, and what all of it costs up to
    each.
    """
    together, count = payers.together, len(payers.each)
    alone, equal = together.alone, together.equal
    if alone is None or equal is None or not is_told(alone - equal, payers.doubt_of_saving):
        return []
    separate = phrase_count(
        "{number} separate defence", "{number} separate defences", count, number=write_count(count)
    )
    steps = [Step(capitalize(separate), alone, is_total=True)]
    if not links:
        steps.append(Step(phrase("Saving by acting together"), equal - alone))
    else:
        steps += _chain(alone, links)
        rest = equal - links[-1][1]
        if abs(rest) >= _NOISE:
            steps.append(Step(phrase("All that is not told apart"), rest))
    steps.append(Step(phrase("Together, as safe as alone"), equal, is_total=True))
    if is_told(together.net_at_start - equal, payers.doubt_of_more):
        steps.append(Step(phrase("More security than alone"), together.net_at_start - equal))
    steps.append(Step(phrase("This plan"), together.net_at_start, is_total=True))
    return steps


def _chain(alone: float, links: Sequence[tuple[str, float]]) -> Iterator[Step]:
    """What each way of acting together saves or costs."""
    before = alone
    for name, expenditure in links:
        yield Step(name, expenditure - before)
        before = expenditure


def read_links(figures: PlanFigures) -> list[tuple[str, float]]:
    """Ways to act together, in their order, as they are called on pages; those that cannot be told
    apart are one."""
    baseline = figures.view.baseline
    if baseline is None or not baseline.links:
        return []
    says = {link.name: phrase(link.says) for link in figures.view.plan.study.links if link.says}
    says[MET_ONCE] = phrase("Overlapping needs met once")
    return join_links(baseline.links[1:], says)


def join_links(lines: Sequence[LedgerLine], says: Mapping[str, str]) -> list[tuple[str, float]]:
    """Lines of the pooling ledger by their names for readers; one that is not told apart from the
    one before is one with the next, the last ones with the one before."""
    found: list[tuple[list[str], float]] = []
    waiting: list[str] = []
    for line in lines:
        waiting += [says.get(name) or capitalize(name) for name in line.name.split(" + ")]
        if math.isnan(line.saving):
            continue
        found.append((waiting, line.expenditure))
        waiting = []
    if waiting:
        names = found.pop()[0] if found else []
        found.append(([*names, *waiting], lines[-1].expenditure))
    return [(join_phrases(names), expenditure) for names, expenditure in found]


def _show_steps(figures: PlanFigures) -> Iterator[Block]:
    links = read_links(figures)
    steps = list_steps(figures.payers, links)
    if not steps:
        return
    table = Table(
        "steps_together",
        (
            Column("step", title=phrase("Step")),
            Column("amount", "million", title=phrase("Net cost")),
        ),
        tuple((step.name, step.amount if abs(step.amount) >= _NOISE else 0.0) for step in steps),
        marks={
            (row, "amount"): mark for row, step in enumerate(steps) if (mark := _mark(step, row))
        },
    )
    totals = tuple(row for row, step in enumerate(steps) if step.is_total)
    yield Chart(
        "waterfall",
        table.name,
        "step",
        ("amount",),
        phrase("From separate defences to this plan: {value}", value=tell_value(figures.view)),
        totals=totals,
    )
    if links:
        told = phrase(
            "Green: saves; orange: costs. Each step is a plan of its own; another order of steps "
            "would give other parts."
        )
    else:
        told = phrase(
            "What each way of acting together saves is not asked in this run: {command}",
            command="cssopt compare BOOK",
        )
    missing = tell_missing(figures.payers, figures.security)
    yield Beside((table, Note(told, "quiet"), *(Note(text) for text in missing)))


def _mark(step: Step, row: int) -> Mark | None:
    if step.is_total or abs(step.amount) < _NOISE:
        return None
    return "less" if step.amount < 0 else "more"


def tell_missing(payers: Payers, security: Security) -> Iterator[str]:
    """What separate defences leave missing, and why; what acting together does with that."""
    if security.of_alone is None:
        return
    count = len(payers.each)
    failing = [one.name for one in payers.each if (one.worst_alone or 0.0) > MET_TO]
    yield phrase_count(
        "{number} separate defence leaves {share} of its needs missing.",
        "{number} separate defences leave {share} of their needs missing.",
        count,
        number=capitalize(write_count(count)),
        share=write_percent(security.of_alone),
    )
    if failing:
        yield phrase_count(
            "{names} cannot meet all of its needs alone.",
            "{names} cannot meet all of their needs alone.",
            len(failing),
            names=join_phrases(failing, _MOST_NAMES),
        )
    if security.of_equal is not None:
        yield phrase(
            "As safe as alone keeps it at that: {share} of the needs, each counted once.",
            share=write_percent(security.of_equal),
        )
    left = security.missing_of_all
    if not security.short:
        yield phrase("This plan leaves nothing missing.")
    else:
        share = write_percent(left, 1 if left < _FEW else 0)
        yield phrase("This plan leaves {share} of all needs missing.", share=share)


def _show_members(payers: Payers) -> Table:
    columns = (
        Column("name", title=phrase("Member")),
        Column("alone", "million", title=phrase("Alone")),
        Column("missing_alone", title=phrase("Missing alone")),
        Column("saving", "difference", title=phrase("Saving")),
        Column("as_safe", "million", title=phrase("Together, as safe as alone")),
        Column("more_security", "difference", title=phrase("More security")),
        Column("this_plan", "million", title=phrase("This plan")),
        Column("against_alone", "difference", title=phrase("Against alone")),
    )
    lines = [(one, one.name) for one in payers.each] + [(payers.together, tell_all())]
    rows = tuple(
        (
            name,
            one.alone,
            "" if one is payers.together else tell_missing_alone(one),
            _tell_difference(None if one.saving is None else -one.saving, payers.doubt_of_saving),
            one.equal,
            _tell_difference(one.more_security, payers.doubt_of_more),
            one.net_at_start,
            _tell_difference(one.against_alone, payers.doubt_against_alone),
        )
        for one, name in lines
    )
    marks: dict[tuple[int, str], Mark] = {}
    for row, cells in enumerate(rows):
        against = cells[-1]
        if isinstance(against, float) and abs(against) >= _NOISE:
            marks[row, "against_alone"] = "more" if against > 0 else "less"
    note = phrase(
        "Alone + saving + more security = this plan. Missing alone: the largest part of any of its "
        "needs that the member could not cover by itself."
    )
    return Table("together_by_member", columns, rows, note=note, marks=marks, last_is_total=True)


def _tell_difference(amount: float | None, doubt: float) -> float | str | None:
    if amount is None or is_told(amount, doubt):
        return amount
    return phrase("no difference told")


def tell_missing_alone(one: Payer) -> str:
    """The largest part of any of its needs that a member misses alone."""
    if one.worst_alone is None:
        return phrase("not known")
    if one.worst_alone <= MET_TO:
        return phrase("none")
    return phrase("up to {share}", share=write_percent(one.worst_alone))
