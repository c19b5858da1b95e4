"""A start near the optimum is given up before it has cost more than one from nothing."""

from __future__ import annotations

import sys
from dataclasses import replace

import golden_books
import highspy
import numpy as np
import pytest
from books import make_data, read_study

from cssopt.assembly.instance import Instance
from cssopt.solve.answer import Options
from cssopt.solve.compile import compile_problem
from cssopt.solve.endings import ENDINGS
from cssopt.solve.session import HighsSession, Rebuild
from cssopt.solve.warm.near_programs import solve_near


class Counted(HighsSession):
    """A session that tells the steps of each run, and of those before it began anew."""

    def __init__(self, program, options=None):
        super().__init__(program, options or Options())
        self.steps, self.near = [], []

    def run(self, **options):
        ending = super().run(**options)
        self.steps.append(self.iterations)
        if not self.rebuilds:
            self.near.append(self.iterations)
        return ending


def pose(book="INSTITUTIONS", study="pooled"):
    data = make_data(getattr(golden_books, book))
    chosen = replace(read_study(study), relaxed=True)
    return compile_problem(Instance(data, chosen, data.members.keys).assemble())


def shorten(monkeypatch, steps):
    """Let no more be allowed whatever the start from nothing cost."""
    module = sys.modules[HighsSession.__module__]
    monkeypatch.setattr(module, "_LEAST_LEASH", steps)
    monkeypatch.setattr(module, "_LEAST_SHARE", 0.0)


def minimise(session, costs, **how):
    session.set_costs(costs, 0.0)
    session.steps, session.near = [], []
    return session.optimise(**how)


@pytest.mark.parametrize("seed", range(8))
def test_a_start_near_the_optimum_takes_no_more_steps_than_its_leash(seed, monkeypatch):
    # Far from the last answer: other bounds and another objective at once, of which neither method
    # can know beforehand.
    shorten(monkeypatch, 3)
    program, rng = pose(), np.random.default_rng(seed)
    session = Counted(program)
    first, other = rng.random((2, program.shape[1]))
    minimise(session, first)
    known = session.basis.steps
    assert known == pytest.approx(sum(session.steps) / 2)
    where = np.flatnonzero(np.isinf(program.upper))
    upper = rng.random(len(where)) * 1e4
    session.set_column_bounds(where, program.lower[where], upper)
    answer = minimise(session, other, near=True, primal=bool(seed % 2))
    assert 0 < sum(session.near) <= max(known, 3) + len(session.near)
    fresh = Counted(program)
    fresh.set_column_bounds(where, program.lower[where], upper)
    status, value, bound = minimise(fresh, other)
    assert answer == (status, pytest.approx(value, rel=1e-7), pytest.approx(bound, rel=1e-7))


def test_what_is_given_up_begins_anew_and_says_so(monkeypatch):
    shorten(monkeypatch, 0)
    program = pose()
    first, other = np.random.default_rng(0).random((2, program.shape[1]))
    session = Counted(program)
    minimise(session, first)
    basis = replace(session.basis, steps=0.0)
    short = Counted(program)
    short.begin_at(basis)
    status, value, _ = minimise(short, other, near=True, primal=True)
    assert short.rebuilds == [Rebuild.LOST]
    fresh = Counted(program)
    assert minimise(fresh, other)[:2] == (status, pytest.approx(value, rel=1e-9))


def test_patience_lengthens_the_leash_and_keeps_the_answer(monkeypatch):
    """Begun at the same basis, what is given up after so many steps arrives within more."""
    shorten(monkeypatch, 0)
    program = pose()
    first, other = np.random.default_rng(0).random((2, program.shape[1]))
    session = Counted(program)
    minimise(session, first)
    answers, rebuilds = [], []
    for patience in (1.0, 1e6):
        own = Counted(program)
        own.begin_at(replace(session.basis, steps=1.0))
        answers.append(minimise(own, other, near=True, primal=True, patience=patience))
        rebuilds.append(own.rebuilds)
    assert rebuilds == [[Rebuild.LOST], []]
    (status, value, _), (again, other_value, _) = answers
    assert (status, value) == (again, pytest.approx(other_value, rel=1e-9))


