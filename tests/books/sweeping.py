"""A sweep of the demo in a process of its own, to be killed: sweeping.py JOURNAL N [ADDRESS]."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from paths import DEMO

import cssopt
from cssopt.assembly.study import DEFAULT_STUDY
from cssopt.questions.question import Asking
from cssopt.questions.sweep.ask import Sweep
from cssopt.questions.sweep.design import design_sweep
from cssopt.questions.sweep.find import choose_audited, sweep_runs
from cssopt.runs.journal import Journal


def make_runs(case, number):
    """So many what-ifs of the demo that change numbers only."""
    vary = ["requirements.level*=0.8..1.2", "forces.operating_cost*=0.9..1.1"]
    return design_sweep(case, vary, draws=number, seed=7)


def sweep(case, runs, study=DEFAULT_STUDY, *, journal, processes=1, cluster=None,
          on_outcome=lambda *_: None):  # fmt: skip
    """Runs that were made before, as the question `sweep` does them."""
    asked_for = Sweep(study=study, cluster=cluster, processes=processes)
    asked = Asking(asked_for, case)
    asked_for.check(asked)
    with Journal(journal) as kept:
        return sweep_runs(asked, choose_audited(runs), kept, on_outcome, cluster)


def run_sweep(journal, number, address=None, processes=2, on_outcome=lambda *_: None):
    """The sweep of the tests."""
    case = cssopt.load(DEMO)
    runs = make_runs(case, number)
    return sweep(case, runs, "relaxed", journal=journal, processes=processes, cluster=address,
                 on_outcome=on_outcome)  # fmt: skip


def start_sweep(journal, number, address=None):
    """The same sweep in another process."""
    words = [sys.executable, __file__, str(journal), str(number), *([address] if address else [])]
    return subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def wait_for_growth(journal, least, seconds=120):
    """Wait until the journal has grown to so many bytes of runs written."""
    until = time.monotonic() + seconds
    wal = journal.with_name(journal.name + "-wal")
    while time.monotonic() < until:
        if wal.exists() and wal.stat().st_size > least:
            return
        time.sleep(0.05)
    raise AssertionError("the sweep wrote nothing")


def read_rows(journal):
    """Key and outcome of every row, once its writer has ended."""
    with closing(sqlite3.connect(journal)) as file:
        return file.execute("SELECT key, final FROM runs").fetchall()


if __name__ == "__main__":
    run_sweep(Path(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:4])
