"""Judging what an input of any kind does to the program: its end, its time, its memory.

Whoever makes inputs makes `Case`s; `judge` runs one, and `Verdict.faults` says what is wrong with
it. A case is made from a seed, so that its name is all that is needed to make it again.

The corpus, 2,000 workbooks and folders of CSV files and 1,680 texts:
``pytest -m long tests/workbook/test_mutants.py tests/cli/test_texts_fuzz.py``.
"""

from __future__ import annotations

import contextlib
import io
import re
import signal
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from speed import slowness

import cssopt.cli as command_line
from cssopt.errors import CssoptError, DataError
from cssopt.render.screen import Screen
from cssopt.render.terminal import print_issues
from cssopt.tables.check import Checked

MOST_SECONDS = 2.0
"""Processor time of reading and checking, whatever the input."""

MOST_MEGABYTES = 300
"""What a case may add to the memory of the process: it has 200 MB before it reads anything."""

MOST_TOLD = 100_000
"""Characters of all that is told of one input; nobody reads more."""

_ENDLESS = 30
"""Seconds after which a case is stopped."""

_CODE = re.compile(r"^[EWN]-\d{3} ", re.MULTILINE)
_STEERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


@dataclass(frozen=True)
class Case:
    """One input: a name that says how it is made, and what is done with it.

    `act` may return what a check found, a text, or nothing; it may raise what cssopt raises on
    purpose. What it may take is more where a plan is solved.
    """

    name: str
    act: Callable[[], Any]
    seconds: float = MOST_SECONDS


@dataclass(frozen=True)
class Verdict:
    """How a case ended: what was told of it, its codes, and what it took."""

    case: Case
    told: str
    codes: tuple[str, ...]
    seconds: float
    megabytes: float
    crash: str = ""

    @property
    def faults(self) -> list[str]:
        """Everything that no input may do."""
        found = [f"crash: {self.crash}"] if self.crash else []
        if self.seconds > self.case.seconds * slowness():
            found.append(f"took {self.seconds:.1f} s")
        if self.megabytes > MOST_MEGABYTES:
            found.append(f"took {self.megabytes:.0f} MB")
        if len(self.told) > MOST_TOLD:
            found.append(f"told {len(self.told):,} characters")
        if "Traceback (most" in self.told or "fault in cssopt" in self.told:
            found.append(f"a fault is told: {self.told[-300:]}")
        if sign := _STEERS.search(self.told):
            found.append(f"tells a control sign {sign[0]!r}")
        return [f"{self.case.name}: {what}" for what in found]


def judge(case: Case) -> Verdict:
    """Run a case in this process, whose peak of memory is measured from here on."""
    _forget_peak()
    before = _peak()
    crash = told = ""
    begun = time.process_time()
    try:
        with _stopped_after(_ENDLESS):
            told = _tell(case.act())
    except CssoptError as error:
        told = _tell(error)
    except (Exception, SystemExit) as error:
        crash = f"{type(error).__name__}: {str(error)[:300]} {_where(error)}"
    seconds = time.process_time() - begun
    codes = tuple(code.strip() for code in _CODE.findall(told))
    return Verdict(case, told, codes, seconds, _peak() - before, crash)


def run_command(*words: str) -> str:
    """A command as a user types it, within this process: all that it prints, and its exit code."""
    out, err = io.StringIO(), io.StringIO()
    code: Any = 0
    with (
        patch.object(sys, "argv", ["cssopt", *words]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            command_line.main()
        except SystemExit as ended:
            code = ended.code
    return f"{out.getvalue()}\n{err.getvalue()}\nexit {code or 0}"


def find_faults(cases: Iterable[Case]) -> list[str]:
    """What is wrong with any of the cases."""
    return [fault for case in cases for fault in judge(case).faults]


def _tell(end: Any) -> str:
    """What is printed of an end, as a screen prints it."""
    if isinstance(end, DataError):
        end = Checked(None, end.issues, ())
    if not isinstance(end, Checked):
        return "" if end is None else str(end)
    shown = io.StringIO()
    screen = Screen(file=shown)
    print_issues(screen, (*end.issues, *end.notes))
    return shown.getvalue()


def _where(error: BaseException) -> str:
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    return "" if place is None else f"({place.tb_frame.f_code.co_filename}:{place.tb_lineno})"


@contextlib.contextmanager
def _stopped_after(seconds: float) -> Any:
    def stop(*_: object) -> None:
        raise TimeoutError(f"no end after {seconds} s of processor time")

    known = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, known)


def _forget_peak() -> None:
    """Let the system count the peak of memory anew."""
    Path("/proc/self/clear_refs").write_text("5")


def _peak() -> float:
    """Megabytes of memory that this process has had at most."""
    status = Path("/proc/self/status").read_text()
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0
