"""What the bounds of a program settle is left out, and no figure has another least value."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pyomo.environ as pyo
import pytest
from alliances import make_alliance
from books import make_data, read_study
from pyomo_programs import compile_model
from scipy.optimize import linprog

from cssopt.assembly.instance import Instance
from cssopt.solution.run import run_program
from cssopt.solve.answer import Options
from cssopt.solve.settled import settle
from cssopt.solve.warm.next_question import LinearFigure, LpSession


def test_each_rule_by_hand():
    model = pyo.ConcreteModel()
    model.x = pyo.Var(range(6), bounds=(0, 10))
    x = model.x
    model.idle = pyo.Constraint(expr=x[0] + x[1] <= 20)
    # x2 is at most 3; with a sign that falls, at least 1.
    model.single = pyo.Constraint(expr=2 * x[2] <= 6)
    model.falls = pyo.Constraint(expr=-4 * x[2] <= -4)
    # Only 0 and 0 keep it; so that x5 is alone in the next one, and at least 2.
    model.forced = pyo.Constraint(expr=x[3] + x[4] <= 0)
    model.then = pyo.Constraint(expr=x[5] - x[4] >= 2)
    model.stays = pyo.Constraint(expr=x[0] + x[2] + x[5] >= 9)
    settled = settle(compile_model(model, {}))
    left = settled.program
    assert [name for _, name, _ in left.rows] == ["stays"]
    assert settled.columns.tolist() == [0, 1, 2, 5]
    assert left.lower.tolist() == [0, 0, 1, 2]
    assert left.upper.tolist() == [10, 10, 3, 10]
    figure = LinearFigure(np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0]), 0.5)
    plan = np.array([6.0, 0.0, 1.0, 2.0])
    assert settled.narrow(figure).of(plan) == figure.of(settled.widen(plan))
    assert settled.widen(plan).tolist() == [6, 0, 1, 0, 0, 2]


def test_what_is_fixed_counts_in_rows_and_figures():
    model = pyo.ConcreteModel()
    model.x = pyo.Var(range(3), bounds=(0, 10))
    model.fixed = pyo.Constraint(expr=model.x[0] == 4)
    model.need = pyo.Constraint(expr=model.x[0] + model.x[1] + model.x[2] >= 9)
    settled = settle(compile_model(model, {}))
    assert settled.program.row_lower.tolist() == [5]
    assert settled.values.tolist() == [4, 0, 0]
    assert settled.narrow(LinearFigure(np.array([2.0, 1.0, 0.0]), 1.0)).constant == 9


def find_least(program, figure):
    if not len(program.columns):
        return figure.constant
    above, below = np.isfinite(program.row_upper), np.isfinite(program.row_lower)
    matrix = np.vstack([program.matrix.toarray()[above], -program.matrix.toarray()[below]])
    right = np.concatenate([program.row_upper[above], -program.row_lower[below]])
    bounds = np.column_stack([program.lower, program.upper])
    answer = linprog(figure.coefficients, matrix, right, bounds=bounds)
    return answer.fun + figure.constant if answer.status == 0 else math.nan


@pytest.mark.parametrize("seed", range(25))
def test_least_values_are_those_of_the_whole_program(seed):
    """Random rows of one, two or more decisions, some of them only just kept by a known plan."""
    rng = np.random.default_rng(seed)
    columns, rows = 12, 16
    plan = np.where(rng.random(columns) < 0.6, 0.0, rng.integers(1, 5, columns))
    model = pyo.ConcreteModel()
    model.x = pyo.Var(range(columns), domain=pyo.NonNegativeReals)
    for i in rng.choice(columns, 6, replace=False):
        model.x[i].setub(float(plan[i] + rng.integers(0, 6)))
    model.rules = pyo.ConstraintList()
    for _ in range(rows):
        where = rng.choice(columns, rng.choice([1, 2, 3, 5]), replace=False)
        weights = rng.integers(1, 4, len(where)) * rng.choice([1, 1, 1, -1], len(where))
        own = float(weights @ plan[where])
        body = sum(int(w) * model.x[int(i)] for w, i in zip(weights, where, strict=True))
        kind = rng.integers(3)
        if kind == 0:
            model.rules.add(body == own)
        else:
            model.rules.add(body <= own + float(rng.choice([0, 0, 2, 30])))
    whole = compile_model(model, {})
    settled = settle(whole)
    assert len(settled.program.rows) < rows
    for _ in range(4):
        figure = LinearFigure(rng.integers(-1, 3, columns).astype(float), 1.0)
        least = find_least(whole, figure)
        own = find_least(settled.program, settled.narrow(figure))
        assert own == pytest.approx(least, abs=1e-7, nan_ok=True)


def test_a_plan_of_what_is_left_keeps_every_row_and_begins_near_the_base_plan():
    relaxed = replace(read_study("pooled"), relaxed=True)
    data = make_data(make_alliance(1, members=3, years=3, whole=False))
    base, program = run_program(Instance(data, relaxed, data.members.keys), Options())
    settled = settle(program)
    assert len(settled.program.rows) < 0.9 * len(program.rows)
    money = LinearFigure(*program.find_figure("pooled_expenditure"))
    basis = settled.fit(base.solved.bases[-1], base.solved.values)
    session = LpSession(settled.program, Options(), basis)
    assert session.has_basis
    units = np.array([name == "held" for _, name, _ in program.columns], dtype=float)
    session.minimise(settled.narrow(LinearFigure(units)))
    answer = session.minimise(settled.narrow(money))
    plan = settled.widen(answer.plan)
    rows = program.matrix @ plan
    room = 1e-7 * (1 + abs(program.matrix) @ abs(plan))
    assert (rows <= program.row_upper + room).all()
    assert (rows >= program.row_lower - room).all()
    assert (plan >= program.lower - 1e-9).all()
    assert (plan <= program.upper + 1e-9).all()
    whole = LpSession(program, Options()).minimise(money)
    assert answer.value == pytest.approx(whole.value, rel=1e-9, abs=1e-9)
