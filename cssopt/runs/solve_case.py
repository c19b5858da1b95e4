"""One study of a case solved for a coalition: what every question begins with."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Self

from cssopt.assembly.case import Case
from cssopt.assembly.component import find_objective
from cssopt.assembly.instance import Instance
from cssopt.assembly.sharing_keys import say_key
from cssopt.assembly.study import DEFAULT_STUDY
from cssopt.errors import ModelError
from cssopt.issues import Issue
from cssopt.runs.given import give_numbers
from cssopt.solution import plan
from cssopt.solution.near_plan import Persist, measure_base, stay_near
from cssopt.solution.run import OnBase, ProgressCallback, run_study, tell_nothing
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


def case_of(solution: Solution) -> Case:
    """The case that a solution was made from; ModelError where it knows none."""
    if solution.case is None:
        raise ModelError("this solution was not made by cssopt.solve; solve a case first")
    return solution.case


def solve(
    case: Case,
    study: str | Path = DEFAULT_STUDY,
    members: Sequence[str | int] | None = None,
    *,
    gap: float = DEFAULT_GAP,
    time_limit: float | None = None,
    patience: float | None = None,
    threads: int = 1,
    keep_on_interrupt: bool = True,
    persist: tuple[plan.Solution, Persist] | None = None,
    shortfall_tolerance: float | None = None,
    key: str | None = None,
    concessions: bool = True,
    tell: ProgressCallback = tell_nothing,
) -> Solution:
    """Solve a study for a coalition (default: all members).

    Parameters
    ----------
    study: name of a study of the model folders, or the path of a study file.
    gap: relative gap at which the search may stop. time_limit: seconds.
    patience: seconds for all solves that later questions about this plan make (see `Options`).
    keep_on_interrupt: Ctrl-C keeps the best plan so far; False: it raises KeyboardInterrupt.
    persist: an earlier plan, and what keeps the new one near it.
    shortfall_tolerance: part of the least missing share that may be given up for money (0.01 for
        1 %), in place of what the study says.
    key: by which common costs are shared, in place of what the study says: a key of the workbook,
        or of a file of the model folders that needs no costs of coalitions.
    concessions: where needs are short, find what giving up a little more of the least missing share
        would save too (``solution.concessions``).
    tell: called with each step, for a progress line.

    Raises DataError for a wrong study, coalition or key (see `Instance.of`); every ending of the
    solve itself is ``solution.status``.
    """
    tolerance = {} if shortfall_tolerance is None else {"shortfall_tolerance": shortfall_tolerance}
    instance = Instance.of(case, study, members, key=key, **tolerance)
    if key is not None:
        note = Issue("N-122", "--key", say_key(case.data, instance.study, case.folders))
        case = replace(case, notes=(*case.notes, note))
    options = Options(
        gap=gap,
        time_limit=time_limit,
        patience=patience,
        threads=threads,
        keep_on_interrupt=keep_on_interrupt,
    )
    return solve_instance(
        case,
        instance,
        options,
        persist=persist,
        # Near another plan more than money is minimized, so that no saving could be told.
        concessions=concessions and persist is None,
        tell=tell,
    )


def solve_base(
    case: Case,
    study: str | Path,
    members: Sequence[str | int] | None,
    *,
    gap: float,
    time_limit: float | None,
    patience: float | None = None,
    tell: ProgressCallback,
    on_base: OnBase,
) -> Solution:
    """The plan from which many runs start, handed to `on_base` as soon as it is solved.

    The arguments are those of `solve`; Ctrl-C raises KeyboardInterrupt, since runs that start from
    a plan that was cut short would be of no use.
    """
    tell("the base plan")
    base = solve(
        case,
        study,
        members,
        gap=gap,
        time_limit=time_limit,
        patience=patience,
        keep_on_interrupt=False,
        concessions=False,
    )
    on_base(base)
    return base


def solve_instance(
    case: Case,
    instance: Instance,
    options: Options,
    *,
    persist: tuple[plan.Solution, Persist] | None = None,
    concessions: bool = False,
    tell: ProgressCallback = tell_nothing,
) -> Solution:
    """`solve` for an instance of the case."""
    asked = give_case_numbers(case, instance, options, tell)
    if persist is not None:
        asked = stay_near(asked, measure_base(*persist), case.folders)
    solution = run_study(asked, options, concessions=concessions, tell=tell)
    return Solution.made_from(case, solution)


def give_case_numbers(
    case: Case, instance: Instance, options: Options, tell: ProgressCallback = tell_nothing
) -> Instance:
    """With the numbers from other solves that the study asks for (see `give_numbers`)."""
    pooled_cost = find_objective("each alone", case.folders)
    return give_numbers(instance, options, pooled_cost, tell)


def find_processes(solution: Solution, solves: int | None = None) -> int:
    """Processes worth starting: one where the work is quick.

    The work is that many solves like this one, from checking to auditing; by default its
    baseline: the solve of each member, of which only the search takes long.
    """
    if solves is None:
        expected = solution.seconds.get("solve", 0.0) * len(solution.coalition)
    else:
        expected = sum(solution.seconds.values()) * solves
    return (os.cpu_count() or 1) if expected > _WORTH_PROCESSES else 1
