"""Whatever ends a command: what was solved is kept, a sentence says so, and nothing waits."""

from __future__ import annotations

import gc
import json
import math
import os
import random
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import zipfile
from contextlib import closing
from dataclasses import replace
from importlib import import_module

import highspy
import numpy as np
import openpyxl
import pyarrow.parquet
import pytest
from books import make_data, read_study
from ending import ROOT, end_at, start
from small_books import make_book
from test_outputs import COMMANDS as ANSWERS
from test_outputs import run as run_small

from cssopt import interrupt
from cssopt import start as start_module
from cssopt.assembly.assemble import assemble
from cssopt.assembly.instance import Instance
from cssopt.errors import ModelError
from cssopt.modeling import constraint
from cssopt.runs.pool import STOPPED, Lost, Pool
from cssopt.solution.run import run_study
from cssopt.solution.verdicts import Broken
from cssopt.solve.answer import Options
from cssopt.solve.compile import compile_problem
from cssopt.solve.endings import OUT_OF_TIME
from cssopt.solve.outcome import Status
from cssopt.solve.session import HighsSession, QuietHighs
from cssopt.start import NO_MEMORY, is_memory

BOOK = ROOT / "tests" / "cases" / "formulation" / "core_lp_101.xlsx"
PRESS = signal.SIGINT


run_command = run_small
"""The fixture, by its name here."""


@pytest.fixture
def command_line():
    """Signals are heeded as the command line does, and not afterwards."""
    interrupt.heed()
    yield
    interrupt.put_back()
    assert not interrupt.came()


@pytest.fixture
def program():
    """A small program with whole numbers."""
    data = make_data(make_book())
    return compile_problem(Instance(data, read_study("pooled"), data.members.keys).assemble())


def press(number=PRESS):
    os.kill(os.getpid(), number)


# Ctrl-C, in one process


@pytest.mark.parametrize("number", interrupt.SIGNALS)
def test_every_signal_is_an_interruption(command_line, number):
    with pytest.raises(KeyboardInterrupt):
        press(number)
    assert interrupt.came()


def test_what_is_held_back_comes_to_its_end_and_is_known(command_line):
    done = []
    with interrupt.held_back():
        press()
        done.append(1)
    assert done
    assert interrupt.came()
    with pytest.raises(KeyboardInterrupt):
        interrupt.check()


@pytest.mark.medium
def test_a_signal_that_a_destructor_swallows_is_raised_again(command_line):
    class Swallows:
        def __del__(self):
            press()
            time.sleep(0.01)

    def lose():
        Swallows()
        time.sleep(1)

    with pytest.raises(KeyboardInterrupt):
        lose()


def test_after_ctrl_c_nothing_more_is_begun(command_line, program):
    with interrupt.held_back():
        press()
    session = HighsSession(program, Options())
    session.minimise(program.stages[0])
    assert session.optimise()[0] is Status.INTERRUPTED
    data = make_data(make_book())
    with pytest.raises(KeyboardInterrupt):
        run_study(Instance(data, read_study("pooled"), data.members.keys), Options())
    found = Pool(lambda: lambda item: item, (), 1).gather(["a", "b"])
    assert found == [Lost(STOPPED)] * 2


def test_a_plan_is_read_and_audited_where_ctrl_c_comes_after_the_search(command_line):
    data = make_data(make_book())

    def tell(step):
        if step == "extracting and auditing":
            press()

    solution = run_study(
        Instance(data, read_study("pooled"), data.members.keys),
        Options(),
        concessions=math.inf,
        tell=tell,
    )
    assert solution.status is Status.OPTIMAL
    assert solution.audit.passed
    assert solution.solved.cancelled
    assert not solution.concessions


@pytest.mark.medium
@pytest.mark.parametrize("owned", [True, False])
def test_a_solver_that_does_not_listen_is_left_alone_by_the_program(
    command_line, program, monkeypatch, owned
):
    """The command ends with the plan of the stage before; the thread ends with the process. In a
    script, which goes on and would be aborted at its end, the solver is waited for."""
    ended = []
    monkeypatch.setattr(interrupt._state, "owned", owned)

    def never_listens(self):
        time.sleep(3)
        ended.append(1)

    session = HighsSession(program, Options())
    session.minimise(program.stages[0])
    monkeypatch.setattr(QuietHighs, "_run", never_listens)
    began = time.monotonic()
    signal.signal(signal.SIGALRM, lambda *_: press())
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    status, value, _ = session.optimise()
    assert (time.monotonic() - began < 3) == owned
    assert ended == ([] if owned else [1])
    assert bool(interrupt._state.left) == owned
    if owned:
        assert status is Status.INTERRUPTED
        assert np.isnan(value)
    interrupt._state.left.clear()


