"""Derivatives of a tape: by hand, against differences, and where there is none to one side."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from test_traced import ONE, TWO

from cssopt.modeling import largest, smallest
from cssopt.trace.adjoint import Adjoint
from cssopt.trace.numbers import Tape, Traced
from cssopt.trace.replay import Replay
from cssopt.trace.sources import find_sources

A, B, C = (("forces", name, "load") for name in "abc")


class Recorded:
    """A rule traced at some values of a, b, c, and its derivatives there or elsewhere."""

    def __init__(self, rule, *values):
        tape = Tape()
        self.cells = (A, B, C)[: len(values)]
        results = rule(*(tape.enter(c, v) for c, v in zip(self.cells, values, strict=True)))
        results = results if isinstance(results, list) else [results]
        self.start = values
        self.replay = Replay(tape, np.array([number.node for number in results]))
        self.count = len(results)

    def differentiate(self, *values, adjoint=None):
        """Figures are the results themselves."""
        values = values or self.start
        numbers, reason = self.replay.play_all(dict(zip(self.cells, values, strict=True)))
        assert not reason
        return (adjoint or Adjoint(self.replay)).pull_back(numbers, np.eye(self.count))


RULES = {
    "sum": (lambda a, b: a + b, [1, 1]),
    "difference": (lambda a, b: a - b, [1, -1]),
    "from a plain number": (lambda a, b: 10 - a + 0 * b, [-1, 0]),
    "product": (lambda a, b: a * b, [5, 2]),
    "quotient": (lambda a, b: a / b, [0.2, -0.08]),
    "whole power": (lambda a, b: a**3 + 0 * b, [12, 0]),
    "power": (lambda a, b: b**a, [25 * math.log(5), 10]),
    "no power": (lambda a, b: (a * b) ** 0, [0, 0]),
    "sign": (lambda a, b: -a + 0 * b, [-1, 0]),
    "size": (lambda a, b: abs(a - b), [-1, 1]),
    "rounding": (lambda a, b: math.floor(a + 0.5) + math.ceil(b + 0.5), [0, 0]),
    "larger": (lambda a, b: largest([a, b]), [0, 1]),
    "smaller": (lambda a, b: smallest([a, b, 7.0]), [1, 0]),
    "used twice": (lambda a, b: a * a + a * b, [9, 2]),
    "growth": (lambda a, b: b * (1 + a) ** -2, [-10 / 27, 1 / 9]),
}


@pytest.mark.parametrize(("rule", "expected"), RULES.values(), ids=RULES)
def test_derivatives_worked_by_hand(rule, expected):
    """At a = 2 and b = 5; traced at a = 3 and b = 4, where the same number is the larger one."""
    slopes = Recorded(rule, 3.0, 4.0).differentiate(2.0, 5.0).slopes
    assert slopes[0].tolist() == pytest.approx(expected)


def test_several_figures_and_numbers_asked_for_twice():
    recorded = Recorded(lambda a, b: [a * b, a + b, a * b], 2.0, 5.0)
    assert recorded.differentiate().slopes.tolist() == [[5, 2], [1, 1], [5, 2]]


def test_seeds_weigh_the_numbers():
    """10 a b + 3 (a + b): 10 b + 3 and 10 a + 3."""
    recorded = Recorded(lambda a, b: [a * b, a + b], 2.0, 5.0)
    numbers, _ = recorded.replay.play_all({A: 2.0, B: 5.0})
    found = Adjoint(recorded.replay).pull_back(numbers, np.array([[10.0, 3.0]]))
    assert found.slopes.tolist() == [[53, 23]]


def test_one_cell_alone_has_the_same_derivative():
    recorded = Recorded(lambda a, b, c: [a * b + c**2, (a + c) * largest([b, c])], 2.0, 5.0, 3.0)
    whole = recorded.differentiate().slopes
    for place, cell in enumerate((A, B, C)):
        alone = recorded.differentiate(adjoint=Adjoint(recorded.replay).restrict(cell)).slopes
        assert alone[:, place].tolist() == whole[:, place].tolist()


KINKS = {
    "two equal numbers": (lambda a, b: largest([a, b]), [True, True]),
    "one and a plain number": (lambda a, b: smallest([a, 2.0]) + b, [True, False]),
    "their multiples": (lambda a, b: largest([3 * a, 6.0]) * b, [True, False]),
    "unequal numbers": (lambda a, b: largest([a, b + 1]), [False, False]),
    "the size of 0": (lambda a, b: abs(a - 2) + b, [True, False]),
    "a rounding at its step": (lambda a, b: math.floor(a * 2) + b, [True, False]),
    "a rounding between steps": (lambda a, b: math.floor(a * 2 + 0.3) + b, [False, False]),
    "multiplied by 0": (lambda a, b: largest([a, b]) * (a - 2), [False, False]),
}


@pytest.mark.parametrize(("rule", "expected"), KINKS.values(), ids=KINKS)
def test_kinks_are_marked_where_they_reach_a_figure(rule, expected):
    """At a = b = 2. In the last rule a kink is multiplied by 0, and the product has none for b."""
    kinks = Recorded(rule, 2.0, 2.0).differentiate().kinks.tolist()
    if rule is KINKS["multiplied by 0"][0]:
        assert not kinks[1]
    else:
        assert kinks == expected


def test_no_derivative_at_all_is_marked_and_counts_as_none():
    """The root of 0 is infinitely steep."""
    found = Recorded(lambda a: a**0.5 + 3 * a, 4.0).differentiate(0.0)
    assert found.slopes.tolist() == [[3]]
    assert found.kinks.tolist() == [True]


EDGES = {
    "is it 0": (lambda a, b: b if a - 2 == 0 else a * b, [True, False]),
    "is it less": (lambda a, b: a * b if a <= 2 else b, [True, False]),
    "which is more": (lambda a, b: a * b if a >= b else b, [True, True]),
    "not near": (lambda a, b: a * b if a < 3 else b, [False, False]),
    "a product with 0": (lambda a, b: b if (a - 2) * b == 0 else a, [True, False]),
    "its very number": (lambda a, b: float(a) * b, [True, False]),
}


@pytest.mark.parametrize(("rule", "expected"), EDGES.values(), ids=EDGES)
def test_edges_are_marked_where_a_cell_decides_by_the_least_change(rule, expected):
    """At a = b = 2."""
    assert Recorded(rule, 2.0, 2.0).differentiate().edges.tolist() == expected


def test_sources_are_the_cells_that_a_number_is_made_from():
    recorded = Recorded(lambda a, b, c: [math.floor(a) * b, c - c], 2.5, 3.0, 4.0)
    a, b, c = recorded.replay.cells
    product, zero = recorded.replay.wanted.tolist()
    tape = recorded.replay.tape
    assert list(find_sources(tape, [product])) == [b, a]
    assert list(find_sources(tape, [zero])) == [c]
    assert list(find_sources(tape, [zero, product, zero])) == [c, b, a]
    assert list(find_sources(tape, [product], lambda node: tape.cells.get(node) != b)) == [a]
    assert list(find_sources(tape, [product], lambda node: node != product)) == []


NUMBERS = st.floats(-4, 4).map(lambda x: round(x, 2))
TREES = st.recursive(
    st.sampled_from(["a", "b", "c"]) | NUMBERS,
    lambda children: st.one_of(
        st.tuples(st.sampled_from([k for k in TWO if k != "if"]), children, children),
        st.tuples(st.sampled_from([k for k in ONE if k not in ("ceil", "floor")]), children),
    ),
    max_leaves=12,
)


def work_out(tree, values):
    if isinstance(tree, str):
        return values[tree]
    if isinstance(tree, float):
        return tree
    parts = [work_out(part, values) for part in tree[1:]]
    return (TWO if len(parts) == 2 else ONE)[tree[0]](*parts)


@pytest.mark.medium
@settings(max_examples=200, deadline=None)
@given(TREES, NUMBERS, NUMBERS, NUMBERS)
def test_random_tapes_have_the_derivatives_of_differences(tree, a, b, c):
    """Against central differences in plain floats, of which two sizes agree."""
    point = {"a": a, "b": b, "c": c}
    try:
        plain = work_out(tree, point)
        recorded = Recorded(lambda *x: work_out(tree, dict(zip("abc", x, strict=True))), a, b, c)
    except (ZeroDivisionError, OverflowError, AttributeError):
        return  # no number, or one that no cell takes part in
    assume(abs(plain) < 1e6)
    found = recorded.differentiate()
    for place, name in enumerate("abc"):
        if found.kinks[place]:
            continue
        wide, narrow = (difference(tree, point, name, step) for step in (2e-5, 1e-5))
        if wide is None or narrow is None or abs(wide - narrow) > 1e-6 * (1 + abs(wide)):
            continue  # too near to a kink, or too steep for differences
        assert found.slopes[0, place] == pytest.approx(narrow, rel=1e-5, abs=1e-5)


def difference(tree, point, name, step):
    try:
        more, less = (work_out(tree, {**point, name: point[name] + side}) for side in (step, -step))
    except (ZeroDivisionError, OverflowError):
        return None
    return (more - less) / (2 * step)


def test_traced_numbers_are_what_the_tape_differentiates():
    assert isinstance(Tape().enter(A, 1.0) * 2, Traced)
