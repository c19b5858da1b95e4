"""What members would spend alone, and what the coalition saves at equal security."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from cssopt.solution.plan import Solution


@dataclass(frozen=True)
class Baseline:
    """Every member alone, and the coalition at the security members would have alone.

    Attributes
    ----------
    alone: the stand-alone plan of every member, with the same objective.
    equal: the least-cost plan of the coalition with no shortfall above what members have alone;
        None where a stand-alone plan is missing, since there is then no security to equal.
    reason: why there is no saving to state; empty where there is one.
    years_apart: True where the ceiling of the formulation could not be kept in the years before
        pooling, and these years are measured by their own, larger need (objective equal_security).
    """

    alone: Mapping[str, Solution]
    equal: Solution | None
    reason: str = ""
    years_apart: bool = False

    @property
    def expenditure_alone(self) -> float:
        """Sum of the stand-alone expenditures, million; nan where one is missing."""
        return sum(plan.pooled_expenditure for plan in self.alone.values())

    @property
    def saving(self) -> float:
        """Saving at equal security, million; nan where it cannot be stated."""
        if self.equal is None or not self.equal.has_plan:
            return math.nan
        return self.expenditure_alone - self.equal.pooled_expenditure

    def further_security(self, chosen: Solution) -> float:
        """What the chosen plan costs beyond equal security, million; nan where unknown."""
        if self.equal is None or not self.equal.has_plan:
            return math.nan
        return chosen.pooled_expenditure - self.equal.pooled_expenditure
