"""Several studies solved side by side, one process per core."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from typing import Any

from cssopt.build.study import Study
from cssopt.solution.plan import Solution
from cssopt.solution.run import Tell, run_study
from cssopt.solve.answer import Options
from cssopt.tables.data import Data


@dataclass(frozen=True)
class Task:
    """One solve: its label for the progress line, and the arguments of `run_study`."""

    label: str
    data: Data
    study: Study
    coalition: tuple[str, ...]
    options: Options
    given: Mapping[str, Any] = field(default_factory=dict)


def solve_tasks(tasks: Sequence[Task], processes: int, tell: Tell) -> list[Solution]:
    """The solutions of all tasks, in their order.

    With `processes` > 1 each runs in a process of its own; the answers are the same.
    """
    if processes <= 1 or len(tasks) <= 1:
        return [_solve(task, tell) for task in tasks]
    # Spawned, not forked: a fork would copy the solver's threads in the middle of their work.
    with ProcessPoolExecutor(min(processes, len(tasks)), get_context("spawn")) as pool:
        solutions = []
        for task, solution in zip(tasks, pool.map(_solve_silently, tasks), strict=True):
            tell(task.label)
            solutions.append(solution)
        return solutions


def _solve(task: Task, tell: Tell) -> Solution:
    tell(task.label)
    return _solve_silently(task)


def _solve_silently(task: Task) -> Solution:
    return run_study(task.data, task.study, task.coalition, task.options, given=task.given)
