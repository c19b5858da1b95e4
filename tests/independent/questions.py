"""Questions to the program: plans, equal security, near-optimal ranges, nearness to a plan."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .bounds import Aim, Bounds
from .facts import Facts, Need
from .linear import Answer, Expression, Linear, total
from .program import Program
from .sheets import Book, Sheets

Units = dict[tuple[str, str, int], float]
"""Units held by member, force and year."""


@dataclass(frozen=True)
class Plan:
    """An optimum; `objective` is that of the last stage."""

    objective: float
    money: float
    missing_share: float
    weighted_shortfall: float
    shortfall: dict[Need, float]
    burden: dict[str, float]
    held: Units


def solve(
    sheets: Sheets,
    coalition: Sequence[str],
    objective: str = "pooled_cost",
    *,
    aim: Aim | None = None,
    relaxed: bool = False,
) -> Plan | None:
    """The plan of `pooled_cost`, `least_shortfall` or `strict`; None where there is none."""
    program, _ = _build(sheets, coalition, aim or Aim(), relaxed)
    found = _optimise(program, program.linear, objective, program.money)
    return None if found is None else _read(program, found)


def _build(
    sheets: Sheets, coalition: Sequence[str], aim: Aim, relaxed: bool = False
) -> tuple[Program, Facts]:
    facts = Facts(Book(sheets), coalition)
    return Program(facts, Bounds(facts, aim), relaxed), facts


def _optimise(
    program: Program, linear: Linear, objective: str, last: Expression
) -> Answer | None:
    """The stages of an objective; `last` is what its last one makes small, penalties apart.

    All stages before the last are held in `linear` afterwards.
    """
    penalty = program.facts.penalty
    if objective == "strict":
        for column in program.shortfall.values():
            linear.column_upper[column] = 0.0
        return linear.minimise(last)
    if objective == "pooled_cost" and penalty is not None:
        return linear.minimise(total((1, last), (penalty, program.weighted_shortfall())))
    share = program.missing_share()
    first = linear.minimise(share)
    if first is None:
        return None
    linear.hold(share, first)
    return linear.minimise(last)


def _read(program: Program, found: Answer) -> Plan:
    return Plan(
        found.objective,
        found.of(program.money),
        found.of(program.missing_share()),
        found.of(program.weighted_shortfall()),
        {need: max(0.0, found.values[column]) for need, column in program.shortfall.items()},
        {m: found.of(burden) for m, burden in program.burden.items()},
        {key: found.of(units) for key, units in program.held.items()},
    )
