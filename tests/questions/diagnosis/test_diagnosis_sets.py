"""Smallest subsets with a property, and smallest changes of one number."""

from __future__ import annotations

import itertools
import math
import random
from decimal import Decimal

import pytest

from cssopt.questions.diagnosis.least_change import NEAR, Dial, find_least_change, find_roundest
from cssopt.questions.diagnosis.quickxplain import drop_one_by_one, narrow


def make_property(rng, count):
    """A property that any of some random sets is enough for: it stays where more is taken."""
    enough = [
        set(rng.sample(range(count), rng.randint(0, min(5, count))))
        for _ in range(rng.randint(1, 4))
    ]
    return lambda taken: any(each <= set(taken) for each in enough)


@pytest.mark.parametrize("seed", range(60))
def test_what_is_found_has_the_property_and_loses_it_with_any_item(seed):
    rng = random.Random(seed)
    count = rng.randint(1, 40)
    holds = make_property(rng, count)
    if not holds(range(count)):
        return
    asked = []

    def ask(taken):
        asked.append(list(taken))
        return holds(taken)

    found = narrow(range(count), ask)
    assert holds(found)
    assert not any(holds([x for x in found if x != item]) for item in found)
    k = max(1, len(found))
    assert len(asked) <= 2 * k * math.log2(max(2, count / k)) + 4 * k
    assert drop_one_by_one(found, holds) == found


@pytest.mark.parametrize("seed", range(40))
def test_items_that_stand_early_are_taken_rather_than_late_ones(seed):
    """Of all minimal sets it is that whose last item comes first, then its last but one, and so on
    (by brute force over all subsets)."""
    rng = random.Random(seed)
    count = rng.randint(1, 9)
    holds = make_property(rng, count)
    minimal = [
        set(taken)
        for size in range(count + 1)
        for taken in itertools.combinations(range(count), size)
        if holds(taken) and not any(holds(set(taken) - {item}) for item in taken)
    ]
    if not minimal:
        return
    best = min(minimal, key=lambda taken: sorted(taken, reverse=True))
    assert set(narrow(range(count), holds)) == best


def test_items_are_dropped_from_the_end():
    assert drop_one_by_one("abcd", lambda kept: "a" in kept or "d" in kept) == ["a"]
    assert drop_one_by_one("ab", lambda kept: len(kept) > 1) == ["a", "b"]


@pytest.mark.parametrize("seed", range(60))
def test_no_number_with_fewer_digits_lies_between(seed):
    rng = random.Random(seed)
    one = rng.uniform(-2, 5) * 10 ** rng.randint(-4, 6)
    other = one + rng.uniform(-1, 1) * 10 ** rng.randint(-5, 6)
    low, high = min(one, other), max(one, other)
    found = find_roundest(one, other)
    assert low <= found <= high
    if low <= 0 <= high:
        assert found == 0
        return
    digits = Decimal(repr(found)).normalize()
    coarser = float(Decimal(1).scaleb(digits.as_tuple().exponent + 1))
    assert math.ceil(low / coarser) > math.floor(high / coarser)


def test_the_rounder_number_nearest_to_the_middle_is_taken():
    assert find_roundest(3.21, 3.74) == 3.5
    assert find_roundest(104, 96) == 100
    assert find_roundest(-0.3, 2) == 0
    assert find_roundest(7, 7) == 7


@pytest.mark.parametrize("seed", range(60))
def test_the_smallest_change_reaches_a_threshold_wherever_it_lies(seed):
    rng = random.Random(seed)
    value = rng.choice([0.0, rng.uniform(-50, 50), rng.uniform(0, 1e4)])
    up = rng.random() < 0.5
    threshold = value + (1 if up else -1) * 10 ** rng.uniform(-2, 4)
    asked = []

    def has_plan(number):
        asked.append(number)
        return number >= threshold if up else number <= threshold

    found = find_least_change(Dial(value), has_plan)
    assert found in asked
    assert has_plan(found)
    change, least = abs(found - value), abs(threshold - value)
    assert least <= change <= least * (1 + 2 * NEAR) + 2e-6 * abs(value)


def test_whole_numbers_are_found_exactly_and_bounds_are_kept():
    years = Dial(2032.0, low=1900, high=2300, whole=True)
    assert find_least_change(years, lambda year: year <= 2030) == 2030
    share = Dial(0.2, low=0, high=1)
    assert find_least_change(share, lambda number: number >= 1) == 1
    assert find_least_change(share, lambda number: number > 1) is None
    down = Dial(2.0, whole=True, end=0.0)
    assert find_least_change(down, lambda number: number < 1) == 0


def test_the_end_is_believed():
    """Where a rule is lifted there is a plan: nothing beyond is asked about."""
    asked = []

    def has_plan(number):
        asked.append(number)
        return number <= 2.5

    assert find_least_change(Dial(4.0, end=0.0), has_plan) == pytest.approx(2.5, abs=2e-3)
    assert min(asked) > 0
    assert max(asked) < 4
