"""Documents about a plan: their head, which says first whether the plan meets the threats."""

from __future__ import annotations

from collections.abc import Sequence

from cssopt.document.document import Document, Mark, Pair, Pairs, Sheet
from cssopt.document.run_facts import RunFacts
from cssopt.solution.plan import Solution
from cssopt.solution.told import NOT_MET
from cssopt.solve.outcome import Status


def tell_met(base: Solution) -> tuple[str, Mark]:
    """Whether the base plan of a question meets the threats, and how that is to be taken."""
    if not base.has_plan:
        yet = " yet" if base.status is Status.NO_PLAN_YET else ""
        return f"Base plan: {NOT_MET}: there is no plan{yet}.", "bad"
    if not base.threats_met:
        return f"Base plan: {NOT_MET}.", "bad"
    return "Base plan: threats met.", "good"


def document_on_base(
    base: Solution, title: str, finding: str, sheets: Sequence[Sheet], facts: RunFacts
) -> Document:
    """A document on a base plan and what was asked about it.

    Its verdict tells first whether the base plan meets the threats, then the finding, a sentence.
    Title, marking and the measure of money are those of the inputs.
    """
    horizon = base.data.horizon
    met, mark = tell_met(base)
    return Document(
        title=f"{title}: {horizon.title}",
        verdict=f"{met} {finding}".strip(),
        sheets=tuple(sheets),
        facts=facts,
        mark=mark,
        marking=horizon.marking or "",
        measure=f"{horizon.money}, present value",
    )


def show_figures(base: Solution, name: str = "base", title: str = "The base plan") -> Pairs:
    """How the base plan ended, what it costs, and what it is short of."""
    pairs = [Pair("status", str(base.status), remark=base.status.sentence)]
    if base.has_plan:
        money = f"{base.data.horizon.money}, present value"
        costs = sorted(base.costs.items(), key=lambda entry: -abs(entry[1]))
        pairs += [
            Pair("threats met", base.threats_met),
            Pair("pooled expenditure", base.pooled_expenditure, "money", money),
            *(
                Pair(entry.replace("_", " "), value, "money", "deducted" if value < 0 else "of it")
                for entry, value in costs
            ),
            Pair("shortfall", base.shortfall, "number", "power-years, plain sum", 2),
            Pair("missing share", base.missing_share, "number", _MISSING_SAYS, 4),
            Pair("gap", base.gap, "tiny", "by how much a better plan may be cheaper, at most"),
        ]
    return Pairs(name, tuple(pairs), title)


_MISSING_SAYS = (
    "what is missing of each need, as a share of it, times priority and weight, added up"
)
