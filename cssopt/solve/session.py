"""A program in HiGHS: one objective at a time, and the rows that hold the stages before it."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import highspy
import numpy as np

from cssopt import interrupt
from cssopt.errors import SolveError
from cssopt.solve.answer import CUT_OFF, PROVEN_GAP, Basis, Options, Vertex, is_proven, relative_gap
from cssopt.solve.load import QuietHighs, load_program
from cssopt.solve.outcome import Status
from cssopt.solve.program import Floats, Program, StageRow

_M: Any = highspy.HighsModelStatus

_NO_PLAN = (_M.kInfeasible, _M.kUnbounded, _M.kUnboundedOrInfeasible)
_STOPPED = (_M.kInterrupt, _M.kHighsInterrupt)
_LIMITS = (_M.kTimeLimit, _M.kSolutionLimit, _M.kObjectiveTarget)
NO_ANSWER = (_M.kNotset, _M.kSolveError, _M.kUnknown)
"""Endings that tell nothing about the program: it is worth another run."""

_LARGE = 50_000
"""Entries from which interior point with crossover beats the simplex method (see DECISIONS.md)."""

_STATUSES = {int(status): status for status in highspy.HighsBasisStatus.__members__.values()}

_SIMPLEX: Mapping[str, Any] = {"solver": "simplex"}
_INTERIOR: Mapping[str, Any] = {"solver": "ipx"}

_NEAR: Mapping[str, Any] = {
    "solver": "simplex",
    "simplex_dual_edge_weight_strategy": 1,
    "dual_simplex_cost_perturbation_multiplier": 0.0,
}
"""Settings for a start near the optimum: exact edge weights and perturbed costs pay on a long way,
not on a short one (on the demo they took two thirds of the time)."""

_FAR: Mapping[str, Any] = {
    "simplex_dual_edge_weight_strategy": -1,
    "dual_simplex_cost_perturbation_multiplier": 1.0,
}
"""Settings for a start far from the optimum, in place of those of `_NEAR`."""

_DUAL, _PRIMAL = 1, 4
"""Simplex methods: after limits that changed the last basis is optimal but not feasible; after
another objective it is feasible but not optimal (on the demo the wrong one takes 15 times as long).
"""

_LEASH = 5_000
"""Steps after which a start near the optimum has failed, or twice those of the start from nothing
(on a book of 8 members and 10 years one took 240,000, where interior point needs 20 s)."""

_LONG = 3
"""Steps of a start from nothing, as a multiple of rows and columns, after which it has failed."""

_NO_PLAN_IN_TIME = "The time limit was reached before a plan was found."

_WAIT, _LEAST_WAIT = 0.2, 0.005
"""Seconds after which it is looked whether a run has ended, or its time."""

_MOST_DEAF = 1.2
"""Seconds after Ctrl-C that a run is given to listen (parts of presolve and of a search do not)."""

_LARGEST_COST = 1e4
"""Up to which the costs of an objective are scaled up."""

Answer = tuple[Status, float, float]
"""How a run ended, the value of its plan (nan: none) and the proven bound."""


def accept(status: Any, what: str) -> None:
    """SolveError where HiGHS did not take what it was given, which it says by its status only."""
    if status == highspy.HighsStatus.kError:
        raise SolveError(f"HiGHS refuses {what}: a number in it is not finite or too large")


class LoadedProgram:
    """One program loaded into HiGHS.

    Attributes
    ----------
    program, options: what was loaded, and how it is solved.
    highs: the HiGHS model. message: what else is to be said of the last answer.
    scale: what the objective is multiplied by in HiGHS.
    held_later: True where later stages hold what is minimised: it is then proven exactly.
    cancelled: True once Ctrl-C has ended a run.
    """

    def __init__(self, program: Program, options: Options) -> None:
        self.program = program
        self.options = options
        self.begun = time.perf_counter()
        self.highs = load_program(program, options)
        self.message = ""
        self.cancelled = False
        self.scale = 1.0
        self._is_large = program.matrix.nnz >= _LARGE
        if self._is_large:
            self.highs.setOptionValue("solver", "ipx")
        self.held_later = False
        self._steps = 0
        self._start: Floats | None = None
        self._until = self._cancelled_at = math.inf

    @property
    def seconds(self) -> float:
        """Seconds since the program was loaded, or since `begun` was set anew."""
        return time.perf_counter() - self.begun

    @property
    def out_of_time(self) -> bool:
        """True where nothing is left of the time limit."""
        limit = self.options.time_limit
        return self.options.is_over or (limit is not None and self.seconds >= limit)

    def begin(self) -> None:
        """Count the seconds, and the time limit, from now on."""
        self.begun = time.perf_counter()

    @property
    def plan(self) -> Floats:
        """Values of the columns in the plan that HiGHS holds."""
        return np.asarray(self.highs.getSolution().col_value, dtype=float)

    @property
    def vertex(self) -> Vertex:
        """Plan and duals of what was solved last."""
        solution = self.highs.getSolution()
        plan, columns, rows = (
            np.asarray(values, dtype=float)
            for values in (solution.col_value, solution.col_dual, solution.row_dual)
        )
        return Vertex(plan, columns / self.scale, rows / self.scale, self.scale)

    @property
    def basis(self) -> Basis | None:
        """Where the last run ended, to begin near it; None where it ended at no basis."""
        basis = self.highs.getBasis()
        if not basis.valid:
            return None
        return Basis(
            *(
                np.array([int(status) for status in statuses], dtype=np.int8)
                for statuses in (basis.col_status, basis.row_status)
            )
        )

    def begin_at(self, basis: Basis) -> None:
        """Let the next run begin at a basis, which HiGHS mends where it does not fit.

        SolveError where it takes none such.
        """
        carried = highspy.HighsBasis()
        carried.col_status = [_STATUSES[code] for code in basis.columns.tolist()]
        carried.row_status = [_STATUSES[code] for code in basis.rows.tolist()]
        carried.valid = carried.alien = True
        accept(self.highs.setBasis(carried), "a basis")

    def start_from(self, plan: Floats) -> None:
        """Let the next search for whole numbers begin at a plan."""
        self._start = plan

    def set_options(self, options: Mapping[str, Any]) -> None:
        """Set options of HiGHS by name."""
        for name, value in options.items():
            self.highs.setOptionValue(name, value)

    @contextmanager
    def options_set(self, options: Mapping[str, Any]) -> Iterator[None]:
        """Options of HiGHS by name, as they were again afterwards."""
        before = {name: self.highs.getOptionValue(name)[1] for name in options}
        self.set_options(options)
        try:
            yield
        finally:
            self.set_options(before)

    def set_costs(
        self, costs: Floats, constant: float, *, held_later: bool = False, scaled: bool = True
    ) -> None:
        """Make ``costs @ x + constant`` the objective; `held_later` where its least is to be held.

        It is `scaled`, so that the solver's tolerance is small beside the smallest cost.
        """
        self.held_later = held_later
        self.scale = _find_scale(costs) if scaled else 1.0
        self.highs.changeColsCost(
            len(costs), np.arange(len(costs), dtype=np.int32), costs * self.scale
        )
        self.highs.changeObjectiveOffset(constant * self.scale)

    def minimise(self, stage: StageRow, *, scaled: bool = True) -> None:
        """Make the stage's expression the objective, for the solver or as it is."""
        costs, constant = self.program.row_of_figure(stage.row), self.program.offsets[stage.row]
        held_later = self._is_held_later(stage)
        self.set_costs(costs, float(constant), held_later=held_later, scaled=scaled)

    def _is_held_later(self, stage: StageRow) -> bool:
        """True where there is a later stage, and it holds what this one minimises."""
        program = self.program
        return stage != program.stages[-1] and any(
            program.same_figure(stage.row, held.row) for held in stage.holds if not held.allowance
        )

    def change(self, program: Program) -> None:
        """Change what differs from the program that is loaded: bounds, coefficients, further rows.

        SolveError where HiGHS refuses a number.
        """
        last, self.program = self.program, program
        self._change_bounds(last, program)
        self._change_matrix(last, program)
        for row in range(len(last.rows), len(program.rows)):
            begin, end = program.matrix.indptr[row : row + 2]
            where = program.matrix.indices[begin:end].astype(np.int32)
            bounds = float(program.row_lower[row]), float(program.row_upper[row])
            status = self.highs.addRow(*bounds, len(where), where, program.matrix.data[begin:end])
            _, name, _ = program.rows[row]
            accept(status, f"the row that holds {name}")
            self.highs.passRowName(row, f"hold_{name}")

    def _change_bounds(self, last: Program, program: Program) -> None:
        highs, rows = self.highs, len(last.rows)
        low, high = program.row_lower[:rows], program.row_upper[:rows]
        where = np.flatnonzero((last.row_lower != low) | (last.row_upper != high))
        if len(where):
            highs.changeRowsBounds(len(where), where.astype(np.int32), low[where], high[where])
        low, high = program.lower, program.upper
        where = np.flatnonzero((last.lower != low) | (last.upper != high))
        if len(where):
            highs.changeColsBounds(len(where), where.astype(np.int32), low[where], high[where])

    def _change_matrix(self, last: Program, program: Program) -> None:
        count = len(last.matrix.data)
        entries = np.flatnonzero(last.matrix.data != program.matrix.data[:count])
        rows = np.searchsorted(program.matrix.indptr, entries, side="right") - 1
        for row, column, value in zip(
            rows.tolist(),
            program.matrix.indices[entries].tolist(),
            program.matrix.data[entries].tolist(),
            strict=True,
        ):
            accept(self.highs.changeCoeff(row, column, value), "a coefficient")

    def limit(self, coefficients: Floats, most: float, what: str) -> None:
        """Add a row ``coefficients @ x <= most``.

        SolveError, which names `what`, where HiGHS refuses it.
        """
        where = np.flatnonzero(coefficients).astype(np.int32)
        accept(
            self.highs.addRow(-math.inf, most, len(where), where, coefficients[where]),
            what,
        )

    def optimise(self, *, near: bool = False, primal: bool = False) -> Answer:
        """Run HiGHS on the current objective: status, value and proven bound (nan: no plan).

        `near`: an LP starts from the basis that HiGHS holds, on a leash; `primal`: by the primal
        method, for a basis that is feasible but not optimal.
        """
        self.message = ""
        if self.program.is_whole:
            model = self._search()
        else:
            model = self._solve_linear(near=near, primal=primal)
        return self._judge(model)

    def _judge(self, model: Any) -> Answer:
        """What an ending of HiGHS means."""
        info = self.highs.getInfo()
        whole = self.program.is_whole
        has_plan = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        value = info.objective_function_value / self.scale if has_plan else math.nan
        bound = info.mip_dual_bound / self.scale if whole else -math.inf
        if model == _M.kOptimal and has_plan:
            bound = bound if whole else value
            return self.rate(value, bound), value, bound
        if model in _LIMITS:
            if not has_plan:
                is_over = self.options.is_over
                self.message = CUT_OFF if is_over else _NO_PLAN_IN_TIME
            return (Status.FEASIBLE if has_plan else Status.NO_PLAN_YET), value, bound
        if model in _STOPPED:
            return Status.INTERRUPTED, value, bound
        if model == _M.kInfeasible:
            return Status.INFEASIBLE, math.nan, math.nan
        if model in (_M.kUnbounded, _M.kUnboundedOrInfeasible):
            return Status.UNBOUNDED, math.nan, math.nan
        self.message = f"HiGHS says: {self.highs.modelStatusToString(model)}."
        if model == _M.kOptimal:
            self.message = "HiGHS found a plan only by breaking a rule beyond its tolerance."
        return Status.ERROR, math.nan, math.nan

    def rate(self, value: float, bound: float) -> Status:
        """Optimal where the value of a plan is proven to be the least."""
        proven = is_proven(value, bound, held=self.held_later)
        return Status.OPTIMAL if proven else Status.FEASIBLE

    def _search(self) -> Any:
        """Search for whole numbers."""
        self.set_time_limit()
        # What later stages hold is proven exactly, unless a wider gap was asked for.
        exactly = self.held_later and self.options.gap <= PROVEN_GAP
        gaps = {
            "mip_rel_gap": 1e-12 if exactly else self.options.gap,
            "mip_abs_gap": 1e-9 * self.scale,
        }
        self.set_options(gaps)
        model = self._run_from_start()
        if model in NO_ANSWER:
            self.highs.clearSolver()
            model = self._run_again()
        if model in NO_ANSWER or model in _NO_PLAN:
            # Presolve has been wrong about this before: only a run without it is believed.
            with self.options_set({"presolve": "off"}):
                model = self._run_again()
        return model

    def _solve_linear(self, *, near: bool, primal: bool) -> Any:
        """Try one way of solving an LP after another, until one gives an answer to be believed.

        First the quickest, each on a leash: a simplex method that has lost its way takes 100 times
        the steps, and an interior point that gives up hands its own to it.
        """
        model: Any = _M.kNotset
        if near:
            self.set_options({**_NEAR, "simplex_strategy": _PRIMAL if primal else _DUAL})
            leash = max(_LEASH, 2 * self._steps)
            model = self._run_on_leash(leash)
            self.set_options({**_FAR, "simplex_strategy": _DUAL})
        ways = (_INTERIOR, _SIMPLEX) if self._is_large else (_SIMPLEX, _INTERIOR)
        for way in (*ways, *({**each, "presolve": "off"} for each in ways)):
            if self._is_answer(model) or (model in _NO_PLAN and way.get("presolve") is None):
                continue
            if near or model != _M.kNotset:
                self.highs.clearSolver()
            with self.options_set(way):
                model = self._run_on_leash(max(_LEASH, _LONG * sum(self.program.shape)))
            if model in _NO_PLAN and way.get("presolve") == "off":
                break
        if not near:
            self._steps = max(self._steps, self.iterations)
        return model

    def _is_answer(self, model: Any) -> bool:
        """True where an ending needs no further run."""
        if model == _M.kOptimal:
            status = self.highs.getInfo().primal_solution_status
            return bool(status == highspy.SolutionStatus.kSolutionStatusFeasible)
        return model in _STOPPED or model == _M.kTimeLimit

    def _run_on_leash(self, steps: int) -> Any:
        self.set_time_limit()
        with self.options_set({"simplex_iteration_limit": steps}):
            return self.run()

    def _run_again(self) -> Any:
        """A further run within what is left of the time limit."""
        self.set_time_limit()
        return self.run()

    @property
    def iterations(self) -> int:
        """Steps of the simplex method in the last run."""
        return max(0, int(self.highs.getInfo().simplex_iteration_count))

    def set_time_limit(self) -> None:
        """Let the runs that follow end with what is left of the time."""
        limit = self.options.time_limit
        left = self.options.until - time.perf_counter()
        left = max(0.0, left if limit is None else min(left, limit - self.seconds))
        self._until = time.monotonic() + left
        # HiGHS keeps no limit but that of no time at all, in which it does not begin.
        self.highs.setOptionValue("time_limit", math.inf if left else 0.0)

    def lift_time_limit(self) -> None:
        """Let the runs that follow take as long as they need."""
        self._until = math.inf
        self.highs.setOptionValue("time_limit", math.inf)

    def _run_from_start(self) -> Any:
        """Run HiGHS from the plan that it was told to begin at, if it was."""
        if self._start is None:
            return self.run()
        # Only now: HiGHS forgets a start as soon as costs or rows change.
        solution = highspy.HighsSolution()
        solution.col_value = self._start.tolist()
        self.highs.setSolution(solution)
        self._start = None
        model = self.run()
        if not self.cancelled and (self._did_not_search() or self._misjudges_plan()):
            self.highs.clearSolver()
            model = self._run_again()
        return model

    def _did_not_search(self) -> bool:
        """True where presolve alone ended the search.

        Where it wrongly finds that there is no plan (1.16.0: with a row of large numbers), the
        start is told as the best one. To presolve again without it takes next to no time.
        """
        info = self.highs.getInfo()
        return bool(info.mip_node_count <= 0 and info.simplex_iteration_count <= 0)

    def _misjudges_plan(self) -> bool:
        """True where HiGHS says another value of its plan than the plan has.

        It can take a start for better than it is (1.16.0: where presolve took columns out), and
        then finds nothing that it holds to be better still; only a search without it is believed.
        """
        info = self.highs.getInfo()
        if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
            return False
        program = self.highs.getLp()
        value = float(np.dot(np.asarray(program.col_cost_), self.plan)) + program.offset_
        return relative_gap(value, info.objective_function_value) > PROVEN_GAP

    def run(self, *, to_its_end: bool = False) -> Any:
        """Run HiGHS so that Ctrl-C stops it and keeps the best plan found so far; `to_its_end`:
        Ctrl-C is only remembered, for an LP that takes a moment and without which a plan is lost.

        Always in a new thread. HiGHS keeps the number of threads of the first run in a thread, and
        ends every later run there that asks for another number at once, without a status: so a
        plain run of highspy, in a script that then calls cssopt, would spoil ours.
        Raises KeyboardInterrupt in place of keeping it where the options say so, and MemoryError.
        """
        if interrupt.came() and (self._is_deaf or not to_its_end):
            # Whoever was interrupted before has kept its plan: nothing more is begun.
            self.cancelled = True
            self.highs.clearSolver()
            model: Any = _M.kInterrupt
        else:
            model = self._run_in_thread(self._remember if to_its_end else self._cancel)
        if self.cancelled and not self.options.keep_on_interrupt:
            raise KeyboardInterrupt
        return model

    def _run_in_thread(self, on_interrupt: Callable[[], None]) -> Any:
        """Run HiGHS in a thread of its own; how it ended.

        The limit of time is kept here, by a clock that nobody can set: that of HiGHS is the time of
        the day (1.16.0: set forward it ends a search, set back it never does).
        """
        highs, timed_out = self.highs, False
        with interrupt.calls(on_interrupt):
            thread = highs.startSolve()
            # A short wait, so that the handler of Ctrl-C gets its turn.
            while thread.is_alive() and not self._is_deaf:
                thread.join(max(_LEAST_WAIT, min(_WAIT, self._until - time.monotonic())))
                is_late = time.monotonic() >= self._until
                # Told once: what another thread changes in HiGHS while it runs is kept to that.
                if is_late and not timed_out and thread.is_alive():
                    timed_out = True
                    highs.cancelSolve()
        if thread.is_alive():
            # It goes on until the process ends; what it works on is its own.
            interrupt.leave(highs)
            self.highs = QuietHighs()
            return _M.kInterrupt
        if highs.failure is not None:
            raise highs.failure
        model = highs.getModelStatus()
        if model in (*_STOPPED, _M.kTimeLimit):
            # HiGHS tells only that it was stopped, not by what.
            return _M.kInterrupt if self.cancelled else _M.kTimeLimit if timed_out else model
        return model

    @property
    def _is_deaf(self) -> bool:
        """True where HiGHS was told to end and did not, in a process that ends with its answer."""
        return interrupt.ends_soon() and time.monotonic() - self._cancelled_at > _MOST_DEAF

    def _remember(self) -> None:
        self.cancelled = True
        self._cancelled_at = min(self._cancelled_at, time.monotonic())

    def _cancel(self) -> None:
        self._remember()
        self.highs.cancelSolve()


def _find_scale(costs: Floats) -> float:
    """A power of 2 that makes the smallest cost about 1, and the largest no more than 1e4."""
    sizes = np.abs(costs[costs != 0])
    if not len(sizes):
        return 1.0
    wanted = min(1 / float(sizes.min()), _LARGEST_COST / float(sizes.max()))
    return max(1.0, 2.0 ** math.floor(math.log2(wanted)))
