"""The page: How was this found, and how far is it to be trusted?"""

from __future__ import annotations

from cssopt.document.document import Sheet
from cssopt.language import phrase
from cssopt.questions.plan.figures.plan_figures import PlanFigures
from cssopt.questions.plan.opinions import Opinions
from cssopt.questions.plan.pages.page import make_page


def show_method(figures: PlanFigures, opinions: Opinions) -> Sheet:
    """See the module."""
    return make_page(
        "method",
        phrase("How was this found, and how far is it to be trusted?"),
        phrase("How was this found, and how far is it to be trusted?"),
    )
