"""Traced numbers count like floats, and a tape played again counts like a new calculation."""

from __future__ import annotations

import math
import operator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cssopt.modeling import largest, smallest
from cssopt.modeling.linear import Decision
from cssopt.trace.numbers import Tape, Traced
from cssopt.trace.replay import Replay

A, B = ("forces", "brigade", "load"), ("settings", None, "discount_rate")


def trace(rule, **start):
    """A rule traced at the values of a (and b), and what it gives for others."""
    tape = Tape()
    cells = {"a": A, "b": B}
    result = rule(*(tape.enter(cells[name], value) for name, value in start.items()))
    nodes = [number.node for number in (result if isinstance(result, list) else [result])]
    replay = Replay(tape, np.array(nodes, dtype=np.int64))

    def play(**values):
        numbers, reason = replay.play({cells[name]: value for name, value in values.items()})
        assert (numbers is None) == bool(reason)
        return (None if numbers is None else numbers.tolist()), reason

    return play


RULES = {
    "sum": (lambda a, b: a + b, 8.0),
    "plain on either side": (lambda a, b: 1 + a + 2.0 - b, 7.0),
    "difference": (lambda a, b: 10 - (a - b), 6.0),
    "product": (lambda a, b: 2 * a * b * 3, 72.0),
    "quotient": (lambda a, b: a / b + 6 / b + a / 3, 8.0),
    "power": (lambda a, b: a**b + 2**b + b**2, 44.0),
    "sign": (lambda a, b: -a + +b + abs(b - a), 0.0),
    "up and down": (lambda a, b: math.ceil(a / 4) + math.floor(b / 4), 2.0),
    "largest": (lambda a, b: largest([a, b, 5.0]), 6.0),
    "smallest": (lambda a, b: smallest([3.0, a, b]), 2.0),
    "chained sum": (lambda a, b: sum([a, b, a, b]), 16.0),
    "sum of plain and traced": (lambda a, b: sum([1.0, a, 2]) + b, 11.0),
}


@pytest.mark.parametrize(("rule", "expected"), RULES.values(), ids=RULES)
def test_rules_traced_elsewhere_give_what_is_worked_by_hand(rule, expected):
    """Traced at a = 3 and b = 9, each rule is played for a = 6 and b = 2."""
    numbers, _ = trace(rule, a=3.0, b=9.0)(a=6.0, b=2.0)
    assert numbers == [expected]


def test_the_largest_may_be_another_one():
    """The largest of a, b and 4 is b = 5 when traced, then a, then 4."""
    play = trace(lambda a, b: largest([a, b, 4.0]), a=1.0, b=5.0)
    assert play(a=7.0, b=2.0)[0] == [7.0]
    assert play(a=1.0, b=2.0)[0] == [4.0]


def test_largest_and_smallest_of_plain_numbers_are_plain():
    assert largest([1.0, 3.0]) == 3.0
    assert smallest([2, 1]) == 1
    with pytest.raises(ValueError, match="empty"):
        largest([])


QUESTIONS = {
    "less": lambda a: a < 5,
    "less from the right": lambda a: 5 > a,  # noqa: SIM300 (the plain number is meant to ask)
    "at most": lambda a: a <= 3,
    "more": lambda a: not a > 4,
    "at least": lambda a: not a >= 4,
    "equal": lambda a: a == 3,
    "not equal": lambda a: not a != 3,  # noqa: SIM202 (the other operator is meant)
    "number of plain Python": lambda a: float(a) > 0,
    "square root": lambda a: math.sqrt(a) > 0,
    "choice of the built-in": lambda a: max(a, 4.0) == 4.0,
}


@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS)
def test_a_question_that_comes_out_otherwise_refuses_and_names_the_cell(question):
    """Each is true at 3, and does not hold for 7 or is not known to."""
    tape = Tape()
    number = tape.enter(A, 3.0)
    assert question(number)
    replay = Replay(tape, np.array([(number + 1).node]))
    assert replay.play({A: 3.0})[0].tolist() == [4.0]
    numbers, reason = replay.play({A: 7.0})
    assert numbers is None
    assert reason == "forces.load of brigade decides which decisions and rules there are"


def test_a_question_that_comes_out_the_same_refuses_nothing():
    """2 < 9 and 4 < 5: the smaller one is taken both times. 6 < 5 is not so."""
    play = trace(lambda a, b: a if a < b else b, a=2.0, b=9.0)
    assert play(a=4.0, b=5.0)[0] == [4.0]
    assert play(a=6.0, b=5.0)[0] is None


def test_the_cell_named_is_one_that_changed():
    play = trace(lambda a, b: a + b if a + b > 4 else a, a=3.0, b=2.0)
    assert "settings.discount_rate decides" in play(a=3.0, b=0.5)[1]
    assert "forces.load of brigade decides" in play(a=1.0, b=2.0)[1]


@pytest.mark.parametrize(("start", "changed"), [(2.0, 0.0), (0.0, 2.0)])
def test_being_zero_is_a_question(start, changed):
    play = trace(lambda a: a if a else a + 1, a=start)
    assert play(a=changed)[0] is None


