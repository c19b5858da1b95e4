"""What may be seen of a solve while it runs: its best plan, bound and gap, and HiGHS's own log."""

from __future__ import annotations

import math

import pytest
from books import make_case
from commands import command
from paths import FORMULATION
from small_books import make_book

import cssopt
from cssopt.assembly.instance import Instance
from cssopt.errors import ReportError
from cssopt.solve.answer import Options
from cssopt.solve.compile import compile_problem
from cssopt.solve.session import HighsSession
from cssopt.solve.stages import solve_program
from cssopt.solve.watching import SolveState, find_watcher, watch

LONG = FORMULATION / "core_mip_102.xlsx"
"""A book whose search for whole numbers takes longer than these tests."""


@pytest.fixture(scope="module")
def program():
    case = cssopt.load(LONG)
    return compile_problem(Instance.of(case, "pooled", None).assemble())


@pytest.mark.medium
def test_a_search_tells_best_plan_bound_and_gap_until_its_limit(program):
    """Unscaled, as the answer has them: no bound is above the last one, and no plan below it."""
    heard = []
    with watch(heard.append):
        solved = solve_program(program, Options(time_limit=4.0))
    about = program.stages[-1].name.replace("_", " ")
    told = [state for state in heard if state is not None and state.about == about]
    known = [state for state in told if not math.isnan(state.gap) and state.gap < math.inf]
    assert known, heard[-5:]
    bound = solved.stages[-1].bound
    for state in known:
        assert bound / 2 < state.bound <= bound * (1 + 1e-9)
        assert state.best >= bound
        assert state.gap == pytest.approx((state.best - state.bound) / state.best)
    assert [state.seconds for state in told] == sorted(state.seconds for state in told)
    assert heard[-1] is None  # nothing of a run is left once it has ended


@pytest.mark.medium
def test_the_innermost_hears(program):
    outer, inner = [], []
    assert find_watcher() is None
    with watch(outer.append):
        with watch(inner.append):
            solve_program(program, Options(time_limit=0.5))
        with watch(None):
            solve_program(program, Options(time_limit=0.5))
        assert outer == []
        assert inner
        solve_program(program, Options(time_limit=0.5))
        assert outer
    assert find_watcher() is None


@pytest.mark.medium
def test_nobody_is_told_where_nobody_watches(program, monkeypatch):
    def refuse(*_):
        raise AssertionError

    monkeypatch.setattr(HighsSession, "_tell_state", refuse)
    solve_program(program, Options(time_limit=0.5))


def test_a_gap_is_unknown_without_a_plan_or_a_bound():
    assert math.isnan(SolveState(best=3.0).gap)
    assert math.isnan(SolveState(bound=3.0).gap)
    assert SolveState(best=4.0, bound=3.0).gap == 0.25


# HiGHS's own log


def test_every_run_of_a_question_is_in_the_log_under_what_was_solved(tmp_path):
    log = tmp_path / "highs.txt"
    log.write_text("kept\n")
    changes = {"half": ["requirements.level*=0.5"], "more": ["requirements.level*=1.1"]}
    cssopt.whatif(make_case(make_book()), scenarios=changes, log=log, processes=1)
    told = log.read_text()
    assert told.startswith("kept\n")
    heads = [line for line in told.splitlines() if line.startswith("=== ")]
    assert len(heads) == told.count("\nModel status") + told.count("\n  Status  ")
    for name in ("scenario half: pooled", "scenario more: pooled"):
        assert any(name in head for head in heads), heads


@pytest.mark.medium
def test_processes_write_whole_runs_to_the_log(tmp_path):
    """Each run stands in one piece, whoever wrote it."""
    log = tmp_path / "highs.txt"
    changes = {f"{n}": [f"requirements.level*={n / 10}"] for n in range(4, 10)}
    cssopt.whatif(make_case(make_book()), scenarios=changes, log=log, processes=2)
    pieces = log.read_text().split("\n=== ")[1:]
    names = {piece.partition("scenario ")[2].partition(":")[0] for piece in pieces}
    assert names >= set(changes)
    for piece in pieces:
        assert piece.count("rows") >= 1
        assert piece.count("Model status") + piece.count("  Status  ") <= 1


def test_a_log_that_cannot_be_written_is_refused_before_anything_is_solved(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise AssertionError

    monkeypatch.setattr(HighsSession, "__init__", refuse)
    with pytest.raises(ReportError, match="could not be written"):
        cssopt.solve(make_case(make_book()), log=tmp_path / "none" / "log.txt")
    done = command("solve", LONG, "--log", tmp_path, "--formats", "none")
    assert done.code == 1
    assert "could not be written" in done.err
