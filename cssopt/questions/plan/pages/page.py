"""What all pages for deciders share: their names, and how they are begun."""

from __future__ import annotations

from typing import Any, Final

from cssopt.document.document import Block, Sheet
from cssopt.language import mark, phrase

PAGES: Final = {
    "decision": mark("Decision"),
    "needs": mark("Needs"),
    "bridge": mark("Bridge"),
    "cost": mark("Cost"),
    "who_pays": mark("Who pays"),
    "burden": mark("In proportion"),
    "together": mark("Together"),
    "from_today": mark("From today"),
    "cover": mark("Cover"),
    "timeline": mark("Timeline"),
    "sure": mark("How sure"),
    "what_if": mark("What if"),
    "method": mark("Method"),
    "words": mark("Words"),
    "your_plan": mark("Your plan"),
}
"""Names of the pages in English, by the word by which code calls them."""

PAGE_FIGURES: Final = "page_figures"
"""The table over which the numbers of the decision page are formulas in a workbook."""


def name_page(page: str) -> str:
    """The name of a page, to which figures lead; KeyError for one that there is not."""
    return phrase(PAGES[page])


def make_page(page: str, question: str, finding: str, *blocks: Block, **how: Any) -> Sheet:
    """A page: what it answers, the answer, and what shows it.

    Parameters
    ----------
    page: its word in `PAGES`. question, finding: phrases. how: further fields of `Sheet`.
    """
    return Sheet(
        name_page(page), "", tuple(blocks), is_page=True, question=question, finding=finding, **how
    )
