"""The journal: rows stay, keys tell inputs apart, and a file that is none is told so."""

from __future__ import annotations

import math
import signal
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from books import make_data
from small_books import make_book, members

from cssopt.assembly.folders import find_model_folders
from cssopt.errors import SolveError
from cssopt.runs.journal import Journal
from cssopt.runs.outcome import Outcome, Run, failed
from cssopt.runs.specification import RunSpecification, fingerprint_run, hash_models
from cssopt.solve.answer import Options
from cssopt.tables.patch import Step

FOLDERS = find_model_folders()
STEP = Step(table="requirements", column="level", change="scale", value=1.1, note="more")
RUN = Run("1", (STEP,), {"level": 1.1})
OUTCOME = Outcome(
    status="optimal",
    threats_met=True,
    objective=12.5,
    bound=12.5,
    gap=0.0,
    pooled_expenditure=12.5,
    missing_share=0.0,
    shortfall=0.0,
    costs={"operating_cost": 12.5},
    burden={"A": 10.0, "B": 2.5},
    units={("A", "unit"): 4.0},
    shortfalls={("K", "land"): 0.0},
    way="patched",
    seconds=0.5,
)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "sweep" / "journal.sqlite"


def test_what_is_written_is_read_again(path):
    with Journal(path) as journal:
        journal.write("a", RUN, OUTCOME)
        journal.write("b", RUN, failed("no such table"))
    with Journal(path) as journal:
        assert journal.find(["a", "b", "c"]) == {"a", "b"}
        good, bad = journal.read(["a", "b"])
    assert good == OUTCOME
    assert bad.status == "error"
    assert bad.reason == "no such table"
    assert math.isnan(bad.pooled_expenditure)
    assert not bad.has_plan


def test_outcomes_come_in_the_order_asked_for(path):
    with Journal(path) as journal:
        for money in (1.0, 2.0, 3.0):
            journal.write(str(money), RUN, replace(OUTCOME, pooled_expenditure=money))
        read = journal.read(["3.0", "1.0", "2.0", "1.0"])
        assert [outcome.pooled_expenditure for outcome in read] == [3, 1, 2, 1]


def test_a_row_that_is_not_final_is_tried_again_and_replaced(path):
    with Journal(path) as journal:
        journal.write("a", RUN, failed("its process ended", final=False))
        assert journal.find(["a"]) == set()
        assert [o.reason for o in journal.read(["a"])] == ["its process ended"]
        journal.write("a", RUN, OUTCOME)
        assert journal.find(["a"]) == {"a"}
        assert list(journal.read(["a"])) == [OUTCOME]


def test_a_run_without_a_row_is_no_outcome(path):
    with Journal(path) as journal, pytest.raises(KeyError):
        list(journal.read(["a"]))


def test_many_keys_at_once(path):
    keys = [str(i) for i in range(1_203)]
    with Journal(path) as journal:
        for key in keys[::2]:
            journal.write(key, RUN, OUTCOME)
        assert journal.find(keys) == set(keys[::2])


def test_the_file_is_a_table_that_others_can_read(path):
    with Journal(path) as journal:
        journal.write("a", RUN, OUTCOME)
    with sqlite3.connect(path) as file:
        rows = file.execute("SELECT key, name, steps, final FROM runs").fetchall()
    file.close()
    assert rows == [("a", "1", '[["requirements", "", "level", "scale", 1.1]]', 1)]


