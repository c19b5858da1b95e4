"""Runs commands one after another, each in a fork of a process that has loaded cssopt once.

A script of its own, not a module of the tests: it begins as the program does, before cssopt is
loaded. On standard input it reads one command a line, a JSON object of `argv`, `folder`, `stdout`
and `stderr`; it answers each with a line: the exit code.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import runpy
import sys
from pathlib import Path
from typing import Any


def serve() -> None:
    """Load cssopt, then run what is read until there is no more."""
    asked, answers = os.fdopen(os.dup(0)), os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.argv = ["cssopt"]  # which is how cssopt tells the program from a script
    importlib.import_module("cssopt.__main__")
    # What each command would load anew: what typer reads options with, and the files of models.
    importlib.import_module("pydantic").TypeAdapter(int)
    folders = importlib.import_module("cssopt.assembly.folders").find_model_folders()
    importlib.import_module("cssopt.assembly.study").load_components(folders)
    gc.freeze()  # or the first collection of each command copies all that is loaded
    for line in asked:
        child = os.fork()
        if child == 0:
            _run(json.loads(line))
        _, status = os.waitpid(child, 0)
        answers.write(f"{os.waitstatus_to_exitcode(status)}\n")


def _run(command: dict[str, Any]) -> None:
    """Run one command and end this process with its exit code."""
    os.chdir(command["folder"])
    for name in ("stdout", "stderr"):
        path = Path(command[name])
        setattr(sys, name, path.open("w", encoding="utf-8", buffering=1))
    sys.argv = ["cssopt", *command["argv"]]
    code = 0
    try:
        sys.modules.pop("cssopt.__main__", None)
        runpy.run_module("cssopt", run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException as error:
        sys.excepthook(type(error), error, error.__traceback__)
        code = 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    serve()
