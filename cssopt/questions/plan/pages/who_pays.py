"""The page: Who pays what, in which year, and is there room?"""

from __future__ import annotations

from cssopt.document.document import Sheet
from cssopt.language import phrase
from cssopt.questions.plan.figures.plan_figures import PlanFigures
from cssopt.questions.plan.opinions import Opinions
from cssopt.questions.plan.pages.page import make_page


def show_who_pays(figures: PlanFigures, opinions: Opinions) -> Sheet:
    """See the module."""
    return make_page(
        "who_pays",
        phrase("Who pays what, in which year, and is there room?"),
        phrase("Who pays what, in which year, and is there room?"),
    )
