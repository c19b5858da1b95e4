"""A plan never leaks through a large bound: what is called whole is whole, or it is not optimal.

HiGHS takes 1e-7 for 0. With x <= U * y and U = 1e8, y = 4e-8 lets x = 4 in for nothing.
"""

from __future__ import annotations

import random

import numpy as np
import pyomo.environ as pyo
import pytest
from books import make_data, read_study
from paths import ANSWERS
from pyomo_programs import compile_model
from small_books import bodies, make_book, members, settings

import cssopt
from cssopt.assembly.instance import Instance
from cssopt.solution.run import run_program, run_study
from cssopt.solve import integrality
from cssopt.solve.answer import Options
from cssopt.solve.feasibility import find_feasibility
from cssopt.solve.outcome import Status
from cssopt.solve.session import HighsSession
from cssopt.solve.tighten import Tightening
from cssopt.solve.warm.next_question import LinearFigure, LpSession

WIDE = [1e4, 1e8, 1e10, 1e12]


def make_program(bound, *, below=False, budget=None, short=True):
    """4 of x, at 1 each, from either of two lines of 1,000, or short at 300 each.

    The rule of a line is written with x on the smaller side, or on the larger one (`below`).
    """
    model = pyo.ConcreteModel()
    model.x, model.line = pyo.Var("ab", bounds=(0, None)), pyo.Var("ab", domain=pyo.Binary)
    model.short = pyo.Var(bounds=(0, None if short else 0))
    ordered, lines = sum(model.x.values()), sum(model.line.values())
    model.need = pyo.Constraint(expr=ordered + model.short >= 4)

    def only_from_a_line(m, i):
        return bound * m.line[i] - m.x[i] >= 0 if below else m.x[i] <= bound * m.line[i]

    model.only_from_a_line = pyo.Constraint("ab", rule=only_from_a_line)
    spent = ordered + 1000 * lines
    if budget is not None:
        model.budget = pyo.Constraint(expr=spent <= budget)
    figures = {"cost": spent + 300 * model.short, "short": model.short, "less": -ordered}
    return compile_model(model, figures)


def make_reversed_program(bound):
    """4 of x from a line that is there unless it is given up, which saves 1,000."""
    model = pyo.ConcreteModel()
    model.x, model.gone = pyo.Var(bounds=(0, None)), pyo.Var(domain=pyo.Binary)
    model.short = pyo.Var(bounds=(0, None))
    model.need = pyo.Constraint(expr=model.x + model.short >= 4)
    model.only_with_a_line = pyo.Constraint(expr=model.x <= bound * (1 - model.gone))
    cost = model.x + 1000 * (1 - model.gone) + 300 * model.short
    return compile_model(model, {"cost": cost, "short": model.short, "less": -model.x})


def ask(program, *names):
    """What each figure is at the least, asked one after another of the same loaded program."""
    session = LpSession(program, Options())
    return [session.minimise(LinearFigure(*program.find_figure(name))) for name in names]


def value_of(answer):
    assert answer.status is Status.OPTIMAL
    assert answer.bound == pytest.approx(answer.value)
    return pytest.approx(answer.value)


@pytest.mark.parametrize("bound", WIDE[1:])
def test_a_search_alone_would_leak(bound):
    """The books and programs here are no test of anything where HiGHS is not cheated by them."""
    program = make_program(bound)
    session = HighsSession(program, Options())
    session.set_costs(*program.find_figure("cost"))
    status, value, _ = session.optimise()
    assert status is Status.OPTIMAL
    assert value == pytest.approx(4, abs=1e-3)


@pytest.mark.medium
@pytest.mark.parametrize("bound", WIDE)
@pytest.mark.parametrize("below", [False, True])
def test_the_line_is_paid_for(bound, below):
    """1,000 + 4, not 4; and what the first question tightened binds no later one."""
    program = make_program(bound, below=below)
    cost, short, less, again = ask(program, "cost", "short", "less", "cost")
    assert value_of(cost) == value_of(again) == 1004
    assert value_of(short) == 0
    assert value_of(less) == -2 * bound


@pytest.mark.parametrize("bound", WIDE)
def test_a_line_given_up_gives_nothing(bound):
    cost, less = ask(make_reversed_program(bound), "cost", "less")
    assert value_of(cost) == 1004
    assert value_of(less) == -bound


@pytest.mark.parametrize("bound", WIDE)
@pytest.mark.parametrize("below", [False, True])
def test_a_line_that_no_budget_pays_gives_nothing(bound, below):
    cost, short, less = ask(make_program(bound, below=below, budget=500), "cost", "short", "less")
    assert value_of(cost) == 1200
    assert value_of(short) == 4
    assert value_of(less) == 0


@pytest.mark.parametrize("bound", WIDE)
def test_without_a_plan_there_is_none(bound):
    program = make_program(bound, budget=500, short=False)
    (cost,) = ask(program, "cost")
    assert (cost.status, cost.plan) == (Status.INFEASIBLE, None)
    assert find_feasibility(program, Options()).status is Status.INFEASIBLE
    assert find_feasibility(make_program(bound, short=False), Options()).status is Status.FEASIBLE


def test_next_to_no_line_is_no_line():
    """What is left of the budget pays 1e-10 of a line: in fractions that is whole enough."""
    program = make_program(1e11, budget=4 + 1e-7, short=False)
    assert find_feasibility(program, Options(), relaxed_only=True).status is Status.FEASIBLE
    assert find_feasibility(program, Options()).status is Status.INFEASIBLE


