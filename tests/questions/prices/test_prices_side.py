"""How a price is found from both sides, and where it ends: functions whose answer is plain."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest

from cssopt.questions.prices.line import Sample, Telling
from cssopt.questions.prices.one_side import explore_side
from cssopt.solution.price import AT_ONCE, BEYOND, BOUND, FARTHER_ON, FARTHEST, SHAPE, STEP, Refusal

QUIET = np.array([1e-12])


class Function:
    """A function with its derivative (that to the right where there is a kink)."""

    def __init__(self, value, slope, low=-math.inf, high=math.inf):
        self.value, self.slope, self.low, self.high = value, slope, low, high
        self.calls = 0

    def __call__(self, x):
        self.calls += 1
        if (refusal := self.refuses(x)) is not None:
            return refusal
        return Sample(x, np.array([self.value(x)]), np.array([self.slope(x)]), QUIET)

    def refuses(self, x):
        return None if self.low <= x <= self.high else Refusal(SHAPE, "other rules")

    def look(self, at, limit, known=True, ends=BOUND):
        refuses = self.refuses if known else (lambda _: None)
        return explore_side(self, self(at), limit, abs(at), refuses=refuses, limited_by=ends)


def pieces(*corners):
    """The continuous function through these points, straight between them and beyond."""

    def find(x):
        for (a, v), (b, w) in pairwise(corners):
            if x < b or (b, w) == corners[-1]:
                slope = (w - v) / (b - a)
                return v + slope * (x - a), slope
        raise AssertionError

    return Function(lambda x: find(x)[0], lambda x: find(x)[1])


# Slopes -10, 2, 5, 20: the corners of a convex function.
CONVEX = pieces((0, 40), (4, 0), (6, 4), (7.5, 11.5), (10, 61.5))
# Slopes 3, 1, 4, 2: neither convex nor concave.
MIXED = pieces((0, 0), (2, 6), (5, 9), (7, 17), (10, 23))


@pytest.mark.parametrize(
    ("function", "at", "limit", "price", "until", "ends"),
    [
        (CONVEX, 5.0, 10.0, 2, 6, BEYOND),
        (CONVEX, 5.0, 0.0, 2, 4, BEYOND),
        (CONVEX, 7.0, 100.0, 5, 7.5, BEYOND),
        (CONVEX, 8.0, 100.0, 20, 100, BOUND),
        (CONVEX, 5.0, 5.5, 2, 5.5, BOUND),
        (MIXED, 1.0, 10.0, 3, 2, BEYOND),
        (MIXED, 3.0, 10.0, 1, 5, BEYOND),
        (MIXED, 3.0, -3.0, 1, 2, BEYOND),
        (MIXED, 6.0, 10.0, 4, 7, BEYOND),
        (MIXED, 6.0, 0.0, 4, 5, BEYOND),
    ],
)
def test_a_price_ends_exactly_where_the_next_piece_begins(function, at, limit, price, until, ends):
    side = function.look(at, limit)
    assert side.slopes == pytest.approx((price,))
    assert side.until == pytest.approx(until, rel=1e-8)
    assert side.ends == ends


def test_a_kink_has_another_price_to_each_side():
    """At 4 and at 6 exactly; the slope that the function tells there is that to the right."""
    assert CONVEX.look(4.0, 0.0).slopes == pytest.approx((-10,))
    assert CONVEX.look(4.0, 10.0).slopes == pytest.approx((2,))
    down = CONVEX.look(6.0, 0.0)
    assert down.slopes == pytest.approx((2,))
    assert down.until == pytest.approx(4)


def test_a_break_within_the_first_step_is_no_kink():
    """The price at 5 holds up to 5.0001 only, a fifth of the first step of 5e-4."""
    near = pieces((0, 0), (5.0001, 10.0002), (10, 60))
    side = near.look(5.0, 10.0)
    assert side.slopes == pytest.approx((2,))
    assert side.until == pytest.approx(5.0001, abs=1e-6)


@pytest.mark.parametrize("limit", [10.0, 3.05, 1000.0])
def test_a_curve_has_a_price_as_long_as_it_errs_by_half_a_per_cent_at_most(limit):
    """x ** 2 at 3: 6 d is told, and d ** 2 is the error: 0.005 * 6 d at d = 0.03."""
    function = Function(lambda x: x**2, lambda x: 2 * x)
    up, down = function.look(3.0, limit), function.look(3.0, 0.0)
    assert (up.slopes, down.slopes) == (pytest.approx((6,)), pytest.approx((6,)))
    assert up.until == pytest.approx(3.03, abs=1e-4)
    assert down.until == pytest.approx(2.97, abs=1e-4)
    assert up.ends == down.ends == FARTHER_ON
    assert function.look(3.0, 3.02).until == 3.02


@pytest.mark.parametrize("power", [-1, 0.5, 3, 6])
def test_where_any_curve_errs_too_much_is_found(power):
    function = Function(lambda x: x**power, lambda x: power * x ** (power - 1))
    for limit in (0.1, 9.0):
        end = function.look(1.0, limit).until - 1
        error = (1 + end) ** power - 1 - power * end
        assert abs(error) == pytest.approx(0.005 * abs(power * end), rel=2e-3)


def growing(g):
    """40 million a year for three years, each with the need of its own or of the last year, as a
    unit that is given up does not come back."""
    return 120 * (1 + g) ** 2 if g > 0 else 40 * (1 + (1 + g) + (1 + g) ** 2)


def test_a_curve_that_turns_has_its_price_up_to_the_turn():
    """At 0.01 the price is 242.4; for less it would err by half a per cent at -0.0001, but from 0
    on it is 120."""
    function = Function(growing, lambda g: 240 * (1 + g) if g > 0 else 40 * (3 + 2 * g))
    up, down = function.look(0.01, 0.1), function.look(0.01, -0.08)
    assert up.slopes == down.slopes == pytest.approx((242.4,))
    assert up.until == pytest.approx(0.0201, abs=1e-6)
    assert up.ends == FARTHER_ON
    assert down.until == pytest.approx(0, abs=1e-8)
    assert down.ends == BEYOND
    # Far beyond the turn the price would happen to be right again.
    assert function.look(0.01, -0.9).until == pytest.approx(0, abs=1e-8)


def test_a_corner_where_a_hollow_curve_begins():
    """0 up to 4, then 4 - 16 / x: tangents of the curve meet the line before 4, so that the end is
    only found to within a ten-thousandth of its distance."""
    function = Function(lambda x: max(0.0, 4 - 16 / x), lambda x: 16 / x**2 if x > 4 else 0.0)
    assert function.look(3.5, 35.0).until == pytest.approx(4, abs=5e-5)


def test_a_small_turn_is_part_of_the_half_per_cent():
    """From 2 on the slope is 101 in place of 100: at d the error is d - 1, 0.5 d at d = 2."""
    function = pieces((0, 0), (2, 200), (100, 200 + 98 * 101))
    side = function.look(1.0, 50.0)
    assert side.until == pytest.approx(3, abs=2e-3)
    assert side.ends == FARTHER_ON


def test_a_curve_that_begins_at_a_kink():
    """max(x, x**2) at 1: the price is 1 for less; for more it is 2, and rises."""
    function = Function(lambda x: max(x, x**2), lambda x: 2 * x if x >= 1 else 1.0)
    assert function.look(1.0, 0.0).slopes == pytest.approx((1,))
    up = function.look(1.0, 10.0)
    assert up.slopes == pytest.approx((2,))
    assert up.until == pytest.approx(1.01, abs=1e-4)
    assert up.ends == FARTHER_ON


def test_what_bends_little_holds_long():
    """1e-4 x**2 + x: at 1 the slope is 1.0002, and 1e-4 d ** 2 the error."""
    function = Function(lambda x: 1e-4 * x**2 + x, lambda x: 2e-4 * x + 1)
    side = function.look(1.0, 2.0)
    assert side.slopes == pytest.approx((1.0002,))
    assert (side.until, side.ends) == (2.0, BOUND)
    assert function.look(1.0, 200.0).until == pytest.approx(1 + 50.01, rel=1e-4)


def test_a_price_that_holds_nowhere_is_none():
    """Corners ever nearer to 1: the mean slope swings between 1 and 3 however near one comes."""

    def turn(x):
        return math.sin(3 * math.log(abs(x - 1))) if x != 1 else 0.0

    def slope(x):
        return 2 + turn(x) + 3 * math.cos(3 * math.log(abs(x - 1))) if x != 1 else 2.0

    side = Function(lambda x: 2 * x + (x - 1) * turn(x), slope).look(1.0, 5.0)
    assert (side.slopes, side.reason) == ((), AT_ONCE)


def test_a_step_is_no_price():
    """Whole units: 3 is one more than 2.99."""
    function = Function(lambda x: 10.0 * math.floor(x), lambda x: 0.0)
    assert function.look(3.0, 0.0).reason == STEP
    up = function.look(3.0, 9.0)
    assert up.slopes == (0.0,)
    assert up.until == pytest.approx(4, abs=1e-3)


def test_where_no_room_is_there_is_no_price():
    side = CONVEX.look(5.0, 5.0)
    assert (side.slopes, side.reason) == ((), BOUND)


def test_what_cannot_be_moved_says_why():
    function = Function(lambda x: x, lambda x: 1.0, low=1.0)
    assert function.look(1.0, 0.0).reason == "other rules"
    assert function.look(1.0, 2.0).slopes == (1.0,)


@pytest.mark.parametrize("known", [True, False], ids=["known beforehand", "found by solving"])
def test_a_price_ends_where_there_is_no_optimum(known):
    side = Function(lambda x: x, lambda x: 1.0, high=4.0).look(2.0, 10.0, known)
    assert side.until == pytest.approx(4, abs=1e-7 if known else 1e-3)
    assert side.ends == SHAPE


def test_what_is_looked_at_no_farther_is_said():
    assert CONVEX.look(8.0, 80.0, ends=FARTHEST).ends == FARTHEST


def test_several_stages_each_have_their_price_and_all_that_is_told_one_range():
    """The first bends at 1.5, the second at 3."""

    def evaluate(x):
        reached = np.array([max(x, 2 * x - 1.5), max(-x, -3.0)])
        slopes = np.array([1.0 if x < 1.5 else 2.0, -1.0 if x < 3 else 0.0])
        return Sample(x, reached, slopes, np.full(2, 1e-12))

    side = explore_side(evaluate, evaluate(1.0), 10.0, 1.0)
    assert side.slopes == pytest.approx((1, -1))
    assert side.until == pytest.approx(1.5)

    def tell_last(sample, slopes):
        return Telling(np.array([False, True]))

    last = explore_side(evaluate, evaluate(1.0), 10.0, 1.0, told=tell_last)
    assert last.slopes == pytest.approx((math.nan, -1), nan_ok=True)
    assert last.until == pytest.approx(3)


def test_rounding_of_the_optimum_feigns_no_kink():
    function = Function(lambda x: 1e5 + 3 * x + 1e-9 * math.sin(1e9 * x), lambda x: 3.0)
    side = function.look(2.0, 4.0)
    assert side.slopes == (3.0,)
    assert (side.until, side.ends) == (4.0, BOUND)


def test_few_solves_are_needed():
    CONVEX.calls = 0
    CONVEX.look(5.0, 10.0)
    assert CONVEX.calls <= 14
    jagged = Function(lambda x: math.floor(x) + 0.1 * x**3, lambda x: 0.3 * x**2)
    jagged.look(3.1, 400.0)
    assert jagged.calls <= 50
