"""Work in several processes: results in their order, and a process that dies loses only its own."""

from __future__ import annotations

import os
import time

import pytest

from cssopt.runs.pool import Lost
from cssopt.runs.side_by_side import STOPPED, work_side_by_side


def double(shared, item):
    if item == "dies":
        os._exit(1)
    if item == "stops":
        raise KeyboardInterrupt
    if item == "cannot travel":
        return lambda: None
    return f"{shared} {item}{item}"


def wait_and_double(shared, item):
    time.sleep(0.1)
    return double(shared, item)


def work(items, processes, stopped=lambda result: False):
    told = []
    results = work_side_by_side(
        double,
        "twice",
        {item: item for item in items},
        processes,
        lost=lambda name, reason: (name, reason),
        stopped=stopped,
        tell=told.append,
    )
    return results, told


def test_results_stand_in_the_order_of_the_items():
    results, told = work(["a", "b", "c"], 1)
    assert results == ["twice aa", "twice bb", "twice cc"]
    assert told == ["a", "b", "c"]


@pytest.mark.slow
def test_a_process_that_dies_loses_only_its_own_item():
    results, _ = work(["dies", "a"], 2)
    assert results == [("dies", Lost.reason), "twice aa"]


@pytest.mark.slow
def test_results_of_processes_stand_in_order_and_one_that_cannot_travel_is_lost_with_its_reason():
    results, told = work(["a", "cannot travel", "b", "c"], 2)
    assert results[::2] == ["twice aa", "twice bb"]
    assert results[3] == "twice cc"
    name, reason = results[1]
    assert name == "cannot travel"
    assert "lambda" in reason
    assert told == ["a", "b", "c"]


def test_an_interruption_keeps_what_is_done():
    results, _ = work(["a", "stops", "b"], 1)
    assert results == ["twice aa", ("stops", STOPPED), ("b", STOPPED)]


def test_an_interruption_of_many_processes_keeps_what_is_done():
    """The first result told, the user interrupts: what no process has taken on is given up."""
    told = []

    def interrupt(name):
        told.append(name)
        if len(told) == 1:
            raise KeyboardInterrupt

    items = [str(number) for number in range(50)]
    results = work_side_by_side(
        wait_and_double,
        "twice",
        {item: item for item in items},
        2,
        lost=lambda name, reason: (name, reason),
        stopped=lambda result: False,
        tell=interrupt,
    )
    assert results[0] == "twice 00"
    assert results[-1] == ("49", STOPPED)
    assert all(r in (f"twice {i}{i}", (i, STOPPED)) for i, r in zip(items, results, strict=True))


def test_after_a_result_that_was_interrupted_nothing_is_begun():
    results, _ = work(["a", "b"], 1, stopped=lambda result: True)
    assert results == ["twice aa", ("b", STOPPED)]
