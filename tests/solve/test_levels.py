"""Which of several equally good plans is meant: on programs so small that all plans are listed."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pyomo.environ as pyo
import pytest
from pyomo_programs import compile_model
from scipy.optimize import linprog

from cssopt.runs.corners import find_corners
from cssopt.solve.answer import Options
from cssopt.solve.program import StageRow
from cssopt.solve.stages import solve_program

LEVELS = 5


def mixing(points, *, whole):
    """A program whose plans mix the points (or, with whole numbers, are one of them).

    Its stage costs every plan the same, so that all are equally good.
    """
    model = pyo.ConcreteModel()
    kind = pyo.Binary if whole else pyo.NonNegativeReals
    model.take = pyo.Var(range(len(points)), domain=kind)
    model.level = pyo.Var(range(len(points[0])), domain=pyo.NonNegativeReals)
    model.all = pyo.Constraint(expr=pyo.quicksum(model.take.values()) == 1)
    model.mix = pyo.Constraint(
        range(len(points[0])),
        rule=lambda m, i: (
            m.level[i] == pyo.quicksum(p[i] * m.take[j] for j, p in enumerate(points))
        ),
    )
    figures = {"money": 7 * pyo.quicksum(model.take.values())}
    figures |= {f"level{i}": model.level[i] for i in model.level}
    program = compile_model(model, figures)
    rows = {name: program.figures["figure", name, None] for name in figures}
    return replace(
        program,
        stages=(StageRow("money", rows.pop("money"), ()),),
        figures={("level", "x", name): row for name, row in rows.items()},
    )


def settled(points, *, whole):
    program = mixing(points, whole=whole)
    solved = solve_program(program, Options())
    return program.reported[program.levels] @ solved.values, solved.unsettled


def evenest_mixture(points):
    """Levels settled one by one: a level is done where no mixture has it lower (no duals here)."""
    points = np.array(points, float)
    count, done = len(points), {}

    def least(costs, extra, ceilings):
        """Over mixtures and a ceiling: levels <= what is done, or the ceiling."""
        rows = np.hstack([points.T, np.zeros((points.shape[1], 1))])
        limits = np.zeros(points.shape[1])
        for i in range(points.shape[1]):
            if i in ceilings:
                limits[i] = ceilings[i]
            else:
                rows[i, -1] = -1
        total = np.append(np.ones(count), 0.0)[None, :]
        rows, limits = np.vstack([rows, *extra]), np.append(limits, np.zeros(len(extra)))
        return linprog(costs, rows, limits, total, [1.0], bounds=(0, None)).fun

    while len(done) < points.shape[1]:
        top = least(np.append(np.zeros(count), 1.0), [], done)
        free = [i for i in range(points.shape[1]) if i not in done]
        ceilings = {**done, **dict.fromkeys(free, top + 1e-9)}
        tight = [i for i in free if least(np.append(points[:, i], 0.0), [], ceilings) > top - 1e-7]
        done |= dict.fromkeys(tight, top + 1e-9)
    return [done[i] for i in range(points.shape[1])]


@pytest.mark.medium
@pytest.mark.parametrize("seed", range(8))
def test_the_evenest_of_whole_plans(seed):
    """By listing them: the one whose levels, the largest first, come first in the dictionary."""
    chance = random.Random(seed)
    points = [[chance.randint(0, 3) for _ in range(LEVELS)] for _ in range(6)]
    best = min(sorted(point, reverse=True) for point in points)
    levels, unsettled = settled(points, whole=True)
    assert sorted(levels, reverse=True) == pytest.approx(best, abs=1e-6)
    alike = {tuple(p) for p in points if sorted(p, reverse=True) == best}
    assert bool(unsettled) is (len(alike) > 1)


def test_the_largest_level_counts_before_what_all_add_up_to():
    levels, unsettled = settled([[3, 0], [2, 2]], whole=True)
    assert levels == pytest.approx([2, 2])
    assert not unsettled


def test_whole_plans_that_are_as_even_as_each_other_are_told():
    levels, unsettled = settled([[1, 0], [0, 1], [2, 0]], whole=True)
    assert sorted(levels) == pytest.approx([0, 1])
    assert "as even as each other" in unsettled


@pytest.mark.parametrize("seed", range(8))
def test_the_evenest_mixture(seed):
    chance = random.Random(seed)
    points = [[chance.randint(0, 6) for _ in range(LEVELS)] for _ in range(7)]
    levels, unsettled = settled(points, whole=False)
    assert not unsettled
    assert levels == pytest.approx(evenest_mixture(points), abs=1e-6)


def test_levels_below_the_largest_are_settled_too():
    """4 on two levels and 1 on two others, however split: 2, 2, then a half each."""
    points = [[4 * a, 4 * (1 - a), b, 1 - b] for a in (0, 1) for b in (0, 1)]
    levels, unsettled = settled(points, whole=False)
    assert levels == pytest.approx([2, 2, 0.5, 0.5])
    assert not unsettled


def test_nothing_missing_in_one_plan_is_the_evenest():
    levels, _ = settled([[3, 1], [0, 0], [0, 2]], whole=False)
    assert levels == pytest.approx([0, 0], abs=1e-9)


# --- corners


@pytest.mark.parametrize("flat", [False, True])
def test_all_corners_of_a_cube_or_a_square_are_found(flat):
    corners = [[a, b, 0 if flat else c] for a in (0, 1) for b in (0, 1) for c in (0, 1)]
    inside = [[0.5, 0.5, 0 if flat else 0.5]]
    points = np.array(corners + inside, float)

    def ask(direction):
        return points[int(np.argmax(points @ direction))]

    found, complete = find_corners(ask, np.eye(3))
    assert complete
    assert sorted({tuple(p) for p in found}) == sorted({tuple(map(float, p)) for p in corners})


def test_a_single_plan_is_its_own_corner():
    found, complete = find_corners(lambda _direction: np.array([2.0, 3.0]), np.eye(2))
    assert complete
    assert {tuple(p) for p in found} == {(2.0, 3.0)}


def test_corners_in_many_dimensions_are_not_claimed_to_be_complete():
    def ask(direction):
        return (direction > 0).astype(float)

    found, complete = find_corners(ask, np.eye(9))
    assert not complete
    assert found
