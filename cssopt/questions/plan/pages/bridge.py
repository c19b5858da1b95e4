"""The page: How does each need come about, and what covers it?"""

from __future__ import annotations

from cssopt.document.document import Sheet
from cssopt.language import phrase
from cssopt.questions.plan.figures.plan_figures import PlanFigures
from cssopt.questions.plan.opinions import Opinions
from cssopt.questions.plan.pages.page import make_page


def show_bridge(figures: PlanFigures, opinions: Opinions) -> Sheet:
    """See the module."""
    return make_page(
        "bridge",
        phrase("How does each need come about, and what covers it?"),
        phrase("How does each need come about, and what covers it?"),
    )
