"""A matrix, its solves by HiGHS, and stages that are held exactly."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

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

        A whole-number optimum is solved once more with its whole numbers rounded and fixed: its
        values then lean on no integrality tolerance.
        """
        if not self.has_whole:
            return self._solve(expression, self.column_lower, self.column_upper, mip=False)
        found = self._solve(expression, self.column_lower, self.column_upper, mip=True)
        if found is None:
            return None
        lower, upper = list(self.column_lower), list(self.column_upper)
        for place, whole in enumerate(self.whole):
            if whole:
                lower[place] = upper[place] = float(round(found.values[place]))
        fixed = self._solve(expression, lower, upper, mip=False)
        if fixed is None or not math.isclose(
            fixed.objective, found.objective, rel_tol=1e-7, abs_tol=1e-7
        ):
            told = None if fixed is None else fixed.objective
            raise SolverError(f"rounded whole numbers give {told}, the search {found.objective}")
        return Answer(fixed.objective, fixed.values)

    def maximise(self, expression: Mapping[int, float]) -> Answer | None:
        """The most of an expression, as its value; None where there is no plan."""
        found = self.minimise(total((-1, expression)))
        return None if found is None else Answer(-found.objective, found.values)

    def hold(self, expression: Mapping[int, float], answer: Answer) -> None:
        """Keep an expression at the optimum that was just found for it.

        Without whole numbers by staying on the optimal face: what has a dual stays at its bound.
        With them by a row.
        """
        if answer.column_duals is None or answer.row_duals is None:
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

    def limit(self, expression: Mapping[int, float], most: float) -> None:
        """A scaled row `expression <= most`, give or take what `TINY` allows."""
        self.row(expression, upper=most + TINY, scale=HELD_SCALE)

    def _solve(
        self,
        expression: Mapping[int, float],
        lower: Iterable[float],
        upper: Iterable[float],
        mip: bool,
    ) -> Answer | None:
        costs = np.zeros(len(self.whole))
        for column, coefficient in expression.items():
            if column != CONSTANT:
                costs[column] = coefficient
        offset = expression.get(CONSTANT, 0.0)
        for presolve, method in (("on", "choose"), ("off", "simplex"), ("on", "ipm")):
            highs = highspy.Highs()
            highs.setOptionValue("output_flag", False)
            highs.setOptionValue("threads", 1)
            highs.setOptionValue("presolve", presolve)
            highs.setOptionValue("primal_feasibility_tolerance", 1e-9)
            highs.setOptionValue("dual_feasibility_tolerance", 1e-10)
            if mip:
                highs.setOptionValue("mip_feasibility_tolerance", 1e-9)
                highs.setOptionValue("mip_rel_gap", 1e-9)
                highs.setOptionValue("mip_abs_gap", 1e-10)
            else:
                highs.setOptionValue("solver", method)
            highs.passModel(self._as_lp(costs, offset, lower, upper, mip))
            highs.run()
            status = highs.getModelStatus()
            if status == highspy.HighsModelStatus.kOptimal:
                solution = highs.getSolution()
                values = np.array(solution.col_value)
                objective = highs.getInfo().objective_function_value
                if mip:
                    return Answer(objective, values)
                return Answer(
                    objective, values, np.array(solution.col_dual), np.array(solution.row_dual)
                )
            if status == highspy.HighsModelStatus.kInfeasible and presolve == "off":
                return None
        raise SolverError(str(status))

    def _as_lp(
        self,
        costs: NDArray[np.float64],
        offset: float,
        lower: Iterable[float],
        upper: Iterable[float],
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
