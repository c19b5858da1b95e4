"""How a sweep ended, in a few figures: counts of runs, and ranges of what the plans say."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from cssopt.modeling.measures import POOLED_EXPENDITURE, SHORTFALL
from cssopt.solve.outcome import Status


@dataclass(frozen=True)
class FigureRange:
    """Least, median and greatest of a figure; nan where no run has it."""

    least: float
    median: float
    most: float

    @classmethod
    def of(cls, values: pd.Series[float]) -> FigureRange:
        """The range of a column; missing figures do not count."""
        if not values.notna().any():
            return cls(math.nan, math.nan, math.nan)
        return cls(float(values.min()), float(values.median()), float(values.max()))


@dataclass(frozen=True)
class SweepSummary:
    """What a table of runs comes to.

    Attributes
    ----------
    runs, optimal, feasible, infeasible, left, failed: counts; feasible plans have a proven gap, of
        those that are left a limit came before any plan, and failed runs gave no answer.
    not_met: runs whose plan leaves a need short.
    expenditure, shortfall, gap: ranges over the runs that count: those with an optimal or
        feasible plan.
    built, patched: runs whose program was built anew, or changed in place.
    """

    runs: int
    optimal: int
    feasible: int
    infeasible: int
    left: int
    failed: int
    not_met: int
    expenditure: FigureRange
    shortfall: FigureRange
    gap: FigureRange
    built: int
    patched: int

    @property
    def unanswered(self) -> int:
        """Runs of which nothing is known, for whatever reason."""
        return self.left + self.failed

    @property
    def counted(self) -> int:
        """Runs with a plan that counts in means and ranges."""
        return self.optimal + self.feasible


def with_plan(table: pd.DataFrame) -> pd.Series[bool]:
    """Which runs count in means and ranges: those with an optimal or feasible plan."""
    answered = table["status"].isin([Status.OPTIMAL, Status.FEASIBLE])
    return answered & table[POOLED_EXPENDITURE].notna()


def summarize_runs(table: pd.DataFrame) -> SweepSummary:
    """The summary of a tidy table of runs."""
    plans = table[with_plan(table)]
    count = {str(status): int((table["status"] == str(status)).sum()) for status in Status}
    optimal = int((plans["status"] == str(Status.OPTIMAL)).sum())
    infeasible = count[Status.INFEASIBLE]
    left = count[Status.NO_PLAN_YET] + count[Status.INTERRUPTED]
    return SweepSummary(
        runs=len(table),
        optimal=optimal,
        feasible=len(plans) - optimal,
        infeasible=infeasible,
        left=left,
        failed=len(table) - len(plans) - infeasible - left,
        not_met=int((~plans["threats_met"].astype(bool)).sum()),
        expenditure=FigureRange.of(plans[POOLED_EXPENDITURE]),
        shortfall=FigureRange.of(plans[SHORTFALL]),
        gap=FigureRange.of(plans["gap"]),
        built=int((table["way"] == "built").sum()),
        patched=int((table["way"] == "patched").sum()),
    )
