"""Least and most of every contribution at each level of expenditure, on one loaded program.

A question is not asked where a plan is known that reaches what nothing can go beyond. The levels of
one end are asked one after another: only the ceiling changes, so that an LP starts near.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from cssopt.questions.alternatives.result import Contribution, ContributionRange
from cssopt.solution.steps import NumberedStep
from cssopt.solve.answer import PROVEN_GAP, relative_gap
from cssopt.solve.outcome import Status
from cssopt.solve.program import Floats, Program
from cssopt.solve.warm.next_question import LinearFigure, LpSession, QuestionAnswer

_ROUNDING = 1e-9
"""Share of the expenditure that rounding may take of its ceiling."""

_SLACK = 1e-7
"""By how much the solver lets a plan go beyond a limit (million)."""

NOT_ASKED = "The run was interrupted before this was asked."


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

    def known(self, within: float) -> list[Floats]:
        """The plans that spend no more than that."""
        most = self.ceiling(within) + _SLACK
        return [plan for spent, plan in self.plans if spent <= most]


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


class Ranges:
    """Asks for both ends of contributions at every level.

    Attributes
    ----------
    solves: questions asked so far.
    """

    def __init__(self, session: LpSession, bounds: Bounds, levels: Sequence[float]) -> None:
        """`levels`: shares of the least expenditure, rising."""
        self._session = session
        self._bounds = bounds
        self._levels = levels
        self._number = bounds.limit(session)
        self._at = -1
        self.solves = 0
        self._has_base = session.keep_basis()

    @property
    def cancelled(self) -> bool:
        """True once Ctrl-C has ended a question."""
        return self._session.cancelled

    def find(
        self, contributions: Mapping[Contribution, LinearFigure], tell: Callable[[str], None]
    ) -> list[ContributionRange]:
        """The ranges of all contributions, by level."""
        found: dict[float, list[ContributionRange]] = {level: [] for level in self._levels}
        for count, (contribution, figure) in enumerate(contributions.items(), start=1):
            about = f"{contribution.kind.name} {contribution.label}"
            tell(NumberedStep("range", count, len(contributions), about))
            low = self._find_ends(figure)
            high = self._find_ends(LinearFigure(-figure.coefficients, -figure.constant))
            base = figure.of(self._bounds.plans[0][1])
            for level, down, up in zip(self._levels, low, high, strict=True):
                found[level].append(_as_range(contribution, level, base, down, up))
        return [one for level in self._levels for one in found[level]]

    def _find_ends(self, figure: LinearFigure) -> list[End]:
        """The least value at every level, by level."""
        floor = find_floor(self._session.program, figure)
        order = list(range(len(self._levels)))
        if self._has_base:
            self._begin_at_base(figure, floor)
        elif self._at == order[-1]:
            # The first question is then asked where the last one ended.
            order.reverse()
        ends = {place: self._find_end(figure, place, floor) for place in order}
        # What no plan goes below at a wider level, none does at a tighter one.
        found = [ends[place] for place in sorted(ends)]
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
        if self.cancelled or is_proven(known, floor):
            return
        self._session.limit(self._number, self._bounds.ceiling(0.0))
        self._session.return_to_kept()
        self._at = -1
        self._ask(figure, self._bounds.plans[0][1])

    def _find_end(self, figure: LinearFigure, place: int, floor: float) -> End:
        best = min(self._bounds.known(self._levels[place]), key=figure.of)
        known = figure.of(best)
        if is_proven(known, floor):
            return End(known, floor, Status.OPTIMAL)
        if self.cancelled:
            return End(known, floor, Status.INTERRUPTED, NOT_ASKED)
        end = _as_end(self._ask_within(figure, place, best), known, floor)
        if self.cancelled and end.status is not Status.OPTIMAL:
            return replace(end, status=Status.INTERRUPTED)
        return end

    def _ask_within(self, figure: LinearFigure, place: int, start: Floats) -> QuestionAnswer:
        if place != self._at:
            level = self._levels[place]
            # What the base plan spends is within every ceiling, and the first is asked from there.
            self._session.limit(self._number, self._bounds.ceiling(level), is_kept=True)
        self._at = place
        return self._ask(figure, start)

    def _ask(self, figure: LinearFigure, start: Floats) -> QuestionAnswer:
        answer = ask(self._session, figure, start, near=self._session.has_basis)
        self.solves += 1
        if answer.plan is not None:
            self._bounds.add(answer.plan)
        return answer


def ask(
    session: LpSession, figure: LinearFigure, start: Floats, *, near: bool = False
) -> QuestionAnswer:
    """The least value of a figure; an LP that fails near the last answer is asked from afar."""
    session.start_from(start)
    answer = session.minimise(figure, near=near)
    if near and answer.plan is None and answer.status is Status.ERROR:
        answer = session.minimise(figure, near=False)
    return answer


def find_floor(program: Program, figure: LinearFigure) -> float:
    """What a figure is at least by the bounds of its decisions alone."""
    where = np.flatnonzero(figure.coefficients)
    weights = figure.coefficients[where]
    ends = np.where(weights > 0, program.lower[where], program.upper[where])
    return float(weights @ ends) + figure.constant


def is_proven(value: float, bound: float) -> bool:
    """True where a value is no better than its bound lets it be."""
    return relative_gap(value, bound) <= PROVEN_GAP or value <= bound


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
    return ContributionRange(
        contribution,
        level,
        base,
        down.value,
        -up.value + 0.0,
        down.bound,
        -up.bound + 0.0,
        worse[0] if worse else Status.OPTIMAL,
        " ".join(dict.fromkeys(end.message for end in (down, up) if end.message)),
    )
