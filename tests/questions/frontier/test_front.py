"""Fronts of plain programs: a published one, vertices and enumeration by other means."""

from __future__ import annotations

import csv
import itertools
import math

import numpy as np
import pyomo.environ as pyo
import pytest
from paths import CASES
from pyomo_programs import compile_model
from scipy.optimize import linprog

from cssopt.questions.frontier.front import find_knees
from cssopt.questions.frontier.method import find_front
from cssopt.solve.answer import Options
from cssopt.solve.outcome import Status
from cssopt.solve.warm.next_question import LinearFigure

KNAPSACK = CASES / "knapsack" / "2kp50.csv"
PUBLISHED = [
    (2103, 1529), (2090, 1531), (2089, 1577), (2087, 1588), (2079, 1589), (2075, 1635),
    (2070, 1636), (2062, 1662), (2059, 1694), (2038, 1708), (2029, 1715), (2028, 1716),
    (2015, 1730), (2009, 1735), (2003, 1755), (1993, 1761), (1987, 1769), (1982, 1772),
    (1975, 1773), (1973, 1808), (1956, 1827), (1931, 1857), (1893, 1902), (1862, 1909),
    (1830, 1914), (1826, 1917), (1822, 1929), (1814, 1949), (1783, 1965), (1755, 1969),
    (1742, 1986), (1711, 2002), (1639, 2003), (1636, 2012), (1547, 2020),
]  # fmt: skip
"""All 35 points of the knapsack 2kp50 (Mavrotas and Florios 2013)."""


def front(model, objectives, **how):
    """The front of a Pyomo model; the objectives are to be minimised."""
    named = {f"figure_{i}": expression for i, expression in enumerate(objectives)}
    program = compile_model(model, named)
    figures = [LinearFigure(*program.find_figure(name)) for name in named]
    return find_front(program, figures, how.pop("options", Options()), **how)


def make_knapsack():
    with KNAPSACK.open(encoding="utf-8", newline="") as file:
        items = [{name: float(x) for name, x in row.items()} for row in csv.DictReader(file)]
    model = pyo.ConcreteModel()
    model.x = pyo.Var(range(len(items)), domain=pyo.Binary)

    def total(name):
        return sum(item[name] * model.x[i] for i, item in enumerate(items))

    model.first = pyo.Constraint(expr=total("weight_1") <= 1445)
    model.second = pyo.Constraint(expr=total("weight_2") <= 1502.5)
    return model, [-total("profit_1"), -total("profit_2")]


@pytest.mark.slow
def test_the_knapsack_2kp50_has_its_published_front():
    found = front(*make_knapsack())
    assert [tuple(-value for value in point.values) for point in found.points] == [
        pytest.approx(values) for values in PUBLISHED
    ]
    assert found.whole
    assert found.status is Status.OPTIMAL
    assert [tuple(-round(v) for v in end.values) for end in found.ends] == [
        (2103, 1529), (1547, 2020),
    ]  # fmt: skip
    assert max(point.gap for point in found.points) <= 1e-6


@pytest.mark.medium
def test_evenly_spaced_limits_find_points_of_the_published_front():
    found = front(*make_knapsack(), points=8)
    values = [tuple(-round(v) for v in point.values) for point in found.points]
    assert set(values) <= set(PUBLISHED)
    # The best point at each limit of the second profit, by the published list.
    limits = np.linspace(1529, 2020, 8)
    assert values == sorted(
        {max(p for p in PUBLISHED if p[1] >= limit - 1e-9) for limit in limits}, reverse=True
    )
    assert not found.whole


# Linear programs: all vertices by enumeration of bases, then the lower left hull of their images.


def random_linear(seed):
    rng = np.random.default_rng(seed)
    rows, columns = 4, 5
    matrix = rng.integers(1, 9, (rows, columns)).astype(float)
    room = rng.integers(20, 60, rows).astype(float)
    need = rng.integers(1, 6, columns).astype(float)
    costs = rng.integers(1, 12, (2, columns)).astype(float)
    return matrix, room, need, costs


