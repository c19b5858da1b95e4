"""Several studies solved side by side, one process per core."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cssopt.assembly.instance import Instance
from cssopt.errors import SolveError
from cssopt.runs.count import count_items
from cssopt.runs.pool import Lost, Pool
from cssopt.solution.plan import Solution
from cssopt.solution.run import ProgressCallback, run_study
from cssopt.solve.answer import Options
from cssopt.solve.watching import named


@dataclass(frozen=True)
class Task:
    """One solve: its label for the progress line, and the arguments of `run_study`."""

    label: str
    instance: Instance
    options: Options


def solve_tasks(tasks: Sequence[Task], processes: int, tell: ProgressCallback) -> list[Solution]:
    """The solutions of all tasks, in their order; SolveError where one is lost with its process.

    With `processes` > 1 each runs in a process of its own; the answers are the same.
    """
    answers: dict[int, Solution] = {}
    processes = min(processes, len(tasks))
    hear = count_items(tell, "plan", len(tasks), processes)
    for task, solution in Pool(_begin, (), processes).work(tasks, lambda task: hear(task.label)):
        if isinstance(solution, Lost):
            raise SolveError(f"{task.label}: {solution.reason}")
        answers[id(task)] = solution
    return [answers[id(task)] for task in tasks]


def _begin() -> Callable[[Task], Solution]:
    return _solve


def _solve(task: Task) -> Solution:
    with named(task.label):
        return run_study(task.instance, task.options)
