"""Random books of all kinds, asked of cssopt and of the independent program: the answers agree.

Every book is planned, and one more question is asked of it, so that every question meets every
kind of book, with levels as they are and scaled by 0.05.
"""

from __future__ import annotations

import itertools
import random

import pytest
from baselines import find_baseline
from books import make_case

import cssopt
from cssopt import read_changes
from cssopt.assembly.instance import Instance
from cssopt.assembly.study import DEFAULT_STUDY
from cssopt.runs.solve_case import solve_instance
from cssopt.solve.answer import Options
from independent import questions
from independent.random_books import KINDS, Rows, kind_of, make_random_book

BOOKS = 250
EXACT = 1e-6
"""Objectives agree within this share of them."""

QUESTIONS = ("coalitions", "saving", "leaving", "alternatives", "near")
DEFAULT = {1, 7, 14, 22, 30, 33, 58, 65, 76, 99}
"""Books of the default run: one of each kind, every question."""
HEAVY = {139, 233}
"""Books whose alternatives are those of a member alone: their searches would take long."""


def question_of(seed: int) -> str:
    return QUESTIONS[seed // len(KINDS) % len(QUESTIONS)]


def scale_of(seed: int) -> float:
    return 0.05 if seed // (len(KINDS) * len(QUESTIONS)) % 3 == 2 else 1.0


def book_of(seed: int) -> dict[str, Rows]:
    return make_random_book(seed, scale_of(seed))


def members_of(sheets: dict[str, Rows]) -> list[str]:
    return [row[0] for row in sheets["members"][1:]]


def has_penalty(sheets: dict[str, Rows]) -> bool:
    return any(row[0] == "shortfall_penalty" for row in sheets["settings"])


def seeds(question: str | None = None) -> list:
    return [
        pytest.param(
            seed,
            id=f"{seed}-{kind_of(seed)}",
            marks=[] if seed in DEFAULT else [pytest.mark.slow],
        )
        for seed in range(BOOKS)
        if question in {None, question_of(seed)}
    ]


def near(value: float, rel: float = EXACT):
    return pytest.approx(value, rel=rel, abs=rel)


def assert_same_plan(solution, plan, penalised: bool) -> None:
    """Objective; without a penalty also the missing share, which comes before it."""
    if plan is None:
        assert solution.status is cssopt.Status.INFEASIBLE
        return
    assert solution.status is cssopt.Status.OPTIMAL
    assert solution.audit.passed, solution.audit.failures
    assert solution.objective == near(plan.objective)
    assert sum(solution.costs.values()) == near(solution.pooled_expenditure)
    if not penalised:
        assert solution.pooled_expenditure == near(plan.money)
        assert solution.missing_share == pytest.approx(plan.missing_share, rel=1e-8, abs=1e-8)


def test_the_books_are_of_all_kinds():
    """Every question is asked of every kind, with needs met and short, with a penalty and not."""
    pairs = {(kind_of(seed), question_of(seed)) for seed in range(BOOKS)}
    assert pairs == set(itertools.product(KINDS, QUESTIONS))
    assert {kind_of(seed) for seed in DEFAULT} == set(KINDS)
    assert {question_of(seed) for seed in DEFAULT} == set(QUESTIONS)
    books = [book_of(seed) for seed in range(0, BOOKS, 3)]
    assert 0.3 < sum(map(has_penalty, books)) / len(books) < 0.7
    used = {name for book in books for name, rows in book.items() if len(rows) > 1}
    assert used >= {
        "members", "budgets", "common_budgets", "industry", "exposure", "situations",
        "legislation", "caveats", "apportionment", "measures", "effects", "bodies", "programmes",
        "programme_effects", "activities", "precedence",
    }  # fmt: skip


@pytest.mark.medium
@pytest.mark.parametrize("seed", seeds("coalitions"))
def test_coalitions_and_strict(seed):
    """The whole coalition, all but one of it, one member, and the whole without shortfall."""
    sheets = book_of(seed)
    case, names = make_case(sheets), members_of(sheets)
    strict = cssopt.solve(case, study="strict")
    assert_same_plan(strict, questions.solve(sheets, names, "strict"), penalised=True)
    for coalition in (names, names[seed % 2 :][: len(names) - 1], names[-1:]):
        solution = cssopt.solve(case, members=coalition)
        assert_same_plan(solution, questions.solve(sheets, coalition), has_penalty(sheets))


@pytest.mark.medium
@pytest.mark.parametrize("seed", seeds("saving"))
def test_the_saving_at_equal_security(seed):
    sheets = book_of(seed)
    names = members_of(sheets)
    coalition = names if seed % 4 else names[-2:]
    solution = cssopt.solve(make_case(sheets), members=coalition)
    assert_same_plan(solution, questions.solve(sheets, coalition), has_penalty(sheets))
    baseline = find_baseline(solution)
    equal = questions.solve_equal_security(sheets, coalition)
    alone = sum(plan.money for plan in equal.alone.values())
    assert baseline.expenditure_alone == near(alone)
    assert equal.decided, "whole numbers let plans alone tie: no figure is the one"
    if equal.money is None:
        assert not baseline.equal.has_plan
    else:
        assert baseline.equal.pooled_expenditure == near(equal.money)
        assert baseline.saving == pytest.approx(equal.saving, abs=EXACT * max(1.0, alone))


@pytest.mark.medium
@pytest.mark.parametrize("seed", seeds("leaving"))
def test_a_member_that_leaves(seed):
    """It is as if the coalition had been made without it; the tables stay as they are."""
    sheets = book_of(seed)
    names = members_of(sheets)
    leaver = names[seed % len(names)]
    steps = read_changes([f"-members[member={leaver}]"])
    compared = cssopt.whatif(make_case(sheets), scenarios={"leaves": steps})
    assert_same_plan(compared.base, questions.solve(sheets, names), has_penalty(sheets))
    (variant,) = compared.variants
    rest = [m for m in names if m != leaver]
    assert_same_plan(variant.solution, questions.solve(sheets, rest), has_penalty(sheets))


@pytest.mark.medium
@pytest.mark.parametrize("seed", seeds("alternatives"))
def test_least_and_most_of_what_members_give(seed):
    """Within a share of the least cost; what moves a held figure by rounding moves an end more.

    A coalition of two in most books, whose whole numbers would take long otherwise.
    """
    sheets = book_of(seed)
    names, forces = members_of(sheets), [row[0] for row in sheets["forces"][1:]]
    coalition = names if kind_of(seed) == "core" else names[: 1 if seed in HEAVY else 2]
    within = (0.2, 0.01, 0.05)[seed % 3]
    case = make_case(sheets)
    found = cssopt.alternatives(case, within=[within], members=coalition, plans=0, gap=1e-9)
    near_optimal = questions.Near(sheets, coalition, within)
    assert_same_plan(found.base, near_optimal.plan, has_penalty(sheets))
    told = {
        (one.contribution.kind.name, *one.contribution.key): (one.least, one.most)
        for one in found.ranges
        if one.status is cssopt.Status.OPTIMAL
    }
    chance = random.Random(seed)
    m, f = chance.choice(coalition), chance.choice(forces)
    expected = {
        ("burden", m): near_optimal.burden(m),
        ("units", f): near_optimal.units(f),
        ("units", m, f): near_optimal.units(f, m),
    }
    for name, ends in expected.items():
        least, most = told.get(name, (0.0, 0.0))
        size = 1e-5 * max(1.0, ends.most)
        assert least == pytest.approx(ends.least, abs=size), name
        assert most == pytest.approx(ends.most, abs=size), name


@pytest.mark.medium
@pytest.mark.parametrize("seed", seeds("near"))
def test_a_plan_near_another(seed):
    """A what-if on all levels, near the base plan by weight, or by a bound on what moves."""
    sheets = book_of(seed)
    factor, names = (0.5, 0.05, 1.2)[seed % 3], members_of(sheets)
    changed = make_random_book(seed, scale_of(seed) * factor)
    case, steps = make_case(sheets), read_changes([f"requirements.level*={factor}"])
    base = cssopt.solve(case, gap=1e-9)
    units = base.quantities.sums("held", "member force year")
    assert_same_plan(base, questions.solve(sheets, names), has_penalty(sheets))
    how = {"most": round(0.2 * sum(units.values()), 2)} if seed % 2 else {"weight": 2.5}
    near = {"persist": how.get("weight"), "persist_most": how.get("most")}
    compared = cssopt.whatif(case, scenarios={"changed": steps}, gap=1e-9, **near)
    (variant,) = compared.variants
    plan = questions.solve_near(changed, names, units, **how)
    assert_same_plan(variant.solution, plan, penalised=True)


FRIGATES = {
    "settings": [
        ["name", "value"], ["title", "Frigates"], ["currency", "EUR"], ["price_year", 2030],
        ["first_year", 2030], ["last_year", 2034], ["discount_rate", 0],
    ],
    "members": [["member", "name", "home_theatre", "gdp", "population"], ["M", "M", "E", 1000, 1]],
    "theatres": [["theatre", "name"], ["E", "E"]],
    "capabilities": [["capability", "name", "measure"], ["land", "land", "power"]],
    "forces": [
        ["force", "name", "personnel", "operating_cost", "procurement_cost", "lead_time",
         "service_life", "whole"],
        ["frigate", "frigate", 3.23, 0.81, 9.26, 2, 8, True],
    ],
    "power": [["force", "capability", "power"], ["frigate", "land", 0.72]],
    "inventory": [["member", "force", "units"]],
    "readiness": [
        ["tier", "notice_days", "operating_factor", "available_share", "max_share"],
        ["high", 5, 1.29, 0.72, 0.42], ["low", 40, 0.8, 0.56, None],
    ],
    "movement": [["member", "theatre", "transit_days", "cost_per_load"], ["M", "E", 0, 1.43]],
    "threats": [["threat", "name", "theatre", "kind"], ["south", "south", "E", "military"]],
    "requirements": [
        ["threat", "capability", "day", "level"],
        ["south", "land", 10, 5.67], ["south", "land", 60, 4.02],
    ],
}  # fmt: skip
"""Whole frigates that are there from 2032 on: the need of the years before stays short."""


@pytest.mark.medium
@pytest.mark.parametrize("most", [0, 3, 7, 10])
def test_more_room_to_move_is_never_dearer(most):
    """Reduced from book 241: a plan with fewer moves is among those with more."""
    changed = change_levels(FRIGATES, 0.05)
    base = cssopt.solve(make_case(FRIGATES))
    units = base.quantities.sums("held", "member force year")
    assert set(units.values()) == {27.0}
    case = make_case(changed)
    asked = Instance.of(case, DEFAULT_STUDY)
    stays, moves = (
        solve_instance(case, asked, Options(), persist=(base, cssopt.Persist(most=moved)))
        for moved in (0, most)
    )
    assert moves.objective <= stays.objective * (1 + EXACT)
    assert_same_plan(moves, questions.solve_near(changed, ["M"], units, most=most), False)


def change_levels(sheets: dict[str, Rows], factor: float) -> dict[str, Rows]:
    head, *rows = sheets["requirements"]
    place = head.index("level")
    scaled = [[*row[:place], row[place] * factor, *row[place + 1 :]] for row in rows]
    return {**sheets, "requirements": [head, *scaled]}
