"""The stages of a program solved one after the other, each with those before it held.

There is one driver, whoever asks; how each stage begins is a `Start`: from nothing, from a plan, in
a session of its own, or (see `cssopt.solve.warm`) from where a program like it ended.
"""

from __future__ import annotations

import math
import time
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

import numpy as np

from cssopt.profile import measured
from cssopt.solve.answer import (
    PROVEN_GAP,
    UNFINISHED,
    Basis,
    Options,
    Solved,
    StageResult,
    StageVertex,
    Vertex,
    Weighted,
    relative_gap,
    round_off,
    severity,
    without_plan,
)
from cssopt.solve.holding import HeldAt, Holding, find_least, hold_stages
from cssopt.solve.integrality import optimise_exactly
from cssopt.solve.levels import CUT, NO_LEVEL, settle_ties
from cssopt.solve.outcome import Status
from cssopt.solve.program import Floats, Program, StageRow, relax
from cssopt.solve.session import Answer, HighsSession, Rebuild, begins_inside, check_version
from cssopt.solve.whole.search import find_plan, is_large
from cssopt.solve.whole.weights import Objective
from cssopt.solve.whole.work import LARGE_ROOT

_FIRST_COUNTS = 1e7
"""How much more than the second stage the first one counts in their sum, by their largest
coefficients: the more, the fewer steps it then takes by itself (32 members: 27,600 with 1e5, 20,800
with 1e7); with 1e8 the crossover from the interior point is no longer clean."""

_FROM_SUM = 0.2
"""Steps that the first stage may take from the sum, for each row and column: on a book on which it
took 0.08, it took 0.6 from nothing."""

_FOUND = "that of the best plan found part by part"
_FIXED = "the least with the whole numbers of the stage before"
"""What a stage comes to in the plan at hand, where a limit cuts it off."""


@measured("solve")
def solve_program(program: Program, options: Options, plan: Floats | None = None) -> Solved:
    """Minimise the stages of a program in order, each with the ones before it held.

    `plan` is one of a program like this one, from which the search for whole numbers may begin.
    Every ending is a status, never an exception; SolveError only for a version of HiGHS that may
    not be used, or for numbers that it refuses.
    """
    check_version()
    if program.trivially_infeasible:
        return without_plan(Status.INFEASIBLE, (), program.trivially_infeasible, 0.0)
    if not program.columns:
        return _solve_nothing(program)
    if plan is None and is_large(program):
        return _solve_large(program, options)
    return _solve_from(program, FromNothing(options) if plan is None else FromPlan(options, plan))


def _solve_from(program: Program, start: FromNothing) -> Solved:
    solved = solve_stages(program, start)
    assert solved is not None  # this start gives an answer whatever its status
    return solved


def _solve_large(program: Program, options: Options) -> Solved:
    """As `solve_program`, from a plan found part by part: it is the answer where the time that is
    left does not do for a better one."""
    found = find_plan(program, options)
    if found.cancelled and found.plan is None:
        ended = without_plan(Status.INTERRUPTED, (), "", found.seconds)
        return replace(ended, cancelled=True)
    left = options.after(found.seconds)
    if found.cancelled:
        left = replace(left, time_limit=0.0)
    start = FromNothing(left)
    if found.plan is not None:
        start = FromFound(left, found.plan, found.least)
    solved = _solve_from(program, start)
    if solved.values is None:
        return replace(solved, seconds=found.seconds + solved.seconds)
    rows = [stage.row for stage in program.stages]
    figures = program.figures_of(solved.values)
    value = float(np.dot(found.weighted.weights, figures[rows]))
    weighted = replace(found.weighted, value=value, bound=_believe(found.weighted.bound, value))
    told = "" if solved.status is Status.OPTIMAL else _tell_weighted(program, weighted)
    return replace(
        solved,
        status=Status.INTERRUPTED if found.cancelled else solved.status,
        cancelled=solved.cancelled or found.cancelled,
        message=" ".join(filter(None, [solved.message, told])),
        seconds=found.seconds + solved.seconds,
        weighted=weighted,
    )


def _believe(bound: float, value: float) -> float:
    """A bound of the value of a plan; -inf where the plan is below it by more than rounding."""
    is_below = bound <= value or relative_gap(bound, value) <= PROVEN_GAP
    return min(bound, value) if is_below else -math.inf


