"""One program in HiGHS: the one object that loads, updates, runs and classifies it.

A program is loaded once and then changed: another objective, other bounds and coefficients, further
rows. Wherever HiGHS begins anew in place of going on from what it holds, a `Rebuild` says why.
"""

from __future__ import annotations

import errno
import math
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from threading import Thread
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array

from cssopt import interrupt
from cssopt.errors import SolveError
from cssopt.names import key_parts
from cssopt.profile import phase, solver_run
from cssopt.solve.answer import CUT_OFF, PROVEN_GAP, Basis, Options, Vertex, is_proven, relative_gap
from cssopt.solve.certificate import proves_infeasible
from cssopt.solve.endings import ENDINGS, NOT_RUN, OUT_OF_TIME, STOPPED, Ending, Meaning
from cssopt.solve.names import Names
from cssopt.solve.outcome import Status
from cssopt.solve.program import Floats, Program, StageRow, relax
from cssopt.solve.watching import SolverLog, SolveState, find_watcher, say_what

EXACT: Mapping[str, float] = {
    "dual_feasibility_tolerance": 1e-10,
    "primal_feasibility_tolerance": 1e-9,
}
"""Tolerances of an LP (HiGHS takes no less than 1e-10). Money can be steep in the stage held
before: a missing share of 4.7 that was 5e-8 too large moved the pooled expenditure by 1e-4
(relative)."""

_STATUSES = {int(status): status for status in highspy.HighsBasisStatus.__members__.values()}

_LARGE = 50_000
"""Entries from which interior point with crossover beats the simplex method (see DECISIONS.md)."""

_SIMPLEX: Mapping[str, Any] = {"solver": "simplex"}
_INTERIOR: Mapping[str, Any] = {"solver": "ipx"}

_CLEAN_UP = 0.1
"""Steps of the simplex method that may follow an interior point, for each row and column: one that
stood still before its end leaves it the whole way, from a bad start (1.16.0)."""

_NEAR: Mapping[str, Any] = {
    "solver": "simplex",
    "simplex_dual_edge_weight_strategy": 1,
    "dual_simplex_cost_perturbation_multiplier": 0.0,
}
"""Settings for a start near the optimum: exact edge weights and perturbed costs pay on a long way,
not on a short one (on the demo they took two thirds of the time)."""

_STEEPEST: Mapping[str, Any] = {"simplex_dual_edge_weight_strategy": 2}
"""Where it is not as near as it was thought to be: on a book of 8 members 33 steps in place of more
than 5,000."""

_WEIGHTS = 0.02
"""What their first weights cost, in steps for each row (1.2 s against 2 ms a step for 47,000)."""

_FAR: Mapping[str, Any] = {
    "simplex_dual_edge_weight_strategy": -1,
    "dual_simplex_cost_perturbation_multiplier": 1.0,
}
"""Settings for a start far from the optimum, in place of those of `_NEAR`."""

_DUAL, _PRIMAL = 1, 4
"""Simplex methods: after limits that changed the last basis is optimal but not feasible; after
another objective it is feasible but not optimal (on the demo the wrong one takes 15 times as long).
"""

_SIMPLEX_STEP, _CROSSOVER_STEP, _INTERIOR_STEP = 0.5, 0.25, 50.0
"""What the steps of a run from nothing cost, in those of the dual simplex method near an optimum.

These take the program as it is, those from nothing what presolve leaves of it: 0.05 against 0.1 ms
on the demo. An iteration of the interior point factorizes: 0.16 s against 2 ms on a book of 8
members, against 4 ms on one of 12. Rather too little than too much: by it a start near the optimum
is given up.
"""

_LEAST_LEASH, _LEAST_SHARE = 100, 0.01
"""Steps that a start near the optimum may take at least, and for each row and column: no more than
it costs to load a program and to presolve it."""

_LONG_LEASH = 5_000
"""Steps that it may take where nobody knows what the start from nothing cost."""

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


class Rebuild(StrEnum):
    """Why HiGHS begins anew, where it could have gone on from what it holds."""

    OTHER_COLUMNS = "the program has other decisions"
    OTHER_WHOLE = "other decisions are whole numbers"
    OTHER_ROWS = "the program has other rows"
    OTHER_PLACES = "coefficients stand in other places"
    REFUSED = "HiGHS refused one of its numbers"
    SEARCH = "a search for whole numbers keeps nothing but its plan"
    NO_BASIS = "no basis is known that fits it"
    NOT_OPTIMAL = "what began at the last answer did not end at an optimum"
    NO_ANSWER = "HiGHS ended without saying anything of the program"
    LOST = "HiGHS gave no answer on the way from the last basis, or broke off"
    OTHER_WAY = "one way of solving it gave no answer that is believed"
    START_MISJUDGED = "what HiGHS says of the plan that it began at is not believed"
    FAR = "what is asked now is far from the last answer"
    ELASTIC = "every row may now be missed"
    NOT_FIXED = "with its whole numbers fixed it did not end at an optimum"
    INTERRUPTED = "it was interrupted: nothing found before may be read as an answer"


def begins_inside(program: Program) -> bool:
    """True where an LP is best begun by an interior point, as it is large."""
    return bool(program.matrix.nnz >= _LARGE)


def accept(status: Any, what: str) -> None:
    """SolveError where HiGHS did not take what it was given, which it says by its status only."""
    if status == highspy.HighsStatus.kError:
        raise SolveError(f"HiGHS refuses {what}: a number in it is not finite or too large")


