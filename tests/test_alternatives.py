"""Near-optimal plans, worked by hand on the small book and by enumeration; on the demo by scipy.

The book (see small_books): A at 10 and B at 20 million a unit and year, 4 units needed in each of
four years: A alone for 160 million.
"""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import openpyxl
import pytest
from books import write_csv
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack
from small_books import make_book, members, settings
from typer.testing import CliRunner

import cssopt
from cssopt import api
from cssopt.analysis.alternatives import BURDEN, UNITS, Contribution
from cssopt.cli import app
from cssopt.errors import DataError
from cssopt.solve.outcome import Status

PENALTY_FREE = [row for row in settings() if row[0] != "shortfall_penalty"]
UNIT_COLUMNS = ["member", "force", "units"]
A_UNITS, B_UNITS = (Contribution(UNITS, member, "unit") for member in "AB")


def load(tmp_path, **changed):
    return cssopt.load(write_csv(make_book(settings=PENALTY_FREE, **changed), tmp_path / "book"))


def ends(found, contribution, within):
    (one,) = (r for r in found.ranges if r.contribution == contribution and r.within == within)
    assert one.status is Status.OPTIMAL
    assert (one.surely_least, one.surely_most) == pytest.approx((one.least, one.most), abs=1e-6)
    return pytest.approx((one.least, one.most), abs=1e-5), one.verdict


def test_two_alike_members_are_a_free_choice_at_no_cost(tmp_path):
    found = api.alternatives(load(tmp_path, members=members(index_of_b=1)), [0.0])
    for contribution in (A_UNITS, B_UNITS):
        assert ends(found, contribution, 0.0) == ((0.0, 4.0), "free")
    assert ends(found, Contribution(UNITS, "", "unit"), 0.0) == ((4.0, 4.0), "certain")
    assert ends(found, Contribution(BURDEN, "A"), 0.0) == ((0.0, 160.0), "free")


def test_a_cost_advantage_leaves_as_much_choice_as_the_share_pays_for(tmp_path):
    # A unit-year of B in place of A's costs 10 more: 10 % of 160 pay for 1.6 of 16, 0.4 on average.
    # Or 1.6 unit-years of A are held for nothing, on average 0.4 more; of B 0.8 for nothing.
    found = api.alternatives(load(tmp_path), [0.1, 0.5])
    assert ends(found, A_UNITS, 0.1) == ((3.6, 4.4), "at least")
    assert ends(found, B_UNITS, 0.1) == ((0.0, 0.4), "free")
    # 50 % pay for 8 unit-years: half of A's.
    assert ends(found, A_UNITS, 0.5) == ((2.0, 6.0), "at least")
    assert ends(found, Contribution(BURDEN, "B"), 0.5) == ((0.0, 160.0), "free")


def test_what_nobody_may_hold_is_never_there(tmp_path):
    inventory = [UNIT_COLUMNS, ["A", "unit", 4], ["B", "unit", 0]]
    found = api.alternatives(load(tmp_path, inventory=inventory), [0.05])
    assert ends(found, A_UNITS, 0.05) == ((4.0, 4.0), "certain")
    assert B_UNITS not in {r.contribution for r in found.ranges} or ends(found, B_UNITS, 0.05) == (
        (0.0, 0.0), "never",
    )  # fmt: skip


def test_security_is_held_in_every_plan(tmp_path):
    # A and B have one unit each, two of four: the missing share of 2 may not grow to save money.
    inventory = [UNIT_COLUMNS, ["A", "unit", 1], ["B", "unit", 1]]
    found = api.alternatives(load(tmp_path, inventory=inventory), [0.5])
    assert found.held["missing_share"] == pytest.approx(2.0, rel=1e-5)
    assert ends(found, A_UNITS, 0.5)[1] in ("certain", "at least")
    assert ends(found, B_UNITS, 0.5)[0] == (pytest.approx(1.0, abs=1e-4), 1.0)


def test_whole_units_by_enumeration(tmp_path):
    forces = [["force", "name", "personnel", "operating_cost", "service_life", "whole"],
              ["unit", "Unit", 0, 10, 30, True]]  # fmt: skip
    found = api.alternatives(load(tmp_path, forces=forces), [0.3])
    # Unit-years a of A and b of B, both never rising, 4 together in each year, at most 208 million.
    plans = [
        (a, b)
        for a in _falling(8)
        for b in _falling(4)
        if all(x + y >= 4 for x, y in zip(a, b, strict=True))
        and 10 * sum(a) + 20 * sum(b) <= 160 * 1.3 + 1e-6
    ]
    for contribution, place in ((A_UNITS, 0), (B_UNITS, 1)):
        every = [sum(plan[place]) / 4 for plan in plans]
        assert ends(found, contribution, 0.3)[0] == (min(every), max(every))


def _falling(most):
    """Units in four years, whole and never rising."""
    return [
        (a, b, c, d)
        for a in range(most + 1)
        for b in range(a + 1)
        for c in range(b + 1)
        for d in range(c + 1)
    ]


