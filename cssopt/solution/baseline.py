"""What members would spend alone, and what the coalition saves at equal security."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cssopt.names import YEAR
from cssopt.solution.plan import Solution
from cssopt.solution.told import NO_DIFFERENCE, find_doubt, tell_difference
from cssopt.solution.verdicts import Audits, Verdict

_RANGE = (
    "The plans of the least and the most saving were not audited, but held to the rules of their "
    "own programs."
)


@dataclass(frozen=True)
class LedgerLine:
    """One link of the pooling ledger.

    Attributes
    ----------
    name: what members do together from here on; several names where they cannot be told apart.
    expenditure: at equal security, million, present value.
    saving: against the line before; negative where the link is a charge; nan where the two are no
        farther apart than what is not proven of them.
    reason: why they cannot be told apart; empty for one name.
    verdict: of the audit of its plan.
    """

    name: str
    expenditure: float
    saving: float
    reason: str = ""
    verdict: Verdict = None


@dataclass(frozen=True)
class SavingRange:
    """Least and most saving over all equally good plans alone, million.

    Attributes
    ----------
    least, most: nan where there is none.
    why_least, why_most: why the figure is a bound only; empty where it is exact.
    verdict: what their plans break of their programs; None where that is nothing.
    """

    least: float
    most: float
    why_least: str = ""
    why_most: str = ""
    verdict: Verdict = None


@dataclass(frozen=True)
class Baseline:
    """Every member alone, and the coalition at the security members would have alone.

    Attributes
    ----------
    alone: the stand-alone plan of every member, with the same objective.
    equal: the least-cost plan of the coalition with no shortfall above what members have alone;
        None where a stand-alone plan is missing, since there is then no security to equal.
    nearest: where none is as secure, the cheapest of the plans that lack the least beyond what
        members lack alone; None where there is one, or the nearest was not found.
    excess: by how much, by what is missing there.
    reason: why there is nothing to compare; empty where there is.
    links: the pooling ledger, where it was asked for: the first line is standing alone, the last
        is equal security.
    range: least and most saving where plans alone tie, where it was asked for.
    """

    alone: Mapping[str, Solution]
    equal: Solution | None
    reason: str = ""
    links: tuple[LedgerLine, ...] = ()
    range: SavingRange | None = None
    nearest: Solution | None = None
    excess: Mapping[Any, float] = field(default_factory=dict)

    @property
    def expenditure_alone(self) -> float:
        """Sum of the stand-alone expenditures, million; nan where one is missing."""
        return sum(plan.pooled_expenditure for plan in self.alone.values())

    @property
    def unsettled(self) -> dict[str, str]:
        """Why, of a member's equally good plans alone, it may be another that is meant."""
        return {m: plan.solved.unsettled for m, plan in self.alone.items() if plan.solved.unsettled}

    @property
    def doubt(self) -> float:
        """By how much the saving may be off, as plans are not proven, million; inf: not known."""
        plans = [*self.alone.values(), *([] if self.equal is None else [self.equal])]
        return sum(find_doubt(plan) for plan in plans if plan.has_plan)

    def audit_with(self, chosen: Solution) -> Audits:
        """The audits of the chosen plan and of all that it is compared with."""
        plans = {f"{member} alone": plan for member, plan in self.alone.items()}
        if self.equal is not None:
            plans["the coalition at equal security"] = self.equal
        if self.nearest is not None:
            plans["the coalition nearest to equal security"] = self.nearest
        compared = [
            (name, plan.verdict)
            for name, plan in plans.items()
            if plan is not chosen and plan.has_plan
        ]
        # The first line is the plans alone, added up.
        links = [(line.name, line.verdict) for line in self.links[1:]]
        ranges = (
            [] if self.range is None else [("the least and the most saving", self.range.verdict)]
        )
        verdicts = [*chosen.verdicts, *compared, *links, *ranges]
        return Audits.of(verdicts, _RANGE if ranges else "")

    @property
    def saving(self) -> float:
        """Saving at equal security, million; nan where it cannot be stated (`why_unstated`)."""
        if self.equal is None or not self.equal.has_plan:
            return math.nan
        return tell_difference(self.expenditure_alone, self.equal.pooled_expenditure, self.doubt)

    @property
    def why_unstated(self) -> str:
        """Why no saving is stated; empty where one is."""
        if self.reason or not math.isnan(self.saving):
            return self.reason
        plans = "plans alone or at equal security"
        if math.isfinite(self.doubt):
            how = f"{plans} may be {self.doubt:,.1f} million above the least"
        else:
            how = f"how far {plans} are above the least is not known"
        return f"{NO_DIFFERENCE}: {how}"

    @property
    def caution(self) -> str:
        """How far a saving that is stated is not proven; empty where it is proven or not stated."""
        if math.isnan(self.saving) or not self.doubt:
            return ""
        assert self.equal is not None
        least = self.saving - sum(find_doubt(plan) for plan in self.alone.values())
        most = self.saving + find_doubt(self.equal)
        return (
            f"The saving is not proven: it lies between {least:,.1f} and {most:,.1f} million, as "
            "searches were ended before the best plans were found."
        )

    def further_security(self, chosen: Solution) -> float:
        """What the chosen plan costs beyond equal security, million; nan where not told."""
        if self.equal is None or not (self.equal.has_plan and chosen.has_plan):
            return math.nan
        doubt = max(find_doubt(self.equal), find_doubt(chosen))
        return tell_difference(chosen.pooled_expenditure, self.equal.pooled_expenditure, doubt)

    @property
    def break_even(self) -> int | None:
        """First year from which on the coalition at equal security has spent no more than members
        alone, all years before included (salvage apart); None where that never comes."""
        if self.equal is None or self.equal.quantities is None:
            return None
        saved, year = 0.0, None
        for t, factor in self.equal.data.horizon.discount.items():
            alone = sum(_spent(plan, t) for plan in self.alone.values())
            saved += factor * (alone - _spent(self.equal, t))
            if saved < -1e-6:
                year = None
            elif year is None:
                year = t
        return year


def _spent(plan: Solution, year: int) -> float:
    """Outlay of all members in a year, undiscounted."""
    if plan.quantities is None:
        return 0.0
    return float(plan.quantities.sums(plan.study.figure("outlay"), YEAR).get(year, 0.0))