NOTHING_FOUND = math.inf, -math.inf, 0
"""Best value, bound and steps of a run that has not told any yet."""


class QuietHighs(highspy.Highs):
    """HiGHS that writes nothing to standard output, which is for results only.

    Attributes
    ----------
    failure: what ended the last run in its thread; None where HiGHS ended it with a status.
    found: the best value, the bound and the steps of a run, as of when it was last asked to `tell`.
    """

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.failure: BaseException | None = None
        self.found = NOTHING_FOUND
        self._stop = self._tells = False
        for event in (self.cbSimplexInterrupt, self.cbIpmInterrupt, self.cbMipInterrupt):
            event += self._listen

    def enableCallbacks(self) -> None:  # noqa: N802, D102
        # The constructor calls this first of all, and it would print the banner.
        self.setOptionValue("output_flag", False)
        super().enableCallbacks()  # type: ignore[no-untyped-call]

    def startSolve(self) -> Thread:  # noqa: N802
        """Run HiGHS in a thread, which `cancelSolve` ends; MemoryError where none can be had."""
        self.failure, self._stop = None, False
        self.found, self._tells = NOTHING_FOUND, False
        thread = Thread(target=self._run, daemon=True)
        try:
            thread.start()
        except RuntimeError as error:
            raise MemoryError from error
        return thread

    def cancelSolve(self) -> None:  # noqa: N802
        """Let the run end where HiGHS next listens, or looks at its time.

        Parts of a search do only the latter (1.16.0: a minute on a book of 8 members). It reads its
        limit as it stands: one number of 8 bytes, which no reader meets half-written.
        """
        self._stop = True
        self.setOptionValue("time_limit", 0.0)

    def tell(self) -> None:
        """Let a run that goes on put down in `found` how far it is, where HiGHS next listens.

        HiGHS listens thousands of times a second: to look at its numbers each time would be dear.
        """
        self._tells = True

    def _run(self) -> None:
        try:
            super().run()
        except BaseException as error:  # raised again by who waits for the thread
            self.failure = error

    def _listen(self, event: Any) -> None:
        if self._stop:
            event.interrupt()
        if self._tells:
            self._tells = False
            told = event.data_out
            # What does not concern a run is -1 or infinite.
            steps = max(told.simplex_iteration_count, told.ipm_iteration_count, 0)
            self.found = told.mip_primal_bound, told.mip_dual_bound, steps


def check_version() -> str:
    """The version of HiGHS; SolveError where it is one that gives wrong answers."""
    release = (highspy.HIGHS_VERSION_MAJOR, highspy.HIGHS_VERSION_MINOR)
    version = ".".join(str(part) for part in (*release, highspy.HIGHS_VERSION_PATCH))
    if release == (1, 14):
        raise SolveError(
            f"HiGHS {version} returns wrong answers for whole-number problems; "
            'install a later one: pip install "highspy>=1.15.1"'
        )
    return version


