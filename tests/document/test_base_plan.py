"""The head of a document about a plan: what it says first, and how that is to be taken."""

from __future__ import annotations

from dataclasses import replace

import pytest
from books import make_case
from small_books import make_book

import cssopt
from cssopt.document.base_plan import tell_met
from cssopt.solve.outcome import Status


@pytest.mark.parametrize(("change", "mark"), [("requirements.level*=1", "good"),
                                              ("requirements.level*=100", "warn")])  # fmt: skip
def test_a_finding_is_green_only_where_every_plan_meets_the_threats(change, mark):
    """Nobody holds a hundred times the power: the base plan meets the threats, the scenario not."""
    answer = cssopt.whatif(make_case(make_book()), changes=[change])
    assert answer.base.threats_met
    assert answer.document.mark == mark
    assert answer.document.verdict.startswith("Base plan: threats met.")


def test_a_base_plan_that_is_short_stays_red():
    answer = cssopt.whatif(
        make_case(make_book(requirements=[["threat", "capability", "day", "level"],
                                          ["K", "land", 0, 999]])),
        changes=["requirements.level*=0.001"],
    )  # fmt: skip
    assert not answer.base.threats_met
    assert answer.document.mark == "bad"


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (Status.NO_PLAN_YET, "no plan yet: whether the threats can be met is not known."),
        (Status.INTERRUPTED, "no plan yet: whether the threats can be met is not known."),
        (Status.ERROR, "no plan: whether the threats can be met is not known."),
        (Status.UNBOUNDED, "no plan: whether the threats can be met is not known."),
        (Status.INFEASIBLE, "THREATS NOT MET: there is no plan."),
    ],
)
def test_that_threats_are_not_met_is_said_only_where_it_is_known(status, told):
    """Where a limit came before any plan nobody knows."""
    base = replace(cssopt.solve(make_case(make_book())).found, status=status, quantities=None)
    assert tell_met(base) == (f"Base plan: {told}", "bad")
    assert tell_met(base, "") == (told[0].upper() + told[1:], "bad")
