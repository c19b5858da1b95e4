"""What a title says before its finding, and what a place says where no other run was asked."""

from __future__ import annotations

from cssopt.document.document import Note
from cssopt.language import phrase, write_percent
from cssopt.questions.plan.figures.certainty import Certainty
from cssopt.questions.plan.figures.plan_figures import PlanFigures


def begin_finding(figures: PlanFigures, finding: str) -> str:
    """A title, behind what must be known before it is used: that the audit failed, or that the plan
    is not proven."""
    if figures.view.plan.verdict:
        return phrase("THE AUDIT FAILED: {finding}", finding=finding)
    if figures.certainty.proof != "proven":
        return phrase("NOT PROVEN: {finding}", finding=finding)
    return finding


def tell_proven(certainty: Certainty) -> str:
    """What holds of a plan that is proven: of all plans, or of those that were asked for."""
    if certainty.given_up:
        return phrase(
            "Within the members\u2019 ceilings and laws no plan costs less that leaves at most "
            "{share} more than the least missing.",
            share=write_percent(certainty.given_up, 2),
        )
    if not certainty.is_least:
        return phrase(
            "No plan that does what was asked in this run is better. Another one may leave less "
            "missing."
        )
    return phrase(
        "Within the members\u2019 ceilings and laws no plan leaves less missing, and none that "
        "leaves as little costs less."
    )


def tell_together(certainty: Certainty) -> str:
    """How much better another plan could be, all that is made small counted together."""
    return phrase(
        "What is missing and money counted together, another plan could be up to {share} better.",
        share=write_percent(certainty.together, 1),
    )


def say_not_asked(command: str) -> str:
    """What stands in the place of what another run would tell, with the command that asks it."""
    return phrase("not asked in this run: {command}", command=command)


def tell_not_asked(command: str) -> Note:
    """The same as a note."""
    return Note(say_not_asked(command), "quiet")


def tell_simplified() -> Note:
    """What the sign of a figure from a simplified plan means."""
    return Note(
        phrase("* Asked of the simplified plan, in which parts of whole units are allowed."),
        "quiet",
    )
