"""Stages solved from near a plan have the values of cold starts, whatever rows are there."""

from __future__ import annotations

import math
import sys
from dataclasses import replace
from functools import cache

import golden_books
import numpy as np
import pytest
from books import add_column, make_data, make_problem, read_study
from small_books import forces, make_book

from cssopt.assembly.instance import Instance
from cssopt.solve.answer import Options
from cssopt.solve.compile import compile_problem
from cssopt.solve.holding import Holding, find_least, hold_stages
from cssopt.solve.outcome import Status
from cssopt.solve.program import StageConstraint
from cssopt.solve.session import HighsSession, Rebuild
from cssopt.solve.stages import solve_program
from cssopt.solve.warm.carried_basis import CarriedBasis, find_start
from cssopt.tables.patch import patch_tables
from cssopt.tables.rules_in_force import find_rules_in_force

OPTIONS = Options()


@cache
def solved_book(book, study, relaxed):
    """The program of a book, its answer, and what carries its basis."""
    chosen = replace(read_study(study), relaxed=relaxed)
    data = make_data(getattr(golden_books, book))
    program = compile_problem(Instance(data, chosen, data.members.keys).assemble())
    solved = solve_program(program, OPTIONS)
    start = find_start(program, solved, OPTIONS)
    return data, chosen, program, solved, start, CarriedBasis(program, start, OPTIONS)


def value_of(solved):
    return solved.stages[-1].value


MIP = pytest.param(False, id="mip", marks=pytest.mark.slow)


@pytest.mark.medium
@pytest.mark.parametrize("relaxed", [pytest.param(True, id="lp"), MIP])
@pytest.mark.parametrize("study", ["least_shortfall", "fair", "strict"])
@pytest.mark.parametrize("book", [pytest.param("INSTITUTIONS", marks=pytest.mark.slow), "FORCES"])
def test_every_stage_without_a_rule_has_the_value_of_a_cold_start(book, study, relaxed):
    data, chosen, program, solved, start, carried = solved_book(book, study, relaxed)
    if solved.values is None:
        assert solved.status is Status.INFEASIBLE
        assert start.values is None
        return
    shapes = set()
    for rule in find_rules_in_force(data):
        if rule.rule.nature == "need":
            continue
        changed, _ = patch_tables(data, [rule.lift(data)])
        other = compile_problem(Instance(changed, chosen, changed.members.keys).assemble())
        shapes.add(other.shape)
        for number, stage in enumerate(program.stages):
            near = carried.solve_stage(other, number, start.limits)
            cold = solve_program(hold_stages(other, number, start.limits).program, OPTIONS)
            assert near.status is cold.status is Status.OPTIMAL, rule.name
            assert value_of(near) == pytest.approx(value_of(cold), rel=1e-6, abs=1e-7), rule.name
            # Whatever keeps the rule keeps what is left without it.
            base = solved.stages[number].value
            assert value_of(near) <= base + 1e-6 * max(1.0, abs(base)), rule.name
            assert value_of(near) >= find_least(other, number) - 1e-7, stage.name
    assert len(shapes) > 2


@pytest.mark.parametrize("study", ["least_shortfall", "fair"])
def test_the_same_program_needs_no_step(study):
    _, _, program, solved, start, carried = solved_book("INSTITUTIONS", study, True)
    assert len(program.stages) == len(start.limits) + 1 == len(start.bases)
    for number in range(len(program.stages)):
        again = carried.solve_stage(program, number, start.limits)
        assert again.iterations == 0
        assert value_of(again) == pytest.approx(solved.stages[number].value, abs=1e-7)


def test_a_held_stage_is_a_row_of_the_program():
    _, _, program, solved, start, _ = solved_book("INSTITUTIONS", "least_shortfall", True)
    (share,) = start.limits[0]
    held = hold_stages(program, 1, ((share + 0.5,),)).program
    assert held.shape == (program.shape[0] + 1, program.shape[1])
    assert (held.held, held.own_rows) == (1, program.shape[0])
    assert [stage.name for stage in held.stages] == ["pooled_expenditure"]
    row = held.matrix[[-1], :] @ solved.values
    # The row is scaled; the plan has nothing missing and keeps it by all that is allowed.
    assert float(row[0]) / held.row_upper[-1] == pytest.approx(share / (share + 0.5))
    assert hold_stages(program, 0, start.limits).program.shape == program.shape
    # The least that the bounds of the columns allow needs no row: they are fixed there.
    corner = hold_stages(program, 1, start.limits).program
    assert corner.shape == program.shape
    short = [n for n, (_, name, _) in enumerate(program.columns) if name == "shortfall"]
    assert not corner.upper[short].any()
    # Nothing can be held at less than what is possible.
    tighter = hold_stages(program, 1, ((share - 0.1,),)).program
    assert solve_program(tighter, OPTIONS).status is Status.INFEASIBLE


