"""A journal that was damaged, changed or made by others: told, and never another figure."""

from __future__ import annotations

import hashlib
import json
import os
import random
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from books import write_csv
from small_books import make_book
from typer.testing import CliRunner

from cssopt.cli import app
from cssopt.errors import SolveError
from cssopt.runs.journal import Journal
from cssopt.runs.journal_rows import LONGEST, TABLE, make_row
from cssopt.runs.outcome import Outcome, Run
from cssopt.tables.patch import Step

OUTCOME = Outcome(
    status="optimal",
    threats_met=True,
    objective=12.5,
    bound=12.5,
    gap=0.0,
    pooled_expenditure=12.5,
    costs={"operating_cost": 12.5},
    burden={"A": 10.0, "B": 2.5},
    units={(f"M{number}", "unit"): number / 7 for number in range(30)},
    shortfalls={("K", "land"): 0.0},
    structure=("A buys unit",),
    way="patched",
    seconds=0.5,
)
NUMBER = 60


def key_of(number):
    return hashlib.sha256(str(number).encode()).hexdigest()


def run_of(number):
    return Run(str(number), (Step(table="t", value=number),))


def outcome_of(number):
    return replace(OUTCOME, pooled_expenditure=float(number), final=number % 7 != 0)


WRITTEN = {key_of(number): outcome_of(number) for number in range(NUMBER)}


def beside(path, ending):
    return path.with_name(path.name + ending)


@pytest.fixture(scope="module")
def journals(tmp_path_factory):
    """A closed journal with free pages; and one as a kill leaves it, most of it in its -wal."""
    closed, killed = (tmp_path_factory.mktemp("journals") / name for name in ("closed", "killed"))
    with Journal(closed) as journal:
        for number in range(NUMBER):
            journal.write(key_of(number), run_of(number), outcome_of(number))
        shutil.copy(closed, killed)
        shutil.copy(beside(closed, "-wal"), beside(killed, "-wal"))
    execute(closed, "DELETE FROM runs WHERE name LIKE '5%'")
    execute(closed, "PRAGMA wal_checkpoint(TRUNCATE)")
    return closed, killed


@pytest.fixture
def path(journals, tmp_path):
    """A copy of the closed journal, to be damaged."""
    return shutil.copy(journals[0], tmp_path / "journal.sqlite")


def execute(path, query, values=()):
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        return file.execute(query, values).fetchall()


def refused(path):
    """What is said of a journal that cannot be used."""
    with pytest.raises(SolveError) as told:
        Journal(path)
    return str(told.value)


# --- changed by hand


CHANGES = {
    "a figure": "UPDATE runs SET outcome = replace(outcome, '12.5', '2.5') WHERE name = '3'",
    "a status": "UPDATE runs SET outcome = replace(outcome, 'optimal', 'feasible') WHERE name='3'",
    "one digit": "UPDATE runs SET outcome = replace(outcome, ': 3.0', ': 4.0') WHERE name = '3'",
    "the outcome of another run":
        "UPDATE runs SET outcome = (SELECT outcome FROM runs WHERE name = '4') WHERE name = '3'",
    "outcome and checksum of another run": "UPDATE runs SET (outcome, checksum) = "
        "(SELECT outcome, checksum FROM runs WHERE name = '4') WHERE name = '3'",
    "the key of another sweep": f"UPDATE runs SET key = '{key_of('other')}' WHERE name = '3'",
    "a letter of the key": "UPDATE runs SET key = upper(key) WHERE name = '3'",
    "whether it is final": "UPDATE runs SET final = 0 WHERE name = '3'",
    "final as a text": "UPDATE runs SET final = 'yes' WHERE name = '3'",
    "final as a number": "UPDATE runs SET final = 1.5 WHERE name = '3'",
    "the steps": "UPDATE runs SET steps = '[]' WHERE name = '3'",
    "when": "UPDATE runs SET written = '2020-01-01T00:00:00+00:00' WHERE name = '3'",
    "the checksum": "UPDATE runs SET checksum = "
        "iif(substr(checksum, 1, 1) = '0', '1', '0') || substr(checksum, 2) WHERE name = '3'",
    "no checksum": "UPDATE runs SET checksum = '' WHERE name = '3'",
    "bytes that are no letters": "UPDATE runs SET outcome = x'ff00fe' WHERE name = '3'",
    "bytes that are no text": "UPDATE runs SET checksum = CAST(x'ff' AS TEXT) WHERE name = '3'",
    "a number for a text": "UPDATE runs SET outcome = 7 WHERE name = '3'",
    "what moves from cell to cell":
        "UPDATE runs SET written = '', name = name || written WHERE name = '3'",
}  # fmt: skip


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_whatever_is_changed_by_hand_is_refused(path, change):
    execute(path, change)
    told = refused(path)
    assert "1 of its 49 rows is not as cssopt wrote it (run " in told
    assert "damaged or changed by hand. Move this file away" in told
    assert str(path) in told


