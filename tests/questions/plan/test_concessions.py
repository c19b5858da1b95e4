"""What giving up a little of what is held first would save is told only where it is proven."""

from __future__ import annotations

from dataclasses import replace

import pytest
from paths import ANSWERS

import cssopt
from cssopt.solve.warm.carried_basis import CarriedBasis

BOOK = ANSWERS / "knife_edge.xlsx"


@pytest.mark.parametrize("unproven", [None, 1, 2, 3])
def test_an_unproven_stage_on_the_way_leaves_nothing_proven(monkeypatch, unproven):
    """The study fair has four stages: the share, money, the largest burden, money again."""
    solve_stage = CarriedBasis.solve_stage

    def cut(self, program, number, limits):
        solved = solve_stage(self, program, number, limits)
        return replace(solved, status=cssopt.Status.FEASIBLE) if number == unproven else solved

    monkeypatch.setattr(CarriedBasis, "solve_stage", cut)
    found = cssopt.solve(cssopt.load(BOOK), study="fair").concessions
    assert len(found) == 3
    assert {one.is_known for one in found} == {unproven is None}