def _tell_weighted(program: Program, weighted: Weighted) -> str:
    """How good a plan is by all stages together; empty where there is but one."""
    if len(program.stages) < 2 or math.isinf(weighted.bound):
        return ""
    counted = " plus ".join(
        stage.name.replace("_", " ") + (f" times {weight:,.0f}" if weight != 1 else "")
        for weight, stage in zip(weighted.weights, program.stages, strict=True)
    )
    return (
        f"Counted together, as {counted}, this plan comes to {_write(weighted.value)}, and no plan "
        f"to less than {_write(weighted.bound)}: a gap of {100 * weighted.gap:.2g} %."
    )


def _write(number: float) -> str:
    """A number in seven digits at least, so that what differs does so as it is told."""
    whole = max(1, len(f"{abs(number):.0f}"))
    return f"{number:,.{max(0, 7 - whole)}f}"


def _solve_nothing(program: Program) -> Solved:
    """The plan of a program without decisions (HiGHS has no status for it): what it has to be."""
    stages = tuple(
        StageResult(stage.name, Status.OPTIMAL, value, value, 0.0)
        for stage in program.stages
        for value in [float(program.offsets[stage.row])]
    )
    nothing, bound = np.zeros(0), stages[-1].bound
    prices = np.zeros(len(program.rows))
    return Solved(
        Status.OPTIMAL, nothing, program.offsets, prices, nothing, "lp", stages, bound, 0.0
    )


def load_stage(program: Program, solved: Solved | None, number: int) -> HighsSession:
    """A stage of a program as it is solved, with those before it held as `solved` has them."""
    held = program
    if solved is not None:
        held = hold_stages(program, number, solved.limits, solved.holders).program
    session = HighsSession(held, Options())
    session.minimise(program.stages[number], scaled=False)
    return session


class Start(ABC):
    """How each stage of a program begins.

    Attributes
    ----------
    only_optimum: True where any ending but an optimum, or a proof that there is no plan, ends the
        work without an answer: what began near another program is then found again from nothing.
    is_last_word: True where equally good plans are told apart by their levels too.
    keeps_bases: True where the basis of each stage is kept for those who begin near it.
    passes_plan: True where the search of a stage begins at the plan of the one before.
    known: a plan that keeps every rule, for the answer where a limit comes first; None for none.
    least: what the first stage is known to be at least.
    """

    only_optimum: ClassVar[bool] = True
    is_last_word: ClassVar[bool] = False
    keeps_bases: ClassVar[bool] = False
    passes_plan: ClassVar[bool] = True
    known: Floats | None = None
    least: float = -math.inf

    @abstractmethod
    def load(self, number: int, program: Program) -> HighsSession:
        """A session that holds a program, the stage of this number being its objective."""

    def optimise(self, session: HighsSession) -> Answer:
        """Minimise the stage that was loaded last."""
        return optimise_exactly(session)


class FromNothing(Start):
    """One session that begins from nothing, and goes on from stage to stage.

    The first two stages of a large LP begin at the best plan of their weighted sum. A stage that
    counts few decisions, and leaves all others free of a price, has an optimal face so wide that
    interior points stand still before it; with a trifle of the next stage in it, it has not.
    """

    only_optimum = False
    is_last_word = True
    keeps_bases = True

    def __init__(self, options: Options) -> None:
        self._options = options
        self._session: HighsSession | None = None
        self._number = 0
        self._sum_is_first = False

    def load(self, number: int, program: Program) -> HighsSession:
        """The program as the stages before left it in the session, with what they hold."""
        if self._session is None:
            self._session = HighsSession(program, self._options)
        else:
            self._session.update(program)
        self._number = number
        self._session.minimise(program.stages[number])
        return self._session

    def optimise(self, session: HighsSession) -> Answer:
        """Minimise the stage that was loaded last."""
        if self._number == 0 and is_begun_at_sum(session.program):
            answer = self._optimise_from_sum(session)
            if answer is not None:
                return answer
        if self._number == 1 and self._sum_is_first:
            # Both stages are least in it: the second one as well, or next to it.
            return session.optimise(near=True, primal=True)
        return super().optimise(session)

    def _optimise_from_sum(self, session: HighsSession) -> Answer | None:
        """The first stage from the best plan of the sum; None where that has none."""
        first, second = session.program.stages[:2]
        both = replace(session.program, stages=(first, second))
        weighted = Objective.of(both, _FIRST_COUNTS)
        session.set_costs(weighted.costs, weighted.constant)
        session.about = f"{first.name} and {second.name} together".replace("_", " ")
        status, _, _ = session.optimise()
        session.minimise(first)
        if session.cancelled:
            return Status.INTERRUPTED, math.nan, math.nan
        if status is Status.INFEASIBLE:
            return status, math.nan, math.nan
        if status is not Status.OPTIMAL:
            return None
        leash, known = math.ceil(_FROM_SUM * sum(session.shape)), len(session.rebuilds)
        answer = session.optimise(near=True, primal=True, leash=leash)
        has_arrived = answer[0] is Status.OPTIMAL and len(session.rebuilds) == known
        is_exact = not any(held.allowance for held in first.holds)
        self._sum_is_first = has_arrived and is_exact and session.near_steps == 0
        return answer


