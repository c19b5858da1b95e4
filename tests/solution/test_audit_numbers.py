"""A plan that is audited against other inputs fails: the audits read every number for themselves.

Each number of two books is halved and raised by a half (0: half less and half more; a year or a
whole number: one less and one more) after the plan was made. At least one such change of every
column must be noticed, or `UNHEARD` says why none can be.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

import pytest
from alliances import ALLIANCE
from books import make_data, make_problem, solve_sheets
from golden_books import DISPOSALS, INSTITUTIONS

from cssopt.assembly.assemble import Problem
from cssopt.errors import ModelError
from cssopt.solution.audit import Audit, audit_solution
from cssopt.solution.plan import Solution
from cssopt.tables.data import Data

SHORT = {
    **DISPOSALS,
    "requirements": [*INSTITUTIONS["requirements"][:1], ["K", "land", 30, 30, 0.2]],
}
"""The book of the golden files with three times its need, which it cannot meet."""

BOOKS = {"short": (SHORT, "pooled"), "alliance": (ALLIANCE, "relaxed")}
UNHEARD = {
    "settings.price_year",  # a label
    "members.population",  # for reports
    "members.votes",  # for reports
    "activities.stage",  # for reports
    "sharing_keys.share",  # the study shares by GDP
    "contributions_in_kind.credit_per_unit",  # credits stand in no rule and in no amount
    "contributions_in_kind.no_fault_factor",
    "contributions_in_kind.most_notice_days",
}
"""Columns of which no change is noticed."""


@cache
def plan(name: str) -> tuple[Solution, Problem]:
    """The plan of a book, and its problem."""
    sheets, study = BOOKS[name]
    return solve_sheets(sheets, study), make_problem(sheets, study)


def audit_against(name: str, data: Data) -> Audit:
    solution, problem = plan(name)
    return audit_solution(replace(problem, data=data), solution.quantities)


def change_numbers(data: Data) -> Iterator[tuple[str, Data]]:
    """Every number changed by itself, with the name of its column."""
    for name, table in data.tables.items():
        for column in table.spec.columns:
            if column.kind not in ("number", "whole") or column.name in table.spec.key:
                continue
            for key, value in table.columns[column.name].items():
                if value is None:
                    continue
                step = 1 if column.kind == "whole" else 0.5 * (abs(value) or 1.0)
                for other in (value - step, value + step):
                    columns = {**table.columns}
                    columns[column.name] = {**columns[column.name], key: other}
                    changed = {**data.tables, name: table.replace(columns)}
                    yield f"{name}.{column.name}", Data(changed)


def is_noticed(name: str, data: Data) -> bool:
    """True where the audit fails, or finds no such year in the plan."""
    try:
        return not audit_against(name, data).passed
    except ModelError:
        return True


@pytest.mark.medium
def test_every_number_that_a_rule_or_an_amount_has_is_read_by_an_audit():
    asked, noticed = set(), set()
    for name, (sheets, _) in BOOKS.items():
        data = make_data(sheets)
        assert audit_against(name, data).passed
        for column, changed in change_numbers(data):
            asked.add(column)
            if column not in noticed and is_noticed(name, changed):
                noticed.add(column)
    assert asked - noticed == UNHEARD


@pytest.mark.parametrize(
    ("column", "rules"),
    [
        ("members.gdp", {"key_share", "outlay", "burden", "limit_budget"}),
        ("settings.discount_rate", {"burden", "burdens_add_up", "costs_add_up"}),
        (
            "members.cost_index",
            {"operating_cost", "support_cost", "fleet_cost", "disposal_cost", "post_cost"},
        ),
        ("threats.likelihood", {"movement_cost"}),
        ("forces.load", {"movement_cost"}),
    ],
)
def test_the_rule_that_fails_is_that_of_the_number(column, rules):
    """The first number of the column, too small."""
    changes = change_numbers(make_data(SHORT))
    data = next(changed for name, changed in changes if name == column)
    failures = {line.rule for line in audit_against("short", data).failures}
    assert failures == rules
