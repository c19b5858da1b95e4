"""A program in HiGHS: one objective at a time, and the rows that hold the stages before it."""

from __future__ import annotations

import math
import signal
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import highspy
import numpy as np

from cssopt.errors import SolveError
from cssopt.solve.answer import PROVEN_GAP, Options, StageVertex, relative_gap
from cssopt.solve.load import load_program
from cssopt.solve.outcome import Status
from cssopt.solve.program import Floats, Program, StageRow

_M: Any = highspy.HighsModelStatus


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
    cancelled: True once Ctrl-C has ended a run.
    """

    def __init__(self, program: Program, options: Options) -> None:
        self.program = program
        self.options = options
        self.begun = time.perf_counter()
        self.highs = load_program(program, options)
        self.message = ""
        self.cancelled = False
        self._start: Floats | None = None

    @property
    def seconds(self) -> float:
        """Seconds since the program was loaded, or since `begun` was set anew."""
        return time.perf_counter() - self.begun

    @property
    def out_of_time(self) -> bool:
        """True where nothing is left of the time limit."""
        limit = self.options.time_limit
        return limit is not None and self.seconds >= limit

    def begin(self) -> None:
        """Count the seconds, and the time limit, from now on."""
        self.begun = time.perf_counter()

    @property
    def plan(self) -> Floats:
        """Values of the columns in the plan that HiGHS holds."""
        return np.asarray(self.highs.getSolution().col_value, dtype=float)

    @property
    def prices(self) -> tuple[Floats, Floats]:
        """Duals of the program's own rows, and reduced costs of its columns."""
        solution = self.highs.getSolution()
        rows = np.asarray(solution.row_dual, dtype=float)[: len(self.program.rows)]
        return rows, np.asarray(solution.col_dual, dtype=float)

    @property
    def vertex(self) -> StageVertex:
        """Plan and duals of the stage that was solved last."""
        solution, own = self.highs.getSolution(), len(self.program.rows)
        duals = np.asarray(solution.row_dual, dtype=float)
        return StageVertex(np.asarray(solution.col_value, dtype=float), duals[:own], duals[own:])

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

    def set_costs(self, costs: Floats, constant: float) -> None:
        """Make ``costs @ x + constant`` the objective."""
        self.highs.changeColsCost(len(costs), np.arange(len(costs), dtype=np.int32), costs)
        self.highs.changeObjectiveOffset(constant)

    def minimise(self, stage: StageRow) -> None:
        """Make the stage's expression the objective."""
        self.set_costs(
            self.program.row_of_figure(stage.row), float(self.program.offsets[stage.row])
        )

    def limit(self, coefficients: Floats, most: float, what: str) -> None:
        """Add a row ``coefficients @ x <= most``.

        SolveError, which names `what`, where HiGHS refuses it.
        """
        where = np.flatnonzero(coefficients).astype(np.int32)
        accept(
            self.highs.addRow(-math.inf, most, len(where), where, coefficients[where]),
            what,
        )

    def hold(self, stage: StageRow, limits: tuple[float, ...]) -> None:
        """Add the rows that hold a stage at its limits; SolveError where HiGHS refuses one."""
        for held, limit in zip(stage.holds, limits, strict=True):
            costs = self.program.row_of_figure(held.row)
            most = limit - float(self.program.offsets[held.row])
            self.limit(costs, most, f"the row that holds {held.name}")
            self.highs.passRowName(self.highs.getNumRow() - 1, f"hold_{held.name}")

    def optimise(self, *, final: bool) -> tuple[Status, float, float]:
        """Run HiGHS on the current objective: status, value and proven bound (nan: no plan)."""
        self._set_time_limit()
        self.message = ""
        # Of an earlier stage only the value is needed, not a vertex.
        self.highs.setOptionValue("run_crossover", "on" if final else "off")
        model = self._run_from_start()
        if model in (_M.kNotset, _M.kSolveError):
            # The last basis can lead the simplex method astray: from the start it does not.
            self.highs.clearSolver()
            model = self.run()
        if model == _M.kUnknown:
            self.highs.setOptionValue("run_crossover", "on")
            model = self.run()
        if model in (_M.kUnboundedOrInfeasible, _M.kInfeasible, _M.kUnbounded):
            # Presolve has been wrong about this before: only a run without it is believed.
            self.highs.setOptionValue("presolve", "off")
            model = self.run()
            self.highs.setOptionValue("presolve", "choose")
        info = self.highs.getInfo()
        whole = bool(self.program.whole.any())
        has_plan = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
        value = info.objective_function_value if has_plan else math.nan
        if model == _M.kOptimal and has_plan:
            bound = info.mip_dual_bound if whole else value
            gap = relative_gap(value, bound)
            return (Status.OPTIMAL if gap <= PROVEN_GAP else Status.FEASIBLE), value, bound
        bound = info.mip_dual_bound if whole else -math.inf
        if model in (_M.kTimeLimit, _M.kIterationLimit, _M.kSolutionLimit, _M.kObjectiveTarget):
            if not has_plan:
                self.message = "The time limit was reached before a plan was found."
            return (Status.FEASIBLE if has_plan else Status.INTERRUPTED), value, bound
        if model in (_M.kInterrupt, _M.kHighsInterrupt):
            return Status.INTERRUPTED, value, bound
        if model == _M.kInfeasible:
            return Status.INFEASIBLE, math.nan, math.nan
        if model in (_M.kUnbounded, _M.kUnboundedOrInfeasible):
            return Status.UNBOUNDED, math.nan, math.nan
        self.message = f"HiGHS says: {self.highs.modelStatusToString(model)}."
        if model == _M.kOptimal:
            self.message = "HiGHS found a plan only by breaking a rule beyond its tolerance."
        return Status.ERROR, math.nan, math.nan

    def _set_time_limit(self) -> None:
        if self.options.time_limit is not None:
            left = max(0.0, self.options.time_limit - self.seconds)
            # HiGHS counts the time of all its LPs together, and that of each whole-number search.
            spent = 0.0 if self.program.whole.any() else self.highs.getRunTime()
            self.highs.setOptionValue("time_limit", spent + left)

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
        if self._misjudges_plan() and not self.cancelled:
            self.highs.clearSolver()
            self._set_time_limit()
            model = self.run()
        return model

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

    def run(self) -> Any:
        """Run HiGHS so that Ctrl-C stops it and keeps the best plan found so far.

        Raises KeyboardInterrupt in place of keeping it where the options say so.
        """
        highs = self.highs
        highs.HandleUserInterrupt = True
        with _interrupt_calls(self._cancel):
            thread = highs.startSolve()
            while thread.is_alive():
                # A short wait, so that the handler of Ctrl-C gets its turn.
                thread.join(0.2)
        if self.cancelled and not self.options.keep_on_interrupt:
            raise KeyboardInterrupt
        return highs.getModelStatus()

    def _cancel(self) -> None:
        self.cancelled = True
        self.highs.cancelSolve()


@contextmanager
def _interrupt_calls(cancel: Callable[[], None]) -> Iterator[None]:
    """Let Ctrl-C call `cancel` instead of raising KeyboardInterrupt in the middle of a wait.

    (Raised inside `Thread.join`, it would mark the solver's thread as ended while it runs.) Only
    the main thread may set handlers; elsewhere, and where Ctrl-C is ignored, nothing changes.
    """
    ignored = signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    if ignored or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, lambda *_: cancel())
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
