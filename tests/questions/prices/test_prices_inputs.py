"""Prices of the input workbooks equal the differences of plans that are solved anew."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from paths import CASES, INPUTS

import cssopt
from cssopt import Step
from cssopt.assembly.instance import Instance
from cssopt.solution.price import BEYOND, FARTHER_ON
from cssopt.solve.answer import Options
from cssopt.solve.compile import compile_problem
from cssopt.solve.traced.template import Template
from cssopt.solve.warm.same_shape import SameShapeSolver
from cssopt.tables.data import Data
from cssopt.trace.sources import find_cells

BOOKS = ("demo", "collective_security_treaty_1996")
# Forces, needs and costs in round figures: where these coincide, prices have two sides.
ROUND = CASES / "workbooks" / "round_figures.xlsx"
EXACT = Options(feasibility=1e-10)


@cache
def load(book):
    return cssopt.load(ROUND if book == ROUND.stem else INPUTS / f"{book}.xlsx")


@cache
def prices_of(book, study="relaxed"):
    return cssopt.prices(load(book), study=study, sides="none")


def change_cell(case, cell, value):
    """The case with another number in the cell of a price, as a planner would change it."""
    spec = case.data.tables[cell.table].spec
    parts = cell.key if isinstance(cell.key, tuple) else (cell.key,)
    where = "; ".join(
        f'{name}="{part}"' if isinstance(part, str) else f"{name}={part!r}"
        for name, part in zip(spec.key, parts, strict=True)
    )
    step = Step(table=cell.table, where=where, column=cell.column, value=value)
    return cssopt.change(case, [step])[0]


SAMPLE = [
    ("demo", "requirements!D9"),  # a need that is short: security and money move
    # A share of the domestic product that binds.
    pytest.param("demo", "members!G10", marks=pytest.mark.slow),
    pytest.param("collective_security_treaty_1996", "requirements!D7", marks=pytest.mark.slow),
]


@pytest.mark.medium
@pytest.mark.parametrize(("book", "where"), SAMPLE)
def test_a_price_is_what_a_planner_sees_who_solves_again(book, where):
    """Through the public verbs: a little more and a little less of the cell."""
    case, found = load(book), prices_of(book)
    (cell,) = [c for c in found.cells if c.where == where]
    step = 1e-4 * cell.value
    less, more = (
        cssopt.solve(change_cell(case, cell, cell.value + side), study="relaxed")
        for side in (-step, step)
    )
    money = (more.pooled_expenditure - less.pooled_expenditure) / (2 * step)
    assert money == pytest.approx(cell.duals[-1], rel=1e-5)
    missing = (more.missing_share - less.missing_share) / (2 * step)
    assert missing == pytest.approx(cell.duals[0], rel=1e-5, abs=1e-6)
    assert abs(cell.duals[-1]) > 1e-3


class Solver:
    """The optimum of a book at other cells, without duals or slopes: of patched programs, which
    `test_program_template` finds equal to those built anew, and built anew where they cannot be
    patched. Whole numbers are fixed to a plan's."""

    def __init__(self, book, found):
        self._data = load(book).data
        self._study, self._coalition = found.solution.study, found.solution.coalition
        self._plan = found.solution.solved.values
        instance = Instance(self._data, self._study, self._coalition)
        self._template = Template(*instance.trace(find_cells(self._data)))
        self._values = {
            cell: self._data.tables[cell[0]].columns[cell[2]][cell[1]]
            for cell in self._template.cells
        }
        self._solver = SameShapeSolver(EXACT)
        self.base = self.solve({})

    def _find_program(self, values):
        program, _ = self._template.patch({**self._values, **values})
        if program is not None:
            return program, self._solver
        tables = dict(self._data.tables)
        for (table, key, column), value in values.items():
            columns = tables[table].columns
            new = {**columns, column: {**columns[column], key: value}}
            tables[table] = tables[table].replace(new)
        problem = Instance(Data(tables), self._study, self._coalition).assemble()
        return compile_problem(problem), SameShapeSolver(EXACT)

    def solve(self, values):
        """Values of the stages; None where there is no plan, or where decisions are others."""
        program, solver = self._find_program(values)
        if program.shape[1] != len(self._plan):
            return None
        fixed = np.round(self._plan)
        solved = solver.solve(
            replace(
                program,
                lower=np.where(program.whole, fixed, program.lower),
                upper=np.where(program.whole, fixed, program.upper),
                whole=np.zeros_like(program.whole),
            )
        )
        return np.array([s.value for s in solved.stages]) if solved.values is not None else None