def test_the_least_that_columns_allow():
    """Units cost 10 and 20 million: at least nothing. A share of the need is missing, or none."""
    program = compile_problem(make_problem(make_book(), "least_shortfall"))
    assert [find_least(program, number) for number in (0, 1)] == [0, 0]
    costs = program.row_of_figure(program.stages[1].row)
    dearer = replace(program, lower=np.where(costs > 0, 1.0, 0.0))
    assert find_least(dearer, 1) == pytest.approx(costs[costs > 0].sum())


def test_a_limit_that_no_program_like_it_keeps_is_told_as_such():
    _, _, program, _, start, carried = solved_book("INSTITUTIONS", "least_shortfall", True)
    answer = carried.solve_stage(program, 1, ((start.limits[0][0] - 0.1,),))
    assert answer.status is Status.INFEASIBLE
    assert answer.values is None


def test_no_time_is_no_plan():
    _, _, program, _, start, _ = solved_book("INSTITUTIONS", "least_shortfall", True)
    hurried = CarriedBasis(program, replace(start, bases=()), Options(time_limit=0.0))
    assert hurried.solve_stage(program, 1, start.limits).status is Status.NO_PLAN_YET


def test_the_search_for_whole_numbers_begins_at_the_plan():
    """With a gap of 1 the search may stop at any plan: so at the one it begins at, or better."""
    need = [["threat", "capability", "day", "level"], ["K", "land", 0, 3.5]]
    sheets = make_book(forces=add_column(forces(), "whole", True), requirements=need)
    program = compile_problem(make_problem(sheets))
    best = solve_program(program, OPTIONS)
    assert value_of(best) == pytest.approx(4 * 40)  # 3.5 units are 4
    found = solve_program(program, Options(gap=1.0), best.values)
    assert value_of(found) == pytest.approx(4 * 40)


@pytest.mark.parametrize("study", ["pooled", "strict"])
def test_a_start_that_the_solver_takes_for_better_than_it_is_is_not_believed(study):
    """HiGHS 1.16.0 said 1082.81 of a plan of this book that costs 1083.06, and proved it."""
    _, _, program, solved, _, _ = solved_book("FORCES", study, False)
    again = solve_program(program, OPTIONS, solved.values)
    row = program.stages[-1].row
    assert value_of(again) == pytest.approx(value_of(solved), rel=1e-7)
    assert value_of(again) == pytest.approx(float(again.figures[row]), rel=1e-6)
    assert again.bound == pytest.approx(solved.bound, rel=1e-6)


def test_a_figure_that_bounds_leave_open_has_no_corner():
    """Costs below 0 without an upper bound: the least by bounds alone is never reached."""
    program = compile_problem(make_problem(make_book(), "least_shortfall"))
    stage = replace(
        program.stages[1], holds=(StageConstraint("money", program.stages[1].row, 0.1),)
    )
    credit = program.reported.copy()
    credit.data[:] = -credit.data
    holding = Holding(replace(program, reported=credit))
    holding.hold(stage, (100.0,), None)
    assert holding.program.held == 1
    assert np.array_equal(holding.program.upper, program.upper)


