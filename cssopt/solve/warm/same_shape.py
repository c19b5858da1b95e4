"""Programs of one shape solved one after another, each from where the last one ended."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from cssopt.errors import SolveError
from cssopt.solve.answer import BASIC, NOT_ASKED, Basis, Options, Solved, without_plan
from cssopt.solve.outcome import Status
from cssopt.solve.program import Floats, Program
from cssopt.solve.session import Answer, HighsSession, Rebuild
from cssopt.solve.stages import Start, solve_program, solve_stages

_TOO_FAR = "From the plan it was not reached in as many steps as the plan took from nothing."


class SameShapeSolver:
    """Keeps one HiGHS model per stage of an LP, and the last plan of a program with whole numbers.

    An LP starts from the last basis of each stage; a program with whole numbers is loaded anew and
    its search starts from the last plan. Only an optimum or a proven denial is taken from a kept
    model: any other ending is found again from the start.
    """

    def __init__(self, options: Options, bases: Sequence[Basis | None] = ()) -> None:
        """`bases`: where the stages of an LP of this shape ended, at which the first begins."""
        self._options = options
        self._bases = bases
        self._kept: list[_KeptStage] = []
        self._plan: Floats | None = None
        self._stays_near = False

    def stay_near(self) -> None:
        """Let no solve from now on begin from nothing where a basis is kept: what does not arrive
        from there, in as many steps as from nothing, has no answer."""
        self._stays_near = True

    @property
    def sessions(self) -> list[HighsSession]:
        """The kept model of each stage, as the last solve left it; empty where it kept none."""
        return [kept.session for kept in self._kept]

    def return_to_first(self) -> None:
        """Let the next solve of an LP begin where the first one ended, however far the last led.

        Then its answer does not depend on those that came between.
        """
        for kept in self._kept:
            kept.session.return_to(kept.first)

    def solve(self, program: Program) -> Solved:
        """Solve a program of the same shape as those before; endings as `solve_program`.

        Raises SolveError where HiGHS refuses a number of it.
        """
        begun = time.perf_counter()
        if self._options.is_over:
            return without_plan(Status.NO_PLAN_YET, (), NOT_ASKED, 0.0)
        is_simple = not program.columns or bool(program.trivially_infeasible)
        reasons: tuple[Rebuild, ...] = () if is_simple else (Rebuild.SEARCH,)
        if not is_simple and not program.is_whole:
            is_near = self._stays_near and bool(self._kept)
            start = _FromKept(self._kept, self._bases, self._options, begun, or_far=not is_near)
            try:
                solved = solve_stages(program, start)
            except SolveError:
                self._kept.clear()  # some of its numbers are those of before
                raise
            if solved is not None:
                # What is loaded anew after a solve that led nowhere begins here again.
                if solved.status is Status.OPTIMAL:
                    self._bases = self._bases or [kept.session.basis for kept in self._kept]
                self._plan = solved.values
                return replace(solved, rebuilds=(*start.rebuilds, *solved.rebuilds))
            if is_near:
                self.return_to_first()
                return without_plan(Status.NO_PLAN_YET, (), _TOO_FAR, time.perf_counter() - begun)
            reasons = (*start.rebuilds, Rebuild.NOT_OPTIMAL)
        self._kept.clear()
        left = self._options.after(time.perf_counter() - begun)
        solved = solve_program(program, left, self._plan)
        self._plan = solved.values
        return replace(solved, rebuilds=(*reasons, *solved.rebuilds))


class _FromKept(Start):
    """Each stage begins where the same stage of the program before ended."""

    def __init__(
        self,
        kept: list[_KeptStage],
        bases: Sequence[Basis | None],
        options: Options,
        begun: float,
        *,
        or_far: bool,
    ) -> None:
        """`begun` is when the time limit of all stages began to count; `or_far`: from nothing where
        a basis leads nowhere."""
        self._kept = kept
        self._bases = bases
        self._options = options
        self._begun = begun
        self._or_far = or_far
        self._now: _KeptStage
        self.rebuilds: list[Rebuild] = []

    def load(self, number: int, program: Program) -> HighsSession:
        """The session of a stage with the numbers of this program.

        A stage that was held on its face, and now is by a row, or the other way round, is loaded
        anew.
        """
        self._now = self._find(number, program)
        self._now.session.begun = self._begun
        self._now.session.cancelled = False
        return self._now.session

    def _find(self, number: int, program: Program) -> _KeptStage:
        kept = self._kept
        if number < len(kept):
            reason = kept[number].session.find_rebuild(program)
            if reason is None:
                kept[number].update(program)
                return kept[number]
            self.rebuilds.append(reason)
            del kept[number:]
        basis = self._bases[number] if number < len(self._bases) else None
        before = kept[-1] if kept else None
        kept.append(_KeptStage(program, number, self._options, before, basis))
        return kept[number]

    def optimise(self, session: HighsSession) -> Answer:
        """Minimise from the basis that is there."""
        kept = self._now
        answer = session.optimise(near=kept.is_near, or_far=self._or_far)
        kept.is_near = True
        if kept.first is None:
            kept.first = session.own_basis
        return answer


class _KeptStage:
    """One stage of a program in HiGHS, with the stages before it held.

    Attributes
    ----------
    first: the basis at which its first solve ended, or that it was given.
    is_near: True where the session holds a basis that may be near the optimum.
    """

    def __init__(
        self,
        program: Program,
        number: int,
        options: Options,
        before: _KeptStage | None,
        basis: Basis | None,
    ) -> None:
        self.session = HighsSession(program, options)
        self._stage = program.stages[number]
        self.first: Any = None
        fitted = None if basis is None else fit_basis(basis, program)
        self.is_near = fitted is not None
        if fitted is not None:
            self.session.begin_at(fitted)
            self.first = self.session.own_basis
        elif before is not None and before.session.program.rows == program.rows:
            # Plans on the face of the stage before begin at its optimum.
            self.session.return_to(before.session.own_basis)
        self.session.minimise(self._stage)

    def update(self, program: Program) -> None:
        """Change what differs from the program that is loaded: costs, bounds, coefficients."""
        row, last = self._stage.row, self.session.program
        moved = program.offsets[row] != last.offsets[row]
        moved = moved or bool((program.row_of_figure(row) != last.row_of_figure(row)).any())
        self.session.update(program)
        if moved:
            self.session.minimise(self._stage)


def fit_basis(basis: Basis, program: Program) -> Basis | None:
    """The basis for a program with further rows at its end; None where it is of another shape."""
    more = len(program.rows) - len(basis.rows)
    if more < 0 or len(basis.columns) != len(program.columns):
        return None
    return replace(basis, rows=np.append(basis.rows, np.full(more, BASIC, dtype=np.int8)))
