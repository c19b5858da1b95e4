"""A matrix, its solves by HiGHS, and stages that are held exactly."""

from __future__ import annotations

import copy
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

INF = math.inf
TINY = 1e-9
"""A dual beyond this says that a bound is part of the optimal face; also what a held value of a
program with whole numbers may lose, absolute."""

HELD_SCALE = 1e3
"""Rows that hold a stage of a program with whole numbers are scaled by it, so that what the solver
tolerates is no more than a thousandth of its tolerance."""

CONSTANT = -1
"""The key of the constant of an expression."""

ZERO = 1e-12
"""A held value below this is none."""

_Status = highspy.HighsModelStatus

_SOLVES: tuple[dict[str, Any], ...] = tuple(
    {
        "presolve": presolve,
        "solver": solver,
        "primal_feasibility_tolerance": 1e-9,
        "dual_feasibility_tolerance": 1e-10,
    }
    for presolve, solver in (("on", "choose"), ("off", "simplex"), ("on", "ipm"))
)
"""Ways to solve a program without whole numbers, tried in turn."""

_SEARCHES: tuple[dict[str, Any], ...] = tuple(
    {
        "presolve": presolve,
        "mip_feasibility_tolerance": tolerance,
        "mip_rel_gap": 1e-9,
        "mip_abs_gap": 1e-10,
    }
    for presolve, tolerance in (("on", 1e-7), ("off", 1e-9))
)
"""Ways to search among whole numbers, all of them tried."""

Expression = dict[int, float]
"""Coefficients by column."""


def total(*parts: tuple[float, Mapping[int, float]]) -> Expression:
    """The sum of expressions, each with its factor."""
    added: Expression = {}
    for factor, part in parts:
        for column, coefficient in part.items():
            added[column] = added.get(column, 0.0) + factor * coefficient
    return added


def add_to(expression: Expression, factor: float, part: Mapping[int, float]) -> None:
    """Add a part to an expression in place."""
    for column, coefficient in part.items():
        expression[column] = expression.get(column, 0.0) + factor * coefficient


class SolverError(Exception):
    """HiGHS gave neither a plan nor a proof that there is none."""


@dataclass(frozen=True)
class Answer:
    """An optimum: values of the columns, and duals where no column is whole."""

    objective: float
    values: NDArray[np.float64]
    column_duals: NDArray[np.float64] | None = None
    row_duals: NDArray[np.float64] | None = None

    def of(self, expression: Mapping[int, float]) -> float:
        """The value of an expression."""
        return math.fsum(
            coefficient * (1.0 if column == CONSTANT else self.values[column])
            for column, coefficient in expression.items()
        )


