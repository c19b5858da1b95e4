"""All pages of a plan in their order."""

from __future__ import annotations

from collections.abc import Iterator

from cssopt.document.document import Sheet
from cssopt.document.run_facts import RunFacts
from cssopt.questions.plan.figures.plan_figures import PlanFigures
from cssopt.questions.plan.opinions import Opinions
from cssopt.questions.plan.pages.annex import show_annexes
from cssopt.questions.plan.pages.bridge import show_bridge
from cssopt.questions.plan.pages.burden import show_burden
from cssopt.questions.plan.pages.cost import show_cost
from cssopt.questions.plan.pages.cover import show_cover
from cssopt.questions.plan.pages.decision import show_decision
from cssopt.questions.plan.pages.from_today import show_from_today
from cssopt.questions.plan.pages.method import show_method
from cssopt.questions.plan.pages.needs import show_needs
from cssopt.questions.plan.pages.sure import show_sure
from cssopt.questions.plan.pages.timeline import show_timeline
from cssopt.questions.plan.pages.together import show_together
from cssopt.questions.plan.pages.what_if import show_what_if
from cssopt.questions.plan.pages.who_pays import show_who_pays
from cssopt.questions.plan.pages.words import show_words


def show_pages(figures: PlanFigures, opinions: Opinions, facts: RunFacts) -> Iterator[Sheet]:
    """Every page of a plan that there is: the decision first, then what it rests on."""
    for show in (
        show_decision,
        show_needs,
        show_bridge,
        show_cost,
        show_who_pays,
        show_burden,
        show_together,
        show_from_today,
        show_cover,
        show_timeline,
        show_sure,
        show_what_if,
    ):
        yield show(figures, opinions)
    yield from show_annexes(figures, opinions)
    yield show_method(figures, opinions, facts)
    yield show_words(figures, opinions)
