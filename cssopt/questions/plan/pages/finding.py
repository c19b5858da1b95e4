"""What a title says before its finding, and what a place says where no other run was asked."""

from __future__ import annotations

from cssopt.document.document import Note
from cssopt.language import phrase
from cssopt.questions.plan.figures.plan_figures import PlanFigures


def begin_finding(figures: PlanFigures, finding: str) -> str:
    """A title, behind what must be known before it is used: that the audit failed, or that the plan
    is not proven."""
    if figures.view.plan.verdict:
        return phrase("THE AUDIT FAILED: {finding}", finding=finding)
    if figures.certainty.proof != "proven":
        return phrase("NOT PROVEN: {finding}", finding=finding)
    return finding


def tell_not_asked(command: str) -> Note:
    """A note in the place of what another run would tell, with the command that asks for it."""
    return Note(phrase("not asked in this run: {command}", command=command), "quiet")


def tell_simplified() -> Note:
    """What the sign of a figure from a simplified plan means."""
    return Note(
        phrase("* Asked of the simplified plan, in which parts of whole units are allowed."),
        "quiet",
    )
