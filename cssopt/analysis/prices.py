"""Prices of a plan: by input cell, from one backward pass and new solves, and by rule."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final, Literal

import numpy as np
import pyomo.environ as pyo

from cssopt.analysis.baseline import ALONE_SHORTFALL
from cssopt.analysis.prices_optimum import Asked, Optimum, Path
from cssopt.analysis.prices_side import explore_side
from cssopt.errors import ModelError, SolveError
from cssopt.modeling.traced import Cell
from cssopt.solution.extract import find_room
from cssopt.solution.plan import Solution
from cssopt.solution.prices import (
    BOUND,
    FARTHEST,
    MIXED,
    MONEY,
    CellPrice,
    Prices,
    RulePrice,
    Side,
)
from cssopt.solution.run import prepare_problem
from cssopt.solve.compile import compile_problem
from cssopt.solve.template import differs
from cssopt.tables.data import Data
from cssopt.tables.spec import Column

_FAR: Final = 9.0
"""How far a cell without a bound is moved, by its own size."""
_TINIEST: Final = 1e-7
"""Of a cell's size: the least change, to see whether it gives another program."""
_PATIENCE: Final = 60.0
"""Seconds of a new solve, and as many for each second that the plan took: what takes longer has
run into numbers that lead nowhere, and is no answer."""
_SAME: Final = 1e-6
"""Relative distance of the plan from the LP that is solved again."""

Sides = Literal["planned", "all", "none"]
PLANNED: Final = "planned"
ALL: Final = "all"

Tell = Callable[[str], None]


def find_prices(
    solution: Solution, data: Data, *, sides: Sides = PLANNED, tell: Tell = lambda _: None
) -> Prices:
    """The prices of a plan, by cell and by rule.

    Parameters
    ----------
    data: the tables of the whole book that the plan was made from.
    sides: of which cells new solves look at both sides, for prices that differ there and for how
        far they hold: of those that planners set, of all, of none.

    A plan that is not there, or an LP that is not solved to its end, has no prices: the message
    of the answer says so. Raises ModelError for a study whose plans have no prices: one that takes
    numbers from other plans, or holds what it does not minimise.
    """
    if ALONE_SHORTFALL in solution.study.objective.given:
        raise ModelError(
            f"study {solution.study.name} takes numbers from other plans, which every input moves "
            "too: it has no prices. Choose another study, such as pooled."
        )
    if message := _find_obstacle(solution):
        return Prices(solution=solution, message=message)
    try:
        return _Pricing(solution, data, tell).run(sides)
    except SolveError as error:
        return Prices(solution=solution, message=f"There are no prices: {error}.")


def _find_obstacle(solution: Solution) -> str:
    """Why a plan has no prices; empty where it has."""
    if not solution.has_plan:
        return f"There is no plan, and so no price: {solution.status.sentence}"
    if not solution.solved.prices_of:
        told = "The plan is not proven to be the best, and only such a plan has prices."
        return solution.solved.message.strip() or told
    if not solution.shape[1]:
        return "The study decides nothing for this workbook, and so nothing has a price."
    return ""


