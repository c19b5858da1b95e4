"""Money at equal security: the least expenditure with nothing held but security."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from cssopt.assembly.study import Study
from cssopt.solution.held_stages import find_held
from cssopt.solve.answer import Options, Solved
from cssopt.solve.program import Program, StageRow
from cssopt.solve.warm.carried_basis import BasisStart, CarriedBasis, find_start

_HELD = "security kept"
"""Name of the stage before it."""

ASKED_APART = "least expenditure at equal security"
"""Name of the question where no stage of the study asks it."""


@dataclass(frozen=True)
class EqualSecurityQuestion:
    """What would be the least expenditure, with what the plan with every rule keeps of security?

    Attributes
    ----------
    stage: name of the stage of the study that asks just this, else `ASKED_APART`.
    figure: of the money. limits: ceilings of security by the names of their holds.
    start: where the programs without a rule begin; None where a stage asks it already.
    """

    stage: str
    figure: str
    limits: Mapping[str, float]
    start: BasisStart | None = None

    def pose(self, program: Program) -> Program:
        """A program of two stages: what holds security, and the money."""
        holds = [hold for s in program.stages for hold in s.holds if hold.name in self.limits]
        security = StageRow(_HELD, program.stages[0].row, tuple(holds))
        row = program.figures["figure", self.figure, None]
        return replace(program, stages=(security, StageRow(ASKED_APART, row, ())))

    def solve(self, program: Program, carried: CarriedBasis) -> Solved:
        """The least expenditure of a program; `carried` are of the program with every rule."""
        posed = self.pose(program)
        limits = tuple(self.limits[hold.name] for hold in posed.stages[0].holds)
        return carried.solve_stage(posed, 1, (limits,))


def find_security(study: Study) -> str:
    """The figure that weighs what is missing, and the name of the stage that makes it small where
    security comes before money; empty where the study has no needs."""
    return "" if study.need is None else study.need.share


def find_question(
    program: Program, solved: Solved, study: Study, options: Options
) -> EqualSecurityQuestion | None:
    """The question of what money could be saved at the security of a plan; None without a plan."""
    if solved.values is None:
        return None
    criteria = [one for component in study.components for one in component.criteria]
    money, security = study.figure("expenditure"), find_security(study)
    # What criteria other than security free is not held where money is asked for.
    others = [one for one in criteria if security not in one.frees]
    limits = find_held(program, solved, others).ceilings
    stage = _find_stage(program, money, limits)
    question = EqualSecurityQuestion(stage or ASKED_APART, money, limits)
    if stage:
        return question
    posed = question.pose(program)
    own = (tuple(limits[hold.name] for hold in posed.stages[0].holds),)
    return replace(
        question, start=find_start(posed, replace(solved, limits=own, bases=()), options)
    )


def _find_stage(program: Program, figure: str, limits: Mapping[str, Any]) -> str:
    """The stage that makes the money small with all of security held and nothing else."""
    row = program.figures["figure", figure, None]
    before: list[str] = []
    for stage in program.stages:
        if set(before) == set(limits) and _is_same(program, stage.row, row):
            return stage.name
        before += [hold.name for hold in stage.holds]
    return ""


def _is_same(program: Program, one: int, other: int) -> bool:
    """True for two reported rows with the same numbers."""
    rows = program.row_of_figure(one), program.row_of_figure(other)
    return bool(np.array_equal(*rows) and program.offsets[one] == program.offsets[other])