class Linear:
    """Columns and rows that can be added, held and solved for one expression after another."""

    def __init__(self) -> None:
        self.column_lower: list[float] = []
        self.column_upper: list[float] = []
        self.whole: list[bool] = []
        self.row_lower: list[float] = []
        self.row_upper: list[float] = []
        self._starts: list[int] = [0]
        self._places: list[int] = []
        self._entries: list[float] = []

    def column(self, lower: float = 0.0, upper: float = INF, whole: bool = False) -> int:
        """A new column; its place."""
        self.column_lower.append(lower)
        self.column_upper.append(upper)
        self.whole.append(whole)
        return len(self.whole) - 1

    def row(
        self, terms: Mapping[int, float], lower: float = -INF, upper: float = INF, scale: float = 1
    ) -> None:
        """A new row `lower <= terms <= upper`; the constant of the terms is moved to the bounds."""
        constant = terms.get(CONSTANT, 0.0)
        for column, coefficient in terms.items():
            if column != CONSTANT and coefficient != 0.0:
                self._places.append(column)
                self._entries.append(scale * coefficient)
        self._starts.append(len(self._places))
        self.row_lower.append(scale * (lower - constant))
        self.row_upper.append(scale * (upper - constant))

    def at_most(self, left: Mapping[int, float], right: Mapping[int, float]) -> None:
        """A new row `left <= right`."""
        self.row(total((1, left), (-1, right)), upper=0.0)

    def equal(self, left: Mapping[int, float], right: Mapping[int, float]) -> None:
        """A new row `left == right`."""
        self.row(total((1, left), (-1, right)), lower=0.0, upper=0.0)

    def copy(self) -> Linear:
        """The same columns and rows, to be held and bounded apart."""
        return copy.deepcopy(self)

    @property
    def has_whole(self) -> bool:
        """True for a MIP."""
        return any(self.whole)

    # Solving

    def minimise(self, expression: Mapping[int, float]) -> Answer | None:
        """The least of an expression; None where there is no plan.

        With whole numbers every search is made in two ways, since either alone has been seen to
        call a plan optimal that was not, about once in a hundred books; and the plan of each is
        solved once more with its whole numbers rounded and fixed, so that it leans on no
        integrality tolerance. The better one counts.
        """
        if not self.has_whole:
            return self._solve(expression, self.column_lower, self.column_upper)
        plans = []
        for way in _SEARCHES:
            found = self._run(expression, self.column_lower, self.column_upper, way)
            if isinstance(found, Answer):
                plans.append(self._round(expression, found))
        good = [plan for plan in plans if plan is not None]
        if good:
            return min(good, key=lambda plan: plan.objective)
        if plans:
            raise SolverError("whole numbers are none: rounded, there is no plan")
        return None

    def _round(self, expression: Mapping[int, float], found: Answer) -> Answer | None:
        """The best plan with the whole numbers of another one."""
        lower, upper = list(self.column_lower), list(self.column_upper)
        for place, whole in enumerate(self.whole):
            if whole:
                lower[place] = upper[place] = float(round(found.values[place]))
        fixed = self._solve(expression, lower, upper)
        return None if fixed is None else Answer(fixed.objective, fixed.values)

    def maximise(self, expression: Mapping[int, float]) -> Answer | None:
        """The most of an expression, as its value; None where there is no plan."""
        found = self.minimise(total((-1, expression)))
        return None if found is None else Answer(-found.objective, found.values)

    def hold(self, expression: Mapping[int, float], answer: Answer) -> None:
        """Keep an expression at the optimum that was just found for it.

        Without whole numbers by staying on the optimal face: what has a dual stays at its bound.
        With them by a row, or by its columns where all of them are none.
        """
        if answer.column_duals is None or answer.row_duals is None:
            if answer.objective <= ZERO and _counts_up(self, expression):
                for column in expression:
                    self.column_upper[column] = 0.0
            else:
                self.limit(expression, answer.objective)
            return
        for place in np.flatnonzero(np.abs(answer.column_duals) > TINY):
            at_lower = answer.column_duals[place] > 0
            side = self.column_lower[place] if at_lower else self.column_upper[place]
            if math.isfinite(side):
                self.column_lower[place] = self.column_upper[place] = side
        for place in np.flatnonzero(np.abs(answer.row_duals) > TINY):
            at_lower = answer.row_duals[place] > 0
            side = self.row_lower[place] if at_lower else self.row_upper[place]
            if math.isfinite(side):
                self.row_lower[place] = self.row_upper[place] = side

    def limit(
        self, expression: Mapping[int, float], most: float, scale: float = HELD_SCALE
    ) -> None:
        """A scaled row `expression <= most`, give or take what `TINY` allows."""
        self.row(expression, upper=most + TINY, scale=scale)

    def _solve(
        self, expression: Mapping[int, float], lower: Sequence[float], upper: Sequence[float]
    ) -> Answer | None:
        """The optimum without whole numbers, in the first way that ends in one or in a proof."""
        for way in _SOLVES:
            found = self._run(expression, lower, upper, way)
            if isinstance(found, Answer):
                return found
            if found == _Status.kInfeasible and way["presolve"] == "off":
                return None
        raise SolverError(str(found))

    def _run(
        self,
        expression: Mapping[int, float],
        lower: Sequence[float],
        upper: Sequence[float],
        options: Mapping[str, Any],
    ) -> Answer | Any:
        """One run of HiGHS: the optimum, or how else it ended."""
        costs = np.zeros(len(self.whole))
        for column, coefficient in expression.items():
            if column != CONSTANT:
                costs[column] = coefficient
        highs = highspy.Highs()
        highs.setOptionValue("output_flag", False)
        highs.setOptionValue("threads", 1)
        for name, value in options.items():
            highs.setOptionValue(name, value)
        mip = "mip_rel_gap" in options
        lp = self._as_lp(costs, expression.get(CONSTANT, 0.0), lower, upper, mip)
        highs.passModel(lp)
        # In a thread of its own: where another run in this thread began with another number of
        # threads, HiGHS would refuse this one.
        highs.startSolve().join()
        status = highs.getModelStatus()
        if status != _Status.kOptimal:
            return status
        solution = highs.getSolution()
        objective = highs.getInfo().objective_function_value
        duals = (None, None) if mip else (np.array(solution.col_dual), np.array(solution.row_dual))
        return Answer(objective, np.array(solution.col_value), *duals)

    def _as_lp(
        self,
        costs: NDArray[np.float64],
        offset: float,
        lower: Sequence[float],
        upper: Sequence[float],
        mip: bool,
    ) -> highspy.HighsLp:
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(self.whole), len(self.row_lower)
        lp.col_cost_ = costs
        lp.offset_ = offset
        lp.col_lower_, lp.col_upper_ = np.array(lower), np.array(upper)
        lp.row_lower_, lp.row_upper_ = np.array(self.row_lower), np.array(self.row_upper)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.num_col_, lp.a_matrix_.num_row_ = lp.num_col_, lp.num_row_
        lp.a_matrix_.start_ = np.array(self._starts)
        lp.a_matrix_.index_ = np.array(self._places)
        lp.a_matrix_.value_ = np.array(self._entries)
        if mip:
            kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
            lp.integrality_ = [kinds[whole] for whole in self.whole]
        return lp


def _counts_up(linear: Linear, expression: Mapping[int, float]) -> bool:
    """True where an expression is a sum of what cannot be negative."""
    return CONSTANT not in expression and all(
        coefficient > 0 and linear.column_lower[column] == 0.0
        for column, coefficient in expression.items()
    )
