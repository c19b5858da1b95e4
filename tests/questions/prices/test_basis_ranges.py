"""Ranges of prices told by the ratio test are those that new solves find, in fewer of them."""

from __future__ import annotations

from dataclasses import replace

import golden_books
import numpy as np
import pytest
from books import make_data, read_study
from small_books import make_book, settings

from cssopt.assembly.instance import Instance
from cssopt.questions.prices.find import find_prices
from cssopt.questions.prices.line import Sample
from cssopt.questions.prices.one_side import explore_side
from cssopt.questions.prices.optimum import Optimum, _Now
from cssopt.solution.price import BEYOND, FARTHEST
from cssopt.solution.run import run_study
from cssopt.solve.answer import Options

FREE = [row for row in settings() if row[0] != "shortfall_penalty"]
BOOKS = {"small": make_book(settings=FREE), "FORCES": golden_books.FORCES}


def solve(book, study="pooled"):
    data = make_data(BOOKS[book])
    chosen = replace(read_study(study), relaxed=True)
    return run_study(Instance(data, chosen, data.members.keys), Options())


def sides_of(found):
    cells = {(cell.table, cell.key, cell.column): cell for cell in found.cells if cell.planned}
    return {
        (key, name): (getattr(cell, name), cell.size)
        for key, cell in cells.items()
        for name in ("down", "up")
    }


@pytest.mark.medium
@pytest.mark.parametrize("book", ["small", pytest.param("FORCES", marks=pytest.mark.slow)])
def test_ranges_are_those_that_solves_without_a_ratio_test_find(book, monkeypatch):
    solution = solve(book)
    with_ends = find_prices(solution)
    monkeypatch.setattr(Optimum, "_find_ends", lambda self, now, cell, sample, span: sample)
    monkeypatch.setattr(_Now, "along_bound", lambda self, sample, *_: sample)
    by_solves = find_prices(solution)
    told, known = sides_of(with_ends), sides_of(by_solves)
    assert told.keys() == known.keys()
    for key, (side, size) in told.items():
        other, _ = known[key]
        assert (side.ends, side.reason) == (other.ends, other.reason), key
        assert side.slopes == pytest.approx(other.slopes, rel=1e-6, abs=1e-9, nan_ok=True), key
        assert side.until == pytest.approx(other.until, rel=1e-4, abs=1e-4 * size, nan_ok=True), key
    assert len(with_ends.rules) == len(by_solves.rules) > 0
    for rule, other in zip(with_ends.rules, by_solves.rules, strict=True):
        for one, two in ((rule.down, other.down), (rule.up, other.up)):
            assert (one.ends, one.reason) == (two.ends, two.reason)
            assert one.until == pytest.approx(two.until, rel=1e-4, abs=1e-4)
    assert with_ends.solves < by_solves.solves


def piecewise(corners, slopes):
    """A piecewise linear optimum whose basis changes in the corners, and the values asked for."""
    corners, slopes, asked = np.array(corners), np.array(slopes), []
    starts = np.concatenate([[0.0], np.cumsum(np.diff(corners) * slopes[1:-1])])

    def at(value):
        piece = int(np.searchsorted(corners, value, side="right"))
        near = max(piece - 1, 0)
        reached = starts[near] + slopes[piece] * (value - corners[near])
        plain = Sample(value, np.array([reached]), slopes[piece : piece + 1], np.array([1e-12]))
        low = corners[piece - 1] if piece else None
        high = corners[piece] if piece < len(corners) else None
        ends = [None if end is None else plain.at(float(end)) for end in (low, high)]
        return replace(plain, low=ends[0], high=ends[1])

    def evaluate(value):
        asked.append(value)
        return at(value)

    return at, evaluate, asked


def test_one_solve_beyond_the_basis_is_enough_where_the_price_ends_with_it():
    at, evaluate, asked = piecewise([2.0], [3.0, 7.0])
    side = explore_side(evaluate, at(1.0), 10.0, 1.0)
    assert (side.slopes, side.until, side.ends) == ((3.0,), 2.0, BEYOND)
    assert len(asked) == 1


def test_a_price_goes_on_beyond_bases_that_end_sooner():
    # Degenerate: the basis changes at 1.5, 1.6 and 2, the price only at 4.
    at, evaluate, asked = piecewise([1.5, 1.6, 2.0, 4.0], [3.0, 3.0, 3.0, 3.0, 7.0])
    side = explore_side(evaluate, at(1.0), 10.0, 1.0)
    assert (side.slopes, side.until, side.ends) == ((3.0,), 4.0, BEYOND)
    assert len(asked) == 4


def test_a_price_that_goes_on_to_the_limit_needs_no_more_than_a_solve_for_each_basis():
    at, evaluate, asked = piecewise([1.5], [3.0, 3.0])
    assert explore_side(evaluate, at(1.0), 10.0, 1.0).ends == FARTHEST
    at, evaluate, asked = piecewise([50.0], [3.0, 7.0])
    side = explore_side(evaluate, at(1.0), 10.0, 1.0)
    assert (side.until, side.ends, asked) == (10.0, FARTHEST, [])