def test_every_changed_row_is_told_at_once(path):
    execute(path, "UPDATE runs SET final = 1 - final WHERE name IN ('1', '2', '3')")
    told = refused(path)
    assert "3 of its 49 rows are not as cssopt wrote them (" in told
    assert all(f'run "{name}"' in told for name in "123")


def test_of_many_changed_rows_some_are_named(path):
    execute(path, "UPDATE runs SET written = ''")
    assert "49 of its 49 rows" in refused(path)
    assert "and 44 more)" in refused(path)


def test_a_name_that_is_no_name_is_shown_on_one_line(path):
    execute(path, "UPDATE runs SET name = ? WHERE name = '3'", ("[red]\x1b[31m\n" * 99,))
    told = refused(path)
    assert "\x1b" not in told
    assert "\n" not in told
    assert len(told) < 1_000


def test_the_rows_of_a_refused_journal_stay(path):
    execute(path, CHANGES["a figure"])
    before = execute(path, "SELECT * FROM runs")
    refused(path)
    assert execute(path, "SELECT * FROM runs") == before


def test_a_row_that_was_written_twice_by_another_hand_is_no_journal(path):
    """A row that does not stand in the order of keys would not be found, and be written again."""
    execute(path, "UPDATE runs SET key = 'zz' || key WHERE name = '3'")
    assert "1 of its 49 rows" in refused(path)


@pytest.mark.parametrize("verb", ["sweep", "rules"])
def test_a_command_tells_it_before_anything_is_solved(tmp_path, monkeypatch, verb):
    path = tmp_path / "out" / "journal.sqlite"
    with Journal(path) as journal:
        journal.write(key_of(1), run_of(1), OUTCOME)
    execute(path, "UPDATE runs SET outcome = replace(outcome, '12.5', '2.5')")
    monkeypatch.setattr("cssopt.questions.question.solve_instance", None)
    folder = write_csv(make_book(), tmp_path / "small")
    vary = ["--vary", "requirements.level*=1;2"] if verb == "sweep" else []
    command = [verb, str(folder), "--out", str(path.parent), *vary]
    done = CliRunner().invoke(app, command)
    assert isinstance(done.exception, SolveError), done.output
    assert "1 of its 1 rows is not as cssopt wrote it" in str(done.exception)
    assert [file.name for file in path.parent.iterdir()] == ["journal.sqlite"]


# --- tables and files of others


SCHEMAS = {
    "a view in place of the table": [
        "DROP TABLE runs",
        "CREATE VIEW runs AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) "
        "SELECT x AS key, x AS name, 1 AS final, x AS written, x AS checksum, x AS steps, "
        "x AS outcome FROM n",
    ],
    "a trigger": [
        "CREATE TRIGGER t AFTER INSERT ON runs BEGIN UPDATE runs SET outcome = '{}'; END"
    ],
    "a further table": ["CREATE TABLE notes (text TEXT)"],
    "an index": ["CREATE INDEX i ON runs (name)"],
    "no table": ["DROP TABLE runs"],
    "another column": ["ALTER TABLE runs ADD COLUMN remark TEXT"],
    "a column less": ["ALTER TABLE runs DROP COLUMN steps"],
    "a column renamed": ["ALTER TABLE runs RENAME COLUMN steps TO changes"],
    "a computed column": [
        "DROP TABLE runs",
        TABLE.replace("outcome TEXT NOT NULL", "outcome TEXT AS (hex(zeroblob(1000000000)))"),
    ],
}


