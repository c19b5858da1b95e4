"""Large LPs begin at the best plan of their first two stages together, and end where others do."""

from __future__ import annotations

import math
import sys
from dataclasses import replace

import numpy as np
import pyomo.environ as pyo
import pytest
from paths import CASES
from pyomo_programs import compile_model

import cssopt
from cssopt.assembly.instance import Instance
from cssopt.solve.answer import Options
from cssopt.solve.compile import compile_problem
from cssopt.solve.endings import STOPPED
from cssopt.solve.outcome import Status
from cssopt.solve.program import StageConstraint, StageRow
from cssopt.solve.session import HighsSession, Rebuild
from cssopt.solve.stages import FromNothing, solve_program

SESSIONS, STAGES = (sys.modules[one.__module__] for one in (HighsSession, FromNothing))


@pytest.fixture
def asked(monkeypatch):
    """All programs count as large; what each run is asked, its steps, and how it is solved."""
    runs = []
    run = HighsSession.run

    def told(session, **options):
        ending = run(session, **options)
        solver = session._highs.getOptionValue("solver")[1]
        runs.append((session.about, session.iterations, solver))
        return ending

    monkeypatch.setattr(HighsSession, "run", told)
    monkeypatch.setattr(SESSIONS, "_LARGE", 0)
    return runs


def give_stages(program, names):
    """Each figure is a stage, which the later ones hold."""
    rows = [program.figures["figure", name, None] for name in names]
    stages = (StageRow(n, r, (StageConstraint(n, r),)) for n, r in zip(names, rows, strict=True))
    return replace(program, stages=tuple(stages))


def pose_steep(most=None, count=5):
    """x and 1e-8 of each y are 1 together: all of each y for the last bit of x, so dear that no sum
    takes it."""
    model = pyo.ConcreteModel()
    model.x = pyo.Var(bounds=(0, most))
    model.y = pyo.Var(range(count), bounds=(0, 1e8 / count))
    total = pyo.quicksum(model.y.values())
    model.all = pyo.Constraint(expr=model.x + 1e-8 * total >= (1 if most is None else 3))
    program = compile_model(model, {"x": model.x + 0, "y": total})
    return give_stages(program, ["x", "y"])


def pose_random(seed, count=3):
    """Needs met from many sources, the first figures counting few of them."""
    rng = np.random.default_rng(seed)
    model = pyo.ConcreteModel()
    model.x = pyo.Var(range(30), bounds=(0, 5))
    model.needs = pyo.Constraint(
        range(20),
        rule=lambda m, row: (
            sum(rng.random() * m.x[c] for c in rng.choice(30, 6)) >= rng.random() * 6
        ),
    )
    figures = {
        f"f{n}": sum((1 + rng.random()) * model.x[c] for c in rng.choice(30, 5 * (n + 1)))
        for n in range(count)
    }
    return give_stages(compile_model(model, figures), list(figures))


@pytest.mark.parametrize("leash", [10.0, 0.0])
def test_what_is_too_dear_for_the_sum_is_still_found(leash, asked, monkeypatch):
    monkeypatch.setattr(STAGES, "_FROM_SUM", leash)
    solved = solve_program(pose_steep(), Options())
    assert [stage.value for stage in solved.stages] == pytest.approx([0, 1e8], abs=1e-7)
    assert solved.status is Status.OPTIMAL
    both, first, *others = asked
    assert both[0] == "x and y together"
    assert first[0] == "x"
    assert first[2] == "simplex"
    if leash:
        # It is the first stage by itself that goes there; the second one begins on its face.
        assert first[1] > 0
        assert [each[::2] for each in others] == [("y", "ipx")]
        assert not solved.rebuilds
    else:
        assert [each[::2] for each in others] == [("x", "ipx"), ("y", "ipx")]
        assert Rebuild.LOST in solved.rebuilds


def test_ctrl_c_while_the_sum_is_minimized_ends_the_work(monkeypatch, asked):
    def stop(session, **_options):
        asked.append(session.about)
        session.cancelled = True
        return STOPPED

    monkeypatch.setattr(HighsSession, "run", stop)
    solved = solve_program(pose_steep(), Options())
    assert solved.status is Status.INTERRUPTED
    assert asked == ["x and y together"]


def test_a_plan_at_the_end_of_the_time_is_told_with_what_is_known(monkeypatch, asked):
    """After the sum nothing is left; its plan keeps all rules, and x is 0 at least by its bound."""
    run = HighsSession.run

    def late(session, **options):
        ending = run(session, **options)
        session.options = replace(session.options, time_limit=0.0)
        return ending

    monkeypatch.setattr(HighsSession, "run", late)
    solved = solve_program(pose_steep(), Options())
    assert solved.status is Status.FEASIBLE
    first = solved.stages[0]
    assert (first.value, first.bound) == pytest.approx((1, 0), abs=1e-9)
    assert "inf" not in solved.message


def test_a_program_in_fractions_is_written_without_lists_of_whole_numbers(tmp_path):
    HighsSession(pose_steep(), Options()).write(tmp_path / "steep.lp")
    lines = (tmp_path / "steep.lp").read_text().split()
    assert "end" in lines
    assert not {"bin", "gen", "semi"} & set(lines)


@pytest.mark.parametrize("seed", range(12))
def test_stages_end_where_those_from_nothing_do(seed, asked, monkeypatch):
    program = pose_random(seed)
    found = solve_program(program, Options())
    # The sum is the optimum of both: none is begun from nothing.
    assert [each[::2] for each in asked[:3]] == [
        ("f0 and f1 together", "ipx"),
        ("f0", "simplex"),
        ("f1", "simplex"),
    ]
    monkeypatch.setattr(SESSIONS, "_LARGE", math.inf)
    usual = solve_program(program, Options())
    assert found.status is usual.status
    values = [stage.value for stage in usual.stages]
    assert [stage.value for stage in found.stages] == pytest.approx(values, rel=1e-9, abs=1e-9)
    assert [stage.bound for stage in found.stages] == pytest.approx(values, rel=1e-9, abs=1e-9)
    # The duals of the first stage prove its least (all its rows are needs of at least so much).
    first = found.vertices[0].vertex
    assert first.rows.min() >= -1e-9
    assert (first.columns[first.plan < 1e-9] >= -1e-9).all()
    assert (first.columns[first.plan > 5 - 1e-9] <= 1e-9).all()
    proven = first.rows @ program.row_lower + first.columns @ first.plan
    assert proven == pytest.approx(values[0], abs=1e-7)


def test_no_plan_is_told_after_one_look(asked):
    solved = solve_program(pose_steep(most=1), Options())
    assert solved.status is Status.INFEASIBLE
    assert {about for about, *_ in asked} == {"x and y together"}


def test_no_time_is_no_plan(asked):
    solved = solve_program(pose_random(0), Options(time_limit=0.0))
    assert solved.status is Status.NO_PLAN_YET
    assert solved.values is None


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("knife_edge", [4, 4 * (10 * 3.9999 + 10 * 10)]),
        ("slack_prio1", [160]),
        ("slack_prio10000", [160]),
    ],
)
def test_the_known_answers_are_reached_by_the_sum_too(name, known, asked):
    """Worked out by hand: see tests/solve/test_holding.py."""
    data = cssopt.load(CASES / "answers" / f"{name}.xlsx")
    program = compile_problem(Instance.of(data, "relaxed").assemble())
    solved = solve_program(program, Options())
    assert "together" in asked[0][0]
    last = [stage.value for stage in solved.stages][-len(known) :]
    assert last == pytest.approx(known, rel=1e-8)
