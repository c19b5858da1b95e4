"""Sums over the numbers of a plan: over indices, and along another quantity."""

from __future__ import annotations

import pytest

from cssopt.errors import ModelError
from cssopt.solution.quantities import Quantities, Quantity


def quantities(**values):
    """Quantities of threats, situations and years: by name their indices and numbers."""
    made = {
        name: Quantity(name, "mine", "variable", "", "", tuple(over.split()), numbers)
        for name, (over, numbers) in values.items()
    }
    return Quantities(data=None, quantities=made, costs={})


PLAN = quantities(
    planned=("member threat year", {("A", "K", 1): 2.0, ("A", "L", 1): 3.0, ("B", "K", 2): 5.0}),
    together=("situation threat year", {
        ("war", "K", 1): 1.0, ("war", "L", 1): 1.0, ("siege", "K", 1): 1.0, ("war", "K", 2): 1.0,
    }),
    weight=("threat", {"K": 7.0}),
)  # fmt: skip


def test_sums_over_the_indices_that_are_not_named():
    assert PLAN.sums("planned", "threat year") == {("K", 1): 2, ("L", 1): 3, ("K", 2): 5}
    assert PLAN.sums("planned", "member") == {"A": 5, "B": 5}


def test_along_another_quantity_a_number_counts_for_each_key_that_agrees():
    """2 and 3 units are in the war of year 1, and the 2 in the siege too."""
    found = PLAN.sums("planned", "member situation year", along="together")
    assert found == {("A", "war", 1): 5, ("A", "siege", 1): 2, ("B", "war", 2): 5}


def test_along_one_index_a_number_without_a_key_that_agrees_counts_nowhere():
    assert PLAN.sums("planned", "member", along="weight") == {"A": 2, "B": 5}


def test_a_quantity_that_is_not_there_is_told():
    with pytest.raises(ModelError, match=r'no quantity "togther".*Did you mean "together"'):
        PLAN.sums("planned", "member", along="togther")
