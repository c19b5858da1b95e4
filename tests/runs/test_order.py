"""The order of runs: every run once, each near the one before it."""

from __future__ import annotations

import random
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cssopt.runs.order import order_runs
from cssopt.runs.outcome import Run


def runs_at(*points):
    return [Run(str(i), (), point) for i, point in enumerate(points)]


def way(runs, labels):
    """Length of the way from run to run, in the units of the quantities."""
    places = np.array([[run.point[label] for label in labels] for run in runs])
    return np.abs(np.diff(places, axis=0)).sum()


def test_a_line_is_walked_from_end_to_end():
    runs = runs_at(*({"level": x} for x in (5.0, 1.0, 4.0, 2.0, 3.0)))
    assert [run.point["level"] for run in order_runs(runs)] == [1, 2, 3, 4, 5]


def test_a_grid_is_walked_by_neighbors():
    """5 x 5 points: 24 steps of one cell are the least there can be; in the order of the grid the
    four jumps back make it 24 + 4 * 4."""
    runs = runs_at(*({"a": float(a), "b": float(b)} for a in range(5) for b in range(5)))
    assert way(runs, "ab") == 40
    assert way(order_runs(runs), "ab") <= 30


def test_ranges_count_not_sizes():
    """A gdp of thousands does not outweigh a rate of hundredths: both go over their range."""
    points = [{"gdp": g, "rate": r} for g in (1000.0, 2000.0, 3000.0) for r in (0.01, 0.03)]
    order = [run.point for run in order_runs(runs_at(*points))]
    assert sum(a["rate"] != b["rate"] for a, b in pairwise(order)) <= 3


def test_texts_stay_together():
    """Another scenario is another shape of program: all runs of one, then all of the other."""
    points = [
        {"scale": s, "scenario": n} for s in (1.0, 1.1, 1.2) for n in ("base", "worse", "bad")
    ]
    for chance in range(5):
        shuffled = runs_at(*random.Random(chance).sample(points, len(points)))
        names = [run.point["scenario"] for run in order_runs(shuffled)]
        assert sum(a != b for a, b in pairwise(names)) == 2


def test_what_only_some_runs_vary():
    runs = runs_at({"a": 1.0}, {"b": 2.0}, {"a": 2.0}, {"b": 1.0}, {})
    assert sorted(run.name for run in order_runs(runs)) == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize("number", [0, 1, 2])
def test_few_runs_keep_their_order(number):
    runs = runs_at(*({"a": -float(i)} for i in range(number)))
    assert order_runs(runs) == runs


def test_runs_without_a_point_are_all_there():
    assert Counter(run.name for run in order_runs(runs_at({}, {}, {}, {}))) == Counter("0123")


VALUES = st.one_of(
    st.floats(-1e6, 1e6),
    st.booleans(),
    st.sampled_from(["base", "worse", "1.0"]),
    st.integers(-9, 9),
)
POINTS = st.lists(st.dictionaries(st.sampled_from("abc"), VALUES), max_size=12)


@pytest.mark.medium
@given(POINTS)
def test_no_run_is_lost_or_done_twice(points):
    runs = runs_at(*points)
    assert Counter(run.name for run in order_runs(runs)) == Counter(run.name for run in runs)


def test_more_runs_than_are_compared_at_once():
    """2,500 draws from a square are ordered in blocks; the way is far below that of chance.

    By chance a step is 2/3 on average; a walk by neighbors takes steps of about 1 / sqrt(2500).
    """
    chance = random.Random(1)
    points = [{"a": chance.random(), "b": chance.random()} for _ in range(2_500)]
    runs = order_runs(runs_at(*points))
    assert len({run.name for run in runs}) == 2_500
    assert way(runs, "ab") < 0.15 * 2_500 * 2 / 3
