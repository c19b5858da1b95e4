"""A plan as a document: all sheets in their order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from cssopt.document.audit_sheet import AUDIT, show_audit
from cssopt.document.base_plan import tell_met
from cssopt.document.document import Document, Sheet, table_to_keep
from cssopt.document.run_facts import RunFacts
from cssopt.language import in_language, write_years
from cssopt.questions.plan.cost_sheets import show_burden, show_costs
from cssopt.questions.plan.coverage_sheets import show_coverage, show_others
from cssopt.questions.plan.figures.lines import list_lines
from cssopt.questions.plan.figures.plan_figures import PlanFigures
from cssopt.questions.plan.figures_sheet import show_figures, show_page_figures
from cssopt.questions.plan.keys_sheet import show_keys
from cssopt.questions.plan.ledger_sheet import show_pooling_ledger
from cssopt.questions.plan.opinions import Opinions
from cssopt.questions.plan.pages.all_pages import show_pages
from cssopt.questions.plan.pages.chosen_pages import choose_pages, name_parties
from cssopt.questions.plan.pages.decision import show_no_plan
from cssopt.questions.plan.pages.measures import tell_prices
from cssopt.questions.plan.pages.method import show_method
from cssopt.questions.plan.pages.page import PAGE_FIGURES, name_page
from cssopt.questions.plan.pages.words import show_words
from cssopt.questions.plan.plan_sheets import show_declared
from cssopt.questions.plan.summary import show_summary
from cssopt.questions.plan.view import PlanView
from cssopt.solution.baseline import Baseline
from cssopt.solution.plan import Solution

_OWN_TABLES: Final = (
    *("summary", "expenditure", "concessions", "members", "saving", "security"),
    *("costs", "discount_factors", "present_values", "costs_by_bearer", "burden"),
    *("key_money", "key_shares", "keys", "pooling_ledger", "pooling_saving"),
    *("figures", PAGE_FIGURES, AUDIT),
)
"""Names that no table of a model has in the document, whatever it is called there."""


@dataclass(frozen=True)
class Shown:
    """How a plan is shown.

    Attributes
    ----------
    language: its code. opinions: what other runs say of the plan.
    brief: True for the decision page alone. annex: code of the member whose page is shown alone;
        empty for none.
    """

    language: str = "en"
    opinions: Opinions = field(default_factory=Opinions)
    brief: bool = False
    annex: str = ""


def show_plan(
    plan: Solution, baseline: Baseline | None, facts: RunFacts, shown: Shown | None = None
) -> Document:
    """A solution, with or without a plan, and what it is compared with."""
    shown = Shown() if shown is None else shown
    with in_language(shown.language):
        document = _show_plan(plan, baseline, facts, shown)
        names = name_parties(plan.data, plan.coalition)
        return choose_pages(document, names, brief=shown.brief, annex=shown.annex)


def _show_plan(
    plan: Solution, baseline: Baseline | None, facts: RunFacts, shown: Shown
) -> Document:
    view = PlanView(plan, baseline, set(_OWN_TABLES))
    horizon = plan.data.horizon
    sheets = tuple(_show_sheets(view, shown, facts))
    _, mark = tell_met(plan, "")
    decision = next(sheet for sheet in sheets if sheet.name == name_page("decision"))
    return Document(
        title=horizon.title,
        verdict=decision.finding,
        sheets=sheets,
        facts=facts,
        mark=mark,
        marking=horizon.marking or "",
        measure=tell_prices(view),
        years=write_years(horizon.years),
        language=shown.language,
        kept=tuple(table_to_keep(name, *rows) for name, rows in plan.rows.items()),
    )


def _show_sheets(view: PlanView, shown: Shown, facts: RunFacts) -> list[Sheet]:
    outlays, sheets = None, []
    ledger = None
    if view.plan.has_plan:
        burden, outlays = show_burden(view)
        ledger = show_pooling_ledger(view)
        found = [
            *show_declared(view),
            show_coverage(view),
            show_costs(view),
            burden,
            *show_keys(view),
            *show_others(view),
            ledger,
        ]
        sheets = [sheet for sheet in found if sheet is not None]
    summary = show_summary(view, outlays)
    figures, opinions = PlanFigures(view), shown.opinions
    pages: tuple[Sheet, ...]
    behind: list[Sheet] = []
    if view.plan.has_plan:
        pages = tuple(show_pages(figures, opinions, facts))
        behind = [show_page_figures(view, list_lines(figures))]
    else:
        pages = (show_no_plan(view.plan), show_method(figures, opinions, facts))
        pages += (show_words(figures, opinions),)
    ending = [show_audit(view.plan.audit), show_figures(view), *behind]
    return [*pages, summary, *sheets, *ending]
