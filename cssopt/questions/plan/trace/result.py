"""What a trace finds: all figures, one figure with its roots, or what a cell moves."""

from __future__ import annotations

from dataclasses import dataclass

from cssopt.questions.plan.figures.lines import FigureLine
from cssopt.questions.plan.trace.figure_names import TracedFigure
from cssopt.questions.plan.trace.moves import Moved
from cssopt.questions.plan.trace.roots import Roots
from cssopt.runs.solve_case import Solution
from cssopt.solution.baseline import Baseline
from cssopt.solution.verdicts import Audits
from cssopt.solve.outcome import Status


@dataclass(frozen=True)
class Change:
    """A figure before a cell is moved, and its value after."""

    line: FigureLine
    after: float

    @property
    def more(self) -> float:
        """By how much it is more afterwards."""
        return self.after - self.line.value


@dataclass(frozen=True)
class Trail:
    """Where figures of a plan come from, or go to.

    Attributes
    ----------
    plan: whose figures. baseline: what it is compared with; None where no figure asked for it.
    listed: all figures, where none was named. figure: the one that was named, and its roots.
    moved, changes: of a cell: the plans before and after, and the figures that differ, those that
        change by the largest part of themselves first. is_same_plan: False where the plan before is
        another one than was reported, which is as good.
    """

    plan: Solution
    baseline: Baseline | None = None
    listed: tuple[FigureLine, ...] = ()
    figure: TracedFigure | None = None
    roots: Roots | None = None
    moved: Moved | None = None
    changes: tuple[Change, ...] = ()
    is_same_plan: bool = True

    @property
    def status(self) -> Status:
        """How the plan ended."""
        return self.plan.status

    @property
    def audits(self) -> Audits:
        """The audits of the plans whose figures are shown."""
        return self.plan.audits if self.baseline is None else self.baseline.audit_with(self.plan)
