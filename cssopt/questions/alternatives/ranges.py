"""Least and most of every contribution at each level of expenditure.

A question is not asked where a plan is known that reaches what nothing can go beyond. The levels of
one end are asked one after another: only the ceiling changes, so that an LP starts near. Each
contribution begins at the base plan, so that several can be asked side by side.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from cssopt.questions.alternatives.result import Contribution, ContributionRange
from cssopt.runs.count import count_items
from cssopt.runs.pool import PAUSE, Lost, Pool
from cssopt.solution.run import ProgressCallback
from cssopt.solve.answer import (
    CUT_OFF,
    PROVEN_GAP,
    Basis,
    Options,
    is_left,
    relative_gap,
)
from cssopt.solve.outcome import Status
from cssopt.solve.program import Floats, Program
from cssopt.solve.warm.next_question import LinearFigure, LpSession, QuestionAnswer

_ROUNDING = 1e-9
"""Share of the expenditure that rounding may take of its ceiling."""

_SLACK = 1e-7
"""By how much the solver lets a plan go beyond a limit (million)."""

_PATIENCE = 2.0
"""How many times what a start from nothing costs an end may take near the last one: most of those
that take longer than once arrive soon after (8 members: 3 of 4)."""

SIDE_BY_SIDE = 8
"""Contributions that may be asked at once: each knows the plans of those before all of them."""

_FIRST_RUNG, _RUNG = 1 / 40, 1.3
"""Where the ceiling on expenditure first stands on its way from the base plan to the first level,
as a share of that; and how many times as far from the base plan it stands at the next rung."""

INTERRUPTED = "The run was interrupted before this was asked."
SPENT = (
    "Not asked: the ranges of so large a book had cost as much as ten plans. Give them a time with "
    "--total-time, or ask for fewer shares with --within."
)


@dataclass
class Bounds:
    """The expenditure that plans may have, what else they keep, and the plans known so far.

    Attributes
    ----------
    expenditure, least: the figure, and its value in the base plan.
    plans: every plan found, the base plan first, each with its expenditure.
    """

    expenditure: LinearFigure
    least: float
    plans: list[tuple[float, Floats]] = field(default_factory=list)

    def ceiling(self, within: float) -> float:
        """The most that may be spent within a share of the least."""
        return self.least + (within + _ROUNDING) * abs(self.least)

    def limit(self, session: LpSession) -> int:
        """Add the limit on expenditure to a loaded program; returns its number."""
        return session.add_limit(widen(self.expenditure, session.program.shape[1]))

    def add(self, plan: Floats) -> None:
        """Keep a plan, so that later questions may begin or end there."""
        own = plan[: len(self.expenditure.coefficients)]
        self.plans.append((self.expenditure.of(own), own))

    def find_known(self, within: float) -> list[int]:
        """The places of the plans that spend no more than that."""
        most = self.ceiling(within) + _SLACK
        return [place for place, (spent, _) in enumerate(self.plans) if spent <= most]

    def known(self, within: float) -> list[Floats]:
        """The plans that spend no more than that."""
        return [self.plans[place][1] for place in self.find_known(within)]

    def go_part_way(self, levels: Sequence[float]) -> None:
        """Keep also, for each level, what its money reaches of the way from the base plan to every
        plan that spends more.

        Only in fractions: rules and figures are linear, so that what lies between two plans is a
        plan, which spends and has the same share of all they differ by.
        """
        found, base = self.plans[1:], self.plans[0][1]
        for level in levels:
            allowed = self.ceiling(level) - self.least
            if allowed <= _SLACK:
                continue
            for spent, plan in found:
                extra = spent - self.least
                if extra > allowed + _SLACK:
                    self.add(base + allowed / extra * (plan - base))


def widen(figure: LinearFigure, count: int) -> LinearFigure:
    """The figure in a program with further columns at its end."""
    more = np.zeros(count - len(figure.coefficients))
    return replace(figure, coefficients=np.concatenate([figure.coefficients, more]))


@dataclass(frozen=True)
class End:
    """The least value of a figure: reached by a plan, and proven; and how the search ended."""

    value: float
    bound: float
    status: Status
    message: str = ""


class Asked(NamedTuple):
    """A contribution whose ends are asked for: its place among all, its figure, and the plans that
    are known to come nearest to its ends, each with its expenditure."""

    place: int
    figure: LinearFigure
    plans: Sequence[tuple[float, Floats]]


class Found(NamedTuple):
    """Both ends of a contribution by level, the most as the least of the figure turned around; the
    plans found on the way, how many questions it took, and in steps of the simplex method, and
    whether Ctrl-C ended one."""

    low: Sequence[End]
    high: Sequence[End]
    plans: Sequence[tuple[float, Floats]] = ()
    solves: int = 0
    steps: float = 0.0
    cancelled: bool = False


class Ranges:
    """Asks for both ends of contributions at every level, several of them side by side.

    Attributes
    ----------
    solves: questions asked so far. cancelled: True once Ctrl-C has ended the search.
    is_proven: True once every end was asked for and proven. is_spent: True once so much was asked
        that nothing more is.
    """

    def __init__(
        self,
        program: Program,
        options: Options,
        bounds: Bounds,
        levels: Sequence[float],
        *,
        basis: Basis | None = None,
        processes: int = 1,
        most_steps: float = math.inf,
    ) -> None:
        """`levels`: shares of the least expenditure, rising. `basis`: where the base plan stands.

        `bounds` has that plan, and gets all that are found. `most_steps`: of the simplex method, in
        all; what would go beyond them is not begun.
        """
        alone = replace(bounds, plans=bounds.plans[:1])
        self._arguments = program, options, alone, tuple(levels), basis
        self._program = program
        self._bounds = bounds
        self._levels = levels
        self._processes = 1 if options.is_over else processes
        self._until = options.until
        self._found: dict[int, Found] = {}
        self.solves = 0
        self.cancelled = False
        self.is_proven = self.is_spent = False
        self._most_steps = most_steps

    def find(
        self, contributions: Mapping[Contribution, LinearFigure], tell: ProgressCallback
    ) -> list[ContributionRange]:
        """The ranges of all contributions, by level."""
        every = list(contributions.items())
        base = self._bounds.plans[0][1]
        order = sorted(range(len(every)), key=lambda place: _rank(*every[place], base))
        processes = min(self._processes, len(every))
        hear = count_items(tell, "range", len(every), processes, self._until)
        names = [f"{one.kind.name} {one.label}" for one in contributions]
        work = Pool(EndFinder, self._arguments, processes).work
        results = work(self._feed(order, every), lambda asked: hear(names[asked.place]))
        try:
            for asked, found in results:
                self._take(asked.place, found)
                if self.cancelled:
                    break
        except KeyboardInterrupt:
            self.cancelled = True
        finally:
            results.close()
        asked_for = [self._found[place] for place in order if place in self._found]
        self._bounds.plans[1:] = [plan for one in asked_for for plan in one.plans]
        self.is_proven = len(self._found) == len(every) and all(
            end.status is Status.OPTIMAL for one in asked_for for end in (*one.low, *one.high)
        )
        if not self.is_proven and not self._program.is_whole:
            self._bounds.go_part_way(self._levels)
        return self.tell(contributions)

    def tell(self, contributions: Mapping[Contribution, LinearFigure]) -> list[ContributionRange]:
        """The ranges of the contributions that were asked for, by level. An end that is not proven
        is as far out as any plan in `bounds` has it."""
        ranges: dict[float, list[ContributionRange]] = {level: [] for level in self._levels}
        left = Status.INTERRUPTED, INTERRUPTED
        if self.is_spent and not self.cancelled:
            left = Status.FEASIBLE, SPENT
        for place, (contribution, figure) in enumerate(contributions.items()):
            ends = self._found.get(place) or self._leave(*left)
            base = figure.of(self._bounds.plans[0][1])
            for level, down, up in zip(self._levels, ends.low, ends.high, strict=True):
                low, high = self._share(figure, level, down), self._share(figure.turned, level, up)
                ranges[level].append(_as_range(contribution, level, base, low, high))
        return [one for level in self._levels for one in ranges[level]]

    def _feed(
        self, order: Sequence[int], every: Sequence[tuple[Contribution, LinearFigure]]
    ) -> Iterator[Asked]:
        """What is asked, with what was found by those so many places before it and earlier: no
        matter how many are asked side by side, and which of them ends first."""
        spent = 0.0
        for number, place in enumerate(order):
            if number >= SIDE_BY_SIDE:
                while (before := order[number - SIDE_BY_SIDE]) not in self._found:
                    yield PAUSE
                self._bounds.plans.extend(self._found[before].plans)
                spent += self._found[before].steps
                # Those that are asked by now, and may not have ended, are taken for as dear.
                known = number - SIDE_BY_SIDE + 1
                if spent * number / known >= self._most_steps:
                    self.is_spent = True
                    return
            figure = every[place][1]
            yield Asked(place, figure, self._find_nearest(figure))

    def _find_nearest(self, figure: LinearFigure) -> list[tuple[float, Floats]]:
        """The known plans with least and most of a figure at each level."""
        values = [figure.of(plan) for _, plan in self._bounds.plans]
        chosen: dict[int, None] = {}
        for level in self._levels:
            known = self._bounds.find_known(level)
            chosen[min(known, key=values.__getitem__)] = None
            chosen[max(known, key=values.__getitem__)] = None
        return [self._bounds.plans[place] for place in chosen if place]

    def _take(self, place: int, found: Found | Lost) -> None:
        """Keep what was found, or why nothing was."""
        if isinstance(found, Lost):
            found = self._leave(Status.ERROR, f"Not found: {found.reason}.")
        self._found[place] = found
        self.solves += found.solves
        self.cancelled = self.cancelled or found.cancelled

    def _leave(self, status: Status, message: str) -> Found:
        """In place of the ends of a contribution that were not asked for, or got lost."""
        unknown = [End(math.inf, -math.inf, status, message)] * len(self._levels)
        return Found(unknown, unknown)

    def _share(self, figure: LinearFigure, level: float, end: End) -> End:
        """An end that is not proven, with what any plan has: that is possible."""
        if end.status is Status.OPTIMAL:
            return end
        value = min(end.value, *map(figure.of, self._bounds.known(level)))
        bound = max(end.bound, find_floor(self._program, figure))
        if is_proven(value, bound):
            return End(value, min(bound, value), Status.OPTIMAL)
        return replace(end, value=value, bound=bound)


class EndFinder:
    """Finds both ends of one contribution after another, each from the base plan."""

    def __init__(
        self,
        program: Program,
        options: Options,
        bounds: Bounds,
        levels: Sequence[float],
        basis: Basis | None,
    ) -> None:
        self._options = options
        self._session = LpSession(program, options, basis)
        self._base = bounds
        self._bounds = bounds
        self._levels = levels
        self._rungs = [climb(last, level) for last, level in pairwise((0.0, *levels))]
        self._solves = 0
        self._number = bounds.limit(self._session)
        if not self._session.has_basis and not program.is_whole:
            # From nothing, the least expenditure takes no longer than any end.
            self._session.minimise(widen(bounds.expenditure, program.shape[1]), near=False)
        self._has_base = self._session.keep_basis()

    def __call__(self, asked: Asked) -> Found:
        """Both ends at every level."""
        self._solves, before = 0, self._session.steps
        if not self._has_base:
            # The answer must not depend on what this process was asked before.
            self._session.has_basis = False
        begun = [*self._base.plans, *asked.plans]
        self._bounds = replace(self._base, plans=begun.copy())
        low, high = self._find_ends(asked.figure), self._find_ends(asked.figure.turned)
        found = self._bounds.plans[len(begun) :]
        steps = self._session.steps - before
        return Found(low, high, found, self._solves, steps, self._session.cancelled)

    def _find_ends(self, figure: LinearFigure) -> list[End]:
        """The least value at every level, by level."""
        floor = find_floor(self._session.program, figure)
        if self._has_base:
            self._begin_at_base(figure, floor)
        found = [
            self._find_end(figure, level, rungs, floor)
            for level, rungs in zip(self._levels, self._rungs, strict=True)
        ]
        # What no plan goes below at a wider level, none does at a tighter one.
        for place in range(len(found) - 2, -1, -1):
            bound = max(found[place].bound, found[place + 1].bound)
            proven = is_proven(found[place].value, bound)
            status = Status.OPTIMAL if proven else found[place].status
            found[place] = replace(found[place], bound=bound, status=status)
        return found

    def _begin_at_base(self, figure: LinearFigure, floor: float) -> None:
        """Make the figure least among the plans that spend no more than the base plan.

        From there on only the ceiling rises, which the dual method follows. Let go of all the money
        at once, thousands of decisions are free of a price that all have to be looked at again.
        """
        known = min(map(figure.of, self._bounds.known(self._levels[0])))
        if self._session.cancelled or self._options.is_over or is_proven(known, floor):
            return
        self._session.limit(self._number, self._bounds.ceiling(0.0))
        self._session.return_to_kept()
        self._ask(figure, self._bounds.plans[0][1])

    def _find_end(
        self, figure: LinearFigure, level: float, rungs: Sequence[float], floor: float
    ) -> End:
        """The least value at a level, over rungs between it and the level before."""
        best = min(self._bounds.known(level), key=figure.of)
        known = figure.of(best)
        if is_proven(known, floor):
            return End(known, floor, Status.OPTIMAL)
        if self._session.cancelled:
            return End(known, floor, Status.INTERRUPTED, INTERRUPTED)
        self._session.raise_limit(self._number, map(self._bounds.ceiling, rungs))
        # What the base plan spends is within every ceiling, and the first is asked from there.
        self._session.limit(self._number, self._bounds.ceiling(level), is_kept=True)
        end = _as_end(self._ask(figure, best), known, floor)
        if self._session.cancelled and end.status is not Status.OPTIMAL:
            return replace(end, status=Status.INTERRUPTED)
        return end

    def _ask(self, figure: LinearFigure, start: Floats) -> QuestionAnswer:
        near = self._session.has_basis
        answer = ask(self._session, figure, start, near=near, patience=_PATIENCE)
        self._solves += not is_left(answer.message)
        if answer.plan is not None:
            self._bounds.add(answer.plan)
        return answer


def ask(
    session: LpSession,
    figure: LinearFigure,
    start: Floats,
    *,
    near: bool = False,
    patience: float = 1.0,
) -> QuestionAnswer:
    """The least value of a figure; an LP that fails near the last answer is asked from afar."""
    session.start_from(start)
    answer = session.minimise(figure, near=near, patience=patience)
    if near and answer.plan is None and answer.status is Status.ERROR:
        answer = session.minimise(figure, near=False)
    return answer


def climb(last: float, level: float) -> list[float]:
    """The rungs between two levels, 0 being that of the base plan."""
    rung = _RUNG * last if last > 0 else _FIRST_RUNG * level
    found = []
    # One that is all but the level itself would save nothing.
    while 0 < rung * math.sqrt(_RUNG) < level:
        found.append(rung)
        rung *= _RUNG
    return found


def find_floor(program: Program, figure: LinearFigure) -> float:
    """What a figure is at least by the bounds of its decisions alone."""
    where = np.flatnonzero(figure.coefficients)
    weights = figure.coefficients[where]
    ends = np.where(weights > 0, program.lower[where], program.upper[where])
    return float(weights @ ends) + figure.constant


def is_proven(value: float, bound: float) -> bool:
    """True where a value is no better than its bound lets it be."""
    return relative_gap(value, bound) <= PROVEN_GAP or value <= bound


def _rank(
    one: Contribution, figure: LinearFigure, base: Floats
) -> tuple[int, bool, float, tuple[str, ...]]:
    """Its place in the order of asking: by fewer indices, of these money before all else, and of
    these what is largest in the base plan, so that the order of the inputs does not matter.

    Where not all are asked, sums tell most; and to bear as little or as much as can be takes
    another share of many forces, which these plans tell something of.
    """
    return len(one.indices), one.kind.form != "money", -abs(figure.of(base)), one.key


def _as_end(answer: QuestionAnswer, known: float, floor: float) -> End:
    """The end that an answer gives, where a plan with the value `known` was there before."""
    bound = floor if math.isnan(answer.bound) else max(answer.bound, floor)
    if answer.plan is None:
        # There is a plan, so that "infeasible" can only be rounding: nothing is proven then.
        limit = answer.status in (Status.INTERRUPTED, Status.NO_PLAN_YET)
        bound = bound if limit else floor
        return End(known, bound, Status.FEASIBLE if limit else Status.ERROR, answer.message)
    value = min(answer.value, known)
    if answer.status is Status.OPTIMAL or is_proven(value, bound):
        return End(value, min(bound, value), Status.OPTIMAL, answer.message)
    return End(value, min(bound, value), Status.FEASIBLE, answer.message)


def _as_range(
    contribution: Contribution, level: float, base: float, down: End, up: End
) -> ContributionRange:
    worse = [end.status for end in (down, up) if end.status is not Status.OPTIMAL]
    messages = list(dict.fromkeys(end.message for end in (down, up) if end.message))
    if CUT_OFF in messages:
        # It was begun: that the other end was not asked any more needs no telling.
        messages = [message for message in messages if not is_left(message)]
    return ContributionRange(
        contribution,
        level,
        base,
        down.value,
        -up.value + 0.0,
        down.bound,
        -up.bound + 0.0,
        worse[0] if worse else Status.OPTIMAL,
        " ".join(messages),
    )
