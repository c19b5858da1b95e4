"""Workbooks with known answers, found by an independent program (tests/cases/README.md)."""

from __future__ import annotations

import json

import pytest
from paths import FORMULATION

import cssopt

EXPECTED = json.loads((FORMULATION / "expected.json").read_text(encoding="utf-8"))
HARD = {"all", "M00,M01"}
LATER = ("core_lp_101", "core_mip_103", "full_105", "full_106", "full_110")
"""Books of kinds of which another one is solved in the default run."""


def runs():
    return list(_runs())


def _runs():
    for book, coalitions in EXPECTED.items():
        for coalition in coalitions:
            easy = book.startswith("core_lp") or (book, coalition) == ("core_mip_109", "M00,M01")
            slow = book in LATER or (coalition in HARD and not easy)
            marks = [pytest.mark.slow] if slow else []
            yield pytest.param(book, coalition, marks=marks, id=f"{book}-{coalition}")


@pytest.fixture(scope="module")
def cases():
    return {book: cssopt.load(FORMULATION / f"{book}.xlsx") for book in EXPECTED}


def test_every_book_passes_the_checks(cases):
    assert set(cases) == set(EXPECTED)
    # They are random: inventories that outlive their force, threats that spare a part, a tier
    # whose share of the only whole unit is half a unit, and a threat that asks for nothing.
    told = {issue.code for case in cases.values() for issue in case.warnings}
    assert told <= {"W-405", "W-406", "W-434", "W-436"}


@pytest.mark.parametrize(("book", "coalition"), runs())
def test_known_answer(cases, book, coalition):
    case, expected = cases[book], EXPECTED[book][coalition]
    members = None if coalition == "all" else coalition.split(",")
    solution = cssopt.solve(case, members=members)
    assert solution.status is cssopt.Status.OPTIMAL
    assert solution.objective == pytest.approx(expected["objective"], rel=1e-5)
    assert solution.pooled_expenditure == pytest.approx(expected["pooled_expenditure"], rel=1e-5)
    # where money and missing share tie, only the objective is unique
    if case.data.settings.shortfall_penalty is None:
        assert solution.missing_share == pytest.approx(
            expected["missing_share"], rel=1e-8, abs=2e-9
        )
    assert solution.threats_met is (expected["shortfall"] < 1e-6)
    assert solution.audit.passed, solution.audit.failures
    assert sum(solution.costs.values()) == pytest.approx(solution.pooled_expenditure, rel=1e-9)


@pytest.mark.medium
@pytest.mark.parametrize(("book", "coalition"), runs())
def test_known_strict_answer(cases, book, coalition):
    expected = EXPECTED[book][coalition]["strict"]
    members = None if coalition == "all" else coalition.split(",")
    solution = cssopt.solve(cases[book], study="strict", members=members)
    if expected == "Infeasible":
        assert solution.status is cssopt.Status.INFEASIBLE
        assert not solution.has_plan
    else:
        assert solution.status is cssopt.Status.OPTIMAL
        assert solution.pooled_expenditure == pytest.approx(expected, rel=1e-5)
