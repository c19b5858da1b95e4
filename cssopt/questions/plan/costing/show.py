"""A costed plan as a document: the pages of any plan, and one about what was given."""

from __future__ import annotations

from dataclasses import replace

from cssopt.document.document import Document, Sheet
from cssopt.document.run_facts import RunFacts
from cssopt.language import in_language
from cssopt.questions.plan.costing.page import Costed, show_your_plan, tell_boxes, tell_title
from cssopt.questions.plan.costing.result import Costing
from cssopt.questions.plan.result import Comparison
from cssopt.questions.plan.show import Shown, show_plan


def show_costing(found: Costing, compared: Comparison, facts: RunFacts, shown: Shown) -> Document:
    """A given plan as any plan is shown, and behind its first page the one about what was given."""
    document = show_plan(compared.plan, compared.baseline, facts, shown)
    if not compared.plan.has_plan:
        return document
    costed = Costed(found, compared.baseline)
    with in_language(shown.language):
        boxes = tell_boxes(costed)
        first, *others = document.sheets
        first = replace(first, boxes=(*boxes, *first.boxes))
        is_whole = not (shown.brief or shown.annex)
        own: tuple[Sheet, ...] = (show_your_plan(costed),) if is_whole else ()
        return replace(
            document,
            verdict=f"{tell_title(costed)}.",
            sheets=(first, *own, *others),
            mark="bad" if found.broken else document.mark,
        )
