"""Plans are optimal by the conditions of optimality, worked out without the solver's word."""

from __future__ import annotations

import copy
from dataclasses import replace

import numpy as np
import pytest
from alliances import make_alliance
from books import make_problem
from paths import FORMULATION
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

import cssopt
from cssopt.assembly.folders import find_model_folders
from cssopt.assembly.instance import Instance
from cssopt.assembly.study import load_study
from cssopt.solution.extract import extract_prices
from cssopt.solve.answer import Options
from cssopt.solve.compile import compile_problem
from cssopt.solve.outcome import Status
from cssopt.solve.stages import solve_program

TIGHT = 1e-6


def case_program(name):
    data = cssopt.load(FORMULATION / f"{name}.xlsx").data
    study = load_study("pooled", find_model_folders())
    return compile_problem(Instance(data, study, data.members.keys).assemble())


def alliance_program(seed, **kinds):
    return compile_problem(make_problem(make_alliance(seed, **kinds)))


PROGRAMS = {
    **{f"alliance {seed}": lambda seed=seed: alliance_program(seed) for seed in range(4)},
    "core_lp_100": lambda: case_program("core_lp_100"),
    "core_lp_101": lambda: case_program("core_lp_101"),
}


def objective_of(program):
    (stage,) = program.stages
    return program.reported[[stage.row], :].toarray()[0], float(program.offsets[stage.row])


def check_optimality(program, x, row_prices, column_prices, tolerance=TIGHT):
    """Feasible, dual feasible, complementary, and no duality gap; raises AssertionError."""
    costs, offset = objective_of(program)
    activity = program.matrix @ x
    scale = 1 + np.abs(x).max() + np.abs(activity).max()
    price_scale = 1 + np.abs(row_prices).max() + np.abs(costs).max()
    for value, low, high in (
        (activity, program.row_lower, program.row_upper),
        (x, program.lower, program.upper),
    ):
        assert np.all(value >= low - tolerance * scale), "below a bound"
        assert np.all(value <= high + tolerance * scale), "above a bound"
    slope = costs - program.matrix.T @ row_prices
    assert np.allclose(slope, column_prices, atol=tolerance * price_scale), "no stationary point"
    dual = offset
    for value, low, high, price in (
        (activity, program.row_lower, program.row_upper, row_prices),
        (x, program.lower, program.upper, column_prices),
    ):
        for v, lo, hi, p in zip(value, low, high, price, strict=True):
            if p > tolerance * price_scale:
                assert abs(v - lo) <= tolerance * scale, "a price where there is room below"
                dual += p * lo
            elif p < -tolerance * price_scale:
                assert abs(v - hi) <= tolerance * scale, "a price where there is room above"
                dual += p * hi
    primal = costs @ x + offset
    assert abs(primal - dual) <= tolerance * max(1.0, abs(primal)), "a duality gap"


@pytest.fixture(scope="module")
def solved():
    """Every LP with its answer, solved once."""
    answers = {}
    for name, make in PROGRAMS.items():
        program = make()
        assert not program.whole.any()
        answers[name] = program, solve_program(program, Options())
    return answers


@pytest.mark.parametrize("name", PROGRAMS)
def test_conditions_of_optimality(name, solved):
    program, answer = solved[name]
    assert answer.status is Status.OPTIMAL
    assert answer.prices_of == "lp"
    check_optimality(program, answer.values, answer.row_prices, answer.column_prices)


@pytest.mark.medium
def test_the_conditions_are_broken_by_other_plans_and_prices(solved):
    """The check can fail: for a dearer plan, an impossible one, and for wrong prices."""
    program, answer = solved["alliance 0"]
    x, rows, columns = answer.values, answer.row_prices, answer.column_prices
    dear = np.flatnonzero((columns > 1) & (x <= 0))[0]
    for plan, row_prices, column_prices in (
        (x + 0.5 * (np.arange(len(x)) == dear), rows, columns),
        (x - 1.0, rows, columns),
        (x, rows * 1.1, columns),
        (x, -rows, columns),
        (x, rows, columns + 1.0),
    ):
        with pytest.raises(AssertionError):
            check_optimality(program, plan, row_prices, column_prices)


def solve_elsewhere(program):
    """The optimum by scipy, as an LP or a MIP."""
    costs, offset = objective_of(program)
    rows = LinearConstraint(program.matrix.tocsr(), program.row_lower, program.row_upper)
    bounds = Bounds(program.lower, program.upper)
    answer = milp(
        costs, constraints=rows, bounds=bounds, integrality=program.whole.astype(int),
        options={"mip_rel_gap": 1e-9},
    )  # fmt: skip
    assert answer.status == 0
    return answer.fun + offset


