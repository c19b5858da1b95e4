"""Seconds of processor and memory of a piece of work, in a process of its own.

Nothing here imports cssopt: another library is measured without it.
"""

from __future__ import annotations

import json
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

STATUS, REFERENCES = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def read_memory(name: str) -> float:
    """``VmRSS``, the memory of this process, or ``VmHWM``, the largest so far, MB (Linux)."""
    found = re.search(rf"{name}:\s*(\d+) kB", STATUS.read_text(encoding="ascii"))
    return int(found[1]) / 1024 if found else 0.0


def begin_memory() -> float:
    """Memory from which on the largest counts anew: that of this process now; where the system does
    not let it be reset, the largest so far."""
    with suppress(OSError):
        REFERENCES.write_text("5", encoding="ascii")
    return read_memory("VmHWM")


def read_processor() -> float:
    """Seconds of processor of this process and of all that it started and that have ended."""
    used = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)


class Clock:
    """Seconds of processor by step."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Count a block to a step."""
        begun = time.process_time()
        try:
            yield
        finally:
            spent = time.process_time() - begun
            self.seconds[name] = self.seconds.get(name, 0.0) + spent


def limit_processor(seconds: float) -> Callable[[], None]:
    """What ends a child, by a signal, after so many seconds of processor."""
    most = int(seconds) + 1
    return lambda: resource.setrlimit(resource.RLIMIT_CPU, (most, most + 5))


def run_child(words: Sequence[object], limit: float) -> dict[str, Any]:
    """The last line that a Python program printed, read as JSON; ``{"ended": why}`` where it did
    not end well within so many seconds of processor."""
    done = subprocess.run(
        [sys.executable, *map(str, words)],
        capture_output=True,
        text=True,
        preexec_fn=limit_processor(limit),
        check=False,
    )
    lines = done.stdout.strip().splitlines()
    if lines and done.returncode >= 0:
        try:
            found: dict[str, Any] = json.loads(lines[-1])
        except ValueError:
            pass
        else:
            return found
    if done.returncode < 0:
        return {"ended": f"not within {limit:.0f} s of processor"}
    return {"ended": (done.stderr.strip().splitlines() or ["without a word"])[-1]}
