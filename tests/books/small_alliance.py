"""A small alliance whose every figure can be worked out by hand, with names that look like code.

Two members, one kind of force, one threat. ``ALF`` has three units at two million a year (one more
than it needs alone), ``BEL`` none; a unit can be bought for 10 million and serves a year later.
"""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from books import read_study
from rich.console import Console

from cssopt.document.run_facts import RunFacts
from cssopt.issues import Issue
from cssopt.questions.plan.baseline import compare_with_standing_alone
from cssopt.questions.plan.show import show_plan
from cssopt.render.document_terminal import print_document
from cssopt.render.xlsx.document_book import write_document_xlsx
from cssopt.solution.baseline import Baseline
from cssopt.solution.plan import Solution

CODE_LIKE = {
    "title": "=cmd|' /C calc'!A0",
    "ALF": "+1+1 Alpha",
    "BEL": "@SUM(A1:A9)",
    "force": "-2+3",
    "threat": '=HYPERLINK("http://x.invalid","look")',
    "capability": "http://x.invalid/",
}


def make_sheets(
    *, need: float = 2.0, penalty: float | None = None, whole: bool = False, early: float = 15
) -> Any:
    """The small alliance: `need` must be in place by day 30, half of it by day `early`."""
    return {
        "settings": [
            ["name", "value"],
            ["title", CODE_LIKE["title"]],
            ["marking", "ILLUSTRATIVE & MORE"],
            ["currency", "EUR"],
            ["price_year", 2026],
            ["first_year", 2027],
            ["last_year", 2028],
            ["discount_rate", 0.25],
            ["shortfall_penalty", penalty],
        ],
        "members": [
            ["member", "name", "home_theatre", "gdp", "population"],
            ["ALF", CODE_LIKE["ALF"], "N", 3000.0, 1.0],
            ["BEL", CODE_LIKE["BEL"], "N", 1000.0, 1.0],
        ],
        "capabilities": [
            ["capability", "name", "measure"],
            ["land", CODE_LIKE["capability"], "brigades"],
        ],
        "forces": [
            [
                "force",
                "name",
                "personnel",
                "operating_cost",
                "procurement_cost",
                "lead_time",
                "service_life",
                "whole",
            ],
            ["brigade", CODE_LIKE["force"], 1.0, 2.0, 10.0, 1, 10, whole],
        ],
        "power": [["force", "capability", "power"], ["brigade", "land", 1.0]],
        "inventory": [["member", "force", "units"], ["ALF", "brigade", 3]],
        "readiness": [
            ["tier", "notice_days", "operating_factor", "available_share"],
            ["ready", 7, 1.0, 1.0],
        ],
        "theatres": [["theatre", "name"], ["N", "North"]],
        "movement": [
            ["member", "theatre", "transit_days", "cost_per_load"],
            ["ALF", "N", 5, 0.0],
        ],
        "threats": [
            ["threat", "name", "theatre", "kind"],
            ["raid", CODE_LIKE["threat"], "N", "military"],
        ],
        "requirements": [
            ["threat", "capability", "day", "level"],
            ["raid", "land", early, need / 2],
            ["raid", "land", 30, need],
        ],
    }


def make_facts(**changes: Any) -> RunFacts:
    """Facts of a run, with folders of a machine in them that no report may show."""
    facts = RunFacts(
        source="/home/secret_place/alliance.xlsx",
        digest="0123456789abcdef" * 4,
        question="plan",
        begun=datetime(2027, 3, 4, 5, 6, 7, tzinfo=UTC),
        options={"study": "pooled", "out": Path("/home/secret_place/out"), "members": None},
        issues=(Issue("W-201", "inventory!B2", "=a warning"), Issue("N-001", "notes", "a note")),
        seconds={"read": 0.25, "check": 0.5},
    )
    return replace(facts, **changes)


def compare_alone(solution: Solution, sheets: Any) -> Baseline:
    """Every member alone, and equal security."""
    return compare_with_standing_alone(solution, read_study("equal_security").objective)


def write_report(path: Path, solution: Any, baseline: Any = None, facts: Any = None) -> Path:
    """The workbook of a plan, and of what it is compared with."""
    write_document_xlsx(path, show_plan(solution, baseline, facts or make_facts()))
    return path


def print_plan(solution: Any, baseline: Any = None) -> str:
    """What the terminal shows of a plan, blanks apart."""
    console = Console(file=io.StringIO(), width=200)
    print_document(console, show_plan(solution, baseline, make_facts()))
    return "\n".join(" ".join(line.split()) for line in console.file.getvalue().splitlines())


def value_beside(sheet: Any, label: str) -> Any:
    """The value at the right of a label in the first column."""
    return next(row[1].value for row in sheet.iter_rows() if row[0].value == label)
