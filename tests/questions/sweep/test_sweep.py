"""A sweep: each what-if once, whatever fails, and the journal does the rest."""

from __future__ import annotations

from dataclasses import replace

import pytest
from books import make_data
from small_books import make_book

from cssopt.assembly.folders import find_model_folders
from cssopt.runs.journal import Journal
from cssopt.runs.outcome import Outcome, Run
from cssopt.runs.pool import Lost
from cssopt.runs.run_all import run_all, run_here
from cssopt.runs.specification import RunSpecification
from cssopt.solve.answer import Options
from cssopt.tables.patch import Step

FOLDERS = find_model_folders()


@pytest.fixture(scope="module")
def specification():
    data = make_data(make_book())
    return RunSpecification(data=data, study="relaxed", members=None, options=Options())


@pytest.fixture
def journal(tmp_path):
    with Journal(tmp_path / "journal.sqlite") as journal:
        yield journal


def level(value, name=None, **changed):
    step = Step(**{"table": "requirements", "column": "level", "value": value, **changed})
    return Run(name or f"level {value}", (step,), {"requirements.level": value})


class Heard:
    """A runner that counts what it does, and a listener."""

    def __init__(self, specification, processes=1):
        self._runner = run_here(specification, FOLDERS, processes)
        self.done, self.told = [], []

    def run(self, runs):
        for run, result in self._runner(runs):
            self.done.append(run.name)
            yield run, result

    def listen(self, run, outcome, reused):
        self.told.append((run.name, outcome.status, reused))


def test_ten_million_a_unit_in_four_years(specification, journal):
    """small_books: 40 million for each unit of need, up to the 8 that A has."""
    runs = [level(float(x)) for x in (6, 2, 8, 4, 1)]
    heard = Heard(specification)
    done = run_all(specification, FOLDERS, runs, journal, heard.run, heard.listen)
    money = [outcome.pooled_expenditure for outcome in journal.read(done.keys)]
    assert money == pytest.approx([240, 80, 320, 160, 40])
    assert done.reused == 0
    # Each near the one before it, from the smallest on.
    assert heard.done == [f"level {x}" for x in (1.0, 2.0, 4.0, 6.0, 8.0)]
    assert [name for name, *_ in heard.told] == heard.done


def test_the_same_sweep_again_does_nothing(specification, journal):
    runs = [level(float(x)) for x in (1, 2, 3)]
    first = run_all(specification, FOLDERS, runs, journal, Heard(specification).run)
    again = Heard(specification)
    done = run_all(specification, FOLDERS, runs, journal, again.run, again.listen)
    assert done.keys == first.keys
    assert done.reused == 3
    assert again.done == []
    assert sorted(again.told) == [(run.name, "optimal", True) for run in runs]


@pytest.mark.medium
def test_a_larger_sweep_does_the_rest(specification, journal):
    run_all(specification, FOLDERS, [level(1.0), level(2.0)], journal, Heard(specification).run)
    heard = Heard(specification)
    runs = [level(3.0), level(2.0), level(4.0)]
    done = run_all(specification, FOLDERS, runs, journal, heard.run, heard.listen)
    assert done.reused == 1
    assert sorted(heard.done) == ["level 3.0", "level 4.0"]


def test_what_stops_a_sweep_leaves_what_is_done(specification, journal):
    runs = [level(float(x)) for x in (1, 2, 3, 4)]

    def stop(run, _outcome, _reused):
        if run.name == "level 2.0":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_all(specification, FOLDERS, runs, journal, Heard(specification).run, stop)
    heard = Heard(specification)
    done = run_all(specification, FOLDERS, runs, journal, heard.run)
    assert done.reused == 2
    assert heard.done == ["level 3.0", "level 4.0"]


def test_runs_of_the_same_steps_are_done_once(specification, journal):
    """Their notes and names differ; every one of them has its outcome."""
    runs = [level(3.0, "a"), level(3.0, "b", note="why"), level(5.0, "c"), level(3.0, "d")]
    heard = Heard(specification)
    done = run_all(specification, FOLDERS, runs, journal, heard.run, heard.listen)
    assert sorted(heard.done) == ["a", "c"]
    assert sorted(name for name, *_ in heard.told) == ["a", "b", "c", "d"]
    money = [outcome.pooled_expenditure for outcome in journal.read(done.keys)]
    assert money == pytest.approx([120, 120, 200, 120])
    assert done.keys[0] == done.keys[1] == done.keys[3]


