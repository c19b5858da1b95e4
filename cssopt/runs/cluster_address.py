"""The address of a Dask cluster: what it may look like, and whether it leaves this machine."""

from __future__ import annotations

import re
import socket
from ipaddress import ip_address
from queue import Empty, SimpleQueue
from threading import Thread

from cssopt.errors import SolveError
from cssopt.issues import Issue
from cssopt.tables.convert import quote

_ADDRESS = re.compile(r"(tcp|tls)://(?:([\w.-]+)|\[([0-9A-Fa-f:.]+(?:%[\w.-]+)?)\]):([0-9]{1,5})")
"""``tcp://host:8786``; an IPv6 address stands in brackets."""

_MOST_PORTS = 2**16
_PATIENCE = 2.0
"""Seconds in which the name of a host must be found; a network may leave one waiting for long."""

_ANY_PORT = 9


def check_address(address: str) -> None:
    """SolveError where this is no address of a Dask cluster."""
    parts = _ADDRESS.fullmatch(address)
    if not parts or not 0 < int(parts[4]) < _MOST_PORTS or not _is_v6(parts[3]):
        raise SolveError(
            f"{quote(address)} is no address of a Dask cluster; write tcp://host:port, or "
            "tls://host:port for one with certificates, with a port from 1 to 65535 and an IPv6 "
            "address in brackets, such as tcp://[::1]:8786"
        )


def doubt_address(address: str | None) -> tuple[Issue, ...]:
    """A warning where inputs leave this machine unencrypted; none where there is no cluster.

    A host whose name is not found within seconds is taken to be elsewhere.
    """
    parts = _ADDRESS.fullmatch(address or "")
    if not parts or parts[1] == "tls" or _is_here(parts[2] or parts[3]):
        return ()
    text = (
        f"{address} is beyond this machine, and tcp:// is sent unencrypted: whoever can reach that "
        "scheduler can see the inputs and run code on it, on its workers and, by what they answer, "
        "on this machine. Use tls:// with certificates, unless you trust the whole network."
    )
    return (Issue("W-516", "--cluster", text),)


def _is_v6(text: str | None) -> bool:
    try:
        return text is None or ip_address(text).version == 6
    except ValueError:
        return False


def _is_here(host: str) -> bool:
    """True where a host, by its address or its name, is this machine."""
    name = host.lower().rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    found = _find_addresses(host)
    return bool(found) and all(map(_is_own, found))


def _find_addresses(host: str) -> list[str]:
    """The addresses of a host; none where they are not found in time."""
    answer: SimpleQueue[list[str]] = SimpleQueue()

    def look() -> None:
        try:
            found = socket.getaddrinfo(host, None, type=socket.SOCK_DGRAM)
        except (OSError, UnicodeError):
            found = []
        answer.put([str(where[0]) for *_, where in found])

    # The system's own look-up has no time limit; a thread that waits longer holds nothing up.
    Thread(target=look, daemon=True).start()
    try:
        return answer.get(timeout=_PATIENCE)
    except Empty:
        return []


def _is_own(address: str) -> bool:
    """True where this machine itself has this address.

    The system answers from the address that it would call from, which to itself is the same one;
    nothing is sent.
    """
    own = ip_address(address)
    if own.is_loopback or own.is_unspecified:
        return True
    family = socket.AF_INET6 if own.version == 6 else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((address, _ANY_PORT))
            return ip_address(probe.getsockname()[0]) == own
    except OSError:
        return False
