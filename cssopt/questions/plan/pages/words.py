"""The page: What do the words mean? No page uses other words for these things."""

from __future__ import annotations

from collections.abc import Iterator

from cssopt.document.document import Column, Sheet, Table
from cssopt.language import phrase, write_percent
from cssopt.questions.plan.figures.plan_figures import PlanFigures
from cssopt.questions.plan.opinions import Opinions
from cssopt.questions.plan.pages.page import make_page


def show_words(figures: PlanFigures, opinions: Opinions) -> Sheet:
    """Each word and what it stands for."""
    words = tuple(_define(figures))
    return make_page(
        "words",
        phrase("What do the words mean?"),
        phrase("Each word stands for one thing, on every page"),
        Table(
            "words",
            (
                Column("word", "text", phrase("Word")),
                Column("meaning", "sentence", phrase("What it stands for")),
            ),
            words,
        ),
    )


def _define(figures: PlanFigures) -> Iterator[tuple[str, str]]:
    horizon = figures.view.plan.data.horizon
    yield (
        phrase("Need"),
        phrase("Power of one kind that must be in place against a threat by a day of a crisis."),
    )
    yield (
        phrase("Power"),
        phrase(
            "What units can do, counted in the measure that the workbook gives each capability."
        ),
    )
    yield phrase("Met"), phrase("Of no need of the threat is more than 0.05\u00a0% missing.")
    yield phrase("Missing"), phrase("The part of a need that no force covers.")
    yield (
        phrase("Missing of all needs"),
        phrase(
            "All missing parts together, weighted by the priority of the threats, as a share of "
            "all needs. Never above 100\u00a0%."
        ),
    )
    yield (
        phrase("Lent, at the common disposal"),
        phrase("Units that a member holds ready for the defence of all, the most at one time."),
    )
    yield phrase("Given up"), phrase("Units that could still serve leave service.")
    yield phrase("Ages out"), phrase("Units reach the end of their life.")
    yield (
        phrase("Cash"),
        phrase(
            "What is paid in a year, at prices of {year}. Residual value is not taken off.",
            year=horizon.price_year,
        ),
    )
    yield phrase("Ceiling"), phrase("The most that a member may spend on this plan in a year.")
    yield (
        phrase("Residual value"),
        phrase("What units bought in the plan are still worth at its end. Nobody pays or gets it."),
    )
    yield phrase("Net cost"), phrase("Cash less residual value.")
    yield (
        phrase("{year} value", year=horizon.first),
        phrase(
            "Money of a later year counts less, by {rate} a year. So plans with other timing can "
            "be compared.",
            rate=write_percent(float(horizon.rate), 1),
        ),
    )
    yield phrase("Alone"), phrase("What the member would plan and pay if there were no alliance.")
    yield (
        phrase("As safe as alone"),
        phrase("The cheapest plan together in which no more is missing than if all stood alone."),
    )
    yield (
        phrase("More security"),
        phrase("What this plan costs beyond that, for needs that members could not meet alone."),
    )
    yield phrase("Danger faced"), phrase("The part of all needs that falls on the member.")
    yield (
        phrase("Proven"),
        phrase("The method shows that no better plan exists, not only that none was found."),
    )
    yield (
        phrase("Simplified plan"),
        phrase(
            "The same question with parts of ships, production lines and bodies allowed. It is "
            "quick and costs no more, and serves where many plans must be found."
        ),
    )
