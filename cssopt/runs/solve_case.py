"""One study of a case solved for a coalition: what every question begins with."""

from __future__ import annotations

import os
from dataclasses import dataclass, fields
from typing import Any, Self

from cssopt.assembly.case import Case
from cssopt.assembly.component import find_objective
from cssopt.assembly.instance import Instance
from cssopt.runs.given import give_numbers
from cssopt.runs.rounds import parts_side_by_side
from cssopt.solution import plan
from cssopt.solution.near_plan import Persist, measure_base, stay_near
from cssopt.solution.run import ProgressCallback, run_study, tell_nothing
from cssopt.solve.answer import Options

DEFAULT_GAP = Options.gap

_WORTH_PROCESSES = 10.0
"""Seconds of expected solving from which starting further processes pays."""


@dataclass(frozen=True)
class Solution(plan.Solution):
    """A solution that knows the case it was made from."""

    case: Case | None = None

    @classmethod
    def of(cls, solution: plan.Solution, **others: Any) -> Self:
        """The same solution as one of this kind, with these fields in place of its own."""
        own = {part.name: getattr(solution, part.name) for part in fields(solution)}
        return cls(**{**own, **others})

    @classmethod
    def made_from(cls, case: Case, solution: plan.Solution) -> Self:
        """The same solution of a case; its seconds begin with those of reading the case."""
        return cls.of(solution, case=case, seconds={**case.seconds, **solution.seconds})


def solve_instance(
    case: Case,
    instance: Instance,
    options: Options,
    *,
    persist: tuple[plan.Solution, Persist] | None = None,
    concessions: float | None = None,
    give_way: bool = False,
    tell: ProgressCallback = tell_nothing,
) -> Solution:
    """Solve an instance of a case; every ending is a status of the solution.

    Parameters
    ----------
    persist: an earlier plan, and what keeps the new one near it.
    concessions: where needs are short, the columns of a program up to which it is found too what
        giving up a little more of the least missing share would save (``solution.concessions``).
    give_way: where no plan keeps all rules, they give way by as little as it takes.
    tell: called with each step, for a progress line.
    """
    asked = give_case_numbers(case, instance, options, tell)
    if persist is not None:
        asked = stay_near(asked, measure_base(*persist), case.folders)
    with parts_side_by_side(None):
        solution = run_study(asked, options, concessions=concessions, give_way=give_way, tell=tell)
    return Solution.made_from(case, solution)


def give_case_numbers(
    case: Case, instance: Instance, options: Options, tell: ProgressCallback = tell_nothing
) -> Instance:
    """With the numbers from other solves that the study asks for (see `give_numbers`)."""
    pooled_cost = find_objective("each alone", case.folders)
    return give_numbers(instance, options, pooled_cost, tell)


def find_processes(solution: plan.Solution, solves: int | None = None) -> int:
    """Processes worth starting: one where the work is quick.

    The work is that many solves like this one, from checking to auditing; by default its
    baseline: the solve of each member, of which only the search takes long. In fractions the time
    of a solve grows with the square of its size: members alone take 1.2 s where the plan of 8 takes
    9 s, which is less than it takes to start processes.
    """
    if solves is None:
        count = len(solution.coalition)
        times = 1 / count if solution.solved.prices_of == "lp" else count
        expected = solution.seconds.get("solve", 0.0) * times
    else:
        expected = sum(solution.seconds.values()) * solves
    return (os.cpu_count() or 1) if expected > _WORTH_PROCESSES else 1
