"""The address of a cluster: what it may look like, and a warning where inputs leave unencrypted."""

from __future__ import annotations

import json
import socket
import time

import pytest
from books import write_csv
from commands import command
from openpyxl import load_workbook
from small_books import make_book

from cssopt.errors import SolveError
from cssopt.questions.sweep.result import Swept
from cssopt.runs import cluster_address
from cssopt.runs.cluster_address import check_address, doubt_address
from cssopt.runs.outcome import Outcome

ADDRESSES = [
    "tcp://localhost:8786",
    "tls://scheduler.example.org:1",
    "tcp://my_host-2:65535",
    "tcp://10.0.0.5:8786",
    "tcp://[::1]:8786",
    "tls://[2001:db8::5]:8786",
    "tcp://[fe80::1%eth0]:8786",
]
NO_ADDRESSES = [
    "",
    "localhost:8786",
    "http://localhost:8786",
    "tcp://host",
    "tcp://:8786",
    "tcp://host:x",
    "tcp://host:0",
    "tcp://host:65536",
    "tcp://host:99999",
    "tcp://host:\u0668\u0667\u0668\u0666",
    "tcp://host:8786/",
    "tcp://host:8786\n",
    "tcp://ho\x1b[31mst:8786",
    "tcp://ho\x00st:8786",
    "tcp://user@host:8786",
    "tcp://[host]:8786",
    "tcp://[10.0.0.5]:8786",
    "tcp://[:::]:8786",
    "tcp://::1:8786",
    "TCP://host:8786",
    "inproc://127.0.0.1/1/1",
    "ws://host:8786",
    "tcp://" + "h" * 100_000,
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_is_an_address(address):
    check_address(address)


@pytest.mark.parametrize("address", NO_ADDRESSES, ids=range(len(NO_ADDRESSES)))
def test_what_is_no_address(address):
    told = "is no address of a Dask cluster; write tcp://host:port"
    with pytest.raises(SolveError, match=told) as caught:
        check_address(address)
    assert len(str(caught.value)) < 500


def own_address():
    """An address of this machine by which others could reach it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.connect(("192.0.2.77", 9))
        return probe.getsockname()[0]


HERE = ["localhost", "LOCALHOST.", "a.localhost", "127.0.0.1", "127.3.2.1", "[::1]", "0.0.0.0"]


@pytest.mark.parametrize("host", HERE)
def test_this_machine_is_no_reason_to_warn(host):
    assert doubt_address(f"tcp://{host}:8786") == ()


def test_an_own_address_of_this_machine_is_no_reason_to_warn(monkeypatch):
    """By its number, and by a name that has it."""
    try:
        own = own_address()
    except OSError:  # without any network there is the loopback address only
        own = "127.0.0.1"
    assert doubt_address(f"tcp://{own}:8786") == ()
    answer_with(monkeypatch, [own, "127.0.0.1"])
    assert doubt_address("tcp://me.example:8786") == ()


def answer_with(monkeypatch, addresses):
    """Let the system find these addresses, whatever the name."""
    found = [(socket.AF_INET, socket.SOCK_DGRAM, 17, "", (address, 0)) for address in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)


# Addresses for documentation (RFC 5737, RFC 3849), which no machine has.
BEYOND = ["192.0.2.77", "198.51.100.1", "[2001:db8::5]", "[::ffff:192.0.2.77]"]


@pytest.mark.parametrize("host", BEYOND)
def test_an_address_of_another_machine_is_warned_of(host):
    (issue,) = doubt_address(f"tcp://{host}:8786")
    assert (issue.code, issue.where) == ("W-516", "--cluster")
    assert issue.text.startswith(f"tcp://{host}:8786 is beyond this machine, and tcp:// is sent")
    assert "Use tls:// with certificates" in issue.text
    assert doubt_address(f"tls://{host}:8786") == ()


def test_a_name_with_one_address_elsewhere_is_warned_of(monkeypatch):
    answer_with(monkeypatch, ["127.0.0.1", "198.51.100.1"])
    assert doubt_address("tcp://both.example:8786")


def test_a_name_that_is_not_found_is_warned_of(monkeypatch):
    def fail(*_, **__):
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    assert doubt_address("tcp://nobody.example:8786")


def test_a_network_that_does_not_answer_holds_nothing_up(monkeypatch):
    monkeypatch.setattr(cluster_address, "_PATIENCE", 0.1)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(0.5) or [])
    begun = time.monotonic()
    assert doubt_address("tcp://slow.example:8786")
    assert time.monotonic() - begun < 0.4


def test_no_cluster_is_no_reason_to_warn():
    assert doubt_address(None) == ()
    assert doubt_address("no address") == ()


@pytest.mark.medium
@pytest.mark.parametrize(("host", "warned"), [("192.0.2.77", True), ("127.0.0.1", False)])
def test_the_warning_is_told_and_stands_in_the_report(monkeypatch, tmp_path, host, warned):
    """The runs themselves are made up: no cluster is asked."""

    def engine(asked, runs, *_):
        outcome = Outcome(status="infeasible")
        return Swept(asked.base, [(run, outcome) for run in runs], 0)

    monkeypatch.setattr("cssopt.questions.sweep.ask.sweep_runs", engine)
    folder = write_csv(make_book(), tmp_path / "small")
    words = ("--vary", "requirements.level*=1;2", "--out", tmp_path / "out")
    done = command("sweep", folder, *words, "--cluster", f"tcp://{host}:8786")
    assert done.code == 0, done.err
    assert ("W-516 --cluster" in done.err) is warned
    record = json.loads((tmp_path / "out" / "results-run.json").read_text())
    assert ("W-516" in {issue["code"] for issue in record["issues"]}) is warned
    sheet = load_workbook(tmp_path / "out" / "results.xlsx")["Run"]
    texts = [str(cell.value) for row in sheet.iter_rows() for cell in row]
    assert ("W-516" in texts) is warned
