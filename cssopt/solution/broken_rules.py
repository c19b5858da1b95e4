"""A question whose rules give way, by as little as it takes, where no plan keeps them all."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from cssopt.assembly.assemble import Problem
from cssopt.assembly.criteria import MOST_MISSED
from cssopt.assembly.instance import Instance
from cssopt.solve.answer import Options, Solved
from cssopt.solve.compile import compile_problem
from cssopt.solve.giving_way import GivenWay, RowName, let_give_way
from cssopt.solve.outcome import Status
from cssopt.solve.program import Program
from cssopt.solve.stages import solve_program


@dataclass(frozen=True)
class BrokenQuestion:
    """A question whose rules may be broken, and how it ended.

    Attributes
    ----------
    instance, problem, program: as it was solved. solved: how that ended.
    amounts: by how much each rule gives way; empty where it is not known.
    """

    instance: Instance
    problem: Problem
    program: Program
    solved: Solved
    amounts: Mapping[RowName, float]


def solve_broken(
    instance: Instance, problem: Problem, program: Program, options: Options
) -> BrokenQuestion:
    """Find by how little rules give way, and the best plan that misses them by no more.

    What is missed bounds how many units a plan can have that it is not told to have.
    """
    begun = time.perf_counter()

    def left() -> Options:
        return options.after(time.perf_counter() - begun)

    wide = asked = _Asked(instance, problem, program, let_give_way(problem, program, options))
    if asked.found.solved.values is None:
        return BrokenQuestion(instance, problem, program, asked.found.solved, {})
    if program.is_whole:
        asked = asked.bounded()
    else:
        asked = _bound_in_fractions(asked, left)
        best = asked.found.best
        if best is not None:
            solved = solve_program(best, left())
            if solved.status is Status.OPTIMAL:
                return asked.ended(best, solved)
    program = asked.found.widen(asked.program)
    solved = solve_program(program, left())
    if solved.status is Status.INFEASIBLE:
        # There is a plan: the one with which the least is missed. So bounds are in its way.
        asked = replace(wide, found=asked.found)
        program = asked.found.widen(asked.program)
        solved = solve_program(program, left())
    if asked.found.solved.status is not Status.OPTIMAL and solved.status is Status.OPTIMAL:
        # Rules that give way by less might be found yet.
        solved = replace(solved, status=asked.found.solved.status)
    return asked.ended(program, solved)


@dataclass(frozen=True)
class _Asked:
    """A question as it stands, and by how little its rules give way."""

    instance: Instance
    problem: Problem
    program: Program
    found: GivenWay

    def bounded(self) -> _Asked:
        """The question with the bounds that come of what is missed."""
        instance = self.instance.with_given({MOST_MISSED: self.found.most_missed})
        problem = instance.assemble()
        return _Asked(instance, problem, compile_problem(problem), self.found)

    def ended(self, program: Program, solved: Solved) -> BrokenQuestion:
        """The question, solved as this program."""
        amounts = self.found.amounts
        return BrokenQuestion(self.instance, self.problem, program, solved, amounts)


def _bound_in_fractions(asked: _Asked, left: Callable[[], Options]) -> _Asked:
    """The question with bounds of which what is missed with them is within what they allow for.

    With switches in fractions more may have to be missed for the tighter bounds. Those that come of
    that are not as tight, so that with them no more is missed: there are two rounds at most.
    """
    for _ in range(2):
        most, bounded = asked.found.most_missed, asked.bounded()
        found = let_give_way(bounded.problem, bounded.program, left())
        if found.solved.values is None:
            break
        asked = replace(bounded, found=found)
        if found.missed <= most:
            break
    return asked
