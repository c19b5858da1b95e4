"""Where security is short in a plan: what is asked for there has no price in money."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from cssopt.modeling.measures import Need
from cssopt.names import YEAR
from cssopt.questions.prices.line import Sample, Telling, Told, tell_all
from cssopt.solution.missing import MET, list_missing
from cssopt.solve.program import Floats, Program
from cssopt.tables.spec import Table

_MOVES: Final = 1e-9
"""A change of the missing share, per unit, that is more than rounding."""

_Missing = set[tuple[Any, int]]
"""Needs, each with a year in which some of it is missing."""


def lays_down_need(spec: Table) -> bool:
    """True for a table of needs: any number of such a row belongs to its need."""
    rules = (column.rule for column in spec.columns)
    return any(rule is not None and rule.nature == "need" for rule in rules)


class Security:
    """What a plan is short of.

    One more unit of a need that is short, or that cannot be met, is not bought: more is missing,
    and what the money does then says nothing of what the need is worth. So it has no price in
    money, but one in what is missing. Where that is so in some of its years only, the money is
    that of the others. Where shortfall is bought off at an explicit price, there is one stage, and
    that price tells all.
    """

    def __init__(
        self, program: Program, stages: Sequence[str], plan: Floats, need: Need | None
    ) -> None:
        security = "" if need is None else need.share
        self._stages = np.array([name == security for name in stages])
        self._first = security in stages[:-1]
        self._need, self._plan = need, plan
        self._short, self._asked = _Missing(), _Missing()
        if need is None or not self._first:
            return
        figures = program.figures_of(plan)
        self._short = self._find_short(program, plan)
        self._asked = {
            _split(program, need, key[2])
            for key, place in program.figures.items()
            if key[:2] == ("figure", need.asked) and figures[place] > MET
        }

    def of_cell(self, spec: Table, key: Any) -> Told:
        """For a cell of the inputs."""
        if not (self._first and lays_down_need(spec)):
            return tell_all
        asked = {year for need, year in self._asked if need == key}
        missing = {year for need, year in self._short if need == key}

        def tell(sample: Sample, slopes: Floats) -> Telling:
            moves = bool(abs(slopes[self._stages][0]) > _MOVES)
            if not missing and not moves:
                return tell_all(sample, slopes)
            short, is_sure = missing, bool(missing)
            if moves and sample.solved is not None and sample.solved[1] is not self._plan:
                found = self._find_short(*sample.solved)
                short, is_sure = {year for need, year in found if need == key}, True
            is_partly = bool(short) and short < asked
            stages = np.ones(len(slopes), dtype=bool) if is_partly else self._stages
            return Telling(stages, tuple(sorted(short)), is_sure)

        return tell

    def of_row(self, program: Program, place: int) -> Told:
        """For the room in a row of the program."""
        if not self._first or not self._asks(program, place):
            return tell_all
        assert self._need is not None
        asked = _split(program, self._need, program.rows[place][2])

        def tell(sample: Sample, slopes: Floats) -> Telling:
            if asked in self._short or abs(slopes[self._stages][0]) > _MOVES:
                return Telling(self._stages, asked[1:])
            return tell_all(sample, slopes)

        return tell

    def _find_short(self, program: Program, plan: Floats) -> _Missing:
        found = list_missing(program, plan, program.figures_of(plan), self._need)
        return {(missing.need, missing.year) for missing in found}

    def _asks(self, program: Program, place: int) -> bool:
        """True for a row that asks for a need: what is missing stands in it at its own key."""
        assert self._need is not None
        key = program.rows[place][2]
        if ("figure", self._need.asked, key) not in program.figures:
            return False
        begin, end = program.matrix.indptr[place : place + 2]
        columns = program.matrix.indices[begin:end].tolist()
        return any(program.columns[c][1:] == (self._need.missing, key) for c in columns)


def _split(program: Program, need: Need, key: Any) -> tuple[Any, int]:
    """A need and its year, by the key of what it asks for."""
    place = program.indices[need.missing].index(YEAR)
    return key[:place] + key[place + 1 :], key[place]