def as_model(matrix, room, need, costs):
    """Most of each good in its rows, and in all at least 8: costs against costs."""
    model = pyo.ConcreteModel()
    columns = range(matrix.shape[1])
    model.x = pyo.Var(columns, bounds=(0, 4))
    model.room = pyo.Constraint(
        range(matrix.shape[0]),
        rule=lambda m, i: sum(matrix[i, j] * m.x[j] for j in columns) <= room[i],
    )
    model.need = pyo.Constraint(expr=sum(need[j] * model.x[j] for j in columns) >= 8)
    return model, [sum(row[j] * model.x[j] for j in columns) for row in costs]


def list_vertices(matrix, room, need):
    """Every vertex of the feasible set: five of its inequalities as equations."""
    count = matrix.shape[1]
    left = np.vstack([matrix, -need, -np.eye(count), np.eye(count)])
    right = np.concatenate([room, [-8.0], np.zeros(count), np.full(count, 4.0)])
    for chosen in itertools.combinations(range(len(right)), count):
        part = left[list(chosen)]
        if abs(np.linalg.det(part)) > 1e-9:
            point = np.linalg.solve(part, right[list(chosen)])
            if (left @ point <= right + 1e-9).all():
                yield point


def lower_left_hull(images):
    """Corners of the front: the least first value, then ever smaller slopes down."""
    images = sorted({(round(a, 9), round(b, 9)) for a, b in images})
    hull = [images[0]]
    least = min(b for _, b in images)
    while hull[-1][1] > least + 1e-9:
        a, b = hull[-1]
        steeper = [((d - b) / (c - a), -c, (c, d)) for c, d in images if c > a + 1e-9 and d < b]
        slope = min(s for s, *_ in steeper)
        hull.append(max(p for s, _, p in steeper if s <= slope + 1e-9))
    return hull


@pytest.mark.medium
@pytest.mark.parametrize("seed", range(12))
def test_break_points_of_linear_programs_are_the_vertices_of_the_front(seed):
    matrix, room, need, costs = random_linear(seed)
    found = front(*as_model(matrix, room, need, costs))
    hull = lower_left_hull(costs @ point for point in list_vertices(matrix, room, need))
    assert found.whole
    assert [point.values for point in found.points] == [pytest.approx(p) for p in hull]
    assert {point.status for point in found.points} == {Status.OPTIMAL}


@pytest.mark.parametrize("seed", range(4))
def test_evenly_spaced_points_of_linear_programs_lie_on_the_front(seed):
    matrix, room, need, costs = random_linear(seed)
    found = front(*as_model(matrix, room, need, costs), points=7)
    columns = matrix.shape[1]
    for point in found.points:
        least = linprog(
            costs[0],
            A_ub=np.vstack([matrix, -need, costs[1]]),
            b_ub=[*room, -8.0, point.values[1]],
            bounds=[(0, 4)] * columns,
        )
        assert point.values[0] == pytest.approx(least.fun, abs=1e-6)


# Whole numbers: enumeration.


def random_whole(seed, figures=2, *, integers=True):
    rng = np.random.default_rng(100 + seed)
    weights = rng.integers(2, 12, 8).astype(float)
    profits = rng.integers(1, 15, (figures, 8)).astype(float)
    if not integers:
        profits += rng.random(profits.shape).round(3)
    return weights, profits


def small_knapsack(weights, profits):
    model = pyo.ConcreteModel()
    model.x = pyo.Var(range(8), domain=pyo.Binary)
    model.room = pyo.Constraint(expr=sum(w * model.x[i] for i, w in enumerate(weights)) <= 25)
    return model, [-sum(p * model.x[i] for i, p in enumerate(row)) for row in profits]


def list_nondominated(weights, profits):
    choices = [c for c in itertools.product((0, 1), repeat=8) if np.dot(weights, c) <= 25]
    images = {tuple((-(profits @ np.array(c))).round(9).tolist()) for c in choices}
    return sorted(
        a for a in images
        if not any(b != a and all(x <= y for x, y in zip(b, a, strict=True)) for b in images)
    )  # fmt: skip


@pytest.mark.medium
@pytest.mark.parametrize("integers", [True, False])
@pytest.mark.parametrize("seed", range(4))
def test_whole_number_fronts_are_those_of_enumeration(seed, integers):
    weights, profits = random_whole(seed, integers=integers)
    found = front(*small_knapsack(weights, profits))
    assert [point.values for point in found.points] == [
        pytest.approx(values) for values in list_nondominated(weights, profits)
    ]
    assert found.whole