class HighsSession:
    """One program in HiGHS.

    Attributes
    ----------
    program, options: what is loaded, and how it is solved.
    begun: when its seconds, and its time limit, began to count (`time.perf_counter`).
    message: what else is to be said of the last answer.
    scale: what the objective is multiplied by in HiGHS.
    about: what is minimised, where it is a stage.
    held_later: True where later stages hold what is minimised: it is then proven exactly.
    cancelled: True once Ctrl-C has ended a run.
    is_large: True where an LP is best begun by an interior point.
    denial_is_proven: True where the last answer is that there is no plan, by a certificate that
        holds in our own arithmetic: no other way of solving it says more.
    near_steps: what the last start near an optimum cost, in steps.
    far_steps: what the last start from nothing cost, in those; 0 where there was none.
    rebuilds: why HiGHS began anew, each time that it did.
    """

    def __init__(self, program: Program, options: Options) -> None:
        self.program = program
        self.options = options
        self.begun = time.perf_counter()
        self._log = None if options.log is None else SolverLog(options.log)
        self._load()
        self.message = ""
        self.cancelled = self.denial_is_proven = False
        self.scale = 1.0
        self.about = ""
        self.held_later = False
        self.rebuilds: list[Rebuild] = []
        self._steps: float | None = None
        self._has_weights = self._weights_are_exact = False
        self.near_steps, self.far_steps = 0, 0.0
        self._start: Floats | None = None
        self._until = self._cancelled_at = math.inf

    def _load(self) -> None:
        with phase("hand-off"):
            self._highs: Any = _load(self.program, self.options)
        if self._log is not None:
            self._highs.setOptionValue("output_flag", True)
            self._highs.cbLogging += self._log.hear
        self.is_large = begins_inside(self.program)
        if self.is_large:
            self._highs.setOptionValue("solver", "ipx")

    # What it holds

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of rows and columns in HiGHS, those added to the program included."""
        return int(self._highs.getNumRow()), int(self._highs.getNumCol())

    @property
    def costs(self) -> tuple[Floats, float]:
        """The objective: ``costs @ x + constant``."""
        held = self._highs.getLp()
        return np.asarray(held.col_cost_) / self.scale, held.offset_ / self.scale

    @property
    def plan(self) -> Floats:
        """Values of the columns in the plan that HiGHS holds."""
        return np.asarray(self._highs.getSolution().col_value, dtype=float)

    @property
    def value(self) -> float:
        """Value of the objective in the plan that HiGHS holds."""
        return float(self._highs.getInfo().objective_function_value) / self.scale

    @property
    def _bound(self) -> float:
        """What the last search for whole numbers proved that no plan is below."""
        info = self._highs.getInfo()
        # Of a search that was never begun HiGHS tells 0, and that this is not valid.
        return info.mip_dual_bound / self.scale if info.valid else -math.inf

    @property
    def vertex(self) -> Vertex:
        """Plan and duals of what was solved last."""
        solution = self._highs.getSolution()
        plan, columns, rows = (
            np.asarray(values, dtype=float)
            for values in (solution.col_value, solution.col_dual, solution.row_dual)
        )
        return Vertex(plan, columns / self.scale, rows / self.scale, self.scale)

    @property
    def basis(self) -> Basis | None:
        """Where the last run ended, to begin near it; None where it ended at no basis."""
        basis = self._highs.getBasis()
        if not basis.valid:
            return None
        columns, rows = (
            np.array([int(status) for status in statuses], dtype=np.int8)
            for statuses in (basis.col_status, basis.row_status)
        )
        return Basis(columns, rows, self._steps)

    @property
    def own_basis(self) -> Any:
        """Where the last run ended, as HiGHS has it, for `return_to`."""
        return self._highs.getBasis()

    @property
    def basic(self) -> NDArray[np.int32] | None:
        """What is basic, in the order of `solve_basis`: a column by its place, row i as -1 - i;
        None where the last run left no basis factorized."""
        status, basic = self._highs.getBasicVariables()
        return basic if status == highspy.HighsStatus.kOk else None

    def solve_basis(self, right: Floats) -> Floats | None:
        """``inverse(B) @ right``, a row standing in B with 1; None where B is not factorized."""
        with phase("HiGHS"):
            status, found = self._highs.getBasisSolve(right)
        return found if status == highspy.HighsStatus.kOk else None

    def solve_transposed(self, right: Floats) -> Floats | None:
        """``inverse(B.T) @ right``, likewise."""
        with phase("HiGHS"):
            status, found = self._highs.getBasisTransposeSolve(right)
        return found if status == highspy.HighsStatus.kOk else None

    @property
    def iterations(self) -> int:
        """Steps of the simplex method in the last run."""
        return max(0, int(self._highs.getInfo().simplex_iteration_count))

    @property
    def nodes(self) -> int:
        """Nodes of the last search for whole numbers."""
        return max(0, int(self._highs.getInfo().mip_node_count))

    @property
    def _has_plan(self) -> bool:
        """True where HiGHS holds a plan that keeps every rule to within its tolerance."""
        status = self._highs.getInfo().primal_solution_status
        return bool(status == highspy.SolutionStatus.kSolutionStatusFeasible)

    # What it is given

    def find_rebuild(self, program: Program) -> Rebuild | None:
        """Why a program cannot be had by changing numbers of what is loaded; None where it can."""
        last = self.program
        if program.rows is not last.rows and program.rows != last.rows:
            return Rebuild.OTHER_ROWS
        return self._find_other(program)

    def _find_other(self, program: Program) -> Rebuild | None:
        """As `find_rebuild`, of a program that may have further rows."""
        last = self.program
        if program.columns is not last.columns and program.columns != last.columns:
            return Rebuild.OTHER_COLUMNS
        if not np.array_equal(program.whole, last.whole):
            return Rebuild.OTHER_WHOLE
        if program.rows is not last.rows and program.rows[: len(last.rows)] != last.rows:
            return Rebuild.OTHER_ROWS
        own, before = program.matrix, last.matrix
        same = np.array_equal(own.indptr[: len(before.indptr)], before.indptr)
        if not same or not np.array_equal(own.indices[: len(before.indices)], before.indices):
            return Rebuild.OTHER_PLACES
        return None

    def update(self, program: Program) -> Rebuild | None:
        """Hold another program: with other bounds and coefficients, and perhaps further rows.

        What does not fit what is loaded is loaded anew, without an objective: why is returned.
        SolveError where HiGHS refuses a number.
        """
        reason = self._find_other(program)
        last, self.program = self.program, program
        if reason is not None:
            self.rebuilds.append(reason)
            self._load()
            return reason
        self._change_bounds(last, program)
        self._change_matrix(last, program)
        for row in range(len(last.rows), len(program.rows)):
            begin, end = program.matrix.indptr[row : row + 2]
            where = program.matrix.indices[begin:end].astype(np.int32)
            bounds = float(program.row_lower[row]), float(program.row_upper[row])
            status = self._highs.addRow(*bounds, len(where), where, program.matrix.data[begin:end])
            _, name, _ = program.rows[row]
            accept(status, f"the row that holds {name}")
            self._highs.passRowName(row, f"hold_{name}")
        return None

    def _change_bounds(self, last: Program, program: Program) -> None:
        highs, rows = self._highs, len(last.rows)
        low, high = program.row_lower[:rows], program.row_upper[:rows]
        where = np.flatnonzero((last.row_lower != low) | (last.row_upper != high))
        if len(where):
            highs.changeRowsBounds(len(where), where.astype(np.int32), low[where], high[where])
        low, high = program.lower, program.upper
        where = np.flatnonzero((last.lower != low) | (last.upper != high))
        if len(where):
            self.set_column_bounds(where, low[where], high[where])

    def _change_matrix(self, last: Program, program: Program) -> None:
        count = len(last.matrix.data)
        entries = np.flatnonzero(last.matrix.data != program.matrix.data[:count])
        rows = np.searchsorted(program.matrix.indptr, entries, side="right") - 1
        if len(entries):
            self._weights_are_exact = False  # HiGHS would work them out anew
        for row, column, value in zip(
            rows.tolist(),
            program.matrix.indices[entries].tolist(),
            program.matrix.data[entries].tolist(),
            strict=True,
        ):
            self.set_coefficient(row, column, value)

    def set_coefficient(self, row: int, column: int, value: float) -> None:
        """Change a coefficient; SolveError where HiGHS refuses it."""
        accept(self._highs.changeCoeff(row, column, value), "a coefficient")

    def set_row_bounds(self, row: int, lower: float, upper: float) -> None:
        """Change the bounds of a row."""
        self._highs.changeRowBounds(row, lower, upper)

    def set_column_bounds(self, columns: NDArray[np.int64], lower: Floats, upper: Floats) -> None:
        """Change the bounds of some columns."""
        self._highs.changeColsBounds(len(columns), columns.astype(np.int32), lower, upper)

    def set_whole(self, columns: NDArray[np.int64], *, whole: bool) -> None:
        """Let some columns take whole numbers only, or fractions too."""
        kind = highspy.HighsVarType.kInteger if whole else highspy.HighsVarType.kContinuous
        count = len(columns)
        self._highs.changeColsIntegrality(count, columns.astype(np.int32), np.full(count, kind))

    def add_column(self, least: float) -> int:
        """Add a decision without costs, in no row yet; its place. SolveError where refused."""
        nothing = np.zeros(0)
        added = self._highs.addCol(0.0, least, math.inf, 0, nothing.astype(np.int32), nothing)
        accept(added, "a decision")
        return self.shape[1] - 1

    def add_slack(self, rows: NDArray[np.int64], signs: Floats) -> None:
        """Let rows be missed, each in the direction of its sign, at a price of 1."""
        count = len(rows)
        no_end = np.full(count, math.inf)
        starts, where = np.arange(count, dtype=np.int32), rows.astype(np.int32)
        self._highs.addCols(
            count, np.ones(count), np.zeros(count), no_end, count, starts, where, signs
        )
        self.forget(Rebuild.ELASTIC)

    def add_row(self, columns: NDArray[np.int64], values: Floats, most: float, what: str) -> int:
        """Add a row ``values @ x[columns] <= most``; its place.

        SolveError, which names `what`, where HiGHS refuses it.
        """
        where = columns.astype(np.int32)
        accept(self._highs.addRow(-math.inf, most, len(where), where, values), what)
        return self.shape[0] - 1

    def limit(self, coefficients: Floats, most: float, what: str) -> int:
        """Add a row ``coefficients @ x <= most``; as `add_row`."""
        where = np.flatnonzero(coefficients)
        return self.add_row(where, coefficients[where], most, what)

    def set_costs(
        self, costs: Floats, constant: float, *, held_later: bool = False, scaled: bool = True
    ) -> None:
        """Make ``costs @ x + constant`` the objective; `held_later` where its least is to be held.

        It is `scaled`, so that the solver's tolerance is small beside the smallest cost.
        """
        self.held_later, self.about = held_later, ""
        self.scale = _find_scale(costs) if scaled else 1.0
        self._highs.changeColsCost(
            len(costs), np.arange(len(costs), dtype=np.int32), costs * self.scale
        )
        self._highs.changeObjectiveOffset(constant * self.scale)

    def minimise(self, stage: StageRow, *, scaled: bool = True) -> None:
        """Make the stage's expression the objective, for the solver or as it is."""
        costs, constant = self.program.row_of_figure(stage.row), self.program.offsets[stage.row]
        held_later = self._is_held_later(stage)
        self.set_costs(costs, float(constant), held_later=held_later, scaled=scaled)
        self.about = stage.name.replace("_", " ")

    def _is_held_later(self, stage: StageRow) -> bool:
        """True where there is a later stage, and it holds what this one minimises."""
        program = self.program
        return stage != program.stages[-1] and any(
            program.same_figure(stage.row, held.row) for held in stage.holds if not held.allowance
        )

    def set_options(self, options: Mapping[str, Any]) -> None:
        """Set options of HiGHS by name."""
        for name, value in options.items():
            self._highs.setOptionValue(name, value)

    @contextmanager
    def options_set(self, options: Mapping[str, Any]) -> Iterator[None]:
        """Options of HiGHS by name, as they were again afterwards."""
        before = {name: self._highs.getOptionValue(name)[1] for name in options}
        self.set_options(options)
        try:
            yield
        finally:
            self.set_options(before)

    def copy_relaxed(self, options: Options) -> HighsSession:
        """What HiGHS holds, changes included, in a session of its own, with fractions allowed."""
        program = relax(self.program)
        copy = HighsSession(program, options)
        copy._highs.passModel(self._highs.getLp())
        copy.set_whole(np.arange(len(program.whole)), whole=False)
        return copy

    # Where it begins

    def begin_at(self, basis: Basis) -> None:
        """Let the next run begin at a basis, which HiGHS mends where it does not fit.

        SolveError where it takes none such.
        """
        carried = highspy.HighsBasis()
        carried.col_status = [_STATUSES[code] for code in basis.columns.tolist()]
        carried.row_status = [_STATUSES[code] for code in basis.rows.tolist()]
        carried.valid = carried.alien = True
        accept(self._highs.setBasis(carried), "a basis")
        self._steps, self._weights_are_exact = basis.steps, False

    def return_to(self, own_basis: Any) -> None:
        """Let the next run begin at a basis of this program or of one of the same shape."""
        self._highs.setBasis(own_basis)
        self._weights_are_exact = False

    def return_afresh(self, basis: Basis) -> None:
        """Let the next run begin at a basis, as the first one did: no matter what ran before."""
        self._highs.clearSolver()
        self._has_weights = False
        self.begin_at(basis)

    def start_from(self, plan: Floats) -> None:
        """Let the next search for whole numbers begin at a plan."""
        self._start = plan

    def forget(self, reason: Rebuild) -> None:
        """Let the next run begin from nothing."""
        self.rebuilds.append(reason)
        self._highs.clearSolver()

    # How long it may take

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

    def set_time_limit(self) -> None:
        """Let the runs that follow end with what is left of the time."""
        limit = self.options.time_limit
        left = self.options.until - time.perf_counter()
        left = max(0.0, left if limit is None else min(left, limit - self.seconds))
        self._until = time.monotonic() + left
        # HiGHS keeps no limit but that of no time at all, in which it does not begin.
        self._highs.setOptionValue("time_limit", math.inf if left else 0.0)

    def lift_time_limit(self) -> None:
        """Let the runs that follow take as long as they need."""
        self._until = math.inf
        self._highs.setOptionValue("time_limit", math.inf)

    def limit_steps(self, steps: int | None) -> None:
        """Let the runs that follow take so many steps of the simplex method; None: any number."""
        most = highspy.kHighsIInf
        self.set_options({"simplex_iteration_limit": most if steps is None else min(steps, most)})

    # How it is solved

    def optimise(
        self,
        *,
        near: bool = False,
        primal: bool = False,
        or_far: bool = True,
        leash: int | None = None,
        patience: float = 1.0,
    ) -> Answer:
        """Run HiGHS on the current objective: status, value and proven bound (nan: no plan).

        `near`: an LP starts from the basis that HiGHS holds, on a leash; `primal`: by the primal
        method, for a basis that is feasible but not optimal; `or_far`: from nothing where that
        does not arrive; `leash`: its steps (None: what the start from nothing cost, times the
        `patience`).
        """
        self.message, self.denial_is_proven = "", False
        self.near_steps, self.far_steps = 0, 0.0
        if self.program.is_whole:
            ending = self._search()
        else:
            leash = int(patience * self._find_leash()) if leash is None else leash
            ending = self._solve_linear(near=near, primal=primal, or_far=or_far, leash=leash)
        return self._judge(ending)

    def _judge(self, ending: Ending) -> Answer:
        """What an ending of HiGHS means for the program."""
        has_plan = self._has_plan
        status = ending.with_plan if has_plan else ending.without_plan
        if status is Status.ERROR:
            self.message = self.explain(ending)
        if status is Status.NO_PLAN_YET:
            self.message = CUT_OFF if self.options.is_over else _NO_PLAN_IN_TIME
        if not ending.is_read or status is Status.ERROR:
            return status, math.nan, math.nan
        whole = self.program.is_whole
        value = self._find_value(ending) if has_plan else math.nan
        bound = self._bound if whole else -math.inf
        if status is Status.OPTIMAL:
            bound = bound if whole else value
            status = self.rate(value, bound)
        return status, value, bound

    def explain(self, ending: Ending) -> str:
        """Why an ending gives no answer."""
        if ending.is_optimum:
            return "HiGHS found a plan only by breaking a rule beyond its tolerance."
        return f"HiGHS says: {self._highs.modelStatusToString(ending.model)}."

    def rate(self, value: float, bound: float) -> Status:
        """Optimal where the value of a plan is proven to be the least."""
        proven = is_proven(value, bound, held=self.held_later)
        return Status.OPTIMAL if proven else Status.FEASIBLE

    def _search(self) -> Ending:
        """Search for whole numbers."""
        self.set_time_limit()
        # What later stages hold is proven exactly, unless a wider gap was asked for.
        exactly = self.held_later and self.options.gap <= PROVEN_GAP
        gaps = {
            "mip_rel_gap": 1e-12 if exactly else self.options.gap,
            "mip_abs_gap": 1e-9 * self.scale,
        }
        self.set_options(gaps)
        ending = self._run_from_start()
        if ending.meaning is Meaning.SILENCE:
            ending = self._run_anew(Rebuild.NO_ANSWER)
        denied = ending.meaning is Meaning.NO_PLAN and self.options.doubts_denial
        if denied or ending.meaning is Meaning.SILENCE:
            # Presolve has been wrong about this before: only a run without it is believed.
            with self.options_set({"presolve": "off"}):
                self.set_time_limit()
                ending = self.run()
        return ending

    def _solve_linear(self, *, near: bool, primal: bool, or_far: bool, leash: int) -> Ending:
        """Try one way of solving an LP after another, until one gives an answer to be believed.

        First the quickest, each on a leash: a simplex method that has lost its way takes 100 times
        the steps, and an interior point that gives up hands its own to it. A start near the optimum
        is given up once it has cost as much as the last one from nothing did.
        """
        ending, reason, steps = NOT_RUN, Rebuild.LOST, 0.0
        if near:
            ending = self._run_near(primal=primal, leash=leash)
            self.set_options({**_FAR, "simplex_strategy": _DUAL})
            self.denial_is_proven = self._has_certificate(ending)
            if self.denial_is_proven or not or_far:
                return ending
        ways = (_INTERIOR, _SIMPLEX) if self.is_large else (_SIMPLEX, _INTERIOR)
        for way in (*ways, *({**each, "presolve": "off"} for each in ways)):
            denied = ending.meaning is Meaning.NO_PLAN
            if self._is_answer(ending) or (denied and way.get("presolve") is None):
                continue
            if denied and not self.options.doubts_denial:
                break
            if near or ending is not NOT_RUN:
                self.forget(reason)
            reason = Rebuild.OTHER_WAY
            # The simplex method leaves its basis with its weights, as the next run will want them.
            self._has_weights, self._weights_are_exact = way["solver"] == "ipx", False
            most = _LONG if way["solver"] == "simplex" else _CLEAN_UP
            with self.options_set(way):
                ending = self._run_on_leash(max(_LONG_LEASH, int(most * sum(self.program.shape))))
            steps += self._count_steps()
            if ending.meaning is Meaning.NO_PLAN and way.get("presolve") == "off":
                break
        self.far_steps = steps
        if (steps or not near) and self._is_answer(ending):
            self._steps = steps
        return ending

    def _run_near(self, *, primal: bool, leash: int) -> Ending:
        """Run HiGHS from the basis that it holds, on a leash.

        Where it stops within rounding of an optimum and says nothing (1.16.0), it begins once more
        at the basis where it stopped: factorized anew, that can be an optimum as it stands, where a
        start from nothing takes hundreds of times as long.
        """
        ending = self._go_near(primal=primal, leash=leash)
        left = leash - self.near_steps
        if ending.meaning is not Meaning.SILENCE or left <= 0:
            return ending
        stopped_at = self.own_basis
        if not stopped_at.valid:
            return ending
        self.return_to(stopped_at)
        self.set_options({"simplex_strategy": _DUAL})
        ending = self._run_on_leash(left)
        self.near_steps += self.iterations
        return ending

    def _go_near(self, *, primal: bool, leash: int) -> Ending:
        """Run HiGHS from the basis that it holds.

        Where the dual method has not arrived after as many steps as the first weights of steepest
        edges cost, it begins there again by these (Forrest and Goldfarb 1992).
        """
        weights = math.ceil(_WEIGHTS * self.shape[0])
        first = leash if primal else min(leash, weights)
        begun_at = self.own_basis
        if self._weights_are_exact and self.is_large and not primal:
            # They are those of this basis: to go on by them costs nothing, to find them is dear.
            self.set_options({**_NEAR, **_STEEPEST, "simplex_strategy": _DUAL})
            ending = self._run_on_leash(leash)
            self.near_steps = self.iterations
            return ending
        if self._has_weights:
            self._forget_weights(begun_at)
        self.set_options({**_NEAR, "simplex_strategy": _PRIMAL if primal else _DUAL})
        ending = self._run_on_leash(first)
        self.near_steps = self.iterations
        left = leash - first - weights
        if ending.model is not highspy.HighsModelStatus.kIterationLimit or left <= 0:
            return ending
        self._find_weights(begun_at)
        self.set_options(_STEEPEST)
        ending = self._run_on_leash(left)
        self.near_steps += weights + self.iterations
        return ending

    def _find_weights(self, own_basis: Any) -> None:
        """Begin at a basis, with the weights of its steepest edges, which the next run works out.

        HiGHS 1.16.0 would take any weights that it has for those.
        """
        self._forget_weights(own_basis)
        self._has_weights = self._weights_are_exact = True

    def _forget_weights(self, own_basis: Any) -> None:
        """Begin at a basis, with none of the weights of the runs before.

        Once HiGHS 1.16.0 has had weights of steepest edges it works them out in each later run,
        whatever that asks for: 1.8 s in place of 0.05 for 42,000 rows.
        """
        self._highs.clearSolver()
        self.return_to(own_basis)
        self._has_weights = False

    def _has_certificate(self, ending: Ending) -> bool:
        """True where HiGHS says that there is no plan, and its dual ray proves it.

        A ray ends the dual method (Farkas 1902); here it is taken with the numbers that HiGHS
        holds, rows and bounds of its own included.
        """
        if ending.model is not highspy.HighsModelStatus.kInfeasible:
            return False
        with phase("HiGHS"):
            _, is_there, ray = self._highs.getDualRay()
        prices = np.asarray(ray, dtype=float)
        largest = float(np.abs(prices).max(initial=0.0))
        if not is_there or not 0.0 < largest < math.inf:
            return False
        held = self._highs.getLp()
        numbers = replace(
            self.program,
            matrix=_read_matrix(held),
            row_lower=np.asarray(held.row_lower_),
            row_upper=np.asarray(held.row_upper_),
            lower=np.asarray(held.col_lower_),
            upper=np.asarray(held.col_upper_),
        )
        return any(proves_infeasible(numbers, sign * prices / largest) for sign in (1.0, -1.0))

    def _find_leash(self) -> int:
        """Steps after which a start near the optimum has cost as much as one from nothing.

        Counted, not timed: an answer never depends on the clock.
        """
        if self._steps is None:
            return _LONG_LEASH
        return int(max(self._steps, _LEAST_LEASH + _LEAST_SHARE * sum(self.program.shape)))

    def _count_steps(self) -> float:
        """What the last run cost, from nothing, in steps near an optimum."""
        info = self._highs.getInfo()
        counts = {
            _SIMPLEX_STEP: info.simplex_iteration_count,
            _CROSSOVER_STEP: info.crossover_iteration_count,
            _INTERIOR_STEP: info.ipm_iteration_count,
        }
        return float(sum(cost * max(0, count) for cost, count in counts.items()))

    def _is_answer(self, ending: Ending) -> bool:
        """True where an ending of an LP needs no further run."""
        return ending.was_told_to_end or (ending.is_optimum and self._has_plan)

    def _run_on_leash(self, steps: int) -> Ending:
        self.set_time_limit()
        with self.options_set({"simplex_iteration_limit": steps}):
            return self.run()

    def _run_anew(self, reason: Rebuild) -> Ending:
        """A further run, from nothing, within what is left of the time limit."""
        self.forget(reason)
        self.set_time_limit()
        return self.run()

    def _run_from_start(self) -> Ending:
        """Run HiGHS from the plan that it was told to begin at, if it was."""
        if self._start is None:
            return self.run()
        # Only now: HiGHS forgets a start as soon as costs or rows change.
        solution = highspy.HighsSolution()
        solution.col_value = self._start.tolist()
        self._highs.setSolution(solution)
        self._start = None
        ending = self.run()
        if self._did_not_search(ending) or (
            not ending.was_told_to_end and self._has_plan and self._misjudges_plan
        ):
            ending = self._run_anew(Rebuild.START_MISJUDGED)
        return ending

    def _did_not_search(self, ending: Ending) -> bool:
        """True where presolve alone ended the search.

        Where it wrongly finds that there is no plan (1.16.0: with a row of large numbers), the
        start is told as the best one. To presolve again without it takes next to no time. Where the
        search was told to end at its root, no step is counted either, but there is a bound.
        """
        if ending.was_told_to_end and (self.cancelled or math.isfinite(self._bound)):
            return False
        return self.nodes == 0 and self.iterations == 0

    @property
    def _misjudges_plan(self) -> bool:
        """True where HiGHS says another value of its plan than the plan has.

        It can take a start for better than it is (1.16.0: where presolve took columns out), and
        then finds nothing that it holds to be better still; only a search without it is believed.
        """
        return relative_gap(self._value_of_plan, self.value) > PROVEN_GAP

    @property
    def _value_of_plan(self) -> float:
        """What the objective is in the plan that HiGHS holds, counted here."""
        costs, constant = self.costs
        return float(np.dot(costs, self.plan)) + constant

    def _find_value(self, ending: Ending) -> float:
        """The value of the plan that HiGHS holds.

        Where a search was told to end there is no time for one without a start that was taken for
        better than it is. Its bound holds all the same: it is no higher than what that start was
        taken for, as no plan that is better than that was cut off.
        """
        if ending.was_told_to_end and self.program.is_whole and self._misjudges_plan:
            return self._value_of_plan
        return self.value

    def run_until_told(self) -> Ending:
        """Run HiGHS, and once more from nothing where it ended without having tried."""
        self.set_time_limit()
        ending = self.run()
        return self._run_anew(Rebuild.NO_ANSWER) if ending.meaning is Meaning.SILENCE else ending

    def run(self, *, to_its_end: bool = False) -> Ending:
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
            self.forget(Rebuild.INTERRUPTED)
            ending = STOPPED
        else:
            with solver_run() as told:
                ending = self._run_in_thread(self._remember if to_its_end else self._cancel)
                if told is not None:
                    told.update(self._describe_run(ending))
        if self.cancelled and not self.options.keep_on_interrupt:
            raise KeyboardInterrupt
        return ending

    def _describe_run(self, ending: Ending) -> dict[str, Any]:
        """The facts of the last run, for a profile (see `SolverRun`)."""
        info, (rows, columns) = self._highs.getInfo(), self.shape
        return {
            "about": say_what(self.about),
            "method": self._highs.getOptionValue("solver")[1],
            "rows": rows,
            "columns": columns,
            "entries": int(self._highs.getNumNz()),
            "simplex": self.iterations,
            "interior_point": max(0, int(info.ipm_iteration_count)),
            "crossover": max(0, int(info.crossover_iteration_count)),
            "nodes": self.nodes,
            "ended": str(self._highs.modelStatusToString(ending.model)),
        }

    def _run_in_thread(self, on_interrupt: Callable[[], None]) -> Ending:
        """Run HiGHS in a thread of its own; how it ended.

        The limit of time is kept here, by a clock that nobody can set: that of HiGHS is the time of
        the day (1.16.0: set forward it ends a search, set back it never does).
        """
        highs, timed_out = self._highs, False
        hear, begun = find_watcher(), time.monotonic()
        if self._log is not None:
            rows, columns = self.shape
            size = f"{rows:,} rows, {columns:,} columns"
            self._log.begin(f"{self.about}, {size}" if self.about else size)
        with interrupt.calls(on_interrupt):
            thread = highs.startSolve()
            # A short wait, so that the handler of Ctrl-C gets its turn.
            while thread.is_alive() and not self._is_deaf:
                thread.join(max(_LEAST_WAIT, min(_WAIT, self._until - time.monotonic())))
                if hear is not None and thread.is_alive():
                    hear(self._tell_state(highs, time.monotonic() - begun))
                is_late = time.monotonic() >= self._until
                # Told once: what another thread changes in HiGHS while it runs is kept to that.
                if is_late and not timed_out and thread.is_alive():
                    timed_out = True
                    highs.cancelSolve()
        if hear is not None:
            hear(None)
        if self._log is not None:
            self._log.end()
        if thread.is_alive():
            # It goes on until the process ends; what it works on is its own.
            interrupt.leave(highs)
            self._highs = QuietHighs()
            return STOPPED
        if highs.failure is not None:
            raise highs.failure
        ending = ENDINGS[highs.getModelStatus()]
        if ending.was_told_to_end:
            # HiGHS tells only that it was stopped, not by what: but for Ctrl-C nobody stops it
            # before its time is over, nor where it had none when it began.
            return STOPPED if self.cancelled else OUT_OF_TIME
        return ending

    def _tell_state(self, highs: QuietHighs, seconds: float) -> SolveState:
        """How far a run is that goes on; the next time it is as of now."""
        best, bound, steps = highs.found
        highs.tell()
        best, bound = (x / self.scale if abs(x) < highspy.kHighsInf else math.nan
                       for x in (best, bound))  # fmt: skip
        return SolveState(self.about, seconds, best, bound, steps)

    @property
    def _is_deaf(self) -> bool:
        """True where HiGHS was told to end and did not, in a process that ends with its answer."""
        return interrupt.ends_soon() and time.monotonic() - self._cancelled_at > _MOST_DEAF

    def _remember(self) -> None:
        self.cancelled = True
        self._cancelled_at = min(self._cancelled_at, time.monotonic())

    def _cancel(self) -> None:
        self._remember()
        self._highs.cancelSolve()

    # As a file

    def write(self, path: Path) -> None:
        """Write what is loaded to a new file, whose ending is the format: .mps or .lp.

        Raises OSError where HiGHS tells that it cannot be written. It tells nothing of a disk that
        is full: see `is_in`.
        """
        # Nothing else reads them, and to find them takes as long as to load many a program.
        for place, name in enumerate(_unique_names(self.program.columns)):
            self._highs.passColName(place, name)
        for place, name in enumerate(_unique_names(self.program.rows)):
            self._highs.passRowName(place, name)
        if not self.program.is_whole:
            # An LP of which it knows that nothing is whole: others stumble over a list without any.
            plain = self._highs.getLp()
            plain.integrality_ = []
            self._highs.passModel(plain)
        path.open("xb").close()  # It tells the reason, as HiGHS does not.
        if self._highs.writeModel(str(path)) == highspy.HighsStatus.kError:
            raise OSError(errno.EIO, "HiGHS could not write it")

    def is_in(self, path: Path) -> bool:
        """True where a file can be read and has all rows, columns and coefficients."""
        read = QuietHighs()
        if read.readModel(str(path)) == highspy.HighsStatus.kError:
            return False
        sizes = [(h.getNumRow(), h.getNumCol(), h.getNumNz()) for h in (read, self._highs)]
        return sizes[0] == sizes[1]


