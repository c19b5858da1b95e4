"""Programs from models of plain Pyomo, read by Pyomo's own standard form."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyomo.environ as pyo
from pyomo.repn.plugins.standard_form import LinearStandardFormCompiler
from scipy.sparse import csr_array

from cssopt.solve.names import Names
from cssopt.solve.program import Program


def compile_model(model: Any, figures: Mapping[Any, Any]) -> Program:
    """A plain Pyomo model with figures of your own, such as the objectives of a front.

    Each figure is a linear expression of the model, to be minimized; its row of `reported` is
    ``program.figures["figure", name, None]``. Objectives of the model do not count.
    """
    columns = [
        (declared.parent_block().local_name, declared.local_name, key, data)
        for declared in model.component_objects(pyo.Var, descend_into=True)
        for key, data in declared.items()
    ]
    variables = [data for *_, data in columns]
    others = list(model.component_data_objects(pyo.Objective, active=True))
    for objective in others:
        objective.deactivate()
    expressions = list(figures.values())
    model.reported = pyo.Objective(range(len(expressions)), rule=lambda _, row: expressions[row])
    form = LinearStandardFormCompiler().write(model, mixed_form=True, column_order=variables)
    model.del_component("reported")
    for objective in others:
        objective.activate()
    place = {id(data): index for index, data in enumerate(variables)}
    where = np.array([place[id(data)] for data in form.columns], dtype=np.int64)
    sense = np.array([entry.bound_type for entry in form.rows], dtype=np.int64)
    right = np.array(form.rhs, dtype=float)
    return Program(
        matrix=_by_rows(form.A, where, len(columns)),
        # A row bounded on both sides stands twice in the mixed form.
        row_lower=np.where(sense <= 0, right, -math.inf),
        row_upper=np.where(sense >= 0, right, math.inf),
        lower=np.array([-math.inf if v.lb is None else v.lb for v in variables], float),
        upper=np.array([math.inf if v.ub is None else v.ub for v in variables], float),
        whole=np.array([not v.is_continuous() for v in variables], bool),
        reported=_by_rows(form.c, where, len(columns)),
        offsets=np.array(form.c_offset, dtype=float),
        stages=(),
        figures={("figure", name, None): row for row, name in enumerate(figures)},
        columns=Names.of((owner, name, key) for owner, name, key, _ in columns),
        rows=Names.of(_name_row(entry.constraint) for entry in form.rows),
    )


def _by_rows(matrix: Any, where: Any, columns: int) -> csr_array:
    """The matrix, given by its columns that are not empty, with all columns."""
    entries = matrix.tocoo()
    spread = csr_array(
        (entries.data, (entries.row, where[entries.col])), shape=(matrix.shape[0], columns)
    )
    spread.sort_indices()
    return spread


def _name_row(row: Any) -> tuple[str, str, Any]:
    declared = row.parent_component()
    return declared.parent_block().local_name, declared.local_name, row.index()