def check_cell(solver, cell, step):
    """True where the value is smooth at the cell, and its slope is then the price."""
    place = (cell.table, cell.key, cell.column)
    ends = [solver.solve({place: cell.value + side}) for side in (-step, step)]
    if any(end is None for end in ends):
        return False
    down, up = (solver.base - ends[0]) / step, (ends[1] - solver.base) / step
    # What rounding of the optimum can do, and a curve that bends by ten times its size at most.
    noise = 1e-12 * np.maximum(1, np.abs(solver.base)) / step
    size = np.maximum(np.abs(down), np.abs(up))
    if (np.abs(up - down) > 10 * (step / cell.size) * size + noise).any():
        return False  # a kink, or one within the step
    off = np.abs((up + down) / 2 - np.array(cell.duals))
    assert (off <= 1e-5 * size + noise).all(), f"{cell.where}: {cell.duals}, not {down} to {up}"
    return True


def check_all(book, study, share):
    """Every cell; most of them are smooth at what they hold."""
    found = prices_of(book, study)
    solver = Solver(book, found)
    priced = [cell for cell in found.cells if cell.duals]
    smooth = [cell for cell in priced if check_cell(solver, cell, cell.size * 1e-5)]
    assert len(smooth) >= share * len(priced)


@pytest.mark.slow
@pytest.mark.parametrize("book", BOOKS)
def test_every_cell(book):
    check_all(book, "relaxed", 0.85)


@pytest.mark.slow
@pytest.mark.parametrize("book", BOOKS)
def test_every_cell_with_the_whole_numbers_fixed(book):
    assert prices_of(book, "pooled").prices_of == "fixed"
    check_all(book, "pooled", 0.85)


@pytest.mark.slow
def test_sides_and_ranges_of_all_cells_that_planners_set():
    """Of each side and each stage that is told: the price is that of a small step, at the end of
    its range it errs by no more than it may, and a little beyond it is off the line."""
    book = ROUND.stem
    members = ["KAZ", "KGZ", "RUS", "TJK", "UZB"]
    found = cssopt.prices(load(book), study="relaxed", members=members)
    assert found.unlooked == 0
    solver = Solver(book, found)
    apart = [cell for cell in found.cells if cell.unique is False]
    ended = spent = 0
    for cell in found.cells:
        place = (cell.table, cell.key, cell.column)
        for sign, side in ((-1, cell.down), (1, cell.up)):
            if side is None or not side.slopes:
                continue
            told = ~np.isnan(side.slopes)
            slopes = np.array(side.slopes)[told]

            def gaps(value, place=place, cell=cell, slopes=slopes, told=told):
                """How far each stage is from the line of its price; None: no plan."""
                reached = solver.solve({place: value})
                line = solver.base[told] + slopes * (value - cell.value)
                return None if reached is None else np.abs(reached[told] - line)

            step, distance = sign * 1e-5 * cell.size, side.until - cell.value
            if cell in apart and abs(distance) > abs(step):
                # A curve bends by no more than its own size over its own size.
                assert (gaps(cell.value + step) <= 1e-4 * np.abs(slopes * step) + 1e-8).all()
            reached = gaps(side.until)
            if reached is not None:
                most = 0.005 * np.abs(slopes * distance)
                # Less than a 1e-9th of a figure is no change of it.
                unseen = 1e-6 + 1e-9 * np.abs(solver.base[told])
                assert (reached <= 1.001 * most + unseen).all(), cell.where
                if side.ends == FARTHER_ON:
                    spent += 1
                    assert (reached >= 0.999 * most - unseen).any(), cell.where
            if side.ends == BEYOND:
                beyond = gaps(side.until + sign * 1e-2 * cell.size)
                ended += beyond is None or bool(
                    (beyond > 1e-5 * np.abs(slopes * distance) + 1e-6).any()
                )
    assert len(apart) >= 5
    # Where turns are small the line errs by too much only after several: "farther on".
    assert ended >= 40
    assert spent >= 15