def test_what_stops_within_rounding_begins_once_more_where_it_stopped(monkeypatch):
    """HiGHS 1.16.0 ends some runs near an optimum without a word of it."""
    program = pose()
    first = np.random.default_rng(0).random(program.shape[1])
    session = Counted(program)
    minimise(session, first)
    row = next(n for n, (_, name, _) in enumerate(program.rows) if name == "meet_requirement")
    session.set_row_bounds(row, 0.9 * program.row_lower[row], program.row_upper[row])
    fresh = Counted(program)
    fresh.set_row_bounds(row, 0.9 * program.row_lower[row], program.row_upper[row])
    expected = minimise(fresh, first)
    run, silent = Counted.run, [ENDINGS[highspy.HighsModelStatus.kUnknown]]

    def stop(session, **options):
        ending = run(session, **options)
        return silent.pop() if silent else ending

    monkeypatch.setattr(Counted, "run", stop)
    answer = minimise(session, first, near=True)
    assert not silent
    assert answer[:2] == (expected[0], pytest.approx(expected[1], rel=1e-9))
    assert session.steps[1:] == [0]
    assert session.rebuilds == []
    assert session.near_steps == session.steps[0]


def test_a_carried_basis_knows_what_it_cost():
    program = pose()
    program = replace(program, stages=program.stages[-1:])
    session = Counted(program)
    session.minimise(program.stages[0])
    session.optimise()
    cost = session.basis.steps
    assert cost > 0
    again = solve_near(program, session.basis, Options())
    assert again.iterations == 0
    assert again.bases[-1].steps == cost


def test_weights_of_one_run_are_no_burden_to_the_next(monkeypatch):
    """What begins at a basis takes the steps of a session that has not run yet."""
    module = sys.modules[HighsSession.__module__]
    monkeypatch.setattr(module, "_LARGE", 0)  # as where weights are dear
    program, usual = pose(), module._WEIGHTS
    first = np.random.default_rng(0).random(program.shape[1])
    needs = [n for n, (_, name, _) in enumerate(program.rows) if name == "meet_requirement"]
    session = Counted(program)
    minimise(session, first)
    basis, begun_at = session.basis, session.own_basis

    def ask_for(one, share):
        for row in needs:
            bounds = program.row_lower[row], program.row_upper[row]
            one.set_row_bounds(row, *(share * bound for bound in bounds))

    # By the weights of steepest edges from the first step on, and from there on the way back.
    monkeypatch.setattr(module, "_WEIGHTS", 0.0)
    ask_for(session, 0.02)
    minimise(session, first, near=True)
    assert session._weights_are_exact
    assert sum(session.steps) > 0
    ask_for(session, 0.6)
    answer = minimise(session, first, near=True)
    fresh = Counted(program)
    ask_for(fresh, 0.6)
    assert answer[:2] == (minimise(fresh, first)[0], pytest.approx(fresh.value, rel=1e-7))
    # Back at the basis of the beginning nothing of that is left.
    monkeypatch.setattr(module, "_WEIGHTS", usual)
    session.return_to(begun_at)
    ask_for(session, 0.03)
    again = minimise(session, first, near=True)
    fresh = Counted(program)
    fresh.begin_at(basis)
    ask_for(fresh, 0.03)
    assert again == minimise(fresh, first, near=True)
    assert session.steps == fresh.steps


class StandingStill(HighsSession):
    """A session in which an interior point stands still, and leaves its steps to another method."""

    def run(self, **options):
        solver = self._highs.getOptionValue("solver")[1]
        steps = self._highs.getOptionValue("simplex_iteration_limit")[1]
        self.ways.append((solver, steps))
        if solver == "ipx":
            return ENDINGS[highspy.HighsModelStatus.kIterationLimit]
        return super().run(**options)


@pytest.mark.parametrize("seed", range(3))
def test_an_interior_point_that_stands_still_is_given_up(seed, monkeypatch):
    monkeypatch.setattr(sys.modules[HighsSession.__module__], "_LARGE", 0)
    monkeypatch.setattr(sys.modules[HighsSession.__module__], "_LONG_LEASH", 0)
    program = pose()
    costs = np.random.default_rng(seed).random(program.shape[1])
    healthy = HighsSession(program, Options())
    healthy.set_costs(costs, 0.0)
    status, value, _ = healthy.optimise()
    session = StandingStill(program, Options())
    session.ways = []
    session.set_costs(costs, 0.0)
    assert session.optimise()[:2] == (status, pytest.approx(value, rel=1e-12))
    size = sum(program.shape)
    assert session.ways == [("ipx", size // 10), ("simplex", 3 * size)]
    # Within the exact tolerances, as ever: no rule is missed by what the interior point left.
    missed = np.maximum(
        program.row_lower - program.matrix @ session.plan,
        program.matrix @ session.plan - program.row_upper,
    )
    assert missed.max() <= 1e-9 * max(1.0, np.abs(session.plan).max())
