"""What the bases of a plan tell of a price without a new solve is what new solves tell."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from random import Random

import golden_books
import numpy as np
import pytest
from books import make_case, make_data, read_study
from independent.random_books import make_random_book
from small_books import make_book, settings

from cssopt.assembly.instance import Instance
from cssopt.questions.prices import find as prices
from cssopt.questions.prices.cells import find_span
from cssopt.questions.prices.kept_side import keep_side
from cssopt.questions.prices.line import Sample
from cssopt.questions.prices.optimum import Optimum
from cssopt.solution.price import AT_LEAST, BOUND, FARTHEST
from cssopt.solution.run import run_study
from cssopt.solve.answer import Options
from cssopt.solve.stages import solve_program

FREE = [row for row in settings() if row[0] != "shortfall_penalty"]
BOOKS = {"small": make_book(settings=FREE), "FORCES": golden_books.FORCES}
PARTS = (1e-3, 0.3, 1 - 1e-6)


@cache
def solve(book):
    data = make_data(BOOKS[book])
    chosen = replace(read_study("pooled"), relaxed=True)
    return run_study(Instance(data, chosen, data.members.keys), Options())


def make_optimum(plan):
    return Optimum(plan.instance, Options(), plan.solved)


def find_ways(optimum):
    """Every cell along which the bases of the plan go somewhere, and up to where they do."""
    for cell in optimum.cells:
        spec = optimum._instance.data.tables[cell[0]].spec.column(cell[2])
        low, high, scale = find_span(spec, optimum.values[cell])
        reach = optimum.find_reach(cell, (low, high))
        if reach is None:
            continue
        for end, limit in zip(reach, (low, high), strict=True):
            width = np.sign(limit - optimum.values[cell]) * min(
                abs(limit - optimum.values[cell]), abs(end - optimum.values[cell])
            )
            if abs(width) > 1e-6 * scale:
                yield cell, float(width)


@pytest.mark.medium
@pytest.mark.parametrize("book", ["small", "FORCES"])
def test_stages_reach_at_the_bases_what_a_solve_from_nothing_finds(book):
    optimum = make_optimum(solve(book))
    known, weighing = 0, optimum.shape.template.find_weighing()
    of_weights = 0
    for cell, width in find_ways(optimum):
        for part in PARTS:
            value = optimum.values[cell] + part * width
            reached = optimum.hold(cell, value)
            if reached is None:
                continue
            program, reason = optimum.shape.patch({**optimum.values, cell: value})
            assert not reason
            anew = solve_program(program, Options())
            assert reached == pytest.approx([s.value for s in anew.stages], rel=1e-8, abs=1e-8)
            known += 1
            of_weights += bool(weighing[optimum.cells.index(cell)])
    assert known > len(optimum.cells)
    assert of_weights > known / 5  # coefficients too, not bounds alone


@pytest.mark.medium
@pytest.mark.parametrize("seed", range(1, 13))
def test_what_bases_tell_of_random_books_is_what_a_solve_from_nothing_finds(seed):
    """Books of all kinds, short of power, and values within and beyond where the bases end."""
    case, chance = make_case(make_random_book(seed, 1.3)), Random(seed)
    optimum = make_optimum(run_study(Instance.of(case, "relaxed"), Options()))
    ways = list(find_ways(optimum))
    for cell, width in chance.sample(ways, min(30, len(ways))):
        for part in (0.5, 1 - 1e-6, 1.3):
            value = optimum.values[cell] + part * width
            reached = optimum.hold(cell, value)
            if reached is None:
                continue
            program, _ = optimum.shape.patch({**optimum.values, cell: value})
            anew = [stage.value for stage in solve_program(program, Options()).stages]
            assert reached == pytest.approx(anew, rel=1e-6, abs=1e-6)


@pytest.mark.medium
def test_bases_are_not_taken_for_optimal_where_they_are_not():
    """Beyond where they end a solve from nothing finds another optimum, or they tell it still."""
    optimum = make_optimum(solve("FORCES"))
    refused = 0
    for cell, width in find_ways(optimum):
        value = optimum.values[cell] + 1.5 * width
        program, reason = optimum.shape.patch({**optimum.values, cell: value})
        reached = None if reason else optimum.hold(cell, value)
        if reached is None:
            refused += 1
            continue
        anew = solve_program(program, Options())
        assert reached == pytest.approx([s.value for s in anew.stages], rel=1e-8, abs=1e-8)
    assert refused > 0


@pytest.mark.medium
@pytest.mark.parametrize("book", ["small", pytest.param("FORCES", marks=pytest.mark.slow)])
def test_kept_sides_are_those_of_new_solves_as_far_as_they_go(book, monkeypatch):
    plan = solve(book)
    known = {(x.table, x.key, x.column): x for x in prices.find_prices(plan).cells if x.planned}
    monkeypatch.setattr(prices, "_LARGE", 0)
    # Enough for all that the bases tell, and for no new solve.
    monkeypatch.setattr(prices, "_MOST", 1e6)
    monkeypatch.setattr(Optimum, "_cost", lambda *_: 1e9)
    found = [x for x in prices.find_prices(plan).cells if x.planned]
    told = 0
    for cell in found:
        other = known[cell.table, cell.key, cell.column]
        for side, solved in ((cell.down, other.down), (cell.up, other.up)):
            if side is None or not side.slopes:
                continue
            told += side.ends == AT_LEAST
            assert side.ends in (AT_LEAST, BOUND, FARTHEST) or side == solved
            assert side.slopes == pytest.approx(solved.slopes, rel=1e-6, abs=1e-9, nan_ok=True)
            farthest = abs(solved.until - cell.value) + 1e-6 * cell.size
            assert abs(side.until - cell.value) <= farthest
    assert told > len(found) / 4


def test_a_curve_is_kept_as_far_as_its_price_errs_by_no_more_than_it_may():
    """x + x ** 2 at 0: of x its price tells all but x, and may err by 0.005."""

    def hold(value):
        return np.array([value + value**2])

    base = Sample(0.0, np.array([0.0]), np.array([1.0]), np.array([1e-12]))
    told = lambda slopes: np.ones(len(slopes), dtype=bool)  # noqa: E731
    side = keep_side(hold, base, 2.0, 9.0, 1.0, limited_by=FARTHEST, told=told)
    assert (side.slopes, side.ends) == ((1.0,), AT_LEAST)
    assert 0.003 < side.until <= 0.005 * (1 + 1e-6)


def test_a_basis_that_ends_at_once_keeps_nothing():
    base = Sample(1.0, np.array([5.0]), np.array([2.0]), np.array([1e-12]))
    told = lambda slopes: np.ones(len(slopes), dtype=bool)  # noqa: E731
    asked = []
    side = keep_side(asked.append, base, 1.0, 9.0, 1.0, limited_by=FARTHEST, told=told)
    assert (side, asked) == (None, [])
    # Where stages are not known farther on, it is tried ever nearer, but not without end.
    assert keep_side(asked.append, base, 2.0, 9.0, 1.0, limited_by=FARTHEST, told=told) is None
    assert len(asked) == 8
    assert asked == sorted(asked, reverse=True)


def test_a_kept_side_that_goes_to_the_limit_ends_as_the_limit_does():
    base = Sample(1.0, np.array([5.0]), np.array([2.0]), np.array([1e-12]))
    told = lambda slopes: np.ones(len(slopes), dtype=bool)  # noqa: E731

    def hold(value):
        return np.array([5.0 + 2.0 * (value - 1.0)])

    side = keep_side(hold, base, np.inf, 3.0, 1.0, limited_by=BOUND, told=told)
    assert (side.until, side.ends) == (3.0, BOUND)
