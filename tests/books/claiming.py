"""Another process, which claims folders and lets go of them as it is told."""

from __future__ import annotations

import subprocess
import sys

HOLD = """
import sys, time
from pathlib import Path
from cssopt.render.claim import claim_folder
for line in sys.stdin:
    with claim_folder(Path(line.rstrip("\\n"))):
        print("held", flush=True)
        sys.stdin.readline()
    print("free", flush=True)
"""


def start(script=HOLD, **how):
    return subprocess.Popen(
        [sys.executable, "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        **how,
    )


def say(process, line):
    process.stdin.write(f"{line}\n")
    process.stdin.flush()


def make_hold(process, folder):
    say(process, folder)
    assert process.stdout.readline() == "held\n"


def make_free(process):
    say(process, "")
    assert process.stdout.readline() == "free\n"


def end(process):
    process.kill()
    process.communicate()