WRITE_AND_DIE = """
import os, signal, sys
from pathlib import Path
from cssopt.runs.journal import Journal
from cssopt.runs.outcome import Run, failed
journal = Journal(Path(sys.argv[1]))
for number in range(int(sys.argv[2])):
    journal.write(str(number), Run(str(number), ()), failed("a reason"))
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.medium
@pytest.mark.parametrize("number", [pytest.param(0, marks=pytest.mark.slow), 40])
def test_rows_outlive_the_kill_of_their_writer(path, number):
    done = subprocess.run(
        [sys.executable, "-c", WRITE_AND_DIE, str(path), str(number)], check=False
    )
    assert done.returncode == -signal.SIGKILL
    with Journal(path) as journal:
        assert journal.find(map(str, range(99))) == set(map(str, range(number)))


def test_another_sweep_at_the_moment_is_told(path, monkeypatch):
    monkeypatch.setattr("cssopt.runs.journal._PATIENCE", 0.1)
    with Journal(path) as journal:
        with pytest.raises(SolveError, match="Another command is writing it, or a") as told:
            Journal(path)
        assert str(path) in str(told.value)
        journal.write("a", RUN, OUTCOME)
    with Journal(path) as journal:
        assert journal.find(["a"]) == {"a"}


def write_text(path):
    path.write_text("member;units\nA;3\n" * 100, encoding="utf-8")


def write_other_database(path):
    with sqlite3.connect(path) as file:
        file.execute("CREATE TABLE runs (name TEXT)")
    file.close()


def write_later_version(path):
    with Journal(path):
        pass
    with sqlite3.connect(path) as file:
        file.execute("PRAGMA user_version=3")
    file.close()


def write_folder(path):
    path.mkdir()


FOREIGN = {
    "a text": (write_text, "not a database"),
    "another program's": (write_other_database, "the database of another program"),
    "of a later version": (
        write_later_version,
        "it is of version 3, and this cssopt reads version 2",
    ),
    "a folder": (write_folder, "journal.sqlite is a folder, no file"),
}


@pytest.mark.parametrize(("write", "said"), FOREIGN.values(), ids=FOREIGN)
def test_a_file_that_is_no_journal_is_told_and_left_alone(path, write, said):
    path.parent.mkdir()
    write(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(SolveError, match=said) as told:
        Journal(path)
    assert "Move this file away, or choose another folder with --out" in str(told.value)
    assert (path.read_bytes() if path.is_file() else None) == before


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "sweep").write_text("a file", encoding="utf-8")
    with pytest.raises(SolveError, match="cannot be used"):
        Journal(tmp_path / "sweep" / "journal.sqlite")


def make_specification(**changed):
    own = {"data": make_data(make_book()), "study": "pooled", "members": None, "options": Options()}
    return RunSpecification(**{**own, **changed})


BASE = make_specification()


def test_the_same_inputs_have_the_same_key():
    again = make_specification(options=Options(threads=4))
    assert again.fingerprint(FOLDERS) == BASE.fingerprint(FOLDERS)


OTHERS = {
    "a number": {"data": make_data(make_book(members=members(index_of_b=2.5)))},
    "the study": {"study": "strict"},
    "the coalition": {"members": ("A",)},
    "its order": {"members": ("B", "A")},
    "the gap": {"options": Options(gap=0.01)},
    "the time limit": {"options": Options(time_limit=60)},
    "the seed": {"options": Options(seed=1)},
    "what it stays near": {"near": {"persist_weight": 2.0}},
    "how near": {"near": {"persist_weight": 3.0}},
    "the base plan": {"near": {"base_units": {("A", "unit", 2030): 4.0}}},
}


def test_every_other_input_has_another_key():
    keys = [make_specification(**changed).fingerprint(FOLDERS) for changed in OTHERS.values()]
    keys.append(BASE.fingerprint(FOLDERS))
    assert len(set(keys)) == len(keys)


def test_another_version_has_another_key(monkeypatch):
    before = BASE.fingerprint(FOLDERS)
    monkeypatch.setattr("cssopt.runs.specification.find_versions", lambda: {"HiGHS": "0.0"})
    assert BASE.fingerprint(FOLDERS) != before


def test_another_text_of_a_model_file_has_another_key(tmp_path):
    """A file of the same name hides ours; put elsewhere, the same texts give the same key."""
    (tmp_path / "components").mkdir()
    ours = FOLDERS[-1] / "components" / "fleets.py"
    mine = tmp_path / "components" / "fleets.py"
    mine.write_text(ours.read_text(encoding="utf-8"), encoding="utf-8")
    assert hash_models([tmp_path, *FOLDERS]) == hash_models(FOLDERS)
    mine.write_text(ours.read_text(encoding="utf-8") + "\n# mine\n", encoding="utf-8")
    assert hash_models([tmp_path, *FOLDERS]) != hash_models(FOLDERS)
    assert BASE.fingerprint([tmp_path, *FOLDERS]) != BASE.fingerprint(FOLDERS)


def test_a_study_file_is_known_by_its_content_not_by_its_name(tmp_path):
    one, two = tmp_path / "one.toml", tmp_path / "two.toml"
    for path in (one, two):
        path.write_text('extends = "pooled"\n', encoding="utf-8")
    key = make_specification(study=str(one)).fingerprint(FOLDERS)
    assert make_specification(study=str(two)).fingerprint(FOLDERS) == key
    one.write_text('extends = "strict"\n', encoding="utf-8")
    assert make_specification(study=str(one)).fingerprint(FOLDERS) != key


STEPS = {
    "none": (),
    "one": (STEP,),
    "another value": (replace(STEP, value=1.2),),
    "as a text": (replace(STEP, value="1.1"),),
    "another change": (replace(STEP, change="add"),),
    "another column": (replace(STEP, column="growth"),),
    "other rows": (replace(STEP, where="threat=K"),),
    "twice": (STEP, STEP),
    "a flag": (replace(STEP, value=True),),
}


def test_other_steps_have_another_key():
    keys = {fingerprint_run("specification", Run("1", steps)) for steps in STEPS.values()}
    assert len(keys) == len(STEPS)
    assert fingerprint_run("other", RUN) != fingerprint_run("specification", RUN)


def test_names_notes_and_places_do_not_count():
    other = Run("2", (replace(STEP, note="why", place="scenarios!A2"),), {"other": 1.0})
    assert fingerprint_run("specification", other) == fingerprint_run("specification", RUN)


def test_the_order_of_steps_counts():
    later = replace(STEP, change="add")
    assert fingerprint_run("b", Run("1", (STEP, later))) != fingerprint_run(
        "b", Run("1", (later, STEP))
    )


def test_a_value_of_no_plain_kind_is_journaled_too(path):
    """What a script may hand over, such as a date, is refused by the run, not by the journal."""
    odd = Run("1", (replace(STEP, value=Path("x")),))
    key = fingerprint_run("specification", odd)
    with Journal(path) as journal:
        journal.write(key, odd, failed("no number"))
        assert journal.find([key]) == {key}
