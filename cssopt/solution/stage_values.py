"""Values and bounds of the stages of an answer, and what is only rounding between two of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from cssopt.solve.answer import Options, Solved, StageResult
from cssopt.solve.program import Program

ROUNDING = 2 * Options.gap
"""Differences below this share of an amount say nothing: two solves, each to the usual gap."""


def measure_stages(stages: Sequence[StageResult]) -> tuple[dict[str, float], dict[str, float]]:
    """Values and proven bounds of stages by their names, those that are finite."""
    values = {stage.name: stage.value for stage in stages if math.isfinite(stage.value)}
    bounds = {stage.name: stage.bound for stage in stages if math.isfinite(stage.bound)}
    return values, bounds


def polish_last(program: Program, solved: Solved) -> tuple[StageResult, ...]:
    """The stages of an answer, the last with its value at the final plan.

    That plan is solved again with its whole numbers fixed, which can still make it a little better.
    """
    if solved.figures is None or len(solved.stages) < len(program.stages):
        return solved.stages
    last = solved.stages[-1]
    value = min(last.value, float(solved.figures[program.stages[-1].row]))
    return (*solved.stages[:-1], replace(last, value=value))


def is_less(value: float, than: float) -> bool:
    """True where a value is below another by more than rounding."""
    return than - value > find_rounding(value, than)


def find_rounding(*amounts: float) -> float:
    """What is only rounding beside amounts of this size, and beside 1."""
    return ROUNDING * max(1.0, *map(abs, amounts))