def is_begun_at_sum(program: Program) -> bool:
    """True where the stages begin at the sum of the first two, from nothing."""
    return begins_inside(program) and not program.is_whole and len(program.stages) > 1


class FromPlan(FromNothing):
    """As `FromNothing`, but the first search for whole numbers begins at a plan."""

    def __init__(self, options: Options, plan: Floats) -> None:
        super().__init__(options)
        self._plan = plan

    def load(self, number: int, program: Program) -> HighsSession:
        """The program as the stages before left it in the session, with what they hold."""
        session = super().load(number, program)
        if number == 0 and program.is_whole:
            session.start_from(self._plan)
        return session


class FromFound(FromPlan):
    """As `FromPlan`, from a plan that keeps every rule."""

    def __init__(self, options: Options, plan: Floats, least: float) -> None:
        super().__init__(options, plan)
        self.known = plan
        self.least = least

    def load(self, number: int, program: Program) -> HighsSession:
        """The program as the stages before left it in the session, with what they hold."""
        session = super().load(number, program)
        session.set_options(LARGE_ROOT)
        return session


class EachFromNothing(Start):
    """A session of its own for each stage, all within what another one leaves of its time.

    `to_its_end`: for an LP without which a plan is lost, that time does not count.
    """

    def __init__(self, within: HighsSession, *, to_its_end: bool = False) -> None:
        self._within = within
        self._to_its_end = to_its_end

    def load(self, number: int, program: Program) -> HighsSession:
        """The program, loaded anew."""
        options = self._within.options.after(self._within.seconds)
        if self._to_its_end:
            options = replace(options, time_limit=None, until=math.inf)
        session = HighsSession(program, options)
        session.minimise(program.stages[number])
        return session


def solve_stages(
    program: Program,
    start: Start,
    holding: Holding | None = None,
    count: int | None = None,
) -> Solved | None:
    """Minimise the stages of a program that has decisions, in order, as a start begins them.

    Each has those before it held, as `holding` (of the program) holds them; `count`: only the first
    so many. None where an ending but an optimum is no answer of this start.
    """
    return _Stages(program, start, holding or Holding(program)).solve(count)


