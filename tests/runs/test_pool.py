"""Work in several processes: the same results, and a process that dies loses only its own item."""

from __future__ import annotations

import os
import pickle
import signal
import struct
import subprocess
import sys
import time
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

import psutil
import pytest

from cssopt.runs.pool import PAUSE, STOPPED, Lost, Pool, tell_meanwhile


class CannotTravelError(Exception):
    """Neither can what it would say."""

    def __reduce__(self):
        raise TypeError("no exception like this one")


def double(shared, item):
    if item == "dies":
        os._exit(1)
    if item == "dies once" and not Path(shared).exists():
        Path(shared).touch()
        os._exit(1)
    if item == "stops":
        raise KeyboardInterrupt
    if item == "cannot travel":
        return lambda: None
    if item == "cannot tell":
        raise CannotTravelError("a fault of its own")
    if item == "fails":
        raise ValueError("a fault")
    return f"{shared} {item}{item}"


def wait_and_double(shared, item):
    time.sleep(0.1)
    return double(shared, item)


def make_pool(processes, shared="twice", work=double):
    return Pool(partial, (work, shared), processes)


@pytest.mark.parametrize("processes", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_results_stand_in_the_order_of_the_items(processes):
    told = []
    results = make_pool(processes).gather(["a", "b", "c"], told.append)
    assert results == ["twice aa", "twice bb", "twice cc"]
    assert sorted(told) == ["a", "b", "c"]


@pytest.mark.slow
def test_what_cannot_be_done_or_cannot_travel_is_lost_with_its_reason_and_nothing_else(tmp_path):
    mark, told = str(tmp_path / "mark"), []
    items = ["dies", "dies once", "cannot travel", "a", "cannot tell", "b"]
    results = dict(zip(items, make_pool(2, mark).gather(items, told.append), strict=True))
    assert results["dies"] == Lost()
    assert "lack of memory" in results["dies"].reason
    assert "lambda" in results["cannot travel"].reason
    assert results["cannot tell"] == Lost("CannotTravelError: a fault of its own")
    for item in ("dies once", "a", "b"):
        assert results[item] == f"{mark} {item}{item}"
    assert sorted(told) == sorted(items)
    assert set(told[-2:]) == {"dies", "dies once"}, "tried again when the others are done"


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["dies", "dies once"])
def test_what_waits_for_the_result_of_an_item_whose_process_dies_is_asked_all_the_same(
    tmp_path, kind
):
    """Such as ranges, of which each knows the plans of those so many places before it."""
    items, known = ["a", kind, "b", "c", "d"], {}

    def feed():
        for place, item in enumerate(items):
            while place > 1 and items[place - 2] not in known:
                yield PAUSE
            yield item

    for item, result in make_pool(2, str(tmp_path / "mark")).work(feed()):
        known[item] = result
    assert sorted(known) == sorted(items)
    assert isinstance(known[kind], Lost) is (kind == "dies")


