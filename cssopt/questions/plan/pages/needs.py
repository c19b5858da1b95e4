"""The page: Are the threats met: which not, when, by how much?"""

from __future__ import annotations

from cssopt.document.document import Sheet
from cssopt.language import phrase
from cssopt.questions.plan.figures.plan_figures import PlanFigures
from cssopt.questions.plan.opinions import Opinions
from cssopt.questions.plan.pages.page import make_page


def show_needs(figures: PlanFigures, opinions: Opinions) -> Sheet:
    """See the module."""
    return make_page(
        "needs",
        phrase("Are the threats met: which not, when, by how much?"),
        phrase("Are the threats met: which not, when, by how much?"),
    )