def solve_by_simplex(program):
    """The optimum of an LP by scipy's dual simplex, each row as one or two inequalities."""
    costs, offset = objective_of(program)
    equal = program.row_lower == program.row_upper
    up = np.isfinite(program.row_upper) & ~equal
    down = np.isfinite(program.row_lower) & ~equal
    matrix = program.matrix.toarray()
    answer = linprog(
        costs,
        A_ub=np.vstack([matrix[up], -matrix[down]]),
        b_ub=np.concatenate([program.row_upper[up], -program.row_lower[down]]),
        A_eq=matrix[equal],
        b_eq=program.row_lower[equal],
        bounds=list(zip(program.lower, program.upper, strict=True)),
        method="highs-ds",
    )
    assert answer.status == 0
    return answer.fun + offset


@pytest.mark.medium
@pytest.mark.parametrize("name", PROGRAMS)
def test_scipy_finds_the_same_optimum(name, solved):
    program, answer = solved[name]
    assert answer.stages[-1].value == pytest.approx(solve_by_simplex(program), rel=1e-7)


@pytest.mark.parametrize("seed", [1, 2, pytest.param(5, marks=pytest.mark.slow)])
def test_scipy_finds_the_same_optimum_of_a_mip(seed):
    program = alliance_program(seed, years=2, whole=seed % 2 == 1, institutions=seed != 1)
    assert program.whole.any()
    answer = solve_program(program, Options())
    assert answer.status is Status.OPTIMAL
    assert answer.stages[-1].value == pytest.approx(solve_elsewhere(program), rel=1e-6)
    assert answer.bound <= answer.stages[-1].value + 1e-9
    assert answer.gap <= 1e-6


def moved(program, row, by):
    """The program with one right-hand side moved."""
    low, high = program.row_lower.copy(), program.row_upper.copy()
    low[row] += by
    high[row] += by
    return replace(program, row_lower=low, row_upper=high)


@pytest.mark.parametrize(
    "name", ["alliance 1", pytest.param("core_lp_101", marks=pytest.mark.slow)]
)
def test_a_price_is_the_slope_of_the_optimum(name, solved):
    """Finite differences on both sides, by another solver, wherever the price is unique."""
    program, answer = solved[name]
    here, step, unique = answer.stages[-1].value, 1e-4, 0
    priced = np.argsort(-np.abs(answer.row_prices))[:: max(1, len(answer.row_prices) // 12)]
    for row in priced:
        up = (solve_by_simplex(moved(program, row, step)) - here) / step
        down = (here - solve_by_simplex(moved(program, row, -step))) / step
        price = answer.row_prices[row]
        scale = max(1.0, abs(price))
        assert down - 1e-3 * scale <= price <= up + 1e-3 * scale
        if abs(up - down) <= 1e-3 * scale:
            unique += 1
            assert price == pytest.approx((up + down) / 2, abs=2e-3 * scale)
    assert unique >= 3


def test_the_price_of_a_budget_is_what_a_million_more_saves():
    """Through the workbook: the ceiling of one member and year raised and lowered a little."""
    sheets = make_alliance(3, years=2, budgets=False)
    names = [row[0] for row in sheets["members"][1:]]

    def solve(ceiling):
        rows = [["member", "year", "budget"], *([m, 2030, c] for m, c in ceiling.items())]
        book = {**copy.deepcopy(sheets), "budgets": rows}
        problem = make_problem(book)
        program = compile_problem(problem)
        answer = solve_program(program, Options())
        prices = extract_prices(problem, program, answer)["limit_budget"].values
        return answer.stages[-1].value, prices

    ceiling = dict.fromkeys(names, 60.0)
    here, prices = solve(ceiling)
    dear = [m for m in names if prices[m, 2030] > 1e-6]
    assert dear, "no budget binds: the test shows nothing"
    for m in dear:
        less, _ = solve({**ceiling, m: 60.0 - 1e-3})
        more, _ = solve({**ceiling, m: 60.0 + 1e-3})
        saved = (here - more) / 1e-3, (less - here) / 1e-3
        assert saved[0] - 1e-4 <= prices[m, 2030] <= saved[1] + 1e-4
        assert prices[m, 2030] == pytest.approx(sum(saved) / 2, rel=1e-3)
