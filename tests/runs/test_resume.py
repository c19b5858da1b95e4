"""Whatever kills a sweep, what was finished stays, and the same sweep does the rest."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import suppress
from multiprocessing import active_children

import psutil
import pytest
from books import write_csv
from small_books import make_book
from sweeping import read_rows, run_sweep, start_sweep, wait_for_growth

from cssopt.runs.journal import Journal
from cssopt.runs.outcome import Outcome, Run
from cssopt.runs.pool import Lost, Pool
from cssopt.runs.run_all import run_all
from cssopt.tables.patch import Step


def objectives(sweep):
    return [outcome.objective for _, outcome in sweep.outcomes]


@pytest.mark.slow
def test_a_killed_sweep_resumes_exactly_what_is_missing(tmp_path):
    journal, number = tmp_path / "journal.sqlite", 60
    process = start_sweep(journal, number)
    wait_for_growth(journal, 60_000)
    children = psutil.Process(process.pid).children(recursive=True)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    _, alive = psutil.wait_procs(children, timeout=15)
    assert children, "the sweep ran in processes of its own"
    assert not alive, "no process is left behind"
    finished = {key for key, _ in read_rows(journal)}
    assert 0 < len(finished) < number
    heard = Counter()
    again = run_sweep(
        journal, number, on_outcome=lambda _run, _outcome, reused: heard.update([reused])
    )
    assert heard == {True: len(finished), False: number - len(finished)}
    assert again.reused == len(finished)
    assert len(read_rows(journal)) == number
    serial = run_sweep(tmp_path / "serial.sqlite", number, processes=1)
    assert objectives(again) == pytest.approx(objectives(serial), rel=1e-6)


def begin_command(folder, out):
    words = ["sweep", folder, "--vary", "requirements.level*=0.5:2:0.05", "--out", out,
             "--processes", "2", "--json"]  # fmt: skip
    return subprocess.Popen([sys.executable, "-m", "cssopt", *map(str, words)], text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip


def figures(command):
    """The figures of each run of a command that came to its end."""
    answer, told = command.communicate()
    assert command.returncode == 0, told
    return {
        run["run"]: [run[name] for name in ("status", "objective", "pooled_expenditure", "bound")]
        for run in json.loads(answer)["tables"]["runs"]
    }


def wait_for_journal(path):
    """The moment at which a command has its journal open, which is before it solves anything."""
    wal, until = path.with_name(path.name + "-wal"), time.monotonic() + 240
    while not wal.exists():
        assert time.monotonic() < until
        time.sleep(0.02)
    return time.monotonic()


@pytest.mark.long
@pytest.mark.parametrize("seed", range(3))
def test_a_command_killed_at_random_moments_comes_to_the_same_end(tmp_path, seed):
    """Seven kills, each of all its processes; what a journal has once it has ever after."""
    chance = random.Random(seed)
    folder = write_csv(make_book(), tmp_path / "small")
    first = begin_command(folder, tmp_path / "undisturbed")
    begun = wait_for_journal(tmp_path / "undisturbed" / "journal.sqlite")
    undisturbed = figures(first)
    seconds = time.monotonic() - begun
    journal, written = tmp_path / "out" / "journal.sqlite", set()
    for _ in range(7):
        command = begin_command(folder, tmp_path / "out")
        wait_for_journal(journal)
        time.sleep(seconds * chance.random())
        alive = [psutil.Process(command.pid)]
        alive += alive[0].children(recursive=True)
        for process in alive:
            with suppress(psutil.NoSuchProcess):
                process.kill()
        command.communicate()
        keys = {key for key, _ in read_rows(journal)}
        with Journal(journal) as read:
            assert written <= read.find(keys)
            written = read.find(keys)
    assert written, "some kill came after a run"
    resumed = figures(begin_command(folder, tmp_path / "out"))
    assert resumed.keys() == undisturbed.keys()
    for run, (status, *numbers) in resumed.items():
        assert status == undisturbed[run][0]
        assert numbers == pytest.approx(undisturbed[run][1:], rel=1e-6)


def answer(run):
    return Outcome(status="optimal", pooled_expenditure=float(run.name))


def make_fragile(marks):
    """A worker whose process dies at run 3 always, and at run 5 once."""

    def work(run):
        mark = marks / run.name
        if run.name == "3" or (run.name == "5" and not mark.exists()):
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return answer(run)

    return work


class _Brief:
    def fingerprint(self, _folders):
        return "specification"


@pytest.mark.slow
def test_a_process_that_dies_takes_only_its_own_run_with_it(tmp_path):
    """Run 3 kills whatever runs it; run 5 died of bad luck and is done by another process."""
    runs = [Run(str(i), (Step(table="t", value=i),)) for i in range(12)]
    pool = Pool(make_fragile, (tmp_path,), 2)
    with Journal(tmp_path / "journal.sqlite") as journal:
        done = run_all(_Brief(), (), runs, journal, pool.work)
        outcomes = dict(zip(range(12), journal.read(done.keys), strict=True))
        assert outcomes[3].status == "error"
        assert outcomes[3].reason == Lost.reason
        others = {i: o.pooled_expenditure for i, o in outcomes.items() if i != 3}
        assert others == {i: float(i) for i in range(12) if i != 3}
    # What was lost is no final row: the next sweep tries it again, and only it.
    heard = []
    with Journal(tmp_path / "journal.sqlite") as journal:
        here = Pool(lambda: answer, (), 1)
        run_all(_Brief(), (), runs, journal, here.work,
                lambda run, _outcome, reused: heard.append((run.name, reused)))  # fmt: skip
    assert [name for name, reused in heard if not reused] == ["3"]


@pytest.mark.medium
def test_ending_a_sweep_early_ends_its_processes():
    before = set(active_children())
    pool = Pool(make_slow, (), 2)
    stream = pool.work(iter(range(100)))
    next(stream)
    mine = set(active_children()) - before
    assert len(mine) == 2
    begun = time.monotonic()
    stream.close()
    # Asked by their own module: were they awaited otherwise, it would look for them for ever.
    while any(process.is_alive() for process in mine):
        assert time.monotonic() - begun < 10
        time.sleep(0.05)


def make_slow():
    def work(item):
        time.sleep(0.2)
        return item

    return work
