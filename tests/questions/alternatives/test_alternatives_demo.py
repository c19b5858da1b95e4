"""Near-optimal plans of the demo: ends of ranges by scipy, plans checked against every rule."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack

import cssopt
from cssopt.assembly.instance import Instance
from cssopt.assembly.study import load_study
from cssopt.questions.alternatives.distinct_plans import Differ, Space
from cssopt.questions.alternatives.ranges import Bounds
from cssopt.questions.alternatives.result import Contribution
from cssopt.solution.held_stages import find_held
from cssopt.solution.run import run_program
from cssopt.solve.answer import Options
from cssopt.solve.outcome import Status
from cssopt.solve.stages import solve_program
from cssopt.solve.warm.next_question import LinearFigure

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def demo():
    case = cssopt.load("inputs/demo.xlsx")
    study = load_study("relaxed", case.folders)
    base, program = run_program(Instance(case.data, study, case.data.members.keys), Options())
    found = cssopt.alternatives(case, within=[0.02, 0.05], study="relaxed", plans=2)
    return base, program, found


def write_figure(base, program, contribution: Contribution):
    """Coefficients and constant of a contribution, from the names of decisions alone."""
    years = base.data.settings.last_year - base.data.settings.first_year + 1
    coefficients, constant = np.zeros(len(program.columns)), 0.0
    kind, key = contribution.kind.name, contribution.key
    if kind == "burden":
        row = program.figures["figure", "burden", key[0]]
        return program.row_of_figure(row), float(program.offsets[row])
    for place, (_, name, codes) in enumerate(program.columns):
        own = {
            "units": name == "held" and key in (codes[:2], codes[1:2]),
            "delegated power": name == "credited" and key == (codes[0], codes[2]),
        }[kind] if isinstance(codes, tuple) else False  # fmt: skip
        coefficients[place] = 1 / years if own else 0.0
    return coefficients, constant


def test_ends_of_ranges_equal_those_of_another_solver(demo):
    base, program, found = demo
    above, below = np.isfinite(program.row_upper), np.isfinite(program.row_lower)
    spent, constant = program.find_figure("pooled_expenditure")
    share, offset = program.find_figure("missing_share")
    matrix = vstack(
        [program.matrix[above], -program.matrix[below], csr_array([share]), csr_array([spent])],
        format="csr",
    )
    bounds = np.column_stack([program.lower, program.upper])
    checked = 0
    for position, one in enumerate(found.ranges):
        assert one.status is Status.OPTIMAL
        if position % 3:
            continue
        most = base.pooled_expenditure * (1 + one.within)
        right = np.concatenate(
            [program.row_upper[above], -program.row_lower[below],
             [found.held["missing_share"] - offset, most - constant]]
        )  # fmt: skip
        figure, rest = write_figure(base, program, one.contribution)
        for sign, value in ((1, one.least), (-1, one.most)):
            answer = linprog(sign * figure, A_ub=matrix, b_ub=right, bounds=bounds)
            again = sign * answer.fun + rest
            assert again == pytest.approx(value, rel=1e-5, abs=1e-4), one.contribution
            checked += 1
    assert checked >= 70


def test_every_plan_keeps_every_rule_and_passes_fixed_in_a_cold_solve(demo):
    base, program, found = demo
    apart = [one for one in found.ranges if one.within == 0.02 and one.contribution.tells_apart]
    figures = [LinearFigure(*write_figure(base, program, one.contribution)) for one in apart]
    money = LinearFigure(*program.find_figure("pooled_expenditure"))
    share = LinearFigure(*program.find_figure("missing_share"))
    criteria = [one for part in base.study.components for one in part.criteria]
    (expenditure,) = (one for one in criteria if one.name == "expenditure")
    held = find_held(program, base.solved, [expenditure]).program
    bounds = Bounds(money, base.pooled_expenditure)
    bounds.add(base.solved.values)
    plans = list(Differ(held, Options(), bounds, 0.02, Space(figures, apart)).find(2))
    assert len(plans) == 2
    units = np.array([name == "held" for _, name, _ in program.columns])
    for distinct in plans:
        plan = distinct.plan
        rows = program.matrix @ plan
        assert (rows <= program.row_upper + 1e-6).all()
        assert (rows >= program.row_lower - 1e-6).all()
        assert (plan >= program.lower - 1e-9).all()
        assert (plan <= program.upper + 1e-9).all()
        assert money.of(plan) <= base.pooled_expenditure * 1.02 + 1e-3
        assert share.of(plan) <= found.held["missing_share"] + 1e-6
        fixed = replace(
            program,
            lower=np.where(units, np.maximum(plan - 1e-7, program.lower), program.lower),
            upper=np.where(units, plan + 1e-7, program.upper),
        )
        again = solve_program(fixed, Options())
        assert again.status is Status.OPTIMAL
        assert again.stages[0].value <= share.of(plan) + 1e-6
        assert again.stages[1].value <= money.of(plan) * (1 + 1e-5)


def test_ranges_widen_and_plans_stay_below_the_ceiling(demo):
    base, _, found = demo
    tight = [one for one in found.ranges if one.within == 0.02]
    wide = [one for one in found.ranges if one.within == 0.05]
    for one, other in zip(tight, wide, strict=True):
        assert one.contribution == other.contribution
        room = 1e-5 * max(1.0, abs(one.most))
        assert other.least <= one.least + room
        assert other.most >= one.most - room
        assert other.least - room <= one.base <= other.most + room
    plans = found.tables["plans"]
    most = base.pooled_expenditure * (1 + plans["within"])
    assert (plans["pooled_expenditure"] <= most * (1 + 1e-7)).all()
    assert (plans["missing_share"] <= base.missing_share * (1 + 1e-5)).all()
    assert (plans.loc[plans["plan"] > 0, "apart"] > 0.05).all()
