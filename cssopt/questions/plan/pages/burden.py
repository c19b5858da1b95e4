"""The page: Does each member pay in proportion to the danger it faces and to its means?"""

from __future__ import annotations

from cssopt.document.document import Sheet
from cssopt.language import phrase
from cssopt.questions.plan.figures.plan_figures import PlanFigures
from cssopt.questions.plan.opinions import Opinions
from cssopt.questions.plan.pages.page import make_page


def show_burden(figures: PlanFigures, opinions: Opinions) -> Sheet:
    """See the module."""
    return make_page(
        "burden",
        phrase("Does each member pay in proportion to the danger it faces and to its means?"),
        phrase("Does each member pay in proportion to the danger it faces and to its means?"),
    )
