"""The stages of a program as one objective: each counts far more than those after it.

Where a proof is out of reach, a search by stages spends all its time on the first one. A weighted
sum of all is near what the stages ask for, and one search serves it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from cssopt.solve.program import Floats, Program

_MORE = 100.0
"""How much more than the stages after it a stage counts in a search, by the most that one decision
does."""


@dataclass(frozen=True)
class Objective:
    """The weighted sum of stages: ``costs @ x + constant``."""

    weights: tuple[float, ...]
    costs: Floats
    constant: float

    @classmethod
    def of(cls, program: Program, more: float = _MORE) -> Objective:
        """The weights come from the coefficients of the stages alone, so they repeat themselves.

        `more`: how much more than the stages after it a stage counts.
        """
        rows = [program.row_of_figure(stage.row) for stage in program.stages]
        weights = [1.0]
        costs, constant = rows[-1].copy(), float(program.offsets[program.stages[-1].row])
        for stage, row in zip(program.stages[-2::-1], rows[-2::-1], strict=True):
            weight = _round(more * _find_size(costs) / _find_size(row))
            weights.append(weight)
            costs += weight * row
            constant += weight * float(program.offsets[stage.row])
        return cls(tuple(weights[::-1]), costs, constant)

    @classmethod
    def of_first(cls, program: Program) -> Objective:
        """The first stage alone."""
        row = program.stages[0].row
        costs = program.row_of_figure(row)
        return cls((1.0,), costs, float(program.offsets[row]))

    def value_of(self, plan: Floats) -> float:
        """The weighted sum in a plan."""
        return float(self.costs @ plan) + self.constant


def _find_size(costs: Floats) -> float:
    """The most that one of any decision does; 1 where none does anything."""
    return float(np.abs(costs).max(initial=0.0)) or 1.0


def _round(weight: float) -> float:
    """The nearest power of ten, which can be told."""
    return 10.0 ** round(math.log10(weight))