def begin_to_die_while_sending():
    """Work whose larger results are cut in two by the end of their process."""
    send = Connection._send_bytes

    def send_and_die(self, packed):
        if len(packed) > 1_000_000:
            self._send(struct.pack("!i", len(packed)))
            self._send(packed[: len(packed) // 2])
            os.kill(os.getpid(), signal.SIGKILL)
        return send(self, packed)

    Connection._send_bytes = send_and_die
    return answer_at_length


def answer_at_length(item):
    time.sleep(0.02)
    return b"x" * (10_000_000 if item == "long" else item)


@pytest.mark.slow
def test_a_process_that_dies_while_it_sends_keeps_nobody_waiting():
    """With one channel for all, half a result would be waited for as long as any process lives."""
    items = [1, "long", *range(2, 40)]
    results = Pool(begin_to_die_while_sending, (), 2).gather(items)
    assert results[1] == Lost()
    assert [len(result) for result in results if result != Lost()] == [1, *range(2, 40)]


@pytest.mark.slow
def test_what_the_work_raises_is_raised_with_where_it_came_from():
    with pytest.raises(ValueError, match="a fault") as raised:
        make_pool(2).gather(["a", "fails"])
    assert "in double" in raised.value.__notes__[0]


def test_what_the_work_raises_is_raised_as_it_is_in_one_process():
    with pytest.raises(ValueError, match="a fault"):
        make_pool(1).gather(["a", "fails"])


def test_processes_that_the_system_refuses_are_a_lack_of_memory(monkeypatch):
    def refuse(_self):
        raise OSError(11, "Resource temporarily unavailable")

    monkeypatch.setattr("multiprocessing.context.SpawnProcess.start", refuse)
    with pytest.raises(MemoryError, match="temporarily unavailable"):
        make_pool(2).gather(["a", "b"])


def test_an_interruption_keeps_what_is_done():
    assert make_pool(1).gather(["a", "stops", "b"]) == ["twice aa", Lost(STOPPED), Lost(STOPPED)]


@pytest.mark.medium
def test_an_interruption_of_many_processes_keeps_what_is_done():
    """The first result told, the user interrupts: what no process has taken on is given up."""
    told = []

    def interrupt(item):
        told.append(item)
        raise KeyboardInterrupt

    items = [str(number) for number in range(50)]
    results = make_pool(2, work=wait_and_double).gather(items, interrupt)
    done = {item for item, result in zip(items, results, strict=True) if result != Lost(STOPPED)}
    assert done == set(told) == {told[0]}
    assert results[-1] == Lost(STOPPED)


def test_after_a_result_that_is_the_last_one_nothing_is_begun():
    results = make_pool(1).gather(["a", "b"], is_last=lambda _result: True)
    assert results == ["twice aa", Lost(STOPPED)]


def test_a_result_is_had_as_soon_as_it_is_there_and_items_are_taken_as_they_are_needed():
    taken = []

    def take():
        for number in range(1_000):
            taken.append(number)
            yield number

    stream = make_pool(1).work(take())
    assert next(stream) == (0, "twice 00")
    assert taken == [0]
    stream.close()


SCRIPT = """
import sys, time
from cssopt.runs.pool import Pool

def begin():
    return work

def work(item):
    print("at work\\n", end="", flush=True)
    time.sleep(600)

if __name__ == "__main__":
    try:
        list(Pool(begin, (), 2).work(range(4)))
    except KeyboardInterrupt:
        print("interrupted", flush=True)
"""


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "to_all"),
    [(signal.SIGKILL, False), (signal.SIGINT, True)],
)
def test_processes_in_the_middle_of_their_work_end_with_the_one_that_began_them(
    tmp_path, number, to_all
):
    """By a kill of that one, and by Ctrl-C, which every process of the terminal is sent."""
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    process = subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True,
                               stderr=subprocess.PIPE, start_new_session=True)  # fmt: skip
    assert process.stdout.readline() == process.stdout.readline() == "at work\n"
    children = psutil.Process(process.pid).children(recursive=True)
    assert len(children) >= 2
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number) if to_all else os.kill(process.pid, number)
    _, alive = psutil.wait_procs(children, timeout=10)
    out, told = process.communicate(timeout=10)
    assert not alive
    assert out == ("interrupted\n" if to_all else "")
    assert told == ""


def test_a_reason_travels():
    assert pickle.loads(pickle.dumps(Lost("why"))) == Lost("why")


def tell_and_double(shared, item):
    for part in range(3):
        tell_meanwhile(f"{item}{part}")
    return double(shared, item)


@pytest.mark.parametrize("processes", [1, 2])
def test_what_work_tells_meanwhile_is_heard_before_its_result(processes):
    """In this process there is nobody to tell: whoever asks does the work."""
    heard = []
    pool = make_pool(processes, work=tell_and_double)
    for item, result in pool.work(["a", "b", "c"], hear=lambda *told: heard.append(told)):
        assert result == f"twice {item}{item}"
        heard.append((item, result))
    for item in "abc":
        told = [what for about, what in heard if about == item]
        before = [f"{item}{part}" for part in range(3)] if processes > 1 else []
        assert told == [*before, f"twice {item}{item}"]
