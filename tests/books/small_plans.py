"""Plans of the small book, with the model files read once and not for every plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from books import Sheets, make_raw
from small_books import ACTIVITIES, activity, bodies, make_book

from cssopt import find_tables
from cssopt.assembly.folders import find_model_folders
from cssopt.assembly.instance import Instance
from cssopt.assembly.study import Study, load_study
from cssopt.questions.plan.baseline import compare_with_standing_alone
from cssopt.solution.baseline import Baseline
from cssopt.solution.plan import Solution
from cssopt.solution.run import run_study
from cssopt.solve.answer import Options
from cssopt.solve.outcome import Status
from cssopt.tables.check import check_book
from cssopt.tables.data import Data
from cssopt.tables.spec import Table

Rows = list[list[Any]]


@cache
def _tables() -> Mapping[str, Table]:
    return find_tables()


@cache
def read_study(name: str) -> Study:
    """A study of the house."""
    return load_study(name, find_model_folders())


def read_data(sheets: Sheets) -> Data:
    """The sheets as typed tables; an AssertionError tells every issue."""
    checked = check_book(make_raw(sheets), dict(_tables()))
    assert checked.data is not None, [str(issue) for issue in checked.issues]
    return checked.data


def plan_sheets(sheets: Sheets, coalition: Sequence[str] | None = None) -> Solution:
    """The pooled plan, which must be optimal, pass its audit and meet every threat."""
    data = read_data(sheets)
    solution = run_study(
        Instance(data, read_study("pooled"), coalition or data.members.keys), Options()
    )
    assert solution.status is Status.OPTIMAL
    assert solution.audit is not None
    assert solution.audit.passed, solution.audit.failures
    assert solution.threats_met
    return solution


def plan(coalition: Sequence[str] | None = None, **sheets: Rows) -> Solution:
    """The plan of the small book with some sheets added or replaced."""
    return plan_sheets(make_book(**sheets), coalition)


def cost(coalition: Sequence[str] | None = None, **sheets: Rows) -> float:
    """What that plan costs, million."""
    return plan(coalition, **sheets).pooled_expenditure


def compare(sheets: Sheets, *, ledger: bool = True) -> tuple[Solution, Baseline]:
    """The pooled plan, and what members would spend alone."""
    data = read_data(sheets)
    chosen = run_study(Instance(data, read_study("pooled"), data.members.keys), Options())
    equal = read_study("equal_security").objective
    return chosen, compare_with_standing_alone(chosen, equal, ledger=ledger)


def activities(*rows: list[Any]) -> Rows:
    """The sheet of these activities."""
    return [ACTIVITIES, *rows]


def years_of(values: Mapping[Any, float], name: str) -> list[float]:
    """The values of one name over the four years, of a quantity by name and year."""
    return [values[name, year] for year in range(2030, 2034)]


def add_column(rows: Rows, name: str, *values: Any) -> Rows:
    """The sheet with one column more."""
    return [[*rows[0], name], *([*row, x] for row, x in zip(rows[1:], values, strict=True))]


def make_early_book():
    """A's 4 units are needed until 2031 for 10 million each; a million is worth 4/5 a year later.

    The council costs 3 and 1 a year; it waits for a treaty of a year, and nothing for the forum.
    """
    book = make_book(
        bodies=bodies(("council", "delegation", 3, 1), ("forum", "consultation", 9, 9)),
        activities=activities(
            activity("treaty", "treaty", 1, 2), activity("talks", "body", 1, 2, body="forum")
        ),
    )
    book["threats"] = add_column(book["threats"], "last_year", 2031)
    book["exposure"] = [["threat", "member", "share"], ["K", "A", 1]]
    for row in book["settings"]:
        row[1] = 0.25 if row[0] == "discount_rate" else row[1]
    return book