def test_ranges_widen_and_plans_keep_their_limits(tmp_path):
    case = load(tmp_path)
    found = api.alternatives(case, [0.05, 0.2, 0.5], plans=3)
    by = {}
    for one in found.ranges:
        by.setdefault(one.contribution, []).append((one.least, one.most))
    for spans in by.values():
        for (least, most), (wider_least, wider_most) in pairwise(spans):
            assert wider_least <= least + 1e-6
            assert wider_most >= most - 1e-6
    assert found.plans
    for plan in found.plans:
        assert plan.outcome.pooled_expenditure <= 160 * (1 + plan.within) + 1e-4
        assert plan.outcome.missing_share <= 1e-6
        # Fixed to its units in a cold solve, the plan costs no more.
        held = [
            f"inventory[member={m}; force=unit].units={units!r}"
            for (m, _), units in plan.outcome.units.items()
        ]
        again = api.solve(api.change(case, api.read_changes(held))[0])
        assert again.pooled_expenditure <= plan.outcome.pooled_expenditure + 1e-4
        assert again.missing_share <= 1e-6


def test_the_first_alternative_leaves_as_much_of_the_base_plan_as_it_can(tmp_path):
    found = api.alternatives(load(tmp_path), [0.5], plans=4)
    # 80 million take 2 of A's 4 units: 2 less of A and 2 more of B differ.
    first = found.plans[0]
    assert first.outcome.units["A", "unit"] == pytest.approx(2.0, abs=1e-5)
    assert first.difference == pytest.approx(4.0, abs=1e-4)


@pytest.mark.parametrize("within", [[], [-0.1], [float("nan")], [2.0]])
def test_wrong_shares_are_refused(tmp_path, within):
    with pytest.raises(DataError, match="--within"):
        api.alternatives(load(tmp_path), within)


def test_an_infeasible_study_has_no_alternatives(tmp_path):
    inventory = [UNIT_COLUMNS, ["A", "unit", 1], ["B", "unit", 1]]
    case = load(tmp_path, inventory=inventory)
    found = api.alternatives(case, [0.1], "strict")
    assert found.status is Status.INFEASIBLE
    assert found.ranges == ()
    api.report_alternatives(case, found, tmp_path / "a.xlsx")


def test_a_limit_of_the_search_leaves_only_what_is_sure(tmp_path):
    case = cssopt.load("inputs/demo.xlsx")
    base = api.solve(case, "relaxed")
    assert base.status is Status.OPTIMAL
    found = api.alternatives(case, [0.02], "pooled", time_limit=0.0)
    assert found.status is not Status.OPTIMAL
    assert found.ranges == ()


def test_the_command_writes_workbook_charts_and_json(tmp_path):
    book = write_csv(make_book(settings=PENALTY_FREE), tmp_path / "book")
    out = tmp_path / "out"
    call = ["alternatives", str(book), "--within", "0.1", "--out", str(out), "--json"]
    answer = CliRunner().invoke(app, call)
    assert answer.exit_code == 0, answer.stderr
    told = json.loads(answer.stdout)
    (a,) = (r for r in told["ranges"] if (r["member"], r["force"]) == ("A", "unit"))
    assert (a["least"], a["most"]) == pytest.approx((3.6, 4.4), abs=1e-5)
    book = openpyxl.load_workbook(out / "alternatives.xlsx")
    assert book.sheetnames == ["Alternatives", "Spans", "Ranges", "Plans", "Run"]
    assert len(book["Alternatives"]._charts) == 3
    plain = CliRunner().invoke(app, [*call[:-1]])
    assert "at least" in plain.stdout
    assert CliRunner().invoke(app, [*call[:2], "--within", "a"]).exit_code == 2


@pytest.mark.slow
def test_ranges_of_the_demo_equal_those_of_another_program():
    from cssopt.build.study import load_study
    from cssopt.solution.run import prepare_problem
    from cssopt.solve.compile import compile_problem

    case = cssopt.load("inputs/demo.xlsx")
    found = api.alternatives(case, [0.02], "relaxed", plans=0)
    study = load_study("relaxed", case.folders)
    program = compile_problem(prepare_problem(case.data, study, found.base.coalition, {}))
    above, below = np.isfinite(program.row_upper), np.isfinite(program.row_lower)
    rows = [program.matrix[above], -program.matrix[below]]
    right = [program.row_upper[above], -program.row_lower[below]]
    limits = {**found.held, "pooled_expenditure": 1.02 * found.base.pooled_expenditure}
    for name, most in limits.items():
        coefficients, constant = program.find_figure(name)
        rows.append(csr_array(coefficients[None, :]))
        right.append([most - constant])
    bounds = np.column_stack([program.lower, program.upper])
    matrix, most = vstack(rows, format="csr"), np.concatenate(right)
    for one in found.ranges:
        c = one.contribution
        if c.kind != UNITS or not c.member:
            continue
        figure = np.zeros(len(program.columns))
        for place, (_, name, key) in enumerate(program.columns):
            if name == "held" and key[:2] == (c.member, c.force):
                figure[place] = 1 / 8
        for sign, value in ((1, one.least), (-1, one.most)):
            answer = linprog(sign * figure, A_ub=matrix, b_ub=most, bounds=bounds)
            assert sign * answer.fun == pytest.approx(value, abs=1e-5)
