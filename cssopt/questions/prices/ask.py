"""Prices: what one more unit of an input does to the plan."""

from __future__ import annotations

from dataclasses import dataclass

from cssopt.document.document import Document
from cssopt.questions.common_options import Common, option
from cssopt.questions.prices.find import PLANNED, Sides, check_study, find_prices
from cssopt.questions.prices.result import PlanPrices
from cssopt.questions.prices.show import show_prices
from cssopt.questions.question import Asking, question, verb


@question("prices")
@dataclass(frozen=True, kw_only=True)
class Prices(Common):
    """Tell what one more unit of every need, ceiling, limit or share would cost or save.

    What is found has ``tables``: ``cells`` (per unit of each cell: expenditure, and what comes
    before it, such as missing_share) and ``rules``. The prices of a plan with whole numbers are
    those of the LP with its whole numbers fixed, and say so. Raises ModelError for a study whose
    plans have no prices.
    """

    sides: Sides = option(
        PLANNED,
        "Cells of which new solves look at both sides, for prices that differ there and for how "
        "far they hold: those that planners set (needs, rules, ceilings), all (about three times "
        "as long), or none. A cell that is not looked at has no price.",
    )

    def check(self, asked: Asking) -> None:
        """ModelError for a study whose plans have no prices."""
        check_study(asked.instance.study)

    def find(self, asked: Asking) -> PlanPrices:
        """The prices of the plan."""
        return find_prices(asked.base, sides=self.sides, tell=self.tell)

    def show(self, found: PlanPrices, asked: Asking) -> Document:
        """The dearest cells, every cell, and the dearest rules year by year."""
        return show_prices(found, asked.facts(found, asked.base))


prices = verb(Prices)
