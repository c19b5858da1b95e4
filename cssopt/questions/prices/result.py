"""The prices of a plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from cssopt.questions.prices.tables import tabulate_cells, tabulate_rules
from cssopt.solution.plan import Solution
from cssopt.solution.price import AT_LEAST, MONEY, TINY, TOO_LONG, CellPrice, RulePrice
from cssopt.solution.verdicts import Audits
from cssopt.solve.outcome import Status

_NOT_AUDITED = (
    "The plans of {} on slightly changed numbers, from which prices are told, are not audited."
)


@dataclass(frozen=True, kw_only=True)
class PlanPrices:
    """The prices of a plan.

    Attributes
    ----------
    solution: the plan. stages: names of its stages; the last is ``expenditure`` where it is money
        alone, else ``objective``.
    prices_of: ``lp``, or ``fixed`` where the whole numbers are fixed to the plan's; empty where
        there are no prices, and `message` says why.
    reached: value of each stage of the LP that the prices are of.
    cells: every number cell that the study reads. rules: the dearest rules that a planner could
        change, year by year.
    solves: how many new solves there were. seconds: by step after the plan.
    """

    solution: Solution
    stages: tuple[str, ...] = ()
    prices_of: str = ""
    reached: tuple[float, ...] = ()
    cells: tuple[CellPrice, ...] = ()
    rules: tuple[RulePrice, ...] = ()
    message: str = ""
    solves: int = 0
    seconds: Mapping[str, float] = field(default_factory=dict)

    @property
    def unlooked(self) -> int:
        """Cells and rules whose ranges were asked for and not looked for, as that would have taken
        too long: they have no price."""
        return self.unlooked_cells + sum(rule.remark == TOO_LONG for rule in self.rules)

    @property
    def unlooked_cells(self) -> int:
        """Cells among those that were not looked at."""
        return sum(cell.remark == TOO_LONG for cell in self.cells)

    @property
    def at_least_cells(self) -> int:
        """Cells that planners set, and of which the bases of the plan tell a side at least so far,
        where no new solve looked farther."""
        sides = [(cell.down, cell.up) for cell in self.cells if cell.planned]
        return sum(any(side and side.ends == AT_LEAST for side in each) for each in sides)

    @property
    def status(self) -> Status:
        """How the solve of the plan ended."""
        return self.solution.status

    @property
    def audits(self) -> Audits:
        """The audit of the plan; what new solves add to it is not audited."""
        plans = [("the plan", self.solution.verdict)] if self.solution.has_plan else []
        count = f"{self.solves:,} new solve{'s' * (self.solves > 1)}"
        return Audits.of(plans, _NOT_AUDITED.format(count) if self.solves else "")

    @property
    def figure(self) -> str:
        """What the prices are of: ``expenditure``, or ``objective`` where it is not money alone."""
        return self.stages[-1] if self.stages else MONEY

    def rank(self, stage: int = -1) -> tuple[CellPrice, ...]:
        """The cells that planners set and have a price in a stage, the dearest small step first."""
        moving = [c for c in self.cells if c.planned and c.slopes and abs(c.slopes[stage]) > TINY]
        return tuple(sorted(moving, key=lambda cell: -abs(cell.of_step(stage))))

    @cached_property
    def tables(self) -> Mapping[str, pd.DataFrame]:
        """``cells`` and ``rules`` as frames, as `tabulate_cells` and `tabulate_rules` tell."""
        return {
            "cells": tabulate_cells(self.cells, self.stages),
            "rules": tabulate_rules(self.rules, self.stages, self.solution.study.indices),
        }
