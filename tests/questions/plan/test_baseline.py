"""No saving is stated where there is no plan at equal security."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from books import solve_sheets
from small_alliance import compare_alone
from small_books import compare, make_book, settings

from cssopt.solution.baseline import Baseline


@pytest.fixture(scope="module")
def found():
    return compare(make_book(), ledger=False)


def test_a_saving_is_what_all_spend_alone_less_what_they_spend_together(found):
    """Alone 40 and 80 a year, together 40 (small_books), four years."""
    chosen, baseline = found
    assert baseline.expenditure_alone == pytest.approx(4 * (40 + 80))
    assert baseline.saving == pytest.approx(4 * 80)
    assert baseline.further_security(chosen) == pytest.approx(0, abs=1e-6)
    assert baseline.break_even == 2030


@pytest.mark.parametrize("without", ["no solve", "no plan"])
def test_without_a_plan_at_equal_security_nothing_is_stated(found, without):
    chosen, baseline = found
    nothing = [["member", "force", "units"], ["A", "unit", 0]]
    none = solve_sheets(make_book(inventory=nothing, settings=settings()), "strict")
    assert not none.has_plan
    told = replace(baseline, equal=None if without == "no solve" else none)
    assert math.isnan(told.saving)
    assert math.isnan(told.further_security(chosen))
    assert told.break_even is None


def test_a_saving_is_not_stated_where_a_member_has_no_plan_alone(found):
    _, baseline = found
    nothing = [["member", "force", "units"], ["A", "unit", 0]]
    none = solve_sheets(make_book(inventory=nothing), "strict", ["A"])
    told = Baseline({**baseline.alone, "A": none}, baseline.equal)
    assert math.isnan(told.expenditure_alone)
    assert math.isnan(told.saving)


def test_members_without_a_plan_for_one_reason_are_told_together():
    """Neither holds a unit, and study strict wants every need met."""
    nothing = [["member", "force", "units"], ["A", "unit", 0]]
    none = solve_sheets(make_book(inventory=nothing, settings=settings()), "strict")
    baseline = compare_alone(none, None)
    assert baseline.reason == "A, B cannot keep the rules of study strict alone"
