"""The decision page: what to keep, give up, buy and lend, and who pays."""

from __future__ import annotations

from cssopt.document.document import Beside, Note, Sheet
from cssopt.language import phrase, phrase_count, write_count, write_years
from cssopt.questions.plan.figures.plan_figures import PlanFigures
from cssopt.questions.plan.opinions import Opinions
from cssopt.questions.plan.pages.decision_forces import show_forces
from cssopt.questions.plan.pages.decision_money import Cited, show_cost_of, show_payments
from cssopt.questions.plan.pages.decision_sure import show_sureness
from cssopt.questions.plan.pages.decision_threats import show_threats
from cssopt.questions.plan.pages.decision_title import list_boxes, make_lead, title_decision
from cssopt.questions.plan.pages.decision_when import show_by_when
from cssopt.questions.plan.pages.page import make_page
from cssopt.solution.plan import Solution
from cssopt.solve.outcome import Status


def show_decision(figures: PlanFigures, opinions: Opinions) -> Sheet:
    """All that a decider needs on one page; each figure leads to the page that derives it."""
    cited = Cited.of(figures)
    return make_page(
        "decision",
        _ask(figures.view.plan),
        title_decision(figures),
        make_lead(figures),
        *show_threats(figures, cited),
        *show_cost_of(figures, cited),
        *show_payments(figures, cited),
        *show_forces(figures),
        Beside((*show_sureness(figures, opinions), *show_by_when(figures, opinions))),
        boxes=tuple(list_boxes(figures)),
        on_screen=True,
    )


def _ask(plan: Solution) -> str:
    """What the page answers."""
    count = len(plan.coalition)
    return phrase_count(
        "What should the only member keep, give up and buy in {years}, and what does it pay?",
        "What should the {number} members keep, give up, buy and lend in {years}, and who pays?",
        count,
        number=write_count(count),
        years=write_years(plan.data.horizon.years),
    )


def show_no_plan(plan: Solution) -> Sheet:
    """The page in place of a plan that there is not: why, and what to do next."""
    return make_page(
        "decision",
        _ask(plan),
        title_no_plan(plan.status),
        *(Note(told) for told in tell_no_plan(plan.status)),
        on_screen=True,
    )


def title_no_plan(status: Status) -> str:
    """Why there is no plan."""
    match status:
        case Status.INFEASIBLE:
            return phrase("THERE IS NO PLAN: no plan can keep all rules at once")
        case Status.UNBOUNDED:
            return phrase("THERE IS NO PLAN: a cost in the workbook must be wrong")
        case Status.NO_PLAN_YET:
            return phrase("NO PLAN YET: the limit came before any plan was found")
        case Status.INTERRUPTED:
            return phrase("NO PLAN YET: the run was interrupted before any plan was found")
        case _:
            return phrase("THERE IS NO PLAN: the search ended with an error")


def tell_no_plan(status: Status) -> tuple[str, ...]:
    """What that means, and what to do next."""
    match status:
        case Status.INFEASIBLE:
            return (
                phrase(
                    "Laws, ceilings and other rules of the workbook stand in each other\u2019s "
                    "way. Nothing can be planned by it as it is."
                ),
                phrase("Which of them do, and what the least change is, this command tells: "
                       "cssopt diagnose BOOK"),
            )  # fmt: skip
        case Status.UNBOUNDED:
            return (
                phrase("By these inputs money could be earned without end."),
                phrase("Look for a cost below 0, and check the workbook: cssopt check BOOK"),
            )
        case Status.NO_PLAN_YET:
            return (
                phrase("Whether there is a plan is not known: nothing follows for any member."),
                phrase("Allow more seconds for the search: cssopt solve BOOK --time-limit 3600"),
            )  # fmt: skip
        case Status.INTERRUPTED:
            return (
                phrase("Whether there is a plan is not known: nothing follows for any member."),
                phrase("Let it run to its end: cssopt solve BOOK"),
            )
        case _:
            return (phrase("What ended it stands on sheet Run. Nothing follows for any member."),)