@pytest.mark.parametrize(
    ("error", "raised"), [(ValueError, ModelError), (KeyboardInterrupt, KeyboardInterrupt)]
)
def test_what_ends_a_rule_ends_the_building(error, raised):
    """Ctrl-C is itself; anything else is an error of the file."""

    def fail(_):
        raise error

    def variables(block, data, use):
        block.rule = constraint("year", [1], fail, doc="a rule")

    data, study = make_data(make_book()), read_study("pooled")
    first, *others = study.components
    broken = replace(first, hooks={**first.hooks, "variables": variables})
    with pytest.raises(raised):
        assemble(data, replace(study, components=(broken, *others)))
    assert gc.isenabled()


AFTER_THE_PLAN = {
    "whatif": "cssopt.questions.whatif.find.Pool",
    "sweep": "cssopt.questions.sweep.find.run_all",
    "frontier": "cssopt.questions.frontier.result.find_front",
    "alternatives": "cssopt.questions.alternatives.find.find_held",
    "prices": "cssopt.questions.prices.ask.find_prices",
    "rules": "cssopt.questions.rules.ask.specify_lifts",
    "tipping": "cssopt.questions.tipping.ask.make_grid",
    "why": "cssopt.questions.why.ask.explain_cover",
    "diagnose": "cssopt.questions.diagnosis.result.find_missing",
}
"""Every command that asks questions about a plan: what it calls once the plan is solved."""


def press_after_the_plan(monkeypatch, command):
    module, _, name = AFTER_THE_PLAN[command].rpartition(".")
    monkeypatch.setattr(import_module(module), name, lambda *_, **__: press())


@pytest.mark.medium
@pytest.mark.parametrize("as_json", [False, True])
@pytest.mark.parametrize("command", AFTER_THE_PLAN)
def test_the_plan_is_told_where_questions_about_it_are_interrupted(
    run_command, tmp_path, monkeypatch, command, as_json
):
    press_after_the_plan(monkeypatch, command)
    done = run_command(command, *ANSWERS[command][1], *["--json"] * as_json)
    assert done.code == 7
    assert done.err.count("Interrupted") == 1
    status = "infeasible" if command == "diagnose" else "optimal"
    if as_json:
        told = json.loads(done.out)
        assert told["status"] == "interrupted"
        base = {row["label"]: row["value"] for row in told["tables"]["base_plan"]}
        assert base["status"] == status
        assert base["threats met"] == ("no" if command == "diagnose" else "yes")
    else:
        assert ["status", status] in [line.split()[:2] for line in done.out.splitlines()]
    name = ANSWERS[command][0]
    kept = tmp_path / "reports" / name.replace(".xlsx", "-interrupted.xlsx")
    assert openpyxl.load_workbook(kept).sheetnames == ["Base plan", "Run"]
    assert kept.with_suffix(".html").exists()
    assert not (tmp_path / "reports" / name).exists()


def test_a_failed_audit_is_an_error_after_ctrl_c_too(run_command, monkeypatch):
    broken = (Broken("needs_met", "2030", 2.5, "Power is missing."),)
    press_after_the_plan(monkeypatch, "tipping")
    monkeypatch.setattr("cssopt.solution.plan.find_broken", lambda _audit: broken)
    done = run_command("tipping", *ANSWERS["tipping"][1])
    assert done.code == 1
    assert "do not use" in done.out.lower()


# Clocks


def make_hard_program(program):
    """The same program with a search that does not end by itself within a minute."""
    rng = np.random.default_rng(0)
    count, rows = 60, 40
    matrix = rng.integers(1, 50, (rows, count)).astype(float)
    session = HighsSession(program, Options(time_limit=1.0))
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = count, rows
    lp.col_cost_ = -rng.integers(10, 60, count).astype(float)
    lp.col_lower_, lp.col_upper_ = np.zeros(count), np.ones(count)
    lp.row_lower_, lp.row_upper_ = np.full(rows, -1e30), matrix.sum(axis=1) * 0.3
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.arange(0, count * rows + 1, count).astype(np.int32)
    lp.a_matrix_.index_ = np.tile(np.arange(count), rows).astype(np.int32)
    lp.a_matrix_.value_ = matrix.ravel()
    lp.integrality_ = [highspy.HighsVarType.kInteger] * count
    session._highs.passModel(lp)
    return session


