"""The pooling ledger tells what waiting for members costs apart from bodies and set-up.

B alone is endangered: 4 units for 80 a year, or A's for 40 (small_books). A year apart costs 80
more than one together: B meets its need itself, and A keeps the units that it delegates later.
"""

from __future__ import annotations

import pytest
from small_books import activities, activity, bodies, compare, make_book, programme

DELEGATION = "delegation, free of bodies, set-up and integration loss"
CHARGED = "bodies, set-up and integration loss charged"
WAITING = "price of waiting for members charged"

COUNCIL = bodies(("council", "delegation", 3, 1))
AFTER = ["activity", "after"]


def savings(*steps, after=(), last=2033, **sheets):
    """What each line saves, without those that save nothing; together they are the saving."""
    book = make_book(
        exposure=[["threat", "member", "share"], ["K", "B", 1]],
        activities=activities(*steps),
        precedence=[AFTER, *map(list, after)],
        **sheets,
    )
    for row in book["settings"]:
        row[1] = last if row[0] == "last_year" else row[1]
    _, baseline = compare(book)
    lines = {line.name: line.saving for line in baseline.links}
    assert sum(lines.values()) == pytest.approx(baseline.saving)
    assert baseline.equal.audit.passed
    return {name: saving for name, saving in lines.items() if abs(saving) > 1e-6}


@pytest.mark.medium
@pytest.mark.parametrize("member", ["A", "B"])
def test_a_body_that_a_member_founds(member):
    """Founded a year later: 80 more in 2030, a year of the council (1) less."""
    found = activity("ratify", "legislation", 1, member=member, body="council")
    assert savings(found, bodies=COUNCIL) == pytest.approx(
        {DELEGATION: 160, CHARGED: -(3 + 4), WAITING: -(80 - 1)}
    )


@pytest.mark.medium
@pytest.mark.parametrize("member", ["A", "B"])
def test_a_treaty_that_a_member_makes(member):
    """Two years, and nothing else is charged."""
    treaty = activity("treaty", "treaty", 2, member=member)
    assert savings(treaty) == pytest.approx({DELEGATION: 160, WAITING: -2 * 80})


@pytest.mark.medium
def test_a_treaty_of_all_is_set_up():
    assert savings(activity("treaty", "treaty", 1)) == pytest.approx(
        {DELEGATION: 160, CHARGED: -80}
    )


@pytest.mark.medium
def test_what_a_member_pays_for_what_all_wait_for_is_set_up():
    """It costs 5 a year for two of six years, waited for or not; the council starts in 2032."""
    found = activity("ratify", "legislation", 2, 5, member="B", body="council")
    assert savings(found, bodies=COUNCIL, last=2035) == pytest.approx(
        {DELEGATION: 240, CHARGED: -(3 + 6 + 2 * 5), WAITING: -(2 * 80 - 2)}
    )


@pytest.mark.medium
def test_what_is_waited_for_too_long_is_not_set_up():
    """Two of four years apart cost all that delegation saves: it is not begun, nothing is paid."""
    found = activity("ratify", "legislation", 2, 5, member="B", body="council")
    assert savings(found, bodies=COUNCIL) == pytest.approx(
        {DELEGATION: 160, CHARGED: -(3 + 4 + 2 * 5), WAITING: -(160 - 17)}
    )


@pytest.mark.medium
def test_a_member_that_may_not_begin_is_waited_for():
    """From 2031 on, done at once: one year apart. Its 5 are paid in either case."""
    treaty = activity("treaty", "treaty", 0, 5, member="B", earliest=2031)
    assert savings(treaty) == pytest.approx({DELEGATION: 160, CHARGED: -5, WAITING: -80})


def test_all_steps_of_a_member_before_what_is_joint_are_waited_for():
    """A drafts for a year and ratifies for a year; then the council is founded, in 2032."""
    steps = [
        activity("draft", "legislation", 1, member="A"),
        activity("ratify", "legislation", 1, member="A"),
        activity("found", "body", 0, body="council"),
    ]
    after = [("ratify", "draft"), ("found", "ratify")]
    assert savings(*steps, after=after, bodies=COUNCIL, last=2035) == pytest.approx(
        {DELEGATION: 240, CHARGED: -(3 + 6), WAITING: -(2 * 80 - 2)}
    )


@pytest.mark.medium
def test_a_joint_step_before_a_members_own_is_set_up():
    """A treaty of a year (80), then a year of B's, by which the council is founded in 2032."""
    steps = [
        activity("treaty", "treaty", 1),
        activity("ratify", "legislation", 1, member="B", body="council"),
    ]
    after = [("ratify", "treaty")]
    assert savings(*steps, after=after, bodies=COUNCIL, last=2035) == pytest.approx(
        {DELEGATION: 240, CHARGED: -(80 + 3 + 5), WAITING: -(80 - 1)}
    )


@pytest.mark.medium
def test_a_member_whose_own_law_opens_its_own_delegation_keeps_nobody_waiting():
    """Nothing joint comes after it: the year is one of setting up, as before."""
    ratify = activity("ratify", "legislation", 1, member="A")
    assert savings(ratify) == pytest.approx({DELEGATION: 160, CHARGED: -80})


@pytest.mark.medium
def test_a_programme_that_a_member_launches():
    """Nobody is endangered but B, and A may not help: half of 10 a unit of support from 2031 on for
    5, 40 a year for 80 (B is twice as dear). Launched a year later, for want of B's fund: 40 less.
    """
    joint = "joint production, industry, measures and programmes"
    fund = activity("fund", "funding", 1, member="B", programme="P")
    book = make_book(
        exposure=[["threat", "member", "share"], ["K", "B", 1]],
        caveats=[["member", "threat"], ["A", "K"]],
        **programme("infrastructure", "support_cut", "unit", 0.5),
    )
    for row in book["forces"][1:]:
        row[4] = 10
    _, baseline = compare({**book, "activities": activities(fund)})
    lines = {line.name: line.saving for line in baseline.links if abs(line.saving) > 1e-6}
    assert lines == pytest.approx({joint: 3 * 40 - 5, WAITING: -40})


def test_links_without_a_plan_are_told_in_one_line():
    """No line is ever shown without a figure, nor does another take over what it would save."""
    from cssopt.questions.plan.pooling_ledger import LedgerStep, make_lines
    from cssopt.solve.outcome import Status

    nan = float("nan")
    steps = [
        LedgerStep("alone", Status.OPTIMAL, 100.0),
        LedgerStep("once", Status.INFEASIBLE, nan),
        LedgerStep("joint", Status.ERROR, nan),
        LedgerStep("delegation", Status.OPTIMAL, 70.0),
        LedgerStep("charged", Status.OPTIMAL, 75.0),
    ]
    lines = list(make_lines(steps))
    assert [(line.name, line.expenditure, line.saving) for line in lines] == [
        ("alone", 100.0, 0.0),
        ("once + joint + delegation", 70.0, 30.0),
        ("charged", 75.0, -5.0),
    ]
    assert lines[1].reason == "no plan (infeasible); the solver failed"
