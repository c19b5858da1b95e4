"""A program whose rules give way, by as little as it takes, where no plan keeps them all.

The elastic program (Brown and Graves, 1975; Chinneck, 2008): each rule that may give way can be
missed, and before anything else the sum of what is missed is made as small as it can be, each
relative to its limit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack

from cssopt.assembly.assemble import Problem
from cssopt.modeling.declare import Constraint
from cssopt.solve.answer import Options, Solved
from cssopt.solve.holding import stay_on_face
from cssopt.solve.program import Floats, Program, StageRow
from cssopt.solve.stages import solve_program

LEAST_GIVEN_WAY: Final = "least given way"
"""Name of the stage that makes least what rules are missed by."""

_GIVEN_WAY: Final = "given way"
_NO_LIMIT: Final = 1e-6
"""A limit below this is 0: what is missed of it is then taken as it is."""
_LAST: Final = 10.0
"""How much more a broken balance counts than a limit: it says what is, not what should be."""
_ROUNDING: Final = 1e-6
"""What is missed of a rule by no more than this, relative to its limit, is kept."""

RowName = tuple[str, str, Any]
"""Component, rule and key."""


@dataclass(frozen=True)
class GivenWay:
    """What rules give way by where they give way by the least in all.

    Attributes
    ----------
    lower, upper: by how much the bounds of each row are widened. amounts: by how much a rule is
        missed, where that is no rounding. missed: all of it, each relative to its limit.
    best: the program with its rules widened by just that, on the face of the least: nothing that
        decides how little is missed has any room there, of which a widened program leaves so little
        that HiGHS gets lost in it. Of an LP only.
    solved: how the search for the least ended. It has no plan, and nothing is widened, where the
        search found none.
    """

    lower: Mapping[RowName, float]
    upper: Mapping[RowName, float]
    amounts: Mapping[RowName, float]
    missed: float
    solved: Solved
    best: Program | None = None

    @property
    def most_missed(self) -> float:
        """All that is missed, and a little more, as rounding may ask for it."""
        return _ROUNDING + (1 + _ROUNDING) * self.missed

    def widen(self, program: Program) -> Program:
        """The program, or one of the same rules, with every rule widened by that."""
        places = {name: place for place, name in enumerate(program.rows)}
        lower, upper = program.row_lower.copy(), program.row_upper.copy()
        for name, width in self.lower.items():
            lower[places[name]] -= width
        for name, width in self.upper.items():
            upper[places[name]] += width
        return replace(program, row_lower=lower, row_upper=upper)


def let_give_way(problem: Problem, program: Program, options: Options) -> GivenWay:
    """Find by how little rules have to give way so that there is a plan."""
    missed, signs, elastic = _stretch(problem, program)
    solved = solve_program(elastic, replace(options, gap=Options.gap))
    if solved.values is None:
        return GivenWay({}, {}, {}, 0.0, solved)
    slack = solved.values[program.shape[1] :]
    limits = np.maximum(1.0, _find_limits(program)[missed])
    amounts = {
        program.rows[row]: float(amount)
        for row, amount, limit in zip(missed, slack, limits, strict=True)
        if amount > _ROUNDING * limit
    }
    # A little more, so that rounding of the search is no reason for there being no plan.
    wider = slack + _ROUNDING / 10 * limits
    lower, upper = (
        {
            program.rows[row]: float(wider[place])
            for place, row in enumerate(missed)
            if widened[place]
        }
        for widened in ((slack > 0) & (signs > 0), (slack > 0) & (signs < 0))
    )
    best = None
    if solved.vertices:
        face = stay_on_face(elastic, solved.vertices[-1].vertex)
        best = _without_slack(program, face, missed, signs * slack)
    weighed = float(_weigh(program, missed) @ np.maximum(slack, 0.0))
    return GivenWay(lower, upper, amounts, weighed, solved, best)


def _without_slack(
    program: Program, elastic: Program, missed: NDArray[np.int64], slack: Floats
) -> Program:
    """The program with the bounds of the elastic one, what is missed of rows being given."""
    lower, upper = elastic.row_lower.copy(), elastic.row_upper.copy()
    np.subtract.at(lower, missed, slack)
    np.subtract.at(upper, missed, slack)
    count = program.shape[1]
    return replace(
        program,
        lower=elastic.lower[:count],
        upper=elastic.upper[:count],
        row_lower=lower,
        row_upper=upper,
    )


def _stretch(problem: Problem, program: Program) -> tuple[NDArray[np.int64], Floats, Program]:
    """The rows that can be missed and to which side (1: they may fall short), and the program with
    a column for each, its one stage making least what they are missed by."""
    rows = _find_elastic(problem, program)
    low = rows[np.isfinite(program.row_lower[rows])]
    high = rows[np.isfinite(program.row_upper[rows])]
    missed = np.concatenate([low, high])
    signs = np.concatenate([np.ones(len(low)), -np.ones(len(high))])
    count, columns = len(missed), program.shape[1]
    slack = csr_array((signs, (missed, np.arange(count))), shape=(program.shape[0], count))
    weighed = csr_array(
        (_weigh(program, missed), ([0] * count, columns + np.arange(count))),
        shape=(1, columns + count),
    )
    elastic = replace(
        program,
        matrix=csr_array(hstack([program.matrix, slack])),
        lower=np.concatenate([program.lower, np.zeros(count)]),
        upper=np.concatenate([program.upper, np.full(count, np.inf)]),
        whole=np.concatenate([program.whole, np.zeros(count, dtype=bool)]),
        reported=weighed,
        offsets=np.zeros(1),
        figures={("stage", LEAST_GIVEN_WAY): 0},
        stages=(StageRow(LEAST_GIVEN_WAY, 0, ()),),
        columns=program.columns.followed_by((_GIVEN_WAY, "", program.rows[row]) for row in missed),
    )
    return missed, signs, elastic


def _find_elastic(problem: Problem, program: Program) -> NDArray[np.int64]:
    """The rows of rules that are declared to give way."""
    rules = {
        (component.name, declared.name)
        for component, block in problem.blocks()
        for declared in block.declared(Constraint)
        if declared.gives_way
    }
    return np.flatnonzero([row[:2] in rules for row in program.rows])


def _weigh(program: Program, rows: NDArray[np.int64]) -> Floats:
    limits = _find_limits(program)[rows]
    balances = program.row_lower[rows] == program.row_upper[rows]
    return np.where(balances, _LAST, 1.0) / np.where(limits > _NO_LIMIT, limits, 1.0)


def _find_limits(program: Program) -> Floats:
    """The size of the limit of each row."""
    upper = np.where(np.isfinite(program.row_upper), program.row_upper, program.row_lower)
    return np.where(np.isfinite(upper), np.abs(upper), 0.0)
