"""Fronts against cold solves of the demo, as ratios: ``python benchmarks/frontier.py``.

A cold solve is what a user does without this: check, build, compile and solve a plan of the study
`relaxed`. Medians of repeats in one process; nothing here is a test.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cssopt
from cssopt.assembly.case import find_rules
from cssopt.assembly.instance import Instance
from cssopt.assembly.study import load_study
from cssopt.solve.answer import Options
from cssopt.solve.compile import compile_problem
from cssopt.solve.stages import solve_program
from cssopt.tables.check import check_data

DEMO = Path(__file__).parents[1] / "inputs" / "demo.xlsx"
STUDY = "relaxed"
TRADES = ("shortfall", "burden", "dependence", "peak")
REPEATS = 5


def measure(work: Callable[[], Any]) -> tuple[float, Any]:
    """Median seconds of the work, and what it last gave."""
    seconds, result = [], None
    for _ in range(REPEATS):
        begun = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - begun)
    return statistics.median(seconds), result


def main() -> None:
    """Print one line per front: points, solves, and its time in cold solves."""
    case = cssopt.load(DEMO)
    rules = find_rules(case.folders)
    members = case.data.members.keys

    def solve_cold() -> None:
        study = load_study(STUDY, case.folders)
        check_data(case.data, rules)
        program = compile_problem(Instance(case.data, study, members).assemble())
        solve_program(program, Options())

    solve_cold()
    cold, _ = measure(solve_cold)
    print(f"a cold solve: {1000 * cold:.0f} ms")
    for trade in TRADES:
        for points in (21, None):
            seconds, found = measure(
                lambda trade=trade, points=points: cssopt.frontier(
                    case, [trade], STUDY, points=points
                )
            )
            front = found.front
            print(
                f"{trade}: {len(front.points)} points ({'whole' if front.whole else 'even'}), "
                f"{front.questions} solves and the base plan: {seconds / cold:.2f} cold solves "
                f"({seconds:.2f} s)"
            )


if __name__ == "__main__":
    main()
