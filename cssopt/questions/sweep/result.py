"""A sweep that came to its end: every run with what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from cssopt.questions.sweep.effects import Effect, find_effects, tabulate_groups
from cssopt.runs.outcome import Outcome, Run, find_worst
from cssopt.runs.solve_case import Solution
from cssopt.runs.summary import SweepSummary, summarize_runs
from cssopt.runs.table import find_varied, tabulate_runs
from cssopt.solution.verdicts import Audits
from cssopt.solve.outcome import Status

_SAMPLE = (
    "The runs were drawn at random. Of every run the rows of its program and the sums of its "
    "money were checked; --audit all audits every run."
)


@dataclass(frozen=True)
class Swept:
    """What a sweep found.

    Attributes
    ----------
    base: the plan of the inputs as they are.
    outcomes: every run with what came of it, in the order of the runs.
    reused: runs that the journal had already.
    """

    base: Solution
    outcomes: list[tuple[Run, Outcome]]
    reused: int

    @property
    def status(self) -> Status:
        """An error where a run failed, a limit where there was no time for one; what is infeasible
        is an answer."""
        left = sum(end.status == Status.NO_PLAN_YET for _, end in self.outcomes)
        if self.summary.failed > left:
            return Status.ERROR
        return find_worst((end.status for _, end in self.outcomes), Status.OPTIMAL)

    @property
    def audits(self) -> Audits:
        """The audits of the base plan, and of all runs that have a plan."""
        plans = [("the base plan", self.base.verdict)] if self.base.has_plan else []
        plans += [(f"run {run.name}", end.verdict) for run, end in self.outcomes if end.has_plan]
        unaudited = any(verdict is None for _, verdict in plans)
        return Audits.of(plans, _SAMPLE if unaudited else "")

    @cached_property
    def runs(self) -> pd.DataFrame:
        """A row for each run (see `tabulate_runs`)."""
        return tabulate_runs(self.outcomes)

    @cached_property
    def varied(self) -> tuple[str, ...]:
        """The columns of `runs` that hold what was varied."""
        return find_varied(run for run, _ in self.outcomes)

    @cached_property
    def effects(self) -> tuple[Effect, ...]:
        """What each varied quantity does by itself."""
        return find_effects(self.runs, self.varied)

    @cached_property
    def summary(self) -> SweepSummary:
        """How the runs ended, and the ranges of their figures."""
        return summarize_runs(self.runs)

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Every run, and the means of the groups of each quantity."""
        return {"runs": self.runs, "groups": tabulate_groups(self.effects)}
