"""Rounds of a search by parts in processes of their own: the same plan, and nothing left behind."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_array

from cssopt.runs import rounds
from cssopt.runs.pool import PAUSE, Lost, Pool
from cssopt.runs.rounds import parts_side_by_side
from cssopt.solve.answer import Options
from cssopt.solve.names import Names
from cssopt.solve.program import Program, StageRow
from cssopt.solve.whole.search import find_plan
from cssopt.solve.whole.work import Proof, prove


def make_knapsacks() -> Program:
    """A number of units for each of some places and years, worth most at 3 + 2 / 3 of them all."""
    keys = [(place, year) for place in "ABCD" for year in (1, 2, 3, 4)]
    count = len(keys)
    worth = np.random.default_rng(0).uniform(1, 2, count)
    matrix = np.array(
        [[1.0 if key[part] == value else 0.0 for key in keys]
         for part, values in ((0, "ABCD"), (1, (1, 2, 3, 4))) for value in values]
    )  # fmt: skip
    rows = len(matrix)
    return Program(
        csr_array(matrix),
        np.full(rows, -np.inf),
        np.full(rows, 3 + 2 / 3),
        np.zeros(count),
        np.full(count, 2.0),
        np.ones(count, dtype=bool),
        csr_array(-worth[np.newaxis, :]),
        np.zeros(1),
        (StageRow("worth", 0, ()),),
        {},
        Names.of(("a", "held", key) for key in keys),
        Names.of(("a", "most", row) for row in range(rows)),
        indices={"held": ("place", "year")},
    )


@pytest.mark.medium
def test_processes_find_the_plan_that_one_finds() -> None:
    program = make_knapsacks()
    here = find_plan(program, Options())
    with parts_side_by_side(2):
        aside = find_plan(program, Options())
    assert here.plan is not None
    assert np.array_equal(here.plan, aside.plan)
    # The bound of a root, not that of the plan with fractions (whose rules leave 3 + 2 / 3 of all).
    assert aside.weighted.bound == pytest.approx(here.weighted.bound, rel=1e-9)
    assert aside.weighted.bound == pytest.approx(aside.weighted.value, rel=1e-6)
    for process in multiprocessing.active_children():
        process.join(10)  # They were told to end.
    assert not multiprocessing.active_children()


@pytest.mark.medium
def test_a_part_whose_process_dies_is_worked_on_here(monkeypatch: pytest.MonkeyPatch) -> None:
    program = make_knapsacks()
    here = find_plan(program, Options())
    monkeypatch.setattr(rounds, "_begin", _begin_to_die)
    with parts_side_by_side(2):
        aside = find_plan(program, Options())
    assert np.array_equal(here.plan, aside.plan)


def _begin_to_die() -> object:
    return _die


def _die(_task: object) -> None:
    os._exit(1)


def _begin_to_double() -> object:
    return _double


def _double(number: int) -> int:
    return 2 * number


@pytest.mark.medium
@pytest.mark.parametrize("processes", [1, 2, 3])
def test_items_may_depend_on_results_before_them(processes: int) -> None:
    waiting, results = [1, 2, 3], []

    def feed() -> Iterator[int]:
        while len(results) < 9:
            yield waiting.pop(0) if waiting else PAUSE

    for _, result in Pool(_begin_to_double, (), processes).work(feed()):
        results.append(result)
        if len(results) in (3, 6):
            waiting += sorted(results[-3:])
    assert [sorted(results[at : at + 3]) for at in (0, 3, 6)] == [
        [2, 4, 6],
        [4, 8, 12],
        [8, 16, 24],
    ]


def _begin_to_wait() -> object:
    return _wait


def _wait(seconds: float) -> float:
    time.sleep(seconds)
    return seconds


@pytest.mark.medium
@pytest.mark.parametrize("processes", [2, 5])
def test_items_that_depend_on_results_do_not_wait_for_what_else_is_under_way(
    processes: int,
) -> None:
    """A round after the other goes on beside one long piece of work."""
    waiting, ended = [6.0, 0.01], []

    def feed() -> Iterator[float]:
        while True:
            yield waiting.pop(0) if waiting else PAUSE

    results = Pool(_begin_to_wait, (), processes).work(feed())
    for _ in range(4):
        ended.append(next(results)[1])
        waiting.append(0.01)
    results.close()
    assert ended == [0.01] * 4


def _begin_to_wait_or_die() -> object:
    return _wait_or_die


def _wait_or_die(seconds: float) -> float:
    return _wait(seconds) if seconds else os._exit(1)


@pytest.mark.medium
def test_an_item_whose_process_died_is_told_at_once_where_none_is_tried_again() -> None:
    items = [6.0, 0.0]
    results = Pool(_begin_to_wait_or_die, (), 2, tries_again=False).work(items)
    item, result = next(results)
    results.close()
    assert item == 0.0
    assert isinstance(result, Lost)


@pytest.mark.medium
def test_the_bound_is_that_of_the_proof_which_was_begun_last() -> None:
    """One that an earlier search left under way says nothing of another program."""
    program = make_knapsacks()
    twice = replace(program, reported=2 * program.reported)
    plan = np.zeros(len(program.columns))
    crew = rounds._Processes(2)
    try:
        crew.begin(Proof(program, plan, Options()))
        assert crew.known == -np.inf
        crew.begin(Proof(twice, plan, Options()))
        assert crew.finish() == crew.known == crew.so_far
        assert crew.known == pytest.approx(prove(Proof(twice, plan, Options())), rel=1e-9)
    finally:
        crew.close()


def test_how_far_a_proof_has_come_is_known_before_its_end() -> None:
    program = make_knapsacks()
    plan = np.zeros(len(program.columns))
    bound = prove(Proof(program, plan, Options()))
    crew = rounds._Processes(2)
    try:
        proof = Proof(program, plan, Options())
        crew.begin(proof)
        assert crew.so_far == -np.inf
        crew._hear(Proof(program, plan, Options()), 7.0)
        assert crew.so_far == -np.inf  # it is of another proof
        crew._hear(proof, bound - 1)
        assert crew.so_far == bound - 1
        assert crew.known == -np.inf
        assert crew.finish() == crew.so_far == pytest.approx(bound)
    finally:
        crew.close()
