"""What sweeps, fronts and tipping points read of a run, by hand: the book of `test_figures`."""

from __future__ import annotations

import pytest
from books import make_data, read_study
from small_books import make_early_book

from cssopt.assembly.instance import Instance
from cssopt.runs.read_outcome import OutcomeReader
from cssopt.solution.run import run_program
from cssopt.solve.answer import Options


def read(book, members=("A", "B")):
    study = read_study("pooled")
    solution, program = run_program(Instance(make_data(book), study, members), Options())
    return OutcomeReader(program, study).read(solution.solved, solution.data)


def near(figures):
    """The figures that are there, beyond rounding."""
    return {name: pytest.approx(x) for name, x in figures.items()}


def above_zero(figures):
    return {name: x for name, x in figures.items() if abs(x) > 1e-6}


def test_figures_of_a_run():
    """A keeps 4 units for 10 million a year in 2030 and 2031: 40 and 32 today, 2 units on average
    of four years."""
    outcome = read(make_early_book())
    assert outcome.threats_met
    assert outcome.pooled_expenditure == pytest.approx(72)
    assert above_zero(outcome.costs) == near({"operating_cost": 72})
    assert above_zero(outcome.burden) == near({"A": 72})
    assert above_zero(outcome.units) == near({("A", "unit"): 2})
    assert above_zero(outcome.shortfalls) == {}
    assert "K is not met" not in outcome.structure


def test_what_is_missing_is_counted_and_makes_a_need_unmet():
    """A has 1 unit of 4: 3 are missing in each of two years, 3/4 of each need."""
    book = make_early_book()
    book["inventory"] = [["member", "force", "units"], ["A", "unit", 1]]
    outcome = read(book, ["A"])
    assert not outcome.threats_met
    assert outcome.shortfall == pytest.approx(6)
    assert outcome.shortfalls == near({("K", "land"): 6})
    assert outcome.missing_share == pytest.approx(2 * 3 / 4)
    assert outcome.pooled_expenditure == pytest.approx(10 + 8)
    assert "K is not met" in outcome.structure
