"""A Dask cluster of real processes on the loopback address: nothing is lost, nothing runs twice."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import dask
import pandas as pd
import pytest
import trustme
from paths import ROOT
from small_books import make_book
from sweeping import DEMO, read_rows, run_sweep, start_sweep, sweep, wait_for_growth

import cssopt
from cssopt.errors import SolveError
from cssopt.questions.sweep.design import design_sweep
from cssopt.runs import cluster as cluster_module
from cssopt.runs.outcome import Run
from cssopt.runs.pool import Lost
from cssopt.tables.patch import Step

OWN = ROOT / "docs" / "examples" / "host_nation"

SCHEDULER = """
import sys
sys.modules["cssopt"] = None  # as where it is not installed: a scheduler does without
from distributed.cli.dask_scheduler import main
main()
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(*words, **environment):
    """A process of its own group, so that the processes that it starts end with it."""
    return subprocess.Popen(
        [sys.executable, *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        cwd=tempfile.gettempdir(),
        env={**os.environ, **environment},
    )


def start_worker(address, *words, threads=1, **environment):
    return start("-m", "distributed.cli.dask_worker", address, "--host", "127.0.0.1",
                 "--nthreads", str(threads), "--no-dashboard", *words, **environment)  # fmt: skip


@contextmanager
def cluster(*crew, scheme="tcp", words=()):
    """A scheduler and workers, each a function of the address; gives address and processes."""
    port = free_port()
    address = f"{scheme}://127.0.0.1:{port}"
    host = f"{scheme}://127.0.0.1"
    processes = [start("-c", SCHEDULER, "--host", host, "--port", str(port), "--no-dashboard",
                       *words)]  # fmt: skip
    try:
        wait_for_port(port)
        processes += [begin(address) for begin in crew]
        yield address, processes
    finally:
        for process in processes:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_for_port(port, seconds=60):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("the scheduler did not start")


def alone(address):
    return start_worker(address, "--no-nanny")


def of_two_threads(address):
    return start_worker(address, "--no-nanny", threads=2)


def load_small(models=()):
    """The small book, which is solved in no time."""
    frames = {name: pd.DataFrame(rows[1:], columns=rows[0]) for name, rows in make_book().items()}
    return cssopt.load(frames, models)


@pytest.mark.slow
def test_a_worker_and_a_sweep_are_killed_and_nothing_is_lost_or_done_twice(tmp_path):
    journal, number = tmp_path / "journal.sqlite", 80
    with cluster(alone, of_two_threads) as (address, processes):
        client = start_sweep(journal, number, address)
        wait_for_growth(journal, 60_000)
        processes[1].send_signal(signal.SIGKILL)
        time.sleep(0.5)
        client.send_signal(signal.SIGKILL)
        client.wait()
        finished = {key for key, _ in read_rows(journal)}
        assert 0 < len(finished) < number
        heard = Counter()
        again = run_sweep(
            journal, number, address, on_outcome=lambda _r, _o, reused: heard.update([reused])
        )
    assert heard == {True: len(finished), False: number - len(finished)}
    rows = read_rows(journal)
    assert len(rows) == len({key for key, _ in rows}) == number
    assert all(final for _, final in rows)
    serial = run_sweep(tmp_path / "serial.sqlite", number, processes=1)
    for (run, one), (same, other) in zip(again.outcomes, serial.outcomes, strict=True):
        assert run == same
        assert one.status == other.status == "optimal"
        assert one.objective == pytest.approx(other.objective, rel=1e-6)
        assert one.pooled_expenditure == pytest.approx(other.pooled_expenditure, rel=1e-6)


@pytest.mark.slow
def test_a_worker_killed_in_the_middle_leaves_its_runs_to_the_other(tmp_path):
    journal, number = tmp_path / "journal.sqlite", 40
    with cluster(alone, alone) as (address, processes):
        ended = []

        def hear(_run, _outcome, reused):
            ended.append(reused)
            if len(ended) == 10:
                processes[2].send_signal(signal.SIGKILL)

        done = run_sweep(journal, number, address, on_outcome=hear)
    assert ended == [False] * number
    assert [outcome.status for _, outcome in done.outcomes] == ["optimal"] * number
    assert len(read_rows(journal)) == number


@pytest.mark.slow
def test_a_component_of_ones_own_travels_as_its_source(tmp_path):
    case = cssopt.load(DEMO, [OWN])
    # Each unit sent to EAST now costs its host: the plan of a study without hosts stays as it is.
    hosted = "theatre=EAST; member=DOR; capacity=1000; support_per_load=50"
    host = Step(table="host_nations", where=hosted, change="add")
    more = Step(table="requirements", column="level", change="scale", value=1.1)
    runs = [Run("1", (host,)), Run("2", (host, more))]
    study = tmp_path / "hosted_quick.toml"
    study.write_text('extends = "hosted"\nrelaxed = true\n')
    plain = sweep(case, runs, "relaxed", journal=tmp_path / "plain.sqlite", processes=1)
    near = sweep(case, runs, study, journal=tmp_path / "near.sqlite", processes=1)
    with cluster(alone) as (address, _):
        far = sweep(case, runs, study, journal=tmp_path / "far.sqlite", cluster=address)
    for (_, one), (_, other), (_, without) in zip(
        far.outcomes, near.outcomes, plain.outcomes, strict=True
    ):
        assert one.status == other.status == "optimal"
        assert one.objective == pytest.approx(other.objective, rel=1e-6)
        assert one.objective != pytest.approx(without.objective, rel=1e-6)


@pytest.mark.slow
def test_a_worker_with_other_model_files_is_refused(tmp_path):
    """Its package is a copy in which one comment was added to one component."""
    shutil.copytree(ROOT / "cssopt", tmp_path / "cssopt")
    shutil.copytree(ROOT / "models", tmp_path / "cssopt" / "_models")
    with (tmp_path / "cssopt" / "_models" / "components" / "members.py").open("a") as file:
        file.write("# other\n")

    def other(address):
        return start_worker(address, "--no-nanny", PYTHONPATH=str(tmp_path))

    journal = tmp_path / "journal.sqlite"
    expected = rf"the worker tcp://\S+ cannot help: its model files in {tmp_path}\S+ are not those"
    with cluster(other) as (address, _), pytest.raises(SolveError, match=expected):
        run_sweep(journal, 3, address)
    assert read_rows(journal) == []


@pytest.mark.slow
def test_a_worker_without_the_package_is_told(tmp_path):
    (tmp_path / "cssopt.py").write_text('raise ModuleNotFoundError("No module named cssopt")\n')

    def bare(address):
        return start_worker(address, "--no-nanny", PYTHONPATH=str(tmp_path))

    expected = r"cannot do the runs \(ModuleNotFoundError.*install the same cssopt on every worker"
    with cluster(bare) as (address, _), pytest.raises(SolveError, match=expected):
        run_sweep(tmp_path / "journal.sqlite", 3, address)


@pytest.mark.slow
def test_a_cluster_that_goes_away_leaves_what_was_finished(tmp_path, caplog):
    journal, number = tmp_path / "journal.sqlite", 60
    heard = []
    with cluster(alone) as (address, processes):

        def hear(run, _outcome, _reused):
            heard.append(run.name)
            if len(heard) == 10:
                processes[0].send_signal(signal.SIGKILL)

        begun = time.monotonic()
        with pytest.raises(SolveError, match=r"went away .* what was finished is kept"):
            run_sweep(journal, number, address, on_outcome=hear)
        assert time.monotonic() - begun < 60
    assert 10 <= len(heard) < number
    assert not caplog.records, "Dask's own account of it is no matter to a planner"
    assert len(read_rows(journal)) == len(heard)


TRAP = '''"""A rule that ends the process that looks at it."""

import os
import signal

from cssopt.modeling import Check


def _end(data):
    if data.settings.title == "the end":
        os.kill(os.getpid(), signal.SIGKILL)
    return []


CHECKS = (Check(code="E-999", rule="nothing may be called the end", find=_end),)
'''


@pytest.mark.slow
def test_a_run_that_always_kills_its_worker_is_a_row_and_stops_no_other(tmp_path):
    (tmp_path / "own" / "components").mkdir(parents=True)
    (tmp_path / "own" / "components" / "trap.py").write_text(TRAP)
    case = load_small([tmp_path / "own"])
    titles = ["one", "two", "the end", "three", "four", "five"]
    runs = [Run(title, (Step(table="settings", column="title", value=title),)) for title in titles]
    journal = tmp_path / "journal.sqlite"
    with cluster(lambda address: start_worker(address, "--nworkers", "2")) as (address, _):
        done = sweep(case, runs, journal=journal, cluster=address)
    outcomes = {run.name: outcome for run, outcome in done.outcomes}
    assert outcomes.pop("the end").reason == Lost.reason
    assert {outcome.status for outcome in outcomes.values()} == {"optimal"}
    # It is no final row: the next sweep tries it again, and only it.
    assert Counter(final for _, final in read_rows(journal)) == {1: 5, 0: 1}


@pytest.mark.slow
def test_no_cluster_at_the_address_is_a_sentence(tmp_path):
    begun = time.monotonic()
    with pytest.raises(SolveError, match=r"no Dask cluster answers at .* `dask scheduler`"):
        run_sweep(tmp_path / "journal.sqlite", 3, f"tcp://127.0.0.1:{free_port()}")
    assert time.monotonic() - begun < 30


@pytest.mark.slow
def test_a_cluster_without_workers_is_a_sentence(tmp_path, monkeypatch):
    monkeypatch.setattr(cluster_module, "_PULSE", 0.5)
    monkeypatch.setattr(cluster_module, "_PATIENCE", 2.0)
    with cluster() as (address, _), pytest.raises(SolveError, match="no worker for 2 seconds"):
        run_sweep(tmp_path / "journal.sqlite", 3, address)


def test_what_is_no_address_is_told_before_anything_is_solved(tmp_path):
    case = load_small()
    vary, told = ["requirements.level*=1;2"], []
    with pytest.raises(SolveError, match="is no address of a Dask cluster; write tcp://"):
        cssopt.sweep(case, vary=vary, journal=tmp_path / "j.sqlite", cluster="host:8786",
                     tell=told.append)  # fmt: skip
    assert told == []
    assert list(tmp_path.iterdir()) == []


@dataclass(frozen=True)
class Certified:
    """Files that prove who somebody is, and whom it believes."""

    authority: Path
    certificate: Path
    key: Path

    @property
    def words(self):
        """As the programs of Dask are told of them."""
        return ("--tls-ca-file", str(self.authority), "--tls-cert", str(self.certificate),
                "--tls-key", str(self.key))  # fmt: skip

    @property
    def settings(self):
        """As a client is told of them."""
        return dask.config.set({
            "distributed.comm.tls.ca-file": str(self.authority),
            "distributed.comm.tls.client.cert": str(self.certificate),
            "distributed.comm.tls.client.key": str(self.key),
        })  # fmt: skip


@pytest.fixture(scope="module")
def certify(tmp_path_factory):
    """Makes an authority that certifies somebody on this machine."""

    def make(name):
        folder, authority = tmp_path_factory.mktemp(name), trustme.CA()
        own = authority.issue_cert("127.0.0.1", "localhost")
        made = Certified(*(folder / file for file in ("ca.pem", "cert.pem", "key.pem")))
        authority.cert_pem.write_to_path(made.authority)
        own.cert_chain_pems[0].write_to_path(made.certificate)
        own.private_key_pem.write_to_path(made.key)
        return made

    return make


@pytest.mark.slow
def test_over_tls_a_sweep_is_that_of_this_machine_and_strangers_are_refused(tmp_path, certify):
    ours, strange = certify("ours"), certify("strange")
    case = load_small()
    runs = design_sweep(case, ["requirements.level*=0.8;1;1.2;1.4"])
    near = sweep(case, runs, journal=tmp_path / "near.sqlite", processes=1)

    def worker(address):
        return start_worker(address, "--no-nanny", *ours.words)

    def run(address, name):
        return sweep(case, runs, journal=tmp_path / name, cluster=address)

    with cluster(worker, scheme="tls", words=ours.words) as (address, _):
        with ours.settings:
            far = run(address, "far.sqlite")
        refused = r"tls://\S+ has certificates of another authority \(.*; name those of its"
        with strange.settings, pytest.raises(SolveError, match=refused):
            run(address, "strange.sqlite")
        with pytest.raises(SolveError, match=r"tls://\S+ needs certificates, and none are"):
            run(address, "none.sqlite")
        with pytest.raises(SolveError, match="no Dask cluster answers at tcp://"):
            run(address.replace("tls", "tcp"), "plain.sqlite")
    assert [run.name for run, _ in far.outcomes] == [run.name for run in runs]
    for (_, one), (_, other) in zip(far.outcomes, near.outcomes, strict=True):
        assert one.status == other.status == "optimal"
        assert one.pooled_expenditure == pytest.approx(other.pooled_expenditure, rel=1e-6)
    for name in ("strange", "none", "plain"):
        assert read_rows(tmp_path / f"{name}.sqlite") == []


@pytest.mark.slow
def test_a_worker_that_a_stranger_certified_gets_no_runs(tmp_path, certify, monkeypatch):
    monkeypatch.setattr(cluster_module, "_PULSE", 0.5)
    monkeypatch.setattr(cluster_module, "_PATIENCE", 5.0)
    ours, strange = certify("ours"), certify("strange")

    def worker(address):
        return start_worker(address, "--no-nanny", *strange.words)

    with (
        cluster(worker, scheme="tls", words=ours.words) as (address, _),
        ours.settings,
        pytest.raises(SolveError, match="no worker for 5 seconds"),
    ):
        run_sweep(tmp_path / "journal.sqlite", 3, address)


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("", "needs certificates, and none are named; name those"),
        ("/no/such/file", "certificates .* cannot be used"),
    ],
)
def test_tls_without_certificates_is_told(tmp_path, setting, expected):
    case = load_small()
    runs = design_sweep(case, ["requirements.level*=1;2"])
    files = {f"distributed.comm.tls.{key}": setting or None
             for key in ("ca-file", "client.cert", "client.key")}  # fmt: skip
    with dask.config.set(files), pytest.raises(SolveError, match=expected):
        sweep(case, runs, journal=tmp_path / "journal.sqlite", cluster="tls://127.0.0.1:1")


def test_without_dask_the_extra_is_named(tmp_path, monkeypatch):
    monkeypatch.delitem(sys.modules, "cssopt.runs.cluster")
    monkeypatch.setitem(sys.modules, "distributed", None)
    case = load_small()
    runs = design_sweep(case, ["requirements.level*=1;2"])
    with pytest.raises(SolveError, match=r'pip install "cssopt\[cluster\]"'):
        sweep(case, runs, journal=tmp_path / "j.sqlite", cluster="tcp://127.0.0.1:1")
