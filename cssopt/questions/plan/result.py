"""What acting together saves: a plan, and what members would do without it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cssopt.runs.solve_case import Solution
from cssopt.solution.baseline import Baseline
from cssopt.solution.verdicts import Audits
from cssopt.solve.outcome import Status

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Comparison:
    """A plan beside its baseline.

    Attributes
    ----------
    plan: the chosen plan; look at its status first.
    baseline: every member alone, and the coalition at equal security; None where that was not
        worked out, as after Ctrl-C.
    """

    plan: Solution
    baseline: Baseline | None = None

    @property
    def status(self) -> Status:
        """How the plan ended."""
        return self.plan.status

    @property
    def audits(self) -> Audits:
        """The audits of the plan, and of those that it is compared with."""
        return self.plan.audits if self.baseline is None else self.baseline.audit_with(self.plan)

    @property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """Those of the plan."""
        return self.plan.tables
