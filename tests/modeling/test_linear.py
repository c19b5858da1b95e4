"""Expressions and relations, against sums worked by hand; and what is no linear model."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cssopt.errors import ModelError
from cssopt.modeling import constraint, expression, lookup, total, variable, weighted_sum
from cssopt.modeling.block import Block, Model
from cssopt.modeling.declare import TriviallyInfeasibleError
from cssopt.modeling.linear import Decision, Linear, NotLinearError, Rows, Sum
from cssopt.trace.numbers import Tape

X, Y = Decision(0), Decision(1)


def read(expression: Any) -> tuple[dict[int, float], float]:
    """Coefficients by place, added up, and the constant."""
    found: dict[int, float] = {}
    for place, coefficient in zip(*expression.terms(), strict=True):
        found[place] = found.get(place, 0.0) + coefficient
    return found, expression.constant


SUMS = {
    "sum": (lambda: X + Y + 3, {0: 1, 1: 1}, 3),
    "from the right": (lambda: 3 + X, {0: 1}, 3),
    "difference": (lambda: 2 * X - (Y - 4) * 3, {0: 2, 1: -3}, 12),
    "number less a decision": (lambda: 5 - X, {0: -1}, 5),
    "sign": (lambda: -(X - 2) + +Y, {0: -1, 1: 1}, 2),
    "quotient": (lambda: (6 * X + 3) / 3, {0: 2}, 1),
    "the same twice": (lambda: X + X + X, {0: 3}, 0),
    "a sum with itself": (lambda: (lambda s: s + s)(X + 2 * Y), {0: 2, 1: 4}, 0),
    "the built-in sum": (lambda: sum([X, 2 * Y, 4]), {0: 1, 1: 2}, 4),
    "total": (lambda: total([X, 1, Y - 3, 2.5]), {0: 1, 1: 1}, 0.5),
    "weighted": (lambda: weighted_sum([(2, X), (0.5, Y + 4), (3, 2.0)]), {0: 2, 1: 0.5}, 8),
    "weighted by 0": (lambda: weighted_sum([(0.0, X), (1.0, Y)]), {0: 0, 1: 1}, 0),
    "numbers of numpy": (lambda: np.float64(2) * X + np.int64(3), {0: 2}, 3),
    "fractions": (lambda: Fraction(1, 2) * X, {0: 0.5}, 0),
    "by a constant figure": (lambda: Sum((), (), 2.0) * X, {0: 2}, 0),
    "a constant figure by it": (lambda: X * Sum((), (), 2.0), {0: 2}, 0),
}


@pytest.mark.parametrize(("make", "terms", "constant"), SUMS.values(), ids=list(SUMS))
def test_sums_are_those_worked_by_hand(make: Any, terms: Any, constant: float) -> None:
    assert read(make()) == (terms, constant)


NUMBERS = {
    "nothing": (lambda: total([]), 0),
    "no decision": (lambda: total([1, 2.5]), 3.5),
    "weighted": (lambda: weighted_sum([(2, 3.0), (1, 0.5)]), 6.5),
    "no pair": (lambda: weighted_sum([]), 0),
    "0 times a decision": (lambda: 0 * X, 0),
    "0 times a sum": (lambda: (X + 3) * 0.0, 0),
}


@pytest.mark.parametrize(("make", "number"), NUMBERS.values(), ids=list(NUMBERS))
def test_what_has_no_decision_in_it_is_a_number(make: Any, number: float) -> None:
    assert not isinstance(make(), Linear)
    assert make() == number


@given(st.lists(st.tuples(st.integers(0, 4), st.sampled_from("+-*n")), max_size=30))
def test_a_sum_keeps_its_terms_whatever_is_made_of_it(steps: list[tuple[int, str]]) -> None:
    """Sums share lists: each must stay what it was when it was written."""
    made: list[tuple[Any, dict[int, float], float]] = [(X, {0: 1.0}, 0.0), (Y, {1: 1.0}, 0.0)]
    for pick, step in steps:
        one, terms, constant = made[-1 - pick % len(made)]
        other, added, shift = made[pick % len(made)]
        if step == "*":
            new = one * 2.0, {p: 2 * c for p, c in terms.items()}, 2 * constant
        elif step == "n":
            new = one + 1.0, terms, constant + 1
        else:
            sign = 1.0 if step == "+" else -1.0
            both = {p: terms.get(p, 0) + sign * added.get(p, 0) for p in {**terms, **added}}
            new = (one + other if step == "+" else one - other), both, constant + sign * shift
        made.append(new)
    for sums, terms, constant in made:
        found, at_nothing = read(sums)
        assert {p: c for p, c in found.items() if c} == {p: c for p, c in terms.items() if c}
        assert at_nothing == constant


def test_a_long_sum_is_written_once() -> None:
    """Term by term, in one list: what was written before is not copied with each term."""
    grown: Any = 0
    lists = set()
    for place in range(50):
        grown += Decision(place)
        lists.add(id(grown.terms()[0]))
    assert read(grown) == (dict.fromkeys(range(50), 1.0), 0.0)
    assert len(lists) <= 2  # the decision itself, then the sum


RELATIONS = {
    "at most": (lambda: X + 3 <= 5, {0: 1}, "<=", 2),
    "at least": (lambda: X >= 5, {0: 1}, ">=", 5),
    "equal": (lambda: 2 * X == 8, {0: 2}, "==", 8),
    "number on the left": (lambda: 5 >= X, {0: 1}, "<=", 5),  # noqa: SIM300
    "both sides": (lambda: X + 1 <= Y - 2, {0: 1, 1: -1}, "<=", -3),
    "both sides from below": (lambda: X >= Y + 4, {1: 1, 0: -1}, "<=", -4),
    "both sides equal": (lambda: X == Y, {0: 1, 1: -1}, "==", 0),
}


@pytest.mark.parametrize(("make", "terms", "sense", "right"), RELATIONS.values(), ids=RELATIONS)
def test_relations_are_those_worked_by_hand(
    make: Any, terms: Any, sense: str, right: float
) -> None:
    relation = make()
    assert dict(zip(*relation.terms(), strict=True)) == terms
    assert (relation.sense, relation.right) == (sense, right)


def test_a_relation_keeps_its_terms_where_its_sum_grows() -> None:
    grown = X + Y
    relation = grown <= 4
    _ = grown + Decision(2)
    assert list(relation.terms()[0]) == [0, 1]


MISUSES = {
    "product": (lambda: X * Y, "two decisions are multiplied"),
    "product of sums": (lambda: (X + 1) * (Y + 1), "two decisions are multiplied"),
    "divided by a decision": (lambda: X / Y, "divide by a number"),
    "number divided by a decision": (lambda: 1 / X, "used as a number"),
    "power": (lambda: X**2, "used as a number"),
    "absolute": (lambda: abs(X), "used as a number"),
    "rounded": (lambda: math.ceil(X), "used as a number"),
    "as a number": (lambda: float(X), "used as a number"),
    "largest": (lambda: max(X, Y), "write <= or >="),
    "truth": (lambda: 1 if X else 0, "asked whether it is true"),
    "either or": (lambda: X or Y, "asked whether it is true"),
    "strictly less": (lambda: X < 3, "write <= or >="),
    "different": (lambda: X != 3, "<=, >= and == only"),
    "chain": (lambda: 0 <= X <= 5, "a relation of decisions is asked"),
    "two relations": (lambda: (X <= 3) == (Y <= 4), "two relations are compared"),
    "equal to nothing": (lambda: X == None, "compared by == with NoneType"),  # noqa: E711
    "equal to a text": (lambda: X == "a", "compared by == with str"),
    "text equal to it": (lambda: "a" == X + 1, "compared by == with str"),  # noqa: SIM300
    "equal to an array": (lambda: X == np.ones(2), "compared by == with ndarray"),  # noqa: SIM300
    "array equal to it": (lambda: np.ones(2) == X, "compared by == with ndarray"),
    "equal to a relation": (lambda: X == (Y <= 4), "compared by == with Relation"),  # noqa: SIM300
    "in a list": (lambda: X in [Y], "a relation of decisions is asked"),
}


@pytest.mark.parametrize(("misuse", "said"), MISUSES.values(), ids=list(MISUSES))
def test_what_is_no_linear_model_is_refused_in_words(misuse: Any, said: str) -> None:
    with pytest.raises(NotLinearError, match=said):
        misuse()


@pytest.mark.parametrize(
    "mistake", [lambda: X + "a", lambda: None * X, lambda: X <= "b", lambda: total([X, None])]
)
def test_what_is_no_number_is_none(mistake: Any) -> None:
    with pytest.raises(TypeError):
        mistake()


def make_block() -> tuple[Model, Block]:
    model = Model()
    return model, model.add("part")


def test_decisions_stand_on_a_block_by_key() -> None:
    model, block = make_block()
    block.x = variable("member year", [("A", 1), ("B", 1), ("A", 1)], doc="", measure="")
    block.y = variable("", (), doc="", measure="")
    assert list(block.x) == [("A", 1), ("B", 1)]
    assert ("B", 1) in block.x
    assert len(block.x) == 2
    assert [x.place for x in block.x.values()] == [0, 1]
    assert (block.y.place, model.columns) == (2, 3)
    assert lookup(block.x, ("C", 1), 7.0) == 7.0
    assert read(block.y + block.x["A", 1]) == ({2: 1, 0: 1}, 0)
    with pytest.raises(KeyError):
        block.x["C", 1]


def test_figures_are_expressions_even_of_numbers() -> None:
    _, block = make_block()
    block.x = variable("", (), doc="", measure="")
    block.f = expression("year", {1: 3.0, 2: block.x * 2}, doc="")
    assert read(block.f[1]) == ({}, 3.0)
    assert read(block.f[2] + 1) == ({0: 2}, 1)
    block.g = expression("", 4 + block.x, doc="")
    assert read(2 * block.g) == ({0: 2}, 8)
    with pytest.raises(NotLinearError, match="neither a number nor an expression"):
        expression("", "a", doc="")


def test_rules_are_rows_or_hold_always_or_never() -> None:
    _, block = make_block()
    block.x = variable("", (), doc="", measure="")
    stated = {
        1: block.x <= 4,
        2: True,
        3: np.float64(1) <= 2,
        4: Sum((), (), 1.0) <= 2,
        5: block.x == 0,
    }
    block.rule = constraint("year", stated, lambda t: stated[t], doc="a rule")
    assert block.rule.keys == [1, 5]
    assert [(list(p), list(c), r) for p, c, r in block.rule.rows] == [
        ([0], [1.0], 4.0),
        ([0], [1.0], 0.0),
    ]
    assert block.rule.senses == ["<=", "=="]
    for never in (False, np.float64(3) <= 2, Sum((), (), 3.0) <= 2):
        with pytest.raises(TriviallyInfeasibleError, match="never so 1"):
            constraint("year", [1], lambda _, never=never: never, doc="never so")
    with pytest.raises(NotLinearError, match='the rule "no" gives None for 1'):
        constraint("year", [1], lambda _: None, doc="no")


def test_blocks_refuse_what_would_be_lost() -> None:
    import pyomo.environ as pyo

    model, block = make_block()
    block.x = variable("", (), doc="", measure="")
    with pytest.raises(ModelError, match="declared twice"):
        block.x = variable("", (), doc="", measure="")
    with pytest.raises(ModelError, match='stands on a block already, as "x"'):
        block.z = block.x
    with pytest.raises(ModelError, match="every block has"):
        block.name = 3
    with pytest.raises(ModelError, match="made with Pyomo"):
        block.p = pyo.Var()
    with pytest.raises(ModelError, match="in `variables` only"):
        Block("ties").x = variable("", (), doc="", measure="")
    with pytest.raises(AttributeError, match='declares no "yy"'):
        _ = block.yy
    with pytest.raises(NotLinearError, match="before it stands on its block"):
        _ = variable("", (), doc="", measure="") + 1
    with pytest.raises(NotLinearError, match="before it stands on its block"):
        _ = variable("year", [1], doc="", measure="")[1]
    with pytest.raises(ModelError, match='unknown domain "integer"'):
        variable("", (), doc="", measure="", domain="integer")  # type: ignore[arg-type]
    assert model.columns == 1


READINGS = {
    "one": lambda x: x[1],
    "one or none": lambda x: lookup(x, 1),
    "whether there is one": lambda x: 1 in x,
    "whether there are any": lambda x: bool(x),
    "how many": len,
    "keys": list,
    "keys by name": lambda x: x.keys(),
    "decisions": lambda x: total(x.values()),
    "both": lambda x: [each for each in x.items()],  # noqa: C416
    "copied": dict,
}


@pytest.mark.parametrize("reading", READINGS.values(), ids=list(READINGS))
@pytest.mark.parametrize("keys", [[1], []])
def test_decisions_are_read_on_their_block_only(reading: Any, keys: list[int]) -> None:
    """Before, they would be no decisions at all: a rule over them would hold always."""
    _, block = make_block()
    declared = variable("year", keys, doc="", measure="")
    with pytest.raises(NotLinearError, match="before it stands on its block"):
        reading(declared)
    block.x = declared
    if keys or reading is not READINGS["one"]:
        reading(block.x)


def test_traced_numbers_stay_traced_in_rows() -> None:
    """An array of numbers would ask a traced one for its value, and bind the program to it."""
    tape = Tape()
    cost = tape.enter(("forces", "tank", "load"), 2.0)
    rows = Rows()
    rows.append([0], [1.0], 3.0)
    rows.append(*(cost * X + Y).terms(), cost)
    assert [number for _, _, number in rows][1] is cost
    assert list(rows)[1][1][0] is cost
    assert tape.conditions == {("ne", cost.node, 1): True}  # only whether it is 0, where it stands
