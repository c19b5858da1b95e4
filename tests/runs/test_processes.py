"""How many processes are worth starting."""

from __future__ import annotations

from dataclasses import replace

from books import make_data, read_study
from small_books import make_book

from cssopt.assembly.instance import Instance
from cssopt.runs import solve_case
from cssopt.runs.solve_case import find_processes
from cssopt.solution.run import run_study
from cssopt.solve.answer import Options

TOOK = {"solve": 15.0}


def test_members_alone_are_worth_processes_where_a_search_takes_long(monkeypatch):
    """Two members: in fractions both together are expected to take half of the 15 s of the plan, in
    whole numbers as long each."""
    monkeypatch.setattr(solve_case.os, "cpu_count", lambda: 4)
    data = make_data(make_book())
    study = read_study("pooled")
    plan = run_study(Instance(data, study, data.members.keys), Options())
    fractions = replace(plan, seconds=TOOK)
    whole = replace(fractions, solved=replace(plan.solved, prices_of="fixed"))
    assert plan.solved.prices_of == "lp"
    assert len(whole.coalition) == 2
    assert (find_processes(fractions), find_processes(whole)) == (1, 4)
    assert find_processes(replace(fractions, seconds={"solve": 21.0})) == 4
    # So many solves as are told, each like the plan itself.
    assert find_processes(fractions, 1) == 4
    assert find_processes(replace(fractions, seconds={"solve": 1.0}), 8) == 1