class _Stages:
    """The stages of one program, one after another."""

    session: HighsSession

    def __init__(self, program: Program, start: Start, holding: Holding) -> None:
        self.program = program
        self.start = start
        self.holding = holding
        self.stages: list[StageResult] = []
        self.limits: list[tuple[float, ...]] = []
        self.holders: list[Vertex | None] = []
        self.priced: list[StageVertex] = []
        self.bases: list[Basis | None] = []
        self.rebuilds: list[Rebuild] = []
        self.iterations = 0
        self.plan: Floats | None = start.known
        self.message = ""
        self.unsettled = ""
        self.at_hand = "" if start.known is None else _FOUND

    def solve(self, count: int | None) -> Solved | None:
        solved = self._solve(count)
        if solved is None:
            return None
        cancelled, rebuilds = self.session.cancelled, tuple(self.rebuilds)
        return replace(solved, cancelled=cancelled, rebuilds=rebuilds)

    def _solve(self, count: int | None) -> Solved | None:
        program, start = self.program, self.start
        stages = program.stages[:count]
        for number, stage in enumerate(stages):
            session = self.session = start.load(number, self.holding.program)
            begun, known = time.perf_counter(), len(session.rebuilds)
            status, value, bound = start.optimise(session)
            seconds = time.perf_counter() - begun
            self.iterations += session.iterations
            self.rebuilds += session.rebuilds[known:]
            # That there is no plan is an answer too, where it is proven and no stage is held.
            is_proven = number == 0 and session.denial_is_proven
            if start.only_optimum and status is not Status.OPTIMAL and not is_proven:
                return None
            if not number and status in (Status.FEASIBLE, Status.INTERRUPTED):
                bound = max(bound, self._find_first_least(value))
                status = session.rate(value, bound) if status is Status.FEASIBLE else status
            self.stages.append(StageResult(stage.name, status, value, bound, seconds))
            self.message = session.message
            if math.isnan(value):
                if self.plan is not None and status in (Status.INFEASIBLE, Status.UNBOUNDED):
                    self.message = f"HiGHS finds {status} what it has found a plan of before."
                    status = Status.ERROR
                if self.plan is None or not status.is_open:
                    return without_plan(status, tuple(self.stages), self.message, session.seconds)
                # The limit came before this stage found a plan: the one before keeps its rules.
                self._fall_back(number, status)
                break
            vertex = session.vertex
            self.plan = vertex.plan
            self.priced.append(self.holding.price(vertex))
            if start.keeps_bases and not program.is_whole:
                self.bases.append(session.basis)
            if program.is_whole and self.holding.has_rows:
                self._spend_nothing()
            if status not in (Status.OPTIMAL, Status.FEASIBLE):
                break
            if number < len(stages) - 1:
                self._hold(stage)
        if start.is_last_word and program.levels:
            self._settle()
        return self._finish()

    def _hold(self, stage: StageRow) -> None:
        """Hold what a stage holds for those after it."""
        assert self.plan is not None
        limits = self.holding.limits_of(stage, self.plan, self.stages[-1].value)
        holder = None
        if self.stages[-1].status is Status.OPTIMAL:
            whole = self.program.is_whole
            holder = self._find_relaxed_vertex(stage, limits) if whole else self.priced[-1].vertex
        self.holding.hold(stage, limits, holder)
        self.holders.append(holder)
        self.limits.append(limits)
        if self.start.known is not None:
            self._go_on_well(self.start.known)
        if self.program.is_whole and self.start.passes_plan:
            # The plan found keeps the stage constraint: the search starts from it.
            self.session.start_from(self.plan)

    def _go_on_well(self, known: Floats) -> None:
        """Begin the next stage at a plan that is good by it: it may be the last one in time.

        That is the one that was known before where it keeps what is held, or the best one with the
        whole numbers of the stage before.
        """
        assert self.plan is not None
        program, count = self.program, len(self.stages)
        figures, last = program.figures_of(known), program.stages[count - 1]
        held = zip(last.holds, self.limits[-1], strict=True)
        if all(float(figures[each.row]) <= limit + round_off(limit) for each, limit in held):
            self.plan, self.at_hand = known, _FOUND
            return
        self.at_hand = ""
        fixed = program.fix_whole(self.plan)
        start = EachFromNothing(self.session, to_its_end=True)
        exact = solve_stages(fixed, start, HeldAt(fixed, self.limits), count + 1)
        if exact is not None and exact.values is not None:
            self.plan, self.at_hand = exact.values, _FIXED

    def _find_relaxed_vertex(self, stage: StageRow, limits: Sequence[float]) -> Vertex | None:
        """The optimum of a stage with fractions allowed; None where nothing asks for it.

        Where it is no less than with whole numbers, its face has all plans that are as good.
        """
        if not self.holding.needs_vertex(stage, limits):
            return None
        options = self.session.options.after(self.session.seconds)
        relaxed = HighsSession(relax(self.holding.program), options)
        relaxed.minimise(stage)
        status, _, _ = relaxed.optimise()
        return relaxed.vertex if status is Status.OPTIMAL else None

    def _spend_nothing(self) -> None:
        """Take the plan of a stage that spends nothing of what rows hold, with its whole numbers.

        A row that holds a value in a search leaves a trifle of it, and that can be worth money: the
        LP that the whole numbers leave stays on the optimal faces. Where that has no plan, the plan
        is the one of the search.
        """
        assert self.plan is not None
        last = self.stages[-1]
        if last.status not in (Status.OPTIMAL, Status.FEASIBLE):
            return
        fixed, count = self.program.fix_whole(self.plan), len(self.stages)
        start, holding = EachFromNothing(self.session), HeldAt(fixed, self.limits)
        exact = solve_stages(fixed, start, holding, count)
        if exact is None:
            return
        value = exact.stages[-1].value
        self.plan = exact.values
        self.priced[-1] = exact.vertices[-1]
        bound = min(last.bound, value)
        status = self.session.rate(value, bound)
        self.stages[-1] = replace(last, status=status, value=value, bound=bound)

    def _settle(self) -> None:
        """Take the plan that is meant among those that are equally good."""
        assert self.plan is not None
        program = self.program
        figures = program.figures_of(self.plan)
        if not np.any(figures[program.levels] > NO_LEVEL):
            return
        if any(stage.status is not Status.OPTIMAL for stage in self.stages):
            self.unsettled = CUT
            return
        value = float(figures[program.stages[-1].row])
        self.plan, self.unsettled = settle_ties(self.session, self.plan, value)
        if program.is_whole:
            # The search tells the whole numbers; all else is exact only in the LP that they leave.
            options = replace(self.session.options, time_limit=None)
            exact = solve_stages(program.fix_whole(self.plan), FromNothing(options))
            if exact is not None and exact.values is not None and exact.status is Status.OPTIMAL:
                self.plan = exact.values

    def _find_first_least(self, value: float) -> float:
        """What the first stage is known to be at least without its own search, of which a plan has
        this value."""
        return max(find_least(self.program, 0), _believe(self.start.least, value))

    def _fall_back(self, number: int, status: Status) -> None:
        """Take the plan at hand for a stage that a limit cut off, and for those after it."""
        assert self.plan is not None
        if status is not Status.INTERRUPTED:
            status = Status.FEASIBLE
            self.message = ""  # It tells of no plan, but there is one.
        figures, begun = self.program.figures_of(self.plan), self.stages.pop()
        for place, stage in enumerate(self.program.stages[number:], start=number):
            value = float(figures[stage.row])
            bound = -math.inf
            if not place:
                bound = self._find_first_least(value)
            if not place and math.isfinite(begun.bound):
                bound = max(bound, begun.bound)
            seconds = begun.seconds if place == number else 0.0
            self.stages.append(StageResult(stage.name, status, value, bound, seconds))

    def _explain(self) -> str:
        """What is to be said of stages that a limit cut off."""
        said = [self.message]
        names = [stage.name.replace("_", " ") for stage in self.program.stages]
        for number, stage in enumerate(self.stages):
            name, is_last = names[number], number == len(names) - 1
            if math.isinf(stage.bound) and number and self.at_hand:
                said.append(
                    f"A limit was reached before {name} could be minimized by itself: it is "
                    f"{self.at_hand}."
                )
            elif math.isinf(stage.bound) and number:
                said.append(
                    f"A limit was reached before {name} could be minimized: {UNFINISHED}, "
                    f"{names[number - 1]}, and its {name} is whatever that plan came to."
                )
            elif not is_last and stage.status is not Status.OPTIMAL:
                least = "nothing is known of how much less it could be"
                if math.isfinite(stage.bound):
                    least = f"at least {stage.bound:.9g}"
                said.append(
                    f"The {name} is not proven to be the least: it is {stage.value:.9g}, and "
                    f"{least}. What is minimized after it, {names[-1]} too, "
                    "depends on that."
                )
        return " ".join(filter(None, said))

    def _finish(self) -> Solved:
        status = max((s.status for s in self.stages), key=severity)
        last = self.stages[-1]
        assert self.plan is not None
        figures = self.program.figures_of(self.plan)
        proven = all(stage.status is Status.OPTIMAL for stage in self.stages[:-1])
        reached = float(figures[self.program.stages[len(self.stages) - 1].row])
        gap = relative_gap(reached, last.bound) if proven else math.inf
        if self.start.only_optimum:
            gap = 0.0  # what is left is rounding
        rows = columns = None
        prices_of = ""
        is_whole = self.program.is_whole
        complete = len(self.priced) == len(self.program.stages)
        # Where ties were settled, the duals are those of the last tie.
        settled = self.start.is_last_word and len(self.program.levels)
        if complete and not settled and (is_whole or status is Status.OPTIMAL):
            prices_of = "fixed" if is_whole else "lp"
            rows, columns = self.priced[-1].rows_held, self.priced[-1].columns_held
        return Solved(
            status,
            self.plan,
            figures,
            rows,
            columns,
            prices_of,
            tuple(self.stages),
            last.bound,
            gap,
            self._explain(),
            self.session.seconds,
            self.iterations,
            tuple(self.limits),
            vertices=() if is_whole else tuple(self.priced),
            bases=tuple(self.bases),
            holders=tuple(self.holders),
            unsettled=self.unsettled,
        )
