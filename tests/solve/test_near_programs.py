"""Programs solved from the basis of one that is near have the values of cold starts."""

from __future__ import annotations

import itertools
from dataclasses import replace

import numpy as np
import pytest
from books import make_data, read_study
from independent.random_books import make_random_book

from cssopt.assembly.instance import Instance
from cssopt.solve.answer import Options
from cssopt.solve.compile import compile_bare, compile_problem
from cssopt.solve.session import Rebuild
from cssopt.solve.stages import solve_program
from cssopt.solve.warm.near_programs import NearPrograms


def make_programs(seed, study="strict", relaxed=True):
    """The program of every coalition of a random book with its needs at a twentieth, the largest
    first."""
    data = make_data(make_random_book(seed, 0.05))
    chosen = replace(read_study(study), relaxed=relaxed)
    for size in range(len(data.parties), 0, -1):
        for coalition in itertools.combinations(data.parties, size):
            problem = Instance(data, chosen, coalition).assemble()
            yield coalition, problem, compile_problem(problem)


@pytest.mark.parametrize("seed", [3, 9])
def test_each_from_a_coalition_with_one_more_has_the_value_of_a_cold_start(seed):
    near, optimal, warm = NearPrograms(Options()), 0, 0
    known = []
    for coalition, _, program in make_programs(seed):
        larger = [other for other in known if set(other) > set(coalition)]
        solved = near.solve(program, coalition, larger)
        cold = solve_program(program, Options())
        assert solved.status is cold.status
        if cold.values is not None:
            optimal += 1
            warm += Rebuild.NOT_OPTIMAL not in solved.rebuilds and bool(larger)
            expected = cold.stages[-1].value
            assert solved.stages[-1].value == pytest.approx(expected, rel=1e-9, abs=1e-7)
        known.append(coalition)
    assert optimal > 1
    assert warm


@pytest.mark.parametrize(("study", "relaxed"), [("pooled", True), ("strict", False)])
def test_several_stages_and_whole_numbers_begin_from_nothing(study, relaxed):
    near = NearPrograms(Options())
    for coalition, _, program in itertools.islice(make_programs(9, study, relaxed), 2):
        solved = near.solve(program, coalition, ())
        cold = solve_program(program, Options())
        assert solved.status is cold.status
        assert solved.stages[-1].value == pytest.approx(cold.stages[-1].value)


def test_a_bare_program_is_the_program_with_fewer_figures():
    """Decisions, rules, bounds, stages and the figure asked for are the same."""
    for _, problem, whole in itertools.islice(make_programs(9, "pooled"), 3):
        bare = compile_bare(problem, "pooled_expenditure")
        assert (bare.columns, bare.rows) == (whole.columns, whole.rows)
        for name in ("lower", "upper", "row_lower", "row_upper", "whole"):
            assert np.array_equal(getattr(bare, name), getattr(whole, name))
        assert (bare.matrix != whole.matrix).nnz == 0
        assert len(bare.figures) < len(whole.figures) / 5
        for one, other in zip(bare.stages, whole.stages, strict=True):
            assert np.array_equal(bare.row_of_figure(one.row), whole.row_of_figure(other.row))
        for mine, theirs in zip(
            bare.find_figure("pooled_expenditure"),
            whole.find_figure("pooled_expenditure"),
            strict=True,
        ):
            assert np.array_equal(mine, theirs)
