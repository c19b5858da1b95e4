"""The least and the most that acting together saves, over all equally good plans alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from scipy.sparse import block_array, csr_array, vstack

from cssopt.analysis.corners import find_corners
from cssopt.analysis.many import Task
from cssopt.analysis.pooling_ledger import EXPENDITURE, figure_of
from cssopt.build.assemble import OBJECTIVE_BLOCK
from cssopt.build.study import Study
from cssopt.solution.baseline import SavingRange
from cssopt.solution.run import Tell, prepare_problem
from cssopt.solve.compile import compile_problem
from cssopt.solve.explorer import Explorer, Figure
from cssopt.solve.face import find_face
from cssopt.solve.highs import solve_program
from cssopt.solve.outcome import Status
from cssopt.solve.program import Floats, Program
from cssopt.solve.stack import stack_programs

_NO_FACE = "the equally good plans of a member alone could not be found"
_GATED = "the years in which members pool are no whole numbers in this study, so it may be less"
_WHOLE = "with whole numbers the coalition is not tried at every plan alone, so it may be less"
_MANY = "there are too many equally good plans alone to try all, so it may be less"


def find_saving_range(equal: Task, alone: Study, tell: Tell) -> SavingRange:
    """Least and most saving, where `equal` is the task of equal security, and `alone` the study
    by which members alone are planned.

    The most comes from one program of all members alone and the coalition. The saving as a
    function of what is missing alone is concave where the coalition's program is an LP, so that
    the least is at a corner: each is tried.
    """
    tell("least and most saving")
    faces = []
    for member in equal.coalition:
        problem = prepare_problem(equal.data, alone.settling_ties(), (member,), {})
        face = find_face(compile_problem(problem), equal.options)
        if face is None:
            return SavingRange(math.nan, math.nan, _NO_FACE, _NO_FACE)
        faces.append(face)
    return _Range(equal, faces).find()


class _Range:
    """The optimal plans of all members alone, and the coalition at the security of each."""

    def __init__(self, equal: Task, faces: Sequence[Program]) -> None:
        self._equal, self._faces = equal, faces
        (self._name,) = equal.given
        # At a shortfall alone of 1 of every need: its row then tells how it enters.
        keys = dict.fromkeys(equal.given[self._name], 1.0)
        self._coalition = self._compile(keys)
        self._spent = [figure_of(face, EXPENDITURE) for face in faces]
        alone = [_levels(face) for face in faces]
        self._level = _levels(self._coalition)
        zeros = [np.zeros(face.shape[1]) for face in faces]
        self._missing = {
            key: np.concatenate(
                [own.get(key, none) for own, none in zip(alone, zeros, strict=True)]
            )
            for key in self._level
        }

    def _compile(self, alone: dict[Any, float]) -> Program:
        study, given = self._equal.study.settling_ties(), {self._name: alone}
        return compile_problem(
            prepare_problem(self._equal.data, study, self._equal.coalition, given)
        )

    def find(self) -> SavingRange:
        most, why_most = self._most()
        least, why_least = self._least()
        return SavingRange(least, most, why_least, why_most)

    def _most(self) -> tuple[float, str]:
        joint, exact = self._join()
        solved = solve_program(joint, self._equal.options)
        if solved.status is not Status.OPTIMAL or solved.figures is None:
            return math.nan, f"the solver gave no answer ({solved.status})"
        return -float(solved.figures[0]), "" if exact else _GATED

    def _join(self) -> tuple[Program, bool]:
        """Members alone and the coalition in one program, and whether it says just what is meant.

        Of every need: level <= missing * (room - factor * pooled), all in shares of the full need.
        The product of what is missing alone and pooled is a new decision w >= missing - most *
        (1 - pooled), exact where pooled is 0 or 1.
        """
        coalition, exact = self._coalition, True
        apart = sum(face.shape[1] for face in self._faces)
        width = apart + coalition.shape[1]
        most_missing = float(len(self._faces))
        rows, upper = [], []
        products: list[tuple[Floats, float]] = []
        free = coalition.row_upper.copy()
        for place, (owner, _, key) in enumerate(coalition.rows):
            if owner != OBJECTIVE_BLOCK:
                continue
            free[place] = math.inf
            entry = coalition.matrix[[place], :].toarray()[0]
            room, level = float(coalition.row_upper[place]), self._level[key]
            factors = np.where(level != 0, 0.0, entry)
            row = np.concatenate([-room * self._missing[key], level])
            w = {}
            for column in np.flatnonzero(factors):
                exact = exact and bool(coalition.whole[column])
                w[len(products)] = float(factors[column])
                bound = np.concatenate([self._missing[key], np.zeros(coalition.shape[1])])
                bound[apart + column] = most_missing
                products.append((bound, most_missing))
            rows.append((row, w))
            upper.append(0.0)
        joint = stack_programs(
            [*self._faces, replace(coalition, row_upper=free)],
            [*(_times(figure, -1.0) for figure in self._spent), figure_of(coalition, EXPENDITURE)],
        )
        count = len(products)
        extra = np.zeros((len(rows) + count, width + count))
        for place, (row, w) in enumerate(rows):
            extra[place, :width] = row
            for product, factor in w.items():
                extra[place, width + product] = factor
        for product, (bound, most) in enumerate(products):
            extra[len(rows) + product, :width] = bound
            extra[len(rows) + product, width + product] = -1.0
            upper.append(most)
        wide = csr_array((len(joint.rows), count))
        return replace(
            joint,
            matrix=csr_array(vstack([block_array([[joint.matrix, wide]]), csr_array(extra)])),
            row_lower=np.concatenate([joint.row_lower, np.full(len(upper), -math.inf)]),
            row_upper=np.concatenate([joint.row_upper, upper]),
            lower=np.concatenate([joint.lower, np.zeros(count)]),
            upper=np.concatenate([joint.upper, np.full(count, math.inf)]),
            whole=np.concatenate([joint.whole, np.zeros(count, dtype=bool)]),
            reported=csr_array(np.pad(joint.reported.toarray(), ((0, 0), (0, count)))),
            columns=(*joint.columns, *(("range", "product", i) for i in range(count))),
            rows=(*joint.rows, *(("range", "ceiling", i) for i in range(len(upper)))),
        ), exact

    def _least(self) -> tuple[float, str]:
        """The least saving over the corners of what may be missing alone."""
        stacked = stack_programs(self._faces, self._spent)
        explorer = Explorer(stacked, self._equal.options)
        spent = Figure(stacked.row_of_figure(0), float(stacked.offsets[0]))
        # Money is one more figure that may differ: shortfall can have a price.
        parts = np.array([*self._missing.values(), spent.coefficients])
        parts[-1] /= max(1.0, np.abs(spent.coefficients).max(initial=0.0))

        def ask(direction: Floats) -> Floats | None:
            answer = explorer.minimise(Figure(-(direction @ parts)))
            return answer.plan if answer.status is Status.OPTIMAL else None

        plans, all_found = find_corners(ask, parts)
        savings = [spent.of(plan) - self._cost(plan) for plan in plans]
        least = min((x for x in savings if not math.isnan(x)), default=math.nan)
        if not all_found or any(map(math.isnan, savings)):
            return least, _MANY
        # One plan alone: there is nothing else to try.
        convex = not self._coalition.whole.any() or len(plans) == 1
        return least, "" if convex else _WHOLE

    def _cost(self, plan: Floats) -> float:
        """What the coalition spends at the security of these plans alone."""
        alone = {
            key: float(missing @ plan) / self._level[key].max()
            for key, missing in self._missing.items()
        }
        solved = solve_program(self._compile(alone), self._equal.options)
        return math.nan if solved.status is not Status.OPTIMAL else solved.stages[-1].value


def _levels(program: Program) -> dict[Any, Floats]:
    """The coefficients of every level of a program, by its key."""
    return {
        figure[2]: program.row_of_figure(row)
        for figure, row in program.figures.items()
        if figure[0] == "level"
    }


def _times(figure: Figure, factor: float) -> Figure:
    return Figure(factor * figure.coefficients, factor * figure.constant)
