"""Ceilings of expenditure by hand: what A can keep ready of the 4 units that are needed.

A unit costs 10 million a year at readiness, and nothing in a reserve that comes too late.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from books import add_column, make_data, read_study
from small_books import make_book, years_of

from cssopt.assembly.assemble import assemble
from cssopt.assembly.instance import Instance
from cssopt.solution.audit import audit_solution
from cssopt.solution.run import run_study
from cssopt.solve.answer import Options

READINESS = [
    ["tier", "notice_days", "operating_factor", "available_share"],
    ["ready", 0, 1, 1],
    ["reserve", 90, 0, 1],
]
ROWS = [["member", "year", "budget"], ["A", 2031, 30], ["A", 2032, None]]


def make_budget_book(growth, share, rows=ROWS[:1]):
    """A has an economy of 1,000 in 2030, and may spend this share of it."""
    book = make_book(readiness=READINESS, budgets=rows)
    members = add_column(book["members"], "gdp_growth", growth, None)
    return {**book, "members": add_column(members, "budget_share", share, None)}


def plan_alone(sheets):
    return run_study(Instance(make_data(sheets), read_study("pooled"), ("A",)), Options())


@pytest.mark.parametrize(
    ("growth", "share", "rows", "short"),
    [
        # 10, 15, 22.5 and 33.75 million.
        (0.5, 0.01, ROWS[:1], [3, 2.5, 1.75, 0.625]),
        # 40, 20, 10 and 5 million.
        (-0.5, 0.04, ROWS[:1], [0, 2, 3, 3.5]),
        # A row of its own for 2031, and one for 2032 that lays down no ceiling.
        (0.5, 0.01, ROWS, [3, 1, 0, 0.625]),
    ],
)
def test_a_share_of_the_economy_grows_with_it(growth, share, rows, short):
    solution = plan_alone(make_budget_book(growth, share, rows))
    missing = {("K", t): x for (_, _, _, t), x in solution.quantities.shortfall.items()}
    assert years_of(missing, "K") == pytest.approx(short, abs=1e-6)
    assert solution.audit.passed


@pytest.mark.parametrize(
    ("growth", "where"),
    [
        # 37.5 a year are spent; 10, 15, 22.5 and then 33.75 may be.
        (0.5, "A, 2030"),
        # Of 40, 38, 36.1 and 34.295 the last is the first that is too little for 36.
        (-0.05, "A, 2033"),
    ],
)
def test_the_audit_lets_the_ceiling_grow_as_well(growth, where):
    """The plan of an economy that stands still, audited against one that grows or shrinks."""
    share, spent = (0.01, 37.5) if growth > 0 else (0.04, 36.0)
    still = plan_alone(make_budget_book(0, spent / 1000))
    assert list(still.quantities.outlay.values()) == pytest.approx([spent] * 4, abs=1e-6)
    moved = make_data(make_budget_book(growth, share)).restrict("members", ["A"], {})
    problem = assemble(still.data, still.study)
    audit = audit_solution(replace(problem, data=moved), still.quantities)
    (line,) = (line for line in audit.failures if line.rule == "limit_budget")
    assert line.where == where
