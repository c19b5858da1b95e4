"""What reading costs: processor time, which the neighbours of a busy machine do not change much."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook
from packing import MAIN, SHEET, STRINGS, parts_of, with_part
from speed import slowness

from cssopt.workbook.read import read_workbook

HERE = Path(__file__).parent
DEMO = HERE.parents[1] / "inputs" / "demo.xlsx"
MB = 2**20


@pytest.mark.medium
def test_the_demo_is_read_in_half_the_time_of_two_passes_of_openpyxl():
    """Which is what reading it was made of before."""

    def seconds(read) -> float:
        begun = time.process_time()
        read()
        return time.process_time() - begun

    before = seconds(lambda: [load_workbook(DEMO, data_only=only) for only in (True, False)])
    now = min(seconds(lambda: read_workbook(DEMO)) for _ in range(3))
    assert now <= before / 2


def big_sheet() -> str:
    """Twenty megabytes of rows of ten cells: two texts and eight numbers with many digits."""
    rows = []
    size = number = 0
    while size < 20 * MB:
        number += 1
        texts = "".join(f'<c r="{c}{number}" t="s"><v>{number % 100}</v></c>' for c in "AB")
        numbers = "".join(
            f'<c r="{c}{number}" s="0"><v>{number / (place + 7):.15g}</v></c>'
            for place, c in enumerate("CDEFGHIJ")
        )
        rows.append(f'<row r="{number}" spans="1:10">{texts}{numbers}</row>')
        size += len(rows[-1])
    return f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(rows)}</sheetData></worksheet>'


@pytest.mark.slow
def test_twenty_megabytes_are_read_in_two_seconds_and_200_megabytes(tmp_path):
    path = tmp_path / "big.xlsx"
    texts = "".join(f"<si><t>text {number}</t></si>" for number in range(100))
    parts = parts_of(with_part(STRINGS, f'<sst xmlns="{MAIN}">{texts}</sst>'))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in {**parts, SHEET: big_sheet()}.items():
            archive.writestr(name, part)
    command = [sys.executable, HERE / "read_probe.py", path]
    run = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    _, issues, seconds, megabytes, values = json.loads(run.stdout)
    assert not issues
    assert values["data"][0][:3] == ["text 1", "text 1", pytest.approx(1 / 7, abs=1e-9)]
    assert seconds < 2 * slowness()
    assert megabytes < 200
