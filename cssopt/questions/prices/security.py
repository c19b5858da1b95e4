"""Where security is short in a plan: what is asked for there has no price in money."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from cssopt.modeling.measures import Need
from cssopt.questions.prices.line import Sample, Telling, Told, tell_all
from cssopt.solution.missing import MET, list_missing, split_year
from cssopt.solve.program import Floats, Program
from cssopt.tables.spec import Table

_MOVES: Final = 1e-9
"""A change of the missing share, per unit, that is more than rounding."""

_PART: Final = 1e-3
"""Of the largest change of a need that is moved, as a share of itself: what changes by less does
not move along."""

_NeedYear = tuple[Any, int]
_Powers = dict[_NeedYear, float]


class _State(NamedTuple):
    """What is asked for and what of that is missing, by need and year: power."""

    asked: _Powers
    missing: _Powers


def lays_down_need(spec: Table) -> bool:
    """True for a table of needs: any number of such a row belongs to its need."""
    rules = (column.rule for column in spec.columns)
    return any(rule is not None and rule.nature == "need" for rule in rules)


class Security:
    """What a plan is short of.

    One more unit of a need that is short, or that cannot be met, is not bought: more is missing, of
    it or of another in its place, and what the money does then says nothing of what the need is
    worth. So it has no price in money, but one in what is missing. Where that is so in some of its
    years only, and no other need gives way, the money is that of the other years. Where shortfall
    is bought off at an explicit price, there is one stage, and that price tells all.
    """

    def __init__(
        self, program: Program, stages: Sequence[str], plan: Floats, need: Need | None
    ) -> None:
        security = "" if need is None else need.share
        self._stages = np.array([name == security for name in stages])
        self._first = security in stages[:-1]
        self._need, self._plan = need, plan
        is_known = need is not None and self._first
        self._today = self._find_state(program, plan) if is_known else _State({}, {})

    def of_cell(self, spec: Table, key: Any) -> Told:
        """For a cell of the inputs."""
        if not (self._first and lays_down_need(spec)):
            return tell_all
        asked = {year for need, year in self._today.asked if need == key}
        missing = {year for need, year in self._today.missing if need == key}

        def tell(sample: Sample, slopes: Floats) -> Telling:
            moves = bool(abs(slopes[self._stages][0]) > _MOVES)
            if not missing and not moves:
                return tell_all(sample, slopes)
            if sample.solved is None or sample.solved[1] is self._plan:
                return Telling(self._stages, tuple(sorted(missing)), bool(asked <= missing))
            found = self._find_state(*sample.solved)
            changes = {
                year: self._change(found.asked, self._today.asked, (key, year)) for year in asked
            }
            least = _PART * max(changes.values(), default=0.0)
            touched = {year for year, change in changes.items() if change > least}
            short = {year for year in touched if (key, year) in found.missing}
            others = any(
                self._change(found.missing, self._today.missing, one) > least
                for one in found.missing.keys() | self._today.missing.keys()
                if one[0] != key or one[1] not in touched
            )
            if not short and not others:
                return tell_all(sample, slopes)
            is_partly = short < touched and not others
            stages = np.ones(len(slopes), dtype=bool) if is_partly else self._stages
            return Telling(stages, tuple(sorted(short)))

        return tell

    def of_row(self, program: Program, place: int) -> Told:
        """For the room in a row of the program."""
        if not self._first or not self._asks(program, place):
            return tell_all
        assert self._need is not None
        asked = split_year(program, self._need, program.rows[place][2])

        def tell(sample: Sample, slopes: Floats) -> Telling:
            if asked in self._today.missing or abs(slopes[self._stages][0]) > _MOVES:
                return Telling(self._stages, asked[1:])
            return tell_all(sample, slopes)

        return tell

    def _find_state(self, program: Program, plan: Floats) -> _State:
        assert self._need is not None
        figures = program.figures_of(plan)
        found = list_missing(program, plan, figures, self._need)
        asked = {
            split_year(program, self._need, key[2]): float(figures[place])
            for key, place in program.figures.items()
            if key[:2] == ("figure", self._need.asked) and figures[place] > MET
        }
        return _State(asked, {(one.need, one.year): one.missing for one in found})

    def _change(self, then: _Powers, now: _Powers, one: _NeedYear) -> float:
        """By what share of the need of today a power is another then."""
        asked = max(self._today.asked.get(one, 0.0), MET)
        return abs(then.get(one, 0.0) - now.get(one, 0.0)) / asked

    def _asks(self, program: Program, place: int) -> bool:
        """True for a row that asks for a need: what is missing stands in it at its own key."""
        assert self._need is not None
        key = program.rows[place][2]
        if ("figure", self._need.asked, key) not in program.figures:
            return False
        begin, end = program.matrix.indptr[place : place + 2]
        columns = program.matrix.indices[begin:end].tolist()
        return any(program.columns[c][1:] == (self._need.missing, key) for c in columns)
