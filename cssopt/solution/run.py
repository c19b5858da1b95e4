"""One study solved for one coalition: assemble, compile, solve, extract, audit."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from cssopt import interrupt
from cssopt.assembly.assemble import Problem
from cssopt.assembly.component import Component, blame
from cssopt.assembly.instance import Instance
from cssopt.errors import ModelError
from cssopt.solution.audit import audit_solution
from cssopt.solution.broken_rules import solve_broken
from cssopt.solution.concessions import find_concessions
from cssopt.solution.extract import extract_prices, extract_quantities
from cssopt.solution.plan import Solution
from cssopt.solution.quantities import Quantities
from cssopt.solution.verdicts import Auditor
from cssopt.solve.answer import CUT_OFF, Options, Solved, without_plan
from cssopt.solve.compile import compile_problem
from cssopt.solve.giving_way import RowName
from cssopt.solve.other_solver import solve_elsewhere
from cssopt.solve.outcome import Status
from cssopt.solve.program import Program
from cssopt.solve.stages import solve_program
from cssopt.solve.watching import named

ProgressCallback = Callable[[str], None]
"""Hears each step as it begins; a `NumberedStep` where it is one of several."""


def tell_nothing(_step: str) -> None:
    """Nobody wants to know how far it is."""


def run_study(
    instance: Instance,
    options: Options,
    *,
    concessions: float | None = None,
    give_way: bool = False,
    tell: ProgressCallback = tell_nothing,
) -> Solution:
    """Solve an instance; every ending is a status of the solution.

    `concessions`: columns of a program up to which it is found too what giving up a little
    security would save; of a larger one only what the study gives up itself is told. None: neither.
    `give_way`: as `run_program`; `tell` hears each step.
    """
    if options.is_over:
        return _leave(instance, options)
    clock = _Clock()
    solution, program = run_program(instance, options, give_way=give_way, tell=tell)
    clock.lap("plan")
    if concessions is None or solution.solved.cancelled or options.solver:
        return solution
    left = replace(options.after(sum(clock.laps.values())), keep_on_interrupt=False)
    auditor = Auditor(instance.assemble)
    try:
        is_asked = program.shape[1] <= concessions
        found = find_concessions(program, solution.solved, left, auditor, tell, is_asked=is_asked)
    except KeyboardInterrupt:
        if not options.keep_on_interrupt:
            raise
        return replace(solution, solved=replace(solution.solved, cancelled=True))
    clock.lap("concessions")
    seconds = {**solution.seconds, "concessions": clock.laps["concessions"]}
    return replace(solution, concessions=found, seconds=seconds if found else solution.seconds)


def _leave(instance: Instance, options: Options) -> Solution:
    """The answer of what there is no time for: not even its program is built."""
    solved = without_plan(Status.NO_PLAN_YET, (), CUT_OFF, 0.0)
    known = instance.study, instance.coalition, instance.restricted
    return Solution(solved.status, *known, options, solved, (0, 0))


def run_program(
    instance: Instance,
    options: Options,
    *,
    give_way: bool = False,
    tell: ProgressCallback = tell_nothing,
) -> tuple[Solution, Program]:
    """`run_study`, with the program that was solved, for further questions about it.

    `give_way`: where no plan keeps all rules, they give way by as little as it takes.
    """
    clock = _Clock()
    interrupt.check()
    tell("building")
    problem = instance.assemble()
    clock.lap("build")
    tell("compiling")
    program = compile_problem(problem)
    clock.lap("compile")
    tell(f"solving {program.shape[0]:,} rows, {program.shape[1]:,} columns")
    # What is solved is kept: until it is read, Ctrl-C only ends the solver.
    about = f"{instance.study.name}, {', '.join(instance.coalition)}"
    with interrupt.held_back(), named(about):
        if options.solver:
            solved = solve_elsewhere(problem, program, options)
        else:
            solved = solve_program(program, options)
        given_way = dict[RowName, float]()
        if give_way and solved.status is Status.INFEASIBLE and not program.trivially_infeasible:
            tell("finding which rules give way")
            found = solve_broken(instance, problem, program, options.after(solved.seconds))
            instance, problem, program = found.instance, found.problem, found.program
            solved, given_way = found.solved, dict(found.amounts)
        clock.lap("solve")
        solution = Solution(
            solved.status,
            instance.study,
            instance.coalition,
            instance.restricted,
            options,
            solved,
            program.shape,
            seconds=clock.laps,
            given_way=given_way,
        )
        if solved.values is not None:
            tell("extracting and auditing")
            solution = _with_plan(solution, problem, program, solved, clock)
    if interrupt.came():
        solution = replace(solution, solved=replace(solved, cancelled=True))
    return solution, program


def _with_plan(
    base: Solution, problem: Problem, program: Program, solved: Solved, clock: _Clock
) -> Solution:
    assert solved.values is not None
    assert solved.figures is not None
    quantities = extract_quantities(problem, program, solved.values, solved.figures)
    prices = extract_prices(problem, program, solved)
    derived, explanations = _derive(base.study.components, quantities)
    clock.lap("extract")
    audit = audit_solution(problem, quantities, base.given_way)
    clock.lap("audit")
    return Solution(
        solved.status,
        base.study,
        base.coalition,
        base.data,
        base.options,
        solved,
        base.shape,
        quantities,
        prices,
        derived,
        explanations,
        audit,
        seconds=clock.laps,
        given_way=base.given_way,
    )


def _derive(
    components: Iterable[Component], quantities: Quantities
) -> tuple[dict[str, list[dict[str, Any]]], dict[str, str]]:
    """Derived tables of the components, and what each of them shows."""
    tables: dict[str, list[dict[str, Any]]] = {}
    explanations: dict[str, str] = {}
    for component in components:
        if "results" in component.hooks:
            try:
                own = {
                    name: [dict(row) for row in rows]
                    for name, rows in component.hooks["results"](quantities).items()
                }
            except Exception as error:
                raise blame(component, "results", error) from error
            if taken := sorted(set(own) & set(tables)):
                raise ModelError(f'{component.path}: table "{taken[0]}" is another component\'s')
            tables |= own
            shows = " ".join((inspect.getdoc(component.hooks["results"]) or "").split())
            explanations |= dict.fromkeys(own, shows)
    return tables, explanations


class _Clock:
    """Seconds by step."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, step: str) -> None:
        now = time.perf_counter()
        self.laps[step] = now - self._last
        self._last = now
