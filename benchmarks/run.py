"""Speed and memory as ratios, measured in one run: ``python benchmarks/run.py [--quick]``.

Seconds belong to a machine and stand there for information; the ratios are what is compared from
one version to the next. Nothing here is a test.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyomo.environ as pyo
from alliance import build_alliance, write_book
from pyomo.contrib.appsi.solvers import Highs

import cssopt
from cssopt import Baseline
from cssopt.assembly.folders import find_model_folders
from cssopt.assembly.instance import Instance
from cssopt.assembly.study import load_study
from cssopt.questions.plan.show import show_plan
from cssopt.render.formats import write_document
from cssopt.solve.answer import Options
from cssopt.solve.compile import compile_problem
from cssopt.solve.session import HighsSession

DEMO = Path(__file__).parents[1] / "inputs" / "demo.xlsx"
Line = tuple[str, float, str]


def timed(action: Callable[[], object]) -> tuple[float, object]:
    """Seconds that an action takes, and what it gives."""
    begun = time.perf_counter()
    result = action()
    return time.perf_counter() - begun, result


def measure_large(folder: Path) -> list[Line]:
    """The book that the project promises for: what is not HiGHS must take less time than HiGHS.

    12 members, 12 forces, 6 capabilities, 6 threats, 3 tiers, 10 years, as an LP.
    """
    path = write_book(build_alliance(), folder / "large.xlsx")
    case = cssopt.load(path)
    solution = cssopt.solve(case, study="relaxed")
    inside = solution.solved.seconds
    seconds = {**case.seconds, **solution.seconds}
    alone = Baseline(dict.fromkeys(solution.coalition, solution), None, "not timed")
    document = show_plan(solution.found, alone, solution.asked.facts(solution, solution.found))
    spent, _ = timed(lambda: write_document(folder, document, ["xlsx"]))
    outside = sum(seconds.values()) - inside + spent
    rows, columns = solution.shape
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        (f"large LP ({rows:,} x {columns:,}): outside / inside HiGHS", outside / inside,
         f"{outside:.1f} s / {inside:.1f} s"),
        ("  of it build and compile / inside", (seconds["build"] + seconds["compile"]) / inside,
         f"{seconds['build'] + seconds['compile']:.1f} s"),
        ("  peak memory, MB per 100,000 columns", peak / columns * 1e5, f"{peak:.0f} MB"),
    ]  # fmt: skip


def measure_loading(path: Path, study: str) -> list[Line]:
    """The way into HiGHS against what a user of Pyomo would write (appsi), on the same model."""
    case = cssopt.load(path)
    chosen = load_study(study, find_model_folders())
    members = case.data.members.keys
    build, problem = timed(lambda: Instance(case.data, chosen, members).assemble())
    compile_seconds, program = timed(lambda: compile_problem(problem))
    load, _ = timed(lambda: HighsSession(program, Options()))
    model = problem.model
    model.objective_for_appsi = pyo.Objective(expr=problem.stages[-1].expression)
    usual, _ = timed(lambda: Highs().set_instance(model))
    ours = compile_seconds + load
    return [
        (f"{path.stem}: appsi / ours, from the built model to HiGHS", usual / ours,
         f"{usual:.2f} s / {ours:.2f} s"),
        (f"{path.stem}: read and check / build and compile",
         sum(case.seconds.values()) / (build + compile_seconds),
         f"{sum(case.seconds.values()):.2f} s / {build + compile_seconds:.2f} s"),
    ]  # fmt: skip


def measure_processes() -> list[Line]:
    """What a second core gives to `compare`, whose solves are independent of each other."""
    case = cssopt.load(DEMO)
    one, _ = timed(lambda: cssopt.compare(case, processes=1))
    two, _ = timed(lambda: cssopt.compare(case, processes=2))
    return [("demo: compare on one core / on two", one / two, f"{one:.1f} s / {two:.1f} s")]


def main() -> None:
    """Print one table; `--quick` leaves out the large book and the second core."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the demo book only")
    quick = parser.parse_args().quick
    lines = measure_loading(DEMO, "relaxed")
    if not quick:
        with tempfile.TemporaryDirectory() as folder:
            lines += measure_large(Path(folder))
            lines += measure_loading(Path(folder) / "large.xlsx", "relaxed")
        lines += measure_processes()
    width = max(len(name) for name, *_ in lines)
    for name, ratio, seconds in lines:
        sys.stdout.write(f"{name:<{width}}  {ratio:8.2f}  {seconds}\n")


if __name__ == "__main__":
    main()
