"""Processes side by side, each with something of its own that it prepares once.

Each process has a pipe of its own. Its end is known from the pipe, however it came and whatever was
just being sent, and with it the one item that it was at; and from the pipe it knows the end of the
process that started it.
"""

from __future__ import annotations

import os
import pickle
import signal
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import chain
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.reduction import ForkingPickler
from queue import SimpleQueue
from traceback import format_exc
from typing import Any, Final, Generic, TypeVar

from cssopt import interrupt

Item = TypeVar("Item")
Result = TypeVar("Result")

STOPPED: Final = "not begun: the run was interrupted"

PAUSE: Any = object()
"""Among items: no further one is known before the results of those under way are."""

_TRIALS = 2
"""How often an item whose process died is tried again by itself, before it is lost."""


@dataclass(frozen=True)
class Lost:
    """In place of a result: why an item has none; by default its processes died, one by one."""

    reason: str = (
        "its process ended without an answer, which is most often a lack of memory, or a script "
        'of Python that lacks its line `if __name__ == "__main__":`; try it by itself, with one '
        "process"
    )


class Pool(Generic[Item, Result]):
    """Does the same work on many items, one process per core.

    `begin` makes in each process what does the work: ``begin(*arguments)(item)``. With one process
    that is this one, and the results are the same. Memory stays the same however many items there
    are. A process that dies takes none but its own item with it, and that is tried again. When this
    process dies, by whatever kill, the others end too.
    """

    def __init__(
        self,
        begin: Callable[..., Callable[[Item], Result]],
        arguments: tuple[Any, ...],
        processes: int,
        *,
        tries_again: bool = True,
    ) -> None:
        """`tries_again`: an item whose process died, by itself, once all others are done."""
        self._begin = begin
        self._arguments = arguments
        self._processes = processes
        self._tries_again = tries_again

    def work(
        self,
        items: Iterable[Item],
        tell: Callable[[Item], None] = lambda _item: None,
        hear: Callable[[Item, Any], None] = lambda _item, _what: None,
    ) -> Generator[tuple[Item, Result | Lost], None, None]:
        """Each item with its result, in the order of their ends.

        Ending the iteration early, as Ctrl-C does, ends the processes at once. `tell` hears each
        item: before its work in one process, after it in many. `hear` gets what work in a process
        of its own tells by `tell_meanwhile`, while the iteration waits for a result. A result that
        cannot travel between processes is lost. Raises what `begin` or the work raises, and
        MemoryError where the system gives no process.
        """
        if self._processes <= 1:
            work = self._begin(*self._arguments)
            for item in items:
                interrupt.check()
                if item is not PAUSE:
                    tell(item)
                    yield item, work(item)
            return
        waiting = iter(items)
        while True:
            again: list[Item] = []
            for item, result in self._work_in(waiting, self._processes, hear):
                if isinstance(result, _Died) and self._tries_again:
                    again.append(item)
                    continue
                yield item, Lost() if isinstance(result, _Died) else result
                tell(item)
            if not again:
                return
            # What waits for the results of these is known once they are there, and goes on then.
            for item in again:
                yield item, self._try_alone(item)
                tell(item)

    def gather(
        self,
        items: Sequence[Item],
        tell: Callable[[Item], None] = lambda _item: None,
        is_last: Callable[[Result], bool] = lambda _result: False,
    ) -> list[Result | Lost]:
        """The results of all items, in their order.

        Ctrl-C, and a result that is the last one (`is_last`), keep what is done: an item that has
        no result by then is lost.
        """
        found: dict[int, Result | Lost] = {}
        try:
            for item, result in self.work(items, tell):
                found[id(item)] = result
                if not isinstance(result, Lost) and is_last(result):
                    break
        except KeyboardInterrupt:
            pass
        return [found.get(id(item), Lost(STOPPED)) for item in items]

    def _try_alone(self, item: Item) -> Result | Lost:
        """What comes of an item whose process died, without others that take its memory."""
        for _ in range(_TRIALS):
            for _, result in self._work_in([item], 1):
                if not isinstance(result, _Died):
                    return result
        return Lost()

    def _work_in(
        self,
        items: Iterable[Item],
        processes: int,
        hear: Callable[[Item, Any], None] = lambda _item, _what: None,
    ) -> Iterator[tuple[Item, Result | Lost | _Died]]:
        """Work in so many processes, or as many as there are items; one that died is replaced."""
        waiting = iter(items)
        first = _take_known(waiting, processes)
        waiting = chain(first, waiting)
        beginning = _pack((self._begin, self._arguments))
        own: list[_Process] = []
        at_work: dict[Any, tuple[_Process, Item]] = {}  # by this end of their pipes
        ended: list[tuple[Item, Any]] = []
        try:
            # All are started before one is told anything, so that they load side by side.
            own.extend(_Process() for item in first if item is not PAUSE)
            for process in own:
                process.send(beginning)
            idle = own[::-1]
            while True:
                paused = False
                # Who is done goes on with the next item before anybody hears of the last one.
                while len(at_work) < processes:
                    interrupt.check()
                    item = next(waiting, _NOTHING)
                    if item is _NOTHING or item is PAUSE:
                        paused = item is PAUSE
                        break
                    if not idle:
                        own.append(_Process())
                        own[-1].send(beginning)
                        idle.append(own[-1])
                    process = idle.pop()
                    at_work[process.pipe] = process, item
                    process.send(_pack(item))
                for item, result in ended:
                    if isinstance(result, _Raised):
                        raise result.error
                    yield item, result
                # What was waited for may be known by now, whatever else is under way.
                is_known = paused and bool(ended)
                if not at_work and not is_known:
                    return
                ended = []
                for process, item, result in () if is_known else _receive_from(at_work, hear):
                    ended.append((item, result))
                    if isinstance(result, _Died):
                        own.remove(process)
                        process.end()
                    else:
                        idle.append(process)
        finally:
            for process in own:
                process.end()


