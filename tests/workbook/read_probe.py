"""What is read of files, in a process each: issues, seconds and megabytes, a line of JSON.

The reader is imported without the rest of cssopt, whose solvers take 200 MB by themselves.
"""

from __future__ import annotations

import importlib
import json
import os
import re
import sys
import time
import types
from pathlib import Path

_ROOT = Path(__file__).parents[2] / "cssopt"


def probe(path: Path) -> None:
    from cssopt.errors import DataError
    from cssopt.workbook.read import read_workbook

    begun = time.process_time()
    try:
        sheets = read_workbook(path).sheets
        issues = [sheet.fault for sheet in sheets.values() if sheet.fault]
    except DataError as error:
        sheets, issues = {}, error.issues
    seconds = time.process_time() - begun
    status = Path("/proc/self/status").read_text()
    peak = int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]) / 1024
    told = [[issue.code, issue.where, issue.text] for issue in issues]
    values = {
        name: [[cell.value for cell in row] for row in sheet.rows[:3]]
        for name, sheet in sheets.items()
    }
    print(json.dumps([path.stem, told, seconds, peak, values]), flush=True)


if __name__ == "__main__":
    package = types.ModuleType("cssopt")
    package.__path__ = [str(_ROOT)]
    sys.modules["cssopt"] = package
    importlib.import_module("cssopt.workbook.read")  # once, before the forks
    assert "openpyxl" not in sys.modules
    for name in sys.argv[1:]:
        child = os.fork()
        if child == 0:
            probe(Path(name))
            os._exit(0)
        if os.waitpid(child, 0)[1]:
            sys.exit(f"{name} ended the process")
