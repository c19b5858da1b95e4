"""Documents about a plan: their head, which says first whether the plan meets the threats."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from cssopt.document.document import Document, Mark, Note, Pair, Pairs, Sheet
from cssopt.document.run_facts import RunFacts
from cssopt.language import capitalize
from cssopt.solution.plan import Solution
from cssopt.solution.told import GAP_SAYS, NOT_MET
from cssopt.solve.outcome import Status


def tell_met(base: Solution, which: str = "Base plan: ") -> tuple[str, Mark]:
    """Whether the base plan of a question meets the threats, and how that is to be taken.

    `which` says of which plan it is told; empty where there is but one.
    """
    mark: Mark = "bad"
    if base.has_plan and base.threats_met:
        told, mark = "threats met.", "good"
    elif base.has_plan:
        told = f"{NOT_MET}."
    elif base.status is Status.INFEASIBLE:
        told = f"{NOT_MET}: there is no plan."
    else:
        yet = " yet" if base.status.is_open else ""
        told = f"no plan{yet}: whether the threats can be met is not known."
    return f"{which}{told}" if which else capitalize(told), mark


def document_on_base(
    base: Solution,
    title: str,
    finding: str,
    sheets: Sequence[Sheet],
    facts: RunFacts,
    *,
    are_others_short: bool = False,
) -> Document:
    """A document on a base plan and what was asked about it.

    Its verdict tells first whether the base plan meets the threats, then the finding, a sentence;
    it is to be taken with care where `are_others_short`: where another plan does not meet them.
    Title, marking and the measure of money are those of the inputs.
    """
    horizon = base.data.horizon
    met, mark = tell_met(base)
    return Document(
        title=f"{title}: {horizon.title}",
        verdict=f"{met} {finding}".strip(),
        sheets=tuple(sheets),
        facts=facts,
        mark="warn" if are_others_short and mark == "good" else mark,
        marking=horizon.marking or "",
        measure=horizon.present_value,
    )


ONLY_THE_PLAN: Final = "Interrupted: of what was asked only this was worked out."


def tell_plan(plan: Solution, *, on_screen: bool = False) -> Pairs:
    """How a plan ended, what it costs, and how far it is proven: the table `base_plan`.

    On a screen it stands only where there is little else to tell.
    """
    money = plan.data.horizon.present_value
    status = Pair("status", str(plan.status), remark=plan.sentence, is_strong=True)
    if not plan.has_plan:
        return Pairs("base_plan", (status, _tell_threats(plan)), "The base plan", on_screen)
    last = plan.solved.stages[-1].name.replace("_", " ") if plan.solved.stages else ""
    gap = plan.gap if math.isfinite(plan.gap) else None
    told = (
        status,
        _tell_threats(plan),
        Pair("pooled expenditure", plan.pooled_expenditure, "money", money, is_strong=True),
        *(
            Pair(entry.replace("_", " "), value, "money", "deducted" if value < 0 else "of it")
            for entry, value in sorted(plan.costs.items(), key=lambda one: -abs(one[1]))
        ),
        Pair("shortfall", plan.shortfall, "number", "power-years, plain sum", 2),
        Pair("missing share", plan.missing_share, "number", "weighted, over all needs", 6),
        Pair("proven bound", plan.bound, "number", f"of {last}" if last else "", 6),
        Pair("gap", gap, "tiny", GAP_SAYS),
    )
    return Pairs("base_plan", told, "The base plan", on_screen)


def _tell_threats(plan: Solution) -> Pair:
    if not plan.threats_met:
        return Pair("threats met", "no", mark="bad")
    return Pair("threats met", "yes", mark="good")


def show_interrupted(base: Solution, title: str, facts: RunFacts) -> Document:
    """What is left of a question that was interrupted after its base plan was worked out."""
    asked_again = "The same command works out the rest."
    told = tell_plan(base, on_screen=True), Note(asked_again)
    sheet = Sheet("Base plan", ONLY_THE_PLAN, told, on_screen=True)
    facts = replace(facts, status=str(Status.INTERRUPTED))
    return document_on_base(base, title, ONLY_THE_PLAN, [sheet], facts)
