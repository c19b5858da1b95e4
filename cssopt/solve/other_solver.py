"""A problem solved by another solver than HiGHS, whichever Pyomo reaches, stage after stage.

The solver is believed in nothing that can be looked up: its plan is put into the rows of our own
program, its figures are counted there, and a plan is called proven only where the solver told a
bound that says so.
"""

from __future__ import annotations

import logging
import math
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from subprocess import TimeoutExpired
from typing import Any, Final

import numpy as np

from cssopt import interrupt
from cssopt.assembly.assemble import Problem
from cssopt.errors import DataError
from cssopt.issues import Issue
from cssopt.profile import measured
from cssopt.solve.answer import (
    PROVEN_GAP,
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

_WRITTEN: Final = 5e-8
"""How exactly each number of a plan is written at least, of its size: CBC writes eight digits."""

_TOLD: Final = 1e-8
"""How exactly a value agrees with what is counted from a plan that is written so: the roundings of
many numbers even out."""


def check_solver(options: Options) -> None:
    """DataError (E-545) for a solver that Pyomo does not know, or that is not installed, and
    (E-543) for options that do not reach it."""
    import pyomo.environ as pyo

    name = options.solver
    known = sorted(each for each in pyo.SolverFactory if not each.startswith("_"))
    if name not in known:
        told = ", ".join(each for each in _SETTINGS if each in known)
        text = f'Pyomo knows no solver "{name}". Choose one such as {told}, or leave it out: HiGHS.'
        raise DataError([Issue("E-545", "--solver", text)])
    gap, _, threads = _SETTINGS.get(name, ("", "", ""))
    lost = [
        option
        for option, is_lost in (
            ("--gap", not gap and options.gap != Options.gap),
            ("--threads", not threads and options.threads != Options.threads),
            ("--log", options.log is not None),
        )
        if is_lost
    ]
    if lost:
        text = f"does not reach the solver {name}. Leave it out, or --solver: HiGHS takes it."
        raise DataError([Issue("E-543", option, text) for option in lost])
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
    check_solver(options)
    if program.trivially_infeasible or not program.columns:
        return solve_program(program, options)
    with _silent():
        return _Stages(problem, program, options).solve()


@dataclass(frozen=True)
class _Ending:
    """How a run ended.

    Attributes
    ----------
    status: optimal where the solver says so. low, high: the bounds that it told; not finite where
        it told none.
    plan: whole, within its bounds; None where there is none that may be used.
    said: what is to be said of it.
    """

    status: Status
    said: str = ""
    plan: Floats | None = None
    low: float = -math.inf
    high: float = math.inf


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
        self._rows: list[_Held] = []
        self._is_eased = False
        self._said: list[str] = []
        self._version = ""
        self._begun = time.perf_counter()

    def solve(self) -> Solved:
        """All stages, until one has no plan of its own."""
        program, plan = self._program, None
        for number, stage in enumerate(program.stages):
            self._minimize(stage.name)
            begun, is_held = time.perf_counter(), bool(stage.holds)
            ended = self._run(is_held=is_held)
            if ended.status is Status.INFEASIBLE and self._rows and not self._is_eased:
                self._ease()
                ended = self._run(is_held=is_held)
            if ended.plan is None and plan is None:
                none = StageResult(
                    stage.name, ended.status, math.nan, -math.inf, self._since(begun)
                )
                self._stages.append(none)
                return self._without(ended.status, ended.said)
            if ended.plan is None:
                assert plan is not None
                value = float(program.figures_of(plan)[stage.row])
                self._say(_tell_fallback(stage.name, ended))
                kept = StageResult(
                    stage.name, Status.FEASIBLE, value, -math.inf, self._since(begun)
                )
                self._stages.append(kept)
                break
            plan = ended.plan
            value = float(program.figures_of(plan)[stage.row])
            status, bound = self._rate(ended, value, is_held=is_held)
            self._stages.append(StageResult(stage.name, status, value, bound, self._since(begun)))
            if number < len(program.stages) - 1:
                self._hold(number, plan)
        assert plan is not None
        return self._finish(plan)

    def _say(self, sentence: str) -> None:
        if sentence and sentence not in self._said:
            self._said.append(sentence)

    def _since(self, begun: float) -> float:
        return time.perf_counter() - begun

    def _minimize(self, stage: str) -> None:
        self._model.minimize.deactivate()
        self._model.minimize[stage].activate()

    def _hold(self, number: int, plan: Floats) -> None:
        """Let later stages exceed what this one holds by no more than rounding."""
        stage = self._program.stages[number]
        limits = self._program.limits_at(stage, plan)
        self._limits.append(limits)
        for place, (held, limit) in enumerate(zip(stage.holds, limits, strict=True)):
            row = self._pyo.Constraint(
                expr=self._model.held[stage.name, held.name] <= limit + round_off(limit)
            )
            self._model.add_component(f"held_{number}_{place}", row)
            self._rows.append(_Held(held.name, held.row, limit, row))

    def _ease(self) -> None:
        """Hold only to within a millionth what the solver cannot hold exactly: told, not proven."""
        self._is_eased = True
        for held in self._rows:
            held.constraint.set_value((None, held.constraint.body, self._find_most(held)))
        self._say(
            f"{self._options.solver} finds no plan that holds exactly what was minimized before, "
            "which it has found a plan of: that is held to within a millionth, and what is "
            "minimized after it is not proven."
        )

    def _find_most(self, held: _Held) -> float:
        """What a later stage may reach in a row that is held."""
        if self._is_eased:
            return held.limit + _BROKEN * max(1.0, abs(held.limit))
        return held.limit + round_off(held.limit)

    def _run(self, *, is_held: bool) -> _Ending:
        """How a run ended."""
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
                return _Ending(Status.NO_PLAN_YET)
            limits["timelimit"] = max(1.0, left)
        try:
            results = solver.solve(self._model, load_solutions=False, **limits)
            self._version = self._version or _read_version(solver)
            return self._read(results)
        except TimeoutExpired:
            return _Ending(Status.NO_PLAN_YET, f"{name} did not end in its time, and was ended.")
        except Exception as error:  # whatever another program and its reader do
            if interrupt.came():
                return _Ending(Status.INTERRUPTED)
            return _Ending(Status.ERROR, f"{name} gave no answer: {_say_error(error)}")

    def _read(self, results: Any) -> _Ending:
        """What a run answered; its plan where that keeps all rules."""
        name, status = self._options.solver, _read_status(results)
        told = f"{name} ends with {results.solver.termination_condition}."
        if status in (Status.INFEASIBLE, Status.UNBOUNDED):
            return _Ending(status, "" if status is Status.INFEASIBLE else told)
        if len(results.solution) == 0:
            is_open = status is Status.NO_PLAN_YET
            return _Ending(status if is_open else Status.ERROR, told)
        self._model.solutions.load_from(results)
        plan = np.array([0.0 if v.value is None else v.value for v in self._decisions], float)
        broken = "the bounds or the whole numbers of decisions"
        if self._is_near(plan):
            plan = np.where(self._program.whole, np.round(plan), plan)
            plan = np.clip(plan, self._program.lower, self._program.upper)
            broken = self._find_broken(plan, _BROKEN, _BROKEN)
        if broken:
            if status is Status.NO_PLAN_YET:  # what it had in hand when the limit came
                return _Ending(status, told)
            return _Ending(Status.ERROR, f"{name} gave a plan that breaks {broken}.")
        if status is not Status.OPTIMAL:
            self._say(f"{told} It has not proven its plan.")
        elif broken := self._find_broken(plan, self._options.feasibility, _WRITTEN):
            status = Status.FEASIBLE
            self._say(
                f"The plan of {name} breaks {broken}: not enough to refuse it, too much to call it "
                "proven."
            )
        low, high = map(_read_number, (results.problem.lower_bound, results.problem.upper_bound))
        return _Ending(status, "", plan, low, high)

    def _rate(self, ended: _Ending, value: float, *, is_held: bool) -> tuple[Status, float]:
        """Whether what a plan comes to is proven, and the bound.

        The value is counted in our own rows, the bounds are what the solver told: it is the least
        where both agree in the digits in which a plan is told, in an LP that was solved to its end
        and in whole numbers whose two bounds are one.
        """
        is_end = ended.status is Status.OPTIMAL
        is_closed = is_end and not self._program.is_whole
        if math.isfinite(ended.low) and math.isfinite(ended.high):
            is_closed = is_closed or (is_end and ended.high - ended.low <= round_off(ended.high))
        bound = ended.low if math.isfinite(ended.low) else -math.inf
        if is_closed and (bound == -math.inf or _agree(value, bound, _TOLD)):
            bound = value
        elif value < bound and not _agree(value, bound, _TOLD if is_held else PROVEN_GAP):
            self._say(
                f"{self._options.solver} told a bound of {bound:.10g}, above the {value:.10g} that "
                "its plan comes to: it is not believed."
            )
            bound = -math.inf
        bound = min(value, bound)
        is_least = is_end and not self._is_eased and is_proven(value, bound, held=is_held)
        return Status.OPTIMAL if is_least else Status.FEASIBLE, bound

    def _is_near(self, plan: Floats) -> bool:
        """True where whole numbers and bounds are kept but for rounding."""
        program = self._program
        off = np.abs(plan - np.round(plan))[program.whole]
        beyond = np.maximum(program.lower - plan, plan - program.upper)
        return bool((off <= _BROKEN).all() and (beyond <= _BROKEN).all())

    def _find_broken(self, plan: Floats, least: float, part: float) -> str:
        """The row that a plan breaks the most, where that is more than so little and more than this
        part of the size of the row; empty where it keeps them all."""
        program, found = self._program, ""
        rows, size = program.matrix @ plan, abs(program.matrix) @ np.abs(plan)
        with np.errstate(invalid="ignore"):
            beyond = np.maximum(program.row_lower - rows, rows - program.row_upper)
        over = beyond / np.maximum(least, part * size)
        if len(over) and not over.max() <= 1.0:
            most = int(np.argmax(over))
            _, name, key = program.rows[most]
            found = f"{name} of {key} by {beyond[most]:.3g}"
        figures = program.figures_of(plan)
        for held in self._rows:
            over_limit = float(figures[held.row]) - self._find_most(held)
            if not over_limit <= max(least, part * abs(held.limit)):
                found = f"{held.name}, which was minimized before, by {over_limit:.3g}"
        return found

    def _without(self, status: Status, message: str) -> Solved:
        seconds = time.perf_counter() - self._begun
        solved = without_plan(status, tuple(self._stages), message, seconds)
        return replace(solved, solver=self._name)

    @property
    def _name(self) -> str:
        """The solver with its version, where it tells one."""
        return f"{self._options.solver} {self._version}".strip()

    def _finish(self, plan: Floats) -> Solved:
        program, last = self._program, self._stages[-1]
        figures = program.figures_of(plan)
        is_proven_so_far = not self._is_eased and all(
            stage.status is Status.OPTIMAL for stage in self._stages[:-1]
        )
        solver = self._options.solver
        self._say(
            f"Solved by {solver} through Pyomo: it tells no prices of rules, what giving up a "
            "little security would save is not asked, and of plans equally good this is the one "
            "that it found."
        )
        if not _SETTINGS.get(solver, ("",))[0]:
            self._say(f"How {solver} is told a gap is not known: it ended at its own.")
        return Solved(
            max((stage.status for stage in self._stages), key=severity),
            plan,
            figures,
            None,
            None,
            "",
            tuple(self._stages),
            last.bound,
            relative_gap(last.value, last.bound) if is_proven_so_far else math.inf,
            " ".join(self._said),
            time.perf_counter() - self._begun,
            limits=tuple(self._limits),
            unsettled=f"it is the one that {solver} found" if program.levels else "",
            solver=self._name,
        )


@dataclass(frozen=True)
class _Held:
    """A row that later stages hold: its name and place among those reported, the limit, and the
    constraint in the model of Pyomo."""

    name: str
    row: int
    limit: float
    constraint: Any


def _agree(value: float, bound: float, digits: float) -> bool:
    """True where both are one number in so many digits."""
    return abs(value - bound) <= max(1e-9, digits * abs(value))


def _tell_fallback(stage: str, ended: _Ending) -> str:
    """Why the plan is that of the stage before."""
    why = ended.said
    if not why:
        match ended.status:
            case Status.INFEASIBLE:
                why = "The solver then denied that there is a plan, which it had found before."
            case Status.INTERRUPTED:
                why = "The run was interrupted."
            case _:
                why = "A limit was reached."
    told = stage.replace("_", " ")
    return f"{why} The plan is that of the stage before: {told} is not minimized."


def _say_error(error: Exception) -> str:
    """The first line of an error; only its kind where the line speaks of files and commands."""
    first = (str(error).strip().splitlines() or [""])[0]
    return first if first and not re.search(r"[\\/]", first) else type(error).__name__


def _read_version(solver: Any) -> str:
    """The version of a solver; empty where it tells none."""
    version = getattr(solver, "version", None)
    numbers = version() if callable(version) else None
    return ".".join(map(str, numbers)) if isinstance(numbers, tuple) else ""


def _read_number(told: Any) -> float:
    """A bound that was told; -inf where none was."""
    number = getattr(told, "value", told)
    return float(number) if isinstance(number, int | float) else -math.inf


_LIMITS: Final = (
    "feasible",
    "locallyOptimal",
    "minStepLength",
    "userInterrupt",
    "resourceInterrupt",
    "intermediateNonInteger",
)
"""Endings, beside all that begin with max, that leave open whether there is a better plan."""


def _read_status(results: Any) -> Status:
    """What an ending in Pyomo's words means; a plan decides whether there is one yet."""
    told = str(results.solver.termination_condition)
    if told in ("optimal", "globallyOptimal"):
        return Status.OPTIMAL
    if told == "infeasible":
        return Status.INFEASIBLE
    if told == "unbounded":
        return Status.UNBOUNDED
    return Status.NO_PLAN_YET if told.startswith("max") or told in _LIMITS else Status.ERROR


@contextmanager
def _silent() -> Iterator[None]:
    """Pyomo without a voice: it would log to where results go."""
    log = logging.getLogger("pyomo")
    before = log.level
    log.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        log.setLevel(before)