def test_what_is_not_searched_for_again_is_not_called_optimal(monkeypatch):
    """The plan is a true one, the bound the one that the cheated search proved."""
    monkeypatch.setattr(integrality, "_TOLERANCES", ())
    (cost,) = ask(make_program(1e8), "cost")
    assert cost.status is Status.FEASIBLE
    assert cost.value == pytest.approx(1004)
    assert cost.bound == pytest.approx(4, abs=1e-3)


def test_a_plan_that_cannot_be_made_exact_is_none(monkeypatch):
    """As where a limit comes before a plan is found; or, without a limit, an error."""
    monkeypatch.setattr(integrality, "fix_whole_numbers", lambda _loaded, _plan: False)
    (failed,) = ask(make_program(1e8), "cost")
    assert (failed.status, failed.plan) == (Status.ERROR, None)
    assert "fractions for whole numbers" in failed.message
    monkeypatch.setattr(HighsSession, "out_of_time", True)
    (late,) = ask(make_program(1e8), "cost")
    assert (late.status, late.plan) == (Status.NO_PLAN_YET, None)


@pytest.mark.parametrize("make", [make_program, make_reversed_program])
def test_tightening_keeps_every_plan_that_is_as_good_and_can_be_undone(make):
    """No plan of at most 1,500 has more than 1,500 of x: that is the bound, whichever side it
    stands on. The relaxation pays for part of a line only, so that it may be as much."""
    program = make(1e6)
    session = HighsSession(program, Options())
    session.set_costs(*program.find_figure("cost"))
    tightening = Tightening(session)
    tightening.tighten({row[:2] for row in program.rows}, 1500.0)
    lp = session._highs.getLp()
    entries = np.abs(np.asarray(lp.a_matrix_.value_))
    assert entries.max() == pytest.approx(1500, rel=1e-2)
    tightening.undo()
    assert np.abs(np.asarray(session._highs.getLp().a_matrix_.value_)).max() == 1e6
    assert np.array_equal(session._highs.getLp().row_upper_, program.row_upper)


@pytest.mark.parametrize("book", ["bound_leak_pen", "bound_leak_nopen"])
def test_a_line_of_a_thousand_is_opened_for_four_drones(book):
    """1,000 + 4 * 0.1 + running 0.1 * (2 of A * 1 + 2 of B * 2) * 4 years = 1,002.8: each holds its
    own part of 2. Delegated power is worth 1e-4, and law lets 0.001 be delegated, so that one alone
    would need 4 * 2 / 1e-4 = 80,000 units, and for law 80,000 / 0.001 more."""
    data = cssopt.load(ANSWERS / f"{book}.xlsx").data
    plan, program = run_program(Instance(data, read_study("pooled"), data.members.keys), Options())
    assert np.abs(program.matrix.data).max() == pytest.approx(80_080_000)
    assert plan.status is Status.OPTIMAL
    assert plan.gap <= 1e-6
    assert plan.objective == pytest.approx(1002.8)
    assert plan.pooled_expenditure == pytest.approx(1002.8)
    assert plan.threats_met
    assert plan.audit.passed, plan.audit.failures


def leaky(seed, *, price=True, line=True):
    """Books as bound_leak, with other numbers: no drones to buy, or a line that costs nothing."""
    chance = random.Random(seed)
    worth, law = 10 ** chance.uniform(-5, -2), 10 ** chance.uniform(-4, -1)
    cost, line_cost = chance.uniform(0.05, 0.5), chance.choice([30, 300, 3000])
    penalty = chance.choice([None, 50, 300])
    given = {} if penalty is None else {"shortfall_penalty": penalty}
    plain = [row for row in settings(unintegrated_power=worth) if row[0] != "shortfall_penalty"]
    names = ["force", "name", "personnel", "operating_cost", "procurement_cost",
             "programme_cost", "service_life"]  # fmt: skip
    return make_book(
        settings=[*plain, *map(list, given.items())],
        members=members(chance.uniform(0.5, 2)),
        forces=[
            names,
            ["unit", "Unit", 0, 10, None, None, 30],
            ["drone", "Drone", 0, cost, cost if price else None, line_cost if line else None, 4],
        ],
        power=[["force", "capability", "power"], ["unit", "land", 1], ["drone", "land", 1]],
        inventory=[["member", "force", "units"], ["A", "unit", chance.randint(0, 5)]],
        requirements=[
            ["threat", "capability", "day", "level"],
            ["K", "land", 0, chance.uniform(1, 6)],
        ],
        legislation=[["member", "force", "delegable_share"], *([m, "*", law] for m in "AB")],
        bodies=bodies(("HQ", "integration", 1, 1)),
    ), line_cost


@pytest.mark.medium
@pytest.mark.parametrize("seed", range(12))
def test_a_line_is_opened_or_it_is_not(seed):
    """The better of two plans that no bound leads astray: with no drones, or with drones of a line
    that is there, and its price on top (there is no discount). What is missing comes first."""
    found = []
    for options in ({}, {"price": False}, {"line": False}):
        book, line_cost = leaky(seed, **options)
        data = make_data(book)
        plan = run_study(Instance(data, read_study("pooled"), data.members.keys), Options())
        assert plan.status is Status.OPTIMAL
        assert plan.audit.passed, plan.audit.failures
        paid = 0 if options.get("line", True) else line_cost
        first = len(plan.solved.stages) > 1
        missing = plan.solved.stages[0].value if first else 0
        found.append((round(missing, 6), plan.objective + paid))
    assert found[0] == pytest.approx(min(found[1:]), rel=1e-6)
