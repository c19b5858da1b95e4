"""Small programs from their numbers alone, without a book."""

from __future__ import annotations

import pyomo.environ as pyo
from pyomo_programs import compile_model

from cssopt.solve.endings import OUT_OF_TIME
from cssopt.solve.session import HighsSession


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


def cut_off_at_the_root(monkeypatch):
    """Let the time of every run end when it has found all, but HiGHS has counted nothing; the runs
    that are made."""
    run, runs = HighsSession.run, []

    def run_out_of_time(session):
        runs.append(run(session))
        return OUT_OF_TIME

    monkeypatch.setattr(HighsSession, "run", run_out_of_time)
    monkeypatch.setattr(HighsSession, "nodes", 0)
    monkeypatch.setattr(HighsSession, "iterations", 0)
    return runs
