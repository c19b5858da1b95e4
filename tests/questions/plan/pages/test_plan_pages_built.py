"""Pages 2 to 7 of solved books: each has its title, and its charts have their tables."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cssopt.document.document import Table
from cssopt.language import in_language
from cssopt.questions.plan.figures.plan_figures import PlanFigures
from cssopt.questions.plan.opinions import Opinions
from cssopt.questions.plan.pages.bridge import show_bridge
from cssopt.questions.plan.pages.burden import show_burden
from cssopt.questions.plan.pages.cost import show_cost
from cssopt.questions.plan.pages.needs import show_needs
from cssopt.questions.plan.pages.together import show_together
from cssopt.questions.plan.pages.who_pays import show_who_pays
from cssopt.questions.plan.view import PlanView
from cssopt.solution.plan import Solution
from cssopt.solution.verdicts import Broken

PAGES = (show_needs, show_bridge, show_cost, show_who_pays, show_burden, show_together)


@pytest.mark.parametrize("show", PAGES, ids=lambda show: show.__name__)
@pytest.mark.parametrize("book", ["met", "short"])
def test_a_solved_book_has_every_page(book, show, request):
    plan, baseline = request.getfixturevalue(book)
    page = show(PlanFigures(PlanView(plan, baseline)), Opinions())
    assert page.is_page
    assert page.finding != page.question
    tables = {table.name: table for table in page.tables if isinstance(table, Table)}
    for chart in page.charts:
        columns = {column.name for column in tables[chart.table].columns}
        assert columns >= {chart.by, *chart.series}


@pytest.mark.parametrize("show", PAGES, ids=lambda show: show.__name__)
@pytest.mark.parametrize(
    ("verdict", "proof", "begins"),
    [
        (None, "proven", ""),
        (None, "money open", "NOT PROVEN: "),
        (None, "interrupted", "NOT PROVEN: "),
        ((Broken("orders.at_least", "A", 1.0, "1 <= 0"),), "proven", "THE AUDIT FAILED: "),
    ],
)
def test_what_must_be_known_first_stands_before_every_finding(
    verdict, proof, begins, show, short, monkeypatch
):
    plan, baseline = short
    page = show(PlanFigures(PlanView(plan, baseline)), Opinions())
    monkeypatch.setattr(Solution, "verdict", verdict)
    figures = PlanFigures(PlanView(plan, baseline))
    vars(figures)["certainty"] = replace(figures.certainty, proof=proof, doubt=0.0)
    assert show(figures, Opinions()).finding == begins + page.finding


def test_the_net_cost_of_the_page_is_what_the_plan_makes_least(short):
    plan, baseline = short
    page = show_cost(PlanFigures(PlanView(plan, baseline)), Opinions())
    net = next(one for one in page.tables if one.name == "cash_by_entry").rows[-1]
    assert net[-1] == pytest.approx(plan.pooled_expenditure)


def test_pages_are_made_in_every_language(short):
    plan, baseline = short
    with in_language("ru"):
        for show in PAGES:
            assert show(PlanFigures(PlanView(plan, baseline)), Opinions()).finding
