"""What the bases of a plan tell of a price without a new solve is what new solves tell."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, partial
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
from cssopt.questions.prices.line import Sample, tell_all
from cssopt.questions.prices.optimum import Optimum
from cssopt.solution.price import (
    AT_LEAST,
    BOUND,
    FARTHEST,
    LESS_ONLY,
    MORE_ONLY,
    TOO_LONG,
    CellPrice,
    Refusal,
    Side,
    find_remark,
)
from cssopt.solution.run import run_study
from cssopt.solve.answer import Options
from cssopt.solve.stages import solve_program
from cssopt.solve.warm import kept_bases

FREE = [row for row in settings() if row[0] != "shortfall_penalty"]
BOOKS = {"small": make_book(settings=FREE), "FORCES": golden_books.FORCES}
PARTS = (1e-3, 0.3, 1 - 1e-6)


@cache
def solve(book):
    data = make_data(BOOKS[book])
    chosen = replace(read_study("pooled"), relaxed=True)
    return run_study(Instance(data, chosen, data.members.keys), Options())


def refuse_nothing(_):
    return None


ALL = {"told": tell_all, "refuses": refuse_nothing}


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
            reached = optimum.reach_at(cell, value)
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
    ways, known = list(find_ways(optimum)), 0
    for cell, width in chance.sample(ways, min(30, len(ways))):
        for part in (0.5, 1 - 1e-6, 1.3):
            value = optimum.values[cell] + part * width
            reached = optimum.reach_at(cell, value)
            if reached is None:
                continue
            program, _ = optimum.shape.patch({**optimum.values, cell: value})
            anew = [stage.value for stage in solve_program(program, Options()).stages]
            assert reached == pytest.approx(anew, rel=1e-6, abs=1e-6)
            known += 1
    assert known > min(30, len(ways)) / 2


def test_a_later_stage_is_not_told_where_the_earlier_one_is_on_another_face(monkeypatch):
    """At next to no GDP of a member the basis of the missing share is optimal still, but its face
    is another, on which less money does: only the face tells that the basis of the money does not
    count there."""
    case = make_case(make_random_book(9, 1.3))
    optimum = make_optimum(run_study(Instance.of(case, "relaxed"), Options()))
    cell, value = ("members", "M1", "gdp"), 1e-6 * 1236
    assert optimum.values[cell] == 1236
    program, _ = optimum.shape.patch({**optimum.values, cell: value})
    anew = solve_program(program, Options())
    assert optimum.reach_at(cell, value) is None
    monkeypatch.setattr(kept_bases, "have_same_face", lambda *_: True)
    missing, money = optimum.reach_at(cell, value)
    assert missing == pytest.approx(anew.stages[0].value, rel=1e-6)
    assert money > anew.stages[1].value + 5


@pytest.mark.medium
def test_bases_are_not_taken_for_optimal_where_they_are_not():
    """Beyond where they end a solve from nothing finds another optimum, or they tell it still."""
    optimum = make_optimum(solve("FORCES"))
    refused = known = 0
    for cell, width in find_ways(optimum):
        value = optimum.values[cell] + 1.5 * width
        program, reason = optimum.shape.patch({**optimum.values, cell: value})
        reached = None if reason else optimum.reach_at(cell, value)
        if reached is None:
            refused += not reason
            continue
        known += 1
        anew = solve_program(program, Options())
        assert reached == pytest.approx([s.value for s in anew.stages], rel=1e-8, abs=1e-8)
    assert refused > 0
    assert known > 0


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

    def reach_at(value):
        return np.array([value + value**2])

    base = Sample(0.0, np.array([0.0]), np.array([1.0]), np.array([1e-12]))
    side = keep_side(reach_at, base, 2.0, 9.0, 1.0, limited_by=FARTHEST, **ALL)
    assert (side.slopes, side.ends) == ((1.0,), AT_LEAST)
    assert 0.003 < side.until <= 0.005 * (1 + 1e-6)


def test_a_basis_that_ends_at_once_keeps_nothing():
    base = Sample(1.0, np.array([5.0]), np.array([2.0]), np.array([1e-12]))
    asked = []
    side = keep_side(asked.append, base, 1.0, 9.0, 1.0, limited_by=FARTHEST, **ALL)
    assert (side, asked) == (None, [])
    # Where stages are not known farther on, it is tried ever nearer, but not without end.
    assert keep_side(asked.append, base, 2.0, 9.0, 1.0, limited_by=FARTHEST, **ALL) is None
    assert len(asked) == 8
    assert asked == sorted(asked, reverse=True)


def test_a_kept_side_that_goes_to_the_limit_ends_as_the_limit_does():
    base = Sample(1.0, np.array([5.0]), np.array([2.0]), np.array([1e-12]))

    def reach_at(value):
        return np.array([5.0 + 2.0 * (value - 1.0)])

    side = keep_side(reach_at, base, np.inf, 3.0, 1.0, limited_by=BOUND, **ALL)
    assert (side.until, side.ends) == (3.0, BOUND)


@pytest.mark.medium
@pytest.mark.parametrize("book", ["small", pytest.param("FORCES", marks=pytest.mark.slow)])
def test_rules_are_told_from_the_bases_what_new_solves_tell_or_nothing(book, monkeypatch):
    """A degenerate basis ends at once, and its dual then is the price to neither side."""
    plan = solve(book)
    known = {(rule.rule, rule.key): rule for rule in prices.find_prices(plan).rules}
    monkeypatch.setattr(prices, "_WORK", 0.0)
    told = unknown = 0
    for rule in prices.find_prices(plan).rules:
        other = known[rule.rule, rule.key]
        for side, solved in ((rule.down, other.down), (rule.up, other.up)):
            unknown += side is None
            if side is None or not side.slopes:
                continue
            told += 1
            assert side.slopes == pytest.approx(solved.slopes, rel=1e-6, abs=1e-9, nan_ok=True)
            assert 1e-6 < abs(side.until) <= abs(solved.until) + 1e-6
    assert told > 0
    assert unknown > 0


def test_a_price_holds_no_farther_than_the_workbook_allows():
    """The bases go on to 3.5, but cuts of a price add up to 1 at most: the book says so."""
    base = Sample(0.5, np.array([5.0]), np.array([2.0]), np.array([1e-12]))

    def reach_at(value):
        return np.array([5.0 + 2.0 * (value - 0.5)])

    def refuse(value):
        return Refusal("the book forbids it", "in a sentence") if value > 1 else None

    side = keep_side(
        reach_at, base, 3.5, 9.0, 1.0, limited_by=FARTHEST, refuses=refuse, told=tell_all
    )
    assert side.until == pytest.approx(1.0, abs=1e-8)
    assert (side.slopes, side.ends) == ((2.0,), "the book forbids it")
    # Where today's value is the last that is allowed, nothing is told of more.
    at_once = replace(base, value=1.0, reached=np.array([6.0]))
    assert (
        keep_side(
            reach_at, at_once, 3.5, 9.0, 1.0, limited_by=FARTHEST, refuses=refuse, told=tell_all
        )
        is None
    )


def test_a_book_whose_price_cut_may_be_no_more_than_all_of_the_price_is_told_no_farther():
    case = make_case(make_random_book(29, 1.3))
    plan = run_study(Instance.of(case, "relaxed"), Options())
    optimum = make_optimum(plan)
    cell = ("programme_effects", ("Q", "frigate", "price_cut"), "value")
    assert optimum.values[cell] == 0.35
    base = optimum.base(cell, (0.0, 3.5))
    end = optimum.find_reach(cell, (0.0, 3.5))[1]
    assert end > 1
    side = keep_side(
        partial(optimum.reach_at, cell), base, end, 3.5, 1.0,
        limited_by=FARTHEST, refuses=partial(optimum.forbids, cell), told=tell_all,
    )  # fmt: skip
    assert side.until == pytest.approx(1.0, abs=1e-8)
    assert optimum.forbids(cell, side.until) is None


def test_a_price_for_less_alone_is_not_told_as_that_of_one_more():
    """The other side was not looked at, and may have another price."""
    less, more = Side((1.0, 36.0), 3.0, AT_LEAST), Side((1.0, 37.0), 5.0, AT_LEAST)
    blocked = Side(reason="no more is allowed")
    own = {
        "table": "t", "key": "k", "column": "c", "where": "t!A1", "value": 4.0, "measure": "units",
        "size": 4.0, "planned": True, "duals": (1.0, 36.0),
    }  # fmt: skip
    cell = CellPrice(**own, down=less)
    assert (cell.slopes, find_remark(cell)) == ((), LESS_ONLY)
    assert np.isnan(cell.price)
    assert np.isnan(cell.sure_step)
    cell = CellPrice(**own, up=more)
    assert (cell.slopes, find_remark(cell), cell.unique) == (more.slopes, MORE_ONLY, None)
    cell = CellPrice(**own, down=less, up=blocked)
    assert (cell.slopes, find_remark(cell), cell.sure_step) == (less.slopes, "", -0.04)
    assert find_remark(CellPrice(**own)) == find_remark(CellPrice(**own, up=blocked)) == TOO_LONG
    short = CellPrice(**own, down=replace(less, slopes=(1.0, np.nan)))
    assert short.short == "short for less"
    in_2027 = replace(less, short=(2027,))
    assert CellPrice(**own, down=in_2027).short == "short for less in 2027"
    assert CellPrice(**own, down=in_2027, up=blocked).short == "short in 2027"
    assert CellPrice(**own, down=in_2027, up=replace(in_2027, short=(2027, 2028))).short == (
        "short for less in 2027, for more in 2027\u201328"
    )
