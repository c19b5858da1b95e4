"""Two programs written from the formulation agree: see tests/cases/independent."""

from __future__ import annotations

import json

import pytest
from books import solve_sheets
from paths import CASES

BOOKS = json.loads((CASES / "independent" / "books.json").read_text(encoding="utf-8"))


# A quarter of them in every run, the others with the slow tests.
CASES = [
    pytest.param(book, id=str(book["seed"]), marks=[pytest.mark.slow] if place % 4 else [])
    for place, book in enumerate(BOOKS)
]


@pytest.mark.medium
@pytest.mark.parametrize("book", CASES)
def test_the_optimum_of_an_independent_program(book):
    for coalition, objective in book["objective"].items():
        solution = solve_sheets(book["sheets"], members=coalition.split(","))
        if objective is None:
            assert not solution.has_plan
            continue
        assert solution.objective == pytest.approx(objective, rel=1e-6, abs=1e-6)
        assert solution.audit.passed
        assert solution.audit.not_audited == ()


def test_the_books_use_every_sheet():
    used = {name for book in BOOKS for name, rows in book["sheets"].items() if len(rows) > 1}
    assert used >= {
        "members", "budgets", "industry", "exposure", "situations", "legislation", "caveats",
        "apportionment", "measures", "effects", "bodies", "programmes", "programme_effects",
        "activities", "precedence",
    }  # fmt: skip
