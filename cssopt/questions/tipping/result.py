"""The tipping points of one quantity as a whole, and as tables."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import pandas as pd

from cssopt.questions.tipping.brackets import Bracket
from cssopt.questions.tipping.ties import Without
from cssopt.runs.outcome import Outcome, Run, find_worst
from cssopt.runs.solve_case import Solution
from cssopt.runs.structure import find_stretches
from cssopt.runs.table import tabulate_runs
from cssopt.solution.verdicts import Audits, join_verdicts, tell_verdict
from cssopt.solve.answer import NOT_ASKED, is_left
from cssopt.solve.outcome import Status

BEGINS, ENDS = "begins", "ends"


@dataclass(frozen=True)
class TippingPoint(Bracket):
    """A bracket, and what the plan without the element is like; None where that has no meaning."""

    without: Without | None = None

    @property
    def change(self) -> str:
        """``begins`` or ``ends``, as the quantity grows."""
        return BEGINS if self.begins else ENDS


@dataclass(frozen=True)
class TippingPoints:
    """Where the structure of the plan changes as one quantity grows.

    Attributes
    ----------
    base: the plan of the inputs as they are.
    label: the quantity, as it is varied: ``requirements[threat=North].level*``.
    grid: the values of the coarse grid. whole: True where only whole numbers were looked at.
    width: changes are told between two values no further apart than this.
    outcomes: every value looked at with what came of it, in the order of the values.
    points: the tipping points, in the order of their values.
    """

    base: Solution
    label: str
    grid: tuple[float, ...]
    whole: bool
    width: float
    outcomes: Mapping[float, tuple[Run, Outcome]]
    points: tuple[TippingPoint, ...]

    @property
    def note(self) -> str:
        """How closely was looked, and what may have been missed."""
        left = sum(is_left(outcome.reason) for _, outcome in self.outcomes.values())
        told = f" {left:,} of {len(self.outcomes):,} values: {NOT_ASKED}" if left else ""
        return f"{self._tell_closeness()}{told}"

    def _tell_closeness(self) -> str:
        low, high = self.grid[0], self.grid[-1]
        if self.whole and len(self.grid) == round(high - low) + 1:
            return f"Every whole number from {low:.12g} to {high:.12g} was looked at."
        return (
            f"The range from {low:.12g} to {high:.12g} was looked at in {len(self.grid)} points of "
            "a grid, and between two of them wherever their plans differ. What begins and ends "
            "again between two points whose plans do not differ is not seen: a finer grid sees "
            "more."
        )

    @property
    def status(self) -> Status:
        """The worst of all values; that there is no plan at one is an answer."""
        ends = (outcome.status for _, outcome in self.outcomes.values())
        return find_worst(ends, Status.OPTIMAL)

    @property
    def audits(self) -> Audits:
        """The audits of the base plan, of those at every value, and of those without an element."""
        plans = [("the base plan", self.base.verdict)] if self.base.has_plan else []
        plans += [
            (f"{self.label} at {value:.9g}", outcome.verdict)
            for value, (_, outcome) in self.outcomes.items()
            if outcome.has_plan
        ]
        plans += [
            (f"{self.label} at {point.without.at:.9g} without {point.element}", point.without.audit)
            for point in self.points
            if point.without is not None and not math.isnan(point.without.expenditure)
        ]
        return Audits.of(plans)

    @cached_property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """The tables ``tipping_points``, ``structure`` and ``runs``.

        ``tipping_points``: element, change (``begins`` or ``ends`` as the quantity grows), between
        and and (two values; the change is between them), then for the lesser value (below) and the
        greater (above) status, gap, expenditure (million, present value) and missing_share; tie
        (``tie``, ``needed``, ``unknown``; see `Without`), and of the plan without the element
        without_at (value of the quantity), without_status, without_gap, without_expenditure and
        without_missing_share (how much greater); audit of all of these plans; remark.

        ``structure``: element, from, to (least and greatest value of a stretch in which it is seen
        at every value looked at), values (how many), throughout (True: wherever there is a plan).

        ``runs``: as the table of a sweep, with on_grid.
        """
        return {
            "tipping_points": pd.DataFrame(
                [_row(point) for point in self.points], columns=list(_COLUMNS)
            ),
            "structure": self._tabulate_structure(),
            "runs": self._tabulate_runs(),
        }

    def _tabulate_structure(self) -> pd.DataFrame:
        outcomes = {value: outcome for value, (_, outcome) in self.outcomes.items()}
        moving = {point.element for point in self.points}
        rows = [
            (s.element, s.values[0], s.values[-1], len(s.values), s.element not in moving)
            for s in find_stretches(outcomes)
        ]
        return pd.DataFrame(rows, columns=["element", "from", "to", "values", "throughout"])

    def _tabulate_runs(self) -> pd.DataFrame:
        runs = tabulate_runs(list(self.outcomes.values()))
        runs.insert(2, "on_grid", [value in self.grid for value in self.outcomes])
        return runs


_SIDES = ("below", "above")
_COLUMNS = (
    "element", "change", "between", "and",
    *(f"{name}_{side}" for side in _SIDES
      for name in ("status", "gap", "expenditure", "missing_share")),
    "tie",
    *(f"without_{name}" for name in ("at", "status", "gap", "expenditure", "missing_share")),
    "audit", "remark",
)  # fmt: skip


def _row(point: TippingPoint) -> dict[str, Any]:
    row: dict[str, Any] = {
        "element": point.element,
        "change": point.change,
        "between": point.low,
        "and": point.high,
    }
    for side, outcome in zip(_SIDES, (point.below, point.above), strict=True):
        row[f"status_{side}"] = outcome.status
        row[f"gap_{side}"] = outcome.gap
        row[f"expenditure_{side}"] = outcome.pooled_expenditure
        row[f"missing_share_{side}"] = outcome.missing_share
    without = point.without
    row["tie"] = "" if without is None else without.verdict
    for name in (part.name for part in fields(Without) if part.name not in ("verdict", "audit")):
        empty = "" if name == "status" else math.nan
        row[f"without_{name}"] = empty if without is None else getattr(without, name)
    verdicts = [end.verdict for end in (point.below, point.above) if end.has_plan]
    row["audit"] = tell_verdict(join_verdicts(*verdicts, without.audit if without else None))
    row["remark"] = point.remark
    return row
