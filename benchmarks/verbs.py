"""Every command on alliances of growing size: seconds of processor inside HiGHS and outside.

    python benchmarks/verbs.py [--sizes 2 4 8 12] [--verbs solve why] [--limit 120]

Each is the command as a user types it, in a process of its own, and tells what it took with
``--profile``. One that is not done within the limit is not tried on larger alliances.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from alliance import FIRST, build_alliance, write_book
from measuring import limit_processor

LEVELS = "requirements.level*=0.9..1.1"
PLAIN = ("check", "export")
"""Commands that are no questions, and have no profile: `check` solves nothing, and `export` solves
all stages but the last one, to write each with those before it held."""

VERBS: Mapping[str, tuple[str, ...]] = {
    "check": ("check",),
    "export": ("export",),
    "solve": ("solve", "--formats", "none"),
    "solve, with files": ("solve", "--formats", "xlsx,html"),
    "cost": ("cost", "--formats", "none"),
    "why": ("why", "--threat", "K1", "--year", str(FIRST + 2), "--formats", "none"),
    "diagnose": ("diagnose", "--formats", "none"),
    "tipping": ("tipping", "--vary", LEVELS, "--points", "3", "--formats", "none"),
    "alternatives": ("alternatives", "--formats", "none"),
    "prices": ("prices", "--formats", "none"),
    "frontier": ("frontier", "--trade", "shortfall", "--points", "5", "--formats", "none"),
    "whatif": ("whatif", "--formats", "none"),
    "sweep": ("sweep", "--vary", LEVELS, "--draws", "8", "--formats", "none"),
    "rules": ("rules", "--formats", "none"),
    "compare": ("compare", "--formats", "none"),
    "trace": ("trace", "--formats", "none"),
    "share": ("share", "--formats", "none"),
}
"""Words of each: those behind the first stand behind the book."""

LARGE = ("check", "export", "solve")
"""What is asked of an alliance of more members than `MOST` too."""
MOST = 12


DEMO = Path(__file__).parents[1] / "inputs" / "demo.xlsx"
STARTS: Mapping[str, tuple[str, ...]] = {
    "--version": ("--version",),
    "--help": ("--help",),
    "check of the demo": ("check", str(DEMO)),
    "solve of the demo, study relaxed, no files": (
        "solve", str(DEMO), "--study", "relaxed", "--formats", "none", "--quiet",
    ),
}  # fmt: skip
"""What nobody wants to wait for."""


def run(words: Sequence[str], limit: float) -> tuple[subprocess.CompletedProcess[str], float]:
    """A command as a user types it, and the seconds of processor that it took with its start."""
    before = os.times()
    done = subprocess.run(
        [sys.executable, "-m", "cssopt", *words],
        capture_output=True,
        text=True,
        preexec_fn=limit_processor(limit),
        check=False,
    )
    after = os.times()
    spent = after.children_user + after.children_system
    return done, spent - before.children_user - before.children_system


def measure_starts() -> dict[str, float]:
    """What short commands take; the least of three, the first of which keeps the bytecode."""
    return {name: min(run(words, 60.0)[1] for _ in range(3)) for name, words in STARTS.items()}


def measure(name: str, book: Path, limit: float) -> dict[str, Any]:
    """What one command took; ``ended`` tells where it did not come to its end."""
    verb, *words = VERBS[name]
    with tempfile.TemporaryDirectory() as folder:
        if verb == "export":
            words.append(str(Path(folder) / "program.mps"))
        if verb not in PLAIN:
            words += ["--quiet", "--json", "--profile", "--out", folder]
            words += [] if verb in _ONE_BY_ONE else ["--processes", "1"]
        if verb != "check":
            words += ["--study", "relaxed"]
        done, spent = run([verb, str(book), *words], limit)
    found: dict[str, Any] = {"seconds": spent, "code": done.returncode}
    if done.returncode < 0:
        return {**found, "ended": f"not within {limit:.0f} s"}
    if verb in PLAIN:
        return {**found, "inside": 0.0 if verb == "check" else None}
    try:
        profile = json.loads(done.stdout)["profile"]
    except (ValueError, KeyError):
        why = (done.stderr.strip().splitlines() or ["without a word"])[-1]
        return {**found, "ended": why}
    runs = profile["highs_runs"]
    start = next((p["seconds"] for p in profile["phases"] if p["phase"] == ["start"]), 0.0)
    return {
        **found,
        "inside": profile["seconds_inside_highs"],
        "start": start,
        "peak_mb": profile["peak_mb"],
        "runs": len(runs),
        "phases": {"/".join(p["phase"]): p["seconds"] for p in profile["phases"]},
    }


_ONE_BY_ONE = ("tipping", "alternatives", "diagnose")
"""Questions that solve one thing after another."""


def measure_sizes(sizes: Sequence[int], verbs: Sequence[str], limit: float) -> dict[str, Any]:
    """Every command on every size, the smallest first."""
    found: dict[str, Any] = {"limit": limit, "sizes": {}, "verbs": {name: {} for name in verbs}}
    with tempfile.TemporaryDirectory() as folder:
        for members in sorted(sizes):
            book = write_book(build_alliance(members), Path(folder) / f"members_{members}.xlsx")
            found["sizes"][members] = measure_size(book)
            for name in verbs:
                before = found["verbs"][name]
                too_long = any("ended" in each for each in before.values())
                if not too_long and (members <= MOST or name in LARGE):
                    before[members] = measure(name, book, limit)
                    told = before[members]
                    line = f"{members} members, {name}: {told['seconds']:.1f} s"
                    sys.stderr.write(f"{line} {told.get('ended', '')}\n")
    found["exponents"] = fit_exponents(found)
    found["starts"] = measure_starts()
    return found


def measure_size(book: Path) -> dict[str, int]:
    """Rows, columns and coefficients other than 0 of a book's program."""
    import cssopt
    from cssopt.assembly.instance import Instance
    from cssopt.solve.compile import compile_problem

    program = compile_problem(Instance.of(cssopt.load(book), "relaxed").assemble())
    rows, columns = program.shape
    return {"rows": rows, "columns": columns, "entries": int(program.matrix.nnz)}


def find_outside(told: Mapping[str, Any]) -> float:
    """Seconds that are not HiGHS's, nor of loading the program, which no size changes."""
    return float(told["seconds"] - told["inside"] - told.get("start", 0.0))


def fit_exponents(found: Mapping[str, Any]) -> dict[str, float]:
    """By which power of the coefficients the time outside HiGHS grows: least squares of logarithms.

    Only of commands that came to their end on three sizes or more.
    """
    exponents = {}
    for name, by_size in found["verbs"].items():
        points = [
            (math.log(found["sizes"][members]["entries"]), math.log(find_outside(told)))
            for members, told in by_size.items()
            if "ended" not in told and "start" in told and find_outside(told) > 0
        ]
        if len(points) >= 3:
            mean_x = sum(x for x, _ in points) / len(points)
            mean_y = sum(y for _, y in points) / len(points)
            above = sum((x - mean_x) * (y - mean_y) for x, y in points)
            exponents[name] = above / sum((x - mean_x) ** 2 for x, _ in points)
    return exponents


def main() -> None:
    """Print what every command took, as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", nargs="+", type=int, default=[2, 4, 8, 12])
    parser.add_argument("--verbs", nargs="+", choices=VERBS, default=list(VERBS))
    parser.add_argument("--limit", type=float, default=120.0, help="seconds of processor of each")
    asked = parser.parse_args()
    found = measure_sizes(asked.sizes, asked.verbs, asked.limit)
    sys.stdout.write(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
