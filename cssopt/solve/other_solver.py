"""A problem solved by another solver than HiGHS, whichever Pyomo reaches, stage after stage.

The solver is believed in nothing that can be looked up: its plan is put into the rows of our own
program, its figures are counted there, and a plan is called proven only where the solver told a
bound that says so.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import numpy as np

from cssopt import interrupt
from cssopt.assembly.assemble import Problem
from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.profile import measured
from cssopt.solve.answer import (
    Options,
    Solved,
    StageResult,
    is_proven,
    relative_gap,
    round_off,
    severity,
    without_plan,
)
from cssopt.solve.outcome import Status
from cssopt.solve.program import Floats, Program
from cssopt.solve.stages import solve_program

_SETTINGS: Final[dict[str, tuple[str, str, str]]] = {
    "cbc": ("ratioGap", "primalTolerance", "threads"),
    "cplex": ("mip_tolerances_mipgap", "simplex_tolerances_feasibility", "threads"),
    "glpk": ("mipgap", "", ""),
    "gurobi": ("MIPGap", "FeasibilityTol", "Threads"),
    "gurobi_direct": ("MIPGap", "FeasibilityTol", "Threads"),
    "scip": ("limits/gap", "numerics/feastol", ""),
}
"""What solvers call the gap, the tolerance of rows, and threads; of others their own settings
stand, and what they prove is told all the same."""

_BROKEN: Final = 1e-6
"""A plan that breaks a row, a bound or a whole number by more, of its size, is none."""


def check_solver(name: str) -> None:
    """DataError (E-545) for a solver that Pyomo does not know, or that is not installed."""
    import pyomo.environ as pyo

    known = sorted(each for each in pyo.SolverFactory if not each.startswith("_"))
    if name not in known:
        told = ", ".join(each for each in _SETTINGS if each in known)
        text = f'Pyomo knows no solver "{name}". Choose one such as {told}, or leave it out: HiGHS.'
        raise DataError([Issue("E-545", "--solver", text)])
    with _silent():
        is_here = pyo.SolverFactory(name).available(exception_flag=False)
    if not is_here:
        text = (
            f'the solver "{name}" is not installed, or has no license here. Install it so that its '
            f"program is on the path (cbc, say: apt-get install coinor-cbc), or leave the option "
            "out: HiGHS is always there."
        )
        raise DataError([Issue("E-545", "--solver", text)])


@measured("solve")
def solve_elsewhere(problem: Problem, program: Program, options: Options) -> Solved:
    """Minimize the stages of a problem in order by the solver that the options name.

    `program` is the compiled problem. There are no prices, and plans equally good are not told
    apart: what the answer is lacking is said in it. Every ending is a status; DataError for a
    solver that is not there.
    """
    check_solver(options.solver)
    if program.trivially_infeasible or not program.columns:
        return solve_program(program, options)
    with _silent():
        return _Stages(problem, program, options).solve()


class _Stages:
    """The stages of one problem in one model of Pyomo."""

    def __init__(self, problem: Problem, program: Program, options: Options) -> None:
        import pyomo.environ as pyo

        self._pyo, self._program, self._options = pyo, program, options
        self._model = problem.to_pyomo()
        self._decisions = [
            getattr(getattr(self._model, owner), name)[key] for owner, name, key in program.columns
        ]
        self._stages: list[StageResult] = []
        self._limits: list[tuple[float, ...]] = []
        self._rows: list[tuple[Any, float]] = []
        self._eased = ""
        self._begun = time.perf_counter()

    def solve(self) -> Solved:
        """All stages, until one has no plan or is not proven."""
        program, plan, message = self._program, None, ""
        for number, stage in enumerate(program.stages):
            self._minimize(stage.name)
            begun = time.perf_counter()
            status, bound, found, message = self._run(is_held=bool(stage.holds))
            if status is Status.INFEASIBLE and plan is not None and not self._eased:
                self._ease()
                status, bound, found, message = self._run(is_held=bool(stage.holds))
            value = math.nan
            if found is not None:
                plan = found
                value = float(program.figures_of(plan)[stage.row])
                bound = value if status is Status.OPTIMAL else bound
                status = self._rate(value, bound, is_held=bool(stage.holds))
                if self._eased:
                    status, message = Status.FEASIBLE, f"{message} {self._eased}".strip()
            elif plan is not None:
                if not status.is_open:
                    message = f"{message} It found a plan of this before.".strip()
                    return self._without(Status.ERROR, message)
                value, bound = float(program.figures_of(plan)[stage.row]), -math.inf
                status = Status.FEASIBLE
                message = (
                    f"A limit was reached before {stage.name.replace('_', ' ')} was minimized: the "
                    "plan is that of the stage before."
                )
            seconds = time.perf_counter() - begun
            self._stages.append(StageResult(stage.name, status, value, bound, seconds))
            if plan is None:
                return self._without(status, message)
            if found is None:
                break
            if number < len(program.stages) - 1:
                self._hold(number, plan)
        assert plan is not None
        return self._finish(plan, message)

    def _minimize(self, stage: str) -> None:
        self._model.minimize.deactivate()
        self._model.minimize[stage].activate()

    def _hold(self, number: int, plan: Floats) -> None:
        """Let later stages exceed what this one holds by no more than rounding."""
        stage = self._program.stages[number]
        limits = self._program.limits_at(stage, plan)
        self._limits.append(limits)
        for place, (held, limit) in enumerate(zip(stage.holds, limits, strict=True)):
            held_row = self._pyo.Constraint(
                expr=self._model.held[stage.name, held.name] <= limit + round_off(limit)
            )
            self._model.add_component(f"held_{number}_{place}", held_row)
            self._rows.append((held_row, limit))

    def _ease(self) -> None:
        """Hold only to within a millionth what the solver cannot hold exactly: told, not proven."""
        for row, limit in self._rows:
            row.set_value((None, row.body, limit + _BROKEN * max(1.0, abs(limit))))
        self._eased = (
            f"{self._options.solver} finds no plan that holds exactly what was minimized before, "
            "which it has found a plan of: that is held to within a millionth, and what is "
            "minimized after it is not proven."
        )

    def _run(self, *, is_held: bool) -> tuple[Status, float, Floats | None, str]:
        """How a run ended: its status, the bound that it told, its plan and what is to be said.

        Optimal is what the solver says is: an LP that is solved to its end, or whole numbers whose
        bound is the value, in the digits in which both are told.
        """
        name = self._options.solver
        solver = self._pyo.SolverFactory(name)
        # What later stages hold has to be proven exactly.
        gap = 0.0 if is_held else self._options.gap
        numbers = (gap, max(1e-9, self._options.feasibility), self._options.threads)
        for setting, number in zip(_SETTINGS.get(name, ()), numbers, strict=False):
            if setting:
                solver.options[setting] = number
        limits: dict[str, float] = {}
        left = self._options.after(time.perf_counter() - self._begun).time_limit
        if left is not None:
            if left <= 0:
                return Status.NO_PLAN_YET, -math.inf, None, ""
            limits["timelimit"] = max(1.0, left)
        try:
            results = solver.solve(self._model, load_solutions=False, **limits)
            status = _read_status(results)
            if len(results.solution) == 0 or status in (Status.INFEASIBLE, Status.UNBOUNDED):
                told = f"{name} ends with {results.solver.termination_condition}."
                return status, -math.inf, None, "" if status is Status.INFEASIBLE else told
            self._model.solutions.load_from(results)
        except Exception as error:  # whatever another program and its reader do
            if interrupt.came():
                return Status.INTERRUPTED, -math.inf, None, ""
            first = (str(error).strip().splitlines() or [type(error).__name__])[0]
            return Status.ERROR, -math.inf, None, f"{name} gave no answer: {first}"
        plan = np.array([0.0 if v.value is None else v.value for v in self._decisions], float)
        plan = np.where(self._program.whole, np.round(plan), plan) if self._near(plan) else plan
        plan = np.clip(plan, self._program.lower, self._program.upper) if self._near(plan) else plan
        if broken := self._find_broken(plan):
            return Status.ERROR, -math.inf, None, f"{name} gave a plan that breaks {broken}"
        low, high = map(_read_number, (results.problem.lower_bound, results.problem.upper_bound))
        if self._program.is_whole and not high - low <= round_off(high):
            status = Status.FEASIBLE
        return status, low, plan, ""

    def _near(self, plan: Floats) -> bool:
        """True where whole numbers and bounds are kept but for rounding."""
        program = self._program
        off = np.abs(plan - np.round(plan))[program.whole]
        beyond = np.maximum(program.lower - plan, plan - program.upper)
        return bool((off <= _BROKEN).all() and (beyond <= _BROKEN).all())

    def _find_broken(self, plan: Floats) -> str:
        """A row, bound or whole number that a plan breaks; empty where it keeps them all."""
        program = self._program
        if not self._near(plan):
            return "the bounds or the whole numbers of decisions"
        rows = program.matrix @ plan
        with np.errstate(invalid="ignore"):
            beyond = np.maximum(program.row_lower - rows, rows - program.row_upper)
        size = np.maximum(1.0, abs(program.matrix) @ np.abs(plan))
        if not len(beyond) or (beyond <= _BROKEN * size).all():
            return ""
        _, name, key = program.rows[int(np.argmax(beyond / size))]
        return f"{name} of {key} by {beyond.max():.3g}"

    def _rate(self, value: float, bound: float, *, is_held: bool) -> Status:
        return Status.OPTIMAL if is_proven(value, bound, held=is_held) else Status.FEASIBLE

    def _without(self, status: Status, message: str) -> Solved:
        seconds = time.perf_counter() - self._begun
        return without_plan(status, tuple(self._stages), message, seconds)

    def _finish(self, plan: Floats, message: str) -> Solved:
        program, last = self._program, self._stages[-1]
        figures = program.figures_of(plan)
        proven = all(stage.status is Status.OPTIMAL for stage in self._stages[:-1])
        solver = self._options.solver
        lacking = (
            f"Solved by {solver} through Pyomo: it tells no prices of rules, what giving up a "
            "little security would save is not asked, and of plans equally good this is the one "
            "that it found."
        )
        return Solved(
            max((stage.status for stage in self._stages), key=severity),
            plan,
            figures,
            None,
            None,
            "",
            tuple(self._stages),
            last.bound,
            relative_gap(last.value, last.bound) if proven else math.inf,
            f"{message} {lacking}".strip(),
            time.perf_counter() - self._begun,
            limits=tuple(self._limits),
            unsettled=f"it is the one that {solver} found" if program.levels else "",
        )


def _read_number(told: Any) -> float:
    """A bound that was told; -inf where none was."""
    number = getattr(told, "value", told)
    return float(number) if isinstance(number, int | float) else -math.inf


def _read_status(results: Any) -> Status:
    """What an ending in Pyomo's words means; the bound decides whether a plan is proven."""
    told = str(results.solver.termination_condition)
    if told in ("optimal", "globallyOptimal", "locallyOptimal", "feasible"):
        return Status.OPTIMAL
    if told == "infeasible":
        return Status.INFEASIBLE
    if told == "unbounded":
        return Status.UNBOUNDED
    is_limit = told.startswith("max") or told in (
        "userInterrupt",
        "resourceInterrupt",
        "minStepLength",
    )
    return Status.NO_PLAN_YET if is_limit else Status.ERROR


@contextmanager
def _silent() -> Iterator[None]:
    """Pyomo without a voice: it would log to where results go."""
    log = logging.getLogger("pyomo")
    before, log.disabled = log.level, False
    log.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        log.setLevel(before)
