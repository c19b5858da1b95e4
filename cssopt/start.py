"""The program begins: what must be settled before anything large is loaded.

Loading takes a moment. Ctrl-C, too little memory and libraries that write to the terminal must not
show a planner a traceback by then. A script that imports cssopt is left alone.
"""

from __future__ import annotations

import faulthandler
import os
import re
import signal
import sys
from multiprocessing import parent_process
from types import TracebackType
from typing import Any, Final

from cssopt import interrupt

TRACEBACK: Final = "CSSOPT_TRACEBACK"
"""Environment variable that shows the traceback of a fault in cssopt, and what libraries write."""

INTERRUPTED: Final = 7
"""Exit code after Ctrl-C."""

NO_MEMORY: Final = (
    "Error: there is not enough memory. Close other programs, or raise the limit of memory that "
    "this program was given (ulimit -v); a smaller workbook or fewer processes take less."
)

_PROGRAM: Final = ("cssopt", "cssopt.exe", "cssopt-script.py")
"""What the first word of the program is called."""

_MODULE: Final = re.compile(r"(-\w*m)?cssopt")
"""The word of Python that names the program as a module: ``-m cssopt`` or ``-mcssopt``."""

_THREADS: Final = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")

_LEAST_MEMORY: Final = {"RLIMIT_AS": 540, "RLIMIT_DATA": 230}
"""MB that loading all libraries takes of each limit of memory (measured: 494 and 206), and a little
to begin. With less, those of linear algebra wait for ever for memory that they are not given."""


def begin() -> None:
    """Make the process ready, where it is the program and not a script that imports cssopt."""
    if not _is_program() or parent_process() is not None:
        return
    interrupt.own()
    for number in interrupt.SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _end_at_once)
    sys.excepthook = _tell_failure
    # Threads of linear algebra are of no use here, and each takes its part of the memory.
    for name in _THREADS:
        os.environ.setdefault(name, "1")
    if not os.environ.get(TRACEBACK) and os.name == "posix":
        _keep_streams()


def _is_program() -> bool:
    """True for the command, however it was called; False for whatever else imports cssopt."""
    first = sys.argv[0] if sys.argv else ""
    if first == "-m":  # Python still looks for a module, and imports the packages it lies in.
        return bool(_MODULE.fullmatch(sys.orig_argv[-len(sys.argv)]))
    return os.path.basename(first) in _PROGRAM  # noqa: PTH119


def check_memory() -> None:
    """End the program where a limit leaves too little memory to load what plans are made with."""
    if not interrupt.ends_soon():
        return
    try:
        import resource
    except ImportError:  # not on Windows, which has no such limits
        return
    for name, least in _LEAST_MEMORY.items():
        most, _ = resource.getrlimit(getattr(resource, name, resource.RLIMIT_DATA))
        if most != resource.RLIM_INFINITY and most < least * 2**20:
            _say(f"{NO_MEMORY} It was given {most >> 20:,} MB; to load it takes {least:,} MB.")
            os._exit(1)


def _keep_streams() -> None:
    """Keep the two streams for what cssopt says: libraries, and further processes, write nowhere.

    Solvers and linear algebra write to the descriptors themselves, whatever they are told. Where
    one of them ends the process, its own words are lost so: Python then says where that was.
    """
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for name, number in (("stdout", 1), ("stderr", 2)):
        stream: Any = getattr(sys, name)
        if stream is None:
            continue
        own = open(  # noqa: PTH123, SIM115 (open to the end)
            os.dup(number),
            "w",
            encoding=stream.encoding,
            errors=stream.errors,
            buffering=1,
        )
        setattr(sys, name, own)
        os.dup2(nowhere, number)
    os.close(nowhere)
    if sys.stderr is not None:
        faulthandler.enable(sys.stderr, all_threads=False)


def _end_at_once(*_: Any) -> None:
    """Nothing has begun that could be kept."""
    _say("Interrupted. Nothing had begun.")
    os._exit(INTERRUPTED)


def _tell_failure(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """What went wrong while the program was loaded, in a sentence."""
    if os.environ.get(TRACEBACK):
        sys.__excepthook__(kind, error, trace)
    elif issubclass(kind, KeyboardInterrupt):
        _say("Interrupted.")
    elif is_memory(error):
        _say(NO_MEMORY)
    else:
        _say(say_not_loaded(error))
    os._exit(INTERRUPTED if issubclass(kind, KeyboardInterrupt) else 1)


def say_not_loaded(error: BaseException) -> str:
    """That a part of the program is missing or broken, and what to do."""
    return (
        f"Error: the program could not be loaded ({type(error).__name__}: {error}). Install it "
        f"again; {TRACEBACK}=1 shows more."
    )


def is_memory(error: BaseException) -> bool:
    """True where an error says, in whatever words, that there is not enough memory."""
    if isinstance(error, MemoryError):
        return True
    told = f"{error}".lower()
    return any(sign in told for sign in _SIGNS_OF_MEMORY)


_SIGNS_OF_MEMORY: Final = ("cannot allocate memory", "bad_alloc", "can't start new thread",
                           "failed to map segment")  # fmt: skip


def _say(text: str) -> None:
    os.write(sys.stderr.fileno() if sys.stderr is not None else 2, f"{text}\n".encode())


begin()
