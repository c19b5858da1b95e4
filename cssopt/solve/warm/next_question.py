"""One program, loaded once and asked one question after another, each from the last answer."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cssopt.solve.answer import NOT_ASKED, Basis, Options, relative_gap
from cssopt.solve.integrality import optimise_exactly
from cssopt.solve.outcome import Status
from cssopt.solve.program import Floats, Program
from cssopt.solve.session import HighsSession, Rebuild, check_version
from cssopt.solve.warm.same_shape import fit_basis


@dataclass(frozen=True)
class LinearFigure:
    """A linear figure of a program: ``coefficients @ x + constant``."""

    coefficients: Floats
    constant: float = 0.0

    def of(self, plan: Floats) -> float:
        """Its value in a plan."""
        # By what counts alone: in all columns numpy shares the product out among threads, which
        # wait for each other where another process has the cores (2.7 ms for 33,000 columns).
        where = self._counting
        return float((self.coefficients[where] * plan[where]).sum()) + self.constant

    @property
    def turned(self) -> LinearFigure:
        """The figure whose least is the most of this one."""
        return LinearFigure(-self.coefficients, -self.constant)

    @cached_property
    def _counting(self) -> NDArray[np.int64]:
        return np.flatnonzero(self.coefficients)


@dataclass(frozen=True)
class QuestionAnswer:
    """What a question gave.

    Attributes
    ----------
    status: how it ended. plan: values of the columns; None where there is no plan.
    value, bound: of what was minimised; nan without a plan, -inf without a proven bound.
    gap: their distance relative to the value. seconds: taken. message: what else is to be said.
    """

    status: Status
    plan: Floats | None
    value: float
    bound: float
    seconds: float
    message: str = ""

    @property
    def gap(self) -> float:
        """Relative distance of value and bound."""
        return relative_gap(self.value, self.bound)


class LpSession:
    """A loaded program whose objective and limits on figures change from question to question.

    An LP starts from the basis of the last answer. The search of a program with whole numbers
    starts from the plan that `start_from` names.

    Attributes
    ----------
    has_basis: True where an LP holds a basis to begin at.
    steps: what all questions so far cost, in steps of the simplex method near an optimum.
    """

    def __init__(self, program: Program, options: Options, basis: Basis | None = None) -> None:
        """Load the program; SolveError for a version of HiGHS that may not be used.

        `basis`: where a plan of the program stands, for the first question of an LP.
        """
        check_version()
        self.program = program
        self._options = options
        self._session = HighsSession(program, options)
        self._limits: list[LinearFigure] = []
        self._rows: list[int] = []
        self._most: list[float] = []
        self._moved = True
        self._kept: Basis | None = None
        self._has_begun = False
        self.steps = 0.0
        fitted = None if basis is None or program.is_whole else fit_basis(basis, program)
        self.has_basis = fitted is not None
        if fitted is not None:
            self._session.begin_at(fitted)
            self._moved = False

    @property
    def whole(self) -> bool:
        """True where some decisions are whole numbers."""
        return self.program.is_whole

    @property
    def cancelled(self) -> bool:
        """True once Ctrl-C has ended a question."""
        return self._session.cancelled

    def add_limit(
        self, figure: LinearFigure, most: float = math.inf, *, is_kept: bool = False
    ) -> int:
        """Add a row that keeps a figure at or below a limit; returns its number for `limit`.

        `is_kept`: the last plan keeps it, so that its basis stays feasible. SolveError where HiGHS
        refuses it.
        """
        what = "a limit on a figure"
        row = self._session.limit(figure.coefficients, most - figure.constant, what)
        self._rows.append(row)
        self._limits.append(figure)
        self._most.append(most)
        self._moved = self._moved or not (is_kept or math.isinf(most))
        return len(self._limits) - 1

    def limit(self, number: int, most: float, *, is_kept: bool = False) -> None:
        """Change a limit that was added; inf frees it. `is_kept` as of `add_limit`, for one that
        was free."""
        before = self._most[number]
        if most == before:
            return
        self._moved = self._moved or not (is_kept and math.isinf(before))
        self._most[number] = most
        upper = most - self._limits[number].constant
        self._session.set_row_bounds(self._rows[number], -math.inf, upper)

    def keep_basis(self) -> bool:
        """Keep the basis that an LP begins at, for `return_to_kept`, with the limits added so far;
        False where none is known."""
        self._kept = self._session.basis if self.has_basis else None
        return self._kept is not None

    def return_to_kept(self) -> None:
        """Let the next question begin at the basis that was kept, whatever was asked since: its
        plan keeps every limit."""
        assert self._kept is not None
        self._session.return_afresh(self._kept)
        self.has_basis, self._moved = True, False

    def raise_limit(self, number: int, rungs: Iterable[float]) -> None:
        """Follow the last answer of a large LP as a limit rises from rung to rung.

        The next question then begins where the last rung ended: many short ways take the dual
        method as many steps as one long one, but quicker ones, and it seldom gets lost. Where it
        does not arrive at a rung, the next question begins from nothing. All rungs and the next
        question share one time limit.
        """
        session = self._session
        for most in rungs if session.is_large else ():
            if not self.has_basis or self.cancelled or self._options.is_over:
                return
            self.limit(number, most)
            self._begin()
            status, _, _ = session.optimise(near=True, or_far=False)
            self.steps += session.near_steps
            self.has_basis, self._moved = status is Status.OPTIMAL, False

    def _begin(self) -> None:
        """Count the time of a question from its first run."""
        if not self._has_begun:
            self._session.begin()
        self._has_begun = True

    def start_from(self, plan: Floats) -> None:
        """Begin the next search for whole numbers at a plan; it need not keep the limits."""
        if self.whole:
            self._session.start_from(plan)

    def minimise(
        self, figure: LinearFigure, *, near: bool = True, patience: float = 1.0
    ) -> QuestionAnswer:
        """The least value of a figure under the limits as they are; the time limit is per call.

        `near` where the last answer is likely to be close to this one: an LP then starts from its
        basis; else it is solved from the start, which is quicker than a long way. `patience`: how
        much longer than from the start it may take near, until that is given up.
        """
        if self._options.is_over:
            return QuestionAnswer(Status.NO_PLAN_YET, None, math.nan, -math.inf, 0.0, NOT_ASKED)
        session = self._session
        self._begin()
        self._has_begun = False
        session.set_costs(figure.coefficients, figure.constant)
        if not near and not self.whole:
            session.forget(Rebuild.FAR)
        primal, self._moved = not self._moved, False
        status, value, bound = optimise_exactly(
            session, near=near, primal=primal, patience=patience
        )
        self.steps += session.near_steps + session.far_steps
        plan = None if math.isnan(value) else session.plan
        self.has_basis = status is Status.OPTIMAL and not self.whole
        return QuestionAnswer(status, plan, value, bound, session.seconds, session.message)
