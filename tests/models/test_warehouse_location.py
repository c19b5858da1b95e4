"""Capacitated warehouse location as a workbook (docs/warehouse_location.md): known optima."""

from __future__ import annotations

from dataclasses import replace

import pytest
from books import solve_sheets
from paths import CASES
from warehouses import make_instance, read_or_library, solve_by_enumeration, write_sheets

CAP41 = CASES / "or_library" / "cap41.txt"


@pytest.mark.parametrize("seed", range(5))
def test_random_instances_against_enumeration(seed):
    instance = make_instance(seed, warehouses=5, customers=8)
    plan = solve_sheets(write_sheets(instance), "strict")
    assert plan.objective == pytest.approx(solve_by_enumeration(instance), rel=1e-7)
    assert plan.audit.passed


# The OR-Library's problems cap41 to cap44 are one set of places with four opening costs; their
# optima stand in its file capopt (Beasley 1990).
@pytest.mark.medium
@pytest.mark.parametrize(
    ("opening", "optimum"),
    [
        (7500, 1040444.375),
        pytest.param(12500, 1098000.450, marks=pytest.mark.slow),
        pytest.param(17500, 1153000.450, marks=pytest.mark.slow),
        (25000, 1235500.450),
    ],
)
def test_published_instances(opening, optimum):
    cap41 = read_or_library(CAP41)
    instance = replace(cap41, opening=[opening if cost else 0.0 for cost in cap41.opening])
    plan = solve_sheets(write_sheets(instance), "strict")
    assert plan.objective == pytest.approx(optimum, rel=1e-8)


def test_a_penalty_above_every_assignment_gives_the_same_plan():
    instance = make_instance(3, warehouses=5, customers=8)
    sheets = write_sheets(instance)
    sheets["settings"].append(["shortfall_penalty", 1e4])
    assert solve_sheets(sheets).objective == pytest.approx(solve_by_enumeration(instance), rel=1e-7)
