"""What a search for near-optimal plans found: ranges of contributions, and plans."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from cssopt.modeling.objective import ContributionKind
from cssopt.runs.outcome import Outcome
from cssopt.solution.plan import Solution
from cssopt.solution.verdicts import Audits, Verdict
from cssopt.solve.outcome import Status

NOTHING = 1e-6
"""Contributions below this are none, and ends closer than this share of them are the same."""

_SAME = 1e-4
"""Ends that are closer than this share of them are one: what is held has a slack of its own, which
moves them by up to some 1e-5."""

MOST_ENDS = 10
"""Plans at the ends of ranges that are audited."""
_SAMPLE = (
    f"Of the plans at the ends of ranges {MOST_ENDS} were audited, drawn at random; of all of them "
    "the rows of their programs were checked."
)

VERDICTS = {
    "certain": "the same in every plan",
    "at least": "never none",
    "free": "may be none, or some",
    "never": "none in any plan",
    "open": "none or some: a limit of the search came before the proof",
}
"""What can be said of a contribution, in words."""


@dataclass(frozen=True)
class Contribution:
    """What members give, by some indices: units of a force, of a member's force, its burden.

    Attributes
    ----------
    kind: as the component declares it. key: its codes. Both as `indices` of the kind name them.
    """

    kind: ContributionKind
    indices: tuple[str, ...]
    key: tuple[str, ...]

    @property
    def label(self) -> str:
        """Its codes: ``NOR tank``."""
        return " ".join(map(str, self.key))

    @property
    def tells_apart(self) -> bool:
        """True where plans that differ in it are different plans."""
        return self.kind.tells_apart and self.indices == tuple(self.kind.by[0].split())


@dataclass(frozen=True)
class ContributionRange:
    """Least and most of a contribution within a share of the least expenditure.

    Attributes
    ----------
    within: how much more than the least may be spent (share).
    base: the contribution in the base plan.
    least, most: what a plan reaches, so that it is possible.
    surely_least, surely_most: what no plan goes below or beyond, which is proven; infinite where
        nothing is. They differ from least and most only where a limit of the search came first.
    status: the worse of the two ends: ``optimal`` where value and bound are the same.
    message: what else is to be said.
    """

    contribution: Contribution
    within: float
    base: float
    least: float
    most: float
    surely_least: float
    surely_most: float
    status: Status
    message: str = ""

    @property
    def verdict(self) -> str:
        """One of `VERDICTS`; only ``open`` is not proven."""
        apart = self.surely_most - self.surely_least
        if max(abs(self.surely_least), abs(self.surely_most)) <= NOTHING:
            return "never"
        if math.isfinite(apart) and apart <= _SAME * max(
            abs(self.surely_least), abs(self.surely_most)
        ):
            return "certain"
        if self.surely_least > NOTHING:
            return "at least"
        is_known = max(abs(self.least), abs(self.most)) > NOTHING >= self.least
        return "free" if is_known else "open"


@dataclass(frozen=True)
class Alternative:
    """A plan that is as different as can be from the base plan and all before it.

    Attributes
    ----------
    within: as of a range. number: 1 for the first beyond the base plan.
    outcome: its figures.
    apart: least distance from an earlier plan: the mean over all units of a member and force that
        are not certain, of how far they are apart as a share of their range; from 0 to 1 where the
        ranges are proven.
    bound: no plan is farther apart than this, which is proven.
    moved: sum over member and force of the mean units held more or less than in the base plan.
    changes: these units, more than in the base plan.
    status: ``optimal`` where no plan is farther apart, which is proven; else ``feasible``.
    """

    within: float
    number: int
    outcome: Outcome
    apart: float
    bound: float
    moved: float
    changes: Mapping[Contribution, float]
    status: Status


@dataclass(frozen=True)
class Alternatives:
    """Near-optimal plans of a study.

    Attributes
    ----------
    base: the plan of the study; without one there is nothing else.
    levels: the shares of the least expenditure that may be spent beyond it, rising.
    start: the figures of the base plan, as those of the alternatives.
    held: names and ceilings of what every plan keeps beside the expenditure.
    ranges, plans: by level, rising. ends: the audits of the plans at the ends of ranges, None of
        those that were not audited.
    solves: questions that it took. interrupted: True where Ctrl-C ended the search.
    is_spent: True where so much was asked that the rest was not: then `plans` are chosen among
        those at the ends of ranges, and none is sought that differs more.
    """

    base: Solution
    levels: tuple[float, ...] = ()
    start: Outcome | None = None
    held: Mapping[str, float] = field(default_factory=dict)
    ranges: tuple[ContributionRange, ...] = ()
    plans: tuple[Alternative, ...] = ()
    ends: tuple[Verdict, ...] = ()
    solves: int = 0
    interrupted: bool = False
    is_spent: bool = False

    @property
    def status(self) -> Status:
        """Optimal where the base plan and all ends of ranges are proven."""
        if not self.base.has_plan:
            return self.base.status
        every = {self.base.status, *(found.status for found in self.ranges)}
        if self.interrupted or Status.INTERRUPTED in every:
            return Status.INTERRUPTED
        return Status.OPTIMAL if every == {Status.OPTIMAL} else Status.FEASIBLE

    @property
    def audits(self) -> Audits:
        """The audits of the base plan, of all alternatives, and of plans at the ends of ranges."""
        plans = [("the base plan", self.base.verdict)] if self.base.has_plan else []
        plans += [(f"plan {p.number} within {p.within:g}", p.outcome.verdict) for p in self.plans]
        plans += [(f"end {n} of a range", verdict) for n, verdict in enumerate(self.ends, start=1)]
        return Audits.of(plans, _SAMPLE if None in self.ends else "")

    @property
    def every_plan(self) -> Iterator[tuple[float, int, Outcome]]:
        """Share and number of each plan with its figures; plan 0 is the base plan, within 0."""
        if self.start is not None:
            yield 0.0, 0, self.start
        for plan in self.plans:
            yield plan.within, plan.number, plan.outcome