@pytest.mark.medium
@pytest.mark.parametrize("book", ["FORCES", "INSTITUTIONS"])
def test_a_stage_that_leaves_a_face_begins_where_a_row_holds_it(book, monkeypatch):
    # With more room in a rule less is missing, so that a row holds what the plan misses.
    _, _, program, solved, start, _ = solved_book(book, "least_shortfall", True)
    wider = []
    for row in np.flatnonzero(np.abs(solved.row_prices) > 1e-6).tolist():
        side = "row_lower" if solved.row_prices[row] > 0 else "row_upper"
        bounds = getattr(program, side).copy()
        bounds[row] -= math.copysign(1e-3 * max(1.0, abs(bounds[row])), solved.row_prices[row])
        wider.append(replace(program, **{side: bounds}))
    steps, values = {}, {}
    for way in ("by rows", "from the face"):
        carried = CarriedBasis(program, start, OPTIONS)
        if way == "from the face":
            monkeypatch.setattr(carried, "_find_by_rows", lambda number: None)
        found = [carried.solve_stage(each, 1, start.limits) for each in wider]
        assert {each.status for each in found} == {Status.OPTIMAL}
        steps[way] = sum(each.iterations for each in found)
        values[way] = [value_of(each) for each in found]
    cold = [
        value_of(solve_program(hold_stages(each, 1, start.limits).program, OPTIONS))
        for each in wider
    ]
    assert len(cold) > 10
    assert values["by rows"] == pytest.approx(cold, rel=1e-6)
    assert values["from the face"] == pytest.approx(cold, rel=1e-6)
    assert steps["by rows"] <= steps["from the face"]
    assert max(cold) < value_of(solved) + 1e-6


def find_needs(program):
    return [n for n, (_, name, _) in enumerate(program.rows) if name == "meet_requirement"]


def raise_need(program, row, times):
    """A need, written as at least so much or as its negative at most, and so many times more."""
    name = "row_lower" if math.isfinite(program.row_lower[row]) else "row_upper"
    bounds = getattr(program, name).copy()
    bounds[row] += (1 if name == "row_lower" else -1) * times * max(0.1, abs(bounds[row]))
    return replace(program, **{name: bounds})


@pytest.mark.parametrize("book", ["INSTITUTIONS", "FORCES"])
def test_what_stays_on_the_faces_of_the_plan_has_the_values_of_a_cold_start(book):
    """A little more of a need is bought; of ten times as much a part is missing, by its price.

    More of it still is missing too, and so are the duals of the plan from which that is asked.
    """
    _, _, program, solved, _, carried = solved_book(book, "least_shortfall", True)
    needs = find_needs(program)
    short = raise_need(program, needs[0], 1e3)
    plan = solve_program(short, OPTIONS)
    from_short = CarriedBasis(short, find_start(short, plan, OPTIONS), OPTIONS)
    asked = [(carried, program, row, times) for row in needs for times in (0.01, 10.0)]
    asked += [(from_short, short, row, 0.1) for row in needs]
    begun_at = {carried: solved.stages[0].value, from_short: plan.stages[0].value}
    stayed, with_more_missing = [], 0
    for begun, own, row, times in asked:
        other = raise_need(own, row, times)
        found = begun.stay_on_faces(other)
        assert found is not None
        cold = solve_program(other, OPTIONS)
        stayed.append(found.values is not None)
        if found.values is None:
            # Denied by all plans that miss no more, and so by no plan.
            assert found.status is Status.INFEASIBLE
            assert cold.stages[0].value > begun_at[begun] + 1e-6
            continue
        if begun is from_short:
            with_more_missing += cold.stages[0].value > plan.stages[0].value + 1e-6
        assert found.status is cold.status is Status.OPTIMAL
        assert [each.name for each in found.stages] == [each.name for each in cold.stages]
        for near, far in zip(found.stages, cold.stages, strict=True):
            assert near.value == pytest.approx(far.value, rel=1e-6, abs=1e-7)
        for near, far in zip(found.limits, cold.limits, strict=True):
            assert near == pytest.approx(far, rel=1e-6, abs=1e-7)
        reached = other.matrix @ found.values
        assert (reached >= other.row_lower - 1e-6).all()
        assert (reached <= other.row_upper + 1e-6).all()
    assert any(stayed)
    assert not all(stayed)
    # Whatever is asked of it, the second book can buy.
    assert bool(with_more_missing) is (book == "INSTITUTIONS")
    # Of a program with another number in a rule nothing is known by the plan's duals.
    matrix = program.matrix.copy()
    assert carried.stay_on_faces(replace(program, matrix=matrix)) is None