def _load(program: Program, options: Options) -> Any:
    """A HiGHS instance with the program loaded and no objective yet."""
    highs = QuietHighs()
    highs.setOptionValue("log_to_console", False)
    highs.setOptionValue("threads", options.threads)
    highs.setOptionValue("random_seed", options.seed)
    highs.setOptionValue("mip_feasibility_tolerance", 1e-7)
    if not program.is_whole:
        for name, value in {**EXACT, "primal_feasibility_tolerance": options.feasibility}.items():
            highs.setOptionValue(name, value)
    rows, columns = program.shape
    status = highs.passModel(
        columns,
        rows,
        program.matrix.nnz,
        int(highspy.MatrixFormat.kRowwise),
        int(highspy.ObjSense.kMinimize),
        0.0,
        np.zeros(columns),
        program.lower,
        program.upper,
        program.row_lower,
        program.row_upper,
        program.matrix.indptr.astype(np.int32, copy=False),
        program.matrix.indices.astype(np.int32, copy=False),
        program.matrix.data,
        program.whole.astype(np.int32),
    )
    if status == highspy.HighsStatus.kError:
        raise SolveError("HiGHS refuses the program: a number in it is not finite")
    return highs


def _read_matrix(held: Any) -> csr_array:
    """The coefficients that HiGHS holds."""
    matrix, shape = held.a_matrix_, (held.num_row_, held.num_col_)
    parts = (np.asarray(part) for part in (matrix.value_, matrix.index_, matrix.start_))
    if matrix.format_ == highspy.MatrixFormat.kColwise:
        return csr_array(csc_array(tuple(parts), shape=shape))
    return csr_array(tuple(parts), shape=shape)


def _unique_names(places: Names) -> list[str]:
    """Names such as ``held[NOR,brigade,high,2027]``, without spaces, each one different."""
    names: list[str] = []
    seen: dict[str, int] = {}
    for _, name, key in places:
        parts = key_parts(key)
        plain = "_".join(f"{name}[{','.join(str(p) for p in parts)}]".split())
        count = seen.get(plain, 0)
        seen[plain] = count + 1
        names.append(f"{plain}#{count}" if count else plain)
    return names


def _find_scale(costs: Floats) -> float:
    """A power of 2 that makes the smallest cost about 1, and the largest no more than 1e4."""
    sizes = np.abs(costs[costs != 0])
    if not len(sizes):
        return 1.0
    wanted = min(1 / float(sizes.min()), _LARGEST_COST / float(sizes.max()))
    return max(1.0, 2.0 ** math.floor(math.log2(wanted)))