class _Pricing:
    """The prices of one plan."""

    def __init__(self, solution: Solution, data: Data, tell: Tell) -> None:
        begun = time.perf_counter()
        self._solution, self._data, self._tell = solution, data, tell
        tell("differentiating the plan")
        patience = _PATIENCE * (1.0 + solution.solved.seconds)
        options = replace(solution.options, time_limit=patience, log=None)
        asked = Asked(data, solution.study, solution.coalition, solution.data.given, options)
        assert solution.solved.values is not None
        self._optimum = Optimum(asked, solution.solved.values)
        self._stages = self._name_stages()
        self._check_same(asked)
        self._seconds = {"gradient": time.perf_counter() - begun}

    def _name_stages(self) -> tuple[str, ...]:
        """The stages by name; the last is money where it is the pooled expenditure alone."""
        program = self._optimum.program
        row = program.figures.get(("figure", "pooled_expenditure", None))
        is_money = row is not None and program.same_figure(program.stages[-1].row, row)
        return (*(s.name for s in program.stages[:-1]), MONEY if is_money else MIXED)

    def _check_same(self, asked: Asked) -> None:
        """ModelError where the traced program is not that of the plan, SolveError where the LP that
        is solved again is worth another value."""
        problem = prepare_problem(asked.data, asked.study, asked.coalition, asked.given)
        if place := differs(self._optimum.shape.template.program, compile_problem(problem)):
            raise ModelError(f"the traced program differs from that of the plan in its {place}")
        plan, again = self._solution.objective, float(self._optimum.reached[-1])
        is_lp = self._solution.solved.prices_of == "lp"
        if is_lp and abs(plan - again) > _SAME * max(1.0, abs(plan)):
            raise SolveError(f"solved again, the plan is worth {again:,.6f}, not {plan:,.6f}")

    def run(self, sides: Sides) -> Prices:
        begun = time.perf_counter()
        cells = tuple(self._price_cells(sides))
        self._seconds["sides"] = time.perf_counter() - begun
        return Prices(
            solution=self._solution,
            stages=self._stages,
            prices_of=self._solution.solved.prices_of,
            reached=tuple(self._optimum.reached.tolist()),
            cells=cells,
            rules=tuple(self._price_rules()),
            solves=self._optimum.solves,
            seconds={**self._solution.seconds, **self._seconds},
        )

    def _price_cells(self, sides: Sides) -> Iterator[CellPrice]:
        planned, read = self._find_planned(), self._optimum.shape.template.find_read()
        looked = [sides == ALL or (sides == PLANNED and one) for one in planned]
        looked = [one and is_read for one, is_read in zip(looked, read.tolist(), strict=True)]
        count, done = sum(looked), 0
        for place in np.flatnonzero(read).tolist():
            cell = self._optimum.cells[place]
            price = self._price(place, cell, planned[place])
            if looked[place]:
                done += 1
                self._tell(f"cell {done:,} of {count:,}: {price.where}")
                price = self._look(price, cell)
            yield price

    def _find_planned(self) -> list[bool]:
        """Needs and rules, as their columns declare them, and what bounds rules of policy."""
        optimum = self._optimum
        policy = {
            (block.local_name, declared.local_name)
            for _, block in optimum.shape.problem.blocks()
            for declared in block.component_objects(pyo.Constraint, descend_into=False)
            if declared.policy
        }
        rows = np.array([row[:2] in policy for row in optimum.program.rows], dtype=bool)
        bounding = optimum.shape.template.find_bounding(rows)
        found = []
        for (table, _, column), bounds in zip(optimum.cells, bounding.tolist(), strict=True):
            spec = self._data.tables[table].spec
            natures = {r.nature for r in (spec.rule, spec.column(column).rule) if r is not None}
            found.append(bool(natures - {"fact"}) or (bounds and not natures))
        return found

    def _price(self, place: int, cell: Cell, planned: bool) -> CellPrice:
        """A cell's price from the duals; none where they do not tell it all."""
        table, key, name = cell
        gradient, column = self._optimum.gradient, self._column(cell)
        duals = tuple(gradient.cells[:, place].tolist())
        held, remark = float(gradient.cells_held[-1, place]), ""
        if gradient.edges[place]:
            reasons = self._find_edges(cell)
            if all(reasons.values()):
                duals, held = (), math.nan
            remark = "; ".join(f"{side}: {reason}" for side, reason in reasons.items() if reason)
        elif gradient.kinks[place]:
            remark = "the price may differ to the two sides: two numbers are equal here"
        return CellPrice(
            table=table,
            key=key,
            column=name,
            where=self._data.tables[table].where(key, name),
            value=self._optimum.values[cell],
            measure=column.measure,
            size=self._size(cell),
            planned=planned,
            duals=duals,
            held=held,
            remark=remark,
        )

    def _find_edges(self, cell: Cell) -> dict[str, str]:
        """Why the least change to a side gives another program; empty where it does not."""
        path, value = Path(self._optimum, cell, rebuild=False), self._optimum.values[cell]
        low, high, scale = self._span(cell)
        found = {}
        for side, limit, sign in (("less", low, -1), ("more", high, 1)):
            refusal = path.refuses(value + sign * _TINIEST * scale) if limit != value else None
            found[side] = BOUND if limit == value else refusal.text if refusal else ""
        return found

    def _look(self, price: CellPrice, cell: Cell) -> CellPrice:
        """The price with what new solves say of its two sides."""
        low, high, scale = self._span(cell)
        base, column = self._optimum.base(cell), self._column(cell)
        sides: list[Side] = []
        for limit, bound in ((low, column.low), (high, column.high)):
            path = Path(self._optimum, cell, rebuild=True)
            ends = BOUND if limit == bound else FARTHEST
            sides.append(
                explore_side(path, base, limit, scale, refuses=path.refuses, limited_by=ends)
            )
        return replace(price, down=sides[0], up=sides[1], remark="")

    def _span(self, cell: Cell) -> tuple[float, float, float]:
        """How low and how high a cell is moved, and its size."""
        column, value = self._column(cell), self._optimum.values[cell]
        width = (column.high or 1.0) - (column.low or 0.0)
        scale = abs(value) or width
        low, high = value - _FAR * scale, value + _FAR * scale
        if column.low is not None:
            low = max(low, column.low)
        if column.above is not None:
            low = max(low, column.above + 1e-6 * (value - column.above))
        return low, high if column.high is None else min(high, column.high), scale

    def _size(self, cell: Cell) -> float:
        """The size of a number; of a 0 the mean size of its column, or 1 where all are 0."""
        if value := abs(self._optimum.values[cell]):
            return value
        numbers = self._data.tables[cell[0]].columns[cell[2]].values()
        return statistics.fmean(abs(x) for x in numbers if x is not None) or 1.0

    def _column(self, cell: Cell) -> Column:
        return self._data.tables[cell[0]].spec.column(cell[2])

    def _price_rules(self) -> Iterator[RulePrice]:
        """What room in each rule of policy saves, from the duals."""
        optimum = self._optimum
        totals, held = optimum.gradient.rows, optimum.gradient.rows_held[-1]
        for _, declared, rows in find_room(optimum.shape.problem, optimum.program):
            for key, place, sign in rows if declared.policy else ():
                yield RulePrice(
                    rule=declared.local_name,
                    doc=declared.doc or "",
                    index_names=declared.index_names,
                    key=key if isinstance(key, tuple) else (key,),
                    saves=tuple((sign * totals[:, place]).tolist()),
                    held=float(sign * held[place]),
                )