@pytest.mark.parametrize("queries", SCHEMAS.values(), ids=SCHEMAS)
def test_other_tables_are_told_and_nothing_in_them_runs(path, queries):
    for query in queries:
        execute(path, query)
    begun = time.process_time()
    assert "its tables are not as cssopt made them. Move this file away" in refused(path)
    assert time.process_time() - begun < 2


def test_a_journal_of_an_earlier_version_is_told(path):
    execute(path, "PRAGMA user_version=1")
    assert "an earlier version of cssopt wrote it, without checksums. Move" in refused(path)


@pytest.mark.parametrize("ending", ["", "-wal", "-shm", "-journal"])
def test_a_pipe_is_told_and_not_waited_for(path, ending):
    file = beside(path, ending)
    file.unlink(missing_ok=True)
    os.mkfifo(file)
    assert f"{file.name} is a pipe or a device, no file. Move" in refused(path)


def test_a_device_is_told(tmp_path):
    path = tmp_path / "journal.sqlite"
    path.symlink_to("/dev/zero")
    assert "journal.sqlite is a pipe or a device, no file" in refused(path)


def test_an_empty_file_is_a_journal_that_was_only_begun(tmp_path):
    path = tmp_path / "journal.sqlite"
    path.touch()
    with Journal(path) as journal:
        journal.write(key_of(1), run_of(1), OUTCOME)
        assert list(journal.read([key_of(1)])) == [OUTCOME]


# --- rows whose checksum was worked out anew: believed only as far as they are outcomes


FACTS = OUTCOME.facts()
NESTED = "[" * 100_000 + "]" * 100_000
CONTENTS = {
    "no JSON": "what?",
    "nothing": "",
    "a list": "[]",
    "other facts": json.dumps({"status": "optimal"}),
    "a fact more": json.dumps({**FACTS, "more": 1}),
    "lists in lists": NESTED,
    "lists in a figure": json.dumps(FACTS).replace('"gap": 0.0', f'"gap": {NESTED}'),
    "not a number": json.dumps({**FACTS, "gap": float("nan")}),
    "no end": json.dumps({**FACTS, "gap": float("inf")}),
    "too large": json.dumps(FACTS).replace('"gap": 0.0', '"gap": 1e999'),
    "too many digits": json.dumps(FACTS).replace('"gap": 0.0', f'"gap": {"9" * 100_000}'),
    "a flag for a number": json.dumps({**FACTS, "gap": True}),
    "a text for a number": json.dumps({**FACTS, "pooled_expenditure": "12.5"}),
    "a text for a flag": json.dumps({**FACTS, "threats_met": "yes"}),
    "a number for a text": json.dumps({**FACTS, "reason": 1}),
    "another end": json.dumps({**FACTS, "status": "perfect"}),
    "a list for figures": json.dumps({**FACTS, "costs": [1]}),
    "figures in figures": json.dumps({**FACTS, "burden": {"A": {"B": 1}}}),
    "a pair of three": json.dumps({**FACTS, "units": [["A", "B", "C", 1.0]]}),
    "a pair of numbers": json.dumps({**FACTS, "units": [[1, 2, 1.0]]}),
    "names for pairs": json.dumps({**FACTS, "shortfalls": {"K": 1.0}}),
    "numbers as structure": json.dumps({**FACTS, "structure": [1]}),
    "a text as structure": json.dumps({**FACTS, "structure": "abc"}),
    "bytes": b"\xff\xfe\x00",
}


def forge(path, content, number=3):
    """Put another content into a row, with a checksum that fits."""
    text = content if isinstance(content, bytes) else content.encode()
    cells = make_row(key_of(number), run_of(number), OUTCOME)
    kept = [str(cell).encode() for cell in (*cells[:4], cells[5])]
    row = (*cells[:4], seal((*kept, text)), cells[5], sqlite3.Binary(text))
    execute(path, "INSERT OR REPLACE INTO runs VALUES (?, ?, ?, ?, ?, ?, ?)", row)


@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS)
def test_a_content_that_is_no_outcome_is_told_with_its_run(path, content):
    forge(path, content)
    with Journal(path) as journal:
        assert len(list(journal.read([key_of(4)]))) == 1, "the other rows are sound"
        with pytest.raises(SolveError, match='run "3" holds no outcome of a run') as told:
            list(journal.read([key_of(3)]))
    assert len(str(told.value)) < 1_000