def test_a_coefficient_is_not_bound_to_being_one():
    """A cost that is 1 today may be 2 tomorrow: only "is it 0?" is asked, where it multiplies."""
    tape = Tape()
    one = tape.enter(A, 1.0)
    _ = one * Decision(0)
    assert {(name, tape.values[right]) for name, _, right in tape.conditions} == {("ne", 0.0)}


def test_a_set_asks_for_the_very_number():
    tape = Tape()
    one = tape.enter(A, 1.0)
    assert one in {0, 1}
    replay = Replay(tape, np.array([one.node]))
    assert replay.play({A: 1.0})[0] is not None
    assert replay.play({A: 2.0})[0] is None


REFUSED = {
    "division by zero": (lambda a: 1 / (a - 5), 5.0),
    "hidden by the smallest": (lambda a: smallest([1 / (a - 5), 8.0]), 5.0),
    "nothing by nothing": (lambda a: (a - 5) / (a - 5), 5.0),
    "root of a negative": (lambda a: a**0.5, -4.0),
    "negative power of zero": (lambda a: (a - 5) ** -2, 5.0),
    "too large": (lambda a: a**400, 1e3),
}


@pytest.mark.parametrize(("rule", "value"), REFUSED.values(), ids=REFUSED)
def test_numbers_that_are_not_finite_are_refused(rule, value):
    numbers, reason = trace(rule, a=2.0)(a=value)
    assert numbers is None
    assert reason == "a number that follows from the inputs is not finite"


def test_infinite_from_the_start_is_no_fault():
    """Where no industry is limited, the bound is the smallest of a number and infinity."""
    assert trace(lambda a: smallest([a, math.inf]), a=2.0)(a=3.0)[0] == [3.0]


@pytest.mark.parametrize("use", [round, int, lambda a: a // 2, lambda a: a % 2])
def test_what_cannot_be_traced_is_refused_at_once(use):
    number = Tape().enter(A, 2.5)
    with pytest.raises(TypeError):
        use(number)


def test_the_same_arithmetic_is_noted_once():
    tape = Tape()
    a, b = tape.enter(A, 2.0), tape.enter(B, 3.0)
    first, length = a * b + 1, len(tape.values)
    again = a * b + 1
    assert again.node == first.node
    assert len(tape.values) == length


def test_powers_are_those_of_python_to_the_last_digit():
    """1.01 ** 3 is 1.0303010000000001 in Python and 1.030301 in numpy on many processors: a tape
    that is played with the values it was traced with must give what was traced."""
    for exponent in range(-12, 13):
        for growth in (1.01, 1.035, 0.97, 1 / 3):
            play = trace(lambda a, exponent=exponent: a**exponent, a=2.0)
            assert play(a=growth)[0] == [growth**exponent]


def leaves():
    numbers = st.floats(-8, 8).map(lambda x: round(x, 3))
    return st.sampled_from(["a", "b"]) | numbers


def branches(children):
    two = st.sampled_from(["+", "-", "*", "/", "largest", "smallest", "if"])
    one = st.sampled_from(["-", "abs", "ceil", "floor", "square"])
    return st.tuples(two, children, children) | st.tuples(one, children)


TREES = st.recursive(leaves(), branches, max_leaves=14)
VALUES = st.floats(-6, 6).map(lambda x: round(x, 3))

TWO = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "largest": lambda x, y: largest([x, y]),
    "smallest": lambda x, y: smallest([x, y]),
    "if": lambda x, y: x - y if x > y else y * 2 + 1,
}
ONE = {
    "-": operator.neg,
    "abs": abs,
    "ceil": math.ceil,
    "floor": math.floor,
    "square": lambda x: x**2,
}


def work_out(tree, values):
    """A tree of arithmetic, in whatever kind of number `values` are."""
    if isinstance(tree, str):
        return values[tree]
    if isinstance(tree, float):
        return tree
    parts = [work_out(part, values) for part in tree[1:]]
    return (TWO if len(parts) == 2 else ONE)[tree[0]](*parts)


@pytest.mark.medium
@settings(max_examples=300, deadline=None)
@given(TREES, VALUES, VALUES, VALUES, VALUES)
def test_random_arithmetic_is_that_of_floats(tree, a, b, c, d):
    """Traced at (a, b) and played for (c, d): either what floats give, or refused. Never refused
    for the numbers that were traced."""
    tape = Tape()
    try:
        result = work_out(tree, {"a": tape.enter(A, a), "b": tape.enter(B, b)})
        plain = work_out(tree, {"a": a, "b": b})
    except (ZeroDivisionError, OverflowError):
        return
    if result.__class__ is not Traced:
        assert result == plain
        return
    assert result.value == plain
    replay = Replay(tape, np.array([result.node]))
    assert replay.play({A: a, B: b})[0].tolist() == [plain]
    numbers, _ = replay.play({A: c, B: d})
    if numbers is not None:
        assert numbers.tolist() == [work_out(tree, {"a": c, "b": d})]
