"""Small programs from their numbers alone, without a book."""

from __future__ import annotations

import pyomo.environ as pyo
from pyomo_programs import compile_model


def make_program(matrix, lower, upper, *, most=None, whole=()):
    """A program of these rows over columns from 0 to `most` (None: no end)."""
    model = pyo.ConcreteModel()
    columns = range(len(matrix[0]))
    ends = most or [None] * len(matrix[0])
    model.x = pyo.Var(columns, bounds=lambda _, j: (0, ends[j]))
    for j in whole:
        model.x[j].domain = pyo.Integers
    model.rows = pyo.ConstraintList()
    for row, low, high in zip(matrix, lower, upper, strict=True):
        total = sum(float(a) * model.x[j] for j, a in enumerate(row))
        model.rows.add((low, total, high))
    return compile_model(model, {"cost": sum(model.x[j] for j in columns)})
