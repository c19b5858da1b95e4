"""The page: How sure are cost, security and shares?"""

from __future__ import annotations

from cssopt.document.document import Sheet
from cssopt.language import phrase
from cssopt.questions.plan.figures.plan_figures import PlanFigures
from cssopt.questions.plan.opinions import Opinions
from cssopt.questions.plan.pages.page import make_page


def show_sure(figures: PlanFigures, opinions: Opinions) -> Sheet:
    """See the module."""
    return make_page(
        "sure",
        phrase("How sure are cost, security and shares?"),
        phrase("How sure are cost, security and shares?"),
    )
