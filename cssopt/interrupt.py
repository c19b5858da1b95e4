"""Being told to end: by Ctrl-C, and by what a system or a closed terminal sends in its place.

Only the command line heeds all of these. In a script of one's own Ctrl-C is left as Python has it,
but for the moments in which a solver runs.
"""

from __future__ import annotations

import _thread
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

SIGNALS: Final = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
"""What asks a program to end."""


class _State:
    """What this process has been told.

    Attributes
    ----------
    owned: True where the process is the program, and ends with it.
    heeded: True where every signal is heeded, as the command line does.
    before: handlers of signals until then.
    came: True once one came. acts: what is called in place of an interruption, the last one first.
    left: what is still at work in a thread that does not listen.
    """

    def __init__(self) -> None:
        self.owned = self.heeded = self.came = False
        self.before: dict[int, Any] = {}
        self.acts: list[Callable[[], None]] = []
        self.left: list[Any] = []


_state = _State()


def own() -> None:
    """The process is the program: what it does not need at its end is not put back."""
    _state.owned = True


def heed() -> None:
    """Let every signal raise KeyboardInterrupt, and remember that it came.

    Those that are ignored, as ``nohup`` does, stay so. An interruption that a destructor swallowed
    is raised again.
    """
    _state.heeded, _state.came = True, False
    _state.acts.clear()
    if threading.current_thread() is not threading.main_thread():
        return
    for number in SIGNALS:
        if (before := signal.getsignal(number)) is not signal.SIG_IGN:
            _state.before[number] = before
            signal.signal(number, _answer)
    sys.unraisablehook = _raise_again


def ignore() -> None:
    """Let no signal disturb the end of the program, which is near."""
    _state.acts.append(lambda: None)


def came() -> bool:
    """True once the user asked to end: what is known by then is kept, nothing more is begun."""
    return _state.came


def ends_soon() -> bool:
    """True in a process that is the program, and so ends with its answer."""
    return _state.owned and _state.heeded


def check() -> None:
    """KeyboardInterrupt where the user has asked to end: for what would begin anew."""
    if _state.came:
        raise KeyboardInterrupt


def leave(work: Any) -> None:
    """Leave alone what does not listen: it ends with the process."""
    _state.left.append(work)


def end(code: int) -> None:
    """End the program; once it was interrupted, without waiting for anything."""
    if _state.owned:
        for number in SIGNALS:
            signal.signal(number, signal.SIG_IGN)
        if _state.came or _state.left:
            for stream in filter(None, (sys.stdout, sys.stderr)):
                with suppress(OSError, ValueError):
                    stream.flush()
            os._exit(code)
    sys.exit(code)


def put_back() -> None:
    """Leave the process as it was before `heed`, where it is not the program's own."""
    if _state.owned:
        return
    for number, before in _state.before.items():
        signal.signal(number, before)
    sys.unraisablehook = sys.__unraisablehook__
    _state.before.clear()
    _state.acts.clear()
    _state.heeded = _state.came = False


def _answer(*_: Any) -> None:
    _state.came = True
    if not _state.acts:
        raise KeyboardInterrupt
    _state.acts[-1]()


def _raise_again(swallowed: Any) -> None:
    if issubclass(swallowed.exc_type, KeyboardInterrupt):
        # Only once this function has ended: what it raises is swallowed too.
        again = threading.Timer(0.01, _thread.interrupt_main)
        again.daemon = True
        again.start()
    elif not _state.came:
        sys.__unraisablehook__(swallowed)


@contextmanager
def calls(act: Callable[[], None]) -> Iterator[None]:
    """Let Ctrl-C call `act` instead of raising KeyboardInterrupt, so that nothing is cut in two.

    Only the main thread may set handlers; elsewhere, and where Ctrl-C is ignored, nothing changes.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.getsignal(signal.SIGINT)
    borrowed = not _state.heeded and before is not signal.SIG_IGN
    _state.acts.append(act)
    if borrowed:
        signal.signal(signal.SIGINT, _answer)
    try:
        yield
    finally:
        if borrowed:
            signal.signal(signal.SIGINT, before)
            _state.came = False
        _state.acts.pop()


@contextmanager
def held_back() -> Iterator[None]:
    """Bring to its end what takes a moment: the command line then only knows that a signal `came`.

    In a script Ctrl-C is as ever.
    """
    if not _state.heeded:
        yield
        return
    with calls(lambda: None):
        yield


@contextmanager
def kept_from_children() -> Iterator[None]:
    """Let processes that are started meanwhile never hear of Ctrl-C: this one answers for all."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    deaf = {number for number in SIGNALS if number != signal.SIGTERM}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, deaf)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
