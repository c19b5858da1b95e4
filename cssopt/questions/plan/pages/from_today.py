"""The page: Who must do what: what is kept, given up, bought and lent?"""

from __future__ import annotations

from cssopt.document.document import Sheet
from cssopt.language import phrase
from cssopt.questions.plan.figures.plan_figures import PlanFigures
from cssopt.questions.plan.opinions import Opinions
from cssopt.questions.plan.pages.page import make_page


def show_from_today(figures: PlanFigures, opinions: Opinions) -> Sheet:
    """See the module."""
    return make_page(
        "from_today",
        phrase("Who must do what: what is kept, given up, bought and lent?"),
        phrase("Who must do what: what is kept, given up, bought and lent?"),
    )
