"""What-ifs by the thousand as ratios: ``python benchmarks/sweep.py [cold] [memory] [processes]``.

Without a word, everything. ``--runs`` makes each part smaller. Seconds belong to a machine; the
ratios are measured in one run. Nothing here is a test.
"""

from __future__ import annotations

import argparse
import math
import multiprocessing
import os
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import cssopt
from cssopt import design_sweep
from cssopt.assembly.case import find_rules
from cssopt.assembly.instance import Instance
from cssopt.runs.journal import Journal
from cssopt.runs.order import order_runs
from cssopt.runs.outcome import PATCHED, Run
from cssopt.runs.run_all import run_all, run_here
from cssopt.runs.specification import RunSpecification
from cssopt.runs.worker import Worker
from cssopt.solve.answer import Options
from cssopt.solve.compile import compile_problem
from cssopt.solve.stages import solve_program
from cssopt.tables.patch import Step
from cssopt.trace.sources import find_cells

DEMO = Path(__file__).parents[1] / "inputs" / "demo.xlsx"
STUDY = "relaxed"
VARIED = ("requirements.level*", "forces.operating_cost*", "members.budget_share*")
COLD = 40
"""Cold runs among those of a design."""

Line = tuple[str, str, str]


def draw_runs(case: cssopt.Case, number: int, seed: int = 0) -> Sequence[Run]:
    """A Latin hypercube of levels, operating costs and budgets."""
    return design_sweep(case, [f"{name}=0.8..1.25" for name in VARIED], draws=number, seed=seed)


def grid_runs(case: cssopt.Case, number: int) -> Sequence[Run]:
    """A grid of the same three, with as many values of each."""
    side = max(2, round(number ** (1 / 3)))
    values = ",".join(f"{0.8 + 0.45 * i / (side - 1):.4g}" for i in range(side))
    return design_sweep(case, [f"{name}={values}" for name in VARIED])


def cell_runs(case: cssopt.Case, number: int) -> Sequence[Run]:
    """One cell after another, drawn from all that hold a number, each scaled by up to a fifth."""
    chance, runs = random.Random(1), []
    cells = find_cells(case.data)
    for place in range(number):
        table, key, column = chance.choice(cells)
        spec = case.data.tables[table].spec
        old, high = case.data.tables[table].columns[column][key], spec.column(column).high
        most = 1.2 if high is None or old * 1.2 <= high else 1.0
        where = ""
        if not spec.vertical:
            parts = key if isinstance(key, tuple) else (key,)
            where = "; ".join(f"{n}={v}" for n, v in zip(spec.key, parts, strict=True))
        value = round(chance.uniform(0.8, most), 6)
        step = Step(table=table, where=where, column=column, change="scale", value=value)
        runs.append(Run(str(place), (step,)))
    return runs


class Cold:
    """A run in this process as if it were the only one: check, build, compile, solve."""

    def __init__(self, case: cssopt.Case) -> None:
        self._base = Instance.of(case, STUDY)
        self._rules = find_rules(case.folders)

    def solve(self, run: Run) -> tuple[float, float]:
        """Seconds, and the objective."""
        begun = time.perf_counter()
        instance, _ = self._base.changed(run.steps, self._rules)
        solved = solve_program(compile_problem(instance.assemble()), Options())
        objective = solved.stages[-1].value if solved.values is not None else math.nan
        return time.perf_counter() - begun, objective


def make_specification(case: cssopt.Case) -> RunSpecification:
    """What the runs of a design share."""
    return RunSpecification(data=case.data, study=STUDY, members=None, options=Options())