@pytest.mark.medium
def test_the_limit_of_time_is_not_that_of_the_solver_whose_clock_can_be_set(program):
    """HiGHS 1.16.0 reads the time of the day, and so is given no limit but that of no time."""
    session = make_hard_program(program)
    session.begin()
    session.set_time_limit()
    assert session._highs.getOptionValue("time_limit")[1] == np.inf
    began = time.monotonic()
    assert session.run() is OUT_OF_TIME
    assert 0.8 < time.monotonic() - began < 5
    assert session._highs.getInfo().primal_solution_status == 2  # the best plan so far is kept


@pytest.mark.medium
def test_a_run_that_is_out_of_time_is_told_so_once(program, monkeypatch):
    """Nothing else of HiGHS is touched from outside while it runs."""
    told = []
    monkeypatch.setattr(QuietHighs, "_run", lambda _self: time.sleep(0.5))
    monkeypatch.setattr(QuietHighs, "cancelSolve", lambda _self: told.append(1))
    session = HighsSession(program, Options(time_limit=0.1))
    session.set_time_limit()
    session.run()
    assert told == [1]


SHIM = r"""
#define _GNU_SOURCE
#include <dlfcn.h>
#include <time.h>
#include <stdlib.h>
static int (*real)(clockid_t, struct timespec *);
static struct timespec begun;
static void find(void) {
  real = dlsym(RTLD_NEXT, "clock_gettime");
  real(CLOCK_MONOTONIC, &begun);
}
int clock_gettime(clockid_t clock, struct timespec *time) {
  if (!real) find();
  int result = real(clock, time);
  struct timespec now;
  real(CLOCK_MONOTONIC, &now);
  if (clock == CLOCK_REALTIME && now.tv_sec - begun.tv_sec >= atol(getenv("SHIM_AFTER")))
    time->tv_sec += atol(getenv("SHIM_JUMP"));
  return result;
}
"""


@pytest.mark.skipif(shutil.which("cc") is None, reason="needs a C compiler")
@pytest.mark.parametrize(
    "jump",
    [
        pytest.param("2600000000", marks=pytest.mark.slow),
        pytest.param("-1700000000", marks=pytest.mark.long),
        pytest.param("1000000000", marks=pytest.mark.long),
        pytest.param("-1000000000", marks=pytest.mark.long),
    ],
)
def test_a_clock_that_is_set_ends_nothing_and_breaks_no_file(tmp_path, jump):
    """Years forward and back, to 2109 and to 1973, while the plan is made."""
    source, shim = tmp_path / "shim.c", tmp_path / "shim.so"
    source.write_text(SHIM)
    subprocess.run(["cc", "-shared", "-fPIC", "-o", shim, source, "-ldl"], check=True)
    env = {"LD_PRELOAD": str(shim), "SHIM_AFTER": "2", "SHIM_JUMP": jump}
    process = start(["solve", BOOK, "--time-limit", "120", "--out", tmp_path / "o"], env=env)
    out, told = process.communicate(timeout=300)
    assert process.returncode == 0, told
    assert "Proven." in out
    assert (tmp_path / "o" / "report.xlsx").stat().st_size > 10_000


# Kills, from outside

COMMANDS = {
    "solve": (),
    "compare": (),
    "whatif": ("--set", "requirements.level*=1.1"),
    "sweep": ("--vary", "requirements.level*=0.8:1.4:0.1", "--processes", "2"),
    "why": ("--threat", "K00", "--year", "2027"),
    "diagnose": (),
    "tipping": ("--vary", "requirements.level*=0.8..1.4"),
}
STEPS = {
    "solve": ("building", "solving", "extracting", "M01 alone", "the coalition", "writing"),
    "compare": ("building", "solving", "extracting", "M01 alone", "the coalition", "writing"),
    "whatif": ("building", "solving", "extracting", "command line"),
    "sweep": ("the base plan", "run 1 of", "run 4 of"),
    "why": ("building", "solving", "extracting", "looking"),
    "diagnose": (None, "check 1"),
    "tipping": ("the base plan", "a grid"),
}
SOLVED_BY_THEN = {
    "sweep": ("run 1 of", "run 4 of"),
    "whatif": ("command line",),
    "why": ("looking",),
    "tipping": ("a grid",),
}
"""Steps that are told once there is a plan, which must then be told whatever happens."""

SENTENCES = ("Interrupted", "interrupted", "Answer: ", "why` tells")


def draw_kill(rng):
    """A command, the moment and the signal."""
    name = rng.choice(list(COMMANDS))
    step = rng.choice((None, *STEPS[name]))
    delay = 0.3 + 4 * rng.random() if step is None else rng.random()
    number = rng.choice((PRESS, PRESS, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL))
    again = rng.random() if rng.random() < 0.3 else None
    return name, step, delay, number, again


