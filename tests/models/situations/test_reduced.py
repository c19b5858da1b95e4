"""Rows that others imply and sums in the place of what they are: the optimum is that without."""

from __future__ import annotations

import numpy as np
import pytest
from alliances import make_alliance
from books import make_data, read_study
from independent.random_books import make_random_book
from scipy.optimize import linprog
from scipy.sparse import vstack
from small_books import make_book

from cssopt.assembly.folders import find_model_folders
from cssopt.assembly.instance import Instance
from cssopt.assembly.study import Study
from cssopt.solution.run import run_study
from cssopt.solve.answer import Options
from cssopt.solve.compile import compile_problem

STUDIES = ("pooled", "least_shortfall", "no_institutions")
KINDS = ({}, {"caps": False}, {"penalty": None}, {"institutions": True}, {"whole": True})


def find_optimum(sheets, study: Study):
    """How the search ended, what each stage reached, and whether the audit passed."""
    data = make_data(sheets)
    plan = run_study(Instance(data, study, data.members.keys), Options(gap=0.0))
    values = {stage.name: stage.value for stage in plan.solved.stages}
    return plan.status, values, plan.audit is None or plan.audit.passed


def check_same(sheets, study: Study) -> None:
    reduced, whole = (find_optimum(sheets, study.choosing(reduced=flag)) for flag in (True, False))
    assert reduced[0] == whole[0]
    assert reduced[1] == pytest.approx(whole[1], rel=1e-6, abs=1e-9)
    assert reduced[2]
    assert whole[2]


@pytest.mark.medium
@pytest.mark.parametrize("seed", range(20))
def test_random_books_have_the_same_optimum(seed: int) -> None:
    """Two of each kind of book."""
    check_same(make_random_book(seed), read_study(STUDIES[seed % len(STUDIES)]))


@pytest.mark.medium
@pytest.mark.parametrize("kinds", KINDS, ids=str)
@pytest.mark.parametrize("seed", range(2))
def test_random_alliances_have_the_same_optimum(seed: int, kinds) -> None:
    check_same(make_alliance(seed, **kinds), read_study("pooled"))


def compile_rows(sheets, study: Study, **given):
    data = make_data(sheets)
    return compile_problem(Instance(data, study, data.members.keys, given).assemble())


def find_range(program, name: str) -> list[tuple[float, float]]:
    """Lower and upper limits of the rows of a rule."""
    return [
        limits
        for row, *limits in zip(program.rows, program.row_lower, program.row_upper, strict=True)
        if row[1] == name
    ]


THREATS = [
    ["threat", "name", "theatre", "kind"],
    ["K", "Crisis", "HOME", "military"],
    ["L", "Raid", "AWAY", "military"],
]


def make_two_situations(*ways):
    """K at home, L where only some can go; both may come at once, or L alone."""
    return make_book(
        theatres=[["theatre", "name"], ["HOME", "Home"], ["AWAY", "Away"]],
        threats=THREATS,
        movement=[["member", "theatre", "transit_days", "cost_per_load"], *ways],
        requirements=[
            ["threat", "capability", "day", "level"],
            ["K", "land", 0, 4],
            ["L", "land", 0, 4],
        ],
        situations=[["situation", "threat"], ["K", "K"], ["both", "K"], ["both", "L"]],
    )


def test_a_situation_of_which_nothing_more_is_planned_has_no_row() -> None:
    """A can go to both theatres, B stays at home: of "both" B is planned for K alone. `K` itself is
    part of "both", and left out for all; so each of 2 members has one row in each of 4 years."""
    sheets = make_two_situations(["A", "AWAY", 0, 1])
    program = compile_rows(sheets, read_study("pooled"))
    assert [r[2][3] for r in program.rows if r[1] == "one_place_at_a_time"] == ["both"] * 8


def test_a_situation_that_is_part_of_another_for_a_member_has_no_row_for_it() -> None:
    """ "KL" and "KM": B, who cannot go to M, has "KL" alone; A has both."""
    sheets = make_two_situations(["A", "AWAY", 0, 1])
    sheets["threats"] = [*THREATS, ["M", "Siege", "AWAY", "military"]]
    sheets["threats"][2] = ["L", "Raid", "HOME", "military"]
    sheets["requirements"] = [*sheets["requirements"], ["M", "land", 0, 4]]
    pairs = [("KL", "K"), ("KL", "L"), ("KM", "K"), ("KM", "M")]
    sheets["situations"] = [["situation", "threat"], *map(list, pairs)]
    for reduced, of_b in ((True, {"KL"}), (False, {"KL", "KM"})):
        program = compile_rows(sheets, read_study("pooled").choosing(reduced=reduced))
        rows = [row[2] for row in program.rows if row[1] == "one_place_at_a_time"]
        assert {s for m, _, _, s, _ in rows if m == "A"} == {"KL", "KM"}
        assert {s for m, _, _, s, _ in rows if m == "B"} == of_b


def test_all_that_is_delegated_counts_where_nothing_limits_it() -> None:
    study = read_study("pooled")
    limits = {
        "reduced": find_range(compile_rows(make_book(), study), "credit_what_is_delegated"),
        "not": find_range(
            compile_rows(make_book(), study.choosing(reduced=False)), "credit_what_is_delegated"
        ),
        "any plan": find_range(
            compile_rows(make_book(), study, most_spent=1e4), "credit_what_is_delegated"
        ),
    }
    assert {low == high for low, high in limits["reduced"]} == {True}
    assert {low == high for low, high in limits["not"]} == {False}
    assert limits["any plan"] == limits["not"]


def find_least(program, weight: float) -> float:
    """The least of money plus so much for the dependence on the largest contributor."""
    (stage,) = program.stages
    costs = program.reported[[stage.row], :].toarray()[0]
    costs += weight * program.find_figure("largest_dependence")[0]
    rows, low, high = program.matrix, program.row_lower, program.row_upper
    equal, above, below = low == high, np.isfinite(low), np.isfinite(high)
    above, below = above & ~equal, below & ~equal
    found = linprog(
        costs,
        A_ub=vstack([rows[below], -rows[above]]),
        b_ub=np.concatenate([high[below], -low[above]]),
        A_eq=rows[equal],
        b_eq=high[equal],
        bounds=list(zip(program.lower, program.upper, strict=True)),
    )
    assert found.status == 0
    return float(found.fun)


@pytest.mark.medium
@pytest.mark.parametrize("seed", range(6))
def test_least_dependence_is_the_same(seed: int) -> None:
    """Here the less counts the better: what is delegated may be left uncounted."""
    study = read_study("pooled").adding("dependence", find_model_folders())
    sheets = make_alliance(seed, caps=False)
    both = [compile_rows(sheets, study.choosing(reduced=flag)) for flag in (True, False)]
    for weight in (1e2, 1e4, 1e6):
        reduced, whole = (find_least(program, weight) for program in both)
        assert reduced == pytest.approx(whole, rel=1e-7)