def measure_cold(case: cssopt.Case, name: str, runs: Sequence[Run]) -> list[Line]:
    """The runs of a design in one worker, with cold runs of the same what-ifs among them."""
    worker, cold = Worker(make_specification(case), case.folders), Cold(case)
    seconds, cold_seconds, differences = [], [], []
    ways: Counter[str] = Counter()
    every = max(1, len(runs) // COLD)
    for place, run in enumerate(order_runs(runs)):
        outcome = worker.run(run)
        seconds.append(outcome.seconds)
        ways[outcome.way] += 1
        if place % every == every // 2:
            took, objective = cold.solve(run)
            cold_seconds.append(took)
            if not (math.isnan(objective) and math.isnan(outcome.objective)):
                differences.append(abs(outcome.objective / objective - 1))
    middle, usual = statistics.median(seconds), statistics.median(cold_seconds)
    mean = statistics.fmean(seconds) / statistics.fmean(cold_seconds)
    return [
        (f"{name}: a run / a cold run, median", f"{middle / usual:.3f}",
         f"{middle * 1e3:.1f} ms / {usual * 1e3:.0f} ms"),
        ("  the same, mean of all runs", f"{mean:.3f}", f"{len(runs):,} runs"),
        ("  share patched", f"{ways[PATCHED] / len(runs):.3f}", ""),
        ("  largest difference of objectives, relative", f"{max(differences):.0e}",
         f"{len(cold_seconds)} cold runs"),
    ]  # fmt: skip


def resident(process: int) -> float:
    """Resident memory of a process, MB."""
    pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def measure_memory(case: cssopt.Case, number: int) -> list[Line]:
    """Memory of the parent and of its largest worker, at each tenth of a long sweep."""
    parent: list[float] = []
    largest: list[float] = []
    done = 0

    def listen(*_: object) -> None:
        nonlocal done
        done += 1
        if done % (number // 10) == 0:
            parent.append(resident(os.getpid()))
            children = [resident(child.pid or 0) for child in multiprocessing.active_children()]
            largest.append(max(children))

    runs = draw_runs(case, number)
    specification = make_specification(case)
    with tempfile.TemporaryDirectory() as folder, Journal(Path(folder) / "journal.sqlite") as book:
        run_all(
            specification,
            case.folders,
            runs,
            book,
            run_here(specification, case.folders, 2),
            listen,
        )
    return [
        (f"memory of {name} after {number:,} runs / after the first tenth",
         f"{sizes[-1] / sizes[0]:.2f}", " ".join(f"{size:.0f}" for size in sizes) + " MB")
        for name, sizes in (("the parent", parent), ("a worker", largest))
    ]  # fmt: skip


def measure_processes(case: cssopt.Case, number: int) -> list[Line]:
    """The same runs on one core and on two, starts of the processes included."""
    runs, specification, seconds = draw_runs(case, number), make_specification(case), []
    for processes in (1, 2):
        with (
            tempfile.TemporaryDirectory() as folder,
            Journal(Path(folder) / "journal.sqlite") as book,
        ):
            begun = time.perf_counter()
            run_all(
                specification,
                case.folders,
                runs,
                book,
                run_here(specification, case.folders, processes),
            )
            seconds.append(time.perf_counter() - begun)
    one, two = seconds
    return [
        (f"{number:,} runs on one core / on two", f"{one / two:.2f}", f"{one:.1f} s / {two:.1f} s")
    ]


PARTS = ("cold", "memory", "processes")


def main() -> None:
    """Print one table of the parts that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="default: all of them")
    parser.add_argument("--runs", type=int, default=1_000, help="memory takes ten times as many")
    asked = parser.parse_args()
    parts, number = asked.parts or PARTS, asked.runs
    case = cssopt.load(DEMO)
    lines: list[Line] = []
    if "cold" in parts:
        lines += measure_cold(case, "grid", grid_runs(case, number))
        lines += measure_cold(case, "Latin hypercube", draw_runs(case, number))
        lines += measure_cold(case, "one cell at a time", cell_runs(case, number))
    if "memory" in parts:
        lines += measure_memory(case, 10 * number)
    if "processes" in parts:
        lines += measure_processes(case, number)
    width = max(len(name) for name, *_ in lines)
    for name, ratio, seconds in lines:
        sys.stdout.write(f"{name:<{width}}  {ratio:>8}  {seconds}\n")


if __name__ == "__main__":
    main()