@pytest.mark.medium
@pytest.mark.parametrize("seed", range(3))
def test_fronts_of_three_figures_hold_nondominated_points_only(seed):
    weights, profits = random_whole(seed, figures=3)
    every = list_nondominated(weights, profits)
    found = front(*small_knapsack(weights, profits), points=6)
    values = [tuple(round(v, 6) for v in p.values) for p in found.points if p.plan is not None]
    assert set(values) <= {tuple(round(v, 6) for v in point) for point in every}
    # Each pair of limits is answered by the least first figure that keeps them.
    ends = np.array([end.values for end in found.ends])
    for second in np.linspace(ends[:, 1].max(), ends[1, 1], 6):
        for third in np.linspace(ends[:, 2].max(), ends[2, 2], 6):
            fit = [p[0] for p in every if p[1] <= second + 1e-9 and p[2] <= third + 1e-9]
            told = [v[0] for v in values if v[1] <= second + 1e-6 and v[2] <= third + 1e-6]
            assert min(told, default=math.inf) == pytest.approx(min(fit, default=math.inf))


# Mixed programs: enumeration of the whole numbers, and for each a linear program.


def mixed_model(seed):
    rng = np.random.default_rng(seed)
    fixed, each, impact = rng.integers(5, 20, 4), rng.integers(1, 6, 4), rng.integers(1, 9, 4)
    model = pyo.ConcreteModel()
    model.open = pyo.Var(range(4), domain=pyo.Binary)
    model.made = pyo.Var(range(4), bounds=(0, 6))
    model.link = pyo.Constraint(range(4), rule=lambda m, i: m.made[i] <= 6 * m.open[i])
    model.need = pyo.Constraint(expr=sum(model.made[i] for i in range(4)) >= 9)
    cost = sum(int(fixed[i]) * model.open[i] + int(each[i]) * model.made[i] for i in range(4))
    return (
        model,
        [cost, sum(int(impact[i]) * model.made[i] for i in range(4))],
        (fixed, each, impact),
    )


def least_cost(numbers, limit):
    """The least cost at an impact of at most the limit; inf where there is none."""
    fixed, each, impact = numbers
    best = math.inf
    for chosen in itertools.product((0, 1), repeat=4):
        answer = linprog(
            each,
            A_ub=[-np.ones(4), impact],
            b_ub=[-9, limit],
            bounds=[(0, 6 * c) for c in chosen],
        )
        if answer.status == 0:
            best = min(best, answer.fun + float(np.dot(fixed, chosen)))
    return best


@pytest.mark.medium
@pytest.mark.parametrize("seed", range(4))
def test_mixed_fronts_are_those_of_enumeration(seed):
    model, objectives, numbers = mixed_model(seed)
    found = front(model, objectives, points=9)
    cost, impact = zip(*(point.values for point in found.points), strict=True)
    for point in found.points:
        # No plan is cheaper at the same impact, and the bound says so.
        assert point.values[0] == pytest.approx(least_cost(numbers, point.values[1] + 1e-7))
        assert point.gap <= 1e-6
    span = max(cost) - min(cost)
    for limit in np.linspace(max(impact), min(impact), 9):
        told = min(c for c, i in zip(cost, impact, strict=True) if i <= limit + 1e-6)
        # The reward for less impact may cost one part in ten thousand of the range.
        assert told <= least_cost(numbers, limit) + 1e-4 * span + 1e-6


def test_a_mixed_front_is_not_said_to_be_whole():
    model, objectives, _ = mixed_model(0)
    assert not front(model, objectives).whole


# Limits of the search, and programs without plans.


def test_a_time_limit_is_told_and_is_not_infeasible():
    found = front(*make_knapsack(), options=Options(time_limit=0.0))
    assert found.status is Status.NO_PLAN_YET
    assert not found.whole
    assert all(point.plan is None for point in found.ends)


