"""The price list of rules as ratios: ``python benchmarks/rules.py [linear] [whole]``.

Without a word, both: the demo as an LP, and with whole numbers to a gap of one percent. Each list
is set against one cold solve after another of the same inputs: changed, checked, built, compiled
and solved in one process. Seconds belong to a machine; the ratios are measured in one run. Nothing
here is a test.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import cssopt
from cssopt.assembly.case import find_rules
from cssopt.assembly.instance import Instance
from cssopt.assembly.study import load_study
from cssopt.questions.rules.find import Lift, find_lifts
from cssopt.solve.answer import Options
from cssopt.solve.compile import compile_problem
from cssopt.solve.stages import solve_program
from cssopt.tables.check import check_data
from cssopt.tables.patch import patch_tables

DEMO = Path(__file__).parents[1] / "inputs" / "demo.xlsx"
STUDIES = {"linear": ("relaxed", 1e-7), "whole": ("pooled", 0.01)}

Line = tuple[str, str, str]


def solve_cold(case: cssopt.Case, study: str, gap: float, lifts: Sequence[Lift]) -> float:
    """Seconds of the base plan and of every plan without its rules, one after another."""
    chosen, rules = load_study(study, case.folders), find_rules(case.folders)
    begun = time.perf_counter()
    for steps in [(), *(lift.run.steps for lift in lifts)]:
        data, _ = patch_tables(case.data, steps)
        check_data(data, rules)
        problem = Instance(data, chosen, data.members.keys).assemble()
        solve_program(compile_problem(problem), Options(gap=gap))
    return time.perf_counter() - begun


def measure(case: cssopt.Case, part: str) -> list[Line]:
    """The whole list in one process and in two, against the cold solves."""
    study, gap = STUDIES[part]
    lifts = [lift for group in find_lifts(Instance.of(case, study)) for lift in group]
    seconds, ways = [], Counter[str]()
    for processes in (1, 2):
        begun = time.perf_counter()
        done = cssopt.rules(case, study=study, gap=gap, processes=processes)
        seconds.append(time.perf_counter() - begun)
        ways = Counter(done.tables["rules"]["way"]) + Counter(done.tables["together"]["way"])
    cold = solve_cold(case, study, gap, lifts)
    told = ", ".join(f"{count} {way}" for way, count in ways.items())
    return [
        (f"{part}: list of {len(lifts)} plans / cold solves, one process",
         f"{seconds[0] / cold:.2f}", f"{seconds[0]:.1f} s / {cold:.1f} s; {told}"),
        ("  the same, two processes", f"{seconds[1] / cold:.2f}",
         f"{seconds[1]:.1f} s / {cold:.1f} s"),
    ]  # fmt: skip


def main() -> None:
    """Print one table of the parts that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*STUDIES, []], help="default: both")
    case = cssopt.load(DEMO)
    lines = [line for part in parser.parse_args().parts or STUDIES for line in measure(case, part)]
    width = max(len(name) for name, *_ in lines)
    for name, ratio, seconds in lines:
        sys.stdout.write(f"{name:<{width}}  {ratio:>6}  {seconds}\n")


if __name__ == "__main__":
    main()