def test_runs_of_one_name_are_told_apart(specification, journal):
    done = run_all(
        specification,
        FOLDERS,
        [level(1.0, "a"), level(2.0, "a")],
        journal,
        Heard(specification).run,
    )
    assert [o.pooled_expenditure for o in journal.read(done.keys)] == pytest.approx([40, 80])


def test_a_failing_run_is_a_row_with_its_reason(specification, journal):
    runs = [
        level(1.0),
        level(-1.0),
        level(1.0, "unknown", table="requirement"),
        level(1.0, "nowhere", where="threat=Q"),
        level(2.0),
    ]
    heard = Heard(specification)
    done = run_all(specification, FOLDERS, runs, journal, heard.run, heard.listen)
    outcomes = list(journal.read(done.keys))
    assert [o.status for o in outcomes] == ["optimal", *["error"] * 3, "optimal"]
    assert "-1" in outcomes[1].reason
    assert "requirements" in outcomes[2].reason
    assert "threat=Q" in outcomes[3].reason
    again = Heard(specification)
    assert run_all(specification, FOLDERS, runs, journal, again.run).reused == 5
    assert again.done == []


def test_a_run_lost_with_its_process_is_told_and_tried_again(specification, journal):
    runs = [level(1.0), level(2.0)]
    lost = lambda todo: ((run, Lost()) for run in todo)  # noqa: E731
    done = run_all(specification, FOLDERS, runs, journal, lost)
    outcomes = list(journal.read(done.keys))
    assert [o.status for o in outcomes] == ["error"] * 2
    assert "lack of memory" in outcomes[0].reason
    done = run_all(specification, FOLDERS, runs, journal, Heard(specification).run)
    assert done.reused == 0
    assert [o.status for o in journal.read(done.keys)] == ["optimal"] * 2


def test_changed_inputs_are_never_mixed_in(specification, journal):
    runs = [level(4.0)]
    run_all(specification, FOLDERS, runs, journal, Heard(specification).run)
    data = make_data(make_book(inventory=[["member", "force", "units"], ["B", "unit", 8]]))
    other = RunSpecification(data=data, study="relaxed", members=None, options=Options())
    done = run_all(other, FOLDERS, runs, journal, Heard(other).run)
    assert done.reused == 0
    (outcome,) = journal.read(done.keys)
    assert outcome.pooled_expenditure == pytest.approx(4 * 4 * 20)


def test_no_runs_are_no_work(specification, journal):
    done = run_all(specification, FOLDERS, [], journal, Heard(specification).run)
    assert (done.keys, done.reused) == ((), 0)


@pytest.mark.medium
def test_two_processes_find_the_money_of_every_run(specification, journal):
    """40 for each unit up to the 8 of A, and 80 for each of B beyond."""
    runs = [level(x / 2) for x in range(1, 25)]
    heard = Heard(specification, 2)
    done = run_all(specification, FOLDERS, runs, journal, heard.run)
    assert sorted(heard.done) == sorted(run.name for run in runs)
    money = [40 * min(x / 2, 8) + 80 * max(x / 2 - 8, 0) for x in range(1, 25)]
    assert [o.pooled_expenditure for o in journal.read(done.keys)] == pytest.approx(money)


def test_equal_security_near_a_base_plan(specification, journal):
    """Members alone stay near no plan. A holds 4 units for all: 160 million, and none moves."""
    near = {
        "base_units": {("A", "unit", year): 4.0 for year in range(2030, 2034)},
        "persist_weight": 1.0,
        "persist_most": None,
    }
    equal = replace(specification, study="equal_security", near=near)
    done = run_all(equal, FOLDERS, [level(4.0)], journal, run_here(equal, FOLDERS, 1))
    (outcome,) = journal.read(done.keys)
    assert (outcome.status, outcome.pooled_expenditure) == ("optimal", pytest.approx(160))


def test_outcomes_are_plain_json_values():
    outcome = Outcome(status="optimal", units={("A", "unit"): 2.0}, bound=float("-inf"))
    facts = outcome.facts()
    assert facts["units"] == [["A", "unit", 2.0]]
    assert facts["bound"] is None
    assert facts["objective"] is None
    assert Outcome.of_facts(facts).units == outcome.units