def is_whole(path, content):
    """True where a file is as it was, or another one of its kind from its beginning to its end."""
    if path.read_bytes() == content:
        return True
    if path.suffix == ".json":
        return bool(json.loads(path.read_text(encoding="utf-8")))
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as book:
            return book.testzip() is None
    if path.suffix == ".html":
        return path.read_text(encoding="utf-8").rstrip().endswith("</html>")
    if path.suffix == ".sqlite":
        with closing(sqlite3.connect(path)) as journal:
            return journal.execute("pragma integrity_check").fetchone() == ("ok",)
    return pyarrow.parquet.ParquetFile(path).metadata.num_rows > 0


def check_kill(earlier, tmp_path, seed):
    name, step, delay, number, again = draw_kill(random.Random(seed))
    folder = tmp_path / name
    shutil.copytree(earlier(name), folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    call = [name, BOOK, *COMMANDS[name], "--out", folder]
    end = end_at(call, step, delay, number, again)
    case = f"seed {seed}: {name}, {number!r} {delay:.2f} s after {step}: {end}"
    for file, content in before.items():
        assert is_whole(folder / file, content), f"{file}: {case}"
    assert "Traceback" not in end.told + end.out, case
    assert "ERROR" not in end.told + end.out, case
    if step is None and end.code == -number and not end.told:
        return end  # Python itself had not begun yet: nobody could tell.
    if number != signal.SIGKILL:
        assert end.code in (0, 6, 7), case
        assert any(sentence in end.told + end.out for sentence in SENTENCES), case
        if end.code == 7:
            assert not end.seconds > 2 * find_load(), case
            assert end.out or step not in SOLVED_BY_THEN.get(name, ()), case
    return end


def find_load():
    """How much slower a busy machine is."""
    return max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


@pytest.fixture(scope="module")
def earlier(tmp_path_factory):
    """A folder for each command in which its answer stands already, made when first asked for."""
    root = tmp_path_factory.mktemp("ends")

    def find(name):
        folder = root / name
        if not folder.exists():
            folder.mkdir()
            process = start([name, BOOK, *COMMANDS[name], "--out", folder])
            process.communicate(timeout=300)
            assert process.returncode in (0, 6)
        return folder

    return find


SOME = (2, 4, 7, 10)
"""Kills of every kind that are quick to try."""


@pytest.mark.slow
@pytest.mark.parametrize("seed", SOME)
def test_a_kill_at_any_moment_loses_nothing(earlier, tmp_path, seed):
    check_kill(earlier, tmp_path, seed)


@pytest.mark.long
@pytest.mark.parametrize("seed", sorted({*range(204)} - {*SOME}))
def test_two_hundred_kills_lose_nothing(earlier, tmp_path, seed):
    check_kill(earlier, tmp_path, seed)


@pytest.mark.slow
def test_ctrl_c_keeps_the_plan_and_an_earlier_report(tmp_path):
    """Once the plan is solved it is told and reported, without members alone; a second Ctrl-C
    while that report is written takes nothing away."""
    call = ["solve", BOOK, "--out", tmp_path]
    end = end_at(call, "M01 alone", 0.0)
    assert end.code == 7
    assert re.search(r"a year\) 4,694\b", " ".join(end.out.split()))
    assert "Standing alone was not worked out" in end.out
    assert (tmp_path / "report-interrupted.xlsx").exists()
    again = end_at(call, "M01 alone", 0.0, again=0.3)
    assert again.code == 7
    assert re.search(r"a year\) 4,694\b", " ".join(again.out.split()))
    assert "Traceback" not in again.told


# What libraries write

IMPORTED = """
import os, signal
os.write(1, b"mine")
assert signal.getsignal(signal.SIGINT) in (signal.default_int_handler, signal.SIG_IGN)
assert "MKL_NUM_THREADS" not in os.environ
"""


@pytest.mark.parametrize(
    ("call", "words", "is_it"),
    [
        ("python -m cssopt solve -m", "-m solve -m", True),
        ("python -Im cssopt", "-m", True),
        ("python -mcssopt --version", "-m --version", True),
        ("python /usr/bin/cssopt check", "/usr/bin/cssopt check", True),
        ("python -m own.cssopt check", "-m check", False),
        ("python -m own cssopt", "-m cssopt", False),
        ("python plan.py -m cssopt", "plan.py -m cssopt", False),
    ],
)
def test_the_program_is_known_by_how_it_was_called(monkeypatch, call, words, is_it):
    """`words` are what Python makes of the call while it looks for what it shall run."""
    monkeypatch.setattr(sys, "orig_argv", call.split())
    monkeypatch.setattr(sys, "argv", words.split())
    assert start_module._is_program() is is_it


@pytest.mark.slow
def test_a_package_that_imports_cssopt_is_left_alone(tmp_path):
    """It is loaded while Python still looks for the module to run."""
    own = tmp_path / "own"
    own.mkdir()
    (own / "__init__.py").write_text("import cssopt.start")
    (own / "tool.py").write_text(IMPORTED)
    env = {name: value for name, value in os.environ.items() if name != "MKL_NUM_THREADS"}
    done = subprocess.run(
        [sys.executable, "-m", "own.tool"],
        cwd=tmp_path,
        env={**env, "PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "mine", "")


ABORTED = """
import os, sys
sys.argv[0] = "cssopt"
import cssopt
print("ours")
os.write(1, b"of a library")
os.abort()
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="streams are kept on POSIX")
def test_a_library_that_ends_the_process_is_told(tmp_path):
    (tmp_path / "aborted.py").write_text(ABORTED)
    done = subprocess.run(
        [sys.executable, "aborted.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == -signal.SIGABRT
    assert done.stdout == "ours\n"
    assert done.stderr.startswith("Fatal Python error: Aborted")


# Memory


def check_memory(tmp_path, kind, megabytes, words):
    call = [*words, *([] if words[0] == "check" else ["--out", tmp_path])]
    limit = megabytes << 20
    process = start(call, before=lambda: resource.setrlimit(kind, (limit, limit)))
    out, told = process.communicate(timeout=300)
    told_so = NO_MEMORY in told or "not enough memory" in told + out
    assert process.returncode in (0, 6) or (process.returncode == 1 and told_so), told[-600:]
    assert "Traceback" not in told


LADDER = range(250, 501, 10)
SOLVE, CHECK = ("solve", BOOK), ("check", BOOK)
WHATIF = ("whatif", BOOK, "--set", "requirements.level*=1.1")
SWEEP = ("sweep", BOOK, *COMMANDS["sweep"])
linux = pytest.mark.skipif(sys.platform != "linux", reason="limits of memory as Linux has them")


@linux
@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "megabytes"),
    [
        (resource.RLIMIT_AS, 250),
        (resource.RLIMIT_AS, 500),
        (resource.RLIMIT_AS, 440),
        (resource.RLIMIT_DATA, 250),
    ],
)
def test_too_little_memory_is_a_plan_or_a_sentence(tmp_path, kind, megabytes):
    check_memory(tmp_path, kind, megabytes, SOLVE)


@linux
@pytest.mark.long
@pytest.mark.parametrize("words", [SOLVE, CHECK, WHATIF, SWEEP], ids=lambda words: words[0])
@pytest.mark.parametrize("megabytes", [*LADDER, 560, 580, 600, 650, 700])
@pytest.mark.parametrize("kind", [resource.RLIMIT_AS, resource.RLIMIT_DATA])
def test_every_step_of_the_ladder_is_a_plan_or_a_sentence(tmp_path, kind, megabytes, words):
    check_memory(tmp_path, kind, megabytes, words)


@pytest.mark.parametrize(
    ("error", "is_it"),
    [
        (MemoryError(), True),
        (ImportError("libx.so: failed to map segment from shared object"), True),
        (OSError(12, "Cannot allocate memory"), True),
        (RuntimeError("can't start new thread"), True),
        (OSError(2, "No such file"), False),
    ],
)
def test_memory_is_known_by_its_words(error, is_it):
    assert is_memory(error) is is_it


def start_with(megabytes, *words):
    limits = (megabytes << 20, megabytes << 20)
    return start(words, before=lambda: resource.setrlimit(resource.RLIMIT_AS, limits))


@pytest.mark.medium
def test_a_limit_too_low_to_load_is_told_before_anything_is_loaded():
    process = start_with(300, "solve", "no.xlsx")
    _, told = process.communicate(timeout=60)
    assert process.returncode == 1
    assert told == f"{NO_MEMORY} It was given 300 MB; to load it takes 540 MB.\n"


@pytest.mark.medium
@pytest.mark.parametrize("words", [("--version",), ("--help",), ("check", BOOK)])
def test_what_makes_no_plan_needs_little_memory(words):
    process = start_with(150, *words)
    out, told = process.communicate(timeout=60)
    assert process.returncode == 0, told
    assert "cssopt" in out or "no errors" in told
