"""LPs that share most rows and columns, each solved from the basis of one that was solved before.

Rows and columns are known again by their names. What pays is a start from a program that has more
of them: the basis of one that has fewer says nothing of what comes with the others, and took longer
than to begin from nothing.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cssopt.errors import SolveError
from cssopt.solve.answer import AT_LOWER, BASIC, Basis, Options, Solved
from cssopt.solve.names import Name
from cssopt.solve.program import Program
from cssopt.solve.session import Answer, HighsSession
from cssopt.solve.stages import FromNothing, solve_program, solve_stages

_MOST_KEPT = 4_000
"""Bases kept at a time, 6 kB each for a program of some thousand rows; the oldest makes room."""


@dataclass(frozen=True)
class _KnownBasis:
    """A basis, with the number of each column and row in place of its name."""

    columns: NDArray[np.int32]
    rows: NDArray[np.int32]
    basis: Basis


class NearPrograms:
    """Solves programs under keys, each LP of one stage from the first near one that it knows.

    Only an optimum or a proven denial is taken from there: any other ending is found again from
    nothing, and programs of several stages or with whole numbers begin there.
    """

    def __init__(self, options: Options) -> None:
        """`options` are those of each solve."""
        self._options = options
        self._numbers: dict[Name, int] = {}
        self._known: OrderedDict[Hashable, _KnownBasis] = OrderedDict()

    def solve(self, program: Program, key: Hashable, near: Iterable[Hashable]) -> Solved:
        """The answer, endings as `solve_program`; `near` are keys of programs, the nearest first.

        Raises SolveError where HiGHS refuses a number of the program.
        """
        begun = time.perf_counter()
        if program.is_whole or len(program.stages) > 1:
            return solve_program(program, self._options)
        columns, rows = self._number(program.columns), self._number(program.rows)
        known = next((self._known[other] for other in near if other in self._known), None)
        solved = None
        if known is not None and program.columns and not program.trivially_infeasible:
            basis = Basis(
                _carry(known.basis.columns, known.columns, columns, AT_LOWER),
                _carry(known.basis.rows, known.rows, rows, BASIC),
                known.basis.steps,
            )
            solved = solve_near(program, basis, self._options)
        if solved is None:
            left = self._options.after(time.perf_counter() - begun)
            solved = solve_program(program, left)
        if solved.bases and solved.bases[-1] is not None:
            self._known[key] = _KnownBasis(columns, rows, solved.bases[-1])
            if len(self._known) > _MOST_KEPT:
                self._known.popitem(last=False)
        return solved

    def _number(self, names: Iterable[Name]) -> NDArray[np.int32]:
        numbers = self._numbers
        return np.array([numbers.setdefault(name, len(numbers)) for name in names], dtype=np.int32)


def solve_near(program: Program, basis: Basis, options: Options) -> Solved | None:
    """The optimum of an LP from a basis near it; None for any other ending."""
    try:
        return solve_stages(program, _FromBasis(basis, options))
    except SolveError:
        return None


class _FromBasis(FromNothing):
    """One stage, from a basis; where it ends is kept for those that begin near it."""

    only_optimum = True

    def __init__(self, basis: Basis, options: Options) -> None:
        super().__init__(options)
        self._basis = basis

    def load(self, number: int, program: Program) -> HighsSession:
        """The program with that basis; SolveError where HiGHS takes none such."""
        session = super().load(number, program)
        session.begin_at(self._basis)
        return session

    def optimise(self, session: HighsSession) -> Answer:
        """Minimise from the basis, on a leash."""
        return session.optimise(near=True)


def _carry(
    statuses: NDArray[np.int8], known: NDArray[np.int32], wanted: NDArray[np.int32], new: int
) -> NDArray[np.int8]:
    """Statuses by number, in the order of other numbers; `new` for a number that has none."""
    every = np.full(max(known.max(initial=-1), wanted.max(initial=-1)) + 1, new, dtype=np.int8)
    every[known] = statuses
    carried: NDArray[np.int8] = every[wanted]
    return carried
