"""Coalition costs as ratios: ``python benchmarks/coalitions.py [linear] [whole]``.

Without a word, the first. Linear: the 1996 book, study `relaxed`, all of its 511 coalitions against
cold runs of some of them, drawn by size and scaled to all: loaded, solved and compared with
standing alone, or (`lean`) nothing but members alone and the coalition at equal security. Whole:
the demo's 63 coalitions at a gap of one percent. Seconds belong to a machine; the ratios are
measured in one run, in processor time too, of which other programs take less away. Nothing here is
a test.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from math import comb
from pathlib import Path
from random import Random

import cssopt
from cssopt.assembly.component import find_objective
from cssopt.assembly.instance import Instance
from cssopt.questions.plan.baseline import compare_with_standing_alone
from cssopt.questions.sharing.coalitions.cost import CoalitionCosts
from cssopt.questions.sharing.coalitions.find import find_coalition_costs
from cssopt.runs.solve_case import solve_instance
from cssopt.solve.answer import Options

INPUTS = Path(__file__).parents[1] / "inputs"
TREATY = INPUTS / "collective_security_treaty_1996.xlsx"
DEMO = INPUTS / "demo.xlsx"
SAMPLE = 40

Seconds = tuple[float, float]
"""By the clock, and of the processor."""


def timed(action: Callable[[], object]) -> tuple[Seconds, object]:
    """Seconds that an action takes in this process, and what it gives."""
    clock, used = time.perf_counter(), time.process_time()
    result = action()
    return (time.perf_counter() - clock, time.process_time() - used), result


def run_cold(coalition: tuple[str, ...]) -> float:
    """What one who has no coalition costs would do: load, solve, compare."""
    case = cssopt.load(TREATY)
    solution = solve_instance(case, Instance.of(case, "relaxed", coalition), Options())
    alike, alone = (
        find_objective(name, case.folders) for name in ("as secure as alone", "each alone")
    )
    baseline = compare_with_standing_alone(solution, alike, pooled_cost=alone)
    return float("nan") if baseline.equal is None else baseline.equal.pooled_expenditure


def run_lean(case: cssopt.Case, coalition: tuple[str, ...]) -> float:
    """No more than is needed, of a case that is loaded."""
    instance = Instance.of(case, "relaxed", coalition)
    equal = find_objective("as secure as alone", case.folders)
    asked = instance.with_study(replace(instance.study, objective=equal))
    return solve_instance(case, asked, Options()).pooled_expenditure


def draw(members: tuple[str, ...]) -> list[tuple[float, list[tuple[str, ...]]]]:
    """Coalitions of each size, and for how many each of them stands."""
    chance, drawn = Random(0), []
    for size in range(1, len(members) + 1):
        count = comb(len(members), size)
        number = min(count, max(2, round(SAMPLE * count / 2 ** len(members))))
        drawn.append((count / number, chance.sample(list(combinations(members, size)), number)))
    return drawn


def measure_linear() -> None:
    """All coalitions of the 1996 book in one process and in two, against cold runs."""
    case = cssopt.load(TREATY)
    run_cold(case.data.parties[:2])  # what is loaded once is loaded
    found = {n: timed(lambda n=n: find(case, "relaxed", Options(), n)) for n in (1, 2)}
    costs = found[1][1]
    assert isinstance(costs, CoalitionCosts)
    for name, run in (("cold", run_cold), ("lean", lambda s: run_lean(case, s))):
        clock = used = worst = 0.0
        for weight, coalitions in draw(case.data.parties):
            for coalition in coalitions:
                spent, cost = timed(lambda s=coalition, run=run: run(s))
                clock, used = clock + weight * spent[0], used + weight * spent[1]
                ours = costs.costs[coalition].cost
                if cost == cost:  # where there is a plan
                    worst = max(worst, abs(float(cost) - ours) / abs(ours))
        for processes, (taken, _) in found.items():
            print(
                f"| 511 coalitions / 511 {name} runs, {processes} processes | "
                f"{taken[0] / clock:.3f} | {taken[0]:.1f} s / {clock:.1f} s |"
            )
        one = found[1][0][1]
        seconds = f"{one:.1f} s / {used:.1f} s"
        print(f"| the same in processor time, one process | {one / used:.3f} | {seconds} |")
        print(f"| largest relative difference from {name} runs | {worst:.0e} | |")


def measure_whole() -> None:
    """The demo's coalitions with whole numbers at a gap of one percent."""
    case = cssopt.load(DEMO)
    seconds, costs = timed(lambda: find(case, "pooled", Options(gap=0.01, time_limit=300.0), 2))
    assert isinstance(costs, CoalitionCosts)
    ends = Counter(cost.status for cost in costs.costs.values())
    gaps = [cost.gap for cost in costs.costs.values() if cost.has_plan]
    print(
        f"| demo, whole numbers at 1 %: {len(costs.costs)} coalitions, {dict(ends)}, largest gap "
        f"{max(gaps):.4f} | | {seconds[0]:.0f} s |"
    )


def find(case: cssopt.Case, study: str, options: Options, processes: int) -> CoalitionCosts:
    """The cost of every coalition."""
    instance = Instance.of(case, study)
    return find_coalition_costs(instance, options, folders=case.folders, processes=processes)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", default=["linear"], choices=["linear", "whole"])
    for part in parser.parse_args().parts:
        measure_linear() if part == "linear" else measure_whole()
