"""Runs of a sweep on an existing Dask cluster.

A cluster runs the code that it is sent, for whoever can reach it, and so does this machine with
what it is answered: use only one that you trust, and prefer tls:// (Dask's own settings name the
certificates).
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import operator
import pickle
import pkgutil
import threading
import time
import uuid
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from queue import Empty, SimpleQueue
from ssl import SSLError
from typing import Any

from distributed import Client, Future, Security, get_worker
from distributed.scheduler import KilledWorker

from cssopt.errors import CssoptError, SolveError
from cssopt.runs.cluster_address import check_address
from cssopt.runs.outcome import Outcome, Run
from cssopt.runs.payload import open_payload, pack_payload
from cssopt.runs.pool import Lost
from cssopt.runs.run_all import Runner
from cssopt.runs.specification import RunSpecification
from cssopt.runs.worker import Worker

_CONNECT = 10.0
"""Seconds in which a cluster must answer."""

_PULSE = 5.0
"""Seconds after which it is looked at again whether the cluster has workers."""

_PATIENCE = 60.0
"""Seconds that a cluster may be without any worker, while new ones start."""

_AHEAD = 4
"""Runs per thread of the cluster that are handed over before they are due."""

_MOST_PROGRAMS = 2
"""Specifications whose loaded programs a process of the cluster keeps."""

_LOGS = ("distributed", "distributed.client")
"""Logs for which Dask sets a level."""

_CERTIFICATES = (
    "name those of its authority in Dask's settings, such as the environment variables "
    "DASK_DISTRIBUTED__COMM__TLS__CA_FILE, DASK_DISTRIBUTED__COMM__TLS__CLIENT__CERT and "
    "..__CLIENT__KEY"
)
_KEPT = "what was finished is kept, and the same command does the rest"


def run_on_cluster(
    address: str, specification: RunSpecification, folders: Sequence[Path]
) -> Runner:
    """Do runs on the Dask cluster of this address (``tcp://`` or ``tls://``).

    Workers need the installed package only, the scheduler not even that. Model files in front of
    the installed ones, and a study named by its file, travel as source text with its SHA-256.

    Raises SolveError for an address of another kind or without the certificates that it needs, and
    ModelError for a study file that cannot be read. The runner raises SolveError where there is no
    such cluster, where it goes away, and where a worker has other versions or other model files: no
    run is done with these.
    """
    check_address(address)
    _check_certificates(address)
    payload = pack_payload(specification, folders)

    def runner(runs: Sequence[Run]) -> Iterator[tuple[Run, Outcome | Lost]]:
        if runs:
            with _connect(address) as client:
                yield from _Sweeper(client, address, payload).work(runs)

    return runner


class _Sweeper:
    """Hands runs to a cluster, a few ahead for each of its threads, and collects what they give.

    Everything sent names the standard library only, because Dask's scheduler unpickles it too.
    """

    def __init__(self, client: Client, address: str, payload: bytes) -> None:
        self._client = client
        self._address = address
        # Tasks, not scattered data: Dask makes them again when every worker that holds them dies.
        self._do: Future[Any] = client.submit(pkgutil.resolve_name, f"{__name__}:do_run")
        digest = hashlib.sha256(payload).hexdigest()
        self._payload: Future[Any] = client.submit(bytes, payload, key=f"cssopt-payload-{digest}")
        self._ended: SimpleQueue[Future[Any]] = SimpleQueue()
        self._threads = 0
        self._looked = -_PULSE
        self._manned = time.monotonic()

    def work(self, runs: Sequence[Run]) -> Iterator[tuple[Run, Outcome | Lost]]:
        """Each run with its outcome, as they end."""
        suspects = yield from self._work_on(runs, self._find_room)
        # Several runs were with the workers that died; each is tried alone to see which it was.
        for run in suspects:
            if (yield from self._work_on([run], lambda: 1)):
                yield run, Lost()

    def _work_on(
        self, runs: Sequence[Run], find_room: Callable[[], int]
    ) -> Generator[tuple[Run, Outcome], None, list[Run]]:
        """Work with so many runs under way; returns those with which several workers died."""
        waiting = iter(runs)
        under_way: dict[Future[Any], Run] = {}
        suspects: list[Run] = []
        while True:
            for _ in range(find_room() - len(under_way)):
                if (run := next(waiting, None)) is None:
                    break
                under_way[self._submit(run)] = run
            if not under_way:
                return suspects
            ended = self._take_ended()
            for future, result in zip(ended, self._read(ended), strict=True):
                run = under_way.pop(future)
                if isinstance(result, Outcome):
                    yield run, result
                elif isinstance(result, KilledWorker):
                    suspects.append(run)
                else:
                    raise self._explain(result) from result

    def _submit(self, run: Run) -> Future[Any]:
        key = f"cssopt-run-{uuid.uuid4()}"
        try:
            future = self._client.submit(
                operator.call, self._do, self._payload, pickle.dumps(run), key=key
            )
            future.add_done_callback(self._ended.put)
        except (OSError, RuntimeError, CancelledError) as error:
            raise self._gone() from error
        return future

    def _take_ended(self) -> list[Future[Any]]:
        """All that ended since; at least one, unless it takes long."""
        ended = []
        try:
            ended.append(self._ended.get(timeout=_PULSE))
            while True:
                ended.append(self._ended.get_nowait())
        except Empty:
            return ended

    def _read(self, futures: Sequence[Future[Any]]) -> list[Any]:
        """Results, and in place of each that failed its exception."""
        try:
            return list(self._client.sync(_gather, self._client, futures))
        except (OSError, RuntimeError, CancelledError) as error:
            raise self._gone() from error

    def _find_room(self) -> int:
        """How many runs may be under way; SolveError where nobody does them."""
        now = time.monotonic()
        if now - self._looked >= _PULSE:
            try:
                self._threads = sum(self._client.nthreads().values())
            except (OSError, RuntimeError, CancelledError) as error:
                raise self._gone() from error
            self._looked = now
            if self._threads:
                self._manned = now
            elif now - self._manned > _PATIENCE:
                raise SolveError(
                    f"the cluster at {self._address} has had no worker for {_PATIENCE:.0f} "
                    f"seconds; start some with `dask worker {self._address}`: {_KEPT}"
                )
        return _AHEAD * max(self._threads, 1)

    def _gone(self) -> SolveError:
        return SolveError(
            f"the cluster at {self._address} went away in the middle of the sweep; see that its "
            f"scheduler runs and can be reached: {_KEPT}"
        )

    def _explain(self, error: BaseException) -> CssoptError:
        if isinstance(error, CssoptError):
            return error
        if isinstance(error, CancelledError | asyncio.CancelledError | OSError):
            return self._gone()
        return SolveError(
            f"a worker of the cluster at {self._address} cannot do the runs "
            f"({type(error).__name__}: {error}); install the same cssopt on every worker: {_KEPT}"
        )


def _check_certificates(address: str) -> None:
    if not address.startswith("tls://"):
        return
    try:
        certified = Security().get_connection_args("client").get("ssl_context") is not None
    except (OSError, TypeError, ValueError) as error:
        raise SolveError(f"the certificates for {address} cannot be used ({error})") from error
    if not certified:
        raise SolveError(f"{address} needs certificates, and none are named; {_CERTIFICATES}")


@contextmanager
def _connect(address: str) -> Iterator[Client]:
    """A connection; Dask drops the runs under way of one that closes."""
    with _without_log():
        try:
            client = Client(address, timeout=_CONNECT, set_as_default=False)
        except (OSError, TypeError, ValueError, RuntimeError) as error:
            raise _explain_silence(address, error) from error
        try:
            yield client
        finally:
            client.close(timeout=_PULSE)


def _explain_silence(address: str, error: BaseException) -> SolveError:
    if _is_about_certificates(error):
        return SolveError(
            f"the cluster at {address} has certificates of another authority ({error}); "
            f"{_CERTIFICATES}"
        )
    return SolveError(
        f"no Dask cluster answers at {address} ({error}); start one with `dask scheduler` and "
        f"`dask worker {address}`, or correct --cluster (tls:// for one with certificates)"
    )


def _is_about_certificates(error: BaseException | None) -> bool:
    while error is not None and not isinstance(error, SSLError):
        error = error.__cause__
    return error is not None


@contextmanager
def _without_log() -> Iterator[None]:
    """Dask's log held back: what goes wrong is told once, by an error."""
    levels = {log: log.level for log in map(logging.getLogger, _LOGS)}
    for log in levels:
        log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for log, level in levels.items():
            log.setLevel(level)


async def _gather(client: Client, futures: Sequence[Future[Any]]) -> list[Any]:
    each = (client.gather(future, asynchronous=True) for future in futures)
    return await asyncio.gather(*each, return_exceptions=True)


_one_at_a_time = threading.Lock()
"""In a process of the cluster: neither Pyomo nor a loaded program serves two threads."""


def do_run(payload: bytes, run: bytes) -> Outcome:
    """Do a run where it arrived, in a process of the cluster.

    Raises SolveError, with the address of the worker, where this must not be done here.
    """
    with _one_at_a_time:
        try:
            worker = _find_worker(payload)
        except CssoptError as error:
            raise SolveError(f"the worker {get_worker().address} cannot help: {error}") from None
        return worker.run(pickle.loads(run))


@lru_cache(maxsize=_MOST_PROGRAMS)
def _find_worker(payload: bytes) -> Worker:
    return open_payload(payload)
