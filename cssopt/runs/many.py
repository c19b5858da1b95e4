"""Several studies solved side by side, one process per core."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cssopt.assembly.instance import Instance
from cssopt.errors import SolveError
from cssopt.runs.pool import Lost, Pool
from cssopt.solution.plan import Solution
from cssopt.solution.run import ProgressCallback, run_study
from cssopt.solve.answer import Options


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
    if processes <= 1 or len(tasks) <= 1:
        return [_tell_and_solve(task, tell) for task in tasks]
    answers: dict[int, Solution] = {}
    crew = Pool(_make_solver, (), min(processes, len(tasks)))
    for (position, task), solution in crew.work(enumerate(tasks)):
        if isinstance(solution, Lost):
            raise SolveError(f"{task.label}: {Lost.reason}")
        tell(task.label)
        answers[position] = solution
    return [answers[position] for position in range(len(tasks))]


def _tell_and_solve(task: Task, tell: ProgressCallback) -> Solution:
    tell(task.label)
    return _solve((0, task))


def _make_solver() -> Callable[[tuple[int, Task]], Solution]:
    return _solve


def _solve(item: tuple[int, Task]) -> Solution:
    _, task = item
    return run_study(task.instance, task.options)
