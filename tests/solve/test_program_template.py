"""A patched program is the one built anew, or it is refused with a reason: cell by cell."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from functools import cache

import golden_books
import numpy as np
import pytest
from books import make_data, read_study
from paths import ROOT

import cssopt
from cssopt import write_template
from cssopt.assembly.instance import Instance
from cssopt.errors import CssoptError
from cssopt.solve.compile import compile_problem
from cssopt.solve.traced.template import Template, differs
from cssopt.tables.data import Data
from cssopt.trace.sources import find_cells

CASES = ROOT / "tests" / "cases" / "formulation"

DECIDE = {
    "members.tech_level", "forces.tech_level",  # who may order what
    "capabilities.max_member_share", "readiness.max_share",  # 1 is no limit, and has no row
    "forces.programme_cost", "forces.fleet_cost",  # 0 has no line and no fleet
    "forces.disposal_cost",  # 0 counts no unit that is given up
    "inventory.units", "inventory.remaining_life",  # units that are gone, or round to another whole
    "readiness.notice_days", "movement.transit_days",  # who is there in time
    "legislation.delegable_share", "apportionment.min_share", "apportionment.max_share",
    "pledges.share", "pledges.already_spent",  # whether anything is left to be spent
    "exposure.share",  # whether the parts add up to more than the whole
}  # fmt: skip
"""Columns of which a small change may add or remove decisions and rules; a number that is 0 may in
any column, as what it is multiplied with is not there."""

LEAST_PATCHED = 0.85
"""Share of the changes of a book that are patched."""


class Shape:
    """A book in a study, built with every number traced."""

    def __init__(self, data, study):
        self.data, self.study = data, read_study(study)
        self.members = data.members.keys[:1] if self.study.single_member else data.members.keys
        instance = Instance(data, self.study, self.members)
        self.template = Template(*instance.trace(find_cells(data)))

    def build(self, data):
        return compile_problem(Instance(data, self.study, self.members).assemble())

    def patch(self, data):
        return self.template.patch({c: value_of(data, c) for c in self.template.cells})

    def check(self, data, built=None):
        """The reason for which these tables are refused; else the patched program must be right.

        `built`: the program of these tables, where it is known.
        """
        patched, reason = self.patch(data)
        if patched is None:
            assert reason
            return reason
        assert reason == ""
        assert differs(patched, built or self.build(data)) == ""
        return ""


@cache
def shape(book, study):
    return Shape(read_book(book), study)


@cache
def read_book(book):
    if isinstance(book, str):
        return make_data(getattr(golden_books, book))
    return cssopt.load(book).data


def value_of(data, cell):
    table, key, column = cell
    return data.tables[table].columns[column][key]


def change_cells(data, values):
    """The tables with other numbers in some cells."""
    tables = dict(data.tables)
    for (table, key, column), value in values.items():
        columns = tables[table].columns
        tables[table] = tables[table].replace({**columns, column: {**columns[column], key: value}})
    return Data(tables)


def two_changes(data, cell):
    """Two other values for a cell, a bit less and a bit more, within the bounds of its column."""
    old, column = value_of(data, cell), data.tables[cell[0]].spec.column(cell[2])
    up = 1.1 if column.high is None or old * 1.1 <= column.high else 0.5
    return (old * 0.93, old * up) if old else (0.0465, 0.055)


def check_cells(shape, cells):
    """Change each cell twice: the share that is patched. Only what may decide is refused."""
    refused = Counter()
    for cell in cells:
        for value in two_changes(shape.data, cell):
            if shape.check(change_cells(shape.data, {cell: value})):
                refused[f"{cell[0]}.{cell[2]}" if value_of(shape.data, cell) else "zero"] += 1
    assert set(refused) <= {*DECIDE, "zero"}
    return 1 - refused.total() / (2 * len(cells))


DEMO = ROOT / "inputs" / "demo.xlsx"
STUDIES = (
    "pooled", "strict", "least_shortfall", "fair", "relaxed", "standalone", "no_institutions",
)  # fmt: skip


# Cells of the book of institutions are quick where several change at once, below.
BOOKS = [
    *(pytest.param(book, marks=pytest.mark.slow) for book in ("INSTITUTIONS", "PROMISES")),
    "FORCES",
]


@pytest.mark.parametrize("study", STUDIES)
@pytest.mark.parametrize("book", ["INSTITUTIONS", "FORCES", "PROMISES", "DISPOSALS"])
def test_the_numbers_that_were_traced_give_the_program_itself(book, study):
    this = shape(book, study)
    assert this.check(this.data) == ""


@pytest.mark.medium
@pytest.mark.parametrize("book", BOOKS)
def test_every_cell_of_a_golden_book(book):
    this = shape(book, "pooled")
    # They stand at many edges: tiers just in time, numbers that are 0 or 1.
    assert check_cells(this, this.template.cells) >= 0.8


@pytest.mark.slow
def test_some_cells_of_the_demo():
    this = shape(DEMO, "relaxed")
    cells = random.Random(20261125).sample(this.template.cells, 12)
    assert check_cells(this, cells) >= 0.8


@pytest.mark.slow
def test_every_fourth_cell_of_the_demo():
    """Every fourth one, so that .ci/run stays within its time."""
    this = shape(DEMO, "pooled")
    # Of whole frigates the inventory decides what their tiers come to (whole_tiers): 6 changes.
    assert check_cells(this, this.template.cells[::4]) >= LEAST_PATCHED - 6 / 152


@pytest.mark.slow
@pytest.mark.parametrize("study", [s for s in STUDIES if s != "pooled"])
def test_cells_of_the_demo_in_the_other_studies(study):
    this = shape(DEMO, study)
    cells = random.Random(study).sample(this.template.cells, 12)
    assert check_cells(this, cells) >= LEAST_PATCHED


@pytest.mark.slow
@pytest.mark.parametrize("book", ["core_mip_109", "full_105", "full_110", "full_whole_107"])
def test_cells_of_random_books(book):
    this = shape(CASES / f"{book}.xlsx", "pooled")
    cells = random.Random(book).sample(this.template.cells, 20)
    assert check_cells(this, cells) >= LEAST_PATCHED


@pytest.mark.slow
@pytest.mark.parametrize("study", ["relaxed", "pooled"])
def test_every_cell_of_the_example(tmp_path, study):
    write_template(tmp_path / "example.xlsx", example=True)
    this = Shape(cssopt.load(tmp_path / "example.xlsx").data, study)
    assert check_cells(this, this.template.cells) >= LEAST_PATCHED


@pytest.mark.medium
@pytest.mark.parametrize("book", BOOKS)
def test_cells_that_fall_to_zero(book):
    """Most of them leave terms or rules out: whatever is not refused must be right."""
    this = shape(book, "pooled")
    results = Counter()
    for cell in this.template.cells:
        data = change_cells(this.data, {cell: 0.0})
        try:
            built = this.build(data)
        except (CssoptError, ArithmeticError):
            results["no program"] += 1  # such as a remaining life of 0, which no check lets through
            continue
        results["refused" if this.check(data, built) else "patched"] += 1
    assert results["refused"] > 0
    assert results["patched"] > 0


@pytest.mark.medium
@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("study", ["pooled", "fair"])
def test_several_cells_and_whole_columns_at_once(study, seed):
    chance = random.Random(seed)
    this = shape("INSTITUTIONS", study)
    free = [cell for cell in this.template.cells if f"{cell[0]}.{cell[2]}" not in DECIDE]
    some = {cell: chance.choice(two_changes(this.data, cell)) for cell in chance.sample(free, 8)}
    assert this.check(change_cells(this.data, some)) == ""
    for table, column in chance.sample(sorted({(c[0], c[2]) for c in free}), 6):
        whole = {c: two_changes(this.data, c)[0] for c in free if (c[0], c[2]) == (table, column)}
        assert this.check(change_cells(this.data, {**some, **whole})) == ""


def test_patches_do_not_build_on_each_other():
    """The program of today's numbers is the same after any other one was patched."""
    this = shape("INSTITUTIONS", "pooled")
    cell = ("forces", "tank", "operating_cost")
    dear, _ = this.patch(change_cells(this.data, {cell: 99.0}))
    again, _ = this.patch(this.data)
    assert differs(again, this.template.program) == ""
    assert differs(dear, again) == "matrix"  # the rows of budgets read the ledger


def test_what_a_refusal_says():
    this = shape("INSTITUTIONS", "pooled")
    late = {("movement", ("B", "HOME"), "transit_days"): 29.0}  # 5 + 29 days are more than 30
    _, reason = this.patch(change_cells(this.data, late))
    assert reason == "movement.transit_days of B, HOME decides which decisions and rules there are"


def other(program, name, place):
    array = getattr(program, name).copy()
    (array.data if hasattr(array, "indptr") else array)[place] += 1e-6
    return replace(program, **{name: array})


@pytest.mark.parametrize("name", ["matrix", "row_lower", "row_upper", "reported", "offsets"])
def test_a_difference_is_seen(name):
    program = shape("INSTITUTIONS", "pooled").template.program
    array = getattr(program, name)
    numbers = array.data if hasattr(array, "indptr") else array
    place = int(np.flatnonzero(np.isfinite(numbers))[0])
    assert differs(program, other(program, name, place)) == name
