"""How plans with whole units get better: the best plan and what is proven, second by second.

    python benchmarks/whole.py [--books law8 law32 plain12 | BOOK...] [--seconds 120]

The clock is that of the wall, as the time limit is; seconds of processor stand beside it, those of
all processes that share the work, as they do in `cssopt solve`. At the end the plan is judged by
one figure: money and the missing share at its weight, against a bound that no plan can be below.
"""

from __future__ import annotations

import argparse
import json
import math
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from alliance import Sheets, build_alliance, build_plain_alliance, write_book
from libraries import WEIGHT, add_stages
from measuring import read_processor, run_child

BOOKS: Mapping[str, tuple[Callable[[], Sheets], float]] = {
    "plain12": (lambda: build_plain_alliance(12, 8, 5, 4, 8, whole=True), 120.0),
    "law8": (lambda: build_alliance(8, whole=True), 150.0),
    "law32": (lambda: build_alliance(32, whole=True), 600.0),
}
"""Alliances with whole units, and the seconds that each is given."""

LEAST_STEP = 0.5
"""Seconds between two points of a curve where nothing changed."""


def follow(book: Path, seconds: float) -> dict[str, Any]:
    """Solve a book within so many seconds, and tell how it went."""
    import cssopt
    from cssopt.assembly.instance import Instance
    from cssopt.runs.rounds import parts_side_by_side
    from cssopt.solve.answer import Options
    from cssopt.solve.compile import compile_problem
    from cssopt.solve.stages import solve_program
    from cssopt.solve.watching import SolveState, watch

    program = compile_problem(Instance.of(cssopt.load(book), "pooled").assemble())
    begun, spent = time.monotonic(), read_processor()
    curve: list[dict[str, Any]] = []

    def hear(state: SolveState | None) -> None:
        if state is None:
            return
        told = {"about": state.about, "best": _plain(state.best), "bound": _plain(state.bound)}
        now = time.monotonic() - begun
        last = curve[-1] if curve else {}
        if {name: last.get(name) for name in told} != told or now - last["seconds"] > LEAST_STEP:
            curve.append({"seconds": round(now, 2), **told})

    with watch(hear), parts_side_by_side(None):
        solved = solve_program(program, Options(time_limit=seconds))
    for child in multiprocessing.active_children():
        # Ended with the block; what it used counts once it was waited for.
        child.join()
    took, processor = time.monotonic() - begun, read_processor() - spent
    costs, constant = add_stages(program)
    plan = solved.values
    return {
        "rows": program.shape[0],
        "columns": program.shape[1],
        "whole": int(program.whole.sum()),
        "limit": seconds,
        "seconds": took,
        "processor": processor,
        "status": str(solved.status),
        "stages": [
            {
                "name": stage.name,
                "status": str(stage.status),
                "value": _plain(stage.value),
                "bound": _plain(stage.bound),
                "seconds": stage.seconds,
            }
            for stage in solved.stages
        ],
        "weighted": None if plan is None else float(costs @ plan + constant),
        "weighted_bound": find_bound(program),
        "own": _tell_own(solved),
        "curve": curve,
    }


def _tell_own(solved: Any) -> dict[str, Any] | None:
    """What the search itself says of all stages counted together, at weights of its own."""
    own = solved.weighted
    if own is None:
        return None
    return {"weights": own.weights, "value": _plain(own.value), "bound": _plain(own.bound)}


def find_bound(program: Any) -> float | None:
    """What money and the missing share at its weight are at least: with fractions allowed."""
    from cssopt.solve.answer import Options
    from cssopt.solve.outcome import Status
    from cssopt.solve.program import relax
    from cssopt.solve.session import HighsSession

    session = HighsSession(relax(program), Options())
    session.set_costs(*add_stages(program))
    status, value, _ = session.optimise()
    return value if status is Status.OPTIMAL else None


def _plain(number: float) -> float | None:
    return number if math.isfinite(number) else None


def find_gap(value: float | None, bound: float | None) -> float:
    """How far a plan may be above the best one, relative to it; nan without plan or bound."""
    return math.nan if value is None or bound is None else (value - bound) / abs(value)


def follow_books(names: list[str], seconds: float | None) -> dict[str, Any]:
    """Each book in a process of its own."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in names:
            book, most = Path(name), seconds or 120.0
            if name in BOOKS:
                build, usual = BOOKS[name]
                book, most = write_book(build(), Path(folder) / f"{name}.xlsx"), seconds or usual
            told = run_child([__file__, "--one", book, "--seconds", most], 3 * most + 600)
            found[book.stem] = told
            gap = find_gap(told.get("weighted"), told.get("weighted_bound"))
            end = told.get("ended", f"{told.get('status')}, gap {gap:.2%}")
            sys.stderr.write(f"{book.stem}: {end}\n")
    return {"weight": WEIGHT, "books": found}


def main() -> None:
    """Print how each book went, as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--books", nargs="+", default=list(BOOKS), help="of ours, or workbooks")
    parser.add_argument("--seconds", type=float, help="for each; by default those of the book")
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one is not None:
        sys.stdout.write(json.dumps(follow(asked.one, asked.seconds)) + "\n")
        return
    found = follow_books(asked.books, asked.seconds)
    sys.stdout.write(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
