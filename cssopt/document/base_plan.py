"""Documents about a plan: their head, which says first whether the plan meets the threats."""

from __future__ import annotations

from collections.abc import Sequence

from cssopt.document.document import Document, Mark, Sheet
from cssopt.document.run_facts import RunFacts
from cssopt.solution.plan import Solution
from cssopt.solution.told import NOT_MET
from cssopt.solve.outcome import Status


def tell_met(base: Solution, which: str = "Base plan: ") -> tuple[str, Mark]:
    """Whether the base plan of a question meets the threats, and how that is to be taken.

    `which` says of which plan it is told; empty where there is but one.
    """
    if not base.has_plan:
        yet = " yet" if base.status is Status.NO_PLAN_YET else ""
        return f"{which}{NOT_MET}: there is no plan{yet}.", "bad"
    if not base.threats_met:
        return f"{which}{NOT_MET}.", "bad"
    return f"{which}threats met." if which else "Threats met.", "good"


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
