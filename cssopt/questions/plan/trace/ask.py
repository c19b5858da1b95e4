"""The question `trace`: where a figure of the decision page comes from, and what a cell moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from cssopt.document.document import Document
from cssopt.language import in_language
from cssopt.questions.common_options import option
from cssopt.questions.plan.ask import Plan
from cssopt.questions.plan.trace.cells import find_cell, looks_like_cell
from cssopt.questions.plan.trace.figure_names import FIGURE
from cssopt.questions.plan.trace.find import follow_cell, follow_figure, list_figures
from cssopt.questions.plan.trace.result import Trail
from cssopt.questions.plan.trace.show import show_trail
from cssopt.questions.question import Asking, question, verb
from cssopt.runs.solve_case import Solution
from cssopt.solution.baseline import Baseline


@question("trace")
@dataclass(frozen=True, kw_only=True)
class Trace(Plan):
    """Follow a figure of the decision page to ledger, decisions, rules and input cells.

    Of a cell of the inputs it tells the figures that a little more in it moves.
    """

    figure: str | None = option(
        None,
        "A figure of the decision page, such as cash.NOR or of_gdp, or a cell of the inputs, such "
        "as inventory!C17 or forces[force=tank].operating_cost. Default: all figures are listed.",
        flag=FIGURE,
    )
    # Pages are chosen of a report only.
    opinions: Sequence[Any] = field(default=(), init=False)
    brief: bool = field(default=False, init=False)
    annex: str | None = field(default=None, init=False)

    @property
    def folder_name(self) -> str:
        """That of the command: a trail never stands among the files of a plan."""
        return ""

    def check(self, asked: Asking) -> None:
        """Study, coalition and key, and a cell that is none; raises as `Instance.of`, and DataError
        (E-575)."""
        instance = asked.instance
        if self.figure is not None and looks_like_cell(self.figure):
            find_cell(instance.data, self.figure)

    def find(self, asked: Asking) -> Trail:
        """The trail; DataError (E-575) for a figure that there is not."""
        plan = asked.base
        if not plan.has_plan:
            return Trail(plan)
        with in_language(self.language):
            if self.figure is None:
                return list_figures(plan, lambda plan: self._find_baseline(plan, asked))
            if looks_like_cell(self.figure):
                return follow_cell(plan, self.figure, self.tell)
            return follow_figure(
                plan, self.figure, lambda plan: self._find_baseline(plan, asked), self.tell
            )

    def _find_baseline(self, plan: Solution, asked: Asking) -> Baseline | None:
        return self._compare(plan, asked).baseline

    def show(self, found: Trail, asked: Asking) -> Document:
        """The figure and its parts, the decisions, rules and cells behind them; or what moves."""
        scope = "" if self.figure is None else self.figure
        facts = asked.facts(found, found.plan, scope=scope)
        with in_language(self.language):
            return show_trail(found, facts, self.language)


trace = verb(Trace)
