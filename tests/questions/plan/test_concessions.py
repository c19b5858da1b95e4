"""What giving up a little of what is held first would save is told only where it is proven."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest
from paths import ANSWERS
from small_alliance import print_plan

import cssopt
from cssopt.cli import main
from cssopt.questions.plan import ask
from cssopt.solve.session import HighsSession
from cssopt.solve.warm.carried_basis import CarriedBasis

BOOK = ANSWERS / "knife_edge.xlsx"


@pytest.mark.medium
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


@pytest.mark.medium
def test_a_large_program_is_asked_only_by_who_asks_for_it(monkeypatch):
    """`solve` makes no further solves as long as the plan's own there; `compare` does."""
    case = cssopt.load(BOOK)
    small = cssopt.solve(case)
    assert len(small.concessions) == 3
    monkeypatch.setattr(ask, "_LARGE", small.shape[1] - 1)
    large = cssopt.solve(case)
    assert large.concessions == ()
    assert large.pooled_expenditure == small.pooled_expenditure
    assert "cost: not asked in this run: cssopt compare BOOK" in print_plan(large.found).replace(
        "\u00a0", " "
    )
    assert len(cssopt.compare(case).plan.concessions) == 3


def test_what_a_study_gives_up_itself_is_told_whatever_is_asked(monkeypatch):
    case = cssopt.load(BOOK)
    asked = cssopt.solve(case, shortfall_tolerance=0.01)
    (chosen,) = (one for one in asked.concessions if one.chosen)
    monkeypatch.setattr(ask, "_LARGE", 0)
    not_asked = cssopt.solve(case, shortfall_tolerance=0.01)
    assert not_asked.concessions == (chosen,)
    assert print_plan(not_asked.found).startswith("! Not the safest plan: to save money")


@pytest.mark.medium
@pytest.mark.parametrize(("formats", "solves"), [("none", 2), ("json", 6)])
def test_no_more_is_solved_than_is_shown(tmp_path, monkeypatch, capsys, formats, solves):
    """Two stages; three shares that may be given up, of which only the second stage is asked, all
    from a basis that is found once; what is read of an answer is compared too."""
    counted = []
    minimise = HighsSession.minimise

    def count(self, stage, **how):
        counted.append(stage.name)
        return minimise(self, stage, **how)

    monkeypatch.setattr(HighsSession, "minimise", count)
    monkeypatch.setattr(ask, "compare_with_standing_alone", lambda *_, **__: None)
    out = ["--out", str(tmp_path), "--quiet"]
    monkeypatch.setattr(sys, "argv", ["cssopt", "solve", str(BOOK), "--formats", formats, *out])
    with pytest.raises(SystemExit):
        main()
    assert len(counted) == solves
    told = capsys.readouterr().out
    assert ("cost: not asked in this run" in told) == (formats == "none")
