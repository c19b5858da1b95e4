"""The page: What does the plan cost, year by year and for what?"""

from __future__ import annotations

from cssopt.document.document import Sheet
from cssopt.language import phrase
from cssopt.questions.plan.figures.plan_figures import PlanFigures
from cssopt.questions.plan.opinions import Opinions
from cssopt.questions.plan.pages.page import make_page


def show_cost(figures: PlanFigures, opinions: Opinions) -> Sheet:
    """See the module."""
    return make_page(
        "cost",
        phrase("What does the plan cost, year by year and for what?"),
        phrase("What does the plan cost, year by year and for what?"),
    )
