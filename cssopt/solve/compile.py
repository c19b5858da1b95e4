"""From the Pyomo model to arrays, in one pass of Pyomo's standard form."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pyomo.environ as pyo
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler
from scipy.sparse import csr_array

from cssopt.build.assemble import Problem
from cssopt.modeling.ledger import Balance
from cssopt.modeling.objective import Stage
from cssopt.solve.program import HeldRow, Program, StageRow


def compile_problem(problem: Problem) -> Program:
    """Compile every variable, rule, stage, ledger entry and balance of a problem, once.

    Columns stand in the order of declaration, variables that no rule names included, so that a
    value always has its place.
    """
    figures, expressions = _reported(problem)
    model = problem.model
    model.reported = pyo.Objective(
        range(len(expressions)), rule=lambda _block, index: expressions[index]
    )
    columns = _columns(model)
    try:
        form = LinearStandardFormCompiler().write(
            model, mixed_form=True, column_order=[data for _, _, _, data in columns]
        )
    finally:
        model.del_component("reported")
    position = {id(data): index for index, (_, _, _, data) in enumerate(columns)}
    where = np.array([position[id(data)] for data in form.columns], dtype=np.int64)
    row_lower, row_upper = _row_bounds(form)
    variables = [data for _, _, _, data in columns]
    return Program(
        matrix=_spread(form.A, where, len(columns)),
        row_lower=row_lower,
        row_upper=row_upper,
        lower=np.array([0.0 if v.lb is None else v.lb for v in variables]),
        upper=np.array([math.inf if v.ub is None else v.ub for v in variables]),
        whole=np.array([not problem.study.relaxed and v.is_integer() for v in variables], bool),
        reported=_spread(form.c, where, len(columns)),
        offsets=np.asarray(form.c_offset, dtype=float),
        stages=tuple(_stage_row(stage, figures) for stage in problem.stages),
        figures=figures,
        columns=tuple((component, name, key) for component, name, key, _ in columns),
        rows=tuple(_row_name(entry.constraint) for entry in form.rows),
        never_holds=problem.never_holds,
    )


def _reported(problem: Problem) -> tuple[dict[tuple[Any, ...], int], list[Any]]:
    """Every figure that is reported, and its expression."""
    figures: dict[tuple[Any, ...], Any] = {}
    for stage in problem.stages:
        figures["stage", stage.name] = stage.expression
        for hold in stage.holds:
            figures["hold", stage.name, hold.name] = hold.expression
    for entry, bearer, year, amount in problem.ledger.entries():
        figures["ledger", entry, bearer, year] = amount
    for _, block in problem.blocks():
        for name, thing in vars(block).items():
            if isinstance(thing, Balance):
                for key in thing:
                    figures["figure", name, key] = thing[key]
        for declared in block.component_objects(pyo.Expression, descend_into=False):
            for key, data in declared.items():
                figures["figure", declared.local_name, key] = data
    return {figure: index for index, figure in enumerate(figures)}, list(figures.values())


def _stage_row(stage: Stage, figures: dict[tuple[Any, ...], int]) -> StageRow:
    holds = tuple(
        HeldRow(hold.name, figures["hold", stage.name, hold.name], hold.relative, hold.absolute)
        for hold in stage.holds
    )
    return StageRow(stage.name, figures["stage", stage.name], holds)


def _columns(model: Any) -> list[tuple[str, str, Any, Any]]:
    return [
        (declared.parent_block().local_name, declared.local_name, key, data)
        for declared in model.component_objects(pyo.Var, descend_into=True)
        for key, data in declared.items()
    ]


def _row_name(row: Any) -> tuple[str, str, Any]:
    declared = row.parent_component()
    return declared.parent_block().local_name, declared.local_name, row.index()


def _row_bounds(form: Any) -> tuple[Any, Any]:
    """Bounds of the rows; a row bounded on both sides stands twice in the mixed form."""
    sense = np.array([entry.bound_type for entry in form.rows], dtype=np.int64)
    right = np.asarray(form.rhs, dtype=float)
    return np.where(sense <= 0, right, -math.inf), np.where(sense >= 0, right, math.inf)


def _spread(matrix: Any, where: Any, columns: int) -> csr_array:
    """The matrix with its columns at their places among all columns."""
    entries = matrix.tocoo()
    spread = csr_array(
        (entries.data, (entries.coords[0], where[entries.coords[1]])),
        shape=(matrix.shape[0], columns),
    )
    spread.sort_indices()
    return spread