_NOTHING: Any = object()


def _take_known(items: Iterator[Any], most: int) -> list[Any]:
    """The first items, up to a pause: what comes after one is to be asked for anew."""
    taken: list[Any] = []
    while len(taken) < most and (not taken or taken[-1] is not PAUSE):
        item = next(items, _NOTHING)
        if item is _NOTHING:
            break
        taken.append(item)
    return taken


def _receive_from(
    at_work: dict[Any, tuple[_Process, Item]], hear: Callable[[Item, Any], None]
) -> Iterator[tuple[_Process, Item, Any]]:
    """Wait for processes at work, and take the results of those that have one."""
    for pipe in wait(list(at_work)):
        process, item = at_work[pipe]
        result = process.receive()
        if isinstance(result, _Told):
            hear(item, result.what)
        else:
            del at_work[pipe]
            yield process, item, result


class _Died:
    """In place of a result: the process ended at this item."""


@dataclass(frozen=True)
class _Raised:
    """In place of a result: what the work raised."""

    error: Exception


@dataclass(frozen=True)
class _Told:
    """Before a result: what the work told meanwhile."""

    what: Any


class _Process:
    """A process of a pool, and this end of its pipe.

    Ctrl-C reaches every process of a terminal, while they start too; this one answers for all.
    """

    def __init__(self) -> None:
        # Spawned, not forked: a fork would copy the solver's threads in the middle of their work.
        context = get_context("spawn")
        try:
            self.pipe, other = context.Pipe()
            # Nobody waits for it at the end of a script.
            self._process = context.Process(target=_serve, args=(other,), daemon=True)
            with interrupt.kept_from_children():
                self._process.start()
        except (OSError, RuntimeError) as error:
            raise MemoryError(f"{error}") from error
        other.close()

    def send(self, packed: bytes) -> None:
        """Hand something over; that it died meanwhile is told by `receive`."""
        with suppress(ConnectionError):
            self.pipe.send_bytes(packed)

    def receive(self) -> Any:
        """What came of its item."""
        try:
            packed = self.pipe.recv_bytes()
        except (EOFError, OSError):
            return _Died()
        return pickle.loads(packed)

    def end(self) -> None:
        """End it at once, whatever it does."""
        self._process.kill()
        self.pipe.close()


def _pack(what: Any) -> bytes:
    return bytes(ForkingPickler.dumps(what))


_pipes: list[Connection] = []
"""In a process of a pool: its end of the pipe."""


def tell_meanwhile(what: Any) -> None:
    """In a process of a pool: tell the one that waits something before the result is there.

    From the thread that does the work only. Nothing happens where the work is done in the process
    that asks for it.
    """
    for pipe in _pipes:
        pipe.send_bytes(_pack(_Told(what)))


def _serve(pipe: Connection) -> None:
    """In a process of a pool: prepare the work, then answer each item."""
    _pipes.append(pipe)
    for number in set(interrupt.SIGNALS) - {signal.SIGTERM}:
        signal.signal(number, signal.SIG_IGN)
    received: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_receive, args=(pipe, received), daemon=True).start()
    begin, arguments = pickle.loads(received.get())
    try:
        work = begin(*arguments)
    except Exception as error:
        work = partial(_refuse, error)
    while True:
        pipe.send_bytes(_answer(work, received.get()))


def _receive(pipe: Connection, received: SimpleQueue[bytes]) -> None:
    """Take what is handed over, and end this process once nobody is left to hand over anything."""
    with suppress(EOFError, OSError):
        while True:
            received.put(pipe.recv_bytes())
    os._exit(1)


def _refuse(error: Exception, _item: object) -> None:
    """In place of work that could not be prepared: why, in its own words."""
    raise error


def _answer(work: Callable[[Any], Any], packed: bytes) -> bytes:
    """The result of an item, made ready to travel."""
    error: Exception
    try:
        answer = work(pickle.loads(packed))
    except Exception as raised:
        raised.add_note(f"In a process of its own:\n{format_exc()}")
        answer = _Raised(raised)
    try:
        return _pack(answer)
    except Exception as hindered:
        error = answer.error if isinstance(answer, _Raised) else hindered
        return _pack(Lost(f"{type(error).__name__}: {error}"))
