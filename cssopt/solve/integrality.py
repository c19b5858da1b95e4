"""Whole numbers that are whole: what a search takes for whole, made so exactly.

HiGHS takes 1e-7 for 0. Where a rule reads ``x <= U * y``, y = 1e-7 lets 1e-7 U of x in for nothing:
where U is large, a plan leaks through it. So every plan is solved again with its whole numbers
fixed. Where it then is no plan, or worse than was told, the search was cheated. Its bound still
holds, as any true plan is one for it too; its plan does not count. The rules by which it leaked
are made as tight as the best plan known allows, so that no better one is cut off, and the search is
made again with a smaller tolerance. What is not proven after that is not called optimal.
"""

from __future__ import annotations

import math

import numpy as np

from cssopt.solve.outcome import Status
from cssopt.solve.program import Floats
from cssopt.solve.session import EXACT, Answer, HighsSession, Rebuild
from cssopt.solve.tighten import Tightening, TightRow

_TOLERANCES = (1e-9, 1e-10, 1e-10)
"""What later searches take for whole (HiGHS takes nothing below 1e-10)."""

_BROKEN = 1e-9
"""By how much rounding breaks a rule by which a plan leaked."""


def optimise_exactly(
    session: HighsSession, *, near: bool = False, primal: bool = False, patience: float = 1.0
) -> Answer:
    """`HighsSession.optimise`, until the plan found is one with its whole numbers exactly whole.

    At the end HiGHS holds that plan and its prices, those of the LP with its whole numbers fixed.
    A plan that is not proven to be the best is `FEASIBLE`.
    """
    if not session.program.is_whole:
        return session.optimise(near=near, primal=primal, patience=patience)
    free_whole_numbers(session)
    status, told, bound = session.optimise()
    if math.isnan(told) or session.cancelled:
        # Once Ctrl-C has stopped HiGHS it solves nothing more: the plan stays as it was found.
        return status, told, bound
    exact = _Exact(session)
    exact.take(told)
    for tolerance in _TOLERANCES:
        if exact.is_as_told or exact.is_best(bound) or session.out_of_time or session.cancelled:
            break
        free_whole_numbers(session)
        exact.tighten()
        with session.options_set({"mip_feasibility_tolerance": tolerance}):
            status, told, again = session.optimise()
        if math.isnan(told):
            break
        bound = max(bound, again)
        exact.take(told)
    return exact.finish(status, bound)


def fix_whole_numbers(session: HighsSession, plan: Floats) -> bool:
    """Solve the LP in which the whole numbers are those of a plan, rounded; False where it fails.

    HiGHS then holds the exact plan and its prices.
    """
    where = np.flatnonzero(session.program.whole)
    fixed = np.round(plan[where])
    session.set_whole(where, whole=False)
    session.set_column_bounds(where, fixed, fixed)
    session.lift_time_limit()
    with session.options_set(EXACT):
        if session.run(to_its_end=True).is_optimum:
            return True
        session.forget(Rebuild.NOT_FIXED)
        with session.options_set({"presolve": "off"}):
            return session.run(to_its_end=True).is_optimum


def free_whole_numbers(session: HighsSession) -> None:
    """Let the whole numbers take any value again."""
    program = session.program
    where = np.flatnonzero(program.whole)
    session.set_column_bounds(where, program.lower[where], program.upper[where])
    session.set_whole(where, whole=True)


class _Exact:
    """The best plan with its whole numbers exactly whole.

    Attributes
    ----------
    is_as_told: True where the plan taken last is as good as the search said.
    """

    def __init__(self, session: HighsSession) -> None:
        self._session = session
        self._tightening = Tightening(session)
        self._leaking: set[TightRow] = set()
        self._plan: Floats | None = None
        self._value = math.nan
        self._is_held = False
        self.is_as_told = False

    def take(self, told: float) -> None:
        """Make the plan exact that HiGHS holds, and of which the search told this value."""
        plan = self._session.plan
        self.is_as_told = self._is_no_worse(self._try(plan), told)
        if not self.is_as_told and (mended := self._mend(plan)) is not None:
            self.is_as_told = self._is_no_worse(self._try(mended), told)

    def is_best(self, bound: float) -> bool:
        """True where no plan is better than the best one known, which is proven."""
        return self._is_no_worse(self._value, bound)

    def _is_no_worse(self, value: float, told: float) -> bool:
        return value <= told or self._session.rate(value, told) is Status.OPTIMAL

    def _try(self, plan: Floats) -> float:
        """The value of a plan with its whole numbers rounded; nan where it is none."""
        if not fix_whole_numbers(self._session, plan):
            self._is_held = False
            return math.nan
        value = self._session.value
        self._is_held = not value >= self._value
        if self._is_held:
            self._value, self._plan = value, self._session.plan
        return value

    def _mend(self, plan: Floats) -> Floats | None:
        """The plan rounded the other way where rounding breaks a rule; None where it breaks none.

        The rules that it breaks are those by which the plan leaked.
        """
        program = self._session.program
        rounded = np.where(program.whole, np.round(plan), plan)
        reached = program.matrix @ rounded
        missed = np.maximum(program.row_lower - reached, reached - program.row_upper)
        broken = np.flatnonzero(missed > _BROKEN)
        columns = np.unique(program.matrix[broken, :].indices)
        off = columns[program.whole[columns] & (plan[columns] != rounded[columns])]
        self._leaking |= {program.rows[row][:2] for row in broken.tolist()}
        rounded[off] += np.sign(plan[off] - rounded[off])
        return rounded if len(off) else None

    def tighten(self) -> None:
        """Tighten the rules that leaked, and let the next search begin at the best plan."""
        self._tightening.tighten(self._leaking, self._value)
        if self._plan is not None:
            self._session.start_from(self._plan)

    def finish(self, status: Status, bound: float) -> Answer:
        """The answer, with the best plan in HiGHS and every rule as it was."""
        session = self._session
        changed = self._tightening.undo()
        if self._plan is None:
            if status is Status.INFEASIBLE:
                return status, math.nan, math.nan
            session.message = "HiGHS found a plan only by taking fractions for whole numbers."
            if session.cancelled:
                return Status.INTERRUPTED, math.nan, bound
            return Status.NO_PLAN_YET if session.out_of_time else Status.ERROR, math.nan, bound
        if changed or not self._is_held:
            fix_whole_numbers(session, self._plan)
        status = Status.INTERRUPTED if session.cancelled else session.rate(self._value, bound)
        if status is Status.FEASIBLE and not self.is_as_told:
            session.message = "A better plan is not ruled out: HiGHS takes fractions for whole."
        return status, self._value, min(bound, self._value)
