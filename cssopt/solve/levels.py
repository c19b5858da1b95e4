"""Among equally good plans, the one whose largest level is least, then the next largest, and so on.

The levels are linear figures of the program (`Program.levels`). What cannot differ between equally
good plans takes no part. In an LP the largest of those left is made as small as can be; levels
whose row has a price are then at it in every such plan, and are done (Ogryczak and Sliwinski 2003).
With whole numbers plans do not lie side by side, so that no level is done by itself: the sum of the
k largest is made as small as can be for one k after another (ordered outcomes, the same authors).
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from cssopt.solve.holding import stay_on_face
from cssopt.solve.integrality import free_whole_numbers
from cssopt.solve.outcome import Status
from cssopt.solve.program import Floats
from cssopt.solve.session import HighsSession

NO_LEVEL = 1e-9
"""A level below this is 0: no other can be less."""

_MOST_STEPS = 20
"""Simplex steps, as a multiple of rows and columns, after which an LP's ties stay unsettled."""

_MOST_NODES = 5_000
"""Nodes of all searches for whole numbers, after which ties stay unsettled."""

_MOST_SUMS = 60
"""Sums of largest levels made small with whole numbers, after which ties stay unsettled."""

CUT = "the search for the one that is meant was cut by a limit"
ALIKE = "with whole numbers several are as even as each other"
"""Why ties may stay unsettled."""

Positions = NDArray[np.int64]


def settle_ties(session: HighsSession, plan: Floats, value: float) -> tuple[Floats, str]:
    """The plan that the levels single out, and why it may be another; empty where it may not.

    `session` has just minimised its last stage to `value`, at `plan`, earlier stages being held.
    It stays changed. Where a limit ends the work, the plan is the last one found.
    """
    kind = _WholeTies if session.program.is_whole else _LinearTies
    ties = kind(session, plan)
    try:
        ties.hold(value)
        alike = ties.settle(ties.find_moving())
    except _LimitReachedError:
        return ties.plan, CUT
    return ties.plan, ALIKE if alike else ""


class _LimitReachedError(Exception):
    """The work that settling ties may take is done, or the solver gave no answer."""


class _Ties:
    """The plans of one program that are equally good, and their levels.

    `same`: levels that differ by less are the same, being what the solver may be off by.
    """

    same = 1e-7

    def __init__(self, session: HighsSession, plan: Floats) -> None:
        program = session.program
        self.session, self.plan = session, plan
        self._own = program.shape[1]
        self._parts: Any = csr_array(program.reported[program.levels])
        self._offsets = program.offsets[program.levels]

    def levels_of(self, plan: Floats) -> Floats:
        """Every level in a plan."""
        levels: Floats = self._parts @ plan[: self._own] + self._offsets
        return levels

    def hold(self, value: float) -> None:
        """Admit no plans but those as good as the best, whose last stage is at `value`."""
        raise NotImplementedError

    def settle(self, moving: Positions) -> bool:
        """Make `plan` the one that is singled out; the `moving` levels can differ.

        True where others are just like it.
        """
        raise NotImplementedError

    def minimise(self, costs: Floats) -> Floats:
        """The levels of the best plan for these costs, which `plan` then is."""
        session = self.session
        session.set_costs(np.pad(costs, (0, session.shape[1] - len(costs))), 0.0)
        # The plan at hand is on the face, and so near everything that is asked for.
        near = not session.program.is_whole
        status, _, _ = session.optimise(near=near, primal=len(costs) == self._own)
        if not math.isnan(session.value) and status in (
            Status.OPTIMAL,
            Status.FEASIBLE,
        ):
            self.plan = session.plan[: self._own]
        if status is not Status.OPTIMAL:
            raise _LimitReachedError
        return self.levels_of(self.plan)

    def find_moving(self) -> Positions:
        """The levels that differ between equally good plans.

        The least and the largest of a sum with weights at random are the same only where all its
        levels stand still (with probability 1); where they are not, at least one level moves.
        """
        still = np.arange(len(self._offsets))
        weights = np.random.default_rng(0).uniform(1.0, 2.0, len(still))
        first = self.plan
        while len(still):
            costs = weights[still] @ self._parts[still]
            least, largest = self.minimise(costs)[still], self.minimise(-costs)[still]
            moves = np.abs(largest - least) > self.same
            if not moves.any():
                break
            still = still[~moves]
        if len(still) == len(self._offsets):
            self.plan = first
        return np.setdiff1d(np.arange(len(self._offsets)), still)

    def add_level_row(self, level: int, *columns: int) -> int:
        """A new row: the level is no more than the sum of these new decisions."""
        begin, end = self._parts.indptr[level : level + 2]
        places = np.concatenate([self._parts.indices[begin:end], columns])
        values = np.concatenate([self._parts.data[begin:end], -np.ones(len(columns))])
        return self.session.add_row(places, values, -float(self._offsets[level]), "a level")

    def costs_of(self, columns: dict[int, float]) -> Floats:
        """Costs of these new decisions and of nothing else."""
        costs = np.zeros(self.session.shape[1])
        for place, cost in columns.items():
            costs[place] = cost
        return costs