def test_no_face_is_stayed_on_whose_bound_is_there_no_longer():
    program = solved_book("INSTITUTIONS", "least_shortfall", True)[2]
    short = raise_need(program, find_needs(program)[0], 1e3)
    start = find_start(short, solve_program(short, OPTIONS), OPTIONS)
    carried = CarriedBasis(short, start, OPTIONS)
    prices = np.abs(start.holders[0].rows[: len(short.rows)])
    is_free = np.arange(len(short.rows)) == prices.argmax()
    assert prices.max() > 1e-6
    free = replace(
        short,
        row_lower=np.where(is_free, -np.inf, short.row_lower),
        row_upper=np.where(is_free, np.inf, short.row_upper),
    )
    stayed = carried.stay_on_faces(short)
    assert stayed is not None
    assert stayed.values is not None
    assert carried.stay_on_faces(free) is None


def test_an_answer_does_not_depend_on_those_before_it():
    _, _, program, _, start, carried = solved_book("INSTITUTIONS", "least_shortfall", True)
    needs = find_needs(program)

    def ask(row):
        raised = raise_need(program, row, 0.1)
        return carried.solve_stages(raised, (), at_least=start.limits)[-1]

    first, *others = [ask(row) for row in (*needs[:3], needs[0])]
    assert first.values is not None
    np.testing.assert_array_equal(first.values, others[-1].values)


def test_programs_of_one_shape_are_loaded_once(monkeypatch):
    _, _, program, _, start, _ = solved_book("FORCES", "least_shortfall", True)
    loaded = []

    class Counted(HighsSession):
        def __init__(self, *asked):
            super().__init__(*asked)
            loaded.append(self)

    monkeypatch.setattr(sys.modules[CarriedBasis.__module__], "HighsSession", Counted)
    carried = CarriedBasis(program, start, OPTIONS)
    needs = find_needs(program)[:3]
    for row in needs:
        stayed = carried.stay_on_faces(raise_need(program, row, 0.01))
        assert stayed is not None
        assert stayed.values is not None
    assert len(needs) == 3
    assert len(loaded) == 1
    # The stages one by one are other programs: the first with nothing held, the last with all.
    for row in needs:
        carried.solve_stages(raise_need(program, row, 0.01), ())
    assert len(loaded) <= 1 + len(program.stages)


@pytest.mark.parametrize("is_large", [False, True])
def test_what_leaves_the_faces_has_the_values_of_a_cold_start(is_large, monkeypatch):
    """A large program begins from nothing, and says so; a small one near the plan."""
    _, _, program, solved, _, carried = solved_book("INSTITUTIONS", "least_shortfall", True)
    others = [raise_need(program, row, 10.0) for row in find_needs(program)]
    stayed = [carried.stay_on_faces(each) for each in others]
    denied = [pair for pair in zip(others, stayed, strict=True) if pair[1].values is None]
    assert denied
    for other, denial in denied:
        cold = solve_program(other, OPTIONS)
        with monkeypatch.context() as patched:
            if is_large:
                patched.setattr(sys.modules[HighsSession.__module__], "_LARGE", 0)
            found = carried.leave_faces(other, denial)
        near = [each for part in found for each in part.stages]
        assert [each.name for each in near] == [each.name for each in cold.stages]
        values = [each.value for each in cold.stages]
        assert [each.value for each in near] == pytest.approx(values, rel=1e-6)
        assert near[0].value > solved.stages[0].value + 1e-6
        assert (found[0].rebuilds[:1] == (Rebuild.FAR,)) is is_large


def test_what_leaves_the_faces_has_the_time_that_the_denial_left(monkeypatch):
    monkeypatch.setattr(sys.modules[HighsSession.__module__], "_LARGE", 0)
    _, _, program, _, _, carried = solved_book("INSTITUTIONS", "least_shortfall", True)
    others = [raise_need(program, row, 10.0) for row in find_needs(program)]
    pairs = ((other, carried.stay_on_faces(other)) for other in others)
    other, denial = next(pair for pair in pairs if pair[1].values is None)
    limited = carried.within(replace(OPTIONS, time_limit=60.0))
    (found,) = limited.leave_faces(other, replace(denial, seconds=100.0))
    assert found.status is Status.NO_PLAN_YET
    assert found.seconds >= 100.0
    (found,) = limited.leave_faces(other, denial)
    assert found.status is Status.OPTIMAL
