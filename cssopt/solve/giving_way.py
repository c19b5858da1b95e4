"""A program whose rules give way, by as little as it takes, where no plan keeps them all.

The elastic program (Brown and Graves, 1975; Chinneck, 2008): each rule that may give way can be
missed, and before anything else the sum of what is missed is made as small as it can be, each
relative to its limit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack, vstack

from cssopt.assembly.assemble import Problem
from cssopt.solve.program import Floats, Program, StageConstraint, StageRow

LEAST_GIVEN_WAY: Final = "least given way"
"""Name of the first stage of a program whose rules give way."""

_GIVEN_WAY: Final = "given way"
_NO_LIMIT: Final = 1e-6
"""A limit below this is 0: what is missed of it is then taken as it is."""
_LAST: Final = 10.0
"""How much more a broken balance counts than a limit: it says what is, not what should be."""
_ROUNDING: Final = 1e-6
"""What is missed of a rule by no more than this, relative to its limit, is kept."""

RowName = tuple[str, str, Any]
"""Component, rule and key."""


def let_give_way(problem: Problem, program: Program) -> Program:
    """The program with a column for each side of each rule that may give way, and a first stage
    that makes least what they are missed by."""
    rows = _find_elastic(problem, program)
    low = rows[np.isfinite(program.row_lower[rows])]
    high = rows[np.isfinite(program.row_upper[rows])]
    missed = np.concatenate([low, high])
    signs = np.concatenate([np.ones(len(low)), -np.ones(len(high))])
    count, columns = len(missed), program.shape[1]
    slack = csr_array((signs, (missed, np.arange(count))), shape=(program.shape[0], count))
    weighed = csr_array((_weigh(program, missed), ([0] * count, columns + np.arange(count))))
    reported = hstack([program.reported, csr_array((program.reported.shape[0], count))])
    place = len(program.offsets)
    held = StageConstraint(LEAST_GIVEN_WAY, place)
    return replace(
        program,
        matrix=csr_array(hstack([program.matrix, slack])),
        lower=np.concatenate([program.lower, np.zeros(count)]),
        upper=np.concatenate([program.upper, np.full(count, np.inf)]),
        whole=np.concatenate([program.whole, np.zeros(count, dtype=bool)]),
        reported=csr_array(vstack([reported, weighed])),
        offsets=np.append(program.offsets, 0.0),
        stages=(StageRow(LEAST_GIVEN_WAY, place, (held,)), *program.stages),
        columns=(*program.columns, *((_GIVEN_WAY, "", program.rows[row]) for row in missed)),
    )


def find_given_way(program: Program, values: Floats) -> dict[RowName, float]:
    """By how much a plan misses each rule that gave way; none where no rule of it can."""
    found: dict[RowName, float] = {}
    limits: Mapping[RowName, float] = {}
    for (kind, _, row), amount in zip(program.columns, values.tolist(), strict=True):
        if kind == _GIVEN_WAY:
            limits = limits or dict(zip(program.rows, _find_limits(program), strict=True))
            if amount > _ROUNDING * max(1.0, limits[row]):
                found[row] = amount
    return found


def _find_elastic(problem: Problem, program: Program) -> NDArray[np.int64]:
    """The rows of rules that are declared to give way."""
    rules = {
        (component.name, declared.local_name)
        for component, block in problem.blocks()
        for declared in block.component_objects(descend_into=False)
        if getattr(declared, "gives_way", False)
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
