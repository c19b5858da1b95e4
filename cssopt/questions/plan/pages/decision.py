"""The decision page: what to keep, give up, buy and lend, and who pays."""

from __future__ import annotations

from cssopt.document.document import Sheet
from cssopt.language import phrase
from cssopt.questions.plan.figures.plan_figures import PlanFigures
from cssopt.questions.plan.opinions import Opinions
from cssopt.questions.plan.pages.page import make_page


def show_decision(figures: PlanFigures, opinions: Opinions) -> Sheet:
    """All that a decider needs on one page; each figure leads to the page that derives it."""
    return make_page("decision", phrase("What to do?"), phrase("What to do?"), on_screen=True)
