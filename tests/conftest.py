"""Test modules of all folders share the books and listings beside this file."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))


def pytest_terminal_summary(terminalreporter, exitstatus, config):
    """Tell how to repeat the order of tests in which one failed: it is another one every time."""
    seed = config.getoption("randomly_seed", None)
    if exitstatus and seed is not None:
        terminalreporter.write_line(f"to repeat this order: --randomly-seed={seed}")
