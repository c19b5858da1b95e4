"""All figures of a plan that its pages show: worked out once, from what the plan tells."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from cssopt.modeling.accounts import Undertaking
from cssopt.questions.plan.figures.causes import Cause, find_causes
from cssopt.questions.plan.figures.certainty import Certainty, find_certainty
from cssopt.questions.plan.figures.holdings import (
    Holding,
    LookTwice,
    find_holdings,
    find_look_twice,
)
from cssopt.questions.plan.figures.money import Money, find_money
from cssopt.questions.plan.figures.payers import Payers, find_payers
from cssopt.questions.plan.figures.proportion import Proportions, find_proportions
from cssopt.questions.plan.figures.security import Security, find_own_security, find_security
from cssopt.questions.plan.view import PlanView


@dataclass(frozen=True)
class PlanFigures:
    """The figures of a plan that there is; each is worked out when it is first read."""

    view: PlanView

    @cached_property
    def money(self) -> Money:
        """What it costs."""
        return find_money(self.view)

    def own_money(self, party: str) -> Money:
        """What a member bears by itself: its part of what is common apart."""
        return find_money(self.view, party)

    def own_security(self, party: str) -> Security:
        """The needs of which a part falls on a member."""
        return find_own_security(self.view, self.security, party)

    @cached_property
    def payers(self) -> Payers:
        """Who pays."""
        return find_payers(self.view)

    @cached_property
    def security(self) -> Security:
        """How safe it is."""
        return find_security(self.view)

    @cached_property
    def holdings(self) -> tuple[Holding, ...]:
        """From today to the plan, by member and force."""
        return find_holdings(self.view)

    @cached_property
    def look_twice(self) -> LookTwice:
        """What a decider would ask about at once."""
        return find_look_twice(self.holdings, self.money)

    @cached_property
    def proportions(self) -> Proportions:
        """Danger, protection, cost and means side by side."""
        return find_proportions(self.view, self.security, self.payers)

    @cached_property
    def undertakings(self) -> tuple[Undertaking, ...]:
        """What is begun once, or could be."""
        return self.view.plan.accounts.undertakings

    @cached_property
    def acting(self) -> dict[int, float]:
        """1 in years in which the treaty works; 1 where a study knows no treaty."""
        told = self.view.plan.accounts["acting together"]
        return {t: told.get(t, 1.0) for t in self.view.years}

    @cached_property
    def causes(self) -> dict[int, list[Cause]]:
        """Why needs are short, by year."""
        return find_causes(
            self.security.short,
            self.acting,
            self.undertakings,
            self.holdings,
            self.payers.each,
            self.view.plan.accounts["years to arrive"],
            is_least=self.certainty.is_least,
        )

    @cached_property
    def certainty(self) -> Certainty:
        """How far it is proven."""
        return find_certainty(self.view, self.security.missing_of_all, self.money.net_at_start)