class _LinearTies(_Ties):
    """The optimal face of an LP."""

    def __init__(self, session: HighsSession, plan: Floats) -> None:
        super().__init__(session, plan)
        self._steps_left = _MOST_STEPS * sum(session.program.shape)

    def hold(self, value: float) -> None:
        del value  # the duals tell the face exactly
        session = self.session
        session.update(stay_on_face(session.program, session.vertex))

    def minimise(self, costs: Floats) -> Floats:
        levels = super().minimise(costs)
        self._steps_left -= self.session.iterations
        if self._steps_left < 0:
            raise _LimitReachedError
        return levels

    def settle(self, moving: Positions) -> bool:
        if not len(moving):
            return False
        top = self.session.add_column(0.0)
        rows = {level: self.add_level_row(level, top) for level in moving.tolist()}
        costs = self.costs_of({top: 1.0})
        while rows:
            levels = self.minimise(costs)
            largest = max(levels[level] for level in rows)
            if largest <= NO_LEVEL:
                break
            duals = np.abs(self.session.vertex.rows)
            done = [level for level, row in rows.items() if duals[row] > self.same]
            if not done:
                raise _LimitReachedError
            for level in done:
                row = rows.pop(level)
                self.session.set_coefficient(row, top, 0.0)
                # No lower than the plan at hand, so that this one stays a plan.
                most = max(largest, levels[level]) - float(self._offsets[level])
                self.session.set_row_bounds(row, -math.inf, most)
        return False


class _WholeTies(_Ties):
    """Plans with whole numbers whose stages are all held.

    A search keeps rules to within 1e-7 each, and many rules make up one level.
    """

    same = 1e-5
    _nodes_left = _MOST_NODES

    def hold(self, value: float) -> None:
        # HiGHS holds the LP with the whole numbers of the plan.
        free_whole_numbers(self.session)
        stage = self.session.program.stages[-1]
        costs = self.session.program.row_of_figure(stage.row)
        most = value - float(self.session.program.offsets[stage.row])
        # By less than the solver tells apart, so that the plan at hand stays a plan.
        self.session.limit(costs, most + NO_LEVEL * max(1.0, abs(value)), f"a hold of {stage.name}")

    def minimise(self, costs: Floats) -> Floats:
        if len(costs) == self._own == self.session.shape[1]:
            self.session.start_from(self.plan)
        self.session.set_options({"mip_max_nodes": self._nodes_left})
        levels = super().minimise(costs)
        self._nodes_left -= self.session.nodes
        if self._nodes_left <= 0:
            raise _LimitReachedError
        return levels

    def settle(self, moving: Positions) -> bool:
        for count in range(1, len(moving) + 1):
            if count > _MOST_SUMS:
                raise _LimitReachedError
            threshold = self.session.add_column(-math.inf)
            excess = {level: self.session.add_column(0.0) for level in moving.tolist()}
            for level, column in excess.items():
                self.add_level_row(level, threshold, column)
            terms = {threshold: float(count), **dict.fromkeys(excess.values(), 1.0)}
            levels = self.minimise(self.costs_of(terms))[moving]
            ordered = np.sort(levels)[::-1]
            most = float(ordered[:count].sum()) + NO_LEVEL
            self.session.add_row(
                np.array(list(terms)), np.array(list(terms.values())), most, "a level"
            )
            if ordered[count:].max(initial=0.0) <= NO_LEVEL:
                # All further sums are this one, and none can be less: the sum of all is held to it.
                every = self._parts[moving].sum(axis=0)
                self.session.add_row(
                    np.arange(self._own), every, most - self._offsets[moving].sum(), "a level"
                )
                break
        return len(moving) > 0 and self._has_others()

    def _has_others(self) -> bool:
        """Whether levels can still differ, now that every sum of largest ones is held."""
        settled = self.plan
        moving = self.find_moving()
        self.plan = settled
        return len(moving) > 0
