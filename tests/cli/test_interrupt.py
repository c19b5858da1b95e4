"""Ctrl-C in the middle of a solve: a plan is kept where that is wanted, a sweep ends at once."""

from __future__ import annotations

import os
import signal

import pytest
from books import make_data, read_study
from small_books import make_book

from cssopt.assembly.folders import find_model_folders
from cssopt.assembly.instance import Instance
from cssopt.errors import ModelError
from cssopt.runs.journal import Journal
from cssopt.runs.outcome import Run
from cssopt.runs.pool import Pool
from cssopt.runs.run_all import run_all, run_here
from cssopt.runs.specification import RunSpecification
from cssopt.runs.worker import Worker
from cssopt.solution.run import run_study
from cssopt.solve.answer import Options
from cssopt.solve.session import QuietHighs
from cssopt.tables.patch import Step
from cssopt.trace.numbers import Tape


@pytest.fixture
def interrupt_at(monkeypatch):
    """Press Ctrl-C, for real, as soon as HiGHS has begun its n-th run."""

    def arm(number):
        begun = []
        start = QuietHighs.startSolve

        def start_and_interrupt(self):
            thread = start(self)
            begun.append(1)
            if len(begun) == number:
                os.kill(os.getpid(), signal.SIGINT)
            return thread

        monkeypatch.setattr(QuietHighs, "startSolve", start_and_interrupt)

    return arm


def make_runs(number):
    return [
        Run(str(i), (Step(table="requirements", column="level", change="scale", value=1 + i / 10),))
        for i in range(number)
    ]


def make_specification(study):
    options = Options(keep_on_interrupt=False)
    return RunSpecification(data=make_data(make_book()), study=study, members=None, options=options)


@pytest.mark.medium
@pytest.mark.parametrize("study", ["relaxed", "pooled"])
@pytest.mark.parametrize("number", [1, 2, 4])
def test_a_sweep_ends_at_once_and_keeps_only_what_was_finished(
    study, number, interrupt_at, tmp_path
):
    """Cold, kept and patched runs alike; the run that was cut off is done by the next sweep."""
    specification, folders, runs = make_specification(study), find_model_folders(), make_runs(6)
    heard = []
    with Journal(tmp_path / "journal.sqlite") as journal:
        interrupt_at(number)
        with pytest.raises(KeyboardInterrupt):
            run_all(specification, folders, runs, journal, run_here(specification, folders, 1),
                    lambda run, outcome, reused: heard.append(outcome.status))  # fmt: skip
    assert len(heard) < len(runs)
    assert set(heard) <= {"optimal"}
    before = len(heard)
    again = []
    with Journal(tmp_path / "journal.sqlite") as journal:
        done = run_all(specification, folders, runs, journal, run_here(specification, folders, 1),
                       lambda run, outcome, reused: again.append(reused))  # fmt: skip
        assert [o.status for o in journal.read(done.keys)] == ["optimal"] * len(runs)
    assert again.count(True) == before


def test_a_single_plan_keeps_what_it_has(interrupt_at):
    interrupt_at(1)
    data = make_data(make_book())
    solution = run_study(Instance(data, read_study("pooled"), data.members.keys), Options())
    assert solution.solved.cancelled


def test_what_may_pass_is_tried_again(monkeypatch):
    def fail(*_):
        raise MemoryError

    worker = Worker(make_specification("relaxed"), find_model_folders())
    monkeypatch.setattr(worker, "_solve", fail)
    outcome = worker.run(make_runs(1)[0])
    assert (outcome.status, outcome.final) == ("error", False)
    wrong = Run("1", (Step(table="nothing"),))
    monkeypatch.undo()
    assert worker.run(wrong).final


def refuse():
    raise ModelError("there is no such study")


@pytest.mark.medium
def test_a_pool_that_cannot_begin_says_why():
    with pytest.raises(ModelError, match="no such study"):
        list(Pool(refuse, (), 2).work(range(3)))


def test_a_traced_number_used_as_key_or_text_is_bound_to_its_value():
    tape = Tape()
    number = tape.enter(("t", "k", "c"), 0.5)
    assert number in {0.5, 1.0}
    assert {0.5: "half"}[number] == "half"
    assert f"{number:.2f} {number}" == "0.50 0.5"
    assert list(tape.conditions.values()) == [True]
