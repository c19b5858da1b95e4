"""Alliances made up for benchmarks: the same by their seed, without errors, worth planning."""

from __future__ import annotations

import alliance
import pytest

import cssopt
from cssopt.assembly.instance import Instance
from cssopt.solution.run import run_study
from cssopt.solve.answer import Options

BOOKS = {
    "law": lambda members, **how: alliance.build_alliance(members, 4, **how),
    "plain": lambda members, **how: alliance.build_plain_alliance(members, years=4, **how),
}
"""Builders of a book of four years, by its kind."""


@pytest.mark.parametrize("kind", BOOKS)
def test_a_seed_gives_the_same_book_and_another_a_different_one(kind):
    build = BOOKS[kind]
    assert build(5) == build(5)
    assert build(5, seed=2) == build(5, seed=2)
    assert build(5) != build(5, seed=2)
    assert build(5) != build(5, whole=True)


@pytest.mark.medium
@pytest.mark.parametrize("kind", BOOKS)
@pytest.mark.parametrize(
    ("members", "how"),
    [(2, {}), (3, {"seed": 7}), (9, {"whole": True}), (32, {}), (32, {"seed": 5})],
)
def test_no_check_finds_an_error(kind, members, how, tmp_path):
    book = alliance.write_book(BOOKS[kind](members, **how), tmp_path / "book.xlsx")
    checked = cssopt.check(book)
    assert [issue for issue in checked.issues if issue.code.startswith("E")] == []
    assert len(checked.data.parties) == members


def test_there_is_all_that_real_alliances_have():
    """What the time of a solve depends on grows with the members; nothing is left empty."""
    sheets, most = alliance.build_alliance(8), alliance.build_alliance(32)
    assert all(len(rows) > 1 for rows in sheets.values())
    for sheet in ("legislation", "caveats", "activities", "exposure", "industry", "budgets"):
        assert len(most[sheet]) > 2 * len(sheets[sheet]), sheet
    names = [row[1] for row in most["members"][1:]]
    assert len(set(names)) == len(names) == 32
    whole = alliance.build_alliance(8, whole=True)["forces"]
    place = {head: at for at, head in enumerate(whole[0])}
    assert all(row[place["whole"]] for row in whole[1:])
    assert any(row[place["programme_cost"]] for row in whole[1:])
    assert any(row[place["fleet_cost"]] for row in whole[1:])


@pytest.mark.medium
def test_a_plan_has_gaps_and_founds_something(tmp_path):
    """With fractions allowed, also of what is founded: to be quick."""
    book = alliance.write_book(alliance.build_alliance(3, 3), tmp_path / "book.xlsx")
    plan = run_study(Instance.of(cssopt.load(book), "relaxed"), Options())
    assert plan.status is cssopt.Status.OPTIMAL
    assert plan.audit.passed
    assert plan.tables["shortfall"]["shortfall"].sum() > 0
    assert plan.tables["body_active"]["body_active"].max() > 0.1
    assert plan.tables["delegated"]["delegated"].sum() > 0
