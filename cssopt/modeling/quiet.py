"""Pyomo without a voice: it writes to standard output, and what it means is raised too."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet_pyomo() -> Iterator[None]:
    """Let Pyomo log nothing: wherever its components are made, and Ctrl-C may end that."""
    log = logging.getLogger("pyomo")
    before = log.level
    log.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        log.setLevel(before)