def seal(cells):
    whole = b"".join(b"%d:%s" % (len(cell), cell) for cell in cells)
    return hashlib.sha256(whole).hexdigest()


@pytest.mark.parametrize("place", range(7))
def test_a_forged_cell_of_another_kind_is_told(path, place):
    row = list(make_row(key_of(3), run_of(3), OUTCOME))
    row[place] = b"1" if place == 2 else 1
    cells = [cell if isinstance(cell, bytes) else str(cell).encode() for cell in row]
    if place != 4:
        row[4] = seal([*cells[:4], *cells[5:]])
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("PRAGMA writable_schema=ON")  # without a kind, a cell stays as it is given
        file.execute("UPDATE sqlite_master SET sql = replace(sql, ' TEXT', '')")
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("DELETE FROM runs")
        file.execute("INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        file.execute("PRAGMA writable_schema=ON")
        file.execute("UPDATE sqlite_master SET sql = ?", (TABLE,))
    assert ". Move this file away" in refused(path)


def test_contents_of_other_kinds_are_told(path):
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("PRAGMA writable_schema=ON")
        file.execute("INSERT INTO sqlite_master VALUES (1, 2, 3, 0, NULL)")
    assert "cannot be used" in refused(path)


def test_a_forged_outcome_is_believed(path):
    """What a checksum is not: a signature."""
    forge(path, json.dumps({**FACTS, "pooled_expenditure": 1.0}))
    with Journal(path) as journal:
        (read,) = journal.read([key_of(3)])
    assert read == replace(OUTCOME, pooled_expenditure=1.0)


def test_a_cell_beyond_all_that_is_written_is_not_read(path):
    execute(path, "UPDATE runs SET outcome = ? WHERE name = '3'", ("9" * (LONGEST + 1),))
    begun = time.process_time()
    assert "string or blob too big. Move this file away" in refused(path)
    assert time.process_time() - begun < 2


# --- random damage


DAMAGES = ("flip", "bytes", "cut", "zeros", "header", "page", "swap", "insert")


def damage(content, chance):
    """Change the bytes of a file in one of several ways."""
    kind, size, page = chance.choice(DAMAGES), len(content), 4096
    place = chance.randrange(size)
    page_place, other = (chance.randrange(size // page) * page for _ in range(2))
    if kind == "flip":
        content[place] ^= 1 << chance.randrange(8)
    elif kind == "bytes":
        for _ in range(chance.randrange(2, 50)):
            content[chance.randrange(size)] = chance.randrange(256)
    elif kind == "cut":
        del content[place:]
    elif kind == "zeros":
        length = min(chance.randrange(1, 5_000), size - place)
        content[place : place + length] = bytes(length)
    elif kind == "header":
        content[chance.randrange(100)] = chance.randrange(256)
    elif kind == "page":
        content[page_place + chance.randrange(12)] = chance.randrange(256)
    elif kind == "swap":
        one, two = (content[at : at + page] for at in (page_place, other))
        content[page_place : page_place + page] = two
        content[other : other + page] = one
    else:
        content[place:place] = chance.randbytes(chance.randrange(1, 100))
    return kind


@pytest.mark.medium
@pytest.mark.parametrize(
    ("number", "seed"),
    [(60, 1), pytest.param(700, 2, marks=pytest.mark.slow)],
)
def test_random_damage_is_refused_or_harmless(journals, tmp_path, number, seed):
    chance = random.Random(seed)
    told, read = 0, 0
    for count in range(number):
        source = chance.choice(journals)
        path = shutil.copy(source, tmp_path / f"{count}.sqlite")
        wal = beside(source, "-wal")
        target = path
        if wal.exists():
            target = beside(path, "-wal")
            shutil.copy(wal, target)
        content = bytearray(target.read_bytes())
        kind = damage(content, chance)
        target.write_bytes(content)
        try:
            with Journal(path) as journal:
                found = sorted(journal.find(WRITTEN))
                for key, outcome in zip(found, journal.read(found), strict=True):
                    assert outcome == WRITTEN[key], (count, kind)
                journal.write(key_of("new"), run_of(0), OUTCOME)
                assert list(journal.read([key_of("new")])) == [OUTCOME]
            read += 1
        except SolveError:
            told += 1
    assert told + read == number
    assert told > number / 5
    assert read > number / 5


# --- bounds


READ = """
import sys, time
from pathlib import Path
from cssopt.profile import find_peak
from cssopt.runs.journal import Journal
from cssopt.errors import SolveError
begun = time.process_time()
try:
    with Journal(Path(sys.argv[1])) as journal:
        keys = journal.find(sys.argv[2:])
        print(len(list(journal.read(keys))), "read")
except SolveError as error:
    print(error)
print(time.process_time() - begun, find_peak())
"""


def write_many_rows(path):
    """100 MB of rows as a sweep of the demo writes them."""
    outcome = replace(OUTCOME, units={(f"M{i}", "unit"): i / 7 for i in range(100)})
    insert_rows(path, (make_row(key_of(i), run_of(i), outcome) for i in range(26_000)))


def write_small_rows(path):
    """100 MB of the smallest rows that there are: those of runs without a plan."""
    failed = Outcome(status="error")
    insert_rows(path, (make_row(key_of(i), Run("", ()), failed) for i in range(170_000)))


def write_tiny_rows(path):
    """Rows of some bytes, none of them whole."""
    insert_rows(path, ((f"{i:07}", "", 1, "", "", "", "") for i in range(2_000_000)))


def write_large_cells(path):
    insert_rows(path, (make_row(key_of(i), Run("9" * (LONGEST - 999), ()), OUTCOME)
                       for i in range(24)))  # fmt: skip


def insert_rows(path, rows):
    with Journal(path):
        pass
    with closing(sqlite3.connect(path)) as file, file:
        file.executemany("INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?, ?)", rows)


def write_contents(path):
    """A table of contents with very many entries."""
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("CREATE TABLE runs (key)")
        file.execute("PRAGMA writable_schema=ON")
        views = (("view", f"v{i}", f"v{i}", 0, f"CREATE VIEW v{i} AS SELECT 1")
                 for i in range(600_000))  # fmt: skip
        file.executemany("INSERT INTO sqlite_master VALUES (?, ?, ?, ?, ?)", views)
        file.execute("PRAGMA user_version=2")


def write_noise(path):
    path.write_bytes(b"SQLite format 3\0" + random.Random(1).randbytes(100_000_000))


LARGE = (write_many_rows, write_small_rows, write_tiny_rows, write_large_cells, write_contents,
         write_noise)  # fmt: skip


@pytest.mark.long
@pytest.mark.parametrize("write", LARGE)
def test_a_hundred_megabytes_are_read_or_refused_in_two_seconds(tmp_path, write):
    path = tmp_path / "journal.sqlite"
    write(path)
    keys = [key_of(i) for i in range(1_000)]
    done = subprocess.run(
        [sys.executable, "-c", READ, str(path), *keys], capture_output=True, text=True, check=True
    )
    told, measured = done.stdout.splitlines()
    seconds, most = map(float, measured.split())
    assert "read" in told or "cannot be used" in told
    assert seconds < 2, told
    assert most < 500, told


# --- disks and rights


def test_a_full_disk_is_told_and_keeps_what_was_written(tmp_path):
    """The size of files is limited, which the system refuses as it refuses a full disk."""
    path, written = tmp_path / "journal.sqlite", 0
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    with Journal(path) as journal:
        resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, limits[1]))
        try:
            for number in range(1_000):
                journal.write(key_of(number), run_of(number), OUTCOME)
                written += 1
        except SolveError as error:
            told = str(error)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert "can be reached and has space" in told
    assert 0 < written < 1_000
    with Journal(path) as journal:
        assert len(journal.find(map(key_of, range(1_000)))) == written


def test_a_read_only_journal_is_told(path):
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        copy = shutil.copy(path, Path(folder) / "journal.sqlite")
        copy.chmod(0o444)
        user = os.geteuid()
        if user == 0:  # who may write anything
            os.seteuid(65_534)
        try:
            told = refused(copy)
        finally:
            os.seteuid(user)
    assert "it is read-only. See that you may write to it and its folder, or" in told


def test_a_database_that_another_program_has_open_is_told(path, monkeypatch):
    monkeypatch.setattr("cssopt.runs.journal._PATIENCE", 0.1)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert "a program that shows databases has it open: wait" in refused(path)
