"""What units are planned for: one place at a time as the audit sees it, and whom they serve."""

from __future__ import annotations

from dataclasses import replace

import pytest
from books import make_data, make_problem, solve_sheets
from small_books import make_book

from cssopt.solution.audit import audit_solution

HEAD = ["situation", "threat"]
APART = [HEAD, ["first", "K"], ["second", "L"]]


def make_two_threats(situations=APART, **changed):
    """K and L need 4 units each."""
    return make_book(
        threats=[
            ["threat", "name", "theatre", "kind"],
            ["K", "Crisis", "HOME", "military"],
            ["L", "Raid", "HOME", "military"],
        ],
        **{
            "requirements": [
                ["threat", "capability", "day", "level"],
                ["K", "land", 0, 4],
                ["L", "land", 0, 4],
            ],
            "situations": situations,
            **changed,
        },
    )


@pytest.mark.medium
@pytest.mark.parametrize(
    ("situations", "passes"),
    [
        (APART, True),
        # A threat that is named in none is a situation of its own.
        (APART[:2], True),
        ([HEAD, ["both", "K"], ["both", "L"]], False),
        # No rows at all: everything may come at once.
        ([HEAD], False),
    ],
)
def test_units_for_threats_apart_are_one_too_few_where_both_may_come_at_once(situations, passes):
    """4 units do for K and for L where they never come together; the plan is audited anew."""
    plan = solve_sheets(make_two_threats())
    assert plan.pooled_expenditure == pytest.approx(4 * 40)
    problem = make_problem(make_two_threats(), "pooled")
    data = make_data(make_two_threats(situations))
    audit = audit_solution(replace(problem, data=data), plan.quantities)
    (line,) = (line for line in audit.lines if line.rule == "plan_all_together")
    assert (line.result == "holds") is passes
    assert audit.passed is passes


def test_units_serve_the_needs_they_have_power_for_and_are_in_time_for():
    """They are there on day 20, and have no power in the air."""
    plan = solve_sheets(
        make_two_threats(
            readiness=[
                ["tier", "notice_days", "operating_factor", "available_share"],
                ["ready", 20, 1, 1],
            ],
            capabilities=[
                ["capability", "name", "measure"],
                ["land", "Land", "power"],
                ["air", "Air", "power"],
            ],
            requirements=[
                ["threat", "capability", "day", "level"],
                *(["K", "land", day, 4] for day in (40, 19, 20)),
                ["K", "air", 40, 4],
                ["L", "land", 30, 4],
            ],
        )
    )
    rows = plan.derived["employment"]
    assert {(row["threat"], row["in_place_on_day"], row["serves"]) for row in rows} == {
        ("K", 20, "land by day 20, 40"),
        ("L", 20, "land by day 30"),
    }
