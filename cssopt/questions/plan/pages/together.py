"""The page: What does acting together save, and what is it spent on?"""

from __future__ import annotations

from cssopt.document.document import Sheet
from cssopt.language import phrase
from cssopt.questions.plan.figures.plan_figures import PlanFigures
from cssopt.questions.plan.opinions import Opinions
from cssopt.questions.plan.pages.page import make_page


def show_together(figures: PlanFigures, opinions: Opinions) -> Sheet:
    """See the module."""
    return make_page(
        "together",
        phrase("What does acting together save, and what is it spent on?"),
        phrase("What does acting together save, and what is it spent on?"),
    )
