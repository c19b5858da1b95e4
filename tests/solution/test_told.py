"""An unproven plan is compared only as unproven: differences within its gap are not told."""

from __future__ import annotations

import io
import math
from dataclasses import replace
from functools import cache

import pytest
from books import solve_sheets
from rich.console import Console
from small_alliance import make_facts, print_plan
from small_books import make_book

from cssopt.questions.whatif.result import Comparison, Variant
from cssopt.questions.whatif.show import show_comparison
from cssopt.render.document_terminal import print_document
from cssopt.solution.baseline import Baseline, LedgerLine
from cssopt.solution.told import NO_DIFFERENCE, find_doubt, is_told, tell_doubt
from cssopt.solve.outcome import Status


@cache
def solved():
    """Proven: 160 million."""
    return solve_sheets(make_book(), "least_shortfall")


def unproven(gap, *, last=Status.FEASIBLE, first=Status.OPTIMAL, money=160.0):
    """The plan as if a limit had ended its search so far above the bound."""
    plan = solved()
    share, spent = plan.solved.stages
    stages = (
        replace(share, status=first),
        replace(spent, status=last, value=money, bound=money - gap),
    )
    quantities = replace(plan.quantities) if plan.quantities else None
    found = replace(
        plan,
        status=Status.FEASIBLE,
        solved=replace(plan.solved, status=Status.FEASIBLE, stages=stages, bound=money - gap),
        quantities=quantities,
    )
    assert found.pooled_expenditure == pytest.approx(160)
    return found


def test_the_doubt_of_a_plan_is_what_its_bound_leaves():
    assert find_doubt(solved()) == 0
    assert find_doubt(unproven(5.0)) == pytest.approx(5)


def test_money_after_an_unproven_share_or_not_minimized_is_not_known_at_all():
    assert find_doubt(unproven(0.0, first=Status.FEASIBLE)) == math.inf
    assert find_doubt(unproven(math.inf)) == math.inf
    # What was minimized last is not money: a penalty is in it.
    assert find_doubt(unproven(5.0, money=200.0)) == math.inf


def test_a_difference_within_the_gap_of_either_plan_is_not_told():
    # 160 against 160: nothing can be told where one of them may be 5 less.
    assert is_told(solved(), solved())
    assert not is_told(unproven(5.0), solved())
    assert not is_told(solved(), unproven(5.0))
    assert tell_doubt(solved(), solved()) == ""
    told = tell_doubt(unproven(5.0), solved())
    assert told.startswith("No difference told: this plan may be up to 5.0 million above")


def dearer():
    """Needs are a half larger: 240 million."""
    sheets = make_book()
    head, *rows = sheets["requirements"]
    level = head.index("level")
    sheets["requirements"] = [head, *([*r[:level], 1.5 * r[level], *r[level + 1 :]] for r in rows)]
    return solve_sheets(sheets, "least_shortfall")


def test_a_comparison_marks_it_and_states_no_number():
    other = dearer()
    assert other.pooled_expenditure == pytest.approx(240)
    for gap, told in ((79.0, True), (81.0, False)):
        variant = Variant("more", (), (), other)
        comparison = Comparison(unproven(gap), (variant,))
        document = show_comparison(comparison, make_facts())
        row = document.table("plans").records()[1]
        assert row["difference"] == (pytest.approx(80) if told else NO_DIFFERENCE)
        assert (row["difference_share"] is None) is (not told)
        assert ("burden_difference" in document.tables) is told
        console = Console(file=io.StringIO(), width=200)
        print_document(console, document)
        shown = console.file.getvalue()
        assert (NO_DIFFERENCE in shown) is (not told)
        assert ("80.0" in shown) is told
        head = "Compared as unproven" if told else "No difference told"
        assert any(remark.startswith(head) for remark in comparison.remarks(variant))


def test_what_a_member_may_spend_less_alone_makes_the_saving_less():
    """160 alone, or up to 5 less, and 240 together; none can save more."""
    assert "between -85.0 and -80.0 million" in Baseline({"A": unproven(5.0)}, dearer()).caution


@pytest.mark.parametrize(("gap", "told"), [(79.0, True), (81.0, False)])
def test_a_saving_within_the_gaps_is_no_saving(gap, told):
    """240 alone and 160 together; the plan together may be up to `gap` less."""
    links = (LedgerLine("alone", 240.0, 0.0), LedgerLine("together", 160.0, 80.0))
    baseline = Baseline({"A": dearer()}, unproven(gap), links=links)
    assert math.isnan(baseline.saving) is (not told)
    assert bool(baseline.why_unstated) is (not told)
    shown = print_plan(replace(solved(), coalition=("A",)), baseline)
    assert "nan" not in shown
    if told:
        # The best plan together may save more, none less.
        assert "between 80.0 and 159.0 million" in shown
    else:
        assert f"No saving can be stated: {NO_DIFFERENCE}" in shown


def test_a_plan_that_a_limit_ended_says_whether_its_gap_is_known():
    near, lost = unproven(5.0), unproven(math.inf)
    lost = replace(lost, solved=replace(lost.solved, gap=math.inf))
    assert math.isfinite(near.gap)
    assert near.sentence == Status.FEASIBLE.sentence
    assert lost.sentence.endswith("how much better another could be is not known.")
    # Without a plan there is none to be told of, whatever the gap is.
    none = replace(lost, status=Status.NO_PLAN_YET)
    assert none.sentence == Status.NO_PLAN_YET.sentence
