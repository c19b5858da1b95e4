"""What is measured is that of the work alone, and all of it."""

from __future__ import annotations

import subprocess
import sys

import measuring
import pytest


def test_memory_that_was_let_go_before_does_not_count() -> None:
    """100 MB taken and let go leave a peak; what comes after begins below it."""
    taken = bytearray(100 * 2**20)
    taken[::4096] = b"1" * len(taken[::4096])
    large = measuring.read_memory("VmHWM")
    del taken
    begun = measuring.begin_memory()
    assert begun < large - 50
    again = bytearray(50 * 2**20)
    again[::4096] = b"1" * len(again[::4096])
    assert 40 < measuring.read_memory("VmHWM") - begun < 80


def test_where_the_peak_cannot_be_reset_it_is_where_the_count_begins(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(measuring, "REFERENCES", tmp_path / "none" / "clear_refs")
    assert measuring.begin_memory() == measuring.read_memory("VmHWM")


@pytest.mark.medium
def test_processor_counts_what_children_used() -> None:
    begun = measuring.read_processor()
    code = "import time\nwhile time.process_time() < 0.3: pass"
    subprocess.run([sys.executable, "-c", code], check=True)
    assert measuring.read_processor() - begun >= 0.3
