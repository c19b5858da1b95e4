"""``python -m tests.net store|compare|list [case ...]``: the net from the command line.

A case is named, or a time: quick, medium, slow or long. All are meant where none is.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from pathlib import Path

# Where the builders of books lie.
sys.path.insert(0, str(Path(__file__).parents[1] / "books"))

from .cases import CASES, find_cases
from .compare import STORED, compare_case, store, tell
from .run import run_cases


def main() -> int:
    """Store or compare; 1 where something differs."""
    words = argparse.ArgumentParser(prog="python -m tests.net", description=__doc__)
    words.add_argument("what", choices=("store", "compare", "list"))
    words.add_argument("case", nargs="*")
    words.add_argument("--plain", action="store_true", help="a process of its own for each command")
    words.add_argument("--processes", type=int, default=2)
    given = words.parse_intermixed_args()
    cases = find_cases(given.case)
    if given.what == "list":
        print("\n".join(f"{one.name:24}{one.when:7}{one.commands}" for one in cases))
        return 0
    if given.what == "store" and not given.case and STORED.exists():
        for path in STORED.iterdir():
            if path.name not in {case.name for case in CASES}:
                shutil.rmtree(path)
    found = []
    for case, pages, seconds in run_cases(cases, given.plain, given.processes):
        if given.what == "store":
            print(f"{seconds:6.1f} s  {store(case, pages):9,} bytes  {case.name}", flush=True)
            continue
        ones = compare_case(case, pages)
        found += ones
        print(f"{seconds:6.1f} s  {len(ones):5} differences  {case.name}", flush=True)
    if given.what == "compare":
        print(tell(found, most=None))
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
