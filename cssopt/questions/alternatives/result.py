"""What a search for near-optimal plans found: ranges of contributions, plans, and their tables."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pandas as pd

from cssopt.assembly.study import Study
from cssopt.modeling.objective import ContributionKind
from cssopt.names import key_parts
from cssopt.runs.outcome import Outcome
from cssopt.solution.plan import Solution
from cssopt.solution.verdicts import Audits, Verdict, tell_verdict
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


_TOLD = 0.005
_MOST_TOLD = 4
"""Units from which a change is told, and how many are."""


def tell_changes(changes: Mapping[Contribution, float], name: Callable[[Contribution], str]) -> str:
    """What a plan holds more and less of than the base plan, in words; the most first."""
    parts = []
    for word, sign in (("more", 1.0), ("less", -1.0)):
        told = [
            f"{name(contribution)} {sign * change:.2f}"
            for contribution, change in sorted(changes.items(), key=lambda pair: -abs(pair[1]))
            if sign * change >= _TOLD
        ]
        rest = f"; and {len(told) - _MOST_TOLD} others" if len(told) > _MOST_TOLD else ""
        if told:
            parts.append(f"{word} of {'; '.join(told[:_MOST_TOLD])}{rest}")
    return ". ".join(part[0].upper() + part[1:] for part in parts)


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

    @cached_property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Frames by name; plan 0 is the base plan, within 0.

        ``ranges``: a row for each contribution and level: kind, form, contribution (its codes), the
        codes by index (blank where it is the sum over all), base, least, most, surely_least,
        surely_most, verdict, status, message. ``plans``: a row for each plan: pooled_expenditure,
        missing_share, apart, bound, moved, description, status, audit. ``units`` and ``burden``:
        what each plan has by the indices of units, and by party, and how much more_than_base.

        Money: million, present value; units: mean of all years.
        """
        return {
            "ranges": _frame_ranges(self.ranges, self.base.study),
            "plans": _frame_plans(self),
            "units": _frame_details(self, "units", self.base.study.indices_of("units")),
            "burden": _frame_details(self, "burden", (self.base.data.party_index,)),
        }


def _frame_ranges(ranges: tuple[ContributionRange, ...], study: Study) -> pd.DataFrame:
    used = {index for found in ranges for index in found.contribution.indices}
    indices = study.in_order(used)
    rows = []
    for found in ranges:
        one = found.contribution
        codes = dict(zip(one.indices, one.key, strict=True))
        rows.append(
            (found.within, one.kind.name, one.kind.form, one.label,
             *(codes.get(index, "") for index in indices), found.base, found.least, found.most,
             found.surely_least, found.surely_most, found.verdict, str(found.status), found.message)
        )  # fmt: skip
    columns = ["within", "kind", "form", "contribution", *indices, "base", "least", "most",
               "surely_least", "surely_most", "verdict", "status", "message"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _frame_plans(found: Alternatives) -> pd.DataFrame:
    rows: list[tuple[Any, ...]] = []
    if found.start is not None:
        own = found.start
        rows.append((0.0, 0, own.pooled_expenditure, own.missing_share, 0.0, 0.0, 0.0, "base plan",
                     own.status, tell_verdict(own.verdict)))  # fmt: skip
    for plan in found.plans:
        own, told = plan.outcome, tell_changes(plan.changes, lambda one: one.label)
        rows.append((plan.within, plan.number, own.pooled_expenditure, own.missing_share,
                     plan.apart, plan.bound, plan.moved, told, str(plan.status),
                     tell_verdict(own.verdict)))  # fmt: skip
    columns = ["within", "plan", "pooled_expenditure", "missing_share", "apart", "bound", "moved",
               "description", "status", "audit"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def _frame_details(found: Alternatives, name: str, indices: tuple[str, ...]) -> pd.DataFrame:
    """What each plan has of the figures of an outcome that bear this name."""
    start: Mapping[Any, float] = {} if found.start is None else getattr(found.start, name)
    rows = []
    for within, number, outcome in _every_plan(found):
        for key, value in getattr(outcome, name).items():
            codes = key_parts(key)
            rows.append((within, number, *codes, value, value - start.get(key, 0.0)))
    columns = ["within", "plan", *indices, name, "more_than_base"]
    return pd.DataFrame(rows, columns=columns)


def _every_plan(found: Alternatives) -> Iterator[tuple[float, int, Outcome]]:
    if found.start is not None:
        yield 0.0, 0, found.start
    for plan in found.plans:
        yield plan.within, plan.number, plan.outcome
