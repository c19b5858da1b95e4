"""The independent program itself: it finds what is known, whatever bounds U it is given."""

from __future__ import annotations

import json
import math

import pytest
from paths import CASES

from independent import questions
from independent.bounds import Aim
from independent.random_books import KINDS, make_random_book
from independent.sheets import read_workbook

EXPECTED = json.loads((CASES / "formulation" / "expected.json").read_text(encoding="utf-8"))
QUICK = {"core_lp_108", "core_mip_109"}
SLOW = {"core_lp_101", "core_mip_103", "full_106", "full_whole_107", "full_110"}
"""The other books take longer than they teach: all of them agree."""


def read(name: str):
    sheets = read_workbook(CASES / "answers" / f"{name}.xlsx")
    return sheets, [row[0] for row in sheets["members"][1:]]


def known():
    for book in sorted(QUICK | SLOW):
        for coalition in EXPECTED[book]:
            hard = coalition in {"all", "M00,M01"}
            if book in SLOW and hard and not book.startswith("core"):
                continue
            marks = [] if book in QUICK and not hard else [pytest.mark.slow]
            yield pytest.param(book, coalition, marks=marks, id=f"{book}-{coalition}")


@pytest.mark.medium
@pytest.mark.parametrize(("book", "coalition"), list(known()))
def test_books_with_known_optima(book, coalition):
    sheets, expected = (
        read_workbook(CASES / "formulation" / f"{book}.xlsx"),
        EXPECTED[book][coalition],
    )
    names = [row[0] for row in sheets["members"][1:]]
    members = names if coalition == "all" else coalition.split(",")
    plan = questions.solve(sheets, members)
    assert plan.objective == pytest.approx(expected["objective"], rel=1e-7)
    strict = questions.solve(sheets, members, "strict")
    if expected["strict"] == "Infeasible":
        assert strict is None
    else:
        assert strict.money == pytest.approx(expected["strict"], rel=1e-9)


@pytest.mark.parametrize(
    ("book", "money", "share"),
    [
        ("knife_edge", 559.996, 4),
        ("slack_prio10000", 160, 40000),
        ("slack_prio1", 160, 4),
        ("bound_leak_nopen", 1002.8, 0),
        ("bound_leak_pen", 1002.8, 0),
    ],
)
def test_plans_worked_out_by_hand(book, money, share):
    plan = questions.solve(*read(book))
    assert plan.money == pytest.approx(money, rel=1e-9)
    assert plan.missing_share == pytest.approx(share, abs=1e-8)


@pytest.mark.parametrize("book", ["leaving_exposure", "leaving_activity"])
def test_leaving_worked_out_by_hand(book):
    sheets, members = read(book)
    assert questions.solve(sheets, [m for m in members if m != "C"]).money == pytest.approx(160)


@pytest.mark.parametrize(
    ("book", "saving", "money"),
    [
        ("years_apart_buy", 30, 90),
        ("years_apart_nobuy", 30, 90),
        ("equal_security_K1K2", 10, 30),
        ("equal_security_K2K1", 10, 30),
    ],
)
def test_equal_security_worked_out_by_hand(book, saving, money):
    equal = questions.solve_equal_security(*read(book))
    assert equal.decided
    assert equal.saving == pytest.approx(saving)
    assert equal.money == pytest.approx(money)


def test_shares_are_levelled_one_after_the_other():
    """Alone A has 4 of the 8 that two threats at once ask for: 2 and 2 are short, not 4 and 0."""
    sheets, _ = read("equal_security_K1K2")
    plan, decided = questions.choose_alone(sheets, "A")
    assert decided
    assert sorted(plan.shortfall.values()) == pytest.approx([2.0] * len(plan.shortfall))


@pytest.mark.parametrize("book", ["alternatives_most_fleet", "alternatives_most_nofleet"])
def test_alternatives_worked_out_by_hand(book):
    near = questions.Near(*read(book), 0.05)
    assert near.units("drone", "A").most == pytest.approx(8.0007 / 0.014 + 1, rel=1e-6)
    assert near.units("drone", "B").most == pytest.approx(445.261, rel=1e-5)


@pytest.mark.parametrize(("book", "money"), [("persist_fleet", 18), ("persist_nofleet", 16)])
def test_nearness_worked_out_by_hand(book, money):
    sheets, members = read(book)
    base = questions.solve(sheets, members).held
    place = sheets["requirements"][0].index("level")
    for row in sheets["requirements"][1:]:
        row[place] = 0.5
    for how in ({"weight": 100.0}, {"most": 0.0}):
        plan = questions.solve_near(sheets, members, base, **how)
        assert plan.money == pytest.approx(money)
        moved = sum(abs(plan.held[key] - units) for key, units in base.items())
        assert moved == pytest.approx(0, abs=1e-7)


@pytest.mark.medium
@pytest.mark.parametrize(
    "seed",
    [
        pytest.param(seed, marks=[pytest.mark.slow] if seed % 5 else [])
        for seed in range(2000, 2000 + 4 * len(KINDS))
    ],
)
def test_wider_bounds_change_nothing(seed):
    """Three times what a lean plan may need: no bound cuts the optimum off, and none leaks."""
    sheets = make_random_book(seed)
    members = [row[0] for row in sheets["members"][1:]]
    for coalition in (members, members[:1]):
        tight = questions.solve(sheets, coalition)
        wide = questions.solve(sheets, coalition, aim=Aim(generous=3.0))
        assert wide.objective == pytest.approx(tight.objective, rel=1e-8, abs=1e-8)
        assert wide.missing_share == pytest.approx(tight.missing_share, rel=1e-8, abs=1e-8)
        assert math.isfinite(tight.objective)
