"""Commands that are ended from outside at a chosen moment, and what is left of them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass

from paths import ROOT


@dataclass(frozen=True)
class End:
    """How a command ended: exit code, the two streams, and the seconds from the signal to the end;
    nan where it had ended by itself."""

    code: int
    out: str
    told: str
    seconds: float


TELLING = """
import sys
sys.argv[0] = "cssopt"
from cssopt.render.progress import Progress
tell = Progress.tell

def say(self, step):
    print(step, file=sys.stderr, flush=True)
    tell(self, step)

Progress.tell = say
from cssopt.cli import main
main()
"""
"""The program, which tells every step on a line, as it does to no planner."""


def start(arguments, *, env=None, before=None, telling=False):
    """The program, which heeds Ctrl-C also where the tests were started in the background;
    `telling`: each step is a line of standard error."""

    def prepare():
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if before is not None:
            before()

    return subprocess.Popen(
        [sys.executable, *(("-c", TELLING) if telling else ("-m", "cssopt")), *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=prepare,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})},
    )


def end_at(arguments, step, delay, number=signal.SIGINT, again=None, **how):
    """Send a signal so many seconds after a step was told (None: after the start); a second one
    `again` seconds later. Whatever has not ended after 60 seconds is killed, with the code of it.
    """
    process = start(arguments, telling=step is not None, **how)
    out, told, reached = [], [], threading.Event()

    def read(stream, lines):
        for line in stream:
            lines.append(line)
            if stream is process.stderr and step is not None and step in line:
                reached.set()
        reached.set()

    readers = [
        threading.Thread(target=read, args=pair)
        for pair in ((process.stdout, out), (process.stderr, told))
    ]
    for reader in readers:
        reader.start()
    if step is not None:
        reached.wait(300)
    time.sleep(delay)
    had_ended = process.poll() is not None
    begun = time.monotonic()
    if not had_ended:
        process.send_signal(number)
    try:
        if again is not None:
            process.wait(again)
    except subprocess.TimeoutExpired:
        process.send_signal(number)
    try:
        process.wait(60)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    seconds = float("nan") if had_ended else time.monotonic() - begun
    for reader in readers:
        reader.join(20)
    process.stdout.close()
    process.stderr.close()
    return End(process.returncode, "".join(out), "".join(told), seconds)
