"""What a little more in one cell of the inputs does to the figures: the plan solved again."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

from cssopt.assembly.instance import Instance
from cssopt.errors import CssoptError, DataError
from cssopt.language import phrase
from cssopt.questions.plan.figures.plan_figures import PlanFigures
from cssopt.questions.plan.view import PlanView
from cssopt.solution.extract import extract_quantities
from cssopt.solution.plan import Solution
from cssopt.solve.answer import Solved
from cssopt.solve.outcome import Status
from cssopt.solve.program import Program
from cssopt.solve.traced.template import Template
from cssopt.solve.warm.same_shape import SameShapeSolver
from cssopt.tables.data import Data
from cssopt.tables.spec import Column
from cssopt.trace.numbers import Cell

STEP: Final = 0.01
"""By which part of itself a cell is moved."""

_EXACT: Final = 1e-10
"""Of bounds and rows: so that a small step tells what it does (the least that HiGHS takes)."""


@dataclass(frozen=True)
class Moved:
    """A plan, and what it becomes where one cell holds a little more or less.

    Attributes
    ----------
    cell: which. before, after: what it holds. base, moved: the plans; None where there is none,
        and `why` then says why.
    """

    cell: Cell
    before: float
    after: float
    base: Solution | None
    moved: Solution | None
    why: str = ""

    @property
    def figures(self) -> tuple[PlanFigures, PlanFigures]:
        """Before and after."""
        assert self.base is not None
        assert self.moved is not None
        return PlanFigures(PlanView(self.base)), PlanFigures(PlanView(self.moved))


def move_cell(plan: Solution, cell: Cell) -> Moved:
    """Solve the plan again with a hundredth more in a cell, from where it stands.

    Whole numbers stay as the plan has them. Where more is not possible, a hundredth less is tried.
    """
    table, key, name = cell
    data = plan.instance.data.tables[table]
    before = float(data.columns[name][key])
    why = ""
    for after in _find_steps(data.spec.column(name), before, data.columns[name].values()):
        found = _move(plan, cell, before, after)
        if not found.why:
            return found
        why = why or found.why
    return Moved(cell, before, before, None, None, why)


def _find_steps(column: Column, value: float, others: object) -> list[float]:
    """A hundredth more, and less, as far as the column allows them; of a 0, of what others hold."""
    sizes = [abs(x) for x in others if isinstance(x, float)]  # type: ignore[attr-defined]
    size = abs(value) or (math.fsum(sizes) / len(sizes) if any(sizes) else 1.0)
    steps = [value + STEP * size, value - STEP * size]
    return [x for x in steps if _is_allowed(column, x)]


def _is_allowed(column: Column, value: float) -> bool:
    return (
        (column.low is None or value >= column.low)
        and (column.high is None or value <= column.high)
        and (column.above is None or value > column.above)
    )


def _move(plan: Solution, cell: Cell, before: float, after: float) -> Moved:
    instance = plan.instance
    try:
        changed = instance.on(_with_value(instance.data, cell, after))
    except DataError as error:
        return _fail(cell, before, after, error.issues[0].text)
    template = Template(*instance.trace([cell]))
    patched, reason = template.patch({cell: after})
    if patched is None:
        told = phrase("other decisions or rules come with it ({why})", why=reason)
        return _fail(cell, before, after, told)
    assert plan.solved.values is not None
    solver = SameShapeSolver(replace(plan.options, log=None, feasibility=_EXACT))
    plans = []
    for own, program in ((instance, template.program), (changed, patched)):
        try:
            solved = solver.solve(program.fix_whole(plan.solved.values))
        except CssoptError as error:
            return _fail(cell, before, after, str(error))
        if solved.values is None or solved.status is not Status.OPTIMAL:
            told = phrase("no plan keeps all rules then, with whole numbers as they are")
            return _fail(cell, before, after, told)
        plans.append(_as_solution(plan, own, program, solved))
    base, moved = plans
    return Moved(cell, before, after, base, moved)


def _fail(cell: Cell, before: float, after: float, why: str) -> Moved:
    return Moved(cell, before, after, None, None, why)


def _with_value(data: Data, cell: Cell, value: float) -> Data:
    table, key, column = cell
    own = data.tables[table]
    columns = {**own.columns, column: {**own.columns[column], key: value}}
    return Data({**data.tables, table: own.replace(columns)})


def _as_solution(plan: Solution, instance: Instance, program: Program, solved: Solved) -> Solution:
    """A plan of these values, with all that its figures are read from."""
    assert solved.values is not None
    values, figures = solved.values, program.figures_of(solved.values)
    return replace(
        plan,
        data=instance.restricted,
        solved=solved,
        quantities=extract_quantities(instance.assemble(), program, values, figures),
        concessions=(),
    )
