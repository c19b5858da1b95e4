"""Programs that are like one that is solved already, each stage solved from where that one ended.

Rows and columns are known again by their names, so that a neighbor may have more of them, fewer, or
other numbers in them.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import vstack

from cssopt.solve.answer import Options, Solved, StageResult
from cssopt.solve.highs import solve_program
from cssopt.solve.loaded import LoadedProgram
from cssopt.solve.outcome import Status
from cssopt.solve.program import Floats, Program
from cssopt.solve.reoptimize import LONG, NEAR

_AT_LOWER = int(highspy.HighsBasisStatus.kLower)
_BASIC = int(highspy.HighsBasisStatus.kBasic)
_STATUSES = {int(status): status for status in highspy.HighsBasisStatus.__members__.values()}
_HELD = "held"

Limits = tuple[tuple[float, ...], ...]
"""What each stage but the last may reach at most in the rows that later stages hold."""

Name = tuple[str, str, Any]


@dataclass(frozen=True)
class Basis:
    """Which columns and rows are basic, and where the others stand, as HiGHS numbers it."""

    columns: NDArray[np.int8]
    rows: NDArray[np.int8]


@dataclass(frozen=True)
class Start:
    """A plan from which its neighbors begin.

    Attributes
    ----------
    values: one per column; None where there is no plan.
    limits: what its stages let later ones reach at most.
    bases: one per stage, of an LP; None where a stage has none.
    """

    values: Floats | None
    limits: Limits
    bases: tuple[Basis | None, ...]


def hold_stages(program: Program, number: int, limits: Limits) -> Program:
    """The program of one stage alone, with the stages before it held at these limits.

    Whatever keeps the limits in `program` is a plan of it, and the other way round.
    """
    held = [
        (row, limit)
        for stage, most in zip(program.stages[:number], limits, strict=False)
        for row, limit in zip(stage.holds, most, strict=True)
    ]
    alone = replace(program, stages=(replace(program.stages[number], holds=()),))
    if not held:
        return alone
    places = [row.row for row, _ in held]
    most = np.array([limit for _, limit in held]) - program.offsets[places]
    return replace(
        alone,
        matrix=vstack([program.matrix, program.reported[places, :]], format="csr"),
        row_lower=np.append(program.row_lower, np.full(len(held), -math.inf)),
        row_upper=np.append(program.row_upper, most),
        rows=(*program.rows, *((_HELD, row.name, None) for row, _ in held)),
    )


def find_least(program: Program, number: int) -> float:
    """A bound of a stage that needs no search: each column at whichever of its bounds is less."""
    row = program.stages[number].row
    costs = program.row_of_figure(row)
    where = np.flatnonzero(costs)
    ends = np.where(costs > 0, program.lower, program.upper)[where]
    return float(costs[where] @ ends + program.offsets[row])


def find_start(program: Program, solved: Solved, options: Options) -> Start:
    """Where the neighbors of a program that was solved may begin.

    The stages of an LP are solved once more, each alone, for the basis that it ends at.
    """
    if solved.values is None:
        return Start(None, (), ())
    limits = solved.limits + tuple(
        program.limits_at(stage, solved.values) for stage in program.stages[len(solved.limits) : -1]
    )
    if program.whole.any() or not program.columns:
        return Start(solved.values, limits, ())
    bases = tuple(
        _find_basis(hold_stages(program, number, limits), options)
        for number in range(len(program.stages))
    )
    return Start(solved.values, limits, bases)


def _find_basis(program: Program, options: Options) -> Basis | None:
    loaded = LoadedProgram(program, options)
    loaded.minimise(program.stages[0])
    status, _, _ = loaded.optimise(final=True)
    basis = loaded.highs.getBasis()
    if status is not Status.OPTIMAL or not basis.valid:
        return None
    return Basis(_codes(basis.col_status), _codes(basis.row_status))


def _codes(statuses: Sequence[Any]) -> NDArray[np.int8]:
    return np.array([int(status) for status in statuses], dtype=np.int8)


class Neighbors:
    """Solves the stages of programs that are like one with a plan."""

    def __init__(self, program: Program, start: Start, options: Options) -> None:
        """`start` is of `program`; `options` are those of each solve."""
        self.program = program
        self._start = start
        self._options = options
        self._columns = _places(program.columns)
        self._rows = [
            _places(hold_stages(program, number, start.limits).rows)
            for number in range(len(start.bases))
        ]

    def solve_stage(self, program: Program, number: int, limits: Limits) -> Solved:
        """Minimise one stage of a neighbor with those before it held at these limits.

        Endings as `solve_program`; only an optimum is taken from a start near it, any other ending
        is found again from nothing.
        """
        begun = time.perf_counter()
        alone = hold_stages(program, number, limits)
        if number < len(self._start.bases) and not alone.never_holds:
            basis = self._start.bases[number]
            if basis is not None:
                solved = _solve_from(alone, self._carry(basis, alone, number), self._options)
                if solved is not None:
                    return solved
        left = self._options.after(time.perf_counter() - begun)
        return solve_program(alone, left, self._plan(program))

    def _plan(self, program: Program) -> Floats | None:
        """The plan in the columns of a neighbor; what the plan does not know is 0."""
        if self._start.values is None:
            return None
        return _carry(self._start.values, self._columns, program.columns, 0.0)

    def _carry(self, basis: Basis, alone: Program, number: int) -> Any:
        """The basis for a neighbor: new columns stand at their bound, new rows are slack."""
        rows = _carry(basis.rows, self._rows[number], alone.rows, _BASIC)
        columns = _carry(basis.columns, self._columns, alone.columns, _AT_LOWER)
        carried = highspy.HighsBasis()
        carried.col_status = [_STATUSES[code] for code in columns.tolist()]
        carried.row_status = [_STATUSES[code] for code in rows.tolist()]
        carried.valid = True
        carried.alien = True  # HiGHS mends what does not fit
        return carried


def _places(names: Sequence[Name]) -> Mapping[Name, int]:
    return {name: place for place, name in enumerate(names)}


def _carry(
    values: NDArray[Any], places: Mapping[Name, int], names: Sequence[Name], new: float
) -> NDArray[Any]:
    """Values by name, in the order of other names; `new` for a name that has none."""
    known = np.append(values, new).astype(values.dtype)
    return known[[places.get(name, len(values)) for name in names]]


def _solve_from(program: Program, basis: Any, options: Options) -> Solved | None:
    """The optimum of an LP of one stage, from a basis near it; None for any other ending."""
    if not program.columns:
        return None
    loaded = LoadedProgram(program, options)
    if loaded.highs.setBasis(basis) == highspy.HighsStatus.kError:
        return None
    loaded.set_options(NEAR)
    loaded.highs.setOptionValue("simplex_iteration_limit", LONG * sum(program.shape))
    stage = program.stages[0]
    loaded.minimise(stage)
    status, value, bound = loaded.optimise(final=True)
    if status is not Status.OPTIMAL:
        return None
    plan, (rows, columns) = loaded.plan, loaded.prices
    return Solved(
        status,
        plan,
        program.figures_of(plan),
        rows,
        columns,
        "lp",
        (StageResult(stage.name, status, value, bound, loaded.seconds),),
        bound,
        0.0,
        "",
        loaded.seconds,
        loaded.highs.getInfo().simplex_iteration_count,
    )