@pytest.mark.medium
def test_points_with_a_gap_are_marked_and_their_bounds_hold():
    found = front(*make_knapsack(), points=8, options=Options(gap=0.03))
    assert found.status is Status.FEASIBLE
    loose = [point for point in found.points if point.status is Status.FEASIBLE]
    assert loose
    for point in loose:
        first, second = (-value for value in point.values)
        best = max(p[0] for p in PUBLISHED if p[1] >= second - 1e-6)
        assert first <= best + 1e-6
        assert -point.bound >= best - 1e-6, "the bound cuts off a published point"
        assert 1e-6 < point.gap <= 0.031


def test_an_infeasible_program_has_no_front():
    model, objectives = small_knapsack(*random_whole(0))
    model.never = pyo.Constraint(expr=model.x[0] >= 2)
    found = front(model, objectives)
    assert found.status is Status.INFEASIBLE
    assert found.points == ()


def test_limits_on_other_figures_are_kept():
    model, objectives = as_model(*random_linear(1))
    named = {"a": objectives[0], "b": objectives[1], "first": 1.0 * model.x[0]}
    program = compile_model(model, named)
    a, b, first = (LinearFigure(*program.find_figure(name)) for name in named)
    free = find_front(program, [a, b], Options())
    used = max(first.of(point.plan) for point in free.points)
    assert used > 0.5
    held = find_front(program, [a, b], Options(), limits=[(first, 0.5)])
    assert max(first.of(point.plan) for point in held.points) <= 0.5 + 1e-7


def test_one_plan_that_is_best_in_both_is_the_whole_front():
    model = pyo.ConcreteModel()
    model.x = pyo.Var(bounds=(1, 3))
    found = front(model, [2 * model.x, 5 * model.x])
    assert [point.values for point in found.points] == [(pytest.approx(2), pytest.approx(5))]
    assert found.whole


def test_knees_by_hand():
    # On the chord from (0, 1) to (1, 0), unit axes: (0.1, 0.2) lies 0.7 / sqrt(2) below it. On the
    # chords to its sides, (0.04, 0.55) and (0.6, 0.05): 0.0682 > 0.05 below, and nothing.
    ends, sharp, soft = [(0.0, 1.0), (1.0, 0.0)], (0.1, 0.2), (0.04, 0.55)
    along = (0.55, 0.1)
    assert find_knees([ends[0], soft, sharp, along, ends[1]]) == {sharp: 1}
    deep = (0.02, 0.4)
    # Below the chord from (0, 1) to (0.1, 0.2): |0.8 * 0.02 - 0.1 * 0.6| / 0.806 = 0.0546.
    assert find_knees([ends[0], deep, sharp, ends[1]]) == {sharp: 1, deep: 2}
    assert find_knees(ends) == {}


@pytest.mark.medium
@pytest.mark.parametrize("size", [1.0, 1e3, 1e6])
def test_a_front_of_many_small_bends_is_found_in_any_size(size):
    """A fractional knapsack: goods by rising cost per worth are its 24 segments, by hand."""
    rng = np.random.default_rng(0)
    cost, worth = rng.uniform(1, 30, 24), rng.uniform(1, 30, 24)
    worth[0] *= 1e-3
    cost[1] *= 1e-3
    model = pyo.ConcreteModel()
    model.x = pyo.Var(range(24), bounds=(0, size))
    missing = float(worth.sum()) * size - sum(worth[i] * model.x[i] for i in range(24))
    found = front(model, [sum(cost[i] * model.x[i] for i in range(24)), missing])
    order = np.argsort(cost / worth)
    spent = size * np.concatenate([[0.0], np.cumsum(cost[order])])
    short = size * (worth.sum() - np.concatenate([[0.0], np.cumsum(worth[order])]))
    assert found.whole
    assert found.status is Status.OPTIMAL
    assert [point.values for point in found.points] == [
        (pytest.approx(a, rel=1e-8), pytest.approx(b, abs=1e-6 * size))
        for a, b in zip(spent, short, strict=True)
    ]


def test_limits_that_no_plan_keeps_are_proven_answers():
    weights, profits = random_whole(0, figures=3)
    found = front(*small_knapsack(weights, profits), points=3)
    assert any(point.status is Status.INFEASIBLE for point in found.points)
    assert found.status is Status.OPTIMAL
