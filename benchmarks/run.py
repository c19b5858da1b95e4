"""Measure all that the pages on speed say, and write them: tables, curves, and the numbers behind.

    python benchmarks/run.py                          # everything: two hours on two cores
    python benchmarks/run.py libraries verbs --quick  # some parts, small alliances
    python benchmarks/run.py --pages                  # the pages anew, from the numbers kept

Numbers go to benchmarks/results, tables to benchmarks/README.md and docs/benchmarks.md, curves to
docs/benchmarks. Seconds belong to a machine; ratios are what is compared from one version to the
next. Nothing here is a test.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import libraries
import verbs
import whole
from alliance import build_alliance, build_plain_alliance, write_book
from pages import RESULTS, write_pages

PACKAGES = ("highspy", "pyomo", "linopy", "pyoptinterface", "highsbox")
SIZES = (2, 4, 8, 12, 32)
SOLVED = 8
"""Members up to whom every library solves the model too: HiGHS takes as long for each."""


def measure_libraries(sizes: Sequence[int], limit: float) -> dict[str, Any]:
    """Every library on every size, and on the plain alliance of twelve."""
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        for members in sizes:
            book = write_book(build_alliance(members), Path(folder) / f"{members}.xlsx")
            solves = members <= SOLVED
            found[f"{members}"] = libraries.compare(book, "relaxed", limit=limit, solves=solves)
            sys.stderr.write(f"libraries, {members} members\n")
        if max(sizes) > SOLVED:
            book = write_book(build_plain_alliance(), Path(folder) / "plain.xlsx")
            told = libraries.compare(book, "relaxed", limit=limit, solves=False)
            found["12, plain"] = told
    return found


def keep(part: str, found: dict[str, Any]) -> None:
    """Keep the numbers of a part, with what they were measured with."""
    RESULTS.mkdir(exist_ok=True)
    facts = {
        "measured": datetime.now(UTC).date().isoformat(),
        "python": platform.python_version(),
        "versions": {name: version(name) for name in PACKAGES},
        **found,
    }
    text = json.dumps(facts, indent=1) + "\n"
    (RESULTS / f"{part}.json").write_text(text, encoding="utf-8")


PARTS = ("libraries", "verbs", "whole")


def main() -> None:
    """Measure the parts that are asked for, keep their numbers, and write the pages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="default: all of them")
    parser.add_argument("--sizes", nargs="+", type=int, default=list(SIZES), help="members")
    parser.add_argument("--quick", action="store_true", help="two and four members, short limits")
    parser.add_argument("--limit", type=float, default=600.0, help="seconds of processor of each")
    parser.add_argument("--pages", action="store_true", help="measure nothing")
    asked = parser.parse_args()
    sizes = [2, 4] if asked.quick else asked.sizes
    limit = min(asked.limit, 60.0) if asked.quick else asked.limit
    parts = () if asked.pages else asked.parts or PARTS
    if "libraries" in parts:
        keep("libraries", {"sizes": measure_libraries(sizes, limit)})
    if "verbs" in parts:
        keep("verbs", verbs.measure_sizes(sizes, list(verbs.VERBS), limit))
    if "whole" in parts:
        names = ["plain12"] if asked.quick else list(whole.BOOKS)
        keep("whole", whole.follow_books(names, 30.0 if asked.quick else None))
    write_pages()


if __name__ == "__main__":
    main()
