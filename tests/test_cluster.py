"""A Dask cluster of real processes on the loopback address: nothing is lost, nothing runs twice."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sweeping import DEMO, read_rows, run_sweep, start_sweep, wait_for_growth

import cssopt
from cssopt.analysis.brief import Brief
from cssopt.analysis.parcel import pack, unpack, work_on
from cssopt.analysis.runs import Run
from cssopt.api import design_sweep, sweep
from cssopt.errors import ModelError, SolveError
from cssopt.solve.answer import Options
from cssopt.tables.patch import Step

OWN = Path(__file__).parents[1] / "docs" / "examples" / "host_nation"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(*words):
    return subprocess.Popen(
        [sys.executable, "-m", *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


@contextmanager
def cluster(workers=2):
    """A scheduler and workers; gives the address and the processes of the workers."""
    address = f"tcp://127.0.0.1:{free_port()}"
    host, port = address.removeprefix("tcp://").split(":")
    scheduler = start("distributed.cli.dask_scheduler", "--host", host, "--port", port,
                      "--no-dashboard")  # fmt: skip
    crew = [
        start(
            "distributed.cli.dask_worker",
            address,
            "--nthreads",
            "1",
            "--no-nanny",
            "--no-dashboard",
            "--host",
            host,
        )
        for _ in range(workers)
    ]
    try:
        yield address, crew
    finally:
        for process in (*crew, scheduler):
            process.kill()
            process.wait()


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_worker_and_a_sweep_are_killed_and_nothing_is_lost_or_done_twice(tmp_path):
    journal, number = tmp_path / "journal.sqlite", 80
    with cluster() as (address, workers):
        process = start_sweep(journal, number, address)
        wait_for_growth(journal, 60_000)
        workers[0].send_signal(signal.SIGKILL)
        time.sleep(1.0)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
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
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_worker_killed_in_the_middle_leaves_its_runs_to_the_other(tmp_path):
    journal, number = tmp_path / "journal.sqlite", 40
    with cluster() as (address, workers):
        ended = []

        def hear(_run, _outcome, reused):
            ended.append(reused)
            if len(ended) == 10:
                workers[1].send_signal(signal.SIGKILL)

        done = run_sweep(journal, number, address, on_outcome=hear)
    assert ended == [False] * number
    assert [outcome.status for _, outcome in done.outcomes] == ["optimal"] * number
    assert len(read_rows(journal)) == number


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_component_of_ones_own_travels_as_its_source(tmp_path):
    case = cssopt.load(DEMO, [OWN])
    runs = design_sweep(case, ["requirements.level*=0.9,1,1.1"])
    with cluster(1) as (address, _):
        far = sweep(
            case, runs, "hosted", journal=tmp_path / "far.sqlite", cluster=address, gap=1e-3
        )
    near = sweep(case, runs, "hosted", journal=tmp_path / "near.sqlite", processes=1, gap=1e-3)
    for (_, one), (_, other) in zip(far.outcomes, near.outcomes, strict=True):
        assert one.status == other.status
        assert one.objective == pytest.approx(other.objective, rel=2e-3)


def make_parcel(models=()):
    case = cssopt.load(DEMO, models)
    brief = Brief(data=case.data, study="relaxed", members=None, options=Options())
    return pack(brief, case.folders)


def test_only_what_models_names_travels():
    assert make_parcel().sources == ()
    assert {source.name for source in make_parcel([OWN]).sources} == {
        "host_nation.py", "hosted.toml",
    }  # fmt: skip


def test_a_worker_that_would_answer_otherwise_is_refused():
    parcel = make_parcel()
    run = Run("1", (Step(table="requirements", column="level", change="scale", value=1.1),))
    with pytest.raises(ModelError, match="other model files"):
        work_on(replace(parcel, models="0" * 64), run)
    older = {**parcel.versions, "HiGHS": "1.0.0"}
    with pytest.raises(ModelError, match=r"HiGHS .* and this machine 1\.0\.0"):
        unpack(replace(parcel, versions=older))
    own = make_parcel([OWN])
    broken = replace(own.sources[0], text="print('changed on the way')")
    with pytest.raises(ModelError, match="did not arrive as it was sent"):
        unpack(replace(own, sources=(broken,), key="broken"))
    assert work_on(parcel, run).status == "optimal"


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_no_cluster_at_the_address_is_a_sentence(tmp_path):
    with pytest.raises(SolveError, match="no cluster answers at"):
        run_sweep(tmp_path / "journal.sqlite", 3, f"tcp://127.0.0.1:{free_port()}")
