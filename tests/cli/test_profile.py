"""Where time and memory go: told by phase, by component, and by run of HiGHS, where it is asked."""

from __future__ import annotations

import json
import subprocess
import sys
import time

import pytest
from answer_schema import follows, read_schema
from books import make_case, write_csv
from commands import command
from small_books import make_book

import cssopt
from cssopt import profile
from cssopt.profile import measured, part, phase, recorded, solver_run


@pytest.fixture
def book(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return write_csv(make_book(), tmp_path / "small")


def spend(seconds: float) -> None:
    """Keep the processor at work."""
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass


def test_nothing_is_measured_unless_it_is_recorded():
    assert profile.find_profile() is None
    with phase("a"), part("costs", "a"), solver_run() as told:
        assert told is None
    with recorded() as found:
        assert profile.find_profile() is found
    assert profile.find_profile() is None
    assert (found.phases, found.parts, found.runs) == ({}, {}, [])


def test_a_phase_within_another_is_counted_to_both_and_each_time_it_comes():
    work = measured("inner")(spend)
    with recorded() as found:
        with phase("outer"):
            work(0.02)
            work(0.02)
        work(0.02)
    inner, outer = found.phases["outer", "inner"], found.phases["outer",]
    assert list(found.phases) == [("outer",), ("outer", "inner"), ("inner",)]
    assert (outer.times, inner.times, found.phases["inner",].times) == (1, 2, 1)
    assert 0.04 <= inner.seconds <= outer.seconds
    assert outer.seconds + found.phases["inner",].seconds <= found.seconds


def test_a_phase_that_fails_is_counted_and_left():
    with recorded() as found:
        with pytest.raises(ValueError), phase("wrong"):
            raise ValueError
        with phase("next"):
            pass
    assert list(found.phases) == [("wrong",), ("next",)]


def test_what_one_component_reads_of_another_is_the_others():
    with recorded() as found, part("arithmetic", "reader"):
        with part("arithmetic", "read"):
            spend(0.05)
        spend(0.01)
    assert found.parts["arithmetic", "read"] >= 0.05
    assert 0.01 <= found.parts["arithmetic", "reader"] < 0.05


MEMORY = """
import json
from cssopt.profile import phase, recorded
with recorded() as found:
    with phase("much"):
        held = bytearray(64 * 2**20)
    del held
    with phase("less"):
        bytes(2**20)
print(json.dumps([part.raised for part in found.phases.values()]))
"""


def test_memory_is_that_by_which_the_largest_rose():
    if profile.find_peak() is None:
        pytest.skip("the system does not tell")
    # In a process of its own: in this one, memory that earlier tests gave back would be used first.
    told = subprocess.run(
        [sys.executable, "-c", MEMORY], capture_output=True, text=True, check=True
    )
    much, less = json.loads(told.stdout)
    assert much == pytest.approx(64, abs=8)
    assert less < 8


def test_a_solve_is_told_by_phase_component_and_run():
    case = make_case(make_book())
    with recorded() as found:
        plan = cssopt.solve(case)
    names = [path[0] for path in found.phases]
    assert names[:3] == ["build", "compile", "solve"]
    assert {"extract", "audit"} <= set(names)
    components = {component.name for component in plan.study.components}
    assert {name for hook, name in found.parts if hook == "variables"} <= components
    assert {"arithmetic", "variables", "costs", "constraints"} <= {hook for hook, _ in found.parts}
    first, last = found.runs[0], found.runs[len(plan.solved.stages) - 1]
    assert (first.rows, first.columns) == plan.shape
    assert first.about.endswith(plan.solved.stages[0].name.replace("_", " "))
    assert last.about.endswith(plan.solved.stages[-1].name.replace("_", " "))
    assert {run.ended for run in found.runs} == {"Optimal"}
    assert sum(run.seconds for run in found.runs) == pytest.approx(found.seconds_inside, rel=0.1)
    assert found.seconds_inside < found.seconds


def test_the_command_tells_it_beside_the_answer(book):
    words = ("solve", book, "--study", "relaxed", "--formats", "none", "--quiet")
    plain, told = command(*words), command(*words, "--profile")
    assert plain.err == ""
    assert plain.out == told.out
    for word in ("Profile: ", "build", "Seconds by component and hook", "Runs of HiGHS", "Optimal"):
        assert word in told.err


def test_in_json_it_stands_under_its_own_name(book):
    words = ("solve", book, "--study", "relaxed", "--formats", "none", "--quiet", "--json")
    plain, told = command(*words).told, command(*words, "--profile").told
    assert "profile" not in plain
    found = told.pop("profile")
    assert told.keys() == plain.keys()
    assert follows(found, read_schema()["properties"]["profile"])
    assert found["highs_runs"]
    assert [one["phase"] for one in found["phases"]][:3] == [["start"], ["read"], ["check"]]
    inside = sum(run["seconds"] for run in found["highs_runs"])
    assert inside == pytest.approx(found["seconds_inside_highs"], abs=0.01 + 0.1 * inside)


def test_it_is_told_however_a_command_ends(book):
    done = command("solve", book, "--members", "Z", "--profile")
    assert done.code == 3
    assert "Profile: " in done.err
