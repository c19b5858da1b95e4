"""The least and the most that acting together saves, over all equally good plans alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from scipy.sparse import block_array, coo_array, csr_array, diags_array, eye_array, hstack, vstack

from cssopt.assembly.assemble import OBJECTIVE_BLOCK
from cssopt.assembly.instance import Instance
from cssopt.questions.plan.pooling_ledger import expenditure_of
from cssopt.runs.corners import find_corners
from cssopt.runs.many import Task
from cssopt.solution.baseline import SavingRange
from cssopt.solution.run import ProgressCallback
from cssopt.solution.verdicts import Verdict, check_program, join_verdicts
from cssopt.solve.answer import Solved
from cssopt.solve.compile import compile_problem
from cssopt.solve.face import find_face
from cssopt.solve.outcome import Status
from cssopt.solve.program import Floats, Program
from cssopt.solve.stack import stack_programs
from cssopt.solve.stages import solve_program
from cssopt.solve.warm.next_question import LinearFigure, LpSession

_NO_FACE = "the equally good plans of a member alone could not be found"
_GATED = "the years in which members pool are no whole numbers in this study, so it may be less"
_WHOLE = "with whole numbers the coalition is not tried at every plan alone, so it may be less"
_UNTRIED = "at some plans alone the solver found no plan of the coalition, so it may be less"
_MANY = "there are too many equally good plans alone to try all, so it may be less"


def find_saving_range(equal: Task, alone: Instance, tell: ProgressCallback) -> SavingRange:
    """Least and most saving, where `equal` is the task of equal security, and `alone` the question
    by which members alone are planned.

    The most comes from one program of all members alone and the coalition. The saving as a
    function of what is missing alone is concave where the coalition's program is an LP, so that
    the least is at a corner: each is tried.
    """
    tell("least and most saving")
    faces = []
    for member in alone.coalition:
        settling = replace(alone, study=alone.study.settling_ties(), coalition=(member,))
        face = find_face(compile_problem(settling.assemble()), equal.options)
        if face is None:
            return SavingRange(math.nan, math.nan, _NO_FACE, _NO_FACE)
        faces.append(face)
    return _Range(equal, faces).find()


class _Range:
    """The optimal plans of all members alone, and the coalition at the security of each."""

    def __init__(self, equal: Task, faces: Sequence[Program]) -> None:
        self._equal, self._faces = equal, faces
        self._verdict: Verdict = None
        (self._name,) = equal.instance.given
        self._keys = list(equal.instance.given[self._name])
        # At a shortfall alone of 1 of every need: its row then tells how it enters.
        self._coalition = self._compile(dict.fromkeys(self._keys, 1.0))
        self._level = _levels(self._coalition, self._keys)
        self._missing: Any = hstack([_levels(face, self._keys) for face in faces], format="csr")
        self._spent = [expenditure_of(face, equal.instance.study) for face in faces]

    def _compile(self, alone: dict[Any, float]) -> Program:
        equal = self._equal.instance
        settling = replace(equal, study=equal.study.settling_ties(), given={self._name: alone})
        return compile_problem(settling.assemble())

    def find(self) -> SavingRange:
        most, why_most = self._most()
        least, why_least = self._least()
        return SavingRange(least, most, why_least, why_most, self._verdict)

    def _solve(self, program: Program) -> Solved:
        """As `solve_program`; every plan is held to its program."""
        solved = solve_program(program, self._equal.options)
        if solved.values is not None:
            broken = check_program(program, solved.values) or None
            self._verdict = join_verdicts(self._verdict, broken)
        return solved

    def _most(self) -> tuple[float, str]:
        ceilings, exact = self._ceilings()
        solved = self._solve(self._join(ceilings))
        if solved.status is not Status.OPTIMAL or solved.figures is None:
            return math.nan, f"the solver gave no answer ({solved.status})"
        return -float(solved.figures[0]), "" if exact else _GATED

    def _ceilings(self) -> tuple[Any, bool]:
        """The rows that tie the coalition to members alone, and whether they say just that.

        Of every need: level <= missing * (most - factor * pooled), in shares of the full need. The
        product of what is missing and pooled is a new decision, >= missing - most * (1 - pooled)
        and >= 0: exact where pooled is 0 or 1. The second half of the rows is <= `most`.
        """
        coalition, most = self._coalition, float(len(self._faces))
        places = self._asked()
        own = csr_array(coalition.matrix[places])
        which = [self._keys.index(coalition.rows[place][2]) for place in places]
        level, missing = self._level[which], self._missing[which]
        products = coo_array(own - own.multiply(level != 0))
        products.eliminate_zeros()
        needs, columns, count = products.row, products.col, np.arange(products.nnz)
        room = diags_array(coalition.row_upper[places])
        factors = csr_array((products.data, (needs, count)), (len(places), len(count)))
        pooled = csr_array(
            (np.full(len(count), most), (count, columns)), (len(count), own.shape[1])
        )
        rows = block_array(
            [[-room @ missing, level, factors], [missing[needs], pooled, -eye_array(len(count))]],
            format="csr",
        )
        return rows, bool(coalition.whole[columns].all())

    def _asked(self) -> list[int]:
        """The rows of the coalition that its objective asks for."""
        rows = enumerate(self._coalition.rows)
        return [place for place, (owner, _, _) in rows if owner == OBJECTIVE_BLOCK]

    def _join(self, ceilings: Any) -> Program:
        """Members alone and the coalition in one program: its expenditure less theirs."""
        coalition, asked = self._coalition, self._asked()
        free = coalition.row_upper.copy()
        free[asked] = math.inf
        figures = [LinearFigure(-own.coefficients, -own.constant) for own in self._spent]
        joint = stack_programs(
            [*self._faces, replace(coalition, row_upper=free)],
            [*figures, expenditure_of(coalition, self._equal.instance.study)],
        )
        more, below = ceilings.shape[0], ceilings.shape[0] - len(asked)
        matrix, reported = joint.matrix.copy(), joint.reported.copy()
        matrix.resize((len(joint.rows), ceilings.shape[1]))
        reported.resize((1, ceilings.shape[1]))
        upper = np.concatenate([np.zeros(len(asked)), np.full(below, float(len(self._faces)))])
        return replace(
            joint,
            matrix=csr_array(vstack([matrix, ceilings], format="csr")),
            row_lower=np.concatenate([joint.row_lower, np.full(more, -math.inf)]),
            row_upper=np.concatenate([joint.row_upper, upper]),
            lower=np.concatenate([joint.lower, np.zeros(below)]),
            upper=np.concatenate([joint.upper, np.full(below, math.inf)]),
            whole=np.concatenate([joint.whole, np.zeros(below, dtype=bool)]),
            reported=reported,
            columns=joint.columns.followed_by(("range", "product", i) for i in range(below)),
            rows=joint.rows.followed_by(("range", "ceiling", i) for i in range(more)),
        )

    def _least(self) -> tuple[float, str]:
        """The least saving over the corners of what may be missing alone."""
        stacked = stack_programs(self._faces, self._spent)
        session = LpSession(stacked, self._equal.options)
        spent = LinearFigure(stacked.row_of_figure(0), float(stacked.offsets[0]))
        # Money is one more figure that may differ: shortfall can have a price.
        size = max(1.0, np.abs(spent.coefficients).max(initial=0.0))
        money = csr_array(spent.coefficients[None, :] / size)
        parts = csr_array(vstack([self._missing, money], format="csr"))

        def ask(direction: Floats) -> Floats | None:
            answer = session.minimise(LinearFigure(-(direction @ parts)))
            return answer.plan if answer.status is Status.OPTIMAL else None

        plans, all_found = find_corners(ask, parts)
        savings = [spent.of(plan) - self._cost(plan) for plan in plans]
        least = min((x for x in savings if not math.isnan(x)), default=math.nan)
        if not all_found:
            return least, _MANY
        if any(map(math.isnan, savings)):
            return least, _UNTRIED
        # One plan alone: there is nothing else to try.
        convex = not self._coalition.is_whole or len(plans) == 1
        return least, "" if convex else _WHOLE

    def _cost(self, plan: Floats) -> float:
        """What the coalition spends at the security of these plans alone."""
        per_unit = self._level.sum(axis=1)
        shares = self._missing @ plan
        alone = {
            key: share / unit if unit else 0.0
            for key, share, unit in zip(self._keys, shares, per_unit, strict=True)
        }
        solved = self._solve(self._compile(alone))
        return math.nan if solved.status is not Status.OPTIMAL else solved.stages[-1].value


def _levels(program: Program, keys: Sequence[Any]) -> Any:
    """The coefficients of the level of every key, a row each; nothing where there is none."""
    rows = {figure[2]: row for figure, row in program.figures.items() if figure[0] == "level"}
    found = [(place, rows[key]) for place, key in enumerate(keys) if key in rows]
    places, picked = np.array(found, dtype=np.int64).reshape(-1, 2).T
    shape = len(keys), program.reported.shape[0]
    return csr_array((np.ones(len(found)), (places, picked)), shape) @ program.reported
