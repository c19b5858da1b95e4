"""Whether a plan needs what it has, or has it by chance: the same plan solved without it.

At a tipping point the plans with and without an element cost the same, so nothing can be told
there. It can one step of the grid further on, on the side that has the element: if the plan
without it costs the same there too, the change is a tie between plans that are equally good.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, vstack

from cssopt.assembly.component import find_objective
from cssopt.questions.tipping.brackets import Bracket
from cssopt.runs.given import give_numbers
from cssopt.runs.outcome import Outcome, Run
from cssopt.runs.plan_checks import check_outcome
from cssopt.runs.read_outcome import OutcomeReader
from cssopt.runs.specification import RunSpecification
from cssopt.solution.verdicts import Auditor, Verdict, join_verdicts
from cssopt.solve.answer import Basis, Solved
from cssopt.solve.compile import compile_problem
from cssopt.solve.outcome import Status
from cssopt.solve.program import Program
from cssopt.solve.warm.same_shape import SameShapeSolver

TIE, NEEDED, UNKNOWN = "tie", "needed", "unknown"

SAME: Final = 1e-6
"""Plans whose objectives differ by no more than this (relative) are equally good."""

_LEAST: Final = 1e-9
"""Likewise, absolute: rounding of objectives that are 0."""


@dataclass(frozen=True)
class Without:
    """The plan without an element, beside the one that has it.

    Attributes
    ----------
    verdict: ``needed`` where every plan without it is worse, or there is none; ``tie`` where one is
        as good as the best; ``unknown`` where neither is proven, as one of the two solves was cut
        off or their answers contradict each other.
    at: the value of the varied quantity. status, gap: of the solve without it.
    expenditure, missing_share: by how much these are greater without it; nan where there is none.
    audit: what the audits of both plans say.
    """

    verdict: str
    at: float
    status: str
    gap: float
    expenditure: float
    missing_share: float
    audit: Verdict = None


def find_test(bracket: Bracket, grid: Sequence[float]) -> float:
    """Where to solve without an element: on the side that has it, one step of the grid further on.

    No further than the middle of the stretch that has it, and at a value that was looked at.
    """
    near, far = bracket.stretch[0], bracket.stretch[-1]
    step = min(grid[1] - grid[0], abs(far - near) / 2) if len(grid) > 1 else 0.0
    wanted = near + math.copysign(step, far - near)
    return min(bracket.stretch, key=lambda value: abs(value - wanted))


class WithoutElementTest:
    """Plans without what they have, each from a program that is loaded once."""

    def __init__(
        self,
        specification: RunSpecification,
        folders: Sequence[Path],
        bases: Sequence[Basis | None] = (),
    ) -> None:
        """Make ready what all runs change; raises as `RunSpecification.instance`.

        `bases`: where the stages of the base plan ended, if it is one of an LP.
        """
        self._base = specification.instance(folders)
        self._bases = bases
        self._options = specification.options
        self._pooled_cost = find_objective("each alone", folders)

    def solve(self, run: Run, at: float, elements: Sequence[str]) -> dict[str, Without]:
        """The plan of a run, at a value, without each of the elements, one by one."""
        if self._options.is_over:
            none = math.nan
            left = Without(UNKNOWN, at, str(Status.NO_PLAN_YET), none, none, none)
            return dict.fromkeys(elements, left)
        instance, _ = self._base.changed(run.steps)
        problem = give_numbers(instance, self._options, self._pooled_cost).assemble()
        program, auditor = compile_problem(problem), Auditor(lambda: problem)
        reader, data = OutcomeReader(program, instance.study), instance.data
        program = _with_sums(program, {element: reader.elements[element] for element in elements})
        solver = SameShapeSolver(self._options, self._bases)
        free = solver.solve(program)
        own = check_outcome(reader.read(free, data), program, free.values, auditor)
        found = {}
        for place, element in enumerate(elements, start=len(program.rows) - len(elements)):
            upper = program.row_upper.copy()
            upper[place] = 0.0
            solved = solver.solve(replace(program, row_upper=upper))
            other = check_outcome(reader.read(solved, data), program, solved.values, auditor)
            found[element] = _compare(at, _judge(free, solved), own, other)
        return found


def _with_sums(program: Program, columns: Mapping[str, NDArray[np.int64]]) -> Program:
    """The program with a free row for the sum of the columns of each element.

    Its upper bound at 0 takes the element away: no decision is below 0. A kept model changes the
    bounds of rows in place.
    """
    where = [np.zeros(0, dtype=np.int64), *columns.values()]
    begins = np.cumsum([len(part) for part in where])
    places = np.concatenate(where)
    sums = csr_array((np.ones(len(places)), places, begins), (len(columns), program.shape[1]))
    none, free = np.full(len(columns), -math.inf), np.full(len(columns), math.inf)
    return replace(
        program,
        matrix=csr_array(vstack([program.matrix, sums], format="csr")),
        row_lower=np.concatenate([program.row_lower, none]),
        row_upper=np.concatenate([program.row_upper, free]),
        rows=program.rows.followed_by(("tipping", "without", element) for element in columns),
    )


def _judge(free: Solved, without: Solved) -> str:
    """Whether the plan without an element is proven worse, or is proven equally good.

    A later stage is compared only where the plan with the element is proven best in the ones
    before and the plan without it is as good: else the two are held to different values.
    """
    if without.status in (Status.INFEASIBLE, Status.UNBOUNDED):
        return NEEDED if without.status is Status.INFEASIBLE else UNKNOWN
    if free.values is None or without.values is None:
        return UNKNOWN
    for own, other in zip(free.stages, without.stages, strict=False):
        apart = max(SAME * abs(own.value), _LEAST)
        if other.bound > own.value + apart:
            return NEEDED
        lower = other.value < own.value - apart
        if own.status is not Status.OPTIMAL or lower or not other.value <= own.bound + apart:
            return UNKNOWN
    return TIE if len(free.stages) == len(without.stages) else UNKNOWN


def _compare(at: float, verdict: str, own: Outcome, other: Outcome) -> Without:
    return Without(
        verdict,
        at,
        other.status,
        other.gap,
        other.pooled_expenditure - own.pooled_expenditure,
        other.missing_share - own.missing_share,
        join_verdicts(own.verdict, other.verdict),
    )
